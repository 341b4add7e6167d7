//! Signing in: with the right key, a wrong one, without a network, with a sick keyring, into the demo.

use egui::{Key, Role};
use skybackup::model::{KeySource, Session};
use skybackup::settings::{Keyring, Settings};

use crate::support::demo::Fault;
use crate::support::story::Story;

fn source(story: &Story) -> Option<KeySource> {
    story.model().data.session.open().map(|open| open.source)
}

#[test]
fn a_good_key_is_tested_kept_in_the_keyring_and_gone_from_the_window() {
    let mut story = Story::new();
    let key = story.key();
    story.sign_in_with(&key);
    story.until("the key is in the keyring", |story| source(story) == Some(KeySource::Keyring));
    assert_eq!(story.stored_key().as_deref(), Some(key.as_str()));
    assert!(story.model().view.sign_in.key.is_empty());
    let paths: Vec<String> = story.world().requests().iter().map(|request| request.path.clone()).collect();
    assert_eq!(paths[0], "/provisioning/v1/versions", "the key is tested before anything else is read");
    story.until_shown("Backups");
    assert!(!format!("{:?}", story.model()).contains(&key));
}

#[test]
fn a_wrong_key_is_reported_and_not_saved_and_the_form_stays() {
    let mut story = Story::new();
    story.sign_in_with("skysql.wrong.0123456789abcdef");
    story.until_shown("SkySQL rejected this API key");
    assert!(story.model().data.settings.profiles.is_empty());
    let form = &story.model().view.sign_in;
    assert_eq!((form.name.as_str(), form.key.as_str()), ("production", "skysql.wrong.0123456789abcdef"));
}

#[test]
fn a_text_that_is_no_key_is_explained_without_a_request() {
    let mut story = Story::new();
    story.sign_in_with("short");
    assert!(matches!(story.model().data.session, Session::SignedOut { problem: None }));
    assert!(story.world().requests().is_empty());
    assert!(story.shows("16"), "the sentence says how long a key is at least");
}

#[test]
fn without_a_network_the_key_can_be_kept_on_the_persons_word() {
    let mut story = Story::new();
    let key = story.key();
    let url = story.url();
    story.stop_service();
    story.fill(Role::TextInput, "Profile name", "production");
    story.fill_address(&url);
    story.fill(Role::PasswordInput, "API key", &key);
    story.click("Sign in");
    story.until_shown("Cannot connect to 127.0.0.1");
    assert_eq!(story.stored_key(), None);
    story.click("Save without checking");
    story.until("signed in", |story| story.model().data.session.open().is_some());
    story.until("offline is known", |story| story.model().data.lists().is_offline());
    story.until_shown("Offline");
}

#[test]
fn the_saved_profile_signs_in_automatically_at_the_next_start() {
    let mut first = Story::new();
    let key = first.key();
    first.sign_in_with(&key);
    first.until("the key is kept", |story| source(story) == Some(KeySource::Keyring));
    let settings = first.model().data.settings.clone();
    // The next run has a keyring of its own, so its entry is missing: the form asks for the key and nothing is lost.
    let mut second = Story::with(settings);
    second.until("the keyring was asked", |story| {
        matches!(story.model().data.session, Session::SignedOut { problem: Some(_) })
    });
    assert!(second.shows("No key is stored for this profile"));
    assert_eq!(second.model().view.sign_in.name, "production");
}

#[test]
fn a_key_that_is_not_to_be_kept_is_in_memory_only() {
    let mut story = Story::new();
    let (key, url) = (story.key(), story.url());
    story.fill(Role::TextInput, "Profile name", "production");
    story.fill_address(&url);
    story.fill(Role::PasswordInput, "API key", &key);
    story.click(&format!("Keep the key in the {}", Keyring::store_name()));
    story.click("Sign in");
    story.until("signed in", |story| source(story) == Some(KeySource::ThisSession));
    story.until_shown("Not saved");
    assert_eq!(story.stored_key(), None);
}

#[test]
fn a_locked_keyring_at_saving_leaves_a_session_key_and_a_way_to_try_again() {
    let mut story = Story::new();
    let key = story.key();
    story.with_a_keyring_that_fails(keyring_core::Error::NoStorageAccess("locked".into()));
    story.sign_in_with(&key);
    story.until_shown("The key was not saved");
    assert_eq!((source(&story), story.stored_key()), (Some(KeySource::ThisSession), None));
    story.click("Try again");
    story.until("the key is kept", |story| source(story) == Some(KeySource::Keyring));
    assert_eq!(story.stored_key().as_deref(), Some(key.as_str()));
}

#[test]
fn the_demo_needs_nothing() {
    let mut story = Story::with(Settings::default());
    story.click("Explore sample data");
    story.until("the demo's backups are there", |story| !story.model().data.backups().rows().is_empty());
    story.until_shown("DEMO");
    assert!(story.model().data.settings.profiles.is_empty(), "the demo is no profile");
}

#[test]
fn a_key_revoked_later_stops_every_call_and_keeps_what_is_on_screen() {
    let mut story = Story::signed_in();
    let rows = story.model().data.backups().rows().len();
    story.world().set_fault(Fault::status(401, ""));
    story.press(Key::F5);
    story.until_shown("SkySQL rejected this API key");
    story.until("nothing is being read", |story| !story.model().data.lists().is_loading());
    let calls = story.world().requests().len();
    story.press(Key::F5);
    story.window.run_steps(5);
    assert_eq!(story.world().requests().len(), calls, "a refused key is not used again");
    assert_eq!(story.model().data.backups().rows().len(), rows);
    assert!(story.stored_key().is_some(), "the stored key is not touched");
}
