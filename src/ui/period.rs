//! The filter by time: a stretch up to now, or from one moment to another.

use egui::{Popup, PopupCloseBehavior, Ui};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::text::small_ui;
use crate::domain::Zone;
use crate::grid::{Period, Span};
use crate::model::{Data, RangeForm};
use crate::theme::{icon, space};
use crate::widgets::{ActionButton, ButtonStyle, MenuMark, begin_menu, labelled_field, menu_choice, text_field};

/// Nothing beyond seven days: SkySQL keeps backups no longer.
const SPANS: [(&str, Span); 3] =
    [("Today", Span::Today), ("Last 24 hours", Span::Hours(24)), ("Last 7 days", Span::Hours(7 * 24))];

/// What the button says of a period.
fn caption(name: &str, period: &Period, zone: &Zone, now: Timestamp) -> String {
    match (period.from, period.until) {
        (None, None) => name.to_owned(),
        (Some(from), None) => format!("{name}: since {}", zone.weekday_minute(from, now)),
        (None, Some(until)) => format!("{name}: before {}", zone.weekday_minute(until, now)),
        (Some(from), Some(until)) => {
            format!("{name}: {} to {}", zone.weekday_minute(from, now), zone.weekday_minute(until, now))
        }
    }
}

/// The menu of times; tells whether the period changed. A chosen stretch begins at a fixed instant, which the button names.
pub(super) fn period_menu_ui(ui: &mut Ui, name: &str, data: &Data, form: &mut RangeForm, period: &mut Period) -> bool {
    let zone = data.zone();
    let weight = if period.is_empty() { ButtonStyle::Secondary } else { ButtonStyle::Chosen };
    let caption = caption(name, period, zone, data.now);
    let button = ui.add(ActionButton::new(weight, &caption).trailing_icon(icon::CARET_DOWN));
    let before = *period;
    let menu = Popup::menu(&button).accessible_name(name).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    menu.show(|ui| {
        begin_menu(ui);
        if menu_choice(ui, MenuMark::Radio(period.is_empty()), "Any time", "").clicked() {
            *period = Period::default();
            ui.close();
        }
        for (label, span) in SPANS {
            let label = if span == Span::Today { format!("Today ({})", zone.label()) } else { label.to_owned() };
            let is_on = period.up_to_now == Some(span);
            if menu_choice(ui, MenuMark::Radio(is_on), &label, "").clicked() {
                *period = Period { from: span.begin(data.now, zone), until: None, up_to_now: Some(span) };
                ui.close();
            }
        }
        ui.separator();
        if let Some(range) = range_ui(ui, zone, form) {
            *period = range;
            ui.close();
        }
    });
    *period != before
}

/// Two fields for a range of one's own; the range once it is asked for.
fn range_ui(ui: &mut Ui, zone: &Zone, form: &mut RangeForm) -> Option<Period> {
    let mut range = None;
    egui::Frame::new().inner_margin(egui::Margin::symmetric(8, 4)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        small_ui(ui, format!("Custom range ({})", zone.label()));
        let (from, until) = (bound(&form.from, zone, Edge::From), bound(&form.until, zone, Edge::Until));
        let error = |bound: &Result<Option<Timestamp>, &'static str>| bound.as_ref().err().copied();
        let hint = "2026-11-23 or 2026-11-23 14:00";
        labelled_field(ui, "From", "", error(&from), |ui| text_field(ui, &mut form.from, hint));
        let until_field = labelled_field(ui, "To", "", error(&until), |ui| text_field(ui, &mut form.until, hint));
        let entered = until_field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let asked = match (from, until) {
            (Ok(from), Ok(until)) if from.is_none() || until.is_none() || from < until => {
                Period { from, until, up_to_now: None }
            }
            _ => Period::default(),
        };
        let button = ActionButton::new(ButtonStyle::Secondary, "Show this range");
        let clicked = ui.add_enabled(!asked.is_empty(), button).clicked();
        range = (!asked.is_empty() && (clicked || entered)).then_some(asked);
    });
    range
}

/// Which end of a range a text is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    From,
    Until,
}

/// Reads a day or a minute in the zone; a day as an end is meant whole. Nothing typed is no bound.
pub(super) fn bound(typed: &str, zone: &Zone, edge: Edge) -> Result<Option<Timestamp>, &'static str> {
    const HELP: &str = "Write a day such as 2026-11-23, or a day and a time";
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let minute = DateTime::strptime("%Y-%m-%d %H:%M", typed).or_else(|_day| {
        let day = Date::strptime("%Y-%m-%d", typed)?;
        Ok::<_, jiff::Error>(
            (if edge == Edge::Until { day.tomorrow()? } else { day }).to_datetime(jiff::civil::Time::midnight()),
        )
    });
    minute.and_then(|minute| zone.time_zone().to_timestamp(minute)).map(Some).map_err(|_unreadable| HELP)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::new(jiff::tz::TimeZone::get("Europe/Berlin").unwrap())
    }

    #[test]
    fn today_begins_at_midnight_of_the_zone() {
        let now: Timestamp = "2026-11-23T14:05:00Z".parse().unwrap();
        let cases = [
            (Span::Today, Zone::utc(), "2026-11-23T00:00:00Z"),
            (Span::Today, berlin(), "2026-11-22T23:00:00Z"),
            (Span::Hours(24), Zone::utc(), "2026-11-22T14:05:00Z"),
        ];
        for (span, zone, want) in cases {
            assert_eq!(span.begin(now, &zone), Some(want.parse().unwrap()), "{span:?} {}", zone.label());
        }
    }

    #[test]
    fn a_range_is_read_in_the_zone_and_its_last_day_is_whole() {
        let at = |text: &str| Ok(Some(text.parse::<Timestamp>().unwrap()));
        let cases = [
            ("2026-11-23", Edge::From, at("2026-11-22T23:00:00Z")),
            ("2026-11-23", Edge::Until, at("2026-11-23T23:00:00Z")),
            (" 2026-11-23 14:30 ", Edge::From, at("2026-11-23T13:30:00Z")),
            ("2026-11-23 14:30", Edge::Until, at("2026-11-23T13:30:00Z")),
            // The night the clocks went back.
            ("2026-10-25", Edge::Until, at("2026-10-25T23:00:00Z")),
            ("", Edge::From, Ok(None)),
        ];
        for (typed, edge, want) in cases {
            assert_eq!(bound(typed, &berlin(), edge), want, "{typed}");
        }
        for odd in ["23.11.2026", "2026-11-31", "2026-11-23 25:00", "yesterday", "9999-12-31"] {
            assert!(bound(odd, &berlin(), Edge::Until).is_err(), "{odd}");
        }
    }

    #[test]
    fn the_button_names_the_period() {
        let (from, until) = ("2026-11-23T00:00:00Z".parse().ok(), "2026-11-24T00:00:00Z".parse().ok());
        let cases = [
            (None, None, "Started"),
            (from, None, "Started: since Mon 23 Nov 00:00"),
            (None, until, "Started: before Tue 24 Nov 00:00"),
            (from, until, "Started: Mon 23 Nov 00:00 to Tue 24 Nov 00:00"),
            ("2025-11-23T00:00:00Z".parse().ok(), None, "Started: since Sun 23 Nov 2025 00:00"),
        ];
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for (from, until, want) in cases {
            assert_eq!(caption("Started", &Period { from, until, up_to_now: None }, &Zone::utc(), now), want);
        }
    }
}
