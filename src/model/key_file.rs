//! The key file of a bucket, as a form asks for it.

use crate::msg::Ticket;

/// The key file that a form asks for; its text is in the draft.
#[derive(Clone, Debug, Default)]
pub struct KeyFile {
    /// A sentence about the last one.
    pub note: Option<String>,
    /// The file dialog for it that is open.
    pub(super) asked: Option<Ticket>,
}
