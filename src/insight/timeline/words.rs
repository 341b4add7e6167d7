//! Bars, lanes and overlaps in words.

use jiff::Timestamp;

use super::super::usual::UsualDuration;
use super::super::words::noun;
use super::{BarState, Overlap, TimelineBar, TimelineLane, TimelineSpan};
use crate::domain::{StatusKind, Zone, format_count, format_length};

impl TimelineBar {
    /// One sentence without its full stop: `Full backup of Mon 23 Nov 02:00 to 02:11, succeeded`.
    #[must_use]
    pub fn sentence(&self, zone: &Zone, now: Timestamp) -> String {
        let from = zone.weekday_minute(self.from, now);
        if self.count > 1 {
            return self.of_several(zone, now);
        }
        let name = first_upper(&noun(&self.backup_type));
        let mut sentence = match self.state {
            BarState::Planned => format!("{name} planned {from}, {}", length_words(self.usual)),
            BarState::Perhaps => {
                format!(
                    "{name} {from}, planned by only one of two ways to read its schedule, {}",
                    length_words(self.usual)
                )
            }
            BarState::Happened(status) => {
                let until = match self.until {
                    Some(_) if status == StatusKind::Running => " until now".to_owned(),
                    Some(until) => format!(" to {}", end_text(zone, self.from, until, now)),
                    None => ", end not known".to_owned(),
                };
                format!("{name} {from}{until}, {}", status_words(status))
            }
        };
        if self.overlaps {
            sentence.push_str(", overlaps with another run");
        }
        sentence
    }

    fn of_several(&self, zone: &Zone, now: Timestamp) -> String {
        let what = format!("{} {}s", format_count(self.count), noun(&self.backup_type));
        let from = zone.weekday_minute(self.from, now);
        let until =
            self.until.map(|until| format!(" to {}", end_text(zone, self.from, until, now))).unwrap_or_default();
        let state = match self.state {
            BarState::Planned => "planned",
            BarState::Perhaps => "perhaps planned",
            BarState::Happened(status) => status_words(status),
        };
        let overlaps = if self.overlaps { ", overlaps with other runs" } else { "" };
        format!("{what} {from}{until}, {state}{overlaps}")
    }
}

impl TimelineLane {
    /// What its bars do not show: `2 schedules suspended`.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let count = |number: usize, what: &str| {
            let plural = if number == 1 { "" } else { "s" };
            (number > 0).then(|| format!("{} schedule{plural} {what}", format_count(number)))
        };
        let gone = self.is_gone.then(|| "Deleted service".to_owned());
        let notes = [gone, count(self.suspended, "suspended"), count(self.unknown, "without known times")];
        notes.into_iter().flatten().collect()
    }

    /// All of it in a few words, for a screen reader: `3 runs planned, 14 past runs, 1 failed, 1 schedule suspended`.
    #[must_use]
    pub fn summary(&self) -> String {
        let past = || self.bars.iter().filter(|bar| !bar.is_planned());
        let runs: usize = past().map(|bar| bar.count).sum();
        let failed = past().filter(|bar| bar.state == BarState::Happened(StatusKind::Bad));
        let failed: usize = failed.map(|bar| bar.count).sum();
        let mut parts = vec![
            format!("{} {} planned", format_count(self.planned()), if self.planned() == 1 { "run" } else { "runs" }),
            format!("{} past {}", format_count(runs), if runs == 1 { "run" } else { "runs" }),
        ];
        if failed > 0 {
            parts.push(format!("{} failed", format_count(failed)));
        }
        if !self.overlaps.is_empty() {
            parts.push("runs overlap".to_owned());
        }
        parts.extend(self.notes());
        parts.join(", ")
    }
}

impl Overlap {
    /// One sentence without its full stop: `Dump of Tue 24 Nov 02:05 begins during the full backup of 02:00, …`.
    #[must_use]
    pub fn sentence(&self, span: TimelineSpan, zone: &Zone, now: Timestamp) -> String {
        let [first, second] = &self.backup_types;
        let [from, at] = self.at;
        let day = zone.weekday_minute(at, now);
        let often = match self.count {
            1 => String::new(),
            count => format!(". {} times in the next {}", format_count(count), span.name()),
        };
        if from == at {
            let both = if first == second {
                format!("Two {}s begin", noun(first))
            } else {
                format!("{} and {} both begin", first_upper(&noun(first)), noun(second))
            };
            return format!("{both} {day}{often}");
        }
        let second = first_upper(&noun(second));
        let from = end_text(zone, at, from, now);
        let secs = self.usual.and_then(|usual| u64::try_from(usual.secs).ok()).unwrap_or(0);
        let length = format_length(secs);
        format!("{second} of {day} begins during the {} of {from}, which takes about {length}{often}", noun(first))
    }
}

/// `about 12 min by the last 9 runs`.
fn length_words(usual: Option<UsualDuration>) -> String {
    match usual {
        None => "how long is not known".to_owned(),
        Some(UsualDuration { secs, runs }) => {
            let length = format_length(u64::try_from(secs).unwrap_or(0));
            match runs {
                1 => format!("about {length} by the last run"),
                runs => format!("about {length}, the median of {} runs", format_count(runs)),
            }
        }
    }
}

/// The time of day of an end; with its day where that is not the day of the begin.
fn end_text(zone: &Zone, from: Timestamp, until: Timestamp, now: Timestamp) -> String {
    if zone.date(from) == zone.date(until) { zone.minute(until) } else { zone.weekday_minute(until, now) }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn status_words(status: StatusKind) -> &'static str {
    match status {
        StatusKind::Good => "succeeded",
        StatusKind::Bad => "failed",
        StatusKind::Running => "running",
        StatusKind::Queued => "waiting",
        StatusKind::Other => "status not known",
    }
}
