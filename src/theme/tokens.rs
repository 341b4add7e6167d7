//! Colours by role. The only place where a colour is a number.

use egui::Color32;

/// The colours of one theme, named by what they are for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tokens {
    /// Tables and content.
    pub base: Color32,
    /// The rail and the bars.
    pub panel: Color32,
    /// Cards, dialogs, menus.
    pub raised: Color32,
    /// Under the pointer.
    pub hover: Color32,
    /// A chosen row.
    pub selected: Color32,
    /// Hairlines.
    pub line_subtle: Color32,
    /// Outlines of controls.
    pub line_strong: Color32,
    /// What is read.
    pub text: Color32,
    /// What helps reading.
    pub text_secondary: Color32,
    /// Hints and placeholders, never data.
    pub text_faint: Color32,
    /// Links, chosen words, the focus ring.
    pub accent_text: Color32,
    /// The primary button.
    pub accent_fill: Color32,
    /// The primary button under the pointer.
    pub accent_fill_hover: Color32,
    /// Words on the primary button and on a filled danger button.
    pub on_accent: Color32,
    /// Went well.
    pub ok: Color32,
    /// Take care.
    pub warn: Color32,
    /// Failed, or destroys.
    pub bad: Color32,
    /// The button of a dialog that destroys.
    pub bad_fill: Color32,
    /// The same under the pointer.
    pub bad_fill_hover: Color32,
    /// Worth knowing.
    pub info: Color32,
    /// In progress.
    pub running: Color32,
    /// Under an open dialog.
    pub veil: Color32,
    /// Cast by what floats.
    pub shadow: Color32,
}

/// Light on dark.
pub const DARK: Tokens = Tokens {
    base: rgb(0x0F_11_15),
    panel: rgb(0x15_18_1E),
    raised: rgb(0x1C_20_27),
    hover: rgb(0x23_28_33),
    selected: rgb(0x1B_2E_52),
    line_subtle: rgb(0x26_2B_35),
    line_strong: rgb(0x3A_41_50),
    text: rgb(0xE6_E9_EF),
    text_secondary: rgb(0xA9_B2_C0),
    text_faint: rgb(0x83_8D_9D),
    accent_text: rgb(0x7F_A8_FF),
    accent_fill: rgb(0x2F_66_D8),
    accent_fill_hover: rgb(0x3A_70_DE),
    on_accent: rgb(0xFF_FF_FF),
    ok: rgb(0x4C_C3_8A),
    warn: rgb(0xE5_B4_54),
    bad: rgb(0xFF_7B_7B),
    bad_fill: rgb(0xC4_32_32),
    bad_fill_hover: rgb(0xCF_3C_3C),
    info: rgb(0x62_B8_E8),
    running: rgb(0xA9_9B_F5),
    veil: Color32::from_black_alpha(140),
    shadow: Color32::from_black_alpha(110),
};

/// Dark on light.
pub const LIGHT: Tokens = Tokens {
    base: rgb(0xFF_FF_FF),
    panel: rgb(0xF5_F6_F8),
    raised: rgb(0xFF_FF_FF),
    hover: rgb(0xEB_EE_F2),
    selected: rgb(0xDC_E8_FF),
    line_subtle: rgb(0xE3_E6_EB),
    line_strong: rgb(0xC5_CB_D5),
    text: rgb(0x1A_20_30),
    text_secondary: rgb(0x4C_56_66),
    text_faint: rgb(0x63_6D_7C),
    accent_text: rgb(0x1D_57_D8),
    accent_fill: rgb(0x1D_57_D8),
    accent_fill_hover: rgb(0x17_4A_BC),
    on_accent: rgb(0xFF_FF_FF),
    ok: rgb(0x0F_6B_41),
    warn: rgb(0x7D_52_00),
    bad: rgb(0xB4_23_23),
    bad_fill: rgb(0xB4_23_23),
    bad_fill_hover: rgb(0x9C_1D_1D),
    info: rgb(0x09_5F_8E),
    running: rgb(0x53_40_B8),
    veil: Color32::from_black_alpha(70),
    shadow: Color32::from_black_alpha(34),
};

/// `0xRR_GG_BB`.
const fn rgb(hex: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast by WCAG 2.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |colour: Color32| {
            let [red, green, blue, _] = egui::Rgba::from(colour).to_array();
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn words_can_be_read_on_every_ground() {
        for (theme, t) in [("dark", DARK), ("light", LIGHT)] {
            let words = [
                ("text", t.text),
                ("text_secondary", t.text_secondary),
                ("accent_text", t.accent_text),
                ("ok", t.ok),
                ("warn", t.warn),
                ("bad", t.bad),
                ("info", t.info),
                ("running", t.running),
            ];
            let grounds = [
                ("base", t.base),
                ("panel", t.panel),
                ("raised", t.raised),
                ("hover", t.hover),
                ("selected", t.selected),
            ];
            for (word, colour) in words {
                for (ground, behind) in grounds {
                    let ratio = contrast(colour, behind);
                    assert!(ratio >= 4.5, "{theme}: {word} on {ground} is {ratio:.2}");
                }
            }
            for fill in [t.accent_fill, t.accent_fill_hover, t.bad_fill, t.bad_fill_hover] {
                let ratio = contrast(t.on_accent, fill);
                assert!(ratio >= 4.5, "{theme}: words on a filled button are {ratio:.2}");
            }
        }
    }
}
