//! The layers of the crate: who may import whom, which module owns which crate, and how long files and functions may be.
//!
//! Fails when a file under `src` names a module or a crate that its own module may not know, reads a hidden clock in a pure
//! module, or outgrows the caps. The tables below are the rule; change them only together with the architecture.

mod circles;
mod source;

use std::fs;
use std::path::Path;

use source::{NamedPath, Source, read};

/// Lines of one file, not counting its `#[cfg(test)]` items.
const MAX_FILE_LINES: usize = 500;
/// Lines of one drawing function, from `fn` to the closing brace.
const MAX_DRAWING_LINES: usize = 60;

/// What a module may import from the others: a whole module, or single items of it (`grid::Layout`).
struct ModuleRule {
    name: &'static str,
    may_use: &'static [&'static str],
    /// Items that stay forbidden although their module is open.
    except: &'static [&'static str],
}

const fn module(name: &'static str, may_use: &'static [&'static str], except: &'static [&'static str]) -> ModuleRule {
    ModuleRule { name, may_use, except }
}

/// Things that do work; modules that only describe commands and state must not hold them.
const WORKERS: &[&str] = &[
    "api::Client",
    "api::newest_version",
    "settings::Keyring",
    "settings::read",
    "settings::write",
    "export::write_file",
    "export::write_csv_to",
    "export::write_evidence",
    "demo::Demo",
    "journal::Journal",
    "notify::Notifier",
];

const MODULES: &[ModuleRule] = &[
    module("domain", &[], &[]),
    module("rows", &["domain"], &[]),
    module("cron", &["domain"], &[]),
    module("secrets", &["domain"], &[]),
    module("draft", &["domain", "cron", "secrets"], &[]),
    module("grid", &["domain", "cron", "rows"], &[]),
    module("insight", &["domain", "cron", "rows"], &[]),
    module(
        "api",
        &[
            "domain",
            "rows",
            "secrets",
            "draft::NewSchedule",
            "draft::SchedulePatch",
            "draft::RestoreRequest",
            "draft::RestoreSource",
            "draft::BucketSource",
        ],
        &[],
    ),
    module("files", &[], &[]),
    module("export", &["domain", "rows", "grid", "files"], &[]),
    module(
        "settings",
        &[
            "domain",
            "secrets",
            "files",
            "grid::Filter",
            "grid::Layout",
            "grid::Period",
            "grid::RowSource",
            "grid::Span",
            "export::CsvPreset",
            "export::FileFormat",
            "insight::Targets",
            "insight::ToldFindings",
        ],
        &[],
    ),
    module("journal", &["domain", "draft::NewSchedule", "draft::SchedulePatch", "draft::RestoreRequest", "files"], &[]),
    module("ledger", &["domain", "files"], &[]),
    module("notify", &[], &[]),
    module(
        "msg",
        &[
            "domain", "cron", "secrets", "draft", "rows", "grid", "insight", "api", "settings", "export", "journal",
            "notify",
        ],
        WORKERS,
    ),
    module(
        "model",
        &[
            "domain", "cron", "secrets", "draft", "rows", "grid", "insight", "msg", "api", "settings", "export",
            "journal", "notify",
        ],
        WORKERS,
    ),
    module(
        "backend",
        &[
            "domain", "cron", "secrets", "draft", "rows", "grid", "insight", "msg", "api", "settings", "export",
            "journal", "ledger", "notify", "demo",
        ],
        &[],
    ),
    module("demo", &[], &[]),
    module("theme", &[], &[]),
    module(
        "widgets",
        &[
            "theme",
            "rows",
            "grid",
            "domain::Zone",
            "domain::SeenState",
            "domain::StatusKind",
            "domain::format_count",
            "domain::sanitize_lines",
            "domain::sanitize_for_display",
            "domain::shorten_middle",
        ],
        &[],
    ),
    module("ui", SCREENS_READ, WORKERS),
    module("app", EVERY_MODULE, &[]),
    module("start", &["app", "domain", "files", "notify::NotificationService", "secrets", "settings"], &[]),
    module("main", &["start"], &[]),
];

/// Screens read the model's state, which holds plain results of the API: errors, records, what was asked for.
const SCREENS_READ: &[&str] = &[
    "model",
    "msg",
    "widgets",
    "theme",
    "domain",
    "cron",
    "secrets",
    "draft",
    "rows",
    "grid",
    "insight",
    "settings",
    "export::CsvPreset",
    "export::EVIDENCE_ENDING",
    "export::EvidenceOptions",
    "export::ExportColumns",
    "export::ExportRows",
    "export::FileFormat",
    "export::Standing",
    "export::with_ending_of",
    "api::ApiError",
    "api::ErrorKind",
    "api::BackupQuery",
    "api::Completeness",
    "api::Order",
    "api::RequestPreview",
    "api::Shell",
    "api::RequestRecord",
];

/// `app` is the glue: it knows every module below it, and only `start` knows it.
const EVERY_MODULE: &[&str] = &[
    "domain", "cron", "secrets", "draft", "rows", "grid", "insight", "api", "export", "settings", "journal", "msg",
    "model", "backend", "demo", "notify", "theme", "widgets", "ui",
];

/// Who may name which crate. Every dependency of `Cargo.toml` is listed here, and no other crate.
pub(crate) const CRATES: &[(&str, &[&str])] = &[
    ("axum", &["demo"]),
    ("base64", &["secrets", "demo"]),
    ("compact_str", &["domain", "grid", "api", "export"]),
    ("directories", &["settings", "start"]),
    ("eframe", &["app", "start"]),
    ("egui", DRAWING),
    ("egui_extras", DRAWING),
    ("fastrand", &["api", "backend"]),
    ("fs4", &["export"]),
    ("httpdate", &["api"]),
    (
        "jiff",
        &[
            "domain", "cron", "draft", "rows", "grid", "insight", "api", "export", "settings", "journal", "ledger",
            "msg", "model", "backend", "demo", "widgets", "ui", "app", "start",
        ],
    ),
    ("itoa", &["domain"]),
    ("keyring", &["settings"]),
    ("keyring_core", &["settings"]),
    ("zbus", &["app", "notify"]),
    ("zbus_secret_service_keyring_store", &["settings"]),
    ("windows_native_keyring_store", &["settings"]),
    ("apple_native_keyring_store", &["settings"]),
    ("lexopt", &["start"]),
    ("log", &["start"]),
    ("memchr", &["grid"]),
    ("notify_rust", &["notify"]),
    ("open", &["app"]),
    ("percent_encoding", &["secrets", "api", "app"]),
    ("poll_promise", &["backend"]),
    ("rayon", &["grid", "insight", "export"]),
    ("reqwest", &["api"]),
    ("rfd", &["app", "start"]),
    ("rust_xlsxwriter", &["export"]),
    ("rustc_hash", &["rows", "grid", "insight"]),
    ("rusqlite", &["ledger"]),
    ("rustix", &["app", "settings", "ledger"]),
    ("rustls", &["api"]),
    ("secrecy", &["secrets", "api", "settings"]),
    ("secret_service", &["settings"]),
    ("serde", &["domain", "draft", "secrets", "grid", "insight", "api", "export", "settings", "journal", "demo"]),
    ("serde_json", &["secrets", "grid", "api", "export", "settings", "journal", "demo"]),
    ("sha2", &["secrets", "export"]),
    ("tempfile", &["export", "files", "ledger"]),
    (
        "thiserror",
        &[
            "domain", "cron", "secrets", "grid", "api", "export", "settings", "journal", "ledger", "notify", "backend",
            "app", "start",
        ],
    ),
    ("tokio", &["api", "backend", "demo", "notify"]),
    ("toml_edit", &["settings"]),
    ("tracing", &["api", "settings", "backend", "notify", "app", "start"]),
    ("tracing_appender", &["start"]),
    ("tracing_subscriber", &["start"]),
    ("unicode_normalization", &["grid"]),
    ("url", &["domain", "api"]),
    ("winit", &["start"]),
    ("zeroize", &["secrets", "api", "settings", "start"]),
    ("zeroizing_alloc", &["main"]),
    ("zip", &["export"]),
];

const DRAWING: &[&str] = &["theme", "widgets", "ui", "app", "start"];

/// Modules whose functions get `now` as an argument and touch nothing outside.
const PURE_MODULES: &[&str] = &["domain", "cron", "secrets", "draft", "rows", "grid", "insight", "msg", "model"];
const IMPURE: &[&str] = &[
    "Timestamp::now",
    "Zoned::now",
    "SystemTime::now",
    "Instant::now",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread::spawn",
    "std::thread::sleep",
];

/// Everything wrong in one file, as sentences. `place` is the path below `src`, with `/`.
fn violations(place: &str, text: &str) -> Vec<String> {
    let module = module_of(place);
    let source = read(text, &module);
    let mut found = Vec::new();
    let Some(name) = module.first() else { return caps(place, &source) };
    let Some(rule) = MODULES.iter().find(|rule| rule.name == *name) else {
        return vec![format!("{place}: the module {name} has no line in the import table")];
    };
    for path in &source.paths {
        let complaint =
            import_complaint(rule, path).or_else(|| crate_complaint(rule, path)).or_else(|| impurity(rule, path));
        if let Some(complaint) = complaint {
            found.push(format!("{place}:{}: {complaint}", path.line));
        }
    }
    found.extend(caps(place, &source));
    found
}

fn module_of(place: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = place.trim_end_matches(".rs").split('/').collect();
    if matches!(parts.last(), Some(&("mod" | "lib"))) {
        parts.pop();
    }
    parts
}

fn import_complaint(rule: &ModuleRule, path: &NamedPath) -> Option<String> {
    let (first, inside) = path.segments.split_first()?;
    if !matches!(first.as_str(), "crate" | "skybackup") {
        return None;
    }
    let target = inside.first()?;
    if target == rule.name || !MODULES.iter().any(|known| known.name == target) {
        return None;
    }
    let wanted = inside.join("::");
    let names = |item: &str| wanted == item || wanted.starts_with(&format!("{item}::"));
    let is_open = rule.may_use.iter().any(|item| names(item));
    // With single items shut or open, taking the whole module would hide which ones are used.
    let takes_all = inside.len() == 1 || inside.get(1).is_some_and(|item| item == "*");
    let has_shut_items = rule.except.iter().any(|item| item.split("::").next() == Some(target));
    let is_shut = rule.except.iter().any(|item| names(item)) || takes_all && has_shut_items;
    (!is_open || is_shut).then(|| format!("{} must not use {}", rule.name, path.text()))
}

fn crate_complaint(rule: &ModuleRule, path: &NamedPath) -> Option<String> {
    let first = path.segments.first()?;
    let (name, owners) = CRATES.iter().find(|(name, _)| name == first)?;
    let is_allowed = owners.contains(&rule.name);
    (!is_allowed).then(|| format!("{} must not use the crate {name}; {} may", rule.name, owners.join(", ")))
}

fn impurity(rule: &ModuleRule, path: &NamedPath) -> Option<String> {
    let text = format!("::{}::", path.text());
    let found = IMPURE.iter().find(|impure| text.contains(&format!("::{impure}::")))?;
    PURE_MODULES.contains(&rule.name).then(|| format!("{} is pure and must not use {found}", rule.name))
}

fn caps(place: &str, source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let lines = source.lines_without_tests;
    if lines > MAX_FILE_LINES {
        found.push(format!("{place}: {lines} lines without tests, {MAX_FILE_LINES} are allowed"));
    }
    let long = |lines| place.starts_with("ui/") && lines > MAX_DRAWING_LINES;
    for function in source.functions.iter().filter(|f| f.name.ends_with("_ui") && long(f.lines)) {
        let (line, name, lines) = (function.line, &function.name, function.lines);
        found.push(format!("{place}:{line}: {name} has {lines} lines, {MAX_DRAWING_LINES} are allowed"));
    }
    found
}

/// Files that hold nothing but the tests of another are declared there under `#[cfg(test)]`.
pub(crate) fn is_tests(name: &str) -> bool {
    name == "tests.rs" || name.ends_with("_tests.rs")
}

/// Every Rust file below a folder, as its path below that folder and its text.
pub(crate) fn files_below(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            files_below(&path, &format!("{prefix}{name}/"), found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_tests(&name) {
            found.push((format!("{prefix}{name}"), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_file_keeps_to_the_import_table_and_the_caps() {
    let mut files = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    assert!(files.len() > 10, "only {} files found", files.len());
    let found: Vec<String> = files.iter().flat_map(|(place, text)| violations(place, text)).collect();
    assert!(found.is_empty(), "{} rules are broken:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_dependency_has_an_owner() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let mut named = Vec::new();
    let mut is_dependency = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_dependency = line.ends_with("dependencies]") && !line.contains("-dependencies]");
        } else if let Some((name, _)) = line.split_once('=').filter(|_| is_dependency && !line.starts_with('#')) {
            named.push(name.trim().replace('-', "_"));
        }
    }
    named.sort();
    let mut owned: Vec<&str> = CRATES.iter().map(|(name, _)| *name).collect();
    owned.sort_unstable();
    assert_eq!(named, owned, "left: Cargo.toml, right: the table of crates");
}

#[test]
fn the_tables_name_only_modules_that_exist() {
    let is_module = |item: &&str| MODULES.iter().any(|rule| Some(rule.name) == item.split("::").next());
    let opened = MODULES.iter().flat_map(|rule| rule.may_use.iter().chain(rule.except));
    let owners = CRATES.iter().flat_map(|(_, owners)| *owners);
    let unknown: Vec<&&str> = opened.chain(owners).chain(PURE_MODULES).filter(|item| !is_module(item)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// The checker itself: made-up files, and how often each must be complained about.
#[test]
fn violations_are_seen() {
    let cases = [
        ("grid/a.rs", "use crate::domain::Backup;", 0),
        ("grid/a.rs", "use crate::api::Client;", 1),
        ("grid/a.rs", "use crate::{domain::Backup, model, ui::{self, table}};", 3),
        ("grid/a.rs", "fn f() { crate::model::Model::default(); }", 1),
        ("grid/a.rs", "use super::super::model::Model;", 1),
        ("grid/a.rs", "use super::column::Column;", 0),
        ("grid/mod.rs", "mod inner { use super::super::model::Model; use super::column; }", 1),
        (
            "grid/a.rs",
            "// use crate::api::Client;\n/* crate::api /* crate::ui */ */ const A: &str = \"crate::api::x\";",
            0,
        ),
        ("grid/a.rs", "const A: &str = r#\"\" crate::api::x\"#; const Q: char = '\"'; use crate::api::Client;", 1),
        ("grid/a.rs", "#[cfg(test)]\nmod tests {\n use crate::api::Client;\n}\nuse crate::ui::Screen;", 1),
        ("grid/a.rs", "use std::time::Duration; fn f<'a>(x: &'a str) -> jiff::Timestamp { jiff::Timestamp::now() }", 1),
        ("model/a.rs", "use std::fs;", 1),
        ("backend/a.rs", "fn f() { std::fs::read(\"x\"); jiff::Timestamp::now(); }", 0),
        ("api/a.rs", "use reqwest::Client; use tokio::time;", 0),
        ("backend/a.rs", "use reqwest::Client;", 1),
        ("backend/a.rs", "type A = ::reqwest::Client; type B = Vec::<::egui::Ui>;", 2),
        ("app/a.rs", "use poll_promise::Promise; use rfd::FileDialog; use crate::ui::Screen;", 1),
        ("settings/a.rs", "use crate::grid::Layout; use crate::export::CsvPreset;", 0),
        ("settings/a.rs", "use crate::grid; use crate::grid::Selection; use crate::export::*;", 3),
        ("msg/a.rs", "use crate::api::{ApiError, Listing};", 0),
        ("msg/a.rs", "use crate::api::{ApiError, Client as Other};", 1),
        ("msg/a.rs", "use crate::api; use crate::api::*;", 2),
        ("model/a.rs", "fn f(c: &crate::api::Client) { crate::settings::read(c); }", 2),
        ("widgets/a.rs", "use crate::domain::Zone; use crate::grid::Row;", 0),
        ("widgets/a.rs", "use crate::domain::Backup;", 1),
        ("demo/a.rs", "use crate::cron::Cron;", 1),
        ("ui/a.rs", "use crate::app::SkyBackup; use crate::backend::Backend;", 2),
        ("main.rs", "fn main() { skybackup::start::main(); skybackup::app::run(); }", 1),
        ("attic/a.rs", "", 1),
    ];
    for (place, text, expected) in cases {
        let found = violations(place, text);
        assert_eq!(found.len(), expected, "{place}: {text}\n{found:?}");
    }
}

#[test]
fn sizes_over_the_caps_are_seen() {
    let body = |lines: usize| "let a = 1;\n".repeat(lines);
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", body(400));
    let cases = [
        ("grid/a.rs", body(500), 0),
        ("grid/a.rs", body(501), 1),
        ("grid/a.rs", format!("{}{tests}", body(500)), 0),
        ("grid/a.rs", format!("{}{tests}", body(501)), 1),
        ("lib.rs", body(501), 1),
        ("ui/a.rs", format!("fn list_ui(ui: [u8; 2]) {{\n{}}}\n", body(58)), 0),
        ("ui/a.rs", format!("fn list_ui(ui: [u8; 2]) {{\n{}}}\n", body(59)), 1),
        ("ui/a.rs", format!("fn list(ui: [u8; 2]) {{\n{}}}\n", body(59)), 0),
        ("widgets/a.rs", format!("fn list_ui() {{\n{}}}\n", body(59)), 0),
        ("ui/a.rs", format!("trait T {{ fn a_ui(); }}\nfn b() {{\n{}}}\n", body(70)), 0),
    ];
    for (place, text, expected) in cases {
        let found = violations(place, &text);
        assert_eq!(found.len(), expected, "{place}: {found:?}");
    }
}
