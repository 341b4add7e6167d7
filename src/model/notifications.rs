//! Notices in the corner. Errors stay until dismissed, successes leave automatically.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{RestoreId, Schedule, ScheduleId};
use crate::settings::SavedView;

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
pub enum NotificationAction {
    /// "Show in folder".
    ShowInFolder(PathBuf),
    /// "Show": select the schedule in its table.
    ShowSchedule(ScheduleId),
    /// "Show": select the restore in its table.
    ShowRestore(RestoreId),
    /// "Recreate": ask whether to create a deleted schedule again.
    Recreate(Box<Schedule>),
    /// "Undo": put a deleted view back in its place.
    RestoreView(usize, Box<SavedView>),
}

/// One notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    /// To dismiss it; given when it is added.
    pub id: u64,
    /// How it is meant.
    pub level: Severity,
    /// One sentence.
    pub text: String,
    /// A second line: what to do.
    pub detail: Option<String>,
    /// Its button.
    pub action: Option<NotificationAction>,
    /// When it leaves automatically, by the clock of this computer; set when it is added.
    pub until: Option<Timestamp>,
}

impl Notification {
    /// A notice that is not shown yet.
    #[must_use]
    pub fn new(
        level: Severity,
        text: impl Into<String>,
        detail: Option<String>,
        action: Option<NotificationAction>,
    ) -> Self {
        Self { id: 0, level, text: text.into(), detail, action, until: None }
    }

    /// How long it is shown, unless it stays.
    fn lifetime(&self) -> SignedDuration {
        SignedDuration::from_secs(if self.action.is_some() { GOOD_SECS * 2 } else { GOOD_SECS })
    }
}

/// The notices shown now, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Notifications {
    /// Those shown now.
    pub list: Vec<Notification>,
    next_id: u64,
}

const GOOD_SECS: i64 = 6;
const MAX_SHOWN: usize = 5;

impl Notifications {
    /// Adds a notice; the oldest leaves when there are too many.
    pub fn add(&mut self, notification: Notification, now: Timestamp) {
        let stays = matches!(notification.level, Severity::Bad | Severity::Warning);
        let until = if stays { None } else { now.checked_add(notification.lifetime()).ok() };
        self.next_id += 1;
        self.list.retain(|old| old.text != notification.text);
        self.list.push(Notification { id: self.next_id, until, ..notification });
        if self.list.len() > MAX_SHOWN {
            self.list.remove(0);
        }
    }

    /// Takes one away.
    pub fn dismiss(&mut self, id: u64) {
        self.list.retain(|notification| notification.id != id);
    }

    /// The session ended: the text stays readable, but no button leads back into it.
    pub(super) fn end_session(&mut self) {
        for notification in &mut self.list {
            notification.action.take_if(|action| !matches!(action, NotificationAction::ShowInFolder(_)));
        }
    }

    /// Takes away what has had its time. A clock that was set back must not keep a notice longer.
    pub fn tick(&mut self, now: Timestamp) {
        for notification in &mut self.list {
            let latest = now.checked_add(notification.lifetime()).ok();
            notification.until = notification.until.min(latest);
        }
        self.list.retain(|notification| notification.until.is_none_or(|until| now < until));
    }

    /// The next instant at which one leaves.
    #[must_use]
    pub fn next_end(&self) -> Option<Timestamp> {
        self.list.iter().filter_map(|notification| notification.until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successes_leave_and_errors_stay() {
        let now = Timestamp::UNIX_EPOCH;
        let mut notifications = Notifications::default();
        notifications.add(Notification::new(Severity::Good, "Saved", None, None), now);
        notifications.add(Notification::new(Severity::Bad, "Not saved", None, None), now);
        assert_eq!(notifications.next_end(), now.checked_add(SignedDuration::from_secs(GOOD_SECS)).ok());
        notifications.tick(now + SignedDuration::from_secs(GOOD_SECS));
        assert_eq!(
            notifications.list.iter().map(|notification| notification.text.as_str()).collect::<Vec<_>>(),
            ["Not saved"]
        );
        let id = notifications.list[0].id;
        notifications.dismiss(id);
        assert!(notifications.list.is_empty());
    }

    #[test]
    fn the_same_text_is_shown_once_and_never_more_than_five() {
        let now = Timestamp::UNIX_EPOCH;
        let mut notifications = Notifications::default();
        for number in 0..8 {
            notifications.add(Notification::new(Severity::Bad, format!("Error {}", number % 6), None, None), now);
        }
        assert_eq!(notifications.list.len(), MAX_SHOWN);
        notifications.add(Notification::new(Severity::Bad, "Error 1", None, None), now);
        assert_eq!(notifications.list.iter().filter(|notification| notification.text == "Error 1").count(), 1);
    }
}
