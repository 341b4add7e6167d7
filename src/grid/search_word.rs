//! A word that is looked for, and how it is found in times without writing them all out.

use std::sync::OnceLock;

use jiff::ToSpan as _;
use jiff::civil::Date;
use memchr::memmem::Finder;

use crate::domain::Zone;

pub(super) const SECS_PER_DAY: u32 = 86_400;
/// Seconds of a piece of time in which clocks are rarely changed.
const BLOCK: u32 = 900;
/// Minutes of an hour, and seconds of a minute.
const SIXTY: u32 = 60;

/// Some of the seconds of a day, a bit each: small enough to stay in the fastest cache.
#[derive(Debug)]
pub(super) struct SecondSet(Vec<u64>);

impl SecondSet {
    /// The seconds in whose text a word occurs: what `hour_text` makes of the hour, `:`, and minute and second of two digits each, joined by `:`.
    fn with_word(word: &[u8], hour_text: impl Fn(u32) -> String) -> Self {
        let mut set = Self(vec![0; SECS_PER_DAY.div_ceil(u64::BITS) as usize + 1]);
        for hour in 0..SECS_PER_DAY / SIXTY / SIXTY {
            let hour_text = hour_text(hour);
            let minute = hour_text.len() + ":".len();
            let second = minute + "00:".len();
            let Some(last) = (second + "00".len()).checked_sub(word.len()) else { continue };
            for begin in 0..=last {
                // What the word has at a place of the text; outside of it, the text may have anything.
                let sign = |at: usize| at.checked_sub(begin).and_then(|at| word.get(at)).copied();
                let fixed = hour_text.bytes().enumerate().chain([(minute - 1, b':'), (second - 1, b':')]);
                if !fixed.into_iter().all(|(at, byte)| sign(at).is_none_or(|sign| sign == byte)) {
                    continue;
                }
                let minutes = numbers_with(sign(minute), sign(minute + 1));
                let seconds = numbers_with(sign(second), sign(second + 1));
                for minute in (0..SIXTY).filter(|minute| minutes >> minute & 1 == 1) {
                    set.add((hour * SIXTY + minute) * SIXTY, seconds);
                }
            }
        }
        set
    }

    /// Adds seconds by their bits, counted from the first one.
    fn add(&mut self, first: u32, seconds: u64) {
        let (number, shift) = ((first / u64::BITS) as usize, first % u64::BITS);
        let high = seconds.checked_shr(u64::BITS - shift).unwrap_or(0);
        for (bits, more) in self.0.iter_mut().skip(number).zip([seconds << shift, high]) {
            *bits |= more;
        }
    }

    /// Whether a second is one of them; later ones than those of a day are not.
    #[inline]
    pub(super) fn holds(&self, second: u32) -> bool {
        let bits = usize::try_from(second / u64::BITS).ok().and_then(|at| self.0.get(at));
        bits.is_some_and(|bits| bits >> (second % u64::BITS) & 1 == 1)
    }

    /// Whether a length of time is one of them; `None` for a day or more.
    pub(super) fn holds_length(&self, secs: u32) -> Option<bool> {
        (secs < SECS_PER_DAY).then(|| self.holds(secs))
    }
}

/// The numbers below 60, a bit each, whose first and second digit are these, where they are given.
fn numbers_with(first: Option<u8>, second: Option<u8>) -> u64 {
    let is = |digit: u32, wanted: Option<u8>| wanted.is_none_or(|wanted| u32::from(wanted) == u32::from(b'0') + digit);
    let fits = |number: &u32| is(number / 10, first) && is(number % 10, second);
    (0..SIXTY).filter(fits).fold(0, |numbers, number| numbers | 1 << number)
}

/// A word in the form it is searched in.
#[derive(Debug)]
pub(super) struct SearchWord {
    finder: Finder<'static>,
    /// The seconds of a day in whose time of day the word occurs.
    seconds: OnceLock<SecondSet>,
    /// The lengths of time below a day in which the word occurs.
    durations: OnceLock<SecondSet>,
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

    fn seconds(&self) -> &SecondSet {
        self.seconds.get_or_init(|| SecondSet::with_word(self.bytes(), |hour| format!("{hour:02}")))
    }

    /// The lengths of time below a day in which the word occurs; of longer ones only the text tells.
    pub(super) fn durations(&self) -> &SecondSet {
        self.durations.get_or_init(|| SecondSet::with_word(self.bytes(), |hour| hour.to_string()))
    }
}

/// Looks for a word in times as a table writes them: a date, a blank, a time of day. The word has no blank, so it is in one of them.
pub(super) struct TimeSearch<'a> {
    word: &'a SearchWord,
    /// For each day, counted from 1970, whether the word occurs in its date.
    days: Remembered<i64, bool, 64>,
    ahead: Ahead<'a>,
    /// The word has no sign that is in no date.
    could_be_date: bool,
}

/// How far clocks are ahead of UTC, in seconds.
enum Ahead<'a> {
    /// Always by this much.
    Constant(i64),
    /// In each piece of time; none where that changes, or is written.
    Changing(&'a Zone, Remembered<u32, Option<i64>, 1024>),
}

impl Ahead<'_> {
    fn at(&mut self, second: u32) -> Option<i64> {
        match self {
            Self::Constant(ahead) => Some(*ahead),
            Self::Changing(zone, pieces) => {
                let piece = second / BLOCK;
                let first = piece * BLOCK;
                pieces.get(piece, piece.into(), || ahead_in(zone, first, first.saturating_add(BLOCK - 1)))
            }
        }
    }
}

/// How far clocks are ahead of UTC all through a piece of time, where that is not written.
fn ahead_in(zone: &Zone, first: u32, last: u32) -> Option<i64> {
    Some(zone.constant_offset(first, last)?.seconds().into())
}

impl<'a> TimeSearch<'a> {
    /// In times from the first to the last of these seconds, where that is known.
    pub(super) fn new(word: &'a SearchWord, zone: &'a Zone, first_and_last: Option<(u32, u32)>) -> Self {
        let could_be_date = word.bytes().iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
        let constant = first_and_last.and_then(|(first, last)| ahead_in(zone, first, last));
        let ahead = constant.map_or_else(|| Ahead::Changing(zone, Remembered::default()), Ahead::Constant);
        Self { word, days: Remembered::default(), ahead, could_be_date }
    }

    /// Whether the word occurs in the text of a second since 1970, where its time of day alone tells that of all of them.
    pub(super) fn in_time_of_day(&self) -> Option<impl Fn(u32) -> bool + use<'a>> {
        let Ahead::Constant(ahead) = self.ahead else { return None };
        let ahead = u64::try_from(ahead.rem_euclid(SECS_PER_DAY.into())).ok()?;
        let seconds = self.word.seconds();
        let is_in = move |second: u32| {
            let time_of_day = (u64::from(second) + ahead) % u64::from(SECS_PER_DAY);
            u32::try_from(time_of_day).is_ok_and(|second| seconds.holds(second))
        };
        (!self.could_be_date).then_some(is_in)
    }

    /// Whether the word occurs in the text of a second since 1970; `None` where only the text tells.
    pub(super) fn is_in(&mut self, second: u32) -> Option<bool> {
        let local = i64::from(second) + self.ahead.at(second)?;
        let time_of_day = u32::try_from(local.rem_euclid(SECS_PER_DAY.into())).ok()?;
        let is_in_time = self.word.seconds().holds(time_of_day);
        Some(is_in_time || self.could_be_date && self.is_in_date(local.div_euclid(SECS_PER_DAY.into())))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::format_duration;
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_time_holds_the_word_that_its_text_holds(
            // Around the hours that come twice and that are left out, and anywhere.
            second in prop_oneof![1_792_880_000_u32..1_792_900_000, 1_774_740_000_u32..1_774_760_000, 1..u32::MAX - 1],
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns", "Africa/Monrovia"]),
            (before, behind) in (0..1_000_000_u32, 0..1_000_000_u32),
            typed in "[0-9:-]{1,3}|20[0-9]{2}-1|\\\\+0",
        ) {
            let zone = Zone::new(TimeZone::get(zone).unwrap());
            let word = SearchWord::new(&typed);
            let text = zone.date_time(Timestamp::from_second(second.into()).unwrap());
            for first_and_last in [None, Some((second.saturating_sub(before), second.saturating_add(behind)))] {
                let mut search = TimeSearch::new(&word, &zone, first_and_last);
                for found in [search.in_time_of_day().map(|is_in| is_in(second)), search.is_in(second)] {
                    prop_assert!(found.is_none_or(|found| found == text.contains(&typed)), "{}: {:?}", text, found);
                }
            }
        }

        #[test]
        fn a_length_of_time_holds_the_word_that_its_text_holds(secs in 0_u32..200_000, typed in "[0-9:]{1,4}|[0-9]:[0-5]") {
            let found = SearchWord::new(&typed).durations().holds_length(secs);
            prop_assert_eq!(found.is_none(), secs >= 86_400);
            prop_assert!(found.is_none_or(|found| found == format_duration(secs.into()).contains(&typed)), "{}", secs);
        }
    }
}
