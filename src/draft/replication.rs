//! Replication from an external primary into a service that was restored from a backup: the calls of the stored procedures that
//! the documents name, filled in.

use jiff::Timestamp;

use crate::domain::{ApiTime, BINARY_LOGS_KEPT, Backup, BackupType, BinlogFile, GtidPosition};

/// Where MariaDB listens by default.
const DEFAULT_PORT: &str = "3306";

/// The primary as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryDraft {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: String,
    /// The connection is encrypted.
    pub ssl: bool,
}

impl Default for PrimaryDraft {
    fn default() -> Self {
        Self { host: String::new(), port: DEFAULT_PORT.to_owned(), ssl: true }
    }
}

/// The primary, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Primary<'a> {
    host: &'a str,
    port: u16,
    ssl: bool,
}

impl PrimaryDraft {
    /// What is wrong with the host, one sentence without its full stop; `None` while nothing is typed.
    #[must_use]
    pub fn host_error(&self) -> Option<&'static str> {
        let host = self.host.trim();
        let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte));
        (!is_plain).then_some("Only letters, digits, points, hyphens and colons, without a scheme")
    }

    /// What is wrong with the port.
    #[must_use]
    pub fn port_error(&self) -> Option<&'static str> {
        let is_port = self.port.trim().parse::<u16>().is_ok_and(|port| port > 0);
        (!is_port).then_some("A number from 1 to 65535")
    }

    /// The primary, where both can be used.
    #[must_use]
    pub fn checked(&self) -> Option<Primary<'_>> {
        let port = self.port.trim().parse().ok().filter(|_| self.port_error().is_none())?;
        let host = Some(self.host.trim()).filter(|host| !host.is_empty() && self.host_error().is_none())?;
        Some(Primary { host, port, ssl: self.ssl })
    }
}

impl Primary<'_> {
    /// The call that begins at the GTID of a backup; `None` where it has none that the server would take.
    #[must_use]
    pub fn call_by_gtid(&self, backup: &Backup) -> Option<String> {
        let text = backup.binlog_gtid_position.as_deref()?;
        let is_gtid = GtidPosition::parse(text).is_some_and(|gtid| !gtid.is_empty());
        // The server takes a space after a comma, but not one before it.
        let gtid: String = text.chars().filter(|sign| *sign != ' ').collect();
        let Self { host, port, ssl } = self;
        is_gtid.then(|| format!("CALL sky.change_external_primary_gtid('{host}', {port}, '{gtid}', {ssl});"))
    }

    /// The call that begins at the file and position of a backup; `None` where it has none.
    #[must_use]
    pub fn call_by_position(&self, backup: &Backup) -> Option<String> {
        let file = backup.binlog_file.as_deref().map(str::trim)?;
        let is_plain = file.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        let position: u64 = backup.binlog_position.as_deref()?.trim().parse().ok()?;
        let Self { host, port, ssl } = self;
        (is_plain && BinlogFile::parse(file).is_some())
            .then(|| format!("CALL sky.change_external_primary('{host}', {port}, '{file}', {position}, {ssl});"))
    }
}

/// What to know before replication begins at a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplicationNote {
    /// The GTID position is empty.
    NoGtid,
    /// A dump keeps no GTID.
    DumpWithoutGtid,
    /// The GTID cannot be read.
    UnreadableGtid,
    /// The GTID may lack a domain.
    MayLackDomain,
    /// Neither file nor position is known.
    NoPosition,
    /// The age of the backup in seconds, and whether binary logs are kept that long by default.
    Age(i64, Kept),
    /// The position of the replica is set by hand.
    PositionByHand,
}

/// Whether the primary keeps its binary logs as long as a backup is old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// By default it does.
    Long,
    /// By default it has purged them.
    TooShort,
}

/// What is worth to know of a backup before replication begins at it.
#[must_use]
pub fn replication_notes(backup: &Backup, now: Timestamp) -> Vec<ReplicationNote> {
    let gtid = backup.binlog_gtid_position.as_deref().map(GtidPosition::parse);
    let gtid = match gtid {
        Some(Some(gtid)) if !gtid.is_empty() => ReplicationNote::MayLackDomain,
        Some(None) => ReplicationNote::UnreadableGtid,
        _ if backup.backup_type == Some(BackupType::Dump) => ReplicationNote::DumpWithoutGtid,
        _ => ReplicationNote::NoGtid,
    };
    let has_position = backup.binlog_file.is_some() && backup.binlog_position.is_some();
    let position = (!has_position).then_some(ReplicationNote::NoPosition);
    let at = backup.end_time.as_ref().and_then(ApiTime::at).or_else(|| backup.started_at());
    let age = at.map(|at| now.duration_since(at).as_secs().max(0)).map(|age| {
        ReplicationNote::Age(age, if age > BINARY_LOGS_KEPT.as_secs() { Kept::TooShort } else { Kept::Long })
    });
    [Some(gtid), position, age, Some(ReplicationNote::PositionByHand)].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup(gtid: &str, file: &str, position: &str) -> Backup {
        let text = |text: &str| (!text.is_empty()).then(|| text.into());
        Backup {
            binlog_gtid_position: text(gtid),
            binlog_file: text(file),
            binlog_position: text(position),
            end_time: ApiTime::read("2026-11-23T02:00:00Z"),
            ..Backup::default()
        }
    }

    #[test]
    fn the_procedures_are_called_with_what_the_backup_says() {
        let draft = PrimaryDraft { host: " db.example.com ".to_owned(), ..PrimaryDraft::default() };
        let primary = draft.checked().unwrap();
        let row = backup("0-100-1, 435700-435700-122", "mariadb-bin.000318", "73114");
        assert_eq!(
            primary.call_by_gtid(&row).unwrap(),
            "CALL sky.change_external_primary_gtid('db.example.com', 3306, '0-100-1,435700-435700-122', true);"
        );
        assert_eq!(
            primary.call_by_position(&row).unwrap(),
            "CALL sky.change_external_primary('db.example.com', 3306, 'mariadb-bin.000318', 73114, true);"
        );
        let plain = PrimaryDraft { ssl: false, port: "3307".to_owned(), ..draft };
        assert!(plain.checked().unwrap().call_by_position(&row).unwrap().ends_with("73114, false);"));
    }

    /// Whatever a field holds, it ends no quoted text.
    #[test]
    fn only_values_of_a_known_form_are_filled_in() {
        for host in ["", "a b", "x'); DROP TABLE t; --", "https://db.example.com", "db\\"] {
            assert_eq!(PrimaryDraft { host: host.to_owned(), ..PrimaryDraft::default() }.checked(), None, "{host}");
        }
        for port in ["", "0", "65536", "-1", "x"] {
            let draft = PrimaryDraft { host: "db".to_owned(), port: port.to_owned(), ssl: true };
            assert!(draft.checked().is_none() && draft.port_error().is_some(), "{port}");
        }
        let draft = PrimaryDraft { host: "2001:db8::1".to_owned(), ..PrimaryDraft::default() };
        let primary = draft.checked().unwrap();
        for gtid in ["", "0-1", "0-1-2'", "0-1-2,0-1-3"] {
            assert_eq!(primary.call_by_gtid(&backup(gtid, "", "")), None, "{gtid}");
        }
        for (file, position) in
            [("", "4"), ("bin.000001", ""), ("bin'.000001", "4"), ("bin.000001", "4); --"), ("bin", "4")]
        {
            assert_eq!(primary.call_by_position(&backup("", file, position)), None, "{file} {position}");
        }
    }

    #[test]
    fn what_the_position_may_lack_and_how_old_it_is_is_noted() {
        let now: Timestamp = "2026-11-27T02:00:00Z".parse().unwrap();
        let notes = |row: &Backup, now| replication_notes(row, now);
        let position = backup("0-1-2", "mariadb-bin.000318", "4");
        let old = now + jiff::SignedDuration::from_secs(1);
        assert_eq!(
            notes(&position, now),
            [
                ReplicationNote::MayLackDomain,
                ReplicationNote::Age(4 * 86_400, Kept::Long),
                ReplicationNote::PositionByHand
            ]
        );
        assert!(notes(&position, old).contains(&ReplicationNote::Age(4 * 86_400 + 1, Kept::TooShort)));
        assert!(notes(&backup("", "mariadb-bin.000318", "4"), now).contains(&ReplicationNote::NoGtid));
        assert!(notes(&backup("x", "mariadb-bin.000318", "4"), now).contains(&ReplicationNote::UnreadableGtid));
        let dump = Backup { backup_type: Some(BackupType::Dump), ..backup("", "", "") };
        let of_dump = notes(&dump, now);
        assert_eq!(&of_dump[..2], [ReplicationNote::DumpWithoutGtid, ReplicationNote::NoPosition]);
    }
}
