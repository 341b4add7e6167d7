use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::domain::{Backup, BackupType, Restore, Schedule, ScheduleId, ServiceId};
use crate::grid::{Filter, Layout};
use crate::insight::{Targets, ToldFindings};
use crate::settings::{Density, ProfileColor, ProfileFlags, ThemeChoice};
use crate::settings::{Preferences, ProfileId, SavedView, SuspensionNote, Suspensions, ViewTable, WindowPlace};

pub(super) fn somewhere() -> (tempfile::TempDir, Paths) {
    let dir = tempfile::tempdir().unwrap();
    let paths = Paths::below(dir.path());
    (dir, paths)
}

/// Writes these settings whatever the file holds.
pub(super) fn write(paths: &Paths, settings: &Settings) -> Result<Settings, SettingsError> {
    let mut found = fs::read(paths.settings_file()).ok().and_then(|bytes| parse(&bytes)).unwrap_or_default();
    super::write(paths, &decode::settings(&mut found).0, settings)
}

pub(super) fn put(paths: &Paths, text: &str) {
    fs::create_dir_all(&paths.config_dir).unwrap();
    fs::write(paths.settings_file(), text).unwrap();
}

pub(super) fn names(paths: &Paths) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(&paths.config_dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".settings.lock")
        .collect();
    names.sort();
    names
}

pub(super) fn example() -> Settings {
    let mut targets = Targets::default();
    targets.set(None, &BackupType::Full, Some(24));
    targets.set(Some(&ServiceId::new("dbpgf41870263")), &BackupType::Dump, Some(0));
    let mut suspensions = Suspensions::default();
    let note = SuspensionNote { reason: "Migration of \"orders\"".to_owned(), remind_on: Some(date(2026, 12, 1)) };
    suspensions.put(ScheduleId::new("12"), Timestamp::UNIX_EPOCH, note);
    suspensions.put(ScheduleId::new("13"), Timestamp::UNIX_EPOCH, SuspensionNote::default());
    let told: ToldFindings = toml_edit::de::from_str("\"runs full dbpgf41870263\" = 'problem'").unwrap();
    let profile = |id: &str, is_demo| Profile {
        id: ProfileId::new(id),
        name: format!("The \"{id}\" one"),
        api_url: "https://api.skysql.com".to_owned(),
        flags: ProfileFlags { color: ProfileColor::Amber, production: true, read_only: false },
        targets: targets.clone(),
        suspensions: suspensions.clone(),
        told: told.clone(),
        is_demo,
    };
    let view = |name: &str| {
        let filter = Filter { statuses: ["Failed".to_owned()].into(), ..Filter::default() };
        SavedView::new(name.to_owned(), ViewTable::Backups, &filter, Layout::default_of::<Backup>())
    };
    Settings {
        profiles: vec![profile("a", false), profile("b", false)],
        active: Some(ProfileId::new("b")),
        preferences: Preferences {
            theme: ThemeChoice::Dark,
            density: Density::Compact,
            zoom: 1.1,
            ..Preferences::default()
        },
        backups_table: Some(Layout::default_of::<Backup>()),
        schedules_table: Some(Layout::default_of::<Schedule>()),
        restores_table: Some(Layout::default_of::<Restore>()),
        saved_views: ["Failed this week", "Everything"].map(view).to_vec(),
        window: Some(WindowPlace { width: 1280.5, height: 900.0, x: Some(-4.0), y: None, maximized: true }),
        ..Settings::default()
    }
}

#[test]
fn a_first_start_has_the_defaults_and_makes_no_file() {
    let (_dir, paths) = somewhere();
    assert_eq!(read(&paths), (Settings::default(), Vec::new()));
    assert!(!paths.config_dir.exists());
}

#[test]
fn what_was_written_is_read() {
    let (_dir, paths) = somewhere();
    let settings = example();
    write(&paths, &settings).unwrap();
    assert_eq!(read(&paths), (settings, Vec::new()));
    assert_eq!(names(&paths), ["settings.toml"]);
}

#[test]
fn the_demo_is_never_written() {
    let (_dir, paths) = somewhere();
    let mut settings = example();
    settings.profiles[1].is_demo = true;
    write(&paths, &settings).unwrap();
    let (back, _) = read(&paths);
    assert_eq!(back.profiles, settings.profiles[..1]);
    assert_eq!(back.active, None);
}

#[cfg(unix)]
#[test]
fn only_this_user_can_look() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_dir, paths) = somewhere();
    write(&paths, &Settings::default()).unwrap();
    write(&paths, &example()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&paths.config_dir), 0o700);
    assert_eq!(mode(&paths.settings_file()), 0o600);
    assert_eq!(mode(&backup_of(&paths.settings_file())), 0o600);
    assert_eq!(mode(&paths.config_dir.join(".settings.lock")), 0o600);
}

#[test]
fn a_damaged_file_is_kept_and_the_copy_before_it_steps_in() {
    for damage in [&b"profiles = [[["[..], b"", b"\xff\xfe", b"version = 1\ngarb"] {
        let (_dir, paths) = somewhere();
        write(&paths, &example()).unwrap();
        let mut later = example();
        later.preferences.auto_refresh_secs = 300;
        write(&paths, &later).unwrap();
        fs::write(paths.settings_file(), damage).unwrap();

        let (settings, warnings) = read(&paths);
        assert_eq!(settings, example());
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        let found = names(&paths);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[1].starts_with("settings.toml.corrupt-2"), "{found:?}");
        assert!(warnings[0].contains(&found[1]), "{warnings:?}");
        assert_eq!(fs::read(paths.config_dir.join(&found[1])).unwrap(), damage);

        // The next start, before anything was written, finds the same.
        assert_eq!(read(&paths).0, example());
        write(&paths, &later).unwrap();
        assert_eq!(read(&paths), (later, Vec::new()));
    }
}

#[test]
fn a_damaged_file_without_a_copy_gives_the_defaults() {
    let (_dir, paths) = somewhere();
    put(&paths, "= = =");
    let (settings, warnings) = read(&paths);
    assert_eq!(settings, Settings::default());
    assert_eq!(warnings.len(), 2, "{warnings:?}");
}

#[test]
fn a_file_damaged_while_the_app_runs_is_neither_lost_nor_made_the_copy() {
    let (_dir, paths) = somewhere();
    write(&paths, &Settings::default()).unwrap();
    write(&paths, &example()).unwrap();
    fs::write(paths.settings_file(), "= = =").unwrap();
    let mut later = example();
    later.active = None;
    write(&paths, &later).unwrap();
    let found = names(&paths);
    assert_eq!(found.len(), 3, "{found:?}");
    let bak = fs::read(backup_of(&paths.settings_file())).unwrap();
    assert!(parse(&bak).is_some(), "the damaged text did not become the copy");
}

#[test]
fn two_damaged_files_of_one_second_are_both_kept() {
    let (_dir, paths) = somewhere();
    let at = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_hours(500_000);
    for text in ["= 1", "= 2", "= 3"] {
        put(&paths, text);
        let file = fs::File::options().write(true).open(paths.settings_file()).unwrap();
        file.set_modified(at).unwrap();
        let _ = read(&paths);
    }
    assert_eq!(
        names(&paths),
        [
            "settings.toml.corrupt-20270115T080000Z",
            "settings.toml.corrupt-20270115T080000Z-2",
            "settings.toml.corrupt-20270115T080000Z-3"
        ]
    );
}

#[test]
fn one_unreadable_value_costs_only_itself() {
    let (_dir, paths) = somewhere();
    put(
        &paths,
        r#"
            active = "a"
            [preferences]
            theme = "purple"
            density = "compact"
            export = { guard = "maybe", semicolon = true }
            [[profiles]]
            id = "a"
            name = "Kept"
            api_url = "https://api.skysql.com"
            colour = "ultraviolet"
            read_only = true
            [[profiles]]
            name = "No id"
        "#,
    );
    let (settings, warnings) = read(&paths);
    assert_eq!(settings.preferences.theme, ThemeChoice::System);
    assert_eq!(settings.preferences.density, Density::Compact);
    assert!(settings.preferences.export.guard && settings.preferences.export.semicolon);
    assert_eq!(settings.profiles.len(), 1);
    let profile = settings.active_profile().unwrap();
    assert_eq!((profile.name.as_str(), profile.flags.read_only), ("Kept", true));
    assert_eq!(profile.flags.color, ProfileColor::None);
    assert_eq!(warnings.len(), 1);
    for place in ["preferences.theme", "preferences.export.guard", "profile 1.colour", "profile 2", "kept as"] {
        assert!(warnings[0].contains(place), "{place} in {warnings:?}");
    }
    let _ = read(&paths);
    assert_eq!(names(&paths).len(), 2, "copied aside once, not per start");
}

#[test]
fn a_newer_file_is_read_and_never_written() {
    let (_dir, paths) = somewhere();
    let newer = "version = 2\n[preferences]\ntheme = \"dark\"\nzone = \"mars\"\n";
    put(&paths, newer);
    let (settings, warnings) = read(&paths);
    assert_eq!(settings.preferences.theme, ThemeChoice::Dark);
    assert_eq!(warnings.len(), 1);
    assert!(settings.is_read_only);
    assert!(matches!(write(&paths, &settings), Err(SettingsError::Newer)));
    // Nor by an app that was running when the newer one wrote it.
    assert!(matches!(write(&paths, &example()), Err(SettingsError::Newer)));
    assert_eq!(fs::read_to_string(paths.settings_file()).unwrap(), newer);
    assert_eq!(names(&paths), ["settings.toml"]);
}

#[test]
fn what_this_build_does_not_know_survives() {
    let (_dir, paths) = somewhere();
    put(
        &paths,
        r#"
            shiny = [1, 2]
            [preferences]
            theme = "dark"
            colour = "teal"
            [preferences.export]
            ribbon = true
            [[profiles]]
            id = "a"
            name = "A"
            api_url = "https://a"
            note = "mine"
            [[profiles]]
            id = "b"
            name = "B"
            api_url = "https://b"
            note = "gone with its profile"
            [future]
            x = 1
        "#,
    );
    let (mut settings, warnings) = read(&paths);
    assert_eq!(warnings, [""; 0]);
    settings.preferences.theme = ThemeChoice::Light;
    settings.profiles.remove(1);
    settings.profiles[0].name = "A again".to_owned();
    write(&paths, &settings).unwrap();
    let text = fs::read_to_string(paths.settings_file()).unwrap();
    let table: toml::Table = text.parse().unwrap();
    assert_eq!(table["shiny"], vec![1, 2].into());
    assert_eq!(table["preferences"]["colour"].as_str(), Some("teal"));
    assert_eq!(table["preferences"]["theme"].as_str(), Some("light"));
    assert_eq!(table["preferences"]["export"]["ribbon"].as_bool(), Some(true));
    assert_eq!(table["profiles"][0]["note"].as_str(), Some("mine"));
    assert_eq!(table["profiles"].as_array().unwrap().len(), 1);
    assert_eq!(table["future"]["x"].as_integer(), Some(1));
    let (again, _) = read(&paths);
    assert_eq!(again.profiles, settings.profiles);
}

#[test]
fn comments_and_the_order_of_a_file_survive() {
    let (_dir, paths) = somewhere();
    let before = "\
# Mine, do not touch.
[preferences] # how it looks
zone = 'local' # at home
# At night.
theme = \"dark\" # easier on the eyes

# Both accounts.
[[profiles]]
name = \"A\"
id = \"a\"
api_url = \"https://a\" # the old one
[profiles.note]
x = 1

[window]
# As wide as the screen.
width = 1000.0
height = 800.0

[[profiles]]
id = \"b\"
name = \"B\"
api_url = \"https://b\"
[profiles.note]
x = 2
";
    put(&paths, before);
    let start = read(&paths).0;
    let mut settings = start.clone();
    settings.preferences.theme = ThemeChoice::Light;
    settings.profiles[0].name = "C".to_owned();
    super::write(&paths, &start, &settings).unwrap();
    let text = fs::read_to_string(paths.settings_file()).unwrap();
    for line in before.lines().filter(|line| line.contains('#') && !line.contains("theme")) {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    assert!(text.contains("theme = \"light\" # easier on the eyes"), "{text}");
    assert!(text.find("[preferences]") < text.find("[[profiles]]"), "{text}");
    assert!(text.contains("zone = 'local'"), "{text}");

    // Another order of the profiles takes their own tables along.
    let before = read(&paths).0;
    let mut settings = before.clone();
    settings.profiles.reverse();
    super::write(&paths, &before, &settings).unwrap();
    let table: toml::Table = fs::read_to_string(paths.settings_file()).unwrap().parse().unwrap();
    let notes: Vec<_> = table["profiles"].as_array().unwrap().iter().map(|it| it["note"]["x"].as_integer()).collect();
    assert_eq!(notes, [Some(2), Some(1)]);
    assert_eq!(read(&paths).0.profiles, settings.profiles);
}

#[test]
fn every_way_to_write_the_tables_takes_a_change() {
    let profile = "id='a', name='A', api_url='https://a', note=1";
    let column = "{key='status', width=90.0, visible=true}";
    for text in [
        format!("preferences={{theme='dark'}}\nprofiles=[{{{profile}}}]\nbackups_table={{columns=[{column}], note=1}}"),
        format!(
            "preferences.theme='dark'\nbackups_table.note=1\nbackups_table.columns=[{column}]\nprofiles=[{{{profile}}}]"
        ),
        format!(
            "profiles=[ # mine\n{{{profile}}},\n]\n[backups_table]\nnote=1\ncolumns=[]\n[preferences]\ntheme='dark'"
        ),
        "backups_table={columns=[], note=1}\nprofiles=[]\n[preferences.export]\nguard=true".to_owned(),
    ] {
        let (_dir, paths) = somewhere();
        put(&paths, &text);
        let (start, warnings) = read(&paths);
        assert_eq!(warnings, [""; 0], "{text}");
        let mut settings = example();
        settings.preferences.export.semicolon = true;
        let written = super::write(&paths, &start, &settings).unwrap();
        assert_eq!(written, settings, "{text}");
        assert_eq!(read(&paths), (settings, Vec::new()), "{text}");
        let after: toml::Table = fs::read_to_string(paths.settings_file()).unwrap().parse().unwrap();
        assert_eq!(after["backups_table"]["note"].as_integer(), Some(1), "{text}");
    }
}

#[test]
fn a_refused_write_says_where_and_leaves_nothing() {
    let (dir, mut paths) = somewhere();
    let blocked = dir.path().join("a file");
    fs::write(&blocked, "").unwrap();
    paths.config_dir = blocked.join("config");
    let error = write(&paths, &example()).unwrap_err().to_string();
    assert!(error.contains("a file") && !error.contains('\n'), "{error}");
}

#[test]
fn two_programs_do_not_undo_each_other() {
    let (_dir, paths) = somewhere();
    write(&paths, &example()).unwrap();
    let start = read(&paths).0;
    let (mut one, mut two) = (start.clone(), start.clone());
    one.preferences.theme = ThemeChoice::Light;
    one.profiles[0].flags.read_only = true;
    super::write(&paths, &start, &one).unwrap();
    two.profiles.push(Profile { id: ProfileId::new("c"), name: "C".to_owned(), ..Profile::default() });
    two.profiles[0].name = "Renamed".to_owned();
    two.active = None;
    super::write(&paths, &start, &two).unwrap();
    // The first writes again, still without knowing of the second.
    let before = one.clone();
    one.preferences.zoom = 1.5;
    let written = super::write(&paths, &before, &one).unwrap();

    let (both, warnings) = read(&paths);
    assert_eq!(warnings, [""; 0]);
    let mut expected = two;
    expected.preferences = Preferences { theme: ThemeChoice::Light, zoom: 1.5, ..start.preferences };
    expected.profiles[0].flags.read_only = true;
    assert_eq!(both, expected);
    assert_eq!(both, written, "the first learns of it all");
}
