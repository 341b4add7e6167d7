//! Makes one believable backup: sizes, times, positions, all from its number.

use super::rows::{BackupKind, BackupRow, ServiceRow};

const MIB: u64 = 1 << 20;
pub(super) const GIB: u64 = 1 << 30;

/// A number that looks random and is the same for the same two (splitmix64).
pub(super) fn mix(first: u64, second: u64) -> u64 {
    [first, second].into_iter().fold(7, |state, part| {
        let mut z = (state ^ part.wrapping_mul(0xD6E8_FEB8_6659_FD93)).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

/// The number brought into `low..=high`.
pub(super) fn between(hash: u64, low: u64, high: u64) -> u64 {
    low + hash % (high - low + 1)
}

/// What is to be made.
pub(super) struct NewBackup<'a> {
    pub(super) service: &'a ServiceRow,
    pub(super) kind: BackupKind,
    pub(super) start: i64,
    pub(super) schedule_id: Option<u64>,
    /// Different for every backup of a world.
    pub(super) salt: u64,
    /// The id of the full backup that an incremental builds on.
    pub(super) reference: String,
}

/// The id of the backup with this salt.
pub(super) fn backup_id(service: &ServiceRow, salt: u64) -> String {
    let pod = pod(service, mix(salt, 3));
    format!("{:016x}{:016x}:{}:{pod}", mix(salt, 1), mix(salt, 2), service.id)
}

/// Backups of replicated services come from a replica.
fn pod(service: &ServiceRow, hash: u64) -> String {
    let node = if service.nodes > 1 { between(hash, 1, u64::from(service.nodes) - 1) } else { 0 };
    let name: String = service.name.chars().take(40).collect();
    format!("{name}-mdb-ms-{node}")
}

/// Makes a finished, successful backup that took as long as its size suggests.
pub(super) fn backup(order: NewBackup<'_>) -> BackupRow {
    let NewBackup { service, kind, start, schedule_id, salt, reference } = order;
    let hash = |part: u64| mix(salt, part);
    // A little more data every day.
    let days = (start - service.sized_at).div_euclid(86_400).clamp(-400, 365);
    let growth = u64::try_from(1000 + 2 * days).unwrap_or(1000);
    let data_bytes = service.data_bytes / 1000 * growth + hash(4) % (96 * MIB);
    let storage_bytes = match kind {
        BackupKind::Full => data_bytes / 100 * 34,
        BackupKind::Incremental => data_bytes / 1000 * between(hash(5), 8, 40),
        BackupKind::BinaryLog => data_bytes / 1000 * between(hash(5), 3, 9),
        BackupKind::Dump => data_bytes / 1000 * between(hash(5), 118, 122),
        BackupKind::Snapshot => data_bytes / 1000 * between(hash(5), 10, 50),
    };
    let storage_bytes = storage_bytes.max(GIB / 2) + hash(6) % (48 * MIB);
    let (setup_secs, mib_per_sec) = match kind {
        BackupKind::Full => (45, between(hash(7), 24, 31)),
        BackupKind::Incremental => (75, between(hash(7), 9, 16)),
        BackupKind::BinaryLog => (25, between(hash(7), 18, 30)),
        BackupKind::Dump => (30, between(hash(7), 7, 9)),
        BackupKind::Snapshot => (60 + hash(7) % 90, 48),
    };
    let took_secs = setup_secs + storage_bytes / (mib_per_sec * MIB);
    let age_secs = u64::try_from(start - 1_700_000_000).unwrap_or_default();
    let server = 100 + mix(service.data_bytes, 8) % 50;
    let sequence = age_secs / 10 * between(mix(service.data_bytes, 9), 9, 90) + hash(10) % 50;
    let has_position = kind != BackupKind::Dump;
    BackupRow {
        id: backup_id(service, salt),
        service_id: service.id.clone(),
        service_name: service.name.clone(),
        provider: service.provider,
        kind,
        pod: pod(service, hash(3)),
        schedule_id,
        start,
        end: start + i64::try_from(took_secs).unwrap_or(60),
        is_good: true,
        // A dump keeps no replication position.
        gtid: if has_position { gtid(service, server, sequence, hash(12)) } else { String::new() },
        // A copy ends in the log that is open then; of logs, the last one that was closed before.
        binlog_file: if has_position {
            format!(
                "mariadb-bin.{:06}",
                binlog_number(service, server, start) - u64::from(kind == BackupKind::BinaryLog)
            )
        } else {
            String::new()
        },
        binlog_position: if has_position { between(hash(11), 330, GIB) } else { 0 },
        disk_bytes: if kind == BackupKind::BinaryLog { storage_bytes } else { data_bytes / 100 * 108 },
        storage_bytes,
        is_external: false,
        reference,
        odd: Vec::new(),
    }
}

/// A GTID as servers write it: one for each replication domain, in no order that could be relied on, and now and then none at all
/// although the position in the binary log is there.
fn gtid(service: &ServiceRow, server: u64, sequence: u64, hash: u64) -> String {
    let first = format!("0-{server}-{sequence}");
    match (service.nodes, hash % 13) {
        (_, 0) => String::new(),
        (0 | 1, _) => first,
        (2, _) => format!("{first},7-{}-{}", server + 200, sequence / 3),
        _ => format!("11-{}-{},{first},2-{}-{}", server + 200, sequence / 5, server + 400, sequence * 7),
    }
}

/// The number of the binary log at this time: a new one begins one to four times a day, rarer than logs are backed up, so that these
/// follow each other. One service has just gone past six digits.
fn binlog_number(service: &ServiceRow, server: u64, start: i64) -> u64 {
    if service.name == "analytics-dwh" {
        let days = (start - service.sized_at).div_euclid(86_400);
        return u64::try_from(1_000_003 + days).unwrap_or(1);
    }
    let secs = u64::try_from(start - 1_700_000_000).unwrap_or_default();
    40 + server * 7 + secs / (86_400 / (server % 4 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_within_their_bounds_and_repeat() {
        for part in 0..1000 {
            let hash = mix(part, 1);
            assert_eq!(hash, mix(part, 1));
            assert!((3..=9).contains(&between(hash, 3, 9)));
        }
        assert_ne!(mix(1, 2), mix(2, 1));
    }
}
