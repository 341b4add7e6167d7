//! What must hold for any bytes. The fuzz targets and the plain tests call the same functions: each panics where a promise is broken.
#![allow(unreachable_pub, reason = "the fuzz targets call these from outside")]

pub mod csv_cell;
pub mod date_text;
pub mod error_body;
pub mod list_page;

/// Characters that a reader cannot see, or that turn the direction of what stands beside them: a list of its own, by the
/// tables of Unicode, so that it does not agree with a mistake of the application's.
pub fn is_unseen(c: char) -> bool {
    let number = u32::from(c);
    let is_control = number < 0x20 || (0x7f..0xa0).contains(&number);
    let is_format = matches!(number, 0xad | 0x34f | 0x61c | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f
        | 0xfeff | 0xfff9..=0xfffb | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff);
    let is_separator = matches!(number, 0x2028 | 0x2029);
    let is_filler = matches!(number, 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x3164 | 0xffa0);
    is_control || is_format || is_separator || is_filler
}
