//! Section 2.5 Clock, power, lifecycle of the fault matrix.

use super::stage::Case;

pub(super) fn wrong_clock(_case: &mut Case) {
    todo!("Clock wrong by hours");
}

pub(super) fn sleep_and_resume(_case: &mut Case) {
    todo!("Sleep and resume");
}

pub(super) fn offline_then_online(_case: &mut Case) {
    todo!("Offline, then online");
}

pub(super) fn closed_while_reading(_case: &mut Case) {
    todo!("Window closed, GET in flight");
}

pub(super) fn closed_while_writing(_case: &mut Case) {
    todo!("Window closed, write in flight");
}

pub(super) fn double_click(_case: &mut Case) {
    todo!("Double click, Enter held");
}

pub(super) fn worker_panics(_case: &mut Case) {
    todo!("Worker task panics");
}

pub(super) fn window_panics(_case: &mut Case) {
    todo!("UI panics");
}

pub(super) fn two_instances(_case: &mut Case) {
    todo!("Two instances");
}
