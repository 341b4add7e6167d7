//! The sign-in screen when the keyring does not give the key of a profile.

use std::sync::Arc;

use crate::support::stepped::SteppedModel;
use egui::{Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::api::{ApiError, ErrorKind, Operation};
use skybackup::domain::ApiUrl;
use skybackup::model::{KeySource, ModelConfig, Session};
use skybackup::msg::{
    Command, Effect, Event, KeyringEffect, OpenError, Opened, SessionCommand, SessionEffect, SessionEvent,
};
use skybackup::settings::{KeyringError, Profile, ProfileId, Settings, StoredKey};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, model, now, start, window};

const SIZE: [f32; 2] = [1360.0, 1000.0];

fn id() -> ProfileId {
    ProfileId::new("acme")
}

/// A start with a saved profile whose key the keyring does not give.
fn sick<'a>(error: KeyringError) -> Harness<'a, Desk> {
    let profile =
        Profile { id: id(), name: "Acme".to_owned(), api_url: ApiUrl::DEFAULT.to_owned(), ..Profile::default() };
    let settings = Settings { profiles: vec![profile], active: Some(id()), ..Settings::default() };
    let (mut model, effects) = SteppedModel::new(ModelConfig { settings, ..start() }, now());
    let [Effect::Session(SessionEffect::OpenSession { ticket, .. })] = effects[..] else { panic!("{effects:?}") };
    model.apply(Event::Session(SessionEvent::SessionOpened { ticket, result: Err(OpenError::Keyring(error)) }), now());
    window(model, SIZE, Theme::Light, root_ui)
}

fn says(harness: &Harness<'_, Desk>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

fn click(harness: &mut Harness<'_, Desk>, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

#[test]
fn every_trouble_of_the_keyring_has_its_sentence_and_can_be_tried_again() {
    use KeyringError::{Damaged, Locked, NoService, Refused};
    let mut seen: Vec<String> = Vec::new();
    for error in [NoService, Locked, Refused, Damaged] {
        let (sentence, advice) = (error.sentence(), error.advice());
        let mut harness = sick(error);
        assert!(says(&harness, &sentence) && says(&harness, &advice), "{sentence}");
        assert!(seen.iter().all(|other| !says(&harness, other)), "{sentence}");
        click(&mut harness, "Try again");
        assert!(
            matches!(&harness.state().asked[..], [Command::Session(SessionCommand::OpenProfile(profile))] if *profile == id()),
            "{sentence}"
        );
        assert!(matches!(harness.state().data().session, Session::Opening { .. }));
        seen.push(sentence);
    }
}

#[test]
fn for_this_session_only_leads_to_the_key_field_and_stores_nothing() {
    for error in [KeyringError::NoService, KeyringError::Locked, KeyringError::Refused, KeyringError::Damaged] {
        let mut harness = sick(error);
        click(&mut harness, "Use for this session only");
        assert!(says(&harness, "Enter the API key below"));
        assert!(harness.query_by_label("Use for this session only").is_none(), "it is chosen");
        let field = harness.get_by_role_and_label(Role::PasswordInput, "API key");
        assert!(field.accesskit_node().is_focused(), "the next thing typed is the key");
        field.type_text("skysql.1abc.0123456789abcdef0123");
        harness.run();
        click(&mut harness, "Sign in");
        let Some(Command::Session(SessionCommand::SignIn(sign_in))) = harness.state().asked.last() else {
            panic!("{:?}", harness.state().asked);
        };
        assert_eq!((sign_in.profile.clone(), sign_in.keep), (Some(id()), false));
        let key = Arc::clone(&sign_in.key);
        let Session::Opening { ticket, .. } = harness.state().data().session else { panic!("not opening") };
        let url = ApiUrl::parse(ApiUrl::DEFAULT).unwrap();
        let opened = Opened { key: key.tag(&url), url };
        let effects = harness
            .state_mut()
            .model
            .apply(Event::Session(SessionEvent::SessionOpened { ticket, result: Ok(opened) }), now());
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Keyring(KeyringEffect::SaveKey { .. }))));
        assert_eq!(harness.state().data().session.open().unwrap().source, KeySource::ThisSession);
    }
}

#[test]
fn after_a_failed_sign_in_the_keyboard_is_in_the_key_field() {
    let mut harness = sick(KeyringError::Locked);
    click(&mut harness, "Use for this session only");
    let key = |harness: &Harness<'_, Desk>| {
        harness.get_by_role_and_label(Role::PasswordInput, "API key").accesskit_node().is_focused()
    };
    harness.get_by_role_and_label(Role::PasswordInput, "API key").type_text("skysql.1abc.0123456789abcdef0123");
    harness.run();
    click(&mut harness, "Sign in");
    let Session::Opening { ticket, .. } = harness.state().data().session else { panic!("not opening") };
    let refused = OpenError::Api(ApiError::new(ErrorKind::KeyRefused, Operation::ListBackups));
    harness
        .state_mut()
        .model
        .apply(Event::Session(SessionEvent::SessionOpened { ticket, result: Err(refused) }), now());
    harness.run();
    assert!(key(&harness));
    harness.get_by_label("Profile name").focus();
    harness.run();
    assert!(!key(&harness), "it is given once, not kept");
}

#[test]
fn a_profile_can_lose_its_key_and_go_without_signing_in() {
    let mut harness = sick(KeyringError::Damaged);
    click(&mut harness, "Forget key");
    assert!(
        matches!(harness.state().asked.last(), Some(Command::Session(SessionCommand::DeleteKey(profile))) if *profile == id())
    );
    click(&mut harness, "Remove profile…");
    assert!(says(&harness, "Remove profile Acme?"));
    click(&mut harness, "Remove profile");
    assert!(says(&harness, "Deleting its key"), "the profile stays until then");
    let deletion = |harness: &mut Harness<'_, Desk>, result| {
        let effects = harness.state_mut().model.handle(Command::Session(SessionCommand::RemoveProfile(id())), now());
        let [Effect::Keyring(KeyringEffect::DeleteKey { ticket, .. })] = effects[..] else { panic!("{effects:?}") };
        harness.state_mut().model.apply(Event::Session(SessionEvent::KeyDeleted(ticket, result)), now());
        harness.run();
    };
    deletion(&mut harness, Err(KeyringError::Locked));
    assert!(says(&harness, "The key was not deleted, so the profile is still here"));
    assert!(says(&harness, "Remove the profile and leave its key in the keyring"));
    assert_eq!(harness.state().data().settings.profiles.len(), 1);
    deletion(&mut harness, Ok(()));
    assert!(harness.state().data().settings.profiles.is_empty());
    assert!(!says(&harness, &KeyringError::Damaged.sentence()), "the reason went with the profile");
}

#[test]
fn another_address_for_a_saved_profile_makes_a_new_one_and_the_form_says_so() {
    let mut harness = sick(KeyringError::Damaged);
    let help = "Another address makes a profile of its own";
    harness.state_mut().model.view.sign_in.more = true;
    assert!(!says(&harness, help));
    "https://other.example".clone_into(&mut harness.state_mut().model.view.sign_in.url);
    harness.run();
    assert!(says(&harness, help));
}

#[test]
fn a_refused_key_can_be_tried_again_only_where_it_is_stored() {
    for (source, again) in
        [(KeySource::Keyring, true), (KeySource::ThisSession, false), (KeySource::Environment, false)]
    {
        let mut model = model(Vec::new(), Vec::new());
        let Session::Open(open) = &mut model.data.session else { panic!("not signed in") };
        open.source = source;
        open.refused = Some(ApiError::new(ErrorKind::KeyRefused, Operation::ListBackups));
        let mut harness = window(model, SIZE, Theme::Light, root_ui);
        assert_eq!(harness.query_by_label("Try again").is_some(), again, "{source:?}");
        assert_eq!(says(&harness, "The stored one was not removed"), again, "{source:?}");
        harness.get_all_by_label("Enter a new key").next().unwrap().click();
        harness.run();
        assert!(
            matches!(harness.state().asked.last(), Some(Command::Session(SessionCommand::ShowSignIn(Some(_))))),
            "{source:?}"
        );
    }
}

#[test]
fn the_ways_in_stand_in_the_smallest_window_whatever_is_above_them() {
    let profile = |number: u32| Profile {
        id: ProfileId::new(number.to_string()),
        name: format!("Acme {number}"),
        api_url: ApiUrl::DEFAULT.to_owned(),
        ..Profile::default()
    };
    for count in [0, 1, 12] {
        let settings = Settings { profiles: (0..count).map(profile).collect(), ..Settings::default() };
        let (model, _) = SteppedModel::new(ModelConfig { settings, ..start() }, now());
        let mut harness = window(model, [900.0, 600.0], Theme::Dark, root_ui);
        for button in ["Sign in", "Explore sample data"] {
            let place = harness.get_by_role_and_label(Role::Button, button).rect();
            assert!(place.bottom() <= 588.0, "{button} with {count} profiles is at {place}");
        }
        click(&mut harness, "Explore sample data");
        assert!(matches!(harness.state().asked.last(), Some(Command::Session(SessionCommand::TryDemo))));
    }
}

/// A fresh computer's window of this size.
fn first_run<'a>(size: [f32; 2]) -> Harness<'a, Desk> {
    let (model, effects) = SteppedModel::new(start(), now());
    assert!(effects.is_empty());
    window(model, size, Theme::Light, root_ui)
}

fn is_focused(harness: &Harness<'_, Desk>, role: Role, name: &str) -> bool {
    harness.get_by_role_and_label(role, name).accesskit_node().is_focused()
}

#[test]
fn the_first_run_offers_two_ways_and_asks_for_two_things() {
    for size in [[900.0, 600.0], SIZE] {
        let mut harness = first_run(size);
        assert!(says(&harness, "Connect your account") && says(&harness, "Explore sample data"));
        let fields = harness.query_all_by_role(Role::TextInput).count();
        assert_eq!(fields, 1, "the name; the key is beside it, the address under More");
        let window = egui::Rect::from_min_size(egui::Pos2::ZERO, size.into());
        for name in ["Profile name", "Sign in", "Explore sample data"] {
            let place = harness.get_by_label(name).rect();
            assert!(window.contains_rect(place), "{name} at {place:?} of {size:?}");
        }
        click(&mut harness, "More: address and label");
        assert!(harness.query_by_role_and_label(Role::TextInput, "API address").is_some() && says(&harness, "Label"));
        click(&mut harness, "Explore sample data");
        assert!(matches!(harness.state().asked[..], [Command::Session(SessionCommand::TryDemo)]));
    }
}

#[test]
fn a_typed_key_is_judged_when_its_field_is_left_and_a_pasted_one_at_once() {
    const SHORT: &str = "too short for an API key";
    const CLIPBOARD: &str = "SkyBackup does not clear the clipboard";
    let mut harness = first_run(SIZE);
    let key = |harness: &mut Harness<'_, Desk>, text: &str| {
        harness.get_by_role_and_label(Role::PasswordInput, "API key").focus();
        harness.run();
        harness.get_by_role_and_label(Role::PasswordInput, "API key").type_text(text);
        harness.run();
    };
    key(&mut harness, "skysql.1");
    assert!(!says(&harness, SHORT), "while it is typed");
    harness.get_by_role_and_label(Role::TextInput, "Profile name").focus();
    harness.run();
    assert!(says(&harness, SHORT), "once it is left");
    key(&mut harness, "abc.0123456789abcdef");
    assert!(!says(&harness, SHORT) && !says(&harness, CLIPBOARD), "nothing was pasted");

    let mut harness = first_run(SIZE);
    harness.get_by_role_and_label(Role::PasswordInput, "API key").focus();
    harness.run();
    harness.event(egui::Event::Paste("skysql.1".to_owned()));
    harness.run();
    assert!(says(&harness, SHORT), "what was pasted is all there is");
    harness.event(egui::Event::Paste("abc.0123456789abcdef".to_owned()));
    harness.run();
    assert!(says(&harness, CLIPBOARD));
}

#[test]
fn an_address_is_judged_when_its_field_is_left() {
    let mut harness = first_run(SIZE);
    click(&mut harness, "More: address and label");
    harness.state_mut().model.view.sign_in.url.clear();
    harness.get_by_role_and_label(Role::TextInput, "API address").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "API address").type_text("api.sky");
    harness.run();
    assert!(!says(&harness, "has to start with https"));
    harness.get_by_role_and_label(Role::TextInput, "Profile name").focus();
    harness.run();
    assert!(says(&harness, "has to start with https"));
}

#[test]
fn signing_in_goes_to_the_first_field_that_is_wrong() {
    let mut harness = first_run([900.0, 600.0]);
    click(&mut harness, "Sign in");
    assert!(is_focused(&harness, Role::TextInput, "Profile name") && says(&harness, "Enter a name"));
    "production".clone_into(&mut harness.state_mut().model.view.sign_in.name);
    harness.run();
    click(&mut harness, "Sign in");
    assert!(is_focused(&harness, Role::PasswordInput, "API key") && says(&harness, "Paste the API key"));
    harness.state_mut().model.view.sign_in.key.as_mut_string().push_str("skysql.1abc.0123456789abcdef0123");
    "nowhere".clone_into(&mut harness.state_mut().model.view.sign_in.url);
    harness.run();
    click(&mut harness, "Sign in");
    assert!(is_focused(&harness, Role::TextInput, "API address"), "although it stood under More");
    let place = harness.get_by_role_and_label(Role::TextInput, "API address").rect();
    assert!(place.bottom() < 600.0, "in sight: {place:?}");
    assert!(harness.state().asked.is_empty());
}

#[test]
fn a_profile_is_added_in_a_dialog_over_the_session_and_esc_goes_back() {
    let mut harness =
        window(super::signed_in::model(Vec::new(), super::signed_in::schedules()), SIZE, Theme::Light, root_ui);
    harness.state_mut().model.handle(Command::Session(SessionCommand::ShowSignIn(None)), now());
    harness.run_steps(3);
    assert!(says(&harness, "Add profile") && says(&harness, "Schedules"), "the session is behind it");
    assert!(is_focused(&harness, Role::TextInput, "Profile name"));
    harness.key_press(egui::Key::Escape);
    harness.run();
    assert!(harness.state().data().session.open().is_some());
    assert!(harness.query_by_role_and_label(Role::PasswordInput, "API key").is_none());
}

#[test]
fn the_dialog_over_the_session_signs_in_by_its_button_and_by_enter() {
    for by_enter in [false, true] {
        let mut harness =
            window(super::signed_in::model(Vec::new(), super::signed_in::schedules()), SIZE, Theme::Light, root_ui);
        harness.state_mut().model.handle(Command::Session(SessionCommand::ShowSignIn(None)), now());
        let form = &mut harness.state_mut().model.view.sign_in;
        form.name = "Another".to_owned();
        form.key.as_mut_string().push_str("skysql.1a2b.0123456789abcdefghij");
        harness.run_steps(3);
        if by_enter {
            harness.get_by_role_and_label(Role::PasswordInput, "API key").focus();
            harness.run_steps(2);
            harness.key_press(egui::Key::Enter);
            harness.run_steps(2);
        } else {
            click(&mut harness, "Sign in");
        }
        let asked = harness.state().asked.last();
        assert!(
            matches!(asked, Some(Command::Session(SessionCommand::SignIn(form))) if form.name == "Another"),
            "{asked:?}"
        );
    }
}

#[test]
fn a_missing_keyring_is_reported_and_created_before_a_key_is_typed() {
    let (mut model, _) = SteppedModel::new(start(), now());
    let effects = model.tick(now());
    let [Effect::Keyring(KeyringEffect::ProbeKeyring(ticket))] = effects[..] else { panic!("{effects:?}") };
    model.apply(Event::Session(SessionEvent::KeyringProbed(ticket, Err(KeyringError::NoPlace))), now());
    let mut harness = window(model, SIZE, Theme::Light, root_ui);
    assert!(says(&harness, "No keyring was found"));
    click(&mut harness, "Create a keyring…");
    assert!(matches!(harness.state().asked[..], [Command::Session(SessionCommand::CreateKeyring)]));
    assert!(says(&harness, "Answer the question of the keyring"));
}

#[test]
fn of_several_keys_one_is_chosen_by_its_name() {
    let key = |id: &str, label: &str| StoredKey { id: id.to_owned(), label: label.to_owned(), modified: Some(now()) };
    let keys = vec![key("1", "SkyBackup: Acme"), key("2", "Key by hand")];
    let mut harness = sick(KeyringError::Ambiguous(keys));
    assert!(says(&harness, "“SkyBackup: Acme” and “Key by hand”"));
    click(&mut harness, "Choose the key to keep…");
    let second = "Key by hand, changed";
    harness.get_by_label_contains(second).click();
    harness.run();
    click(&mut harness, "Keep this key, delete the others");
    assert!(
        matches!(harness.state().asked.last(), Some(Command::Session(SessionCommand::KeepOneKey(profile, keep))) if *profile == id() && keep == "2")
    );
}

#[test]
fn replaced_certificate_authorities_are_shown_before_a_key_is_given() {
    let certificates = vec![("SSL_CERT_FILE", "/tmp/own.pem".into()), ("SSL_CERT_DIR", "/tmp/own".into())];
    let (model, _) = SteppedModel::new(ModelConfig { certificates, ..start() }, now());
    let harness = window(model, SIZE, Theme::Light, root_ui);
    assert!(says(&harness, "Only the certificate authorities in /tmp/own.pem and /tmp/own are trusted"));
    assert!(says(&harness, "(SSL_CERT_FILE, SSL_CERT_DIR)"));
}

#[test]
fn the_key_of_the_environment_waits_for_an_answer() {
    let api_url = Some(ApiUrl::parse("https://x.example").unwrap());
    let (model, _) = SteppedModel::new(ModelConfig { has_environment_key: true, api_url, ..start() }, now());
    let mut harness = window(model, SIZE, Theme::Light, root_ui);
    assert!(says(&harness, "Send the key from SKYSQL_API_KEY to x.example?"));
    assert!(is_focused(&harness, Role::Button, "Do not send"));
    click(&mut harness, "Send the key");
    assert!(matches!(harness.state().asked[..], [Command::Session(SessionCommand::UseEnvironmentKey)]));
}
