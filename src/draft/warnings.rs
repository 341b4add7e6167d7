//! What the documents warn of before a schedule is sent. Warnings only: the service has the last word.

use jiff::Timestamp;

use super::schedule_draft::{ScheduleDraft, StorageChoice};
use crate::cron::{Cron, DayRule, LocalClock, Timetable, describe_uncovered};
use crate::domain::{Backup, BackupType, RETENTION, Service, StatusKind, is_on_azure, snapshots_only};

/// Stretches of time without a backup that are named.
const MAX_SPANS: usize = 2;
/// Below this, one run may not be over when the next one starts.
const SHORT_GAP_SECS: u64 = 3600;

/// What to think about before sending, each one sentence; never a reason not to send. `backups` are those of the service;
/// `None` where they are not all known, so that nothing is claimed about them.
#[must_use]
pub fn warnings(
    draft: &ScheduleDraft,
    service: Option<&Service>,
    backups: Option<&[&Backup]>,
    clock: LocalClock<'_>,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if draft.backup_type == BackupType::Incremental {
        let text = match backups {
            Some(backups) if has_good_full(backups, clock.now) => None,
            Some(_) => {
                Some("No good full backup of this service in the last 7 days: an incremental has nothing to build on")
            }
            None => Some(
                "An incremental needs a good full backup of the same service, and not all of its backups are listed here",
            ),
        };
        warnings.extend(text.map(str::to_owned));
    }
    if let Some(service) = service {
        warnings.extend(availability(&draft.backup_type, service));
        warnings.extend(state(service));
    }
    if let Some(Ok(cron)) = draft.when.cron(clock) {
        warnings.extend(pace(&cron));
    }
    warnings.extend(draft.when.timetable(clock).and_then(|timetable| gap(&timetable, clock)));
    if draft.storage == StorageChoice::OwnBucket {
        warnings.push("Your cloud provider may charge for egress".to_owned());
    }
    warnings
}

/// The warning about an expression with two readings.
pub const TWO_READINGS: &str = "Cron programs read this in two ways, and it is not known which of them SkySQL follows";

/// What the expression alone leaves to think about.
fn pace(cron: &Cron) -> Vec<String> {
    let mut warnings = Vec::new();
    let readings = cron.readings();
    if readings.widest().pace().shortest_gap_secs.is_some_and(|gap| gap < SHORT_GAP_SECS) {
        warnings.push("Runs less than an hour apart may overlap: a backup can take longer than that".to_owned());
    }
    if readings.wide.is_some() {
        warnings.push(TWO_READINGS.to_owned());
    } else if readings.narrow.rule == DayRule::Either {
        let text = "Day of month and weekday are both set: it runs on days that match either of them, not both";
        warnings.push(text.to_owned());
    }
    warnings
}

/// That runs are farther apart than backups are kept, with the next days without any.
fn gap(timetable: &Timetable, clock: LocalClock<'_>) -> Option<String> {
    let warning = timetable.gap_warning()?;
    let spans = timetable.uncovered(clock.now, MAX_SPANS);
    if spans.is_empty() {
        return Some(warning);
    }
    let zone = clock.zone;
    Some(format!("{warning}. {} ({})", describe_uncovered(&spans, zone, clock.now), zone.label().replace('_', " ")))
}

/// True where a good full backup is young enough to be kept still. One without a readable time is listed, so it is kept; one of 0
/// bytes holds nothing to build on.
fn has_good_full(backups: &[&Backup], now: Timestamp) -> bool {
    backups.iter().any(|backup| {
        backup.backup_type == Some(BackupType::Full)
            && backup.status_kind() == StatusKind::Good
            && !backup.is_good_but_empty()
            && backup.started_at().is_none_or(|at| now.duration_since(at) <= RETENTION)
    })
}

/// The availability matrix of the documents.
fn availability(backup_type: &BackupType, service: &Service) -> Option<String> {
    let whose = snapshots_only(service)?;
    let is_shown = match backup_type {
        BackupType::Snapshot | BackupType::Other(_) => false,
        // Of binary logs the documents say so for Azure only.
        BackupType::BinaryLog => is_on_azure(service),
        BackupType::Full | BackupType::Incremental | BackupType::Dump => true,
    };
    is_shown.then(|| format!("SkySQL supports only snapshots for {whose}"))
}

fn state(service: &Service) -> Option<String> {
    let status = service.status.as_deref()?.to_ascii_lowercase();
    let text = match status.as_str() {
        "stopped" => "Service is stopped. SkySQL may not be able to back it up".to_owned(),
        "failed" => "Service has failed. SkySQL may not be able to back it up".to_owned(),
        "retired" | "pending_delete" => {
            "Service is being deleted. Its snapshots are deleted with it, its other backups after 7 days".to_owned()
        }
        pending => {
            let change = match pending.strip_prefix("pending_")? {
                "create" => "being created",
                "scale" => "scaling",
                "stop" => "stopping",
                "start" => "starting",
                "modifying" => "being changed",
                _ => "not ready",
            };
            format!("Service is {change} ({pending}). SkySQL may reject backups until it is ready")
        }
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::super::When;
    use super::*;
    use crate::domain::{ApiTime, Status, Zone};

    fn clock(zone: &Zone) -> LocalClock<'_> {
        LocalClock { zone, now: "2026-09-14T12:00:00Z".parse().unwrap() }
    }

    fn warnings_of(draft: &ScheduleDraft, service: Option<&Service>, backups: &[&Backup]) -> Vec<String> {
        let found = warnings(draft, service, Some(backups), clock(&Zone::utc()));
        assert!(found.iter().all(|text| !text.ends_with('.')));
        found
    }

    fn of_type(backup_type: BackupType) -> ScheduleDraft {
        ScheduleDraft { backup_type, ..ScheduleDraft::default() }
    }

    #[test]
    fn an_incremental_needs_a_young_good_full() {
        let backup = |backup_type, status: &str, start: &str| Backup {
            backup_type: Some(backup_type),
            status: Some(Status::new(status)),
            start_time: ApiTime::read(start),
            ..Backup::default()
        };
        let cases = [
            (backup(BackupType::Full, "Succeeded", "2026-09-14T02:00:00Z"), true),
            (backup(BackupType::Full, "Succeeded", "2026-09-07T12:00:00Z"), true),
            (backup(BackupType::Full, "Succeeded", "2026-09-07T11:59:59Z"), false),
            (backup(BackupType::Full, "Succeeded", ""), true),
            (backup(BackupType::Full, "Failed", "2026-09-14T02:00:00Z"), false),
            (backup(BackupType::Full, "Running", "2026-09-14T02:00:00Z"), false),
            (backup(BackupType::Snapshot, "Succeeded", "2026-09-14T02:00:00Z"), false),
        ];
        for (backup, is_enough) in cases {
            let found = warnings_of(&of_type(BackupType::Incremental), None, &[&backup]);
            assert_eq!(found.is_empty(), is_enough, "{backup:?}");
        }
        let mut empty = backup(BackupType::Full, "Succeeded", "2026-09-14T02:00:00Z");
        empty.storage_bytes = Some(0);
        assert_eq!(
            warnings_of(&of_type(BackupType::Incremental), None, &[&empty]).len(),
            1,
            "0 bytes are nothing to build on"
        );
        assert_eq!(warnings_of(&of_type(BackupType::Incremental), None, &[]).len(), 1);
        assert!(warnings_of(&of_type(BackupType::Full), None, &[]).is_empty());
    }

    #[test]
    fn the_availability_matrix_warns() {
        let service = |provider: &str, topology: &str, version: &str| Service {
            provider: Some(provider.into()),
            topology: Some(topology.into()),
            version: Some(version.into()),
            ..Service::default()
        };
        let usual = service("gcp", "es-single", "11.4.3-1");
        let azure = service("azure", "es-single", "11.4.3");
        let galera = service("aws", "galera", "11.4.3");
        let preview = service("aws", "es-replica", "11.6.2-0-1");
        let candidate = service("aws", "es-replica", "11.7.1");
        let later = service("aws", "es-replica", "11.7.10");
        let cases = [
            (&usual, BackupType::Full, None),
            (&azure, BackupType::Full, Some("Azure")),
            (&azure, BackupType::BinaryLog, Some("Azure")),
            (&azure, BackupType::Snapshot, None),
            (&galera, BackupType::Dump, Some("Galera")),
            (&galera, BackupType::BinaryLog, None),
            (&galera, BackupType::Snapshot, None),
            (&preview, BackupType::Full, Some("11.6.2")),
            (&candidate, BackupType::Full, Some("11.7.1")),
            (&candidate, BackupType::Snapshot, None),
            (&later, BackupType::Full, None),
        ];
        for (service, backup_type, part) in cases {
            let found = warnings_of(&of_type(backup_type.clone()), Some(service), &[]);
            match part {
                Some(part) => assert!(found.len() == 1 && found[0].contains(part), "{found:?}"),
                None => assert!(found.is_empty(), "{backup_type:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn the_state_of_the_service_warns() {
        let cases = [
            ("ready", None),
            ("unknown", None),
            ("stopped", Some("stopped")),
            ("pending_scale", Some("Service is scaling (pending_scale). SkySQL may reject backups until it is ready")),
            ("Pending_Modifying", Some("being changed")),
            ("pending_delete", Some("being deleted")),
            ("pending_upgrade", Some("not ready (pending_upgrade)")),
            ("failed", Some("failed")),
        ];
        for (status, part) in cases {
            let service = Service { status: Some(status.into()), ..Service::default() };
            let found = warnings_of(&of_type(BackupType::Full), Some(&service), &[]);
            assert_eq!(
                found.first().map(|text| text.contains(part.unwrap_or("?"))),
                part.map(|_| true),
                "{status}: {found:?}"
            );
        }
    }

    #[test]
    fn days_with_nothing_to_restore_from_are_named_for_the_chosen_times() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let warning = |text: &str, zone: &Zone| {
            let mut draft = ScheduleDraft::default();
            draft.when.set_expression(text);
            warnings(&draft, None, Some(&[]), LocalClock { zone, now }).pop().unwrap_or_default()
        };
        let berlin = Zone::new(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
        assert_eq!(
            warning("0 2 1 * *", &Zone::utc()),
            "Leaves about 3 weeks without a backup: backups are kept 7 days. \
             Nothing to restore from Tue 08 Dec 02:00 to Fri 01 Jan 2027 02:00 and from Fri 08 Jan 2027 02:00 to \
             Mon 01 Feb 2027 02:00 (UTC)"
        );
        assert!(warning("0 2 1 * *", &berlin).ends_with("to Mon 01 Feb 2027 03:00 (Europe/Berlin)"));
        assert!(warning("30 4 1,15 * *", &Zone::utc()).ends_with(
            "from Tue 08 Dec 04:30 to Tue 15 Dec 04:30 and from Tue 22 Dec 04:30 to Fri 01 Jan 2027 04:30 (UTC)"
        ));
        assert_eq!(warning("0 2 * * 1", &Zone::utc()), "", "once a week is enough");
    }

    #[test]
    fn times_and_places_warn() {
        let with_cron = |text: &str| {
            let mut draft = ScheduleDraft::default();
            draft.when.set_expression(text);
            draft
        };
        let cases = [
            (with_cron("0 * * * *"), None),
            (with_cron("*/30 * * * *"), Some("overlap")),
            (with_cron("0,50 2 * * *"), Some("overlap")),
            (with_cron("0 2 1 * 1"), Some("either")),
            (with_cron("0 2 */2 * 1-5"), Some("in two ways")),
            (with_cron("0 2 1 * *"), Some("about 3 weeks")),
            (with_cron("0 2 * * 1-5"), None),
            (with_cron("nonsense"), None),
            (ScheduleDraft { when: When::once(), ..ScheduleDraft::default() }, None),
            (ScheduleDraft { storage: StorageChoice::OwnBucket, ..with_cron("0 2 * * *") }, Some("egress")),
        ];
        for (draft, part) in cases {
            let found = warnings_of(&draft, None, &[]);
            match part {
                Some(part) => assert!(found.len() == 1 && found[0].contains(part), "{found:?}"),
                None => assert!(found.is_empty(), "{found:?}"),
            }
        }
    }
}
