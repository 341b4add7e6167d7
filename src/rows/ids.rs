//! Columns of backup ids. Most are a number in 32 hex digits, the service and the pod, joined by `:`; the last two are other
//! fields of the same row, so only the first is kept.

use super::words::{Texts, Words};
use crate::domain::Text;

/// The first part in hex, then service and pod of the row.
const HEX: u16 = 0;
/// The first part as text, then service and pod of the row.
const JOINED: u16 = 1;
/// The whole id as text.
const WHOLE: u16 = 2;
/// No id.
const NONE: u16 = 3;
/// Bits of a slot that tell the number; those above tell the form. A chunk holds no more rows than that.
const NUMBER_BITS: u32 = 14;

const HEX_DIGITS: usize = 32;

/// A column of ids.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// Of each row: the form, and the number among the parts of that form.
    slots: Vec<u16>,
    hex: Vec<u128>,
    texts: Texts,
}

/// What a row's id is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdParts<'a> {
    /// 32 hex digits; service and pod follow, each after a `:`.
    Hex(u128),
    /// This text; service and pod follow, each after a `:`.
    Joined(&'a str),
    /// This text alone.
    Whole(&'a str),
}

impl Ids {
    /// Adds an id of a row that has this service and pod.
    pub(super) fn push(&mut self, id: Option<&str>, service: Option<&str>, pod: Option<&str>) {
        let Some(id) = id else { return self.slots.push(NONE << NUMBER_BITS) };
        let own = own_part(id, service, pod);
        let (form, number) = if let Some(hex) = own.and_then(from_hex) {
            self.hex.push(hex);
            (HEX, self.hex.len())
        } else {
            self.texts.push(own.unwrap_or(id));
            (if own.is_some() { JOINED } else { WHOLE }, self.texts.len())
        };
        let number = u16::try_from(number - 1).unwrap_or_default();
        self.slots.push(form << NUMBER_BITS | number);
    }

    pub(super) fn seal(&mut self) {
        self.slots.shrink_to_fit();
        self.hex.shrink_to_fit();
        self.texts.shrink();
    }

    /// What the id of a row is made of; `None` where it has none.
    #[must_use]
    pub fn parts(&self, at: usize) -> Option<IdParts<'_>> {
        let slot = *self.slots.get(at)?;
        let number = usize::from(slot & ((1 << NUMBER_BITS) - 1));
        match slot >> NUMBER_BITS {
            HEX => self.hex.get(number).copied().map(IdParts::Hex),
            JOINED => self.texts.get(number).map(IdParts::Joined),
            WHOLE => self.texts.get(number).map(IdParts::Whole),
            _ => None,
        }
    }

    /// Whether any row has more than hex digits of its own.
    #[must_use]
    pub fn has_texts(&self) -> bool {
        self.texts.len() > 0
    }

    /// Whether service and pod of the row are parts of its id.
    #[must_use]
    pub fn has_parts(&self, at: usize) -> bool {
        matches!(self.parts(at), Some(IdParts::Hex(_) | IdParts::Joined(_)))
    }

    /// Appends the id of a row; `others` are the columns of the services and of the pods that are its other parts.
    pub fn push_to(&self, out: &mut String, at: usize, others: [&Words; 2]) {
        let others = others.map(|words| words.get(at).unwrap_or_default());
        let more = others.iter().map(|part| part.len() + 1).sum::<usize>();
        match self.parts(at) {
            None => return,
            Some(IdParts::Whole(text)) => return out.push_str(text),
            Some(IdParts::Joined(own)) => {
                out.reserve(own.len() + more);
                out.push_str(own);
            }
            Some(IdParts::Hex(hex)) => {
                out.reserve(HEX_DIGITS + more);
                out.push_str(std::str::from_utf8(&to_hex(hex)).unwrap_or_default());
            }
        }
        for part in others {
            out.push(':');
            out.push_str(part);
        }
    }

    /// The id of a row; none where it has none.
    pub(super) fn get(&self, at: usize, services: &Words, pods: &Words) -> Option<Text> {
        let mut id = String::new();
        self.parts(at)?;
        self.push_to(&mut id, at, [services, pods]);
        Some(id.into())
    }

    /// The [`id_tag`] of the id of a row, without putting it together.
    pub(super) fn tag(&self, at: usize) -> u16 {
        match self.parts(at) {
            None => id_tag(""),
            Some(IdParts::Hex(hex)) => u16::try_from(hex >> (u128::BITS - u16::BITS)).unwrap_or_default(),
            Some(IdParts::Joined(text) | IdParts::Whole(text)) => id_tag(text),
        }
    }

    /// Whether a row has this id.
    pub(super) fn is(&self, at: usize, id: &str, services: &Words, pods: &Words) -> bool {
        match self.parts(at) {
            None => false,
            Some(IdParts::Whole(text)) => text == id,
            // Nearly every other id differs in its first digits, in a search through all.
            Some(IdParts::Hex(hex)) if !id.as_bytes().starts_with(&first_digits(hex)) => false,
            Some(parts) => own_part(id, services.get(at), pods.get(at)).is_some_and(|own| match parts {
                IdParts::Hex(hex) => from_hex(own) == Some(hex),
                IdParts::Joined(text) | IdParts::Whole(text) => text == own,
            }),
        }
    }
}

/// A number that nearly all other ids differ in: the first four hex digits of the part before the first `:`, or a sum over that part where it does
/// not begin with such.
#[must_use]
pub fn id_tag(id: &str) -> u16 {
    let own = id.split(':').next().unwrap_or_default();
    let digits = own.get(..4).filter(|digits| digits.bytes().all(is_lower_hex));
    let sum = || own.bytes().fold(0_u16, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()).unwrap_or_else(sum)
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// The part of an id before the service and the pod of its row.
fn own_part<'a>(id: &'a str, service: Option<&str>, pod: Option<&str>) -> Option<&'a str> {
    let before_pod = id.strip_suffix(pod?)?.strip_suffix(':')?;
    before_pod.strip_suffix(service?)?.strip_suffix(':')
}

/// 32 hex digits in lower case as a number.
fn from_hex(text: &str) -> Option<u128> {
    (text.len() == HEX_DIGITS && text.bytes().all(is_lower_hex)).then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

/// A number as 32 hex digits in lower case.
#[must_use]
pub fn to_hex(number: u128) -> [u8; HEX_DIGITS] {
    let mut digits = [0; HEX_DIGITS];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(number.to_be_bytes()) {
        pair.copy_from_slice(&hex_digits(byte));
    }
    digits
}

fn first_digits(number: u128) -> [u8; 2] {
    let [first, ..] = number.to_be_bytes();
    hex_digits(first)
}

fn hex_digits(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|half| if half < 10 { b'0' + half } else { b'a' + half - 10 })
}
