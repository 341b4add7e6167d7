//! What the types, the lints and the text of the program hold without running it.

use std::fmt::Display;
use std::path::Path;

use skybackup::secrets::{ApiKey, KnownSecrets, SecretBuffer, StorageCredentials};
use static_assertions::assert_not_impl_any;

use super::traces;
use crate::layering::{files_below, is_tests};

const KEY: &str = "skysql.source.0123456789abcdefghijkl";

// These do not compile once a secret can be copied, printed or written.
assert_not_impl_any!(ApiKey: Clone, Copy, Display, serde::Serialize, PartialEq, AsRef<str>, Into<String>);
assert_not_impl_any!(StorageCredentials: Copy, Display, serde::Serialize, AsRef<str>, Into<String>);
assert_not_impl_any!(SecretBuffer: Copy, Display, serde::Serialize, AsRef<str>, Into<String>);

pub(super) fn the_key_cannot_be_cloned_printed_or_written() {
    let cleaned = ApiKey::clean(KEY).unwrap();
    let credentials = StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", KEY, "us-east-1").unwrap();
    let mut buffer = SecretBuffer::default();
    buffer.as_mut_string().push_str(KEY);
    let secrets = KnownSecrets::default();
    secrets.add_key(&cleaned.key);
    for text in [
        format!("{cleaned:?} {:?} {buffer:?} {credentials:?} {secrets:?}", cleaned.key),
        format!("{cleaned:#?} {:#?} {buffer:#?} {credentials:#?} {secrets:#?}", cleaned.key),
    ] {
        assert!(traces(KEY, text.as_bytes()).is_empty(), "{text}");
        assert!(traces(credentials.expose_base64(), text.as_bytes()).is_empty(), "{text}");
    }
}

pub(super) fn the_lints_forbid_what_would_show_a_key_or_trust_a_stranger() {
    let (lints, manifest) = (include_str!("../../.clippy.toml"), include_str!("../../Cargo.toml"));
    for method in [
        "connection_verbose",
        "default_headers",
        "tls_danger_accept_invalid_certs",
        "tls_danger_accept_invalid_hostnames",
        "danger_accept_invalid_certs",
        "danger_accept_invalid_hostnames",
        "tls_sslkeylogfile",
    ] {
        assert!(lints.contains(&format!("\"reqwest::ClientBuilder::{method}\"")), "{method}");
    }
    let reqwest = manifest.lines().find(|line| line.starts_with("reqwest")).unwrap();
    assert!(!reqwest.contains("cookies"), "{reqwest}");
    assert!(manifest.contains("unsafe_code = \"forbid\"") && manifest.contains("panic = \"unwind\""));
}

/// What the program prints with its insides: words of its own, what was typed on the command line, and why there is no window.
const PRINTED_WITH_INSIDES: [(&str, &str); 5] = [
    ("model/table.rs", "by.direction"),
    ("start/options.rs", "--demo-backups takes a number"),
    ("start/options.rs", "--renderer takes"),
    ("start/window.rs", "no window: {failure:?}"),
    ("ui/about.rs", "open.source"),
];

/// True where a line prints a value with its insides: `{:?}` in a text, `?name` in a line of the log.
fn prints_insides(line: &str) -> bool {
    let in_log = |pair: &[u8; 3]| b"( ,=".contains(&pair[0]) && pair[1] == b'?' && pair[2].is_ascii_lowercase();
    line.contains(":?}") || line.contains(":#?}") || line.as_bytes().array_windows().any(in_log)
}

/// The insides of an error of a library may be the secret it was about: the bytes of a key, a whole request.
pub(super) fn no_foreign_error_is_printed_with_its_insides() {
    assert!(
        prints_insides("warn!(?error, \"no\")") && prints_insides("info!(why = ?cause)") && !prints_insides("read()?;")
    );
    let mut files = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    assert!(files.len() > 100, "{}", files.len());
    let mut found = Vec::new();
    for (place, text) in files.iter().filter(|(place, _)| !place.contains("/tests/") && !is_tests(place)) {
        let ends = ["#[cfg(test)]\nmod tests {", "#[cfg(test)]\npub(super) mod tests {"];
        let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
        let program = &text[..end];
        let lines = program.lines().filter(|line| !line.trim_start().starts_with("//"));
        found.extend(lines.filter(|line| prints_insides(line)).map(|line| (place.as_str(), line.trim())));
    }
    let is_known = |(place, line): &(&str, &str), known: &(&str, &str)| *place == known.0 && line.contains(known.1);
    found.retain(|printed| !PRINTED_WITH_INSIDES.iter().any(|known| is_known(printed, known)));
    assert!(found.is_empty(), "{found:#?}");
}

pub(super) fn every_dependency_is_locked_with_its_checksum() {
    let lock: toml::Value = toml::from_str(include_str!("../../Cargo.lock")).unwrap();
    let packages = lock["package"].as_array().unwrap();
    assert!(packages.len() > 300, "{}", packages.len());
    for package in packages.iter().filter(|package| package["name"].as_str() != Some("skybackup")) {
        let source = package.get("source").and_then(toml::Value::as_str);
        assert_eq!(source, Some("registry+https://github.com/rust-lang/crates.io-index"), "{package}");
        assert_eq!(package["checksum"].as_str().unwrap().len(), 64, "{package}");
    }
    let script = include_str!("../../scripts/test");
    for command in script.lines().filter(|line| line.contains("cargo build") || line.contains("cargo test")) {
        assert!(command.contains("--locked"), "{command}");
    }
}
