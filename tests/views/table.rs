//! The table: what a person does to it, and what it asks of the model.

use jiff::Timestamp;
use skybackup::domain::{Backup, BackupId, BackupType, Moment, ServiceId, Status};

/// Backups of a few services, as the API would list them.
pub(super) fn backups(count: usize) -> Vec<Backup> {
    let names = ["orders-prod", "billing", "reports-warehouse-eu", "a-service-with-a-very-long-name-indeed-0042"];
    let kinds = ["full", "incremental", "binarylog", "dump", "snapshot"];
    let words = ["Succeeded", "Failed", "Running", "Scheduled", "Succeeded", "Succeeded", "Quarantined"];
    let begin: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
    (0..count)
        .map(|number| {
            let start = begin - jiff::SignedDuration::from_mins(i64::try_from(number).unwrap() * 37);
            let service = names[number % names.len()];
            Backup {
                id: BackupId::new(format!("{number:08x}:dbpgf4187{number:04}")),
                service_id: Some(ServiceId::new(format!("dbpgf4187{:04}", number % names.len()))),
                service_name: Some(service.into()),
                backup_type: Some(BackupType::from_word(kinds[number % kinds.len()])),
                method: None,
                server_pod: None,
                cloud_provider: None,
                status: Some(Status::new(words[number % words.len()])),
                start_time: Some(Moment::At(start)),
                end_time: (number % 7 != 2).then(|| Moment::At(start + jiff::SignedDuration::from_secs(695))),
                point_in_time: Some(Moment::At(start)),
                reference_full_backup: None,
                binlog_file: Some(format!("mariadb-bin.{number:06}").as_str().into()),
                binlog_position: Some("4711".into()),
                binlog_gtid_position: Some("0-100-88213".into()),
                disk_size: None,
                disk_size_bytes: Some(9_663_676_416 + number as u64 * 1_234_567),
                storage_bytes: (number % 3 != 0).then_some(2_147_483_648),
                is_external_storage: Some(false),
                unknown: None,
            }
        })
        .collect()
}
