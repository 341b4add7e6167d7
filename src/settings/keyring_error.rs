//! What can be wrong with the keyring, in words a user can act on.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::sanitize_for_display;

/// An entry of the keyring, as the password manager shows it. Holds no part of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// Names the entry for as long as the keyring service runs.
    pub id: String,
    /// Its name in the password manager.
    pub label: String,
    /// When it was last changed, where the keyring says so.
    pub modified: Option<Timestamp>,
}

/// Why the keyring did not do what was asked. Holds no part of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum KeyringError {
    /// There is no keyring service to talk to.
    NoService,
    /// The keyring is locked and no question for its password could be shown.
    Locked,
    /// The system asked, and access was denied or the question was dismissed.
    Refused,
    /// What is stored is not a key, or the keyring itself cannot be read.
    Damaged,
    /// The service runs, but has no keyring to put the key into.
    NoPlace,
    /// Several entries match: these, where the keyring can name them.
    Ambiguous(Vec<StoredKey>),
    /// The encrypted exchange with the keyring failed; another one may work.
    Session,
    /// The keyring does not take a key this long.
    TooLong,
    /// The key was saved without an error, but reading it back gave something else.
    NotKept,
    /// No response within the caller's deadline.
    TimedOut,
    /// Anything else, in the keyring's own words, cut and without control characters.
    Other(String),
}

/// A question that ended sooner than this was never seen by a user: the service had no way to show it.
const QUESTION_SEEN: Duration = Duration::from_secs(1);

/// A question was dismissed: by a user, or because it could not be shown.
const DISMISSED: &str = "prompt dismissed";

/// Pieces of the error chain's text, in lower case, and what they mean. The first that is found counts.
/// From `secret-service`, `zbus`, the D-Bus daemon, the wallet of KDE, `security-framework` and Windows.
static SIGNS: [(&str, KeyringError); 26] = [
    ("result not returned", KeyringError::NoPlace),
    ("object locked", KeyringError::Locked),
    ("secret.error.islocked", KeyringError::Locked),
    ("connection closed before prompt", KeyringError::Locked),
    ("user interaction is not allowed", KeyringError::Locked),
    ("logon session", KeyringError::Locked),
    ("user canceled", KeyringError::Refused),
    ("passphrase you entered", KeyringError::Refused),
    ("accessdenied", KeyringError::Refused),
    ("default keychain could", KeyringError::NoPlace),
    ("specified keychain could not", KeyringError::NoPlace),
    ("not a valid keychain", KeyringError::Damaged),
    ("no keychain is available", KeyringError::NoService),
    ("serviceunknown", KeyringError::NoService),
    ("namehasnoowner", KeyringError::NoService),
    ("error.spawn", KeyringError::NoService),
    ("failed to connect", KeyringError::NoService),
    ("address error", KeyringError::NoService),
    ("no secret service provider", KeyringError::NoService),
    ("error.noreply", KeyringError::TimedOut),
    ("timed out", KeyringError::TimedOut),
    ("crypto error", KeyringError::Session),
    ("error.nosession", KeyringError::Session),
    ("find session", KeyringError::Session),
    ("decrypt", KeyringError::Session),
    ("key size", KeyringError::Session),
];

impl KeyringError {
    /// What happened, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let sentence = match self {
            Self::NoService => "This computer has no keyring service that answers",
            Self::Locked => "The keyring is locked",
            Self::Refused => "Access to the keyring was refused",
            Self::Damaged => "The key in the keyring is damaged and cannot be used",
            Self::NoPlace => "No keyring was found",
            Self::Ambiguous(keys) => return several(keys),
            Self::Session => "The exchange with the keyring failed",
            Self::TooLong => "The key is too long for this computer's keyring",
            Self::NotKept => "The keyring accepted the key but did not keep it",
            Self::TimedOut => "The keyring does not answer",
            Self::Other(words) => return format!("The keyring reported an error: {words}"),
        };
        sentence.to_owned()
    }

    /// What to do about it. Trying again and using the key for this session only are always possible; this says what
    /// would make trying again worth it.
    #[must_use]
    pub fn advice(&self) -> String {
        let advice = match self {
            Self::NoService if cfg!(all(unix, not(target_os = "macos"))) => {
                "Start GNOME Keyring, KWallet or KeePassXC with its Secret Service turned on, then try again; or use the key for this session only"
            }
            Self::NoService => "Restart the computer if this stays; or use the key for this session only",
            Self::Locked => "Unlock it in your password manager or sign in to the desktop again, then try again",
            Self::Refused => "Try again and allow SkyBackup when the system asks, or use the key for this session only",
            Self::Damaged => "Paste the key again to replace what is stored",
            Self::NoPlace => {
                "Create one, or open it in your password manager, then try again; or use the key for this session only"
            }
            Self::Session => "Try again; if this stays, sign in to the desktop again or restart the keyring",
            Self::Ambiguous(keys) if !keys.is_empty() => "Choose the one to keep; the others are deleted",
            Self::Ambiguous(_) => {
                "Delete the entries named SkyBackup that you do not need in your password manager, then try again"
            }
            Self::TooLong => "Check that only the key was pasted, or use it for this session only",
            Self::NotKept => {
                "Try again; if this stays, use the key for this session only and check the keyring in your password manager"
            }
            Self::TimedOut => {
                "Look for a password question behind other windows, then try again; or use the key for this session only"
            }
            Self::Other(_) => "Try again, or use the key for this session only",
        };
        advice.to_owned()
    }

    /// True where the session with the keyring may be what is wrong, and not the keyring: wrong bytes come from a session whose two
    /// ends do not share the same secret.
    pub(super) fn may_be_of_the_session(&self) -> bool {
        matches!(self, Self::Session | Self::Damaged | Self::NotKept)
    }

    /// A keyring's error in our words. `took` is how long the failed call ran: a question that was dismissed at once was
    /// never shown, so the keyring is simply locked.
    pub(super) fn from_keyring(error: &keyring::Error, took: Duration) -> Self {
        match error {
            keyring::Error::NoDefaultStore => Self::NoService,
            keyring::Error::NoEntry => Self::NotKept,
            keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) | keyring::Error::BadStoreFormat(_) => {
                Self::Damaged
            }
            keyring::Error::TooLong(..) => Self::TooLong,
            keyring::Error::Ambiguous(_) => Self::Ambiguous(Vec::new()),
            keyring::Error::PlatformFailure(source) | keyring::Error::NoStorageAccess(source) => {
                let words = chain(source.as_ref());
                let lower = words.to_lowercase();
                if lower.contains(DISMISSED) {
                    return if took < QUESTION_SEEN { Self::Locked } else { Self::Refused };
                }
                match SIGNS.iter().find(|(piece, _)| lower.contains(piece)) {
                    Some((_, meaning)) => meaning.clone(),
                    None if matches!(error, keyring::Error::NoStorageAccess(_)) => Self::Refused,
                    None => Self::Other(words),
                }
            }
            other => Self::Other(sanitize_for_display(&other.to_string()).into_owned()),
        }
    }
}

/// Names the entries as the password manager shows them, each name once.
fn several(keys: &[StoredKey]) -> String {
    let mut labels: Vec<String> =
        keys.iter().map(|key| format!("\u{201c}{}\u{201d}", sanitize_for_display(&key.label))).collect();
    labels.dedup();
    if labels.is_empty() {
        return "The keyring holds several keys for this profile".to_owned();
    }
    format!("The keyring holds {} keys for this profile: {}", keys.len(), labels.join(" and "))
}

/// The texts of an error and of its causes, each once.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        cause = error.source();
    }
    sanitize_for_display(&words).into_owned()
}

#[cfg(test)]
mod tests {
    use keyring::Error as Foreign;

    use super::*;

    const ALL: [KeyringError; 10] = [
        KeyringError::NoService,
        KeyringError::Locked,
        KeyringError::Refused,
        KeyringError::Damaged,
        KeyringError::NoPlace,
        KeyringError::Ambiguous(Vec::new()),
        KeyringError::Session,
        KeyringError::TooLong,
        KeyringError::NotKept,
        KeyringError::TimedOut,
    ];

    fn foreign(text: &str) -> Box<dyn Error + Send + Sync> {
        Box::new(std::io::Error::other(text.to_owned()))
    }

    #[test]
    fn every_case_has_its_own_sentence_and_advice() {
        for (at, one) in ALL.iter().enumerate() {
            assert!(!one.sentence().is_empty() && !one.advice().is_empty());
            assert!(!one.sentence().ends_with('.'));
            for other in ALL.iter().skip(at + 1) {
                assert_ne!(one.sentence(), other.sentence());
                assert_ne!(one.advice(), other.advice());
            }
        }
    }

    #[test]
    fn foreign_errors_find_their_meaning() {
        let soon = Duration::from_millis(50);
        let late = Duration::from_secs(5);
        let prompt = "SS error: prompt dismissed";
        let cases: Vec<(Foreign, Duration, KeyringError)> = vec![
            (Foreign::NoStorageAccess(foreign(prompt)), soon, KeyringError::Locked),
            (Foreign::NoStorageAccess(foreign(prompt)), late, KeyringError::Refused),
            (Foreign::PlatformFailure(foreign(prompt)), soon, KeyringError::Locked),
            (Foreign::NoStorageAccess(foreign("SS Error: object locked")), soon, KeyringError::Locked),
            (
                Foreign::NoStorageAccess(foreign("SS error: result not returned from SS API")),
                soon,
                KeyringError::NoPlace,
            ),
            (
                Foreign::PlatformFailure(foreign(
                    "zbus error: org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.secrets was not provided by any .service files",
                )),
                soon,
                KeyringError::NoService,
            ),
            (
                Foreign::PlatformFailure(foreign(
                    "zbus error: Failed to connect to address `unix:path=/run/user/0/bus`: No such file or directory (os error 2)",
                )),
                soon,
                KeyringError::NoService,
            ),
            (Foreign::PlatformFailure(foreign("User interaction is not allowed.")), soon, KeyringError::Locked),
            (Foreign::PlatformFailure(foreign("User canceled the operation.")), soon, KeyringError::Refused),
            (Foreign::NoStorageAccess(foreign("something new")), soon, KeyringError::Refused),
            (Foreign::PlatformFailure(foreign("something new")), soon, KeyringError::Other("something new".to_owned())),
            (Foreign::NoDefaultStore, soon, KeyringError::NoService),
            (Foreign::BadStoreFormat("x".to_owned()), soon, KeyringError::Damaged),
            (Foreign::Ambiguous(Vec::new()), soon, KeyringError::Ambiguous(Vec::new())),
            (Foreign::PlatformFailure(foreign("Crypto error: message decryption failed")), soon, KeyringError::Session),
            (
                Foreign::PlatformFailure(foreign("zbus error: org.freedesktop.Secret.Error.NoSession: gone")),
                soon,
                KeyringError::Session,
            ),
            (
                Foreign::PlatformFailure(foreign(
                    "zbus error: org.freedesktop.DBus.Error.UnknownObject: Can't find session /org/freedesktop/secrets/session/136",
                )),
                soon,
                KeyringError::Session,
            ),
            (Foreign::TooLong("secret".to_owned(), 2560), soon, KeyringError::TooLong),
            (Foreign::NoEntry, soon, KeyringError::NotKept),
        ];
        for (foreign, took, expected) in cases {
            assert_eq!(KeyringError::from_keyring(&foreign, took), expected, "{foreign}");
        }
    }

    #[test]
    fn entries_are_named_as_the_password_manager_shows_them() {
        let key = |label: &str| StoredKey { id: label.to_owned(), label: label.to_owned(), modified: None };
        let sentence =
            |labels: &[&str]| KeyringError::Ambiguous(labels.iter().map(|label| key(label)).collect()).sentence();
        assert_eq!(
            sentence(&["SkyBackup: acme", "Password for acme"]),
            "The keyring holds 2 keys for this profile: “SkyBackup: acme” and “Password for acme”"
        );
        assert_eq!(sentence(&["Same", "Same"]), "The keyring holds 2 keys for this profile: “Same”");
        assert_eq!(sentence(&[]), "The keyring holds several keys for this profile");
    }

    #[test]
    fn no_secret_gets_into_the_words() {
        let secret = b"skysql.the.secret".to_vec();
        for foreign in [Foreign::BadEncoding(secret.clone()), Foreign::BadDataFormat(secret, foreign("bad"))] {
            let error = KeyringError::from_keyring(&foreign, Duration::ZERO);
            let shown = format!("{error:?} {error} {}", error.advice());
            assert!(!shown.contains("skysql") && !shown.contains("115, 107"), "{shown}");
        }
    }

    #[test]
    fn long_and_odd_words_are_made_safe_for_the_screen() {
        let foreign = Foreign::PlatformFailure(foreign(&format!("\u{202e}{}", "ä".repeat(9999))));
        let KeyringError::Other(words) = KeyringError::from_keyring(&foreign, Duration::ZERO) else {
            panic!("a new error has its own words");
        };
        assert!(words.chars().count() < 300 && !words.contains('\u{202e}'), "{words}");
    }
}
