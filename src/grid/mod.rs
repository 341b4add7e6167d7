//! What a table is without drawing it: columns, index (filter and sort), selection, layout.
//!
//! Owns: the one definition of every column, the search text, the order of rows, which rows are selected, how columns are laid out.
//! May import: `std`, `domain`, `cron`, `rows`, `jiff`, `memchr`, `rayon`, `serde`, `serde_json`, `unicode-normalization`.
//! Must never: know egui, read a clock (`now` is an argument), do input or output.

mod backups;
mod buckets;
mod cell_text;
mod chunk_words;
mod column;
mod column_cells;
mod command;
mod facet;
mod filter;
mod fold;
mod groups;
mod index;
mod job;
mod json;
mod key;
mod layout;
mod lines;
mod names;
mod rank;
mod restores;
mod row_source;
mod schedules;
mod search_index;
mod search_word;
mod selection;
mod sort;
mod sort_by;
mod sort_key;
mod text;
mod value;

pub use backups::EMPTY_BACKUP;
pub(crate) use chunk_words::ChunkWords;
pub use column::{CellContext, Column, Kind, Placement, Row, unknown_fields};
pub(crate) use column_cells::{ColumnCells, locate};
pub use command::{CopyFormat, TableCommand};
pub use facet::{Facet, FacetCounts, NewestGood};
pub use filter::{Filter, Period, Span, facet_counts};
pub use fold::{folded, natural_key};
pub use groups::ServiceGroup;
pub use index::{Index, IndexRequest, Summary, reorder};
pub use job::{IndexJob, IndexResult};
pub use json::{json_array, json_line, json_text};
pub use key::{ColumnKey, RowKey};
pub use layout::{ColumnLayout, Layout};
pub use lines::{Line, TableLines, rows_of_group};
pub use names::{NO_NAMES, ServiceNames};
pub use row_source::RowSource;
pub use search_index::SearchIndex;
pub use selection::{Focus, Selection};
pub use sort_by::{Direction, SortBy};
pub(crate) use text::{fraction_digits, push_date_time, push_rfc3339};
pub use value::Value;
pub(crate) use value::flag_text;
