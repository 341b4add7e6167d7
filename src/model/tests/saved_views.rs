use super::*;
use crate::grid::{Direction, Filter, Period, RowSource, Span};
use crate::msg::{ListCommand, ViewsCommand, WindowCommand};
use crate::settings::SavedView;

fn views(command: ViewsCommand) -> Command {
    Command::Views(command)
}

fn filter(bench: &mut Bench, filter: Filter) {
    bench.table(TableId::Backups, TableCommand::SetFilter(filter));
}

fn failed() -> Filter {
    Filter { statuses: ["Failed".to_owned()].into(), ..Filter::default() }
}

fn save(bench: &mut Bench, name: &str) {
    bench.handle(views(ViewsCommand::AskSave));
    bench.handle(views(ViewsCommand::Save(name.to_owned())));
}

fn saved(bench: &Bench) -> Vec<&str> {
    bench.model.data.settings.saved_views.iter().map(|view| view.name.as_str()).collect()
}

#[test]
fn a_view_lies_over_the_table_of_the_user_which_comes_back_with_its_screen() {
    let mut bench = Bench::ready();
    let own = Filter { text: "db1".to_owned(), ..Filter::default() };
    filter(&mut bench, own.clone());
    bench.model.view.backups_search = "db1".to_owned();
    let own_layout = bench.model.data.backups().layout.clone();
    bench.handle(Command::Window(WindowCommand::Go(Screen::Schedules)));
    bench.table(TableId::Schedules, TableCommand::SortTo("service_name".into(), Direction::Descending));
    save(&mut bench, "By service");
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    filter(&mut bench, failed());
    bench.table(TableId::Backups, TableCommand::Show("server_pod".into(), true));
    save(&mut bench, "  Failed  ");
    assert_eq!(saved(&bench), ["By service", "Failed"]);
    assert_eq!(bench.model.data.open_view(Screen::Backups), Some("Failed"), "it is what is shown");

    // The user goes on with another filter of their own.
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    filter(&mut bench, own.clone());
    bench.model.view.backups_search = "db1".to_owned();
    let kept = bench.model.data.settings.backups_table.clone();
    bench.handle(views(ViewsCommand::Open("Failed".to_owned())));
    assert_eq!((bench.model.view.screen, bench.model.view.backups_search.as_str()), (Screen::Backups, ""));
    assert_eq!(bench.backup_ids(), ["b2"]);
    bench.table(TableId::Backups, TableCommand::Show("server_pod".into(), false));
    assert_eq!(bench.model.data.settings.backups_table, kept, "the columns of a view are its own");
    bench.handle(Command::Window(WindowCommand::Go(Screen::Activity)));
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    assert_eq!(bench.model.data.backups().filter, own);
    assert_eq!(bench.model.view.backups_search, "db1");
    assert_eq!(Some(&bench.model.data.backups().layout), kept.as_ref());
    assert_ne!(bench.model.data.backups().layout, own_layout, "as it was left");
    assert_eq!(bench.model.data.open_view(Screen::Backups), None);
}

#[test]
fn jumps_to_other_rows_leave_the_view() {
    let mut bench = Bench::ready();
    save(&mut bench, "Everything");
    bench.handle(views(ViewsCommand::Open("Everything".to_owned())));
    bench.handle(Command::List(ListCommand::ShowBackupsOf(ServiceId::new("db2"))));
    assert_eq!(bench.model.data.open_view(Screen::Backups), None);
    assert_eq!(bench.model.data.backups().filter.services, ["db2".to_owned()].into());
}

#[test]
fn a_period_up_to_now_moves_with_the_time() {
    let mut bench = Bench::ready();
    let period = |from: Timestamp| Period { from: Some(from), until: None, up_to_now: Some(Span::Hours(24)) };
    let day = SignedDuration::from_hours(24);
    let began = period(bench.now - day);
    filter(&mut bench, Filter { period: began, ..Filter::default() });
    save(&mut bench, "Last day");
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    bench.now += SignedDuration::from_hours(50);
    bench.handle(views(ViewsCommand::Open("Last day".to_owned())));
    assert_eq!(bench.model.data.backups().filter.period, period(bench.now - day));
    bench.after(1_800);
    let half_an_hour_ago = bench.now - SignedDuration::from_mins(30) - day;
    assert_eq!(bench.model.data.backups().filter.period, period(half_an_hour_ago), "not sorted anew all the time");
    bench.after(1_800);
    assert_eq!(bench.model.data.backups().filter.period, period(bench.now - day));
}

#[test]
fn views_are_renamed_ordered_deleted_and_put_back() {
    let mut bench = Bench::ready();
    for name in ["a", "b", "c"] {
        save(&mut bench, name);
    }
    bench.handle(views(ViewsCommand::Move { from: 2, to: 0 }));
    assert_eq!(saved(&bench), ["c", "a", "b"]);
    for (from, to) in [("a", " z "), ("b", "c"), ("b", "  "), ("gone", "x")] {
        bench.handle(views(ViewsCommand::Rename { from: from.to_owned(), to: to.to_owned() }));
    }
    assert_eq!(saved(&bench), ["c", "z", "b"], "no two of one name, and none without");
    bench.handle(views(ViewsCommand::Open("z".to_owned())));
    bench.handle(views(ViewsCommand::Delete("z".to_owned())));
    assert_eq!((saved(&bench), bench.model.data.open_view(Screen::Backups)), (vec!["c", "b"], None));
    let undo = bench.model.data.notifications.list.last().unwrap().action.clone();
    let Some(NotificationAction::RestoreView(at, view)) = undo else { panic!("{undo:?}") };
    bench.handle(views(ViewsCommand::Restore(at, view)));
    assert_eq!(saved(&bench), ["c", "z", "b"]);
    save(&mut bench, "b");
    assert_eq!(saved(&bench), ["c", "z", "b"], "saved under a known name, it takes its place");
}

#[test]
fn views_are_handed_on_as_a_text() {
    let mut bench = Bench::ready();
    filter(&mut bench, failed());
    save(&mut bench, "Failed");
    let effects = bench.handle(views(ViewsCommand::Copy));
    let [Effect::Window(WindowEffect::CopyText(text))] = &effects[..] else { panic!("{effects:?}") };
    let before = bench.model.data.settings.saved_views.clone();
    let mut other = Bench::ready();
    other.handle(views(ViewsCommand::Import("nothing of the kind".to_owned())));
    assert_eq!(saved(&other), Vec::<&str>::new());
    other.handle(views(ViewsCommand::Import(text.clone())));
    other.handle(views(ViewsCommand::Import(text.clone())));
    assert_eq!(other.model.data.settings.saved_views, before, "once");
    other.handle(views(ViewsCommand::Open("Failed".to_owned())));
    assert_eq!(other.backup_ids(), ["b2"]);
}

#[test]
fn a_view_of_all_seen_needs_a_history_and_gives_the_listed_ones_back() {
    let mut bench = Bench::ready();
    bench.handle(Command::List(ListCommand::ShowBackups(RowSource::AllSeen)));
    save(&mut bench, "All");
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    bench.handle(Command::List(ListCommand::ShowBackups(RowSource::Listed)));
    let effects = bench.handle(views(ViewsCommand::Open("All".to_owned())));
    assert_eq!(
        (names(&effects), bench.model.data.lists().backups_shown),
        (vec!["ReadBackups".to_owned()], RowSource::AllSeen)
    );
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    assert_eq!(bench.model.data.lists().backups_shown, RowSource::Listed);
    let view: SavedView = bench.model.data.settings.saved_views[0].clone();
    bench.model.data.session.open_mut().unwrap().history.is_unavailable = true;
    assert_eq!(names(&bench.handle(views(ViewsCommand::Open(view.name)))), Vec::<String>::new());
    assert_eq!(bench.notifications().last(), Some(&"No history of this profile is kept"));
}
