//! The same against a Secret Service that behaves as others do: `KeePassXC`, `KWallet`, a desktop without a keyring.

use skybackup::settings::KeyringError;

use super::{ACCOUNT, Bench, KEY, LABEL, OTHER_KEY, failed, found};
use crate::support::fake_secrets::{Deafness, FakeSecrets};

const DEAFNESS: [Deafness; 3] = [Deafness::OtherSecret, Deafness::NoSession, Deafness::Empty];

/// A bench with the service on its bus.
fn bench() -> (Bench, FakeSecrets) {
    let bench = Bench::new();
    let service = FakeSecrets::start(bench.home.path());
    (bench, service)
}

fn entry(label: &str, key: &str) -> (String, String) {
    (label.to_owned(), key.to_owned())
}

/// The attributes by which this app finds its entry.
const OURS: [(&str, &str); 2] = [("service", "SkyBackup"), ("username", ACCOUNT)];

#[test]
fn a_locked_keyring_that_looks_empty_is_reported_as_locked() {
    for hides in [true, false] {
        let (bench, service) = bench();
        assert_eq!(bench.run("write"), "Ok(())");
        service.lock(hides);
        assert_eq!(bench.run("probe"), "Ok(())", "it is there");
        for step in ["read", "write other", "delete"] {
            assert_eq!(bench.run(step), failed(&KeyringError::Locked), "{step}");
        }
        service.unlock();
        assert_eq!(bench.run("read"), found(KEY), "and nothing in it was touched");
    }
}

#[test]
fn a_missing_keyring_is_made_on_request_and_takes_the_key() {
    let (bench, service) = bench();
    let service = service.without_keyring(true);
    for step in ["probe", "read", "write", "delete"] {
        assert_eq!(bench.run(step), failed(&KeyringError::NoPlace), "{step}");
    }
    assert!(!service.has_keyring(), "nobody asked for one");
    assert_eq!(bench.run("create keyring"), "Ok(())");
    assert_eq!(bench.run("probe"), "Ok(())");
    assert_eq!(bench.run("write"), "Ok(())");
    assert_eq!(bench.run("read"), found(KEY));
}

#[test]
fn a_question_for_a_new_keyring_that_is_closed_makes_none() {
    let (bench, service) = bench();
    let service = service.without_keyring(false);
    assert_eq!(bench.run("create keyring"), failed(&KeyringError::Refused));
    assert!(!service.has_keyring());
}

#[test]
fn deaf_sessions_are_replaced_in_silence() {
    for how in DEAFNESS {
        for sessions in 1..=2 {
            let (bench, service) = bench();
            service.deafen(sessions, how);
            assert_eq!(bench.run("write"), "Ok(())");
            assert_eq!(service.entries(), [entry(LABEL, KEY)]);
            service.deafen(sessions, how);
            assert_eq!(bench.run("read"), found(KEY));
            service.deafen(sessions, how);
            assert_eq!(bench.run("write other"), "Ok(())");
            assert_eq!(service.entries(), [entry(LABEL, OTHER_KEY)]);
        }
    }
}

#[test]
fn a_service_that_never_answers_is_reported_and_keeps_its_key() {
    for how in DEAFNESS {
        let (bench, service) = bench();
        assert_eq!(bench.run("write"), "Ok(())");
        service.deafen(usize::MAX, how);
        let told = bench.run("read");
        let possible = [KeyringError::Session, KeyringError::Damaged].map(|error| failed(&error));
        assert!(possible.contains(&told), "{told}");
        assert_eq!(service.entries(), [entry(LABEL, KEY)]);
    }
}

#[test]
fn several_keys_are_named_and_one_is_kept() {
    let (bench, service) = bench();
    assert_eq!(bench.run("write"), "Ok(())");
    service.add("Key by hand", &[OURS[0], OURS[1], ("target", "default")], OTHER_KEY);
    service.add("Another program", &[("service", "Other"), OURS[1]], "not ours");
    let said = "The keyring holds 2 keys for this profile: “SkyBackup: production” and “Key by hand”";
    assert_eq!(bench.run("name the keys"), format!("{:?}", Err::<(), _>(said)));
    assert!(bench.run("write").starts_with("Err(Ambiguous("), "none is picked");
    assert_eq!(bench.run("keep the last key"), "Ok(())");
    assert_eq!(service.entries(), [entry("Key by hand", OTHER_KEY), entry("Another program", "not ours")]);
    assert_eq!(bench.run("read"), found(OTHER_KEY));
    assert_eq!(bench.run("write"), "Ok(())");
    assert_eq!(service.entries(), [entry(LABEL, KEY), entry("Another program", "not ours")], "it has our name now");
}

#[test]
fn forgetting_a_key_deletes_all_that_match_and_nothing_else() {
    let (bench, service) = bench();
    assert_eq!(bench.run("write"), "Ok(())");
    service.add("Key by hand", &[OURS[0], OURS[1], ("target", "default")], OTHER_KEY);
    service.add("Other profile", &[OURS[0], ("username", "https://api.skysql.com other")], OTHER_KEY);
    assert_eq!(bench.run("delete"), "Ok(())");
    assert_eq!(service.entries(), [entry("Other profile", OTHER_KEY)]);
    assert_eq!(bench.run("read"), "Ok(None)");
}
