//! The log: daily files in the log folder, five at most, with no secrets; and the panic hook that writes there.

use std::any::Any;
use std::path::Path;
use std::thread;

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::redact::Redacting;
use crate::secrets::KnownSecrets;

/// Says how much is logged: `error`, `warn`, `info`, `debug` or `trace`.
const LEVEL_VARIABLE: &str = "SKYBACKUP_LOG";
const FILES_MAX: usize = 5;
/// Lines that may wait for the disk; memory for all of them is taken at the start, and what comes beyond is dropped.
const WAITING_MAX: usize = 8_192;

/// Starts the log in `log_dir`, without anything that `secrets` knows. Called once, before anything that logs. The log ends when
/// the guard is dropped, which writes what is still waiting. An error is a sentence; the app runs without a log then.
pub fn start_log(log_dir: &Path, secrets: KnownSecrets) -> Result<WorkerGuard, String> {
    let failed =
        |error: &dyn std::fmt::Display| format!("The log in {} could not be started: {error}", log_dir.display());
    crate::files::create_private_folder(log_dir).map_err(|error| failed(&error))?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("skybackup")
        .filename_suffix("log")
        .max_log_files(FILES_MAX)
        .build(log_dir)
        .map_err(|error| failed(&error))?;
    let (writer, worker) = NonBlockingBuilder::default().buffered_lines_limit(WAITING_MAX).finish(files);
    let asked = std::env::var(LEVEL_VARIABLE).unwrap_or_default();
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Redacting(writer, secrets));
    tracing_subscriber::registry().with(filter(&asked)).with(lines).try_init().map_err(|error| failed(&error))?;
    Ok(worker)
}

/// The level of this app; every crate below it stays at `info`, because some print headers, bodies or memory when they are let to.
fn filter(asked: &str) -> Targets {
    // The empty text is a level for `tracing`, the quietest.
    let named = if asked.is_empty() { None } else { asked.parse().ok() };
    let level = named.unwrap_or(LevelFilter::INFO);
    Targets::new().with_default(level.min(LevelFilter::INFO)).with_target("skybackup", level)
}

/// From here on panics go to the log and to standard error with their place and, where the text is in the source, their text.
/// Texts made at run time may hold what a user typed, so they stay out.
pub fn hook_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        let (thread, text) = (thread::current(), fixed_text(panic.payload()));
        tracing::error!(place, thread = thread.name().unwrap_or("unnamed"), "panic: {text}");
        super::print_error(&format!("an internal error happened at {place}: {text}"));
    }));
}

/// The text of a panic when it is part of the program.
fn fixed_text(payload: &(dyn Any + Send)) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("(text withheld)")
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn other_crates_never_get_below_info() {
        let filter = filter("trace");
        assert!(filter.would_enable("skybackup::api", &Level::TRACE));
        for target in
            ["hyper::proto", "h2", "rustls::client", "reqwest::connect", "zbus", "arboard", "winit", "skyline"]
        {
            assert!(filter.would_enable(target, &Level::INFO), "{target}");
            assert!(!filter.would_enable(target, &Level::DEBUG), "{target}");
        }
    }

    #[test]
    fn a_quieter_level_holds_for_all() {
        for (asked, loudest) in
            [("error", Level::ERROR), ("warn", Level::WARN), ("", Level::INFO), ("loud", Level::INFO)]
        {
            let filter = filter(asked);
            for target in ["skybackup", "hyper"] {
                for level in [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG] {
                    let expected = level <= loudest;
                    assert_eq!(filter.would_enable(target, &level), expected, "{asked} {level}");
                }
            }
        }
    }

    #[test]
    fn only_fixed_texts_of_panics_are_kept() {
        let made = std::panic::catch_unwind(|| panic!("{}", "skysql.secret".to_owned())).unwrap_err();
        assert_eq!(fixed_text(made.as_ref()), "(text withheld)");
        let fixed = std::panic::catch_unwind(|| panic!("an index went wrong")).unwrap_err();
        assert_eq!(fixed_text(fixed.as_ref()), "an index went wrong");
    }

    /// The one test that starts the log for the whole test process.
    #[test]
    fn the_file_holds_lines_and_no_keys() {
        let dir = tempfile::tempdir().unwrap();
        let logs = dir.path().join("deep").join("logs");
        let secrets = KnownSecrets::default();
        let key = crate::secrets::ApiKey::clean("a-key-of-another-form-0123").unwrap().key;
        secrets.add_key(&key);
        let guard = start_log(&logs, secrets).unwrap();
        tracing::info!("a line with skysql.1zzz.aaaaaaaaaaaaaaaaaaaaaaaa in it");
        tracing::info!("another with {}", key.expose());
        tracing::debug!("too quiet to be heard");
        drop(guard);
        let mut files = std::fs::read_dir(&logs).unwrap();
        let file = files.next().unwrap().unwrap().path();
        assert!(files.next().is_none());
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("a line with skysql.(redacted) in it"), "{text}");
        assert!(!text.contains("aaaa") && !text.contains("too quiet"), "{text}");
        assert!(text.contains("another with [API key]"), "{text}");
    }
}
