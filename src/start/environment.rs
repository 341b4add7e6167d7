//! The key that the environment gives for one run: read once, and out of reach of every program started from here.

use std::ffi::OsString;

use crate::secrets::{ApiKey, CleanedKey, KEY_VARIABLE, KeyTextError};

/// Holds the id of the process that is given its key through standard input: this one, which stays the same when it starts anew.
/// For a program started from here that inherits it, it says nothing. Set by [`hand_over_key`] alone.
#[cfg(unix)]
const HANDED_OVER: &str = "SKYBACKUP_KEY_ON_STDIN";

/// Starts this program anew without the key in its environment, and gives it the key through a pipe: the environment can be read
/// from outside for as long as a program runs, and the libraries that show dialogs start helpers that inherit it. Comes back where
/// there is no key, and where this cannot be done: then the key is read from the environment as it is.
#[cfg(unix)]
pub fn hand_over_key() {
    use std::io::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::process::CommandExt as _;

    /// What a pipe holds for sure before anybody reads.
    const PIPE_BYTES: usize = 4096;
    let Some(key) = std::env::var_os(KEY_VARIABLE).filter(|key| (1..=PIPE_BYTES).contains(&key.len())) else { return };
    let restart = || {
        let (reader, mut writer) = std::io::pipe()?;
        writer.write_all(key.as_bytes())?;
        drop(writer);
        let mut command = std::process::Command::new(std::env::current_exe()?);
        let mut arguments = std::env::args_os();
        if let Some(name) = arguments.next() {
            command.arg0(name);
        }
        command.args(arguments).env_remove(KEY_VARIABLE).env(HANDED_OVER, own_id()).stdin(reader);
        Err::<(), _>(command.exec())
    };
    if let Err(error) = restart() {
        super::print_error(&format!("{KEY_VARIABLE} stays in the environment: {error}"));
    }
}

/// Does nothing here: programs that are started from here are started without the key.
#[cfg(not(unix))]
pub fn hand_over_key() {}

/// The key given by [`KEY_VARIABLE`] for this run; `None` when the variable is missing or empty. An error never holds
/// the text. To be called once.
#[must_use]
pub fn key_from_environment() -> Option<Result<CleanedKey, KeyTextError>> {
    #[cfg(unix)]
    if std::env::var_os(HANDED_OVER).is_some_and(|id| id == *own_id()) {
        use std::io::Read as _;
        let mut text = zeroize::Zeroizing::new(Vec::with_capacity(8 * 1024));
        // The pipe was filled and closed before this program began; what cannot be read is no key.
        let _read = std::io::stdin().lock().read_to_end(&mut text);
        return key_from(&String::from_utf8_lossy(&text));
    }
    // Wiping this copy would hide nothing: the environment keeps its own.
    key_from(&std::env::var_os(KEY_VARIABLE).map(OsString::into_string)?.unwrap_or_else(lossy))
}

#[cfg(unix)]
fn own_id() -> String {
    std::process::id().to_string()
}

/// What is no Unicode is no key; the lossy text makes the error name the place.
#[expect(clippy::needless_pass_by_value, reason = "it is an argument of unwrap_or_else")]
fn lossy(raw: OsString) -> String {
    raw.to_string_lossy().into_owned()
}

fn key_from(text: &str) -> Option<Result<CleanedKey, KeyTextError>> {
    (!text.trim().is_empty()).then(|| ApiKey::clean(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_the_environment_is_cleaned_and_an_empty_one_is_none() {
        let key = "skysql.1zzz.0123456789abcdef";
        assert!(key_from("").is_none());
        assert!(key_from(" \n").is_none());
        let cleaned = key_from(&format!("{key}\n")).unwrap().unwrap();
        assert_eq!(cleaned.key.expose(), key);
        assert!(key_from("short").unwrap().is_err());
    }
}
