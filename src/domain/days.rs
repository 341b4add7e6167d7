//! The days of a zone. They are counted on the calendar, not in hours: a day lasts from its first instant to that of the next.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Zone;

impl Zone {
    /// The day that an instant is in.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        self.time_zone().to_datetime(at).date()
    }

    /// The first instant of a day. That is 01:00 where the clocks go forward at midnight; of a day that a zone left out, as Samoa did
    /// with one in 2011, it is that of the next. `None` at the ends of the calendar.
    #[must_use]
    pub fn day_start(&self, date: Date) -> Option<Timestamp> {
        let noon = date.at(12, 0, 0, 0).to_zoned_datetime(self.time_zone().clone()).ok()?;
        Some(noon.start_of_day().ok()?.timestamp())
    }

    /// The first instants of the days from that of `from` to that of `until`, each with its day.
    pub fn days(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = (Date, Timestamp)> {
        let last = self.date(until);
        let dates = std::iter::successors(Some(self.date(from)), |date| date.tomorrow().ok());
        dates.take_while(move |date| *date <= last).filter_map(|date| Some((date, self.day_start(date)?)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Hours from the begin of a day to that of the next, in halves.
    fn half_hours(zone: &str, date: &str) -> i64 {
        let (zone, date): (_, Date) = (Zone::named(zone).unwrap(), date.parse().unwrap());
        let [start, end] = [date, date.tomorrow().unwrap()].map(|date| zone.day_start(date).unwrap());
        end.duration_since(start).as_secs() / 1800
    }

    #[test]
    fn days_are_as_long_as_the_clocks_say() {
        let cases = [
            ("Europe/Berlin", "2027-01-10", 48),
            ("Europe/Berlin", "2027-03-28", 46),
            ("Europe/Berlin", "2027-10-31", 50),
            ("Australia/Lord_Howe", "2027-04-04", 49),
            ("Australia/Lord_Howe", "2027-10-03", 47),
            ("Antarctica/Troll", "2027-03-28", 44),
            ("Antarctica/Troll", "2027-10-31", 52),
            // Left out.
            ("Pacific/Apia", "2011-12-30", 0),
            // 23:00 is followed by 00:00 of the next day.
            ("America/Nuuk", "2027-03-27", 46),
        ];
        for (zone, date, want) in cases {
            assert_eq!(half_hours(zone, date), want, "{zone} {date}");
        }
    }

    #[test]
    fn a_day_without_a_midnight_begins_at_its_first_instant() {
        let cases = [
            ("Africa/Cairo", "2027-04-30", "01:00"),
            ("Asia/Beirut", "2027-03-28", "01:00"),
            ("America/Santiago", "2027-09-05", "01:00"),
            ("Europe/Berlin", "2027-03-28", "00:00"),
        ];
        for (zone, date, want) in cases {
            let (zone, date): (_, Date) = (Zone::named(zone).unwrap(), date.parse().unwrap());
            let start = zone.day_start(date).unwrap();
            assert_eq!((zone.date(start), zone.minute(start).as_str()), (date, want));
            // The day after begins at midnight again.
            assert_eq!(zone.minute(zone.day_start(date.tomorrow().unwrap()).unwrap()), "00:00", "{date}");
        }
    }

    #[test]
    fn all_days_of_a_stretch_are_listed() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let days: Vec<_> = zone.days(at("2027-03-26T23:30:00Z"), at("2027-03-28T22:00:00Z")).collect();
        let text: Vec<_> = days.iter().map(|(date, start)| format!("{date} {start}")).collect();
        assert_eq!(
            text,
            ["2027-03-27 2027-03-26T23:00:00Z", "2027-03-28 2027-03-27T23:00:00Z", "2027-03-29 2027-03-28T22:00:00Z"]
        );
        assert_eq!(zone.days(at("2027-03-28T00:00:00Z"), at("2027-03-20T00:00:00Z")).count(), 0);
    }

    proptest! {
        /// Every instant is in exactly the day whose begin is the last before it.
        #[test]
        fn days_leave_no_gap(
            zone in prop::sample::select(vec!["UTC", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Pacific/Apia", "America/Toronto"]),
            second in -1_700_000_000_i64..2_500_000_000,
        ) {
            let (zone, at) = (Zone::named(zone).unwrap(), Timestamp::from_second(second).unwrap());
            let date = zone.date(at);
            let [start, end] = [date, date.tomorrow().unwrap()].map(|date| zone.day_start(date).unwrap());
            prop_assert!(start <= at && at < end, "{} {} {}", start, at, end);
            prop_assert_eq!(zone.date(start), date);
        }
    }
}
