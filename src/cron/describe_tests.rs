//! Cron in English, read back by a small interpreter of its own.

use std::collections::BTreeSet;

use jiff::civil::Date;
use proptest::prelude::*;

use super::Cron;
use super::field::{MONTHS, WEEKDAYS};
use super::runs::Reading;
use super::tests::{any_cron, cron};

/// What a description says, by its words alone.
#[derive(Debug, PartialEq)]
struct Said {
    /// Minutes of the day.
    times: BTreeSet<u16>,
    /// The days of one reading, or of two.
    days: Vec<BTreeSet<i32>>,
}

/// What is left to be read of a sentence.
#[derive(Clone, Copy)]
struct DescriptionParser<'a>(&'a str);

/// A number, or from one to another.
type Span = (u16, u16);

impl DescriptionParser<'_> {
    fn eat(&mut self, words: &str) -> bool {
        let rest = self.0.strip_prefix(words);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn number(&mut self) -> Option<u16> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let number = self.0[..end].parse().ok()?;
        self.0 = &self.0[end..];
        Some(number)
    }

    /// `:05`.
    fn minute(&mut self) -> Option<u16> {
        self.0.starts_with(':').then(|| self.0 = &self.0[1..])?;
        self.number()
    }

    /// `09:05`, in minutes of the day.
    fn clock(&mut self) -> Option<u16> {
        let mut ahead = *self;
        let time = ahead.number()? * 60 + ahead.minute()?;
        *self = ahead;
        Some(time)
    }

    fn name(&mut self, names: &[&str]) -> Option<u16> {
        let index = names.iter().position(|name| self.0.starts_with(name))?;
        self.eat(names[index]);
        Some(u16::try_from(index).unwrap())
    }

    fn month(&mut self) -> Option<u16> {
        self.name(&MONTHS).map(|month| month + 1)
    }

    fn weekday(&mut self) -> Option<u16> {
        let day = self.name(&WEEKDAYS)?;
        self.eat("s");
        Some(day)
    }

    /// `a`, `a to b`, `a, b to c and d`.
    fn list(&mut self, item: impl Fn(&mut Self) -> Option<u16>) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut ahead = *self;
        while let Some(first) = item(&mut ahead) {
            let mut range = ahead;
            let last = if range.eat(" to ") { item(&mut range) } else { None };
            if last.is_some() {
                ahead = range;
            }
            spans.push((first, last.unwrap_or(first)));
            *self = ahead;
            if !(ahead.eat(", ") || ahead.eat(" and ") || ahead.eat(" or ")) {
                break;
            }
        }
        spans
    }

    /// The times of day.
    fn times(&mut self) -> BTreeSet<u16> {
        if self.eat("At ") || self.eat("at ") {
            let clocks = self.list(Self::clock);
            if !clocks.is_empty() {
                return clocks.into_iter().map(|(time, _)| time).collect();
            }
            let minutes = self.list(Self::minute);
            return combined(&self.hours(" in the hour").expect("hours"), &minutes);
        }
        assert!(self.eat("Every ") || self.eat("every "), "{}", self.0);
        let step = if self.0.starts_with(|c: char| c.is_ascii_digit()) { self.number().unwrap() } else { 1 };
        self.eat(" ");
        if self.eat("minute") {
            self.eat("s");
            self.minutes_apart(step)
        } else {
            assert!(self.eat("hour"), "{}", self.0);
            self.eat("s");
            self.hours_apart(step)
        }
    }

    fn hours(&mut self, words: &str) -> Option<Vec<Span>> {
        if !self.eat(words) {
            return None;
        }
        self.eat("s");
        assert!(self.eat(" "));
        Some(self.list(Self::number))
    }

    fn minutes_apart(&mut self, step: u16) -> BTreeSet<u16> {
        let mut ahead = *self;
        if ahead.eat(" from ")
            && let Some(first) = ahead.clock()
        {
            assert!(ahead.eat(" to "));
            let last = ahead.clock().unwrap();
            *self = ahead;
            // As it says: at this distance, over the hours too.
            let times: BTreeSet<u16> = (first..=last).step_by(step.into()).collect();
            assert_eq!(times.last(), Some(&last));
            return times;
        }
        if !(self.0.starts_with(" from :") && self.eat(" from ")) {
            assert_eq!(60 % step, 0, "this distance does not go over the hour");
            return (0..1440).step_by(step.into()).collect();
        }
        let first = self.minute().unwrap();
        if !self.eat(" to ") {
            assert_eq!(60 % step, 0, "this distance does not go over the hour");
            return (first..1440).step_by(step.into()).collect();
        }
        let last = self.minute().unwrap();
        let minutes: Vec<Span> = (first..=last).step_by(step.into()).map(|minute| (minute, minute)).collect();
        assert_eq!(minutes.last(), Some(&(last, last)));
        if self.eat(" (restarts each hour)") {
            return combined(&[(0, 23)], &minutes);
        }
        combined(&self.hours(", in the hour").expect("hours"), &minutes)
    }

    fn hours_apart(&mut self, step: u16) -> BTreeSet<u16> {
        let every = |first: u16, last: u16| -> Vec<Span> {
            (first / 60..=last / 60).step_by(step.into()).map(|hour| (hour, hour)).collect()
        };
        if self.eat(" on the hour") {
            assert_eq!(step, 1);
            return combined(&[(0, 23)], &[(0, 0)]);
        }
        let minutes = if self.eat(" at ") { self.list(Self::minute) } else { Vec::new() };
        // Months may follow in the same words.
        let is_clock =
            |words: &str| self.0.strip_prefix(words).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !(is_clock(", from ") || is_clock(" from ")) {
            assert_eq!(24 % step, 0, "this distance does not go over midnight");
            return combined(&every(0, 1439), &minutes);
        }
        self.eat(",");
        self.eat(" from ");
        let first = self.clock().unwrap();
        if !self.eat(" to ") {
            assert_eq!(24 % step, 0, "this distance does not go over midnight");
            return combined(&every(first, 1439), &minutes);
        }
        let last = self.clock().unwrap();
        assert_eq!(self.eat(" (restarts each day)"), step > 1);
        let minutes = if minutes.is_empty() { vec![(first % 60, first % 60)] } else { minutes };
        let times = combined(&every(first, last), &minutes);
        assert_eq!((times.first(), times.last()), (Some(&first), Some(&last)));
        times
    }

    /// The months that days are of or in; every month where none is named.
    fn months(&mut self) -> Vec<Span> {
        let words = [" of each month from ", ", from ", ", in ", " from ", " in ", " of "];
        if self.eat(" of the month") || !words.iter().any(|words| self.eat(words)) {
            return vec![(1, 12)];
        }
        self.list(Self::month)
    }

    /// One reading's days, counted from 1 January 2001.
    fn days(&mut self) -> BTreeSet<i32> {
        let mut ahead = *self;
        if ahead.eat("on ") || ahead.0.starts_with("from day") {
            let weekdays = ahead.list(Self::weekday);
            if weekdays.is_empty() {
                return self.dates();
            }
            *self = ahead;
            let months = self.months();
            return these_days(|date| within(&weekdays, weekday(date)) && within(&months, month(date)));
        }
        let is_every = self.eat("every ");
        let is_from_weekday = WEEKDAYS.iter().any(|name| self.0.starts_with(&format!("day from {name}")));
        if is_from_weekday && self.eat("day from ") || !(is_every && self.eat("day")) {
            let weekdays = self.list(Self::weekday);
            let months = self.months();
            assert!(!weekdays.is_empty() || months != [(1, 12)], "{}", self.0);
            return these_days(|date| {
                (weekdays.is_empty() || within(&weekdays, weekday(date))) && within(&months, month(date))
            });
        }
        let months = self.months();
        these_days(|date| within(&months, month(date)))
    }

    /// Days of the month, alone, or with weekdays as well.
    fn dates(&mut self) -> BTreeSet<i32> {
        let (days, months) = self.day_numbers();
        let dates = these_days(|date| within(&days, day(date)) && within(&months, month(date)));
        self.notes(&days, &months, &dates);
        if self.eat(" and every ") {
            self.eat("day from ");
            let weekdays = self.list(Self::weekday);
            let months = self.months();
            let weekly = these_days(|date| within(&weekdays, weekday(date)) && within(&months, month(date)));
            return &dates | &weekly;
        }
        if self.eat(" if it falls on ") || self.eat(" that fall on ") {
            let weekdays = self.list(Self::weekday);
            return &dates & &these_days(|date| within(&weekdays, weekday(date)));
        }
        dates
    }

    fn day_numbers(&mut self) -> (Vec<Span>, Vec<Span>) {
        let stepped = |first: u16, step: usize| (first..=31).step_by(step).map(|day| (day, day)).collect::<Vec<Span>>();
        if self.eat("from day ") {
            let first = self.number().unwrap();
            assert!(self.eat(" to the last day"));
            return (vec![(first, 31)], self.months());
        }
        assert!(self.eat("on "), "{}", self.0);
        if self.eat("odd days") {
            (stepped(1, 2), self.months())
        } else if self.eat("even days") {
            (stepped(2, 2), self.months())
        } else if self.eat("every ") {
            let step = self.number().unwrap();
            let _ending = ["st", "nd", "rd", "th"].iter().any(|ending| self.eat(ending));
            assert!(self.eat(" day from day "));
            let first = self.number().unwrap();
            let months = self.months();
            assert!(self.eat(" (restarts each month)"));
            (stepped(first, step.into()), months)
        } else if self.eat("days ") || self.eat("day ") {
            (self.list(Self::number), self.months())
        } else {
            let day = self.number().unwrap();
            assert!(self.eat(" "));
            let month = self.month().unwrap();
            (vec![(day, day)], vec![(month, month)])
        }
    }

    /// The words about days that not every month has, compared with the calendar.
    fn notes(&mut self, days: &[Span], months: &[Span], dates: &BTreeSet<i32>) {
        let has_runs = |month: u16| dates.iter().any(|number| self::month(date(*number)) == month);
        let named: Vec<u16> = (1..=12).filter(|month| within(months, *month)).collect();
        let is_one_day = matches!(days, [(first, last)] if first == last);
        if self.eat(", in leap years only") {
            assert_eq!((days, months), ([(29, 29)].as_slice(), [(2, 2)].as_slice()));
        } else if self.eat(" (skips ") {
            let skipped = self.list(Self::month);
            assert!(self.eat(")") && is_one_day);
            assert!(named.iter().all(|month| within(&skipped, *month) != has_runs(*month)));
        } else if self.eat(" (in February only in leap years)") {
            assert_eq!(days, [(29, 29)]);
        } else if self.eat(" (") {
            while !self.eat(")") {
                self.eat("; ");
                if self.eat("29 February only in leap years") {
                    continue;
                }
                assert!(self.eat("no day "), "{}", self.0);
                let missing = self.number().unwrap();
                assert!(self.eat(" in ") && within(days, missing));
                let without = self.list(Self::month);
                let longest = |month: u16| [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][usize::from(month) - 1];
                assert!(named.iter().all(|month| within(&without, *month) == (longest(*month) < missing)));
            }
        } else if is_one_day {
            // Nothing said: every month named has such a day, each year.
            assert!(named.iter().all(|month| has_runs(*month)) && (days[0].0 < 29 || !named.contains(&2)));
        }
    }
}

fn combined(hours: &[Span], minutes: &[Span]) -> BTreeSet<u16> {
    (0..1440).filter(|time| within(hours, time / 60) && within(minutes, time % 60)).collect()
}

fn within(spans: &[Span], value: u16) -> bool {
    spans.iter().any(
        |(first, last)| {
            if first <= last { (*first..=*last).contains(&value) } else { value >= *first || value <= *last }
        },
    )
}

/// The day with a number, counted from 1 January 2001.
fn date(number: i32) -> Date {
    Date::constant(2001, 1, 1).checked_add(jiff::Span::new().days(number - 1)).unwrap()
}

fn day(date: Date) -> u16 {
    date.day().try_into().unwrap()
}

fn month(date: Date) -> u16 {
    date.month().try_into().unwrap()
}

fn weekday(date: Date) -> u16 {
    date.weekday().to_sunday_zero_offset().try_into().unwrap()
}

/// The numbers of the days of 28 years that pass.
fn these_days(passes: impl Fn(Date) -> bool) -> BTreeSet<i32> {
    let all = std::iter::successors(Some(date(1)), |date| date.tomorrow().ok());
    (1..=10_227).zip(all).filter(|(_, date)| passes(*date)).map(|(number, _)| number).collect()
}

/// Reads a sentence back.
fn said(sentence: &str) -> Said {
    let mut parser = DescriptionParser(sentence);
    if parser.eat("Never runs: ") {
        return Said { times: BTreeSet::new(), days: vec![BTreeSet::new()] };
    }
    let is_half_never = parser.eat("Either never, or ");
    let times = parser.times();
    let mut days = if is_half_never { vec![BTreeSet::new()] } else { Vec::new() };
    if parser.eat(", either ") {
        days.push(parser.days());
        assert!(parser.eat(", or "), "{}", parser.0);
        days.push(parser.days());
    } else if parser.0.is_empty() {
        days.push(these_days(|_| true));
    } else {
        let has_days = [" every ", " on ", " from day "].iter().any(|words| parser.0.starts_with(words));
        assert!(parser.eat(", ") || !has_days || parser.eat(" "));
        days.push(parser.days());
    }
    assert_eq!(parser.0, "", "left of {sentence}");
    Said { times, days }
}

/// What an expression really does.
fn done(cron: &Cron) -> Said {
    let days = |reading: Reading<'_>| reading.cycle().into_iter().map(|day| i32::try_from(day).unwrap()).collect();
    let times = cron
        .hours
        .values()
        .flat_map(|hour| cron.minutes.values().map(move |minute| u16::from(hour) * 60 + u16::from(minute)));
    let days: Vec<BTreeSet<i32>> = cron.readings().iter().map(days).collect();
    let is_never = days.iter().all(BTreeSet::is_empty);
    Said { times: times.filter(|_| !is_never).collect(), days }
}

#[test]
fn the_interpreter_reads_what_a_reader_reads() {
    let said = said("Every 5 hours from 00:00 to 20:00 (restarts each day), Monday to Friday, in January");
    assert_eq!(said.times, BTreeSet::from([0, 300, 600, 900, 1200]));
    assert_eq!(said.days[0].first(), Some(&1), "1 January 2001 is a Monday");
    assert_eq!(said.days[0].len(), 620, "weekdays in 28 Januaries");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_sentence_says_when_the_runs_are_over_28_years(text in any_cron()) {
        let cron = cron(&text);
        let sentence = cron.describe_in("");
        prop_assert_eq!(said(&sentence), done(&cron), "{}: {}", text, sentence);
    }
}
