//! The backups screen between what is listed now and all that was ever seen.

use super::*;
use crate::domain::{SeenState, Sighting};
use crate::export::{ExportColumns, ExportRows, all_columns};
use crate::grid::{Facet, Filter, RowSource};
use crate::msg::{ExportCommand, FileEffect, LedgerEvent, ListCommand, SeenBackups, ViewsCommand, WindowCommand};

const FIRST: &str = "2026-09-01T02:05:00Z";

fn seen(id: &str, state: SeenState) -> Backup {
    let first_seen = FIRST.parse().unwrap();
    let last_seen = "2026-09-08T02:00:00Z".parse().unwrap();
    Backup { sighting: Some(Sighting { first_seen, last_seen, state }), ..backup(id, "Succeeded") }
}

/// The history of an account with a backup of each state.
fn history(ticket: Ticket) -> Event {
    let states = [("b1", SeenState::Listed), ("old1", SeenState::Expired), ("old22", SeenState::Gone)];
    let rows = states.into_iter().map(|(id, state)| seen(id, state)).collect();
    let since = Some(FIRST.parse().unwrap());
    Event::Ledger(LedgerEvent::BackupsRead(ticket, Ok(SeenBackups { rows, since })))
}

fn show(bench: &mut Bench, source: RowSource) -> Vec<Effect> {
    bench.handle(Command::List(ListCommand::ShowBackups(source)))
}

fn shown_ids(bench: &Bench) -> Vec<String> {
    let table = bench.model.data.shown_backups();
    table.index.order.iter().filter_map(|&at| table.rows().id(at)).map(Into::into).collect()
}

/// A session that shows all that was ever seen.
fn all_seen() -> Bench {
    let mut bench = Bench::ready();
    let asked = show(&mut bench, RowSource::AllSeen);
    bench.apply(history(ticket(&asked, "ReadBackups")));
    bench
}

#[test]
fn the_history_is_read_when_it_is_shown_and_whenever_a_list_ended() {
    let mut bench = Bench::ready();
    let asked = show(&mut bench, RowSource::AllSeen);
    assert_eq!(names(&asked), ["ReadBackups"]);
    assert!(bench.model.data.shown_backups().remote.is_loading());
    assert_eq!(names(&show(&mut bench, RowSource::AllSeen)), [""; 0], "once");
    bench.apply(history(ticket(&asked, "ReadBackups")));
    assert_eq!(shown_ids(&bench).len(), 3);
    assert_eq!(bench.backup_ids(), ["b1", "b2", "b3"], "what is listed stays what everything else counts with");

    let refresh = bench.handle(Command::List(ListCommand::Refresh));
    let again = bench.apply(backups(ticket(&refresh, "ListBackups"), usual_backups()));
    assert_eq!(names(&again), ["ReadBackups"]);
    let late = ticket(&asked, "ReadBackups");
    bench.apply(Event::Ledger(LedgerEvent::BackupsRead(late, Ok(SeenBackups::default()))));
    assert_eq!(shown_ids(&bench).len(), 3, "a late one is ignored");
    bench.apply(history(ticket(&again, "ReadBackups")));
    assert!(!bench.model.data.shown_backups().remote.is_loading());

    show(&mut bench, RowSource::Listed);
    assert_eq!(shown_ids(&bench), ["b1", "b2", "b3"]);
    assert!(bench.model.data.lists().all_seen.rows().is_empty(), "it takes no memory while nobody looks");
    let refresh = bench.handle(Command::List(ListCommand::Refresh));
    let ended = bench.apply(backups(ticket(&refresh, "ListBackups"), usual_backups()));
    assert_eq!(names(&ended), [""; 0], "nor any work");
}

#[test]
fn the_choice_is_remembered_and_in_force_at_the_next_sign_in() {
    let mut bench = all_seen();
    assert_eq!(bench.model.data.settings.preferences.backups_shown, RowSource::AllSeen);
    let saved = bench.after(5);
    let is_saved = |effect: &Effect| matches!(effect, Effect::File(FileEffect::SaveSettings(_)));
    assert!(saved.iter().any(is_saved), "{saved:?}");
    let effects = bench.handle(Command::Session(SessionCommand::TryDemo));
    let effects = bench.apply(opened(&effects));
    let place = |name: &str| names(&effects).iter().position(|known| known == name).unwrap();
    assert!(place("Open") < place("ReadBackups"));
    bench.apply(history(ticket(&effects, "ReadBackups")));
    assert_eq!(shown_ids(&bench).len(), 3);
}

#[test]
fn filters_go_with_the_choice_and_columns_do_not() {
    let mut bench = Bench::ready();
    let filter = Filter { services: ["db1".to_owned()].into(), ..Filter::default() };
    bench.table(TableId::Backups, TableCommand::SetFilter(filter.clone()));
    let asked = show(&mut bench, RowSource::AllSeen);
    bench.apply(history(ticket(&asked, "ReadBackups")));
    assert_eq!(shown_ids(&bench), ["b1", "old1"], "the service of an even id");
    bench.table(TableId::Backups, TableCommand::FilterBy(Facet::Service, "db2".to_owned()));
    assert_eq!(shown_ids(&bench), ["old22"]);
    bench.table(TableId::Backups, TableCommand::Show("id".into(), true));
    let settings = &bench.model.data.settings;
    assert!(settings.all_seen_table.is_some() && settings.backups_table.is_none());
    let keys = |bench: &Bench| bench.model.data.shown_backups().layout.visible_keys();
    for key in ["state", "first_seen", "last_seen", "id"] {
        assert!(keys(&bench).contains(&key.into()), "{key}");
    }
    show(&mut bench, RowSource::Listed);
    for key in ["state", "first_seen", "last_seen", "id"] {
        assert!(!keys(&bench).contains(&key.into()), "{key}");
    }
    let filter = &bench.model.data.backups().filter;
    assert_eq!(filter.services.iter().collect::<Vec<_>>(), ["db2"]);
    show(&mut bench, RowSource::AllSeen);
    assert!(keys(&bench).contains(&"id".into()), "they stay until the next time");
}

#[test]
fn the_state_of_rows_filters_them_is_saved_in_a_view_and_exported() {
    let mut bench = all_seen();
    let states: Vec<String> =
        bench.model.data.shown_backups().facets.states.iter().map(|(word, _)| word.clone()).collect();
    assert_eq!(states, ["Listed", "Expired", "Gone"]);
    bench.table(TableId::Backups, TableCommand::FilterBy(Facet::State, "Gone".to_owned()));
    assert_eq!(shown_ids(&bench), ["old22"]);
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    bench.handle(Command::Views(ViewsCommand::Save("Gone".to_owned())));
    let export = super::exporting::export(ExportRows::Shown, Some("/data/x.csv"));
    let effects = bench.handle(Command::Export(export));
    let [Effect::File(FileEffect::Export(_, job))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(job.provenance.filters, "state: Gone");
    assert!(bench.model.data.export_name(TableId::Backups, &job.options).contains("_Gone_"));
    let views = crate::settings::views_to_text(&bench.model.data.settings.saved_views);
    let read = crate::settings::views_from_text(&views).unwrap();
    assert_eq!(read[0].filter(|_| None).states, ["Gone".to_owned()].into());
    show(&mut bench, RowSource::Listed);
    assert!(bench.model.data.backups().filter.is_empty(), "of what is listed all is listed");
}

#[test]
fn an_export_says_which_of_both_it_is_and_only_all_seen_has_the_times() {
    let columns = |bench: &Bench| bench.model.data.snapshot(TableId::Backups, ExportColumns::All).columns;
    let job = |bench: &mut Bench| {
        let export = super::exporting::export(ExportRows::All, Some("/data/x.csv"));
        let effects = bench.handle(Command::Export(export));
        let [Effect::File(FileEffect::Export(_, job))] = &effects[..] else { panic!("{effects:?}") };
        let name = bench.model.data.export_name(TableId::Backups, &job.options);
        let provenance = job.provenance.clone();
        bench.handle(Command::Export(ExportCommand::CancelExport));
        (provenance.source, provenance.recorded_since, provenance.rows, name.contains("all-seen"))
    };
    let mut bench = all_seen();
    assert_eq!(job(&mut bench), (RowSource::AllSeen, Some(FIRST.parse().unwrap()), 3, true));
    assert_eq!(columns(&bench), all_columns::<Backup>(RowSource::AllSeen));
    let mut bench = Bench::ready();
    assert_eq!(job(&mut bench), (RowSource::Listed, None, 3, false));
    assert_eq!(columns(&bench).len(), 20);
}

#[test]
fn without_a_history_what_is_listed_is_shown() {
    let mut bench = all_seen();
    let refresh = bench.handle(Command::List(ListCommand::Refresh));
    let asked = bench.apply(backups(ticket(&refresh, "ListBackups"), usual_backups()));
    let failed = LedgerEvent::BackupsRead(ticket(&asked, "ReadBackups"), Err("the disk is gone".to_owned()));
    bench.apply(Event::Ledger(failed));
    assert_eq!(bench.notifications().last(), Some(&"The backups seen earlier cannot be shown: the disk is gone"));
    assert_eq!(shown_ids(&bench), ["b1", "b2", "b3"]);

    let mut bench = all_seen();
    let session = bench.session();
    bench.apply(Event::Ledger(LedgerEvent::Failed(session, "the disk is full".to_owned())));
    assert_eq!(shown_ids(&bench), ["b1", "b2", "b3"]);
    assert_eq!(bench.model.data.history_blocked_reason(), Some("No history of this profile is kept"));
    assert_eq!(names(&show(&mut bench, RowSource::AllSeen)), [""; 0]);
    assert_eq!(shown_ids(&bench), ["b1", "b2", "b3"]);
}

#[test]
fn what_is_forgotten_leaves_the_screen() {
    let mut bench = all_seen();
    let forgetting = bench.handle(Command::Ledger(crate::msg::LedgerCommand::Forget));
    let forgotten = LedgerEvent::Forgotten(ticket(&forgetting, "Forget"), Ok(()));
    let again = bench.apply(Event::Ledger(forgotten));
    let empty = LedgerEvent::BackupsRead(ticket(&again, "ReadBackups"), Ok(SeenBackups::default()));
    bench.apply(Event::Ledger(empty));
    assert_eq!(shown_ids(&bench), [""; 0]);
}
