//! Changes: a schedule is created, suspended, refused and deleted, in the window and at the service.

use crate::support::demo::{Fault, FaultScope};
use crate::support::story::Story;

const SCHEDULES: &str = "/skybackup/v1/backups/schedules";

fn on_schedules() -> Story {
    let mut story = Story::signed_in();
    story.go_to_schedules();
    story
}

fn posts(story: &Story) -> usize {
    story.world().requests().iter().filter(|request| request.method == "POST").count()
}

#[test]
fn a_new_schedule_is_sent_once_and_is_in_the_table() {
    let mut story = on_schedules();
    let before = story.world().schedule_count();
    story.fill_new_schedule();
    story.click("Create schedule");
    story.until_shown("Schedule for orders-prod created");
    assert_eq!((posts(&story), story.world().schedule_count()), (1, before + 1));
    let body = story.world().requests().iter().find(|request| request.method == "POST").unwrap().body.clone();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["schedule"], "30 3 * * 1-5");
    assert_eq!(body["backup_type"], "full");
    assert!(body.get("external_storage").is_none());
    story.until("the new row is in the table", |story| story.model().data.schedules().rows().len() == before + 1);
    assert!(story.model().view.form.is_none());
    let notes = story.folder().join("state").join("changes");
    story.until("its note is gone", |_| {
        let mut files = std::fs::read_dir(&notes).unwrap().map(|file| file.unwrap().path());
        files.all(|file| file.extension().is_none_or(|ending| ending != "json"))
    });
}

#[test]
fn a_refused_creation_keeps_the_form_with_the_reason_and_the_trace() {
    let mut story = on_schedules();
    let body = r#"{"code":400,"errors":[{"error":"quota","message":"too many schedules"}],"trace_id":"t-42"}"#;
    story.world().set_fault_for(Fault::status(400, body), FaultScope::next(1).on_method("POST").on_path(SCHEDULES));
    story.fill_new_schedule();
    story.click("Create schedule");
    story.until_shown("too many schedules");
    assert!(story.shows("t-42"));
    assert_eq!(story.cron_entered(), "30 3 * * 1-5");
    story.click("Create schedule");
    story.until_shown("Schedule for orders-prod created");
    assert_eq!(posts(&story), 2);
}

#[test]
fn a_response_that_is_lost_after_the_commit_is_found_by_reading_and_never_sent_again() {
    let mut story = on_schedules();
    let before = story.world().schedule_count();
    story.world().set_fault_for(Fault::CommitThenDrop, FaultScope::next(1).on_method("POST").on_path(SCHEDULES));
    story.fill_new_schedule();
    story.click("Create schedule");
    story.until_shown("new since your request");
    assert_eq!((posts(&story), story.world().schedule_count()), (1, before + 1));
}

#[test]
fn suspending_and_resuming_reach_the_service() {
    let mut story = on_schedules();
    let schedule = story
        .select_schedule(|it| !it.is_once() && !it.is_suspended() && it.service_name.as_deref() == Some("billing"));
    story.click("Suspend…");
    story.click("Suspend schedule");
    story.until_shown("Schedule of billing suspended");
    story.until("the row says so", |story| {
        story.model().data.schedules().find(schedule.id.as_str()).is_some_and(|row| row.is_suspended())
    });
    let patch = story.world().requests().iter().find(|request| request.method == "PATCH").unwrap().body.clone();
    assert_eq!(patch, r#"{"suspended":true}"#);
    story.until("the change is settled", |story| story.model().data.can_change());
    story.click("Resume");
    story.until("the row says so", |story| {
        story.model().data.schedules().find(schedule.id.as_str()).is_some_and(|it| !it.is_suspended())
    });
}

#[test]
fn a_busy_schedule_is_not_deleted_and_its_dialog_says_why() {
    let mut story = on_schedules();
    let before = story.world().schedule_count();
    let body = r#"{"code":409,"errors":[{"error":"conflict","message":"a backup of it is running"}],"trace_id":"t-9"}"#;
    story.world().set_fault_for(Fault::status(409, body), FaultScope::next(1).on_method("DELETE"));
    story.select_schedule(|it| !it.is_once() && it.service_name.as_deref() == Some("billing"));
    story.click("Delete…");
    story.until_shown("Delete schedule");
    story.click("Delete schedule");
    story.until_shown("a backup of it is running");
    assert_eq!(story.world().schedule_count(), before);
    story.click("Try again");
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    assert_eq!(story.world().schedule_count(), before - 1);
}
