//! A session owns what was read, asked for and changed in it: the next one finds no trace.

use super::*;
use crate::msg::{
    ChangeCommand, ChangeEvent, ChangeOutcome, FormCommand, ListCommand, Screen, SessionCommand, SystemEvent,
    WindowCommand,
};

/// A response of the session with this ticket, whose clock is this far ahead.
fn response(bench: &Bench, session: Ticket, ahead: SignedDuration) -> Event {
    let server_date = bench.now.checked_add(ahead).ok();
    Event::System(SystemEvent::Requested(session, RequestRecord { server_date, ..bench.record() }))
}

/// Signed in to a service whose clock is five hours ahead, with something of every kind going on.
fn busy() -> Bench {
    let mut bench = Bench::ready();
    bench.apply(response(&bench, bench.session(), SignedDuration::from_hours(5)));
    bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    bench.model.view.backups_search = "orders".to_owned();
    bench.table(TableId::Backups, TableCommand::Select("b1".into()));
    bench.handle(Command::Window(WindowCommand::Go(Screen::Schedules)));
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let sent = bench.act(Command::Change(ChangeCommand::Suspend(ScheduleId::new("1"))));
    let lost = error(ErrorKind::Lost, Operation::UpdateSchedule);
    let unknown = ChangeOutcome::Unknown { error: lost, now: None };
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&sent, "UpdateSchedule"), unknown)));
    bench.apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now + SignedDuration::from_secs(60))));
    bench.handle(Command::Change(ChangeCommand::AskDelete(ScheduleId::new("1"))));
    let data = &bench.model.data;
    assert_eq!(data.clock_ahead(), SignedDuration::from_hours(5));
    assert!(data.change().is_some() && data.pause_secs().is_some() && bench.model.view.dialog.is_some());
    bench
}

fn assert_no_trace(bench: &Bench) {
    let (data, view) = (&bench.model.data, &bench.model.view);
    assert_eq!((data.clock_ahead(), data.now), (SignedDuration::ZERO, bench.now), "the clock");
    assert_eq!(data.lists().query, BackupQuery::default());
    assert!(
        data.backups().rows().is_empty()
            && data.schedules().rows().is_empty()
            && data.lists().known_services().is_empty()
    );
    assert!(data.backups().selection.is_empty() && data.schedules().selection.is_empty());
    assert!(data.change().is_none() && data.change_error().is_none() && data.export().is_none());
    assert_eq!(data.pause_secs(), None);
    assert!(view.dialog.is_none() && view.form.is_none());
    assert_eq!((view.backups_search.as_str(), view.schedules_search.as_str()), ("", ""));
}

#[test]
fn another_service_finds_no_trace_of_the_first() {
    let mut bench = busy();
    let (first, requests) = (bench.session(), bench.model.data.activity.len());
    bench.handle(Command::Session(SessionCommand::SignOut));
    assert_no_trace(&bench);
    bench.sign_in("Another");
    assert_no_trace(&bench);

    // Late news of the first session counts for it alone; the log keeps its requests.
    bench.apply(response(&bench, first, SignedDuration::from_hours(5)));
    bench.apply(Event::System(SystemEvent::RateLimited(first, bench.now + SignedDuration::from_secs(60))));
    assert_no_trace(&bench);
    assert_eq!(bench.model.data.activity.len(), requests + 1);

    let second = bench.session();
    bench.apply(response(&bench, second, SignedDuration::from_hours(-2)));
    assert_eq!(bench.model.data.clock_ahead(), SignedDuration::from_hours(-2), "its own clock");
}

#[test]
fn a_sign_in_over_the_session_does_not_tell_its_clock() {
    let mut bench = Bench::ready();
    let form = SignIn { name: "Another".to_owned(), ..sign_in(None, false) };
    let asked = bench.handle(Command::Session(SessionCommand::SignIn(form)));
    let other = ticket(&asked, "OpenSession");
    bench.apply(response(&bench, other, SignedDuration::from_hours(5)));
    bench.apply(Event::System(SystemEvent::RateLimited(other, bench.now + SignedDuration::from_secs(60))));
    assert_eq!((bench.model.data.clock_ahead(), bench.model.data.pause_secs()), (SignedDuration::ZERO, None));
    bench.apply(opened(&asked));
    assert_eq!(bench.session(), other);
    assert_no_trace(&bench);
}

#[test]
fn settings_and_notices_are_timed_by_this_computer_whatever_the_service_says() {
    let mut bench = Bench::ready();
    bench.apply(response(&bench, bench.session(), SignedDuration::from_hours(5)));
    let shown = bench.notifications().len();
    bench.table(TableId::Backups, TableCommand::Resize("id".into(), 222.0));
    bench.handle(Command::Session(SessionCommand::SignOut));
    assert_eq!(names(&bench.after_ms(700)).iter().filter(|name| *name == "SaveSettings").count(), 0, "not yet");
    assert_eq!(names(&bench.after_ms(200)).iter().filter(|name| *name == "SaveSettings").count(), 1);
    assert_eq!(bench.notifications().len(), shown, "the warning about the clock stays to be read");
}
