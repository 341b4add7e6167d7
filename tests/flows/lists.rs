//! Lists: read, searched, filtered, sorted, refreshed, exported.

use egui::{Key, Modifiers, Role};
use skybackup::api::Completeness;
use skybackup::settings::{self, Paths, ZoneChoice};

use crate::support::demo::{Fault, FaultScope};
use crate::support::story::{Opening, Story};

fn shown(story: &Story) -> usize {
    story.model().data.backups().index.order.len()
}

#[test]
fn everything_the_service_has_is_listed_and_counted() {
    let story = Story::signed_in();
    let data = &story.model().data;
    assert_eq!(data.backups().rows().len(), story.world().backup_count());
    assert_eq!(data.schedules().rows().len(), story.world().schedule_count());
    assert_eq!(data.backups().completeness, Completeness::Complete);
}

#[test]
fn the_time_of_day_is_that_of_the_world_and_not_of_the_machine() {
    // The second before the nightly backup of billing begins, and a day of another year.
    for beginning in ["2026-09-14T01:29:59Z", "2031-12-31T23:59:58Z"] {
        let beginning = beginning.parse().unwrap();
        let mut story = Story::open(Opening { beginning, ..Opening::default() });
        story.sign_in();
        let now = story.model().data.now;
        assert!(beginning < now && now <= story.now(), "{now}");
        assert_eq!(story.model().data.clock_ahead(), jiff::SignedDuration::ZERO, "the clocks of app and service agree");
        let newest = story.model().data.backups().rows().iter().filter_map(|row| row.started_at()).max().unwrap();
        assert!((beginning - jiff::SignedDuration::from_hours(1)..=now).contains(&newest), "{newest}");
    }
}

#[test]
fn a_typed_word_narrows_the_table_and_escape_widens_it() {
    let mut story = Story::signed_in();
    let all = shown(&story);
    story.type_into(Role::TextInput, "Search backups", "BILLING");
    story.until("fewer rows are shown", |story| shown(story) < all);
    let data = &story.model().data;
    let rows = data.backups().rows();
    let names = data.backups().index.order.iter().map(|&place| rows.get(place).unwrap().service_name.unwrap());
    assert!(names.into_iter().all(|name| name.contains("billing")));
    story.press(Key::Escape);
    story.until("all rows are shown", |story| shown(story) == all);
}

#[test]
fn a_click_on_a_header_sorts_and_the_next_start_remembers() {
    let mut story = Story::signed_in();
    story.click_role(Role::ColumnHeader, "Service");
    story.until("sorted by service", |story| {
        story.model().data.backups().layout.sort.first().is_some_and(|by| by.key == "service_name")
    });
    let data = &story.model().data;
    let rows = data.backups().rows();
    let order = data.backups().index.order.iter();
    let names: Vec<Option<String>> = order
        .map(|&place| {
            let row = rows.get(place).unwrap();
            let id = row.service_id.as_ref().map_or("", |id| id.as_str());
            let label = data.lists().service_names.label(id, row.service_name.as_deref()).to_lowercase();
            Some(label).filter(|label| !label.is_empty())
        })
        .collect();
    assert!(names.iter().flatten().is_sorted());
    assert!(
        names.iter().rev().skip_while(|name| name.is_none()).all(Option::is_some),
        "what has no service comes last"
    );
    let file = story.folder().join("config").join("settings.toml");
    story.until("the settings are written", |_| {
        std::fs::read_to_string(&file).is_ok_and(|text| text.contains("service_name"))
    });
}

#[test]
fn a_failed_refresh_keeps_the_rows_and_says_why() {
    let mut story = Story::signed_in();
    let rows = story.model().data.backups().rows().len();
    let body =
        r#"{"code":400,"errors":[{"error":"bad","message":"the list is closed for a minute"}],"trace_id":"t-77"}"#;
    story.world().set_fault(Fault::status(400, body));
    story.press(Key::F5);
    story.until_shown("the list is closed for a minute");
    assert!(story.shows("t-77"));
    assert_eq!(story.model().data.backups().rows().len(), rows);
    story.world().clear_faults();
    story.press(Key::F5);
    story.until("the failure is gone", |story| !story.shows("the list is closed for a minute"));
}

#[test]
fn a_server_error_is_tried_again_without_a_word() {
    let mut story = Story::signed_in();
    story.world().forget_requests();
    story.world().set_fault_for(Fault::status(500, ""), FaultScope::next(1).on_path("/skybackup/v1/backups/schedules"));
    story.press(Key::F5);
    story.until("read again", |story| {
        let asked = story.world().requests();
        let lists = asked.iter().filter(|request| request.path == "/skybackup/v1/backups/schedules").count();
        lists >= 2 && !story.model().data.lists().is_loading()
    });
    assert!(story.model().data.schedules().remote.error().is_none());
}

#[test]
fn where_no_dialog_opens_a_typed_path_takes_the_export() {
    let mut story = Story::signed_in();
    let path = story.folder().join("list.csv");
    story.click("Export…");
    story.until_shown("Export backups");
    story.click("Scripts");
    story.click("Export");
    story.until_shown("Save to");
    story.fill(Role::TextInput, "Save to", &path.display().to_string());
    story.click("Save");
    story.until_shown("rows saved");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let first = reader.headers().unwrap().get(0).map(str::to_owned);
    assert_eq!(first.as_deref(), Some("status"));
    assert_eq!(reader.records().filter_map(Result::ok).count(), shown(&story));
    assert!(path.with_file_name("list.csv.meta.json").exists() || path.with_extension("meta.json").exists());
}

#[test]
fn what_was_set_just_before_the_window_closes_is_kept() {
    for by_corner in [true, false] {
        let mut story = Story::signed_in();
        story.press_with(Modifiers::COMMAND, Key::U);
        story.until("the time is local", |story| story.model().data.settings.preferences.zone == ZoneChoice::Local);
        if by_corner {
            story.ask_to_close();
        } else {
            story.press_with(Modifiers::COMMAND, Key::Q);
        }
        let (settings, _) = settings::read(&Paths::below(story.folder()));
        assert_eq!(settings.preferences.zone, ZoneChoice::Local, "by the corner: {by_corner}");
    }
}
