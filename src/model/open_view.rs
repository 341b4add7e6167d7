//! What lies over a table for a while, a saved view or the rows that a jump led to, and what is typed about saved views.

use super::lists::Lists;
use crate::grid::{Filter, Layout, RowSource};
use crate::msg::{Screen, TableId};

/// What lies over a table, and what comes back after it.
#[derive(Debug)]
pub(super) struct OpenView {
    /// The name of the saved view; none where a jump from another screen led to some rows.
    pub(super) name: Option<String>,
    pub(super) table: TableId,
    /// Which backups were shown.
    pub(super) source: RowSource,
    pub(super) filter: Filter,
    /// The columns and the sort; a jump leaves them as they are.
    pub(super) layout: Option<Layout>,
}

/// The tables as they were before a command that may lead from another screen to some of their rows.
#[derive(Debug)]
pub(super) struct BeforeJump {
    pub(super) screen: Screen,
    source: RowSource,
    backups: Filter,
    schedules: Filter,
    restores: Filter,
}

impl BeforeJump {
    pub(super) fn new(screen: Screen, lists: &Lists) -> Self {
        Self {
            screen,
            source: lists.backups_shown,
            backups: lists.shown_backups().filter.clone(),
            schedules: lists.schedules.filter.clone(),
            restores: lists.restores.filter.clone(),
        }
    }

    /// What comes back after a jump to this table.
    pub(super) fn of(self, table: TableId) -> OpenView {
        let filter = match table {
            TableId::Backups => self.backups,
            TableId::Schedules => self.schedules,
            TableId::Restores => self.restores,
        };
        OpenView { name: None, table, source: self.source, filter, layout: None }
    }
}

/// What is typed in the dialog of the saved views.
#[derive(Clone, Debug, Default)]
pub struct ViewsForm {
    /// The name of a new view.
    pub name: String,
    /// The names as they are being changed, one for each view.
    pub names: Vec<String>,
    /// The names that [`Self::names`] began as.
    pub names_of: Vec<String>,
    /// A text that holds views.
    pub text: String,
}
