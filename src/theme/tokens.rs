//! Colors by role. The only place where a color is a number.
#![expect(clippy::disallowed_methods, reason = "colors are defined here")]

use egui::Color32;

/// The colors of one theme, named by what they are for.
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
    /// The stripe of a profile that its person marked red.
    pub mark_red: Color32,
    /// The same, amber.
    pub mark_amber: Color32,
    /// The same, green.
    pub mark_green: Color32,
    /// The same, blue.
    pub mark_blue: Color32,
    /// The same, violet.
    pub mark_violet: Color32,
    /// Under an open dialog.
    pub scrim: Color32,
    /// Cast by what floats.
    pub shadow: Color32,
}

/// Light on dark.
pub const DARK: Tokens = Tokens {
    base: rgb([0x0F, 0x11, 0x15]),
    panel: rgb([0x15, 0x18, 0x1E]),
    raised: rgb([0x1C, 0x20, 0x27]),
    hover: rgb([0x23, 0x28, 0x33]),
    selected: rgb([0x1B, 0x2E, 0x52]),
    line_subtle: rgb([0x26, 0x2B, 0x35]),
    line_strong: rgb([0x3A, 0x41, 0x50]),
    text: rgb([0xE6, 0xE9, 0xEF]),
    text_secondary: rgb([0xA9, 0xB2, 0xC0]),
    text_faint: rgb([0x83, 0x8D, 0x9D]),
    accent_text: rgb([0x7F, 0xA8, 0xFF]),
    accent_fill: rgb([0x2F, 0x66, 0xD8]),
    accent_fill_hover: rgb([0x3A, 0x70, 0xDE]),
    on_accent: rgb([0xFF, 0xFF, 0xFF]),
    ok: rgb([0x4C, 0xC3, 0x8A]),
    warn: rgb([0xE5, 0xB4, 0x54]),
    bad: rgb([0xFF, 0x7B, 0x7B]),
    bad_fill: rgb([0xC4, 0x32, 0x32]),
    bad_fill_hover: rgb([0xCF, 0x3C, 0x3C]),
    info: rgb([0x62, 0xB8, 0xE8]),
    running: rgb([0xA9, 0x9B, 0xF5]),
    mark_red: rgb([0xF0, 0x61, 0x6D]),
    mark_amber: rgb([0xE0, 0xA3, 0x3E]),
    mark_green: rgb([0x3F, 0xB2, 0x7F]),
    mark_blue: rgb([0x5B, 0x93, 0xFF]),
    mark_violet: rgb([0xA9, 0x8B, 0xF5]),
    scrim: Color32::from_black_alpha(140),
    shadow: Color32::from_black_alpha(110),
};

/// Dark on light.
pub const LIGHT: Tokens = Tokens {
    base: rgb([0xFF, 0xFF, 0xFF]),
    panel: rgb([0xF5, 0xF6, 0xF8]),
    raised: rgb([0xFF, 0xFF, 0xFF]),
    hover: rgb([0xEB, 0xEE, 0xF2]),
    selected: rgb([0xDC, 0xE8, 0xFF]),
    line_subtle: rgb([0xE3, 0xE6, 0xEB]),
    line_strong: rgb([0xC5, 0xCB, 0xD5]),
    text: rgb([0x1A, 0x20, 0x30]),
    text_secondary: rgb([0x4C, 0x56, 0x66]),
    text_faint: rgb([0x63, 0x6D, 0x7C]),
    accent_text: rgb([0x1D, 0x57, 0xD8]),
    accent_fill: rgb([0x1D, 0x57, 0xD8]),
    accent_fill_hover: rgb([0x17, 0x4A, 0xBC]),
    on_accent: rgb([0xFF, 0xFF, 0xFF]),
    ok: rgb([0x0F, 0x6B, 0x41]),
    warn: rgb([0x7D, 0x52, 0x00]),
    bad: rgb([0xB4, 0x23, 0x23]),
    bad_fill: rgb([0xB4, 0x23, 0x23]),
    bad_fill_hover: rgb([0x9C, 0x1D, 0x1D]),
    info: rgb([0x09, 0x5F, 0x8E]),
    running: rgb([0x53, 0x40, 0xB8]),
    mark_red: rgb([0xC4, 0x2B, 0x3A]),
    mark_amber: rgb([0xA8, 0x64, 0x00]),
    mark_green: rgb([0x17, 0x80, 0x4F]),
    mark_blue: rgb([0x1D, 0x57, 0xD8]),
    mark_violet: rgb([0x6A, 0x45, 0xC9]),
    scrim: Color32::from_black_alpha(70),
    shadow: Color32::from_black_alpha(34),
};

const fn rgb([red, green, blue]: [u8; 3]) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast by WCAG 2.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |color: Color32| {
            let [red, green, blue, _] = egui::Rgba::from(color).to_array();
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
            for (word, color) in words {
                for (ground, behind) in grounds {
                    let ratio = contrast(color, behind);
                    assert!(ratio >= 4.5, "{theme}: {word} on {ground} is {ratio:.2}");
                }
            }
            let flags = [t.mark_red, t.mark_amber, t.mark_green, t.mark_blue, t.mark_violet];
            for (number, mark) in flags.into_iter().enumerate() {
                for (ground, behind) in grounds {
                    let ratio = contrast(mark, behind);
                    assert!(ratio >= 3.0, "{theme}: mark {number} on {ground} is {ratio:.2}");
                }
            }
            for fill in [t.accent_fill, t.accent_fill_hover, t.bad_fill, t.bad_fill_hover] {
                let ratio = contrast(t.on_accent, fill);
                assert!(ratio >= 4.5, "{theme}: words on a filled button are {ratio:.2}");
            }
        }
    }
}
