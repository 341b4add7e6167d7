//! The evidence pack: what this computer saw of backups and restores in a period, in one ZIP file for somebody else: tables, a workbook, a page to
//! print, and the checksums of all of them.

mod observed;
mod pack;
mod page;
mod plain_table;
mod readme;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

use super::atomic::write_atomically;
use super::job::target;
use super::names::{APPLICATION, file_name};
use super::table_workbook::add_rows;
use super::workbook::{SHEET_ROWS, WorkbookWriter, catch_full_disk};
use super::{
    CsvPreset, ExportError, ExportJob, ExportOptions, ExportReport, ExportRows, FileFormat, Provenance, Snapshot,
    Standing, TableRows, all_columns, write_csv_to,
};
use crate::domain::{
    ApiTime, Backup, ChangeRecord, Poll, PolledList, RETENTION, Restore, Schedule, ServiceId, Zone, is_control_or_bidi,
};
use crate::grid::{Row, RowSource, Selection, ServiceNames};
use crate::rows::Rows;
use observed::Observation;
use pack::Pack;
pub use plain_table::PlainTable;

/// The ending of a pack.
pub const ENDING: &str = "zip";

/// The name that a pack gets: profile and time.
#[must_use]
pub fn evidence_name(profile: &str, now: Timestamp) -> String {
    file_name("evidence", profile, "", now, ENDING)
}

/// What a user chooses for a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceOptions {
    /// The first instant of the period.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// The services; `None` for all.
    pub services: Option<BTreeSet<ServiceId>>,
}

/// What is asked for, frozen when it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceJob {
    /// The first instant of the period.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// The services, by id and what they are called; `None` for all.
    pub services: Option<Vec<(String, String)>>,
    /// What the overview says now of these services.
    pub overview: Vec<PlainTable>,
    /// What services are called where a row alone does not tell.
    pub names: Arc<ServiceNames>,
    /// The version of this app.
    pub app_version: String,
    /// The profile's name.
    pub profile: String,
    /// The present.
    pub now: Timestamp,
    /// The file to write, as it was chosen: a name without an ending gets one.
    pub path: PathBuf,
    /// The files that may be replaced: the user was asked about each by its name.
    pub replace: Vec<Standing>,
}

/// What is recorded on this computer, of all services and times.
#[derive(Clone, Debug)]
pub struct EvidenceRecords {
    /// Every backup ever seen.
    pub backups: Rows<Backup>,
    /// Every schedule ever seen.
    pub schedules: Rows<Schedule>,
    /// Every restore ever seen.
    pub restores: Rows<Restore>,
    /// Every fetch of the lists of backups and of restores that is kept.
    pub polls: Vec<Poll>,
    /// Every change that was sent.
    pub changes: Vec<ChangeRecord>,
}

/// What goes into the files.
struct PackContents<'a> {
    job: &'a EvidenceJob,
    backups: ExportJob,
    schedules: ExportJob,
    restores: ExportJob,
    tables: Vec<PlainTable>,
    observed_backups: Observation,
    observed_restores: Observation,
}

/// Writes the pack whole or not at all. `on_rows` hears the number of backups written so far.
///
/// # Errors
/// [`ExportError`]; the file that was there before is then untouched.
pub fn write_evidence(
    job: &EvidenceJob,
    records: &EvidenceRecords,
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<ExportReport, ExportError> {
    let path = target(&job.path, &[ENDING])?;
    if let Some(standing) = Standing::at(&path)?.filter(|standing| !job.replace.contains(standing)) {
        return Err(ExportError::Exists(vec![standing]));
    }
    let contents = PackContents::new(job, records);
    let rows = write_atomically(&path, &job.replace, |out| {
        let mut pack = Pack::new(&path, &job.folder(), job.now, out, cancelled);
        let mut rows = 0;
        pack.add("backups.csv", |out| {
            rows = write_csv_to(&contents.backups, out, on_rows, cancelled)?;
            Ok(())
        })?;
        for (name, table) in [("schedules.csv", &contents.schedules), ("restores.csv", &contents.restores)] {
            pack.add(name, |out| write_csv_to(table, out, &|_| {}, cancelled).map(drop))?;
        }
        for table in &contents.tables {
            pack.add(&format!("{}.csv", table.name), |out| table.write_csv(out, &path))?;
        }
        pack.add("evidence.xlsx", |out| contents.write_workbook(&path, out, cancelled))?;
        pack.add_text("evidence.html", &page::html(&contents))?;
        pack.add_text("README.txt", &readme::text(&contents))?;
        pack.finish()?;
        Ok(rows)
    })?;
    Ok(ExportReport { path, rows, warnings: Vec::new() })
}

/// A text from elsewhere, whole, with what cannot be seen or turns the direction of text written as escapes.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control_or_bidi(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

impl EvidenceJob {
    /// The folder inside the file.
    fn folder(&self) -> String {
        evidence_name(&self.profile, self.now).trim_end_matches(ENDING).trim_end_matches('.').to_owned()
    }

    /// Whether a service is one of those asked for.
    fn is_wanted(&self, id: &str) -> bool {
        self.services.as_ref().is_none_or(|services| services.iter().any(|(wanted, _)| wanted == id))
    }

    fn is_in_period(&self, at: Timestamp) -> bool {
        (self.from..self.until).contains(&at)
    }

    /// A row of a wanted service that belongs to the period: by its own time, and without one by when it was first seen.
    fn is_of_period<R: Row>(&self, row: &R, at: Option<Timestamp>) -> bool {
        let at = at.or(row.sighting().map(|sighting| sighting.first_seen));
        self.is_wanted(row.service().0) && at.is_some_and(|at| self.is_in_period(at))
    }

    /// The services in words.
    fn service_words(&self) -> String {
        let names = |services: &Vec<(String, String)>| {
            let names: Vec<String> = services.iter().map(|(id, name)| format!("{name} ({id})")).collect();
            names.join(", ")
        };
        self.services.as_ref().map_or_else(|| "all services".to_owned(), names)
    }

    /// An export of these rows of a table, for people, in UTC.
    fn export_of<R: Row>(&self, rows: &Rows<R>, source: RowSource, is_wanted: impl Fn(&R) -> bool) -> ExportJob
    where
        TableRows: From<Rows<R>>,
    {
        let positions = 0..u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let order: Vec<u32> = positions.filter(|&row| rows.get(row).is_some_and(|row| is_wanted(&row))).collect();
        ExportJob {
            table: Snapshot {
                rows: rows.clone().into(),
                order: order.into(),
                selection: Selection::default(),
                columns: all_columns::<R>(source),
            },
            options: ExportOptions {
                rows: ExportRows::Shown,
                format: FileFormat::Csv,
                preset: CsvPreset::Excel,
                ..ExportOptions::default()
            },
            zone: Zone::utc(),
            names: Arc::clone(&self.names),
            now: self.now,
            provenance: Provenance { source, ..Provenance::default() },
            path: self.path.clone(),
            replace: Vec::new(),
        }
    }
}

impl<'a> PackContents<'a> {
    fn new(job: &'a EvidenceJob, records: &EvidenceRecords) -> Self {
        let backups =
            job.export_of(&records.backups, RowSource::AllSeen, |row| job.is_of_period(row, row.started_at()));
        let restores = job.export_of(&records.restores, RowSource::AllSeen, |row| {
            job.is_of_period(row, row.created_at.as_ref().and_then(ApiTime::at))
        });
        let schedules = job.export_of(&records.schedules, RowSource::Listed, |row| job.is_wanted(row.service().0));
        let changes: Vec<&ChangeRecord> = records
            .changes
            .iter()
            .filter(|change| job.is_in_period(change.sent_at) && job.is_wanted(change.service().0))
            .collect();
        let fetches: Vec<&Poll> = records.polls.iter().filter(|poll| job.is_in_period(poll.began_at)).collect();
        let summary = plain_table::summary(&records.backups, &backups.table.order, &job.names);
        let tables = std::iter::once(summary)
            .chain(job.overview.iter().cloned())
            .chain([plain_table::changes(&changes, &job.names), plain_table::fetches(&fetches)])
            .collect();
        let observed =
            |list, listed_for| Observation::new(&records.polls, list, listed_for, job.from, job.until.min(job.now));
        let observed_backups = observed(PolledList::Backups, Some(RETENTION));
        let observed_restores = observed(PolledList::Restores, None);
        Self { job, backups, schedules, restores, tables, observed_backups, observed_restores }
    }

    fn write_workbook(
        &self,
        path: &std::path::Path,
        out: &mut (dyn std::io::Write + Send),
        cancelled: &AtomicBool,
    ) -> Result<(), ExportError> {
        catch_full_disk(path, || {
            let mut workbook = WorkbookWriter::new(path, self.job.now, cancelled)?;
            for table in [&self.backups, &self.schedules, &self.restores] {
                super::options::with_rows!(&table.table.rows, rows => {
                    add_rows(&mut workbook, rows, table, SHEET_ROWS, &|_| {}, cancelled)
                })?;
            }
            for table in &self.tables {
                table.add_to(&mut workbook)?;
            }
            workbook.add_facts("About", &self.facts())?;
            workbook.finish(out)
        })
    }

    /// What was asked for, by whom and when: each with its name.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let minute = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        vec![
            ("Application", format!("{APPLICATION} {}", self.job.app_version)),
            ("Profile", self.job.profile.clone()),
            ("Period", format!("{} to {}", minute(self.job.from), minute(self.job.until))),
            ("Services", self.job.service_words()),
            ("Written at", minute(self.job.now)),
            ("Backups", self.backups.table.order.len().to_string()),
            ("Complete fetches of backups", self.observed_backups.fetches.to_string()),
            ("Backups not observed", self.observed_backups.words()),
            ("Restores", self.restores.table.order.len().to_string()),
            ("Complete fetches of restores", self.observed_restores.fetches.to_string()),
            ("Restores not observed", self.observed_restores.words()),
            ("Times", "UTC".to_owned()),
        ]
    }
}
