//! What a save does to the files beside it, and what it leaves alone.

use super::tests::{example, names, put, somewhere, write};
use super::*;
use crate::domain::Backup;
#[cfg(unix)]
use crate::files::make_private;
use crate::grid::Layout;
use crate::settings::ThemeChoice;

#[test]
#[cfg(unix)]
fn folders_and_files_of_ours_get_their_modes_back_and_nothing_behind_a_link_does() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (dir, paths) = somewhere();
    write(&paths, &Settings::default()).unwrap();
    let (logs, theirs) = (paths.config_dir.join("logs"), dir.path().join("theirs"));
    fs::create_dir(&logs).unwrap();
    fs::write(logs.join("today.log"), "").unwrap();
    fs::write(&theirs, "").unwrap();
    symlink(&theirs, logs.join("link")).unwrap();
    let all = [(&paths.config_dir, 0o755), (&paths.settings_file(), 0o644), (&logs, 0o777)];
    let all = all.into_iter().chain([(&theirs, 0o664)]);
    for (path, mode) in all {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::set_permissions(logs.join("today.log"), fs::Permissions::from_mode(0o666)).unwrap();
    make_private(&paths.config_dir).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&paths.config_dir), mode(&logs)), (0o700, 0o700));
    assert_eq!((mode(&paths.settings_file()), mode(&logs.join("today.log"))), (0o600, 0o600));
    assert_eq!(mode(&theirs), 0o664);
    make_private(&dir.path().join("gone")).unwrap();
}

#[test]
fn a_lock_that_is_not_released_is_an_error_and_no_hang() {
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
    let text = toml::to_string_pretty(&example()).unwrap();
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

#[test]
fn a_change_touches_no_byte_beside_it() {
    let (_dir, paths) = somewhere();
    let text = r#"# Mine, kept in a repository.
version = 1

[window]
width = 1000.0 # wide
height = 800.0
x = -0
y = 0xA
maximized = false

# The look.
[preferences] # of this computer
zoom = 1.1 # large
theme = 'dark' # easy on the eyes
export = { semicolon = true, ribbon = 1 }

# The first.
[[profiles]]
id = "a"
name = "A" # ours
api_url = "https://a"
[profiles.extra]
x = 1

# The second.
[[profiles]]
api_url = "https://b"
name = "B"
id = "b"
# The end.
"#;
    put(&paths, text);
    let (start, warnings) = read(&paths);
    assert_eq!(warnings, [""; 0]);
    super::write(&paths, &start, &start).unwrap();
    assert_eq!(fs::read_to_string(paths.settings_file()).unwrap(), text, "nothing changed");

    let mut changed = start.clone();
    changed.preferences.theme = ThemeChoice::Light;
    changed.profiles[0].name = "A again".to_owned();
    changed.profiles[1].flags.read_only = true;
    super::write(&paths, &start, &changed).unwrap();
    let expected = text
        .replace("theme = 'dark'", "theme = \"light\"")
        .replace("name = \"A\"", "name = \"A again\"")
        .replace("id = \"b\"\n", "id = \"b\"\nread_only = true\n");
    assert_eq!(fs::read_to_string(paths.settings_file()).unwrap(), expected);

    let mut moved = changed.clone();
    moved.profiles.swap(0, 1);
    moved.preferences.export.columns_all = true;
    moved.backups_table = Some(Layout::default_of::<Backup>());
    super::write(&paths, &changed, &moved).unwrap();
    assert_eq!(read(&paths), (moved, Vec::new()));
    let text = fs::read_to_string(paths.settings_file()).unwrap();
    for kept in [
        "# Mine,",
        "# wide",
        "# The look.",
        "# large",
        "# of this",
        "# The first.",
        "# ours",
        "# The second.",
        "ribbon = 1",
        "# The end.",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    let (first, second) = (text.find("# The second.").unwrap(), text.find("# The first.").unwrap());
    assert!(first < second && second < text.find("[profiles.extra]").unwrap(), "{text}");
}
