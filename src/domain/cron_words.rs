//! Cron in English. Two expressions that run at different times never read the same.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::cron::{Cron, CronField, FieldSet};
use super::{Recurrence, Zone};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Up to this many times of day are written out.
const MAX_LISTED_TIMES: usize = 4;

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and_list(items: &[String]) -> String {
    joined_list(items, "and")
}

fn joined_list(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

impl Cron {
    /// The expression in words, without a zone and without a full stop: `At 02:00, Monday to Friday`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let never = if self.is_never() { ", a date that does not exist" } else { "" };
        format!("{}{}{never}", self.time_words(), self.day_words())
    }

    /// The same with its zone: `At 02:00 UTC, Monday to Friday`. What is alike in every zone names none: `Every 15 minutes`.
    #[must_use]
    pub fn utc_sentence(&self) -> String {
        let never = if self.is_never() { ", a date that does not exist" } else { "" };
        let (time, days) = (self.time_words(), self.day_words());
        if time.contains(':') {
            return format!("{time} UTC{days}{never}");
        }
        let is_alike = days.is_empty() && self.hours.bits == CronField::Hour.full_set();
        format!("{time}{days}{never}{}", if is_alike { "" } else { " UTC" })
    }

    /// The times of day, where they are few enough to be written out.
    fn listed_times(&self) -> Option<Vec<String>> {
        let count = self.minutes.values().count() * self.hours.values().count();
        let times = self.hours.values().flat_map(|hour| self.minutes.values().map(move |minute| clock(hour, minute)));
        (count <= MAX_LISTED_TIMES).then(|| times.collect())
    }

    fn time_words(&self) -> String {
        if let Some(times) = self.listed_times() {
            return format!("At {}", and_list(&times));
        }
        let hours = Shape::of(self.hours, CronField::Hour);
        match Shape::of(self.minutes, CronField::Minute) {
            Shape::All => format!("Every minute{}", during(&hours)),
            Shape::Every { step, from: 0 } if 60 % step == 0 => format!("Every {step} minutes{}", during(&hours)),
            Shape::One(0) => on_the_hour(&hours),
            Shape::One(minute) => format!("At minute {minute}{}", of_hours(&hours)),
            Shape::Range(first, last) => format!("At minutes {first} to {last}{}", of_hours(&hours)),
            Shape::Every { step, from } => {
                format!("At every {} minute from minute {from}{}", ordinal(step), of_hours(&hours))
            }
            Shape::List(minutes) => format!("At minutes {}{}", and_list(&number_runs(&minutes)), of_hours(&hours)),
        }
    }

    fn day_words(&self) -> String {
        let months = month_names(self.months);
        let of_month = months.as_ref().map_or_else(|| " of the month".to_owned(), |months| format!(" of {months}"));
        let in_month = months.map(|months| format!(" in {months}")).unwrap_or_default();
        let is_every_day = self.days.bits == CronField::DayOfMonth.full_set();
        let is_every_weekday = self.weekdays.bits == CronField::Weekday.full_set();
        let is_at_times = self.listed_times().is_some();
        let is_unrestricted =
            if self.is_either_day() { is_every_day || is_every_weekday } else { is_every_day && is_every_weekday };
        if is_unrestricted {
            let every_day = if is_at_times { " every day" } else { "" };
            return format!("{every_day}{in_month}");
        }
        let days = day_numbers(self.days);
        if self.is_either_day() {
            let weekdays = match weekday_runs(self.weekdays).as_slice() {
                [only] if only.contains(" to ") => format!("every day from {only}"),
                runs => format!("every {}", and_list(runs)),
            };
            return format!("{days}{of_month}, and on {weekdays}{in_month}");
        }
        if is_every_weekday {
            return format!("{days}{of_month}");
        }
        if !is_every_day {
            let names: Vec<String> = weekdays_in_order(self.weekdays).map(|(_, name)| name.to_owned()).collect();
            return format!("{days}{of_month}, if it is a {}", joined_list(&names, "or"));
        }
        match weekday_runs(self.weekdays).as_slice() {
            [only] if only.contains(" to ") => {
                let comma = if in_month.is_empty() { "" } else { "," };
                format!(", {only}{comma}{in_month}")
            }
            runs => format!("{} {}{in_month}", if is_at_times { " every" } else { " on every" }, and_list(runs)),
        }
    }
}

/// What the numbers of a field look like.
enum Shape {
    All,
    One(u8),
    /// Three or more in a row.
    Range(u8, u8),
    /// Three or more at equal distances, up to the end of the field.
    Every {
        step: u8,
        from: u8,
    },
    List(Vec<u8>),
}

impl Shape {
    fn of(set: FieldSet, field: CronField) -> Self {
        if set.bits == field.full_set() {
            return Self::All;
        }
        let values: Vec<u8> = set.values().collect();
        if let [one] = values.as_slice() {
            return Self::One(*one);
        }
        if let [first, second, .., last] = values.as_slice() {
            let step = second - first;
            let is_even = values.iter().zip(values.iter().skip(1)).all(|(a, b)| b - a == step);
            if is_even && step == 1 {
                return Self::Range(*first, *last);
            }
            if is_even && last + step > *field.range().end() {
                return Self::Every { step, from: *first };
            }
        }
        Self::List(values)
    }
}

fn clock(hour: u8, minute: u8) -> String {
    format!("{hour:02}:{minute:02}")
}

/// The hours in which something happens again and again.
fn during(hours: &Shape) -> String {
    match hours {
        Shape::All => String::new(),
        Shape::One(hour) => format!(" from {} to {}", clock(*hour, 0), clock(*hour, 59)),
        Shape::Range(first, last) => format!(" from {} to {}", clock(*first, 0), clock(*last, 59)),
        Shape::Every { .. } | Shape::List(_) => format!(" during{}", of_hours(hours).trim_start_matches(" of")),
    }
}

/// The hours at whose start something happens.
fn on_the_hour(hours: &Shape) -> String {
    match hours {
        Shape::All => "Every hour on the hour".to_owned(),
        Shape::Range(first, last) => format!("Every hour from {} to {}", clock(*first, 0), clock(*last, 0)),
        Shape::Every { step, from: 0 } if 24 % step == 0 => format!("Every {step} hours"),
        _ => format!("At minute 0{}", of_hours(hours)),
    }
}

/// The hours that minutes are minutes of.
fn of_hours(hours: &Shape) -> String {
    match hours {
        Shape::All => " of every hour".to_owned(),
        Shape::One(hour) => format!(" of hour {hour}"),
        Shape::Range(first, last) => format!(" of every hour from {first} to {last}"),
        Shape::Every { step, from } => format!(" of every {} hour from hour {from}", ordinal(*step)),
        Shape::List(hours) => format!(" of hours {}", and_list(&number_runs(hours))),
    }
}

fn day_numbers(days: FieldSet) -> String {
    match Shape::of(days, CronField::DayOfMonth) {
        Shape::All => " on every day".to_owned(),
        Shape::One(day) => format!(" on day {day}"),
        Shape::Range(first, last) => format!(" on days {first} to {last}"),
        Shape::Every { step, from } => format!(" on every {} day from day {from}", ordinal(step)),
        Shape::List(days) => format!(" on days {}", and_list(&number_runs(&days))),
    }
}

/// The months by name; `None` where it is every month.
fn month_names(months: FieldSet) -> Option<String> {
    let is_every_month = months.bits == CronField::Month.full_set();
    let named = MONTHS.iter().zip(1..).filter(|(_, number)| months.has(*number));
    let places: Vec<(u8, &str)> = named.map(|(name, number)| (number.unsigned_abs(), *name)).collect();
    (!is_every_month).then(|| and_list(&runs(&places)))
}

/// The weekdays from Monday on, with their place in the week.
fn weekdays_in_order(weekdays: FieldSet) -> impl Iterator<Item = (u8, &'static str)> {
    let from_monday = (0..7).zip(WEEKDAYS.iter().zip(0..).cycle().skip(1));
    from_monday.filter(move |(_, (_, number))| weekdays.has(*number)).map(|(place, (name, _))| (place, *name))
}

fn weekday_runs(weekdays: FieldSet) -> Vec<String> {
    runs(&weekdays_in_order(weekdays).collect::<Vec<_>>())
}

fn number_runs(values: &[u8]) -> Vec<String> {
    let texts: Vec<(u8, String)> = values.iter().map(|value| (*value, value.to_string())).collect();
    runs(&texts)
}

/// Writes three or more neighbours as `first to last`.
fn runs<T: AsRef<str>>(values: &[(u8, T)]) -> Vec<String> {
    let neighbours = values.chunk_by(|(a, _), (b, _)| a + 1 == *b);
    neighbours
        .flat_map(|run| match run {
            [(_, first), _, .., (_, last)] => vec![format!("{} to {}", first.as_ref(), last.as_ref())],
            short => short.iter().map(|(_, text)| text.as_ref().to_owned()).collect(),
        })
        .collect()
}

fn ordinal(number: u8) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// A recurrence in words: `Once`, the sentence of its expression, or its text where it is none.
#[must_use]
pub fn recurrence_sentence(recurrence: &Recurrence) -> String {
    match recurrence {
        Recurrence::Once => "Once".to_owned(),
        Recurrence::Text(text) => Cron::parse(text).map_or_else(|_| text.to_string(), |cron| cron.sentence()),
    }
}

/// One time of day on two clocks, with the next change of the clocks: `02:00 UTC = 03:00 in Berlin (04:00 from 28 March)`.
/// `None` for an expression with several times of day or without runs, and where the other clock is UTC itself.
#[must_use]
pub fn clock_sentence(cron: &Cron, local: &Zone, now: Timestamp) -> Option<String> {
    let mut times = cron.hours.values().flat_map(|hour| cron.minutes.values().map(move |minute| clock(hour, minute)));
    let time = times.next().filter(|_| times.next().is_none())?;
    if local.label() == "UTC" {
        return None;
    }
    let utc = Zone::utc();
    let local_time = |at: Timestamp| {
        let there = local.time_zone().to_datetime(at);
        format!("{}{}", local.minute(at), day_shift(utc.time_zone().to_datetime(at), there))
    };
    let next = cron.next_after(now)?;
    let first = local_time(next);
    // A zone has at most a few changes a year; four reach far enough to find one that matters.
    let change = local.time_zone().following(next).take(4).find_map(|transition| {
        let before = Timestamp::from_second(transition.timestamp().as_second() - 1).ok()?;
        let run = cron.next_after(before)?;
        let time = local_time(run);
        (time != first).then(|| {
            let is_far = run.as_second() - now.as_second() > 360 * 86_400;
            let date =
                local.time_zone().to_datetime(run).strftime(if is_far { "%-d %B %Y" } else { "%-d %B" }).to_string();
            format!(" ({time} from {date})")
        })
    });
    let place = match local.label().rsplit('/').next() {
        Some("local") | None => "on this computer".to_owned(),
        Some(city) => format!("in {}", city.replace('_', " ")),
    };
    Some(format!("{time} UTC = {first} {place}{}", change.unwrap_or_default()))
}

fn day_shift(utc: DateTime, there: DateTime) -> &'static str {
    match there.date().cmp(&utc.date()) {
        std::cmp::Ordering::Less => " the day before",
        std::cmp::Ordering::Equal => "",
        std::cmp::Ordering::Greater => " the day after",
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::super::cron::tests::any_cron;
    use super::*;

    #[test]
    fn common_shapes_read_naturally() {
        let cases = [
            ("0 2 * * 1-5", "At 02:00, Monday to Friday"),
            ("*/15 * * * *", "Every 15 minutes"),
            ("* * * * *", "Every minute"),
            ("5 * * * *", "At minute 5 of every hour"),
            ("0 * * * *", "Every hour on the hour"),
            ("0 2 1 * *", "At 02:00 on day 1 of the month"),
            ("0 2,14 * * *", "At 02:00 and 14:00 every day"),
            ("0 2 * * *", "At 02:00 every day"),
            ("0 */6 * * *", "At 00:00, 06:00, 12:00 and 18:00 every day"),
            ("0 */2 * * *", "Every 2 hours"),
            ("0 1/2 * * *", "At minute 0 of every 2nd hour from hour 1"),
            ("0 9-17 * * 1-5", "Every hour from 09:00 to 17:00, Monday to Friday"),
            ("0 2 1 * 1", "At 02:00 on day 1 of the month, and on every Monday"),
            ("0 2 1 6 1-5", "At 02:00 on day 1 of June, and on every day from Monday to Friday in June"),
            ("0 2 * * 0", "At 02:00 every Sunday"),
            ("0 2 * * 6,0", "At 02:00 every Saturday and Sunday"),
            ("0 2 * * 1,3,5", "At 02:00 every Monday, Wednesday and Friday"),
            ("*/15 9-17 * * 1", "Every 15 minutes from 09:00 to 17:59 on every Monday"),
            ("*/10 1,5,9 * * *", "Every 10 minutes during hours 1, 5 and 9"),
            ("*/10 */2 * * *", "Every 10 minutes during every 2nd hour from hour 0"),
            ("0 2 1,15 1,7 *", "At 02:00 on days 1 and 15 of January and July"),
            ("0 2 1-7 * *", "At 02:00 on days 1 to 7 of the month"),
            ("0 2 */2 * *", "At 02:00 on every 2nd day from day 1 of the month"),
            ("0 2 */2 * 1,5", "At 02:00 on every 2nd day from day 1 of the month, if it is a Monday or Friday"),
            ("0 2 * 1-3 *", "At 02:00 every day in January to March"),
            ("0 2 * 1 1-5", "At 02:00, Monday to Friday, in January"),
            ("0 2 1-31 * 1", "At 02:00 every day"),
            ("*/7 * * * *", "At every 7th minute from minute 0 of every hour"),
            ("1-5,9 * * * *", "At minutes 1 to 5 and 9 of every hour"),
            ("0-40/10 * * * *", "At minutes 0, 10, 20, 30 and 40 of every hour"),
            ("9-49/10 * * * *", "At minutes 9, 19, 29, 39 and 49 of every hour"),
            ("9-59/10 * * * *", "At every 10th minute from minute 9 of every hour"),
            ("* 9 * * *", "Every minute from 09:00 to 09:59"),
            ("1-5 9 * * *", "At minutes 1 to 5 of hour 9"),
            ("1-5 9-17 * * *", "At minutes 1 to 5 of every hour from 9 to 17"),
            ("7 9-17 * * *", "At minute 7 of every hour from 9 to 17"),
            ("0 */5 * * *", "At minute 0 of every 5th hour from hour 0"),
            ("0 2 31 2 *", "At 02:00 on day 31 of February, a date that does not exist"),
        ];
        for (text, want) in cases {
            assert_eq!(Cron::parse(text).unwrap().sentence(), want, "{text}");
        }
        assert_eq!(recurrence_sentence(&Recurrence::read("Once")), "Once");
        assert_eq!(recurrence_sentence(&Recurrence::read("cron")), "cron");
        assert_eq!(recurrence_sentence(&Recurrence::read("0 2 * * SUN")), "At 02:00 every Sunday");
        let with_zone = [
            ("0 2 * * 1-5", "At 02:00 UTC, Monday to Friday"),
            ("0 2,14 * * *", "At 02:00 and 14:00 UTC every day"),
            ("*/15 * * * *", "Every 15 minutes"),
            ("*/15 * * * 1", "Every 15 minutes on every Monday UTC"),
            ("0 1/2 * * *", "At minute 0 of every 2nd hour from hour 1 UTC"),
        ];
        for (text, want) in with_zone {
            assert_eq!(Cron::parse(text).unwrap().utc_sentence(), want, "{text}");
        }
    }

    #[test]
    fn two_clocks_name_the_next_change() {
        let cases = [
            (
                "0 2 * * *",
                "Europe/Berlin",
                "2026-11-23T12:00:00Z",
                Some("02:00 UTC = 03:00 in Berlin (04:00 from 28 March)"),
            ),
            (
                "0 2 * * *",
                "Europe/Berlin",
                "2026-07-23T12:00:00Z",
                Some("02:00 UTC = 04:00 in Berlin (03:00 from 25 October)"),
            ),
            ("30 23 * * *", "Asia/Kolkata", "2026-07-23T12:00:00Z", Some("23:30 UTC = 05:00 the day after in Kolkata")),
            (
                "0 4 * * *",
                "America/New_York",
                "2026-11-23T12:00:00Z",
                Some("04:00 UTC = 23:00 the day before in New York (00:00 from 15 March)"),
            ),
            // In 2030 and 2031 summer begins after the 28th.
            (
                "0 2 28 3 *",
                "Europe/Berlin",
                "2029-06-01T12:00:00Z",
                Some("02:00 UTC = 03:00 in Berlin (04:00 from 28 March 2032)"),
            ),
            // The change does not touch a run that is always in summer.
            ("0 2 1 7 *", "Europe/Berlin", "2026-11-23T12:00:00Z", Some("02:00 UTC = 04:00 in Berlin")),
            ("0 2,3 * * *", "Europe/Berlin", "2026-11-23T12:00:00Z", None),
            ("0 2 * * *", "UTC", "2026-11-23T12:00:00Z", None),
            ("0 2 31 2 *", "Europe/Berlin", "2026-11-23T12:00:00Z", None),
        ];
        for (text, zone, now, want) in cases {
            let zone = Zone::new(TimeZone::get(zone).unwrap());
            let found = clock_sentence(&Cron::parse(text).unwrap(), &zone, now.parse().unwrap());
            assert_eq!(found.as_deref(), want, "{text}");
        }
        let nameless = Zone::new(TimeZone::fixed(jiff::tz::offset(3)));
        let found = clock_sentence(&Cron::parse("0 2 * * *").unwrap(), &nameless, Timestamp::UNIX_EPOCH);
        assert_eq!(found.as_deref(), Some("02:00 UTC = 05:00 on this computer"));
    }

    #[test]
    fn numbers_of_an_order_end_as_they_are_spoken() {
        let cases = [
            (2, "2nd"),
            (3, "3rd"),
            (4, "4th"),
            (11, "11th"),
            (12, "12th"),
            (13, "13th"),
            (20, "20th"),
            (21, "21st"),
            (22, "22nd"),
            (23, "23rd"),
        ];
        for (number, want) in cases {
            assert_eq!(ordinal(number), want);
        }
    }

    /// What decides the runs: a sentence may only be shared where all of this is.
    fn meaning(cron: &Cron) -> impl PartialEq + std::fmt::Debug {
        let from = "2027-01-01T00:00:00Z".parse().unwrap();
        (cron.minutes.bits, cron.hours.bits, cron.runs_per_week().to_bits(), cron.upcoming(from, 300))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn sentences_tell_expressions_apart(text in any_cron(), other in any_cron(), place in 0_usize..5) {
            let mut fields: Vec<&str> = text.split(' ').collect();
            fields[place] = other.split(' ').nth(place).unwrap();
            let (a, b) = (Cron::parse(&text).unwrap(), Cron::parse(&fields.join(" ")).unwrap());
            if a.sentence() == b.sentence() {
                prop_assert_eq!(meaning(&a), meaning(&b), "{} and {}: {}", a, b, a.sentence());
            }
        }
    }
}
