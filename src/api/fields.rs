//! How one field of an answer is read: leniently, from whatever JSON type it comes in.
//!
//! Three outcomes: a value, no value (missing, null, empty), or an error, which the caller keeps as an unknown field.

use std::fmt;
use std::marker::PhantomData;

use compact_str::ToCompactString as _;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, Visitor};
use serde_json::value::RawValue;

use super::redact::shown_json;
use crate::domain::{BackupId, BackupType, Moment, Recurrence, ScheduleId, ServiceId, Status, Text};

/// A value of a row.
pub(super) trait Field: Sized {
    /// Reads it in one go; `None` where the answer has no value.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// Takes over a number that no integer type holds, as it is written.
    fn from_number_text(_text: &str) -> Option<Self> {
        None
    }
}

/// Reads one field from its own JSON text; an error means that the text belongs among the unknown fields.
pub(super) fn read_raw<T: Field>(raw: &RawValue) -> Result<Option<T>, serde_json::Error> {
    let text = raw.get();
    T::read(&mut serde_json::Deserializer::from_str(text)).or_else(|error| {
        let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        if is_number { T::from_number_text(text).map(Some).ok_or(error) } else { Err(error) }
    })
}

/// Hands a field's type to a map access.
pub(super) struct Lenient<T>(PhantomData<T>);

impl<T> Lenient<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Field> DeserializeSeed<'de> for Lenient<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer)
    }
}

/// The value is of a type this field cannot be read from.
struct Odd;

/// A value made from a JSON text, number or flag.
trait Scalar: Sized {
    fn from_text(text: &str) -> Result<Option<Self>, Odd>;

    fn from_integer(_number: i64) -> Result<Option<Self>, Odd> {
        Err(Odd)
    }

    fn from_flag(_flag: bool) -> Result<Option<Self>, Odd> {
        Err(Odd)
    }

    fn from_big_text(_text: &str) -> Option<Self> {
        None
    }
}

impl<T: Scalar> Field for T {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(ScalarVisitor(PhantomData))
    }

    fn from_number_text(text: &str) -> Option<Self> {
        T::from_big_text(text)
    }
}

struct ScalarVisitor<T>(PhantomData<T>);

impl<T: Scalar> Visitor<'_> for ScalarVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() { Ok(None) } else { T::from_text(text).map_err(|Odd| E::custom("odd text")) }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        T::from_integer(number).map_err(|Odd| E::custom("odd number"))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_too_big) => T::from_text(&number.to_compact_string()).map_err(|Odd| E::custom("odd number")),
        }
    }

    /// A float has already lost what digits there were: such a number is read from its text instead.
    fn visit_f64<E: Error>(self, _number: f64) -> Result<Self::Value, E> {
        Err(E::custom("not an integer of 64 bits"))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        T::from_flag(flag).map_err(|Odd| E::custom("odd flag"))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

macro_rules! text_fields {
    ($($kind:ty: $make:expr;)*) => {$(
        impl Scalar for $kind {
            fn from_text(text: &str) -> Result<Option<Self>, Odd> {
                Ok(Some($make(text)))
            }

            fn from_integer(number: i64) -> Result<Option<Self>, Odd> {
                Self::from_text(&number.to_compact_string())
            }

            fn from_big_text(text: &str) -> Option<Self> {
                Some($make(text))
            }
        }
    )*};
}

text_fields! {
    Text: Text::from;
    BackupId: BackupId::new;
    ScheduleId: ScheduleId::new;
    ServiceId: ServiceId::new;
    BackupType: BackupType::from_word;
    Status: Status::new;
    Recurrence: Recurrence::read;
}

impl Scalar for Moment {
    fn from_text(text: &str) -> Result<Option<Self>, Odd> {
        Ok(Self::read(text))
    }

    fn from_integer(number: i64) -> Result<Option<Self>, Odd> {
        Ok(Self::from_epoch(number))
    }
}

impl Scalar for u64 {
    fn from_text(text: &str) -> Result<Option<Self>, Odd> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_not_a_number| Odd)
    }

    fn from_integer(number: i64) -> Result<Option<Self>, Odd> {
        Self::try_from(number).map(Some).map_err(|_negative| Odd)
    }
}

impl Scalar for bool {
    fn from_text(text: &str) -> Result<Option<Self>, Odd> {
        match text.trim() {
            "" => Ok(None),
            word if word.eq_ignore_ascii_case("true") => Ok(Some(true)),
            word if word.eq_ignore_ascii_case("false") => Ok(Some(false)),
            _ => Err(Odd),
        }
    }

    fn from_integer(number: i64) -> Result<Option<Self>, Odd> {
        match number {
            0 => Ok(Some(false)),
            1 => Ok(Some(true)),
            _ => Err(Odd),
        }
    }

    fn from_flag(flag: bool) -> Result<Option<Self>, Odd> {
        Ok(Some(flag))
    }
}

/// `labels`: any JSON, kept as its compact text without secrets.
impl Field for Box<str> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let raw: &'de RawValue = serde::Deserialize::deserialize(deserializer)?;
        Ok(match raw.get() {
            "null" | "\"\"" => None,
            text => Some(shown_json(text).into_boxed_str()),
        })
    }
}

/// `storage_volume` of a service, of which only `size` is of use here.
pub(super) struct Volume(u64);

impl From<Volume> for u64 {
    fn from(volume: Volume) -> Self {
        volume.0
    }
}

impl Field for Volume {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let raw: &'de RawValue = serde::Deserialize::deserialize(deserializer)?;
        let size = serde_json::from_str::<serde_json::Value>(raw.get())
            .ok()
            .and_then(|volume| volume.get("size").map(ToString::to_string))
            .and_then(|size| RawValue::from_string(size).ok())
            .and_then(|size| read_raw::<u64>(&size).ok().flatten());
        Ok(size.map(Volume))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw<T: Field>(json: &str) -> Result<Option<T>, ()> {
        read_raw(&RawValue::from_string(json.to_owned()).unwrap()).map_err(drop)
    }

    #[test]
    fn texts_are_read_from_texts_and_numbers() {
        let cases: [(&str, Result<Option<&str>, ()>); 12] = [
            (r#""a""#, Ok(Some("a"))),
            (r#""""#, Ok(None)),
            ("null", Ok(None)),
            ("73114", Ok(Some("73114"))),
            ("-5", Ok(Some("-5"))),
            ("4313.0", Ok(Some("4313"))),
            ("1.5", Ok(Some("1.5"))),
            ("18446744073709551615", Ok(Some("18446744073709551615"))),
            ("99999999999999999999", Ok(Some("99999999999999999999"))),
            ("1e999", Ok(Some("1e999"))),
            ("true", Err(())),
            ("[1]", Err(())),
        ];
        for (json, want) in cases {
            assert_eq!(raw::<Text>(json), want.map(|text| text.map(Text::from)), "{json}");
        }
    }

    #[test]
    fn sizes_and_flags_are_read_from_texts_too() {
        let sizes: [(&str, Result<Option<u64>, ()>); 9] = [
            ("5", Ok(Some(5))),
            (r#""5""#, Ok(Some(5))),
            ("5.0", Ok(Some(5))),
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
            assert_eq!(raw::<Moment>(json), Ok(Some(Moment::At(noon))), "{json}");
        }
        assert_eq!(raw::<Moment>(r#""0001-01-01T00:00:00Z""#), Ok(None));
        assert_eq!(raw::<Moment>("{}"), Err(()));
    }
}
