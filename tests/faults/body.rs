//! Section 2.2 Body and data of the fault matrix.

use std::io::Write as _;

use egui::Role;
use egui_kittest::kittest::By;
use skybackup::api::ClientLimits;
use skybackup::export::ExportOptions;
use skybackup::msg::TableId;

use super::listing::{ids, read_again, row, signed_in};
use super::stage::{Case, Proof};
use crate::support::demo::{Fault, FaultScope};
use crate::support::raw_server::{Reply, json, response};
use crate::support::story::{Opening, Story, brisk};

const SCHEDULES: &str = "/skybackup/v1/backups/schedules";
const INCOMPLETE: &str = "The response was incomplete or in an unknown format";

/// The list is requested this often, this is shown, and the rows from before stay.
fn fails(case: &mut Case, story: &mut Story, says: &str, asked: usize) {
    let before = ids(story);
    read_again(case, story);
    case.proves(story, &Proof { says: &[says], calls: &[("GET", 2 + asked)], ..Proof::default() });
    assert_eq!(ids(story), before, "{says}: what was read stays");
}

/// The list is read, asked for so often, and holds just these rows.
fn is_read(case: &mut Case, story: &mut Story, rows: &[&str], asked: usize) {
    read_again(case, story);
    let shown = format!("{0} of {0}", rows.len());
    case.proves(story, &Proof { says: &[&shown], calls: &[("GET", 2 + asked)], ..Proof::default() });
    assert_eq!(ids(story), rows);
    assert_eq!(story.model().data.backups().remote.error(), None);
}

/// Selects a row by a part of what it is called.
fn select(story: &mut Story, name: &str) {
    story.click_at(&By::new().role(Role::Row).label_contains(name));
    story.until("the row is selected", |story| story.model().data.backups().focused.is_some());
}

/// A page of these rows, whose count is theirs.
fn listed(rows: &[&str]) -> Vec<u8> {
    json(&format!(r#"{{"backups":[{}],"backups_count":{},"pages_count":1}}"#, rows.join(","), rows.len()))
}

/// A web page is distinguished from the service by type, status and first character; nothing of it is quoted; no type is no fault.
pub(super) fn html_with_200(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let page = "<!doctype html><title>Sign in</title><input value='token-1f9'>";
    backups.always(response(200, &[("content-type", "text/html; charset=utf-8")], page));
    fails(case, &mut story, "A proxy or sign-in page (text/html) answered instead of 127.0.0.1", 1);
    backups.always(response(200, &[("content-type", "text/html")], "Please sign in, token-1f9"));
    fails(case, &mut story, "A proxy or sign-in page (text/html) answered", 1);
    backups.always(response(200, &[], page));
    fails(case, &mut story, "A proxy or sign-in page answered instead of 127.0.0.1", 1);
    assert!(!story.shows("token-1f9"));
    backups.always(response(200, &[], format!("[{}]", row("third"))));
    is_read(case, &mut story, &["third"], 1);
}

/// JSON is JSON, whatever it is called.
pub(super) fn json_as_text(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    for kind in ["text/plain", "text/html", "application/octet-stream"] {
        let id = kind.replace('/', "-");
        backups.always(response(200, &[("content-type", kind)], format!("[{}]", row(&id))));
        is_read(case, &mut story, &[&id], 1);
    }
}

/// A cut or empty response is asked for once more, then said; a creation answered without words is looked up, a deletion is done.
pub(super) fn truncated_or_empty(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    for cut in [r#"{"backups":[{"id":"thi"#, ""] {
        backups.always(json(cut));
        fails(case, &mut story, INCOMPLETE, 2);
        let whole = format!("[{}]", row("third"));
        backups.answer(move |_, number| Reply::Send(json(if number == 0 { cut } else { &whole })));
        is_read(case, &mut story, &["third"], 2);
    }

    let mut story = case.signed_in();
    story.go_to_schedules();
    story.fill_new_schedule();
    case.begin(&mut story);
    let next = |method| FaultScope::next(1).on_method(method).on_path(SCHEDULES);
    story.world().set_fault_for(Fault::CommitThenEmpty, next("POST"));
    story.click("Create schedule");
    let proof = Proof { says: &["new since your request"], calls: &[("POST", 1)], more_schedules: 1 };
    case.proves(&mut story, &proof);

    let mut story = case.signed_in();
    story.go_to_schedules();
    story.select_schedule(|schedule| schedule.service_name.as_deref() == Some("orders-prod"));
    case.begin(&mut story);
    story.world().set_fault_for(Fault::CommitThenEmpty, next("DELETE"));
    story.click("Delete…");
    story.click("Delete schedule");
    case.proves(&mut story, &Proof { says: &["deleted"], calls: &[("DELETE", 1)], more_schedules: -1 });
}

/// Bytes that are no text are named by the place of the first, after one more try.
pub(super) fn invalid_utf8(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    backups.always(response(200, &[("content-type", "application/json")], b"[{\"id\":\"a\xff\"}]"));
    fails(case, &mut story, "The response is damaged: not UTF-8 text from byte 9 on", 2);
}

/// A byte order mark is no part of the response.
pub(super) fn byte_order_mark(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    backups.always(json(&format!("\u{feff}[{}]", row("third"))));
    is_read(case, &mut story, &["third"], 1);
}

/// What is larger than it may be, packed, plain or without an end, is read no further and not asked for again.
pub(super) fn bombs_and_huge_bodies(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening { pacing: ClientLimits::default(), ..Opening::default() });
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    (0..256).for_each(|_| bomb.write_all(&vec![b' '; 1024 * 1024]).unwrap());
    let plain = format!("[{}]", " ".repeat(17 * 1024 * 1024));
    let endless = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{plain}").into_bytes();
    backups.always(response(200, &[("content-encoding", "gzip")], bomb.finish().unwrap()));
    fails(case, &mut story, "The response was larger than SkyBackup accepts", 1);
    backups.always(json(&plain));
    fails(case, &mut story, "Narrow the list, for example to one service", 1);
    backups.answer(move |_, _| Reply::Stall(endless.clone()));
    fails(case, &mut story, "The response was larger than SkyBackup accepts", 1);
}

/// A packed response that is broken or cut is one whose connection broke: read again, then said.
pub(super) fn corrupt_gzip(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(format!("[{}]", row("third")).as_bytes()).unwrap();
    let whole = packed.finish().unwrap();
    let gzip = |body: &[u8]| response(200, &[("content-encoding", "gzip")], body);
    for broken in [gzip(b"no gzip at all"), gzip(&whole[..whole.len() / 2])] {
        backups.always(broken.clone());
        fails(case, &mut story, "The connection was lost before the full response arrived", 4);
        let good = gzip(&whole);
        backups.answer(move |_, number| Reply::Send(if number == 0 { broken.clone() } else { good.clone() }));
        is_read(case, &mut story, &["third"], 2);
    }
}

/// What was asked for is gzip under that name alone. Any other coding is named; one that the body does not have does no harm. Of two
/// gzip members only the first is unpacked, without an error, so the JSON itself has to be whole.
pub(super) fn other_codings(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let text = format!("[{}]", row("third"));
    let gzip = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let coded = |coding, body: &[u8]| {
        response(200, &[("content-type", "application/json"), ("content-encoding", coding)], body)
    };
    for coding in ["x-gzip", "GZIP", "deflate", "br"] {
        backups.always(coded(coding, &gzip(&text)));
        fails(case, &mut story, &format!("The response was compressed in a way SkyBackup cannot read ({coding})"), 2);
    }
    let (first, second) = text.split_at(20);
    backups.always(coded("gzip", &[gzip(first), gzip(second)].concat()));
    fails(case, &mut story, INCOMPLETE, 2);
    backups.always(coded("deflate", text.as_bytes()));
    is_read(case, &mut story, &["third"], 1);
}

/// Nesting without end harms nothing, in a field that is not known, in one that is, and in place of the list.
pub(super) fn deep_nesting(case: &mut Case) {
    const DEPTH: usize = 2_000_000;
    let nested = format!("{}1{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let (mut story, backups) = signed_in(case, Opening { pacing: ClientLimits::default(), ..Opening::default() });
    let unknown = format!(r#"{{"id":"third","service_name":"nested","new":{nested}}}"#);
    let known = format!(r#"{{"id":"fourth","status":{nested}}}"#);
    backups.always(listed(&[&unknown, &known]));
    is_read(case, &mut story, &["third", "fourth"], 1);
    select(&mut story, "nested");
    let says = ["Fields this app does not know", "4000001 bytes, not kept"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 3)], ..Proof::default() });
    backups.always(json(&nested));
    read_again(case, &mut story);
    case.proves(&mut story, &Proof { says: &["1 row could not be read"], ..Proof::default() });
}

/// Every field may be missing or null; a field that is not known is shown with the row and hurts nothing.
pub(super) fn missing_null_extra(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let null = r#"{"id":"third","service_id":null,"service_name":null,"type":null,"status":null,"start_time":null,
        "storage_bytes":null,"is_external_storage":null,"labels":null}"#;
    let extra = r#"{"id":"fifth","service_name":"extra","retention":{"days":7}}"#;
    backups.always(listed(&[null, r#"{"id":"fourth"}"#, extra]));
    is_read(case, &mut story, &["third", "fourth", "fifth"], 1);
    case.proves(&mut story, &Proof { says: &["unknown service, unknown type, no status, no start time"], ..Proof::default() });
    select(&mut story, "extra, unknown type");
    case.proves(&mut story, &Proof { says: &["retention", r#"{"days":7}"#], ..Proof::default() });
}

/// An id is text whatever its JSON type, with every digit it came with; a row without one stays a row.
pub(super) fn odd_numbers(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let numbers = ["73114", r#""73115""#, "73116.0", "99999999999999999999", "-0", r#""""#, "1.5", "true"];
    let rows = numbers.map(|number| format!(r#"{{"id":{number},"service_name":"n","storage_bytes":{number}}}"#));
    backups.always(listed(&rows.each_ref().map(String::as_str)));
    is_read(case, &mut story, &["73114", "73115", "73116", "99999999999999999999", "-0", "", "1.5", ""], 1);
    let sizes: Vec<Option<u64>> = story.model().data.backups().rows().iter().map(|row| row.storage_bytes).collect();
    assert_eq!(sizes[..5], [Some(73114), Some(73115), Some(73116), None, Some(0)]);
    assert_eq!(sizes[5..], [None, None, None]);
    let unknown = |place: u32| story.model().data.backups().rows().get(place).unwrap().unknown;
    assert_eq!(unknown(3).as_deref(), Some(r#"{"storage_bytes":99999999999999999999}"#), "kept as it came");
    assert_eq!(unknown(7).as_deref(), Some(r#"{"id":true,"storage_bytes":true}"#));
}

/// A row that says one thing twice is no row: it is counted, and costs no other.
pub(super) fn duplicate_keys(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    backups.always(listed(&[r#"{"id":"third","id":"fourth"}"#, &row("fifth")]));
    read_again(case, &mut story);
    let says = ["1 row could not be read", "1 of 1"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 3)], ..Proof::default() });
    assert_eq!(ids(&story), ["fifth"]);
}

/// A list in place of an object is never read by position.
pub(super) fn array_for_object(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    backups.always(json(r#"[["third","dbpgf1"],[5]]"#));
    read_again(case, &mut story);
    case.proves(&mut story, &Proof { says: &["2 rows could not be read"], calls: &[("GET", 3)], ..Proof::default() });
    assert!(ids(&story).is_empty());
    backups.always(json(r#"{"backups":5}"#));
    fails(case, &mut story, INCOMPLETE, 2);
}

/// A broken row costs that row alone; the number missing is shown above the list, in the export and beside the file.
pub(super) fn one_bad_row(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    backups.always(listed(&[&row("third"), "5", &row("fourth")]));
    is_read(case, &mut story, &["third", "fourth"], 1);
    story.until_shown("1 row could not be read");
    story.click("Export…");
    let says = ["1 row could not be read and is missing; the note beside the file says so"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    assert!(story.model().data.export_name(TableId::Backups, &ExportOptions::default()).contains("partial"));
    let path = save_for_scripts(&mut story);
    let (rows, beside) = (csv_rows(&path), std::fs::read_to_string(path.with_extension("meta.json")).unwrap());
    assert_eq!(rows.len(), 2);
    assert!(beside.contains("partial: 1 row could not be read"), "{beside}");
}

/// In the open export dialog: writes the rows as programs want them.
fn save_for_scripts(story: &mut Story) -> std::path::PathBuf {
    let path = story.folder().join("list.csv");
    story.click("Scripts");
    story.click("Export");
    story.until_shown("Save to");
    story.fill(Role::TextInput, "Save to", &path.display().to_string());
    story.click("Save");
    story.until_shown("rows saved");
    path
}

fn csv_rows(path: &std::path::Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(path).unwrap().records().map(Result::unwrap).collect()
}

/// A word that is not known stays as it is, is in the row, and is sorted behind the known ones.
pub(super) fn unknown_words(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let of = |id: &str, kind: &str, status: &str| {
        format!(r#"{{"id":"{id}","service_name":"orders","type":"{kind}","status":"{status}"}}"#)
    };
    let rows = [of("third", "clone", "Aardvarked"), of("fourth", "full", "Succeeded"), of("fifth", "full", "Failed")];
    backups.always(listed(&rows.each_ref().map(String::as_str)));
    is_read(case, &mut story, &["third", "fourth", "fifth"], 1);
    story.click_role(Role::ColumnHeader, "Status");
    story.until("sorted by status", |story| {
        story.model().data.backups().layout.sort.first().is_some_and(|by| by.key == "status")
    });
    let says = ["orders, clone, Aardvarked, no start time, row 3 of 3"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
}

/// Times are read in each known form; one without a zone is UTC and says so; any other stays the text it is, and none is now.
pub(super) fn odd_dates(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let at = "2026-09-14T02:11:42Z".parse().unwrap();
    let forms = [
        (r#""2026-09-14T02:11:42Z""#, Some(at)),
        (r#""2026-09-14 02:11:42""#, Some(at)),
        (r#""2026-09-14T02:11:42""#, Some(at)),
        (r#""2026-09-14T04:11:42+02:00""#, Some(at)),
        (r#""2026-09-14T02:11:42.000Z""#, Some(at)),
        ("1789351902", Some(at)),
        ("1789351902000", Some(at)),
        (r#""2026-09-14 04:11:42 +0200 CEST m=+0.1""#, Some(at)),
        (r#""1970-01-01T00:00:00Z""#, None),
        (r#""""#, None),
        (r#""2026-09-14T24:00:00Z""#, None),
        (r#""0000-00-00 00:00:00""#, None),
        (r#""0001-01-01T00:00:00Z""#, None),
        (r#""soon""#, None),
    ];
    let rows: Vec<String> = (0..).zip(forms).map(|(number, (form, _))| {
        format!(r#"{{"id":"{number}","service_name":"form-{number}-","start_time":{form}}}"#)
    }).collect();
    backups.always(listed(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
    read_again(case, &mut story);
    let read: Vec<_> = story.model().data.backups().rows().iter().map(|row| row.started_at()).collect();
    assert_eq!(read, forms.map(|(_, at)| at));
    select(&mut story, "form-1-");
    case.proves(&mut story, &Proof { says: &["Time zone not given by SkySQL; shown as UTC"], ..Proof::default() });
    select(&mut story, "form-13-");
    case.proves(&mut story, &Proof { says: &["soon"], ..Proof::default() });
}

/// What cannot be seen or turns the text is written out, what is too long is cut, nothing of it slows the window, and the file
/// gets it whole.
pub(super) fn odd_characters(case: &mut Case) {
    let pacing = ClientLimits { attempt: ClientLimits::default().attempt, ..brisk() };
    let (mut story, backups) = signed_in(case, Opening { pacing, ..Opening::default() });
    let long = "x".repeat(1024 * 1024);
    let names = ["gpj\u{202e}exe", "zero\u{200b}width", "a\u{7}bell", &long];
    let rows: Vec<String> = (0..).zip(names).map(|(number, name)| {
        serde_json::json!({"id": number, "service_id": format!("db{number}"), "service_name": name, "status": name}).to_string()
    }).collect();
    backups.always(listed(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
    is_read(case, &mut story, &["0", "1", "2", "3"], 1);
    let cut = format!("{}…", "x".repeat(255));
    let says = [r"gpj\u{202e}exe", r"zero\u{200b}width", r"a\u{7}bell", &cut];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    assert!(!story.shows(&"x".repeat(257)) && !story.shows("\u{202e}") && !story.shows("\u{200b}"));
    select(&mut story, &cut);
    case.proves(&mut story, &Proof { says: &[&cut], ..Proof::default() });
    assert!(!story.shows(&"x".repeat(257)), "nor in the detail pane");
    story.click("Export…");
    let path = save_for_scripts(&mut story);
    let written: Vec<String> = csv_rows(&path).iter().map(|row| row[1].to_owned()).collect();
    for name in names.iter().filter(|name| !name.contains('\u{7}')) {
        assert!(written.iter().any(|cell| cell == name), "whole in the file: {} characters", name.len());
    }
}
