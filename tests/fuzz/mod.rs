//! The corpus of the fuzz targets, replayed by the very functions the targets call.

pub(crate) mod properties;

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use properties::{csv_cell, date_text, error_body, list_page};

/// Largest corpus of all targets together, in bytes: it is read at every run of the tests.
const LARGEST_CORPUS: usize = 200_000;

/// Panics where a promise is broken.
type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 4] = [
    ("list_page", list_page::check),
    ("error_body", error_body::check),
    ("date_text", date_text::check),
    ("csv_cell", csv_cell::check),
];

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn what_must_hold_for_any_bytes_holds_for_the_corpus() {
    for (target, check) in TARGETS {
        let files = corpus(target);
        assert!(files.len() >= 10, "{target} has only {} files", files.len());
        for (path, bytes) in files {
            assert!(catch_unwind(|| check(&bytes)).is_ok(), "{}", path.display());
        }
    }
}

#[test]
fn the_corpus_is_small() {
    let bytes: usize = TARGETS.iter().flat_map(|(target, _)| corpus(target)).map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes <= LARGEST_CORPUS, "{bytes} bytes");
}
