//! What a screen reader announces, and what the texts of the service may do to the screen: every screen, every dialog.

use crate::support::stepped::SteppedModel;
use egui::{Key, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::api::{ApiError, ErrorKind, Operation, RequestRecord};
use skybackup::domain::{
    ApiTime, Backup, BackupId, Restore, RestoreId, Schedule, ScheduleId, Service, ServiceId, Status, is_control_or_bidi,
};
use skybackup::model::Dialog;
use skybackup::msg::{
    BatchAction, BatchCommand, ChangeCommand, ChangeEvent, ChangeOutcome, Command, Effect, Event, ExportCommand,
    FormCommand, ListCommand, ListEffect, ListEvent, ProfileCommand, RestoreCommand, Screen, SystemEvent, TableCommand,
    TableId, ViewsCommand, WindowCommand,
};
use skybackup::settings::ProfileFlags;
use skybackup::ui::root_ui;

use super::signed_in::{Desk, listed, model, now, schedules, tickets, window};
use super::table::backups;

/// Opens the question about a schedule, or its form.
type Ask = fn(ScheduleId) -> Command;

const SIZE: [f32; 2] = [1280.0, 800.0];

/// A text on screen is never longer, in characters: some lines of 256 each.
const LONGEST: usize = 256 * 14;

/// Harmless, and everything a text can do to a screen: turn its direction, hide, break lines, never end.
fn odd(word: &str) -> String {
    format!("{word}\u{202e}\u{7}\u{200b}\n{}", "w".repeat(20_000))
}

fn odd_schedule(number: u32) -> Schedule {
    Schedule {
        id: ScheduleId::new(odd(&number.to_string())),
        service_id: Some(ServiceId::new(odd("service"))),
        service_name: Some(odd("name").as_str().into()),
        backup_type: Some(skybackup::domain::BackupType::from_word(&odd("type"))),
        recurrence: Some(skybackup::domain::Recurrence::read(&odd("cron"))),
        status: Some(Status::new(odd("status").as_str())),
        message: Some(odd("message").as_str().into()),
        cloud_provider: Some(odd("cloud").as_str().into()),
        created_at: ApiTime::read(&odd("time")),
        labels: Some(serde_json::json!({ odd("label"): odd("value") }).to_string().into()),
        unknown: Some(serde_json::json!({ odd("field"): [odd("value")] }).to_string().into()),
        ..Schedule::default()
    }
}

fn odd_backup(number: u32) -> Backup {
    Backup {
        id: BackupId::new(odd(&number.to_string())),
        service_id: Some(ServiceId::new(odd("service"))),
        service_name: Some(odd("name").as_str().into()),
        status: Some(Status::new(odd("status").as_str())),
        unknown: Some(serde_json::json!({ odd("field"): odd("value") }).to_string().into()),
        ..Backup::default()
    }
}

fn odd_error(kind: ErrorKind) -> ApiError {
    ApiError {
        status: Some(409),
        message: Some(odd("message")),
        trace_id: Some(odd("trace")),
        ..ApiError::new(kind, Operation::DeleteSchedule)
    }
}

/// A desk whose service says nothing but odd things; in production.
fn odd_desk() -> SteppedModel {
    let mut model = model(Vec::new(), Vec::new());
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    let service = Service {
        id: ServiceId::new(odd("service")),
        name: Some(odd("name").as_str().into()),
        provider: Some(odd("cloud").as_str().into()),
        status: Some(odd("state").as_str().into()),
        ..Service::default()
    };
    model.apply(Event::List(ListEvent::ServicesListed(waiting.services, Ok(listed(vec![service])))), now());
    model.apply(
        Event::List(ListEvent::BackupsListed(waiting.backups, Ok(listed((0..3).map(odd_backup).collect())))),
        now(),
    );
    model.apply(
        Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed((0..3).map(odd_schedule).collect())))),
        now(),
    );
    let record = RequestRecord {
        at: now(),
        operation: Operation::ListBackups,
        method: "GET",
        path: odd("/backups"),
        status: Some(500),
        duration_ms: 1,
        attempt: 2,
        outcome: odd("outcome"),
        trace_id: Some(odd("trace")),
        response_bytes: 2,
        server_date: None,
        ended_at: now(),
    };
    model.apply(Event::System(SystemEvent::Requested(skybackup::msg::Ticket(0), record)), now());
    model
}

fn mark_production(model: &mut SteppedModel) {
    let profile = model.data.session.profile().unwrap().clone();
    let flags = ProfileFlags { production: true, ..ProfileFlags::default() };
    let change = skybackup::msg::ProfileChange { id: profile.id, name: profile.name, flags };
    model.handle(Command::Profile(ProfileCommand::ChangeProfile(change)), now());
}

/// The restores screen with odd rows, one of them selected beside its pane.
fn show_restores(model: &mut SteppedModel) {
    let effects = model.handle(Command::Window(WindowCommand::Go(Screen::Restores)), now());
    let row = |number: u32| Restore {
        id: RestoreId::new(odd(&number.to_string())),
        service_id: Some(ServiceId::new(odd("service"))),
        service_name: Some(odd("name").as_str().into()),
        backup_id: Some(BackupId::new(odd("backup"))),
        bucket: Some(odd("bucket").as_str().into()),
        backup_type: Some(skybackup::domain::BackupType::from_word(&odd("type"))),
        status: Some(Status::new(odd("status").as_str())),
        message: Some(odd("message").as_str().into()),
        created_at: ApiTime::read(&odd("time")),
        unknown: None,
        sighting: None,
    };
    for effect in effects {
        if let Effect::List(ListEffect::ListRestores { ticket, .. }) = effect {
            let rows = listed(vec![row(7), row(8)]);
            model.apply(Event::List(ListEvent::RestoresListed(ticket, Ok(rows))), now());
        }
    }
    model.handle(Command::List(ListCommand::ShowRestore(RestoreId::new(odd("7")))), now());
}

fn choose_schedule(model: &mut SteppedModel) -> ScheduleId {
    model.handle(Command::Window(WindowCommand::Go(Screen::Schedules)), now());
    let first = model.data.schedules().index.order[0];
    let id = model.data.schedules().rows().get(first).unwrap().id;
    model.handle(Command::Table(TableId::Schedules, TableCommand::Select(id.as_str().into())), now());
    id
}

/// Answers the change that is under way.
fn settle(model: &mut SteppedModel, outcome: impl Fn(skybackup::msg::Ticket) -> Event) {
    let ticket = model.data.change().unwrap().ticket;
    let event = outcome(ticket);
    model.apply(event, now());
}

/// Every screen, and every dialog over it, each with its name.
fn scenes(desk: fn() -> SteppedModel) -> Vec<(&'static str, SteppedModel)> {
    let mut scenes = Vec::new();
    let mut scene = |name: &'static str, set: &dyn Fn(&mut SteppedModel)| {
        let mut model = desk();
        set(&mut model);
        scenes.push((name, model));
    };
    for (name, screen) in [
        ("overview", Screen::Overview),
        ("backups", Screen::Backups),
        ("schedules", Screen::Schedules),
        ("activity", Screen::Activity),
        ("settings", Screen::Settings),
    ] {
        scene(name, &move |model| drop(model.handle(Command::Window(WindowCommand::Go(screen)), now())));
    }
    scene("pane of a backup", &|model| {
        let id = model.data.backups().rows().id(0).unwrap().into();
        model.handle(Command::Table(TableId::Backups, TableCommand::Select(id)), now());
        model.view.detail_json = true;
    });
    scene("pane of a schedule", &|model| {
        choose_schedule(model);
        model.view.detail_json = true;
    });
    scene("restores", &show_restores);
    scene("entry to delete", &|model| {
        show_restores(model);
        mark_production(model);
        let id = RestoreId::new(odd("7"));
        model.handle(Command::Restore(RestoreCommand::AskDelete(id)), now());
    });
    for (name, command) in [
        ("palette", Command::Window(WindowCommand::OpenPalette)),
        ("shortcuts", Command::Window(WindowCommand::OpenShortcuts)),
        ("about", Command::Window(WindowCommand::OpenAbout)),
        ("columns", Command::Window(WindowCommand::OpenColumns)),
        ("export", Command::Export(ExportCommand::OpenExport(None))),
        ("new schedule", Command::Form(FormCommand::NewSchedule(None))),
        ("back up now", Command::Form(FormCommand::BackUpNow(None))),
    ] {
        scene(name, &move |model| drop(model.handle(command.clone(), now())));
    }
    scene("profile", &|model| {
        let id = model.data.session.profile().unwrap().id.clone();
        model.handle(Command::Profile(ProfileCommand::EditProfile(id)), now());
    });
    scene("remove profile", &|model| {
        let id = model.data.session.profile().unwrap().id.clone();
        model.view.open(Dialog::RemoveProfile(id));
    });
    scene("sign out", &|model| model.view.open(Dialog::SignOut { forget: false }));
    scene("targets", &|model| model.view.open(Dialog::Targets(None)));
    scene("targets of a service", &|model| {
        model.view.open(Dialog::Targets(Some(skybackup::domain::ServiceId::new("dbpgf41870000"))));
    });
    scene("save view", &|model| {
        model.handle(Command::Window(WindowCommand::Go(Screen::Backups)), now());
        model.handle(Command::Views(ViewsCommand::AskSave), now());
    });
    scene("saved views", &|model| {
        model.handle(Command::Window(WindowCommand::Go(Screen::Backups)), now());
        for name in [odd("one"), odd("two")] {
            model.handle(Command::Views(ViewsCommand::Save(name)), now());
        }
        model.handle(Command::Views(ViewsCommand::Manage), now());
    });
    scene("asked to wait", &|model| model.view.open(Dialog::AskedToWait));
    let asks: [(&str, Ask); 3] = [
        ("edit", |it| Command::Form(FormCommand::EditSchedule(it))),
        ("delete", |it| Command::Change(ChangeCommand::AskDelete(it))),
        ("suspend", |it| Command::Change(ChangeCommand::AskSuspend(it))),
    ];
    for (name, ask) in asks {
        scene(name, &move |model| {
            mark_production(model);
            let id = choose_schedule(model);
            model.handle(ask(id), now());
        });
    }
    scene("delete a row that left", &|model| {
        let id = choose_schedule(model);
        model.handle(Command::Change(ChangeCommand::AskDelete(id)), now());
        let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
        model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed(Vec::new())))), now());
    });
    changes(&mut scene);
    scenes
}

/// Several changes: before they are sent, on their way, refused; and what is suspended.
fn batches(scene: &mut impl FnMut(&'static str, &dyn Fn(&mut SteppedModel))) {
    fn ask(model: &mut SteppedModel, action: BatchAction) {
        choose_schedule(model);
        if action != BatchAction::Copy {
            model.handle(Command::Table(TableId::Schedules, TableCommand::SelectAll), now());
        }
        model.handle(Command::Batch(BatchCommand::Ask(action)), now());
    }
    let actions = [
        ("suspend several", BatchAction::Suspend),
        ("resume several", BatchAction::Resume),
        ("delete several", BatchAction::Delete),
        ("change the time of several", BatchAction::ChangeTime),
        ("copy to services", BatchAction::Copy),
    ];
    for (name, action) in actions {
        scene(name, &move |model| ask(model, action));
    }
    scene("recreate", &|model| {
        model.handle(Command::Batch(BatchCommand::Recreate(Box::new(odd_schedule(9)))), now());
    });
    scene("several on their way", &|model| {
        ask(model, BatchAction::Delete);
        model.handle(Command::Batch(BatchCommand::Send), now());
    });
    scene("several refused", &|model| {
        ask(model, BatchAction::Delete);
        model.handle(Command::Batch(BatchCommand::Send), now());
        while model.data.change().is_some() {
            let refused = || ChangeOutcome::Rejected(odd_error(ErrorKind::Conflict));
            settle(model, |ticket| Event::Change(ChangeEvent::Ended(ticket, refused())));
        }
    });
    scene("several refused, dialog closed", &|model| {
        ask(model, BatchAction::Delete);
        model.handle(Command::Batch(BatchCommand::Send), now());
        model.handle(Command::Window(WindowCommand::CloseDialog), now());
        settle(model, |ticket| {
            let refused = odd_error(ErrorKind::TooManyRequests { retry_at: None });
            Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Rejected(refused)))
        });
    });
    scene("a reminder", &|model| {
        let id = choose_schedule(model);
        model.handle(Command::Change(ChangeCommand::AskSuspend(id.clone())), now());
        model.view.suspension.reason = odd("reason");
        "2000-01-01".clone_into(&mut model.view.suspension.remind_on);
        model.handle(Command::Change(ChangeCommand::Suspend(id.clone())), now());
        let row = Schedule { id, suspended: Some(true), ..odd_schedule(9) };
        settle(model, |ticket| Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Updated(row.clone()))));
    });
}

/// Changes in every stage, as dialogs and as banners.
fn changes(scene: &mut impl FnMut(&'static str, &dyn Fn(&mut SteppedModel))) {
    let begin_delete = |model: &mut SteppedModel| {
        let id = choose_schedule(model);
        model.handle(Command::Change(ChangeCommand::AskDelete(id.clone())), now());
        model.handle(Command::Change(ChangeCommand::Delete(id)), now());
    };
    scene("quit", &|model| {
        begin_delete(model);
        model.handle(Command::Window(WindowCommand::Quit), now());
    });
    scene("deletion refused", &|model| {
        begin_delete(model);
        settle(model, |ticket| {
            Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Rejected(odd_error(ErrorKind::Conflict))))
        });
    });
    scene("deletion refused, dialog closed", &|model| {
        begin_delete(model);
        model.handle(Command::Window(WindowCommand::CloseDialog), now());
        settle(model, |ticket| {
            Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Rejected(odd_error(ErrorKind::Conflict))))
        });
    });
    scene("deletion of what somebody changed", &|model| {
        begin_delete(model);
        settle(model, |ticket| {
            Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Conflict(odd_schedule(9).into())))
        });
    });
    scene("deletion unknown", &|model| {
        begin_delete(model);
        model.handle(Command::Window(WindowCommand::CloseDialog), now());
        let error = odd_error(ErrorKind::Lost);
        settle(model, |ticket| {
            let now = Some(odd_schedule(9).into());
            Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Unknown { error: error.clone(), now }))
        });
    });
    scene("suspension unknown", &|model| {
        let id = choose_schedule(model);
        model.handle(Command::Change(ChangeCommand::Suspend(id)), now());
        let error = odd_error(ErrorKind::Lost);
        settle(model, |ticket| {
            let now = Some(odd_schedule(9).into());
            Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Unknown { error: error.clone(), now }))
        });
    });
    scene("suspended", &|model| {
        let id = choose_schedule(model);
        model.handle(Command::Change(ChangeCommand::Suspend(id.clone())), now());
        let row = Schedule { id, suspended: Some(true), ..odd_schedule(9) };
        settle(model, |ticket| Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Updated(row.clone()))));
    });
    batches(scene);
    scene("creation found twice", &|model| {
        let new = skybackup::draft::NewSchedule {
            service_id: ServiceId::new(odd("service")),
            backup_type: skybackup::domain::BackupType::Full,
            recurrence: skybackup::domain::Recurrence::read("0 2 * * *"),
            storage: None,
        };
        model.handle(Command::Change(ChangeCommand::CreateSchedule(std::sync::Arc::new(new))), now());
        let (error, found) = (odd_error(ErrorKind::Lost), vec![odd_schedule(7), odd_schedule(8)]);
        settle(model, |ticket| {
            let found = found.clone();
            Event::Change(ChangeEvent::Ended(
                ticket,
                ChangeOutcome::CreationUnknown {
                    error: error.clone(),
                    found: found.into_iter().map(Into::into).collect(),
                    checked: true,
                },
            ))
        });
    });
    scene("lists that failed", &|model| {
        let error = odd_error(ErrorKind::Server { retry_at: None });
        super::signed_in::fail(model, &error);
    });
}

/// What is painted, and what a screen reader announces.
fn texts(harness: &Harness<'_, Desk>) -> Vec<String> {
    fn painted(shape: &egui::Shape, texts: &mut Vec<String>) {
        match shape {
            egui::Shape::Text(text) => texts.push(text.galley.text().to_owned()),
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| painted(shape, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for shape in &harness.output().shapes {
        painted(&shape.shape, &mut texts);
    }
    texts.extend(names(harness));
    texts
}

/// What a screen reader announces.
fn names(harness: &Harness<'_, Desk>) -> Vec<String> {
    let nodes = harness.root().children_recursive();
    nodes
        .flat_map(|node| {
            let node = node.accesskit_node();
            [node.label(), node.value(), node.description(), node.placeholder().map(str::to_owned)]
        })
        .flatten()
        .collect()
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[test]
fn texts_of_the_service_are_escaped_and_cut_wherever_they_are_shown() {
    for (name, model) in scenes(odd_desk) {
        let began = std::time::Instant::now();
        let harness = window(model, SIZE, Theme::Dark, root_ui);
        for text in texts(&harness) {
            // A field shows the text it stands for, as it would be sent.
            if name == "edit" && text.starts_with("cron") {
                continue;
            }
            let bad = text.chars().find(|c| *c != '\n' && is_control_or_bidi(*c));
            assert_eq!(bad, None, "{name}: {:?}", text.chars().take(300).collect::<String>());
            let length = text.chars().count();
            assert!(
                length <= LONGEST || name.starts_with("pane"),
                "{name}: {length} characters begin with {}",
                &text[..60]
            );
        }
        // Texts of 20,000 characters in every field: laid out as they are they take seconds a frame.
        assert!(began.elapsed().as_secs() < 30, "{name}");
    }
}

#[test]
fn no_name_has_a_glyph_of_an_icon() {
    for (name, model) in scenes(|| model(backups(12), schedules())) {
        let mut harness = window(model, SIZE, Theme::Light, root_ui);
        let check = |harness: &Harness<'_, Desk>| {
            for text in names(harness) {
                assert!(!text.chars().any(is_private), "{name}: {text:?}");
            }
        };
        check(&harness);
        if name == "backups" {
            for menu in ["File", "Edit", "View", "Schedule", "Help", "Status", "Service", "Started"] {
                harness.query_all_by_label(menu).next().unwrap().click();
                harness.run();
                check(&harness);
                harness.key_press(Key::Escape);
                harness.run();
            }
        }
    }
}

#[test]
fn menus_are_menus_and_what_is_selected_is_not_checked() {
    let mut model = model(backups(12), schedules());
    choose_schedule(&mut model);
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    assert_eq!(harness.get_all_by_role(Role::MenuBar).count(), 1);
    let rail = harness.get_by_role_and_label(Role::Tab, "Schedules");
    assert_eq!((rail.accesskit_node().is_selected(), rail.accesskit_node().toggled()), (Some(true), None));
    let rail = harness.get_by_role_and_label(Role::Tab, "Backups");
    assert_eq!((rail.accesskit_node().is_selected(), rail.accesskit_node().toggled()), (Some(false), None));
    let selected = harness.get_all_by_role(Role::Row).filter(|row| row.accesskit_node().is_selected() == Some(true));
    assert_eq!(selected.count(), 1);
    assert!(harness.get_all_by_role(Role::Row).all(|row| row.accesskit_node().toggled().is_none()));
    let file = harness.get_by_role_and_label(Role::MenuItem, "File");
    assert_eq!(file.accesskit_node().data().has_popup(), Some(egui::accesskit::HasPopup::Menu));
    file.click();
    harness.run();
    assert!(harness.query_all_by_role(Role::Menu).next().is_some());
    let file = harness.get_by_role_and_label(Role::MenuItem, "File");
    assert_eq!(file.accesskit_node().data().is_expanded(), Some(true));
}
