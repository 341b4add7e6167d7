//! Work on the rows of a table, on a thread of its own.

use super::Backend;
use crate::export::render;
use crate::grid::{CellContext, NO_NAMES};
use crate::msg::{Event, ExportEvent, ListEvent, TableEffect};

impl Backend {
    pub(super) fn start_table(&self, effect: TableEffect) {
        match effect {
            TableEffect::IndexBackups(ticket, job) => {
                self.spawn_blocking(ticket, move |_| Event::List(ListEvent::BackupsIndexed(ticket, job.run())));
            }
            TableEffect::IndexSchedules(ticket, job) => {
                self.spawn_blocking(ticket, move |_| Event::List(ListEvent::SchedulesIndexed(ticket, job.run())));
            }
            TableEffect::IndexRestores(ticket, job) => {
                self.spawn_blocking(ticket, move |_| Event::List(ListEvent::RestoresIndexed(ticket, job.run())));
            }
            TableEffect::AssessCoverage(ticket, job) => {
                self.spawn_blocking(ticket, move |_| {
                    Event::List(ListEvent::CoverageAssessed(ticket, Box::new(job.run())))
                });
            }
            TableEffect::LayOutTimeline(ticket, job) => {
                self.spawn_blocking(ticket, move |_| {
                    Event::List(ListEvent::TimelineLaidOut(ticket, Box::new(job.run())))
                });
            }
            TableEffect::Render(ticket, table, format, zone) => {
                self.spawn_blocking(ticket, move |_| {
                    let context = CellContext { zone: &zone, now: jiff::Timestamp::now(), names: &NO_NAMES };
                    let (text, rows) = render(&table, format, &context);
                    Event::Export(ExportEvent::Rendered(ticket, text, rows))
                });
            }
        }
    }
}
