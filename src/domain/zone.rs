//! The clock times are shown in.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

/// The zones built in, so that a name means the same on every computer, and reading one needs no file.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The names of all zones of the tz database, in the order of the alphabet.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> = ZONES.available().map(|name| name.as_str().to_owned()).collect();
    names.sort_unstable();
    names
});

/// UTC, the zone of this computer, or one that was named. Zones exist only for text: every stored instant is a [`Timestamp`].
///
/// A text with the zone's name names one instant: where the clocks go back and an hour comes twice, the times in it carry
/// their offset, such as `02:30+01:00`. Those of a zone without a name always do.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    rules: TimeZone,
    label: String,
    offsets: Offsets,
}

/// Which times carry their offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Offsets {
    /// None: the name says it.
    Never,
    /// Those of an hour that comes twice.
    WhereRepeated,
    /// All.
    Always,
}

const UTC: &str = "UTC";

impl Zone {
    /// Universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { rules: TimeZone::UTC, label: UTC.to_owned(), offsets: Offsets::Never }
    }

    /// Any zone. Its label is the IANA name, such as `Europe/Berlin`, else a fixed offset, such as `UTC+02:00`; a rule of changes
    /// without a name is `local time`. One that could not be read is UTC, which [`Zone::is_unreadable`] tells.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        let (label, offsets) = match (zone.iana_name(), zone.to_fixed_offset()) {
            (Some("UTC" | "Etc/UTC" | "Etc/UCT" | "Zulu" | "Etc/Unknown"), _) | (None, Ok(Offset::UTC)) => {
                (UTC.to_owned(), Offsets::Never)
            }
            (Some(name), _) => (name.to_owned(), Offsets::WhereRepeated),
            (None, Ok(offset)) => (format!("{UTC}{}", offset_text(offset)), Offsets::Never),
            (None, Err(_changes)) => ("local time".to_owned(), Offsets::Always),
        };
        Self { rules: zone, label, offsets }
    }

    /// The zone that the system gives for this computer. Where its name is one of those built in, their rules decide and not those of the
    /// system's files, which may be of another year: then the same name means the same wherever it is chosen.
    #[must_use]
    pub fn of_system(zone: TimeZone) -> Self {
        let built_in = zone.iana_name().and_then(Self::named);
        built_in.unwrap_or_else(|| Self::new(zone))
    }

    /// The zone of a name of the tz database, in any case: `Asia/Tokyo`. `None` for a name that is not known.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ZONES.get(name).ok().map(Self::new)
    }

    /// The words for what is shown beside a time: `UTC`, `Europe/Berlin`, `UTC+02:00`, `local time`.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The last part of the label, for narrow places: `UTC`, `New York`.
    #[must_use]
    pub fn short_label(&self) -> String {
        self.label.rsplit('/').next().unwrap_or(&self.label).replace('_', " ")
    }

    /// Its label says which zone it is; that of a rule of changes without a name does not.
    #[must_use]
    pub fn has_name(&self) -> bool {
        self.offsets != Offsets::Always
    }

    /// The words for headers and notes of what is handed over: whoever reads the times later knows from them which instants they are.
    #[must_use]
    pub fn full_label(&self) -> String {
        match self.offsets {
            Offsets::Always => format!("{}, with UTC offset", self.label),
            Offsets::Never | Offsets::WhereRepeated => self.label.clone(),
        }
    }

    /// The system named a zone that is not known, or none: this one is UTC because nothing better is known.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.rules.is_unknown()
    }

    /// The tz database zone itself.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.rules
    }

    /// The date and time of day of an instant, and its offset where the zone's name does not tell it.
    #[must_use]
    pub fn civil_and_offset(&self, at: Timestamp) -> (DateTime, Option<Offset>) {
        let offset = self.rules.to_offset(at);
        let civil = offset.to_datetime(at);
        let is_shown = match self.offsets {
            Offsets::Never => false,
            Offsets::Always => true,
            Offsets::WhereRepeated => {
                matches!(self.rules.to_ambiguous_timestamp(civil).offset(), AmbiguousOffset::Fold { .. })
            }
        };
        (civil, is_shown.then_some(offset))
    }

    /// How far clocks are ahead of UTC from one second to another, both since 1970, where that never changes between them and is not
    /// written beside any time.
    #[must_use]
    pub fn constant_offset(&self, first: u32, last: u32) -> Option<Offset> {
        const DAY: i64 = 86_400;
        // Hours that come twice are within a day of the change.
        let [from, until] =
            [i64::from(first) - DAY, i64::from(last) + DAY].map(|second| Timestamp::from_second(second).ok());
        let (from, until) = (from?, until?);
        let next_change = self.rules.following(from).next();
        let is_constant = next_change.is_none_or(|change| change.timestamp() > until);
        (is_constant && self.offsets != Offsets::Always).then(|| self.rules.to_offset(from))
    }

    /// `2026-09-14 02:11:42`, in a repeated hour `2026-10-25 02:11:42+01:00`.
    #[must_use]
    pub fn date_time(&self, at: Timestamp) -> String {
        self.text(at, "%Y-%m-%d %H:%M:%S")
    }

    /// `2026-09-14 02:11`.
    #[must_use]
    pub fn date_minute(&self, at: Timestamp) -> String {
        self.text(at, "%Y-%m-%d %H:%M")
    }

    /// `2026-10-25 02:11+01`: a time that carries its offset, no wider than one to the second without; `None` for any other.
    #[must_use]
    pub fn narrow_with_offset(&self, at: Timestamp) -> Option<String> {
        let (civil, offset) = self.civil_and_offset(at);
        let offset = offset_text(offset?);
        let offset = offset.strip_suffix(":00").unwrap_or(&offset);
        Some(format!("{}{offset}", civil.strftime("%Y-%m-%d %H:%M")))
    }

    /// `02:11`, for a time of day that is shown beside its day.
    #[must_use]
    pub fn minute(&self, at: Timestamp) -> String {
        self.text(at, "%H:%M")
    }

    /// `02:11` where that is today, else `2026-09-14 02:11`.
    #[must_use]
    pub fn clock(&self, at: Timestamp, now: Timestamp) -> String {
        if self.is_today(at, now) { self.minute(at) } else { self.date_minute(at) }
    }

    /// `02:11:42` where that is today, else `2026-09-14 02:11:42`.
    #[must_use]
    pub fn clock_to_the_second(&self, at: Timestamp, now: Timestamp) -> String {
        if self.is_today(at, now) { self.text(at, "%H:%M:%S") } else { self.date_time(at) }
    }

    fn is_today(&self, at: Timestamp, now: Timestamp) -> bool {
        self.civil(at).date() == self.civil(now).date()
    }

    /// `Tue 24 Nov 02:11`; with the year where that is not the year of `now`: `Tue 29 Feb 2028 02:11`.
    #[must_use]
    pub fn weekday_minute(&self, at: Timestamp, now: Timestamp) -> String {
        let is_this_year = self.civil(at).year() == self.civil(now).year();
        self.text(at, if is_this_year { "%a %d %b %H:%M" } else { "%a %d %b %Y %H:%M" })
    }

    fn text(&self, at: Timestamp, format: &str) -> String {
        let (civil, offset) = self.civil_and_offset(at);
        format!("{}{}", civil.strftime(format), offset.map(offset_text).unwrap_or_default())
    }

    fn civil(&self, at: Timestamp) -> DateTime {
        self.rules.to_datetime(at)
    }
}

/// The names that [`Zone::named`] knows, in the order of the alphabet.
#[must_use]
pub fn zone_names() -> &'static [String] {
    &NAMES
}

/// `+02:00`, `-03:30`, with seconds only where there are any.
#[must_use]
pub fn offset_text(offset: Offset) -> String {
    let (sign, secs) = (if offset.is_negative() { '-' } else { '+' }, offset.seconds().unsigned_abs());
    let (hours, minutes, seconds) = (secs / 3600, secs / 60 % 60, secs % 60);
    let seconds = if seconds == 0 { String::new() } else { format!(":{seconds:02}") };
    format!("{sign}{hours:02}:{minutes:02}{seconds}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn named(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    #[test]
    fn every_listed_name_is_a_zone() {
        assert!(zone_names().len() > 400 && zone_names().is_sorted());
        for name in zone_names() {
            assert!(Zone::named(name).is_some_and(|zone| !zone.is_unreadable()), "{name}");
        }
        assert_eq!(named("asia/tokyo").label(), "Asia/Tokyo");
        for unknown in ["", "Tokyo", "Asia/Atlantis", "UTC+9", "../../etc/passwd"] {
            assert_eq!(Zone::named(unknown), None, "{unknown}");
        }
    }

    /// A file of a system: always five hours ahead, whatever the name.
    fn file_of_a_system(name: &str) -> TimeZone {
        let block = |version: u8| {
            // The counts: one type of local time, and its abbreviation of four bytes.
            let counts = [0_u32, 0, 0, 0, 1, 4].map(u32::to_be_bytes).concat();
            let head = [b"TZif".as_slice(), &[version], &[0; 15], &counts].concat();
            [head, 18_000_i32.to_be_bytes().to_vec(), vec![0, 0], b"ABC\0".to_vec()].concat()
        };
        TimeZone::tzif(name, &[block(b'2'), block(b'2'), b"\nABC-5\n".to_vec()].concat()).unwrap()
    }

    #[test]
    fn the_zone_of_the_computer_has_the_rules_built_in() {
        let summer = at("2026-07-14T22:30:00Z");
        let berlin = file_of_a_system("Europe/Berlin");
        assert_eq!(Zone::new(berlin.clone()).date_minute(summer), "2026-07-15 03:30");
        assert_eq!(Zone::of_system(berlin).date_minute(summer), "2026-07-15 00:30");
        assert_eq!(Zone::of_system(file_of_a_system("europe/berlin")), named("Europe/Berlin"));
        // A name that is not known here keeps what the system says of it.
        let unknown = Zone::of_system(file_of_a_system("Mars/Base"));
        assert_eq!((unknown.label(), unknown.date_minute(summer).as_str()), ("Mars/Base", "2026-07-15 03:30"));
        let rule = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        for zone in [TimeZone::UTC, TimeZone::unknown(), TimeZone::fixed(jiff::tz::offset(2)), rule] {
            assert_eq!(Zone::of_system(zone.clone()), Zone::new(zone));
        }
    }

    #[test]
    fn the_same_instant_reads_differently_in_two_zones() {
        let at = at("2026-07-14T22:30:00Z");
        let berlin = named("Europe/Berlin");
        assert_eq!(Zone::utc().date_time(at), "2026-07-14 22:30:00");
        assert_eq!(berlin.date_minute(at), "2026-07-15 00:30");
        assert_eq!((berlin.label(), berlin.short_label().as_str()), ("Europe/Berlin", "Berlin"));
        assert_eq!(named("America/New_York").short_label(), "New York");
        assert_eq!(Zone::new(TimeZone::UTC), Zone::utc());
        let (new_year, leap_day) = ("2026-12-31T23:30:00Z".parse().unwrap(), "2028-02-29T02:00:00Z".parse().unwrap());
        assert_eq!(Zone::utc().weekday_minute(new_year, at), "Thu 31 Dec 23:30");
        assert_eq!(berlin.weekday_minute(new_year, at), "Fri 01 Jan 2027 00:30");
        assert_eq!(Zone::utc().weekday_minute(leap_day, at), "Tue 29 Feb 2028 02:00");
    }

    /// `TZ=CET-1CEST,M3.5.0,M10.5.0/3`, a fixed offset, and what the system gives where it knows no better.
    #[test]
    fn a_zone_without_a_name_says_its_offset_in_each_time() {
        let summer = at("2026-07-14T22:30:00Z");
        let rule = Zone::new(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap());
        assert_eq!((rule.label(), rule.full_label().as_str()), ("local time", "local time, with UTC offset"));
        assert_eq!(rule.date_time(summer), "2026-07-15 00:30:00+02:00");
        assert_eq!(
            (rule.minute(summer), rule.clock(summer, summer)),
            ("00:30+02:00".to_owned(), "00:30+02:00".to_owned())
        );
        for (offset, label) in [(0, "UTC"), (7200, "UTC+02:00"), (-12_600, "UTC-03:30"), (3_208, "UTC+00:53:28")] {
            let zone = Zone::new(TimeZone::fixed(Offset::from_seconds(offset).unwrap()));
            assert_eq!((zone.label(), zone.full_label().as_str()), (label, label));
            assert!(!zone.date_time(summer).contains('+'), "the name says it");
        }
        assert_eq!(
            (Zone::new(TimeZone::unknown()).label(), Zone::new(TimeZone::unknown()).is_unreadable()),
            ("UTC", true)
        );
        assert!(!Zone::utc().is_unreadable() && !rule.is_unreadable());
    }

    #[test]
    fn both_hours_of_a_repeated_one_say_which_they_are() {
        let berlin = named("Europe/Berlin");
        let cases = [
            ("2026-10-24T23:59:59Z", "2026-10-25 01:59:59"),
            ("2026-10-25T00:00:00Z", "2026-10-25 02:00:00+02:00"),
            ("2026-10-25T00:59:59Z", "2026-10-25 02:59:59+02:00"),
            ("2026-10-25T01:00:00Z", "2026-10-25 02:00:00+01:00"),
            ("2026-10-25T01:59:59Z", "2026-10-25 02:59:59+01:00"),
            ("2026-10-25T02:00:00Z", "2026-10-25 03:00:00"),
            // Where the clocks go forward no time comes twice.
            ("2026-03-29T01:00:00Z", "2026-03-29 03:00:00"),
        ];
        for (instant, text) in cases {
            assert_eq!(berlin.date_time(at(instant)), text);
        }
        let first = at("2026-10-25T00:30:00Z");
        let got = [berlin.date_minute(first), berlin.minute(first), berlin.weekday_minute(first, first)];
        assert_eq!(got, ["2026-10-25 02:30+02:00", "02:30+02:00", "Sun 25 Oct 02:30+02:00"]);
        let narrow =
            [first, at("2026-10-25T01:30:00Z"), at("2026-10-25T02:30:00Z")].map(|at| berlin.narrow_with_offset(at));
        assert_eq!(narrow, [Some("2026-10-25 02:30+02".to_owned()), Some("2026-10-25 02:30+01".to_owned()), None]);
        assert!(narrow.iter().flatten().all(|text| text.len() <= "2026-10-25 02:30:00".len()));
        // A change of half an hour.
        assert_eq!(named("Australia/Lord_Howe").minute(at("2027-04-03T15:15:00Z")), "01:45+10:30");
    }

    #[test]
    fn a_time_without_its_day_is_one_of_today() {
        let now = at("2026-11-28T23:44:00Z");
        let cases = [
            (Zone::utc(), "2026-11-28T23:42:10Z", "23:42", "23:42:10"),
            (Zone::utc(), "2026-11-29T00:12:10Z", "2026-11-29 00:12", "2026-11-29 00:12:10"),
            (Zone::utc(), "2026-11-27T23:44:00Z", "2026-11-27 23:44", "2026-11-27 23:44:00"),
            // There it is the 29th by now.
            (named("Europe/Berlin"), "2026-11-29T00:12:10Z", "01:12", "01:12:10"),
        ];
        for (zone, instant, clock, to_the_second) in cases {
            assert_eq!(zone.clock(at(instant), now), clock);
            assert_eq!(zone.clock_to_the_second(at(instant), now), to_the_second);
        }
    }

    proptest::proptest! {
        /// Within one zone no two instants have the same text, whatever the year.
        #[test]
        fn no_two_instants_share_a_text(secs in 0_i64..4_102_444_800, later in 1_i64..8000) {
            let zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll"].map(named);
            let rule = Zone::new(TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap());
            for zone in zones.iter().chain([&rule]) {
                let [a, b] = [secs, secs + later].map(|secs| zone.date_time(Timestamp::from_second(secs).unwrap()));
                proptest::prop_assert_ne!(a, b, "{}", zone.label());
            }
        }
    }
}
