//! What will happen, the target typed out, and the exact request.

use egui::{Label, RichText, TextStyle, Ui};

use super::super::form::{is_entered, preview_ui};
use super::super::text::quiet_ui;
use super::RestoreParts;
use crate::api::RequestPreview;
use crate::draft::CheckLevel;
use crate::theme::{self, icon, space};
use crate::widgets::{focus_on_open, glyph_ui, labelled_field, section_title, text_field};

/// True: Enter was pressed in the field.
pub(super) fn confirm_ui(ui: &mut Ui, RestoreParts { data, form, judged, commands }: &mut RestoreParts<'_>) -> bool {
    section_title(ui, "What will happen");
    texts_ui(ui, &judged.consequences);
    let open = [(CheckLevel::Warning, "to take care of"), (CheckLevel::Unknown, "not known")];
    let open: Vec<String> = open
        .into_iter()
        .map(|(level, words)| (judged.count(level), words))
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    if !open.is_empty() {
        quiet_ui(ui, format!("Of the checks: {}", open.join(", ")));
    }
    ui.add_space(space::S);
    let Some(target) = &judged.target else { return false };
    let label = format!("Type {} to confirm", target.to_type);
    let error = judged.is_mistyped(form).then_some("This is not what is asked for");
    let field = labelled_field(ui, &label, "", error, |ui| text_field(ui, &mut form.confirm_name, ""));
    focus_on_open(ui, &field);
    if data.is_production() {
        let words = format!("This profile is marked as production. The data of {} is erased", target.label);
        ui.checkbox(&mut form.is_production_confirmed, words);
    }
    ui.add_space(space::XS);
    let request = form.request();
    let preview = || request.as_ref().map(RequestPreview::of_restore);
    preview_ui(ui, data, &mut form.preview, preview, commands);
    is_entered(ui, &field)
}

/// Sentences, each after a dot.
pub(super) fn texts_ui(ui: &mut Ui, texts: &[String]) {
    let secondary = theme::tokens(ui).text_secondary;
    for text in texts {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            glyph_ui(ui, icon::CARET_RIGHT, &TextStyle::Small, secondary);
            ui.add(Label::new(RichText::new(text)).wrap());
        });
    }
}
