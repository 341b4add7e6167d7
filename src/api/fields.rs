//! How one field of a response is read: leniently, from whatever JSON type it comes in.
//!
//! Three outcomes: a value, no value (missing, null, empty), or a type that does not fit, which the caller keeps as an unknown field.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::identity;

use serde_json::value::RawValue;

use super::redact::shown_json;
use crate::domain::{ApiTime, BackupId, BackupType, Recurrence, RestoreId, ScheduleId, ServiceId, Status, Text};

/// A value of a row.
pub(super) trait Field: Sized {
    /// Reads it from its own JSON text; `None` where that is no value.
    fn from_json(json: &str) -> Result<Option<Self>, TypeMismatch>;
}

/// The value is of a type this field cannot be read from.
#[derive(Debug, PartialEq)]
pub(super) struct TypeMismatch;

/// A value made from a JSON text, number or flag.
trait Scalar: Sized {
    fn from_text(text: &str) -> Result<Option<Self>, TypeMismatch>;

    /// Takes a number as it is written, or what it means exactly.
    fn from_number(number: &str) -> Result<Option<Self>, TypeMismatch>;

    fn from_flag(_flag: bool) -> Result<Option<Self>, TypeMismatch> {
        Err(TypeMismatch)
    }
}

impl<T: Scalar> Field for T {
    fn from_json(json: &str) -> Result<Option<Self>, TypeMismatch> {
        match json.as_bytes() {
            [b'"', b'"'] | b"null" => Ok(None),
            [b'"', ..] => T::from_text(&text_of(json)?),
            b"true" => T::from_flag(true),
            b"false" => T::from_flag(false),
            [b'-' | b'0'..=b'9', ..] => T::from_number(json),
            _ => Err(TypeMismatch),
        }
    }
}

/// The text of a JSON string.
fn text_of(json: &str) -> Result<Cow<'_, str>, TypeMismatch> {
    match json.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        // An escape may name half a character only.
        _ => serde_json::from_str(json).map(Cow::Owned).map_err(|_no_text| TypeMismatch),
    }
}

/// The digits of a number that is whole, however it is written: `5.0`, `1e3`, `-0`. Exact, so not by way of a float.
fn whole(text: &str) -> Option<String> {
    /// More digits than any number of 64 bits has.
    const MOST_DIGITS: usize = 32;
    let (sign, number) = text.strip_prefix('-').map_or(("", text), |number| ("-", number));
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent.parse().ok()?;
    let (before, after) = (before.trim_start_matches('0'), after.trim_end_matches('0'));
    let mut digits = format!("{before}{after}");
    // Digits behind the point, once it is moved.
    let behind = i32::try_from(after.len()).ok()?.checked_sub(exponent)?;
    if behind > 0 {
        let kept = digits.len().checked_sub(usize::try_from(behind).ok()?)?;
        if digits.get(kept..)?.contains(|c| c != '0') {
            return None;
        }
        digits.truncate(kept);
    } else if !digits.is_empty() {
        let zeros = usize::try_from(behind.unsigned_abs()).ok()?;
        if digits.len().checked_add(zeros)? > MOST_DIGITS {
            return None;
        }
        digits.extend(std::iter::repeat_n('0', zeros));
    }
    let digits = digits.trim_start_matches('0');
    Some(if digits.is_empty() { "0".to_owned() } else { format!("{sign}{digits}") })
}

macro_rules! text_fields {
    ($($kind:ty: $make:expr, $number:expr;)*) => {$(
        impl Scalar for $kind {
            fn from_text(text: &str) -> Result<Option<Self>, TypeMismatch> {
                Ok(Some($make(text)))
            }

            fn from_number(number: &str) -> Result<Option<Self>, TypeMismatch> {
                Ok(Some($make($number(number))))
            }
        }
    )*};
}

text_fields! {
    Text: Text::from, identity;
    BackupId: BackupId::new, id_digits;
    RestoreId: RestoreId::new, id_digits;
    ScheduleId: ScheduleId::new, id_digits;
    ServiceId: ServiceId::new, id_digits;
    BackupType: BackupType::from_word, identity;
    Status: Status::new, identity;
    Recurrence: Recurrence::read, identity;
}

/// An id is an integer that is later part of a path: `4313.0` is 4313 there.
fn id_digits(number: &str) -> &str {
    match number.split_once('.') {
        Some((digits, fraction)) if fraction.bytes().all(|byte| byte == b'0') => digits,
        _ => number,
    }
}

impl Scalar for ApiTime {
    fn from_text(text: &str) -> Result<Option<Self>, TypeMismatch> {
        Ok(Self::read(text))
    }

    fn from_number(number: &str) -> Result<Option<Self>, TypeMismatch> {
        match whole(number).map(|digits| digits.parse()) {
            Some(Ok(number)) => Ok(Self::from_epoch(number)),
            _ => Ok(Some(Self::Unreadable(number.into()))),
        }
    }
}

impl Scalar for u64 {
    fn from_text(text: &str) -> Result<Option<Self>, TypeMismatch> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_not_a_number| TypeMismatch)
    }

    fn from_number(number: &str) -> Result<Option<Self>, TypeMismatch> {
        Self::from_text(number).or_else(|TypeMismatch| Self::from_text(&whole(number).ok_or(TypeMismatch)?))
    }
}

impl Scalar for bool {
    fn from_text(text: &str) -> Result<Option<Self>, TypeMismatch> {
        match text.trim() {
            "" => Ok(None),
            text if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            text if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            _ => Err(TypeMismatch),
        }
    }

    fn from_number(number: &str) -> Result<Option<Self>, TypeMismatch> {
        match number {
            "0" => Ok(Some(false)),
            "1" => Ok(Some(true)),
            _ => Err(TypeMismatch),
        }
    }

    fn from_flag(flag: bool) -> Result<Option<Self>, TypeMismatch> {
        Ok(Some(flag))
    }
}

/// `labels`: any JSON, kept as its compact text without secrets.
impl Field for Box<str> {
    fn from_json(json: &str) -> Result<Option<Self>, TypeMismatch> {
        Ok(match json {
            "null" | "\"\"" => None,
            json => Some(shown_json(json).into_boxed_str()),
        })
    }
}

/// `storage_volume` of a service, of which only `size` is of use here.
pub(super) struct Volume(u64);

impl From<Volume> for Option<u64> {
    fn from(volume: Volume) -> Self {
        Some(volume.0)
    }
}

impl Field for Volume {
    fn from_json(json: &str) -> Result<Option<Self>, TypeMismatch> {
        let fields: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(json).unwrap_or_default();
        let size = fields.get("size").and_then(|size| u64::from_json(size.get()).ok().flatten());
        Ok(size.map(Self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw<T: Field>(json: &str) -> Result<Option<T>, ()> {
        T::from_json(RawValue::from_string(json.to_owned()).unwrap().get()).map_err(drop)
    }

    #[test]
    fn texts_are_read_from_texts_and_numbers() {
        let cases: [(&str, Result<Option<&str>, ()>); 19] = [
            (r#""a""#, Ok(Some("a"))),
            (r#""""#, Ok(None)),
            ("null", Ok(None)),
            ("73114", Ok(Some("73114"))),
            ("-5", Ok(Some("-5"))),
            ("4313.0", Ok(Some("4313.0"))),
            ("1.5", Ok(Some("1.5"))),
            ("-0", Ok(Some("-0"))),
            ("-0.0", Ok(Some("-0.0"))),
            ("1e3", Ok(Some("1e3"))),
            ("1E+22", Ok(Some("1E+22"))),
            ("0.10", Ok(Some("0.10"))),
            ("12345678901234567890123", Ok(Some("12345678901234567890123"))),
            ("-12345678901234567890123", Ok(Some("-12345678901234567890123"))),
            ("18446744073709551615", Ok(Some("18446744073709551615"))),
            ("99999999999999999999", Ok(Some("99999999999999999999"))),
            ("1e999", Ok(Some("1e999"))),
            ("true", Err(())),
            ("[1]", Err(())),
        ];
        for (json, want) in cases {
            assert_eq!(raw::<Text>(json), want.map(|text| text.map(Text::from)), "{json}");
        }
        for (json, want) in [("4313.0", "4313"), ("4313", "4313"), ("-0", "-0"), ("4313.5", "4313.5"), ("4e3", "4e3")] {
            assert_eq!(raw::<ScheduleId>(json), Ok(Some(ScheduleId::new(want))), "{json}");
        }
    }

    #[test]
    fn labels_keep_every_digit() {
        let labels = r#"{"n":12345678901234567890123,"x":[0.10,1E+22,-0.0,1e999],"b":1.7976931348623157e308}"#;
        assert_eq!(raw::<Box<str>>(labels), Ok(Some(labels.into())));
    }

    #[test]
    fn numbers_that_are_whole_are_read_exactly_in_any_form() {
        let cases = [
            ("5.0", Some("5")),
            ("1e3", Some("1000")),
            ("1.5e1", Some("15")),
            ("1.5E+2", Some("150")),
            ("1500e-2", Some("15")),
            ("0.5e1", Some("5")),
            ("-0", Some("0")),
            ("-0.0e5", Some("0")),
            ("0e999999999", Some("0")),
            ("-2.0", Some("-2")),
            ("9007199254740993.0", Some("9007199254740993")),
            ("1.5", None),
            ("1e-1", None),
            ("15e-1", None),
            ("1e40", None),
            ("1e99999999999", None),
        ];
        for (text, want) in cases {
            assert_eq!(whole(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn sizes_and_flags_are_read_from_texts_too() {
        let sizes: [(&str, Result<Option<u64>, ()>); 12] = [
            ("5", Ok(Some(5))),
            (r#""5""#, Ok(Some(5))),
            ("5.0", Ok(Some(5))),
            ("5e2", Ok(Some(500))),
            ("-0", Ok(Some(0))),
            ("18446744073709551616", Err(())),
            ("18446744073709551615", Ok(Some(u64::MAX))),
            (r#""""#, Ok(None)),
            ("null", Ok(None)),
            ("-1", Err(())),
            ("1.5", Err(())),
            (r#""9 GB""#, Err(())),
        ];
        for (json, want) in sizes {
            assert_eq!(raw::<u64>(json), want, "{json}");
        }
        let flags = [("true", Ok(Some(true))), (r#""False""#, Ok(Some(false))), ("1", Ok(Some(true))), ("2", Err(()))];
        for (json, want) in flags {
            assert_eq!(raw::<bool>(json), want, "{json}");
        }
    }

    #[test]
    fn times_are_read_from_texts_and_numbers() {
        let noon: jiff::Timestamp = "2026-09-14T02:11:42Z".parse().unwrap();
        for json in [r#""2026-09-14T02:11:42Z""#, "1789351902", "1789351902000", "1789351902.0", r#""1789351902""#] {
            assert_eq!(raw::<ApiTime>(json), Ok(Some(ApiTime::At(noon))), "{json}");
        }
        assert_eq!(raw::<ApiTime>(r#""0001-01-01T00:00:00Z""#), Ok(None));
        assert_eq!(raw::<ApiTime>("{}"), Err(()));
    }
}
