//! When anybody looked, and when nobody did.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::RETENTION;

/// Times of a period from which a backup could have come and gone without being seen.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Observation {
    /// The number of complete fetches in the period.
    pub(super) fetches: usize,
    /// From and until, in order.
    pub(super) gaps: Vec<(Timestamp, Timestamp)>,
}

impl Observation {
    /// A backup is listed for [`RETENTION`]: it was seen if the whole list was fetched in that time.
    pub(super) fn new(whole_fetches: &BTreeSet<Timestamp>, from: Timestamp, until: Timestamp) -> Self {
        let mut gaps = Vec::new();
        let mut seen_until = from;
        for &fetch in whole_fetches {
            let begin = fetch.checked_sub(RETENTION).unwrap_or(Timestamp::MIN).min(until);
            if begin > seen_until {
                gaps.push((seen_until, begin));
            }
            seen_until = seen_until.max(fetch);
        }
        if seen_until < until {
            gaps.push((seen_until, until));
        }
        Self { fetches: whole_fetches.range(from..until.max(from)).count(), gaps }
    }

    /// The gaps in words.
    pub(super) fn words(&self) -> String {
        let minute = |at: &Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
        let gaps: Vec<String> =
            self.gaps.iter().map(|(from, until)| format!("{} to {}", minute(from), minute(until))).collect();
        if gaps.is_empty() { "none".to_owned() } else { gaps.join("; ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_that_no_complete_fetch_can_show_are_gaps() {
        // The days of complete fetches, and from when until when nobody looked.
        type Sample = (&'static [&'static str], &'static [(&'static str, &'static str)]);
        let at = |day: &str| format!("2026-{day}T00:00:00Z").parse::<Timestamp>().unwrap();
        let cases: [Sample; 6] = [
            (&[], &[("11-01", "11-30")]),
            (&["11-30"], &[("11-01", "11-23")]),
            (&["11-05", "11-12", "11-19", "11-26"], &[("11-26", "11-30")]),
            (&["11-05", "11-20", "12-02"], &[("11-05", "11-13"), ("11-20", "11-25")]),
            (&["10-01"], &[("11-01", "11-30")]),
            (&["12-20"], &[("11-01", "11-30")]),
        ];
        for (fetches, want) in cases {
            let fetches = fetches.iter().map(|day| at(day)).collect();
            let want: Vec<_> = want.iter().map(|(from, until)| (at(from), at(until))).collect();
            assert_eq!(Observation::new(&fetches, at("11-01"), at("11-30")).gaps, want, "{fetches:?}");
        }
    }
}
