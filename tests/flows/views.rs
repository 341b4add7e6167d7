//! Saved views: made in one run, opened from the rail and the palette in the next, renamed and deleted.

use egui::{Key, Modifiers, Role};
use skybackup::msg::Screen;

use crate::support::story::Story;

fn shown(story: &Story) -> usize {
    story.model().data.backups().index.order.len()
}

#[test]
fn a_view_of_what_failed_is_in_the_rail_also_after_a_restart() {
    let mut story = Story::signed_in();
    let all = shown(&story);
    let failed = story.model().data.backups().index.summary.bad;
    assert!(failed > 0 && failed < all);
    story.click(&format!("{failed} failed"));
    story.until("only they are shown", |story| shown(story) == failed);
    story.click_role(Role::MenuItem, "View");
    story.click("Save view…");
    story.fill(Role::TextInput, "Name", "Failed this week");
    story.press(Key::Enter);
    story.until_shown("View Failed this week saved");
    let settings = skybackup::settings::Paths::below(story.folder()).settings_file();
    story.until("it is in the settings", |_| {
        std::fs::read_to_string(&settings).is_ok_and(|text| text.contains("Failed this week"))
    });

    story.restart();
    story.until("the backups are read", |story| story.model().data.backups().remote.at.is_some());
    story.calm();
    assert_eq!(shown(&story), all, "the table is as it ever was");
    story.click_role(Role::Tab, "Failed this week");
    story.until("only what failed is shown", |story| shown(story) == failed);
    story.click_role(Role::Tab, "Backups");
    story.until("all are shown again", |story| shown(story) == all);
    story.press_with(Modifiers::COMMAND, Key::K);
    story.type_into(Role::TextInput, "Search", "open view failed");
    story.press(Key::Enter);
    story.until("the palette opens it too", |story| shown(story) == failed);
    assert_eq!(story.model().data.open_view(Screen::Backups), Some("Failed this week"));

    story.click("Manage saved views");
    story.fill(Role::TextInput, "Name of view Failed this week", "Failed");
    story.press(Key::Tab);
    story.until("it is renamed", |story| story.model().data.open_view(Screen::Backups) == Some("Failed"));
    story.click("Delete view Failed");
    story.until("it is gone, and the table is back", |story| shown(story) == all);
    story.press(Key::Escape);
    story.click("Undo");
    story.until("it is back", |story| story.model().data.settings.saved_views.len() == 1);
}
