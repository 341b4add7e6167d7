//! Many schedules at once: suspended with a reason, one refused and sent again alone, stopped between two, copied, deleted and
//! created again, in the window and at the service.

use egui::{Key, Modifiers, Role};
use skybackup::domain::Schedule;
use skybackup::msg::Screen;

use crate::support::demo::{Fault, FaultScope};
use crate::support::story::Story;

const SCHEDULES: &str = "/skybackup/v1/backups/schedules";

/// On the schedules, with the first row that is so and the `more` rows below it selected, by keyboard.
fn with_selected(more: usize) -> (Story, Vec<Schedule>) {
    let mut story = Story::signed_in();
    story.go_to_schedules();
    // In rows one below the other, so that a range holds only what can be suspended.
    let rows = shown(&story);
    let can = |row: &Schedule| !row.is_once() && !row.is_suspended();
    let first = rows.windows(more + 1).find(|rows| rows.iter().all(can)).unwrap()[0].id.clone();
    story.select_schedule(|row| row.id == first);
    for _ in 0..more {
        story.press_with(Modifiers::SHIFT, Key::ArrowDown);
    }
    story.until("the rows are selected", |story| story.model().data.schedules().selection.len() == more + 1);
    let selected = |row: &Schedule| story.model().data.schedules().selection.contains(row.id.as_str());
    let rows = shown(&story).into_iter().filter(selected).collect();
    (story, rows)
}

fn shown(story: &Story) -> Vec<Schedule> {
    let table = story.model().data.schedules();
    table.index.order.iter().map(|&at| table.rows().get(at).unwrap()).collect()
}

/// The changes that reached the service: method, and the end of the path.
fn sent(story: &Story) -> Vec<String> {
    let changes = story.world().requests().into_iter().filter(|request| request.method != "GET");
    changes
        .map(|it| format!("{} {}", it.method, it.path.trim_start_matches(SCHEDULES).trim_start_matches('/')))
        .collect()
}

fn patches(rows: &[Schedule]) -> Vec<String> {
    rows.iter().map(|row| format!("PATCH {}", row.id)).collect()
}

fn until_over(story: &mut Story) {
    story.until("all is settled", |story| story.model().data.batch().is_none_or(|batch| !batch.is_running()));
    story.calm();
}

fn is_suspended(story: &Story, row: &Schedule) -> bool {
    story.model().data.schedules().find(row.id.as_str()).unwrap().is_suspended()
}

#[test]
fn three_are_suspended_one_is_refused_and_sent_again_alone() {
    let (mut story, rows) = with_selected(2);
    let body = r#"{"code":409,"errors":[{"error":"conflict","message":"a backup of it is running"}],"trace_id":"t-9"}"#;
    let second = format!("{SCHEDULES}/{}", rows[1].id);
    story.world().set_fault_for(Fault::status(409, body), FaultScope::next(1).on_method("PATCH").on_path(&second));
    story.click("Suspend…");
    story.until_shown("Suspend 3 schedules?");
    assert!(story.shows("3 requests, one after the other"));
    assert!(story.shows(&format!(r#"PATCH {SCHEDULES}/{} {{"suspended":true}}"#, rows[0].id)), "the request itself");
    story.fill(Role::TextInput, "Reason (optional)", "migration of the network");
    story.fill(Role::TextInput, "Remind me on (optional)", "2026-09-14");
    story.until_shown("Choose a day after today");
    story.click("Tomorrow");
    assert_eq!(sent(&story), Vec::<String>::new(), "nothing before the yes");
    story.click("Suspend 3 schedules");
    until_over(&mut story);
    assert_eq!(sent(&story), patches(&rows));
    story.until_shown("2 of 3 schedules suspended");
    assert!(story.shows("a backup of it is running"));
    assert_eq!(rows.iter().map(|row| is_suspended(&story, row)).collect::<Vec<_>>(), [true, false, true]);
    story.click("Try the 1 failed again");
    until_over(&mut story);
    assert_eq!(sent(&story)[3..], patches(&rows[1..2]), "it alone");
    story.until_shown("3 schedules suspended");
    story.click("Close");
    let settings = skybackup::settings::Paths::below(story.folder()).settings_file();
    story.until("the reasons are saved", |_| {
        let text = std::fs::read_to_string(&settings).unwrap_or_default();
        text.matches("migration of the network").count() == 3
    });
    story.restart();
    story.until("the schedules are read", |story| story.model().data.schedules().remote.at.is_some());
    let noted = |story: &Story| {
        let open = story.model().data.session.open().unwrap();
        rows.iter().filter_map(|row| open.profile.suspensions.get(&row.id).cloned()).collect::<Vec<_>>()
    };
    let reasons: Vec<String> = noted(&story).into_iter().map(|noted| noted.note.reason).collect();
    assert_eq!(reasons, ["migration of the network"; 3], "kept on this computer");
}

#[test]
fn a_batch_is_stopped_between_two_while_the_outcome_of_one_is_open() {
    let (mut story, rows) = with_selected(2);
    let second = format!("{SCHEDULES}/{}", rows[1].id);
    story.world().set_fault_for(Fault::DropBeforeResponse, FaultScope::next(2).on_method("PATCH").on_path(&second));
    story.click("Suspend…");
    story.click("Suspend 3 schedules");
    story.until_shown("Check again");
    // Closed and opened again: nothing of it is lost.
    story.press(Key::Escape);
    story.until_shown("Suspending 3 schedules…");
    story.click("Show");
    story.click("Stop");
    story.click("Stop looking");
    until_over(&mut story);
    story.until_shown("Sent, but its outcome is not known");
    let third = sent(&story).iter().filter(|sent| sent.ends_with(rows[2].id.as_str())).count();
    assert_eq!(third, 0, "{:?}", sent(&story));
    assert_eq!((is_suspended(&story, &rows[0]), is_suspended(&story, &rows[2])), (true, false));
    story.click("Send the other 1");
    until_over(&mut story);
    assert!(is_suspended(&story, &rows[2]));
}

#[test]
fn a_service_that_wants_no_more_requests_stops_the_rest() {
    let (mut story, rows) = with_selected(2);
    let headers = vec![("Retry-After".to_owned(), "3600".to_owned())];
    let fault = Fault::Status { code: 429, body: "{}".to_owned(), headers };
    let second = format!("{SCHEDULES}/{}", rows[1].id);
    story.world().set_fault_for(fault, FaultScope::default().on_method("PATCH").on_path(&second));
    story.click("Suspend…");
    story.click("Suspend 3 schedules");
    until_over(&mut story);
    story.until_shown("Not sent");
    let third = sent(&story).iter().filter(|sent| sent.ends_with(rows[2].id.as_str())).count();
    assert_eq!((third, is_suspended(&story, &rows[0])), (0, true));
    assert!(story.shows("Send the other 1"));
}

#[test]
fn deleted_ones_are_created_again_with_new_ids() {
    let (mut story, rows) = with_selected(1);
    let before = story.world().schedule_count();
    story.click("Delete…");
    story.until_shown("Delete 2 schedules?");
    story.fill(Role::TextInput, "Type delete 2 schedules to delete them", "delete 2 schedules");
    story.click("Delete 2 schedules");
    until_over(&mut story);
    assert_eq!(story.world().schedule_count(), before - 2);
    story.click("Close");
    story.calm();
    story.click_role(Role::MenuItem, "Schedule");
    story.click("Recreate deleted schedules…");
    story.until("the history is read", |story| {
        story.model().view.batch.as_ref().is_some_and(|form| form.gone.value().is_some_and(|gone| gone.len() == 2))
    });
    for row in &rows {
        let ids = story.model().view.batch.as_ref().unwrap().gone.value().unwrap().iter().map(|it| it.row.id.clone());
        assert!(ids.into_iter().any(|id| id == row.id));
    }
    let lines = kittest_labels(&story, "gone since");
    for line in lines {
        story.click(&line);
    }
    story.click("Recreate 2 schedules");
    until_over(&mut story);
    story.until_shown("Created with the new ID");
    assert_eq!(story.world().schedule_count(), before);
    assert!(rows.iter().all(|row| story.model().data.schedules().find(row.id.as_str()).is_none()), "new ids");
}

/// The names that hold this text.
fn kittest_labels(story: &Story, text: &str) -> Vec<String> {
    use egui_kittest::kittest::{NodeT as _, Queryable as _};
    let named = story.window.query_all_by_label_contains(text);
    named.filter_map(|node| node.accesskit_node().label()).collect()
}

#[test]
fn a_schedule_is_copied_to_other_services_minutes_apart_and_suspended() {
    let (mut story, rows) = with_selected(0);
    let services: Vec<String> = {
        let known = story.model().data.lists().known_services().iter();
        let others = known.filter(|service| Some(&service.id) != rows[0].service_id.as_ref() && service.name.is_some());
        others.take(2).map(|service| format!("{}  {}", service.label(), service.id)).collect()
    };
    story.click_role(Role::MenuItem, "Schedule");
    story.click("Copy schedule to services…");
    for service in &services {
        story.click(service);
    }
    story.click("Suspend the copies at first");
    story.until_shown("4 requests, one after the other");
    story.click("Create 2 schedules");
    until_over(&mut story);
    let methods: Vec<String> = sent(&story).iter().map(|sent| sent.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(methods, ["POST", "PATCH", "POST", "PATCH"], "each suspended before the next is created");
    let bodies = story.world().requests().into_iter().filter(|request| request.method == "POST");
    let times: Vec<String> = bodies
        .map(|it| serde_json::from_str::<serde_json::Value>(&it.body).unwrap()["schedule"].as_str().unwrap().to_owned())
        .collect();
    assert_ne!(times[0], times[1], "{times:?}");
    story.click("Close");
    story.press_with(Modifiers::COMMAND, Key::Num1);
    story.until("the overview is shown", |story| story.model().view.screen == Screen::Overview);
    story.until_shown("schedules are suspended");
    story.click("Show suspended");
    story.until("only they are shown", |story| {
        story.model().view.screen == Screen::Schedules && story.model().data.schedules().filter.suspended
    });
}
