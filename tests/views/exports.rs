//! The export dialog.

use crate::support::stepped::SteppedModel;
use egui::{Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::domain::Schedule;
use skybackup::export::{
    CsvPreset, EvidenceOptions, ExportColumns, ExportError, ExportOptions, ExportRows, FileFormat, Standing,
};
use skybackup::grid::Row as _;
use skybackup::model::{Dialog, RangeForm};
use skybackup::msg::{
    Command, Effect, Event, ExportCommand, ExportEvent, PickedPath, Screen, TableCommand, TableId, WindowCommand,
    WindowEffect,
};
use skybackup::ui::evidence::evidence_ui;
use skybackup::ui::export::export_ui;

use super::signed_in::{Desk, asked, model, now, schedules, window};
use super::table::backups;

fn opened(count: usize) -> SteppedModel {
    let mut model = model(backups(count), Vec::new());
    model.view.screen = Screen::Backups;
    model.handle(Command::Export(ExportCommand::OpenExport(None)), now());
    assert_eq!(model.view.dialog, Some(Dialog::Export(TableId::Backups)));
    model
}

fn on<'a>(model: SteppedModel) -> Harness<'a, Desk> {
    window(model, [1000.0, 760.0], Theme::Dark, |ui, data, view, commands| {
        export_ui(ui, data, view, TableId::Backups, commands);
    })
}

fn says(harness: &Harness<'_, Desk>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

#[test]
fn what_is_chosen_is_what_is_asked_for() {
    let mut harness = on(opened(30));
    harness.get_by_label("All 30").click();
    harness.get_by_label("All 20").click();
    harness.get_by_label("Scripts").click();
    harness.run();
    harness.get_by_label("Unix line endings (LF)").click();
    harness.run();
    harness.get_by_label("Export").click();
    let options = ExportOptions {
        rows: ExportRows::All,
        columns: ExportColumns::All,
        format: FileFormat::Csv,
        preset: CsvPreset::Scripts,
        formula_escape: true,
        semicolon: false,
        line_feed_only: true,
    };
    let want = ExportCommand::Export { table: TableId::Backups, options, path: None };
    assert_eq!(asked(&mut harness), [Command::Export(want)]);
}

#[test]
fn each_format_offers_what_it_has_a_choice_of() {
    let mut desk = opened(5);
    desk.view.export.path = Some("/home/test/list.csv".to_owned());
    let mut harness = on(desk);
    let has = |harness: &Harness<'_, Desk>, name: &str| harness.query_by_label(name).is_some();
    assert!(has(&harness, "Scripts") && has(&harness, "All 20"));
    for (format, ending, has_columns) in [("Excel workbook", "xlsx", true), ("JSON", "json", false)] {
        harness.get_by_label(format).click();
        harness.run();
        assert!(!has(&harness, "Scripts") && says(&harness, "Times in UTC"), "{format}");
        assert_eq!(has(&harness, "All 20"), has_columns, "{format}");
        assert_eq!(harness.state().model.view.export.path.as_deref(), Some(&*format!("/home/test/list.{ending}")));
    }
    harness.get_by_role_and_label(Role::Button, "Save").click();
    let commands = asked(&mut harness);
    let Some(Command::Export(ExportCommand::Export { options, .. })) = commands.first() else { panic!("{commands:?}") };
    assert_eq!(options.format, FileFormat::Json);
}

#[test]
fn tab_reaches_cancel_before_export_and_export_stands_right() {
    let mut harness = on(opened(3));
    let button = |harness: &Harness<'_, Desk>, name: &str| {
        let node = harness.get_by_role_and_label(Role::Button, name);
        (node.accesskit_node().is_focused(), node.rect())
    };
    harness.get_by_role_and_label(Role::Button, "Cancel").focus();
    harness.run();
    harness.key_press(egui::Key::Tab);
    harness.run();
    let ((_, cancel), (has_keyboard, export)) = (button(&harness, "Cancel"), button(&harness, "Export"));
    assert!(has_keyboard);
    assert!(cancel.right() < export.left(), "{cancel} {export}");
    // The dialog is 520 points wide, in the middle of 1000.
    assert!((export.right() - 760.0).abs() <= 1.0, "{export}");
}

#[test]
fn counts_have_their_commas() {
    let harness = on(opened(1234));
    assert!(says(&harness, "All 1,234") && says(&harness, "Shown 1,234"));
}

#[test]
fn all_columns_of_schedules_are_all_but_their_labels() {
    let mut model = model(Vec::new(), schedules());
    model.view.screen = Screen::Schedules;
    model.handle(Command::Export(ExportCommand::OpenExport(None)), now());
    let harness = window(model, [1000.0, 760.0], Theme::Dark, |ui, data, view, commands| {
        export_ui(ui, data, view, TableId::Schedules, commands);
    });
    let all_but_one = Schedule::columns().len() - 1;
    assert!(harness.query_by_label(&format!("All but labels {all_but_one}")).is_some());
}

#[test]
fn nothing_selected_is_nothing_to_export() {
    let mut harness = on(opened(30));
    harness.get_by_label("Selected 0").click();
    harness.run();
    assert!(says(&harness, "No rows selected"));
    assert!(harness.get_by_role_and_label(Role::Button, "Export").accesskit_node().is_disabled());
}

#[test]
fn without_the_guard_there_is_a_warning() {
    let mut harness = on(opened(3));
    assert!(!says(&harness, "A spreadsheet may run it"));
    harness.get_by_label_contains("Escape text that looks like").click();
    harness.run();
    assert!(says(&harness, "A spreadsheet may run it"));
}

#[test]
fn the_selected_rows_come_first_where_there_are_several() {
    let mut model = model(backups(30), Vec::new());
    model.handle(Command::Table(TableId::Backups, TableCommand::SelectAll), now());
    model.handle(Command::Export(ExportCommand::OpenExport(None)), now());
    let harness = on(model);
    assert!(says(&harness, "Selected 30"));
    assert_eq!(harness.state().model.view.export.options.rows, ExportRows::Selected);
}

#[test]
fn where_no_dialog_opens_the_path_is_typed_and_a_failure_is_shown() {
    let mut desk = opened(5);
    let export = ExportCommand::Export { table: TableId::Backups, options: ExportOptions::default(), path: None };
    let effects = desk.handle(Command::Export(export), now());
    let Some(Effect::Window(WindowEffect::PickSavePath(ticket, ..))) = effects.first() else { panic!("{effects:?}") };
    desk.apply(Event::Export(ExportEvent::SavePathPicked(*ticket, PickedPath::NoDialog)), now());
    let mut harness = on(desk);
    assert!(harness.query_by_label("Save to").is_some());
    harness.get_by_role_and_label(Role::Button, "Save").click();
    let commands = asked(&mut harness);
    let Some(Command::Export(ExportCommand::Export { path, .. })) = commands.first() else { panic!("{commands:?}") };
    assert!(path.as_ref().unwrap().starts_with("/home/test"));

    // It is being written now; then it fails.
    assert!(says(&harness, "0 of 5 rows written"));
    let ticket = harness.state().data().export().unwrap().ticket;
    let error = ExportError::Full { path: "/home/test/backups.csv".into(), free_bytes: Some(4096) };
    let sentence = error.to_string();
    harness.state_mut().model.apply(Event::Export(ExportEvent::Exported(ticket, Err(error))), now());
    harness.run();
    assert!(says(&harness, &sentence));
    assert!(harness.query_by_role_and_label(Role::Button, "Save").is_some());
}

#[test]
fn files_are_replaced_only_after_a_question_that_names_them() {
    let mut desk = opened(5);
    desk.view.export.path = Some("/home/test/list".to_owned());
    let mut harness = on(desk);
    harness.get_by_role_and_label(Role::Button, "Save").click();
    asked(&mut harness);
    let ticket = harness.state().data().export().unwrap().ticket;
    let standing = |name: &str, bytes, is_foreign_note| Standing {
        path: format!("/home/test/{name}").into(),
        bytes,
        changed_at: Some("2026-09-13T08:15:00Z".parse().unwrap()),
        is_foreign_note,
    };
    let both = vec![standing("list.csv", 12_288, false), standing("list.meta\u{202e}.json", 7, true)];
    harness
        .state_mut()
        .model
        .apply(Event::Export(ExportEvent::Exported(ticket, Err(ExportError::Exists(both)))), now());
    harness.run();
    for part in [
        "Replace 2 existing files?",
        "These files already exist in /home/test:",
        "list.csv, 12 KiB, changed 2026-09-13 08:15",
        "list.meta\\u{202e}.json, 7 B",
        "This note was not written by SkyBackup",
    ] {
        assert!(says(&harness, part), "{part}");
    }
    assert!(harness.get_by_role_and_label(Role::Button, "Cancel").accesskit_node().is_focused(), "the safe button");
    harness.get_by_role_and_label(Role::Button, "Replace").click();
    assert_eq!(asked(&mut harness), [Command::Export(ExportCommand::ReplaceFiles)]);
    assert!(says(&harness, "0 of 5 rows written"));
}

#[test]
fn after_a_dialog_without_a_file_the_path_can_be_typed() {
    let mut harness = on(opened(5));
    harness.get_by_role_and_label(Role::Button, "Export").click();
    asked(&mut harness);
    let ticket = harness.state().data().export().unwrap().ticket;
    harness.state_mut().model.apply(Event::Export(ExportEvent::SavePathPicked(ticket, PickedPath::Cancelled)), now());
    harness.run();
    assert!(says(&harness, "No file was chosen"));
    harness.get_by_label("Type the path instead").click();
    harness.run();
    assert!(harness.query_by_label("Save to").is_some() && !says(&harness, "No file was chosen"));
}

#[test]
fn a_running_export_can_be_stopped() {
    let mut harness = on(opened(5));
    harness.get_by_label("Export").click();
    asked(&mut harness);
    assert!(says(&harness, "Choose a file in the save dialog"));
    harness.get_by_label("Cancel").click();
    assert_eq!(asked(&mut harness), [Command::Export(ExportCommand::CancelExport)]);
    assert!(harness.query_by_label("Cancel").is_some());
}

#[test]
fn an_evidence_pack_needs_a_period_and_a_service() {
    let mut model = opened(5);
    model.handle(Command::Window(WindowCommand::CloseDialog), now());
    model.handle(Command::Export(ExportCommand::OpenEvidence), now());
    assert_eq!(model.view.dialog, Some(Dialog::Evidence));
    let mut harness = window(model, [1000.0, 760.0], Theme::Dark, evidence_ui);
    let can_export = |harness: &Harness<'_, Desk>| {
        !harness.get_by_role_and_label(Role::Button, "Export").accesskit_node().is_disabled()
    };
    assert!(can_export(&harness));
    harness.state_mut().model.view.evidence.range.until = "2026-01-01".to_owned();
    harness.run();
    assert!(!can_export(&harness) && says(&harness, "The end is before the begin"));
    harness.state_mut().model.view.evidence.range = RangeForm { from: "2026-10-01".into(), until: "2026-10-31".into() };
    harness.get_by_label("Some").click();
    harness.run();
    assert!(!can_export(&harness), "no service is chosen");
    let (id, name) = harness.state().data().evidence_services().first().unwrap().clone();
    harness.get_by_label(&name).click();
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Export").click();
    let options = EvidenceOptions {
        from: "2026-10-01T00:00:00Z".parse().unwrap(),
        until: "2026-11-01T00:00:00Z".parse().unwrap(),
        services: Some([id].into()),
    };
    assert_eq!(asked(&mut harness), [Command::Export(ExportCommand::ExportEvidence { options, path: None })]);
}

/// Pictures to look at.
#[test]
#[ignore = "for the eye"]
fn export_pictures() {
    let folder = std::path::PathBuf::from("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for theme in [Theme::Dark, Theme::Light] {
        let mut harness = window(opened(40), [900.0, 600.0], theme, |ui, data, view, commands| {
            export_ui(ui, data, view, TableId::Backups, commands);
        });
        harness.state_mut().model.view.export.options.formula_escape = false;
        harness.run();
        harness.render().unwrap().save(folder.join(format!("export-{theme:?}.png").to_lowercase())).unwrap();
        let mut harness = window(opened(40), [900.0, 600.0], theme, |ui, data, view, commands| {
            skybackup::ui::columns::columns_ui(ui, data, view, TableId::Backups, commands);
        });
        harness.render().unwrap().save(folder.join(format!("columns-{theme:?}.png").to_lowercase())).unwrap();
    }
}
