//! From the command line to a window: options, the log, renderers in order, the fatal message.
//!
//! Owns: what happens before there is a window, and when there cannot be one.
//! May import: `domain`, `files`, `settings`, eframe, `rfd`, `tracing`.
//! Must never: panic, print a key, or write one to the log.

mod environment;
mod log;
mod options;
#[cfg(debug_assertions)]
mod panic_injection;
mod place;
mod redact;
mod renderers;
mod run;
mod window;

use std::io::Write as _;

pub use environment::{hand_over_key, key_from_environment};
pub use log::{hook_panics, start_log};
pub use options::{Options, Parsed, parse};
pub use renderers::{LastStart, USUAL_RENDERER, mark_shown, mark_starting, renderer_order, withdraw_start};
pub use run::run;
pub use window::{StartError, fatal, open_window};

/// Writes a text to standard output. That nobody may be listening is no error.
pub fn print(text: &str) {
    let _nobody_listens = writeln!(std::io::stdout().lock(), "{text}");
}

/// Writes a sentence to standard error. That nobody may be listening is no error.
pub fn print_error(sentence: &str) {
    let _nobody_listens = writeln!(std::io::stderr().lock(), "skybackup: {sentence}");
}
