use super::*;

fn keep(bench: &Bench) -> bool {
    bench.model.view.sign_in.keep
}

fn probed(effects: &[Effect], result: Result<(), VaultError>) -> Event {
    Event::KeyringProbed(ticket(effects, "ProbeKeyring"), result)
}

#[test]
fn the_form_looks_for_a_keyring_once_and_again_when_asked() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.after(0);
    assert_eq!((names(&effects), names(&bench.after(1))), (vec!["ProbeKeyring".to_owned()], Vec::new()));
    bench.apply(probed(&effects, Err(VaultError::NoService)));
    assert_eq!((bench.model.data.keyring.problem(), keep(&bench)), (Some(&VaultError::NoService), false));
    let again = bench.handle(Command::ProbeKeyring);
    assert_eq!(bench.model.data.keyring.problem(), Some(&VaultError::NoService), "until the answer");
    bench.apply(probed(&effects, Err(VaultError::Locked)));
    assert_eq!(bench.model.data.keyring.problem(), Some(&VaultError::NoService), "the late answer is ignored");
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
fn whoever_signs_out_is_told_how_the_keyring_is_then() {
    let mut bench = Bench::ready();
    assert_eq!(names(&bench.after(1)), Vec::<String>::new(), "not while signed in");
    bench.handle(Command::SignOut);
    assert!(names(&bench.after(0)).contains(&"ProbeKeyring".to_owned()));
}

#[test]
fn a_silent_keyring_is_waited_for_and_the_ways_on_are_said() {
    let (mut bench, _) = Bench::new(start());
    let probe = ticket(&bench.after(0), "ProbeKeyring");
    bench.apply(Event::KeyringSilent(probe));
    assert_eq!((bench.model.data.keyring.problem(), keep(&bench)), (Some(&VaultError::TimedOut), false));
    bench.apply(Event::KeyringProbed(probe, Ok(())));
    assert_eq!((bench.model.data.keyring.problem(), keep(&bench)), (None, true), "it answered after all");

    bench.model.data.settings.profiles = vec![profile("a", URL)];
    let reading = ticket(&bench.handle(Command::OpenProfile(ProfileId::new("a"))), "OpenSession");
    bench.apply(Event::KeyringSilent(reading));
    assert!(matches!(&bench.model.data.session, Session::Opening { stage: Stage::KeyringSilent, .. }));
    assert_eq!(names(&bench.handle(Command::TypeSessionKey)), ["CloseSession"]);
    assert_eq!((bench.model.view.sign_in.profile.clone(), keep(&bench)), (Some(ProfileId::new("a")), false));
}

#[test]
fn a_key_that_may_not_be_gone_is_said_so_and_when_it_is_gone_too() {
    let (mut bench, _) = Bench::new(start());
    bench.model.data.settings.profiles = vec![profile("a", URL)];
    let forgetting = ticket(&bench.handle(Command::ForgetKey(ProfileId::new("a"))), "ForgetKey");
    bench.apply(Event::KeyringSilent(forgetting));
    assert_eq!(bench.toasts(), ["The key may still be in the keyring: The keyring does not answer"]);
    bench.apply(Event::KeyForgotten(forgetting, Ok(())));
    assert!(bench.toasts().contains(&"Key deleted from the keyring"));
}

#[test]
fn a_key_that_is_kept_late_is_kept() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.handle(Command::SignIn(sign_in(None, true)));
    let keeping = ticket(&bench.apply(opened(&effects)), "KeepKey");
    bench.apply(Event::KeyringSilent(keeping));
    let open = |bench: &Bench| bench.model.data.session.open().unwrap().clone();
    assert_eq!(open(&bench).key_problem, Some(VaultError::TimedOut));
    bench.apply(Event::KeyKept(keeping, Ok(())));
    assert_eq!((open(&bench).key_problem, open(&bench).source), (None, KeySource::Keyring));
}
