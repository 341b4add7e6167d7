//! Every way in which a text can carry a secret, and the search for it. Made apart from the app's own mask, so that both cannot be
//! wrong together.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// This number of bytes of a form in a row is a trace.
const RUN: usize = 16;

/// The forms of a secret, by name.
pub(crate) fn forms(secret: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let each = |between: &str, text: fn(u8) -> String| bytes.iter().map(|b| text(*b)).collect::<Vec<_>>().join(between);
    let mut forms: Vec<(String, Vec<u8>)> = vec![
        ("raw".to_owned(), bytes.to_vec()),
        ("utf-16".to_owned(), secret.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("hex".to_owned(), each("", |b| format!("{b:02x}")).into_bytes()),
        ("HEX".to_owned(), each("", |b| format!("{b:02X}")).into_bytes()),
        ("percent".to_owned(), each("", |b| format!("%{b:02X}")).into_bytes()),
        ("decimals".to_owned(), each(", ", |b| b.to_string()).into_bytes()),
    ];
    for offset in 0..3 {
        let whole = [vec![0; offset], bytes.to_vec()].concat();
        for (name, engine) in [("base64", STANDARD), ("base64url", URL_SAFE)] {
            let digits = engine.encode(&whole).into_bytes();
            // Only the digits that no neighbour has a part in.
            forms.push((format!("{name} at {offset}"), digits[(offset * 8).div_ceil(6)..whole.len() * 8 / 6].to_vec()));
        }
    }
    forms
}

/// The names of the forms of which a run is in these bytes.
pub(crate) fn traces(secret: &str, search_index: &[u8]) -> Vec<String> {
    let is_there = |form: &[u8]| {
        let mut runs = form.windows(RUN);
        runs.any(|run| memchr::memmem::find(search_index, run).is_some())
    };
    forms(secret).into_iter().filter(|(_, form)| is_there(form)).map(|(name, _)| name).collect()
}

/// The files below a folder in which there is a trace of the secret, with its forms; and how many files were looked into.
pub(crate) fn traces_below(secret: &str, folder: &std::path::Path) -> (Vec<(std::path::PathBuf, Vec<String>)>, usize) {
    let (mut folders, mut found, mut count) = (vec![folder.to_owned()], Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                count += 1;
                let traces = traces(secret, &std::fs::read(&path).unwrap());
                if !traces.is_empty() {
                    found.push((path, traces));
                }
            }
        }
    }
    (found, count)
}
