//! Which columns a table shows, how wide, in which order, and what it is sorted by. Kept in the settings.

use serde::{Deserialize, Serialize};

use super::{Column, ColumnKey, Direction, Kind, Placement, Row, RowSource, SortBy};
use crate::domain::{Backup, Restore, Schedule};

/// The narrowest a column gets, in points.
const MIN_WIDTH: f32 = 40.0;
/// The widest a column gets, in points.
const MAX_WIDTH: f32 = 1200.0;

/// One column of a layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnLayout {
    /// The column.
    pub key: ColumnKey,
    /// Its width in points.
    pub width: f32,
    /// Whether it is shown.
    pub visible: bool,
}

impl ColumnLayout {
    fn of<R>(column: &Column<R>) -> Self {
        Self { key: column.key.clone(), width: column.width, visible: column.placement != Placement::Hidden }
    }
}

/// The columns of one table in their order, and its sort keys, the first being the strongest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Every column, shown or not, from left to right.
    pub columns: Vec<ColumnLayout>,
    /// The sort keys.
    pub sort: Vec<SortBy>,
    /// The columns that stay in sight when the table is scrolled sideways.
    pub frozen: Vec<ColumnKey>,
    /// The rows of each service are together, under a line of their own.
    pub by_service: bool,
}

impl Default for Layout {
    /// No columns; the frozen ones are the same in every table.
    fn default() -> Self {
        Self { columns: Vec::new(), sort: Vec::new(), ..Self::default_of::<Backup>() }
    }
}

impl Layout {
    /// The layout a table begins with.
    #[must_use]
    pub fn default_of<R: Row>() -> Self {
        Self::default_in::<R>(RowSource::Listed)
    }

    /// The layout a table of these rows begins with. What stays in sight comes first.
    #[must_use]
    pub fn default_in<R: Row>(source: RowSource) -> Self {
        let mut columns: Vec<&Column<R>> = R::columns().iter().filter(|column| column.is_in(source)).collect();
        columns.sort_by_key(|column| column.placement != Placement::Frozen);
        let frozen = columns.iter().filter(|column| column.placement == Placement::Frozen);
        Self {
            frozen: frozen.map(|column| column.key.clone()).collect(),
            columns: columns.iter().map(|column| ColumnLayout::of(column)).collect(),
            sort: vec![R::DEFAULT_SORT],
            by_service: false,
        }
    }

    /// Makes a stored layout fit the columns of today: unknown and doubled keys go, missing columns are appended
    /// hidden, widths are brought into bounds, and a table without a visible column gets its default ones.
    #[must_use]
    pub fn repaired<R: Row>(self, source: RowSource) -> Self {
        let default = Self::default_in::<R>(source);
        let is_known = |key: &ColumnKey| R::column(key.as_str()).is_some_and(|column| column.is_in(source));
        let mut columns: Vec<ColumnLayout> = Vec::with_capacity(default.columns.len());
        for mut stored in self.columns {
            let known = default.columns.iter().find(|column| column.key == stored.key);
            if let Some(known) = known
                && columns.iter().all(|kept| kept.key != stored.key)
            {
                stored.width = if stored.width.is_finite() { stored.width } else { known.width };
                stored.width = stored.width.clamp(MIN_WIDTH, MAX_WIDTH);
                columns.push(stored);
            }
        }
        if !columns.iter().any(|column| column.visible) {
            return default;
        }
        for column in default.columns {
            if columns.iter().all(|kept| kept.key != column.key) {
                columns.push(ColumnLayout { visible: false, ..column });
            }
        }
        let mut sort: Vec<SortBy> = Vec::new();
        for stored in self.sort {
            if is_known(&stored.key) && sort.iter().all(|kept| kept.key != stored.key) {
                sort.push(stored);
            }
        }
        let frozen = self.frozen.into_iter().filter(is_known).collect();
        let sort = if sort.is_empty() { default.sort } else { sort };
        Self { columns, sort, frozen, by_service: self.by_service }
    }

    /// The shown columns from left to right.
    pub fn visible(&self) -> impl Iterator<Item = &ColumnLayout> {
        self.columns.iter().filter(|column| column.visible)
    }

    /// The keys of the shown columns from left to right.
    #[must_use]
    pub fn visible_keys(&self) -> Vec<ColumnKey> {
        self.visible().map(|column| column.key.clone()).collect()
    }

    /// The position among all columns of the visible one at this position from the left.
    #[must_use]
    pub fn index_of_visible(&self, position: usize) -> Option<usize> {
        self.columns.iter().enumerate().filter(|(_, column)| column.visible).nth(position).map(|(index, _)| index)
    }

    /// The direction of a column's sort, and where there are several its rank, 1 being the strongest.
    #[must_use]
    pub fn sort_of(&self, key: &ColumnKey) -> Option<(Direction, Option<usize>)> {
        let (sort, rank) = self.sort.iter().zip(1..).find(|(sort, _)| sort.key == *key)?;
        Some((sort.direction, (self.sort.len() > 1).then_some(rank)))
    }

    /// A click on a header. Plain: this column alone, turned round if it already was the only one. Extending (with
    /// shift): added as a weaker key, or turned round where it is. Times and sizes begin with the largest.
    pub fn click_header(&mut self, key: ColumnKey, extend: bool) {
        if extend {
            match self.sort.iter_mut().find(|sort| sort.key == key) {
                Some(sort) => sort.direction = sort.direction.reversed(),
                None => self.sort.push(SortBy { direction: first_direction(&key), key }),
            }
            return;
        }
        let direction = match self.sort.as_slice() {
            [only] if only.key == key => only.direction.reversed(),
            _ => first_direction(&key),
        };
        self.sort_by(key, direction);
    }

    /// Sorts by one column in a given direction.
    pub fn sort_by(&mut self, key: ColumnKey, direction: Direction) {
        self.sort = vec![SortBy { key, direction }];
    }

    /// Moves a column. Both positions count hidden columns too; `to` is its position after it was taken out. Positions outside
    /// do nothing.
    pub fn move_column(&mut self, from: usize, to: usize) {
        if from < self.columns.len() && to < self.columns.len() {
            let column = self.columns.remove(from);
            self.columns.insert(to, column);
        }
    }

    /// Shows or hides a column. The last shown one stays.
    pub fn set_visible(&mut self, key: &ColumnKey, visible: bool) {
        if !visible && self.visible().all(|column| column.key == *key) {
            return;
        }
        if let Some(column) = self.columns.iter_mut().find(|column| column.key == *key) {
            column.visible = visible;
        }
    }

    /// Keeps a column in sight when the table is scrolled sideways, or lets it go.
    pub fn set_frozen(&mut self, key: ColumnKey, frozen: bool) {
        self.frozen.retain(|other| *other != key);
        if frozen {
            self.frozen.push(key);
        }
    }

    /// Sets the width of a column, within bounds.
    pub fn set_width(&mut self, key: &ColumnKey, width: f32) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.key == *key)
            && width.is_finite()
        {
            column.width = width.clamp(MIN_WIDTH, MAX_WIDTH);
        }
    }
}

/// The direction of a first click; of what lies ahead the earliest matters most. A key that tables share holds the same kind of thing in all of them.
fn first_direction(key: &ColumnKey) -> Direction {
    let key = key.as_str();
    let kind = Backup::column(key).map(|column| column.kind);
    let kind = kind.or_else(|| Schedule::column(key).map(|column| column.kind));
    match kind.or_else(|| Restore::column(key).map(|column| column.kind)) {
        Some(Kind::Instant | Kind::Bytes | Kind::Seconds) => Direction::Descending,
        _ => Direction::Ascending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorts(layout: &Layout) -> Vec<(&str, Direction)> {
        layout.sort.iter().map(|sort| (sort.key.as_str(), sort.direction)).collect()
    }

    #[test]
    fn a_plain_click_sorts_by_that_column_alone_and_a_second_turns_it_round() {
        use Direction::{Ascending, Descending};
        let mut layout = Layout::default_of::<Backup>();
        assert_eq!(sorts(&layout), [("start_time", Descending)]);
        layout.click_header("service_name".into(), false);
        assert_eq!(sorts(&layout), [("service_name", Ascending)]);
        layout.click_header("service_name".into(), false);
        assert_eq!(sorts(&layout), [("service_name", Descending)]);
        layout.click_header("storage_bytes".into(), true);
        assert_eq!(sorts(&layout), [("service_name", Descending), ("storage_bytes", Descending)]);
        layout.click_header("service_name".into(), true);
        assert_eq!(sorts(&layout), [("service_name", Ascending), ("storage_bytes", Descending)]);
        assert_eq!(layout.sort_of(&"service_name".into()), Some((Ascending, Some(1))));
        assert_eq!(layout.sort_of(&"storage_bytes".into()), Some((Descending, Some(2))));
        assert_eq!(layout.sort_of(&"status".into()), None);
        layout.click_header("storage_bytes".into(), false);
        assert_eq!(sorts(&layout), [("storage_bytes", Descending)]);
        assert_eq!(layout.sort_of(&"storage_bytes".into()), Some((Descending, None)), "no rank where it is alone");
        layout.click_header("next_run".into(), false);
        assert_eq!(sorts(&layout), [("next_run", Ascending)]);
    }

    #[test]
    fn a_stored_layout_is_made_to_fit() {
        let column = |key: &str, width: f32, visible: bool| ColumnLayout { key: key.into(), width, visible };
        let stored = Layout {
            columns: vec![
                column("type", 5.0, true),
                column("colour", 90.0, true),
                column("type", 90.0, true),
                column("status", f32::NAN, false),
            ],
            sort: vec![SortBy { key: "colour".into(), direction: Direction::Ascending }],
            frozen: vec!["colour".into(), "type".into()],
            by_service: true,
        };
        let repaired = stored.repaired::<Backup>(RowSource::Listed);
        assert_eq!(repaired.columns.len(), Layout::default_of::<Backup>().columns.len());
        assert_eq!(repaired.columns[0], column("type", MIN_WIDTH, true));
        assert_eq!(repaired.columns[1], column("status", 120.0, false));
        assert_eq!(repaired.visible_keys(), ["type"]);
        assert_eq!(repaired.frozen, ["type"]);
        assert!(repaired.by_service);
        assert_eq!(sorts(&repaired), [("start_time", Direction::Descending)]);
        assert_eq!(repaired.clone().repaired::<Backup>(RowSource::Listed), repaired);
        assert_eq!(Layout::default().repaired::<Schedule>(RowSource::Listed), Layout::default_of::<Schedule>());
    }

    #[test]
    fn columns_move_and_the_last_shown_one_stays() {
        let mut layout = Layout::default_of::<Schedule>();
        let before = layout.visible_keys();
        layout.set_frozen("type".into(), true);
        layout.set_frozen("type".into(), true);
        assert_eq!(layout.frozen, ["status", "service_name", "type"]);
        layout.set_frozen("type".into(), false);
        layout.move_column(0, 2);
        assert_eq!(layout.visible_keys()[..3], ["service_name", "type", "status"]);
        layout.move_column(2, 0);
        layout.move_column(0, 99);
        layout.move_column(99, 0);
        assert_eq!(layout, Layout::default_of::<Schedule>());
        for key in &before {
            layout.set_visible(key, false);
        }
        assert_eq!(layout.visible_keys(), ["suspended"]);
    }

    #[test]
    fn the_default_columns_are_the_ones_people_ask_for_first() {
        assert_eq!(
            Layout::default_of::<Backup>().visible_keys(),
            ["status", "service_name", "type", "start_time", "duration", "storage_bytes", "point_in_time"]
        );
        assert_eq!(
            Layout::default_of::<Schedule>().visible_keys(),
            ["status", "service_name", "type", "cron_words", "next_run", "suspended"]
        );
    }

    #[test]
    fn a_layout_survives_the_settings_file() {
        let layout = Layout::default_of::<Backup>();
        let text = serde_json::to_string(&layout).unwrap();
        assert_eq!(serde_json::from_str::<Layout>(&text).unwrap(), layout);
        assert_eq!(serde_json::from_str::<Layout>("{}").unwrap(), Layout::default());
    }
}
