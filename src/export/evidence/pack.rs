//! The ZIP file, written from front to back, and the checksum of each of its files.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::super::ExportError;

/// A pack under way.
pub(super) struct Pack<'a> {
    zip: ZipWriter<StreamWriter<&'a mut (dyn Write + Send)>>,
    options: SimpleFileOptions,
    path: &'a Path,
    /// All files are in it.
    folder: String,
    cancelled: &'a AtomicBool,
    /// As `sha256sum` writes and checks them.
    checksums: String,
}

impl<'a> Pack<'a> {
    pub(super) fn new(
        path: &'a Path,
        folder: &str,
        now: Timestamp,
        out: &'a mut (dyn Write + Send),
        cancelled: &'a AtomicBool,
    ) -> Self {
        let time = jiff::tz::TimeZone::UTC.to_datetime(now);
        let part = |number: i8| u8::try_from(number).unwrap_or_default();
        let modified = zip::DateTime::from_date_and_time(
            u16::try_from(time.year()).unwrap_or_default(),
            part(time.month()),
            part(time.day()),
            part(time.hour()),
            part(time.minute()),
            part(time.second()),
        );
        // A ZIP file knows no time before 1980.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .unix_permissions(0o644)
            .last_modified_time(modified.unwrap_or_default());
        let zip = ZipWriter::new_stream(out);
        Self { zip, options, path, folder: folder.to_owned(), cancelled, checksums: String::new() }
    }

    /// Adds a file.
    pub(super) fn add(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(ExportError::Cancelled);
        }
        self.begin(name)?;
        let mut out = Hashing { out: &mut self.zip, hash: Sha256::new() };
        write(&mut out)?;
        for byte in out.hash.finalize() {
            // A text takes whatever is written to it.
            let _ = write!(self.checksums, "{byte:02x}");
        }
        self.checksums.extend(["  ", name, "\n"]);
        Ok(())
    }

    pub(super) fn add_text(&mut self, name: &str, text: &str) -> Result<(), ExportError> {
        let path = self.path;
        self.add(name, |out| out.write_all(text.as_bytes()).map_err(|error| ExportError::from_io(&error, path)))
    }

    /// Adds the checksums and ends the file.
    pub(super) fn finish(mut self) -> Result<(), ExportError> {
        self.begin("SHA256SUMS")?;
        let written = self.zip.write_all(self.checksums.as_bytes());
        written.map_err(|error| ExportError::from_io(&error, self.path))?;
        let path = self.path;
        self.zip.finish().map(drop).map_err(|error| ExportError::from_io(&error.into(), path))
    }

    fn begin(&mut self, name: &str) -> Result<(), ExportError> {
        let begun = self.zip.start_file(format!("{}/{name}", self.folder), self.options);
        begun.map_err(|error| ExportError::from_io(&error.into(), self.path))
    }
}

/// Hashes what passes through.
struct Hashing<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
