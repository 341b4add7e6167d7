//! The embedded fonts: Inter for text, JetBrains Mono for figures, Phosphor for icons.
//!
//! Inter comes without its private signs and Phosphor without its letters, so that neither hides a glyph of the other; JetBrains Mono
//! comes without ligatures, so that every character of an id can be read.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontTweak};

/// The family of titles, labels and column headers.
pub(super) const SEMIBOLD: &str = "semibold";

const INTER: &str = "inter";
const INTER_SEMIBOLD: &str = "inter-semibold";
const JETBRAINS_MONO: &str = "jetbrains-mono";
const PHOSPHOR: &str = "phosphor";

/// Our fonts first; egui's own stay last, so that its built-in signs are never missing.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let mut add = |name: &str, bytes: &'static [u8], tweak: FontTweak| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes).tweak(tweak)));
    };
    add(INTER, include_bytes!("../../assets/fonts/Inter-Regular.otf"), FontTweak::default());
    add(INTER_SEMIBOLD, include_bytes!("../../assets/fonts/Inter-SemiBold.otf"), FontTweak::default());
    // Figures and icons stand a little high beside Inter; lowered, they share its line.
    let lowered = FontTweak { y_offset_factor: 0.06, ..FontTweak::default() };
    add(JETBRAINS_MONO, include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"), lowered.clone());
    add(PHOSPHOR, include_bytes!("../../assets/fonts/Phosphor.ttf"), lowered);

    let egui_text = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let egui_mono = fonts.families.get(&FontFamily::Monospace).cloned().unwrap_or_default();
    let chain = |first: &[&str], last: &[&[String]]| -> Vec<String> {
        let mut names: Vec<String> = first.iter().map(|name| (*name).to_owned()).collect();
        for name in last.iter().copied().flatten() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    };
    let text = chain(&[INTER, PHOSPHOR], &[&egui_text, &egui_mono]);
    let semibold = chain(&[INTER_SEMIBOLD, PHOSPHOR], &[&egui_text, &egui_mono]);
    let mono = chain(&[JETBRAINS_MONO, INTER, PHOSPHOR], &[&egui_mono, &egui_text]);
    fonts.families.insert(FontFamily::Proportional, text);
    fonts.families.insert(FontFamily::Name(SEMIBOLD.into()), semibold);
    fonts.families.insert(FontFamily::Monospace, mono);
    fonts
}
