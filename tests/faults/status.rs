//! Section 2.4 Status codes of the fault matrix.

use egui::Key;
use skybackup::domain::Schedule;

use super::restoring;
use super::stage::{Case, Proof};
use crate::support::demo::{Fault, FaultScope};
use crate::support::raw_server::{Reply, json, response};
use crate::support::story::{CRON, Opening, Story};

const BACKUPS: &str = "/skybackup/v1/backups";
const SCHEDULES: &str = "/skybackup/v1/backups/schedules";

/// On the schedules, signed in, with the form of a new schedule filled.
fn with_form(case: &mut Case) -> Story {
    let mut story = case.signed_in();
    story.go_to_schedules();
    story.fill_new_schedule();
    case.begin(&mut story);
    story
}

/// On the schedules, signed in, with one selected that runs again and again.
fn with_schedule(case: &mut Case) -> (Story, Schedule) {
    let mut story = case.signed_in();
    story.go_to_schedules();
    let chosen = story.select_schedule(|it| !it.is_once() && !it.is_suspended() && it.service_name.as_deref() == Some("billing"));
    story.until("its detail is read", |story| story.model().data.lists().single_schedule.value().is_some());
    case.begin(&mut story);
    (story, chosen)
}

/// Answers the next requests by this method with this status.
fn answer_next(story: &Story, times: u32, method: &str, fault: Fault) {
    story.world().set_fault_for(fault, FaultScope::next(times).on_method(method).on_path(BACKUPS));
}

fn ask_to_delete(story: &mut Story) {
    story.click("Delete…");
    story.until_shown("Keep schedule");
    story.click("Delete schedule");
}

fn refresh(story: &mut Story) {
    story.calm();
    let calls = story.methods().len();
    story.press(Key::F5);
    story.until("the service is asked", |story| story.methods().len() > calls);
    story.calm();
}

fn reads_of(story: &Story, path: &str) -> usize {
    story.world().requests().iter().filter(|request| request.method == "GET" && request.path == path).count()
}

/// The service's own words stand in the form, which stays filled; nothing is sent again. A list that is refused stays as it was.
pub(super) fn bad_request(case: &mut Case) {
    let mut story = with_form(case);
    for code in [400, 422] {
        let words = format!("The cadence is not to the liking of {code}");
        let body = format!(r#"{{"errors":[{{"error":"invalid","message":"{words}"}}],"trace_id":"t-{code}"}}"#);
        answer_next(&story, 1, "POST", Fault::status(code, &body));
        case.begin(&mut story);
        story.click("Create schedule");
        let says = ["SkySQL rejected the request", &words, &format!("t-{code}")];
        case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 1), ("POST", 1)], ..Proof::default() });
        assert_eq!(story.cron_entered(), CRON, "the form is as it was");
    }
    story.press(Key::Escape);
    let rows = story.model().data.schedules().rows().len();
    story.world().set_fault_for(Fault::status(400, "{}"), FaultScope::default().on_path(SCHEDULES));
    refresh(&mut story);
    let says = ["SkySQL rejected the request", "Showing data from"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], ..Proof::default() });
    assert_eq!(story.model().data.schedules().rows().len(), rows, "what was read stays");
}

/// One banner, every call stops, what was read stays, and so does the stored key.
pub(super) fn unauthorized(case: &mut Case) {
    let mut story = with_form(case);
    answer_next(&story, 1, "POST", Fault::status(401, ""));
    story.click("Create schedule");
    let says = ["SkySQL rejected this API key", "Nothing more is read with it"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], ..Proof::default() });
    assert!(story.model().view.form.is_some(), "the form is kept");

    let mut story = case.signed_in();
    let rows = story.model().data.backups().rows().len();
    story.world().set_fault(Fault::status(401, ""));
    refresh(&mut story);
    case.begin(&mut story);
    story.press(Key::F5);
    (0..5).for_each(|_| story.step());
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 0)], ..Proof::default() });
    assert_eq!(story.model().data.backups().rows().len(), rows, "what was read stays");
    assert!(story.stored_key().is_some(), "the stored key is not touched");
}

/// A matter of this one thing, not of the session.
pub(super) fn forbidden(case: &mut Case) {
    let mut story = with_form(case);
    answer_next(&story, 1, "POST", Fault::status(403, "{}"));
    story.click("Create schedule");
    let says = ["This API key is not allowed to do this"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], ..Proof::default() });
    story.press(Key::Escape);
    story.world().set_fault_for(Fault::status(403, "{}"), FaultScope::default().on_path(SCHEDULES));
    case.begin(&mut story);
    refresh(&mut story);
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    let data = &story.model().data;
    assert!(data.session.open().unwrap().refused.is_none() && data.backups().remote.error().is_none());
}

/// A list that is not found is an empty one, a schedule that is not found was deleted.
pub(super) fn not_found(case: &mut Case) {
    let (mut story, chosen) = with_schedule(case);
    answer_next(&story, 1, "DELETE", Fault::status(404, "{}"));
    ask_to_delete(&mut story);
    let gone = ["The schedule of billing was already gone"];
    case.proves(&mut story, &Proof { says: &gone, calls: &[("DELETE", 1)], ..Proof::default() });
    assert!(story.model().view.dialog.is_none());

    // The reading before a deletion finds nothing: then nothing is to be deleted.
    let (mut story, again) = with_schedule(case);
    assert_eq!(again.id, chosen.id);
    let single = format!("{SCHEDULES}/{}", chosen.id);
    story.world().set_fault_for(Fault::status(404, "{}"), FaultScope::default().on_method("GET").on_path(&single));
    ask_to_delete(&mut story);
    case.proves(&mut story, &Proof { says: &gone, calls: &[("DELETE", 0)], ..Proof::default() });
    assert!(story.model().view.dialog.is_none());

    let (mut story, _) = with_schedule(case);
    answer_next(&story, 1, "PATCH", Fault::status(404, "{}"));
    story.click("Suspend…");
    story.click("Suspend schedule");
    let says = ["SkySQL no longer has this schedule"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("PATCH", 1)], ..Proof::default() });
    // The dialog says it; the list is behind it.
    story.press(egui::Key::Escape);

    story.world().set_fault_for(Fault::status(404, "{}"), FaultScope::default().on_path(SCHEDULES));
    story.calm();
    refresh(&mut story);
    story.until("the list is empty", |story| story.model().data.schedules().rows().is_empty());
    assert!(story.model().data.schedules().remote.error().is_none());
}

/// Nothing is repeated; the dialog says why, and the list is read again.
pub(super) fn conflict(case: &mut Case) {
    let (mut story, _) = with_schedule(case);
    let body = r#"{"errors":[{"error":"conflict","message":"a backup of it is running"}]}"#;
    answer_next(&story, 1, "DELETE", Fault::status(409, body));
    let lists = reads_of(&story, SCHEDULES);
    ask_to_delete(&mut story);
    let says = ["SkySQL cannot delete this schedule now", "a backup of it is running", "Wait until its backup has finished"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("DELETE", 1)], ..Proof::default() });
    story.calm();
    assert_eq!(reads_of(&story, SCHEDULES), lists + 1, "the list is read again");

    let mut story = with_form(case);
    answer_next(&story, 1, "POST", Fault::status(409, body));
    story.click("Create schedule");
    let says = ["SkySQL cannot make this change now", "a backup of it is running"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], ..Proof::default() });
    assert!(story.model().view.form.is_some(), "the form is kept");
}

/// The API knows no condition to send along, so the schedule is read first. What somebody else changed meanwhile is shown beside
/// what was wanted, and nothing is sent before the user says so.
pub(super) fn precondition(case: &mut Case) {
    let (mut story, chosen) = with_schedule(case);
    answer_next(&story, 1, "PATCH", Fault::status(412, "{}"));
    story.click("Suspend…");
    story.click("Suspend schedule");
    let says = ["SkySQL cannot make this change now"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("PATCH", 1)], ..Proof::default() });

    let (mut story, chosen) = {
        let (story, again) = with_schedule(case);
        assert_eq!(again.id, chosen.id);
        (story, again)
    };
    story.press(Key::F2);
    story.until_shown("Save changes");
    story.click("Advanced");
    story.fill(egui::Role::TextInput, "Cron expression", CRON);
    story.until_shown("At 03:30");
    story.world().change_schedule(chosen.id.as_str(), "11 11 * * *");
    story.click("Save changes");
    let title = format!("Somebody else changed schedule {}, so nothing was sent", chosen.id);
    let values = format!("wanted {CRON} · before {} · now 11 11 * * *", chosen.recurrence.as_ref().unwrap().as_str());
    case.proves(&mut story, &Proof { says: &[&title, &values], ..Proof::default() });
    story.press(Key::Escape);
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    story.click("Send it anyway");
    let says = ["Schedule of billing changed"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("PATCH", 1)], ..Proof::default() });

    // So it is before a deletion.
    let (mut story, chosen) = with_schedule(case);
    story.world().change_schedule(chosen.id.as_str(), "12 12 * * *");
    ask_to_delete(&mut story);
    let title = format!("Somebody else changed schedule {}, so it was not deleted", chosen.id);
    let says = [title.as_str(), "Now: ", "At 12:12 UTC", "Keep it as it is"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("DELETE", 0)], ..Proof::default() });
    story.press(Key::Escape);
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    story.click("Delete it anyway");
    let says = ["Schedule of billing deleted"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("DELETE", 1)], more_schedules: -1 });
}

/// Reads wait and say so, with a way out; a creation is not repeated, a change is, once.
pub(super) fn too_many_requests(case: &mut Case) {
    let after = |secs: &str| Fault::Status {
        code: 429,
        body: "{}".to_owned(),
        headers: vec![("retry-after".to_owned(), secs.to_owned())],
    };
    let mut story = case.signed_in();
    answer_next(&story, 1, "GET", after("4"));
    story.press(Key::F5);
    case.proves(&mut story, &Proof { says: &["SkySQL asks to wait", "Cancel"], ..Proof::default() });
    story.calm();
    assert!(story.model().data.backups().remote.error().is_none(), "it was read after the wait");

    let (mut story, _) = with_schedule(case);
    answer_next(&story, 1, "PATCH", after("4"));
    story.click("Suspend…");
    story.click("Suspend schedule");
    story.until_shown("if this change has not gone out yet, it waits too");
    let says = ["Schedule of billing suspended"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("PATCH", 2)], ..Proof::default() });

    let mut story = with_form(case);
    answer_next(&story, 1, "POST", after("300"));
    story.click("Create schedule");
    let says = ["SkySQL is limiting requests (HTTP 429) and asks to wait until"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 1), ("POST", 1)], ..Proof::default() });
    assert!(story.model().view.form.is_some() && story.model().data.change().is_none(), "not accepted, and kept");
    story.press(Key::Escape);
    // The whole service is left alone meanwhile, and the user is asked once before it is not.
    story.press(Key::F5);
    story.calm();
    story.press(Key::F5);
    let says = ["Refresh now, although SkySQL asked to wait?"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 1), ("POST", 1)], ..Proof::default() });
    story.click("Refresh anyway");
    story.calm();
    assert!(story.model().data.backups().remote.error().is_none(), "it is read when the user asks");
}

/// A read is repeated without a word. A creation is looked for and not repeated. A change is read back, then repeated once.
fn passing(case: &mut Case, code: u16) {
    let fault = || Fault::status(code, "");
    let mut story = case.signed_in();
    answer_next(&story, 2, "GET", fault());
    refresh(&mut story);
    let data = &story.model().data;
    assert!(data.backups().remote.error().is_none() && data.schedules().remote.error().is_none(), "{code}");

    story.go_to_schedules();
    story.fill_new_schedule();
    answer_next(&story, 1, "POST", fault());
    case.begin(&mut story);
    story.click("Create schedule");
    case.proves(&mut story, &Proof {
        says: &["Not found so far; it may still appear", "Sending it again could create a second schedule"],
        calls: &[("POST", 1)],
        ..Proof::default()
    });

    let (mut story, _) = with_schedule(case);
    answer_next(&story, 1, "PATCH", fault());
    story.click("Suspend…");
    story.click("Suspend schedule");
    let says = ["Schedule of billing suspended"];
    // Read before, sent, read back, sent again.
    case.proves(&mut story, &Proof { says: &says, calls: &[("PATCH", 2)], ..Proof::default() });
    story.calm();
    case.begin(&mut story);
    answer_next(&story, 1, "DELETE", fault());
    ask_to_delete(&mut story);
    let says = ["of billing deleted"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("DELETE", 2)], more_schedules: -1 });
}

/// As every passing fault; and a creation that was done before the 500 is found.
pub(super) fn server_error(case: &mut Case) {
    passing(case, 500);
    let mut story = with_form(case);
    answer_next(&story, 1, "POST", Fault::CommitThen500);
    story.click("Create schedule");
    let says = ["new since your request"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], more_schedules: 1 });
}

pub(super) fn gateway_errors(case: &mut Case) {
    for code in [502, 504, 408] {
        passing(case, code);
    }
}

/// As every passing fault, and the wait the service asks for is kept.
pub(super) fn unavailable(case: &mut Case) {
    passing(case, 503);
    let mut story = case.signed_in();
    let headers = vec![("retry-after".to_owned(), "1".to_owned())];
    answer_next(&story, 1, "GET", Fault::Status { code: 503, body: String::new(), headers });
    let began = std::time::Instant::now();
    refresh(&mut story);
    assert!(began.elapsed() >= std::time::Duration::from_secs(1), "not earlier than asked");
    assert!(story.model().data.backups().remote.error().is_none());
    story.world().set_fault_for(Fault::status(503, ""), FaultScope::default().on_path(SCHEDULES));
    story.go_to_schedules();
    refresh(&mut story);
    case.proves(&mut story, &Proof { says: &["SkySQL is temporarily unavailable (HTTP 503)"], ..Proof::default() });
}

/// What no repeat can change is not repeated, and what was certainly not done is not called unknown.
pub(super) fn oddities(case: &mut Case) {
    for (code, words) in [
        (501, "SkySQL does not support this request (HTTP 501)"),
        (505, "SkySQL does not support this request (HTTP 505)"),
        (300, "The service redirected to another address"),
        (304, "The service redirected to another address"),
    ] {
        let mut story = with_form(case);
        answer_next(&story, 1, "POST", Fault::status(code, ""));
        story.click("Create schedule");
        case.proves(&mut story, &Proof { says: &[words], calls: &[("GET", 1), ("POST", 1)], ..Proof::default() });
        assert!(story.model().data.change().is_none() && story.model().view.form.is_some(), "{code}");
        story.press(Key::Escape);
        story.world().set_fault_for(Fault::status(code, ""), FaultScope::default().on_path(SCHEDULES));
        let reads = reads_of(&story, SCHEDULES);
        refresh(&mut story);
        assert_eq!(reads_of(&story, SCHEDULES), reads + 1, "{code}: not repeated");
    }
    // A word before the response is none.
    let mut story = case.raw(|_, _| {
        let early = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".to_vec();
        Reply::Send([early, json(r#"{"backups":[{"id":"b1"}],"schedules":[],"services":[]}"#)].concat())
    });
    story.sign_in();
    assert_eq!(story.model().data.backups().rows().len(), 1);
}

/// The first 401 stops the reading; a change on its way keeps its own result, and a new key is not touched by the old one's 401.
pub(super) fn revoked_in_the_middle(case: &mut Case) {
    let mut story = with_form(case);
    answer_next(&story, 1, "POST", Fault::SlowMs(400));
    story.click("Create schedule");
    story.until("it was sent", |story| story.methods().iter().any(|method| method == "POST"));
    story.world().set_fault_for(Fault::status(401, ""), FaultScope::default().on_method("GET"));
    story.press(Key::F5);
    let says = ["SkySQL rejected this API key", "Schedule for orders-prod created"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], more_schedules: 1 });
    story.calm();
    assert!(!story.model().data.lists().is_loading(), "nothing more is read");
    assert!(story.stored_key().is_some());

    // A response to the old key comes after the new one was accepted.
    story.world().clear_faults();
    story.click("Enter a new key");
    story.until_shown("API key");
    let key = story.key();
    story.fill(egui::Role::PasswordInput, "API key", &key);
    story.click("Sign in");
    story.until("signed in with the new key", |story| story.model().data.can_read());
    story.calm();
    assert!(!story.shows("SkySQL rejected this API key"));
    revoked_while_restoring(case);
}

/// A restore on its way keeps its own result too.
fn revoked_while_restoring(case: &mut Case) {
    let mut story = restoring::with_restore(case, Opening::default());
    let before = story.world().restore_count();
    restoring::set_fault(&story, Fault::SlowMs(400));
    restoring::send(&mut story);
    story.until("it was sent", |story| story.world().restore_count() > before);
    story.world().set_fault_for(Fault::status(401, ""), FaultScope::default().on_method("GET"));
    restoring::proves(case, &mut story, &["SkySQL rejected this API key"], (1, before, 1));
    story.until("its result is known", |story| story.model().data.change().is_none());
    assert!(!story.shows("The response was lost") && !story.shows("Not found so far"));
}

/// What is no wait is ignored; a wait that nobody waits for is named; none brings the program to its knees.
pub(super) fn odd_retry_after(case: &mut Case) {
    let named = ["3600", "99999999999999999999", "Fri, 01 Jan 2100 00:00:00 GMT"];
    let ignored = ["-1", "abc", "Fri, 01 Jan 2010 00:00:00 GMT"];
    for (header, is_named) in named.map(|header| (header, true)).into_iter().chain(ignored.map(|header| (header, false))) {
        let mut story = case.raw(move |request, _| {
            if request.path == SCHEDULES {
                Reply::Send(response(503, &[("retry-after", header)], ""))
            } else {
                Reply::Send(json(r#"{"backups":[],"services":[]}"#))
            }
        });
        let key = story.key();
        story.sign_in_with(&key);
        story.until("the response is known", |story| story.model().data.schedules().remote.error().is_some());
        story.go_to_schedules();
        let words = "SkySQL is temporarily unavailable (HTTP 503) and asks to wait until";
        let says: &[&str] = if is_named { &[words] } else { &["SkySQL is temporarily unavailable (HTTP 503)"] };
        case.proves(&mut story, &Proof { says, ..Proof::default() });
        assert_eq!(story.shows(words), is_named, "{header}");
        let calls = story.server().requests().iter().filter(|request| request.path == SCHEDULES).count();
        assert_eq!(calls, if is_named { 1 } else { 4 }, "{header}");
    }
}
