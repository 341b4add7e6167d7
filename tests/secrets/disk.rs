//! What is in the files of this app.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use egui::Role;
use keyring_core::Error;
use skybackup::model::{Dialog, KeySource};

use super::traces;
use crate::support::story::Story;
use crate::support::traces::Search;

const BUCKET_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY";
/// Is in the settings and in the export, and has to be found there.
const CANARY: &str = "production";

/// No file below the folder holds the secret; a file that does is found.
fn assert_nowhere(secret: &str, folder: &Path) {
    let canary = folder.join("canary");
    std::fs::write(&canary, format!("before{secret}after")).unwrap();
    let (found, count) = Search::new([("", secret)]).in_folder(folder).unwrap();
    std::fs::remove_file(&canary).unwrap();
    let mut places: Vec<&Path> = found.iter().map(|(path, _)| path.as_path()).collect();
    places.dedup();
    assert_eq!(places, [canary.as_path()], "{found:?}");
    assert!(count > 1, "there was more to look into");
}

fn export(story: &mut Story) -> String {
    let path = story.folder().join("list.csv");
    story.click("Export…");
    story.until_shown("Export backups");
    story.click("Export");
    story.until_shown("Save to");
    story.fill(Role::TextInput, "Save to", &path.display().to_string());
    story.click("Save");
    story.until_shown("rows saved");
    std::fs::read_to_string(path).unwrap()
}

/// The visible rows as a workbook.
fn export_workbook(story: &mut Story) {
    story.click("Export…");
    story.until_shown("Export backups");
    story.click("Excel workbook");
    story.fill(Role::TextInput, "Save to", &story.folder().join("list.xlsx").display().to_string());
    story.click("Save");
    story.until("the workbook is there", |story| story.folder().join("list.xlsx").exists());
}

fn export_evidence(story: &mut Story) {
    story.press_with(egui::Modifiers::COMMAND, egui::Key::K);
    story.until("the palette is open", |story| story.model().view.dialog == Some(Dialog::Palette));
    story.click_role(Role::MenuItem, "Evidence pack…");
    story.until("the dialog is open", |story| story.model().view.dialog == Some(Dialog::Evidence));
    story.fill(Role::TextInput, "Save to", &story.folder().join("pack.zip").display().to_string());
    story.click("Save");
    story.until("the pack is there", |story| story.folder().join("pack.zip").exists());
}

/// What is packed is looked into: a secret in the name of a service is found in the tables of a pack, and in its workbook, although
/// no byte of the file itself shows it.
pub(super) fn a_secret_in_a_pack_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pack.zip");
    crate::evidence::write_pack(&path, BUCKET_SECRET);
    let search = Search::new([("", BUCKET_SECRET)]);
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(search.traces(&bytes), [], "it is compressed");
    assert!(search.in_file(&bytes).unwrap().len() >= 3, "in a table, the page and the workbook");
    // The workbook alone, which is packed as well.
    let mut pack = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let name = pack.file_names().map(Result::unwrap).find(|name| name.ends_with("evidence.xlsx")).unwrap().into_owned();
    let mut workbook = Vec::new();
    std::io::copy(&mut pack.by_name(&name).unwrap(), &mut workbook).unwrap();
    assert_eq!(search.traces(&workbook), []);
    std::fs::write(folder.path().join("list.xlsx"), &workbook).unwrap();
    let (found, _) = search.in_folder(folder.path()).unwrap();
    for name in ["list.xlsx", "pack.zip"] {
        assert!(found.iter().any(|(path, _)| path.ends_with(name)), "{name}: {found:?}");
    }
}

pub(super) fn settings_and_exports_hold_no_secret() {
    let mut story = Story::signed_in();
    story.until("the key is in the keyring", |story| {
        story.model().data.session.open().is_some_and(|open| open.source == KeySource::Keyring)
    });
    story.go_to_schedules();
    story.fill_new_schedule();
    story.click("My own bucket");
    story.fill(Role::TextInput, "Bucket path", "s3://bucket/folder");
    story.fill(Role::PasswordInput, "Access key ID", "AKIAIOSFODNN7EXAMPLE");
    story.fill(Role::PasswordInput, "Secret access key", BUCKET_SECRET);
    story.fill(Role::TextInput, "Region", "us-east-1");
    story.click("Create schedule");
    story.until("the schedule is created", |story| story.model().view.form.is_none());
    assert!(story.world().requests().iter().any(|request| request.body.contains("credentials")), "they were sent");
    story.press_with(egui::Modifiers::COMMAND, egui::Key::Num3);
    let csv = export(&mut story);
    assert!(csv.lines().count() > 100);
    export_workbook(&mut story);
    export_evidence(&mut story);
    story.until("the settings are written", |story| {
        std::fs::read_to_string(story.folder().join("config/settings.toml")).is_ok_and(|text| text.contains(CANARY))
    });
    assert!(story.folder().join("data/ledger").is_dir(), "the history is looked into too");
    for secret in [story.key().as_str(), BUCKET_SECRET] {
        assert_nowhere(secret, story.folder());
    }
}

pub(super) fn without_a_keyring_no_file_holds_the_key() {
    type Make = fn() -> Error;
    let troubles: [Make; 3] = [
        || Error::PlatformFailure("org.freedesktop.DBus.Error.ServiceUnknown".into()),
        || Error::NoStorageAccess("SS error: prompt dismissed".into()),
        || Error::NoStorageAccess("SS error: result not returned from SS API".into()),
    ];
    for make in troubles {
        let mut story = Story::new();
        let entry = story.with_a_keyring_that_fails(make());
        story.sign_in();
        story.until_shown("Not saved");
        story.until("the keyring said what is wrong", |story| {
            story.model().data.session.open().is_some_and(|open| open.key_problem.is_some())
        });
        story.until("the settings are written", |story| {
            std::fs::read_to_string(story.folder().join("config/settings.toml")).is_ok_and(|text| text.contains(CANARY))
        });
        assert_nowhere(&story.key(), story.folder());
        assert!(entry.get_secret().is_err(), "and the keyring holds none");
        let key = story.key();
        assert!(traces(&key, format!("{:?}", std::env::vars_os()).as_bytes()).is_empty(), "nor the environment");
    }
}

pub(super) fn what_is_written_is_for_this_user_only() {
    let mut story = Story::signed_in();
    export(&mut story);
    story.until("the settings are written", |story| story.folder().join("config/settings.toml").exists());
    let (mut folders, mut files) = (vec![story.folder().to_owned()], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = path.metadata().unwrap().permissions().mode() & 0o777;
            if path.is_dir() {
                assert_eq!(mode, 0o700, "{}", path.display());
                folders.push(path);
            } else {
                assert_eq!(mode, 0o600, "{}", path.display());
                files += 1;
            }
        }
    }
    assert!(files >= 3, "settings, the export and the note beside it: {files}");
}
