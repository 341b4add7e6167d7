//! One noun for one thing: names and phrases that have a standard term do not come back, and no type name stands for two types.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Former name, and the standard term; matched as a whole identifier.
const NAMES: &[(&str, &str)] = &[
    // HTTP and the API.
    ("ReadFirst", "VerifyThenRetry"),
    ("Pacing", "ClientLimits"),
    ("lets_pass", "allows"),
    ("keep_away", "back_off_until"),
    ("closed_until", "blocked_until"),
    ("lift_pause", "clear_rate_limit"),
    ("LiftPause", "ClearRateLimit"),
    ("paused_until", "rate_limited_until"),
    ("Walked", "PassResult"),
    ("PageMark", "PageFingerprint"),
    ("Gathered", "RowAccumulator"),
    ("ReadRest", "ResumeListing"),
    ("BrokeOff", "Incomplete"),
    ("salvage", "decode_lenient"),
    ("NotNoted", "JournalWriteFailed"),
    ("Withdrawn", "CancelledBeforeSend"),
    // Changes, the session, the keyring.
    ("SentDeed", "SentChange"),
    ("LineDeed", "JournalChange"),
    ("WriteStage", "ChangeState"),
    ("take_up_unfinished", "resume_next_unresolved"),
    ("CheckWrite", "VerifyChange"),
    ("ForgetWrite", "DismissChange"),
    ("SendWriteAgain", "ResendChange"),
    ("can_write", "can_change"),
    ("Woke", "SystemResumed"),
    ("KeyringSilent", "KeyringSlow"),
    ("KeepKey", "SaveKey"),
    ("ForgetKey", "DeleteKey"),
    ("VaultError", "KeyringError"),
    ("vault", "keyring"),
    // Tables.
    ("Haystack", "SearchIndex"),
    ("haystack", "search index"),
    ("BESIDE", "PARALLEL_THRESHOLD"),
    ("AT_ONCE", "SYNC_INDEX_LIMIT or MAX_CONCURRENT"),
    // Texts.
    ("cron_read", "cron::parse"),
    ("cron_words", "cron::describe"),
    ("bytes_text", "format_bytes"),
    ("count_text", "format_count"),
    ("ago_text", "format_ago"),
    ("in_text", "format_until"),
    ("screen_text", "sanitize_for_display"),
    ("is_deceptive", "is_control_or_bidi"),
    ("ProfileMarks", "ProfileFlags"),
    // Files and the start.
    ("keep_aside", "quarantine_file"),
    ("put_back", "restore_unknown_keys"),
    ("Openness", "DumpableGuard"),
    ("forbid_dumps", "disable_core_dumps"),
    ("note_starting", "mark_starting"),
    ("note_shown", "mark_shown"),
    ("perhaps_breaking", "inject_panic"),
    ("FASTER_THAN_A_PERSON", "MIN_HUMAN_RESPONSE"),
    // The window.
    ("Verdict", "FormValidation"),
    ("write_block", "change_blocked_reason"),
    ("obstacle", "change_blocked_reason"),
    ("twin", "duplicate"),
    ("deed", "change, action or task"),
    ("deed_ui", "primary_action_ui"),
    ("nothing_ui", "empty_ui"),
    ("kept_ui", "stale_data_ui"),
    ("ways_in_ui", "sign_in_actions_ui"),
    ("looks_ui", "appearance_ui"),
    ("reading_ui", "refresh_ui"),
    ("places_ui", "paths_ui"),
    ("ground_ui", "row_background_ui"),
    ("parts_ui", "layout_ui"),
    ("Slim", "CompactAlert"),
    ("veil", "scrim"),
    ("breadth", "width"),
];

/// Former spelling of identifiers; prose may keep it.
const SPELLINGS: &[(&str, &str)] = &[("colour", "color"), ("centred", "centered")];

/// Former name of a type, function or module that is an ordinary word too; matched where something is defined.
const DEFINITIONS: &[(&str, &str)] = &[
    ("Safety", "Idempotency"),
    ("Case", "RetryContext"),
    ("Broken", "TransportError"),
    ("Walk", "Paginator"),
    ("Joined", "MergedListing"),
    ("Rest", "ResumePoint"),
    ("Odd", "TypeMismatch"),
    ("Moment", "ApiTime"),
    ("word", "as_api_str"),
    ("Sending", "Attempt"),
    ("Deed", "ChangeKind"),
    ("Write", "PendingChange"),
    ("Care", "KeyOptions"),
    ("leave", "end_session"),
    ("Setup", "BackendConfig"),
    ("Launch", "AppConfig"),
    ("Aged", "TieBreakKey"),
    ("meaning", "status_rank"),
    ("Vault", "Keyring"),
    ("Aside", "QuarantineMode"),
    ("turn", "next_seq"),
    ("rehearsal", "panic_injection"),
    ("complain", "print_error"),
    ("Pen", "CellStyle"),
    ("Weight", "ButtonStyle"),
    ("Counting", "CountingWriter"),
    ("states", "placeholders"),
];

/// Phrases with a plainer word; matched without regard to case, in names too.
const PHRASES: &[(&str, &str)] = &[
    ("the person", "the user"),
    ("a person", "a user"),
    ("what became of", "the outcome of"),
    ("what becomes of", "the outcome of"),
    ("gives back", "returns"),
    ("gave back", "returned"),
    ("given back", "returned"),
    ("is said", "is reported, is shown"),
    ("are said", "are reported, are shown"),
    ("be said", "be reported, be shown"),
    ("is said so", "is reported"),
    ("is told", "is reported, is shown"),
    ("are told", "are reported, are shown"),
    ("hangs on", "depends on"),
    ("worth a word", "worth reporting"),
    ("stands in", "is in"),
    ("stands at", "is at"),
    ("stands there", "is there"),
    ("by itself", "automatically, alone"),
    ("by themselves", "automatically, alone"),
    ("so many", "the maximum number of"),
    ("rooms", "modules"),
    ("the house", "the crate"),
    ("walls", "layers"),
    ("without your word", "without asking"),
    ("answer was lost", "response was lost"),
    ("lost answer", "lost response"),
    ("late answer", "late response"),
    ("error answer", "error response"),
    ("whole answer", "whole response"),
    ("answers of the serv", "responses of the serv"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for entry in &entries {
            collect(entry, files);
        }
    } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "md") && !path.ends_with(file!()) {
        files.push(path.to_owned());
    }
}

/// Path below the root and text of every source and document.
fn texts() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for name in ["src", "tests", "benches", "docs", "README.md"] {
        collect(&root().join(name), &mut files);
    }
    let read = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(&path).unwrap())
    };
    files.into_iter().map(read).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What a line defines: the kind and the name.
fn definition(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(|c: char| !is_word(c)).filter(|word| !word.is_empty());
    let before = ["pub", "crate", "super", "in", "model", "async", "const", "unsafe", "default"];
    let kind = words.find(|word| !before.contains(word))?;
    let is_kind = ["struct", "enum", "trait", "union", "fn", "mod", "type"].contains(&kind);
    let name = words.next()?;
    is_kind.then_some((kind, name))
}

/// Former names and phrases in a text, one sentence each.
fn findings(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_code = Path::new(name).extension().is_some_and(|ending| ending == "rs");
    for (index, line) in text.lines().enumerate() {
        let at = format!("{name}:{}", index + 1);
        // A text on screen or on disk may hold any word: only its own tests know what is right there.
        let is_literal = line.contains('"');
        for word in line.split(|c: char| !is_word(c)).filter(|_| !is_literal) {
            let former = NAMES.iter().find(|(former, _)| *former == word);
            found.extend(former.map(|(former, term)| format!("{at}: {former} is called {term}")));
        }
        let code = line.split_once("//").map_or(line, |(code, _)| code);
        for word in code.split(|c: char| !is_word(c)).filter(|_| !is_literal && is_code) {
            let former = SPELLINGS.iter().find(|(former, _)| word.split('_').any(|part| part == *former));
            found.extend(former.map(|(former, term)| format!("{at}: {former} in {word} is spelled {term}")));
        }
        if let Some((_, defined)) = definition(line).filter(|_| name.starts_with("src/")) {
            let former = DEFINITIONS.iter().find(|(former, _)| *former == defined);
            found.extend(former.map(|(former, term)| format!("{at}: {former} is called {term}")));
        }
    }
    // Phrases go over the end of a line, and a name is words with low lines between them.
    let mut flat = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        flat.push(' ');
        flat.push_str(&word.to_lowercase());
    }
    flat.push(' ');
    let flat = flat.replace(" told apart", " distinguished");
    for (phrase, term) in PHRASES {
        let count = flat.matches(&format!(" {phrase} ")).count();
        if count > 0 {
            found.push(format!("{name}: \"{phrase}\" ({count}): {term}"));
        }
    }
    found
}

#[test]
fn the_standard_terms_are_used() {
    let found: Vec<String> = texts().iter().flat_map(|(name, text)| findings(name, text)).collect();
    assert!(found.is_empty(), "{} places:\n{}", found.len(), found.join("\n"));
}

#[test]
fn former_names_are_found_wherever_they_are() {
    for (text, count) in [
        ("let x = Haystack::new();", 1),
        ("pub(super) struct Rest {", 1),
        ("let rest = iter.rest();", 0),
        ("fn what_became_of_it() {}", 1),
        ("// what became\n    // of the change", 1),
        ("The service gives\nback a list.", 1),
        ("async fn turn(&self) {}", 1),
        ("let colour = tokens.weak; // a colour", 1),
        ("\"colour\" in a settings file", 0),
        ("The change was refused", 0),
    ] {
        assert_eq!(findings("src/here.rs", text).len(), count, "{text}");
    }
}

#[test]
fn no_type_name_stands_for_two_types() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in texts().iter().filter(|(path, _)| path.starts_with("src/")) {
        // The unit tests of a file, and the types that a macro names, are not looked at.
        let program = text.split_once("#[cfg(test)]\nmod tests {").map_or(text.as_str(), |(program, _)| program);
        for line in program.lines().filter(|line| !line.contains('$')) {
            if let Some(("struct" | "enum" | "trait" | "union", name)) = definition(line) {
                places.entry(name.to_owned()).or_default().push(path.clone());
            }
        }
    }
    assert!(places.len() > 300, "types are found: {}", places.len());
    let twice: Vec<_> = places.iter().filter(|(_, paths)| paths.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn the_readme_names_every_target_of_the_soak_script() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let script = fs::read_to_string(root().join("scripts/soak")).unwrap();
    let targets = script.lines().find_map(|line| line.strip_prefix("TARGETS=(")?.strip_suffix(')')).unwrap();
    let missing: Vec<_> = targets.split(' ').filter(|target| !readme.contains(&format!("\n| `{target}` |"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
