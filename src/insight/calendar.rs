//! The calendar: for each service and day, what is known of the backups that began on it.
//!
//! It is made from all backups ever seen and from when the list was read: that none was seen tells nothing about a day that nobody
//! looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::Observed;
use crate::domain::{ServiceId, StatusKind, Text, Zone, format_count};

/// No calendar goes back farther, in days.
const MAX_DAYS: usize = 3660;
const DAY_SECS: i64 = 86_400;

/// How the backups of one day went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayRuns {
    /// Went well.
    pub good: u32,
    /// Failed.
    pub bad: u32,
    /// Still run, or have a status that is not known.
    pub other: u32,
}

impl DayRuns {
    /// All of them.
    #[must_use]
    pub fn total(self) -> u32 {
        self.good.saturating_add(self.bad).saturating_add(self.other)
    }

    fn add(&mut self, status: StatusKind) {
        let count = match status {
            StatusKind::Good => &mut self.good,
            StatusKind::Bad => &mut self.bad,
            StatusKind::Running | StatusKind::Queued | StatusKind::Other => &mut self.other,
        };
        *count = count.saturating_add(1);
    }
}

/// What a square of the calendar says in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayState {
    /// No backup was seen, and nobody looked.
    NotObserved,
    /// None began.
    NoBackup,
    /// All went well.
    Good,
    /// Some went well, some failed.
    Mixed,
    /// None went well, and some failed.
    Failed,
    /// Nothing is known of how they went.
    Other,
}

/// A day of the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day.
    pub date: Date,
    /// Its first instant.
    pub start: Timestamp,
    /// The first instant of the next day.
    pub end: Timestamp,
    /// All backups that began on it are known; of today, those until the list was read last.
    pub is_observed: bool,
}

impl CalendarDay {
    /// `Sun 28 Mar 2027`; with its length where that is not 24 hours: `Sun 28 Mar 2027 (23 hours)`.
    #[must_use]
    pub fn words(&self) -> String {
        let date = self.date.strftime("%a %-d %b %Y");
        match self.end.duration_since(self.start).as_secs() {
            DAY_SECS => date.to_string(),
            secs if secs % 3600 == 0 => format!("{date} ({} hours)", secs / 3600),
            secs => format!("{date} ({}:{:02} hours)", secs / 3600, secs / 60 % 60),
        }
    }
}

/// A row of the calendar.
#[derive(Clone, Debug)]
pub struct CalendarService {
    /// The service.
    pub id: ServiceId,
    /// Its name, where one is known.
    pub name: Option<Text>,
    /// By the days of the calendar.
    runs: Box<[DayRuns]>,
}

impl CalendarService {
    /// The backups that began on a day, by its number.
    #[must_use]
    pub fn runs(&self, day: usize) -> DayRuns {
        self.runs.get(day).copied().unwrap_or_default()
    }
}

/// What is known of each day and service.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// From the first day that anything is known of up to today.
    pub days: Arc<[CalendarDay]>,
    /// By name.
    pub services: Arc<[CalendarService]>,
}

impl Calendar {
    /// What is known of a day of a service.
    #[must_use]
    pub fn state(&self, service: &CalendarService, day: usize) -> DayState {
        let is_observed = self.days.get(day).is_some_and(|day| day.is_observed);
        match service.runs(day) {
            DayRuns { good: 0, bad: 0, other: 0 } if is_observed => DayState::NoBackup,
            DayRuns { good: 0, bad: 0, other: 0 } => DayState::NotObserved,
            DayRuns { bad: 0, good: 1.., .. } => DayState::Good,
            DayRuns { good: 1.., .. } => DayState::Mixed,
            DayRuns { bad: 1.., .. } => DayState::Failed,
            DayRuns { .. } => DayState::Other,
        }
    }

    /// The same in words, one sentence without its full stop: `Mon 23 Nov 2026: 4 backups, 3 succeeded, 1 failed`.
    #[must_use]
    pub fn sentence(&self, service: &CalendarService, day: usize) -> String {
        let Some(at) = self.days.get(day) else { return String::new() };
        let is_today = day + 1 == self.days.len();
        let so_far = if is_today { " so far" } else { "" };
        let words = match (self.state(service, day), service.runs(day)) {
            (DayState::NotObserved, _) => "not observed".to_owned(),
            (DayState::NoBackup, _) => format!("no backup began{so_far}"),
            (_, runs) if at.is_observed => format!("{}{so_far}", runs_words(runs)),
            (_, runs) => format!("{}, not observed as a whole", runs_words(runs)),
        };
        format!("{}: {words}", at.words())
    }

    /// The row in a few words, for a screen reader: `12 days with backups, 2 with failures, 20 without a backup`.
    #[must_use]
    pub fn summary(&self, service: &CalendarService) -> String {
        let count = |is_counted: fn(DayState) -> bool| {
            (0..self.days.len()).filter(|day| is_counted(self.state(service, *day))).count()
        };
        let days = count(|state| !matches!(state, DayState::NotObserved | DayState::NoBackup));
        let failed = count(|state| matches!(state, DayState::Mixed | DayState::Failed));
        let without = count(|state| state == DayState::NoBackup);
        let plural = if days == 1 { "day" } else { "days" };
        let numbers = [days, failed, without].map(format_count);
        let [days, failed, without] = &numbers;
        format!("{days} {plural} with backups, {failed} with failures, {without} without a backup")
    }
}

/// `1 backup, succeeded`, `4 backups, 3 succeeded, 1 failed`.
fn runs_words(runs: DayRuns) -> String {
    let total = runs.total();
    let count = |number: u32| format_count(usize::try_from(number).unwrap_or(usize::MAX));
    let what = if total == 1 { "1 backup".to_owned() } else { format!("{} backups", count(total)) };
    let parts = [(runs.good, "succeeded"), (runs.bad, "failed"), (runs.other, "without a known outcome")];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, words)| match (number, total) {
        (1, 1) => words.to_owned(),
        (number, total) if number == total => format!("all {words}"),
        (number, _) => format!("{} {words}", count(number)),
    });
    std::iter::once(what).chain(parts).collect::<Vec<_>>().join(", ")
}

/// What is known of one service while the rows are read.
#[derive(Clone, Debug, Default)]
struct SeenService {
    /// The name in the account, which counts before any that a backup has.
    listed_name: Option<Text>,
    name: Option<Text>,
    /// By days since 1970.
    days: BTreeMap<i64, DayRuns>,
}

/// Collects a calendar, backup by backup.
#[derive(Clone, Debug)]
pub struct CalendarBuilder {
    zone: Zone,
    now: Timestamp,
    services: FxHashMap<Text, SeenService>,
}

impl CalendarBuilder {
    /// An empty calendar of days in this zone. Backups that began after `now` are left out.
    #[must_use]
    pub fn new(zone: Zone, now: Timestamp) -> Self {
        Self { zone, now, services: FxHashMap::default() }
    }

    /// Adds a backup. The name of the last one counts.
    pub fn add(&mut self, service: &str, name: Option<&str>, status: &str, start: Timestamp) {
        if start > self.now {
            return;
        }
        let day = self.day_number(start);
        if !self.services.contains_key(service) {
            self.services.insert(service.into(), SeenService::default());
        }
        let Some(seen) = self.services.get_mut(service) else { return };
        seen.days.entry(day).or_default().add(StatusKind::of(status));
        if name.is_some() && seen.name.as_deref() != name {
            seen.name = name.map(Text::from);
        }
    }

    /// Adds a service of the account, whether or not it has backups.
    pub fn add_service(&mut self, id: &str, name: Option<&Text>) {
        self.services.entry(id.into()).or_default().listed_name = name.cloned();
    }

    /// The calendar, given when the whole list was read.
    #[must_use]
    pub fn finish(self, whole_lists: impl IntoIterator<Item = Timestamp>) -> Calendar {
        let observed = whole_lists.into_iter().fold(Observed::default(), Observed::with_list);
        let days = self.days(&observed);
        let numbers: Vec<i64> = days.iter().map(|day| self.day_number(day.start)).collect();
        let mut services: Vec<CalendarService> = self
            .services
            .into_iter()
            .map(|(id, seen)| {
                let runs = numbers.iter().map(|day| seen.days.get(day).copied().unwrap_or_default());
                CalendarService { id: ServiceId::new(id), name: seen.listed_name.or(seen.name), runs: runs.collect() }
            })
            .collect();
        services.sort_by_cached_key(|service| {
            (service.name.as_deref().unwrap_or(service.id.as_str()).to_lowercase(), service.id.clone())
        });
        Calendar { days: days.into(), services: services.into() }
    }

    /// Days since 1970 on the clock of the zone.
    fn day_number(&self, at: Timestamp) -> i64 {
        let offset = i64::from(self.zone.time_zone().to_offset(at).seconds());
        (at.as_second() + offset).div_euclid(DAY_SECS)
    }

    fn days(&self, observed: &Observed) -> Vec<CalendarDay> {
        let today = self.day_number(self.now);
        let runs = self.services.values().filter_map(|seen| seen.days.keys().next().copied()).min();
        let seen = observed.from().and_then(|from| Timestamp::from_second(from).ok()).map(|from| self.day_number(from));
        let Some(first) = [runs, seen].into_iter().flatten().min() else { return Vec::new() };
        let first = first.max(today - i64::try_from(MAX_DAYS).unwrap_or(i64::MAX) + 1);
        // Noon in UTC is the same day or one beside it in any zone, so one more is taken and cut off again.
        let Ok(from) = Timestamp::from_second((first - 1) * DAY_SECS) else { return Vec::new() };
        let starts: Vec<(Date, Timestamp)> = self.zone.days(from, self.now).collect();
        let ends = starts.iter().skip(1).map(|(_, start)| Some(*start)).chain([None]);
        let all = starts.iter().zip(ends).map(|(&(date, start), end)| {
            let end = end.or_else(|| self.zone.day_start(date.tomorrow().ok()?)).unwrap_or(Timestamp::MAX);
            CalendarDay { date, start, end, is_observed: is_observed(observed, start, end) }
        });
        // A day that the zone left out has no length.
        all.filter(|day| day.start < day.end && first <= self.day_number(day.start)).collect()
    }
}

/// Whether all backups of a day are known; of the day that was not over when the list was read last, those until then.
fn is_observed(observed: &Observed, start: Timestamp, end: Timestamp) -> bool {
    let Some(read_last) = observed.until() else { return false };
    let (start, until) = (start.as_second(), end.as_second().min(read_last));
    start < until && observed.covers(start, until)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn calendar(zone: &str, now: &str, runs: &[(&str, &str)], lists: &[&str]) -> Calendar {
        let mut builder = CalendarBuilder::new(Zone::named(zone).unwrap(), at(now));
        for (start, status) in runs {
            builder.add("db1", Some("orders"), status, at(start));
        }
        builder.finish(lists.iter().map(|list| at(list)))
    }

    /// The words of the one service, without the year.
    fn sentences(calendar: &Calendar) -> Vec<String> {
        let service = &calendar.services[0];
        (0..calendar.days.len()).map(|day| calendar.sentence(service, day).replace(" 2026", "")).collect()
    }

    #[test]
    fn a_day_that_nobody_looked_at_is_not_observed() {
        // Read on the 9th, and on the 23rd at noon: from the 17th at noon on.
        let runs = [
            ("2026-11-08T02:00:00Z", "Succeeded"),
            ("2026-11-08T14:00:00Z", "Failed"),
            ("2026-11-17T02:00:00Z", "Succeeded"),
            ("2026-11-19T02:00:00Z", "Failed"),
            ("2026-11-20T02:00:00Z", "odd"),
            ("2026-11-23T02:00:00Z", "Succeeded"),
            ("2026-11-23T04:00:00Z", "Succeeded"),
            ("2026-11-24T04:00:00Z", "Succeeded"),
        ];
        let calendar =
            calendar("UTC", "2026-11-23T12:05:00Z", &runs, &["2026-11-09T00:00:00Z", "2026-11-23T12:00:00Z"]);
        let want = [
            "Tue 3 Nov: no backup began",
            "Wed 4 Nov: no backup began",
            "Thu 5 Nov: no backup began",
            "Fri 6 Nov: no backup began",
            "Sat 7 Nov: no backup began",
            "Sun 8 Nov: 2 backups, 1 succeeded, 1 failed",
            "Mon 9 Nov: not observed",
            "Tue 10 Nov: not observed",
            "Wed 11 Nov: not observed",
            "Thu 12 Nov: not observed",
            "Fri 13 Nov: not observed",
            "Sat 14 Nov: not observed",
            "Sun 15 Nov: not observed",
            "Mon 16 Nov: not observed",
            "Tue 17 Nov: 1 backup, succeeded, not observed as a whole",
            "Wed 18 Nov: no backup began",
            "Thu 19 Nov: 1 backup, failed",
            "Fri 20 Nov: 1 backup, without a known outcome",
            "Sat 21 Nov: no backup began",
            "Sun 22 Nov: no backup began",
            "Mon 23 Nov: 2 backups, all succeeded so far",
        ];
        assert_eq!(sentences(&calendar), want);
        let summary = calendar.summary(&calendar.services[0]);
        assert_eq!(summary, "5 days with backups, 2 with failures, 8 without a backup");
    }

    /// The same instants belong to other days in other zones; a change of clocks changes the length of a day, not what is in it.
    #[test]
    fn days_are_those_of_the_zone() {
        let cases = [
            // 23 and 25 hours.
            ("Europe/Berlin", "2027-03-27T22:59:59Z", "Sat 27 Mar 2027"),
            ("Europe/Berlin", "2027-03-27T23:00:00Z", "Sun 28 Mar 2027 (23 hours)"),
            ("Europe/Berlin", "2027-03-28T21:59:59Z", "Sun 28 Mar 2027 (23 hours)"),
            ("Europe/Berlin", "2027-03-28T22:00:00Z", "Mon 29 Mar 2027"),
            ("Europe/Berlin", "2027-10-30T22:00:00Z", "Sun 31 Oct 2027 (25 hours)"),
            ("Europe/Berlin", "2027-10-31T22:59:59Z", "Sun 31 Oct 2027 (25 hours)"),
            ("Australia/Lord_Howe", "2027-04-04T13:29:59Z", "Sun 4 Apr 2027 (24:30 hours)"),
            ("Australia/Lord_Howe", "2027-04-04T13:30:00Z", "Mon 5 Apr 2027"),
            ("Antarctica/Troll", "2027-03-28T21:59:59Z", "Sun 28 Mar 2027 (22 hours)"),
            // Days without a midnight.
            ("Africa/Cairo", "2027-04-29T21:59:59Z", "Thu 29 Apr 2027"),
            ("Africa/Cairo", "2027-04-29T22:00:00Z", "Fri 30 Apr 2027 (23 hours)"),
            ("Asia/Beirut", "2027-03-27T22:00:00Z", "Sun 28 Mar 2027 (23 hours)"),
            ("America/Santiago", "2027-09-05T03:59:59Z", "Sat 4 Sep 2027"),
            ("America/Santiago", "2027-09-05T04:00:00Z", "Sun 5 Sep 2027 (23 hours)"),
            // A day that was left out.
            ("Pacific/Apia", "2011-12-30T09:59:59Z", "Thu 29 Dec 2011"),
            ("Pacific/Apia", "2011-12-30T10:00:00Z", "Sat 31 Dec 2011"),
        ];
        for (zone, start, want) in cases {
            let now = (at(start) + jiff::SignedDuration::from_hours(100)).to_string();
            let calendar = calendar(zone, &now, &[(start, "Succeeded")], &[]);
            let (day, service) = (calendar.days[0], &calendar.services[0]);
            assert_eq!((day.words().as_str(), service.runs(0).good), (want, 1), "{zone} {start}");
            assert!(day.start <= at(start) && at(start) < day.end, "{zone} {start}");
        }
    }

    #[test]
    fn services_without_a_backup_are_shown_too() {
        let mut builder = CalendarBuilder::new(Zone::utc(), at("2026-11-23T12:00:00Z"));
        builder.add("db2", Some("old name"), "Failed", at("2026-11-22T12:00:00Z"));
        builder.add("db2", None, "Failed", at("2026-11-22T13:00:00Z"));
        builder.add_service("db1", Some(&"zebra".into()));
        builder.add_service("db2", Some(&"apple".into()));
        builder.add_service("db3", None);
        builder.add("db2", Some("older name"), "Failed", at("2026-11-22T14:00:00Z"));
        let calendar = builder.finish([at("2026-11-23T12:00:00Z")]);
        let names: Vec<_> = calendar.services.iter().map(|it| (it.id.as_str(), it.name.as_deref())).collect();
        assert_eq!(names, [("db2", Some("apple")), ("db3", None), ("db1", Some("zebra"))]);
        assert_eq!(calendar.days.len(), 7);
        assert_eq!(calendar.state(&calendar.services[0], 5), DayState::Failed);
        assert_eq!(calendar.state(&calendar.services[1], 5), DayState::NoBackup);
        assert_eq!(CalendarBuilder::new(Zone::utc(), at("2026-11-23T12:00:00Z")).finish([]).days.len(), 0);
    }

    proptest! {
        /// Whatever the zone: the days leave no gap, each backup is in exactly the day it began on, and a day without any is called one
        /// without a backup only where it was observed.
        #[test]
        fn every_backup_is_in_its_day(
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "Africa/Cairo", "America/Havana", "Pacific/Apia", "Antarctica/Troll"]),
            starts in prop::collection::vec(1_320_000_000_i64..1_330_000_000, 1..60),
            lists in prop::collection::vec(1_320_000_000_i64..1_330_000_000, 0..6),
        ) {
            let now = Timestamp::from_second(1_330_000_000).unwrap();
            let zone = Zone::named(zone).unwrap();
            let mut builder = CalendarBuilder::new(zone.clone(), now);
            for start in &starts {
                builder.add("db1", None, "Succeeded", Timestamp::from_second(*start).unwrap());
            }
            let calendar = builder.finish(lists.iter().map(|second| Timestamp::from_second(*second).unwrap()));
            let service = &calendar.services[0];
            prop_assert!(calendar.days.windows(2).all(|pair| pair[0].end == pair[1].start));
            prop_assert!(calendar.days.last().is_some_and(|day| day.start <= now && now < day.end));
            let total: u32 = (0..calendar.days.len()).map(|day| service.runs(day).total()).sum();
            prop_assert_eq!(total as usize, starts.len());
            for (number, day) in calendar.days.iter().enumerate() {
                let within = |start: &&i64| (day.start.as_second()..day.end.as_second()).contains(*start);
                prop_assert_eq!(service.runs(number).total() as usize, starts.iter().filter(within).count());
                let is_listed = lists.iter().any(|list| (list - 6 * 86_400..=*list).contains(&day.start.as_second()));
                prop_assert!(calendar.state(service, number) != DayState::NoBackup || is_listed);
            }
        }
    }
}
