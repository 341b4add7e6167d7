//! Why the ledger cannot be read or written.

use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Displays as one sentence without its full stop.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The folder or the file may only be read.
    #[error("its folder cannot be written to")]
    ReadOnly(#[source] LedgerSource),
    /// There is no space left. Nothing is lost but what was being written.
    #[error("the disk is full")]
    Full(#[source] LedgerSource),
    /// Another program held the file for longer than the ledger waits.
    #[error("another program is using it, or its file system has no locks")]
    Busy(#[source] LedgerSource),
    /// Its file system cannot share memory between programs, as a write-ahead log needs.
    #[error("its folder is on a file system that programs cannot share")]
    NoSharedMemory(#[source] LedgerSource),
    /// It is not a database, or not a whole one.
    #[error("the file is damaged")]
    Damaged(#[source] LedgerSource),
    /// A newer version of the program made the file, which is left alone.
    #[error("a newer version of SkyBackup wrote it")]
    Newer,
    /// The file is another user's, or no file.
    #[error("the file does not belong to this user")]
    NotOurs,
    /// Anything else.
    #[error("{0}")]
    Other(#[source] LedgerSource),
}

/// What SQLite or the system said.
#[derive(Debug, thiserror::Error)]
pub enum LedgerSource {
    /// SQLite.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match &error {
            rusqlite::Error::SqliteFailure(code, _) => kind_of(*code),
            // A file that was made by something else: a column is missing or holds what it cannot.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged,
            _ => Self::Other,
        };
        kind(error.into())
    }
}

/// Judged by the code alone: a folder that is read only and a full disk are no damage, although even a read fails there.
fn kind_of(error: ffi::Error) -> fn(LedgerSource) -> LedgerError {
    match (error.code, error.extended_code) {
        // With the last of these a table or column is missing.
        (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) | (ErrorCode::Unknown, ffi::SQLITE_ERROR) => {
            LedgerError::Damaged
        }
        (ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied, _) => LedgerError::ReadOnly,
        // The index of the write-ahead log cannot be made larger.
        (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => LedgerError::Full,
        (_, ffi::SQLITE_IOERR_SHMMAP | ffi::SQLITE_IOERR_SHMOPEN) => LedgerError::NoSharedMemory,
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => LedgerError::Busy,
        _ => LedgerError::Other,
    }
}

impl From<std::io::Error> for LedgerError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let kind = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotADirectory => Self::ReadOnly,
            _ => Self::Other,
        };
        kind(error.into())
    }
}
