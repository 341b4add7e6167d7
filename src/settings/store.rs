//! The settings file: what it holds, reading it whatever happened to it, writing it whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use toml::Table;

use super::{Paths, Preferences, Profile, ProfileId, WindowPlace, decode, lock, merge};
use crate::grid::Layout;

/// The name of the settings file in [`Paths::config_dir`]. The good file before it is kept as `settings.toml.bak`.
pub const FILE_NAME: &str = "settings.toml";

/// The version of the settings file this build writes.
pub const VERSION: u32 = 1;

/// Everything the app remembers between two runs, apart from the keys.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    /// The version of the file; higher than [`VERSION`] when a newer build wrote it, which makes it read-only.
    pub version: u32,
    /// The profiles, in the order a person sees.
    pub profiles: Vec<Profile>,
    /// The profile last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<ProfileId>,
    /// What a person chose.
    pub preferences: Preferences,
    /// Columns and sort of the backups table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backups_table: Option<Layout>,
    /// Columns and sort of the schedules table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedules_table: Option<Layout>,
    /// Where the window was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowPlace>,
    /// What the file held that this build does not know, each in its place; written back as it was.
    #[serde(skip)]
    pub rest: Table,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            profiles: Vec::new(),
            active: None,
            preferences: Preferences::default(),
            backups_table: None,
            schedules_table: None,
            window: None,
            rest: Table::new(),
        }
    }
}

impl Settings {
    /// The profile last used.
    #[must_use]
    pub fn active_profile(&self) -> Option<&Profile> {
        let id = self.active.as_ref()?;
        self.profiles.iter().find(|profile| profile.id == *id)
    }

    /// Whether a newer build wrote the file, so that [`write`] refuses.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.version > VERSION
    }
}

/// Why the settings could not be written. Displays as one sentence.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A newer build wrote the file; this build would lose what it does not know.
    #[error("The settings were written by a newer version of SkyBackup, so this version does not change them")]
    Newer,
    /// Another program holds the lock of the settings, for longer than a save takes.
    #[error("Another program holds the settings in {}; they are saved as soon as it lets go", folder.display())]
    Busy {
        /// The folder of the settings file.
        folder: PathBuf,
    },
    /// The file system said no. The old file is untouched.
    #[error("The settings could not be saved in {}: {source}", folder.display())]
    Io {
        /// The folder of the settings file.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The settings do not fit into the file's format.
    #[error("The settings could not be written down: {0}")]
    Format(#[from] toml::ser::Error),
}

/// Reads the settings. Never fails: what cannot be read is kept aside under another name, the copy before it or the
/// defaults step in, and the warnings say so in one sentence each.
#[must_use]
pub fn read(paths: &Paths) -> (Settings, Vec<String>) {
    let file = paths.settings_file();
    let mut warnings = Vec::new();
    match fs::read(&file) {
        Ok(bytes) => {
            if let Some(table) = parse(&bytes) {
                return (understood(table, Some(&file), &mut warnings), warnings);
            }
            warnings.push(match keep_aside(&file, Aside::Move) {
                Ok(name) => format!("The settings file was damaged and is kept as {name}"),
                Err(error) => {
                    format!("The settings file is damaged and could not be moved aside: {error}")
                }
            });
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if !backup_of(&file).exists() {
                return (Settings::default(), warnings);
            }
            warnings.push("The settings file was missing".to_owned());
        }
        Err(error) => {
            warnings.push(format!(
                "The settings file {} could not be read, so the defaults are used: {error}",
                file.display()
            ));
            return (Settings::default(), warnings);
        }
    }
    let before = fs::read(backup_of(&file)).ok().and_then(|bytes| parse(&bytes));
    let settings = if let Some(table) = before {
        warnings.push("The settings are those of the copy before it".to_owned());
        understood(table, None, &mut warnings)
    } else {
        warnings.push("The settings start again from their defaults".to_owned());
        Settings::default()
    };
    (settings, warnings)
}

/// Writes what changed in the settings since `base`, which is what this program read or wrote last: whatever another
/// running program wrote meanwhile stays. Gives back what the file holds then. One program writes at a time, under a lock of the
/// operating system.
///
/// The file is written whole or not at all: a temporary file in the same folder, flushed to the disk, then renamed. The
/// good file before it becomes the `.bak`. Demo profiles are left out. Fails, and changes nothing, when a newer build
/// wrote the file, the file system refuses, or another program holds on to the lock.
pub fn write(paths: &Paths, base: &Settings, settings: &Settings) -> Result<Settings, SettingsError> {
    if settings.is_read_only() {
        return Err(SettingsError::Newer);
    }
    let file = paths.settings_file();
    let failed = |source| SettingsError::Io { folder: paths.config_dir.clone(), source };
    create_private_folder(&paths.config_dir).map_err(failed)?;
    let _held_to_the_end = lock::lock(&paths.config_dir)?;
    // A link, as people make who keep their settings elsewhere, stays a link.
    let file = fs::canonicalize(&file).unwrap_or(file);
    let mut table = table_of(settings)?;
    let before = match fs::read(&file) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    if let Some(bytes) = &before {
        if let Some(found) = parse(bytes) {
            table = merge::settings(&table_of(base)?, &table, &theirs(found, &file)?);
        } else {
            keep_aside(&file, Aside::Move).map_err(failed)?;
        }
    }
    let text = toml::to_string_pretty(&table)?;
    let (written, _) = decode::settings(table);
    match before {
        Some(bytes) if bytes == text.as_bytes() => return Ok(written),
        Some(bytes) if parse(&bytes).is_some() => replace_file(&backup_of(&file), &bytes).map_err(failed)?,
        _ => {}
    }
    replace_file(&file, text.as_bytes()).map_err(failed)?;
    Ok(written)
}

/// The table of a file that another program may have written, in the form this build writes it. Before a value that cannot
/// be read is lost, the file is copied aside.
fn theirs(found: Table, file: &Path) -> Result<Table, SettingsError> {
    let (settings, problems) = decode::settings(found);
    if settings.is_read_only() {
        return Err(SettingsError::Newer);
    }
    if !problems.is_empty() {
        let folder = || file.parent().unwrap_or(file).to_path_buf();
        keep_aside(file, Aside::Copy).map_err(|source| SettingsError::Io { folder: folder(), source })?;
    }
    Ok(table_of(&settings)?)
}

/// The file's table; `None` when it is empty or no TOML. An empty file is what a crash of the whole computer can leave.
fn parse(bytes: &[u8]) -> Option<Table> {
    let text = std::str::from_utf8(bytes).ok()?;
    let table: Table = text.parse().ok()?;
    (!table.is_empty()).then_some(table)
}

/// The settings of a table; when parts of it were not understood, the file is copied aside before it can be overwritten.
fn understood(table: Table, file: Option<&Path>, warnings: &mut Vec<String>) -> Settings {
    let (settings, problems) = decode::settings(table);
    if settings.is_read_only() {
        warnings.push(
            "The settings were written by a newer version of SkyBackup: they are used as far as this version understands them, and are not changed"
                .to_owned(),
        );
    } else if !problems.is_empty() {
        let kept = file
            .and_then(|file| keep_aside(file, Aside::Copy).ok())
            .map_or_else(String::new, |name| format!("; the file as it was is kept as {name}"));
        warnings.push(format!(
            "Some settings could not be read and are back at what is safe ({}){kept}",
            problems.join(", ")
        ));
    }
    settings
}

/// The settings as a table: without the demo, with what this build does not know in its place.
fn table_of(settings: &Settings) -> Result<Table, toml::ser::Error> {
    let mut kept = settings.clone();
    kept.version = VERSION;
    kept.profiles.retain(|profile| !profile.is_demo);
    kept.active = kept.active_profile().map(|profile| profile.id.clone());
    let mut table = Table::try_from(&kept)?;
    decode::put_back(&mut table, &settings.rest);
    Ok(table)
}

fn backup_of(file: &Path) -> PathBuf {
    beside(file, ".bak")
}

/// The path with more text at the end of its name.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[derive(Clone, Copy, PartialEq)]
enum Aside {
    Copy,
    Move,
}

/// Keeps a file under a name with its own time and returns that name. Nothing is overwritten; a copy of the same file is
/// made only once.
fn keep_aside(file: &Path, how: Aside) -> io::Result<String> {
    let changed_at = fs::metadata(file)?.modified()?;
    let at = jiff::Timestamp::try_from(changed_at).map_err(io::Error::other)?;
    let stem = at.strftime(".corrupt-%Y%m%dT%H%M%SZ").to_string();
    let mut target = beside(file, &stem);
    let mut number = 2_u32;
    while target.exists() {
        if how == Aside::Copy && fs::read(&target)? == fs::read(file)? {
            return Ok(name_of(&target));
        }
        target = beside(file, &format!("{stem}-{number}"));
        number += 1;
    }
    match how {
        Aside::Copy => drop(fs::copy(file, &target)?),
        Aside::Move => fs::rename(file, &target)?,
    }
    Ok(name_of(&target))
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}

/// Puts a whole file in place of another. The temporary file is made for this user only (0600) and in the same folder, so
/// that the rename cannot tear. Its name follows from the file's: what a killed program left behind is taken away by the next
/// write. Whoever writes a file that others may write too holds a lock.
pub fn replace_file(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let name = format!(".{}.tmp", name_of(file));
    if let Err(error) = fs::remove_file(folder.join(&name))
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut temporary = tempfile::Builder::new().prefix(&name).rand_bytes(0).tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(file).map_err(|error| error.error)?;
    // The new name is on the disk once its folder is; where folders cannot be synced the rename stands anyway.
    #[cfg(unix)]
    let _not_everywhere = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Makes a folder, and those above it that are missing, for this user only (0700 where the system knows modes). That it is
/// there already is no error.
pub fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Backup, Schedule};
    use crate::settings::{Density, ProfileColour, ProfileMarks, ThemeChoice};

    fn somewhere() -> (tempfile::TempDir, Paths) {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths::below(dir.path());
        (dir, paths)
    }

    /// Writes these settings whatever the file holds.
    fn write(paths: &Paths, settings: &Settings) -> Result<Settings, SettingsError> {
        let found = fs::read(paths.settings_file()).ok().and_then(|bytes| parse(&bytes)).unwrap_or_default();
        super::write(paths, &decode::settings(found).0, settings)
    }

    fn put(paths: &Paths, text: &str) {
        fs::create_dir_all(&paths.config_dir).unwrap();
        fs::write(paths.settings_file(), text).unwrap();
    }

    fn names(paths: &Paths) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&paths.config_dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != ".settings.lock")
            .collect();
        names.sort();
        names
    }

    fn example() -> Settings {
        let profile = |id: &str, is_demo| Profile {
            id: ProfileId::new(id),
            name: format!("The \"{id}\" one"),
            api_url: "https://api.skysql.com".to_owned(),
            marks: ProfileMarks { colour: ProfileColour::Amber, production: true, read_only: false },
            is_demo,
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
        assert_eq!((profile.name.as_str(), profile.marks.read_only), ("Kept", true));
        assert_eq!(profile.marks.colour, ProfileColour::None);
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
        assert!(settings.is_read_only());
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
        let table: Table = text.parse().unwrap();
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
        one.profiles[0].marks.read_only = true;
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
        expected.profiles[0].marks.read_only = true;
        assert_eq!(both, expected);
        assert_eq!(both, written, "the first is told of it all");
    }

    #[test]
    fn a_lock_that_is_not_given_back_is_an_error_and_no_hang() {
        let (_dir, paths) = somewhere();
        write(&paths, &Settings::default()).unwrap();
        let held = lock::lock(&paths.config_dir).unwrap();
        let began = std::time::Instant::now();
        assert!(matches!(write(&paths, &example()), Err(SettingsError::Busy { .. })));
        assert!(began.elapsed() < std::time::Duration::from_secs(10));
        assert_eq!(read(&paths).0, Settings::default());
        drop(held);
        write(&paths, &example()).unwrap();
        assert_eq!(read(&paths).0, example());
    }

    #[test]
    fn whatever_part_of_a_save_was_left_behind_is_neither_read_nor_kept() {
        let (_dir, paths) = somewhere();
        write(&paths, &Settings::default()).unwrap();
        let text = toml::to_string_pretty(&table_of(&example()).unwrap()).unwrap();
        for length in 0..=text.len() {
            fs::write(paths.config_dir.join(".settings.toml.tmp"), &text.as_bytes()[..length]).unwrap();
            assert_eq!(read(&paths), (Settings::default(), Vec::new()), "{length} bytes were written");
        }
        write(&paths, &example()).unwrap();
        assert_eq!(read(&paths), (example(), Vec::new()));
        assert_eq!(names(&paths), ["settings.toml", "settings.toml.bak"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let (dir, paths) = somewhere();
        fs::create_dir_all(&paths.config_dir).unwrap();
        let real = dir.path().join("dotfiles.toml");
        fs::write(&real, "version = 1\n").unwrap();
        std::os::unix::fs::symlink(&real, paths.settings_file()).unwrap();
        write(&paths, &example()).unwrap();
        assert!(fs::symlink_metadata(paths.settings_file()).unwrap().is_symlink());
        assert_eq!(read(&paths).0, example());
    }
}
