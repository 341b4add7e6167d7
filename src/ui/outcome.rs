//! The outcome of a change whose response was lost, and why one was refused. Nothing is ever resent from here automatically.

use egui::Ui;
use jiff::Timestamp;

use super::banners::notice_frame;
use super::placeholders;
use crate::api::ApiError;
use crate::cron::{Cron, describe_recurrence_with_zone};
use crate::domain::{ChangedRow, Recurrence, Restore, Schedule, ServiceId, sanitize_for_display, shorten_middle};
use crate::draft::{NewSchedule, RestoreRequest, RestoreSource, SchedulePatch};
use crate::model::{ChangeKind, ChangeState, Data, Dialog, PendingChange};
use crate::msg::{ChangeCommand, Command, Commands, FormCommand, ListCommand, RestoreCommand, WindowCommand};
use crate::widgets::{Alert, Level, alert_ui};

/// How many found rows get a button of their own.
const MAX_SHOWN: usize = 3;

/// Where a notice is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Below a screen.
    Banner,
    /// In the dialog that asked for the change.
    Dialog,
}

/// The banner below every screen while a change is being checked or its outcome is open, except where the open dialog shows that.
pub(super) fn outcome_ui(ui: &mut Ui, data: &Data, dialog: Option<&Dialog>, commands: &mut Commands) {
    if dialog.is_some_and(Dialog::shows_change) {
        return;
    }
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

/// What is known of a restore into this service before it is there.
pub(super) fn restore_into(data: &Data, target: &ServiceId) -> Restore {
    let service = data.lists().target_services().into_iter().find(|service| service.id == *target);
    let service_name = service.and_then(|service| service.name.clone());
    Restore { service_id: Some(target.clone()), service_name, ..Restore::default() }
}

/// The service that is restored into, as a title calls it.
pub(super) fn target_label(data: &Data, restore: &Restore) -> String {
    let label = data.lists().service_label(restore);
    if label.is_empty() { "an unknown service".to_owned() } else { shorten_middle(&sanitize_for_display(&label), 40) }
}

/// `Restore into staging from 0f9c…:orders-prod-mdb-ms-1 · Running`.
pub(super) fn restore_words(data: &Data, restore: &Restore) -> String {
    let source = restore.backup_id.as_ref().map(|id| format!(" from {}", id.shown())).unwrap_or_default();
    let status = restore.status.as_ref().map(|it| format!(" · {}", sanitize_for_display(it.as_str())));
    format!("Restore into {}{source}{}", target_label(data, restore), status.unwrap_or_default())
}

/// What a restore was asked for: `Restore into staging from orders-prod as of 2026-09-14 02:00:07 UTC`.
pub(super) fn request_words(data: &Data, request: &RestoreRequest) -> String {
    let service = |id: &ServiceId| target_label(data, &restore_into(data, id));
    let source = match &request.source {
        RestoreSource::Backup(id) => format!("backup {}", id.shown()),
        RestoreSource::Moment { service: source, at } => {
            format!("{} as of {} UTC", service(source), at.strftime("%Y-%m-%d %H:%M:%S"))
        }
        RestoreSource::Bucket(source) => {
            let object = shorten_middle(&sanitize_for_display(&source.object), 48);
            format!("{object} in {}", shorten_middle(&sanitize_for_display(&source.bucket), 48))
        }
    };
    format!("Restore into {} from {source}", service(&request.target))
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
        ChangeKind::Create(new) => created(data, change, (new_words(new, data), found, checked), place),
        ChangeKind::Restore(request) => created(data, change, (request_words(data, request), found, checked), place),
        ChangeKind::Update(before, patch) => updated(before, patch, current.as_ref().and_then(ChangedRow::schedule)),
        ChangeKind::Delete(before) => {
            deleted(&format!("schedule {}", before.id.shown()), schedule_words(data, before), current.is_some())
        }
        ChangeKind::DeleteRestore(before) => {
            let entry = format!("the entry of restore {}", before.id.shown());
            deleted(&entry, restore_words(data, before), current.is_some())
        }
    };
    if change.can_resend() && !data.is_read_only() && notice.level == Level::Warning {
        // Beside "Check again", which comes first.
        notice.actions.insert(1, send_again(change));
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
        ChangeKind::Restore(_) => "Looking whether the restore began…",
        ChangeKind::DeleteRestore(_) => "Looking whether the entry still exists…",
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

/// A restore erases its target, so it asks once more.
fn send_again(change: &PendingChange) -> (String, Vec<Command>) {
    match &change.kind {
        ChangeKind::Restore(_) => ("Send again…".to_owned(), vec![Command::Restore(RestoreCommand::AskResend)]),
        _ => action("Send again", ChangeCommand::ResendChange),
    }
}

/// What can be done as long as the outcome is open.
fn look_again() -> Vec<(String, Vec<Command>)> {
    vec![action("Check again", ChangeCommand::VerifyChange), action("Stop looking", ChangeCommand::DismissChange)]
}

/// A creation: found once, found several times, or not found so far. In `outcome` are what was asked for in words, the new rows
/// that look like it, and whether the list could be read.
fn created(data: &Data, change: &PendingChange, outcome: (String, &[ChangedRow], bool), place: Place) -> Notice {
    let (wanted, found, checked) = outcome;
    match found {
        [] => not_found(change, &wanted, checked, place),
        [only] => Notice {
            level: Level::Success,
            title: format!("Found as {} #{}, new since your request", only.noun(), only.shown_id()),
            body: format!("The response was lost, but the {} is there: {}", only.noun(), row_words(data, only)),
            advice: String::new(),
            actions: vec![("Show".to_owned(), show(only)), action("Done", ChangeCommand::DismissChange)],
        },
        [first, ..] => several(data, first.noun(), found),
    }
}

fn row_words(data: &Data, row: &ChangedRow) -> String {
    match row {
        ChangedRow::Schedule(schedule) => schedule_words(data, schedule),
        ChangedRow::Restore(restore) => restore_words(data, restore),
    }
}

fn show(row: &ChangedRow) -> Vec<Command> {
    let show = match row {
        ChangedRow::Schedule(schedule) => ListCommand::ShowSchedule(schedule.id.clone()),
        ChangedRow::Restore(restore) => ListCommand::ShowRestore(restore.id.clone()),
    };
    vec![Command::List(show), Command::Window(WindowCommand::CloseDialog)]
}

/// Several new rows that look like the one that was asked for. A schedule too many can be deleted; a restore has begun.
fn several(data: &Data, noun: &str, found: &[ChangedRow]) -> Notice {
    let list: Vec<_> = found.iter().map(|it| format!("#{} {}", it.shown_id(), row_words(data, it))).collect();
    let shown = found.iter().take(MAX_SHOWN).flat_map(|it| {
        let delete = it.schedule().map(|schedule| {
            // What is asked about is shown and selected first, as for every other deletion.
            let ask = ChangeCommand::AskDelete(schedule.id.clone());
            let commands =
                [vec![Command::Change(ChangeCommand::DismissChange)], show(it), vec![Command::Change(ask)]].concat();
            (format!("Delete #{}…", it.shown_id()), commands)
        });
        [Some((format!("Show #{}", it.shown_id()), show(it))), delete].into_iter().flatten()
    });
    let can_delete = found.iter().any(|it| it.schedule().is_some());
    Notice {
        level: Level::Warning,
        title: format!("{} new {noun}s look like yours", found.len()),
        body: list.join("\n"),
        advice: if can_delete {
            "One of them is probably yours. If it is there twice, delete one".to_owned()
        } else {
            "One of them is probably yours".to_owned()
        },
        actions: shown.chain([action("Stop looking", ChangeCommand::DismissChange)]).collect(),
    }
}

fn not_found(change: &PendingChange, wanted: &str, checked: bool, place: Place) -> Notice {
    let is_restore = matches!(change.kind, ChangeKind::Restore(_));
    let title = match (checked, is_restore) {
        (true, _) => "Not found so far; it may still appear",
        (false, true) => "It is not known whether the restore began",
        (false, false) => "It is not known whether the schedule was created",
    };
    let mut actions = look_again();
    if place == Place::Banner && !change.is_from_earlier && !is_restore {
        actions.insert(1, ("Open the form again".to_owned(), vec![Command::Form(FormCommand::ReopenForm)]));
    }
    let advice = match (change.lacks_bucket, is_restore) {
        (true, false) => "The credentials of its bucket were not kept. To send it again, fill in a new schedule",
        (true, true) => "The credentials of its bucket were not kept. To send it again, begin a new restore",
        (false, false) => "SkyBackup will not resend it automatically. Sending it again could create a second schedule",
        (false, true) => "SkyBackup will not resend it automatically. Sending it again could start a second restore",
    };
    let body = format!("Asked for: {wanted}");
    Notice { level: Level::Warning, title: title.to_owned(), body, advice: advice.to_owned(), actions }
}

/// A change that was not sent, because somebody else was faster.
fn moved(data: &Data, change: &PendingChange, now: &ChangedRow) -> Notice {
    let (row, id) = (now.noun(), now.shown_id());
    let (title, body, advice, anyway) = match (&change.kind, now) {
        (ChangeKind::Delete(before), ChangedRow::Schedule(now)) => (
            format!("Somebody else changed {row} {id}, so it was not deleted"),
            format!("Before: {}\nNow: {}", state_words(data, before), state_words(data, now)),
            "Delete it only if it should go as it is now",
            "Delete it anyway",
        ),
        (ChangeKind::DeleteRestore(before), ChangedRow::Restore(now)) => (
            format!("The {row} {id} is another one now, so its entry was not deleted"),
            format!("Before: {}\nNow: {}", restore_words(data, before), restore_words(data, now)),
            "Delete it only if it should go as it is now",
            "Delete it anyway",
        ),
        (ChangeKind::Update(before, patch), ChangedRow::Schedule(now)) => (
            format!("Somebody else changed {row} {id}, so nothing was sent"),
            three_values(before, patch, Some(now)).0.join("\n"),
            "Sending it anyway replaces what the other change set",
            "Send it anyway",
        ),
        _ => (String::new(), String::new(), "", ""),
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

/// A deletion; `row` names what was to go, and `words` describe it.
fn deleted(row: &str, words: String, is_there: bool) -> Notice {
    let (title, body) = if is_there {
        (format!("The response was lost; {row} is still there, so far"), "")
    } else {
        (format!("It is not known whether {row} was deleted"), "It could not be read either")
    };
    Notice { level: Level::Warning, title, body: body.to_owned(), advice: words, actions: look_again() }
}
