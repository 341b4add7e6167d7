//! How the restore goes, and what to do after it.

use egui::{Label, Ui};

use super::super::text::quiet_ui;
use super::RestoreParts;
use super::confirm_step::texts_ui;
use crate::domain::{Restore, RestoreId, StatusKind, sanitize_for_display, sanitize_lines};
use crate::model::{Data, RestoreForm};
use crate::msg::{Command, Commands, ListCommand, WindowCommand};
use crate::theme::{self, space};
use crate::widgets::{
    ActionButton, ButtonStyle, DialogAnswer, focus_on_open, section_title, status_badge, status_icon,
};

/// What the service says of a restore is never longer.
const MAX_LINES: usize = 6;

pub(super) fn progress_ui(ui: &mut Ui, RestoreParts { data, form, judged, .. }: &mut RestoreParts<'_>) {
    let restore = form.sent.as_ref().and_then(|id| data.restores().find(id.as_str()));
    let kind = restore.as_ref().map_or(StatusKind::Queued, Restore::status_kind);
    let word = restore.as_ref().and_then(|restore| restore.status.as_ref()).map_or("Requested", |it| it.as_str());
    let (glyph, color) = status_icon(kind, theme::tokens(ui));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        status_badge(ui, glyph, &sanitize_for_display(word), color);
        if let Some(id) = form.sent.as_ref().filter(|id| !id.is_empty()) {
            quiet_ui(ui, format!("Restore {}", id.shown()));
        }
    });
    if let Some(message) = restore.as_ref().and_then(|restore| restore.message.as_deref()) {
        ui.add(Label::new(sanitize_lines(message, MAX_LINES)).wrap());
    }
    match kind {
        StatusKind::Bad => {
            ui.label("The target may hold nothing usable now. Restore into it again, or restore its own backup");
            return;
        }
        StatusKind::Good => {}
        StatusKind::Running | StatusKind::Queued | StatusKind::Other => {
            quiet_ui(ui, watching_words(form.sent.as_ref(), restore.is_some(), data));
        }
    }
    ui.add_space(space::S);
    section_title(ui, if kind == StatusKind::Good { "What to do now" } else { "What to do once it has succeeded" });
    texts_ui(ui, &judged.next_steps);
}

/// Whether somebody still looks for the end of it.
fn watching_words(sent: Option<&RestoreId>, is_listed: bool, data: &Data) -> &'static str {
    match sent {
        Some(id) if data.follows(id) => {
            "You can close this dialog: SkyBackup goes on watching, and a notice tells how it ended"
        }
        Some(id) if !id.is_empty() && !is_listed => {
            "SkySQL no longer lists it, so how it ends is not known: look at the service itself"
        }
        Some(_) | None => "SkyBackup cannot watch it: look for it in Restores",
    }
}

pub(super) fn buttons_ui(ui: &mut Ui, form: &RestoreForm, commands: &mut Commands) -> Option<DialogAnswer> {
    let show = ActionButton::new(ButtonStyle::Secondary, "Show in Restores");
    let close = ActionButton::new(ButtonStyle::Primary, "Close");
    let mut answer = None;
    ui.horizontal(|ui| {
        let used = show.width(ui) + close.width(ui) + ui.spacing().item_spacing.x;
        ui.add_space((ui.available_width() - used).max(0.0));
        if ui.add(show).clicked() {
            commands.push(Command::Window(WindowCommand::CloseDialog));
            commands.extend(form.sent.clone().map(|id| Command::List(ListCommand::ShowRestore(id))));
        }
        let close = ui.add(close);
        focus_on_open(ui, &close);
        if close.clicked() {
            answer = Some(DialogAnswer::Cancelled);
        }
    });
    answer
}
