//! A column of a list, read cell by cell, without putting rows together where what is kept tells.

use std::borrow::Cow;

use jiff::Timestamp;

use super::chunk_words::ChunkWords;
use super::{Column, Kind, Row, ServiceNames, Value};
use crate::domain::push_number;
use crate::rows::{CHUNK_ROWS, Cell, Cells, Chunk as _, Rows};

/// One column of some rows.
pub(crate) struct ColumnCells<'r, R: Row> {
    rows: &'r Rows<R>,
    column: &'static Column<R>,
    now: Timestamp,
    /// What services are called, where they are told apart as a table shows them.
    names: Option<&'r ServiceNames>,
    /// Of each chunk.
    cells: Vec<Cells<'r>>,
}

impl<'r, R: Row> ColumnCells<'r, R> {
    /// The values as in the API; with `names`, services as a table shows them.
    pub(crate) fn new(
        rows: &'r Rows<R>,
        column: &'static Column<R>,
        now: Timestamp,
        names: Option<&'r ServiceNames>,
    ) -> Self {
        let cells = rows.chunks().iter().map(|chunk| chunk.cells(column.key.as_str())).collect();
        Self { rows, column, now, names: names.filter(|_| column.kind == Kind::Service), cells }
    }

    pub(crate) fn column(&self) -> &'static Column<R> {
        self.column
    }

    /// Whether a row has words that are kept in parts or as a number, or none where others have such.
    pub(crate) fn is_composed(&self, row: u32) -> bool {
        let (chunk, at) = locate(row);
        match self.cells.get(chunk) {
            Some(Cells::Ids { .. }) => true,
            Some(cells @ Cells::Digits(_)) => cells.number(at) != Cell::InRow,
            _ => false,
        }
    }

    /// Puts words together that are kept in parts or as a number.
    pub(crate) fn push_composed(&self, row: u32, out: &mut String) {
        let (chunk, at) = locate(row);
        match self.cells.get(chunk) {
            Some(Cells::Ids { ids, services, pods }) => ids.push_to(out, at, [services, pods]),
            Some(cells @ Cells::Digits(_)) => {
                if let Cell::Number(number) = cells.number(at) {
                    push_number(out, number);
                }
            }
            _ => {}
        }
    }

    /// The value of a row.
    pub(crate) fn value(&self, row: u32) -> Value<'r> {
        let (chunk, at) = locate(row);
        if self.is_composed(row) {
            let mut composed = String::new();
            self.push_composed(row, &mut composed);
            return Value::text(composed);
        }
        match (self.cells.get(chunk), self.names) {
            (None, _) => Value::Empty,
            (Some(Cells::Words(words)), _) => Value::text(words.get(at).unwrap_or_default()),
            (Some(Cells::Service { ids, names }), Some(known)) => {
                Value::text(known.label(ids.get(at).unwrap_or_default(), names.get(at)))
            }
            (Some(Cells::Service { names, .. }), None) => Value::text(names.get(at).unwrap_or_default()),
            (Some(cells), _) => match (cells.number(at), cells) {
                (Cell::Empty, _) => Value::Empty,
                (Cell::Number(_), Cells::Times(times)) => times.instant(at).map_or(Value::Empty, Value::Instant),
                (Cell::Number(number), Cells::Spans { .. }) => Value::Seconds(number),
                (Cell::Number(number), Cells::Sizes(_)) => Value::Bytes(number),
                (Cell::Number(number), Cells::Flags(_)) => Value::Flag(number == 1),
                (Cell::Number(_) | Cell::InRow, _) => self.in_row(row),
            },
        }
    }

    fn in_row(&self, row: u32) -> Value<'r> {
        let Some(row) = self.rows.get(row) else { return Value::Empty };
        let value = match self.names {
            Some(names) => self.column.named_value(&row, self.now, names),
            None => (self.column.value)(&row, self.now),
        };
        match value {
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Empty => Value::Empty,
            Value::Integer(number) => Value::Integer(number),
            Value::Bytes(bytes) => Value::Bytes(bytes),
            Value::Seconds(secs) => Value::Seconds(secs),
            Value::Instant(at) => Value::Instant(at),
            Value::EitherInstant(at, other) => Value::EitherInstant(at, other),
            Value::Flag(flag) => Value::Flag(flag),
        }
    }

    /// The different words of each chunk, where the column holds words and rows share them; none for another chunk.
    pub(crate) fn shared_words(&self) -> Vec<Option<ChunkWords<'r>>> {
        let shared = |cells: &Cells<'r>| match *cells {
            Cells::Words(words) if words.word_count() * 2 < words.codes().len() => Some(ChunkWords::of(words)),
            Cells::Service { names, .. } if self.names.is_none() => Some(ChunkWords::of(names)),
            Cells::Service { .. } => ChunkWords::new(cells, self.column, self.names?),
            _ => None,
        };
        self.cells.iter().map(shared).collect()
    }
}

/// The chunk of a row, and its position there.
pub(crate) fn locate(row: u32) -> (usize, usize) {
    let row = usize::try_from(row).unwrap_or(usize::MAX);
    (row / CHUNK_ROWS, row % CHUNK_ROWS)
}
