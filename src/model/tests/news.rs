//! Notifications of the desktop: told once, never lost, nothing where nobody wants any, and what a click shows.

use super::*;
use crate::domain::BackupType;
use crate::msg::{ListCommand, PreferencesCommand, SystemEvent};
use crate::notify::{DesktopNotification, NotificationSlot, NotifyError};

type Notes = Vec<(Ticket, DesktopNotification)>;

fn notes(effects: Vec<Effect>) -> Notes {
    let note = |effect| match effect {
        Effect::Notify(ticket, notification) => Some((ticket, notification)),
        _ => None,
    };
    effects.into_iter().filter_map(note).collect()
}

fn bodies(notes: &Notes) -> Vec<&str> {
    notes.iter().map(|(_, note)| note.body.as_str()).collect()
}

fn full(id: &str, service: &str, status: &str, start: Timestamp) -> Backup {
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new(service)),
        backup_type: Some(BackupType::Full),
        status: Some(Status::new(status)),
        start_time: Some(ApiTime::At(start)),
        end_time: Some(ApiTime::At(start)),
        storage_bytes: Some(1),
        ..Backup::default()
    }
}

impl Bench {
    /// What a poll ends with that lists these services, each with a fresh backup, and those whose newest run failed.
    fn poll(&mut self, good: &[&str], failed: &[&str], bad: &[&str]) -> Notes {
        let hours_ago = |hours| self.now - SignedDuration::from_hours(hours);
        let (yesterday, now) = (hours_ago(20), hours_ago(1));
        let mut rows: Vec<Backup> =
            good.iter().chain(failed).map(|id| full(&format!("{id}1"), id, "Succeeded", yesterday)).collect();
        rows.extend(failed.iter().map(|id| full(&format!("{id}2"), id, "Failed", now)));
        let all: Vec<&str> = good.iter().chain(failed).chain(bad).copied().collect();
        let effects = self.after(61);
        let mut asked = Vec::new();
        asked.extend(self.apply(backups(ticket(&effects, "ListBackups"), rows)));
        asked.extend(self.apply(services(ticket(&effects, "ListServices"), &all)));
        assert!(asked.is_empty(), "nothing is reported before the poll has ended");
        asked.extend(self.apply(schedules(ticket(&effects, "ListSchedules"), Vec::new())));
        notes(asked)
    }

    /// The first lists do not come, so that the polls of the test are the first.
    fn fail_lists(&mut self, effects: &[Effect]) {
        let lost = || offline(Operation::ListBackups);
        for effect in effects {
            let event = match effect {
                Effect::List(ListEffect::ListBackups { ticket, .. }) => ListEvent::BackupsListed(*ticket, Err(lost())),
                Effect::List(ListEffect::ListSchedules { ticket, .. }) => {
                    ListEvent::SchedulesListed(*ticket, Err(lost()))
                }
                Effect::List(ListEffect::ListServices { ticket }) => ListEvent::ServicesListed(*ticket, Err(lost())),
                _ => continue,
            };
            self.apply(Event::List(event));
        }
    }

    fn notified(&mut self, ticket: Ticket, result: Result<(), NotifyError>) {
        self.apply(Event::System(SystemEvent::Notified(ticket, result)));
    }

    fn set(&mut self, command: PreferencesCommand) {
        self.handle(Command::Preferences(command));
    }
}

/// Signed in to a saved profile; another program has the keyboard.
fn saved() -> Bench {
    let mut settings = Settings::default();
    settings.profiles.push(profile("a", URL));
    start_with(settings)
}

fn start_with(settings: Settings) -> Bench {
    let (mut bench, first) = Bench::new(ModelConfig { settings, ..start() });
    // A profile that was in use is opened at once.
    let asked = match &first[..] {
        [] => bench.handle(Command::Session(SessionCommand::SignIn(sign_in(Some("a"), false)))),
        _ => first,
    };
    let effects = bench.apply(opened(&asked));
    bench.fail_lists(&effects);
    bench
}

#[test]
fn a_problem_is_shown_once_and_again_when_it_comes_back() {
    let mut bench = saved();
    assert_eq!(bench.poll(&["a"], &[], &[]), []);
    let told = bench.poll(&[], &[], &["a"]);
    let [(ticket, note)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(
        (note.id, note.slot, note.title.as_str()),
        (ticket.0, NotificationSlot::Findings, "A service needs attention")
    );
    assert_eq!(note.body, "2 problems", "no schedule, and no backup");
    bench.notified(*ticket, Ok(()));
    assert_eq!(bench.poll(&[], &[], &["a"]), []);
    assert!(notes(bench.after(30)).is_empty(), "ages alone are no news");
    // One note for a poll, of what is new in it.
    let told = bench.poll(&[], &[], &["a", "b", "c"]);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].1.title.as_str(), told[0].1.body.as_str()), ("2 services need attention", "4 problems"));
    assert_eq!(bench.poll(&["a", "b", "c"], &[], &[]), []);
    assert_eq!(bench.poll(&[], &[], &["a", "b", "c"]).len(), 1);
}

#[test]
fn a_restart_repeats_nothing_and_loses_nothing() {
    let mut bench = saved();
    let told = bench.poll(&[], &[], &["a"]);
    // Until the desktop has it, it is not kept.
    assert!(bench.model.data.settings.profiles[0].told.is_empty());
    let mut lost = start_with(bench.model.data.settings.clone());
    assert_eq!(lost.poll(&[], &[], &["a"]).len(), 1);
    bench.notified(told[0].0, Ok(()));
    let kept = bench.model.data.settings.clone();
    let mut next = start_with(kept.clone());
    assert_eq!(next.poll(&[], &[], &["a"]), []);
    assert_eq!(next.poll(&[], &[], &["a", "b"]).len(), 1);
    assert!(bench.model.data.settings_unsaved_since.is_some());
}

#[test]
fn what_the_desktop_did_not_take_is_shown_with_the_next_poll_and_the_settings_say_why() {
    for (error, is_shown_again) in
        [(NotifyError::NoService, true), (NotifyError::Refused, true), (NotifyError::NoResponse, false)]
    {
        let mut bench = saved();
        let told = bench.poll(&[], &[], &["a"]);
        bench.notified(told[0].0, Err(error));
        assert_eq!(bench.model.data.notification_problem, Some(error));
        let again = bench.poll(&[], &[], &["a"]);
        assert_eq!(!again.is_empty(), is_shown_again, "{error:?}: it may be shown later");
        for (ticket, _) in again {
            bench.notified(ticket, Ok(()));
            assert_eq!(bench.model.data.notification_problem, None);
            assert_eq!(bench.poll(&[], &[], &["a"]), []);
        }
    }
    let mut bench = saved();
    let told = bench.poll(&[], &[], &["a"]);
    bench.apply(Event::System(SystemEvent::TaskPanicked(told[0].0)));
    assert_eq!(bench.poll(&[], &[], &["a"]).len(), 1);
}

#[test]
fn the_choice_decides_of_what_is_shown() {
    let cases =
        [(NotificationChoice::Off, 0, 0), (NotificationChoice::Problems, 0, 1), (NotificationChoice::All, 1, 1)];
    for (choice, warnings, problems) in cases {
        let mut bench = saved();
        bench.set(PreferencesCommand::SetNotifications(choice));
        assert_eq!(bench.poll(&["a", "b"], &[], &[]), []);
        assert_eq!(bench.poll(&["b"], &["a"], &[]).len(), warnings, "{choice:?}");
        assert_eq!(bench.poll(&[], &["a"], &["b"]).len(), problems, "{choice:?}");
        // What was there before is no news for another choice.
        bench.set(PreferencesCommand::SetNotifications(NotificationChoice::All));
        assert_eq!(bench.poll(&[], &["a"], &["b"]), []);
    }
}

#[test]
fn a_demo_tells_nothing() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.handle(Command::Session(SessionCommand::TryDemo));
    let effects = bench.apply(opened(&effects));
    bench.fail_lists(&effects);
    bench.set(PreferencesCommand::SetNotifications(NotificationChoice::All));
    assert_eq!(bench.poll(&[], &["a"], &["b"]), []);
}

#[test]
fn what_the_user_sees_is_not_told() {
    let sees = [(true, Screen::Overview, false), (true, Screen::Backups, true), (false, Screen::Overview, true)];
    for (is_focused, screen, is_shown) in sees {
        let mut bench = saved();
        bench.model.view.is_focused = is_focused;
        bench.model.view.screen = screen;
        assert_eq!(!bench.poll(&[], &[], &["a"]).is_empty(), is_shown, "{screen:?}");
        bench.model.view.is_focused = false;
        let again = bench.poll(&[], &[], &["a"]);
        assert!(again.is_empty(), "seen is reported: {again:?}");
    }
}

#[test]
fn a_question_that_leaves_rows_out_solves_nothing() {
    let mut bench = saved();
    let told = bench.poll(&[], &[], &["a"]);
    bench.notified(told[0].0, Ok(()));
    let effects = bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    assert!(notes(bench.apply(backups(ticket(&effects, "ListBackups"), Vec::new()))).is_empty());
    let effects = bench.handle(Command::List(ListCommand::ServerStatus(None)));
    assert!(notes(bench.apply(backups(ticket(&effects, "ListBackups"), Vec::new()))).is_empty());
    assert_eq!(bench.poll(&[], &[], &["a"]), []);
}

#[test]
fn names_are_shown_only_where_the_user_wants_them_and_never_more_than_three() {
    let mut bench = saved();
    bench.set(PreferencesCommand::SetNotifications(NotificationChoice::All));
    assert_eq!(bodies(&bench.poll(&[], &["orders"], &[])), ["The last full backup failed"]);
    bench.set(PreferencesCommand::SetNotificationNames(true));
    let told = bench.poll(&[], &["a", "b", "c", "d", "orders"], &[]);
    let line = |name: &str| format!("{name}: The last full backup failed");
    assert_eq!(bodies(&told), [format!("{}\n{}\n{}\nand 1 more", line("a"), line("b"), line("c"))]);
    let told = bench.poll(&[], &["a", "b", "c", "d", "orders", "x\u{202e}\ny"], &[]);
    assert_eq!(told[0].1.body.lines().count(), 1, "{told:?}");
}

#[test]
fn a_click_raises_the_window_and_opens_the_row() {
    let mut bench = saved();
    bench.set(PreferencesCommand::SetNotifications(NotificationChoice::All));
    let told = bench.poll(&["b"], &["a"], &[]);
    bench.model.view.screen = Screen::Settings;
    let effects = bench.apply(Event::System(SystemEvent::NotificationClicked(told[0].0)));
    assert_eq!(names(&effects), ["Raise"]);
    assert_eq!((bench.model.view.screen, bench.model.view.back_to), (Screen::Backups, Some(Screen::Settings)));
    assert_eq!(bench.model.data.backups().chosen().map(|row| row.id.as_str()), Some("a2"));
    // Of several findings, all of them.
    let told = bench.poll(&[], &["a"], &["b", "c"]);
    bench.model.view.overview.is_calendar = true;
    bench.apply(Event::System(SystemEvent::NotificationClicked(told[0].0)));
    assert_eq!((bench.model.view.screen, bench.model.view.overview.is_calendar), (Screen::Overview, false));
    // A session that ended leaves nothing to show.
    bench.handle(Command::Session(SessionCommand::SignOut));
    let screen = bench.model.view.screen;
    assert_eq!(names(&bench.apply(Event::System(SystemEvent::NotificationClicked(told[0].0)))), ["Raise"]);
    assert_eq!(bench.model.view.screen, screen);
}

#[test]
fn a_minimized_window_reads_on_as_long_as_its_user_wants_to_be_told() {
    let mut bench = saved();
    bench.poll(&["a"], &[], &[]);
    bench.model.view.is_hidden = true;
    assert!(bench.refresh_in().is_some());
    bench.set(PreferencesCommand::SetNotifications(NotificationChoice::Off));
    assert_eq!(bench.refresh_in(), None);
}
