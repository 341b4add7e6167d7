//! The context of one step of the model: the moment, the tickets, and where work for the outside goes.

use jiff::Timestamp;

use crate::msg::{Effect, Ticket};

/// What a step of the model is given. The loop keeps one for the whole run, so that no ticket is issued twice; after each step
/// it drains the effects.
#[derive(Debug)]
pub struct StepContext {
    /// The moment of the step, by the clock of this computer.
    pub now: Timestamp,
    last_ticket: u64,
    effects: Vec<Effect>,
}

impl StepContext {
    /// The context of the first step.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now, last_ticket: 0, effects: Vec::new() }
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

    /// The work that was asked for and not taken yet.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Takes the work that was asked for since the last call, in order.
    #[must_use]
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}
