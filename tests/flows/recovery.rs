//! Can I get back? In the real window, by accessible names alone.

use std::io::Read as _;

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::By;
use skybackup::domain::BackupType;
use skybackup::model::{Dialog, RestoreStep};
use skybackup::msg::Screen;

use crate::support::restoring::{ANALYTICS, REPORTS, RESTORES};
use crate::support::story::Story;

/// On the moments of a service, by way of the palette.
fn on_moments_of(service: &str) -> Story {
    let mut story = Story::signed_in();
    story.press_with(Modifiers::COMMAND, Key::K);
    story.until("the palette is open", |story| story.model().view.dialog == Some(Dialog::Palette));
    story.click_role(Role::MenuItem, "Can I get back to…?");
    story.until("the moments are shown", |story| story.model().view.screen == Screen::Restores);
    story.type_into(Role::TextInput, "Search services", service);
    let line = story.texts().into_iter().find(|text| text.starts_with(&format!("{service}  "))).unwrap();
    story.click(&line);
    story.until("its moments are worked out", |story| {
        story.model().data.moments().is_some_and(|moments| moments.shown().is_some())
    });
    story
}

fn ask(story: &mut Story, moment: &str) {
    story.fill(Role::TextInput, "Can I get back to", moment);
    story.click("Find out");
    story.until("it is answered", |story| {
        story.model().data.moments().is_some_and(|moments| moments.answer().is_some())
    });
}

fn says(story: &Story, begin: &str) -> bool {
    story.texts().iter().any(|text| text.starts_with(begin))
}

#[test]
fn a_moment_between_two_backups_is_reached_by_the_one_before_and_its_logs() {
    let mut story = on_moments_of("billing");
    ask(&mut story, "2026-09-12 12:00");
    let texts = story.texts();
    assert!(says(&story, "Yes: the full backup of 2026-09-12") || says(&story, "Yes: the incremental"), "{texts:#?}");
    assert!(says(&story, "Listed, not verified"));
    // The first of its chain is a way to its row.
    let member = texts.iter().find(|text| text.starts_with("1. full backup of 2026-09-12")).unwrap();
    story.click_role(Role::Button, member);
    story.until("the row is shown", |story| {
        let data = &story.model().data;
        data.shown_backups().chosen().is_some_and(|row| row.backup_type == Some(BackupType::Full))
    });
    assert_eq!(story.model().view.screen, Screen::Backups);
}

#[test]
fn a_moment_before_all_backups_is_denied_and_the_nearest_one_is_offered() {
    let mut story = on_moments_of("billing");
    story.until("the look-up is answered", |story| story.model().data.lists().restorable_ranges.value().is_some());
    ask(&mut story, "2026-08-01 12:00");
    assert!(says(&story, "No: not in any listed backup; all of them are of later"), "{:#?}", story.texts());
    let nearest = story.texts().into_iter().find(|text| text.starts_with("After: ")).unwrap();
    story.click_role(Role::Button, &nearest);
    story.until("the nearest one works", |story| says(story, "Yes: "));
    assert!(says(&story, "Restore to here…"));
}

/// All of it: asked for, seen why, restored into a service that shares its name with another, watched, and proved to others.
#[test]
fn a_moment_is_restored_into_another_service_watched_to_its_end_and_proved() {
    let mut story = on_moments_of("analytics-dwh");
    story.until("the look-up is answered", |story| story.model().data.lists().restorable_ranges.value().is_some());
    ask(&mut story, "2026-09-12 12:34");
    assert!(says(&story, "Yes: SkySQL lists it as a point in time it can restore"), "{:#?}", story.texts());
    story.click("Restore to here…");
    story.click_at(&By::new().role(Role::ListBoxOption).label_contains(REPORTS));
    story.click("Next");
    story.until_shown("Fine · Moment · SkySQL API, restore lookup");
    story.click("Next");
    story.fill(Role::TextInput, "Type dbpgf62094417 to confirm", REPORTS);
    story.click("Restore into reports (dbpgf62094417)");
    story.until("it is followed", |story| {
        story.model().view.restore.as_ref().is_some_and(|form| form.step == RestoreStep::Progress)
    });
    story.world().advance(60);
    story.until_shown("Restore has succeeded!");
    story.until_shown("Restore into reports (dbpgf62094417) succeeded");
    let requests = story.world().requests();
    let sent: Vec<serde_json::Value> = requests
        .iter()
        .filter(|it| it.method == "POST" && it.path == RESTORES)
        .map(|it| serde_json::from_str(&it.body).unwrap())
        .collect();
    let wanted = serde_json::json!({"service_id": REPORTS, "id": ANALYTICS, "point_in_time": "2026-09-12 12:34:00"});
    assert_eq!(sent, [wanted]);

    let id = story.model().view.restore.as_ref().and_then(|form| form.sent.clone()).unwrap();
    story.click_role(Role::Button, "Close");
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    story.press_with(Modifiers::COMMAND, Key::K);
    story.until("the palette is open", |story| story.model().view.dialog == Some(Dialog::Palette));
    story.click_role(Role::MenuItem, "Evidence pack…");
    story.until("the dialog is open", |story| story.model().view.dialog == Some(Dialog::Evidence));
    let path = story.folder().join("pack.zip");
    story.click_role(Role::Button, "Export");
    story.until_shown("Save to");
    story.fill(Role::TextInput, "Save to", &path.display().to_string());
    story.click("Save");
    story.until("it is saved", |story| story.model().view.dialog.is_none());
    let mut pack = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let name = pack.file_names().map(Result::unwrap).find(|name| name.ends_with("/restores.csv")).unwrap().into_owned();
    let mut restores = String::new();
    pack.by_name(&name).unwrap().read_to_string(&mut restores).unwrap();
    let words = ["\"Succeeded\"", REPORTS, ANALYTICS, &format!(",{},", id.as_str())];
    let is_it = |line: &&str| words.iter().all(|word| line.contains(word));
    assert_eq!(restores.lines().filter(is_it).count(), 1, "{restores}");
}
