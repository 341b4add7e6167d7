//! What to watch out for on the way to a moment. Warnings block nothing: the service decides.

use jiff::Timestamp;

use super::backups::KnownBackup;
use super::chain::has_other_servers;
use super::moments::ServiceMoments;
use crate::domain::{ApiTime, BINARY_LOGS_KEPT, BackupType, Service, Text};

/// What to watch out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MomentWarning {
    /// The list is not of now.
    ListIsOlder(Timestamp),
    /// The snapshots before and after the moment are farther apart than binary logs are kept: by how many seconds.
    SnapshotsApart(i64),
    /// No snapshot is listed before the moment, or none after it.
    NotBetweenSnapshots,
    /// The server is too old for a recovery to a point in time: its version.
    OldServer(Text),
    /// A Galera cluster.
    Galera,
    /// A serverless service.
    Serverless,
    /// Only services of this cloud provider can be the target.
    SameProvider(Option<Text>),
    /// Nobody but the user applies the logs.
    LogsByHand,
    /// Where applying logs begins and ends is counted differently by GTID and by position.
    LogBounds,
    /// A statement bears the time it began at.
    LongStatements,
    /// Replication domains that the logs have and the GTID of the backup lacks.
    MoreDomains(Vec<u32>),
    /// The backup has no GTID: its file and position are right.
    NoGtid,
    /// The logs are from another server than the backup.
    OtherServers,
    /// The end of a physical backup is noted a moment after the state that it holds.
    NotedLater,
    /// The files of an incremental serve once.
    UsedUp,
    /// A copy of the files has the prepared transactions of the source in it.
    PreparedTransactions,
    /// Events of the database run at once.
    KeepEventsOff,
    /// Users and passwords become those of the source.
    UsersOfSource,
}

/// After every restore; `is_dump` for one that is no copy of the files.
fn always(moments: &ServiceMoments, is_dump: bool) -> impl Iterator<Item = MomentWarning> {
    let provider = moments.service.as_ref().and_then(|service| service.provider.clone());
    let prepared = (!is_dump).then_some(MomentWarning::PreparedTransactions);
    let first = [MomentWarning::SameProvider(provider), MomentWarning::UsersOfSource];
    first.into_iter().chain(prepared).chain([MomentWarning::KeepEventsOff])
}

fn with_age(
    moments: &ServiceMoments,
    is_dump: bool,
    warnings: impl IntoIterator<Item = MomentWarning>,
) -> Vec<MomentWarning> {
    let is_older = !moments.backups.is_complete;
    let age = moments.listed_at.filter(|_| is_older).map(MomentWarning::ListIsOlder);
    age.into_iter().chain(warnings).chain(always(moments, is_dump)).collect()
}

pub(super) fn backup_warnings(moments: &ServiceMoments, backup_type: &BackupType) -> Vec<MomentWarning> {
    let is_incremental = *backup_type == BackupType::Incremental;
    let noted_later = (is_incremental || *backup_type == BackupType::Full).then_some(MomentWarning::NotedLater);
    let used_up = is_incremental.then_some(MomentWarning::UsedUp);
    with_age(moments, *backup_type == BackupType::Dump, noted_later.into_iter().chain(used_up))
}

pub(super) fn log_warnings(moments: &ServiceMoments, base: &KnownBackup, logs: &[&KnownBackup]) -> Vec<MomentWarning> {
    let mut warnings = vec![MomentWarning::LogsByHand, MomentWarning::LogBounds, MomentWarning::LongStatements];
    let last = logs.last();
    match (&base.gtid, last.and_then(|log| log.gtid.as_ref())) {
        (Some(own), Some(last)) => {
            let more = own.lacks(last);
            warnings.extend((!more.is_empty()).then_some(MomentWarning::MoreDomains(more)));
        }
        (None, _) => warnings.push(MomentWarning::NoGtid),
        (Some(_), None) => {}
    }
    let is_other = last.is_some_and(|last| has_other_servers(base, logs, last));
    warnings.extend(is_other.then_some(MomentWarning::OtherServers));
    warnings.extend(base.is(&BackupType::Incremental).then_some(MomentWarning::UsedUp));
    with_age(moments, base.is(&BackupType::Dump), warnings)
}

/// The rules of the documents for a recovery to a point in time.
pub(super) fn point_in_time_warnings(
    moments: &ServiceMoments,
    before: Option<&KnownBackup>,
    after: Option<&KnownBackup>,
) -> Vec<MomentWarning> {
    let second = |backup: &KnownBackup| Some(backup.row.point_in_time.as_ref().and_then(ApiTime::at)?.as_second());
    let around = before.and_then(second).zip(after.and_then(second));
    let apart = around.map(|(before, after)| after - before).filter(|gap| *gap > BINARY_LOGS_KEPT.as_secs());
    let snapshots = match around {
        None => Some(MomentWarning::NotBetweenSnapshots),
        Some(_) => apart.map(MomentWarning::SnapshotsApart),
    };
    let of_service = moments.service.as_ref().map_or_else(Vec::new, service_warnings);
    with_age(moments, false, snapshots.into_iter().chain(of_service).chain([MomentWarning::LongStatements]))
}

fn service_warnings(service: &Service) -> Vec<MomentWarning> {
    let topology = service.topology.as_deref().unwrap_or_default().to_ascii_lowercase();
    let old = service.version.clone().filter(|version| is_before_10_8(version)).map(MomentWarning::OldServer);
    let galera = topology.contains("galera").then_some(MomentWarning::Galera);
    let serverless = topology.contains("serverless").then_some(MomentWarning::Serverless);
    [old, galera, serverless].into_iter().flatten().collect()
}

/// `10.6.22-18-1`: the first two numbers decide. One that cannot be read is not called old.
fn is_before_10_8(version: &str) -> bool {
    let mut numbers = version.split(['.', '-']).map(|number| number.parse::<u32>().ok());
    let numbers = numbers.next().flatten().zip(numbers.next().flatten());
    numbers.is_some_and(|numbers| numbers < (10, 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_old_before_10_8() {
        for old in ["10.6.22-18-1", "10.7.1", "5.5.68", "10.5.29-23-1"] {
            assert!(is_before_10_8(old), "{old}");
        }
        for new in ["10.8.1", "10.11.13-1", "11.4.7-4-1", "12.0.2", "", "latest", "10"] {
            assert!(!is_before_10_8(new), "{new}");
        }
    }
}
