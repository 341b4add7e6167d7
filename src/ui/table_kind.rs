//! What makes a row type a table screen.

use std::collections::BTreeSet;

use egui::Ui;

use crate::domain::{Backup, Status, StatusKind, format_count};
use crate::grid::{ColumnKey, Filter, Row};
use crate::model::{Data, Table, View};
use crate::msg::{Commands, TableId};

/// What makes a row type a screen.
pub(super) trait TableScreen: Row {
    /// Which table.
    const TABLE: TableId;
    /// The title of the screen.
    const TITLE: &'static str;
    /// What the table is called in sentences and for its own state: `backups`.
    const NAME: &'static str;
    /// The filter menu of the time a row belongs to; `None` leaves the menu away.
    const PERIOD: Option<&'static str>;

    /// The table.
    fn table(data: &Data) -> &Table<Self>;
    /// The table of the rows that SkySQL lists, whose refresh the footer shows.
    fn listed(data: &Data) -> &Table<Self> {
        Self::table(data)
    }
    /// The backups of which the newest good one of a service is shown.
    fn backups(data: &Data) -> &Table<Backup> {
        data.backups()
    }
    /// Which rows the table shows, before the search; small in a narrow window.
    fn source_ui(_ui: &mut Ui, _data: &Data, _is_narrow: bool, _commands: &mut Commands) {}
    /// What the number of rows in the title counts.
    fn counted(data: &Data) -> String {
        Self::narrowed_words(data).to_owned()
    }
    /// That the server is not asked for all rows; nothing where it is.
    fn narrowed_words(data: &Data) -> &'static str {
        if Self::is_narrowed(data) { " loaded from SkySQL with a filter" } else { "" }
    }
    /// The action of this screen, in the title row.
    fn primary_action_ui(ui: &mut Ui, data: &Data, commands: &mut Commands);
    /// What is asked of the server, at the end of the filters; small in a narrow window.
    fn query_ui(_ui: &mut Ui, _data: &Data, _is_narrow: bool, _commands: &mut Commands) {}
    /// True where the server is not asked for all rows.
    fn is_narrowed(_data: &Data) -> bool {
        false
    }
    /// Asks the server for all rows again.
    fn widen(_data: &Data, _commands: &mut Commands) {}
    /// What the shown rows come to, before the failed and running ones.
    fn sum(table: &Table<Self>) -> Option<Sum>;
    /// The first lines of a row's menu; `column` is the one under the pointer.
    fn menu_ui(ui: &mut Ui, row: &Self, column: &ColumnKey, data: &Data, commands: &mut Commands);
    /// What can be done to several selected rows.
    fn several_ui(_ui: &mut Ui, _data: &Data, _commands: &mut Commands) {}
    /// All about one row.
    fn detail_ui(ui: &mut Ui, row: &Self, data: &Data, view: &mut View, commands: &mut Commands);
    /// In place of an empty list.
    fn empty_ui(ui: &mut Ui, data: &Data, commands: &mut Commands);
}

/// One thing that the shown rows come to.
pub(super) enum Sum {
    /// Words alone.
    Words(String),
    /// Words that show only what they count, or all again.
    Filter(String, Filter),
}

impl Sum {
    /// `3 failed`, which filters by the statuses of that kind; none where there are none.
    pub(super) fn of_statuses<R: Row>(table: &Table<R>, count: usize, word: &str, kind: StatusKind) -> Option<Self> {
        if count == 0 {
            return None;
        }
        let words = table.facets.statuses.iter().map(|(word, _)| word);
        let statuses: BTreeSet<String> =
            words.filter(|word| Status::new(word.as_str()).kind() == kind).cloned().collect();
        let filter = &table.filter;
        let statuses = if filter.statuses == statuses { BTreeSet::new() } else { statuses };
        let filter = Filter { statuses, ..filter.clone() };
        Some(Self::Filter(format!("{} {word}", format_count(count)), filter))
    }
}
