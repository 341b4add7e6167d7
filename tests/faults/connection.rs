//! Section 2.1 Connection of the fault matrix.

use super::stage::{Case, Proof};

pub(super) fn dns_failure(_case: &mut Case) {
    todo!("DNS failure");
}

/// Nothing was sent: the lists stay, the line says offline; a change is tried once more and then said not to be sent.
pub(super) fn refused(case: &mut Case) {
    let mut story = case.signed_in();
    let rows = story.model().data.backups.rows().len();
    story.go_to_schedules();
    story.fill_new_schedule();
    story.stop_service();
    story.click("Create schedule");
    case.proves(&mut story, &Proof { says: &["Cannot connect to 127.0.0.1"], ..Proof::default() });
    assert!(story.model().data.write.is_none(), "nothing is open: it was not sent");
    assert!(story.model().view.form.is_some(), "the form is as it was");
    story.window.key_press(egui::Key::Escape);
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    story.window.key_press(egui::Key::F5);
    story.until_shown("Offline");
    assert_eq!(story.model().data.backups.rows().len(), rows, "what was read stays");
}

pub(super) fn connect_timeout(_case: &mut Case) {
    todo!("Connect timeout");
}

pub(super) fn distrusted_certificates(_case: &mut Case) {
    todo!("TLS unknown issuer, wrong name, expired");
}

pub(super) fn plain_http_on_an_https_port(_case: &mut Case) {
    todo!("Plain http answer on an https port");
}

pub(super) fn header_stall(_case: &mut Case) {
    todo!("Header stall");
}

pub(super) fn slow_loris_body(_case: &mut Case) {
    todo!("Slow-loris body");
}

pub(super) fn reset_or_close_mid_body(_case: &mut Case) {
    todo!("Reset or close mid body");
}

pub(super) fn close_before_any_answer(_case: &mut Case) {
    todo!("Close before any answer on a reused connection");
}

pub(super) fn dead_connection_after_sleep(_case: &mut Case) {
    todo!("Dead pooled connection after sleep");
}

pub(super) fn redirects(_case: &mut Case) {
    todo!("Redirect, any kind, same or other host");
}

pub(super) fn proxy_or_sign_in_page(_case: &mut Case) {
    todo!("Proxy asks for a login, captive portal");
}
