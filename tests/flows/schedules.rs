//! Changes: a schedule is created, suspended, refused and deleted, in the window and at the service.

use egui::Role;
use egui_kittest::kittest::Queryable as _;
use skybackup::demo::{Fault, FaultScope};
use skybackup::domain::Schedule;
use skybackup::msg::Screen;

use super::story::Story;

const SCHEDULES: &str = "/skybackup/v1/backups/schedules";

fn on_schedules() -> Story {
    let mut story = Story::signed_in();
    story.window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Num2);
    story.until("the schedules are shown", |story| story.model().view.screen == Screen::Schedules);
    story
}

/// Selects the first schedule that is so, by a click on its row.
fn select(story: &mut Story, is_so: impl Fn(&Schedule) -> bool) -> Schedule {
    let data = &story.model().data;
    let rows = data.schedules.rows();
    let order = data.schedules.index().order.iter().map(|&place| &rows[place as usize]);
    let (place, schedule) = order.enumerate().find(|(_, schedule)| is_so(schedule)).unwrap();
    let (ending, schedule) = (format!(", row {} of {}", place + 1, rows.len()), schedule.clone());
    story.window.get_by_label_contains(&ending).click();
    story.until("the row is selected", |story| {
        story.model().data.schedules.focused().is_some_and(|focused| focused.id == schedule.id)
    });
    schedule
}

fn posts(story: &Story) -> usize {
    story.world().requests().iter().filter(|request| request.method == "POST").count()
}

/// Opens the form for a service that takes any type, with a cadence of its own.
fn fill_form(story: &mut Story) {
    let service = select(story, |schedule| schedule.service_label() == "orders-prod");
    story.window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::N);
    story.until_shown("Cron expression");
    assert_eq!(
        story.model().view.form.as_ref().map(|form| form.draft.service.clone()),
        service.service_id.map(|id| id.as_str().to_owned()),
    );
    story.fill(Role::TextInput, "Cron expression", "30 3 * * 1-5");
    story.until_shown("At 03:30");
}

#[test]
fn a_new_schedule_is_sent_once_and_stands_in_the_table() {
    let mut story = on_schedules();
    let before = story.world().schedule_count();
    fill_form(&mut story);
    story.click("Create schedule");
    story.until_shown("Schedule for orders-prod created");
    assert_eq!((posts(&story), story.world().schedule_count()), (1, before + 1));
    let body = story.world().requests().iter().find(|request| request.method == "POST").unwrap().body.clone();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["schedule"], "30 3 * * 1-5");
    assert_eq!(body["backup_type"], "full");
    assert!(body.get("external_storage").is_none());
    story.until("the new row is in the table", |story| story.model().data.schedules.rows().len() == before + 1);
    assert!(story.model().view.form.is_none());
}

#[test]
fn a_refused_creation_keeps_the_form_with_the_reason_and_the_trace() {
    let mut story = on_schedules();
    let body = r#"{"code":400,"errors":[{"error":"quota","message":"too many schedules"}],"trace_id":"t-42"}"#;
    story.world().set_fault_for(Fault::status(400, body), FaultScope::next(1).on_method("POST").on_path(SCHEDULES));
    fill_form(&mut story);
    story.click("Create schedule");
    story.until_shown("too many schedules");
    assert!(story.shows("t-42"));
    let draft = &story.model().view.form.as_ref().unwrap().draft;
    assert_eq!(draft.cron_text, "30 3 * * 1-5");
    story.click("Create schedule");
    story.until_shown("Schedule for orders-prod created");
    assert_eq!(posts(&story), 2);
}

#[test]
fn an_answer_that_is_lost_after_the_commit_is_found_by_reading_and_never_sent_again() {
    let mut story = on_schedules();
    let before = story.world().schedule_count();
    story.world().set_fault_for(Fault::CommitThenDrop, FaultScope::next(1).on_method("POST").on_path(SCHEDULES));
    fill_form(&mut story);
    story.click("Create schedule");
    story.until_shown("new since your request");
    assert_eq!((posts(&story), story.world().schedule_count()), (1, before + 1));
}

#[test]
fn suspending_and_resuming_reach_the_service() {
    let mut story = on_schedules();
    let schedule = select(&mut story, |it| !it.is_once() && !it.is_suspended() && it.service_label() == "billing");
    story.click("Suspend");
    story.until_shown("Schedule of billing suspended");
    story.until("the row says so", |story| {
        story.model().data.schedules.find(schedule.id.as_str()).is_some_and(Schedule::is_suspended)
    });
    let patch = story.world().requests().iter().find(|request| request.method == "PATCH").unwrap().body.clone();
    assert_eq!(patch, r#"{"suspended":true}"#);
    story.until("the change is settled", |story| story.model().data.can_write());
    story.click("Resume");
    story.until("the row says so", |story| {
        story.model().data.schedules.find(schedule.id.as_str()).is_some_and(|it| !it.is_suspended())
    });
}

#[test]
fn a_busy_schedule_is_not_deleted_and_its_dialog_says_why() {
    let mut story = on_schedules();
    let before = story.world().schedule_count();
    let body = r#"{"code":409,"errors":[{"error":"conflict","message":"a backup of it is running"}],"trace_id":"t-9"}"#;
    story.world().set_fault_for(Fault::status(409, body), FaultScope::next(1).on_method("DELETE"));
    select(&mut story, |it| !it.is_once() && it.service_label() == "billing");
    story.click("Delete…");
    story.until_shown("Delete schedule");
    story.click("Delete schedule");
    story.until_shown("a backup of it is running");
    assert_eq!(story.world().schedule_count(), before);
    story.click("Try again");
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    assert_eq!(story.world().schedule_count(), before - 1);
}
