//! A service whose list of backups answers as a case wants, everything else of it in order.

use std::sync::{Arc, Mutex};

use super::stage::Case;
use crate::support::raw_server::{RawRequest, Reply, json};
use crate::support::story::{Opening, Story};

type Answer = dyn Fn(&RawRequest, usize) -> Reply + Send + Sync;

/// What a read of the backups is answered.
#[derive(Clone)]
pub(super) struct Backups(Arc<Mutex<(Arc<Answer>, usize)>>);

impl Backups {
    /// Answers so until told otherwise; gets the request and its number since it was told so, counted from 0.
    pub(super) fn answer(&self, answer: impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static) {
        *self.0.lock().unwrap() = (Arc::new(answer), 0);
    }

    /// How often the list was asked for since it was told what to answer.
    pub(super) fn asked(&self) -> usize {
        self.0.lock().unwrap().1
    }

    /// Every read of the list gets the same whole response.
    pub(super) fn always(&self, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        self.answer(move |_, _| Reply::Send(bytes.clone()));
    }

    /// The service: only reads of the list of backups are answered as told. A read of one row is the test of a key.
    pub(super) fn service(&self) -> impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static {
        let backups = self.clone();
        move |request, _| {
            if request.path != "/skybackup/v1/backups" || request.parameter("page_size") == Some("1") {
                return Reply::Send(json("[]"));
            }
            let (answer, number) = {
                let mut told = backups.0.lock().unwrap();
                told.1 += 1;
                (Arc::clone(&told.0), told.1 - 1)
            };
            answer(request, number)
        }
    }
}

impl Default for Backups {
    /// Two rows, on one page.
    fn default() -> Self {
        let whole = page(&[row("first"), row("second")], 2, "1");
        Self(Arc::new(Mutex::new((Arc::new(move |_, _| Reply::Send(json(&whole))), 0))))
    }
}

/// A row of this id.
pub(super) fn row(id: &str) -> String {
    format!(r#"{{"id":"{id}","service_id":"dbpgf1","service_name":"orders","type":"full","status":"Succeeded"}}"#)
}

/// A page object; the count of pages is any JSON.
pub(super) fn page(rows: &[String], count: usize, pages_count: &str) -> String {
    format!(r#"{{"backups":[{}],"backups_count":{count},"pages_count":{pages_count}}}"#, rows.join(","))
}

/// The number of the page asked for.
pub(super) fn number(request: &RawRequest) -> usize {
    request.parameter("page").unwrap().parse().unwrap()
}

/// A window signed in beside such a service, both lists read; what was called until now is not counted.
pub(super) fn signed_in(case: &mut Case, opening: Opening) -> (Story, Backups) {
    let backups = Backups::default();
    let mut story = case.raw_with(opening, backups.service());
    story.sign_in();
    case.begin(&mut story);
    (story, backups)
}

/// Reads everything again and waits for the end; counts calls from here on. The services and the schedules cost one each.
pub(super) fn read_again(case: &mut Case, story: &mut Story) {
    case.begin(story);
    let known = story.model().data.activity.len();
    story.press(egui::Key::F5);
    story.until("something was read again", |story| story.model().data.activity.len() > known);
    story.calm();
}

/// The ids of the loaded backups, in the order they came.
pub(super) fn ids(story: &Story) -> Vec<String> {
    story.model().data.backups().rows().iter().map(|row| row.id.as_str().to_owned()).collect()
}
