//! Section 2.8 Key text of the fault matrix.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;

use super::stage::{Case, Proof};
use crate::support::raw_server::{Reply, json};
use crate::support::story::{Opening, Story};

/// A key of which no four characters in a row stand anywhere else on the screen.
const ODD_KEY: &str = "Qz7Wk9Xv2Jp4Rt6Yh8Mn3Bd5Fg1LcUaEs0TiOuGy";

/// At the sign-in form, everything but the key filled.
fn at_the_key(case: &mut Case) -> Story {
    let mut story = case.demo(Opening::default());
    let url = story.url();
    story.fill(Role::TextInput, "Profile name", "production");
    story.fill_address(&url);
    story
}

/// Fails where any eight characters in a row of what was pasted are on the screen.
fn assert_not_echoed(story: &Story, pasted: &str) {
    let texts = story.texts();
    let bytes = pasted.as_bytes();
    for window in bytes.windows(8).filter_map(|window| std::str::from_utf8(window).ok()) {
        assert!(!texts.iter().any(|text| text.contains(window)), "{window:?} is on the screen");
    }
}

/// Blanks are cut off and named; then the key works, and is kept without them.
pub(super) fn blanks_at_the_ends(case: &mut Case) {
    let mut story = at_the_key(case);
    let key = story.key();
    for (before, after, note) in [
        ("  ", " ", "Removed 3 spaces"),
        ("", "\n", "Removed 1 line break"),
        ("", "\r\n", "Removed 1 line break"),
        ("\u{feff}", "", "Removed 1 invisible character"),
        ("\u{a0}", "", "Removed 1 space"),
        ("\u{200b}", "\u{200d}\r\n", "Removed 1 line break and 2 invisible characters"),
    ] {
        story.paste_key(&format!("{before}{key}{after}"));
        case.proves(&mut story, &Proof { says: &[note], ..Proof::default() });
    }
    story.click("Sign in");
    story.until("signed in", |story| story.model().data.session.open().is_some());
    story.until("the key is kept", |story| story.stored_key().is_some());
    assert_eq!(story.stored_key(), Some(key));
}

/// Refused by kind and place, without a call and without a word of the key.
pub(super) fn blanks_inside(case: &mut Case) {
    let mut story = at_the_key(case);
    for (wrong, kind) in [
        (" ", "a space"),
        ("\u{a0}", "a space"),
        ("\n", "a line break"),
        ("\r\n", "a line break"),
        ("\t", "a tab"),
        ("\u{feff}", "an invisible character"),
        ("\u{200b}", "an invisible character"),
        ("“", "a typographic quotation mark"),
        ("ü", "a character outside ASCII"),
        ("\u{1}", "a control character"),
    ] {
        let pasted = format!("{}{wrong}{}", &ODD_KEY[..10], &ODD_KEY[10..]);
        story.paste_key(&pasted);
        story.click("Sign in");
        let says = format!("Found {kind} at position 11 of the key; copy the key again");
        case.proves(&mut story, &Proof { says: &[&says], ..Proof::default() });
        assert_not_echoed(&story, &pasted);
    }
    assert!(story.model().data.session.profile().is_none(), "nothing was asked for");
}

/// What stands around a key is cut off and named; a command without a key is refused.
pub(super) fn prefixes_and_commands(case: &mut Case) {
    let mut story = at_the_key(case);
    story.paste_key("curl -sS https://api.skysql.com/provisioning/v1/services");
    story.click("Sign in");
    let says = ["This command holds no X-API-Key header; paste the key itself"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    let key = story.key();
    for (before, after, note) in [
        ("X-API-Key: ", "", "Removed 1 space and “X-API-Key:”"),
        ("Bearer ", "", "Removed “Bearer”"),
        ("\"", "\"", "Removed the quotes"),
        ("“", "”", "Removed the quotes"),
        ("curl -sS https://api.skysql.com/x \\\n -H 'X-API-Key: ", "'\n", "Removed the curl command around it"),
    ] {
        story.paste_key(&format!("{before}{key}{after}"));
        case.proves(&mut story, &Proof { says: &[note], ..Proof::default() });
    }
    story.click("Sign in");
    story.until("the key is kept", |story| story.stored_key().is_some());
    assert_eq!(story.stored_key(), Some(key));
}

/// Refused with the length that is possible, without a call.
pub(super) fn empty_short_long(case: &mut Case) {
    let mut story = at_the_key(case);
    story.click("Sign in");
    case.proves(&mut story, &Proof { says: &["Paste the API key"], ..Proof::default() });
    for (length, says) in [
        (1, "This is too short for an API key: 1 characters, at least 16 are needed"),
        (15, "This is too short for an API key: 15 characters, at least 16 are needed"),
        (1025, "This is too long for an API key: 1025 characters, at most 1,024 are possible"),
    ] {
        story.paste_key(&"k".repeat(length));
        story.click("Sign in");
        case.proves(&mut story, &Proof { says: &[says], ..Proof::default() });
    }
    assert!(story.model().data.session.profile().is_none(), "nothing was asked for");
}

/// A key is tried before it is kept: a wrong one leaves neither a profile nor anything in the keyring.
pub(super) fn wrong_key(case: &mut Case) {
    let mut story = at_the_key(case);
    story.paste_key(ODD_KEY);
    story.click("Sign in");
    case.proves(&mut story, &Proof { says: &["SkySQL rejected this API key"], calls: &[("GET", 1)], ..Proof::default() });
    assert!(story.model().data.settings.profiles.is_empty());
    assert_eq!(story.kept_keys(), [""; 0]);
    // Where it was looked is where a good key is kept.
    let key = story.key();
    story.paste_key(&key);
    story.click("Sign in");
    story.until("the right key is kept", |story| story.stored_key().is_some());
    assert_eq!(story.kept_keys(), [key]);
}

/// No part of a key is ever shown, neither while it is typed nor later; a user knows it again by length and tag.
pub(super) fn last_characters(case: &mut Case) {
    let mut story = case.raw(|_, _| Reply::Send(json("[]")));
    let no_part = |story: &Story, place: &str| {
        let texts = story.texts();
        assert!(texts.len() > 5, "{place} shows nothing");
        for window in ODD_KEY.as_bytes().windows(4) {
            let part = std::str::from_utf8(window).unwrap();
            assert!(!texts.iter().any(|text| text.contains(part)), "{part:?} is on the screen: {place}");
        }
    };
    let url = story.url();
    story.fill(Role::TextInput, "Profile name", "production");
    story.fill_address(&url);
    story.paste_key(ODD_KEY);
    no_part(&story, "the form");
    story.click("Sign in");
    story.until("both lists are read", |story| {
        let data = &story.model().data;
        data.backups().remote.at.is_some() && data.schedules().remote.at.is_some()
    });
    for (key, place) in
        [
            (Key::Num1, "overview"),
            (Key::Num2, "timeline"),
            (Key::Num3, "backups"),
            (Key::Num4, "schedules"),
             (Key::Num5, "restores"),
            (Key::Num6, "activity"),
            (Key::Comma, "settings"),
        ]
    {
        story.press_with(Modifiers::COMMAND, key);
        story.step();
        story.step();
        no_part(&story, place);
    }
    case.begin(&mut story);
    case.proves(&mut story, &Proof { says: &["Key of 40 characters, tag "], ..Proof::default() });
    // Below the edge of the window, where the screen has no line about certificates.
    story.window.get_by_label("Edit…").click_accesskit();
    story.until_shown("Save profile");
    no_part(&story, "the profile");
}
