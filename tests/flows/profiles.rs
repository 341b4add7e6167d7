//! Marks of profiles: production is seen and asks more, read only changes nothing.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use skybackup::settings::{self, Paths, ProfileColor};

use crate::support::raw_server::{RawServer, Reply, response};
use crate::support::story::{KEY, Story};

const REASON: &str = "This profile is read only. Choose \"Edit profile…\" to allow changes";

/// Opens the dialog of the only profile, from the settings.
fn edit_profile(story: &mut Story) {
    story.press_with(Modifiers::COMMAND, Key::Comma);
    story.until_shown("Files and folders");
    story.click("Edit…");
    story.until_shown("Address and key");
}

/// Turns a mark over in the dialog of the profile, and saves.
pub(super) fn mark(story: &mut Story, name: &str) {
    edit_profile(story);
    turn(story, name);
    story.click("Save profile");
}

/// Clicks a check box; the bar may show a mark of the same name.
fn turn(story: &mut Story, name: &str) {
    story.click_role(Role::CheckBox, name);
}

fn is_off(story: &Story, role: Role, name: &str) -> bool {
    story.window.get_by_role_and_label(role, name).accesskit_node().is_disabled()
}

#[test]
fn a_read_only_profile_shows_every_change_and_makes_none() {
    let mut story = Story::signed_in();
    mark(&mut story, "Read only");
    story.until("the profile is read only", |story| story.model().data.is_read_only());
    story.go_to_schedules();
    story.select_schedule(|schedule| !schedule.is_once() && !schedule.is_suspended());
    for name in ["New schedule", "Edit…", "Suspend…", "Back up now…", "Delete…"] {
        assert!(is_off(&story, Role::Button, name), "{name}");
    }
    for key in [(Modifiers::COMMAND, Key::N), (Modifiers::COMMAND, Key::B), (Modifiers::NONE, Key::F2)] {
        story.press_with(key.0, key.1);
        story.step();
    }
    story.press(Key::Delete);
    story.step();
    assert_eq!(story.model().view.dialog, None, "no key opens what cannot be done");
    story.hover_role(Role::Button, "New schedule");
    story.until_shown(REASON);

    story.press_with(Modifiers::COMMAND, Key::K);
    story.until("the palette is open", |story| story.model().view.dialog.is_some());
    story.step();
    assert!(is_off(&story, Role::MenuItem, "New schedule…") && !is_off(&story, Role::MenuItem, "Refresh"));
    story.press(Key::Escape);
    story.step();
    assert!(story.methods().iter().all(|method| method == "GET"), "{:?}", story.methods());

    let paths = Paths::below(story.folder());
    story.until("the next start knows", |_| {
        settings::read(&paths).0.profiles.first().is_some_and(|profile| profile.flags.read_only)
    });
}

#[test]
fn deleting_in_production_takes_a_typed_name() {
    let mut story = Story::signed_in();
    mark(&mut story, "Production");
    story.until_shown("PROD");
    story.go_to_schedules();
    let schedule = story.select_schedule(|schedule| schedule.service_name.as_deref() == Some("reports"));
    let count = story.world().schedule_count();
    story.press(Key::Delete);
    story.until_shown("Keep schedule");
    assert!(is_off(&story, Role::Button, "Delete schedule"));
    story.fill(Role::TextInput, "Type reports to delete the schedule", "report");
    assert!(is_off(&story, Role::Button, "Delete schedule"), "not the whole name");
    story.press(Key::Enter);
    story.step();
    story.fill(Role::TextInput, "Type reports to delete the schedule", "reports");
    assert_eq!(story.world().schedule_count(), count, "Enter with half a name does nothing");
    story.press(Key::Enter);
    story.until("it is gone", |story| story.model().data.schedules().find(schedule.id.as_str()).is_none());
    assert_eq!(story.world().schedule_count(), count - 1);
    // What was typed is not there for the next one.
    story.select_schedule(|schedule| schedule.service_name.as_deref() == Some("reports"));
    story.press(Key::Delete);
    story.until_shown("Keep schedule");
    assert!(is_off(&story, Role::Button, "Delete schedule"));
}

#[test]
fn suspending_in_production_asks_and_enter_keeps_it_running() {
    let mut story = Story::signed_in();
    mark(&mut story, "Production");
    story.until_shown("PROD");
    story.go_to_schedules();
    let schedule = story
        .select_schedule(|schedule| schedule.service_name.as_deref() == Some("reports") && !schedule.is_suspended());
    let changes = |story: &Story| story.methods().iter().filter(|method| *method == "PATCH").count();
    story.click("Suspend…");
    story.until_shown("Suspend schedule");
    story.press(Key::Enter);
    story.until("the question is closed", |story| story.model().view.dialog.is_none());
    assert_eq!(changes(&story), 0, "the safe button has the keyboard");
    story.click("Suspend…");
    story.click("Suspend schedule");
    story.until("it is suspended", |story| {
        story.model().data.schedules().find(schedule.id.as_str()).is_some_and(|row| row.is_suspended())
    });
    assert_eq!(changes(&story), 1);
    assert!(story.model().view.dialog.is_none());
    assert_eq!(story.model().data.schedules().chosen().map(|row| &row.id), Some(&schedule.id), "it stays selected");
}

#[test]
fn a_profile_is_marked_while_it_is_made_and_production_is_freed_only_after_a_question() {
    let mut story = Story::new();
    story.show_more();
    for mark in ["Violet", "Production", "Read only"] {
        story.click(mark);
    }
    story.sign_in();
    assert!(story.shows("PROD") && story.shows("Read only"));
    let flags = story.model().data.settings.profiles[0].flags;
    assert_eq!((flags.color, flags.production, flags.read_only), (ProfileColor::Violet, true, true));
    mark(&mut story, "Read only");
    story.until_shown("Allow changes in production?");
    story.click("Keep read only");
    story.until_shown("Address and key");
    assert!(story.model().view.profile.flags.read_only, "as it was");
    turn(&mut story, "Read only");
    story.click("Save profile");
    story.click("Allow changes");
    story.until("changes are allowed", |story| story.model().data.can_change());
    story.go_to_schedules();
    story.fill_new_schedule();
    assert!(story.shows("PROD"));
    let count = story.world().schedule_count();
    story.click("Create schedule");
    story.until("it is there", |story| story.world().schedule_count() == count + 1);
}

/// A service whose clock is hours ahead, left for another one in the same window.
#[test]
fn the_next_service_finds_no_trace_of_the_one_before() {
    const BACKUP: &str = r#"{"backups":[{"id":"b-1","service_id":"ahead","status":"Succeeded"}]}"#;
    let mut story = Story::new();
    let ahead = story.now().checked_add(jiff::SignedDuration::from_hours(5)).unwrap();
    let date = ahead.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let first = story.runtime.block_on(RawServer::start(move |request, _| {
        let body = if request.path == "/skybackup/v1/backups" { BACKUP } else { "[]" };
        Reply::Send(response(200, &[("Content-Type", "application/json"), ("Date", &date)], body))
    }));
    story.sign_in_at(&first.url(), KEY);
    story.until_shown("The clock of this computer is 5 h behind");
    story.until("the backup is listed", |story| story.model().data.backups().find("b-1").is_some());
    story.calm();
    story.fill(Role::TextInput, "Search backups", "ahead");
    story.press(Key::Tab);
    story.click_at(&By::new().label_contains(", row 1 of 1"));
    story.until("it is selected", |story| !story.model().data.backups().selection.is_empty());

    story.click("File");
    story.click("Sign out");
    story.click("Sign out");
    story.until("signed out", |story| story.model().data.session.profile().is_none());
    story.sign_in();
    let model = story.model();
    assert_eq!(model.data.clock_ahead(), jiff::SignedDuration::ZERO);
    assert_eq!(model.view.backups_search, "");
    assert!(model.data.backups().selection.is_empty() && model.data.backups().find("b-1").is_none());
    assert!(model.data.backups().rows().len() > 100, "all of the second service");
    let asked = first.requests().len();
    story.press(Key::F5);
    story.calm();
    assert_eq!(first.requests().len(), asked, "nobody asks the first any more");
}
