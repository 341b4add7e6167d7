//! The filter menus above a table. What they offer comes from counts made once per reading, never from the rows.

use std::borrow::Cow;
use std::collections::BTreeSet;

use egui::{Popup, Role, Ui, WidgetInfo};
use jiff::{SignedDuration, Timestamp};

use super::table_screen::Screen;
use crate::domain::{Zone, screen_text};
use crate::grid::{FacetCounts, Filter, Period};
use crate::model::Data;
use crate::msg::{Command, Commands, TableCommand};
use crate::theme::icon;
use crate::widgets::{ActionButton, Weight, begin_menu, filter_menu, menu_item};

/// What a filter menu offers: value, label, count.
type Options = [(String, String, usize)];

/// Status, type, service, period.
pub(super) fn filters_ui<R: Screen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let table = R::table(data);
    let (facets, filter) = (table.facets(), table.filter());
    let mut next = filter.clone();
    let mut changed = filter_menu(ui, "Status", &words(&facets.statuses, "No status"), &mut next.statuses);
    changed |= filter_menu(ui, "Type", &words(&facets.backup_types, "No type"), &mut next.backup_types);
    changed |= filter_menu(ui, "Service", &services(&facets.services), &mut next.services);
    if let Some(name) = R::PERIOD {
        changed |= period_menu(ui, name, data, &mut next.period);
    }
    if changed {
        commands.push(Command::Table(R::TABLE, TableCommand::SetFilter(next)));
    }
}

/// The way back from filters: last in its row, so that nothing moves when it comes.
pub(super) fn clear_ui<R: Screen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    if !R::table(data).filter().is_empty() {
        let clear = ActionButton::new(Weight::Quiet, "Clear filters").icon(icon::CLOSE);
        if ui.add(clear).clicked() {
            commands.push(Command::Table(R::TABLE, TableCommand::ClearFilter));
        }
    }
}

fn words(counts: &[(String, usize)], none: &str) -> Vec<(String, String, usize)> {
    let label = |word: &str| if word.is_empty() { none.to_owned() } else { screen_text(word).into_owned() };
    counts.iter().map(|(word, count)| (word.clone(), label(word), *count)).collect()
}

/// The services as they are, unless a name is missing or stands for two of them.
fn services(counts: &Options) -> Cow<'_, Options> {
    let same = |pair: &[(String, String, usize)]| matches!(pair, [(_, a, _), (_, b, _)] if a == b);
    if !counts.iter().any(|(_, label, _)| label.is_empty()) && !counts.windows(2).any(same) {
        return Cow::Borrowed(counts);
    }
    let labelled = counts.iter().enumerate().map(|(place, (id, name, count))| {
        // They come by name, so that equal names are neighbours.
        let before = place.checked_sub(1).and_then(|place| counts.get(place));
        let is_double = [before, counts.get(place + 1)].into_iter().flatten().any(|(_, other, _)| other == name);
        let label = match (id.is_empty(), is_double) {
            (true, _) if name.is_empty() => "No service".to_owned(),
            (false, true) => format!("{name} ({})", screen_text(id)),
            _ => name.clone(),
        };
        (id.clone(), label, *count)
    });
    Cow::Owned(labelled.collect())
}

/// A stretch of time a person can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Today,
    Hours(i64),
}

const SPANS: [(&str, Span); 4] = [
    ("Today", Span::Today),
    ("Last 24 hours", Span::Hours(24)),
    ("Last 7 days", Span::Hours(7 * 24)),
    ("Last 30 days", Span::Hours(30 * 24)),
];

impl Span {
    fn from(self, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
        match self {
            Self::Hours(hours) => now.checked_sub(SignedDuration::from_hours(hours)).ok(),
            Self::Today => Some(now.to_zoned_datetime(zone.time_zone().clone()).start_of_day().ok()?.timestamp()),
        }
    }
}

/// The menu of times. A chosen stretch begins at a fixed instant, which the button names.
fn period_menu(ui: &mut Ui, name: &str, data: &Data, period: &mut Period) -> bool {
    let zone = data.zone();
    let (weight, caption) = match period.from {
        None => (Weight::Secondary, name.to_owned()),
        Some(from) => (Weight::Chosen, format!("{name}: since {}", zone.weekday_minute(from, data.now))),
    };
    let button = ui.add(ActionButton::new(weight, &caption).trailing_icon(icon::CARET_DOWN));
    let mut changed = false;
    Popup::menu(&button).accessible_name(name).show(|ui| {
        begin_menu(ui);
        let any = menu_item(ui, if period.is_empty() { icon::CHECK } else { "" }, "Any time", "");
        any.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, period.is_empty(), "Any time"));
        if any.clicked() {
            *period = Period::default();
            changed = true;
        }
        for (label, span) in SPANS {
            let label = if span == Span::Today { format!("Today ({})", zone.label()) } else { label.to_owned() };
            let from = span.from(data.now, zone);
            let is_on = from.is_some() && from == period.from;
            let line = menu_item(ui, if is_on { icon::CHECK } else { "" }, &label, "");
            line.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_on, &label));
            if line.clicked() {
                *period = Period { from, until: None };
                changed = true;
            }
        }
    });
    changed
}

/// The filter that lets everything through but one value.
pub(super) fn without(filter: &Filter, facets: &FacetCounts, key: &str, value: &str) -> Filter {
    let mut next = filter.clone();
    match key {
        "status" => drop_from(&mut next.statuses, facets.statuses.iter().map(|(word, _)| word), value),
        "type" => drop_from(&mut next.backup_types, facets.backup_types.iter().map(|(word, _)| word), value),
        _ => drop_from(&mut next.services, facets.services.iter().map(|(id, ..)| id), value),
    }
    next
}

/// An empty set lets all through, so it is filled first. The last value stays: a set without any would show everything.
fn drop_from<'a>(chosen: &mut BTreeSet<String>, all: impl Iterator<Item = &'a String>, value: &str) {
    let mut left: BTreeSet<String> = if chosen.is_empty() { all.cloned().collect() } else { chosen.clone() };
    left.remove(value);
    if !left.is_empty() {
        *chosen = left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn leaving_out_a_value_keeps_the_others() {
        let statuses = ["Failed", "Running", "Succeeded"].map(|word| (word.to_owned(), 1)).to_vec();
        let facets = FacetCounts { statuses, ..FacetCounts::default() };
        let first = without(&Filter::default(), &facets, "status", "Succeeded");
        assert_eq!(first.statuses, set(&["Failed", "Running"]));
        let second = without(&first, &facets, "status", "Failed");
        assert_eq!(second.statuses, set(&["Running"]));
        assert_eq!(without(&second, &facets, "status", "Running").statuses, set(&["Running"]));
    }

    #[test]
    fn services_of_one_name_are_told_apart() {
        let one = |id: &str, name: &str| (id.to_owned(), name.to_owned(), 1);
        let plain = [one("a", "billing"), one("b", "orders")];
        assert!(matches!(services(&plain), Cow::Borrowed(_)));
        let double = [one("", ""), one("a", "orders"), one("b", "orders"), one("c", "reports")];
        let labels: Vec<String> = services(&double).iter().map(|(_, label, _)| label.clone()).collect();
        assert_eq!(labels, ["No service", "orders (a)", "orders (b)", "reports"]);
    }

    #[test]
    fn today_begins_at_midnight_of_the_zone() {
        let now: Timestamp = "2026-11-23T14:05:00Z".parse().unwrap();
        let berlin = Zone::new(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
        let cases = [
            (Span::Today, Zone::utc(), "2026-11-23T00:00:00Z"),
            (Span::Today, berlin, "2026-11-22T23:00:00Z"),
            (Span::Hours(24), Zone::utc(), "2026-11-22T14:05:00Z"),
        ];
        for (span, zone, want) in cases {
            assert_eq!(span.from(now, &zone), Some(want.parse().unwrap()), "{span:?} {}", zone.label());
        }
    }
}
