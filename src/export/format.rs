//! The formats of files.

use serde::{Deserialize, Serialize};

/// What sort of file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Comma-separated values, which every program reads.
    #[default]
    Csv,
    /// An Excel workbook: numbers, times and durations are what they are, and ids stay text.
    Workbook,
    /// A JSON array of objects: every field as the service sent it.
    Json,
}

impl FileFormat {
    /// Each, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Workbook, Self::Json];

    /// Its name on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Workbook => "Excel workbook",
            Self::Json => "JSON",
        }
    }

    /// The ending of its files.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Workbook => "xlsx",
            Self::Json => "json",
        }
    }

    /// The endings that its files may have, the usual one first.
    pub(super) fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &["csv", "txt"],
            Self::Workbook => &["xlsx"],
            Self::Json => &["json"],
        }
    }

    /// A note beside the file says where its rows come from; a workbook has a sheet for that.
    pub(super) fn has_note(self) -> bool {
        self != Self::Workbook
    }
}
