//! A word that is looked for, and how it is found in times without writing them all out.

use std::sync::{LazyLock, OnceLock};

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan as _};
use memchr::memmem::Finder;

use crate::domain::{Zone, format_duration};

const SECS_PER_DAY: i64 = 86_400;
/// Seconds of a piece of time in which clocks are rarely changed.
const BLOCK: u32 = 900;
/// Bytes of a line of [`SECONDS`] and of [`DURATIONS`].
const LINE: usize = "00:00:00\n".len();

/// The time of day of every second of a day, a line each.
static SECONDS: LazyLock<String> = LazyLock::new(|| {
    let line = |secs: i64| format!("{:02}:{:02}:{:02}\n", secs / 3600, secs / 60 % 60, secs % 60);
    let lines: Vec<String> = (0..SECS_PER_DAY).map(line).collect();
    lines.concat()
});

/// Every length of time below a day, a line each. A word has no blank, so the one before a short text is in none.
static DURATIONS: LazyLock<String> = LazyLock::new(|| {
    let line = |secs: u64| format!("{:>8}\n", format_duration(secs));
    let lines: Vec<String> = (0..SECS_PER_DAY.unsigned_abs()).map(line).collect();
    lines.concat()
});

/// A word in the form it is searched in.
#[derive(Debug)]
pub(super) struct SearchWord {
    finder: Finder<'static>,
    /// For each second of a day whether the word occurs in its time of day.
    seconds: OnceLock<Vec<bool>>,
    /// For each length of time below a day whether the word occurs in it.
    durations: OnceLock<Vec<bool>>,
}

impl SearchWord {
    pub(super) fn new(folded: &str) -> Self {
        Self { finder: Finder::new(folded).into_owned(), seconds: OnceLock::new(), durations: OnceLock::new() }
    }

    pub(super) fn finder(&self) -> &Finder<'static> {
        &self.finder
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.finder.needle()
    }

    fn seconds(&self) -> &[bool] {
        self.seconds.get_or_init(|| self.lines_with(&SECONDS))
    }

    /// Whether the word occurs in the text of a length of time in seconds; `None` where only the text tells.
    pub(super) fn is_in_duration(&self, secs: u64) -> Option<bool> {
        let durations = self.durations.get_or_init(|| self.lines_with(&DURATIONS));
        durations.get(usize::try_from(secs).ok()?).copied()
    }

    fn lines_with(&self, lines: &str) -> Vec<bool> {
        let mut found = vec![false; lines.len() / LINE];
        for at in self.finder.find_iter(lines.as_bytes()) {
            if let Some(found) = found.get_mut(at / LINE) {
                *found = true;
            }
        }
        found
    }
}

/// Looks for a word in times as a table writes them: a date, a blank, a time of day. The word has no blank, so it is in one of them.
pub(super) struct TimeSearch<'a> {
    word: &'a SearchWord,
    zone: &'a Zone,
    /// For each day, counted from 1970, whether the word occurs in its date.
    days: Remembered<i64, bool, 64>,
    /// For each piece of time, how far clocks are ahead of UTC; `None` where that changes, or is written.
    offsets: Remembered<u32, Option<i64>, 1024>,
    /// The word has no sign that is in no date.
    could_be_date: bool,
}

impl<'a> TimeSearch<'a> {
    pub(super) fn new(word: &'a SearchWord, zone: &'a Zone) -> Self {
        let could_be_date = word.bytes().iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
        Self { word, zone, days: Remembered::default(), offsets: Remembered::default(), could_be_date }
    }

    /// Whether the word occurs in the text of a second since 1970; `None` where only the text tells.
    pub(super) fn is_in(&mut self, second: u32) -> Option<bool> {
        let (block, zone) = (second / BLOCK, self.zone);
        let offset = self.offsets.get(block, block.into(), || constant_offset(zone, block));
        let local = i64::from(second) + offset?;
        let time_of_day = usize::try_from(local.rem_euclid(SECS_PER_DAY)).ok()?;
        let is_in_time = self.word.seconds().get(time_of_day).copied()?;
        Some(is_in_time || self.could_be_date && self.is_in_date(local.div_euclid(SECS_PER_DAY)))
    }

    fn is_in_date(&mut self, day: i64) -> bool {
        let word = self.word;
        self.days.get(day, day.unsigned_abs(), || {
            let date = Date::constant(1970, 1, 1).checked_add(day.days());
            date.is_ok_and(|date| word.finder.find(date.to_string().as_bytes()).is_some())
        })
    }
}

/// Results of a function for its latest arguments, at most `N`. Those of a list of backups are near one another, so that hardly any
/// takes the place of another; to look one up is much faster than in a map.
struct Remembered<K, V, const N: usize>(Vec<Option<(K, V)>>);

impl<K: Copy, V: Copy, const N: usize> Default for Remembered<K, V, N> {
    fn default() -> Self {
        Self(vec![None; N])
    }
}

impl<K: Copy + PartialEq, V: Copy, const N: usize> Remembered<K, V, N> {
    /// The result for an argument, which is this number.
    fn get(&mut self, key: K, number: u64, make: impl FnOnce() -> V) -> V {
        let slot = usize::try_from(number % N as u64).ok().and_then(|at| self.0.get_mut(at));
        match slot {
            Some(Some((known, value))) if *known == key => *value,
            Some(slot) => slot.insert((key, make())).1,
            None => make(),
        }
    }
}

/// How far clocks are ahead of UTC all through a piece of time, where that is not written.
fn constant_offset(zone: &Zone, block: u32) -> Option<i64> {
    let start = i64::from(block) * i64::from(BLOCK);
    let ahead = |second: i64| -> Option<i64> {
        let (civil, None) = zone.civil_and_offset(Timestamp::from_second(second).ok()?) else { return None };
        Some(seconds_since_1970(civil)? - second)
    };
    let (first, last) = (ahead(start)?, ahead(start + i64::from(BLOCK) - 1)?);
    (first == last).then_some(first)
}

/// As if the civil time were UTC.
fn seconds_since_1970(civil: DateTime) -> Option<i64> {
    jiff::tz::TimeZone::UTC.to_timestamp(civil).ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_time_holds_the_word_that_its_text_holds(
            // Around the hours that come twice and that are left out, and anywhere.
            second in prop_oneof![1_792_880_000_u32..1_792_900_000, 1_774_740_000_u32..1_774_760_000, 1..u32::MAX - 1],
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns", "Africa/Monrovia"]),
            typed in "[0-9:-]{1,3}|20[0-9]{2}-1|\\\\+0",
        ) {
            let zone = Zone::new(TimeZone::get(zone).unwrap());
            let word = SearchWord::new(&typed);
            let text = zone.date_time(Timestamp::from_second(second.into()).unwrap());
            let found = TimeSearch::new(&word, &zone).is_in(second);
            prop_assert!(found.is_none_or(|found| found == text.contains(&typed)), "{}: {:?}", text, found);
        }

        #[test]
        fn a_length_of_time_holds_the_word_that_its_text_holds(secs in 0_u64..200_000, typed in "[0-9:]{1,4}|[0-9]:[0-5]") {
            let found = SearchWord::new(&typed).is_in_duration(secs);
            prop_assert_eq!(found.is_none(), secs >= 86_400);
            prop_assert!(found.is_none_or(|found| found == format_duration(secs).contains(&typed)), "{}", secs);
        }
    }
}
