//! Tables as a user saved them under a name: filter, search, columns, sort. No row and no key is in them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::grid::{Filter, Layout, Period, RowSource, Span};

/// Which table a view is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewTable {
    /// The backups that are listed now.
    Backups,
    /// All backups ever seen.
    AllSeen,
    /// The schedules.
    Schedules,
    /// The restores.
    Restores,
}

impl ViewTable {
    /// Where its backups come from; `None` for other rows.
    #[must_use]
    pub fn source(self) -> Option<RowSource> {
        match self {
            Self::Backups => Some(RowSource::Listed),
            Self::AllSeen => Some(RowSource::AllSeen),
            Self::Schedules | Self::Restores => None,
        }
    }
}

/// A filter as it is kept. A period up to now keeps only its length, so that it moves with the time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct SavedFilter {
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    all_fields: bool,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    statuses: BTreeSet<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    backup_types: BTreeSet<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    services: BTreeSet<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    up_to_now: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    suspended: bool,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    states: BTreeSet<String>,
}

/// One saved view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedView {
    /// What the user calls it; no two have the same name.
    pub name: String,
    /// The table.
    pub table: ViewTable,
    #[serde(default)]
    filter: SavedFilter,
    /// Columns and sort.
    #[serde(default)]
    pub layout: Layout,
}

impl SavedView {
    /// A table as it is now.
    #[must_use]
    pub fn new(name: String, table: ViewTable, filter: &Filter, layout: Layout) -> Self {
        let Period { from, until, up_to_now } = filter.period;
        let is_fixed = up_to_now.is_none();
        let filter = SavedFilter {
            text: filter.text.clone(),
            all_fields: filter.all_fields,
            statuses: filter.statuses.clone(),
            backup_types: filter.backup_types.clone(),
            services: filter.services.clone(),
            up_to_now,
            from: from.filter(|_| is_fixed),
            until: until.filter(|_| is_fixed),
            suspended: filter.suspended,
            states: filter.states.clone(),
        };
        Self { name, table, filter, layout }
    }

    /// Its filter, with a period up to now that `begin` counts from the present.
    #[must_use]
    pub fn filter(&self, begin: impl FnOnce(Span) -> Option<Timestamp>) -> Filter {
        let saved = self.filter.clone();
        let period = match saved.up_to_now {
            Some(span) => Period { from: begin(span), until: None, up_to_now: Some(span) },
            None => Period { from: saved.from, until: saved.until, up_to_now: None },
        };
        Filter {
            text: saved.text,
            all_fields: saved.all_fields,
            statuses: saved.statuses,
            backup_types: saved.backup_types,
            services: saved.services,
            period,
            suspended: saved.suspended,
            states: saved.states,
        }
    }
}

/// The views of a text to hand on, as it is in the settings file.
#[derive(Serialize, Deserialize)]
struct ViewsText {
    saved_views: Vec<SavedView>,
}

/// Views as a text to hand on: the part of the settings file that holds them.
#[must_use]
pub fn views_to_text(views: &[SavedView]) -> String {
    let text = ViewsText { saved_views: views.to_vec() };
    toml_edit::ser::to_string_pretty(&text).unwrap_or_default()
}

/// The views of such a text; also of a whole settings file.
///
/// # Errors
/// Why it holds none, in a sentence.
pub fn views_from_text(text: &str) -> Result<Vec<SavedView>, String> {
    let read: ViewsText =
        toml_edit::de::from_str(text).map_err(|_unreadable| "This text holds no saved views".to_owned())?;
    let named = read.saved_views.into_iter().filter(|view| !view.name.trim().is_empty());
    let views: Vec<SavedView> = named.collect();
    if views.is_empty() { Err("This text holds no saved views".to_owned()) } else { Ok(views) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Backup;

    fn failed(span: Option<Span>) -> SavedView {
        let from = "2026-11-20T00:00:00Z".parse().ok();
        let period = Period { from, until: None, up_to_now: span };
        let filter = Filter { statuses: ["Failed".to_owned()].into(), period, ..Filter::default() };
        SavedView::new("Failed \"this\" week".to_owned(), ViewTable::Backups, &filter, Layout::default_of::<Backup>())
    }

    #[test]
    fn a_period_up_to_now_moves_and_a_fixed_one_stays() {
        let now = "2026-12-24T12:00:00Z".parse().ok();
        let week = failed(Some(Span::Hours(168))).filter(|span| now.filter(|_| span == Span::Hours(168)));
        assert_eq!((week.period.from, week.period.up_to_now), (now, Some(Span::Hours(168))));
        let fixed = failed(None).filter(|_| panic!("nothing to count"));
        assert_eq!(fixed.period.from, "2026-11-20T00:00:00Z".parse().ok());
    }

    #[test]
    fn views_go_through_text_whole() {
        let views = vec![failed(Some(Span::Today)), failed(None)];
        assert_eq!(views_from_text(&views_to_text(&views)), Ok(views));
        for text in [
            "",
            "version = 1",
            "saved_views = []",
            "saved_views = 3",
            "[[saved_views]]\nname = ' '\ntable = 'backups'",
            "{",
        ] {
            assert!(views_from_text(text).is_err(), "{text}");
        }
    }
}
