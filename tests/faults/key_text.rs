//! Section 2.8 Key text of the fault matrix.

use super::stage::Case;

pub(super) fn blanks_at_the_ends(_case: &mut Case) {
    todo!("Spaces, LF, CRLF, BOM, NBSP, zero-width at the ends");
}

pub(super) fn blanks_inside(_case: &mut Case) {
    todo!("The same inside, tab, curly quotes, non-ASCII, control");
}

pub(super) fn prefixes_and_commands(_case: &mut Case) {
    todo!("X-API-Key, Bearer, quoted, a whole curl line");
}

pub(super) fn empty_short_long(_case: &mut Case) {
    todo!("Empty, under 16, over 1,024 characters");
}

pub(super) fn wrong_key(_case: &mut Case) {
    todo!("Valid form, wrong key");
}

pub(super) fn last_characters(_case: &mut Case) {
    todo!("Last 4 characters shown");
}
