//! The restore dialog: its steps, what it warns of, what it asks for, and what it sends.

use std::sync::Arc;

use crate::support::stepped::SteppedModel;
use egui::{Key, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::Timestamp;
use skybackup::api::{ApiError, ErrorKind, Operation};
use skybackup::domain::{BackupId, Recurrence, RestoreTarget, Schedule, ScheduleId, Service, ServiceId};
use skybackup::draft::{RestoreInput, RestoreRequest, RestoreSource};
use skybackup::model::{RestoreStep, Session};
use skybackup::msg::{
    ChangeEffect, ChangeEvent, ChangeOutcome, Command, Effect, Event, ListCommand, ListEffect, ListEvent,
    RestoreCommand, Screen, TableCommand, TableId,
};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, listed, model, now, schedules, tickets, window};
use super::table::backups;

const SIZE: [f32; 2] = [1280.0, 800.0];
const SMALL: [f32; 2] = [900.0, 600.0];
/// The newest full backup of orders-prod, which succeeded.
const FULL: &str = "00000000:dbpgf41870000";

fn services() -> Vec<Service> {
    let words = [
        ("dbpgf41870000", "orders-prod", "gcp", "11.4.5", "ready"),
        ("dbpgf41870001", "billing", "aws", "11.4.5", "ready"),
        ("dbpgf41870004", "staging", "gcp", "10.6.11", "ready"),
        ("dbpgf41870005", "staging", "gcp", "11.4.5", "pending_scale"),
        ("dbpgf41870006", "telemetry", "gcp", "11.4.5", "ready"),
    ];
    let service = |(id, name, provider, version, status): (&str, &str, &str, &str, &str)| Service {
        id: ServiceId::new(id),
        name: Some(name.into()),
        provider: Some(provider.into()),
        region: Some("us-central1".into()),
        topology: Some("es-single".into()),
        version: Some(version.into()),
        status: Some(status.into()),
        storage_gb: Some(100),
        ..Service::default()
    };
    words.into_iter().map(service).collect()
}

fn desk() -> SteppedModel {
    let mut model = model(backups(40), schedules());
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    model.apply(Event::List(ListEvent::ServicesListed(waiting.services, Ok(listed(services())))), now());
    model.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Ok(listed(backups(40))))), now());
    model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed(schedules())))), now());
    model.view.screen = Screen::Activity;
    model
}

fn full() -> RestoreSource {
    RestoreSource::Backup(BackupId::new(FULL))
}

/// Starts a restore; the services come again, and the look-up of targets has this result.
fn start(model: &mut SteppedModel, source: Option<RestoreSource>, targets: &Result<Option<Vec<&str>>, ApiError>) {
    let effects = model.handle(Command::Restore(RestoreCommand::Start(source)), now());
    for effect in effects {
        let event = match effect {
            Effect::List(ListEffect::FindRestoreTargets { ticket, .. }) => {
                let name = |id: &str| NAMES.iter().find(|(of, _)| *of == id).map(|(_, name)| (*name).into());
                let target = |id: &&str| RestoreTarget { service_id: ServiceId::new(*id), service_name: name(id) };
                let found = targets.clone().map(|found| found.map(|ids| ids.iter().map(target).collect()));
                ListEvent::RestoreTargetsFound(ticket, found)
            }
            Effect::List(ListEffect::ListServices { ticket }) => {
                ListEvent::ServicesListed(ticket, Ok(listed(services())))
            }
            _ => continue,
        };
        model.apply(Event::List(event), now());
    }
}

/// What the look-up calls services that are in no list.
const NAMES: [(&str, &str); 2] = [("dbpgf50000001", "telemetry"), ("dbpgf50000002", "reports")];

const NAMED: [&str; 3] = ["dbpgf41870004", "dbpgf41870005", "dbpgf41870006"];

fn open<'a>(source: Option<RestoreSource>, size: [f32; 2], theme: Theme) -> Harness<'a, Desk> {
    let mut model = desk();
    start(&mut model, source, &Ok(Some(NAMED.to_vec())));
    window(model, size, theme, root_ui)
}

fn says(harness: &Harness<'_, Desk>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

fn is_enabled(harness: &Harness<'_, Desk>, button: &str) -> bool {
    !harness.get_by_role_and_label(Role::Button, button).accesskit_node().is_disabled()
}

fn click(harness: &mut Harness<'_, Desk>, button: &str) {
    harness.get_by_role_and_label(Role::Button, button).click();
    harness.run();
}

fn pick(harness: &mut Harness<'_, Desk>, id: &str) {
    let option = harness
        .query_all_by_role(Role::ListBoxOption)
        .find(|node| node.accesskit_node().label().is_some_and(|label| label.contains(id)));
    option.unwrap().click();
    harness.run();
}

fn fill(harness: &mut Harness<'_, Desk>, field: &str, text: &str) {
    harness.get_by_role_and_label(Role::TextInput, field).focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::TextInput, field).type_text(text);
    harness.run();
}

fn step(harness: &Harness<'_, Desk>) -> RestoreStep {
    harness.state().model.view.restore.as_ref().unwrap().step
}

/// Up to the last step, with telemetry as the target.
fn at_confirm<'a>(size: [f32; 2], theme: Theme) -> Harness<'a, Desk> {
    let mut harness = open(Some(full()), size, theme);
    pick(&mut harness, "dbpgf41870006");
    click(&mut harness, "Next");
    click(&mut harness, "Next");
    assert_eq!(step(&harness), RestoreStep::Confirm);
    harness
}

fn sent(harness: &mut Harness<'_, Desk>) -> Option<RestoreRequest> {
    asked(harness).into_iter().find_map(|command| match command {
        Command::Restore(RestoreCommand::Create(request)) => Some((*request).clone()),
        _ => None,
    })
}

/// Writes pictures to look at: `SKYBACKUP_PICTURES=folder cargo test --test main restore_pictures -- --ignored`.
#[test]
#[ignore = "for the eye"]
fn restore_pictures() {
    let folder =
        std::path::PathBuf::from(std::env::var("SKYBACKUP_PICTURES").unwrap_or_else(|_| "target/pictures".to_owned()));
    std::fs::create_dir_all(&folder).unwrap();
    for (theme, size) in [(Theme::Dark, SMALL), (Theme::Light, SMALL), (Theme::Dark, SIZE), (Theme::Light, SIZE)] {
        let tag = format!("{theme:?}-{}", size[0]).to_lowercase();
        let shoot = |harness: &mut Harness<'_, Desk>, name: &str| {
            harness.run();
            harness.render().unwrap().save(folder.join(format!("restore-{name}-{tag}.png"))).unwrap();
        };
        let mut harness = open(Some(full()), size, theme);
        shoot(&mut harness, "1-target");
        pick(&mut harness, "dbpgf41870004");
        shoot(&mut harness, "2-chosen");
        click(&mut harness, "Next");
        shoot(&mut harness, "3-checks");
        click(&mut harness, "Next");
        shoot(&mut harness, "4-confirm");
        fill(&mut harness, "Type dbpgf41870004 to confirm", "dbpgf41870004");
        click(&mut harness, "Request");
        shoot(&mut harness, "5-typed");
        let mut harness = open(None, size, theme);
        shoot(&mut harness, "6-bucket");
    }
}

#[test]
fn a_backup_is_restored_step_by_step_and_sent_once() {
    let mut harness = open(Some(full()), SIZE, Theme::Dark);
    assert!(says(&harness, "Step 1 of 3: Target") && says(&harness, "Full backup of orders-prod"));
    assert!(says(&harness, "The services that SkySQL names"));
    let offered = harness.query_all_by_role(Role::ListBoxOption).count();
    assert_eq!(offered, NAMED.len());
    pick(&mut harness, "dbpgf41870006");
    click(&mut harness, "Next");
    assert!(says(&harness, "Step 2 of 3: Checks"));
    assert!(says(&harness, "SkySQL lists this service as a target") && says(&harness, "SkySQL API, restore lookup"));
    click(&mut harness, "Next");
    assert!(says(&harness, "All data of telemetry is erased and replaced"));
    assert!(!is_enabled(&harness, "Restore into telemetry"));
    fill(&mut harness, "Type telemetry to confirm", "telemetry");
    click(&mut harness, "Restore into telemetry");
    let request = sent(&mut harness).unwrap();
    assert_eq!(request, RestoreRequest { target: ServiceId::new("dbpgf41870006"), source: full() });
}

#[test]
fn a_wrong_name_sends_nothing_and_says_what_is_asked_for() {
    let mut harness = at_confirm(SIZE, Theme::Dark);
    for (typed, is_wrong) in [("tele", false), ("telemetri", true), ("Telemetry", true)] {
        fill(&mut harness, "Type telemetry to confirm", typed);
        assert_eq!(says(&harness, "This is not what is asked for"), is_wrong, "{typed}");
        assert!(says(&harness, "Type telemetry to go on") && !is_enabled(&harness, "Restore into telemetry"));
        harness.key_press(Key::Enter);
        assert_eq!(sent(&mut harness), None, "{typed}");
    }
}

#[test]
fn it_works_with_the_keyboard_alone() {
    let mut harness = open(Some(full()), SIZE, Theme::Dark);
    // The field has the keyboard: typed until one service is left, Enter takes it.
    harness.get_by_role_and_label(Role::TextInput, "Target").type_text("telem");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().model.view.restore.as_ref().unwrap().draft.target, "dbpgf41870006");
    let press = |harness: &mut Harness<'_, Desk>, button: &str| {
        for _ in 0..30 {
            if harness.get_by_role_and_label(Role::Button, button).is_focused() {
                harness.key_press(Key::Enter);
                harness.run();
                return;
            }
            harness.key_press(Key::Tab);
            harness.run();
        }
        panic!("{button} is not reached by Tab");
    };
    press(&mut harness, "Next");
    assert_eq!(step(&harness), RestoreStep::Checks);
    press(&mut harness, "Next");
    assert!(harness.get_by_role_and_label(Role::TextInput, "Type telemetry to confirm").is_focused());
    harness.get_by_role_and_label(Role::TextInput, "Type telemetry to confirm").type_text("telemetry");
    harness.run();
    harness.key_press(Key::Enter);
    assert!(sent(&mut harness).is_some());
}

#[test]
fn of_two_services_with_one_name_the_id_is_typed() {
    let mut harness = open(Some(full()), SIZE, Theme::Dark);
    pick(&mut harness, "dbpgf41870004");
    click(&mut harness, "Next");
    assert!(says(&harness, "staging (dbpgf41870004)"));
    assert!(says(&harness, "older than the source's 11.4"));
    click(&mut harness, "Next");
    fill(&mut harness, "Type dbpgf41870004 to confirm", "staging");
    assert!(says(&harness, "This is not what is asked for"));
    fill(&mut harness, "Type dbpgf41870004 to confirm", "dbpgf41870004");
    assert!(!says(&harness, "to go on"));
}

#[test]
fn a_target_in_another_cloud_cannot_be_reached_by_a_managed_backup() {
    let mut harness = open(Some(full()), SIZE, Theme::Dark);
    fill(&mut harness, "Target", "dbpgf41870001");
    click(&mut harness, "Next");
    assert!(says(&harness, "SkySQL restores its own backups within one cloud provider") && says(&harness, "Ruled out"));
    assert!(!is_enabled(&harness, "Next"));
    click(&mut harness, "Back");
    assert_eq!(step(&harness), RestoreStep::Target);
}

#[test]
fn without_a_look_up_the_services_of_the_same_cloud_are_offered() {
    for targets in [Ok(None), Err(super::restore::offline())] {
        let mut model = desk();
        start(&mut model, Some(full()), &targets);
        let harness = window(model, SIZE, Theme::Dark, root_ui);
        assert!(says(&harness, "The services of the same cloud provider"));
        let offered: Vec<String> =
            harness.query_all_by_role(Role::ListBoxOption).filter_map(|node| node.accesskit_node().label()).collect();
        assert!(offered.len() == 4 && offered.iter().all(|label| !label.contains("billing")), "{offered:?}");
    }
}

fn offline() -> ApiError {
    ApiError::new(skybackup::api::ErrorKind::Lost, skybackup::api::Operation::FindRestoreTargets)
}

#[test]
fn the_source_itself_is_a_target_that_is_warned_of() {
    let mut harness = open(Some(full()), SIZE, Theme::Dark);
    fill(&mut harness, "Target", "orders-prod");
    assert!(says(&harness, "This is the service that the data comes from"));
    click(&mut harness, "Next");
    assert!(says(&harness, "everything written since then is lost"));
}

/// Of a service that no list has, the look-up gives id and name: both are shown, and one of two with a name is confirmed by its id.
#[test]
fn targets_that_only_the_look_up_names_are_offered_and_told_apart_by_id() {
    let mut model = desk();
    let targets = ["dbpgf41870006", "dbpgf50000001", "dbpgf50000002", "dbpgf50000003"];
    start(&mut model, Some(full()), &Ok(Some(targets.to_vec())));
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    let offered: Vec<String> =
        harness.query_all_by_role(Role::ListBoxOption).filter_map(|node| node.accesskit_node().label()).collect();
    assert!(offered.len() == 4 && targets.iter().zip(&offered).all(|(id, label)| label.contains(id)), "{offered:?}");
    assert!(offered[1].contains("telemetry") && offered[2].contains("reports"), "{offered:?}");

    // Its name alone is another service's too.
    pick(&mut harness, "dbpgf50000001");
    assert!(says(&harness, "SkySQL names it as a target; it is not in your list of services"));
    click(&mut harness, "Next");
    assert!(says(&harness, "telemetry (dbpgf50000001)") && says(&harness, "SkySQL lists this service as a target"));
    assert!(says(&harness, "one of the two is not known"), "its cloud provider");
    click(&mut harness, "Next");
    fill(&mut harness, "Type dbpgf50000001 to confirm", "dbpgf50000001");
    assert!(!says(&harness, "to go on"));

    // One with a name of its own is found and confirmed by it.
    click(&mut harness, "Back");
    click(&mut harness, "Back");
    click(&mut harness, "Change target");
    fill(&mut harness, "Target", "reports");
    click(&mut harness, "Next");
    click(&mut harness, "Next");
    fill(&mut harness, "Type reports to confirm", "reports");
    click(&mut harness, "Restore into reports");
    assert_eq!(sent(&mut harness).map(|it| it.target), Some(ServiceId::new("dbpgf50000002")));
}

/// It is the backup of the target that is waited for, not one of a service that was the target before.
#[test]
fn a_backup_of_another_service_holds_no_restore_up() {
    let mut harness = open(Some(full()), SIZE, Theme::Dark);
    let model = &mut harness.state_mut().model;
    let backed_up = ServiceId::new("dbpgf41870006");
    let effects = model.handle(Command::Restore(RestoreCommand::BackUpTarget(backed_up)), now());
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::Change(ChangeEffect::CreateSchedule { ticket, .. }) => Some(*ticket),
        _ => None,
    });
    let created = Schedule { id: ScheduleId::new("77"), recurrence: Some(Recurrence::Once), ..Schedule::default() };
    let created = ChangeOutcome::Created(created.into());
    model.apply(Event::Change(ChangeEvent::Ended(ticket.unwrap(), created)), now());
    pick(&mut harness, "dbpgf41870006");
    click(&mut harness, "Next");
    click(&mut harness, "Next");
    fill(&mut harness, "Type telemetry to confirm", "telemetry");
    assert!(says(&harness, "The backup of the target is not over yet"));
    assert!(!is_enabled(&harness, "Restore into telemetry"));

    click(&mut harness, "Back");
    click(&mut harness, "Back");
    click(&mut harness, "Change target");
    fill(&mut harness, "Target", "dbpgf41870004");
    click(&mut harness, "Next");
    assert!(harness.query_by_role_and_label(Role::Button, "Stop waiting").is_none());
    click(&mut harness, "Next");
    fill(&mut harness, "Type dbpgf41870004 to confirm", "dbpgf41870004");
    assert!(!says(&harness, "is not over yet") && !says(&harness, "to go on"));
}

/// The dialog shows that the response was lost, and once it is closed the banner does; never both.
#[test]
fn a_lost_response_is_shown_once() {
    let mut harness = at_confirm(SIZE, Theme::Dark);
    fill(&mut harness, "Type telemetry to confirm", "telemetry");
    click(&mut harness, "Restore into telemetry");
    let request = sent(&mut harness).unwrap();
    let model = &mut harness.state_mut().model;
    model.handle(Command::Restore(RestoreCommand::Create(Arc::new(request))), now());
    let ticket = model.data.change().unwrap().ticket;
    let error = ApiError { attempts: 1, ..ApiError::new(ErrorKind::Lost, Operation::CreateRestore) };
    let outcome = ChangeOutcome::CreationUnknown { error, found: Vec::new(), checked: true };
    model.apply(Event::Change(ChangeEvent::Ended(ticket, outcome)), now());
    harness.run();
    let notices = |harness: &Harness<'_, Desk>| {
        let checks = harness.query_all_by_role_and_label(Role::Button, "Check again").count();
        (checks, harness.query_all_by_label_contains("Not found so far; it may still appear").count())
    };
    assert!(harness.state().model.view.dialog.is_some());
    let (checks, in_dialog) = notices(&harness);
    assert_eq!(checks, 1);
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.state().model.view.dialog.is_none());
    assert_eq!(notices(&harness), (1, in_dialog));
}

#[test]
fn production_asks_once_more() {
    let mut model = desk();
    let Session::Open(open) = &mut model.data.session else { panic!() };
    open.profile.flags.production = true;
    start(&mut model, Some(full()), &Ok(Some(NAMED.to_vec())));
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    pick(&mut harness, "dbpgf41870006");
    click(&mut harness, "Next");
    click(&mut harness, "Next");
    fill(&mut harness, "Type telemetry to confirm", "telemetry");
    assert!(
        says(&harness, "Confirm that data of production is erased") && !is_enabled(&harness, "Restore into telemetry")
    );
    harness.get_by_role(Role::CheckBox).click();
    harness.run();
    click(&mut harness, "Restore into telemetry");
    assert!(sent(&mut harness).is_some());
}

#[test]
fn a_read_only_profile_says_why_and_where_to_change_it() {
    let mut model = desk();
    let Session::Open(open) = &mut model.data.session else { panic!() };
    open.profile.flags.read_only = true;
    start(&mut model, Some(full()), &Ok(None));
    let harness = window(model, SIZE, Theme::Dark, root_ui);
    assert!(harness.state().model.view.restore.is_none() && says(&harness, "Edit profile"));
}

#[test]
fn what_cannot_be_restored_says_why_at_its_button() {
    let reasons = [
        (0, None),
        (1, Some("did not succeed")),
        (2, Some("not finished")),
        (6, Some("not known")),
        (7, Some("Binary logs")),
    ];
    for (number, reason) in reasons {
        let mut model = desk();
        model.view.screen = Screen::Backups;
        let id = backups(40)[number].id.clone();
        model.handle(Command::Table(TableId::Backups, TableCommand::Select(id.as_str().into())), now());
        model.view.detail = true;
        let mut harness = window(model, SIZE, Theme::Dark, root_ui);
        assert_eq!(is_enabled(&harness, "Restore…"), reason.is_none(), "{number}");
        if let Some(reason) = reason {
            harness.get_by_role_and_label(Role::Button, "Restore…").hover();
            harness.run_steps(30);
            assert!(says(&harness, reason), "{number}: {reason}");
        } else {
            click(&mut harness, "Restore…");
            assert!(says(&harness, "Step 1 of 3: Target"));
        }
    }
}

#[test]
fn a_closed_dialog_comes_back_without_what_confirms_and_without_secrets() {
    let mut harness = at_confirm(SIZE, Theme::Dark);
    fill(&mut harness, "Type telemetry to confirm", "telemetry");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(!says(&harness, "Step 3"));
    start(&mut harness.state_mut().model, Some(full()), &Ok(Some(NAMED.to_vec())));
    harness.run();
    assert!(says(&harness, "Step 3 of 3: Confirm") && says(&harness, "All data of telemetry"));
    assert!(!is_enabled(&harness, "Restore into telemetry"), "the name is typed anew");

    let mut harness = open(None, SIZE, Theme::Dark);
    fill(&mut harness, "Backup file", "nightly.gz");
    let form = harness.state_mut().model.view.restore.as_mut().unwrap();
    let RestoreInput::File(file) = &mut form.draft.source else { panic!() };
    file.encryption_key.as_mut_string().push_str("s3cr3tk3y");
    harness.key_press(Key::Escape);
    harness.run();
    start(&mut harness.state_mut().model, None, &Ok(None));
    harness.run();
    let RestoreInput::File(file) = &harness.state().model.view.restore.as_ref().unwrap().draft.source else { panic!() };
    assert_eq!((file.object.as_str(), file.encryption_key.is_empty()), ("nightly.gz", true));
}

#[test]
fn a_file_in_a_bucket_is_named_first_and_its_secrets_are_never_shown() {
    let mut harness = open(None, SIZE, Theme::Dark);
    assert!(says(&harness, "Step 1 of 4: Source"));
    assert!(harness.get_by_role_and_label(Role::TextInput, "Bucket path").is_focused());
    click(&mut harness, "Next");
    assert!(says(&harness, "Enter the bucket path") && says(&harness, "Enter the name of the backup file"));
    fill(&mut harness, "Bucket path", "s3://acme-exports");
    fill(&mut harness, "Backup file", "s3://acme-exports/db/nightly.gz");
    click(&mut harness, "Use db/nightly.gz");
    harness.get_by_label("None").click();
    harness.run();
    harness.get_by_role_and_label(Role::RadioButton, "mysqldump").click();
    harness.run();
    harness.get_by_role_and_label(Role::PasswordInput, "Encryption key (optional)").focus();
    harness.run();
    harness.get_by_role_and_label(Role::PasswordInput, "Encryption key (optional)").type_text("s3cr3tk3y");
    harness.run();
    assert!(!says(&harness, "s3cr3tk3y"));
    click(&mut harness, "Next");
    assert!(says(&harness, "Step 2 of 4: Target"));
    pick(&mut harness, "dbpgf41870001");
    click(&mut harness, "Next");
    assert!(says(&harness, "A file in your own bucket can be restored into any cloud provider"));
    click(&mut harness, "Next");
    assert!(says(&harness, "A dump keeps no GTID state"));
    harness.get_by_label("Request").click_accesskit();
    harness.run();
    assert!(says(&harness, "\"encryption_key\": \"(hidden)\"") && !says(&harness, "s3cr3tk3y"));
}

#[test]
fn a_moment_is_a_source_without_a_look_up() {
    let at: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let source = RestoreSource::Moment { service: ServiceId::new("dbpgf41870000"), at };
    let mut harness = open(Some(source), SIZE, Theme::Dark);
    assert!(says(&harness, "orders-prod as it was at 2026-11-22 10:00:00 UTC"));
    pick(&mut harness, "dbpgf41870006");
    click(&mut harness, "Next");
    assert!(says(&harness, "Needs SkySQL's own snapshots before and after it"));
    click(&mut harness, "Next");
    assert!(says(&harness, "what was committed before 2026-11-22 10:00:00 UTC"));
}

#[test]
fn every_step_fits_the_smallest_window() {
    for theme in [Theme::Dark, Theme::Light] {
        let mut harness = open(Some(full()), SMALL, theme);
        pick(&mut harness, "dbpgf41870006");
        for button in ["Next", "Next", "Restore into telemetry"] {
            let window = harness.ctx.content_rect();
            for name in [button, "Cancel"] {
                let place = harness.get_by_role_and_label(Role::Button, name).rect();
                assert!(window.contains_rect(place), "{name} at {place:?}");
            }
            if button == "Next" {
                click(&mut harness, button);
            }
        }
    }
}
