//! Jumps from other screens to some rows of a table: what the table was like before comes back.

use super::*;
use crate::domain::BackupType;
use crate::grid::{Direction, Filter, Period, RowSource};
use crate::insight::Evidence;
use crate::msg::{ListCommand, ShownEvidence, ViewsCommand, WindowCommand};

fn own() -> Filter {
    Filter { text: "b".to_owned(), statuses: ["Succeeded".to_owned()].into(), ..Filter::default() }
}

/// On the overview, after the user has narrowed the backups.
fn on_overview() -> Bench {
    let mut bench = Bench::ready();
    bench.model.view.backups_search = "b".to_owned();
    bench.table(TableId::Backups, TableCommand::SetFilter(own()));
    go(&mut bench, Screen::Overview);
    bench
}

fn go(bench: &mut Bench, screen: Screen) {
    bench.handle(Command::Window(WindowCommand::Go(screen)));
}

fn jumps() -> Vec<ListCommand> {
    let service = ServiceId::new("db2");
    let rows = Evidence::Backups(vec![BackupId::new("b2")]);
    let period = Period { from: Some(Timestamp::UNIX_EPOCH), ..Period::default() };
    vec![
        ListCommand::ShowEvidence(ShownEvidence {
            service: service.clone(),
            backup_type: Some(BackupType::Full),
            rows,
        }),
        ListCommand::ShowBackupsSeen(service.clone(), period),
        ListCommand::ShowBackupsOf(service.clone()),
        ListCommand::ShowBackup(service, BackupId::new("b2")),
    ]
}

fn state(bench: &Bench) -> (Filter, String, RowSource) {
    let lists = bench.model.data.lists();
    (lists.shown_backups().filter.clone(), bench.model.view.backups_search.clone(), lists.backups_shown)
}

#[test]
fn the_filter_of_the_user_is_there_again_wherever_they_go() {
    for jump in jumps() {
        for next in [Screen::Overview, Screen::Backups, Screen::Activity] {
            let mut bench = on_overview();
            let before = state(&bench);
            bench.handle(Command::List(jump.clone()));
            assert_eq!(bench.model.view.screen, Screen::Backups);
            assert_ne!(state(&bench), before, "{jump:?}");
            go(&mut bench, next);
            assert_eq!(state(&bench), before, "{jump:?} and on to {next:?}");
        }
    }
}

#[test]
fn a_second_jump_keeps_what_was_there_before_the_first() {
    let mut bench = on_overview();
    let before = state(&bench);
    for jump in jumps() {
        bench.handle(Command::List(jump));
    }
    bench.handle(Command::List(ListCommand::ShowSuspended));
    assert_eq!((bench.model.view.screen, bench.model.view.back_to), (Screen::Schedules, Some(Screen::Backups)));
    assert!(bench.model.data.schedules().filter.suspended);
    assert_eq!(state(&bench), before);
    go(&mut bench, Screen::Schedules);
    assert!(bench.model.data.schedules().filter.is_empty());
}

#[test]
fn columns_chosen_after_a_jump_are_the_ones_of_the_user() {
    let mut bench = on_overview();
    bench.handle(Command::List(jumps().remove(0)));
    bench.table(TableId::Backups, TableCommand::SortTo("id".into(), Direction::Descending));
    go(&mut bench, Screen::Overview);
    let layouts = [Some(&bench.model.data.backups().layout), bench.model.data.settings.backups_table.as_ref()];
    assert!(layouts.into_iter().flatten().all(|layout| layout.sort[0].key == "id"));
}

#[test]
fn what_the_user_asks_for_on_the_screen_itself_stays() {
    let mut bench = on_overview();
    bench.handle(Command::List(jumps().remove(0)));
    bench.table(TableId::Backups, TableCommand::ClearFilter);
    go(&mut bench, Screen::Overview);
    assert!(bench.model.data.backups().filter.is_empty(), "all were asked for");

    go(&mut bench, Screen::Backups);
    bench.handle(Command::List(ListCommand::ShowBackupsOf(ServiceId::new("db2"))));
    go(&mut bench, Screen::Overview);
    assert_eq!(bench.model.data.backups().filter.services, ["db2".to_owned()].into(), "a filter like any other");
}

#[test]
fn the_other_backups_are_shown_under_the_filter_of_a_jump_and_stay() {
    let mut bench = on_overview();
    let (own, search, _) = state(&bench);
    bench.handle(Command::List(jumps().remove(0)));
    let (jump, ..) = state(&bench);
    bench.handle(Command::List(ListCommand::ShowBackups(RowSource::AllSeen)));
    assert_eq!(state(&bench), (jump, String::new(), RowSource::AllSeen));
    go(&mut bench, Screen::Overview);
    assert_eq!(state(&bench), (own, search, RowSource::AllSeen));
}

#[test]
fn a_jump_can_be_saved_as_a_view_and_the_table_comes_back_all_the_same() {
    let mut bench = on_overview();
    let before = state(&bench);
    bench.handle(Command::List(jumps().remove(0)));
    bench.handle(Command::Views(ViewsCommand::Save("db2".to_owned())));
    assert_eq!(bench.model.data.open_view(Screen::Backups), Some("db2"));
    go(&mut bench, Screen::Backups);
    assert_eq!((state(&bench), bench.model.data.open_view(Screen::Backups)), (before, None));
}
