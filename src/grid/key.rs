//! What names a column and a row. Types of their own, so that neither passes for the other or for any text.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

use crate::domain::Text;

macro_rules! key {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name(Text);

        impl $name {
            /// The key as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == **other
            }
        }
    };
}

key!(
    /// A column's name: the API's field name, or our own for a derived column. Settings keep it as text, so it never changes; those of
    /// another version may hold keys that no column has.
    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    ColumnKey
);
key!(
    /// A row's name: the API's id of the backup or schedule.
    RowKey
);

impl From<Text> for RowKey {
    fn from(id: Text) -> Self {
        Self(id)
    }
}

impl ColumnKey {
    /// The key of a column that is defined in this program.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self(Text::const_new(key))
    }
}
