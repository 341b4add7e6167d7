//! The saved view that is open, and what is typed about saved views.

use crate::grid::{Filter, Layout, RowSource};
use crate::msg::TableId;

/// The view that a table is shown in, and what comes back after it.
#[derive(Debug)]
pub(super) struct OpenView {
    pub(super) name: String,
    pub(super) table: TableId,
    pub(super) source: RowSource,
    pub(super) filter: Filter,
    pub(super) layout: Layout,
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
