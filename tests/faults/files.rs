//! Section 2.7 Files of the fault matrix.

use super::stage::Case;

pub(super) fn disk_full(_case: &mut Case) {
    todo!("Disk full at export");
}

pub(super) fn folder_read_only_or_gone(_case: &mut Case) {
    todo!("Folder read-only, gone");
}

pub(super) fn link_device_folder(_case: &mut Case) {
    todo!("Target is a link, device or folder");
}

pub(super) fn settings_corrupt(_case: &mut Case) {
    todo!("Settings corrupt");
}

pub(super) fn settings_newer(_case: &mut Case) {
    todo!("Settings from a newer version");
}
