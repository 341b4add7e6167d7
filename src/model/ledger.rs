//! The history of a profile: what it knew before the service was asked, its copy in a file, and its end.

use jiff::Timestamp;

use super::{Dialog, Model, NotificationAction, Remote, Severity, StepContext};
use crate::domain::{SeenCounts, format_count};
use crate::export::file_name;
use crate::grid::RowSource;
use crate::msg::{
    Effect, LedgerCommand, LedgerEffect, LedgerEvent, Listed, PickedPath, SavePath, Ticket, WindowEffect,
};

/// What is being done to the ledger of the session.
#[derive(Debug, Default)]
pub struct History {
    /// How much it holds, for the question whether to forget it.
    pub held: Remote<SeenCounts, String>,
    /// When the first of the backups was seen that are shown.
    pub since: Option<Timestamp>,
    /// There is none in this session.
    pub is_unavailable: bool,
    /// The number of services it knows, where the key lists none of them and the user has not said that it is the same account.
    pub other_services: Option<usize>,
    /// A copy is being written, or its file chosen.
    copying: Option<Ticket>,
    forgetting: Option<Ticket>,
}

impl History {
    /// What it holds, in words; `None` while that is not known.
    #[must_use]
    pub fn held_words(&self) -> Option<String> {
        let SeenCounts { backups, schedules, restores } = *self.held.value()?;
        let count = |number: u64, one: &str| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{} {one}{plural}", format_count(number))
        };
        let [backups, schedules, restores] = [(backups, "backup"), (schedules, "schedule"), (restores, "restore")]
            .map(|(number, one)| count(number, one));
        Some(format!("{backups}, {schedules} and {restores}"))
    }

    /// The task of this ticket panicked.
    pub(super) fn fail(&mut self, ticket: Ticket) {
        self.copying.take_if(|waiting| *waiting == ticket);
    }
}

impl Model {
    pub(super) fn handle_ledger(&mut self, command: LedgerCommand, cx: &mut StepContext) {
        let folder = self.data.export_folder();
        let now = self.data.now;
        let Some(open) = self.data.session.open_mut() else { return };
        match command {
            LedgerCommand::Accept => {
                open.history.other_services = None;
                cx.push(Effect::Ledger(LedgerEffect::Accept));
                open.refresh(cx);
            }
            LedgerCommand::AskForget => {
                let ticket = cx.ticket();
                open.history.held = Remote::default();
                open.history.held.begin(ticket);
                cx.push(Effect::Ledger(LedgerEffect::Count(ticket)));
                self.view.open(Dialog::ForgetHistory);
            }
            LedgerCommand::Forget => {
                if open.history.forgetting.is_none() {
                    let ticket = cx.ticket();
                    open.history.forgetting = Some(ticket);
                    cx.push(Effect::Ledger(LedgerEffect::Forget(ticket)));
                }
                self.close_dialog();
            }
            LedgerCommand::Export => {
                if open.history.copying.is_some() {
                    return cx.notify(Severity::Info, "The history is being exported already");
                }
                let ticket = cx.ticket();
                open.history.copying = Some(ticket);
                let wanted = SavePath {
                    file_type: "SQLite",
                    ending: "sqlite",
                    file_name: copy_name(&open.profile.name, now),
                    folder: Some(folder),
                };
                cx.push(Effect::Window(WindowEffect::PickLedgerPath(ticket, wanted)));
            }
        }
    }

    pub(super) fn apply_ledger(&mut self, event: LedgerEvent, cx: &mut StepContext) {
        let home = self.data.config.home.clone();
        if let LedgerEvent::NotDeleted(why) = event {
            return cx.notify(Severity::Warning, format!("The history of the removed profile is still there: {why}"));
        }
        let Some(open) = self.data.session.open_mut() else { return };
        if let LedgerEvent::BackupsRead(ticket, read) = &event
            && open.moments.history_read(*ticket, read, cx.service_now)
        {
            return;
        }
        let history = &mut open.history;
        match event {
            LedgerEvent::GoneSchedulesRead(ticket, gone) => {
                if let Some(form) = &mut self.view.batch {
                    form.gone.settle(ticket, gone, cx.service_now);
                }
            }
            LedgerEvent::Known(session, known) if session == open.ticket => open.recall(known, cx),
            LedgerEvent::Failed(session, why) if session == open.ticket => {
                let detail = "Backups that SkySQL no longer lists cannot be looked up here. All else works as usual";
                let text = format!("No history of this profile is kept: {why}");
                history.is_unavailable = true;
                open.lists.show_backups(RowSource::Listed);
                cx.notify_with(Severity::Warning, text, Some(detail.to_owned()), None);
            }
            LedgerEvent::Quarantined(session, name) if session == open.ticket => {
                let detail = format!("The damaged file is kept as {name}, in the folder of the history");
                let text = "The history of this profile was damaged, so a new one was begun";
                open.lists.read_history(cx);
                open.calendar.forget();
                cx.notify_with(Severity::Warning, text, Some(detail), None);
            }
            LedgerEvent::OtherServices(session, known) if session == open.ticket => {
                history.other_services = Some(known);
            }
            LedgerEvent::BackupsRead(ticket, Ok(seen)) if open.lists.all_seen.remote.awaits(ticket) => {
                history.since = seen.since;
                open.lists.all_seen.settle(ticket, Ok(Listed::all(seen.rows)), cx.service_now);
            }
            LedgerEvent::BackupsRead(ticket, Err(why)) if open.lists.all_seen.remote.awaits(ticket) => {
                open.lists.show_backups(RowSource::Listed);
                cx.notify(Severity::Warning, format!("The backups seen earlier cannot be shown: {why}"));
            }
            LedgerEvent::CalendarRead(ticket, result) => open.calendar.read(ticket, result),
            LedgerEvent::Counted(ticket, counted) => {
                history.held.settle(ticket, counted, cx.service_now);
            }
            LedgerEvent::PathPicked(ticket, picked) if history.copying == Some(ticket) => {
                let path = match picked {
                    PickedPath::Path(path) => path,
                    PickedPath::Cancelled => {
                        history.copying = None;
                        return;
                    }
                    // Without a dialog it goes where the user looks first, under a name with its time.
                    PickedPath::NoDialog => home.join(copy_name(&open.profile.name, cx.service_now)),
                };
                cx.push(Effect::Ledger(LedgerEffect::Export(ticket, path)));
            }
            LedgerEvent::Exported(ticket, written) if history.copying == Some(ticket) => {
                history.copying = None;
                match written {
                    Ok(path) => {
                        let name = path.display().to_string();
                        let action = NotificationAction::ShowInFolder(path);
                        cx.notify_with(Severity::Good, "History exported", Some(name), Some(action));
                    }
                    Err(why) => cx.notify(Severity::Bad, format!("The history was not exported: {why}")),
                }
            }
            LedgerEvent::Forgotten(ticket, result) if history.forgetting == Some(ticket) => {
                history.forgetting = None;
                match result {
                    Ok(()) => {
                        history.other_services = None;
                        open.lists.read_history(cx);
                        open.calendar.forget();
                        open.moments.forget_history();
                        cx.notify(Severity::Good, "History forgotten. It begins anew with the next refresh");
                    }
                    Err(why) => cx.notify(Severity::Bad, format!("The history was not forgotten: {why}")),
                }
            }
            // Of another session, or not waited for any more.
            LedgerEvent::Known(..)
            | LedgerEvent::Failed(..)
            | LedgerEvent::Quarantined(..)
            | LedgerEvent::OtherServices(..)
            | LedgerEvent::NotDeleted(_)
            | LedgerEvent::BackupsRead(..)
            | LedgerEvent::PathPicked(..)
            | LedgerEvent::Exported(..)
            | LedgerEvent::Forgotten(..) => {}
        }
    }
}

/// The name of a copy: profile and time, as an export has them.
fn copy_name(profile: &str, now: Timestamp) -> String {
    file_name("history", profile, "all", now, "sqlite")
}
