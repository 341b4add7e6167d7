use super::*;
use crate::draft::SchedulePatch;
use crate::msg::{ChangeCommand, ListCommand, ListEvent, SystemEvent, WindowCommand};

/// A response whose clock is this number of seconds ahead of this computer's.
fn answer(bench: &Bench, ahead: i64) -> Event {
    let server_date = bench.now.checked_add(SignedDuration::from_secs(ahead)).ok();
    Event::System(SystemEvent::Requested(bench.session(), RequestRecord { server_date, ..bench.record() }))
}

#[test]
fn a_wrong_clock_of_this_computer_is_made_up_for_and_said() {
    let cases = [
        (10_800, "The clock of this computer is 3 h behind SkySQL's"),
        (-420, "The clock of this computer is 7 min ahead of SkySQL's"),
    ];
    for (ahead, said) in cases {
        let mut bench = Bench::ready();
        let due = |bench: &Bench| bench.model.next_refresh().map(|at| at.duration_since(bench.model.data.now));
        let (read_at, due_before) = (bench.model.data.backups().remote.at.unwrap(), due(&bench));
        bench.apply(answer(&bench, ahead));
        let data = &bench.model.data;
        assert_eq!(data.now.duration_since(bench.now).as_secs(), ahead);
        assert_eq!(bench.notifications(), [said]);
        // What was read a moment ago is still as old as it was, and the next refresh comes when it would have come.
        assert_eq!(data.backups().remote.at.unwrap().duration_since(read_at).as_secs(), ahead);
        assert_eq!(due(&bench), due_before);
        bench.apply(answer(&bench, ahead + 1));
        assert_eq!(bench.notifications().len(), 1, "said once");
        // The user sets the clock: what was read keeps its age.
        bench.now += SignedDuration::from_secs(ahead);
        bench.apply(answer(&bench, 0));
        assert_eq!(bench.model.data.now, bench.now, "the clock was set right");
        assert_eq!(bench.model.data.backups().remote.at.unwrap().duration_since(read_at).as_secs(), ahead);
    }
}

#[test]
fn clocks_that_differ_a_little_are_not_meddled_with() {
    for ahead in [0, 1, -59, 59] {
        let mut bench = Bench::ready();
        bench.apply(answer(&bench, ahead));
        assert_eq!((bench.model.data.now, bench.notifications()), (bench.now, vec![]), "{ahead}");
    }
    let mut bench = Bench::ready();
    bench.apply(answer(&bench, 120));
    assert_eq!(bench.model.data.now.duration_since(bench.now).as_secs(), 120);
    assert_eq!(bench.notifications(), Vec::<&str>::new(), "made up for without a word");
}

#[test]
fn a_pause_the_service_asks_for_is_counted_down_to_its_end() {
    let mut bench = Bench::ready();
    bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now + SignedDuration::from_secs(12))));
    assert_eq!(bench.model.data.pause_secs(), Some(13));
    assert_eq!(bench.model.next_wake(), Some(bench.now + SignedDuration::from_secs(1)), "every second");
    bench.after(5);
    assert_eq!(bench.model.data.pause_secs(), Some(8));
    bench.apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now + SignedDuration::from_secs(2))));
    assert_eq!(bench.model.data.pause_secs(), Some(8), "a shorter one changes nothing");
    bench.after(7);
    assert_eq!(bench.model.data.pause_secs(), None);
    bench.apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now - SignedDuration::from_secs(2))));
    assert_eq!(bench.model.data.pause_secs(), None, "it is over");
}

/// Ready, and the last refresh was answered with a wish to wait for an hour.
fn asked_to_wait() -> Bench {
    let mut bench = Bench::ready();
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    let retry_at = Some(bench.now + SignedDuration::from_hours(1));
    let refused = error(ErrorKind::Server { retry_at }, Operation::ListBackups);
    bench.apply(Event::List(ListEvent::BackupsListed(ticket(&effects, "ListBackups"), Err(refused))));
    bench.apply(schedules(ticket(&effects, "ListSchedules"), usual_schedules()));
    bench.apply(services(ticket(&effects, "ListServices"), &["db1"]));
    bench
}

#[test]
fn while_the_service_wants_to_be_left_alone_the_user_is_asked_once() {
    let mut bench = asked_to_wait();
    assert_eq!(bench.refresh_in(), Some(3_600));
    assert_eq!(names(&bench.after(1_000)), Vec::<String>::new(), "nothing automatically");
    assert_eq!(names(&bench.handle(Command::List(ListCommand::Refresh))), Vec::<String>::new());
    assert_eq!(bench.model.view.dialog, Some(Dialog::AskedToWait));
    let effects = bench.handle(Command::List(ListCommand::RefreshAnyway));
    assert_eq!(names(&effects), ["ClearRateLimit", "ListServices", "ListBackups", "ListSchedules"]);
    assert_eq!(bench.model.view.dialog, None);

    let mut bench = asked_to_wait();
    bench.now += SignedDuration::from_hours(1);
    assert_eq!(
        names(&bench.handle(Command::List(ListCommand::Refresh))),
        ["ListServices", "ListBackups", "ListSchedules"],
        "over"
    );
}

#[test]
fn after_a_sleep_old_reads_end_connections_are_new_and_one_refresh_comes_soon() {
    let mut bench = Bench::ready();
    bench.handle(Command::List(ListCommand::Refresh));
    let effects = bench.apply(Event::System(SystemEvent::SystemResumed));
    assert_eq!(names(&effects), ["Cancel", "Cancel", "Cancel", "Reconnect"]);
    assert!(!bench.model.data.lists().is_loading());
    let due = bench.refresh_in().unwrap();
    assert!((2..=5).contains(&due), "{due}");
    assert_eq!(names(&bench.after(due + 1)), ["ListServices", "ListBackups", "ListSchedules"]);
    bench.apply(Event::System(SystemEvent::SystemResumed));
    let mut out = Bench::new(start()).0;
    assert_eq!(
        names(&out.apply(Event::System(SystemEvent::SystemResumed))),
        Vec::<String>::new(),
        "nobody is signed in"
    );
}

#[test]
fn without_automatic_refresh_a_sleep_reads_again_only_what_it_broke_off() {
    let mut bench = Bench::ready();
    bench.model.data.settings.preferences.auto_refresh_secs = 0;
    assert_eq!(names(&bench.apply(Event::System(SystemEvent::SystemResumed))), ["Reconnect"]);
    assert_eq!(bench.refresh_in(), None);
    bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(Event::System(SystemEvent::SystemResumed));
    let due = bench.refresh_in().unwrap();
    let effects = bench.after(due + 1);
    assert_eq!(names(&effects), ["ListServices", "ListBackups", "ListSchedules"]);
    bench.answer_lists(&effects);
    assert_eq!(bench.refresh_in(), None, "once");
}

#[test]
fn a_change_on_its_way_into_a_sleep_is_looked_for_and_never_resent_automatically() {
    let mut bench = Bench::ready();
    let sent = bench.act(Command::Change(ChangeCommand::UpdateSchedule(
        ScheduleId::new("1"),
        SchedulePatch { suspended: Some(true), ..SchedulePatch::default() },
    )));
    let effects = bench.apply(Event::System(SystemEvent::SystemResumed));
    assert_eq!(names(&effects), ["Reconnect", "Cancel", "CheckChange"]);
    assert_eq!(ticket(&effects, "Cancel"), ticket(&sent, "UpdateSchedule"));
    let change = bench.model.data.change().unwrap();
    assert!(matches!(change.state, ChangeState::Checking) && change.ticket == ticket(&effects, "CheckChange"));
}

#[test]
fn a_change_that_waits_for_a_pause_can_be_given_up_and_is_looked_for() {
    let mut bench = Bench::ready();
    bench.act(Command::Change(ChangeCommand::Suspend(ScheduleId::new("1"))));
    bench.apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now + SignedDuration::from_secs(30))));
    let effects = bench.handle(Command::Change(ChangeCommand::CancelChange));
    assert_eq!(names(&effects), ["Cancel", "CheckChange"]);
    assert_eq!(bench.model.data.pause_secs(), Some(31), "the look waits for it too");
}

#[test]
fn a_window_nobody_sees_reads_nothing_automatically() {
    let mut bench = Bench::ready();
    bench.model.view.is_hidden = true;
    assert_eq!((bench.refresh_in(), names(&bench.after(1_000))), (None, vec![]));
    bench.model.view.is_hidden = false;
    assert_eq!(names(&bench.after(0)), ["ListServices", "ListBackups", "ListSchedules"], "overdue");
}

#[test]
fn notices_leave_by_the_clock_that_they_were_timed_with() {
    for ahead in [10_800, -420] {
        let mut bench = Bench::ready();
        bench.apply(answer(&bench, ahead));
        bench.handle(Command::Window(WindowCommand::Copy(String::new(), "Text")));
        bench.after(3);
        assert_eq!(bench.notifications().len(), 2, "{ahead}: it stays for a while");
        bench.after(10);
        assert_eq!(bench.notifications().len(), 1, "{ahead}: and no longer");
    }
}

#[test]
fn only_a_steady_response_of_the_service_tells_the_time() {
    let mut bench = Bench::ready();
    let Event::System(SystemEvent::Requested(_, good)) = answer(&bench, 10_800) else { panic!() };
    let slept = RequestRecord { at: bench.now - SignedDuration::from_hours(8), ..good.clone() };
    let set_back = RequestRecord { at: bench.now - SignedDuration::from_secs(20), duration_ms: 10, ..good.clone() };
    let refused = RequestRecord { status: Some(502), outcome: "502".to_owned(), ..good.clone() };
    let foreign = RequestRecord { outcome: "200, not from SkySQL".to_owned(), ..good };
    for record in [slept, set_back, refused, foreign] {
        bench.apply(Event::System(SystemEvent::Requested(bench.session(), record)));
    }
    assert_eq!(bench.model.data.now, bench.now);
    let Event::System(SystemEvent::Requested(_, good)) = answer(&bench, 10_800) else { panic!() };
    let slow = RequestRecord { at: bench.now - SignedDuration::from_secs(20), duration_ms: 20_000, ..good };
    bench.apply(Event::System(SystemEvent::Requested(bench.session(), slow)));
    assert_eq!(bench.model.data.now, bench.now + SignedDuration::from_secs(10_800), "slow, but steady");
}

#[test]
fn a_clock_of_this_computer_that_is_set_back_delays_no_save_and_keeps_no_notice() {
    let mut bench = Bench::ready();
    bench.handle(Command::Window(WindowCommand::Copy(String::new(), "Text")));
    bench.table(TableId::Backups, TableCommand::Resize("status".into(), 222.0));
    bench.now -= SignedDuration::from_hours(3);
    bench.tick();
    assert!(names(&bench.after(1)).contains(&"SaveSettings".to_owned()));
    bench.after(6);
    assert_eq!(bench.notifications(), Vec::<&str>::new());
}
