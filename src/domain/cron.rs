//! Five-field cron: what an expression matches, and how its two day fields combine.
//!
//! Where the day of the month and the weekday are both given, a day matches when *either* does; where one of the two is open
//! (`*`), the other decides alone. Cron programs agree so far, but not about which spellings besides `*` leave a field open:
//! `*/2`, `1,*`, `1-31`. Nobody knows which program SkySQL runs, so an expression has two readings where that matters.

use std::fmt;
use std::ops::RangeInclusive;

use super::cron_read::{Refusal, read};
use super::cron_run::{DayRule, Reading};

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

impl CronError {
    /// The only fix, where there is no choice to make.
    #[must_use]
    pub fn sure_fix(&self) -> Option<&OfferedFix> {
        match self.fixes.as_slice() {
            [only] if only.dialect.is_none() => Some(only),
            _ => None,
        }
    }
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
    pub(super) fn new(expression: &str, dialect: Option<&'static str>) -> Option<Self> {
        let cron = read(expression).ok()?;
        Some(Self { meaning: cron.utc_sentence(), expression: cron.text, dialect })
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
struct Reader {
    names: &'static str,
    is_open: fn(FieldSet, CronField) -> bool,
}

/// Each was run on the spellings in question; docs/cron.md has the versions and results.
const READERS: [Reader; 4] = [
    Reader {
        names: "Kubernetes, busybox",
        is_open: |set, _| matches!(set.star, Star::Alone | Star::LeadingWhole | Star::LaterWhole),
    },
    Reader {
        names: "Debian cron, cronie",
        is_open: |set, _| matches!(set.star, Star::Alone | Star::LeadingWhole | Star::LeadingStep),
    },
    Reader { names: "most libraries", is_open: |set, _| set.star == Star::Alone },
    Reader { names: "node-cron", is_open: |set, field| set.is_full(field) },
];

impl Reader {
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
        read(text).map_err(Refusal::explain)
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
        let rules = READERS.iter().map(|reader| reader.rule(self));
        let (has_both, has_either) =
            rules.fold((false, false), |(both, either), rule| (both || rule == DayRule::Both, either || rule == DayRule::Either));
        let is_every_day = self.days.is_full(CronField::DayOfMonth) && self.weekdays.is_full(CronField::Weekday);
        match (has_both, has_either) {
            (true, true) if !is_every_day => {
                Readings { narrow: of(DayRule::Both), wide: Some(of(DayRule::Either)) }
            }
            (false, true) => Readings { narrow: of(DayRule::Either), wide: None },
            _ => Readings { narrow: of(DayRule::Both), wide: None },
        }
    }

    /// The programs that combine the two day fields so: `Debian cron, cronie`.
    #[must_use]
    pub fn readers(&self, rule: DayRule) -> String {
        let names = READERS.iter().filter(|reader| reader.rule(self) == rule).map(|reader| reader.names);
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
        let write = |day: &str, weekday: &str| OfferedFix::new(&format!("{minute} {hour} {day} {month} {weekday}"), None);
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

/// Usual schedules, one click each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// On the hour.
    Hourly,
    /// Every night.
    Daily,
    /// Monday to Friday.
    Weekdays,
    /// Every Sunday.
    Weekly,
    /// On the first of the month.
    Monthly,
}

impl Preset {
    /// All, from often to seldom.
    pub const ALL: [Self; 5] = [Self::Hourly, Self::Daily, Self::Weekdays, Self::Weekly, Self::Monthly];

    /// The word on its button.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hourly => "Hourly",
            Self::Daily => "Daily",
            Self::Weekdays => "Weekdays",
            Self::Weekly => "Weekly",
            Self::Monthly => "Monthly",
        }
    }

    /// The expression it stands for.
    #[must_use]
    pub fn cron(self) -> &'static str {
        match self {
            Self::Hourly => "0 * * * *",
            Self::Daily => "0 2 * * *",
            Self::Weekdays => "0 2 * * 1-5",
            Self::Weekly => "0 2 * * 0",
            Self::Monthly => "0 2 1 * *",
        }
    }

    /// The preset an expression is, if it is one.
    #[must_use]
    pub fn of(cron: &Cron) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.cron() == cron.as_str())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn cron(text: &str) -> Cron {
        Cron::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn the_next_run_is_found() {
        let cases = [
            ("0 2 * * *", "2026-09-14T01:59:59Z", "2026-09-14T02:00:00Z"),
            ("0 2 * * *", "2026-09-14T02:00:00Z", "2026-09-15T02:00:00Z"),
            ("0 2 * * *", "2026-09-14T02:00:00.5Z", "2026-09-15T02:00:00Z"),
            ("* * * * *", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z"),
            ("*/15 9-17 * * 1-5", "2026-09-11T17:45:00Z", "2026-09-14T09:00:00Z"),
            ("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"),
            ("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z"),
            // Either the 13th or a Friday.
            ("0 0 13 * 5", "2026-09-12T00:00:00Z", "2026-09-13T00:00:00Z"),
            ("0 0 13 * 5", "2026-09-13T00:00:00Z", "2026-09-18T00:00:00Z"),
            // A leading star: an odd day that is a Monday.
            ("0 0 */2 * 1", "2026-09-01T00:00:00Z", "2026-09-07T00:00:00Z"),
            ("0 0 */2 * 1", "2026-09-07T00:00:00Z", "2026-09-21T00:00:00Z"),
            ("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"),
            ("0 0 1 1 *", "1969-06-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ];
        for (text, after, want) in cases {
            assert_eq!(cron(text).next_after(at(after)), Some(at(want)), "{text} after {after}");
        }
        for never in ["0 0 31 2 *", "0 0 30 2 */2", "0 0 31 4,6,9,11 *"] {
            assert_eq!(cron(never).next_after(at("2026-09-14T00:00:00Z")), None, "{never}");
            assert!(cron(never).is_never() && cron(never).upcoming(at("2026-09-14T00:00:00Z"), 3).is_empty());
        }
        let two = [at("2026-09-14T02:00:00Z"), at("2026-09-15T02:00:00Z")];
        assert_eq!(cron("0 2 * * *").upcoming(at("2026-09-14T00:00:00Z"), 2), two);
        assert!(!cron("0 0 31 2 1").is_never() && !cron("0 0 29 2 *").is_never());
        assert_eq!(cron("* * * * *").next_after(Timestamp::MAX), None);
        assert!(cron("* * * * *").next_after(Timestamp::MIN).is_some());
    }

    #[test]
    fn runs_a_week_and_the_shortest_gap() {
        let day = 86_400;
        let cases = [
            ("0 2 * * *", 7.0, Some(day)),
            ("0 2 * * 1-5", 5.0, Some(day)),
            ("0 2 * * 0", 1.0, Some(7 * day)),
            ("*/15 * * * *", 672.0, Some(900)),
            ("0 2,14 * * *", 14.0, Some(12 * 3600)),
            ("50 23 * * *", 7.0, Some(day)),
            ("0,50 0,23 * * 1,4", 8.0, Some(50 * 60)),
            ("0 0,23 * * *", 14.0, Some(3600)),
            ("0 2 1 * *", 12.0 * 28.0 / 1461.0, Some(28 * day)),
            ("0 0 29 2 *", 7.0 / 1461.0, Some(1461 * day)),
            ("0 0 31 2 *", 0.0, None),
        ];
        for (text, per_week, gap) in cases {
            let found = cron(text).runs_per_week();
            assert!((found - per_week).abs() < 1e-9, "{text}: {found} {per_week}");
            assert_eq!(cron(text).shortest_gap_secs(), gap, "{text}");
        }
    }

    #[test]
    fn a_schedule_runs_next_only_if_it_runs_at_all() {
        let now = at("2026-09-14T00:00:00Z");
        let schedule = |text: &str, suspended| Schedule {
            recurrence: Some(Recurrence::read(text)),
            suspended,
            ..Schedule::default()
        };
        assert_eq!(next_run(&schedule("0 2 * * *", None), now), Some(at("2026-09-14T02:00:00Z")));
        assert_eq!(next_run(&schedule("0 2 * * *", Some(true)), now), None);
        assert_eq!(next_run(&schedule("once", None), now), None);
        assert_eq!(next_run(&schedule("cron", None), now), None);
        assert_eq!(next_run(&Schedule::default(), now), None);
    }

    #[test]
    fn presets_are_expressions_and_find_themselves() {
        for preset in Preset::ALL {
            assert_eq!(Preset::of(&cron(preset.cron())), Some(preset));
            assert_eq!(cron(preset.cron()).to_string(), preset.cron());
        }
        assert_eq!(Preset::ALL.map(Preset::name), ["Hourly", "Daily", "Weekdays", "Weekly", "Monthly"]);
        assert_eq!(Preset::of(&cron("0  02 * * SUN")), Some(Preset::Weekly));
        assert_eq!(Preset::of(&cron("1 2 * * *")), None);
    }

    /// Random text of one field.
    pub(in crate::domain) fn field_text(min: u8, max: u8) -> impl Strategy<Value = String> {
        // 7 is a weekday, but neither a step nor the start of one.
        let (last, step) = if max == 7 { (6, 6) } else { (max, max - min) };
        let item = prop_oneof![
            3 => (min..=max).prop_map(|v| v.to_string()),
            2 => (min..=max, min..=max).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
            1 => (min..=max, min..=max, 1..=step).prop_map(|(a, b, s)| format!("{}-{}/{s}", a.min(b), a.max(b))),
            1 => (1..=step).prop_map(|s| format!("*/{s}")),
            1 => (min..=last, 1..=step).prop_map(|(a, s)| format!("{a}/{s}")),
        ];
        prop_oneof![2 => Just("*".to_owned()), 3 => proptest::collection::vec(item, 1..4).prop_map(|items| items.join(","))]
    }

    /// Random expressions of all shapes.
    pub(in crate::domain) fn any_cron() -> impl Strategy<Value = String> {
        let fields = (field_text(0, 59), field_text(0, 23), field_text(1, 31), field_text(1, 12), field_text(0, 7));
        fields.prop_map(|(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month} {weekday}"))
    }

    /// Whether a minute matches, told from the text alone by the plainest means.
    fn matches_plainly(text: &str, at: Timestamp) -> bool {
        let time = TimeZone::UTC.to_datetime(at);
        let weekday = time.weekday().to_sunday_zero_offset();
        let fields: Vec<&str> = text.split(' ').collect();
        let one = |field: &str, value: i8, min: i8, max: i8| {
            field.split(',').any(|item| {
                let (range, step) =
                    item.split_once('/').map_or((item, None), |(r, s)| (r, Some(s.parse::<i8>().unwrap())));
                let (from, to) = match range.split_once('-') {
                    _ if range == "*" => (min, max),
                    Some((a, b)) => (a.parse().unwrap(), b.parse().unwrap()),
                    None if step.is_some() => (range.parse::<i8>().unwrap(), max),
                    None => (range.parse().unwrap(), range.parse().unwrap()),
                };
                value >= from && value <= to && (value - from) % step.unwrap_or(1) == 0
            })
        };
        let day = one(fields[2], time.day(), 1, 31);
        let week = one(fields[4], weekday, 0, 6) || weekday == 0 && one(fields[4], 7, 0, 6);
        let both = fields[2].starts_with('*') || fields[4].starts_with('*');
        one(fields[0], time.minute(), 0, 59)
            && one(fields[1], time.hour(), 0, 23)
            && one(fields[3], time.month(), 1, 12)
            && if both { day && week } else { day || week }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn what_is_sent_reads_as_itself(text in any_cron()) {
            let first = cron(&text);
            let again = cron(first.as_str());
            prop_assert_eq!(&first, &again);
            prop_assert_eq!(first.fields().join(" "), first.as_str());
            prop_assert!(first.as_str().split(' ').nth(4).is_some_and(|weekday| !weekday.contains('7')));
        }

        #[test]
        fn the_next_run_is_what_a_walk_minute_by_minute_finds(
            text in any_cron(),
            start in 1_700_000_000_i64..1_900_000_000,
        ) {
            const HORIZON: i64 = 4 * 24 * 60;
            let start = Timestamp::from_second(start).unwrap();
            let first = start.as_second() / 60 + 1;
            let walked = (first..first + HORIZON).map(|m| Timestamp::from_second(m * 60).unwrap());
            let walked = walked.into_iter().find(|at| matches_plainly(&text, *at));
            let found = cron(&text).next_after(start);
            match walked {
                Some(walked) => prop_assert_eq!(found, Some(walked)),
                None => prop_assert!(found.is_none_or(|at| at.as_second() >= (first + HORIZON) * 60)),
            }
            prop_assert!(found.is_none_or(|at| at > start));
        }

        #[test]
        fn the_shortest_gap_is_never_longer_than_one_that_happens(text in any_cron()) {
            let cron = cron(&text);
            let runs = cron.upcoming(at("2026-09-14T00:00:00Z"), 200);
            let gap = cron.shortest_gap_secs();
            prop_assert_eq!(gap.is_none(), cron.runs_per_week() == 0.0);
            for (a, b) in runs.iter().zip(runs.iter().skip(1)) {
                prop_assert!(gap.unwrap() <= u64::try_from(b.as_second() - a.as_second()).unwrap());
            }
        }
    }
}
