//! Restores: from a backup to a service with other data, in the window and at the service.

use egui::{Key, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::domain::Backup;
use skybackup::model::RestoreStep;
use skybackup::msg::Screen;

use super::profiles::mark;
use crate::support::demo::{Fault, FaultScope};
use crate::support::restoring::{ANALYTICS, REPORTS, RESTORES};
use crate::support::story::Story;

/// How often a restore was asked for; the look-ups are POSTs too.
fn creations(story: &Story) -> Vec<String> {
    let requests = story.world().requests().into_iter();
    requests.filter(|it| it.method == "POST" && it.path == RESTORES).map(|it| it.body).collect()
}

fn step(story: &Story) -> Option<RestoreStep> {
    story.model().view.restore.as_ref().map(|form| form.step)
}

/// The checks of a restore of reports into analytics-dwh.
fn at_checks() -> (Story, Backup) {
    let mut story = Story::signed_in();
    let backup = story.begin_restore();
    (story, backup)
}

/// The last step, with the name typed.
fn at_confirm() -> (Story, Backup) {
    let mut story = Story::signed_in();
    let backup = story.fill_restore();
    (story, backup)
}

#[test]
fn a_backup_is_restored_into_another_service_and_followed_to_its_end() {
    let (mut story, backup) = at_confirm();
    story.click("Restore into analytics-dwh");
    story.until("it is followed", |story| step(story) == Some(RestoreStep::Progress));
    story.until_shown("server is not-ready");
    let bodies = creations(&story);
    let body: serde_json::Value = serde_json::from_str(&bodies[0]).unwrap();
    assert_eq!((bodies.len(), &body["service_id"], &body["id"]), (1, &ANALYTICS.into(), &backup.id.as_str().into()));
    story.world().advance(60);
    story.until_shown("Restore has succeeded!");
    assert!(story.shows("Sign in to analytics-dwh with the users and passwords of the source"));
    story.until_shown("Restore into analytics-dwh succeeded");
    story.click("Show in Restores");
    story.until("the restores are shown", |story| story.model().view.screen == Screen::Restores);
    assert!(story.model().view.dialog.is_none() && story.model().view.restore.is_none());
    assert_eq!(creations(&story).len(), 1);
}

#[test]
fn a_refused_restore_keeps_the_dialog_with_the_reason_and_is_sent_again_on_demand_only() {
    let (mut story, _) = at_confirm();
    let body =
        r#"{"code":409,"errors":[{"error":"conflict","message":"the target is in a pending state"}],"trace_id":"t-9"}"#;
    story.world().set_fault_for(Fault::status(409, body), FaultScope::next(1).on_method("POST").on_path(RESTORES));
    story.click("Restore into analytics-dwh");
    story.until_shown("the target is in a pending state");
    assert!(story.shows("t-9"));
    assert_eq!((creations(&story).len(), step(&story)), (1, Some(RestoreStep::Confirm)));
    story.click("Restore into analytics-dwh");
    story.until("it is followed", |story| step(story) == Some(RestoreStep::Progress));
    assert_eq!(creations(&story).len(), 2);
}

#[test]
fn a_response_that_is_lost_after_the_commit_is_found_by_reading_and_never_sent_again() {
    let (mut story, _) = at_confirm();
    story.world().set_fault_for(Fault::CommitThenDrop, FaultScope::next(1).on_method("POST").on_path(RESTORES));
    story.click("Restore into analytics-dwh");
    story.until_shown("new since your request");
    story.click("Done");
    story.until("it is followed", |story| step(story) == Some(RestoreStep::Progress));
    assert_eq!(creations(&story).len(), 1);
    story.world().advance(60);
    story.until_shown("Restore into analytics-dwh succeeded");
}

#[test]
fn a_name_that_is_not_the_targets_sends_nothing() {
    let (mut story, _) = at_confirm();
    for name in ["analytics", "reports", "Analytics-dwh"] {
        story.fill(Role::TextInput, "Type analytics-dwh to confirm", name);
        story.press(Key::Enter);
        let button = story.window.get_by_role_and_label(Role::Button, "Restore into analytics-dwh");
        assert!(button.accesskit_node().is_disabled(), "{name}");
    }
    assert!(story.shows("Type analytics-dwh to go on") && creations(&story).is_empty());
}

#[test]
fn the_target_is_backed_up_first_and_waited_for() {
    let (mut story, _) = at_checks();
    let before = story.world().backup_count();
    story.click("Back up analytics-dwh first");
    story.until_shown("Stop waiting");
    assert_eq!(story.world().backup_count(), before + 1);
    story.world().advance(90);
    story.until_shown("The target is backed up");
    story.until_shown("The newest good backup of the target is a full backup");
    assert!(creations(&story).is_empty());
    story.click("Next");
    story.fill(Role::TextInput, "Type analytics-dwh to confirm", "analytics-dwh");
    story.click("Restore into analytics-dwh");
    story.until("it is followed", |story| step(story) == Some(RestoreStep::Progress));
}

#[test]
fn a_read_only_profile_restores_nothing_and_says_where_to_change_that() {
    let mut story = Story::signed_in();
    mark(&mut story, "Read only");
    story.until("the profile is read only", |story| story.model().data.is_read_only());
    story.press_with(egui::Modifiers::COMMAND, Key::Num3);
    story.until("the backups are shown", |story| story.model().view.screen == Screen::Backups);
    story.select_full(REPORTS);
    story.hover_role(Role::Button, "Restore…");
    story.until_shown("This profile is read only. Choose \"Edit profile…\" to allow changes");
    assert!(story.window.get_by_role_and_label(Role::Button, "Restore…").accesskit_node().is_disabled());
}
