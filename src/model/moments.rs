//! The moments of one service: what they are worked out from is read while somebody looks at them.

use jiff::{SignedDuration, Timestamp};

use super::lists::Lists;
use super::{Remote, StepContext};
use crate::domain::{ApiTime, Backup, ServiceId};
use crate::grid::RowSource;
use crate::insight::{KnownLists, MomentAnswer, PointInTimeRange, ServiceBackups, ServiceMoments};
use crate::msg::{Effect, LedgerEffect, ListEffect, SeenBackups, Ticket};
use crate::rows::Rows;
use crate::settings::ZoneChoice;

/// The present is shown in minutes.
const RENEW_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// The two faces of the restores screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestoresFace {
    /// Which moments can be restored.
    #[default]
    Moments,
    /// The table of restores.
    Restores,
}

/// What is looked at and typed on the moments face.
#[derive(Clone, Debug, Default)]
pub struct MomentsForm {
    /// The face of the restores screen.
    pub face: RestoresFace,
    /// The service.
    pub service: Option<ServiceId>,
    /// What is typed to find a service.
    pub search: String,
    /// The moment as typed.
    pub typed: String,
    /// The clock that it is typed on; `None` for the one that times are shown in.
    pub clock: Option<ZoneChoice>,
    /// The moment that was asked for.
    pub asked: Option<Timestamp>,
    /// The next frame puts the keyboard into the field of the moment.
    pub focus: bool,
}

/// What moments were worked out from.
#[derive(Clone, Debug, PartialEq)]
struct MomentsKey {
    service: ServiceId,
    backups: u64,
    lists: [Option<Timestamp>; 4],
    is_complete: bool,
    has_seen: bool,
}

/// The moments of the service that is looked at.
#[derive(Debug, Default)]
pub struct Moments {
    /// Every backup ever seen.
    seen: Remote<Rows<Backup>, String>,
    /// The look-up was made, for the list of this time.
    is_looked_up: bool,
    looked_up_for: Option<Timestamp>,
    shown: Option<(MomentsKey, ServiceMoments)>,
    answer: Option<MomentAnswer>,
}

impl Moments {
    /// Those of the service that is looked at.
    #[must_use]
    pub fn shown(&self) -> Option<&ServiceMoments> {
        self.shown.as_ref().map(|(_, moments)| moments)
    }

    /// Whether it can be restored to the moment that was asked for.
    #[must_use]
    pub fn answer(&self) -> Option<&MomentAnswer> {
        self.answer.as_ref()
    }

    /// Reads what is not known yet: which points in time SkySQL can restore, for each new list; and the history, once, where there is one.
    pub(super) fn read(&mut self, lists: &mut Lists, has_history: bool, cx: &mut StepContext) {
        let list = lists.backups.remote.at;
        let is_known = self.is_looked_up && self.looked_up_for == list;
        if !is_known && !lists.backups.remote.is_loading() && !lists.restorable_ranges.is_loading() {
            (self.is_looked_up, self.looked_up_for) = (true, list);
            let ticket = cx.ticket();
            lists.restorable_ranges.begin(ticket);
            cx.push(Effect::List(ListEffect::FindRestorableRanges(ticket)));
        }
        let is_history_read = self.seen.value().is_some() || self.seen.is_loading() || self.seen.error().is_some();
        if !is_history_read && has_history {
            let ticket = cx.ticket();
            self.seen.begin(ticket);
            cx.push(Effect::Ledger(LedgerEffect::ReadBackups(ticket)));
        }
    }

    /// Every backup ever seen, where that was read.
    #[must_use]
    pub(super) fn seen(&self) -> Option<&Rows<Backup>> {
        self.seen.value()
    }

    /// The history was read, or not. False where somebody else asked for it.
    pub(super) fn history_read(&mut self, ticket: Ticket, read: &Result<SeenBackups, String>, now: Timestamp) -> bool {
        let rows = read.as_ref().map(|seen| seen.rows.clone()).map_err(String::clone);
        self.seen.settle(ticket, rows, now)
    }

    /// The task of this ticket panicked.
    pub(super) fn fail(&mut self, ticket: Ticket, now: Timestamp) {
        self.seen.settle(ticket, Err("reading it failed".to_owned()), now);
    }

    /// The history is empty from now on.
    pub(super) fn forget_history(&mut self) {
        self.seen = Remote::default();
    }

    /// Works the moments of a service out anew where anything changed, and whether it can be restored to the moment that was asked for.
    pub(super) fn update(&mut self, lists: &Lists, form: &MomentsForm, now: Timestamp) {
        let Some(service) = &form.service else {
            (self.shown, self.answer) = (None, None);
            return;
        };
        let key = MomentsKey {
            service: service.clone(),
            backups: lists.backups.listing_revision(),
            lists: [lists.backups.remote.at, lists.services.at, lists.restorable_ranges.at, self.seen.at],
            is_complete: is_complete(lists, service),
            has_seen: self.seen.value().is_some(),
        };
        let is_current = |(known, moments): &(MomentsKey, ServiceMoments)| {
            *known == key && now.duration_since(moments.now).abs() < RENEW_AFTER
        };
        if !self.shown.as_ref().is_some_and(is_current) {
            let known = known_lists(lists, self.seen.value(), service, now);
            let of_service = lists.known_services().iter().find(|known| known.id == *service).cloned();
            let backups = ServiceBackups::new(&known, service);
            let range = range_of(lists, service);
            self.shown = Some((key, ServiceMoments::new(backups, of_service, range, known.listed_at, now)));
            self.answer = None;
        }
        if self.answer.as_ref().map(|answer| answer.at) != form.asked {
            self.answer = self.shown().zip(form.asked).map(|(moments, at)| moments.answer(at));
        }
    }
}

/// What SkySQL says about the points in time of a service.
pub(super) fn range_of(lists: &Lists, service: &ServiceId) -> PointInTimeRange {
    let Some(Some(ranges)) = lists.restorable_ranges.value() else { return PointInTimeRange::Unknown };
    let range = ranges.iter().find(|range| range.service_id == *service);
    let Some(range) = range else { return PointInTimeRange::None };
    let at = |time: &Option<ApiTime>| time.as_ref().and_then(ApiTime::at);
    match (at(&range.start_time), at(&range.end_time)) {
        (Some(from), Some(until)) => PointInTimeRange::Range { from, until },
        _ => PointInTimeRange::Unknown,
    }
}

/// Every backup of the service is in the list. Rows of an earlier run have no time of a whole listing.
pub(super) fn is_complete(lists: &Lists, service: &ServiceId) -> bool {
    let asked = &lists.query;
    let is_whole = asked.status.is_none() && asked.service_id.as_ref().is_none_or(|asked| asked == service);
    is_whole && lists.backups.whole_at.is_some() && lists.backups.complete_at().is_some()
}

/// What is known of the backups of a service: the list, and with it every backup ever seen, where the table shows that or it was read
/// for the moments.
pub(super) fn known_lists(
    lists: &Lists,
    seen: Option<&Rows<Backup>>,
    service: &ServiceId,
    now: Timestamp,
) -> KnownLists {
    let shown = lists.all_seen.remote.value().filter(|_| lists.backups_shown == RowSource::AllSeen);
    KnownLists {
        listed: lists.backups.remote.value().cloned().unwrap_or_default(),
        seen: shown.or(seen).cloned(),
        is_complete: is_complete(lists, service),
        listed_at: lists.backups.remote.at,
        now,
    }
}
