//! Restores as the demo keeps them, as they go over the wire, and those that it begins with.

use std::path::Path;

use serde_json::{Value, json};

use super::make::{GIB, between, mix};
use super::rows::{BackupKind, BackupRow, ServiceRow, instant_text};

const DAY_SECS: i64 = 86_400;

/// Whether the data files or SQL statements are restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RestoreKind {
    /// The target is stopped meanwhile.
    Physical,
    /// It runs on.
    Logical,
}

impl RestoreKind {
    /// That of a backup.
    pub(super) fn of(kind: BackupKind) -> Self {
        if kind == BackupKind::Dump { Self::Logical } else { Self::Physical }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Logical => "logical",
        }
    }
}

/// A restore. It runs until its end has passed.
#[derive(Clone, Debug)]
pub(super) struct RestoreRow {
    pub(super) id: u64,
    /// The service that is restored into.
    pub(super) service_id: String,
    pub(super) service_name: String,
    /// The `id` that was asked for.
    pub(super) source_id: String,
    pub(super) bucket: String,
    pub(super) kind: RestoreKind,
    /// How much data the target holds afterwards; none where that is not known.
    pub(super) data_bytes: Option<u64>,
    pub(super) start: i64,
    pub(super) end: i64,
    /// Why it will have failed.
    pub(super) failure: Option<&'static str>,
    /// The target knows that it has ended.
    pub(super) is_applied: bool,
    /// Its entry was deleted, which does not stop it.
    pub(super) is_deleted: bool,
    /// Written as in the samples of the documents: `key` in place of `backup_id`, and times as Go prints them.
    pub(super) is_as_in_samples: bool,
}

impl RestoreRow {
    /// One that begins now and takes 15 to 45 seconds.
    pub(super) fn new(id: u64, target: &ServiceRow, source_id: &str, kind: RestoreKind, start: i64) -> Self {
        Self {
            id,
            service_id: target.id.clone(),
            service_name: target.name.clone(),
            source_id: source_id.to_owned(),
            bucket: format!("{}://sky-backups-{}/", if target.provider == "aws" { "s3" } else { "gs" }, target.region),
            kind,
            data_bytes: None,
            start,
            end: start + i64::try_from(between(mix(id, 61), 15, 45)).unwrap_or(30),
            failure: None,
            is_applied: false,
            is_deleted: false,
            is_as_in_samples: false,
        }
    }

    pub(super) fn is_running(&self, now: i64) -> bool {
        now < self.end
    }

    /// As the API writes it.
    pub(super) fn json(&self, now: i64) -> Value {
        let (status, message) = match self.failure {
            _ if self.is_running(now) => ("Running", "server is not-ready"),
            None => ("Succeeded", "Restore has succeeded!"),
            Some(why) => ("Failed", why),
        };
        let created_at = instant_text(self.start);
        let (source, created_at) = if self.is_as_in_samples {
            ("key", format!("{} +0000 UTC", created_at.trim_end_matches('Z').replace('T', " ")))
        } else {
            ("backup_id", created_at)
        };
        json!({
            "id": self.id,
            "service_id": self.service_id,
            "service_name": self.service_name,
            source: self.source_id,
            "bucket": self.bucket,
            "type": self.kind.as_str(),
            "status": status,
            "message": message,
            "created_at": created_at,
        })
    }
}

/// The number of the last restore before the world began.
pub(super) const LAST_SEEDED: u64 = 615;

/// The restores of the last days, oldest first: one of them failed, one is from the user's own bucket, one of a moment.
pub(super) fn seeded(now: i64, services: &[ServiceRow], backups: &[BackupRow]) -> Vec<RestoreRow> {
    /// Target, source, kind of the backup, seconds before now, why it failed.
    type Line = (&'static str, &'static str, Option<BackupKind>, i64, Option<&'static str>);
    #[rustfmt::skip]
    const LINES: [Line; 5] = [
        ("dbpgf27715608", "analytics/2026-export.sql.gz", None, 5 * DAY_SECS + 4_210, None),
        ("dbpgf62094417", "dbpgf27715608", None, 4 * DAY_SECS + 19_333, None),
        ("dbpgf62094417", "dbpgf41870263", Some(BackupKind::Full), 2 * DAY_SECS + 7_741, Some("no space left on the data volume of the target")),
        ("dbtgf90068135", "dbpgf62094417", Some(BackupKind::Full), DAY_SECS + 11_906, None),
        ("dbpwf83326741", "dbpwf38841026", Some(BackupKind::Full), 15_137, None),
    ];
    let mut restores = Vec::new();
    for (id, (target, source, kind, age_secs, failure)) in (LAST_SEEDED - 4..).zip(LINES) {
        let Some(target) = services.iter().find(|service| service.id == target) else { continue };
        let start = now - age_secs;
        let is_source = |backup: &&BackupRow| {
            backup.service_id == source && Some(backup.kind) == kind && backup.is_good && backup.end < start
        };
        let backup = backups.iter().rev().find(is_source);
        let source_id = backup.map_or(source, |backup| &backup.id);
        let kind = if is_gzip_name(source) { RestoreKind::Logical } else { RestoreKind::Physical };
        let mut restore = RestoreRow::new(id, target, source_id, kind, start);
        restore.end = start + i64::try_from(target.data_bytes / GIB * 7).unwrap_or_default();
        if kind == RestoreKind::Logical {
            "gs://acme-exports/".clone_into(&mut restore.bucket);
        }
        restore.failure = failure;
        restore.is_applied = true;
        restore.is_as_in_samples = id == LAST_SEEDED - 1;
        restores.push(restore);
    }
    restores
}

/// Whether the name of an object says that it is packed with gzip.
pub(super) fn is_gzip_name(object: &str) -> bool {
    Path::new(object).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"))
}
