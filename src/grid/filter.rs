//! Which rows a person wants to see, by what a row is; the words typed into the search box are in `haystack`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Facets, Row};
use crate::domain::{StatusKind, screen_text};

/// A stretch of time, open at either end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first instant inside.
    pub from: Option<Timestamp>,
    /// The first instant no longer inside.
    pub until: Option<Timestamp>,
}

impl Period {
    /// True where neither end is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }

    /// Whether an instant lies inside. A row without a readable time lies in no set period.
    #[must_use]
    pub fn holds(&self, at: Option<Timestamp>) -> bool {
        match at {
            Some(at) => self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until),
            None => self.is_empty(),
        }
    }
}

/// What to show: words that must all occur, and sets of which one member must fit. An empty set fits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words typed, in any case; every one must occur in a visible column.
    pub text: String,
    /// Status words.
    pub statuses: BTreeSet<String>,
    /// Backup type words.
    pub backup_types: BTreeSet<String>,
    /// Service ids.
    pub services: BTreeSet<String>,
    /// When.
    pub period: Period,
}

impl Filter {
    /// True where everything is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && !self.has_facets()
    }

    /// True where anything besides the typed words narrows the rows.
    pub(super) fn has_facets(&self) -> bool {
        !(self.statuses.is_empty()
            && self.backup_types.is_empty()
            && self.services.is_empty()
            && self.period.is_empty())
    }

    /// Whether a row fits, leaving the typed words aside.
    pub(super) fn fits(&self, facets: &Facets<'_>) -> bool {
        let among = |set: &BTreeSet<String>, word: &str| set.is_empty() || set.contains(word);
        among(&self.statuses, facets.status)
            && among(&self.backup_types, facets.backup_type)
            && among(&self.services, facets.service)
            && self.period.holds(facets.at)
    }
}

/// What the filter menus offer, with the number of rows behind each word. An empty word stands for "none given".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetCounts {
    /// Status words, bad ones first.
    pub statuses: Vec<(String, usize)>,
    /// Backup type words, by name.
    pub backup_types: Vec<(String, usize)>,
    /// Service id, the service's name, and the count; by name.
    pub services: Vec<(String, String, usize)>,
}

/// Counts the words of all rows; once per reading, not per frame.
#[must_use]
pub fn facet_counts<R: Row>(rows: &[R]) -> FacetCounts {
    let mut statuses: BTreeMap<(StatusKind, &str), usize> = BTreeMap::new();
    let mut backup_types: BTreeMap<&str, usize> = BTreeMap::new();
    let mut services: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for row in rows {
        let facets = row.facets();
        *statuses.entry((facets.kind, facets.status)).or_default() += 1;
        *backup_types.entry(facets.backup_type).or_default() += 1;
        let (label, count) = services.entry(facets.service).or_default();
        *count += 1;
        // A row that lacks the service's name says the id; any other row knows better.
        if label.is_empty() || *label == facets.service {
            *label = facets.service_label;
        }
    }
    let mut services: Vec<(String, String, usize)> = services
        .into_iter()
        .map(|(id, (label, count))| (id.to_owned(), screen_text(label).into_owned(), count))
        .collect();
    services.sort_by_cached_key(|(id, label, _)| (label.to_lowercase(), id.clone()));
    FacetCounts {
        statuses: statuses.into_iter().map(|((_, word), count)| (word.to_owned(), count)).collect(),
        backup_types: backup_types.into_iter().map(|(word, count)| (word.to_owned(), count)).collect(),
        services,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Backup, BackupType, ServiceId, Status};

    fn backup(service: &str, name: Option<&str>, status: &str) -> Backup {
        Backup {
            service_id: Some(ServiceId::new(service)),
            service_name: name.map(Into::into),
            status: Some(Status::new(status)),
            backup_type: Some(BackupType::Full),
            ..Backup::default()
        }
    }

    #[test]
    fn words_are_counted_bad_ones_first_and_services_by_name() {
        let rows = [
            backup("dbaaa1", None, "Succeeded"),
            backup("dbaaa1", Some("Orders"), "Failed"),
            backup("dbzzz9", Some("billing"), "Succeeded"),
            backup("dbaaa1", None, "Running"),
        ];
        let counts = facet_counts(&rows);
        let named = |list: &[(&str, usize)]| list.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(counts.statuses, named(&[("Failed", 1), ("Running", 1), ("Succeeded", 2)]));
        assert_eq!(counts.backup_types, named(&[("full", 4)]));
        assert_eq!(
            counts.services,
            [("dbzzz9".to_owned(), "billing".to_owned(), 1), ("dbaaa1".to_owned(), "Orders".to_owned(), 3)]
        );
    }

    #[test]
    fn a_period_is_closed_at_its_start_and_open_at_its_end() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let period = Period { from: at("2026-09-14T00:00:00Z"), until: at("2026-09-15T00:00:00Z") };
        assert!(period.holds(at("2026-09-14T00:00:00Z")));
        assert!(!period.holds(at("2026-09-15T00:00:00Z")));
        assert!(!period.holds(at("2026-09-13T23:59:59Z")));
        assert!(!period.holds(None));
        assert!(Period::default().holds(None));
    }
}
