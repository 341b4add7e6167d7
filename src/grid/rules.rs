//! Stand-ins for texts that `domain` will own.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::domain::{Recurrence, Schedule};

pub(crate) fn recurrence_sentence(recurrence: &Recurrence) -> String {
    match recurrence {
        Recurrence::Once => "Once".to_owned(),
        Recurrence::Text(text) => text.to_string(),
    }
}

pub(crate) fn next_run(_schedule: &Schedule, _now: Timestamp) -> Option<Timestamp> {
    None
}

pub(crate) fn bytes_text(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64;
    let mut word = "B";
    for unit in UNITS {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        word = unit;
    }
    format!("{size:.1} {word}")
}

pub(crate) fn duration_text(secs: u64) -> String {
    let (hours, minutes, seconds) = (secs / 3600, secs / 60 % 60, secs % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

pub(crate) fn ago_text(secs: u64) -> String {
    format!("{} min ago", secs / 60)
}

pub(crate) fn screen_text(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
