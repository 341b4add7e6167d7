//! What is chosen for several changes: reason and reminder, the new time, the services, the deleted schedules.

use egui::{ScrollArea, Ui};

use super::super::outcome::schedule_words;
use super::super::schedule_form::time_fields_ui;
use super::super::suspension::suspension_fields_ui;
use super::super::text::{quiet_ui, small_ui};
use crate::domain::{Schedule, Seen, Service, ServiceId, sanitize_for_display};
use crate::grid::folded;
use crate::model::{BatchForm, Data, SuspensionForm};
use crate::msg::{BatchAction, Commands};
use crate::theme::space;
use crate::widgets::{labelled_field, link_button, search_field, text_field};

/// The height of a line of the lists.
const LINE: f32 = 26.0;
/// The lines of a list that are in sight before it scrolls.
const LINES: usize = 6;
/// The width of the field of the minutes.
const MINUTES: f32 = 120.0;

/// The fields of the action.
pub(super) fn fields_ui(
    ui: &mut Ui,
    data: &Data,
    form: &mut BatchForm,
    suspension: &mut SuspensionForm,
    commands: &mut Commands,
) {
    match form.action {
        BatchAction::Suspend => {
            quiet_ui(ui, "No backups are made by these schedules until they are resumed");
            suspension_fields_ui(ui, data, suspension);
        }
        BatchAction::Resume => {
            quiet_ui(ui, "Their next runs are those of their own times; missed ones are not made up");
        }
        BatchAction::Delete => {
            quiet_ui(
                ui,
                "Existing backups are kept until they expire. A deleted schedule can be recreated with a new ID",
            );
        }
        BatchAction::ChangeTime => {
            time_fields_ui(ui, data, &mut form.when, commands);
            stagger_ui(ui, form, "Minutes between the schedules");
        }
        BatchAction::Copy => copy_ui(ui, data, form),
        BatchAction::Recreate => recreate_ui(ui, data, form),
    }
}

fn stagger_ui(ui: &mut Ui, form: &mut BatchForm, label: &str) {
    let error = form.stagger_minutes().is_none().then_some("Enter whole minutes, up to a week");
    let help = "So that not all of them begin in the same minute";
    labelled_field(ui, label, help, error, |ui| {
        ui.scope(|ui| {
            ui.set_max_width(MINUTES);
            text_field(ui, &mut form.stagger, "0")
        })
        .inner
    });
}

fn copy_ui(ui: &mut Ui, data: &Data, form: &mut BatchForm) {
    if let Some(original) = form.subjects.first() {
        ui.label(schedule_words(data, original));
    }
    let original = form.subjects.first().and_then(|row| row.service_id.clone());
    let services = data.lists().known_services();
    let wanted = folded(&form.service_search);
    let fits = |service: &&Service| {
        let text = folded(&format!("{} {}", service.label(), service.id));
        Some(&service.id) != original.as_ref() && wanted.split_whitespace().all(|word| text.contains(word))
    };
    let found: Vec<&Service> = services.iter().filter(fits).collect();
    search_ui(ui, &mut form.service_search);
    let chosen = &mut form.services;
    ui.horizontal(|ui| {
        small_ui(ui, format!("{} of {} chosen", chosen.len(), services.len()));
        if link_button(ui, "Choose all shown").clicked() {
            chosen.extend(found.iter().map(|service| service.id.clone()));
        }
        if link_button(ui, "Choose none").clicked() {
            chosen.clear();
        }
    });
    list_ui(ui, "services", &found, |ui, service| {
        let name = sanitize_for_display(service.label()).into_owned();
        let words = if name == service.id.as_str() { name } else { format!("{name}  {}", service.id.shown()) };
        toggle_ui(ui, &words, chosen.contains(&service.id), |is_on| flip(chosen, &service.id, is_on));
    });
    stagger_ui(ui, form, "Minutes between the services");
    ui.checkbox(&mut form.starts_suspended, "Suspend the copies at first");
    if form.starts_suspended {
        small_ui(ui, "SkySQL creates schedules active only, so each copy is suspended by a second request right after");
    }
    small_ui(ui, "The copies use the storage of SkySQL: it does not tell which bucket a schedule writes to");
}

/// Enter in the search leaves the dialog as it is: it would send what is chosen.
fn search_ui(ui: &mut Ui, text: &mut String) {
    let field = search_field(ui, text, "Search services").accessible_name("Search services");
    if field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        field.request_focus();
    }
}

fn flip(chosen: &mut std::collections::BTreeSet<ServiceId>, id: &ServiceId, is_on: bool) {
    if is_on {
        chosen.insert(id.clone());
    } else {
        chosen.remove(id);
    }
}

fn recreate_ui(ui: &mut Ui, data: &Data, form: &mut BatchForm) {
    quiet_ui(
        ui,
        "A recreated schedule is a new one with a new ID. It uses the storage of SkySQL, and runs at the time of the old one",
    );
    if !form.subjects.is_empty() {
        return;
    }
    let gone = match (form.gone.value(), form.gone.error()) {
        (Some(gone), _) => gone,
        (None, Some(why)) => return quiet_ui(ui, format!("The deleted schedules could not be read: {why}")),
        (None, None) => return quiet_ui(ui, "Reading the history…"),
    };
    if gone.is_empty() {
        return quiet_ui(ui, "The history of this profile knows no deleted schedules");
    }
    let rows: Vec<&Seen<Schedule>> = gone.iter().collect();
    let chosen = &mut form.chosen;
    list_ui(ui, "gone", &rows, |ui, seen| {
        let since = seen.gone_at.map(|at| format!(", gone since {}", data.zone().date_minute(at)));
        let words = format!("{}{}", schedule_words(data, &seen.row), since.unwrap_or_default());
        toggle_ui(ui, &words, chosen.contains(&seen.row.id), |is_on| {
            if is_on {
                chosen.insert(seen.row.id.clone());
            } else {
                chosen.remove(&seen.row.id);
            }
        });
    });
}

/// A list of lines to choose from, of which only those in sight are drawn.
fn list_ui<T>(ui: &mut Ui, id: &str, items: &[T], mut line: impl FnMut(&mut Ui, &T)) {
    let height = LINE * items.len().clamp(1, LINES) as f32;
    let area = ScrollArea::vertical().id_salt(id).max_height(height).auto_shrink([false, true]);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        area.show_rows(ui, LINE, items.len(), |ui, range| {
            ui.set_max_width(ui.available_width() - space::M);
            for item in items.get(range).unwrap_or_default() {
                line(ui, item);
            }
        });
    });
    ui.add_space(space::XS);
}

fn toggle_ui(ui: &mut Ui, words: &str, mut is_on: bool, set: impl FnOnce(bool)) {
    let size = egui::vec2(ui.available_width(), LINE);
    ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_min_size(size);
        if ui.checkbox(&mut is_on, words).changed() {
            set(is_on);
        }
    });
}
