//! Section 2.7 Files of the fault matrix.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use egui::{Key, Modifiers, Role};
use skybackup::app::FileDialogs;
use skybackup::settings::{self, Paths, Profile, ProfileId, Settings, ZoneChoice};
use tempfile::TempDir;

use super::stage::{Case, Proof};
use crate::support::disk::Disk;
use crate::support::keyring_session::{Session, surround};
use crate::support::portal::{Answer, Portal};
use crate::support::story::{Opening, Story};

/// Set in the process whose files may not grow.
const LIMITED_VARIABLE: &str = "SKYBACKUP_TEST_FILE_LIMIT";

/// Exports the backups to this path, by way of the field that is in for a dialog.
fn export_to(story: &mut Story, path: &Path) {
    if !story.shows("Save to") {
        story.click("Export…");
        story.until_shown("Export backups");
    }
    if !story.shows("Save to") {
        story.click("Export");
        story.until_shown("Save to");
    }
    story.fill(Role::TextInput, "Save to", &path.display().to_string());
    story.click("Save");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The old file stays, nothing half-written does, and the sentence says how much is free.
pub(super) fn disk_full(case: &mut Case) {
    if std::env::var_os(LIMITED_VARIABLE).is_some() {
        let folder = tempfile::tempdir().unwrap();
        no_room(case, folder.path(), &["list.csv was not written: ", "File too large"]);
        return;
    }
    let disk = match Disk::mount(1024) {
        Ok(disk) => disk,
        Err(why) => return in_a_process_of_small_files(case, &why),
    };
    fs::write(disk.path().join("filler"), vec![0; 1000 * 1024]).unwrap();
    let says = ["The disk is full, so ", "list.csv was not written; 20 KiB are free there"];
    let mut story = no_room(case, disk.path(), &says);
    fs::remove_file(disk.path().join("filler")).unwrap();
    story.click("Save");
    story.until_shown("Replace list.csv?");
    story.click("Replace");
    story.until_shown("rows saved");
    assert!(fs::metadata(disk.path().join("list.csv")).unwrap().len() > 20 * 1024);
}

/// An export over an old file in a folder where it does not fit.
fn no_room(case: &mut Case, folder: &Path, says: &[&str]) -> Story {
    let target = folder.join("list.csv");
    fs::write(&target, "old").unwrap();
    let before = names(folder);
    let mut story = case.signed_in();
    export_to(&mut story, &target);
    story.until_shown("Replace list.csv?");
    story.click("Replace");
    case.proves(&mut story, &Proof { says, ..Proof::default() });
    assert_eq!(fs::read_to_string(&target).unwrap(), "old");
    assert_eq!(names(folder), before, "nothing half-written is left");
    story
}

/// Where no disk may be mounted: the same case in a process whose files cannot grow beyond 20 KiB.
#[expect(clippy::print_stderr, reason = "which of the two ways was taken belongs into the output of the test")]
fn in_a_process_of_small_files(case: &mut Case, why: &str) {
    eprintln!("no small disk can be mounted here ({why}): a limit of the size of files is used in its place");
    // Its words go through pipes: where they went into a file, the limit would hold for them too.
    let output = Command::new("sh")
        .arg("-c")
        // In blocks of 512 bytes. A write beyond it fails instead of ending the process.
        .arg("trap '' XFSZ; ulimit -f 40; exec \"$0\" faults::rows::files::disk_full --exact")
        .arg(std::env::current_exe().unwrap())
        .env(LIMITED_VARIABLE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "the case in a process of small files: {said}");
    // The proofs were taken there; here the window is only shown to work.
    let mut story = case.signed_in();
    case.proves(&mut story, &Proof { says: &["Backups"], ..Proof::default() });
}

/// Said before anything is written: no file is begun where it cannot be finished.
pub(super) fn folder_read_only_or_gone(case: &mut Case) {
    let mut story = case.signed_in();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    fs::write(&file, "stays").unwrap();
    for gone in [folder.path().join("gone"), file.clone()] {
        export_to(&mut story, &gone.join("list.csv"));
        let says = format!("The folder {} does not exist", gone.display());
        case.proves(&mut story, &Proof { says: &[&says], ..Proof::default() });
    }
    assert_eq!((names(folder.path()), fs::read_to_string(&file).unwrap()), (vec!["a file".to_owned()], "stays".to_owned()));
    if let Ok(disk) = Disk::mount(1024) {
        disk.only_read();
        export_to(&mut story, &disk.path().join("list.csv"));
        let says = ["list.csv is on a read-only disk", "Choose a folder on another disk"];
        case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
        assert_eq!(names(disk.path()), [""; 0]);
    }
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o555)).unwrap();
    // The superuser may write everywhere, also where no disk may be mounted.
    if fs::write(closed.join("probe"), "").is_err() {
        export_to(&mut story, &closed.join("list.csv"));
        let says = ["You do not have permission to write to ", "Choose a folder you can write to"];
        case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
        assert_eq!(names(&closed), [""; 0]);
    }
}

/// Refused, and what is at the path stays as it is.
pub(super) fn link_device_folder(case: &mut Case) {
    let mut story = case.signed_in();
    let folder = tempfile::tempdir().unwrap();
    let (real, link, inner) =
        (folder.path().join("real.csv"), folder.path().join("link.csv"), folder.path().join("inner"));
    fs::write(&real, "old").unwrap();
    fs::create_dir(&inner).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    for target in [&link, &inner, Path::new("/dev/null")] {
        export_to(&mut story, target);
        let says = format!("{} is not a regular file", target.display());
        case.proves(&mut story, &Proof { says: &[&says], ..Proof::default() });
    }
    assert_eq!(fs::read_to_string(&real).unwrap(), "old");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    assert_eq!(names(folder.path()), ["inner", "link.csv", "real.csv"]);
}

/// Asked about by name, after the ending is added: what a user says no to stays, what changes under the question is asked about
/// again, and what is replaced keeps its mode.
pub(super) fn files_in_the_way(case: &mut Case) {
    use std::os::unix::fs::PermissionsExt as _;
    let mut story = case.signed_in();
    let folder = tempfile::tempdir().unwrap();
    let (file, note) = (folder.path().join("list.csv"), folder.path().join("list.meta.json"));
    let texts = || [&file, &note].map(|path| fs::read_to_string(path).unwrap());
    fs::write(&file, "theirs").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
    fs::write(&note, "a note of somebody else").unwrap();

    export_to(&mut story, &folder.path().join("list"));
    let says =
        ["Replace 2 existing files?", "list.csv, 6 B", "list.meta.json, 23 B", "This note was not written by SkyBackup"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    story.click("Cancel");
    story.until_shown("Save to");
    assert_eq!(texts(), ["theirs", "a note of somebody else"]);

    story.click("Save");
    story.until_shown(says[0]);
    fs::write(&note, "another note, changed meanwhile").unwrap();
    story.click("Replace");
    case.proves(&mut story, &Proof { says: &["Replace list.meta.json?"], ..Proof::default() });
    assert_eq!(texts(), ["theirs", "another note, changed meanwhile"]);
    story.click("Replace");
    story.until_shown("rows saved");
    let [text, note] = texts();
    assert!(text.contains("orders-prod") && note.contains("\"application\": \"SkyBackup\""), "{note}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o664);
    assert_eq!(names(folder.path()), ["list.csv", "list.meta.json"]);

    // A dot in the name is no ending, and another file's note is not touched.
    export_to(&mut story, &folder.path().join("list.11"));
    case.proves(&mut story, &Proof { says: &["list.11.csv"], ..Proof::default() });
    story.until("it is saved", |story| story.model().data.export().is_none());
    assert_eq!(names(folder.path()), ["list.11.csv", "list.11.meta.json", "list.csv", "list.meta.json"]);
    assert_eq!(texts(), [text, note]);
}

/// The surroundings of a desktop of its own: a bus with nothing on it, and no program that shows dialogs.
fn own_desktop(command: &mut Command, folder: &Path) {
    surround(command, folder);
    let bin = folder.join("bin");
    fs::create_dir(&bin).unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    for program in ["dbus-daemon", "dbus-send"] {
        let mut places = std::env::split_paths(&path).map(|it| it.join(program));
        let place = places.find(|place| place.exists()).expect("dbus; on Debian and Ubuntu: apt-get install dbus dbus-bin");
        std::os::unix::fs::symlink(place, bin.join(program)).unwrap();
    }
    command.env("PATH", bin);
}

/// Found out from the desktop, however long that takes: no bus, a bus without a portal, a portal without file dialogs lead to a
/// typed path; with one, its answer counts, and one that gives no file is reported.
pub(super) fn no_file_dialog(case: &mut Case) {
    let Some(home) = case.own_process(own_desktop) else { return };
    let window = |case: &mut Case| {
        let mut story = case.demo(Opening { dialogs: FileDialogs::Native, ..Opening::default() });
        story.sign_in();
        story.click("Export…");
        story.until_shown("Export backups");
        story.click("Export");
        story
    };
    let typed = ["Save to", "No save dialog is available on this desktop. Enter the full path"];
    let mut story = window(case);
    case.proves(&mut story, &Proof { says: &typed, ..Proof::default() });

    let _bus = Session::new(&home);
    let mut story = window(case);
    case.proves(&mut story, &Proof { says: &typed, ..Proof::default() });

    let portal = Portal::start(None);
    let mut story = window(case);
    case.proves(&mut story, &Proof { says: &typed, ..Proof::default() });
    drop(portal);

    let picked = home.join("picked");
    let portal = Portal::start(Some(vec![Answer::Cancelled, Answer::Failed, Answer::Refused, Answer::File(picked.clone())]));
    let mut story = window(case);
    for _closed_failed_refused in 0..3 {
        story.until("the dialog has answered", |story| {
            portal.say();
            story.model().data.export().is_none()
        });
        case.proves(&mut story, &Proof { says: &["No file was chosen", "Type the path instead"], ..Proof::default() });
        assert!(!story.shows("Save to"));
        story.click("Export");
    }
    story.until("the picked file is written", |story| {
        portal.say();
        story.shows("rows saved")
    });
    assert_eq!(portal.asked(), 4);
    assert!(picked.with_extension("csv").exists() && picked.with_extension("meta.json").exists() && !picked.exists());
    story.click("Export…");
    story.until_shown("Export backups");
    assert!(!story.shows("Save to"), "this desktop has a dialog");
}

/// A window on the settings of a folder, as a start reads them.
fn window_on(case: &mut Case, folder: &Rc<TempDir>) -> Story {
    let (settings, warnings) = settings::read(&Paths::below(folder.path()));
    case.alone(Opening { settings, warnings, folder: Some(Rc::clone(folder)), ..Opening::default() })
}

/// The damaged file is kept under another name and told, the copy before it steps in, and the next save is whole.
pub(super) fn settings_corrupt(case: &mut Case) {
    for damage in ["profiles = [[[", "", "version = 1\n[preferences"] {
        let folder = Rc::new(tempfile::tempdir().unwrap());
        let paths = Paths::below(folder.path());
        let profile = Profile {
            id: ProfileId::new("acme"),
            name: "Acme".to_owned(),
            api_url: "https://api.skysql.com".to_owned(),
            ..Profile::default()
        };
        let first = Settings { profiles: vec![profile], ..Settings::default() };
        settings::write(&paths, &Settings::default(), &first).unwrap();
        let mut second = first.clone();
        second.preferences.zone = ZoneChoice::Local;
        settings::write(&paths, &first, &second).unwrap();
        fs::write(paths.settings_file(), damage).unwrap();

        let mut story = window_on(case, &folder);
        let says = [
            "The settings file was damaged and is kept as settings.toml.corrupt-",
            "The settings are those of the copy before it",
            "Acme",
        ];
        case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
        story.press_with(Modifiers::COMMAND, Key::U);
        let is_saved = || settings::read(&paths).0.preferences.zone == ZoneChoice::Local;
        story.until("the settings are written with the change", |_| paths.settings_file().exists() && is_saved());
        let (now, warnings) = settings::read(&paths);
        assert_eq!((now.profiles, now.preferences.zone, warnings), (first.profiles, ZoneChoice::Local, Vec::new()));
        let kept = names(&paths.config_dir).into_iter().find(|name| name.starts_with("settings.toml.corrupt-"));
        assert_eq!(fs::read_to_string(paths.config_dir.join(kept.unwrap())).unwrap(), damage);
    }
}

/// Used as far as it is understood, told, and never written, whatever is chosen in the window.
pub(super) fn settings_newer(case: &mut Case) {
    let folder = Rc::new(tempfile::tempdir().unwrap());
    let paths = Paths::below(folder.path());
    let newer = "version = 9\nshiny = true\n[[profiles]]\nid = \"a\"\nname = \"Acme of tomorrow\"\napi_url = \"https://api.skysql.com\"\n";
    fs::create_dir_all(&paths.config_dir).unwrap();
    fs::write(paths.settings_file(), newer).unwrap();
    let mut story = window_on(case, &folder);
    let says = ["The settings were written by a newer version of SkyBackup: they are used", "Acme of tomorrow"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    story.press_with(Modifiers::COMMAND, Key::U);
    let says = ["Settings were not saved: The settings were written by a newer version of SkyBackup"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    assert_eq!(story.model().data.settings.preferences.zone, ZoneChoice::Local, "chosen for this run");
    assert_eq!(fs::read_to_string(paths.settings_file()).unwrap(), newer);
}
