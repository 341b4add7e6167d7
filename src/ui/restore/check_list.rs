//! What speaks for and against the restore, each point with its level in a word and where it comes from.

use egui::{Color32, Label, RichText, TextStyle, Ui};

use super::target_backup::target_backup_ui;
use super::{super::text::quiet_ui, RestoreParts};
use crate::draft::{Check, CheckLevel};
use crate::theme::{self, Tokens, icon, space};
use crate::widgets::glyph_ui;

/// Its icon, its color and its word.
fn look(level: CheckLevel, tokens: &Tokens) -> (&'static str, Color32, &'static str) {
    match level {
        CheckLevel::Ok => (icon::CHECK_CIRCLE, tokens.ok, "Fine"),
        CheckLevel::Warning => (icon::WARNING, tokens.warn, "Take care"),
        CheckLevel::Block => (icon::PROHIBIT, tokens.bad, "Ruled out"),
        CheckLevel::Unknown => (icon::CIRCLE_DASHED, tokens.text_secondary, "Not known"),
    }
}

pub(super) fn checks_ui(ui: &mut Ui, parts: &mut RestoreParts<'_>) {
    if parts.data.lists().services.is_loading() {
        quiet_ui(ui, "Reading the services again…");
    }
    target_backup_ui(ui, parts);
    ui.add_space(space::XS);
    for check in &parts.judged.checks {
        check_ui(ui, check);
    }
}

fn check_ui(ui: &mut Ui, check: &Check) {
    let tokens = theme::tokens(ui);
    let (glyph, color, word) = look(check.level, tokens);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        glyph_ui(ui, glyph, &TextStyle::Body, color);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(Label::new(&check.text).wrap());
            let more = format!("{word} · {} · {}", check.topic.name(), check.origin.name());
            ui.add(Label::new(RichText::new(more).small().color(tokens.text_secondary)).wrap());
        });
    });
}
