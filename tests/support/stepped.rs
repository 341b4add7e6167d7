//! A model with its step context: each step answers with the work it asked for.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use skybackup::model::{Model, ModelConfig, StepContext};
use skybackup::msg::{Command, Effect, Event};

/// The model, and the context that goes with it from step to step.
pub(crate) struct SteppedModel {
    model: Model,
    cx: StepContext,
}

impl SteppedModel {
    /// The state at the start, and the first work.
    pub(crate) fn new(start: ModelConfig, now: Timestamp) -> (Self, Vec<Effect>) {
        let mut cx = StepContext::new(now);
        let model = Model::new(start, &mut cx);
        let first = cx.take_effects();
        (Self { model, cx }, first)
    }

    pub(crate) fn handle(&mut self, command: Command, now: Timestamp) -> Vec<Effect> {
        self.step(now, |model, cx| model.handle(command, cx))
    }

    pub(crate) fn apply(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.step(now, |model, cx| model.apply(event, cx))
    }

    pub(crate) fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.step(now, Model::tick)
    }

    fn step(&mut self, now: Timestamp, step: impl FnOnce(&mut Model, &mut StepContext)) -> Vec<Effect> {
        self.cx.now = now;
        step(&mut self.model, &mut self.cx);
        self.cx.take_effects()
    }
}

impl Deref for SteppedModel {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.model
    }
}

impl DerefMut for SteppedModel {
    fn deref_mut(&mut self) -> &mut Model {
        &mut self.model
    }
}
