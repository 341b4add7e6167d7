//! An expression of five fields that was read.

use super::field::FieldSet;

/// An expression that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    pub(super) text: String,
    pub(super) minutes: FieldSet,
    pub(super) hours: FieldSet,
    pub(super) days: FieldSet,
    pub(super) months: FieldSet,
    pub(super) weekdays: FieldSet,
}

impl Cron {
    /// The minutes of the day at which it runs, on a day that matches, in rising order.
    pub(super) fn times_of_day(&self) -> impl Iterator<Item = u16> {
        let minutes = self.minutes;
        self.hours
            .values()
            .flat_map(move |hour| minutes.values().map(move |minute| u16::from(hour) * 60 + u16::from(minute)))
    }

    /// The five fields as they are sent, joined by single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The five fields as they are sent.
    #[must_use]
    pub fn fields(&self) -> [String; 5] {
        let mut fields = self.text.split(' ');
        std::array::from_fn(|_| fields.next().unwrap_or("*").to_owned())
    }
}
