//! `docs/dependencies.md` and the crate of the fuzz targets, held against `Cargo.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::layering::CRATES;

fn text(place: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(place)).unwrap()
}

/// Every crate a manifest names, for any system, and what is asked of it. With `kinds`, which of its tables count.
fn dependencies(manifest: &str, kinds: &[&str]) -> BTreeMap<String, Value> {
    let manifest: Table = text(manifest).parse().unwrap();
    let systems = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let tables = systems.filter_map(|(_, system)| system.as_table()).chain([&manifest]);
    let named = tables.flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()).flatten());
    named.map(|(name, wish)| (name.clone(), wish.clone())).collect()
}

/// The rows of the tables of crates: name, why, used by, licence, in its place.
fn listed() -> Vec<[String; 5]> {
    let rows = text("docs/dependencies.md");
    let cells =
        |line: &str| -> Vec<String> { line.trim_matches('|').split('|').map(|cell| cell.trim().into()).collect() };
    rows.lines().filter(|line| line.starts_with("| `")).filter_map(|line| cells(line).try_into().ok()).collect()
}

#[test]
fn the_list_of_dependencies_is_complete_and_says_who_uses_each() {
    let asked = dependencies("Cargo.toml", &["dependencies", "dev-dependencies", "build-dependencies"]);
    let for_builds = dependencies("Cargo.toml", &["build-dependencies"]);
    let rows = listed();
    let mut names: Vec<&str> = rows.iter().map(|[name, ..]| name.trim_matches('`')).collect();
    names.sort_unstable();
    assert_eq!(names, asked.keys().collect::<Vec<_>>(), "left: docs/dependencies.md, right: Cargo.toml");
    for row in &rows {
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        let crate_name = row[0].trim_matches('`').replace('-', "_");
        let owners = CRATES.iter().find(|(name, _)| *name == crate_name).map(|(_, owners)| owners.join(", "));
        let elsewhere = if for_builds.contains_key(row[0].trim_matches('`')) { "build script" } else { "tests" };
        assert_eq!(row[2], owners.unwrap_or_else(|| elsewhere.to_owned()), "{}", row[0]);
    }
}

#[test]
fn the_fuzz_targets_are_built_from_the_same_crates() {
    let ours = dependencies("Cargo.toml", &["dependencies", "dev-dependencies"]);
    let theirs = dependencies("tests/fuzz/Cargo.toml", &["dependencies", "dev-dependencies"]);
    for (name, wish) in theirs.iter().filter(|(name, _)| *name != "libfuzzer-sys") {
        assert_eq!(ours.get(name), Some(wish), "{name}");
    }
    // Modules that are used as a whole need all of their crates.
    let theirs: BTreeSet<String> = theirs.keys().map(|name| name.replace('-', "_")).collect();
    for (name, owners) in CRATES {
        let is_needed = ["domain", "cron", "secrets", "grid", "export"].iter().any(|module| owners.contains(module));
        assert!(!is_needed || theirs.contains(*name), "tests/fuzz/Cargo.toml lacks {name}");
    }
}
