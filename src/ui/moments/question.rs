//! The moment that is asked for: typed on one of the clocks, or picked.

use egui::{Key, Ui};
use jiff::Timestamp;

use super::super::text::{quiet_ui, small_ui};
use crate::domain::{Zone, offset_text};
use crate::draft::TypedMoment;
use crate::model::{Data, MomentsForm};
use crate::msg::{Command, Commands, ListCommand};
use crate::settings::ZoneChoice;
use crate::theme::space;
use crate::widgets::{ActionButton, ButtonStyle, labelled_field, segmented, text_field};

const FIELD: f32 = 200.0;
const HINT: &str = "2026-11-24 14:05";

/// The clock that the moment is typed on.
fn clock_of(form: &MomentsForm, data: &Data) -> (ZoneChoice, Zone) {
    let clock = form.clock.unwrap_or(data.settings.preferences.zone);
    let zone = if clock == ZoneChoice::Utc { Zone::utc() } else { data.second_zone().clone() };
    (clock, zone)
}

/// Asks for a moment that was picked, and writes it where it could have been typed.
pub(super) fn ask(form: &mut MomentsForm, at: Timestamp, data: &Data, commands: &mut Commands) {
    let (_, zone) = clock_of(form, data);
    form.typed = zone.civil_and_offset(at).0.strftime("%Y-%m-%d %H:%M:%S").to_string();
    commands.push(Command::List(ListCommand::AskMoment(at)));
}

/// Field, clock, button; and where the typed time is none or two on that clock, which one is meant.
pub(super) fn question_ui(ui: &mut Ui, data: &Data, form: &mut MomentsForm, commands: &mut Commands) {
    let (clock, zone) = clock_of(form, data);
    let typed = TypedMoment::read(&form.typed, &zone, data.now);
    let error = (typed == TypedMoment::Unreadable).then_some("Write a day and a time such as 2026-11-24 14:05");
    let mut is_asked = false;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        ui.vertical(|ui| {
            ui.set_width(FIELD);
            let field = labelled_field(ui, "Can I get back to", "", error, |ui| text_field(ui, &mut form.typed, HINT));
            if std::mem::take(&mut form.focus) {
                field.request_focus();
            }
            is_asked = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        });
        ui.vertical(|ui| clock_ui(ui, data, form, clock));
        ui.vertical(|ui| {
            ui.add_space(21.0);
            let can_ask = !matches!(typed, TypedMoment::Empty | TypedMoment::Unreadable);
            is_asked |= ui.add_enabled(can_ask, ActionButton::new(ButtonStyle::Primary, "Find out")).clicked();
        });
    });
    // What was typed in this frame counts too.
    let asked = match TypedMoment::read(&form.typed, &clock_of(form, data).1, data.now) {
        TypedMoment::At(at) => is_asked.then_some(at),
        TypedMoment::Twice(first, second) => {
            quiet_ui(ui, "This clock shows that time twice. Which one?");
            either_ui(ui, &zone, [first, second], form.asked)
        }
        TypedMoment::Skipped(before, after) => {
            quiet_ui(ui, "This clock skips that time. Which moment is meant?");
            either_ui(ui, &zone, [before, after], form.asked)
        }
        TypedMoment::Empty | TypedMoment::Unreadable => None,
    };
    commands.extend(asked.map(|at| Command::List(ListCommand::AskMoment(at))));
}

fn clock_ui(ui: &mut Ui, data: &Data, form: &mut MomentsForm, clock: ZoneChoice) {
    let local = data.second_zone().short_label();
    let local = if local == "UTC" { "This computer".to_owned() } else { local };
    labelled_field(ui, "On the clock of", "", None, |ui| {
        let mut chosen = usize::from(clock != ZoneChoice::Utc);
        let shown = ui.scope(|ui| segmented(ui, &["UTC", &local], &mut chosen));
        if shown.inner {
            form.clock = Some(if chosen == 0 { ZoneChoice::Utc } else { ZoneChoice::Local });
        }
        shown.response
    });
}

/// A button for each of two moments, with its offset and in UTC; the one that was clicked.
fn either_ui(ui: &mut Ui, zone: &Zone, moments: [Timestamp; 2], asked: Option<Timestamp>) -> Option<Timestamp> {
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        for at in moments {
            let offset = offset_text(zone.time_zone().to_offset(at));
            let words = format!("{} at offset {offset}", zone.civil_and_offset(at).0.strftime("%H:%M:%S"));
            let style = if asked == Some(at) { ButtonStyle::Chosen } else { ButtonStyle::Secondary };
            if ui.add(ActionButton::new(style, &words)).clicked() {
                chosen = Some(at);
            }
            small_ui(ui, format!("{} UTC", Zone::utc().date_time(at)));
        }
    });
    chosen
}
