//! The look: colors by role, one scale of space, one scale of type, the fonts and icons, for light and dark.
//!
//! Owns every color and font of the app. May import egui only. Must never know a screen or a fact.

mod fonts;
pub mod icon;
mod style;
mod tokens;

use std::sync::LazyLock;

use egui::{FontFamily, FontId, TextStyle, Theme};

pub use tokens::{DARK, LIGHT, Tokens};

/// The one scale of space, in points.
pub mod space {
    /// Between an icon and its word.
    pub const XS: f32 = 4.0;
    /// Between things that belong together.
    pub const S: f32 = 8.0;
    /// Inside cells and bars.
    pub const M: f32 = 12.0;
    /// Between fields; the margin of a screen.
    pub const L: f32 = 16.0;
    /// Between groups; inside dialogs.
    pub const XL: f32 = 24.0;
    /// Around empty states.
    pub const XXL: f32 = 32.0;
}

/// The one scale of corner radii, in points.
pub mod radius {
    /// Inputs, buttons, badges.
    pub const CONTROL: u8 = 4;
    /// Cards and menus.
    pub const CARD: u8 = 6;
    /// Dialogs.
    pub const DIALOG: u8 = 8;
}

/// Heights that repeat on every screen, in points.
pub mod height {
    /// A button, a field, a menu line.
    pub const CONTROL: f32 = 28.0;
    /// The same, compact.
    pub const CONTROL_COMPACT: f32 = 24.0;
    /// A table row.
    pub const ROW: f32 = 28.0;
    /// A table row, compact.
    pub const ROW_COMPACT: f32 = 22.0;
    /// A bar across the window.
    pub const BAR: f32 = 44.0;
    /// The status line.
    pub const STATUS_LINE: f32 = 26.0;
}

/// Puts fonts and both styles into the context. Call once, before the first frame.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts::definitions());
    ctx.set_style_of(Theme::Dark, style::style(&DARK, Theme::Dark));
    ctx.set_style_of(Theme::Light, style::style(&LIGHT, Theme::Light));
    ctx.options_mut(|options| options.fallback_theme = Theme::Dark);
}

/// Sets the height of controls and the gaps between them in both themes: `compact` is the denser of the two.
pub fn apply_density(ctx: &egui::Context, compact: bool) {
    ctx.all_styles_mut(|style| style::set_density(style, compact));
}

/// The colors of the theme this `ui` is drawn in.
#[must_use]
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    tokens_of(ui.theme())
}

/// The colors of a theme.
#[must_use]
pub const fn tokens_of(theme: Theme) -> &'static Tokens {
    match theme {
        Theme::Dark => &DARK,
        Theme::Light => &LIGHT,
    }
}

/// 13 points semibold: names, column headers, labels of fields.
#[must_use]
pub fn strong() -> TextStyle {
    TextStyle::Name("strong".into())
}

/// 15 points semibold: the title of a section or card.
#[must_use]
pub fn section() -> TextStyle {
    TextStyle::Name("section".into())
}

/// The semibold family at any size of the scale.
#[must_use]
pub fn semibold(size: f32) -> FontId {
    static FAMILY: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name(fonts::SEMIBOLD.into()));
    FontId::new(size, FAMILY.clone())
}

/// An icon of `size` points.
#[must_use]
pub const fn icon_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}
