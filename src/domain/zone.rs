//! The clock times are shown in.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// UTC, or the zone of this computer. Zones exist only for text: every stored instant is a [`Timestamp`].
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    zone: TimeZone,
    label: String,
}

impl Zone {
    /// Universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, label: "UTC".to_owned() }
    }

    /// Any zone of the tz database; its label is the IANA name, such as `Europe/Berlin`, or the offset where it has none.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        let label = match zone.iana_name() {
            Some("UTC" | "Etc/UTC" | "Etc/UCT" | "Zulu") => "UTC".to_owned(),
            Some(name) => name.to_owned(),
            None => "local".to_owned(),
        };
        Self { zone, label }
    }

    /// The words for headers and exports: `UTC`, `Europe/Berlin`.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The last part of the label, for where room is short: `UTC`, `Berlin`.
    #[must_use]
    pub fn short_label(&self) -> &str {
        self.label.rsplit('/').next().unwrap_or(&self.label)
    }

    /// The tz database zone itself.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// `2026-09-14 02:11:42`.
    #[must_use]
    pub fn date_time(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// `2026-09-14 02:11`.
    #[must_use]
    pub fn date_minute(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// `02:11`.
    #[must_use]
    pub fn minute(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).strftime("%H:%M").to_string()
    }

    /// `02:11:07`.
    #[must_use]
    pub fn second(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).strftime("%H:%M:%S").to_string()
    }

    /// `Tue 24 Nov 02:11`; with the year where that is not the year of `now`: `Tue 29 Feb 2028 02:11`.
    #[must_use]
    pub fn weekday_minute(&self, at: Timestamp, now: Timestamp) -> String {
        let civil = self.zone.to_datetime(at);
        let is_this_year = civil.year() == self.zone.to_datetime(now).year();
        civil.strftime(if is_this_year { "%a %d %b %H:%M" } else { "%a %d %b %Y %H:%M" }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_instant_reads_differently_in_two_zones() {
        let at: Timestamp = "2026-07-14T22:30:00Z".parse().unwrap();
        let berlin = Zone::new(TimeZone::get("Europe/Berlin").unwrap());
        assert_eq!(Zone::utc().date_time(at), "2026-07-14 22:30:00");
        assert_eq!(berlin.date_minute(at), "2026-07-15 00:30");
        assert_eq!((berlin.label(), berlin.short_label()), ("Europe/Berlin", "Berlin"));
        assert_eq!(Zone::new(TimeZone::UTC).label(), "UTC");
        let (new_year, leap_day) = ("2026-12-31T23:30:00Z".parse().unwrap(), "2028-02-29T02:00:00Z".parse().unwrap());
        assert_eq!(Zone::utc().weekday_minute(new_year, at), "Thu 31 Dec 23:30");
        assert_eq!(berlin.weekday_minute(new_year, at), "Fri 01 Jan 2027 00:30");
        assert_eq!(Zone::utc().weekday_minute(leap_day, at), "Tue 29 Feb 2028 02:00");
    }
}
