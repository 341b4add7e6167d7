//! A table grouped by service: what is put in the files, what is selected, what is kept.

use super::*;
use crate::export::ExportColumns;
use crate::grid::{Direction, Filter, Focus};
use crate::msg::{CopyFormat, ListCommand, ViewsCommand, WindowCommand};
use crate::settings::SavedView;

/// Five backups of two services, the newest first; grouped.
fn grouped() -> Bench {
    let mut bench = Bench::ready();
    let rows = [("b1", "db2"), ("b2", "db1"), ("b3", "db2"), ("b4", "db1"), ("b5", "db2")];
    let rows = (0_i64..).zip(rows).map(|(number, (id, service))| Backup {
        start_time: Timestamp::from_second(1_000_000 - number).ok().map(ApiTime::At),
        service_id: Some(ServiceId::new(service)),
        service_name: Some(service.into()),
        ..backup(id, "Succeeded")
    });
    let refresh = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(backups(ticket(&refresh, "ListBackups"), rows.collect()));
    bench.table(TableId::Backups, TableCommand::GroupByService(true));
    bench
}

fn collapse(bench: &mut Bench, service: &str) {
    bench.table(TableId::Backups, TableCommand::Expand(ServiceId::new(service), false));
}

fn lines(bench: &Bench) -> Vec<String> {
    let table = bench.model.data.backups();
    table.lines.order().iter().filter_map(|&at| table.rows().id(at)).map(Into::into).collect()
}

#[test]
fn files_and_copies_have_the_rows_in_the_order_shown_and_none_of_the_groups() {
    let mut bench = grouped();
    assert_eq!(bench.backup_ids(), ["b2", "b4", "b1", "b3", "b5"]);
    collapse(&mut bench, "db1");
    assert_eq!(lines(&bench), ["b1", "b3", "b5"]);
    let snapshot = bench.model.data.backups().snapshot(ExportColumns::Visible);
    assert_eq!(*snapshot.order, [1, 3, 0, 2, 4], "a collapsed group is hidden from the eye, not from a file");
    bench.table(TableId::Backups, TableCommand::SelectAll);
    let copied = bench.table(TableId::Backups, TableCommand::CopyRows(CopyFormat::Tsv));
    let Effect::Table(TableEffect::Render(_, copied, ..)) = &copied[0] else { panic!("{copied:?}") };
    assert_eq!(copied.selection.shown(bench.model.data.backups().rows(), &copied.order), [0, 2, 4]);
}

#[test]
fn a_jump_to_a_row_in_a_collapsed_group_shows_it() {
    let mut bench = grouped();
    collapse(&mut bench, "db2");
    bench.handle(Command::List(ListCommand::ShowBackup(ServiceId::new("db2"), BackupId::new("b3"))));
    assert_eq!(bench.model.data.backups().chosen().map(|row| row.id.to_string()).as_deref(), Some("b3"));
    assert!(bench.model.data.backups().filter.is_empty(), "nothing had to be filtered for it");
    assert_eq!(lines(&bench).len(), 5);
}

#[test]
fn collapsing_all_leaves_the_keyboard_on_the_group_of_its_row() {
    let mut bench = grouped();
    bench.table(TableId::Backups, TableCommand::Select("b3".into()));
    bench.table(TableId::Backups, TableCommand::ExpandAll(false));
    let table = bench.model.data.backups();
    assert_eq!(table.selection.focus(), Some(&Focus::Group(ServiceId::new("db2"))));
    assert!(table.selection.is_empty() && table.chosen().is_none() && lines(&bench).is_empty());
    bench.table(TableId::Backups, TableCommand::Select("b3".into()));
    assert!(bench.model.data.backups().selection.is_empty(), "what has no line cannot be selected");
    bench.table(TableId::Backups, TableCommand::ExpandAll(true));
    assert_eq!(lines(&bench).len(), 5);
}

#[test]
fn what_is_collapsed_stays_over_a_refresh_a_sort_and_a_filter_but_not_over_another_grouping() {
    let mut bench = grouped();
    collapse(&mut bench, "db1");
    bench.table(TableId::Backups, TableCommand::SortTo("id".into(), Direction::Descending));
    assert_eq!(lines(&bench), ["b5", "b3", "b1"]);
    let filter = Filter { text: "db1".to_owned(), all_fields: true, ..Filter::default() };
    bench.table(TableId::Backups, TableCommand::SetFilter(filter));
    let table = bench.model.data.backups();
    assert_eq!((table.lines.len(), table.index.groups.len(), table.index.groups[0].rows), (1, 1, 2));
    bench.table(TableId::Backups, TableCommand::ClearFilter);
    bench.table(TableId::Backups, TableCommand::GroupByService(false));
    assert_eq!(lines(&bench), ["b5", "b4", "b3", "b2", "b1"]);
    bench.table(TableId::Backups, TableCommand::GroupByService(true));
    assert_eq!(lines(&bench).len(), 5);
}

#[test]
fn grouping_is_kept_in_the_settings_and_in_saved_views() {
    let mut bench = grouped();
    let kept = |bench: &Bench| bench.model.data.settings.backups_table.as_ref().map(|layout| layout.by_service);
    assert_eq!(kept(&bench), Some(true));
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    bench.handle(Command::Views(ViewsCommand::Save("By service".to_owned())));
    let saved: &SavedView = &bench.model.data.settings.saved_views[0];
    assert!(saved.layout.by_service);
    let text = crate::settings::views_to_text(std::slice::from_ref(saved));
    assert!(crate::settings::views_from_text(&text).unwrap()[0].layout.by_service);
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    bench.table(TableId::Backups, TableCommand::GroupByService(false));
    assert_eq!(kept(&bench), Some(false));
    bench.handle(Command::Views(ViewsCommand::Open("By service".to_owned())));
    assert_eq!(bench.model.data.backups().index.groups.len(), 2);
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    assert!(bench.model.data.backups().index.groups.is_empty(), "the table is again as the user has it");
}
