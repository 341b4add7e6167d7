//! Where the rows of a table come from.

use serde::{Deserialize, Serialize};

/// Where the rows of a table come from, and so which columns it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowSource {
    /// What the service lists now.
    #[default]
    Listed,
    /// Everything that this computer ever saw listed.
    AllSeen,
}

impl RowSource {
    /// The words on screen and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Listed => "Listed now",
            Self::AllSeen => "All seen",
        }
    }
}
