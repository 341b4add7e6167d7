//! Whether every service is covered: worked out from the lists whenever they change, and once a minute because ages grow.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::StepContext;
use super::lists::Lists;
use crate::api::Completeness;
use crate::domain::{Backup, Service};
use crate::insight::{Absent, CoverageJob, CoverageReport, CoverageResult, Observed, Targets};
use crate::msg::{Effect, TableEffect, Ticket};
use crate::rows::Rows;

/// Up to this many rows the overview is worked out at once; above, off the UI thread.
const SYNC_LIMIT: usize = 1_000;
/// Ages are shown in minutes.
const RENEW_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// What a report was made from.
#[derive(Clone, Debug, PartialEq)]
struct CoverageKey {
    backups: u64,
    /// The listing whose pages still arrive.
    arriving: Option<Ticket>,
    observed: Observed,
    rest: OtherInput,
}

/// All but the backups.
#[derive(Clone, Debug, PartialEq)]
struct OtherInput {
    schedules: u64,
    services: Option<Timestamp>,
    targets: Targets,
}

/// The overview of the open session.
#[derive(Debug, Default)]
pub struct Coverage {
    result: Option<(CoverageKey, Timestamp, CoverageResult)>,
    /// Changes whenever the result does.
    number: u64,
    running: Option<(Ticket, CoverageKey, Timestamp)>,
    /// The work on this broke; the same is not tried again.
    broken: Option<CoverageKey>,
}

impl Coverage {
    /// The newest report; `None` before the first list arrives.
    #[must_use]
    pub fn report(&self) -> Option<&CoverageReport> {
        self.result.as_ref().map(|(.., result)| &result.report)
    }

    /// The newest result and its number; `None` while a newer one is worked out, which may have taken parts of it.
    pub(super) fn settled(&self) -> Option<(u64, &CoverageResult)> {
        let (.., result) = self.result.as_ref().filter(|_| self.running.is_none())?;
        Some((self.number, result))
    }

    fn set(&mut self, key: CoverageKey, at: Timestamp, result: CoverageResult) {
        self.result = Some((key, at, result));
        self.number += 1;
    }

    /// Brings the report up to date: at once for few rows, else as work for elsewhere; the old report stays until then. One piece of
    /// work at a time: what changes meanwhile waits for it.
    pub(super) fn update(&mut self, lists: &Lists, targets: &Targets, cx: &mut StepContext) {
        let Some(backups) = lists.backups.remote.value() else {
            self.result = None;
            return;
        };
        let (key, now) = (key_of(lists, targets), cx.service_now);
        let is_current = self.result.as_ref().is_some_and(|(known, at, _)| *known == key && is_recent(*at, now));
        if is_current || self.running.is_some() || self.broken.as_ref() == Some(&key) {
            return;
        }
        let job = self.job(&key, backups.clone(), lists, now);
        if job.backups.len() + job.schedules.len() <= SYNC_LIMIT {
            self.set(key, now, job.run());
            return;
        }
        let ticket = cx.ticket();
        self.running = Some((ticket, key, now));
        cx.push(Effect::Table(TableEffect::AssessCoverage(ticket, Box::new(job))));
    }

    fn job(&mut self, key: &CoverageKey, backups: Rows<Backup>, lists: &Lists, now: Timestamp) -> CoverageJob {
        let known = self.result.as_mut();
        let (mut previous, mut planned) = (None, None);
        if let Some((before, at, result)) = known {
            planned = (before.rest.schedules == key.rest.schedules).then(|| Arc::clone(&result.planned));
            let grew = before.arriving.is_some()
                && before.arriving == key.arriving
                && (&before.rest, &before.observed) == (&key.rest, &key.observed)
                && is_recent(*at, now);
            // Given away, so that adding to it copies nothing; without it the next report would be made from all rows.
            previous = grew.then(|| CoverageResult { history: std::mem::take(&mut result.history), ..result.clone() });
        }
        CoverageJob {
            backups,
            schedules: lists.schedules.remote.value().cloned().unwrap_or_default(),
            services: all_services(lists).map(Arc::clone),
            observed: key.observed.clone(),
            targets: key.rest.targets.clone(),
            now,
            previous,
            planned,
        }
    }

    /// A report came from elsewhere. A late one is ignored.
    pub(super) fn assessed(&mut self, ticket: Ticket, result: CoverageResult) {
        if let Some((_, key, at)) = self.running.take_if(|(running, ..)| *running == ticket) {
            self.set(key, at, result);
        }
    }

    /// The work on a report broke. The old report stays.
    pub(super) fn fail(&mut self, ticket: Ticket) {
        if let Some((_, key, _)) = self.running.take_if(|(running, ..)| *running == ticket) {
            self.broken = Some(key);
        }
    }
}

fn key_of(lists: &Lists, targets: &Targets) -> CoverageKey {
    CoverageKey {
        backups: lists.backups.listing_revision(),
        arriving: lists.backups.arriving(),
        observed: observed(lists),
        rest: OtherInput {
            schedules: lists.schedules.listing_revision(),
            services: lists.services.at,
            targets: targets.clone(),
        },
    }
}

/// Which times are known: none until all lists are, because without its schedules nobody knows how old a backup of a service may be,
/// nor without its state whether it runs at all.
fn observed(lists: &Lists) -> Observed {
    let is_narrowed = lists.query.service_id.is_some() || lists.query.status.is_some();
    let waits_for_services = lists.services.value().is_none() && lists.services.error().is_none();
    if is_narrowed || waits_for_services || lists.schedules.complete_at().is_none() {
        return Observed::default();
    }
    lists.backups.complete_at().map_or_else(Observed::default, |at| Observed::default().with_list(at))
}

/// What it means that a finding is not in a report: without the services, one about a deleted service cannot be found.
pub(super) fn absent(lists: &Lists) -> Absent {
    if all_services(lists).is_some() { Absent::Solved } else { Absent::Unknown }
}

/// The services, where their list is whole: only then one that is not in it is gone.
fn all_services(lists: &Lists) -> Option<&Arc<[Service]>> {
    let listed = lists.services.value()?;
    (listed.completeness == Completeness::Complete && listed.unreadable == 0).then_some(&listed.services)
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() < RENEW_AFTER
}
