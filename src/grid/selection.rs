//! Which rows are selected, by id, so that a refresh, a sort or a filter does not lose them.

use std::collections::HashSet;
use std::sync::Arc;

use super::RowKey;
use crate::domain::Text;
use crate::rows::{Record, Rows};

/// The selected rows, the focused one, and the one a range reaches from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    ids: Arc<HashSet<RowKey>>,
    focus: Option<RowKey>,
    anchor: Option<RowKey>,
    /// Where the focus was in the order last time: looked at first.
    focus_at: usize,
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

    /// The row the keyboard acts on.
    #[must_use]
    pub fn focus(&self) -> Option<&str> {
        self.focus.as_ref().map(RowKey::as_str)
    }

    /// A plain click: this row alone.
    pub fn click(&mut self, id: &str) {
        self.ids = Arc::new(HashSet::from([id.into()]));
        self.focus = Some(id.into());
        self.anchor = self.focus.clone();
    }

    /// A click with Ctrl or Cmd: this row in or out, the others as they are.
    pub fn toggle(&mut self, id: &str) {
        let ids = Arc::make_mut(&mut self.ids);
        if !ids.remove(id) {
            ids.insert(id.into());
        }
        self.focus = Some(id.into());
        self.anchor = self.focus.clone();
    }

    /// A click with Shift: everything shown from the anchor to this row, and nothing else.
    pub fn extend<R: Record>(&mut self, id: &str, rows: &Rows<R>, order: &[u32]) {
        match order.iter().position(|&at| rows.has_id(at, id)) {
            Some(position) => self.extend_to(position, rows, order),
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

    /// Moves the focus by some rows of the order, stopping at its ends, and selects the row, or with `extend` the range.
    /// With no focus yet, the first row is taken, and only a step beyond the end takes the last.
    pub fn move_focus<R: Record>(&mut self, step: isize, extend: bool, rows: &Rows<R>, order: &[u32]) {
        let Some(last) = order.len().checked_sub(1) else {
            return;
        };
        let position = match self.focus_index(rows, order) {
            Some(position) => position.saturating_add_signed(step).min(last),
            None if usize::try_from(step).is_ok_and(|step| step > last) => last,
            None => 0,
        };
        self.focus_at = position;
        if extend {
            self.extend_to(position, rows, order);
        } else if let Some(id) = order.get(position).and_then(|&at| rows.id(at)) {
            self.click(&id);
        }
    }

    /// Where the focused row is in the order; `None` without a focus, or while it is filtered out.
    #[must_use]
    pub fn focus_index<R: Record>(&self, rows: &Rows<R>, order: &[u32]) -> Option<usize> {
        let focus = self.focus.as_ref().map(RowKey::as_str)?;
        if order.get(self.focus_at).is_some_and(|&at| rows.has_id(at, focus)) {
            return Some(self.focus_at);
        }
        order.iter().position(|&at| rows.has_id(at, focus))
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
        let (mut focus, mut anchor) = (None, None);
        for id in ids {
            if kept.len() == self.ids.len() && self.focus.is_none() && self.anchor.is_none() {
                break;
            }
            focus = focus.or_else(|| self.focus.take_if(|focus| *focus == &*id));
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

    fn extend_to<R: Record>(&mut self, position: usize, rows: &Rows<R>, order: &[u32]) {
        let anchor = self.anchor.as_ref().or(self.focus.as_ref()).map(RowKey::as_str);
        let anchor = anchor.and_then(|anchor| order.iter().position(|&at| rows.has_id(at, anchor)));
        let from = anchor.unwrap_or(position);
        let range = order.get(from.min(position)..=from.max(position)).unwrap_or_default();
        self.ids = Arc::new(range.iter().filter_map(|&at| rows.id(at)).map(RowKey::from).collect());
        let id = |position: usize| order.get(position).and_then(|&at| rows.id(at)).map(RowKey::from);
        self.focus = id(position);
        self.anchor = id(from);
        self.focus_at = position;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Backup, BackupId};

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
        selection.extend("b", &rows, &ORDER);
        assert_eq!((ids(&selection).as_str(), selection.focus()), ("bcd", Some("b")));
        selection.extend("e", &rows, &ORDER);
        assert_eq!(ids(&selection), "de", "the range turns round its anchor");
        selection.toggle("a");
        assert_eq!(ids(&selection), "ade");
        selection.toggle("e");
        assert_eq!(ids(&selection), "ad");
        assert_eq!(selection.shown(&rows, &ORDER), [3, 0]);
        selection.clear();
        assert_eq!((selection.len(), selection.focus()), (0, Some("e")));
        selection.move_focus(1, false, &rows, &ORDER);
        assert_eq!(ids(&selection), "d");
        selection.move_focus(1, true, &rows, &ORDER);
        selection.move_focus(1, true, &rows, &ORDER);
        assert_eq!(ids(&selection), "bcd");
        selection.move_focus(isize::MAX, false, &rows, &ORDER);
        assert_eq!(ids(&selection), "a");
        selection.move_focus(isize::MIN, true, &rows, &ORDER);
        assert_eq!(ids(&selection), "abcde");
        selection.select_all(["a", "e"]);
        assert_eq!(ids(&selection), "ae");
    }

    #[test]
    fn without_a_focus_the_keyboard_begins_at_the_first_row() {
        let rows = rows();
        for (step, want) in [(1, "e"), (-1, "e"), (isize::MIN, "e"), (isize::MAX, "a")] {
            let mut selection = Selection::default();
            selection.move_focus(step, false, &rows, &ORDER);
            assert_eq!(selection.focus(), Some(want));
        }
        let mut selection = Selection::default();
        selection.move_focus(1, false, &rows, &[]);
        assert_eq!(selection, Selection::default());
    }

    #[test]
    fn a_refresh_keeps_what_is_still_there() {
        let mut selection = Selection::default();
        selection.select_all(["a", "c", "gone"]);
        selection.toggle("e");
        selection.retain_known(&rows());
        assert_eq!((ids(&selection).as_str(), selection.focus()), ("ace", Some("e")));
        selection.retain_known(&rows_of(&["a", "b", "c"]));
        assert_eq!((ids(&selection).as_str(), selection.focus()), ("ac", None));
    }

    #[test]
    fn a_new_order_keeps_only_what_it_shows() {
        let rows = rows();
        let mut selection = Selection::default();
        selection.select_all(["a", "c", "e"]);
        selection.toggle("d");
        selection.retain_shown(&rows, &[4, 3, 0]);
        assert_eq!((ids(&selection).as_str(), selection.focus()), ("ade", Some("d")));
        selection.retain_shown(&rows, &[4]);
        assert_eq!((ids(&selection).as_str(), selection.focus()), ("e", None));
        assert!(selection.is_only("e") && !selection.is_only("a"));
        selection.retain_shown(&rows, &[]);
        assert_eq!((selection.is_empty(), selection.is_only("e")), (true, false));
    }

    #[test]
    fn a_filtered_out_focus_is_kept_and_the_keyboard_begins_anew() {
        let rows = rows();
        let mut selection = Selection::default();
        selection.click("a");
        selection.move_focus(1, false, &rows, &[4, 3]);
        assert_eq!(selection.focus(), Some("e"));
    }
}
