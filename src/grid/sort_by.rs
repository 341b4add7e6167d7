//! What a table is sorted by.

use serde::{Deserialize, Serialize};

use super::ColumnKey;

/// The way of a sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Small, early, A first.
    #[default]
    Ascending,
    /// Large, late, Z first.
    Descending,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// One key of a sort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortBy {
    /// The column.
    pub key: ColumnKey,
    /// The way.
    #[serde(default)]
    pub direction: Direction,
}
