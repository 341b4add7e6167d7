//! Can I get back? The chain behind a backup, and the moments a service can be restored to.
//!
//! All is concluded from what is listed and what was seen: `docs/moments.md` has each rule and where it comes from.

mod answer;
mod backups;
mod chain;
mod logs;
mod moments;
mod warnings;
mod words;

#[cfg(test)]
mod chain_tests;
#[cfg(test)]
mod moment_tests;
#[cfg(test)]
mod rule_tests;

pub use answer::{MomentAnswer, Nearest, NoMoment, NotKnown, Reachability, RestoreMethod};
pub use backups::{KnownLists, MemberState, ServiceBackups};
pub use chain::{Chain, ChainMember, ChainProblem, ChainRole, ChainVerdict};
pub use logs::MissingLogs;
pub use moments::{Hole, MomentSource, MomentSpan, PointInTimeRange, RestorePoint, ServiceMoments};
pub use warnings::MomentWarning;
pub use words::{CANNOT_BE_KNOWN, NOT_VERIFIED, member_words, type_words};
