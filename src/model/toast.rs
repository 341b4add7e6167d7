//! Small notices in the corner. Errors stay until dismissed, successes leave by themselves.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{ScheduleId, ServiceId};

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Done.
    Good,
    /// For your information.
    Info,
    /// Look here.
    Warning,
    /// It did not work.
    Bad,
}

/// What the button of a notice does.
#[derive(Clone, Debug, PartialEq)]
pub enum ToastAction {
    /// "Show in folder".
    ShowInFolder(PathBuf),
    /// "Show": select the schedule in its table.
    ShowSchedule(ScheduleId),
    /// "Show": the backups of a service.
    ShowBackupsOf(ServiceId),
}

/// One notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// To dismiss it.
    pub id: u64,
    /// How it is meant.
    pub level: Severity,
    /// One sentence.
    pub text: String,
    /// A second line: what to do.
    pub detail: Option<String>,
    /// Its button.
    pub action: Option<ToastAction>,
    /// When it leaves by itself.
    pub until: Option<Timestamp>,
}

/// The notices shown now, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    list: Vec<Toast>,
    next_id: u64,
}

const GOOD_SECS: i64 = 6;
const MOST: usize = 5;

impl Toasts {
    /// Adds a notice; the oldest leaves when there are too many.
    pub fn add(
        &mut self,
        level: Severity,
        text: impl Into<String>,
        detail: Option<String>,
        action: Option<ToastAction>,
        now: Timestamp,
    ) {
        let stays = matches!(level, Severity::Bad | Severity::Warning);
        let secs = if action.is_some() { GOOD_SECS * 2 } else { GOOD_SECS };
        let until = if stays { None } else { now.checked_add(SignedDuration::from_secs(secs)).ok() };
        self.next_id += 1;
        let toast = Toast { id: self.next_id, level, text: text.into(), detail, action, until };
        self.list.retain(|old| old.text != toast.text);
        self.list.push(toast);
        if self.list.len() > MOST {
            self.list.remove(0);
        }
    }

    /// Takes one away.
    pub fn dismiss(&mut self, id: u64) {
        self.list.retain(|toast| toast.id != id);
    }

    /// The session ended: what was said stays readable, but no button leads back into it.
    pub(super) fn forget_session(&mut self) {
        for toast in &mut self.list {
            toast.action.take_if(|action| !matches!(action, ToastAction::ShowInFolder(_)));
        }
    }

    /// Takes away what has had its time.
    pub fn tick(&mut self, now: Timestamp) {
        self.list.retain(|toast| toast.until.is_none_or(|until| now < until));
    }

    /// The next instant at which one leaves.
    #[must_use]
    pub fn next_end(&self) -> Option<Timestamp> {
        self.list.iter().filter_map(|toast| toast.until).min()
    }

    /// Those shown now.
    #[must_use]
    pub fn shown(&self) -> &[Toast] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successes_leave_and_errors_stay() {
        let now = Timestamp::UNIX_EPOCH;
        let mut toasts = Toasts::default();
        toasts.add(Severity::Good, "Saved", None, None, now);
        toasts.add(Severity::Bad, "Not saved", None, None, now);
        assert_eq!(toasts.next_end(), now.checked_add(SignedDuration::from_secs(GOOD_SECS)).ok());
        toasts.tick(now + SignedDuration::from_secs(GOOD_SECS));
        assert_eq!(toasts.shown().iter().map(|toast| toast.text.as_str()).collect::<Vec<_>>(), ["Not saved"]);
        let id = toasts.shown()[0].id;
        toasts.dismiss(id);
        assert!(toasts.shown().is_empty());
    }

    #[test]
    fn the_same_text_is_shown_once_and_never_more_than_five() {
        let now = Timestamp::UNIX_EPOCH;
        let mut toasts = Toasts::default();
        for number in 0..8 {
            toasts.add(Severity::Bad, format!("Error {}", number % 6), None, None, now);
        }
        assert_eq!(toasts.shown().len(), MOST);
        toasts.add(Severity::Bad, "Error 1", None, None, now);
        assert_eq!(toasts.shown().iter().filter(|toast| toast.text == "Error 1").count(), 1);
    }
}
