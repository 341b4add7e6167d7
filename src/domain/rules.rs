//! What the documents say about types, services and schedules. Warnings only: the service has the last word.

use jiff::{SignedDuration, Timestamp};

use super::{Backup, BackupType, ScheduleDraft, Service, StatusKind, StorageChoice, Timing};

/// How long SkySQL keeps backups.
const RETENTION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Below this, one run may not be over when the next one starts.
const SHORT_GAP_SECS: u64 = 3600;

/// One line for the choice of a type: what it does and what it needs.
#[must_use]
pub fn type_line(backup_type: &BackupType) -> &'static str {
    match backup_type {
        BackupType::Full => "A physical copy of the whole server, made with mariabackup; incrementals build on it",
        BackupType::Incremental => {
            "Only what changed since a full backup; needs a good full backup of the same service"
        }
        BackupType::BinaryLog => "Closed binary log files; with a full backup or a dump they lead to a point in time",
        BackupType::Dump => "A logical SQL dump; suits small databases",
        BackupType::Snapshot => {
            "A snapshot of the storage volume, the fastest to restore; deleted together with its service"
        }
        BackupType::Other(_) => "A type this app does not know",
    }
}

/// What to think about before sending, each one sentence; never a reason not to send. `backups` are those of the service.
#[must_use]
pub fn warnings(draft: &ScheduleDraft, service: Option<&Service>, backups: &[&Backup], now: Timestamp) -> Vec<String> {
    let mut warnings = Vec::new();
    if draft.backup_type == BackupType::Incremental && !has_good_full(backups, now) {
        let text = "No good full backup of this service in the last 7 days: an incremental has nothing to build on";
        warnings.push(text.to_owned());
    }
    if let Some(service) = service {
        warnings.extend(availability(&draft.backup_type, service));
        warnings.extend(state(service));
    }
    if let Some(Ok(cron)) = draft.cron() {
        if cron.shortest_gap_secs().is_some_and(|gap| gap < SHORT_GAP_SECS) {
            warnings.push("Runs less than an hour apart may overlap: a backup can take longer than that".to_owned());
        }
        let [_, _, day, _, weekday] = cron.fields();
        if cron.is_either_day() {
            let text = "Day of month and weekday are both set: it runs on days that match either of them, not both";
            warnings.push(text.to_owned());
        } else if day != "*" && weekday != "*" {
            let text = "A step on * beside a second day field is read differently by different cron programs; watch the first runs";
            warnings.push(text.to_owned());
        }
    }
    if draft.timing == Timing::OnceNow {
        warnings.push("A one-time schedule cannot be edited later".to_owned());
    }
    if draft.storage == StorageChoice::OwnBucket {
        warnings.push("Moving backups into your own bucket may cost egress charges".to_owned());
    }
    warnings
}

/// True where a good full backup is young enough to be kept still. One without a readable time is listed, so it is kept.
fn has_good_full(backups: &[&Backup], now: Timestamp) -> bool {
    backups.iter().any(|backup| {
        backup.backup_type == Some(BackupType::Full)
            && backup.status_kind() == StatusKind::Good
            && backup.started_at().is_none_or(|at| now.duration_since(at) <= RETENTION)
    })
}

/// The availability matrix of the documents.
fn availability(backup_type: &BackupType, service: &Service) -> Option<String> {
    if matches!(backup_type, BackupType::Snapshot | BackupType::Other(_)) {
        return None;
    }
    if service.provider.as_deref().is_some_and(|provider| provider.eq_ignore_ascii_case("azure")) {
        return Some("Services on Azure can be backed up by snapshot only, says the documentation".to_owned());
    }
    // The documents say nothing about binary logs in these two cases.
    if *backup_type == BackupType::BinaryLog {
        return None;
    }
    if service.topology.as_deref().is_some_and(|topology| topology.to_ascii_lowercase().contains("galera")) {
        return Some("Galera clusters can be backed up by snapshot only, says the documentation".to_owned());
    }
    let version = service.version.as_deref()?;
    let is =
        |known: &str| version.strip_prefix(known).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    let known = ["11.6.2", "11.7.1"].into_iter().find(|known| is(known))?;
    Some(format!("Servers of version {known} can be backed up by snapshot only, says the documentation"))
}

fn state(service: &Service) -> Option<String> {
    let status = service.status.as_deref()?.to_ascii_lowercase();
    let text = match status.as_str() {
        "stopped" => "The service is stopped: it may not be possible to back it up",
        "failed" => "The service has failed: it may not be possible to back it up",
        "retired" | "pending_delete" => {
            "The service is being removed: its snapshots go with it, its other backups after 7 days"
        }
        pending if pending.starts_with("pending_") => {
            "The service is being changed: a backup may be refused until it is ready"
        }
        _ => return None,
    };
    Some(text.to_owned())
}
