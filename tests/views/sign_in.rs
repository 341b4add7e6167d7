//! The sign-in screen when the keyring does not give the key of a profile.

use std::sync::Arc;

use egui::{Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::api::{ApiError, ErrorKind, Operation};
use skybackup::domain::ApiUrl;
use skybackup::model::{KeySource, Model, Session, Start};
use skybackup::msg::{Command, Effect, Event, OpenError, Opened};
use skybackup::settings::{Profile, ProfileId, Settings, VaultError};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, model, now, start, window};

const SIZE: [f32; 2] = [1360.0, 1000.0];

fn id() -> ProfileId {
    ProfileId::new("acme")
}

/// A start with a saved profile whose key the keyring does not give.
fn sick<'a>(error: VaultError) -> Harness<'a, Desk> {
    let profile =
        Profile { id: id(), name: "Acme".to_owned(), api_url: ApiUrl::DEFAULT.to_owned(), ..Profile::default() };
    let settings = Settings { profiles: vec![profile], active: Some(id()), ..Settings::default() };
    let (mut model, effects) = Model::new(Start { settings, ..start() }, now());
    let [Effect::OpenSession { ticket, .. }] = effects[..] else { panic!("{effects:?}") };
    model.apply(Event::SessionOpened { ticket, result: Err(OpenError::Vault(error)) }, now());
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
    use VaultError::{Damaged, Locked, NoService, Refused};
    let mut seen: Vec<String> = Vec::new();
    for error in [NoService, Locked, Refused, Damaged] {
        let (sentence, advice) = (error.sentence(), error.advice());
        let mut harness = sick(error);
        assert!(says(&harness, &sentence) && says(&harness, &advice), "{sentence}");
        assert!(seen.iter().all(|other| !says(&harness, other)), "{sentence}");
        click(&mut harness, "Try again");
        assert!(
            matches!(&harness.state().asked[..], [Command::OpenProfile(profile)] if *profile == id()),
            "{sentence}"
        );
        assert!(matches!(harness.state().data().session, Session::Opening { .. }));
        seen.push(sentence);
    }
}

#[test]
fn for_this_session_only_leads_to_the_key_field_and_stores_nothing() {
    for error in [VaultError::NoService, VaultError::Locked, VaultError::Refused, VaultError::Damaged] {
        let mut harness = sick(error);
        click(&mut harness, "Use for this session only");
        assert!(says(&harness, "Enter the API key below"));
        assert!(harness.query_by_label("Use for this session only").is_none(), "it is chosen");
        let field = harness.get_by_role_and_label(Role::PasswordInput, "API key");
        assert!(field.accesskit_node().is_focused(), "the next thing typed is the key");
        field.type_text("skysql.1abc.0123456789abcdef0123");
        harness.run();
        click(&mut harness, "Sign in");
        let Some(Command::SignIn(sign_in)) = harness.state().asked.last() else {
            panic!("{:?}", harness.state().asked);
        };
        assert_eq!((sign_in.profile.clone(), sign_in.keep), (Some(id()), false));
        let key = Arc::clone(&sign_in.key);
        let Session::Opening { ticket, .. } = harness.state().data().session else { panic!("not opening") };
        let url = ApiUrl::parse(ApiUrl::DEFAULT).unwrap();
        let opened = Opened { key: key.tag(&url), url };
        let effects = harness.state_mut().model.apply(Event::SessionOpened { ticket, result: Ok(opened) }, now());
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::KeepKey { .. })));
        assert_eq!(harness.state().data().session.open().unwrap().source, KeySource::ThisSession);
    }
}

#[test]
fn after_a_failed_sign_in_the_keyboard_is_in_the_key_field() {
    let mut harness = sick(VaultError::Locked);
    click(&mut harness, "Use for this session only");
    let key = |harness: &Harness<'_, Desk>| {
        harness.get_by_role_and_label(Role::PasswordInput, "API key").accesskit_node().is_focused()
    };
    harness.get_by_role_and_label(Role::PasswordInput, "API key").type_text("skysql.1abc.0123456789abcdef0123");
    harness.run();
    click(&mut harness, "Sign in");
    let Session::Opening { ticket, .. } = harness.state().data().session else { panic!("not opening") };
    let refused = OpenError::Api(ApiError::new(ErrorKind::KeyRefused, Operation::ListBackups));
    harness.state_mut().model.apply(Event::SessionOpened { ticket, result: Err(refused) }, now());
    harness.run();
    assert!(key(&harness));
    harness.get_by_label("Profile name").focus();
    harness.run();
    assert!(!key(&harness), "it is given once, not kept");
}

#[test]
fn a_profile_can_lose_its_key_and_go_without_signing_in() {
    let mut harness = sick(VaultError::Damaged);
    click(&mut harness, "Forget key");
    assert!(matches!(harness.state().asked.last(), Some(Command::ForgetKey(profile)) if *profile == id()));
    click(&mut harness, "Remove profile…");
    assert!(says(&harness, "Remove profile Acme?"));
    click(&mut harness, "Remove profile");
    assert!(harness.state().data().settings.profiles.is_empty());
    assert!(!says(&harness, &VaultError::Damaged.sentence()), "the reason went with the profile");
}

#[test]
fn another_address_for_a_saved_profile_is_said_to_make_a_new_one() {
    let mut harness = sick(VaultError::Damaged);
    let help = "Another address makes a profile of its own";
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
        assert!(matches!(harness.state().asked.last(), Some(Command::ShowSignIn(Some(_)))), "{source:?}");
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
        let (model, _) = Model::new(Start { settings, ..start() }, now());
        let mut harness = window(model, [900.0, 600.0], Theme::Dark, root_ui);
        for button in ["Sign in", "Try the demo"] {
            let place = harness.get_by_role_and_label(Role::Button, button).rect();
            assert!(place.bottom() <= 588.0, "{button} with {count} profiles is at {place}");
        }
        click(&mut harness, "Try the demo");
        assert!(matches!(harness.state().asked.last(), Some(Command::TryDemo)));
    }
}
