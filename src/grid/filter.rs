//! Which rows a user wants to see, by what a row is; the words typed into the search box are in `search_index`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::facet::FACETS;
use super::fold::natural_key;
use super::search_index::search_words;
use super::{Facet, FacetCounts, NewestGood};
use crate::domain::{Backup, BackupType, SeenState, StatusKind, Zone, sanitize_for_display};
use crate::rows::{Facts, Record, Rows};

/// A stretch of time up to now, which moves with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// From midnight of the zone on.
    Today,
    /// The last hours.
    Hours(u32),
}

impl Span {
    /// Its first instant; `None` beyond what calendars know.
    #[must_use]
    pub fn begin(self, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
        match self {
            Self::Hours(hours) => now.checked_sub(SignedDuration::from_hours(hours.into())).ok(),
            Self::Today => Some(now.to_zoned_datetime(zone.time_zone().clone()).start_of_day().ok()?.timestamp()),
        }
    }
}

/// A stretch of time, open at either end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first instant inside.
    pub from: Option<Timestamp>,
    /// The first instant no longer inside.
    pub until: Option<Timestamp>,
    /// It was chosen as a stretch up to now.
    pub up_to_now: Option<Span>,
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
    /// Words typed, in any case; every one must occur in a searched column.
    pub text: String,
    /// Words are looked for in every column, shown or not.
    pub all_fields: bool,
    /// Status words.
    pub statuses: BTreeSet<String>,
    /// Backup type words.
    pub backup_types: BTreeSet<String>,
    /// Service ids.
    pub services: BTreeSet<String>,
    /// When.
    pub period: Period,
    /// Only what makes no backups for now.
    pub suspended: bool,
    /// Words of states, for rows of the history.
    pub states: BTreeSet<String>,
}

impl Filter {
    /// True where everything is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.has_words() && !self.has_facets()
    }

    /// True where words were typed.
    #[must_use]
    pub fn has_words(&self) -> bool {
        !search_words(&self.text).is_empty()
    }

    /// True where anything besides the typed words narrows the rows.
    pub(super) fn has_facets(&self) -> bool {
        self.suspended || !self.period.is_empty() || Facet::ALL.iter().any(|facet| !self.chosen(*facet).is_empty())
    }

    /// The chosen values of a facet.
    pub fn chosen_mut(&mut self, facet: Facet) -> &mut BTreeSet<String> {
        match facet {
            Facet::Status => &mut self.statuses,
            Facet::BackupType => &mut self.backup_types,
            Facet::Service => &mut self.services,
            Facet::State => &mut self.states,
        }
    }

    /// Leaves out one of the values that rows have. An empty set fits everything, so it is filled first. The last value stays: a set
    /// without any would show everything.
    pub fn exclude(&mut self, facet: Facet, value: &str, counts: &FacetCounts) {
        let chosen = self.chosen_mut(facet);
        let mut left: BTreeSet<String> = if chosen.is_empty() {
            counts.values(facet).into_iter().map(|(value, _)| value.to_owned()).collect()
        } else {
            chosen.clone()
        };
        left.remove(value);
        if !left.is_empty() {
            *chosen = left;
        }
    }

    fn chosen(&self, facet: Facet) -> &BTreeSet<String> {
        match facet {
            Facet::Status => &self.statuses,
            Facet::BackupType => &self.backup_types,
            Facet::Service => &self.services,
            Facet::State => &self.states,
        }
    }

    /// Whether a row fits, leaving the typed words aside.
    pub(super) fn fits(&self, row: &Facts<'_>) -> bool {
        self.fits_rest(row) && self.fits_each(row) == [true; FACETS]
    }

    /// Whether the row has one of the chosen values, for each facet.
    fn fits_each(&self, row: &Facts<'_>) -> [bool; FACETS] {
        Facet::ALL.map(|facet| {
            let chosen = self.chosen(facet);
            chosen.is_empty() || chosen.contains(facet.of(row))
        })
    }

    /// Whether a row fits all that has no menu of counted values.
    fn fits_rest(&self, row: &Facts<'_>) -> bool {
        self.period.holds(row.at) && (!self.suspended || row.suspended)
    }
}

impl FacetCounts {
    /// The same words, counted in what each menu would leave together with all other parts of the filter. `order` are the rows in which
    /// the typed words occur.
    pub(super) fn recounted<R: Record>(&self, rows: &Rows<R>, order: &[u32], filter: &Filter) -> Self {
        type Counts<'a> = FxHashMap<&'a str, usize>;
        let mut counts: [Counts<'_>; FACETS] = Default::default();
        for row in order.iter().filter_map(|&at| rows.facts(at)) {
            if !filter.fits_rest(&row) {
                continue;
            }
            let fits = filter.fits_each(&row);
            let missed = fits.iter().filter(|fits| !**fits).count();
            for ((facet, counts), fits) in Facet::ALL.into_iter().zip(&mut counts).zip(fits) {
                // What is chosen in a menu does not narrow what the same menu offers.
                if missed == usize::from(!fits) {
                    *counts.entry(facet.of(&row)).or_default() += 1;
                }
            }
        }
        let [statuses, backup_types, services, states] = counts;
        let count = |counts: &Counts<'_>, word: &str| counts.get(word).copied().unwrap_or(0);
        let words = |words: &[(String, usize)], counts: &Counts<'_>| {
            words.iter().map(|(word, _)| (word.clone(), count(counts, word))).collect()
        };
        Self {
            statuses: words(&self.statuses, &statuses),
            backup_types: words(&self.backup_types, &backup_types),
            states: words(&self.states, &states),
            services: self
                .services
                .iter()
                .map(|(id, label, _)| (id.clone(), label.clone(), count(&services, id)))
                .collect(),
            nameless: self.nameless.clone(),
            newest_good: self.newest_good.clone(),
        }
    }
}

/// What the rows of a service come to.
#[derive(Default)]
struct ServiceFacts<'r> {
    label: &'r str,
    count: usize,
    /// When its newest good row began, and the word of its type.
    newest_good: Option<(Timestamp, &'r str)>,
}

/// Counts the words of all rows; once per listing, not per frame.
#[must_use]
pub fn facet_counts<R: Record>(rows: &Rows<R>) -> FacetCounts {
    let mut statuses: BTreeMap<&str, (StatusKind, usize)> = BTreeMap::new();
    let mut backup_types: BTreeMap<&str, (BackupType, usize)> = BTreeMap::new();
    let mut services: BTreeMap<&str, ServiceFacts<'_>> = BTreeMap::new();
    let mut nameless: BTreeSet<&str> = BTreeSet::new();
    let mut states = SeenState::ALL.map(|state| (state.name(), 0));
    for row in rows.all_facts() {
        let (kind, count) = statuses.entry(row.status).or_insert_with(|| (StatusKind::of(row.status), 0));
        *count += 1;
        let new_type = || (BackupType::from_word(row.backup_type), 0);
        let (backup_type, count) = backup_types.entry(row.backup_type).or_insert_with(new_type);
        *count += 1;
        if let Some((_, count)) = states.iter_mut().find(|(state, _)| *state == row.state) {
            *count += 1;
        }
        let (id, name) = (row.service_id, row.service_name);
        let ServiceFacts { label, count, newest_good } = services.entry(id).or_default();
        *count += 1;
        let is_good = *kind == StatusKind::Good && !Backup::is_empty_copy(backup_type, *kind, row.bytes);
        if is_good && row.at.is_some_and(|at| newest_good.is_none_or(|(newest, _)| newest < at)) {
            *newest_good = row.at.map(|at| (at, row.backup_type));
        }
        // A row that lacks the service's name says the id; any other row knows better.
        if label.is_empty() || *label == id {
            *label = name.unwrap_or(id);
        }
        if name.is_none() && !id.is_empty() {
            nameless.insert(id);
        }
    }
    let newest_good = services.iter().filter_map(|(id, service)| {
        let (at, word) = service.newest_good?;
        Some(((*id).to_owned(), NewestGood { at, backup_type: BackupType::from_word(word) }))
    });
    let newest_good = newest_good.collect();
    let mut services: Vec<(String, String, usize)> = services
        .into_iter()
        .map(|(id, service)| (id.to_owned(), sanitize_for_display(service.label).into_owned(), service.count))
        .collect();
    services.sort_by_cached_key(|(id, label, _)| (natural_key(label), natural_key(id), id.clone()));
    let mut statuses: Vec<(String, usize)> =
        statuses.into_iter().map(|(word, (_, count))| (word.to_owned(), count)).collect();
    statuses.sort_by_key(|(word, _)| StatusKind::of(word));
    FacetCounts {
        statuses,
        backup_types: backup_types.into_iter().map(|(word, (_, count))| (word.to_owned(), count)).collect(),
        states: states
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| (word.to_owned(), count))
            .collect(),
        services,
        nameless: nameless.into_iter().map(str::to_owned).collect(),
        newest_good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }
    use crate::domain::{ServiceId, Sighting, Status};

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
        let rows: Rows<Backup> = Rows::new([
            backup("dbaaa1", None, "Succeeded"),
            backup("dbaaa1", Some("Orders"), "Failed"),
            backup("dbzzz9", Some("billing"), "Succeeded"),
            backup("dbaaa1", None, "Running"),
        ]);
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
    fn a_menu_counts_what_the_other_filters_leave() {
        let rows: Rows<Backup> = Rows::new([
            backup("db1", Some("orders"), "Succeeded"),
            backup("db1", Some("orders"), "Failed"),
            backup("db2", Some("billing"), "Succeeded"),
            backup("db10", Some("db 10"), "Running"),
            backup("db9", Some("DB 9"), "Succeeded"),
        ]);
        let all = facet_counts(&rows);
        let counts = |filter: &Filter, order: &[u32]| {
            let counts = all.recounted(&rows, order, filter);
            let numbers = |list: &[(String, usize)]| list.iter().map(|(_, count)| *count).collect::<Vec<_>>();
            let services: Vec<usize> = counts.services.iter().map(|(.., count)| *count).collect();
            (numbers(&counts.statuses), numbers(&counts.backup_types), services)
        };
        let names: Vec<&str> = all.services.iter().map(|(_, name, _)| name.as_str()).collect();
        assert_eq!(names, ["billing", "DB 9", "db 10", "orders"]);
        assert_eq!(counts(&Filter::default(), &[0, 1, 2, 3, 4]), (vec![1, 1, 3], vec![5], vec![1, 1, 1, 2]));
        let failed = Filter { statuses: ["Failed".to_owned()].into(), ..Filter::default() };
        assert_eq!(counts(&failed, &[0, 1, 2, 3, 4]), (vec![1, 1, 3], vec![1], vec![0, 0, 0, 1]));
        let orders = Filter { services: ["db1".to_owned()].into(), ..failed };
        assert_eq!(counts(&orders, &[0, 2]), (vec![0, 0, 1], vec![0], vec![0, 0, 0, 0]));
        let suspended = Filter { suspended: true, ..Filter::default() };
        assert_eq!(counts(&suspended, &[0, 1]), (vec![0, 0, 0], vec![0], vec![0, 0, 0, 0]));
        assert_eq!((all.count(Facet::Status, "Succeeded"), all.count(Facet::Service, "db9")), (Some(3), Some(1)));
        assert_eq!((all.count(Facet::Status, "odd"), all.count(Facet::BackupType, "db9")), (None, None));
    }

    #[test]
    fn rows_of_the_history_are_narrowed_by_their_state() {
        let seen = |service: &str, state| {
            let sighting = Sighting { first_seen: Timestamp::UNIX_EPOCH, last_seen: Timestamp::UNIX_EPOCH, state };
            Backup { sighting: Some(sighting), ..backup(service, None, "Succeeded") }
        };
        let states = [SeenState::Gone, SeenState::Listed, SeenState::Gone, SeenState::Listed];
        let rows: Rows<Backup> =
            ["db1", "db1", "db2", "db2"].into_iter().zip(states).map(|(id, at)| seen(id, at)).collect();
        let all = facet_counts(&rows);
        assert_eq!(all.states, [("Listed".to_owned(), 2), ("Gone".to_owned(), 2)]);
        let filter = Filter { states: set(&["Gone"]), services: set(&["db2"]), ..Filter::default() };
        assert!(!filter.is_empty());
        let fitting: Vec<bool> = rows.all_facts().map(|row| filter.fits(&row)).collect();
        assert_eq!(fitting, [false, false, true, false]);
        let counts = all.recounted(&rows, &[0, 1, 2, 3], &filter);
        assert_eq!(counts.states, [("Listed".to_owned(), 1), ("Gone".to_owned(), 1)]);
        assert_eq!(counts.services.iter().map(|(.., count)| *count).collect::<Vec<_>>(), [1, 1]);
        let listed = facet_counts(&Rows::new([backup("db1", None, "Succeeded")]));
        assert!(listed.states.is_empty(), "nothing to choose from where all are listed");
    }

    #[test]
    fn a_period_is_closed_at_its_start_and_open_at_its_end() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let period = Period { from: at("2026-09-14T00:00:00Z"), until: at("2026-09-15T00:00:00Z"), up_to_now: None };
        assert!(period.holds(at("2026-09-14T00:00:00Z")));
        assert!(!period.holds(at("2026-09-15T00:00:00Z")));
        assert!(!period.holds(at("2026-09-13T23:59:59Z")));
        assert!(!period.holds(None));
        assert!(Period::default().holds(None));
    }

    #[test]
    fn leaving_out_a_value_keeps_the_others() {
        let statuses = ["Failed", "Running", "Succeeded"].map(|word| (word.to_owned(), 1)).to_vec();
        let counts = FacetCounts { statuses, ..FacetCounts::default() };
        let mut filter = Filter::default();
        filter.exclude(Facet::Status, "Succeeded", &counts);
        assert_eq!(filter.statuses, set(&["Failed", "Running"]));
        filter.exclude(Facet::Status, "Failed", &counts);
        assert_eq!(filter.statuses, set(&["Running"]));
        filter.exclude(Facet::Status, "Running", &counts);
        assert_eq!(filter.statuses, set(&["Running"]));
    }
}
