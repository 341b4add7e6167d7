//! The restores screen: what it shows, what it says when something is not as it should be, and its questions.

use std::sync::Arc;

use egui::{Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::api::{ApiError, ErrorKind, NotSent, Operation, Progress};
use skybackup::domain::{ApiTime, BackupId, BackupType, Restore, RestoreId, ServiceId, Status};
use skybackup::draft::{RestoreRequest, RestoreSource};
use skybackup::model::RestoresFace;
use skybackup::msg::{
    ChangeCommand, ChangeEvent, ChangeOutcome, Command, Effect, Event, ExportCommand, ListCommand, ListEffect,
    ListEvent, ProfileChange, ProfileCommand, RestoreCommand, Screen, TableCommand, TableId, Ticket, WindowCommand,
};
use skybackup::settings::ProfileFlags;
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, listed, model, now, read_at, schedules, window};
use super::table::backups;
use crate::support::stepped::SteppedModel;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn restore(id: u32, status: &str, message: &str) -> Restore {
    Restore {
        id: RestoreId::new(id.to_string()),
        service_id: Some(ServiceId::new("dbpgf41870000")),
        service_name: Some("orders-prod".into()),
        backup_id: Some(BackupId::new("0f9c2d7b:dbpgf41870001:billing-mdb-ms-0")),
        bucket: Some("gs://sky-backups/".into()),
        backup_type: Some(BackupType::from_word("physical")),
        status: Some(Status::new(status)),
        message: Some(message.into()),
        created_at: ApiTime::read(&format!("2026-11-2{}T02:00:07Z", id % 3)),
        unknown: None,
        sighting: None,
    }
}

fn rows() -> Vec<Restore> {
    vec![
        restore(12, "Succeeded", "Restore has succeeded!"),
        restore(13, "Failed", "no space left on device"),
        restore(14, "Running", "server is not-ready"),
    ]
}

/// Signed in, on the restores, which are being read.
fn reading() -> (SteppedModel, Ticket) {
    let mut model = model(backups(4), schedules());
    model.view.moments.face = RestoresFace::Restores;
    let effects = model.handle(Command::Window(WindowCommand::Go(Screen::Restores)), read_at());
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::List(ListEffect::ListRestores { ticket, .. }) => Some(*ticket),
        _ => None,
    });
    (model, ticket.unwrap())
}

fn on_screen(rows: Vec<Restore>) -> SteppedModel {
    let (mut model, ticket) = reading();
    model.apply(Event::List(ListEvent::RestoresListed(ticket, Ok(listed(rows)))), read_at());
    model.tick(now());
    model
}

fn shown<'a>(model: SteppedModel, theme: Theme) -> Harness<'a, Desk> {
    window(model, SIZE, theme, root_ui)
}

fn says(harness: &Harness<'_, Desk>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

/// With this one selected.
fn with_chosen(id: &str) -> SteppedModel {
    let mut model = on_screen(rows());
    model.handle(Command::List(ListCommand::ShowRestore(RestoreId::new(id))), now());
    model
}

fn mark(model: &mut SteppedModel, flags: ProfileFlags) {
    let profile = model.data.session.profile().unwrap().clone();
    let change = ProfileChange { id: profile.id, name: profile.name, flags };
    model.handle(Command::Profile(ProfileCommand::ChangeProfile(change)), now());
}

#[test]
fn the_table_tells_what_was_restored_where_and_how_it_went() {
    for theme in [Theme::Dark, Theme::Light] {
        let mut harness = shown(on_screen(rows()), theme);
        for part in ["3 of 3", "1 failed", "1 running", "Target", "Source", "orders-prod, physical, Failed"] {
            assert!(says(&harness, part), "{part}");
        }
        harness.get_by_label("Search restores").focus();
        harness.run();
        harness.get_by_label("Search restores").type_text("no space");
        asked(&mut harness);
        assert!(says(&harness, "1 of 3"));
    }
}

#[test]
fn every_ability_of_the_other_tables_is_there() {
    let mut model = on_screen(rows());
    model.handle(Command::Export(ExportCommand::OpenExport(None)), now());
    assert!(says(&shown(model, Theme::Dark), "Export restores"));
    let mut model = on_screen(rows());
    model.handle(Command::Window(WindowCommand::OpenColumns), now());
    let harness = shown(model, Theme::Dark);
    assert!(says(&harness, "Columns of the restores table") && says(&harness, "Restore ID"));
    let mut harness = shown(on_screen(rows()), Theme::Dark);
    harness.get_by_role_and_label(Role::Button, "1 failed").click();
    let filters = asked(&mut harness);
    let is_failed = |command: &Command| matches!(command, Command::Table(TableId::Restores, TableCommand::SetFilter(filter)) if filter.statuses.contains("Failed"));
    assert!(filters.iter().any(is_failed), "{filters:?}");
}

#[test]
fn an_empty_list_a_first_reading_and_a_failed_one_say_so() {
    assert!(says(&shown(on_screen(Vec::new()), Theme::Dark), "No restores yet"));
    let (mut model, ticket) = reading();
    let progress = Progress { pages_read: 1, pages_count: Some(4), rows: 100 };
    model.apply(Event::List(ListEvent::RestoresProgress(ticket, progress, None)), now());
    assert!(says(&window(model, SIZE, Theme::Dark, root_ui), "Page 1 of 4"));
    let (mut model, ticket) = reading();
    let error =
        ApiError { status: Some(500), ..ApiError::new(ErrorKind::Server { retry_at: None }, Operation::ListRestores) };
    model.apply(Event::List(ListEvent::RestoresListed(ticket, Err(error))), now());
    assert!(says(&shown(model, Theme::Light), "SkySQL had an internal error (HTTP 500)"));
    let mut model = on_screen(rows());
    let effects = model.handle(Command::List(ListCommand::Refresh), now());
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::List(ListEffect::ListRestores { ticket, .. }) => Some(*ticket),
        _ => None,
    });
    let host = NotSent::HostNotFound { host: "api.skysql.com".to_owned() };
    let offline = ApiError::new(ErrorKind::NotSent(host), Operation::ListRestores);
    model.apply(Event::List(ListEvent::RestoresListed(ticket.unwrap(), Err(offline))), now());
    let harness = shown(model, Theme::Dark);
    assert!(says(&harness, "Cannot find the host api.skysql.com") && says(&harness, "3 of 3"), "the rows stay");
}

#[test]
fn the_pane_says_what_the_state_means_for_the_target() {
    let harness = shown(with_chosen("12"), Theme::Dark);
    assert!(says(&harness, "physical restore"));
    assert!(says(&harness, "user names and passwords of the target are now those of the source"));
    let harness = shown(with_chosen("14"), Theme::Dark);
    assert!(says(&harness, "The target is stopped meanwhile"));
}

#[test]
fn deleting_the_entry_of_a_running_restore_is_not_called_cancelling_it() {
    let mut harness = shown(with_chosen("14"), Theme::Dark);
    harness.get_by_role_and_label(Role::Button, "Delete entry…").click();
    asked(&mut harness);
    assert!(says(&harness, "Delete the entry of the restore into orders-prod?"));
    assert!(says(&harness, "This does not cancel the restore"));
    harness.get_by_role_and_label(Role::Button, "Delete entry").click();
    let deletion = Command::Restore(RestoreCommand::Delete(RestoreId::new("14")));
    assert!(asked(&mut harness).contains(&deletion));
    let mut harness = shown(with_chosen("12"), Theme::Dark);
    harness.get_by_role_and_label(Role::Button, "Delete entry…").click();
    asked(&mut harness);
    assert!(says(&harness, "The target keeps the data that it has") && !says(&harness, "does not cancel"));
}

#[test]
fn in_production_an_entry_goes_only_by_its_name_and_a_read_only_profile_keeps_it() {
    let mut model = with_chosen("12");
    mark(&mut model, ProfileFlags { production: true, ..ProfileFlags::default() });
    let mut harness = shown(model, Theme::Dark);
    harness.get_by_role_and_label(Role::Button, "Delete entry…").click();
    asked(&mut harness);
    let is_off = |harness: &Harness<'_, Desk>| {
        harness.get_by_role_and_label(Role::Button, "Delete entry").accesskit_node().is_disabled()
    };
    assert!(is_off(&harness));
    harness.get_by_role_and_label(Role::TextInput, "Type orders-prod to delete the entry").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Type orders-prod to delete the entry").type_text("orders-prod");
    asked(&mut harness);
    assert!(!is_off(&harness));
    let mut model = with_chosen("12");
    mark(&mut model, ProfileFlags { read_only: true, ..ProfileFlags::default() });
    let harness = shown(model, Theme::Dark);
    assert!(harness.get_by_role_and_label(Role::Button, "Delete entry…").accesskit_node().is_disabled());
}

/// A restore was sent, and its response is lost; `found` are those that look like it.
fn lost(found: Vec<Restore>) -> SteppedModel {
    let mut model = on_screen(rows());
    let source = RestoreSource::Backup(BackupId::new("0f9c2d7b:dbpgf41870001:billing-mdb-ms-0"));
    let request = Arc::new(RestoreRequest { target: ServiceId::new("dbpgf41870000"), source });
    model.handle(Command::Restore(RestoreCommand::Create(request)), now());
    let ticket = model.data.change().unwrap().ticket;
    let error = ApiError { attempts: 1, ..ApiError::new(ErrorKind::Lost, Operation::CreateRestore) };
    let found = found.into_iter().map(Into::into).collect();
    let outcome = ChangeOutcome::CreationUnknown { error, found, checked: true };
    model.apply(Event::Change(ChangeEvent::Ended(ticket, outcome)), now());
    model
}

#[test]
fn a_lost_restore_goes_out_again_only_after_the_name_of_its_target() {
    let mut harness = shown(lost(Vec::new()), Theme::Dark);
    assert!(says(&harness, "Not found so far; it may still appear"));
    assert!(says(&harness, "Sending it again could start a second restore"));
    harness.get_by_role_and_label(Role::Button, "Send again…").click();
    asked(&mut harness);
    assert!(says(&harness, "Send the restore into orders-prod again?"));
    let send = |harness: &Harness<'_, Desk>| {
        harness.get_by_role_and_label(Role::Button, "Send again").accesskit_node().is_disabled()
    };
    assert!(send(&harness));
    harness.get_by_role_and_label(Role::TextInput, "Type orders-prod to send it again").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Type orders-prod to send it again").type_text("orders-prod");
    asked(&mut harness);
    assert!(!send(&harness));
    harness.get_by_role_and_label(Role::Button, "Send again").click();
    assert!(asked(&mut harness).contains(&Command::Change(ChangeCommand::ResendChange)));
}

#[test]
fn a_lost_restore_that_was_found_can_be_shown() {
    let mut harness = shown(lost(vec![restore(15, "Running", "")]), Theme::Dark);
    assert!(says(&harness, "Found as restore #15, new since your request"));
    harness.get_by_role_and_label(Role::Button, "Show").click();
    assert!(asked(&mut harness).contains(&Command::List(ListCommand::ShowRestore(RestoreId::new("15")))));
    let harness = shown(lost(vec![restore(15, "Running", ""), restore(16, "Running", "")]), Theme::Dark);
    assert!(says(&harness, "2 new restores look like yours") && !says(&harness, "Delete #15"));
}
