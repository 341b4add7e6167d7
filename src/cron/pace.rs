//! How often an expression runs, and what is left without a backup, in words.

use jiff::Timestamp;

use super::expression::Cron;
use super::readings::Readings;
use crate::domain::{RETENTION, Zone, and_list};

const WEEKS_A_YEAR: f64 = 365.25 / 7.0;

impl Cron {
    /// `5 runs a week`; `12 runs a year` for what runs less than weekly, `1 run in 4 years` for less than yearly. Where there are
    /// two readings: `27 or 212 runs a year`.
    #[must_use]
    pub fn frequency(&self) -> String {
        let Readings { narrow, wide } = self.readings();
        let narrow = narrow.pace().per_week;
        let Some(wide) = wide.map(|wide| wide.pace().per_week) else {
            return one_frequency(narrow);
        };
        if narrow * WEEKS_A_YEAR < 0.95 {
            return format!("{} or {}", one_frequency(narrow), one_frequency(wide));
        }
        let (factor, period) = if narrow < 0.95 { (WEEKS_A_YEAR, "year") } else { (1.0, "week") };
        format!("{} or {} runs a {period}", number(narrow * factor), number(wide * factor))
    }

    /// What is left without a backup, where two runs can be farther apart than backups are kept:
    /// `Leaves about 3 weeks without a backup: backups are kept 7 days`.
    #[must_use]
    pub fn gap_warning(&self) -> Option<String> {
        let Readings { narrow, wide } = self.readings();
        let over = beyond_retention(narrow.pace().longest_gap_secs?)?;
        let wide_over = wide.map(|wide| wide.pace().longest_gap_secs.and_then(beyond_retention));
        Some(gap_words(over, wide_over.is_none_or(|wide_over| wide_over == Some(over))))
    }
}

/// `Nothing to restore from Tue 08 Dec 02:00 to Fri 01 Jan 2027 02:00 and from …`, on the clock of a zone.
#[must_use]
pub fn describe_uncovered(spans: &[(Timestamp, Timestamp)], zone: &Zone, now: Timestamp) -> String {
    let time = |at: &Timestamp| zone.weekday_minute(*at, now);
    let named = spans.iter().map(|(from, until)| format!("from {} to {}", time(from), time(until)));
    format!("Nothing to restore {}", and_list(&named.collect::<Vec<_>>()))
}

/// What of a gap is longer than backups are kept.
pub(super) fn beyond_retention(gap_secs: u64) -> Option<u64> {
    gap_secs.checked_sub(RETENTION.as_secs().unsigned_abs()).filter(|over| *over > 0)
}

/// The warning for this many seconds without a backup.
pub(super) fn gap_words(over_secs: u64, is_certain: bool) -> String {
    let verb = if is_certain { "Leaves" } else { "May leave" };
    format!("{verb} {} without a backup: backups are kept 7 days", rough_span(over_secs))
}

fn one_frequency(per_week: f64) -> String {
    let per_year = per_week * WEEKS_A_YEAR;
    if per_week <= 0.0 {
        return "no runs".to_owned();
    }
    if per_year < 0.95 {
        return format!("1 run in {} years", number(1.0 / per_year));
    }
    let (count, period) = if per_week < 0.95 { (per_year, "year") } else { (per_week, "week") };
    match number(count).as_str() {
        "1" => format!("1 run a {period}"),
        count => format!("{count} runs a {period}"),
    }
}

/// A whole number; one decimal where a small one is not whole.
fn number(count: f64) -> String {
    let whole = count.round();
    if (count - whole).abs() < 0.05 || count >= 10.0 { format!("{whole:.0}") } else { format!("{count:.1}") }
}

/// A long time in rough words: `up to 3 days`, `about 3 weeks`, `about 4 years`.
fn rough_span(secs: u64) -> String {
    let days = secs.div_ceil(86_400);
    match days {
        1 => "up to a day".to_owned(),
        2..14 => format!("up to {days} days"),
        14..60 => format!("about {} weeks", (days + 3) / 7),
        60..700 => format!("about {} months", (days * 12 + 182) / 365),
        _ => format!("about {} years", (days + 182) / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cron(text: &str) -> Cron {
        Cron::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn runs_are_counted_by_the_week_the_year_or_the_years() {
        let cases = [
            ("0 2 * * 1-5", "5 runs a week"),
            ("0 2 * * 0", "1 run a week"),
            ("0 2 1 * *", "12 runs a year"),
            ("0 * * * *", "168 runs a week"),
            ("0 2 */2 * *", "3.6 runs a week"),
            ("0 2 1 1 *", "1 run a year"),
            ("0 0 29 2 *", "1 run in 4 years"),
            ("0 0 31 2 *", "no runs"),
            ("0 0 */2 * 1", "27 or 212 runs a year"),
            ("0 0 1-7 * */7", "12 or 124 runs a year"),
            ("0 0 30 2 */2", "no runs or 16 runs a year"),
            ("0 0 29 2 */7", "1 run in 28 years or 4.2 runs a year"),
        ];
        for (text, want) in cases {
            assert_eq!(cron(text).frequency(), want, "{text}");
        }
    }

    #[test]
    fn gaps_longer_than_backups_are_kept_are_named() {
        let leaves = |what: &str| Some(format!("Leaves {what} without a backup: backups are kept 7 days"));
        let may = |what: &str| Some(format!("May leave {what} without a backup: backups are kept 7 days"));
        let cases = [
            ("0 2 * * *", None),
            ("0 2 * * 0", None),
            ("0 2 1,8,15,22 * *", leaves("up to 3 days")),
            ("0 2 1,15 * *", leaves("up to 10 days")),
            ("0 2 1 * *", leaves("about 3 weeks")),
            ("0 2 1 1,7 *", leaves("about 6 months")),
            ("0 2 1 1 *", leaves("about 12 months")),
            ("0 0 29 2 *", leaves("about 4 years")),
            ("0 0 31 2 *", None),
            ("0 0 */2 * 1", may("about 2 weeks")),
            ("30 1 1-31 * 1", None),
        ];
        for (text, want) in cases {
            assert_eq!(cron(text).gap_warning(), want, "{text}");
        }
    }
}
