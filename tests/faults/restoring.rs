//! Faults of other sections, met by the creation of a restore: one POST, and the restores of the service as proof.

use super::stage::{Case, Proof};
use crate::support::demo::{Fault, FaultScope};
use crate::support::restoring::RESTORES;
use crate::support::story::{Opening, Story};

/// A window where a restore has only to be sent.
pub(super) fn with_restore(case: &mut Case, opening: Opening) -> Story {
    let mut story = case.demo(opening);
    story.sign_in();
    story.fill_restore();
    case.begin(&mut story);
    story
}

/// The creation of the next restore meets this fault.
pub(super) fn set_fault(story: &Story, fault: Fault) {
    story.world().set_fault_for(fault, FaultScope::next(1).on_method("POST").on_path(RESTORES));
}

pub(super) fn send(story: &mut Story) {
    story.click("Restore into analytics-dwh");
}

/// What the window says after it was sent, how many POSTs the service got, and how many restores more than `before` it has.
pub(super) fn proves(case: &mut Case, story: &mut Story, says: &[&str], (posts, before, more): (usize, usize, usize)) {
    case.proves(story, &Proof { says, calls: &[("POST", posts)], ..Proof::default() });
    assert_eq!(story.world().restore_count() - before, more, "restores at the service");
}
