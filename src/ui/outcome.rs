//! The outcome of a change whose response was lost, and why one was refused. Nothing is ever resent from here automatically.

use egui::Ui;
use jiff::Timestamp;

use super::banners::notice_frame;
use super::placeholders;
use crate::api::ApiError;
use crate::cron::{Cron, describe_recurrence_with_zone};
use crate::domain::{Recurrence, Schedule, sanitize_for_display, shorten_middle};
use crate::draft::{NewSchedule, SchedulePatch};
use crate::model::{ChangeKind, ChangeState, Data, PendingChange};
use crate::msg::{ChangeCommand, Command, Commands, FormCommand, ListCommand, WindowCommand};
use crate::widgets::{Alert, Level, alert_ui};

/// How many found schedules get a button of their own.
const MAX_SHOWN: usize = 3;

/// Where a notice is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Below a screen.
    Banner,
    /// In the dialog that asked for the change.
    Dialog,
}

/// The banner below every screen while a change is being checked or its outcome is open.
pub(super) fn outcome_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let is_quiet =
        |change: &PendingChange| matches!(change.state, ChangeState::Sending) && data.rate_limited_until().is_none();
    if data.change().is_none_or(is_quiet) {
        return;
    }
    notice_frame().show(ui, |ui| notice_ui(ui, data, Place::Banner, commands));
}

/// The same inside a dialog; nothing while the change is simply on its way.
pub(super) fn notice_ui(ui: &mut Ui, data: &Data, place: Place, commands: &mut Commands) {
    let Some(change) = data.change() else { return };
    let Some((notice, error)) = notice(data, change, place) else { return };
    let names: Vec<&str> = notice.actions.iter().map(|(name, _)| name.as_str()).collect();
    let alert = Alert {
        level: notice.level,
        title: &notice.title,
        body: &notice.body,
        advice: &notice.advice,
        trace_id: None,
        actions: &names,
    };
    let clicked = match error {
        Some(error) => placeholders::failure_ui(ui, error, alert),
        None => alert_ui(ui, &alert),
    };
    if let Some((_, asked)) = clicked.and_then(|number| notice.actions.into_iter().nth(number)) {
        for command in asked {
            commands.push(command);
        }
    }
}

/// Why the service refused the change, for the dialog that asked for it; the number of the action clicked.
pub(super) fn refusal_ui(ui: &mut Ui, data: &Data, actions: &[&str]) -> Option<usize> {
    let error = data.change_error()?;
    placeholders::api_error_ui(ui, Level::Error, error, &error.advice(), actions)
}

/// `Full backup of orders-db · At 02:00 UTC, Monday to Friday`.
pub(super) fn schedule_words(data: &Data, schedule: &Schedule) -> String {
    let what = schedule.backup_type.as_ref().map(|it| format!("{} backup", sanitize_for_display(it.name())));
    let what = what.unwrap_or_else(|| "Backup".to_owned());
    let service = data.lists().service_label(schedule);
    let service = sanitize_for_display(&service);
    let when =
        schedule.recurrence.as_ref().map(|it| format!(" · {}", describe_recurrence_with_zone(it))).unwrap_or_default();
    format!("{what} of {service}{when}")
}

/// What a question calls a schedule: `daily full backup of orders-db`.
pub(super) fn schedule_name(data: &Data, schedule: &Schedule) -> String {
    let how_often = schedule.recurrence.as_ref().and_then(how_often).map(|word| format!("{word} ")).unwrap_or_default();
    let what = schedule.backup_type.as_ref().map(|it| format!("{} ", sanitize_for_display(it.name()).to_lowercase()));
    let service = shorten_middle(&sanitize_for_display(&data.lists().service_label(schedule)), 40);
    let of = if service.is_empty() { format!("schedule {}", schedule.id.shown()) } else { service };
    format!("{how_often}{}backup of {of}", what.unwrap_or_default())
}

/// One word for a plain rhythm; the sentence below it says the rest.
fn how_often(recurrence: &Recurrence) -> Option<&'static str> {
    let Recurrence::Cron(text) = recurrence else { return Some("one-time") };
    let fields = Cron::parse(text).ok()?.fields();
    let is_one = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match fields.each_ref().map(String::as_str) {
        [minute, "*", "*", "*", "*"] if is_one(minute) => Some("hourly"),
        [minute, hour, "*", "*", "*"] if is_one(minute) && is_one(hour) => Some("daily"),
        [minute, hour, "*", "*", day] if is_one(minute) && is_one(hour) && is_one(day) => Some("weekly"),
        [minute, hour, day, "*", "*"] if is_one(minute) && is_one(hour) && is_one(day) => Some("monthly"),
        _ => None,
    }
}

fn new_words(new: &NewSchedule, data: &Data) -> String {
    let service = data.lists().known_services().iter().find(|service| service.id == new.service_id);
    let schedule = Schedule {
        service_id: Some(new.service_id.clone()),
        service_name: service.and_then(|service| service.name.clone()),
        backup_type: Some(new.backup_type.clone()),
        recurrence: Some(new.recurrence.clone()),
        ..Schedule::default()
    };
    schedule_words(data, &schedule)
}

/// What is shown, and what can be done about it.
struct Notice {
    level: Level,
    title: String,
    body: String,
    advice: String,
    actions: Vec<(String, Vec<Command>)>,
}

/// What is shown of a change, and the failure behind it.
fn notice<'a>(data: &'a Data, change: &'a PendingChange, place: Place) -> Option<(Notice, Option<&'a ApiError>)> {
    let (error, found, current, checked) = match &change.state {
        ChangeState::Sending => return data.rate_limited_until().map(|until| (waiting(data, until), None)),
        ChangeState::Checking => return Some((checking(data, change), None)),
        ChangeState::Conflict(now) => return Some((moved(data, change, now), None)),
        ChangeState::Unknown { error, found, current, checked } => (error, found, current, *checked),
    };
    let mut notice = match &change.kind {
        ChangeKind::Create(new) => created(data, change, new, found, checked, place),
        ChangeKind::Update(before, patch) => updated(before, patch, current.as_deref()),
        ChangeKind::Delete(schedule) => deleted(data, schedule, current.as_deref()),
    };
    if change.can_resend() && !data.is_read_only() && notice.level == Level::Warning {
        // Beside "Check again", which comes first.
        notice.actions.insert(1, action("Send again", ChangeCommand::ResendChange));
    }
    if change.is_from_earlier {
        let sent = earlier(data, change);
        notice.body = if notice.body.is_empty() { sent } else { format!("{sent}\n{}", notice.body) };
    } else if notice.level == Level::Warning {
        let why = error.sentence();
        notice.body = if notice.body.is_empty() { why } else { format!("{why}. {}", notice.body) };
        return Some((notice, Some(error)));
    }
    Some((notice, None))
}

/// The service asked for a pause; the change goes out when it is over.
fn waiting(data: &Data, until: Timestamp) -> Notice {
    let secs = data.pause_secs().unwrap_or_default();
    Notice {
        level: Level::Info,
        title: format!(
            "SkySQL asks to wait until {} {}",
            data.zone().clock_to_the_second(until, data.now),
            data.zone().label()
        ),
        body: format!("Nothing more goes out for {secs} s; if this change has not gone out yet, it waits too"),
        advice: String::new(),
        actions: vec![action("Stop this change", ChangeCommand::CancelChange)],
    }
}

/// When a change of an earlier run was sent.
fn earlier(data: &Data, change: &PendingChange) -> String {
    let (time, zone) = (data.zone().date_minute(change.mark.at), data.zone().label());
    format!("This change was sent on {time} {zone}, and its response never came")
}

fn checking(data: &Data, change: &PendingChange) -> Notice {
    let what = match change.kind {
        ChangeKind::Create(_) => "Looking whether the schedule exists…",
        ChangeKind::Update(..) => "Looking how the schedule is now…",
        ChangeKind::Delete(_) => "Looking whether the schedule still exists…",
    };
    let title = if change.is_cancelled { "Stopped; looking whether it had gone out" } else { "The response was lost" };
    let pause = data.pause_secs().map(|secs| format!("SkySQL asks to wait for {secs} s first"));
    Notice {
        level: Level::Info,
        title: title.to_owned(),
        body: if change.is_from_earlier { format!("{}. {what}", earlier(data, change)) } else { what.to_owned() },
        advice: pause.unwrap_or_default(),
        actions: vec![action("Stop looking", ChangeCommand::DismissChange)],
    }
}

fn action(name: &str, command: ChangeCommand) -> (String, Vec<Command>) {
    (name.to_owned(), vec![Command::Change(command)])
}

/// What can be done as long as the outcome is open.
fn look_again() -> Vec<(String, Vec<Command>)> {
    vec![action("Check again", ChangeCommand::VerifyChange), action("Stop looking", ChangeCommand::DismissChange)]
}

/// A creation: found once, found several times, or not found so far.
fn created(
    data: &Data,
    change: &PendingChange,
    new: &NewSchedule,
    found: &[Schedule],
    checked: bool,
    place: Place,
) -> Notice {
    let wanted = new_words(new, data);
    let show = |schedule: &Schedule| {
        vec![Command::List(ListCommand::ShowSchedule(schedule.id.clone())), Command::Window(WindowCommand::CloseDialog)]
    };
    if let [only] = found {
        return Notice {
            level: Level::Success,
            title: format!("Found as schedule #{}, new since your request", only.id.shown()),
            body: format!("The response was lost, but the schedule is there: {}", schedule_words(data, only)),
            advice: String::new(),
            actions: vec![("Show".to_owned(), show(only)), action("Done", ChangeCommand::DismissChange)],
        };
    }
    if !found.is_empty() {
        let list: Vec<_> = found.iter().map(|it| format!("#{} {}", it.id.shown(), schedule_words(data, it))).collect();
        let shown = found.iter().take(MAX_SHOWN).flat_map(|it| {
            // What is asked about is shown and selected first, as for every other deletion.
            let delete = [
                vec![Command::Change(ChangeCommand::DismissChange)],
                show(it),
                vec![Command::Change(ChangeCommand::AskDelete(it.id.clone()))],
            ]
            .concat();
            [(format!("Show #{}", it.id.shown()), show(it)), (format!("Delete #{}…", it.id.shown()), delete)]
        });
        return Notice {
            level: Level::Warning,
            title: format!("{} new schedules look like yours", found.len()),
            body: list.join("\n"),
            advice: "One of them is probably yours. If it is there twice, delete one".to_owned(),
            actions: shown.chain([action("Stop looking", ChangeCommand::DismissChange)]).collect(),
        };
    }
    let title = if checked {
        "Not found so far; it may still appear"
    } else {
        "It is not known whether the schedule was created"
    };
    let mut actions = look_again();
    if place == Place::Banner && !change.is_from_earlier {
        actions.insert(1, ("Open the form again".to_owned(), vec![Command::Form(FormCommand::ReopenForm)]));
    }
    Notice {
        level: Level::Warning,
        title: title.to_owned(),
        body: format!("Asked for: {wanted}"),
        advice: if change.lacks_bucket {
            "The credentials of its bucket were not kept. To send it again, fill in a new schedule".to_owned()
        } else {
            "SkyBackup will not resend it automatically. Sending it again could create a second schedule".to_owned()
        },
        actions,
    }
}

/// A change that was not sent, because somebody else was faster.
fn moved(data: &Data, change: &PendingChange, now: &Schedule) -> Notice {
    let id = now.id.shown();
    let (title, body, advice, anyway) = match &change.kind {
        ChangeKind::Delete(before) => (
            format!("Somebody else changed schedule {id}, so it was not deleted"),
            format!("Before: {}\nNow: {}", state_words(data, before), state_words(data, now)),
            "Delete it only if it should go as it is now",
            "Delete it anyway",
        ),
        ChangeKind::Update(before, patch) => (
            format!("Somebody else changed schedule {id}, so nothing was sent"),
            three_values(before, patch, Some(now)).0.join("\n"),
            "Sending it anyway replaces what the other change set",
            "Send it anyway",
        ),
        ChangeKind::Create(_) => (String::new(), String::new(), "", ""),
    };
    Notice {
        level: Level::Warning,
        title,
        body,
        advice: advice.to_owned(),
        actions: [action("Keep it as it is", ChangeCommand::DismissChange)]
            .into_iter()
            .chain((!data.is_read_only()).then(|| action(anyway, ChangeCommand::ResendChange)))
            .collect(),
    }
}

/// The schedule in words, and whether it is suspended.
fn state_words(data: &Data, schedule: &Schedule) -> String {
    let suspended = if schedule.is_suspended() { " · Suspended" } else { "" };
    format!("{}{suspended}", schedule_words(data, schedule))
}

/// A line for each field that was to change: wanted, before, now; and whether all are as wanted.
fn three_values(before: &Schedule, patch: &SchedulePatch, current: Option<&Schedule>) -> (Vec<String>, bool) {
    let mut lines = Vec::new();
    let mut is_done = current.is_some();
    let mut line = |name: &str, wanted: Option<String>, of: &dyn Fn(&Schedule) -> String| {
        let Some(wanted) = wanted else { return };
        let now = current.map(of);
        is_done &= now.as_deref() == Some(wanted.as_str());
        let now = now.unwrap_or_else(|| "not known".to_owned());
        lines.push(format!("{name}: wanted {wanted} · before {} · now {now}", of(before)));
    };
    line("Type", patch.backup_type.as_ref().map(|it| sanitize_for_display(it.as_api_str()).into_owned()), &|row| {
        row.backup_type
            .as_ref()
            .map_or_else(|| "none".to_owned(), |it| sanitize_for_display(it.as_api_str()).into_owned())
    });
    line("Schedule", patch.recurrence.as_ref().map(|text| plain_cron(text)), &|row| {
        row.recurrence.as_ref().map_or_else(|| "none".to_owned(), |it| plain_cron(it.as_str()))
    });
    let yes_no = |on: bool| if on { "yes" } else { "no" }.to_owned();
    line("Suspended", patch.suspended.map(yes_no), &|row| yes_no(row.is_suspended()));
    (lines, is_done)
}

/// A change: wanted, before, now.
fn updated(before: &Schedule, patch: &SchedulePatch, current: Option<&Schedule>) -> Notice {
    let (lines, is_done) = three_values(before, patch, current);
    let id = before.id.shown();
    let title = match (current, is_done) {
        (None, _) => format!("It is not known whether schedule {id} was changed"),
        (Some(_), true) => format!("The response was lost, but schedule {id} is as you wanted it"),
        (Some(_), false) => format!("The response was lost; schedule {id} is not as you wanted it, so far"),
    };
    Notice {
        level: if is_done { Level::Success } else { Level::Warning },
        title,
        body: lines.join("\n"),
        advice: String::new(),
        actions: if is_done { vec![action("Done", ChangeCommand::DismissChange)] } else { look_again() },
    }
}

/// The expression in its plain form, so that the same times read the same.
fn plain_cron(text: &str) -> String {
    Cron::parse(text).map_or_else(|_| sanitize_for_display(text).into_owned(), |cron| cron.as_str().to_owned())
}

fn deleted(data: &Data, schedule: &Schedule, current: Option<&Schedule>) -> Notice {
    let id = schedule.id.shown();
    let (title, body) = match current {
        Some(_) => (format!("The response was lost; schedule {id} is still there, so far"), ""),
        None => (format!("It is not known whether schedule {id} was deleted"), "It could not be read either"),
    };
    Notice {
        level: Level::Warning,
        title,
        body: body.to_owned(),
        advice: schedule_words(data, schedule),
        actions: look_again(),
    }
}
