use super::*;
use crate::api::Progress;
use crate::msg::{ChangeCommand, ChangeEffect, ListCommand, ListEffect, ListEvent, PreferencesCommand, SessionEffect};

/// Why the last listing failed, unless another one is under way.
fn failure(bench: &Bench) -> Option<&ApiError> {
    let remote = &bench.model.data.backups().remote;
    remote.error().filter(|_| !remote.is_loading())
}

fn progress(ticket: Ticket, ids: &[&str]) -> Event {
    let rows: Vec<Backup> = ids.iter().map(|id| backup(id, "Succeeded")).collect();
    let progress = Progress { pages_read: 1, pages_count: Some(3), rows: rows.len() };
    Event::List(ListEvent::BackupsProgress(ticket, progress, Some(Rows::new(rows))))
}

fn partial(bench: &Bench) -> bool {
    matches!(&bench.model.data.backups().completeness, Completeness::Partial(_))
}

#[test]
fn a_second_refresh_asks_for_nothing_that_is_under_way() {
    let (mut bench, effects) = Bench::signed_in();
    assert_eq!(names(&effects)[1..], ["Open", "ListServices", "ListBackups", "ListSchedules", "FindOpenChanges"]);
    assert_eq!(names(&bench.handle(Command::List(ListCommand::Refresh))), Vec::<String>::new());
    bench.apply(backups(ticket(&effects, "ListBackups"), usual_backups()));
    assert_eq!(names(&bench.handle(Command::List(ListCommand::Refresh))), ["ListBackups"]);
}

/// Nothing came yet and something is on its way.
fn is_first_load(bench: &Bench) -> bool {
    let remote = &bench.model.data.backups().remote;
    remote.value().is_none() && remote.is_loading()
}

#[test]
fn the_newest_question_wins_and_shows_no_rows_of_the_old_one() {
    let mut bench = Bench::ready();
    let running = bench.handle(Command::List(ListCommand::Refresh));
    let asked = bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    assert_eq!(names(&asked), ["Cancel", "ListBackups"]);
    assert_eq!(ticket(&asked, "Cancel"), ticket(&running, "ListBackups"));
    assert_eq!((bench.backup_ids().len(), is_first_load(&bench)), (0, true));
    bench.apply(backups(ticket(&running, "ListBackups"), usual_backups()));
    assert_eq!(bench.backup_ids().len(), 0, "the response to the old question is late");
    bench.apply(backups(ticket(&asked, "ListBackups"), vec![backup("b2", "Failed")]));
    assert_eq!(bench.backup_ids(), ["b2"]);
    let again = bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    assert_eq!(
        (names(&again), bench.backup_ids()),
        (vec!["ListBackups".to_owned()], vec!["b2".to_owned()]),
        "the same question"
    );
    let ordered = bench.handle(Command::List(ListCommand::ServerOrder(Some(crate::api::Order::Ascending))));
    assert_eq!((names(&ordered).len(), bench.backup_ids()), (2, vec!["b2".to_owned()]), "only the order differs");
    let query = &bench.model.data.lists().query;
    assert_eq!((query.status.as_deref(), query.order), (Some("Failed"), Some(crate::api::Order::Ascending)));
}

#[test]
fn pages_are_shown_as_they_come_only_on_the_first_load() {
    let (mut bench, effects) = Bench::signed_in();
    let first = ticket(&effects, "ListBackups");
    assert!(is_first_load(&bench));
    bench.apply(progress(first, &["b1"]));
    assert_eq!((bench.backup_ids(), partial(&bench)), (vec!["b1".to_owned()], true));
    assert_eq!(bench.model.data.backups().progress.as_ref().unwrap().pages_count, Some(3));
    bench.answer_lists(&effects);
    assert_eq!((bench.backup_ids().len(), partial(&bench)), (3, false));
    assert_eq!(bench.model.data.backups().progress, None);

    bench.table(TableId::Backups, TableCommand::Select("b2".into()));
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(progress(ticket(&effects, "ListBackups"), &["b9"]));
    assert_eq!(bench.backup_ids().len(), 3, "a refresh keeps the old rows until it is done");
    assert!(bench.model.data.backups().progress.is_some());
    let rows = vec![backup("b2", "Succeeded"), backup("b9", "Running")];
    bench.apply(backups(ticket(&effects, "ListBackups"), rows));
    let table = bench.model.data.backups();
    assert_eq!(table.selection.ids().collect::<Vec<_>>(), ["b2"]);
    assert_eq!(
        table.focused.as_ref().unwrap().status,
        Some(Status::new("Succeeded")),
        "the detail shows the new state"
    );
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(backups(ticket(&effects, "ListBackups"), vec![backup("b9", "Succeeded")]));
    assert!(bench.model.data.backups().selection.is_empty() && bench.model.data.backups().focused.is_none());
}

#[test]
fn a_stopped_first_load_is_partial_has_an_age_and_is_not_begun_again_at_once() {
    let (mut bench, effects) = Bench::signed_in();
    let list = ticket(&effects, "ListBackups");
    bench.apply(progress(list, &["b1"]));
    bench.after(300);
    bench.apply(schedules(ticket(&effects, "ListSchedules"), usual_schedules()));
    let stopped = bench.handle(Command::List(ListCommand::CancelLoading(TableId::Backups)));
    assert_eq!((names(&stopped), ticket(&stopped, "Cancel")), (vec!["Cancel".to_owned()], list));
    assert_eq!((bench.backup_ids(), partial(&bench), failure(&bench)), (vec!["b1".to_owned()], true, None));
    assert!(!bench.model.data.backups().remote.is_loading());
    assert_eq!(bench.model.data.backups().remote.at, Some(bench.now));
    assert_eq!(names(&bench.after(1)), Vec::<String>::new());
    assert_eq!(bench.refresh_in(), Some(59));
    bench.apply(backups(list, usual_backups()));
    assert_eq!(bench.backup_ids(), ["b1"], "what was stopped stays stopped");

    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(progress(ticket(&effects, "ListBackups"), &["b2"]));
    assert_eq!(bench.backup_ids(), ["b1"]);
    bench.handle(Command::List(ListCommand::CancelLoading(TableId::Backups)));
    assert_eq!((bench.backup_ids(), partial(&bench)), (vec!["b1".to_owned()], true));
    assert_eq!(names(&bench.handle(Command::List(ListCommand::CancelLoading(TableId::Backups)))), Vec::<String>::new());
}

#[test]
fn a_stopped_refresh_leaves_the_complete_old_rows_complete() {
    let mut bench = Bench::ready();
    let read_at = bench.model.data.backups().remote.at;
    bench.now += SignedDuration::from_secs(30);
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(progress(ticket(&effects, "ListBackups"), &["b9"]));
    bench.handle(Command::List(ListCommand::CancelLoading(TableId::Backups)));
    assert_eq!((bench.backup_ids().len(), partial(&bench)), (3, false));
    assert_eq!(bench.model.data.backups().remote.at, read_at);
}

#[test]
fn a_refresh_that_broke_off_leaves_the_whole_old_list() {
    let mut bench = Bench::ready();
    let all = bench.backup_ids().len();
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    let why = "page 2 did not come".to_owned();
    let first_page = Listed {
        rows: Rows::new(vec![backup("b1", "Succeeded")]),
        unreadable: 0,
        completeness: Completeness::Partial(why.clone()),
        rest: None,
        baseline: None,
    };
    bench.apply(Event::List(ListEvent::BackupsListed(ticket(&effects, "ListBackups"), Ok(first_page))));
    assert_eq!((bench.backup_ids().len(), partial(&bench)), (all, false));
    let Some(error) = failure(&bench) else { panic!("the failure is not shown") };
    assert_eq!(error.sentence(), why);
}

#[test]
fn a_key_refused_half_way_keeps_the_pages_as_partial() {
    let (mut bench, effects) = Bench::signed_in();
    let list = ticket(&effects, "ListBackups");
    bench.apply(progress(list, &["b1"]));
    let stopped = bench
        .apply(Event::List(ListEvent::BackupsListed(list, Err(error(ErrorKind::KeyRefused, Operation::ListBackups)))));
    assert_eq!(names(&stopped), ["Cancel", "Cancel"], "schedules and services");
    assert_eq!((bench.backup_ids(), partial(&bench)), (vec!["b1".to_owned()], true));
    assert_eq!(
        bench.model.data.backups().completeness,
        Completeness::Partial("reading was stopped".to_owned()),
        "it is no longer being read"
    );
}

#[test]
fn a_refused_key_stops_everything_and_nothing_is_read_with_it_again() {
    let refused = error(ErrorKind::KeyRefused, Operation::ListSchedules);
    for from in ["list", "services", "single"] {
        let mut bench = Bench::ready();
        bench.model.view.detail = true;
        let mut running = bench.handle(Command::List(ListCommand::Refresh));
        running.extend(bench.table(TableId::Schedules, TableCommand::Select("1".into())));
        let event = match from {
            "list" => Event::List(ListEvent::SchedulesListed(ticket(&running, "ListSchedules"), Err(refused.clone()))),
            "services" => {
                Event::List(ListEvent::ServicesListed(ticket(&running, "ListServices"), Err(refused.clone())))
            }
            _ => Event::List(ListEvent::ScheduleRead(ticket(&running, "ReadSchedule"), Err(refused.clone()))),
        };
        let stopped = bench.apply(event);
        assert_eq!(names(&stopped), ["Cancel", "Cancel", "Cancel"], "{from}: the other three");
        assert_eq!(bench.model.data.session.open().unwrap().refused, Some(refused.clone()), "{from}");
        assert_eq!(bench.backup_ids().len(), 3, "the data stays");
        let service = ServiceId::new("db1");
        for command in [
            Command::List(ListCommand::Refresh),
            Command::List(ListCommand::ServerStatus(None)),
            Command::List(ListCommand::ServerService(Some(service.clone()))),
            Command::List(ListCommand::ShowBackupsOf(service.clone())),
            Command::List(ListCommand::ReadSchedule(ScheduleId::new("1"))),
            Command::Change(ChangeCommand::Suspend(ScheduleId::new("1"))),
            Command::Change(ChangeCommand::VerifyChange),
        ] {
            assert_eq!(names(&bench.handle(command.clone())), Vec::<String>::new(), "{from}: {command:?}");
        }
        assert_eq!(names(&bench.after(100_000)), Vec::<String>::new(), "{from}");
        assert_eq!(bench.model.next_refresh(), None);
    }
}

#[test]
fn offline_tries_come_ever_more_rarely_and_the_first_response_ends_them() {
    let (mut bench, mut effects) = Bench::signed_in();
    effects.retain(|effect| {
        !matches!(
            effect,
            Effect::Change(ChangeEffect::FindOpenChanges { .. }) | Effect::Session(SessionEffect::UseSession(_))
        )
    });
    for want in [5, 10, 20, 40, 60, 60] {
        bench.now += SignedDuration::from_secs(3);
        for effect in &effects {
            let event = match effect {
                Effect::List(ListEffect::ListBackups { ticket, .. }) => {
                    Event::List(ListEvent::BackupsListed(*ticket, Err(offline(Operation::ListBackups))))
                }
                Effect::List(ListEffect::ListSchedules { ticket, .. }) => {
                    Event::List(ListEvent::SchedulesListed(*ticket, Err(offline(Operation::ListSchedules))))
                }
                Effect::List(ListEffect::ListServices { ticket }) => {
                    Event::List(ListEvent::ServicesListed(*ticket, Err(offline(Operation::ListServices))))
                }
                Effect::Ledger(_) => continue,
                other => panic!("{other:?}"),
            };
            assert_eq!(names(&bench.apply(event)), Vec::<String>::new());
        }
        assert!(bench.model.data.lists().is_offline());
        assert_eq!(bench.refresh_in(), Some(want));
        assert_eq!(names(&bench.after(want - 1)), Vec::<String>::new());
        effects = bench.after(1);
        assert_eq!(names(&effects), ["ListServices", "ListBackups", "ListSchedules"]);
    }
    bench.answer_lists(&effects);
    assert!(!bench.model.data.lists().is_offline());
    assert_eq!(bench.refresh_in(), Some(60));
    let effects = bench.after(60);
    bench.apply(Event::List(ListEvent::BackupsListed(
        ticket(&effects, "ListBackups"),
        Err(offline(Operation::ListBackups)),
    )));
    bench.apply(schedules(ticket(&effects, "ListSchedules"), usual_schedules()));
    assert_eq!(bench.refresh_in(), Some(5), "the count begins anew");
}

#[test]
fn automatic_refresh_keeps_its_pause_and_hurries_while_a_backup_runs() {
    let mut bench = Bench::ready();
    assert_eq!(bench.refresh_in(), Some(60));
    bench.handle(Command::Preferences(PreferencesCommand::SetAutoRefresh(300)));
    assert_eq!(bench.refresh_in(), Some(300));
    bench.handle(Command::Preferences(PreferencesCommand::SetAutoRefresh(1)));
    assert_eq!(bench.refresh_in(), Some(30), "never below the least pause");
    bench.handle(Command::Preferences(PreferencesCommand::SetAutoRefresh(300)));
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    assert_eq!(bench.refresh_in(), None, "not while it is being read");
    bench.apply(backups(ticket(&effects, "ListBackups"), vec![backup("b1", "Running")]));
    bench.apply(schedules(ticket(&effects, "ListSchedules"), usual_schedules()));
    assert_eq!(bench.refresh_in(), Some(30));
    bench.handle(Command::Preferences(PreferencesCommand::SetAutoRefresh(0)));
    assert_eq!((bench.refresh_in(), names(&bench.after(100_000))), (None, vec!["SaveSettings".to_owned()]));
}

#[test]
fn a_reading_longer_than_the_pause_is_not_followed_by_the_next_at_once() {
    let (mut bench, effects) = Bench::signed_in();
    assert_eq!(names(&bench.after(400)), Vec::<String>::new());
    bench.answer_lists(&effects);
    assert_eq!(names(&bench.after(0)), Vec::<String>::new());
    assert_eq!(bench.refresh_in(), Some(60));
}

#[test]
fn no_refresh_comes_before_the_time_the_service_asked_for() {
    let mut bench = Bench::ready();
    let retry_at = Some(bench.now + SignedDuration::from_secs(600));
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    let busy = error(ErrorKind::TooManyRequests { retry_at }, Operation::ListBackups);
    bench.apply(Event::List(ListEvent::BackupsListed(ticket(&effects, "ListBackups"), Err(busy))));
    bench.apply(schedules(ticket(&effects, "ListSchedules"), usual_schedules()));
    assert_eq!(bench.refresh_in(), Some(600));
    assert_eq!(bench.backup_ids().len(), 3, "a failure keeps the old rows");
    assert!(failure(&bench).is_some());
}

#[test]
fn a_clock_set_back_does_not_put_off_the_next_refresh() {
    let mut bench = Bench::ready();
    bench.after(-86_400);
    assert_eq!(bench.refresh_in(), Some(60));
}

#[test]
fn schedules_that_need_the_services_are_asked_for_again_once_whichever_response_comes_last() {
    let rejected = || error(ErrorKind::Rejected, Operation::ListSchedules);
    for services_first in [true, false] {
        let (mut bench, effects) = Bench::signed_in();
        let refused = Event::List(ListEvent::SchedulesListed(ticket(&effects, "ListSchedules"), Err(rejected())));
        let known = services(ticket(&effects, "ListServices"), &["db1", "db2"]);
        let (first, last) = if services_first { (known, refused) } else { (refused, known) };
        assert_eq!(names(&bench.apply(first)), Vec::<String>::new());
        let again = bench.apply(last);
        assert!(
            matches!(&again[..], [Effect::List(ListEffect::ListSchedules { services, .. })] if services.len() == 2),
            "{services_first}: {again:?}"
        );
        let still =
            bench.apply(Event::List(ListEvent::SchedulesListed(ticket(&again, "ListSchedules"), Err(rejected()))));
        assert_eq!(names(&still), Vec::<String>::new(), "not for ever");
    }
}

#[test]
fn the_detail_pane_reads_its_schedule_and_puts_what_it_learns_into_the_table() {
    let mut bench = Bench::ready();
    let effects = bench.table(TableId::Schedules, TableCommand::Select("1".into()));
    assert_eq!(names(&effects), ["ReadSchedule"]);
    let next = bench.table(TableId::Schedules, TableCommand::MoveFocus { step: 1, extend: false });
    assert_eq!(names(&next), ["Cancel", "ReadSchedule"]);
    let focused = bench.model.data.schedules().focused.as_ref().unwrap().id.clone();
    bench.apply(Event::List(ListEvent::ScheduleRead(ticket(&effects, "ReadSchedule"), Ok(schedule("1", "1 1 * * *")))));
    assert_eq!(bench.model.data.lists().single_schedule.value(), None, "late");
    let now = Schedule { suspended: Some(true), ..schedule(focused.as_str(), "0 3 * * *") };
    bench.apply(Event::List(ListEvent::ScheduleRead(ticket(&next, "ReadSchedule"), Ok(now))));
    assert!(bench.model.data.schedules().find(focused.as_str()).unwrap().is_suspended());
    bench.table(TableId::Schedules, TableCommand::ToggleDetail);
    let step = TableCommand::MoveFocus { step: -1, extend: false };
    assert_eq!(names(&bench.table(TableId::Schedules, step)), Vec::<String>::new(), "nobody sees it");
    assert_eq!(names(&bench.table(TableId::Schedules, TableCommand::ToggleDetail)), ["ReadSchedule"]);
}

#[test]
fn showing_the_backups_of_a_service_asks_the_server_for_all_when_it_hides_them() {
    let mut bench = Bench::ready();
    let db2 = ServiceId::new("db2");
    assert_eq!(
        names(&bench.handle(Command::List(ListCommand::ShowBackupsOf(ServiceId::new("db1"))))),
        Vec::<String>::new()
    );
    assert_eq!(bench.backup_ids().len(), 3);
    let asked = bench.handle(Command::List(ListCommand::ServerService(Some(db2.clone()))));
    bench.answer_lists(&asked);
    assert_eq!(names(&bench.handle(Command::List(ListCommand::ShowBackupsOf(db2)))), Vec::<String>::new());
    assert_eq!(names(&bench.handle(Command::List(ListCommand::ShowBackupsOf(ServiceId::new("db1"))))), ["ListBackups"]);
    assert_eq!(bench.model.data.lists().query.service_id, None);
    assert_eq!(bench.model.view.screen, crate::msg::Screen::Backups);
}
