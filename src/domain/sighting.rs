//! What the history knows of a backup or restore besides its fields.

use jiff::Timestamp;

/// What the history knows of a backup or restore besides its fields. The times are by this computer's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// When it was seen first.
    pub first_seen: Timestamp,
    /// When it was seen last.
    pub last_seen: Timestamp,
    /// Whether the service still lists it.
    pub state: SeenState,
}

/// Whether the service still lists a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeenState {
    /// It was in the last list.
    Listed,
    /// It is no longer listed, and is older than the service keeps backups.
    Expired,
    /// It is no longer listed, for a reason that is not known.
    Gone,
}

impl SeenState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Listed, Self::Expired, Self::Gone];

    /// The word on screen and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Listed => "Listed",
            Self::Expired => "Expired",
            Self::Gone => "Gone",
        }
    }
}
