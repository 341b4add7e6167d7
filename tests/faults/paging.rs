//! Section 2.3 Paging of the fault matrix.

use std::sync::{Arc, Mutex};
use std::sync::atomic::{AtomicUsize, Ordering};

use egui::Role;
use egui_kittest::kittest::Queryable as _;
use skybackup::api::{ClientLimits, Completeness, Operation};
use skybackup::export::ExportOptions;
use skybackup::msg::TableId;

use super::listing::{Backups, ids, number, page, read_again, row, signed_in};
use super::stage::{Case, Proof};
use crate::support::raw_server::{Reply, json, response};
use crate::support::story::{Opening, Story, brisk};

/// Rows the app asks for at once.
const PAGE: usize = 100;

/// This number of rows from here on.
fn rows(from: usize, count: usize) -> Vec<String> {
    (from..from + count).map(|id| row(&id.to_string())).collect()
}

/// A page of a list that stands still.
fn still(total: usize, pages_count: &str, number: usize) -> Reply {
    let from = (number - 1) * PAGE;
    let count = total.saturating_sub(from).min(PAGE);
    Reply::Send(json(&page(&rows(from, count), total, pages_count)))
}

/// Pages are asked for singly, so that their calls can be counted; `tests/api/pages_at_once.rs` shows that more give the same list.
fn one_after_the_other() -> Opening {
    Opening { pacing: ClientLimits { pages_at_once: 1, ..brisk() }, ..Opening::default() }
}

/// The dialog says that the file is not the whole list, and so does its name.
fn export_is_partial(case: &mut Case, story: &mut Story) {
    story.click("Export…");
    let says = ["Only part of the list is loaded; the note beside the file says so"];
    case.proves(story, &Proof { says: &says, ..Proof::default() });
    assert!(story.model().data.export_name(TableId::Backups, &ExportOptions::default()).contains("partial"));
    story.click("Cancel");
}

/// Whatever the service says of pages, all are read; a list without end is cut, which the screen and the export say.
pub(super) fn page_counts_that_lie(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    for hint in ["0", "-7", "1", "1000000", r#""many""#, "null", "[]"] {
        backups.answer(move |request, _| still(250, hint, number(request)));
        read_again(case, &mut story);
        case.proves(&mut story, &Proof { says: &["250 of 250"], ..Proof::default() });
        assert_eq!((ids(&story).len(), story.shows("Only part of the list")), (250, false), "{hint}");
    }
    for (pacing, cut, read) in [
        (ClientLimits { most_pages: 5, ..brisk() }, "The list was cut at 5 pages", 500),
        (ClientLimits { most_rows: 300, ..brisk() }, "The list was cut at 300 rows", 300),
    ] {
        let (mut story, backups) = signed_in(case, Opening { pacing, ..Opening::default() });
        backups.answer(|request, _| still(1_000_000, "1000000", number(request)));
        read_again(case, &mut story);
        let says = ["Only part of the list", cut, "Ask SkySQL for one service"];
        case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 2 + read / PAGE)], ..Proof::default() });
        assert_eq!(ids(&story).len(), read);
        export_is_partial(case, &mut story);
    }
}

/// A service that sends one page for all is found out with the second.
pub(super) fn repeating_page(case: &mut Case) {
    let (mut story, backups) = signed_in(case, one_after_the_other());
    backups.answer(|_, _| Reply::Send(json(&page(&rows(0, PAGE), 5000, "50"))));
    read_again(case, &mut story);
    let says = ["Only part of the list", "SkySQL sends the same page again and again"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 2 + 2)], ..Proof::default() });
    assert_eq!(ids(&story).len(), PAGE);
    export_is_partial(case, &mut story);
}

/// The first empty page is the end, whatever is promised behind it.
pub(super) fn empty_page_forever(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    backups.answer(|request, _| {
        let rows = if number(request) == 1 { rows(0, PAGE) } else { Vec::new() };
        Reply::Send(json(&format!(r#"{{"backups":[{}],"pages_count":1000000}}"#, rows.join(","))))
    });
    read_again(case, &mut story);
    // The first page once more, to see whether the list has moved.
    case.proves(&mut story, &Proof { says: &["100 of 100"], calls: &[("GET", 2 + 3)], ..Proof::default() });
    assert_eq!(story.model().data.backups().completeness, Completeness::Complete);
}

/// A row that slides onto the next page is one row, as the newer response has it.
pub(super) fn shifting_rows(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    backups.answer(|request, _| {
        let mut on_page = rows((number(request) - 1) * (PAGE - 1), if number(request) == 1 { PAGE } else { 50 });
        if number(request) == 2 {
            on_page[0] = row("99").replace("Succeeded", "Failed");
        }
        Reply::Send(json(&page(&on_page, 149, "2")))
    });
    read_again(case, &mut story);
    case.proves(&mut story, &Proof { says: &["149 of 149"], calls: &[("GET", 2 + 3)], ..Proof::default() });
    let status = |id: &str| story.model().data.backups().find(id).unwrap().status.clone().unwrap();
    assert_eq!((status("99").as_str(), status("98").as_str()), ("Failed", "Succeeded"));
    assert_eq!(story.model().data.backups().completeness, Completeness::Complete);
}

/// A list that moves while it is read is read once more; one that keeps moving says so, and so does its export.
pub(super) fn skipped_row(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    for (moves, is_steady) in [(1, true), (usize::MAX, false)] {
        // Each reading of the first page finds the list with one row fewer at its head, until it stands still.
        let firsts = Arc::new(AtomicUsize::new(0));
        backups.answer(move |request, _| {
            let gone = if number(request) == 1 { firsts.fetch_add(1, Ordering::SeqCst) } else { firsts.load(Ordering::SeqCst) };
            let (gone, from) = (gone.min(moves), (number(request) - 1) * PAGE);
            let count = if number(request) == 1 { PAGE } else { 30 };
            Reply::Send(json(&page(&rows(gone + from, count), 130, "2")))
        });
        read_again(case, &mut story);
        assert_eq!(backups.asked(), 6, "two walks over two pages, each with one more look at the first");
        case.proves(&mut story, &Proof { says: &["130 of 130"], calls: &[("GET", 2 + 6)], ..Proof::default() });
        assert_eq!(story.shows("Changed while loading"), !is_steady);
    }
    story.click("Export…");
    let says = ["The list changed while it was loading; the note beside the file says so"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    assert!(story.model().data.export_name(TableId::Backups, &ExportOptions::default()).contains("partial"));
}

/// A list that is refreshed automatically: what came and went is found with a few of its pages, which the title tells; in another order all of
/// them are fetched.
pub(super) fn light_refresh(case: &mut Case) {
    let world = Arc::new(Mutex::new((0..1_000).collect::<Vec<usize>>()));
    let served = Arc::clone(&world);
    let backups = Backups::default();
    backups.answer(move |request, _| {
        let world = served.lock().unwrap();
        let on_page = world.iter().skip((number(request) - 1) * PAGE).take(PAGE);
        let on_page: Vec<String> = on_page.map(|id| row(&id.to_string())).collect();
        Reply::Send(json(&page(&on_page, world.len(), &world.len().div_ceil(PAGE).to_string())))
    });
    let opening = Opening { auto_refresh_secs: 1, ..one_after_the_other() };
    let mut story = case.raw_with(opening, backups.service());
    story.sign_in();
    let operations = |story: &Story| -> Vec<Operation> {
        story.model().data.activity.iter().rev().map(|record| record.operation).collect()
    };
    let whole = |story: &Story| operations(story).iter().filter(|known| **known == Operation::ListBackups).count();
    let becomes = |story: &mut Story, rows: Vec<usize>| {
        let expected: Vec<String> = rows.iter().map(usize::to_string).collect();
        *world.lock().unwrap() = rows;
        story.until("the list is as it is at the service", |story| ids(story) == expected);
    };
    becomes(&mut story, (0..1_000).rev().collect());
    let before = whole(&story);
    becomes(&mut story, (0..1_003).rev().filter(|id| *id != 500).collect());
    assert_eq!(whole(&story), before, "no listing: {:?}", operations(&story));
    case.proves(&mut story, &Proof { says: &["1,002", "; in full "], ..Proof::default() });
    becomes(&mut story, (0..1_003).collect());
    assert_eq!(whole(&story), before + 12, "11 pages and the first once more");
}

/// What came before a page that failed stays and is called partial; reading goes on at that page; a whole older list is never
/// replaced by a part.
pub(super) fn failing_page(case: &mut Case) {
    let backups = Backups::default();
    let fails_at_2 = |request: &_| match number(request) {
        2 => Reply::Send(response(400, &[], r#"{"message":"no page today"}"#)),
        number => still(250, "3", number),
    };
    backups.answer(move |request, _| fails_at_2(request));
    let mut story = case.raw_with(one_after_the_other(), backups.service());
    story.sign_in();
    let says = ["Only part of the list", "Page 2 could not be read", "Load the rest", "100 of 100"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    export_is_partial(case, &mut story);

    backups.answer(|request, _| still(250, "3", number(request)));
    case.begin(&mut story);
    story.click("Load the rest");
    story.until("the rest is read", |story| ids(story).len() == 250);
    case.proves(&mut story, &Proof { says: &["250 of 250"], calls: &[("GET", 3)], ..Proof::default() });
    let pages: Vec<usize> = story.server().requests().iter().rev().take(3).map(number).collect();
    assert_eq!(pages, [1, 3, 2], "from the page that failed on, and the first once more");
    assert!(!story.shows("Only part of the list"));

    backups.answer(move |request, _| fails_at_2(request));
    read_again(case, &mut story);
    let says = ["Page 2 could not be read: SkySQL rejected the request. Showing data from", "250 of 250"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 2 + 2)], ..Proof::default() });
    assert_eq!(story.model().data.backups().completeness, Completeness::Complete, "the whole list from before");
    nothing_is_sent_after_a_part(case);
}

/// A schedule is not created where only a part of those before it could be read: it could not be told from them afterwards.
fn nothing_is_sent_after_a_part(case: &mut Case) {
    const SCHEDULES: &str = "/skybackup/v1/backups/schedules";
    let schedule = |id: usize| {
        format!(r#"{{"id":{id},"service_id":"dbpgf1","service_name":"orders-prod","type":"full","schedule":"0 2 * * *"}}"#)
    };
    let one = format!("[{}]", schedule(1));
    let many: Vec<String> = (1..=PAGE).map(schedule).collect();
    let many = format!(r#"{{"schedules":[{}],"pages_count":2}}"#, many.join(","));
    let mut story = case.raw(move |request, _| match (request.parameter("service_id"), request.parameter("page")) {
        (Some(_), Some("2")) => Reply::Send(response(400, &[], "{}")),
        (Some(_), _) if request.path == SCHEDULES => Reply::Send(json(&many)),
        _ if request.path == SCHEDULES => Reply::Send(json(&one)),
        _ => Reply::Send(json("[]")),
    });
    story.sign_in();
    story.go_to_schedules();
    story.fill_new_schedule();
    case.begin(&mut story);
    story.click("Create schedule");
    let says = ["Page 2 could not be read: SkySQL rejected the request"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 2), ("POST", 0)], ..Proof::default() });
    assert!(story.model().view.form.is_some() && story.model().data.change().is_none(), "the form is as it was");
}

/// A type is looked for here, in what was read: the service is never asked for one.
pub(super) fn unsupported_filter(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let snapshot = row("third").replace("full", "snapshot");
    let list = json(&page(&[row("first"), snapshot], 2, "1"));
    backups.answer(move |request, _| match request.parameter("type") {
        None => Reply::Send(list.clone()),
        Some(_) => Reply::Send(response(400, &[], "{}")),
    });
    read_again(case, &mut story);
    case.begin(&mut story);
    story.click_role(Role::Button, "Type");
    story.until("the types are offered", |story| story.window.query_by_role_and_label(Role::CheckBox, "Snapshot").is_some());
    story.click_role(Role::CheckBox, "Snapshot");
    case.proves(&mut story, &Proof { says: &["1 of 2"], calls: &[("GET", 0)], ..Proof::default() });
    assert!(story.server().lines().iter().all(|line| !line.contains("type=")));
}
