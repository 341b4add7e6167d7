//! What a table is without drawing it: columns, index (filter and sort), selection, layout.
//!
//! Owns: the one definition of every column, the search text, the order of rows, which rows are selected, how columns are laid out.
//! May import: `std`, `domain`, `jiff`, `memchr`, `serde`, `serde_json`, `unicode-normalization`.
//! Must never: know egui, read a clock (`now` is an argument), do input or output.

mod backups;
mod column;
mod filter;
mod fold;
mod index;
mod job;
mod json;
mod layout;
mod meaning;
mod names;
mod schedules;
mod search_index;
mod selection;
mod sort;
mod text;

pub use backups::EMPTY_BACKUP;
pub(crate) use column::flag_text;
pub use column::{CellContext, Column, Facets, Kind, Row, Rows, Value, unknown_fields};
pub use filter::{FacetCounts, Filter, Period, facet_counts};
pub use fold::{folded, natural_key};
pub use index::{Index, IndexRequest, Summary, build_index, reorder};
pub use job::{IndexJob, IndexResult};
pub use json::{json_array, json_text};
pub use layout::{ColumnLayout, Direction, Layout, SortBy};
pub use names::{NO_NAMES, ServiceNames};
pub use search_index::SearchIndex;
pub use selection::Selection;
pub(crate) use text::{fraction_digits, push_date_time, push_rfc3339};
