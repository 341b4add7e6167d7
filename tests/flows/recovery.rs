//! Can I get back? In the real window, by accessible names alone.

use egui::{Key, Modifiers, Role};
use skybackup::domain::BackupType;
use skybackup::model::Dialog;
use skybackup::msg::Screen;

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
