//! How the two day fields of an expression combine.
//!
//! Where the day of the month and the weekday are both given, a day matches when *either* does; where one of the two is open
//! (`*`), the other decides alone. Cron programs agree so far, but not about which spellings besides `*` leave a field open:
//! `*/2`, `1,*`, `1-31`. It is not known which program SkySQL runs, so an expression has two readings where that matters.

use super::expression::Cron;
use super::field::{CronField, FieldSet, Star};
use super::runs::{DayRule, Reading};

/// Programs that agree about when a day field is open.
struct Programs {
    names: &'static str,
    is_open: fn(FieldSet, CronField) -> bool,
}

/// Each was run on the spellings in question; docs/cron.md has the versions and results. Others agree with one of these, or
/// with one here and another there: croniter, cronsim.
const PROGRAMS: [Programs; 4] = [
    Programs {
        names: "Kubernetes",
        is_open: |set, _| matches!(set.star, Star::Alone | Star::LeadingWhole | Star::LaterWhole),
    },
    Programs {
        names: "Debian cron, cronie",
        is_open: |set, _| matches!(set.star, Star::Alone | Star::LeadingWhole | Star::LeadingStep),
    },
    Programs { names: "cron-parser, croner", is_open: |set, _| set.star == Star::Alone },
    Programs { names: "npm cron", is_open: |set, field| set.is_full(field) },
];

impl Programs {
    fn rule(&self, cron: &Cron) -> DayRule {
        let is_one_open =
            (self.is_open)(cron.days, CronField::DayOfMonth) || (self.is_open)(cron.weekdays, CronField::Weekday);
        if is_one_open { DayRule::Both } else { DayRule::Either }
    }
}

/// When an expression runs: once for all programs, or in two ways.
#[derive(Clone, Copy, Debug)]
pub struct Readings<'a> {
    /// The reading with fewer runs. What it runs, the other one runs too, so these runs are sure.
    pub narrow: Reading<'a>,
    /// The reading with more runs, where programs differ.
    pub wide: Option<Reading<'a>>,
}

impl<'a> Readings<'a> {
    /// The reading that has all runs of all readings.
    #[must_use]
    pub fn widest(&self) -> Reading<'a> {
        self.wide.unwrap_or(self.narrow)
    }
}

impl Cron {
    /// When it runs; two readings only where they differ in real dates.
    #[must_use]
    pub fn readings(&self) -> Readings<'_> {
        let of = |rule| Reading { cron: self, rule };
        let rules = PROGRAMS.iter().map(|group| group.rule(self));
        let (has_both, has_either) = rules.fold((false, false), |(both, either), rule| {
            (both || rule == DayRule::Both, either || rule == DayRule::Either)
        });
        let is_every_day = self.days.is_full(CronField::DayOfMonth) && self.weekdays.is_full(CronField::Weekday);
        match (has_both, has_either) {
            (true, true) if !is_every_day => Readings { narrow: of(DayRule::Both), wide: Some(of(DayRule::Either)) },
            (false, true) => Readings { narrow: of(DayRule::Either), wide: None },
            _ => Readings { narrow: of(DayRule::Both), wide: None },
        }
    }

    /// The programs that combine the two day fields so: `Debian cron, cronie`.
    #[must_use]
    pub fn programs(&self, rule: DayRule) -> String {
        let names = PROGRAMS.iter().filter(|group| group.rule(self) == rule).map(|group| group.names);
        names.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::cron;
    use super::*;

    #[test]
    fn two_readings_only_where_programs_differ_and_dates_too() {
        use DayRule::{Both, Either};
        let cases: [(&str, &[DayRule]); 26] = [
            ("0 0 * * *", &[Both]),
            ("0 0 1 * *", &[Both]),
            ("0 0 * * 1", &[Both]),
            ("0 0 13 * 5", &[Either]),
            ("0 0 1,15 * 1-5", &[Either]),
            ("0 0 */2 * *", &[Both]),
            ("0 0 * * */2", &[Both]),
            ("0 0 ? * 1", &[Both]),
            ("0 0 */2 * 1", &[Both, Either]),
            ("0 0 */2,5 * 1", &[Both, Either]),
            ("0 0 1 * */2", &[Both, Either]),
            ("0 0 */2 * */2", &[Both, Either]),
            ("0 0 */2 * 0-6", &[Both, Either]),
            ("0 0 1-7 * */7", &[Both, Either]),
            ("0 0 1,* * 1", &[Both, Either]),
            ("0 0 *,1 * 1", &[Both, Either]),
            ("0 0 1 * 1,*", &[Both, Either]),
            ("0 0 */1 * 1", &[Both, Either]),
            ("0 0 1 * */1", &[Both, Either]),
            ("0 0 1-31 * 1", &[Both, Either]),
            ("0 0 1 * 0-6", &[Both, Either]),
            ("0 0 1 * 0-7", &[Both, Either]),
            ("0 0 1-31/2 * 1", &[Either]),
            // Every day by either reading.
            ("0 0 1-31 * 0-6", &[Both]),
            ("0 0 */1 * 0-6", &[Both]),
            ("0 0 */1 * */1", &[Both]),
        ];
        for (text, want) in cases {
            let cron = cron(text);
            let rules: Vec<DayRule> = cron.readings().iter().map(|reading| reading.rule).collect();
            assert_eq!(rules, want, "{text}");
            let programs = [cron.programs(Both), cron.programs(Either)];
            let is_two = cron.readings().wide.is_some();
            assert!(!is_two || programs.iter().all(|names| !names.is_empty()), "{text}: {programs:?}");
        }
        let star_step = cron("0 0 */2 * 1");
        assert_eq!(star_step.programs(Both), "Debian cron, cronie");
        assert_eq!(star_step.programs(Either), "Kubernetes, cron-parser, croner, npm cron");
    }
}
