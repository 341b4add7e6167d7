//! Section 2.5 Clock, power, lifecycle of the fault matrix.

use std::fs::File;
use std::rc::Rc;

use egui::{Key, Modifiers, Role};
use skybackup::settings::{self, Paths, ZoneChoice};

use super::stage::{Case, Proof};
use crate::support::story::Opening;

pub(super) fn wrong_clock(_case: &mut Case) {
    todo!("Clock wrong by hours");
}

pub(super) fn sleep_and_resume(_case: &mut Case) {
    todo!("Sleep and resume");
}

pub(super) fn offline_then_online(_case: &mut Case) {
    todo!("Offline, then online");
}

pub(super) fn closed_while_reading(_case: &mut Case) {
    todo!("Window closed, GET in flight");
}

pub(super) fn closed_while_writing(_case: &mut Case) {
    todo!("Window closed, write in flight");
}

pub(super) fn double_click(_case: &mut Case) {
    todo!("Double click, Enter held");
}

pub(super) fn worker_panics(_case: &mut Case) {
    todo!("Worker task panics");
}

pub(super) fn window_panics(_case: &mut Case) {
    todo!("UI panics");
}

/// Both windows write one file of settings and neither undoes the other; one that holds the lock for ever is told of and does
/// not hold up the window.
pub(super) fn two_instances(case: &mut Case) {
    let folder = Rc::new(tempfile::tempdir().unwrap());
    let opening = || Opening { folder: Some(Rc::clone(&folder)), ..Opening::default() };
    let (mut one, mut two) = (case.demo(opening()), case.demo(opening()));
    let paths = Paths::below(folder.path());
    let saved = || settings::read(&paths).0;
    let profiles = || saved().profiles.into_iter().map(|profile| profile.name).collect::<Vec<_>>();

    one.sign_in();
    one.until("the profile of the first is saved", |_| profiles() == ["production"]);
    let (url, key) = (two.url(), two.key());
    two.fill(Role::TextInput, "Profile name", "staging");
    two.fill(Role::TextInput, "API address", &url);
    two.fill(Role::PasswordInput, "API key", &key);
    two.click("Sign in");
    two.until("the profiles of both are saved", |_| profiles() == ["production", "staging"]);
    one.window.key_press_modifiers(Modifiers::COMMAND, Key::U);
    one.until("the choice of the first is saved", |_| saved().preferences.zone == ZoneChoice::Local);
    assert_eq!(profiles(), ["production", "staging"]);
    assert_eq!(one.model().data.settings.profiles.len(), 1, "the first never heard of the second");

    let lock = File::options().write(true).open(paths.config_dir.join(".settings.lock")).unwrap();
    lock.lock().unwrap();
    case.begin(&one);
    one.window.key_press_modifiers(Modifiers::COMMAND, Key::U);
    let says = ["Settings were not saved: Another program holds the settings in "];
    case.proves(&mut one, &Proof { says: &says, ..Proof::default() });
    assert_eq!(saved().preferences.zone, ZoneChoice::Local);
    drop(lock);
    one.until("it is saved once the lock is free", |_| saved().preferences.zone == ZoneChoice::Utc);
    assert_eq!(profiles(), ["production", "staging"]);
}
