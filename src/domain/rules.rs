//! What the documents say about the types of backups and where they can be made.

use jiff::SignedDuration;

use super::{BackupType, Service};

/// How long SkySQL keeps backups.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a server keeps its binary logs: `expire_logs_days`, 4 unless it was changed.
pub const BINARY_LOGS_KEPT: SignedDuration = SignedDuration::from_hours(4 * 24);

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
        BackupType::Other(_) => "A type that SkyBackup does not know",
    }
}

/// True for a service in the cloud of Microsoft.
#[must_use]
pub fn is_on_azure(service: &Service) -> bool {
    service.provider.as_deref().is_some_and(|provider| provider.eq_ignore_ascii_case("azure"))
}

/// What makes a service one that can be backed up by snapshot only.
#[must_use]
pub fn snapshots_only(service: &Service) -> Option<String> {
    if is_on_azure(service) {
        return Some("services on Azure".to_owned());
    }
    if service.topology.as_deref().is_some_and(|topology| topology.to_ascii_lowercase().contains("galera")) {
        return Some("Galera clusters".to_owned());
    }
    let version = service.version.as_deref()?;
    let is =
        |known: &str| version.strip_prefix(known).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    let known = ["11.6.2", "11.7.1"].into_iter().find(|known| is(known))?;
    Some(format!("server version {known}"))
}

/// The major and minor number of the version of a server: 10.6 of `10.6.11-6-1`. `None` where it does not begin with two numbers.
#[must_use]
pub fn server_series(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split(['.', '-']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_of_a_server_is_read_from_its_version() {
        let cases = [
            ("10.6.11-6-1", Some((10, 6))),
            ("11.4", Some((11, 4))),
            ("11-4", Some((11, 4))),
            ("11", None),
            ("v11.4", None),
            ("", None),
        ];
        for (version, want) in cases {
            assert_eq!(server_series(version), want, "{version}");
        }
    }

    #[test]
    fn every_type_has_its_own_line() {
        let lines: std::collections::BTreeSet<&str> = BackupType::ALL.iter().map(type_line).collect();
        assert_eq!(lines.len(), BackupType::ALL.len());
        assert!(lines.iter().all(|line| !line.ends_with('.')));
    }
}
