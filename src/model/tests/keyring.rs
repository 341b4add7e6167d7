use super::*;
use crate::msg::{KeyringEffect, SessionCommand, SessionEvent, WindowCommand};
use crate::settings::StoredKey;

fn keep(bench: &Bench) -> bool {
    bench.model.view.sign_in.keep
}

fn probed(effects: &[Effect], result: Result<(), KeyringError>) -> Event {
    Event::Session(SessionEvent::KeyringProbed(ticket(effects, "ProbeKeyring"), result))
}

#[test]
fn the_form_looks_for_a_keyring_once_and_again_when_asked() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.after(0);
    assert_eq!((names(&effects), names(&bench.after(1))), (vec!["ProbeKeyring".to_owned()], Vec::new()));
    bench.apply(probed(&effects, Err(KeyringError::NoService)));
    assert_eq!((bench.model.data.keyring.problem(), keep(&bench)), (Some(&KeyringError::NoService), false));
    let again = bench.handle(Command::Session(SessionCommand::ProbeKeyring));
    assert_eq!(bench.model.data.keyring.problem(), Some(&KeyringError::NoService), "until the response");
    bench.apply(probed(&effects, Err(KeyringError::Locked)));
    assert_eq!(bench.model.data.keyring.problem(), Some(&KeyringError::NoService), "the late response is ignored");
    bench.apply(probed(&again, Ok(())));
    assert_eq!((bench.model.data.keyring.problem(), keep(&bench)), (None, true));
}

#[test]
fn a_keyring_that_is_there_changes_no_choice() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.after(0);
    bench.model.view.sign_in.keep = false;
    bench.apply(probed(&effects, Ok(())));
    assert!(!keep(&bench));
}

#[test]
fn whoever_signs_out_sees_how_the_keyring_is_then() {
    let mut bench = Bench::ready();
    assert_eq!(names(&bench.after(1)), Vec::<String>::new(), "not while signed in");
    bench.handle(Command::Session(SessionCommand::SignOut));
    assert!(names(&bench.after(0)).contains(&"ProbeKeyring".to_owned()));
}

#[test]
fn a_silent_keyring_is_waited_for_and_the_ways_to_continue_are_shown() {
    let (mut bench, _) = Bench::new(start());
    let probe = ticket(&bench.after(0), "ProbeKeyring");
    bench.apply(Event::Session(SessionEvent::KeyringSlow(probe)));
    assert_eq!((bench.model.data.keyring.problem(), keep(&bench)), (Some(&KeyringError::TimedOut), false));
    bench.apply(Event::Session(SessionEvent::KeyringProbed(probe, Ok(()))));
    assert_eq!((bench.model.data.keyring.problem(), keep(&bench)), (None, true), "it answered after all");

    bench.model.data.settings.profiles = vec![profile("a", URL)];
    let reading =
        ticket(&bench.handle(Command::Session(SessionCommand::OpenProfile(ProfileId::new("a")))), "OpenSession");
    bench.apply(Event::Session(SessionEvent::KeyringSlow(reading)));
    assert!(matches!(&bench.model.data.session, Session::Opening { phase: SignInPhase::KeyringSlow, .. }));
    assert_eq!(names(&bench.handle(Command::Session(SessionCommand::TypeSessionKey))), ["CancelSignIn"]);
    assert_eq!((bench.model.view.sign_in.profile.clone(), keep(&bench)), (Some(ProfileId::new("a")), false));
}

#[test]
fn a_key_that_may_not_be_gone_is_reported_and_when_it_is_gone_too() {
    let (mut bench, _) = Bench::new(start());
    bench.model.data.settings.profiles = vec![profile("a", URL)];
    let forgetting =
        ticket(&bench.handle(Command::Session(SessionCommand::DeleteKey(ProfileId::new("a")))), "DeleteKey");
    bench.apply(Event::Session(SessionEvent::KeyringSlow(forgetting)));
    assert_eq!(bench.notifications(), ["The key may still be in the keyring: The keyring does not answer"]);
    bench.apply(Event::Session(SessionEvent::KeyDeleted(forgetting, Ok(()))));
    assert!(bench.notifications().contains(&"Key deleted from the keyring"));
}

#[test]
fn a_key_that_is_kept_late_is_kept() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))));
    let keeping = ticket(&bench.apply(opened(&effects)), "SaveKey");
    bench.apply(Event::Session(SessionEvent::KeyringSlow(keeping)));
    assert_eq!(bench.open().key_problem, Some(KeyringError::TimedOut));
    bench.apply(Event::Session(SessionEvent::KeySaved(keeping, Ok(()))));
    assert_eq!((&bench.open().key_problem, bench.open().source), (&None, KeySource::Keyring));
}

#[test]
fn a_missing_keyring_is_made_and_takes_the_key_that_waits() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))));
    let effects = bench.apply(opened(&effects));
    bench.apply(Event::Session(SessionEvent::KeySaved(ticket(&effects, "SaveKey"), Err(KeyringError::NoPlace))));
    let refused = ticket(&bench.handle(Command::Session(SessionCommand::CreateKeyring)), "CreateKeyring");
    bench.apply(Event::Session(SessionEvent::KeyringCreated(refused, Err(KeyringError::Refused))));
    assert_eq!(bench.model.data.keyring.problem(), Some(&KeyringError::NoPlace), "it can be tried again");
    assert_eq!(bench.notifications(), ["No keyring was created: Access to the keyring was refused"]);
    let creating = ticket(&bench.handle(Command::Session(SessionCommand::CreateKeyring)), "CreateKeyring");
    assert_eq!(
        names(&bench.apply(Event::Session(SessionEvent::KeyringCreated(refused, Ok(()))))),
        Vec::<String>::new(),
        "a late response"
    );
    assert_eq!(names(&bench.apply(Event::Session(SessionEvent::KeyringCreated(creating, Ok(()))))), ["SaveKey"]);
    assert_eq!((bench.model.data.keyring.clone(), keep(&bench)), (KeyringStatus::Ready, true));
}

#[test]
fn of_several_keys_one_is_kept_and_used() {
    let several = || KeyringError::Ambiguous(vec![key_named("1"), key_named("2")]);
    let (mut bench, _) = Bench::new(start());
    bench.model.data.settings.profiles = vec![profile("a", URL)];
    let a = ProfileId::new("a");
    let reading = ticket(&bench.handle(Command::Session(SessionCommand::OpenProfile(a.clone()))), "OpenSession");
    bench.apply(Event::Session(SessionEvent::SessionOpened {
        ticket: reading,
        result: Err(OpenError::Keyring(several())),
    }));
    let effects = bench.handle(Command::Session(SessionCommand::KeepOneKey(a.clone(), "2".to_owned())));
    assert!(
        matches!(&effects[..], [Effect::Keyring(KeyringEffect::DeleteKey { keep: Some(keep), .. })] if keep == "2")
    );
    bench.apply(Event::Session(SessionEvent::KeyDeleted(ticket(&effects, "DeleteKey"), Err(KeyringError::Locked))));
    assert_eq!(bench.notifications(), ["No key was deleted: The keyring is locked"]);
    let effects = bench.handle(Command::Session(SessionCommand::KeepOneKey(a, "2".to_owned())));
    let effects = bench.apply(Event::Session(SessionEvent::KeyDeleted(ticket(&effects, "DeleteKey"), Ok(()))));
    assert_eq!(names(&effects), ["OpenSession"]);

    // The same where a key could not be kept.
    let mut bench = Bench::ready();
    let keeping = ticket(&bench.handle(Command::Session(SessionCommand::SaveKey)), "SaveKey");
    bench.apply(Event::Session(SessionEvent::KeySaved(keeping, Err(several()))));
    let in_use = bench.model.data.session.profile().unwrap().id.clone();
    let effects = bench.handle(Command::Session(SessionCommand::KeepOneKey(in_use, "1".to_owned())));
    assert_eq!(names(&effects), ["DeleteKey"], "the session stays");
    assert_eq!(
        names(&bench.apply(Event::Session(SessionEvent::KeyDeleted(ticket(&effects, "DeleteKey"), Ok(()))))),
        ["SaveKey"]
    );
}

fn key_named(id: &str) -> StoredKey {
    StoredKey { id: id.to_owned(), label: "SkyBackup: A".to_owned(), modified: None }
}

#[test]
fn a_profile_stays_until_its_key_is_deleted_and_can_go_without() {
    let a = ProfileId::new("a");
    let dialog = Some(Dialog::RemoveProfile(a.clone()));
    let (mut bench, _) = Bench::new(start());
    bench.model.data.settings.profiles = vec![profile("a", URL)];
    let effects = bench.handle(Command::Session(SessionCommand::RemoveProfile(a.clone())));
    assert!(bench.model.data.removal.as_ref().unwrap().is_under_way && bench.model.view.dialog == dialog);
    bench.apply(Event::Session(SessionEvent::KeyDeleted(ticket(&effects, "DeleteKey"), Err(KeyringError::Locked))));
    let removal = bench.model.data.removal.clone().unwrap();
    assert_eq!((removal.is_under_way, removal.problem), (false, Some(KeyringError::Locked)));
    assert_eq!((bench.model.data.settings.profiles.len(), bench.notifications().len()), (1, 0), "said in the dialog");
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    assert_eq!(bench.model.data.removal, None, "the next time begins anew");

    let effects = bench.handle(Command::Session(SessionCommand::RemoveProfile(a.clone())));
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    bench.apply(Event::Session(SessionEvent::KeyDeleted(ticket(&effects, "DeleteKey"), Err(KeyringError::Locked))));
    assert_eq!(bench.notifications(), ["Profile A is still there, its key was not deleted: The keyring is locked"]);
    let account = profile("a", URL).account();
    let effects = bench.handle(Command::Session(SessionCommand::RemoveProfileOnly(a)));
    let is_its = |effect: &Effect| matches!(effect, Effect::Ledger(LedgerEffect::Delete(whose)) if *whose == account);
    assert!(effects.iter().any(is_its), "{effects:?}");
    assert!(bench.model.data.settings.profiles.is_empty());
    assert!(bench.notifications().iter().any(|text| text.ends_with("its key stays in the keyring as “SkyBackup: A”")));
}
