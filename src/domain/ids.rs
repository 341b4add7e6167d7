//! Ids as newtypes, so that none can be used in place of another. All are opaque: shown and sent, never parsed for logic.

use std::fmt;

use super::{Text, sanitize_for_display, shorten_middle};

/// A title is too narrow for more of an id; all of it is in the cells and the raw JSON.
const MAX_SHOWN_CHARS: usize = 48;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Text);

        impl $name {
            /// Takes the text as it is; an empty text means "the API gave none".
            #[must_use]
            pub fn new(text: impl Into<Text>) -> Self {
                Self(text.into())
            }

            /// The id as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as it is shown in a title or sentence: escaped and cut as every text from outside.
            #[must_use]
            pub fn shown(&self) -> String {
                shorten_middle(&sanitize_for_display(&self.0), MAX_SHOWN_CHARS)
            }

            /// True where the API gave no id.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// `Backup.id`: hex, source service id and pod name joined by `:` in the one published sample; other types may differ.
    BackupId
);
id!(
    /// `service_id`: 13 characters in all samples, such as `dbpgf41870263`.
    ServiceId
);
id!(
    /// `Schedule.id`: an integer on the wire, accepted as text too, kept as its digits.
    ScheduleId
);
id!(
    /// `Restore.id`: an integer on the wire, accepted as text too, kept as its digits.
    RestoreId
);

impl ScheduleId {
    /// The id as a number for sorting; `None` where it is not one, or is written in other digits than a number would be.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        plain_number(&self.0)
    }
}

impl RestoreId {
    /// The id as a number for sorting, under the same rule as [`ScheduleId::number`].
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        plain_number(&self.0)
    }
}

fn plain_number(digits: &str) -> Option<u64> {
    let is_plain = !digits.starts_with(['0', '+']) || digits == "0";
    digits.parse().ok().filter(|_| is_plain)
}

impl ServiceId {
    /// Reads what a user typed or pasted: an id, or a host name such as `dbpgf41870263.sysp0000.db2.skysql.com`
    /// (with or without scheme, port or path), of which the first label is the id. `None` below five characters.
    #[must_use]
    pub fn from_typed(typed: &str) -> Option<Self> {
        let text = typed.trim();
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        let text = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
        let end = text.find(['.', ':', '/', '?', ' ']).unwrap_or(text.len());
        let label = text.get(..end)?;
        let fits = label.len() >= 5 && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        fits.then(|| Self::new(label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_number_only_where_the_number_is_written_the_same() {
        let cases = [
            ("4312", Some(4312)),
            ("0", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("0603", None),
            ("00", None),
            ("+7", None),
            ("-7", None),
            ("4312a", None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(ScheduleId::new(text).number(), want, "{text}");
            assert_eq!(RestoreId::new(text).number(), want, "{text}");
        }
    }

    #[test]
    fn a_typed_service_is_an_id_or_the_first_label_of_a_host() {
        let cases = [
            ("dbpgf41870263", Some("dbpgf41870263")),
            ("  dbpgf41870263\n", Some("dbpgf41870263")),
            ("dbpgf41870263.sysp0000.db2.skysql.com", Some("dbpgf41870263")),
            ("dbpgf41870263.sysp0000.db2.skysql.com:3306", Some("dbpgf41870263")),
            ("mariadb://user@dbpgf41870263.sysp0000.db2.skysql.com/x", Some("dbpgf41870263")),
            ("db", None),
            ("", None),
            ("dbü41870263", None),
        ];
        for (typed, want) in cases {
            assert_eq!(ServiceId::from_typed(typed).as_ref().map(ServiceId::as_str), want, "{typed}");
        }
    }
}
