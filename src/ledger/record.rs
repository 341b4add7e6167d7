//! How backups, schedules and restores are rows.

use jiff::Timestamp;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Row, Statement};

use crate::domain::{
    ApiTime, Backup, BackupId, BackupType, PolledList, Recurrence, Restore, RestoreId, Schedule, ScheduleId, ServiceId,
    Status, Text,
};

/// What a table of the ledger keeps: the id and fixed columns. Labels, messages, buckets and fields this app does not know are left out,
/// as nobody knows what a service writes there.
pub trait LedgerRow: Sized {
    /// The list it comes from.
    const LIST: PolledList;
    /// Its table.
    const TABLE: &'static str;
    /// Its columns behind the id.
    const COLUMNS: &'static [&'static str];
    /// The API's id; empty where it gave none.
    fn record_id(&self) -> &str;
    /// Binds the id and the columns, from the first parameter on.
    fn bind(&self, statement: &mut Statement<'_>) -> rusqlite::Result<()>;
    /// Reads what [`LedgerRow::bind`] wrote, from the first column of the row on.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self>;
}

impl LedgerRow for Backup {
    const LIST: PolledList = PolledList::Backups;
    const TABLE: &'static str = "backup";
    const COLUMNS: &'static [&'static str] = &[
        "service_id",
        "service_name",
        "backup_type",
        "method",
        "server_pod",
        "cloud_provider",
        "status",
        "start_time",
        "end_time",
        "point_in_time",
        "reference_full_backup",
        "binlog_file",
        "binlog_position",
        "binlog_gtid_position",
        "disk_size",
        "disk_size_bytes",
        "storage_bytes",
        "is_external_storage",
    ];

    fn record_id(&self) -> &str {
        self.id.as_str()
    }

    fn bind(&self, statement: &mut Statement<'_>) -> rusqlite::Result<()> {
        let mut writer = Writer { statement, column: 0 };
        writer.text(Some(self.id.as_str()))?;
        writer.text(self.service_id.as_ref().map(ServiceId::as_str))?;
        writer.text(self.service_name.as_deref())?;
        writer.text(self.backup_type.as_ref().map(BackupType::as_api_str))?;
        writer.text(self.method.as_deref())?;
        writer.text(self.server_pod.as_deref())?;
        writer.text(self.cloud_provider.as_deref())?;
        writer.text(self.status.as_ref().map(Status::as_str))?;
        writer.time(self.start_time.as_ref())?;
        writer.time(self.end_time.as_ref())?;
        writer.time(self.point_in_time.as_ref())?;
        writer.text(self.reference_full_backup.as_deref())?;
        writer.text(self.binlog_file.as_deref())?;
        writer.text(self.binlog_position.as_deref())?;
        writer.text(self.binlog_gtid_position.as_deref())?;
        writer.text(self.disk_size.as_deref())?;
        writer.bytes(self.disk_size_bytes)?;
        writer.bytes(self.storage_bytes)?;
        writer.flag(self.is_external_storage)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let mut reader = Reader { row, column: 0 };
        Ok(Self {
            id: BackupId::new(reader.text()?.unwrap_or_default()),
            service_id: reader.text()?.map(ServiceId::new),
            service_name: reader.text()?.map(Text::from),
            backup_type: reader.text()?.map(BackupType::from_word),
            method: reader.text()?.map(Text::from),
            server_pod: reader.text()?.map(Text::from),
            cloud_provider: reader.text()?.map(Text::from),
            status: reader.text()?.map(Status::new),
            start_time: reader.time()?,
            end_time: reader.time()?,
            point_in_time: reader.time()?,
            reference_full_backup: reader.text()?.map(Text::from),
            binlog_file: reader.text()?.map(Text::from),
            binlog_position: reader.text()?.map(Text::from),
            binlog_gtid_position: reader.text()?.map(Text::from),
            disk_size: reader.text()?.map(Text::from),
            disk_size_bytes: reader.bytes()?,
            storage_bytes: reader.bytes()?,
            is_external_storage: reader.flag()?,
            unknown: None,
            sighting: None,
        })
    }
}

impl LedgerRow for Schedule {
    const LIST: PolledList = PolledList::Schedules;
    const TABLE: &'static str = "schedule";
    const COLUMNS: &'static [&'static str] = &[
        "service_id",
        "service_name",
        "backup_type",
        "recurrence",
        "status",
        "suspended",
        "cloud_provider",
        "created_at",
        "updated_at",
        "scheduled_at",
    ];

    fn record_id(&self) -> &str {
        self.id.as_str()
    }

    fn bind(&self, statement: &mut Statement<'_>) -> rusqlite::Result<()> {
        let mut writer = Writer { statement, column: 0 };
        writer.text(Some(self.id.as_str()))?;
        writer.text(self.service_id.as_ref().map(ServiceId::as_str))?;
        writer.text(self.service_name.as_deref())?;
        writer.text(self.backup_type.as_ref().map(BackupType::as_api_str))?;
        writer.text(self.recurrence.as_ref().map(Recurrence::as_str))?;
        writer.text(self.status.as_ref().map(Status::as_str))?;
        writer.flag(self.suspended)?;
        writer.text(self.cloud_provider.as_deref())?;
        writer.time(self.created_at.as_ref())?;
        writer.time(self.updated_at.as_ref())?;
        writer.time(self.scheduled_at.as_ref())
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let mut reader = Reader { row, column: 0 };
        Ok(Self {
            id: ScheduleId::new(reader.text()?.unwrap_or_default()),
            service_id: reader.text()?.map(ServiceId::new),
            service_name: reader.text()?.map(Text::from),
            backup_type: reader.text()?.map(BackupType::from_word),
            recurrence: reader.text()?.map(Recurrence::read),
            status: reader.text()?.map(Status::new),
            message: None,
            suspended: reader.flag()?,
            cloud_provider: reader.text()?.map(Text::from),
            created_at: reader.time()?,
            updated_at: reader.time()?,
            scheduled_at: reader.time()?,
            labels: None,
            unknown: None,
        })
    }
}

impl LedgerRow for Restore {
    const LIST: PolledList = PolledList::Restores;
    const TABLE: &'static str = "restore";
    const COLUMNS: &'static [&'static str] =
        &["service_id", "service_name", "source_id", "restore_type", "status", "created_at"];

    fn record_id(&self) -> &str {
        self.id.as_str()
    }

    fn bind(&self, statement: &mut Statement<'_>) -> rusqlite::Result<()> {
        let mut writer = Writer { statement, column: 0 };
        writer.text(Some(self.id.as_str()))?;
        writer.text(self.service_id.as_ref().map(ServiceId::as_str))?;
        writer.text(self.service_name.as_deref())?;
        writer.text(self.backup_id.as_ref().map(BackupId::as_str))?;
        writer.text(self.backup_type.as_ref().map(BackupType::as_api_str))?;
        writer.text(self.status.as_ref().map(Status::as_str))?;
        writer.time(self.created_at.as_ref())
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let mut reader = Reader { row, column: 0 };
        Ok(Self {
            id: RestoreId::new(reader.text()?.unwrap_or_default()),
            service_id: reader.text()?.map(ServiceId::new),
            service_name: reader.text()?.map(Text::from),
            backup_id: reader.text()?.map(BackupId::new),
            bucket: None,
            backup_type: reader.text()?.map(BackupType::from_word),
            status: reader.text()?.map(Status::new),
            message: None,
            created_at: reader.time()?,
            unknown: None,
            sighting: None,
        })
    }
}

/// Binds one parameter after the other.
struct Writer<'a, 'c> {
    statement: &'a mut Statement<'c>,
    column: usize,
}

impl Writer<'_, '_> {
    fn bind(&mut self, value: ToSqlOutput<'_>) -> rusqlite::Result<()> {
        self.column += 1;
        self.statement.raw_bind_parameter(self.column, value)
    }

    fn text(&mut self, text: Option<&str>) -> rusqlite::Result<()> {
        self.bind(ToSqlOutput::Borrowed(text.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()))))
    }

    fn time(&mut self, time: Option<&ApiTime>) -> rusqlite::Result<()> {
        self.bind(match time {
            None => ToSqlOutput::Borrowed(ValueRef::Null),
            Some(ApiTime::At(at)) if at.subsec_nanosecond() % 1_000 == 0 => {
                ToSqlOutput::Borrowed(ValueRef::Integer(at.as_microsecond()))
            }
            Some(ApiTime::At(at)) => ToSqlOutput::Owned(Value::Text(at.to_string())),
            // Without its zone, as the service wrote it.
            Some(ApiTime::AssumedUtc(at)) => {
                ToSqlOutput::Owned(Value::Text(at.to_string().trim_end_matches('Z').to_owned()))
            }
            Some(ApiTime::Unreadable(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }

    fn bytes(&mut self, bytes: Option<u64>) -> rusqlite::Result<()> {
        // No backup has more bytes than SQLite's largest number.
        self.integer(bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)))
    }

    fn flag(&mut self, flag: Option<bool>) -> rusqlite::Result<()> {
        self.integer(flag.map(i64::from))
    }

    fn integer(&mut self, number: Option<i64>) -> rusqlite::Result<()> {
        self.bind(ToSqlOutput::Borrowed(number.map_or(ValueRef::Null, ValueRef::Integer)))
    }
}

/// Reads one column after the other.
struct Reader<'a, 'r> {
    row: &'a Row<'r>,
    column: usize,
}

impl<'a> Reader<'a, '_> {
    fn next(&mut self) -> rusqlite::Result<ValueRef<'a>> {
        let value = self.row.get_ref(self.column)?;
        self.column += 1;
        Ok(value)
    }

    fn text(&mut self) -> rusqlite::Result<Option<&'a str>> {
        Ok(self.next()?.as_str_or_null()?)
    }

    fn time(&mut self) -> rusqlite::Result<Option<ApiTime>> {
        let column = self.column;
        self.column += 1;
        read_time(self.row, column)
    }

    fn bytes(&mut self) -> rusqlite::Result<Option<u64>> {
        Ok(self.next()?.as_i64_or_null()?.and_then(|bytes| u64::try_from(bytes).ok()))
    }

    fn flag(&mut self) -> rusqlite::Result<Option<bool>> {
        Ok(self.next()?.as_i64_or_null()?.map(|flag| flag != 0))
    }
}

/// A time as [`Writer`] writes it.
pub(super) fn read_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<ApiTime>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(micros) => {
            let out_of_range = |_| rusqlite::Error::IntegralValueOutOfRange(column, micros);
            Timestamp::from_microsecond(micros).map(|at| Some(ApiTime::At(at))).map_err(out_of_range)
        }
        other => Ok(ApiTime::read(other.as_str()?)),
    }
}
