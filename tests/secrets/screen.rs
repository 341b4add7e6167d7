//! What the window keeps, shows and hands on of a key.

use egui::{Event, Key, Modifiers, OutputCommand, Role};
use egui_kittest::kittest::{By, NodeT as _};
use skybackup::model::KeySource;

use super::traces;
use crate::support::story::Story;

const KEY: &str = "AnyForm.0123456789-abcdefgh~IJKLMN+op=q";

/// Puts the key into its field as a paste does.
fn paste(story: &mut Story, key: &str) {
    story.act_in(Role::PasswordInput, "API key", [Event::Paste(key.to_owned())]);
    assert_eq!(story.model().view.sign_in.key.as_str(), key);
}

/// Everything that assistive programs receive.
fn tree(story: &Story) -> String {
    let (mut nodes, mut text) = (vec![story.window.root().accesskit_node()], String::new());
    while let Some(node) = nodes.pop() {
        for part in [node.label(), node.value(), node.description(), node.placeholder().map(str::to_owned)] {
            text.push_str(part.as_deref().unwrap_or_default());
            text.push('\n');
        }
        nodes.extend(node.children());
    }
    text
}

pub(super) fn the_key_field_keeps_nothing_and_shows_nothing() {
    let mut story = Story::new();
    paste(&mut story, KEY);
    let place = story.model().view.sign_in.key.as_str().as_ptr();
    let tree = tree(&story);
    assert!(tree.contains("API key") && tree.contains("production"), "the tree is read: {tree}");
    assert!(traces(KEY, tree.as_bytes()).is_empty(), "{tree}");
    for _ in 0..10 {
        story.window.event(Event::Paste("0123456789".repeat(10)));
        story.step();
    }
    assert_eq!(story.model().view.sign_in.key.as_str().len(), KEY.len() + 1000);
    assert_eq!(
        story.model().view.sign_in.key.as_str().as_ptr(),
        place,
        "the text never moved, so it left nothing behind"
    );

    let key = story.key();
    story.sign_in_with(&key);
    story.until("the key is in the keyring", |story| source(story) == Some(KeySource::Keyring));
    assert!(story.model().view.sign_in.key.is_empty());
    sign_out(&mut story, false);
    story.act_in(Role::PasswordInput, "API key", []);
    for modifiers in [Modifiers::COMMAND, Modifiers::COMMAND, Modifiers::COMMAND | Modifiers::SHIFT] {
        story.press_with(modifiers, Key::Z);
        story.step();
        assert!(story.model().view.sign_in.key.is_empty(), "undo brings nothing back");
    }
}

pub(super) fn the_clipboard_gets_no_key() {
    let mut story = Story::new();
    let mut written = Vec::new();
    for event in [Event::Copy, Event::Cut] {
        paste(&mut story, KEY);
        story.until_shown("Key copied? SkyBackup does not clear the clipboard");
        story.press_with(Modifiers::COMMAND, Key::A);
        story.step();
        story.window.event(event);
        story.step();
        written.extend(story.window.output().platform_output.commands.iter().filter_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        }));
    }
    assert!(written.iter().all(|text| traces(KEY, text.as_bytes()).is_empty()), "{written:?}");
    // The same events do copy what is no secret, so they were heard.
    story.fill(Role::TextInput, "Profile name", "production");
    story.press_with(Modifiers::COMMAND, Key::A);
    story.step();
    story.window.event(Event::Copy);
    story.step();
    let commands = &story.window.output().platform_output.commands;
    assert!(matches!(&commands[..], [OutputCommand::CopyText(text)] if text == "production"), "{commands:?}");
}

fn source(story: &Story) -> Option<KeySource> {
    story.model().data.session.open().map(|open| open.source)
}

/// Signs out through the menu and the question about the keyring.
fn sign_out(story: &mut Story, forget: bool) {
    story.click("File");
    story.click("Sign out");
    story.until_shown("Stay signed in");
    if forget {
        story.click_at(&By::new().label_contains("delete the key from the"));
    }
    story.click("Sign out");
    story.until("signed out", |story| story.model().data.session.profile().is_none());
}

pub(super) fn signing_out_asks_about_the_keyring_and_drops_the_rest() {
    let mut story = Story::signed_in();
    story.until("the key is in the keyring", |story| source(story) == Some(KeySource::Keyring));
    let key = story.key();
    story.click("File");
    story.click("Sign out");
    story.click("Stay signed in");
    assert!(story.model().data.session.open().is_some(), "asked, and stayed");

    sign_out(&mut story, false);
    assert_eq!(story.stored_key().as_deref(), Some(key.as_str()), "nobody asked to delete it");
    let data = &story.model().data;
    assert!(
        data.backups().rows().is_empty()
            && data.schedules().rows().is_empty()
            && data.lists().known_services().is_empty()
    );
    assert!(data.backups().remote.value().is_none() && data.schedules().remote.value().is_none());
    let calls = story.methods().len();
    story.press(Key::F5);
    story.step();
    assert_eq!(story.methods().len(), calls, "nobody is asked any more");

    story.click("production");
    story.until("signed in again", |story| source(story) == Some(KeySource::Keyring));
    sign_out(&mut story, true);
    story.until_shown("Key deleted from");
    assert_eq!(story.stored_key(), None);
}
