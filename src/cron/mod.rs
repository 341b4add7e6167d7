//! Cron expressions: parse, describe, next runs, and plans of times and days.
//!
//! Owns: the five fields, what can be offered for a text that is not one, the two readings of a star with a step, the words of a
//! schedule, its runs, and times of day on a chosen clock.
//! May import: `domain`, `jiff`.
//! Must never: read a clock (`now` is an argument).

mod clocks;
mod days;
mod describe;
#[cfg(test)]
mod describe_tests;
mod duration;
mod expression;
mod field;
mod five_fields;
mod fixes;
mod pace;
mod parse;
mod plan;
mod ranges;
mod readings;
mod runs;
mod same;
#[cfg(test)]
mod sentence_tests;
mod shift;
#[cfg(test)]
pub(crate) mod tests;
mod timetable;

pub use clocks::{describe_clock_changes, describe_clocks};
pub use expression::Cron;
pub use field::CronField;
pub use pace::describe_uncovered;
pub use parse::{CronError, OfferedFix};
pub use plan::{LocalClock, Plan, PlanError, PlanField, PlanZone, Repeat, Weekdays};
pub use readings::Readings;
pub use runs::{DayRule, Pace, Reading};
pub use same::{is_same_cron, is_same_expression, may_be_same_cron, written_fields};
pub use timetable::{NextRun, Run, Timetable, describe_recurrence, describe_recurrence_with_zone, next_run};
