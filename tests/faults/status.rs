//! Section 2.4 Status codes of the fault matrix.

use skybackup::demo::{Fault, FaultScope};

use super::stage::{Case, Proof};
use crate::support::story::CRON;

const BACKUPS: &str = "/skybackup/v1/backups";

/// The service's own words stand in the form, which stays filled; nothing is sent again.
pub(super) fn bad_request(case: &mut Case) {
    let mut story = case.signed_in();
    for (number, code) in [400, 422].into_iter().enumerate() {
        let words = format!("The cadence {number} is not to our liking");
        let body = format!(r#"{{"errors":[{{"error":"invalid","message":"{words}"}}],"trace_id":"t-{code}"}}"#);
        story.world().set_fault_for(Fault::status(code, &body), FaultScope::next(1).on_method("POST"));
        if number == 0 {
            story.go_to_schedules();
            story.fill_new_schedule();
        }
        case.begin(&story);
        story.click("Create schedule");
        let says = ["SkySQL did not accept the request", &words, &format!("t-{code}")];
        case.proves(&mut story, &Proof { says: &says, calls: &[("GET", 1), ("POST", 1)], more_schedules: 0 });
        assert_eq!(story.model().view.form.as_ref().unwrap().draft.cron_text, CRON, "the form is as it was");
    }
    story.world().set_fault_for(Fault::status(400, "{}"), FaultScope::default().on_path(BACKUPS));
    case.begin(&story);
    let rows = story.model().data.backups.rows().len();
    story.window.key_press(egui::Key::F5);
    story.until("the refusal is known", |story| story.model().data.backups.remote().error().is_some());
    assert_eq!(story.model().data.backups.rows().len(), rows, "what was read stays");
}

pub(super) fn unauthorized(_case: &mut Case) {
    todo!("401");
}

pub(super) fn forbidden(_case: &mut Case) {
    todo!("403");
}

pub(super) fn not_found(_case: &mut Case) {
    todo!("404");
}

pub(super) fn conflict(_case: &mut Case) {
    todo!("409");
}

pub(super) fn precondition(_case: &mut Case) {
    todo!("412");
}

pub(super) fn too_many_requests(_case: &mut Case) {
    todo!("429");
}

pub(super) fn server_error(_case: &mut Case) {
    todo!("500");
}

pub(super) fn gateway_errors(_case: &mut Case) {
    todo!("502, 504, 408");
}

pub(super) fn unavailable(_case: &mut Case) {
    todo!("503");
}

pub(super) fn oddities(_case: &mut Case) {
    todo!("501, 505, 3xx, 1xx oddities");
}

pub(super) fn revoked_in_the_middle(_case: &mut Case) {
    todo!("Key revoked in the middle");
}

pub(super) fn odd_retry_after(_case: &mut Case) {
    todo!("Retry-After: 3600, -1, abc, 1e20, past and far date");
}
