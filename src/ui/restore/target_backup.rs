//! "Back up the target first": requested with one click, and waited for in sight.

use egui::Ui;

use super::super::text::quiet_ui;
use super::RestoreParts;
use super::command_button_ui;
use crate::domain::{StatusKind, format_span};
use crate::model::{Data, TargetBackup, TargetBackupState};
use crate::msg::{Command, RestoreCommand};
use crate::theme::{self, space};
use crate::widgets::{quiet_button, status_badge, status_icon};

pub(super) fn target_backup_ui(ui: &mut Ui, RestoreParts { data, form, judged, commands }: &mut RestoreParts<'_>) {
    let (Some(target), Some(id)) = (&judged.target, form.draft.target_id()) else { return };
    let running = data.target_backup().filter(|backup| backup.service == id);
    let request = RestoreCommand::BackUpTarget(id);
    let words = format!("Back up {} first", target.short);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let Some(running) = running else {
            if is_narrowed(data) {
                quiet_ui(ui, "To back up the target first, show the backups of all services and states");
                return;
            }
            return command_button_ui(ui, data, &words, request, commands);
        };
        let (kind, text) = state_words(running, data);
        let (glyph, color) = status_icon(kind, theme::tokens(ui));
        status_badge(ui, glyph, &text, color);
        if matches!(running.state, TargetBackupState::Waiting(_)) && quiet_button(ui, "Stop waiting").clicked() {
            commands.push(Command::Restore(RestoreCommand::StopWaiting));
        }
        if matches!(running.state, TargetBackupState::Failed(_)) {
            command_button_ui(ui, data, "Try again", request, commands);
        }
    });
    if running.is_some_and(|running| matches!(running.state, TargetBackupState::Waiting(_))) {
        quiet_ui(ui, "If you stop waiting, the backup goes on all the same");
    }
}

/// The backups list leaves out what is waited for.
fn is_narrowed(data: &Data) -> bool {
    let query = &data.lists().query;
    query.service_id.is_some() || query.status.is_some()
}

fn state_words(running: &TargetBackup, data: &Data) -> (StatusKind, String) {
    let secs = u64::try_from(data.now.duration_since(running.requested_at).as_secs()).unwrap_or_default();
    match &running.state {
        TargetBackupState::Requesting => (StatusKind::Queued, "Requesting a backup of the target…".to_owned()),
        TargetBackupState::Waiting(None) => {
            (StatusKind::Queued, format!("Requested; waiting for SkySQL to begin ({})", format_span(secs)))
        }
        TargetBackupState::Waiting(Some(_)) => {
            (StatusKind::Running, format!("The backup of the target is running ({})", format_span(secs)))
        }
        TargetBackupState::Succeeded(_) => (StatusKind::Good, "The target is backed up".to_owned()),
        TargetBackupState::Failed(_) => (StatusKind::Bad, "The backup of the target did not succeed".to_owned()),
    }
}
