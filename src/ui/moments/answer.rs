//! The answer: yes, no or not known, why, by what, and what else works.

use egui::{Color32, Ui};
use jiff::Timestamp;

use super::super::detail::note_ui;
use super::super::detail_chain::{members_ui, sentence_ui};
use super::super::row_actions::change_button_ui;
use crate::domain::{ServiceId, Zone};
use crate::draft::RestoreSource;
use crate::insight::{MomentAnswer, NOT_VERIFIED, Nearest, Reachability, RestoreMethod, type_words};
use crate::model::Data;
use crate::msg::{Command, Commands, RestoreCommand};
use crate::theme::{self, Tokens, icon, space};
use crate::widgets::{ActionButton, ButtonStyle, section_title};

fn icon_of(answer: &MomentAnswer, tokens: &Tokens) -> (&'static str, Color32) {
    match answer.verdict {
        Reachability::Yes => (icon::CHECK_CIRCLE, tokens.ok),
        Reachability::No => (icon::X_CIRCLE, tokens.bad),
        Reachability::NotKnown => (icon::CIRCLE_DASHED, tokens.text_secondary),
    }
}

/// All of it; the nearest moment that was chosen instead.
pub(super) fn answer_ui(
    ui: &mut Ui,
    answer: &MomentAnswer,
    data: &Data,
    service: &ServiceId,
    commands: &mut Commands,
) -> Option<Timestamp> {
    let zone = data.zone();
    section_title(ui, &format!("{} {}", zone.date_time(answer.at), zone.short_label()));
    let (glyph, color) = icon_of(answer, theme::tokens(ui));
    sentence_ui(ui, glyph, color, &answer.sentence(zone));
    if let Some(method) = &answer.method {
        restore_ui(ui, (answer.at, method), data, service, commands);
    }
    if !answer.chain.is_empty() {
        ui.add_space(space::S);
        members_ui(ui, &answer.chain, service, zone, commands);
    }
    let nearest = (answer.verdict != Reachability::Yes).then(|| nearest_ui(ui, answer, zone)).flatten();
    if answer.method.is_some() {
        ui.add_space(space::S);
        for warning in &answer.warnings {
            note_ui(ui, icon::WARNING, &warning.sentence(zone));
        }
        note_ui(ui, icon::INFO, NOT_VERIFIED);
    }
    nearest
}

fn restore_ui(
    ui: &mut Ui,
    (at, method): (Timestamp, &RestoreMethod),
    data: &Data,
    service: &ServiceId,
    commands: &mut Commands,
) {
    let (words, source) = match method {
        RestoreMethod::PointInTime => ("Restore to here…", RestoreSource::Moment { service: service.clone(), at }),
        RestoreMethod::Backup(id) => ("Restore to here…", RestoreSource::Backup(id.clone())),
        RestoreMethod::Logs(id) => ("Restore the backup it begins with…", RestoreSource::Backup(id.clone())),
    };
    ui.add_space(space::S);
    if change_button_ui(ui, data, ActionButton::new(ButtonStyle::Primary, words).icon(icon::RESTORE)) {
        commands.push(Command::Restore(RestoreCommand::Start(Some(source))));
    }
}

/// A button for the nearest moment before and after; the one that was clicked.
fn nearest_ui(ui: &mut Ui, answer: &MomentAnswer, zone: &Zone) -> Option<Timestamp> {
    let near = [("Before", &answer.before), ("After", &answer.after)];
    let mut chosen = None;
    ui.add_space(space::S);
    ui.horizontal_wrapped(|ui| {
        for (word, nearest) in near {
            let Some(nearest) = nearest else { continue };
            let words = format!("{word}: {}", nearest_words(nearest, zone));
            if ui.add(ActionButton::new(ButtonStyle::Secondary, &words)).clicked() {
                chosen = Some(nearest.at);
            }
        }
    });
    chosen
}

/// `2026-11-24 02:10:00, full backup`.
fn nearest_words(nearest: &Nearest, zone: &Zone) -> String {
    let at = zone.date_time(nearest.at);
    nearest.backup_type.as_ref().map_or_else(|| at.clone(), |kind| format!("{at}, {}", type_words(Some(kind))))
}
