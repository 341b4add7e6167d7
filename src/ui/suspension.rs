//! Schedules that make no backups: the reason and the reminder, how many there are and since when, and what is due.

use egui::{RichText, Ui};

use super::banners::notice_frame;
use super::outcome::schedule_name;
use super::text::quiet_ui;
use crate::domain::{format_count, sanitize_for_display, shorten_middle};
use crate::model::{Data, Suspended, SuspensionForm};
use crate::msg::{BatchCommand, Command, Commands, ListCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{Alert, Level, alert_ui, glyph_ui, labelled_field, link_button, text_field};

/// The width of the field of the day.
const DAY: f32 = 140.0;
/// The longest reason that a sentence repeats, in characters.
const LONGEST_REASON: usize = 80;

/// Why, and when to think of it again; both may be left empty.
pub(super) fn suspension_fields_ui(ui: &mut Ui, data: &Data, form: &mut SuspensionForm) {
    let help = "Kept in the settings of this computer; SkySQL has no place for it";
    labelled_field(ui, "Reason (optional)", help, None, |ui| text_field(ui, &mut form.reason, ""));
    ui.add_space(space::XS);
    let problem = form.problem(data.today());
    labelled_field(ui, "Remind me on (optional)", "SkyBackup shows a notice from that day on", problem, |ui| {
        ui.horizontal(|ui| {
            let field = ui.scope(|ui| {
                ui.set_max_width(DAY);
                text_field(ui, &mut form.remind_on, "YYYY-MM-DD")
            });
            for (name, day) in SuspensionForm::offered(data.today()) {
                if link_button(ui, name).clicked() {
                    form.remind_on = day.to_string();
                }
            }
            field.inner
        })
        .inner
    });
    ui.add_space(space::XS);
}

/// `3 schedules suspended, the first since Thu 19 Nov 08:00`, with the way to them. Nothing where none is.
pub(super) fn suspended_line_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let Some(suspended) = data.suspended().filter(|suspended| suspended.count > 0) else { return };
    ui.horizontal(|ui| {
        glyph_ui(ui, icon::PAUSE, &egui::TextStyle::Body, theme::tokens(ui).warn);
        quiet_ui(ui, suspended_words(suspended, data));
        if link_button(ui, "Show suspended").clicked() {
            commands.push(Command::List(ListCommand::ShowSuspended));
        }
    });
}

fn suspended_words(suspended: &Suspended, data: &Data) -> String {
    let since = suspended.since.map(|at| data.zone().weekday_minute(at, data.now));
    match (suspended.count, since) {
        (1, Some(since)) => format!("1 schedule is suspended, since {since} at the latest"),
        (1, None) => "1 schedule is suspended".to_owned(),
        (count, Some(since)) => format!("{} schedules are suspended, the first since {since}", format_count(count)),
        (count, None) => format!("{} schedules are suspended", format_count(count)),
    }
}

/// The reminder that is due, on every screen until it is answered; one at a time.
pub(super) fn reminder_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let Some((suspended, (schedule, noted))) = data.suspended().and_then(|it| Some((it, it.due.first()?))) else {
        return;
    };
    let title = format!("Reminder: the {} is suspended", schedule_name(data, schedule));
    let since = data.zone().weekday_minute(noted.since, data.now);
    let reason = shorten_middle(&sanitize_for_display(&noted.note.reason), LONGEST_REASON);
    let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let more = match suspended.due.len() - 1 {
        0 => String::new(),
        more => format!(". {} more to be reminded of", format_count(more)),
    };
    let id = &schedule.id;
    let tomorrow = SuspensionForm::offered(data.today()).map(|(_, day)| day).first().copied();
    let choices = [
        ("Show", Command::List(ListCommand::ShowSchedule(id.clone()))),
        ("Remind me tomorrow", Command::Batch(BatchCommand::Remind(id.clone(), tomorrow))),
        ("No more reminders", Command::Batch(BatchCommand::Remind(id.clone(), None))),
    ];
    let actions = choices.each_ref().map(|(name, _)| *name);
    let body = format!("Since {since}{why}{more}");
    let alert = Alert { level: Level::Info, title: &title, body: &body, advice: "", trace_id: None, actions: &actions };
    let clicked = notice_frame().show(ui, |ui| alert_ui(ui, &alert)).inner;
    commands.extend(clicked.and_then(|at| choices.into_iter().nth(at)).map(|(_, command)| command));
}

/// The reason of a suspended schedule and when to be reminded, for its pane.
pub(super) fn note_lines_ui(ui: &mut Ui, data: &Data, id: &crate::domain::ScheduleId) {
    let Some(noted) = data.session.open().and_then(|open| open.profile.suspensions.get(id)) else { return };
    let since = data.zone().weekday_minute(noted.since, data.now);
    let remind = noted.note.remind_on.map(|day| format!(". Reminder on {day}"));
    let secondary = theme::tokens(ui).text_secondary;
    let words = format!("Suspended from here {since}{}", remind.unwrap_or_default());
    ui.label(RichText::new(words).color(secondary));
    if !noted.note.reason.is_empty() {
        ui.label(RichText::new(sanitize_for_display(&noted.note.reason).into_owned()).color(secondary));
    }
}
