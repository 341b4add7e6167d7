//! Five-field cron: what an expression matches, and how its two day fields combine.
//!
//! Where the day of the month and the weekday are both given, a day matches when *either* does; where one of the two is open
//! (`*`), the other decides alone. Cron programs agree so far, but not about which spellings besides `*` leave a field open:
//! `*/2`, `1,*`, `1-31`. Nobody knows which program SkySQL runs, so an expression has two readings where that matters.

use std::fmt;
use std::ops::RangeInclusive;

use super::parse::{ParseError, read};
use super::runs::{DayRule, Reading};

/// One of the five fields, in the order they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CronField {
    /// 0 to 59.
    Minute,
    /// 0 to 23, UTC.
    Hour,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 12, or JAN to DEC.
    Month,
    /// 0 to 6 from Sunday, or SUN to SAT; 7 is Sunday too.
    Weekday,
}

impl CronField {
    /// All five, in order.
    pub const ALL: [Self; 5] = [Self::Minute, Self::Hour, Self::DayOfMonth, Self::Month, Self::Weekday];

    /// The name on a form: sentence case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "Minute",
            Self::Hour => "Hour",
            Self::DayOfMonth => "Day of month",
            Self::Month => "Month",
            Self::Weekday => "Weekday",
        }
    }

    /// The smallest and the largest number of the field.
    #[must_use]
    pub fn range(self) -> RangeInclusive<u8> {
        match self {
            Self::Minute => 0..=59,
            Self::Hour => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::Weekday => 0..=6,
        }
    }

    /// The names read for its numbers, from the smallest.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Month => &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
            Self::Weekday => &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
            _ => &[],
        }
    }

    /// The bits of all its numbers.
    pub(super) fn full_set(self) -> u64 {
        self.range().fold(0, |set, value| set | bit(value))
    }
}

/// Why a text is no cron expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CronError {
    /// The field at fault, where it is one.
    pub field: Option<CronField>,
    /// What is wrong and what to write, for the user who typed it.
    pub message: String,
    /// Expressions to offer instead. One without a dialect means what was typed; several are for the user to choose from.
    pub fixes: Vec<OfferedFix>,
}

impl fmt::Display for CronError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CronError {}

/// An expression to offer in place of one that cannot be read, or that is not read alike everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedFix {
    /// Five fields that can be sent as they are.
    pub expression: String,
    /// Whose reading of the typed text it is, where programs differ: `Quartz`.
    pub dialect: Option<&'static str>,
    /// When it runs: `At 02:00 UTC every Monday`.
    pub meaning: String,
}

impl OfferedFix {
    /// The fix for what can be read; `None` where `expression` cannot.
    #[must_use]
    pub fn new(expression: &str, dialect: Option<&'static str>) -> Option<Self> {
        let cron = read(expression).ok()?;
        Some(Self { meaning: cron.describe_utc(), expression: cron.text, dialect })
    }

    /// The words on its button: `Quartz: At 02:00 UTC every Monday`, or `Use 0 2 * * 1`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.dialect {
            Some(dialect) => format!("{dialect}: {}", self.meaning),
            None => format!("Use {}", self.expression),
        }
    }
}

/// An expression that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    pub(super) text: String,
    pub(super) minutes: FieldSet,
    pub(super) hours: FieldSet,
    pub(super) days: FieldSet,
    pub(super) months: FieldSet,
    pub(super) weekdays: FieldSet,
}

/// The numbers one field matches, as bits, and how it is written with a star.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldSet {
    pub(super) bits: u64,
    pub(super) star: Star,
}

/// The ways to write a star that cron programs tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Star {
    /// No element is a star, or only one with a step that is not the first: `1-31`, `1,*/2`.
    None,
    /// `*` alone.
    Alone,
    /// `*/1`, `*,1`: it begins with a star, and an element is every number.
    LeadingWhole,
    /// `*/2`, `*/2,1`: it begins with a star that has a step.
    LeadingStep,
    /// `1,*`: an element is every number, but not the first.
    LaterWhole,
}

impl FieldSet {
    pub(super) fn has(self, value: i8) -> bool {
        u8::try_from(value).is_ok_and(|value| self.bits & bit(value) != 0)
    }

    /// The numbers in rising order.
    pub(super) fn values(self) -> impl Iterator<Item = u8> {
        (0..64).filter(move |value| self.bits & bit(*value) != 0)
    }

    pub(super) fn first(self) -> i8 {
        low(self.bits)
    }

    pub(super) fn is_full(self, field: CronField) -> bool {
        self.bits == field.full_set()
    }
}

pub(super) fn bit(value: u8) -> u64 {
    1_u64.checked_shl(u32::from(value)).unwrap_or(0)
}

/// The number of the lowest bit; 0 for an empty set, which no field has.
pub(super) fn low(bits: u64) -> i8 {
    if bits == 0 { 0 } else { i8::try_from(bits.trailing_zeros()).unwrap_or(0) }
}

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
    /// The one or two readings, the narrow one first.
    pub fn iter(&self) -> impl Iterator<Item = Reading<'a>> {
        std::iter::once(self.narrow).chain(self.wide)
    }

    /// The reading that has all runs of all readings.
    #[must_use]
    pub fn widest(&self) -> Reading<'a> {
        self.wide.unwrap_or(self.narrow)
    }
}

impl Cron {
    /// Reads an expression of five fields: minute, hour, day of month, month, weekday; or a word that stands for them, such as
    /// `@daily`. Lists, ranges, steps, `?` and English names are read; what is kept and sent is plain: numbers only, Sunday as
    /// 0, `5/15` as `5-59/15`.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        read(text).map_err(ParseError::explain)
    }

    /// The five fields as they are sent, joined by single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The five fields as they are sent.
    #[must_use]
    pub fn fields(&self) -> [String; 5] {
        let mut fields = self.text.split(' ');
        std::array::from_fn(|_| fields.next().unwrap_or("*").to_owned())
    }

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

    /// Where there are two readings: for each, the spelling that all programs read so, as far as there is one.
    #[must_use]
    pub fn unambiguous(&self) -> Vec<OfferedFix> {
        if self.readings().wide.is_none() {
            return Vec::new();
        }
        let [minute, hour, day, month, weekday] = self.fields();
        let is_full_day = self.days.is_full(CronField::DayOfMonth);
        let is_full_week = self.weekdays.is_full(CronField::Weekday);
        let (day, weekday) = (without_star(&day, CronField::DayOfMonth), without_star(&weekday, CronField::Weekday));
        let write =
            |day: &str, weekday: &str| OfferedFix::new(&format!("{minute} {hour} {day} {month} {weekday}"), None);
        let both = match (is_full_day, is_full_week) {
            (true, _) => write("*", &weekday),
            (_, true) => write(&day, "*"),
            // No spelling that asks for both is read alike everywhere.
            (false, false) => None,
        };
        let either = if is_full_day || is_full_week { write("*", "*") } else { write(&day, &weekday) };
        [both, either].into_iter().flatten().collect()
    }
}

/// A day field with its stars written as ranges: `1-31/2` for `*/2`.
fn without_star(field: &str, of: CronField) -> String {
    let (first, last) = of.range().into_inner();
    let items = field.split(',').map(|item| match item.strip_prefix('*') {
        Some(step) => format!("{first}-{last}{step}"),
        None => item.to_owned(),
    });
    items.collect::<Vec<_>>().join(",")
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The expression of the only fix, where there is no choice to make.
    pub(crate) fn sure_fix(error: &CronError) -> Option<&str> {
        match error.fixes.as_slice() {
            [only] if only.dialect.is_none() => Some(&only.expression),
            _ => None,
        }
    }

    pub(crate) fn cron(text: &str) -> Cron {
        Cron::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

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

    #[test]
    fn what_is_read_in_two_ways_has_a_spelling_that_is_not() {
        let cases: [(&str, &[&str]); 8] = [
            ("0 0 */2 * 1", &["0 0 1-31/2 * 1"]),
            ("0 0 1-7 * */7", &["0 0 1-7 * 0"]),
            ("0 0 1-31 * 1", &["0 0 * * 1", "0 0 * * *"]),
            ("0 0 */1 * 1", &["0 0 * * 1", "0 0 * * *"]),
            ("0 0 1,* * 1", &["0 0 * * 1", "0 0 * * *"]),
            ("0 0 */2 * 0-6", &["0 0 1-31/2 * *", "0 0 * * *"]),
            ("0 0 */2 * *", &[]),
            ("0 0 13 * 5", &[]),
        ];
        for (text, want) in cases {
            let found: Vec<String> = cron(text).unambiguous().into_iter().map(|fix| fix.expression).collect();
            assert_eq!(found, want, "{text}");
        }
        let fixes = cron("0 0 */2 * 1").unambiguous();
        assert_eq!(fixes[0].label(), "Use 0 0 1-31/2 * 1");
        assert_eq!(fixes[0].meaning, "At 00:00 UTC on odd days of the month and every Monday");
    }

    /// Random text of one field.
    pub(crate) fn field_text(min: u8, max: u8) -> impl Strategy<Value = String> {
        // 7 is a weekday, but neither a step nor the start of one.
        let (last, step) = if max == 7 { (6, 7) } else { (max, max - min + 1) };
        let item = prop_oneof![
            6 => (min..=max).prop_map(|v| v.to_string()),
            4 => (min..=max, min..=max).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
            2 => (min..=max, min..=max, 1..=step).prop_map(|(a, b, s)| format!("{}-{}/{s}", a.min(b), a.max(b))),
            2 => (1..=step).prop_map(|s| format!("*/{s}")),
            2 => (min..=last, 1..=step).prop_map(|(a, s)| format!("{a}/{s}")),
            1 => Just("*".to_owned()),
        ];
        prop_oneof![
            2 => Just("*".to_owned()),
            1 => (1..=step).prop_map(|s| format!("*/{s}")),
            3 => proptest::collection::vec(item, 1..4).prop_map(|items| items.join(",")),
        ]
    }

    /// Random expressions of all shapes.
    pub(crate) fn any_cron() -> impl Strategy<Value = String> {
        let fields = (field_text(0, 59), field_text(0, 23), field_text(1, 31), field_text(1, 12), field_text(0, 7));
        fields.prop_map(|(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month} {weekday}"))
    }

    /// All matching minutes over a whole cycle of the calendar would be many; its days and the times of day are not.
    fn runs_of(reading: Reading<'_>) -> impl PartialEq + fmt::Debug {
        let from = "2001-01-01T00:00:00Z".parse().unwrap();
        (reading.cycle(), reading.cron.hours.bits, reading.cron.minutes.bits, reading.next_after(from))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn what_is_sent_reads_as_itself(text in any_cron()) {
            let first = cron(&text);
            let again = cron(first.as_str());
            prop_assert_eq!(&first, &again);
            prop_assert_eq!(first.fields().join(" "), first.as_str());
            prop_assert!(first.as_str().split(' ').nth(4).is_some_and(|week| week == "*/7" || !week.split(',').any(|item| item == "7")));
        }

        #[test]
        fn two_readings_differ_and_unambiguous_spellings_are_one_of_them(text in any_cron()) {
            let cron = cron(&text);
            let readings = cron.readings();
            if let Some(wide) = readings.wide {
                prop_assert_ne!(format!("{:?}", runs_of(readings.narrow)), format!("{:?}", runs_of(wide)));
            }
            for fix in cron.unambiguous() {
                let plain = Cron::parse(&fix.expression).unwrap();
                prop_assert!(plain.readings().wide.is_none(), "{}", fix.expression);
                let runs = format!("{:?}", runs_of(plain.readings().narrow));
                prop_assert!(readings.iter().any(|reading| format!("{:?}", runs_of(reading)) == runs), "{}", fix.expression);
            }
        }
    }
}
