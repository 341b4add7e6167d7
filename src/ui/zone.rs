//! The choice of a time zone by its name.

use egui::{ScrollArea, Ui};
use jiff::Timestamp;

use super::text::{quiet_ui, small_ui};
use crate::domain::{Zone, offset_text, zone_names};
use crate::grid::folded;
use crate::model::{Data, View};
use crate::msg::{Command, Commands, PreferencesCommand, WindowCommand};
use crate::theme::space;
use crate::widgets::{DialogAnswer, ModalDialog, PICK_LINE_HEIGHT, dialog_ui, focus_on_open, pick_line, search_field};

/// How many lines of the list are in sight.
const LINES: f32 = 6.0;
const WIDTH: f32 = 440.0;

/// All zones of the tz database, found by any part of their names. A click takes one; Enter takes the one that is marked: the first
/// found, or while nothing is typed the one in use.
pub(super) fn zone_dialog_ui(ui: &Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let found = found(&view.zone_search, data.now);
    let used = data.settings.preferences.named_zone.as_deref();
    let marked = if view.zone_search.is_empty() { used } else { found.first().copied() };
    let dialog = ModalDialog {
        id: "zone",
        title: "Choose a time zone",
        width: WIDTH,
        confirm: "Use time zone",
        cancel: "Cancel",
        is_danger: false,
        can_confirm: marked.is_some(),
    };
    let mut picked = None;
    let answer = dialog_ui(ui, &dialog, |ui| {
        small_ui(ui, "Shown beside UTC and this computer's time. Schedules always run in UTC");
        let field = search_field(ui, &mut view.zone_search, "City, region or UTC offset");
        focus_on_open(ui, &field);
        picked = list_ui(ui, &found, marked, data);
    });
    let confirmed = if answer == Some(DialogAnswer::Confirmed) { marked } else { None };
    if let Some(name) = picked.or(confirmed) {
        commands.push(Command::Preferences(PreferencesCommand::SetNamedZone(name.to_owned())));
    }
    if answer.is_some() || picked.is_some() {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

/// The names that hold every word typed, those with a part that begins with the first word before the others.
fn found(typed: &str, now: Timestamp) -> Vec<&'static str> {
    let typed = folded(&typed.replace('_', " "));
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut found: Vec<(bool, &str)> = zone_names()
        .iter()
        .filter_map(|name| {
            let shown = folded(&shown(name));
            let begins = words.first().is_none_or(|word| shown.split(['/', ' ']).any(|part| part.starts_with(word)));
            let fits =
                words.iter().all(|word| shown.contains(word) || offset_of(name, now).is_some_and(|it| it == *word));
            fits.then_some((!begins, name.as_str()))
        })
        .collect();
    found.sort_by_key(|(is_later, _)| *is_later);
    found.into_iter().map(|(_, name)| name).collect()
}

/// `America/New York`.
fn shown(name: &str) -> String {
    name.replace('_', " ")
}

/// `+09:00`, the offset of a zone from UTC now.
fn offset_of(name: &str, now: Timestamp) -> Option<String> {
    Some(offset_text(Zone::named(name)?.time_zone().to_offset(now)))
}

/// The zones found, each with its offset and its time now; the one clicked.
fn list_ui(ui: &mut Ui, found: &[&'static str], marked: Option<&str>, data: &Data) -> Option<&'static str> {
    let mut picked = None;
    ui.scope(|ui| {
        ui.set_height(PICK_LINE_HEIGHT * LINES);
        ui.spacing_mut().item_spacing.y = 0.0;
        if found.is_empty() {
            quiet_ui(ui, "No time zone matches");
            return;
        }
        let area = ScrollArea::vertical().id_salt("zones").auto_shrink(false);
        area.show_rows(ui, PICK_LINE_HEIGHT, found.len(), |ui, range| {
            // The bar covers no words.
            ui.set_max_width(ui.available_width() - space::M);
            for name in found.get(range).unwrap_or_default().iter().copied() {
                let Some(zone) = Zone::named(name) else { continue };
                let offset = offset_text(zone.time_zone().to_offset(data.now));
                let time = format!("Now {}", zone.weekday_minute(data.now, data.now));
                let line = ui.push_id(name, |ui| pick_line(ui, &shown(name), &offset, &time, marked == Some(name)));
                if line.inner.clicked() {
                    picked = Some(name);
                }
            }
        });
    });
    picked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_city_region_or_offset() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let cases = [
            ("tokyo", "Asia/Tokyo"),
            ("new york", "America/New_York"),
            ("york new america", "America/New_York"),
            ("NEW_YORK", "America/New_York"),
            ("lord", "Australia/Lord_Howe"),
            ("europe berlin", "Europe/Berlin"),
            ("asia +05:45", "Asia/Kathmandu"),
            // Not Africa/Nairobi.
            ("rome", "Europe/Rome"),
        ];
        for (typed, want) in cases {
            assert_eq!(found(typed, now).first().copied(), Some(want), "{typed}");
        }
        assert_eq!(found("", now).len(), zone_names().len());
        assert!(found("atlantis", now).is_empty());
    }
}
