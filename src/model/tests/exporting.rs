use super::*;
use crate::export::{
    CsvPreset, EvidenceOptions, ExportColumns, ExportError, ExportJob, ExportOptions, ExportReport, ExportRows,
    FileFormat, Standing, TableRows,
};
use crate::grid::{Facet, Filter, RowSource};
use crate::msg::{
    ExportCommand, ExportEvent, FileEffect, ListCommand, ListEffect, ListEvent, PickedPath, PreferencesCommand, Screen,
    SessionCommand, SystemEvent, WindowCommand, WindowEffect,
};
use crate::settings::ZoneChoice;

/// Exports backups for scripts.
pub(super) fn export(rows: ExportRows, path: Option<&str>) -> ExportCommand {
    let options = ExportOptions { rows, preset: CsvPreset::Scripts, ..ExportOptions::default() };
    ExportCommand::Export { table: TableId::Backups, options, path: path.map(Into::into) }
}

fn job(effects: &[Effect]) -> &ExportJob {
    match effects {
        [Effect::File(FileEffect::Export(_, job))] => job,
        other => panic!("{other:?}"),
    }
}

fn report() -> ExportReport {
    ExportReport { path: "/tmp/a.csv".into(), rows: 3, warnings: Vec::new() }
}

#[test]
fn an_export_is_frozen_when_it_is_asked_for() {
    let mut bench = Bench::ready();
    bench.table(TableId::Backups, TableCommand::FilterBy(Facet::Status, "Succeeded".to_owned()));
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    let asked = bench.handle(Command::Export(export(ExportRows::Shown, None)));
    let [Effect::Window(WindowEffect::PickSavePath(ticket, save))] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(save.folder.as_deref(), Some(std::path::Path::new("/home/me")));
    assert!(save.file_name.contains("Succeeded") && save.file_name.contains("Production"), "{}", save.file_name);
    assert_eq!(
        names(&bench.handle(Command::Export(export(ExportRows::All, None)))),
        Vec::<String>::new(),
        "one at a time"
    );

    let shown = bench.model.data.backups().layout.visible().count();
    bench.table(TableId::Backups, TableCommand::ClearFilter);
    bench.table(TableId::Backups, TableCommand::Show("labels".into(), true));
    bench.table(TableId::Backups, TableCommand::Show("id".into(), true));
    bench.handle(Command::Preferences(PreferencesCommand::SetZone(ZoneChoice::Local)));
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(backups(super::ticket(&effects, "ListBackups"), vec![backup("b9", "Failed")]));

    let effects =
        bench.apply(Event::Export(ExportEvent::SavePathPicked(*ticket, PickedPath::Path("/data/x.csv".into()))));
    let frozen = job(&effects);
    let TableRows::Backups(rows) = &frozen.table.rows else { panic!() };
    assert_eq!((rows.len(), frozen.table.order.len(), frozen.table.columns.len()), (3, 2, shown));
    assert_eq!((frozen.zone.clone(), frozen.provenance.rows), (Zone::utc(), 3), "3 before filtering");
    assert_eq!(
        (frozen.provenance.filters.as_str(), frozen.provenance.completeness().as_str()),
        ("status: Succeeded", "complete")
    );
    assert_eq!(
        bench.model.data.settings.preferences.export.last_folder.as_deref(),
        Some(std::path::Path::new("/data"))
    );
    bench.apply(Event::Export(ExportEvent::ExportProgress(*ticket, 1)));
    assert_eq!(bench.model.data.export().map(|export| (export.written, export.total)), Some((1, 2)));
    bench.apply(Event::Export(ExportEvent::Exported(*ticket, Ok(report()))));
    assert!(bench.model.data.export().is_none() && bench.model.view.dialog.is_none());
    let notification = &bench.model.data.notifications.list[0];
    assert_eq!((notification.text.as_str(), notification.detail.as_deref()), ("3 rows saved", Some("a.csv")));
    assert_eq!(notification.action, Some(NotificationAction::ShowInFolder("/tmp/a.csv".into())));
}

#[test]
fn the_note_says_when_the_rows_were_read_and_only_filters_that_count() {
    let mut bench = Bench::ready();
    let read_at = bench.now;
    bench.now += jiff::SignedDuration::from_secs(90);
    bench.table(TableId::Backups, TableCommand::FilterBy(Facet::Status, "Succeeded".to_owned()));
    let effects = bench.handle(Command::Export(export(ExportRows::All, Some("/data/x.csv"))));
    let note = &job(&effects).provenance;
    assert_eq!((note.at, note.rows, note.filters.as_str()), (read_at, 3, ""));
}

#[test]
fn the_number_of_rows_is_that_of_the_file() {
    let mut bench = Bench::ready();
    bench.table(TableId::Backups, TableCommand::SelectAll);
    let count = |bench: &Bench, rows| bench.model.data.snapshot(TableId::Backups, ExportColumns::Visible).count(rows);
    assert_eq!(count(&bench, ExportRows::Selected), 3);
    let filter = Filter { statuses: ["Failed".to_owned()].into(), ..Filter::default() };
    bench.table(TableId::Backups, TableCommand::SetFilter(filter));
    let rows = [ExportRows::Selected, ExportRows::Shown, ExportRows::All].map(|rows| count(&bench, rows));
    assert_eq!(rows, [1, 1, 3], "what a filter hides is not written, selected or not");
}

#[test]
fn all_columns_are_those_an_export_means_by_it() {
    let mut bench = Bench::ready();
    let options = ExportOptions { rows: ExportRows::All, columns: ExportColumns::All, ..ExportOptions::default() };
    let (table, path) = (TableId::Backups, Some("/data/x.csv".into()));
    let effects = bench.handle(Command::Export(ExportCommand::Export { table, options, path }));
    assert_eq!(job(&effects).table.columns, crate::export::all_columns::<Backup>(RowSource::Listed));
    assert_eq!(
        bench.model.data.settings.preferences.export.last_folder.as_deref(),
        Some(std::path::Path::new("/data"))
    );
    assert!(bench.model.data.settings.preferences.export.columns_all, "remembered");
}

#[test]
fn the_format_is_remembered_and_names_the_file() {
    let mut bench = Bench::ready();
    bench.handle(Command::Export(ExportCommand::OpenExport(Some(FileFormat::Workbook))));
    let options = bench.model.view.export.options;
    assert_eq!(options.format, FileFormat::Workbook);
    let asked = bench.handle(Command::Export(ExportCommand::Export { table: TableId::Backups, options, path: None }));
    let [Effect::Window(WindowEffect::PickSavePath(ticket, save))] = &asked[..] else { panic!("{asked:?}") };
    assert!(save.ending == "xlsx" && save.file_name.ends_with("Z.xlsx"), "{save:?}");
    bench.apply(Event::Export(ExportEvent::SavePathPicked(*ticket, PickedPath::Cancelled)));
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    assert_eq!(bench.model.view.export.options.format, FileFormat::Workbook);
}

#[test]
fn without_a_native_dialog_a_path_is_typed() {
    let mut bench = Bench::ready();
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    let asked = bench.handle(Command::Export(export(ExportRows::Shown, None)));
    bench.apply(Event::Export(ExportEvent::SavePathPicked(ticket(&asked, "PickSavePath"), PickedPath::NoDialog)));
    let path = bench.model.view.export.path.clone().unwrap();
    let home = std::path::Path::new("/home/me");
    assert!(std::path::Path::new(&path).parent() == Some(home) && path.contains("backups"), "{path}");
    assert!(bench.model.data.export().is_none() && bench.model.view.dialog.is_some());
    let effects = bench.handle(Command::Export(export(ExportRows::Shown, Some(&path))));
    assert_eq!(job(&effects).path.display().to_string(), path);
    bench.apply(Event::Export(ExportEvent::Exported(ticket(&effects, "Export"), Ok(report()))));
    bench.handle(Command::Window(WindowCommand::Go(Screen::Schedules)));
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    assert!(bench.model.view.export.path.as_ref().unwrap().contains("schedules"), "a path of its own");
}

#[test]
fn a_dialog_that_gave_no_file_is_reported_until_the_next_try() {
    let mut bench = Bench::ready();
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    let asked = bench.handle(Command::Export(export(ExportRows::Shown, None)));
    bench.apply(Event::Export(ExportEvent::SavePathPicked(ticket(&asked, "PickSavePath"), PickedPath::Cancelled)));
    let form = &bench.model.view.export;
    assert!(form.nothing_picked && form.path.is_none() && bench.model.view.dialog.is_some());
    // Typed this time; the next export asks the dialog again.
    bench.model.view.export.path = Some("/data/x.csv".to_owned());
    bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
    assert!(!bench.model.view.export.nothing_picked);
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    assert_eq!(bench.model.view.export.path, None);
}

fn standing(name: &str, bytes: u64) -> Standing {
    Standing { path: format!("/data/{name}").into(), bytes, changed_at: None, is_foreign_note: false }
}

#[test]
fn nothing_is_replaced_without_a_word_about_each_file() {
    let mut bench = Bench::ready();
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    let effects = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x"))));
    assert_eq!(job(&effects).replace, []);
    let both = vec![standing("x.csv", 1), standing("x.meta.json", 2)];
    let first = ticket(&effects, "Export");
    bench.apply(Event::Export(ExportEvent::Exported(first, Err(ExportError::Exists(both.clone())))));
    let asks = |bench: &Bench| bench.model.data.export().unwrap().asks_to_replace().to_vec();
    assert_eq!(asks(&bench), both);
    assert!(bench.model.data.export_error().is_none() && bench.notifications().is_empty());
    assert_eq!(names(&bench.handle(Command::Export(export(ExportRows::All, None)))), Vec::<String>::new());

    // The same export again, with exactly these allowed; what came meanwhile is asked about on top.
    let effects = bench.handle(Command::Export(ExportCommand::ReplaceFiles));
    let again = job(&effects);
    assert_eq!(
        (again.replace.clone(), again.path.to_str(), again.table.order.len()),
        (both.clone(), Some("/data/x"), 3)
    );
    assert_eq!(asks(&bench), [], "it is written now");
    bench.apply(Event::Export(ExportEvent::Exported(first, Ok(report()))));
    assert!(bench.model.data.export().is_some(), "the first try has ended before");
    let changed = standing("x.meta.json", 3);
    let second = ticket(&effects, "Export");
    bench.apply(Event::Export(ExportEvent::Exported(second, Err(ExportError::Exists(vec![changed.clone()])))));
    let effects = bench.handle(Command::Export(ExportCommand::ReplaceFiles));
    assert_eq!(job(&effects).replace, [both[0].clone(), changed]);
    bench.apply(Event::Export(ExportEvent::Exported(ticket(&effects, "Export"), Ok(report()))));
    assert!(bench.model.data.export().is_none() && bench.model.view.dialog.is_none());
    assert_eq!(
        names(&bench.handle(Command::Export(ExportCommand::ReplaceFiles))),
        Vec::<String>::new(),
        "nothing is asked"
    );
}

#[test]
fn who_does_not_want_a_file_replaced_is_back_in_the_dialog() {
    let mut bench = Bench::ready();
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    let effects = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
    let exists = || Err(ExportError::Exists(vec![standing("x.csv", 1)]));
    bench.apply(Event::Export(ExportEvent::Exported(ticket(&effects, "Export"), exists())));
    bench.handle(Command::Export(ExportCommand::CancelExport));
    assert!(bench.model.data.export().is_none() && bench.model.view.dialog.is_some());
    assert_eq!(names(&bench.handle(Command::Export(ExportCommand::ReplaceFiles))), Vec::<String>::new());

    // Where the dialog is gone nobody can be asked: nothing is replaced, and a notice reports it.
    let effects = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    bench.apply(Event::Export(ExportEvent::Exported(ticket(&effects, "Export"), exists())));
    assert_eq!((bench.notifications(), bench.model.data.export().is_none()), (vec!["x.csv already exists"], true));
}

#[test]
fn a_stopped_export_says_so_when_it_has_ended() {
    let mut bench = Bench::ready();
    let effects = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
    let running = ticket(&effects, "Export");
    assert_eq!(names(&bench.handle(Command::Export(ExportCommand::CancelExport))), ["Cancel"]);
    assert_eq!(bench.notifications(), Vec::<&str>::new(), "nobody knows yet");
    bench.apply(Event::Export(ExportEvent::Exported(running, Err(ExportError::Cancelled))));
    assert_eq!(
        (bench.notifications(), bench.model.data.export().is_none()),
        (vec!["Export cancelled. No file was written"], true)
    );
    assert_eq!(names(&bench.handle(Command::Export(ExportCommand::CancelExport))), Vec::<String>::new());

    let asked = bench.handle(Command::Export(export(ExportRows::Shown, None)));
    let waiting = ticket(&asked, "PickSavePath");
    bench.apply(Event::Export(ExportEvent::SavePathPicked(waiting, PickedPath::Cancelled)));
    assert!(bench.model.data.export().is_none());
    bench.apply(Event::Export(ExportEvent::SavePathPicked(waiting, PickedPath::Path("/data/x.csv".into()))));
    assert!(bench.model.data.export().is_none(), "late");
    bench.handle(Command::Export(export(ExportRows::Shown, None)));
    assert_eq!(names(&bench.handle(Command::Export(ExportCommand::CancelExport))), ["Cancel"]);
    assert!(bench.model.data.export().is_none(), "nothing was begun");
}

#[test]
fn a_failed_export_is_shown_in_its_dialog_or_where_that_was_closed_as_a_notice() {
    let failure = || ExportError::Full { path: "/data/x.csv".into(), free_bytes: None };
    for open in [true, false] {
        let mut bench = Bench::ready();
        bench.handle(Command::Export(ExportCommand::OpenExport(None)));
        let effects = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
        if !open {
            bench.handle(Command::Window(WindowCommand::CloseDialog));
        }
        bench.apply(Event::Export(ExportEvent::Exported(ticket(&effects, "Export"), Err(failure()))));
        assert_eq!(bench.model.data.export_error().is_some(), open);
        assert_eq!(bench.notifications().len(), usize::from(!open));
        bench.handle(Command::Export(ExportCommand::OpenExport(None)));
        assert_eq!(bench.model.data.export_error(), None);
    }
}

#[test]
fn signing_out_stops_an_export_and_a_broken_one_ends() {
    let mut bench = Bench::ready();
    let effects = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
    assert_eq!(names(&bench.handle(Command::Session(SessionCommand::SignOut))), ["Cancel", "CloseSession"]);
    assert_eq!(names(&effects), ["Export"]);
    let mut bench = Bench::ready();
    let effects = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
    bench.apply(Event::System(SystemEvent::TaskPanicked(ticket(&effects, "Export"))));
    assert!(bench.model.data.export().is_none());
}

#[test]
fn name_and_note_tell_what_was_asked_for_and_that_rows_are_missing() {
    let cases = [
        (None, 0, Completeness::Complete, "_all_", "", "complete"),
        (Some("Failed"), 0, Completeness::Complete, "_Failed_", "status asked for: Failed", "complete"),
        (None, 1, Completeness::Complete, "_partial_", "", "partial: 1 row could not be read"),
        (
            Some("Failed"),
            2,
            Completeness::Partial("reading was stopped".to_owned()),
            "_partial-Failed_",
            "status asked for: Failed",
            "partial: reading was stopped; 2 rows could not be read",
        ),
        (None, 0, Completeness::ChangedWhileReading, "_partial_", "", "partial: the list changed while it was read"),
    ];
    for (status, unreadable, completeness, name, filters, words) in cases {
        let mut bench = Bench::ready();
        // What is only hidden here is no matter for all rows.
        bench.table(TableId::Backups, TableCommand::FilterBy(Facet::BackupType, "full".to_owned()));
        let effects = match status {
            Some(status) => bench.handle(Command::List(ListCommand::ServerStatus(Some(status.to_owned())))),
            None => bench.handle(Command::List(ListCommand::Refresh)),
        };
        for effect in &effects {
            if let Effect::List(ListEffect::ListBackups { ticket, .. }) = effect {
                let rows = listed(usual_backups());
                let listed = Listed { unreadable, completeness: completeness.clone(), ..rows };
                bench.apply(Event::List(ListEvent::BackupsListed(*ticket, Ok(listed))));
            }
        }
        let effects = bench.handle(Command::Export(export(ExportRows::All, Some("/data/x.csv"))));
        let shown = bench.model.data.export_name(TableId::Backups, &job(&effects).options);
        assert!(shown.contains(name), "{shown}");
        let note = &job(&effects).provenance;
        assert_eq!((note.filters.as_str(), note.completeness().as_str()), (filters, words));
    }
}

#[test]
fn an_evidence_pack_is_asked_for_by_period_and_services() {
    let mut bench = Bench::ready();
    bench.handle(Command::Export(ExportCommand::OpenEvidence));
    let form = &bench.model.view.evidence;
    assert_eq!(bench.model.view.dialog, Some(Dialog::Evidence));
    assert!(form.range.until.starts_with("2026-") && form.range.from < form.range.until, "{form:?}");
    let known = bench.model.data.evidence_services();
    let (id, name) = known.first().unwrap().clone();
    let options = EvidenceOptions {
        from: "2026-09-01T00:00:00Z".parse().unwrap(),
        until: "2026-10-01T00:00:00Z".parse().unwrap(),
        services: Some([id.clone()].into()),
    };
    let asked = bench.handle(Command::Export(ExportCommand::ExportEvidence { options, path: None }));
    let [Effect::Window(WindowEffect::PickSavePath(ticket, save))] = &asked[..] else { panic!("{asked:?}") };
    assert!(save.ending == "zip" && save.file_name.starts_with("skysql-evidence_Production"), "{save:?}");
    let picked = ExportEvent::SavePathPicked(*ticket, PickedPath::Path("/data/pack.zip".into()));
    let effects = bench.apply(Event::Export(picked));
    let [Effect::File(FileEffect::ExportEvidence(ticket, job))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(
        (job.path.to_str(), job.services.as_deref()),
        (Some("/data/pack.zip"), Some(&[(id.as_str().to_owned(), name)][..]))
    );
    let tables: Vec<&str> = job.overview.iter().map(|table| table.name).collect();
    assert_eq!(tables, ["coverage", "findings"]);
    assert!(job.overview[0].rows.iter().all(|row| row[1] == crate::grid::Value::Text(id.as_str().to_owned().into())));
    let exists = Err(ExportError::Exists(vec![standing("pack.zip", 1)]));
    bench.apply(Event::Export(ExportEvent::Exported(*ticket, exists)));
    let effects = bench.handle(Command::Export(ExportCommand::ReplaceFiles));
    let [Effect::File(FileEffect::ExportEvidence(ticket, job))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(job.replace, [standing("pack.zip", 1)]);
    bench.apply(Event::Export(ExportEvent::Exported(*ticket, Ok(report()))));
    assert!(bench.model.view.dialog.is_none());
    assert_eq!(bench.model.data.notifications.list[0].text, "Evidence pack saved");
}
