//! Backups for measurements: as the service gives them, but as many as wanted.

use jiff::Timestamp;
use skybackup::domain::{ApiTime, Backup, BackupId, BackupType, ServiceId, Status};

/// 2026-11-23T12:00:00Z.
const NOW: i64 = 1_795_435_200;

/// The clock of the measurements.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// Backups as the service gives them, of 600 services over seven days, in no order.
pub(crate) fn backups(count: usize) -> Vec<Backup> {
    const NAMES: [&str; 8] = ["orders", "Billing", "reports", "inventory", "search", "Auth", "ledger", "mail"];
    const CLOUDS: [&str; 3] = ["gcp", "aws", "azure"];
    const STATUSES: [&str; 8] =
        ["Succeeded", "Succeeded", "Succeeded", "Succeeded", "Succeeded", "Failed", "Running", "Scheduled"];
    const METHODS: [&str; 3] = ["skybucket", "mariabackup", "mydumper"];
    let mut random = fastrand::Rng::with_seed(1);
    (0..count)
        .map(|_| {
            let service = random.usize(..600);
            let id = format!("dbpgf{:08}", service * 68_917);
            let name = format!("{}-svc-{service:04}", NAMES.get(service % 8).unwrap());
            let pod = format!("{name}-mdb-ms-{}", random.u8(..3));
            let start = NOW - random.i64(0..604_800);
            let status = *random.choice(STATUSES.iter()).unwrap();
            let done = status == "Succeeded";
            let moment = |second: i64| ApiTime::from_epoch(second);
            let kind = random.choice(BackupType::ALL.iter()).unwrap().clone();
            let size = random.u64(1 << 20..1 << 40);
            Backup {
                id: BackupId::new(format!("{:032x}:{id}:{pod}", random.u128(..))),
                reference_full_backup: (kind == BackupType::Incremental)
                    .then(|| format!("{:032x}:{id}:{pod}", random.u128(..)).into()),
                service_id: Some(ServiceId::new(id)),
                service_name: Some(name.into()),
                backup_type: Some(kind),
                method: Some((*random.choice(METHODS.iter()).unwrap()).into()),
                server_pod: Some(pod.into()),
                cloud_provider: Some((*CLOUDS.get(service % 3).unwrap()).into()),
                status: Some(Status::new(status)),
                start_time: moment(start),
                end_time: done.then(|| moment(start + random.i64(10..7200))).flatten(),
                point_in_time: done.then(|| moment(start - 36)).flatten(),
                binlog_file: done.then(|| format!("mariadb-bin.{:06}", random.u32(..2000)).into()),
                binlog_position: done.then(|| random.u32(..1 << 30).to_string().into()),
                binlog_gtid_position: done.then(|| format!("0-{service}-{}", random.u32(..)).into()),
                disk_size: done.then(|| format!("{}Gi", size >> 30).into()),
                disk_size_bytes: done.then_some(size),
                storage_bytes: done.then(|| size / random.u64(2..9)),
                is_external_storage: Some(random.u8(..10) == 0),
                unknown: None,
                sighting: None,
            }
        })
        .collect()
}
