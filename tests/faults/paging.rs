//! Section 2.3 Paging of the fault matrix.

use super::stage::Case;

pub(super) fn page_counts_that_lie(_case: &mut Case) {
    todo!("pages_count is 0, negative, 1e6, missing or text");
}

pub(super) fn repeating_page(_case: &mut Case) {
    todo!("Page repeats");
}

pub(super) fn empty_page_forever(_case: &mut Case) {
    todo!("Empty page for ever");
}

pub(super) fn shifting_rows(_case: &mut Case) {
    todo!("Rows shift, duplicate ids");
}

pub(super) fn skipped_row(_case: &mut Case) {
    todo!("Rows shift, a row is skipped");
}

pub(super) fn failing_page(_case: &mut Case) {
    todo!("A page fails in the middle");
}

pub(super) fn unsupported_filter(_case: &mut Case) {
    todo!("Filter unsupported (type=snapshot)");
}
