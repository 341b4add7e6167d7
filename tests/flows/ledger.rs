//! The history in the window: recorded, shown without a network, forgotten, copied, and done without.

use std::fs;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use egui::{Key, Modifiers, Role};
use skybackup::domain::{
    Backup, ChangedRow, Poll, PolledList, RecordedKind, RecordedOutcome, Recurrence, Restore, Schedule, SeenCounts,
    SeenState,
};
use skybackup::ledger::{Ledger, LedgerFile};
use skybackup::model::Dialog;
use skybackup::settings::Paths;

use crate::support::raw_server::{RawRequest, Reply, json};
use crate::support::story::{CRON, Opening, Story};

fn lists(_request: &RawRequest, _number: usize) -> Reply {
    Reply::Send(json(
        r#"{"backups":[{"id":"b1","status":"Succeeded","service_id":"db1"}],"schedules":[{"id":7,"service_id":"db1"}],"services":[]}"#,
    ))
}

fn choose(story: &mut Story, action: &str) {
    story.press_with(Modifiers::COMMAND, Key::K);
    story.until("the palette is open", |story| story.model().view.dialog == Some(Dialog::Palette));
    story.click_role(Role::MenuItem, action);
}

fn folder_of(story: &Story) -> PathBuf {
    Paths::below(story.folder()).data_dir.join("ledger")
}

/// The ledger of the one profile, as another window would open it.
fn ledger(story: &Story) -> Option<Ledger> {
    let account = story.model().data.session.profile()?.account();
    let file = LedgerFile::new(&Paths::below(story.folder()).data_dir, &account);
    file.path().exists().then(|| file.open(story.now()).unwrap().ledger)
}

fn is_recorded(story: &Story) -> bool {
    ledger(story).is_some_and(|ledger| {
        let polls = |list| ledger.polls(list).unwrap().iter().filter(|poll| poll.is_whole()).count();
        polls(PolledList::Backups) > 0 && polls(PolledList::Schedules) > 0
    })
}

#[test]
fn what_was_listed_is_recorded_and_shown_at_the_next_start_without_a_network() {
    let mut story = Story::raw(Opening::default(), lists);
    story.sign_in();
    story.until("both lists are recorded", is_recorded);
    let known = ledger(&story).unwrap();
    assert_eq!(known.listed::<Backup>().unwrap().len(), 1);
    assert_eq!(known.listed::<Schedule>().unwrap().len(), 1);
    drop(known);
    let read_at = story.model().data.backups().remote.at.unwrap();
    story.stop_service();
    story.ask_to_close();
    story.restart();
    story.until("what is known is shown", |story| story.model().data.backups().rows().len() == 1);
    story.until_shown("Offline, showing data from");
    let data = &story.model().data;
    assert!(data.backups().remote.at.unwrap().duration_since(read_at).as_secs().abs() < 60, "with its own age");
    assert_eq!(data.schedules().rows().len(), 1);
}

/// A list of one restore, without a backup.
fn restores(request: &RawRequest, number: usize) -> Reply {
    if !request.path.contains("restores") {
        return lists(request, number);
    }
    Reply::Send(json(r#"{"restores":[{"id":12,"status":"Succeeded","service_id":"db1","service_name":"staging"}]}"#))
}

#[test]
fn restores_are_recorded_and_shown_at_once_at_the_next_start_without_a_network() {
    let mut story = Story::raw(Opening::default(), restores);
    story.sign_in();
    story.until("both lists are recorded", is_recorded);
    assert_eq!(story.model().data.restores().remote.at, None, "nobody looked at them");
    story.press_with(Modifiers::COMMAND, Key::Num5);
    story.until("the restores are recorded", |story| {
        ledger(story).unwrap().polls(PolledList::Restores).unwrap().iter().any(Poll::is_whole)
    });
    assert_eq!(ledger(&story).unwrap().listed::<Restore>().unwrap().len(), 1);
    let read_at = story.model().data.restores().remote.at.unwrap();
    story.stop_service();
    story.ask_to_close();
    story.restart();
    story.until("what is known is there", |story| story.model().data.restores().rows().len() == 1);
    story.press_with(Modifiers::COMMAND, Key::Num5);
    story.click_role(Role::RadioButton, "Restores");
    story.until_shown("staging");
    story.until_shown("Offline, showing data from");
    let shown_at = story.model().data.restores().remote.at.unwrap();
    assert!(shown_at.duration_since(read_at).as_secs().abs() < 60, "with its own age");
}

#[test]
fn a_change_is_recorded_with_its_outcome() {
    let mut story = Story::signed_in();
    story.go_to_schedules();
    story.fill_new_schedule();
    story.click("Create schedule");
    story.until("the schedule is created", |story| story.model().view.form.is_none());
    story.until("the change is recorded", |story| !ledger(story).unwrap().changes().unwrap().is_empty());
    let changes = ledger(&story).unwrap().changes().unwrap();
    let [change] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!((change.kind, change.outcome), (RecordedKind::Create, RecordedOutcome::Done));
    let ChangedRow::Schedule(asked) = &change.row else { panic!("{change:?}") };
    let recurrence = asked.recurrence.as_ref().map(Recurrence::as_str);
    assert_eq!(recurrence, Some(CRON));
    assert!(story.model().data.schedules().find(asked.id.as_str()).is_some(), "under the id it got");
}

#[test]
fn a_history_is_forgotten_with_its_count_in_the_question() {
    let mut story = Story::raw(Opening::default(), lists);
    story.sign_in();
    story.until("both lists are recorded", is_recorded);
    choose(&mut story, "Forget history…");
    story.until_shown("1 backup, 1 schedule and 0 restores are deleted from this computer");
    story.click("Forget history");
    story.until_shown("History forgotten");
    assert_eq!(ledger(&story).unwrap().counts().unwrap(), SeenCounts::default());
    assert_eq!(story.model().data.backups().rows().len(), 1, "what is listed stays on screen");
}

#[test]
fn a_copy_without_a_file_dialog_goes_into_the_home_folder() {
    let mut story = Story::raw(Opening::default(), lists);
    story.sign_in();
    story.until("both lists are recorded", is_recorded);
    choose(&mut story, "Export history…");
    story.until_shown("History exported");
    let mut files = fs::read_dir(story.folder()).unwrap().map(|entry| entry.unwrap().path());
    let copy = files.find(|path| path.to_string_lossy().contains("skysql-history_production_all_")).unwrap();
    let copied = rusqlite::Connection::open(copy).unwrap();
    let rows: i64 = copied.query_row("SELECT count(*) FROM backup", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
}

/// Said once, in words that say what is missing; everything else works.
#[test]
fn without_a_ledger_the_window_works_and_says_so_once() {
    let folder = Rc::new(tempfile::tempdir().unwrap());
    fs::write(&Paths::below(folder.path()).data_dir, "in the way").unwrap();
    let mut story = Story::raw(Opening { folder: Some(folder), ..Opening::default() }, lists);
    story.sign_in();
    story.until_shown("No history of this profile is kept: its folder cannot be written to");
    story.until("the lists are there", |story| story.model().data.backups().rows().len() == 1);
    let notices = |story: &Story| {
        let all = &story.model().data.notifications.list;
        all.iter().filter(|notice| notice.text.starts_with("No history")).count()
    };
    story.press(Key::F5);
    story.until("it is read again", |story| !story.model().data.lists().is_loading());
    assert_eq!(notices(&story), 1);
    choose(&mut story, "Forget history…");
    story.until_shown("There is no history to forget");
}

#[test]
fn a_damaged_history_is_kept_beside_and_a_new_one_begun() {
    let mut story = Story::raw(Opening::default(), lists);
    story.sign_in();
    story.until("both lists are recorded", is_recorded);
    story.ask_to_close();
    story.close();
    let file = fs::read_dir(folder_of(&story))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "sqlite"))
        .unwrap();
    fs::write(&file, "no database").unwrap();
    story.restart();
    story.until_shown("The history of this profile was damaged, so a new one was begun");
    let kept = fs::read_dir(folder_of(&story)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(kept.filter(|name| name.contains(".sqlite.corrupt-")).count(), 1);
    story.until("the new one records", is_recorded);
}

/// Three backups at first, of which the list loses one that is older than a week and one that is not.
fn expiring(request: &RawRequest, is_refreshed: bool) -> Reply {
    let backup = |id: &str, start: &str| {
        format!(r#"{{"id":"{id}","status":"Succeeded","service_id":"db1","type":"full","start_time":"{start}"}}"#)
    };
    let old = [backup("b-old", "2026-01-01T02:00:00Z"), backup("b-young", "2026-09-14T02:00:00Z")].join(",");
    let new = backup("b-new", "2026-09-14T03:00:00Z");
    let backups = if is_refreshed { new } else { format!("{old},{new}") };
    let rows = if request.path.contains("backups") { backups } else { String::new() };
    Reply::Send(json(&format!(r#"{{"backups":[{rows}],"schedules":[],"services":[]}}"#)))
}

#[test]
fn a_backup_that_is_no_longer_listed_is_found_among_all_seen() {
    let is_refreshed = Arc::new(AtomicBool::new(false));
    let script = Arc::clone(&is_refreshed);
    let mut story = Story::raw(Opening::default(), move |request, _| expiring(request, script.load(Ordering::SeqCst)));
    story.sign_in();
    story.until("both lists are recorded", is_recorded);
    is_refreshed.store(true, Ordering::SeqCst);
    story.press(Key::F5);
    story.until("the new list is there", |story| story.model().data.backups().rows().len() == 1);
    story.press_with(Modifiers::COMMAND, Key::Num3);
    story.click("All seen");
    story.until("all are shown", |story| story.model().data.shown_backups().index.order.len() == 3);
    story.until_shown("3 seen since");
    let state = |story: &Story, id: &str| story.model().data.shown_backups().find(id).unwrap().sighting.unwrap().state;
    assert_eq!(state(&story, "b-old"), SeenState::Expired);
    assert_eq!(state(&story, "b-young"), SeenState::Gone);
    assert_eq!(state(&story, "b-new"), SeenState::Listed);
    assert_eq!(story.model().data.backups().rows().len(), 1, "what is listed is another matter");

    story.ask_to_close();
    story.restart();
    story.until("it is shown again", |story| story.model().data.shown_backups().index.order.len() == 3);
    story.click("Listed now");
    story.until("what is listed is shown", |story| story.model().data.shown_backups().index.order.len() == 1);
    for count in [3, 1] {
        choose(&mut story, "All backups ever seen");
        story.until("the palette goes from one to the other", |story| {
            story.model().data.shown_backups().index.order.len() == count
        });
    }
}
