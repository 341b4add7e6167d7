//! Words of less weight than the rest.

use egui::{RichText, Ui};

use crate::theme;

/// A sentence in the secondary color.
pub(super) fn quiet_ui(ui: &mut Ui, text: impl Into<String>) {
    let secondary = theme::tokens(ui).text_secondary;
    ui.label(RichText::new(text).color(secondary));
}

/// The same, small: help, hints, remarks.
pub(super) fn small_ui(ui: &mut Ui, text: impl Into<String>) {
    let secondary = theme::tokens(ui).text_secondary;
    ui.label(RichText::new(text).small().color(secondary));
}
