//! How the restore goes, and what to do after it.

use egui::Ui;

use super::super::text::quiet_ui;
use super::RestoreParts;
use super::confirm_step::texts_ui;
use crate::model::RestoreForm;
use crate::msg::Commands;
use crate::widgets::{ActionButton, ButtonStyle, DialogAnswer, focus_on_open, section_title};

pub(super) fn progress_ui(ui: &mut Ui, RestoreParts { judged, .. }: &mut RestoreParts<'_>) {
    quiet_ui(ui, "SkySQL took the request");
    section_title(ui, "What to do next");
    texts_ui(ui, &judged.next_steps);
}

pub(super) fn buttons_ui(ui: &mut Ui, _form: &RestoreForm, _commands: &mut Commands) -> Option<DialogAnswer> {
    let close = ui.add(ActionButton::new(ButtonStyle::Secondary, "Close"));
    focus_on_open(ui, &close);
    close.clicked().then_some(DialogAnswer::Cancelled)
}
