//! Section 2.1 Connection of the fault matrix.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::Method;
use h2::Reason;
use skybackup::api::ClientLimits;

use super::listing::{Backups, ids, page, read_again, row, signed_in};
use super::restoring;
use super::stage::{Case, Proof};
use crate::support::demo::{Fault, FaultScope};
use crate::support::http2::{Ending, Http2Front, Last, Rule};
use crate::support::raw_server::{RawServer, Reply, cut, json, response};
use crate::support::story::{KEY, Opening, Story, brisk};
use crate::support::tls::{Authority, Life, Proxy, TlsFront, Way};

pub(super) const SCHEDULES: &str = "/skybackup/v1/backups/schedules";

/// Soon out of patience with a server that is silent or slow.
fn impatient() -> Opening {
    Opening { pacing: ClientLimits { attempt: Duration::from_secs(1), ..brisk() }, ..Opening::default() }
}

/// What a whole list holds.
fn whole() -> String {
    page(&[row("third")], 1, "1")
}

/// A name that no resolver takes is not found, nothing is sent, and the session can begin offline. Where no name server answers, the
/// resolver gives up: it is given the time for that, once.
pub(super) fn dns_failure(case: &mut Case) {
    let host = "skybackup.invalid";
    let patience = Duration::from_mins(2);
    let pacing = ClientLimits { connect: patience, attempt: patience, request: Duration::from_millis(1), ..ClientLimits::default() };
    let mut story = case.alone(Opening { pacing, ..Opening::default() });
    story.sign_in_at(&format!("https://{host}"), KEY);
    let says = [&format!("Cannot find the host {host}"), "Check the network connection and the API address. Nothing was sent"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    story.click("Save without checking");
    case.proves(&mut story, &Proof { says: &["Offline, nothing was read yet"], ..Proof::default() });
}

/// Nothing was sent: the lists stay, the line says offline; a change is tried once more and then said not to be sent.
pub(super) fn refused(case: &mut Case) {
    let mut story = case.signed_in();
    let rows = story.model().data.backups().rows().len();
    story.go_to_schedules();
    story.fill_new_schedule();
    story.stop_service();
    story.click("Create schedule");
    case.proves(&mut story, &Proof { says: &["Cannot connect to 127.0.0.1"], ..Proof::default() });
    assert!(story.model().data.change().is_none(), "nothing is open: it was not sent");
    assert!(story.model().view.form.is_some(), "the form is as it was");
    story.press(egui::Key::Escape);
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    story.press(egui::Key::F5);
    story.until_shown("Offline");
    assert_eq!(story.model().data.backups().rows().len(), rows, "what was read stays");

    let mut story = restoring::with_restore(case, Opening::default());
    story.stop_service();
    restoring::send(&mut story);
    case.proves(&mut story, &Proof { says: &["Cannot connect to 127.0.0.1"], ..Proof::default() });
    assert!(story.model().data.change().is_none(), "nothing is open: it was not sent");
    assert!(story.shows("Restore into analytics-dwh"), "the dialog is as it was");
}

/// A port whose queue is full answers no greeting: given up after the time for a connection, as one that was refused.
pub(super) fn connect_timeout(case: &mut Case) {
    let pacing = ClientLimits { connect: Duration::from_millis(200), ..brisk() };
    let mut story = case.alone(Opening { pacing, ..Opening::default() });
    let (listener, _queued) = story.runtime.block_on(full_queue());
    story.sign_in_at(&format!("http://{}", listener.local_addr().unwrap()), KEY);
    let says = ["Cannot connect to 127.0.0.1:", "no response in time", "Nothing was sent", "Save without checking"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
}

/// A listener that accepts nobody, and the connections that fill its queue.
async fn full_queue() -> (tokio::net::TcpListener, Vec<tokio::net::TcpStream>) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    // What does not come through within this time never will.
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(300), tokio::net::TcpStream::connect(address)).await
    {
        queued.push(stream.unwrap());
        assert!(queued.len() < 64, "this queue is never full");
    }
    (listener, queued)
}

/// Each bad certificate is named with its reason, tried once, and told nothing; a good one of the same authority is taken.
pub(super) fn distrusted_certificates(case: &mut Case) {
    let trust = |command: &mut std::process::Command, folder: &std::path::Path| {
        command.env("SSL_CERT_FILE", folder.join("authority.pem")).env_remove("SSL_CERT_DIR");
    };
    let Some(folder) = case.own_process(trust) else { return };
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    ours.write(&folder.join("authority.pem"));
    let bad = [
        (theirs.server("localhost", Life::Good), "its certificate is from an issuer this computer does not trust"),
        (ours.server("proxy.example", Life::Good), "its certificate is for proxy.example and not for localhost"),
        (ours.server("localhost", Life::Expired), "its certificate has expired"),
    ];
    let mut story = case.alone(Opening::default());
    let service = story.runtime.block_on(RawServer::start(Backups::default().service()));
    for (shown, reason) in bad {
        let front = story.runtime.block_on(TlsFront::start(shown, service.port()));
        story.sign_in_at(&format!("https://localhost:{}", front.port()), KEY);
        let sentence = format!("The secure connection to localhost failed: {reason}");
        let says = [&sentence, "Check the clock of this computer", "In a company network", "The key was not sent"];
        case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
        assert_eq!((front.connections(), front.bytes()), (1, 0), "{reason}: tried once, told nothing");
        assert!(!story.shows("gnore") && !story.shows("nyway"), "{reason}: nothing offers to go on");
        assert!(!story.shows("Save without checking"), "{reason}");
    }
    let front = story.runtime.block_on(TlsFront::start(ours.server("localhost", Life::Good), service.port()));
    story.sign_in_at(&format!("https://localhost:{}", front.port()), KEY);
    story.until("the list is read", |story| ids(story) == ["first", "second"]);
    assert!(front.bytes() > 0 && service.requests().iter().all(|request| request.header("x-api-key") == Some(KEY)));
    story.press_with(egui::Modifiers::COMMAND, egui::Key::Comma);
    let says = ["Certificates", "authority.pem", "Only certificate authorities in this file are trusted"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
}

/// A response in the open to a secure greeting is distrusted as any bad certificate.
pub(super) fn plain_http_on_an_https_port(case: &mut Case) {
    let mut story = case.raw(Backups::default().service());
    let port = story.server().port();
    story.sign_in_at(&format!("https://127.0.0.1:{port}"), KEY);
    let says = ["The secure connection to 127.0.0.1 failed: the response was not encrypted", "The key was not sent"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    assert_eq!(story.server().connections(), 1, "tried once");
}

/// Half a status line and then nothing: a read is given up after its time and repeated, a change is of unknown outcome.
pub(super) fn header_stall(case: &mut Case) {
    let (mut story, backups) = signed_in(case, impatient());
    backups.answer(|_, _| Reply::Stall(b"HTTP/1.1 20".to_vec()));
    read_again(case, &mut story);
    let says = ["SkySQL did not respond in time"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    assert_eq!(backups.asked(), 4);
    assert_eq!(ids(&story), ["first", "second"], "what was read stays");

    let mut story = demo_with_a_form(case, impatient(), Fault::SlowMs(600_000));
    story.click("Create schedule");
    lost_but_made(case, &mut story);

    let mut story = restoring::with_restore(case, impatient());
    let before = story.world().restore_count();
    restoring::set_fault(&story, Fault::SlowMs(600_000));
    restoring::send(&mut story);
    restoring::proves(case, &mut story, &["new since your request"], (1, before, 1));
}

/// A window on a demo service whose next creation meets this fault, with a form filled for one.
fn demo_with_a_form(case: &mut Case, opening: Opening, fault: Fault) -> Story {
    let mut story = case.demo(opening);
    story.sign_in();
    story.go_to_schedules();
    story.fill_new_schedule();
    case.begin(&mut story);
    story.world().set_fault_for(fault, FaultScope::next(1).on_method("POST").on_path(SCHEDULES));
    story
}

/// The response to a creation was lost, the schedule is there, and nothing was sent twice.
fn lost_but_made(case: &mut Case, story: &mut Story) {
    let proof = Proof { says: &["new since your request"], calls: &[("POST", 1)], more_schedules: 1 };
    case.proves(story, &proof);
}

/// One byte at a time, each well within any pause, is ended by the time for a whole attempt.
pub(super) fn slow_loris_body(case: &mut Case) {
    let (mut story, backups) = signed_in(case, impatient());
    backups.answer(|_, _| Reply::Drip(json(&whole()), Duration::from_millis(20)));
    read_again(case, &mut story);
    let says = ["SkySQL did not respond in time"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    assert_eq!(backups.asked(), 4);
    assert_eq!(ids(&story), ["first", "second"], "what was read stays");
}

/// A broken body is read again as a whole; of a change whose answer had begun, only the list tells its outcome.
pub(super) fn reset_or_close_mid_body(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let half = whole().split_at(40).0.to_owned();
    for broken in [Reply::Reset, Reply::Close] {
        let bytes = cut(&half);
        backups.answer(move |_, number| if number == 0 { broken(bytes.clone()) } else { Reply::Send(json(&whole())) });
        read_again(case, &mut story);
        case.proves(&mut story, &Proof { says: &["1 of 1"], calls: &[("GET", 2 + 2)], ..Proof::default() });
        assert_eq!(ids(&story), ["third"], "one whole page, read anew");
    }
    let bytes = cut(&half);
    backups.answer(move |_, _| Reply::Reset(bytes.clone()));
    read_again(case, &mut story);
    let says = ["The connection was lost before the full response arrived"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 2 + 4)], ..Proof::default() });
    assert_eq!(ids(&story), ["third"], "what was read stays");

    let mut story = demo_with_a_form(case, Opening::default(), Fault::CutBody);
    story.click("Create schedule");
    lost_but_made(case, &mut story);
}

/// A connection that closes when it is used again: a read goes out once more on another one, a change is never sent blindly.
pub(super) fn close_before_any_response(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    backups.answer(|_, number| if number == 0 { Reply::Close(Vec::new()) } else { Reply::Send(json(&whole())) });
    read_again(case, &mut story);
    case.proves(&mut story, &Proof { says: &["1 of 1"], calls: &[("GET", 2 + 2)], ..Proof::default() });

    let mut story = demo_with_a_form(case, Opening::default(), Fault::CommitThenDrop);
    story.click("Create schedule");
    lost_but_made(case, &mut story);

    let mut story = demo_with_a_form(case, Opening::default(), Fault::DropBeforeResponse);
    story.click("Create schedule");
    let proof = Proof { says: &["Not found so far; it may still appear"], calls: &[("POST", 1)], more_schedules: 0 };
    case.proves(&mut story, &proof);
}

/// Beside the demo service, reached over TLS and HTTP/2 alone; `None` where the case runs in a process of its own.
fn http2_authority(case: &mut Case) -> Option<Authority> {
    let trust = |command: &mut std::process::Command, folder: &std::path::Path| {
        command.env("SSL_CERT_FILE", folder.join("authority.pem"));
    };
    let folder = case.own_process(trust)?;
    let authority = Authority::new("ours");
    authority.write(&folder.join("authority.pem"));
    Some(authority)
}

/// A window signed in to a demo service behind a server that speaks HTTP/2 alone, both lists read.
fn signed_in_over_http2(case: &mut Case, authority: &Authority) -> (Story, Http2Front) {
    let mut story = case.demo(Opening::default());
    let acceptor = authority.http2_server("localhost");
    let front = story.runtime.block_on(Http2Front::start(acceptor, story.url()));
    sign_in_through(case, &mut story, front.port());
    (story, front)
}

/// Signs in to the demo service through the proxy at this port.
pub(super) fn sign_in_through(case: &mut Case, story: &mut Story, port: u16) {
    let key = story.key();
    story.sign_in_at(&format!("https://localhost:{port}"), &key);
    story.until("both lists are read", |story| {
        let data = &story.model().data;
        data.backups().remote.at.is_some() && data.schedules().remote.at.is_some()
    });
    case.begin(story);
}

/// The POSTs that Activity names.
pub(super) fn posts_in_activity(story: &Story) -> usize {
    story.model().data.activity.iter().filter(|record| record.method == "POST").count()
}

/// A creation that ends so, made by the service behind or not, arrives once, is listed once, and is looked up; with a response it is done.
fn created_once_over_http2(case: &mut Case, authority: &Authority, ending: Ending, is_passed_on: bool, times: usize) {
    let (mut story, front) = signed_in_over_http2(case, authority);
    story.go_to_schedules();
    story.fill_new_schedule();
    front.set(Rule { method: Method::POST, is_passed_on, ending, times });
    story.click("Create schedule");
    let more = usize::from(is_passed_on);
    let says = match (ending, is_passed_on) {
        (Ending::GoAwayThenRespond(_), _) => "Schedule for orders-prod created",
        (_, true) => "new since your request",
        (_, false) => "Not found so far; it may still appear",
    };
    let more_schedules = i64::try_from(more).unwrap();
    case.proves(&mut story, &Proof { says: &[says], calls: &[("POST", more)], more_schedules });
    assert_eq!((front.count(&Method::POST), front.ended()), (1, 1), "{ending:?}: POSTs at the server");
    assert_eq!(posts_in_activity(&story), 1, "{ending:?}: POSTs in Activity");
}

/// The same for a restore.
fn restored_once_over_http2(case: &mut Case, authority: &Authority, ending: Ending, is_passed_on: bool) {
    let (mut story, front) = signed_in_over_http2(case, authority);
    story.fill_restore();
    case.begin(&mut story);
    let (before, posts, listed) =
        (story.world().restore_count(), front.count(&Method::POST), posts_in_activity(&story));
    front.set(Rule { method: Method::POST, is_passed_on, ending, times: usize::MAX });
    restoring::send(&mut story);
    let more = usize::from(is_passed_on);
    let says = if is_passed_on { "new since your request" } else { "Not found so far; it may still appear" };
    restoring::proves(case, &mut story, &[says], (more, before, more));
    assert_eq!((front.count(&Method::POST) - posts, front.ended()), (1, 1), "{ending:?}: POSTs at the server");
    assert_eq!(posts_in_activity(&story) - listed, 1, "{ending:?}: POSTs in Activity");
}

/// A refused stream proves nothing: proxies refuse one whose service had the request. Nothing below the app sends it again.
pub(super) fn http2_refused_stream(case: &mut Case) {
    let Some(authority) = http2_authority(case) else { return };
    for (is_passed_on, times) in [(true, 1), (false, 1), (true, usize::MAX), (false, usize::MAX)] {
        created_once_over_http2(case, &authority, Ending::Refused, is_passed_on, times);
    }
    for is_passed_on in [true, false] {
        restored_once_over_http2(case, &authority, Ending::Refused, is_passed_on);
    }
    // A read goes out again, by the rules of the app and with a line in Activity for each time.
    let (mut story, front) = signed_in_over_http2(case, &authority);
    let (before, listed) = (front.count(&Method::GET), story.model().data.activity.len());
    front.set(Rule { method: Method::GET, is_passed_on: false, ending: Ending::Refused, times: 1 });
    read_again(case, &mut story);
    case.proves(&mut story, &Proof::default());
    let sent = front.count(&Method::GET) - before;
    assert_eq!(story.model().data.activity.len() - listed, sent, "every sending has its line");
    assert_eq!(front.ended(), 1);
}

/// The same for an end of the whole connection, whatever it says of the last request it has looked at.
pub(super) fn http2_go_away(case: &mut Case) {
    let Some(authority) = http2_authority(case) else { return };
    let endings = [
        (Ending::GoAway(Last::Below, Reason::NO_ERROR), true),
        (Ending::GoAway(Last::Below, Reason::NO_ERROR), false),
        (Ending::GoAway(Last::Equal, Reason::NO_ERROR), true),
        (Ending::GoAway(Last::Above, Reason::NO_ERROR), true),
        (Ending::GoAway(Last::Below, Reason::ENHANCE_YOUR_CALM), true),
        (Ending::GoAway(Last::Equal, Reason::INTERNAL_ERROR), false),
        (Ending::GoAwayThenRespond(Last::Equal), true),
        (Ending::GoAwayThenRespond(Last::Above), true),
    ];
    for (ending, is_passed_on) in endings {
        created_once_over_http2(case, &authority, ending, is_passed_on, usize::MAX);
    }
    for is_passed_on in [true, false] {
        restored_once_over_http2(case, &authority, Ending::GoAway(Last::Below, Reason::NO_ERROR), is_passed_on);
    }
}

/// A kept connection that nobody reads any more: the read is given up there and goes out again on a new one.
pub(super) fn dead_connection_after_sleep(case: &mut Case) {
    let (mut story, backups) = signed_in(case, impatient());
    let kept = story.server().connections();
    backups.answer(move |request, _| {
        if request.connection < kept { Reply::Stall(Vec::new()) } else { Reply::Send(json(&whole())) }
    });
    read_again(case, &mut story);
    case.proves(&mut story, &Proof { says: &["1 of 1"], ..Proof::default() });
    let used: Vec<usize> = story.server().requests().iter().map(|request| request.connection).collect();
    assert!(used.iter().any(|connection| *connection >= kept), "the response came on a new connection: {used:?}");
    assert_eq!(ids(&story), ["third"]);
}

/// No redirect of any kind, to the same or another host, is followed; the target is named, and nobody there hears a thing.
pub(super) fn redirects(case: &mut Case) {
    let (mut story, backups) = signed_in(case, Opening::default());
    let elsewhere = story.runtime.block_on(RawServer::always(json("[]")));
    let here = story.url();
    let targets = [
        (format!("http://localhost:{}/skybackup/v1/backups", elsewhere.port()), "localhost"),
        (format!("{}/skybackup/v1/backups", elsewhere.url()), "127.0.0.1"),
        (format!("{here}/elsewhere"), "127.0.0.1"),
        ("/elsewhere".to_owned(), "127.0.0.1"),
        ("https://evil.example/x".to_owned(), "evil.example"),
    ];
    for status in [301, 302, 303, 307, 308] {
        for (location, host) in &targets {
            backups.always(response(status, &[("location", location)], ""));
            read_again(case, &mut story);
            let says = [&format!("The service redirected to {host}, which SkyBackup did not follow"), "Check the API address"];
            case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 2 + 1)], ..Proof::default() });
        }
    }
    assert_eq!(elsewhere.connections(), 0);
    assert!(story.server().lines().iter().all(|line| !line.contains("/elsewhere")));
    assert_eq!(ids(&story), ["first", "second"], "what was read stays");
}

/// A proxy's login, a sign-in page and a captive portal are distinguished from the service, asked once, and cost no row; on the way to
/// a secure address a proxy sees no more than the name.
pub(super) fn proxy_or_sign_in_page(case: &mut Case) {
    let Some(folder) = case.own_process(behind_a_proxy) else { return };
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    // Before anything is asked: where it is the only one that is trusted, there is no other.
    ours.write(&folder.join("authority.pem"));
    let (mut story, backups) = signed_in(case, Opening::default());
    let page = "<!doctype html><title>Sign in</title>";
    let answers = [
        (response(407, &[("proxy-authenticate", "Basic")], ""), "A proxy or sign-in page answered"),
        (response(200, &[("content-type", "text/html")], page), "A proxy or sign-in page (text/html) answered"),
        (response(302, &[("location", "http://portal.example/")], page), "The service redirected to portal.example"),
    ];
    for (answer, sentence) in answers {
        backups.always(answer);
        read_again(case, &mut story);
        case.proves(&mut story, &Proof { says: &[sentence], calls: &[("GET", 2 + 1)], ..Proof::default() });
        assert_eq!(ids(&story), ["first", "second"], "{sentence}: what was read stays");
    }
    let proxy = story.runtime.block_on(Proxy::start(proxy_port()));
    secure_through(case, &proxy, [&ours, &theirs]);
}

/// Every variable that names a proxy names one at a free port, and an authority of the test is trusted.
fn behind_a_proxy(command: &mut std::process::Command, folder: &std::path::Path) {
    let port = free_port();
    command.env("SSL_CERT_FILE", folder.join("authority.pem")).env("SKYBACKUP_TEST_PROXY", port.to_string());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, format!("http://127.0.0.1:{port}"));
    }
    command.env_remove("no_proxy").env_remove("NO_PROXY");
}

fn proxy_port() -> u16 {
    std::env::var("SKYBACKUP_TEST_PROXY").unwrap().parse().unwrap()
}

/// A proxy that has no way to the service, or gives it to nobody now, is no page to sign in to: nothing was sent, so a read is
/// tried four times, and once the proxy opens the way all goes on.
pub(super) fn proxy_refuses(case: &mut Case) {
    const URL: &str = "https://api.skybackup.example";
    let Some(folder) = case.own_process(behind_a_proxy) else { return };
    let authority = Authority::new("ours");
    authority.write(&folder.join("authority.pem"));
    let mut story = case.alone(Opening::default());
    let proxy = story.runtime.block_on(Proxy::start(proxy_port()));
    let says = [
        "The proxy did not allow a connection to api.skybackup.example",
        "Check that the proxy allows this address, then try again. Nothing was sent",
        "Save without checking",
    ];
    let answers = [
        "HTTP/1.1 403 Forbidden\r\n\r\n",
        "HTTP/1.1 500 Internal Server Error\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\n\r\n",
        "",
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        proxy.set(Way::No(answer));
        story.sign_in_at(URL, KEY);
        story.until("the proxy was asked four times", |_| proxy.connections() == 4 * (number + 1));
        case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
        assert!(!story.shows("browser"), "{answer}");
    }
    let service = story.runtime.block_on(RawServer::start(Backups::default().service()));
    let shown = authority.server("api.skybackup.example", Life::Good);
    let front = story.runtime.block_on(TlsFront::start(shown, service.port()));
    proxy.set(Way::To(front.port()));
    story.sign_in_at(URL, KEY);
    story.until("the list is read", |story| ids(story) == ["first", "second"]);
}

/// A port nobody listens at.
pub(super) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A secure address behind a proxy that wants a login, forbids, listens in, or opens the way.
fn secure_through(case: &mut Case, proxy: &Proxy, [ours, theirs]: [&Authority; 2]) {
    const URL: &str = "https://api.skybackup.example";
    let mut story = case.alone(Opening::default());
    let service = story.runtime.block_on(RawServer::start(Backups::default().service()));
    let front = |authority: &Authority| {
        story.runtime.block_on(TlsFront::start(authority.server("api.skybackup.example", Life::Good), service.port()))
    };
    let (good, spying) = (front(ours), front(theirs));
    let ways = [
        (
            Way::No("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n"),
            "A proxy or sign-in page answered instead of api.skybackup.example",
        ),
        (Way::To(spying.port()), "its certificate is from an issuer this computer does not trust"),
    ];
    for (number, (way, sentence)) in ways.into_iter().enumerate() {
        proxy.set(way);
        story.sign_in_at(URL, KEY);
        case.proves(&mut story, &Proof { says: &[sentence], ..Proof::default() });
        assert_eq!(proxy.connections(), number + 1, "{sentence}: asked once");
    }
    assert_eq!(spying.bytes(), 0, "the one who listens in was told nothing");
    proxy.set(Way::To(good.port()));
    story.sign_in_at(URL, KEY);
    story.until("the list is read", |story| ids(story) == ["first", "second"]);
    case.proves(&mut story, &Proof::default());
    let seen = proxy.bytes();
    let holds = |text: &str| seen.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("CONNECT api.skybackup.example:443"), "the way was asked for through the proxy");
    assert!(!holds(KEY) && !holds("x-api-key"), "the proxy saw the key");
    assert!(service.requests().iter().any(|request| request.header("x-api-key") == Some(KEY)), "the service got it");
}
