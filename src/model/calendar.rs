//! The calendar of the session: read from the history while it is on screen, whenever the history has something new.

use jiff::Timestamp;
use jiff::civil::Date;

use super::StepContext;
use super::coverage::Coverage;
use super::lists::Lists;
use crate::domain::Zone;
use crate::insight::{Calendar, CalendarBuilder};
use crate::msg::{Effect, LedgerEffect, Ticket};

/// What a calendar was made from.
#[derive(Clone, Debug, PartialEq)]
struct CalendarKey {
    backups: u64,
    listed_at: Option<Timestamp>,
    services: Option<Timestamp>,
    zone: String,
    today: Date,
}

/// The calendar, and the work on it.
#[derive(Debug, Default)]
pub(super) struct CalendarState {
    shown: Option<Calendar>,
    /// What the calendar, or the failure, came from.
    key: Option<CalendarKey>,
    running: Option<(Ticket, CalendarKey)>,
    /// Why there is none.
    error: Option<String>,
}

impl CalendarState {
    /// The newest calendar; an older one stays until the one that was asked for is there.
    pub(super) fn calendar(&self) -> Option<&Calendar> {
        self.shown.as_ref()
    }

    /// Why the newest one could not be read.
    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Reads the calendar anew where anything in it may be another. While a list is loaded it waits for its end.
    pub(super) fn update(&mut self, lists: &Lists, coverage: &Coverage, zone: &Zone, cx: &mut StepContext) {
        let now = cx.service_now;
        let key = CalendarKey {
            backups: lists.backups.listing_revision(),
            listed_at: lists.backups.complete_at(),
            services: lists.services.at,
            zone: zone.label().to_owned(),
            today: zone.date(now),
        };
        let waits = self.running.is_some() || lists.backups.remote.is_loading() && self.shown.is_some();
        if waits || self.key.as_ref() == Some(&key) {
            return;
        }
        let mut builder = CalendarBuilder::new(zone.clone(), now);
        for service in coverage.report().into_iter().flat_map(|report| report.services.iter()) {
            builder.add_service(service.id.as_str(), service.name.as_ref());
        }
        let ticket = cx.ticket();
        self.running = Some((ticket, key));
        cx.push(Effect::Ledger(LedgerEffect::ReadCalendar(ticket, Box::new(builder))));
    }

    /// It was read, or could not be. A late one is ignored.
    pub(super) fn read(&mut self, ticket: Ticket, result: Result<Calendar, String>) {
        let Some((_, key)) = self.running.take_if(|(running, _)| *running == ticket) else { return };
        self.key = Some(key);
        match result {
            Ok(calendar) => (self.shown, self.error) = (Some(calendar), None),
            Err(why) => self.error = Some(why),
        }
    }

    /// The history was forgotten or begun anew.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}
