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

/// Prints a text on standard output, or shows it in a message box where there is none to read.
pub fn print(text: &str) {
    if can_be_read(&std::io::stdout()) {
        let _nobody_listens = writeln!(std::io::stdout().lock(), "{text}");
    } else {
        message_box(rfd::MessageLevel::Info, text);
    }
}

/// Prints a sentence about the command line on standard error, or shows it in a message box where there is none to read.
pub fn print_usage_error(sentence: &str) {
    if can_be_read(&std::io::stderr()) {
        print_error(sentence);
    } else {
        message_box(rfd::MessageLevel::Error, sentence);
    }
}

/// Writes a sentence to standard error. That nobody may be listening is no error.
pub fn print_error(sentence: &str) {
    let _nobody_listens = writeln!(std::io::stderr().lock(), "skybackup: {sentence}");
}

/// Shows a text in front of the desktop. Returns after the box was closed.
fn message_box(level: rfd::MessageLevel, text: &str) {
    rfd::MessageDialog::new().set_level(level).set_title("SkyBackup").set_description(text).show();
}

/// False for a window program of Windows whose output goes nowhere: it has no console, not even where it was started from one.
#[cfg(windows)]
fn can_be_read(output: &impl std::os::windows::io::AsHandle) -> bool {
    use std::os::windows::io::AsRawHandle as _;

    let handle = output.as_handle();
    // What is left of a console of the parent has a number, and cannot be copied.
    !handle.as_raw_handle().is_null() && handle.try_clone_to_owned().is_ok()
}

/// Every program of other systems has its outputs.
#[cfg(not(windows))]
fn can_be_read<O>(_output: &O) -> bool {
    true
}
