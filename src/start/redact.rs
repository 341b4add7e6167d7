//! The second net under the log: every secret in use, and what looks like a key, is masked before it reaches the file.

use std::borrow::Cow;
use std::io::{self, Write};

use tracing_subscriber::fmt::MakeWriter;

use crate::secrets::KnownSecrets;

/// How every key of the service begins.
const START: &[u8] = b"skysql.";
/// A shorter run is a word of ours or a host name.
const SHORTEST: usize = 20;
const MASK: &[u8] = b"skysql.(redacted)";

/// The bytes with every token that looks like a key masked.
pub(super) fn redact(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut masked: Option<Vec<u8>> = None;
    let mut copied_to = 0;
    for (start, _) in bytes.windows(START.len()).enumerate().filter(|(_, window)| *window == START) {
        if start < copied_to {
            continue;
        }
        let (before, from_start) = bytes.split_at(start);
        let is_inside_a_name = before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(byte));
        let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-~+=".contains(byte);
        let length = from_start.iter().position(|byte| !is_token(byte)).unwrap_or(from_start.len());
        if is_inside_a_name || length < SHORTEST {
            continue;
        }
        let masked = masked.get_or_insert_default();
        masked.extend_from_slice(before.get(copied_to..).unwrap_or_default());
        masked.extend_from_slice(MASK);
        copied_to = start + length;
    }
    match masked {
        None => Cow::Borrowed(bytes),
        Some(mut masked) => {
            masked.extend_from_slice(bytes.get(copied_to..).unwrap_or_default());
            Cow::Owned(masked)
        }
    }
}

/// Makes writers that mask. The formatter writes each line whole, so no key is torn over two writes.
#[derive(Clone)]
pub(super) struct Redacting<M>(pub(super) M, pub(super) KnownSecrets);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Redacting<M> {
    type Writer = RedactingWriter<'a, M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactingWriter(self.0.make_writer(), &self.1)
    }
}

pub(super) struct RedactingWriter<'a, W>(W, &'a KnownSecrets);

impl<W: Write> Write for RedactingWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(&redact(&self.1.mask(bytes)))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_masked_and_nothing_else() {
        let key = "skysql.1zzz.abcDEF-_012345678.9";
        let masked = "skysql.(redacted)";
        for (text, expected) in [
            (format!("key={key} sent"), format!("key={masked} sent")),
            (format!("{key}{key}"), masked.to_owned()),
            (format!("\"{key}\",\"{key}\""), format!("\"{masked}\",\"{masked}\"")),
            (key.to_owned(), masked.to_owned()),
            (format!("ä {key}\n"), format!("ä {masked}\n")),
            (
                "https://api.skysql.com/skybackup/v1/backups".to_owned(),
                "https://api.skysql.com/skybackup/v1/backups".to_owned(),
            ),
            ("db.abc.skysql.mariadb.com.example.org".to_owned(), "db.abc.skysql.mariadb.com.example.org".to_owned()),
            ("skysql. is short".to_owned(), "skysql. is short".to_owned()),
            (String::new(), String::new()),
        ] {
            let found = redact(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&found), expected);
        }
    }

    #[test]
    fn the_writer_counts_what_it_was_given() {
        let secrets = KnownSecrets::default();
        let mut out = RedactingWriter(Vec::new(), &secrets);
        let text = b"skysql.aaaaaaaaaaaaaaaaaaaaaaaaaaaa\n";
        assert_eq!(out.write(text).unwrap(), text.len());
        assert_eq!(out.0, b"skysql.(redacted)\n");
    }
}
