//! Saved views: a table as it was saved, shown over the table as the user has it, which comes back with its screen. A jump from another
//! screen to some rows lies over the table in the same way, until the user goes anywhere.

use jiff::{SignedDuration, Timestamp};

use super::lists::with_table;
use super::open_view::{BeforeJump, OpenView, ViewsForm};
use super::{Data, Dialog, Model, NotificationAction, RestoresFace, Severity, StepContext, Table, View, Workspace};
use crate::api::BackupQuery;
use crate::domain::{Zone, is_control_or_bidi};
use crate::grid::{Filter, Layout, Row, RowSource, TableCommand};
use crate::msg::{Screen, TableId, ViewsCommand};
use crate::settings::{SavedView, ViewTable, views_from_text, views_to_text};

/// The longest name, in characters.
const LONGEST_NAME: usize = 60;
/// A period up to now moves on so often: ages are shown in hours at the finest.
const MOVE_AFTER: SignedDuration = SignedDuration::from_hours(1);

impl Data {
    /// The name of the view that is open on a screen.
    #[must_use]
    pub fn open_view(&self, screen: Screen) -> Option<&str> {
        let open = self.session.open()?.open_view.as_ref()?;
        open.name.as_deref().filter(|_| screen_of(open.table) == screen)
    }

    /// A table shows the rows that a jump from another screen led to.
    pub(super) fn is_after_jump(&self) -> bool {
        self.session.open().and_then(|open| open.open_view.as_ref()).is_some_and(|open| open.name.is_none())
    }
}

impl Model {
    pub(super) fn handle_views(&mut self, command: ViewsCommand, cx: &mut StepContext) {
        match command {
            ViewsCommand::AskSave => self.ask_save_view(),
            ViewsCommand::Save(name) => self.save_view(&name, cx),
            ViewsCommand::Open(name) => self.open_view(&name, cx),
            ViewsCommand::Manage => {
                self.view.views = ViewsForm::default();
                self.view.open(Dialog::SavedViews);
            }
            ViewsCommand::Rename { from, to } => self.rename_view(&from, &to, cx),
            ViewsCommand::Delete(name) => self.delete_view(&name, cx),
            ViewsCommand::Restore(at, view) => {
                let views = &mut self.data.settings.saved_views;
                views.insert(at.min(views.len()), *view);
                self.settings_changed();
            }
            ViewsCommand::Move { from, to } => {
                let views = &mut self.data.settings.saved_views;
                if from < views.len() && to < views.len() {
                    let view = views.remove(from);
                    views.insert(to, view);
                    self.settings_changed();
                }
            }
            ViewsCommand::Copy => cx.copy(views_to_text(&self.data.settings.saved_views), "Saved views"),
            ViewsCommand::Import(text) => self.import_views(&text, cx),
        }
    }

    fn ask_save_view(&mut self) {
        let Some(_) = self.view.table() else { return };
        let name = self.data.open_view(self.view.screen).unwrap_or_default().to_owned();
        self.view.views = ViewsForm { name, ..ViewsForm::default() };
        self.view.open(Dialog::SaveView);
    }

    /// Saves the table of the screen under this name, in place of a view that has it.
    fn save_view(&mut self, name: &str, cx: &mut StepContext) {
        let (Some(name), Some(table)) = (checked(name), self.view.table()) else { return };
        let Some(open) = self.data.session.open_mut() else { return };
        let source = open.lists.backups_shown;
        let kind = kind_of(table, source);
        let (filter, layout) = with_table!(&open.lists, table, table => (table.filter.clone(), table.layout.clone()));
        let view = SavedView::new(name.clone(), kind, &filter, layout.clone());
        if let Some(open) = open.open_view.as_mut().filter(|open| open.table == table) {
            open.name = Some(name.clone());
            open.layout.get_or_insert(layout);
        } else {
            let (name, layout) = (Some(name.clone()), Some(layout));
            open.open_view = Some(OpenView { name, table, source, filter, layout });
        }
        let views = &mut self.data.settings.saved_views;
        match views.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = view,
            None => views.push(view),
        }
        self.settings_changed();
        self.view.dialog.take_if(|dialog| *dialog == Dialog::SaveView);
        cx.notify(Severity::Good, format!("View {name} saved"));
    }

    fn open_view(&mut self, name: &str, cx: &mut StepContext) {
        let Some(saved) = self.data.settings.saved_views.iter().find(|view| view.name == name).cloned() else { return };
        if saved.table == ViewTable::AllSeen
            && let Some(reason) = self.data.history_blocked_reason()
        {
            return cx.notify(Severity::Info, reason);
        }
        self.close_view(cx);
        let filter = saved.filter(|span| span.begin(self.data.now, self.data.zone()));
        let Some(before) = self.data.session.open().map(|open| open.lists.backups_shown) else { return };
        let table = table_of(saved.table);
        if let Some(source) = saved.table.source() {
            self.show_backups(source, cx);
        }
        self.view.search_mut(table).clone_from(&filter.text);
        self.view.screen = screen_of(table);
        self.view.moments.face = RestoresFace::Restores;
        self.view.back_to = None;
        let Some(open) = self.data.session.open_mut() else { return };
        let (filter, layout) = with_table!(&mut open.lists, table, table => put(table, filter, Some(saved.layout)));
        let layout = Some(layout);
        open.open_view = Some(OpenView { name: Some(saved.name), table, source: before, filter, layout });
        let query = &open.lists.query;
        if table == TableId::Backups && (query.status.is_some() || query.service_id.is_some()) {
            open.ask_for(BackupQuery { status: None, service_id: None, ..query.clone() }, cx);
        }
    }

    /// The table is again as the user has it.
    pub(super) fn close_view(&mut self, cx: &mut StepContext) {
        let Some(closed) = self.data.session.open_mut().and_then(|open| open.open_view.take()) else { return };
        self.view.search_mut(closed.table).clone_from(&closed.filter.text);
        if let Some(open) = self.data.session.open_mut() {
            with_table!(&mut open.lists, closed.table, table => put(table, closed.filter.clone(), closed.layout));
        }
        if closed.table == TableId::Backups {
            self.show_backups(closed.source, cx);
        }
    }

    /// What comes back when the user leaves the rows that a command led to.
    pub(super) fn remember(&mut self, before: BeforeJump) {
        let Some(table) = self.view.table() else { return };
        let Some(open) = self.data.session.open_mut() else { return };
        let before = before.of(table);
        let is_same_filter = with_table!(&open.lists, table, table => table.filter == before.filter);
        if !is_same_filter || open.lists.backups_shown != before.source {
            open.open_view = Some(before);
        }
    }

    fn rename_view(&mut self, from: &str, to: &str, cx: &mut StepContext) {
        // What is typed is judged anew, whatever comes of it.
        self.view.views.names_of.clear();
        let Some(to) = checked(to) else { return };
        let views = &mut self.data.settings.saved_views;
        if views.iter().any(|view| view.name == to) {
            return cx.notify(Severity::Info, format!("There is a view {to} already"));
        }
        let Some(view) = views.iter_mut().find(|view| view.name == from) else { return };
        view.name.clone_from(&to);
        if let Some(open) = self.data.session.open_mut().and_then(|open| open.open_view.as_mut())
            && open.name.as_deref() == Some(from)
        {
            open.name = Some(to);
        }
        self.settings_changed();
    }

    fn delete_view(&mut self, name: &str, cx: &mut StepContext) {
        let views = &mut self.data.settings.saved_views;
        let Some(at) = views.iter().position(|view| view.name == name) else { return };
        let view = Box::new(views.remove(at));
        if self
            .data
            .session
            .open()
            .and_then(|open| open.open_view.as_ref())
            .is_some_and(|open| open.name.as_deref() == Some(name))
        {
            self.close_view(cx);
        }
        self.settings_changed();
        let undo = Some(NotificationAction::RestoreView(at, view));
        cx.notify_with(Severity::Good, format!("View {name} deleted"), None, undo);
    }

    /// Adds the views of a text; one of a name that is known takes the place of that.
    fn import_views(&mut self, text: &str, cx: &mut StepContext) {
        let read = match views_from_text(text) {
            Ok(read) => read,
            Err(reason) => return cx.notify(Severity::Warning, reason),
        };
        let count = read.len();
        for mut view in read {
            let Some(name) = checked(&view.name) else { continue };
            view.name = name;
            let views = &mut self.data.settings.saved_views;
            match views.iter_mut().find(|known| known.name == view.name) {
                Some(known) => *known = view,
                None => views.push(view),
            }
        }
        self.view.views.text.clear();
        self.settings_changed();
        cx.notify(Severity::Good, if count == 1 { "1 view added".to_owned() } else { format!("{count} views added") });
    }

    /// Periods up to now move on with the time.
    pub(super) fn move_periods(&mut self) {
        let (now, Data { session, zone, .. }) = (self.data.now, &mut self.data);
        let Some(open) = session.open_mut() else { return };
        move_period(&mut open.lists.backups, now, zone);
        move_period(&mut open.lists.all_seen, now, zone);
    }
}

impl Workspace {
    /// A view of this table is open, so that its columns are not those of the user.
    pub(super) fn shows_view_of(&self, table: TableId) -> bool {
        self.open_view.as_ref().is_some_and(|open| open.table == table && open.name.is_some())
    }

    /// The user chose which backups are shown, which stays after a jump.
    pub(super) fn keep_source(&mut self, source: RowSource) {
        if let Some(jump) = self.open_view.as_mut().filter(|open| open.name.is_none()) {
            jump.source = source;
        }
    }

    /// All rows of a table were asked for: what a jump put aside is not wanted back.
    pub(super) fn forget_jump_to(&mut self, table: TableId) {
        self.open_view.take_if(|open| open.table == table && open.name.is_none());
    }
}

impl View {
    /// The names as they are being changed; anew where the views are others.
    pub fn view_names(&mut self, views: &[SavedView]) -> &mut Vec<String> {
        let names: Vec<String> = views.iter().map(|view| view.name.clone()).collect();
        if self.views.names_of != names {
            self.views.names.clone_from(&names);
            self.views.names_of = names;
        }
        &mut self.views.names
    }
}

/// Filter and, where they are given, columns of a table; returns those it had before.
fn put<R: Row>(table: &mut Table<R>, filter: Filter, layout: Option<Layout>) -> (Filter, Layout) {
    let before = (table.filter.clone(), table.layout.clone());
    if let Some(layout) = layout {
        table.layout = layout.repaired::<R>(table.source);
    }
    table.handle(TableCommand::SetFilter(filter));
    before
}

fn move_period<R: Row>(table: &mut Table<R>, now: Timestamp, zone: &Zone) {
    let period = table.filter.period;
    let Some(begin) = period.up_to_now.and_then(|span| span.begin(now, zone)) else { return };
    if period.from.is_none_or(|from| begin.duration_since(from) >= MOVE_AFTER) {
        table.filter.period.from = Some(begin);
    }
}

/// A name that can be used, without the spaces around it and what cannot be seen.
fn checked(name: &str) -> Option<String> {
    let name = name.trim().chars().filter(|c| !is_control_or_bidi(*c));
    let name: String = name.take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}

fn kind_of(table: TableId, source: RowSource) -> ViewTable {
    match (table, source) {
        (TableId::Schedules, _) => ViewTable::Schedules,
        (TableId::Restores, _) => ViewTable::Restores,
        (TableId::Backups, RowSource::Listed) => ViewTable::Backups,
        (TableId::Backups, RowSource::AllSeen) => ViewTable::AllSeen,
    }
}

fn table_of(kind: ViewTable) -> TableId {
    match kind {
        ViewTable::Backups | ViewTable::AllSeen => TableId::Backups,
        ViewTable::Schedules => TableId::Schedules,
        ViewTable::Restores => TableId::Restores,
    }
}

fn screen_of(table: TableId) -> Screen {
    match table {
        TableId::Backups => Screen::Backups,
        TableId::Schedules => Screen::Schedules,
        TableId::Restores => Screen::Restores,
    }
}
