//! When a schedule runs, as far as its text tells: on every kind of text a service or a user may write.

use jiff::Timestamp;

use super::duration::{duration_secs, length_words};
use super::expression::Cron;
use super::five_fields::shown;
use super::pace::{beyond_retention, gap_words};
use super::parse::CronError;
use super::readings::Readings;
use super::runs::Pace;
use crate::domain::{RETENTION, Recurrence, Schedule, Zone, sanitize_for_display};

/// A recurring schedule, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Timetable {
    /// Five fields, or a shortcut such as `@daily`.
    Cron {
        /// The fields.
        cron: Cron,
        /// The clock they are read on: UTC, or the one that `TZ=` names.
        zone: Zone,
    },
    /// `@every 90m`: that long after the run before it. From when it is counted is not known, so neither are its runs.
    Every {
        /// Whole seconds, at least one.
        secs: u64,
    },
}

/// One run of a [`Timetable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// When.
    pub at: Timestamp,
    /// False where only one of two readings has it.
    pub is_certain: bool,
}

/// The next run, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextRun {
    /// Every reading has it.
    At(Timestamp),
    /// Programs differ: the next run of the reading with more runs, and of the one with fewer, if that ever runs.
    Either(Timestamp, Option<Timestamp>),
    /// No date ever matches.
    Never,
    /// The text does not tell, or cannot be read.
    Unknown,
    /// Suspended, or made once: there is nothing to run.
    None,
}

impl Timetable {
    /// Reads any text: five fields, `@daily` and its siblings, `@every 90m`, each also after `TZ=Area/City` or `CRON_TZ=`.
    pub fn read(text: &str) -> Result<Self, CronError> {
        let (zone, rest) = split_zone(text)?;
        if let Some(secs) = every(rest)? {
            return Ok(Self::Every { secs });
        }
        Ok(Self::Cron { cron: Cron::parse(rest)?, zone })
    }

    /// The expression that can be sent for it; `None` where five fields in UTC cannot say the same.
    #[must_use]
    pub fn to_send(&self) -> Option<&Cron> {
        match self {
            Self::Cron { cron, zone } if zone.label() == "UTC" => Some(cron),
            Self::Cron { .. } | Self::Every { .. } => None,
        }
    }

    /// The next run strictly after an instant.
    #[must_use]
    pub fn next_run(&self, after: Timestamp) -> NextRun {
        let Self::Cron { cron, zone } = self else { return NextRun::Unknown };
        let Readings { narrow, wide } = cron.readings();
        let sure = narrow.next_in(after, zone.time_zone());
        match (sure, wide.and_then(|wide| wide.next_in(after, zone.time_zone()))) {
            (Some(sure), Some(perhaps)) if perhaps < sure => NextRun::Either(perhaps, Some(sure)),
            (None, Some(perhaps)) => NextRun::Either(perhaps, None),
            (Some(sure), _) => NextRun::At(sure),
            (None, None) => NextRun::Never,
        }
    }

    /// The next `count` runs of all readings, those marked that only one has. Where none of them is certain, the next certain
    /// one follows. Empty where they are not known, or where there are none.
    #[must_use]
    pub fn upcoming(&self, after: Timestamp, count: usize) -> Vec<Run> {
        let Self::Cron { cron, zone } = self else { return Vec::new() };
        let readings = cron.readings();
        let (zone, widest, narrow) = (zone.time_zone(), readings.widest(), readings.narrow);
        let run = |at| Run { at, is_certain: narrow.matches(at, zone) };
        let times = std::iter::successors(widest.next_in(after, zone), |at| widest.next_in(*at, zone));
        let mut runs: Vec<Run> = times.take(count).map(run).collect();
        if let Some(last) = runs.last()
            && runs.iter().all(|run| !run.is_certain)
        {
            runs.extend(narrow.next_in(last.at, zone).map(run));
        }
        runs
    }

    /// The runs of all readings after one instant and up to another, oldest first, those marked that only one reading has.
    #[must_use]
    pub fn runs_between(&self, after: Timestamp, until: Timestamp) -> Vec<Run> {
        let Self::Cron { cron, zone } = self else { return Vec::new() };
        let readings = cron.readings();
        let (zone, widest, narrow) = (zone.time_zone(), readings.widest(), readings.narrow);
        let times = std::iter::successors(widest.next_in(after, zone), |at| widest.next_in(*at, zone));
        let is_certain = |at| readings.wide.is_none() || narrow.matches(at, zone);
        times.take_while(|at| *at <= until).map(|at| Run { at, is_certain: is_certain(at) }).collect()
    }

    /// The next stretches of time without a backup, at most `count`: from when a run is purged to the next one that all readings have.
    #[must_use]
    pub fn uncovered(&self, now: Timestamp, count: usize) -> Vec<(Timestamp, Timestamp)> {
        let Self::Cron { cron, zone } = self else { return Vec::new() };
        let narrow = cron.readings().narrow;
        if narrow.pace().longest_gap_secs.and_then(beyond_retention).is_none() {
            return Vec::new();
        }
        let run_after = |at| narrow.next_in(at, zone.time_zone());
        let runs = std::iter::successors(run_after(now), |at| run_after(*at));
        let between = runs.scan(None, |before: &mut Option<Timestamp>, at| Some((before.replace(at), at)));
        let purged = between.filter_map(|(before, at)| Some((before?.checked_add(RETENTION).ok()?, at)));
        purged.filter(|(purged, at)| purged < at).take(count).collect()
    }

    /// How often it runs by the reading with fewer runs; `None` where that is not known.
    #[must_use]
    pub fn pace(&self) -> Option<Pace> {
        match self {
            Self::Cron { cron, .. } => Some(cron.readings().narrow.pace()),
            Self::Every { .. } => None,
        }
    }

    /// What is left without a backup, where two runs can be farther apart than backups are kept.
    #[must_use]
    pub fn gap_warning(&self) -> Option<String> {
        match self {
            Self::Cron { cron, .. } => cron.gap_warning(),
            Self::Every { secs } => beyond_retention(*secs).map(|over| gap_words(over, true)),
        }
    }
}

/// Takes a zone off the front: `TZ=Europe/Berlin 0 2 * * *`.
fn split_zone(text: &str) -> Result<(Zone, &str), CronError> {
    let text = text.trim_start();
    let Some(rest) = text.strip_prefix("CRON_TZ=").or_else(|| text.strip_prefix("TZ=")) else {
        return Ok((Zone::utc(), text));
    };
    let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let unknown =
        || CronError { field: None, message: format!("The time zone {} is not known", shown(name)), fixes: Vec::new() };
    // Go takes an empty name for UTC.
    let zone = if name.is_empty() { Zone::utc() } else { Zone::named(name).ok_or_else(unknown)? };
    Ok((zone, rest))
}

/// The seconds of `@every 1h30m`; `None` for any other text.
fn every(text: &str) -> Result<Option<u64>, CronError> {
    let Some(rest) = text.trim().strip_prefix("@every") else { return Ok(None) };
    let secs = duration_secs(rest.trim());
    let message = "Write @every with a length of time, such as @every 90m".to_owned();
    secs.map(Some).ok_or(CronError { field: None, message, fixes: Vec::new() })
}

/// The next run of a schedule.
#[must_use]
pub fn next_run(schedule: &Schedule, now: Timestamp) -> NextRun {
    match &schedule.recurrence {
        _ if schedule.is_suspended() => NextRun::None,
        Some(Recurrence::Cron(text)) => Timetable::read(text).map_or(NextRun::Unknown, |table| table.next_run(now)),
        Some(Recurrence::Once) => NextRun::None,
        None => NextRun::Unknown,
    }
}

impl Timetable {
    /// In words, for a place that says elsewhere that times are UTC: `At 02:00 every day`. A zone of its own is named.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Cron { cron, zone } if zone.label() == "UTC" => cron.describe_in(""),
            _ => self.describe_with_zone(),
        }
    }

    /// In words, with the zone: `At 02:00 UTC every day`, `At 02:00 Europe/Berlin every day`, `Every 90 minutes, …`.
    #[must_use]
    pub fn describe_with_zone(&self) -> String {
        match self {
            Self::Cron { cron, zone } => cron.describe_in(zone.label()),
            Self::Every { secs } => format!("Every {}, counted from a time that is not known", length_words(*secs)),
        }
    }
}

/// A recurrence in words: `Once`, the sentence of its text, or `Unreadable: ` and the text as it came.
#[must_use]
pub fn describe_recurrence(recurrence: &Recurrence) -> String {
    in_words(recurrence, Timetable::describe)
}

/// The same with its zone.
#[must_use]
pub fn describe_recurrence_with_zone(recurrence: &Recurrence) -> String {
    in_words(recurrence, Timetable::describe_with_zone)
}

fn in_words(recurrence: &Recurrence, describe: fn(&Timetable) -> String) -> String {
    match recurrence {
        Recurrence::Once => "Once".to_owned(),
        Recurrence::Cron(text) => Timetable::read(text)
            .map_or_else(|_| format!("Unreadable: {}", sanitize_for_display(text)), |table| describe(&table)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn read(text: &str) -> Timetable {
        Timetable::read(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_text_of_a_service_is_read() {
        let cases = [
            ("0 2 * * *", "At 02:00 UTC every day", Some("0 2 * * *")),
            ("@daily", "At 00:00 UTC every day", Some("0 0 * * *")),
            ("TZ=UTC 0 2 * * *", "At 02:00 UTC every day", Some("0 2 * * *")),
            ("TZ= 0 2 * * *", "At 02:00 UTC every day", Some("0 2 * * *")),
            ("CRON_TZ=Europe/Berlin 0 2 * * *", "At 02:00 Europe/Berlin every day", None),
            ("TZ=Europe/Berlin @daily", "At 00:00 Europe/Berlin every day", None),
            ("TZ=Asia/Kolkata 0 * * * *", "Every hour on the hour (Asia/Kolkata)", None),
            ("@every 90m", "Every 90 minutes, counted from a time that is not known", None),
            ("@every 1h30m", "Every 90 minutes, counted from a time that is not known", None),
            ("@every 24h", "Every day, counted from a time that is not known", None),
            ("TZ=Europe/Berlin @every 1.5h", "Every 90 minutes, counted from a time that is not known", None),
            ("@every 10ms", "Every second, counted from a time that is not known", None),
        ];
        for (text, words, to_send) in cases {
            let table = read(text);
            assert_eq!(table.describe_with_zone(), words, "{text}");
            assert_eq!(table.to_send().map(Cron::as_str), to_send, "{text}");
        }
        assert_eq!(read("TZ=Europe/Berlin 0 2 * * *").describe(), "At 02:00 Europe/Berlin every day");
        assert_eq!(read("0 2 * * *").describe(), "At 02:00 every day");
        let unreadable = [
            ("TZ=Europe/Atlantis 0 2 * * *", "“Europe/Atlantis” is not known"),
            ("TZ=Europe/Berlin", "five fields"),
            ("@every", "@every 90m"),
            ("@every soon", "@every 90m"),
            ("@every -1h", "@every 90m"),
            ("@every 9999999999999h", "@every 90m"),
            ("@reboot", "not known"),
            ("", "five fields"),
        ];
        for (text, part) in unreadable {
            let error = Timetable::read(text).expect_err(text);
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn runs_that_only_one_reading_has_are_marked() {
        let now = at("2026-09-01T12:00:00Z");
        let table = read("0 0 */2 * 1");
        assert_eq!(table.next_run(now), NextRun::Either(at("2026-09-03T00:00:00Z"), Some(at("2026-09-07T00:00:00Z"))));
        let runs: Vec<(String, bool)> =
            table.upcoming(now, 3).into_iter().map(|run| (run.at.to_string(), run.is_certain)).collect();
        let want = [("2026-09-03T00:00:00Z", false), ("2026-09-05T00:00:00Z", false), ("2026-09-07T00:00:00Z", true)];
        assert_eq!(runs, want.map(|(at, is_certain)| (at.to_owned(), is_certain)));
        // The first certain run follows, however far.
        let runs = table.upcoming(now, 2);
        assert_eq!(runs.last(), Some(&Run { at: at("2026-09-07T00:00:00Z"), is_certain: true }));
        let next = table.next_run(at("2026-09-06T00:00:00Z"));
        assert_eq!(next, NextRun::At(at("2026-09-07T00:00:00Z")), "both readings run next at the same time");

        let half_never = read("0 0 30 2 */2");
        assert_eq!(half_never.next_run(now), NextRun::Either(at("2027-02-02T00:00:00Z"), None));
        assert!(
            half_never.upcoming(now, 2).iter().all(|run| !run.is_certain) && half_never.upcoming(now, 2).len() == 2
        );
        assert_eq!(read("0 0 31 2 *").next_run(now), NextRun::Never);
        assert_eq!(read("@every 90m").next_run(now), NextRun::Unknown);
        assert!(read("@every 90m").upcoming(now, 5).is_empty());
        let berlin = read("TZ=Europe/Berlin 30 2 * * *");
        assert_eq!(berlin.next_run(at("2027-03-27T12:00:00Z")), NextRun::At(at("2027-03-29T00:30:00Z")));
        assert_eq!(berlin.upcoming(at("2027-10-30T12:00:00Z"), 2)[1].at, at("2027-10-31T01:30:00Z"));
        assert_eq!(
            read("@every 240h").gap_warning().unwrap(),
            "Leaves up to 3 days without a backup: backups are kept 7 days"
        );
        assert_eq!(read("TZ=Europe/Berlin @daily").gap_warning(), None);
    }

    #[test]
    fn a_schedule_runs_next_only_if_it_runs_at_all() {
        let now = at("2026-09-14T00:00:00Z");
        let schedule = |text: &str, suspended| Schedule {
            recurrence: Some(Recurrence::read(text)),
            suspended,
            ..Schedule::default()
        };
        let cases = [
            (schedule("0 2 * * *", None), NextRun::At(at("2026-09-14T02:00:00Z"))),
            (schedule("0 2 * * *", Some(true)), NextRun::None),
            (schedule("cron", Some(true)), NextRun::None),
            (schedule("once", None), NextRun::None),
            (schedule("cron", None), NextRun::Unknown),
            (Schedule::default(), NextRun::Unknown),
            (schedule("0 0 31 2 *", None), NextRun::Never),
        ];
        for (schedule, want) in cases {
            assert_eq!(next_run(&schedule, now), want, "{schedule:?}");
        }
    }
}
