//! When anybody looked, and when nobody did.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{Poll, PolledList};

/// Times of a period from which a row of a list could have come and gone without being seen.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Observation {
    /// The number of complete fetches in the period.
    pub(super) fetches: usize,
    /// From and until, in order.
    pub(super) gaps: Vec<(Timestamp, Timestamp)>,
}

impl Observation {
    /// A row is listed for `listed_for`: it was seen if the whole list was fetched in that time. `None` where no row leaves the list
    /// unless it is deleted, which every fetch may come too late for.
    pub(super) fn new(
        polls: &[Poll],
        list: PolledList,
        listed_for: Option<SignedDuration>,
        from: Timestamp,
        until: Timestamp,
    ) -> Self {
        let whole = polls.iter().filter(|poll| poll.list == list && poll.is_whole());
        let whole_fetches: BTreeSet<Timestamp> = whole.map(|poll| poll.began_at).collect();
        let mut gaps = Vec::new();
        let mut seen_until = from;
        for &fetch in &whole_fetches {
            let begin = listed_for.and_then(|listed_for| fetch.checked_sub(listed_for).ok());
            let begin = begin.unwrap_or(Timestamp::MIN).min(until);
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
    use crate::domain::RETENTION;

    #[test]
    fn only_times_that_no_complete_fetch_can_show_are_gaps() {
        // The days of complete fetches, and from when until when nobody looked.
        type Sample = (&'static [&'static str], &'static [(&'static str, &'static str)]);
        let at = |day: &str| format!("2026-{day}T00:00:00Z").parse::<Timestamp>().unwrap();
        let polls = |days: &[&str]| -> Vec<Poll> {
            let poll = |day: &&str| Poll {
                list: PolledList::Backups,
                began_at: at(day),
                ended_at: at(day),
                rows: 1,
                filter: None,
                is_complete: true,
            };
            days.iter().map(poll).collect()
        };
        let cases: [Sample; 6] = [
            (&[], &[("11-01", "11-30")]),
            (&["11-30"], &[("11-01", "11-23")]),
            (&["11-05", "11-12", "11-19", "11-26"], &[("11-26", "11-30")]),
            (&["11-05", "11-20", "12-02"], &[("11-05", "11-13"), ("11-20", "11-25")]),
            (&["10-01"], &[("11-01", "11-30")]),
            (&["12-20"], &[("11-01", "11-30")]),
        ];
        for (fetches, want) in cases {
            let gaps = |listed_for| {
                let (list, from, until) = (PolledList::Backups, at("11-01"), at("11-30"));
                Observation::new(&polls(fetches), list, listed_for, from, until).gaps
            };
            let want: Vec<_> = want.iter().map(|(from, until)| (at(from), at(until))).collect();
            assert_eq!(gaps(Some(RETENTION)), want, "{fetches:?}");
            // Where rows stay listed, the last fetch tells of everything before it.
            let last = fetches.last().map_or(at("11-01"), |day| at(day)).max(at("11-01"));
            let want = Some((last, at("11-30"))).filter(|(from, until)| from < until);
            assert_eq!(gaps(None), want.into_iter().collect::<Vec<_>>(), "{fetches:?}");
        }
        let all = polls(&["11-29"]);
        let partial = Poll { is_complete: false, ..all[0].clone() };
        let other = Observation::new(&all, PolledList::Restores, None, at("11-01"), at("11-30"));
        assert_eq!((other.fetches, other.gaps), (0, vec![(at("11-01"), at("11-30"))]), "another list tells nothing");
        assert_eq!(Observation::new(&[partial], PolledList::Backups, None, at("11-01"), at("11-30")).fetches, 0);
    }
}
