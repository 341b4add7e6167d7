//! Section 2.6 Keyring of the fault matrix.

use super::stage::Case;

pub(super) fn no_bus(_case: &mut Case) {
    todo!("No D-Bus");
}

pub(super) fn no_service(_case: &mut Case) {
    todo!("Service missing");
}

pub(super) fn locked(_case: &mut Case) {
    todo!("Locked, prompt cannot show");
}

pub(super) fn prompt_open(_case: &mut Case) {
    todo!("Prompt open");
}

pub(super) fn frozen(_case: &mut Case) {
    todo!("Service frozen");
}

pub(super) fn no_collection(_case: &mut Case) {
    todo!("No default collection");
}

pub(super) fn denied(_case: &mut Case) {
    todo!("Denied");
}

pub(super) fn network_logon(_case: &mut Case) {
    todo!("Windows network logon");
}

pub(super) fn damaged(_case: &mut Case) {
    todo!("Corrupt or not UTF-8");
}

pub(super) fn two_entries(_case: &mut Case) {
    todo!("Two matching entries");
}

pub(super) fn too_long(_case: &mut Case) {
    todo!("Too long");
}

pub(super) fn deleted_outside(_case: &mut Case) {
    todo!("Entry deleted outside");
}

pub(super) fn not_kept(_case: &mut Case) {
    todo!("Saved but unreadable");
}
