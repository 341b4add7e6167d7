use super::*;
use crate::export::TableRows;
use crate::grid::{Facet, Filter, IndexJob};
use crate::msg::{
    CopyFormat, ExportEvent, FileEffect, ListCommand, ListEvent, SessionCommand, SystemEvent, TableEffect, WindowEffect,
};

/// More rows than are put in order at once.
fn many(count: usize, status: &str) -> Vec<Backup> {
    (0..count).map(|number| backup(&format!("b{number:05}"), status)).collect()
}

fn job(effects: &[Effect]) -> (Ticket, IndexJob<Backup>) {
    let is_order = |effect: &&Effect| !matches!(effect, Effect::Table(TableEffect::AssessCoverage(..)));
    match effects.iter().filter(is_order).collect::<Vec<_>>()[..] {
        [Effect::Table(TableEffect::IndexBackups(ticket, job))] => (*ticket, (**job).clone()),
        _ => panic!("{} effects", effects.len()),
    }
}

fn search(text: &str) -> Command {
    Command::Table(TableId::Backups, TableCommand::SetFilter(Filter { text: text.to_owned(), ..Filter::default() }))
}

/// A table of 4,000 rows whose order came back.
fn large() -> Bench {
    let (mut bench, effects) = Bench::signed_in();
    bench.table(TableId::Backups, TableCommand::Show("id".into(), true));
    bench.after(1);
    let effects = bench.apply(backups(ticket(&effects, "ListBackups"), many(4_000, "Succeeded")));
    let (ticket, job) = job(&effects);
    let table = bench.model.data.backups();
    assert!(table.is_indexing());
    assert_eq!((table.rows().len(), table.index.order.len()), (4_000, 0), "neither empty nor in a wrong order");
    bench.apply(Event::List(ListEvent::BackupsIndexed(ticket, job.run())));
    assert_eq!(bench.backup_ids().len(), 4_000);
    bench
}

#[test]
fn few_rows_are_put_in_order_at_once_and_filters_and_sorts_hold() {
    let mut bench = Bench::ready();
    let status = |bench: &Bench| bench.model.data.backups().filter.statuses.iter().cloned().collect::<Vec<_>>();
    bench.table(TableId::Backups, TableCommand::FilterBy(Facet::Status, "Failed".to_owned()));
    assert_eq!((bench.backup_ids(), status(&bench)), (vec!["b2".to_owned()], vec!["Failed".to_owned()]));
    bench.table(TableId::Backups, TableCommand::ClearFilter);
    bench.model.view.backups_search = "b3".to_owned();
    bench.handle(search("b3"));
    assert_eq!(bench.backup_ids(), Vec::<&str>::new(), "no id is shown");
    bench.table(TableId::Backups, TableCommand::ClearFilter);
    assert_eq!((bench.model.view.backups_search.as_str(), bench.backup_ids().len()), ("", 3));
    let sort = |extend| TableCommand::Sort { key: "id".into(), extend };
    bench.table(TableId::Backups, sort(false));
    let first = bench.backup_ids().first().map(|id| (*id).to_owned());
    bench.table(TableId::Backups, sort(false));
    assert_ne!(bench.backup_ids().first().map(|id| (*id).to_owned()), first, "a second click turns it round");
    assert_eq!(bench.model.data.backups().facets.statuses.len(), 2);
}

#[test]
fn many_rows_are_put_in_order_elsewhere_one_work_at_a_time_the_newest_wish_last() {
    let mut bench = large();
    let (first, work) = job(&bench.handle(search("b0000")));
    assert_eq!(bench.backup_ids().len(), 4_000, "the old order stays");
    assert_eq!(names(&bench.handle(search("b00001"))), Vec::<String>::new(), "waits for its turn");
    bench.apply(Event::List(ListEvent::BackupsIndexed(Ticket(first.0 + 1_000), work.clone().run())));
    assert_eq!(bench.backup_ids().len(), 4_000, "an order nobody waits for");
    let (second, work) = job(&bench.apply(Event::List(ListEvent::BackupsIndexed(first, work.run()))));
    assert_eq!(bench.backup_ids().len(), 10);
    assert!(work.search_index.is_some(), "the search text is used again");
    assert!(work.facets.is_some(), "the rows are the same");
    assert_eq!(names(&bench.apply(Event::List(ListEvent::BackupsIndexed(second, work.run())))), Vec::<String>::new());
    assert_eq!(bench.backup_ids(), ["b00001"]);
    assert!(!bench.model.data.backups().is_indexing());
}

#[test]
fn while_new_rows_wait_for_their_order_the_old_rows_and_their_order_belong_together() {
    let mut bench = large();
    let wanted = bench.backup_ids()[5].to_owned();
    bench.table(TableId::Backups, TableCommand::Select(wanted.as_str().into()));
    let listing = bench.handle(Command::List(ListCommand::Refresh));
    let mut rows = many(4_001, "Failed");
    rows.reverse();
    let effects = bench.apply(backups(ticket(&listing, "ListBackups"), rows));
    assert_eq!(bench.backup_ids()[5], wanted);
    let revision = bench.model.data.backups().revision();
    assert_eq!(bench.model.data.backups().focused.as_ref().unwrap().status, Some(Status::new("Failed")));
    let copied = bench.table(TableId::Backups, TableCommand::CopyRows(CopyFormat::Tsv));
    let [Effect::Table(TableEffect::Render(_, table, ..))] = &copied[..] else { panic!("{copied:?}") };
    let TableRows::Backups(rows) = &table.rows else { panic!() };
    assert_eq!(rows.id(table.order[5]).unwrap(), wanted, "positions mean the rows they are given with");
    let (ticket, work) = job(&effects);
    bench.apply(Event::List(ListEvent::BackupsIndexed(ticket, work.run())));
    assert_eq!(bench.model.data.backups().rows().len(), 4_001);
    assert_ne!(bench.model.data.backups().revision(), revision, "changes with the rows shown, not before");
}

#[test]
fn an_order_comes_with_its_own_rows_even_when_newer_ones_came_before_it() {
    let mut bench = large();
    let (first, work) = job(&bench.handle(search("b03999")));
    let listing = bench.handle(Command::List(ListCommand::Refresh));
    let mut rows = many(4_001, "Failed");
    rows.reverse();
    let waits = bench.apply(backups(ticket(&listing, "ListBackups"), rows));
    assert_eq!(names(&waits), Vec::<String>::new(), "one at a time");
    let (second, newer) = job(&bench.apply(Event::List(ListEvent::BackupsIndexed(first, work.run()))));
    assert_eq!((bench.backup_ids(), bench.model.data.backups().rows().len()), (vec!["b03999".to_owned()], 4_000));
    assert!(newer.facets.is_none() && newer.search_index.is_none(), "the rows are others");
    bench.apply(Event::List(ListEvent::BackupsIndexed(second, newer.run())));
    assert_eq!((bench.backup_ids(), bench.model.data.backups().rows().len()), (vec!["b03999".to_owned()], 4_001));
}

#[test]
fn a_broken_order_is_not_tried_for_ever_but_the_next_wish_is() {
    let mut bench = large();
    let (ticket, _) = job(&bench.handle(search("b1")));
    assert_eq!(names(&bench.apply(Event::System(SystemEvent::TaskPanicked(ticket)))), Vec::<String>::new());
    assert!(!bench.model.data.backups().is_indexing());
    assert_eq!(names(&bench.after(1)), Vec::<String>::new());
    let (ticket, work) = job(&bench.handle(search("b00001")));
    bench.apply(Event::List(ListEvent::BackupsIndexed(ticket, work.run())));
    assert_eq!(bench.backup_ids(), ["b00001"]);
}

#[test]
fn columns_and_sort_are_written_to_the_settings_after_a_pause_once() {
    let mut bench = Bench::ready();
    bench.table(TableId::Backups, TableCommand::Select("b1".into()));
    assert_eq!(names(&bench.after(10)), Vec::<String>::new(), "a selection is no setting");
    assert_eq!(bench.model.data.settings.backups_table, None, "and the columns as delivered are nobody's choice");
    bench.table(TableId::Backups, TableCommand::Resize("id".into(), 222.0));
    bench.table(TableId::Backups, TableCommand::Show("labels".into(), true));
    bench.table(TableId::Backups, TableCommand::SortTo("id".into(), crate::grid::Direction::Ascending));
    let layout = bench.model.data.settings.backups_table.clone().unwrap();
    assert_eq!(layout.sort[0].key, "id");
    assert!(layout.columns.iter().any(|column| (column.width - 222.0).abs() < 0.1));
    assert_eq!(names(&bench.after_ms(700)), Vec::<String>::new());
    let saved = bench.after_ms(200);
    assert!(
        matches!(&saved[..], [Effect::File(FileEffect::SaveSettings(settings))] if settings.backups_table == Some(layout))
    );
    assert_eq!(names(&bench.after_ms(2_000)), Vec::<String>::new());
    bench.table(TableId::Backups, TableCommand::ClearFilter);
    assert_eq!(names(&bench.after_ms(2_000)), Vec::<String>::new());
    bench.handle(Command::Session(SessionCommand::SignOut));
    bench.sign_in("Another");
    assert_eq!(bench.model.data.backups().layout.sort[0].key, "id", "the columns outlive the session");
}

#[test]
fn rows_and_cells_are_copied_as_shown() {
    let mut bench = Bench::ready();
    assert_eq!(names(&bench.table(TableId::Backups, TableCommand::CopyRows(CopyFormat::Json))), Vec::<String>::new());
    let copy = TableCommand::CopyCell { row: "b2".into(), key: "status".into() };
    assert!(bench.table(TableId::Backups, copy.clone()).is_empty(), "a row that is not selected is out of reach");
    bench.table(TableId::Backups, TableCommand::Select("b2".into()));
    let effects = bench.table(TableId::Backups, copy);
    assert!(matches!(&effects[..], [Effect::Window(WindowEffect::CopyText(text))] if text == "Failed"), "{effects:?}");
    let effects = bench.apply(Event::Export(ExportEvent::Rendered(Ticket(1), "b1\tb2".to_owned(), 2)));
    assert_eq!(names(&effects), ["CopyText"]);
    assert_eq!(bench.notifications(), ["Cell copied", "2 rows copied"]);
}

#[test]
fn keyboard_selection_moves_over_what_is_shown() {
    let mut bench = Bench::ready();
    bench.table(TableId::Backups, TableCommand::SelectAll);
    assert_eq!(bench.model.data.backups().selection.len(), 3);
    bench.table(TableId::Backups, TableCommand::MoveFocus { step: 1, extend: false });
    bench.table(TableId::Backups, TableCommand::MoveFocus { step: 1, extend: true });
    assert_eq!(bench.model.data.backups().selection.len(), 2);
    assert_eq!(bench.model.view.scroll_to_focus, Some(TableId::Backups));
    let second = bench.backup_ids()[1].to_owned();
    assert_eq!(bench.model.data.backups().focused.as_ref().unwrap().id.as_str(), second);
}
