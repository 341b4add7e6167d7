//! Whether a change may be sent now, and why not: the one rule for menus, buttons, keys, the palette, forms, dialogs and the model.

use super::{ChangeState, Data};

/// Why no change can be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeBlocked {
    /// No session is open.
    SignedOut,
    /// The profile forbids changes.
    ReadOnly,
    /// The last change is being sent, or its outcome is being looked up.
    Sending,
    /// The schedule differs from what the user saw, so the last change waits for a decision.
    Conflict,
    /// Nobody knows yet whether the last change happened.
    OutcomeUnknown,
    /// SkySQL refused the key.
    KeyRefused,
}

impl ChangeBlocked {
    /// The reason, for a tooltip or the footer of a form.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SignedOut => "Sign in first",
            Self::ReadOnly => "This profile is read only. Choose \"Edit profile…\" to allow changes",
            Self::Sending => "Another change is being sent",
            Self::Conflict => "Decide about the last change first",
            Self::OutcomeUnknown => "The outcome of the last change is not known yet",
            Self::KeyRefused => "The key was refused; enter a valid one first",
        }
    }
}

impl Data {
    /// Why no change can be sent now; `None` while one can.
    #[must_use]
    pub fn change_blocked_reason(&self) -> Option<ChangeBlocked> {
        let Some(open) = self.session.open() else { return Some(ChangeBlocked::SignedOut) };
        if self.is_read_only() {
            return Some(ChangeBlocked::ReadOnly);
        }
        match &self.change {
            Some(change) if change.is_under_way() => Some(ChangeBlocked::Sending),
            Some(change) if matches!(change.stage, ChangeState::Conflict(_)) => Some(ChangeBlocked::Conflict),
            Some(_) => Some(ChangeBlocked::OutcomeUnknown),
            None => open.refused.as_ref().map(|_| ChangeBlocked::KeyRefused),
        }
    }

    /// True while a change may be sent.
    #[must_use]
    pub fn can_change(&self) -> bool {
        self.change_blocked_reason().is_none()
    }
}
