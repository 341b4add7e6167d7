//! The search for traces of secrets: in bytes, in files, in what is packed into them, and in the memory of a process; in every form
//! that can carry a text, and also in parts. Made apart from the app's own mask, so that both cannot be wrong together. `scripts/scan` uses it through
//! `tests/traces.rs`.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Cursor, Read as _};
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use zip::ZipArchive;

/// This number of bytes of a form in a row is a trace.
const RUN: usize = 16;
/// Any run of 16 bytes holds a whole block of 6 that begins at a multiple of 11.
const BLOCK: usize = 6;
const STEP: usize = 11;
/// How a ZIP file begins, and so a workbook.
const ZIP: &[u8] = b"PK\x03\x04";
/// Memory is read in pieces that overlap by more than the longest form.
#[cfg(target_os = "linux")]
const CHUNK: usize = 32 << 20;
#[cfg(target_os = "linux")]
const OVERLAP: usize = 4096;

/// The forms of a text, by name.
pub(crate) fn forms(text: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = text.as_bytes();
    let each = |between: &str, text: fn(u8) -> String| bytes.iter().map(|b| text(*b)).collect::<Vec<_>>().join(between);
    let percent = |byte: u8| format!("%{byte:02X}");
    let mut forms: Vec<(String, Vec<u8>)> = vec![
        ("raw".to_owned(), bytes.to_vec()),
        ("utf-16".to_owned(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("hex".to_owned(), each("", |b| format!("{b:02x}")).into_bytes()),
        ("HEX".to_owned(), each("", |b| format!("{b:02X}")).into_bytes()),
        ("percent".to_owned(), each("", percent).into_bytes()),
        ("decimals".to_owned(), each(", ", |b| b.to_string()).into_bytes()),
        ("decimals, close".to_owned(), each(",", |b| b.to_string()).into_bytes()),
        ("decimals, apart".to_owned(), each(" ", |b| b.to_string()).into_bytes()),
    ];
    let of_an_address = each("", |b| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    });
    forms.push(("percent, of an address".to_owned(), of_an_address.into_bytes()));
    for offset in 0..3 {
        let whole = [vec![0; offset], bytes.to_vec()].concat();
        for (name, engine) in [("base64", STANDARD), ("base64url", URL_SAFE)] {
            let digits = engine.encode(&whole).into_bytes();
            // Only the digits that no neighbour has a part in; of an empty text there are none.
            let own = digits.get((offset * 8).div_ceil(6)..whole.len() * 8 / 6).unwrap_or_default();
            forms.push((format!("{name} at {offset}"), own.to_vec()));
        }
    }
    forms
}

/// A run of bytes of a secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trace {
    /// The name of the secret.
    pub(crate) secret: String,
    pub(crate) form: String,
    /// Where the run begins: an offset, or an address.
    pub(crate) at: usize,
}

/// A search for some secrets.
pub(crate) struct Search {
    /// Name of the secret, name of the form, bytes.
    forms: Vec<(String, String, Vec<u8>)>,
    blocks: AhoCorasick,
    /// For each block the forms it is from, and its place there.
    origins: Vec<Vec<(usize, usize)>>,
}

impl Search {
    /// A search for secrets of at least 16 bytes, given as name and text.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut all = Vec::new();
        for (secret, text) in secrets {
            assert!(text.len() >= RUN, "{secret} is too short to be looked for");
            all.extend(forms(text).into_iter().map(|(form, bytes)| (secret.to_owned(), form, bytes)));
        }
        let mut places: HashMap<&[u8], Vec<(usize, usize)>> = HashMap::new();
        for (form, (_, _, bytes)) in all.iter().enumerate() {
            for (number, block) in bytes.windows(BLOCK).step_by(STEP).enumerate() {
                places.entry(block).or_default().push((form, number * STEP));
            }
        }
        let (blocks, origins): (Vec<&[u8]>, Vec<_>) = places.into_iter().unzip();
        let blocks = AhoCorasick::new(blocks).unwrap();
        Self { forms: all, blocks, origins }
    }

    /// The traces in these bytes, in order and each once.
    pub(crate) fn traces(&self, bytes: &[u8]) -> Vec<Trace> {
        let mut found = Vec::new();
        for block in self.blocks.find_overlapping_iter(bytes) {
            for (form, offset) in &self.origins[block.pattern()] {
                let (secret, name, whole) = &self.forms[*form];
                let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
                let (here, there) = (bytes.split_at(block.start()), whole.split_at(*offset));
                let before = here.0.iter().rev().zip(there.0.iter().rev()).take_while(same).count();
                let from_here = here.1.iter().zip(there.1).take_while(same).count();
                if before + from_here >= RUN {
                    found.push(Trace { secret: secret.clone(), form: name.clone(), at: block.start() - before });
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// The traces in the bytes of a file; of an archive also those in the names and bytes of its entries, archives among them too.
    /// Their offsets are those in the unpacked bytes.
    pub(crate) fn in_file(&self, bytes: &[u8]) -> io::Result<Vec<Trace>> {
        let mut found = self.traces(bytes);
        if bytes.starts_with(ZIP) {
            let mut archive = ZipArchive::new(Cursor::new(bytes))?;
            for index in 0..archive.len() {
                let mut entry = archive.by_index(index)?;
                found.extend(self.traces(entry.name_raw()));
                let mut unpacked = Vec::new();
                entry.read_to_end(&mut unpacked)?;
                found.extend(self.in_file(&unpacked)?);
            }
        }
        Ok(found)
    }

    /// The traces in the names and in the files ([`Self::in_file`]) of everything below a folder, and the number of files that were read. Links are not
    /// followed.
    pub(crate) fn in_folder(&self, folder: &Path) -> io::Result<(Vec<(PathBuf, Trace)>, usize)> {
        let (mut folders, mut found, mut count) = (vec![folder.to_owned()], Vec::new(), 0);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let (path, kind) = (entry.path(), entry.file_type()?);
                let mut traces = self.traces(entry.file_name().as_encoded_bytes());
                if kind.is_dir() {
                    folders.push(path.clone());
                } else if kind.is_file() {
                    count += 1;
                    traces.extend(self.in_file(&fs::read(&path)?)?);
                }
                found.extend(traces.into_iter().map(|trace| (path.clone(), trace)));
            }
        }
        Ok((found, count))
    }

    /// The traces in all readable memory of a process, and the number of bytes that were read.
    #[cfg(target_os = "linux")]
    pub(crate) fn in_memory(&self, process: u32) -> io::Result<(Vec<Trace>, usize)> {
        use std::os::unix::fs::FileExt as _;
        let memory = fs::File::open(format!("/proc/{process}/mem"))?;
        let maps = String::from_utf8_lossy(&fs::read(format!("/proc/{process}/maps"))?).into_owned();
        let (mut found, mut count) = (Vec::new(), 0);
        let mut buffer = vec![0; CHUNK + OVERLAP];
        for line in maps.lines() {
            let (Some((area, rest)), of_the_kernel) = (line.split_once(' '), line.contains("[v")) else { continue };
            let Some((start, end)) = area.split_once('-').filter(|_| rest.starts_with('r') && !of_the_kernel) else {
                continue;
            };
            let address = |text| usize::from_str_radix(text, 16).map_err(io::Error::other);
            let (start, end) = (address(start)?, address(end)?);
            for chunk in (start..end).step_by(CHUNK) {
                let length = buffer.len().min(end - chunk);
                // Memory of a device, where nothing of a program is written, cannot be read.
                let Ok(length) = memory.read_at(&mut buffer[..length], chunk as u64) else { continue };
                count += length;
                found.extend(self.traces(&buffer[..length]).into_iter().map(|t| Trace { at: chunk + t.at, ..t }));
            }
        }
        found.sort();
        found.dedup();
        Ok((found, count))
    }
}
