//! The tables, and how files of older versions come to have them.

use rusqlite::{Connection, TransactionBehavior};

use super::LedgerError;

/// Marks a database of this program, in the header of the file (`SkyB`).
const APPLICATION_ID: i32 = 0x536B_7942;

/// Each leads from the version of its index to the next. Those that a release has had are never changed.
const MIGRATIONS: [&str; 3] = [
    // Every time is microseconds since 1970 in UTC. Times of the service are text where that says more: without a zone, unreadable,
    // or finer than a microsecond.
    "CREATE TABLE backup (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        service_id TEXT,
        service_name TEXT,
        backup_type TEXT,
        method TEXT,
        server_pod TEXT,
        cloud_provider TEXT,
        status TEXT,
        start_time ANY,
        end_time ANY,
        point_in_time ANY,
        reference_full_backup TEXT,
        binlog_file TEXT,
        binlog_position TEXT,
        binlog_gtid_position TEXT,
        disk_size TEXT,
        disk_size_bytes INTEGER,
        storage_bytes INTEGER,
        is_external_storage INTEGER,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        gone_at INTEGER
    ) STRICT;
    CREATE INDEX backup_listed ON backup (seq) WHERE gone_at IS NULL;
    CREATE TABLE schedule (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        service_id TEXT,
        service_name TEXT,
        backup_type TEXT,
        recurrence TEXT,
        status TEXT,
        suspended INTEGER,
        cloud_provider TEXT,
        created_at ANY,
        updated_at ANY,
        scheduled_at ANY,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        gone_at INTEGER
    ) STRICT;
    CREATE INDEX schedule_listed ON schedule (seq) WHERE gone_at IS NULL;
    CREATE TABLE schedule_version (
        seq INTEGER PRIMARY KEY,
        schedule_id TEXT NOT NULL,
        since INTEGER NOT NULL,
        backup_type TEXT,
        recurrence TEXT,
        suspended INTEGER
    ) STRICT;
    CREATE INDEX schedule_version_of ON schedule_version (schedule_id, seq);
    CREATE TABLE poll (
        seq INTEGER PRIMARY KEY,
        list TEXT NOT NULL,
        began_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        row_count INTEGER NOT NULL,
        filter TEXT,
        is_complete INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX poll_of ON poll (list, ended_at);",
    // The changes that were sent from this computer.
    "CREATE TABLE change (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        schedule_id TEXT,
        service_id TEXT,
        service_name TEXT,
        backup_type TEXT,
        recurrence TEXT,
        suspended INTEGER,
        new_backup_type TEXT,
        new_recurrence TEXT,
        new_suspended INTEGER
    ) STRICT;",
    // The restores, and what was asked of them.
    "CREATE TABLE restore (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        service_id TEXT,
        service_name TEXT,
        source_id TEXT,
        restore_type TEXT,
        status TEXT,
        created_at ANY,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        gone_at INTEGER
    ) STRICT;
    CREATE INDEX restore_listed ON restore (seq) WHERE gone_at IS NULL;
    ALTER TABLE change ADD COLUMN restore_id TEXT;
    ALTER TABLE change ADD COLUMN source_id TEXT;
    ALTER TABLE change ADD COLUMN moment INTEGER;",
];

/// The version this build writes.
pub(super) const VERSION: usize = MIGRATIONS.len();

/// Brings the tables of an open file to this version. Reads first: the first read tells whether the file can be used at all.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), LedgerError> {
    if version(connection)? == VERSION {
        return Ok(());
    }
    // Another window may have done it meanwhile, so it is looked at again with the right to write.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in MIGRATIONS.iter().skip(version(&transaction)?) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", i64::try_from(VERSION).unwrap_or_default())?;
    Ok(transaction.commit()?)
}

/// The version of the file; 0 for an empty one.
fn version(connection: &Connection) -> Result<usize, LedgerError> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let version = usize::try_from(number("user_version")?).unwrap_or(usize::MAX);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && number("application_id")? != APPLICATION_ID {
        return Err(LedgerError::Damaged(std::io::Error::other("it is the database of another program").into()));
    }
    if version > VERSION { Err(LedgerError::Newer) } else { Ok(version) }
}
