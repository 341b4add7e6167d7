//! Looking for a newer version, through the whole window.

use egui::{Key, Modifiers};
use skybackup::domain::ApiUrl;
use skybackup::model::UpdateSource;
use skybackup::settings::{self, Paths, UpdateChoice};

use crate::support::raw_server::{RawServer, response};
use crate::support::story::{Opening, Story};

const QUESTION: &str = "Check for new versions of SkyBackup?";

/// A file with this version, and a window whose build knows its address.
fn open(runtime: &tokio::runtime::Runtime, version: &'static str) -> (RawServer, Story) {
    let server = runtime.block_on(RawServer::always(response(200, &[], version)));
    let file = ApiUrl::parse_with_path(&format!("{}/version.txt", server.url())).unwrap();
    let updates = Some(UpdateSource { file, page: "https://example.org/skybackup".to_owned() });
    let mut story = Story::open(Opening { updates, ..Opening::default() });
    story.sign_in();
    (server, story)
}

#[test]
fn the_user_is_asked_first_and_told_of_a_newer_version() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (server, mut story) = open(&runtime, "99.0.1\n");
    story.until_shown(QUESTION);
    assert_eq!(server.connections(), 0, "not before");
    story.click("Check once a day");
    story.until_shown("SkyBackup 99.0.1 is available");
    assert!(!story.shows(QUESTION));
    story.click("Later");
    story.until("it is gone", |story| !story.shows("is available"));
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("x-api-key"), None, "the file is no matter of the account");
}

#[test]
fn a_no_is_remembered_and_nothing_is_read() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (server, mut story) = open(&runtime, "99.0.1");
    story.until_shown(QUESTION);
    story.click("Do not check");
    story.until("the question is gone", |story| !story.shows(QUESTION));
    story.calm();
    story.press_with(Modifiers::COMMAND, Key::Q);
    let (settings, _) = settings::read(&Paths::below(story.folder()));
    assert_eq!(settings.preferences.updates, UpdateChoice::Never);
    assert_eq!(server.connections(), 0);
}
