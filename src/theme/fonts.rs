//! The embedded fonts: Inter for text, JetBrains Mono for figures, Phosphor for icons.
//!
//! Inter comes without its private signs and Phosphor with nothing but our icons (`scripts/icon-font`), so that neither hides a glyph of the
//! other; JetBrains Mono comes without ligatures, so that every character of an id can be read. What they lack, the fonts of the system have.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontTweak};

/// The family of titles, labels and column headers.
pub(super) const SEMIBOLD: &str = "semibold";

const INTER: &str = "inter";
const INTER_SEMIBOLD: &str = "inter-semibold";
const JETBRAINS_MONO: &str = "jetbrains-mono";
const PHOSPHOR: &str = "phosphor";

/// Our fonts alone: those of egui are not in the program.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let mut add = |name: &str, bytes: &'static [u8], tweak: FontTweak| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes).tweak(tweak)));
    };
    add(INTER, include_bytes!("../../assets/fonts/Inter-Regular.otf"), FontTweak::default());
    add(INTER_SEMIBOLD, include_bytes!("../../assets/fonts/Inter-SemiBold.otf"), FontTweak::default());
    // Figures and icons stand a little high beside Inter; lowered, they share its line.
    let lowered = FontTweak { y_offset_factor: 0.06, ..FontTweak::default() };
    let lowered_little = FontTweak { y_offset_factor: 0.04, ..FontTweak::default() };
    add(JETBRAINS_MONO, include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"), lowered_little);
    add(PHOSPHOR, include_bytes!("../../assets/fonts/Phosphor.ttf"), lowered);

    let mut family = |family: FontFamily, chain: &[&str]| {
        fonts.families.insert(family, chain.iter().map(|&name| name.to_owned()).collect());
    };
    family(FontFamily::Proportional, &[INTER, PHOSPHOR]);
    family(FontFamily::Name(SEMIBOLD.into()), &[INTER_SEMIBOLD, PHOSPHOR]);
    family(FontFamily::Monospace, &[JETBRAINS_MONO, INTER, PHOSPHOR]);
    fonts
}
