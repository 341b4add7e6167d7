//! Cron expressions: parse, describe, next runs, and the plans that people write instead.
//!
//! Owns: the five fields, what can be offered for a text that is not one, the two readings of a star with a step, the words of a
//! schedule, its runs, and times of day on a clock that people name.
//! May import: `domain`, `jiff`.
//! Must never: read a clock (`now` is an argument).

mod clocks;
mod days;
mod describe;
#[cfg(test)]
mod describe_tests;
mod expression;
mod fixes;
mod pace;
mod parse;
mod plan;
mod runs;
mod timetable;

pub use clocks::describe_clocks;
pub use describe::{describe_recurrence, describe_recurrence_with_zone};
#[cfg(test)]
pub(crate) use expression::tests;
pub use expression::{Cron, CronError, CronField, OfferedFix, Readings};
pub use plan::{LocalClock, Plan, PlanError, PlanField, PlanZone, Repeat, Weekdays};
pub use runs::{DayRule, Pace, Reading};
pub use timetable::{NextRun, Run, Timetable, next_run};
