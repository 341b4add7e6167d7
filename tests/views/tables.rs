//! The table screens: what can be asked for on them, and what they say when something is not as it should be.

use crate::support::stepped::SteppedModel;
use egui::{Modifiers, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::api::{ApiError, Completeness, ErrorKind, NotSent, Operation, Order, Progress};
use skybackup::domain::{ApiTime, Backup, BackupType, ScheduleId, ServiceId, StatusKind};
use skybackup::grid::{Direction, EMPTY_BACKUP, Row as _};
use skybackup::model::{Notification, Severity};
use skybackup::msg::{
    ChangeCommand, Command, CopyFormat, Event, FormCommand, LedgerCommand, LedgerEvent, ListCommand, ListEvent, Listed,
    PreferencesCommand, Screen, SessionCommand, TableCommand, TableId, WindowCommand,
};
use skybackup::rows::Rows;
use skybackup::settings::ZoneChoice;
use skybackup::ui::backups::backups_ui;
use skybackup::ui::columns::columns_ui;
use skybackup::ui::root_ui;
use skybackup::ui::schedules::schedules_ui;

use super::signed_in::{Desk, asked, fail, model, now, read_at, schedules, waiting, window};
use super::table::backups;

const SIZE: [f32; 2] = [1400.0, 800.0];

fn on_backups<'a>(model: SteppedModel) -> Harness<'a, Desk> {
    window(model, SIZE, Theme::Dark, backups_ui)
}

fn on_schedules<'a>(model: SteppedModel) -> Harness<'a, Desk> {
    window(model, SIZE, Theme::Light, schedules_ui)
}

fn table(command: TableCommand) -> Command {
    Command::Table(TableId::Backups, command)
}

fn server_error() -> ApiError {
    ApiError {
        status: Some(503),
        trace_id: Some("0af7651916cd43dd".to_owned()),
        ..ApiError::new(ErrorKind::Server { retry_at: None }, Operation::ListBackups)
    }
}

/// Every text on the screen, for searching parts of it.
fn says(harness: &Harness<'_, Desk>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

#[test]
fn the_title_and_the_footer_tell_how_many_and_how_old() {
    let harness = on_backups(model(backups(40), Vec::new()));
    assert!(says(&harness, "Updated 14:02, 2 min ago"));
    assert!(says(&harness, "40 of 40"));
    assert!(says(&harness, "stored"));
    assert!(says(&harness, "failed"));
    let harness = on_schedules(model(Vec::new(), schedules()));
    assert!(says(&harness, "4 of 4"));
    assert!(says(&harness, "1 suspended"));
}

#[test]
fn typing_filters_and_escape_shows_all_again() {
    let mut harness = on_backups(model(backups(40), Vec::new()));
    harness.get_by_label("Search backups").focus();
    harness.run();
    harness.get_by_label("Search backups").type_text("billing");
    let filters = asked(&mut harness);
    assert!(filters.iter().any(|command| matches!(command,
        Command::Table(TableId::Backups, TableCommand::SetFilter(filter)) if filter.text == "billing")));
    assert!(says(&harness, "10 of 40"));
    harness.key_press(egui::Key::Escape);
    harness.run();
    assert!(says(&harness, "40 of 40"));
}

#[test]
fn a_filter_menu_narrows_and_clear_filters_undoes_it() {
    let mut harness = on_backups(model(backups(40), Vec::new()));
    assert!(harness.query_by_label("Clear filters").is_none());
    harness.get_by_role_and_label(Role::Button, "Type").click();
    harness.run();
    harness.get_by_role_and_label(Role::CheckBox, "Snapshot").click();
    harness.run();
    assert!(says(&harness, "8 of 40"));
    harness.get_by_role_and_label(Role::Button, "Clear filters").click();
    assert!(asked(&mut harness).contains(&table(TableCommand::ClearFilter)));
    assert!(says(&harness, "40 of 40"));
}

#[test]
fn a_period_begins_at_an_instant_that_the_button_names() {
    let mut harness = on_backups(model(backups(80), Vec::new()));
    harness.get_by_role_and_label(Role::Button, "Started").click();
    harness.run();
    harness.get_by_label("Last 24 hours").click();
    harness.run();
    let from = harness.state().data().backups().filter.period.from;
    assert_eq!(from, Some("2026-11-22T14:04:30Z".parse().unwrap()));
    assert!(says(&harness, "Started: since Sun 22 Nov 14:04"));
}

#[test]
fn a_filter_without_a_match_offers_the_way_back() {
    let mut harness = on_backups(model(backups(10), Vec::new()));
    harness.get_by_label("Search backups").focus();
    harness.run();
    harness.get_by_label("Search backups").type_text("nothing like this");
    harness.run();
    assert!(says(&harness, "No backup matches \"nothing like this\""));
    // One in the tools, one where the rows would be.
    let clear: Vec<_> = harness.get_all_by_label("Clear filters").collect();
    assert_eq!(clear.len(), 2);
    clear[1].click();
    harness.run();
    assert!(says(&harness, "10 of 10"));
    assert!(harness.state().model.view.backups_search.is_empty());
}

#[test]
fn a_hidden_column_that_has_the_words_is_named_and_shown() {
    let mut harness = on_backups(model(backups(40), Vec::new()));
    harness.get_by_label("Search backups").focus();
    harness.run();
    harness.get_by_label("Search backups").type_text("dbpgf41870001");
    harness.run();
    assert!(says(&harness, "No backup matches \"dbpgf41870001\" in the columns shown"));
    harness.get_by_label("Search all fields").click();
    harness.run();
    assert!(says(&harness, "10 of 40"));
    harness.get_by_role_and_label(Role::Button, "All fields").click();
    harness.run();
    asked(&mut harness);
    harness.get_by_label("10 match in Service ID").click();
    assert_eq!(asked(&mut harness), [table(TableCommand::Show("service_id".into(), true))]);
    assert!(says(&harness, "10 of 40"));
}

#[test]
fn services_are_named_where_a_name_is_known_and_told_apart() {
    let mut rows = backups(4);
    rows[0].service_id = rows[1].service_id.clone();
    rows[0].service_name = None;
    rows[2].service_id = Some(ServiceId::new("dbpgf41870777"));
    rows[2].service_name = None;
    let mut plans = schedules();
    plans[0].service_id = Some(ServiceId::new("dbpgf41870009"));
    plans[0].service_name = rows[3].service_name.clone();
    let harness = on_backups(model(rows, plans));
    let name = |row: &str| {
        let row = harness.get_by_label_contains(row);
        row.accesskit_node().label().unwrap_or_default().split(", ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(name("row 1 of 4"), "billing", "another row knows it");
    assert_eq!(name("row 2 of 4"), "billing");
    assert_eq!(name("row 3 of 4"), "dbpgf41870777", "nobody knows it");
    assert_eq!(name("row 4 of 4"), "a-service-with-a-very-long-name-indeed-0042 (dbpgf41870003)", "two are called so");
}

#[test]
fn the_counts_of_the_footer_filter() {
    let mut harness = on_backups(model(backups(42), Vec::new()));
    harness.get_by_role_and_label(Role::Button, "6 failed").click();
    harness.run();
    assert!(says(&harness, "6 of 42"));
    harness.get_by_role_and_label(Role::Button, "6 failed").click();
    harness.run();
    assert!(says(&harness, "42 of 42"));
    let mut harness = on_schedules(model(Vec::new(), schedules()));
    harness.get_by_role_and_label(Role::Button, "1 suspended").click();
    harness.run();
    assert!(says(&harness, "1 of 4"));
    harness.get_by_role_and_label(Role::Button, "Suspended").click();
    harness.run();
    assert!(says(&harness, "4 of 4"));
}

#[test]
fn the_pane_is_closed_until_a_row_is_chosen_and_lies_over_a_narrow_table() {
    for (size, is_over) in [([1400.0, 800.0], false), ([900.0, 600.0], true)] {
        let mut harness = window(model(backups(40), Vec::new()), size, Theme::Dark, backups_ui);
        assert!(harness.query_by_label("Close details").is_none());
        let whole = harness.get_by_role(Role::Grid).rect();
        harness.get_by_label_contains("row 1 of 40").click();
        harness.run();
        let close = harness.get_by_label("Close details").rect();
        let table = harness.get_by_role(Role::Grid).rect();
        assert_eq!(table == whole, is_over, "{table:?} {whole:?}");
        assert_eq!(table.contains(close.center()), is_over, "{close:?}");
        harness.get_by_label("Close details").click();
        harness.run();
        assert!(harness.query_by_label("Close details").is_none());
        assert_eq!(harness.get_by_role(Role::Grid).rect(), whole);
    }
}

#[test]
fn toasts_cover_neither_the_pane_nor_the_footer() {
    const PANE: f32 = 400.0;
    for size in [[900.0, 600.0], [1280.0, 800.0], [1600.0, 1000.0]] {
        let mut harness = window(model(backups(40), Vec::new()), size, Theme::Dark, root_ui);
        harness.get_by_label_contains("row 1 of 40").click();
        let text = "The schedule was created, but the list of schedules could not be loaded again";
        harness.state_mut().model.data.notifications.add(Notification::new(Severity::Warning, text, None, None), now());
        harness.run();
        let pane_left = size[0] - PANE;
        assert!(harness.get_by_label("Close details").rect().left() > pane_left);
        let (words, dismiss) = (harness.get_by_label(text).rect(), harness.get_by_label("Dismiss").rect());
        let footer = harness.get_by_label("40 of 40").rect();
        for part in [words, dismiss] {
            assert!(part.right() < pane_left && part.bottom() < footer.top(), "{size:?} {part:?} {footer:?}");
        }
        let rail = harness.get_by_role_and_label(Role::Tab, "Backups").rect();
        assert!(words.left() > rail.right(), "{size:?} {words:?} {rail:?}");

        harness.get_by_label("Close details").click();
        harness.run();
        assert!(harness.get_by_label("Dismiss").rect().right() > pane_left, "no pane, so in the corner");
    }
}

#[test]
fn a_header_s_menu_sorts_fits_and_freezes() {
    let mut harness = on_backups(model(backups(6), Vec::new()));
    let cases = [
        ("Sort descending", TableCommand::SortTo("service_name".into(), Direction::Descending)),
        ("Sort ascending", TableCommand::SortTo("service_name".into(), Direction::Ascending)),
        ("Unfreeze", TableCommand::Freeze("service_name".into(), false)),
        ("Freeze", TableCommand::Freeze("service_name".into(), true)),
        ("Hide column", TableCommand::Show("service_name".into(), false)),
    ];
    for (name, want) in cases {
        harness.get_by_role(Role::Grid);
        harness.get_all_by_role(Role::ColumnHeader).nth(1).unwrap().click_secondary();
        asked(&mut harness);
        harness.get_by_label(name).click();
        assert_eq!(asked(&mut harness), [table(want)], "{name}");
    }
    harness.get_all_by_role(Role::ColumnHeader).next().unwrap().click_secondary();
    asked(&mut harness);
    harness.get_by_label("Fit width").click();
    assert!(matches!(&asked(&mut harness)[..], [Command::Table(_, TableCommand::Resize(key, _))] if *key == "status"));
}

#[test]
fn a_long_menu_of_services_has_a_field_to_find_one() {
    let mut rows = backups(40);
    for (number, row) in rows.iter_mut().enumerate() {
        row.service_id = Some(ServiceId::new(format!("db{number}")));
        row.service_name = Some(format!("svc {number}").into());
    }
    let mut harness = on_backups(model(rows, Vec::new()));
    harness.get_by_role_and_label(Role::Button, "Service").click();
    harness.run();
    harness.get_by_label("Find in service").type_text("vc 39");
    harness.run();
    assert_eq!(harness.get_all_by_role(Role::CheckBox).count(), 1);
    harness.get_by_role_and_label(Role::CheckBox, "svc 39").click();
    harness.run();
    assert!(says(&harness, "1 of 40"));
}

#[test]
fn the_server_is_asked_for_one_service_only() {
    let mut harness = on_backups(model(backups(10), Vec::new()));
    harness.get_by_label("Load from SkySQL").click();
    harness.run();
    let help = harness.get_by_label_contains("Faster for large accounts").rect();
    assert!(help.bottom() <= harness.get_by_label("Every service").rect().top(), "the help stands above the choices");
    harness.get_by_label("Oldest first").click_accesskit();
    assert_eq!(asked(&mut harness), [Command::List(ListCommand::ServerOrder(Some(Order::Ascending)))]);
    harness.get_by_label("billing (dbpgf41870001)").click_accesskit();
    assert_eq!(asked(&mut harness), [Command::List(ListCommand::ServerService(Some(ServiceId::new("dbpgf41870001"))))]);
    assert!(says(&harness, "Loaded: billing, oldest first"));
}

#[test]
fn a_refresh_keeps_the_rows_and_tells_how_far_it_is() {
    let mut desk = model(backups(40), Vec::new());
    let waiting = super::signed_in::tickets(&desk.handle(Command::List(ListCommand::Refresh), now()));
    let progress = Progress { pages_read: 2, pages_count: Some(5), rows: 200 };
    desk.apply(Event::List(ListEvent::BackupsProgress(waiting.backups, progress, None)), now());
    let mut harness = on_backups(desk);
    assert!(says(&harness, "Page 2 of 5, 200 rows"));
    assert!(says(&harness, "40 of 40"));
    harness.get_by_label("Cancel").click();
    assert_eq!(asked(&mut harness), [Command::List(ListCommand::CancelLoading(TableId::Backups))]);
    assert!(harness.query_by_label("Cancel").is_none());
}

#[test]
fn the_first_load_shows_the_shape_of_rows() {
    let (desk, _) = waiting();
    let harness = on_backups(desk);
    assert!(harness.query_by_role_and_label(Role::ProgressIndicator, "Loading").is_some());
    assert!(says(&harness, "Waiting for SkySQL…"));
}

#[test]
fn a_failure_without_rows_says_what_and_what_to_do() {
    let (mut desk, waiting) = waiting();
    desk.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Err(server_error()))), now());
    let mut harness = on_backups(desk);
    assert!(
        harness.query_by_role_and_label(Role::Alert, "Error: SkySQL is temporarily unavailable (HTTP 503)").is_some()
    );
    assert!(says(&harness, "HTTP 503"));
    assert!(says(&harness, "Try again in a minute"));
    assert!(harness.query_by_label("Copy trace ID").is_some());
    harness.get_by_label("Try again").click();
    assert_eq!(asked(&mut harness), [Command::List(ListCommand::Refresh)]);
}

fn copied(harness: &mut Harness<'_, Desk>) -> Option<String> {
    harness.get_by_label("Copy details").click();
    harness.step();
    harness.output().platform_output.commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn all_that_is_known_about_a_failure_can_be_copied() {
    const DETAILS: &str =
        "SkySQL is temporarily unavailable (HTTP 503)\nHTTP 503\nSkySQL says: busy\nTrace ID: 0af7651916cd43dd";
    let error = ApiError { message: Some("busy".to_owned()), ..server_error() };
    let (mut desk, waiting) = waiting();
    desk.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Err(error.clone()))), now());
    assert_eq!(copied(&mut on_backups(desk)).as_deref(), Some(DETAILS), "with nothing to show");
    let mut desk = model(backups(40), Vec::new());
    fail(&mut desk, &error);
    let mut harness = on_backups(desk);
    assert_eq!(copied(&mut harness).as_deref(), Some(DETAILS), "above rows from before");
    assert_eq!(asked(&mut harness), [], "nothing else happens");
}

#[test]
fn offline_keeps_the_rows_with_their_age() {
    for theme in [Theme::Dark, Theme::Light] {
        let mut desk = model(backups(40), Vec::new());
        let host = "api.skysql.com".to_owned();
        fail(&mut desk, &ApiError::new(ErrorKind::NotSent(NotSent::HostNotFound { host }), Operation::ListBackups));
        let harness = window(desk, SIZE, theme, backups_ui);
        assert!(says(&harness, "Offline, updated 14:02, 2 min ago"));
        assert!(says(&harness, "Cannot find the host api.skysql.com. Showing data from 14:02, 2 min ago"));
        assert!(harness.query_all_by_role(Role::Row).count() > 10);
    }
}

#[test]
fn a_notice_that_comes_late_moves_nothing_under_the_pointer() {
    let mut harness = window(model(backups(40), Vec::new()), SIZE, Theme::Dark, root_ui);
    let header = |harness: &Harness<'_, Desk>| harness.get_by_role_and_label(Role::ColumnHeader, "Service").rect();
    let before = header(&harness);
    fail(&mut harness.state_mut().model, &server_error());
    harness.run();
    assert!(harness.query_all_by_role(Role::Alert).next().is_some());
    assert_eq!(header(&harness), before);
}

#[test]
fn rows_that_could_not_be_read_and_missing_pages_are_shown() {
    let (mut desk, waiting) = waiting();
    let why = "page 3 did not come".to_owned();
    let listed = Listed {
        rows: Rows::new(backups(3)),
        unreadable: 1,
        completeness: Completeness::Partial(why),
        rest: None,
        baseline: None,
    };
    desk.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Ok(listed))), read_at());
    let harness = on_backups(desk);
    assert!(says(&harness, "1 row could not be read"));
    assert!(says(&harness, "Only part of the list"));
}

#[test]
fn an_empty_list_offers_a_first_schedule() {
    let mut harness = on_backups(model(Vec::new(), Vec::new()));
    assert!(says(&harness, "No backups yet"));
    harness.get_by_label("New schedule").click();
    assert_eq!(asked(&mut harness), [Command::Form(FormCommand::NewSchedule(None))]);
}

#[test]
fn a_click_fills_the_pane_and_space_closes_it() {
    let mut rows = backups(6);
    rows[0].end_time = ApiTime::read("2026-11-23 02:11:35");
    rows[0].unknown = Some(r#"{"retention":"7d"}"#.into());
    let mut harness = on_backups(model(rows, Vec::new()));
    harness.get_by_label_contains("row 1 of 6").click();
    harness.run();
    assert!(says(&harness, "0-100-88213"));
    assert!(says(&harness, "Berlin"));
    assert!(says(&harness, "Time zone not given by SkySQL; shown as UTC"));
    assert!(says(&harness, "Expires about 2026-11-30 02:11 UTC"));
    assert!(says(&harness, "retention"));
    for name in ["Copy backup id", "Copy binlog file", "Copy binlog position", "Copy gtid"] {
        assert!(harness.query_by_label(name).is_some(), "{name}");
    }
    harness.get_by_label("Raw JSON").click_accesskit();
    harness.run();
    harness.get_by_label("Copy JSON").click_accesskit();
    let copied = asked(&mut harness);
    assert!(
        matches!(&copied[..], [.., Command::Window(WindowCommand::Copy(text, "JSON"))] if text.contains("\"binlog_file\""))
    );
    harness.get_by_label_contains("row 1 of 6").click();
    harness.run();
    harness.key_press(egui::Key::Space);
    assert!(asked(&mut harness).contains(&table(TableCommand::ToggleDetail)));
    assert!(!says(&harness, "0-100-88213"));
}

#[test]
fn copying_takes_the_cell_of_one_row_and_all_of_several() {
    let mut harness = on_backups(model(backups(6), Vec::new()));
    harness.get_by_label_contains("row 2 of 6").click();
    asked(&mut harness);
    harness.event(egui::Event::Copy);
    assert!(matches!(&asked(&mut harness)[..], [Command::Table(_, TableCommand::CopyCell { .. })]));
    harness.get_by_label_contains("row 4 of 6").click_modifiers(Modifiers::SHIFT);
    asked(&mut harness);
    harness.event(egui::Event::Copy);
    assert_eq!(asked(&mut harness), [table(TableCommand::CopyRows(CopyFormat::Tsv))]);
    assert!(says(&harness, "3 selected"));
    harness.state_mut().model.handle(table(TableCommand::SelectAll), now());
    harness.run();
    assert!(says(&harness, "6 selected"));
}

#[test]
fn a_dragged_header_takes_hidden_columns_into_account() {
    let mut desk = model(backups(6), Vec::new());
    desk.handle(table(TableCommand::Show("service_name".into(), false)), now());
    let mut harness = on_backups(desk);
    harness.get_by_role_and_label(Role::ColumnHeader, "Status").click_secondary();
    asked(&mut harness);
    harness.get_by_label("Move right").click();
    assert_eq!(asked(&mut harness), [table(TableCommand::Move { from: 0, to: 2 })]);
    let keys = harness.state().data().backups().layout.visible_keys();
    assert_eq!(keys[..2], ["type", "status"]);
}

#[test]
fn the_menu_of_a_row_leads_on() {
    let mut harness = on_backups(model(backups(6), Vec::new()));
    harness.get_by_label_contains("row 2 of 6").click_secondary();
    asked(&mut harness);
    harness.get_by_label("Copy as Markdown").click();
    assert_eq!(asked(&mut harness), [table(TableCommand::CopyRows(CopyFormat::Markdown))]);
    harness.get_by_label_contains("row 2 of 6").click_secondary();
    asked(&mut harness);
    harness.get_by_label("New schedule for this service…").click();
    assert_eq!(asked(&mut harness), [Command::Form(FormCommand::NewSchedule(Some(ServiceId::new("dbpgf41870001"))))]);
}

#[test]
fn the_ways_of_copying_are_beside_one_another() {
    let mut harness = on_backups(model(backups(6), Vec::new()));
    harness.get_by_label_contains("row 2 of 6").click_secondary();
    asked(&mut harness);
    let place = |name: &str| harness.get_by_label(name).rect();
    let lines = ["Copy cell", "Copy row", "Copy as JSON", "Copy as Markdown"].map(place);
    for pair in lines.windows(2) {
        let gap = pair[1].top() - pair[0].bottom();
        assert!((0.0..4.0).contains(&gap), "{gap} between {pair:?}");
    }
}

#[test]
fn a_good_backup_without_bytes_is_flagged_in_the_table() {
    let mut rows = backups(3);
    let good = rows.iter().position(|row| row.status_kind() == StatusKind::Good).unwrap();
    rows[good].backup_type = Some(BackupType::Full);
    rows[good].storage_bytes = Some(0);
    assert_eq!(rows[good].warning(&"storage_bytes".into()), Some(EMPTY_BACKUP));
    let harness = on_backups(model(rows, Vec::new()));
    assert_eq!(harness.query_all_by_label_contains("0 bytes stored").count(), 1);
}

#[test]
fn a_schedule_can_be_changed_from_its_pane() {
    let mut harness = on_schedules(model(Vec::new(), schedules()));
    harness.get_by_label_contains("orders-prod, full").click();
    asked(&mut harness);
    assert!(says(&harness, "Loading…"));
    assert!(says(&harness, "UTC, Monday to Friday"));
    assert!(says(&harness, "Next run"));
    let id = ScheduleId::new("301");
    let deeds = [
        ("Edit…", Command::Form(FormCommand::EditSchedule(id.clone()))),
        ("Delete…", Command::Change(ChangeCommand::AskDelete(id.clone()))),
        ("Suspend…", Command::Change(ChangeCommand::AskSuspend(id))),
    ];
    harness.state_mut().does = false;
    for (name, want) in deeds {
        harness.get_by_role_and_label(Role::Button, name).click();
        assert_eq!(asked(&mut harness), [want], "{name}");
    }
}

#[test]
fn what_cannot_be_done_is_off() {
    let mut harness = on_schedules(model(Vec::new(), schedules()));
    harness.get_by_label_contains("reports-warehouse-eu, snapshot").click();
    harness.run();
    assert!(harness.get_by_role_and_label(Role::Button, "Edit…").accesskit_node().is_disabled());
    assert!(!harness.get_by_role_and_label(Role::Button, "Delete…").accesskit_node().is_disabled());
    assert!(says(&harness, "does not repeat"));
    harness.get_by_label_contains("billing, incremental").click();
    harness.run();
    assert!(says(&harness, "no new backups are made until it is resumed"));
    assert!(harness.query_by_role_and_label(Role::Button, "Resume").is_some());
}

#[test]
fn a_key_of_other_services_is_asked_about_in_the_window() {
    let (mut model, waiting) = waiting();
    model.apply(Event::Ledger(LedgerEvent::OtherServices(waiting.session, 12)), now());
    let mut harness = window(model, [900.0, 600.0], Theme::Light, root_ui);
    let question =
        "This key lists none of the 12 services that this profile has seen. Is it a key of another organization?";
    assert!(says(&harness, question));
    harness.get_by_role_and_label(Role::Button, "Use a new profile…").click();
    assert!(asked(&mut harness).contains(&Command::Session(SessionCommand::ShowSignIn(None))));
    assert!(says(&harness, question), "it stays until it is answered");
    harness.key_press(egui::Key::Escape);
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Keep here").click();
    assert!(asked(&mut harness).contains(&Command::Ledger(LedgerCommand::Accept)));
    assert!(!says(&harness, question));
}

#[test]
fn columns_are_hidden_and_moved_among_all_of_them() {
    let columns = |ui: &mut egui::Ui, data: &_, view: &mut _, commands: &mut _| {
        columns_ui(ui, data, view, TableId::Backups, commands);
    };
    let mut harness = window(model(backups(3), Vec::new()), SIZE, Theme::Dark, columns);
    harness.get_by_role_and_label(Role::CheckBox, "Service").click();
    assert_eq!(asked(&mut harness), [table(TableCommand::Show("service_name".into(), false))]);
    harness.get_by_label("Move Type up").click();
    assert_eq!(asked(&mut harness), [table(TableCommand::Move { from: 2, to: 1 })]);
    let keys: Vec<_> = harness.state().data().backups().layout.visible_keys();
    assert_eq!(keys[..2], ["status", "type"]);
    harness.get_by_label("Restore defaults").click();
    assert_eq!(asked(&mut harness), [table(TableCommand::ResetLayout)]);
    harness.key_press(egui::Key::Escape);
    assert_eq!(asked(&mut harness), [Command::Window(WindowCommand::CloseDialog)]);
}

/// Pictures to look at: `cargo test --test main table_pictures -- --ignored`.
#[test]
#[ignore = "for the eye"]
fn table_pictures() {
    let folder = std::path::PathBuf::from("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    let chosen = |mut desk: SteppedModel, id: TableId, row: &str| {
        desk.handle(Command::Table(id, TableCommand::Select(row.into())), now());
        desk
    };
    let first = |rows: &[Backup]| rows[0].id.as_str().to_owned();
    for theme in [Theme::Dark, Theme::Light] {
        for size in [[900.0, 600.0], [1600.0, 1000.0]] {
            let rows = backups(412);
            let id = first(&rows);
            let full = chosen(model(rows, schedules()), TableId::Backups, &id);
            let mut offline = model(backups(60), Vec::new());
            fail(&mut offline, &server_error());
            let (mut failed, waiting_for) = waiting();
            failed.apply(Event::List(ListEvent::BackupsListed(waiting_for.backups, Err(server_error()))), now());
            let plan = chosen(model(Vec::new(), schedules()), TableId::Schedules, "301");
            let mut window_of = model(backups(412), schedules());
            window_of.handle(Command::Table(TableId::Backups, TableCommand::Select(id.as_str().into())), now());
            let mut local = chosen(model(backups(412), schedules()), TableId::Schedules, "301");
            local.view.screen = Screen::Schedules;
            let mut local_backups = model(backups(412), schedules());
            for desk in [&mut local, &mut local_backups] {
                desk.handle(Command::Preferences(PreferencesCommand::SetZone(ZoneChoice::Local)), now());
            }
            let desks: Vec<(&str, SteppedModel, super::signed_in::DrawView)> = vec![
                ("window", window_of, root_ui),
                ("window-local", local_backups, root_ui),
                ("window-local-schedules", local, root_ui),
                ("backups", full, backups_ui),
                ("backups-kept", offline, backups_ui),
                ("backups-failed", failed, backups_ui),
                ("backups-first", waiting().0, backups_ui),
                ("backups-none", model(Vec::new(), Vec::new()), backups_ui),
                ("schedules", plan, schedules_ui),
            ];
            for (name, desk, view) in desks {
                let mut harness = window(desk, size, theme, view);
                let picture = harness.render().unwrap();
                picture.save(folder.join(format!("{name}-{theme:?}-{}.png", size[0]).to_lowercase())).unwrap();
            }
        }
    }
}
