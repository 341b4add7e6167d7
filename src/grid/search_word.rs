//! A word that is looked for, and how it is found in times without writing them all out.

use std::sync::{LazyLock, OnceLock};

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan as _};
use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

use crate::domain::Zone;

const SECS_PER_DAY: i64 = 86_400;
/// Seconds of a piece of time in which clocks are rarely changed.
const BLOCK: u32 = 900;
/// Bytes of a line of [`SECONDS`].
const LINE: usize = "00:00:00\n".len();

/// The time of day of every second of a day, a line each.
static SECONDS: LazyLock<String> = LazyLock::new(|| {
    let line = |secs: i64| format!("{:02}:{:02}:{:02}\n", secs / 3600, secs / 60 % 60, secs % 60);
    let lines: Vec<String> = (0..SECS_PER_DAY).map(line).collect();
    lines.concat()
});

/// A word in the form it is searched in.
#[derive(Debug)]
pub(super) struct SearchWord {
    finder: Finder<'static>,
    /// For each second of a day whether the word occurs in its time of day.
    seconds: OnceLock<Vec<bool>>,
}

impl SearchWord {
    pub(super) fn new(folded: &str) -> Self {
        Self { finder: Finder::new(folded).into_owned(), seconds: OnceLock::new() }
    }

    pub(super) fn finder(&self) -> &Finder<'static> {
        &self.finder
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.finder.needle()
    }

    fn seconds(&self) -> &[bool] {
        self.seconds.get_or_init(|| {
            let mut seconds = vec![false; SECONDS.len() / LINE];
            for at in self.finder.find_iter(SECONDS.as_bytes()) {
                if let Some(second) = seconds.get_mut(at / LINE) {
                    *second = true;
                }
            }
            seconds
        })
    }
}

/// Looks for a word in times as a table writes them: a date, a blank, a time of day. The word has no blank, so it is in one of them.
pub(super) struct TimeSearch<'a> {
    word: &'a SearchWord,
    zone: &'a Zone,
    /// For each day that was met, counted from 1970, whether the word occurs in its date.
    days: FxHashMap<i64, bool>,
    /// For each piece of time that was met, how far clocks are ahead of UTC; `None` where that changes, or is written.
    offsets: FxHashMap<u32, Option<i64>>,
    /// The piece of time last met.
    last: Option<(u32, Option<i64>)>,
}

impl<'a> TimeSearch<'a> {
    pub(super) fn new(word: &'a SearchWord, zone: &'a Zone) -> Self {
        Self { word, zone, days: FxHashMap::default(), offsets: FxHashMap::default(), last: None }
    }

    /// Whether the word occurs in the text of a second since 1970; `None` where only the text tells.
    pub(super) fn is_in(&mut self, second: u32) -> Option<bool> {
        let local = i64::from(second) + self.offset(second / BLOCK)?;
        let time_of_day = usize::try_from(local.rem_euclid(SECS_PER_DAY)).ok()?;
        Some(self.word.seconds().get(time_of_day).copied()? || self.is_in_date(local.div_euclid(SECS_PER_DAY)))
    }

    fn is_in_date(&mut self, day: i64) -> bool {
        let word = self.word;
        *self.days.entry(day).or_insert_with(|| {
            let date = Date::constant(1970, 1, 1).checked_add(day.days());
            date.is_ok_and(|date| word.finder.find(date.to_string().as_bytes()).is_some())
        })
    }

    fn offset(&mut self, block: u32) -> Option<i64> {
        if let Some((last, offset)) = self.last
            && last == block
        {
            return offset;
        }
        let zone = self.zone;
        let offset = *self.offsets.entry(block).or_insert_with(|| constant_offset(zone, block));
        self.last = Some((block, offset));
        offset
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
    }
}
