//! What is read from the service: backups, schedules, services, and one schedule for the detail pane.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Remote, StepContext, Table};
use crate::api::{ApiError, BackupQuery, Completeness, ErrorKind, ScheduleQuery};
use crate::domain::{Backup, RestorableRange, Restore, RestoreId, Schedule, ScheduleId, Service, ServiceId, Zone};
use crate::grid::{Row, RowSource, ServiceNames, natural_key};
use crate::msg::{Effect, KnownTables, LedgerEffect, ListEffect, Listed, TableEffect, TableId, Ticket};
use crate::rows::Rows;
use crate::settings::Settings;

/// The lists of a session, and how they are shown.
#[derive(Debug, Default)]
pub struct Lists {
    /// The backups that the service lists.
    pub backups: Table<Backup>,
    /// All backups ever seen; empty while the others are shown.
    pub all_seen: Table<Backup>,
    /// Which of the two the backups screen shows.
    pub backups_shown: RowSource,
    /// The schedules table.
    pub schedules: Table<Schedule>,
    /// The restores table; not read before it is looked at, in this run or in an earlier one.
    pub restores: Table<Restore>,
    /// The services, for the picker.
    pub services: Remote<ServiceList, ApiError>,
    /// What is asked of the server for the backups table.
    pub query: BackupQuery,
    /// The schedule of the detail pane, read singly.
    pub single_schedule: Remote<Schedule, ApiError>,
    /// Its id.
    pub single_schedule_id: Option<ScheduleId>,
    /// Where the backup that is being restored can go; `None` where the service does not tell.
    pub restore_targets: Remote<Option<Vec<Service>>, ApiError>,
    /// Which moments can be restored; `None` where the service does not tell.
    pub restorable_ranges: Remote<Option<Vec<RestorableRange>>, ApiError>,
    /// The names of services where a row alone does not tell.
    pub service_names: Arc<ServiceNames>,
    /// The rows and the services that these names were worked out from.
    named_from: Option<([u64; 4], [Option<Timestamp>; 2])>,
    /// The last time, there was no service to ask about singly.
    asked_schedules_at_once: bool,
    asked_restores_at_once: bool,
}

/// Why a row is out of reach of an action on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTarget {
    /// The list has it no more.
    NotListed,
    /// The list has it, but a filter hides it.
    Hidden,
    /// It is shown, but not the only selected row.
    NotChosen,
}

impl NoTarget {
    /// One sentence without its full stop; `row` names the row, such as `Schedule 215`.
    #[must_use]
    pub fn sentence(self, row: &str) -> String {
        match self {
            Self::NotListed => format!("{row} is no longer in the list"),
            Self::Hidden => format!("{row} is hidden by the filters now"),
            Self::NotChosen => format!("{row} is not selected any more"),
        }
    }
}

/// Does the same with the table of this id, of the backups the one that is shown. The tables are shared or mutable as the lists are.
macro_rules! with_table {
    ($lists:expr, $id:expr, $table:ident => $body:expr) => {
        match ($lists, $id) {
            (
                $crate::model::lists::Lists {
                    all_seen: $table, backups_shown: $crate::grid::RowSource::AllSeen, ..
                },
                $crate::msg::TableId::Backups,
            ) => $body,
            ($crate::model::lists::Lists { backups: $table, .. }, $crate::msg::TableId::Backups) => $body,
            ($crate::model::lists::Lists { schedules: $table, .. }, $crate::msg::TableId::Schedules) => $body,
            ($crate::model::lists::Lists { restores: $table, .. }, $crate::msg::TableId::Restores) => $body,
        }
    };
}
pub(super) use with_table;

impl Lists {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            backups: Table::new(settings.backups_table.clone()),
            all_seen: Table::of(RowSource::AllSeen, settings.all_seen_table.clone()),
            backups_shown: settings.preferences.backups_shown,
            schedules: Table::new(settings.schedules_table.clone()),
            restores: Table::new(settings.restores_table.clone()),
            ..Self::default()
        }
    }

    /// The backups that the backups screen shows.
    #[must_use]
    pub fn shown_backups(&self) -> &Table<Backup> {
        match self.backups_shown {
            RowSource::Listed => &self.backups,
            RowSource::AllSeen => &self.all_seen,
        }
    }

    pub(super) fn shown_backups_mut(&mut self) -> &mut Table<Backup> {
        match self.backups_shown {
            RowSource::Listed => &mut self.backups,
            RowSource::AllSeen => &mut self.all_seen,
        }
    }

    /// Shows the other backups under the same filter. Those of the history are kept no longer than they are shown.
    pub(super) fn show_backups(&mut self, source: RowSource) {
        let mut filter = self.shown_backups().filter.clone();
        if source == RowSource::Listed {
            // All of them are listed.
            filter.states.clear();
        }
        self.backups_shown = source;
        let layout = std::mem::take(&mut self.all_seen.layout);
        self.all_seen = Table::of(RowSource::AllSeen, Some(layout));
        self.shown_backups_mut().filter = filter;
    }

    /// Reads the history anew where it is shown.
    pub(super) fn read_history(&mut self, cx: &mut StepContext) {
        if self.backups_shown == RowSource::AllSeen {
            let ticket = cx.ticket();
            self.all_seen.begin(ticket);
            cx.push(Effect::Ledger(LedgerEffect::ReadBackups(ticket)));
        }
    }

    /// The services known so far.
    #[must_use]
    pub fn known_services(&self) -> &[Service] {
        self.services.value().map_or(&[], |listed| &listed.services[..])
    }

    /// The restores were looked at, so they are read with the rest.
    pub(super) fn are_restores_in_use(&self) -> bool {
        self.restores.remote.is_loading() || self.restores.remote.at.is_some() || self.restores.remote.error().is_some()
    }

    /// True while a table is being read.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.backups.remote.is_loading() || self.schedules.remote.is_loading() || self.restores.remote.is_loading()
    }

    /// A poll has ended, and brought all backups and schedules there are.
    pub(super) fn are_read_whole(&self) -> bool {
        let is_reading = self.is_loading() || self.services.is_loading();
        let is_narrowed = self.query.service_id.is_some() || self.query.status.is_some();
        !is_reading && !is_narrowed && self.backups.is_read_whole() && self.schedules.is_read_whole()
    }

    /// The last refresh could not reach the service.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        let error = self.backups.remote.error().or_else(|| self.schedules.remote.error());
        error.is_some_and(ApiError::is_offline)
    }

    /// Until when the service wants to be left alone, as its last responses said; that may be over.
    pub(super) fn retry_at(&self) -> Option<Timestamp> {
        let errors = [self.backups.remote.error(), self.schedules.remote.error(), self.restores.remote.error()];
        errors.into_iter().flatten().filter_map(retry_at).max()
    }

    /// Shows what an earlier run read; it is not the response to a narrower question.
    pub(super) fn recall(&mut self, known: KnownTables) {
        let is_everything_asked = self.query.service_id.is_none() && self.query.status.is_none();
        known.backups.filter(|_| is_everything_asked).into_iter().for_each(|known| self.backups.recall(known));
        known.schedules.into_iter().for_each(|known| self.schedules.recall(known));
        known.restores.into_iter().for_each(|known| self.restores.recall(known));
    }

    pub(super) fn read_services(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        self.services.begin(ticket);
        cx.push(Effect::List(ListEffect::ListServices { ticket }));
    }

    /// Reads the backups; a listing under way is stopped, the newest question wins.
    pub(super) fn read_backups(&mut self, cx: &mut StepContext) {
        self.cancel(TableId::Backups, cx);
        let ticket = cx.ticket();
        self.backups.begin(ticket);
        cx.push(Effect::List(ListEffect::ListBackups { ticket, query: self.query.clone(), resume: None }));
    }

    /// Reads of the backups what may have changed, or where that is not sure, all of them. The refresh after this one is due at
    /// `next_due`.
    pub(super) fn refresh_backups(&mut self, next_due: Timestamp, cx: &mut StepContext) {
        match self.backups.begin_light(cx.service_now, next_due, || cx.ticket()) {
            Some((ticket, baseline, rows)) => {
                let query = self.query.clone();
                cx.push(Effect::List(ListEffect::RefreshBackups { ticket, query, baseline, rows }));
            }
            None => self.read_backups(cx),
        }
    }

    /// Reads the schedules; a listing under way is stopped.
    pub(super) fn read_schedules(&mut self, cx: &mut StepContext) {
        self.cancel(TableId::Schedules, cx);
        let ticket = cx.ticket();
        self.schedules.begin(ticket);
        let services = self.services_to_ask();
        self.asked_schedules_at_once = services.is_empty();
        cx.push(Effect::List(ListEffect::ListSchedules {
            ticket,
            query: ScheduleQuery::default(),
            services,
            resume: None,
        }));
    }

    /// Reads the restores; a listing under way is stopped.
    pub(super) fn read_restores(&mut self, cx: &mut StepContext) {
        self.cancel(TableId::Restores, cx);
        let ticket = cx.ticket();
        self.restores.begin(ticket);
        let services = self.services_to_ask();
        self.asked_restores_at_once = services.is_empty();
        cx.push(Effect::List(ListEffect::ListRestores { ticket, services, resume: None }));
    }

    /// Goes on with a listing that broke off, at the page that failed; what came before it is not read again.
    pub(super) fn resume(&mut self, table: TableId, cx: &mut StepContext) {
        let Some(effect) = (match table {
            TableId::Backups => self.backups.resume_from().map(|resume| {
                let (ticket, query) = (cx.ticket(), self.query.clone());
                self.backups.begin(ticket);
                ListEffect::ListBackups { ticket, query, resume: Some(resume) }
            }),
            TableId::Schedules => self.schedules.resume_from().map(|resume| {
                let (ticket, query) = (cx.ticket(), ScheduleQuery::default());
                self.schedules.begin(ticket);
                ListEffect::ListSchedules { ticket, query, services: Vec::new(), resume: Some(resume) }
            }),
            TableId::Restores => self.restores.resume_from().map(|resume| {
                let ticket = cx.ticket();
                self.restores.begin(ticket);
                ListEffect::ListRestores { ticket, services: Vec::new(), resume: Some(resume) }
            }),
        }) else {
            return;
        };
        cx.push(Effect::List(effect));
    }

    pub(super) fn read_schedule(&mut self, id: ScheduleId, cx: &mut StepContext) {
        if id.is_empty() {
            return;
        }
        if let Some(ticket) = self.single_schedule.cancel(cx.service_now) {
            cx.push(Effect::Cancel(ticket));
        }
        if self.single_schedule_id.as_ref() != Some(&id) {
            self.single_schedule = Remote::default();
        }
        let ticket = cx.ticket();
        self.single_schedule.begin(ticket);
        self.single_schedule_id = Some(id.clone());
        cx.push(Effect::List(ListEffect::ReadSchedule { ticket, id }));
    }

    /// For the per-service way: the account's services, and those that only a backup or a schedule still names.
    fn services_to_ask(&self) -> Vec<ServiceId> {
        let listed = self.known_services().iter().map(|service| service.id.as_str());
        let facets = [&self.backups.facets, &self.schedules.facets];
        let seen = facets.into_iter().flat_map(|facets| facets.services.iter().map(|(id, _, _)| id.as_str()));
        let mut ids: Vec<&str> = listed.chain(seen).filter(|id| !id.is_empty()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(ServiceId::new).collect()
    }

    pub(super) fn cancel(&mut self, table: TableId, cx: &mut StepContext) {
        let cancelled = match table {
            TableId::Backups => self.backups.cancel(cx.service_now),
            TableId::Schedules => self.schedules.cancel(cx.service_now),
            TableId::Restores => self.restores.cancel(cx.service_now),
        };
        if let Some(ticket) = cancelled {
            cx.push(Effect::Cancel(ticket));
        }
    }

    /// Stops all that is being read; true if anything was.
    pub(super) fn cancel_all(&mut self, cx: &mut StepContext) -> bool {
        let now = cx.service_now;
        let tables = [self.backups.cancel(now), self.schedules.cancel(now), self.restores.cancel(now)];
        let others = [self.services.cancel(now), self.single_schedule.cancel(now)];
        let look_ups = [self.restore_targets.cancel(now), self.restorable_ranges.cancel(now)];
        let tickets: Vec<Ticket> = tables.into_iter().chain(others).chain(look_ups).flatten().collect();
        let was_reading = !tickets.is_empty();
        for ticket in tickets {
            cx.push(Effect::Cancel(ticket));
        }
        was_reading
    }

    /// The task of this ticket panicked: whatever waited for it fails.
    pub(super) fn fail(&mut self, ticket: Ticket, error: &ApiError, now: Timestamp) {
        self.backups.settle(ticket, Err(error.clone()), now);
        self.schedules.settle(ticket, Err(error.clone()), now);
        self.restores.settle(ticket, Err(error.clone()), now);
        self.services.settle(ticket, Err(error.clone()), now);
        self.single_schedule.settle(ticket, Err(error.clone()), now);
        self.restore_targets.settle(ticket, Err(error.clone()), now);
        self.restorable_ranges.settle(ticket, Err(error.clone()), now);
        self.backups.fail_index(ticket);
        self.all_seen.fail_index(ticket);
        self.schedules.fail_index(ticket);
        self.restores.fail_index(ticket);
    }

    /// The schedule, if an action may reach it: every action on one schedule, and every dialog about one, asks here.
    ///
    /// # Errors
    /// Why not: it is not on screen, or not the only selected row.
    pub fn target(&self, id: &ScheduleId) -> Result<&Schedule, NoTarget> {
        reachable(&self.schedules, id.as_str())
    }

    /// The restore, if an action may reach it, under the same rule.
    ///
    /// # Errors
    /// Why not.
    pub fn target_restore(&self, id: &RestoreId) -> Result<&Restore, NoTarget> {
        reachable(&self.restores, id.as_str())
    }

    /// The label of the service of a row wherever a sentence names it: as its cell in the tables.
    #[must_use]
    pub fn service_label<'a, R: Row>(&'a self, row: &'a R) -> Cow<'a, str> {
        let (id, name) = row.service();
        self.service_names.label(id, name)
    }

    /// The clock of the service became known: the same time has another name now.
    pub(super) fn move_clock(&mut self, change: SignedDuration) {
        self.backups.move_clock(change);
        self.all_seen.move_clock(change);
        self.schedules.move_clock(change);
        self.restores.move_clock(change);
    }

    /// Brings all orders up to date, and once more where new rows have told the names of services. Returns the table whose awaited
    /// row was selected.
    pub(super) fn reindex(&mut self, zone: &Zone, cx: &mut StepContext) -> Option<TableId> {
        let selected = self.reindex_once(zone, cx);
        let again = if self.name_services() { self.reindex_once(zone, cx) } else { None };
        again.or(selected)
    }

    fn reindex_once(&mut self, zone: &Zone, cx: &mut StepContext) -> Option<TableId> {
        if let Some((ticket, job)) = self.backups.reindex(zone, &self.service_names, cx) {
            cx.push(Effect::Table(TableEffect::IndexBackups(ticket, job)));
        }
        if self.backups_shown == RowSource::AllSeen
            && let Some((ticket, job)) = self.all_seen.reindex(zone, &self.service_names, cx)
        {
            cx.push(Effect::Table(TableEffect::IndexBackups(ticket, job)));
        }
        if let Some((ticket, job)) = self.schedules.reindex(zone, &self.service_names, cx) {
            cx.push(Effect::Table(TableEffect::IndexSchedules(ticket, job)));
        }
        if let Some((ticket, job)) = self.restores.reindex(zone, &self.service_names, cx) {
            cx.push(Effect::Table(TableEffect::IndexRestores(ticket, job)));
        }
        let backups = self.backups.select_wanted().then_some(TableId::Backups);
        let schedules = self.schedules.select_wanted().then_some(TableId::Schedules);
        let restores = self.restores.select_wanted().then_some(TableId::Restores);
        restores.or(schedules).or(backups)
    }

    /// Brings the names of services up to date with the tables and the list of services; true where they are others now.
    fn name_services(&mut self) -> bool {
        let (backups, schedules) = (self.backups.revision(), self.schedules.revision());
        let key = (
            [backups, self.all_seen.revision(), schedules, self.restores.revision()],
            [self.services.at, self.restore_targets.at],
        );
        if self.named_from.replace(key) == Some(key) {
            return false;
        }
        let services = self.target_services();
        let known = services.iter().filter_map(|it| Some((&it.id, it.name.as_deref()?)));
        // The older witness first: the newer one overrules it.
        let facets = [&*self.all_seen.facets, &*self.restores.facets, &*self.backups.facets, &*self.schedules.facets];
        let names = ServiceNames::new(known, &facets);
        let is_new = names != *self.service_names;
        if is_new {
            self.service_names = Arc::new(names);
        }
        is_new
    }

    /// Whichever of the two responses comes last, a list of schedules refused for want of services is asked for again once.
    pub(super) fn wants_schedules_by_service(&self) -> bool {
        self.asked_schedules_at_once && self.wants_by_service(&self.schedules.remote)
    }

    /// The same for a list of restores.
    pub(super) fn wants_restores_by_service(&self) -> bool {
        self.asked_restores_at_once && self.wants_by_service(&self.restores.remote)
    }

    fn wants_by_service<R: Row>(&self, remote: &Remote<Rows<R>, ApiError>) -> bool {
        let is_rejected = remote.error().is_some_and(|error| error.kind == ErrorKind::Rejected);
        is_rejected && !remote.is_loading() && !self.known_services().is_empty()
    }
}

fn reachable<'t, R: Row>(table: &'t Table<R>, id: &str) -> Result<&'t R, NoTarget> {
    match table.chosen().filter(|row| row.id() == id) {
        Some(row) => Ok(row),
        None if table.find(id).is_none() => Err(NoTarget::NotListed),
        None if !table.is_shown(id) => Err(NoTarget::Hidden),
        None => Err(NoTarget::NotChosen),
    }
}

fn retry_at(error: &ApiError) -> Option<Timestamp> {
    if let ErrorKind::TooManyRequests { retry_at } | ErrorKind::Server { retry_at } = error.kind {
        return retry_at;
    }
    None
}

/// The services of the account, as every list of them shows them: by name.
#[derive(Clone, Debug, Default)]
pub struct ServiceList {
    /// The services, shared with what is worked out from them.
    pub services: Arc<[Service]>,
    /// Services of the response that could not be read.
    pub unreadable: u32,
    /// Whether these are all.
    pub completeness: Completeness,
}

impl From<Listed<Service>> for ServiceList {
    fn from(listed: Listed<Service>) -> Self {
        let mut services: Vec<Service> = listed.rows.iter().collect();
        services.sort_by_cached_key(|service| (natural_key(service.label()), natural_key(service.id.as_str())));
        Self { services: services.into(), unreadable: listed.unreadable, completeness: listed.completeness }
    }
}
