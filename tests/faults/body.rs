//! Section 2.2 Body and data of the fault matrix.

use super::stage::Case;

pub(super) fn html_with_200(_case: &mut Case) {
    todo!("HTML with 200");
}

pub(super) fn json_as_text(_case: &mut Case) {
    todo!("JSON with the wrong type text/plain");
}

pub(super) fn truncated_or_empty(_case: &mut Case) {
    todo!("Truncated JSON, empty 200 body");
}

pub(super) fn invalid_utf8(_case: &mut Case) {
    todo!("Invalid UTF-8");
}

pub(super) fn byte_order_mark(_case: &mut Case) {
    todo!("BOM before JSON");
}

pub(super) fn bombs_and_huge_bodies(_case: &mut Case) {
    todo!("gzip bomb, huge body, no length");
}

pub(super) fn corrupt_gzip(_case: &mut Case) {
    todo!("Corrupt gzip");
}

pub(super) fn deep_nesting(_case: &mut Case) {
    todo!("Deep nesting");
}

pub(super) fn missing_null_extra(_case: &mut Case) {
    todo!("Missing, null and extra fields");
}

pub(super) fn odd_numbers(_case: &mut Case) {
    todo!("Number as string, 1.0, beyond i64, -0, empty");
}

pub(super) fn duplicate_keys(_case: &mut Case) {
    todo!("Duplicate JSON key");
}

pub(super) fn array_for_object(_case: &mut Case) {
    todo!("JSON array where an object is expected");
}

pub(super) fn one_bad_row(_case: &mut Case) {
    todo!("One bad row");
}

pub(super) fn unknown_words(_case: &mut Case) {
    todo!("Unknown enum value");
}

pub(super) fn odd_dates(_case: &mut Case) {
    todo!("Odd dates");
}

pub(super) fn odd_characters(_case: &mut Case) {
    todo!("Control, bidi, zero-width and 1 MB text in names");
}
