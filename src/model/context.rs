//! The context of one step of the model: the time, the tickets, and where effects and notices go.

use jiff::Timestamp;

use super::{Notification, NotificationAction, Severity};
use crate::msg::{Effect, Ticket, WindowEffect};

/// What a step of the model is given. The loop keeps one for the whole run, so that no ticket is issued twice; after each step
/// it drains the effects.
#[derive(Debug)]
pub struct StepContext {
    /// The time of the step, by the clock of this computer.
    pub now: Timestamp,
    /// The same by the clock of the service, as far as it is known.
    pub(super) service_now: Timestamp,
    last_ticket: u64,
    effects: Vec<Effect>,
    notifications: Vec<Notification>,
}

impl StepContext {
    /// The context of the first step.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now, service_now: now, last_ticket: 0, effects: Vec::new(), notifications: Vec::new() }
    }

    /// A ticket that no other work has.
    pub(super) fn ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }

    /// Asks for work of the outside.
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Shows a notice at the end of the step.
    pub(super) fn notify(&mut self, level: Severity, text: impl Into<String>) {
        self.notify_with(level, text, None, None);
    }

    /// Shows a notice with a second line or a button at the end of the step.
    pub(super) fn notify_with(
        &mut self,
        level: Severity,
        text: impl Into<String>,
        detail: Option<String>,
        action: Option<NotificationAction>,
    ) {
        self.notifications.push(Notification::new(level, text, detail, action));
    }

    /// Puts a text on the clipboard; a notice names it by what it is.
    pub(super) fn copy(&mut self, text: String, what: &'static str) {
        self.notify(Severity::Good, format!("{what} copied"));
        self.push(Effect::Window(WindowEffect::CopyText(text)));
    }

    /// Takes the notices of this step.
    pub(super) fn take_notifications(&mut self) -> Vec<Notification> {
        std::mem::take(&mut self.notifications)
    }

    /// Takes the work that was asked for since the last call, in order.
    #[must_use]
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}
