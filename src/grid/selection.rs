//! Which rows are selected, by id, so that a refresh, a sort or a filter does not lose them.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Line, RowKey, TableLines};
use crate::domain::{ServiceId, Text};
use crate::rows::{Record, Rows};

/// The selected rows, the focused one, and the one a range reaches from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    ids: Arc<HashSet<RowKey>>,
    focus: Option<Focus>,
    anchor: Option<RowKey>,
    /// The line of the focus last time: looked at first.
    focus_at: usize,
}

/// What the keyboard is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A row.
    Row(RowKey),
    /// The line of a service's group.
    Group(ServiceId),
}

impl Selection {
    /// Whether a row is selected.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Whether this row is selected and no other is.
    #[must_use]
    pub fn is_only(&self, id: &str) -> bool {
        self.len() == 1 && self.contains(id)
    }

    /// How many are selected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True where nothing is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The selected rows among the shown ones, in the order shown.
    #[must_use]
    pub fn shown<R: Record>(&self, rows: &Rows<R>, order: &[u32]) -> Vec<u32> {
        order.iter().copied().filter(|&at| rows.id(at).is_some_and(|id| self.contains(&id))).collect()
    }

    /// What the keyboard is on.
    #[must_use]
    pub fn focus(&self) -> Option<&Focus> {
        self.focus.as_ref()
    }

    /// The row the keyboard acts on.
    #[must_use]
    pub fn focused_row(&self) -> Option<&str> {
        self.focused_key().map(RowKey::as_str)
    }

    /// The service on whose group the keyboard acts.
    #[must_use]
    pub fn focused_group(&self) -> Option<&ServiceId> {
        match &self.focus {
            Some(Focus::Group(service)) => Some(service),
            Some(Focus::Row(_)) | None => None,
        }
    }

    fn focused_key(&self) -> Option<&RowKey> {
        match &self.focus {
            Some(Focus::Row(row)) => Some(row),
            Some(Focus::Group(_)) | None => None,
        }
    }

    /// The keyboard goes to a row, from which ranges reach.
    fn go_to_row(&mut self, id: RowKey) {
        self.anchor = Some(id.clone());
        self.focus = Some(Focus::Row(id));
    }

    /// The keyboard goes to the line of a group; what is selected stays.
    pub fn go_to_group(&mut self, service: ServiceId) {
        self.focus = Some(Focus::Group(service));
    }

    /// A plain click: this row alone.
    pub fn click(&mut self, id: &str) {
        self.ids = Arc::new(HashSet::from([id.into()]));
        self.go_to_row(id.into());
    }

    /// A click with Ctrl or Cmd: this row in or out, the others as they are.
    pub fn toggle(&mut self, id: &str) {
        let ids = Arc::make_mut(&mut self.ids);
        if !ids.remove(id) {
            ids.insert(id.into());
        }
        self.go_to_row(id.into());
    }

    /// A click with Shift: everything shown from the anchor to this row, and nothing else.
    pub fn extend<R: Record>(&mut self, id: &str, rows: &Rows<R>, lines: &TableLines) {
        match position_of(id, rows, lines) {
            Some(position) => self.extend_to(position, rows, lines),
            None => self.click(id),
        }
    }

    /// Selects all of these; the focus stays.
    pub fn select_all(&mut self, ids: impl IntoIterator<Item = impl Into<RowKey>>) {
        self.ids = Arc::new(ids.into_iter().map(Into::into).collect());
    }

    /// Selects nothing; the focus stays, so that the keyboard goes on from where it was.
    pub fn clear(&mut self) {
        self.ids = Arc::default();
        self.anchor = None;
    }

    /// Moves the focus by some lines, stopping at the ends, and selects the row, or with `extend` the range; on the line of a group
    /// nothing. With no focus yet, the first line is taken, and only a step beyond the end takes the last.
    pub fn move_focus<R: Record>(&mut self, step: isize, extend: bool, rows: &Rows<R>, lines: &TableLines) {
        let Some(last) = lines.len().checked_sub(1) else {
            return;
        };
        let line = match self.focus_line(rows, lines) {
            Some(line) => line.saturating_add_signed(step).min(last),
            None if usize::try_from(step).is_ok_and(|step| step > last) => last,
            None => 0,
        };
        self.focus_at = line;
        match lines.at(line) {
            Some(Line::Row(position)) if extend => self.extend_to(position, rows, lines),
            Some(Line::Row(_)) => {
                if let Some(id) = lines.row_at(line).and_then(|at| rows.id(at)) {
                    self.click(&id);
                }
            }
            Some(Line::Group(_)) if extend => {
                // A range is of rows: it goes on to the next one.
                let below = lines.row_from(line);
                let position = if step < 0 { below.checked_sub(1) } else { Some(below) };
                if let Some(position) = position.filter(|position| *position < lines.order().len()) {
                    self.extend_to(position, rows, lines);
                }
            }
            Some(Line::Group(number)) => {
                if let Some(group) = lines.group(number) {
                    self.clear();
                    self.go_to_group(group.service.clone());
                }
            }
            None => {}
        }
    }

    /// The line of what the keyboard is on; `None` without a focus, or while it has no line.
    #[must_use]
    pub fn focus_line<R: Record>(&self, rows: &Rows<R>, lines: &TableLines) -> Option<usize> {
        match self.focus.as_ref()? {
            Focus::Group(service) => lines.line_of_group(service),
            Focus::Row(id) => {
                if lines.row_at(self.focus_at).is_some_and(|at| rows.has_id(at, id.as_str())) {
                    return Some(self.focus_at);
                }
                position_of(id.as_str(), rows, lines).map(|position| lines.line_of_row(position))
            }
        }
    }

    /// Forgets these rows, which have no line any more.
    pub fn forget<R: Record>(&mut self, rows: &Rows<R>, hidden: &[u32]) {
        if !self.is_empty() && !hidden.is_empty() {
            let ids = Arc::make_mut(&mut self.ids);
            for id in hidden.iter().filter_map(|&at| rows.id(at)) {
                ids.remove(&*id);
            }
        }
    }

    /// After a new order: forgets every row that is not in it, the focus too, so that what cannot be seen cannot be acted on.
    pub fn retain_shown<R: Record>(&mut self, rows: &Rows<R>, order: &[u32]) {
        self.retain(order.iter().filter_map(|&at| rows.id(at)));
    }

    /// After a refresh: forgets ids that are no longer there.
    pub fn retain_known<R: Record>(&mut self, rows: &Rows<R>) {
        self.retain((0..).map_while(|at| rows.id(at)));
    }

    /// Keeps what is among these; looks no further than until everything is found.
    fn retain(&mut self, ids: impl Iterator<Item = Text>) {
        let mut kept = HashSet::with_capacity(self.ids.len());
        // That of a group has no id to look for.
        let (mut focus, mut anchor) = (self.focus.take_if(|focus| matches!(focus, Focus::Group(_))), None);
        for id in ids {
            if kept.len() == self.ids.len() && self.focused_key().is_none() && self.anchor.is_none() {
                break;
            }
            focus = focus.or_else(|| self.focus.take_if(|focus| matches!(focus, Focus::Row(row) if *row == &*id)));
            anchor = anchor.or_else(|| self.anchor.take_if(|anchor| *anchor == &*id));
            if self.ids.contains(&*id) {
                kept.insert(id.into());
            }
        }
        if kept.len() < self.ids.len() {
            self.ids = Arc::new(kept);
        }
        (self.focus, self.anchor) = (focus, anchor);
    }

    fn extend_to<R: Record>(&mut self, position: usize, rows: &Rows<R>, lines: &TableLines) {
        let anchor = self.anchor.as_ref().or(self.focused_key()).map(RowKey::as_str);
        let from = anchor.and_then(|anchor| position_of(anchor, rows, lines)).unwrap_or(position);
        let order = lines.order();
        let range = order.get(from.min(position)..=from.max(position)).unwrap_or_default();
        self.ids = Arc::new(range.iter().filter_map(|&at| rows.id(at)).map(RowKey::from).collect());
        let id = |position: usize| order.get(position).and_then(|&at| rows.id(at)).map(RowKey::from);
        self.focus = id(position).map(Focus::Row);
        self.anchor = id(from);
        self.focus_at = lines.line_of_row(position);
    }
}

/// The position of a row among those that have a line.
fn position_of<R: Record>(id: &str, rows: &Rows<R>, lines: &TableLines) -> Option<usize> {
    lines.order().iter().position(|&at| rows.has_id(at, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Backup, BackupId};
    use crate::grid::ServiceGroup;

    impl Selection {
        /// The selected ids, in no order.
        pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
            self.ids.iter().map(RowKey::as_str)
        }
    }

    const ORDER: [u32; 5] = [4, 3, 2, 1, 0];

    fn rows() -> Rows<Backup> {
        rows_of(&["a", "b", "c", "d", "e"])
    }

    fn rows_of(ids: &[&str]) -> Rows<Backup> {
        ids.iter().map(|id| Backup { id: BackupId::new(*id), ..Backup::default() }).collect()
    }

    fn lines(order: &[u32]) -> TableLines {
        TableLines::from(Arc::from(order))
    }

    fn ids(selection: &Selection) -> String {
        let mut ids: Vec<&str> = selection.ids().collect();
        ids.sort_unstable();
        ids.concat()
    }

    #[test]
    fn mouse_and_keyboard_select_as_in_any_list() {
        let rows = rows();
        let mut selection = Selection::default();
        selection.click("d");
        selection.extend("b", &rows, &lines(&ORDER));
        assert_eq!((ids(&selection).as_str(), selection.focused_row()), ("bcd", Some("b")));
        selection.extend("e", &rows, &lines(&ORDER));
        assert_eq!(ids(&selection), "de", "the range turns round its anchor");
        selection.toggle("a");
        assert_eq!(ids(&selection), "ade");
        selection.toggle("e");
        assert_eq!(ids(&selection), "ad");
        assert_eq!(selection.shown(&rows, &ORDER), [3, 0]);
        selection.clear();
        assert_eq!((selection.len(), selection.focused_row()), (0, Some("e")));
        selection.move_focus(1, false, &rows, &lines(&ORDER));
        assert_eq!(ids(&selection), "d");
        selection.move_focus(1, true, &rows, &lines(&ORDER));
        selection.move_focus(1, true, &rows, &lines(&ORDER));
        assert_eq!(ids(&selection), "bcd");
        selection.move_focus(isize::MAX, false, &rows, &lines(&ORDER));
        assert_eq!(ids(&selection), "a");
        selection.move_focus(isize::MIN, true, &rows, &lines(&ORDER));
        assert_eq!(ids(&selection), "abcde");
        selection.select_all(["a", "e"]);
        assert_eq!(ids(&selection), "ae");
    }

    #[test]
    fn without_a_focus_the_keyboard_begins_at_the_first_row() {
        let rows = rows();
        for (step, want) in [(1, "e"), (-1, "e"), (isize::MIN, "e"), (isize::MAX, "a")] {
            let mut selection = Selection::default();
            selection.move_focus(step, false, &rows, &lines(&ORDER));
            assert_eq!(selection.focused_row(), Some(want));
        }
        let mut selection = Selection::default();
        selection.move_focus(1, false, &rows, &lines(&[]));
        assert_eq!(selection, Selection::default());
    }

    #[test]
    fn a_refresh_keeps_what_is_still_there() {
        let mut selection = Selection::default();
        selection.select_all(["a", "c", "gone"]);
        selection.toggle("e");
        selection.retain_known(&rows());
        assert_eq!((ids(&selection).as_str(), selection.focused_row()), ("ace", Some("e")));
        selection.retain_known(&rows_of(&["a", "b", "c"]));
        assert_eq!((ids(&selection).as_str(), selection.focused_row()), ("ac", None));
    }

    #[test]
    fn a_new_order_keeps_only_what_it_shows() {
        let rows = rows();
        let mut selection = Selection::default();
        selection.select_all(["a", "c", "e"]);
        selection.toggle("d");
        selection.retain_shown(&rows, &[4, 3, 0]);
        assert_eq!((ids(&selection).as_str(), selection.focused_row()), ("ade", Some("d")));
        selection.retain_shown(&rows, &[4]);
        assert_eq!((ids(&selection).as_str(), selection.focused_row()), ("e", None));
        assert!(selection.is_only("e") && !selection.is_only("a"));
        selection.retain_shown(&rows, &[]);
        assert_eq!((selection.is_empty(), selection.is_only("e")), (true, false));
    }

    #[test]
    fn the_keyboard_stops_at_the_lines_of_groups_and_ranges_pass_them() {
        let rows = rows();
        let group =
            |id: &str, rows| ServiceGroup { service: ServiceId::new(id), label: String::new(), rows, failed: 0 };
        let groups: Arc<[ServiceGroup]> = [group("db1", 2), group("db2", 1), group("db3", 2)].into();
        let lines = |collapsed: &[&str]| {
            TableLines::new(&Arc::from(ORDER), &groups, &collapsed.iter().map(|id| ServiceId::new(*id)).collect())
        };
        let (all, folded) = (lines(&[]), lines(&["db2"]));
        let mut selection = Selection::default();
        selection.move_focus(1, false, &rows, &all);
        assert_eq!((selection.focused_group().map(ServiceId::as_str), selection.focused_row()), (Some("db1"), None));
        selection.move_focus(2, false, &rows, &all);
        assert_eq!((ids(&selection).as_str(), selection.focused_row()), ("d", Some("d")));
        selection.move_focus(1, true, &rows, &all);
        assert_eq!(ids(&selection), "cd", "a range goes on past the line of a group");
        selection.move_focus(-1, true, &rows, &all);
        assert_eq!(ids(&selection), "d");
        selection.move_focus(1, true, &rows, &folded);
        assert_eq!((ids(&selection).as_str(), selection.focus_line(&rows, &folded)), ("bd", Some(5)));
        selection.move_focus(isize::MAX, false, &rows, &folded);
        assert_eq!(ids(&selection), "a");
        selection.move_focus(-2, false, &rows, &folded);
        assert!(selection.is_empty() && selection.focused_group() == Some(&ServiceId::new("db3")));
        selection.select_all(["e", "d", "a"]);
        selection.forget(&rows, &[4, 2]);
        assert_eq!((ids(&selection).as_str(), selection.focus_line(&rows, &folded)), ("ad", Some(4)));
        selection.retain_shown(&rows, &[3]);
        assert_eq!((ids(&selection).as_str(), selection.focus_line(&rows, &folded)), ("d", Some(4)));
    }

    #[test]
    fn a_filtered_out_focus_is_kept_and_the_keyboard_begins_anew() {
        let rows = rows();
        let mut selection = Selection::default();
        selection.click("a");
        selection.move_focus(1, false, &rows, &lines(&[4, 3]));
        assert_eq!(selection.focused_row(), Some("e"));
    }
}
