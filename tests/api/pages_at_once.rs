//! Several pages of a list in flight: the list is the one that asking for one page after the other gives, whatever the service does.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use skybackup::api::{ApiError, BackupQuery, ClientLimits, Completeness, Listing};
use skybackup::domain::Backup;
use skybackup::rows::RowsBuilder;

use super::{Bench, quick};
use crate::support::raw_server::{RawRequest, RawServer, Reply, cut, json, response};

/// Rows asked for at once.
const PAGE_SIZE: u32 = 2;

/// What a service tells of the whole beside its pages.
#[derive(Clone, Debug)]
enum Hints {
    True,
    Missing,
    /// The count is that of the page.
    OfThePage,
    /// These, whatever is true: rows and pages.
    Fixed(i64, i64),
}

/// What goes wrong with a page.
#[derive(Clone, Copy, Debug)]
enum Failure {
    /// Each time.
    Always(u16),
    /// The first time it is asked for.
    Once(u16),
    CutOnce,
}

/// What comes for a page beyond the last.
#[derive(Clone, Copy, Debug)]
enum Beyond {
    Nothing,
    NotFound,
    LastPage,
}

#[derive(Clone, Debug)]
struct Service {
    total: u32,
    /// The most rows it puts on a page.
    cap: u32,
    hints: Hints,
    /// Each page begins with the last row of the page before.
    overlaps: bool,
    failures: BTreeMap<u32, Failure>,
    beyond: Beyond,
}

impl Service {
    fn per_page(&self) -> u32 {
        self.cap.min(PAGE_SIZE)
    }

    fn page(&self, number: u32) -> Vec<u8> {
        let last = self.total.div_ceil(self.per_page()).max(1);
        let number = match self.beyond {
            Beyond::NotFound if number > last => return response(404, &[], r#"{"code":404}"#),
            Beyond::LastPage => number.min(last),
            Beyond::Nothing | Beyond::NotFound => number,
        };
        let start = (number - 1) * self.per_page();
        let end = (start + self.per_page()).min(self.total);
        let start = if self.overlaps { start.saturating_sub(1) } else { start };
        let rows: Vec<String> = (start..end.max(start)).map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        let hints = match self.hints {
            Hints::True => format!(r#","backups_count":{},"pages_count":{last}"#, self.total),
            Hints::Missing => String::new(),
            Hints::OfThePage => format!(r#","backups_count":{},"pages_count":{last}"#, rows.len()),
            Hints::Fixed(rows, pages) => format!(r#","backups_count":{rows},"pages_count":{pages}"#),
        };
        json(&format!(r#"{{"backups":[{}]{hints}}}"#, rows.join(",")))
    }

    fn script(self) -> impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static {
        let asked: Mutex<BTreeMap<u32, u32>> = Mutex::default();
        move |request, _| {
            let number: u32 = request.parameter("page").unwrap().parse().unwrap();
            let is_first = {
                let mut asked = asked.lock().unwrap();
                let times = asked.entry(number).or_default();
                *times += 1;
                *times == 1
            };
            Reply::Send(match self.failures.get(&number) {
                Some(Failure::Always(status)) => response(*status, &[], r#"{"message":"no"}"#),
                Some(Failure::Once(status)) if is_first => response(*status, &[], r#"{"message":"not now"}"#),
                Some(Failure::CutOnce) if is_first => return Reply::Close(cut(r#"{"backups":[{"id":"#)),
                Some(Failure::Once(_) | Failure::CutOnce) | None => self.page(number),
            })
        }
    }
}

fn services() -> impl Strategy<Value = Service> {
    let hints = prop_oneof![
        6 => Just(Hints::True),
        1 => Just(Hints::Missing),
        1 => Just(Hints::OfThePage),
        1 => (-2..60_i64, -2..30_i64).prop_map(|(rows, pages)| Hints::Fixed(rows, pages)),
    ];
    let failure = prop_oneof![
        prop::sample::select(vec![400, 403, 404, 500]).prop_map(Failure::Always),
        prop::sample::select(vec![408, 429, 500, 502, 503, 504]).prop_map(Failure::Once),
        Just(Failure::CutOnce),
    ];
    let beyond = prop_oneof![Just(Beyond::Nothing), Just(Beyond::NotFound), Just(Beyond::LastPage)];
    let failures = prop::collection::btree_map(1..20_u32, failure, 0..3);
    (0..40_u32, 1..4_u32, hints, prop::bool::weighted(0.2), failures, beyond).prop_map(
        |(total, cap, hints, overlaps, failures, beyond)| Service { total, cap, hints, overlaps, failures, beyond },
    )
}

async fn list(server: &RawServer, pages_at_once: u32) -> Result<Listing<Backup>, ApiError> {
    let bench = Bench::with(&server.url(), ClientLimits { pages_at_once, ..quick() });
    let query = BackupQuery { page_size: PAGE_SIZE, ..BackupQuery::default() };
    let mut rows_before = Vec::new();
    let mut on_page = |_: &_, rows: &RowsBuilder<Backup>| {
        let rows: Vec<Backup> = rows.rows().iter().collect();
        assert!(rows.starts_with(&rows_before), "pages are published in their order");
        rows_before = rows;
    };
    bench.client.list_backups(&query, &mut on_page).await
}

#[test]
fn six_pages_at_once_give_the_list_that_one_after_the_other_gives() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = TestRunner::new(ProptestConfig { cases: 160, failure_persistence: None, ..Default::default() });
    let case = |service: Service| {
        let listed = |pages_at_once| {
            runtime.block_on(async {
                let server = RawServer::start(service.clone().script()).await;
                list(&server, pages_at_once).await.map_err(|error| error.kind)
            })
        };
        prop_assert_eq!(listed(6), listed(1));
        Ok(())
    };
    runner.run(&services(), case).unwrap();
}

fn whole(total: u32) -> Service {
    let (hints, beyond) = (Hints::True, Beyond::Nothing);
    Service { total, cap: PAGE_SIZE, hints, overlaps: false, failures: BTreeMap::new(), beyond }
}

/// A list of 40 pages, each of which takes this long; and how many of them were on their way at once.
async fn busiest(service: Service, pages_at_once: u32) -> usize {
    let script = service.script();
    let server = RawServer::start(move |request, so_far| match script(request, so_far) {
        Reply::Send(bytes) => Reply::Late(Duration::from_millis(20), bytes),
        other => other,
    })
    .await;
    let listing = list(&server, pages_at_once).await.unwrap();
    assert_eq!((listing.rows.len(), listing.completeness), (80, Completeness::Complete));
    server.busiest()
}

#[tokio::test]
async fn pages_are_asked_for_at_the_same_time_only_where_the_hints_can_be_trusted() {
    assert_eq!(busiest(whole(80), 6).await, 6);
    assert_eq!(busiest(whole(80), 1).await, 1);
    for hints in [Hints::Missing, Hints::OfThePage, Hints::Fixed(80, 39), Hints::Fixed(0, 0)] {
        assert_eq!(busiest(Service { hints, ..whole(80) }, 6).await, 1);
    }
}

#[tokio::test]
async fn after_a_refusal_one_page_follows_the_other() {
    let service = Service { failures: [(8, Failure::Once(429))].into(), ..whole(80) };
    let script = service.script();
    let server = RawServer::start(move |request, so_far| script(request, so_far)).await;
    let listing = list(&server, 6).await.unwrap();
    assert_eq!((listing.rows.len(), listing.completeness), (80, Completeness::Complete));
    let asked: Vec<u32> =
        server.requests().iter().map(|request| request.parameter("page").unwrap().parse().unwrap()).collect();
    // Those on their way when page 8 was refused were 7 pages beyond it at most.
    let rest: Vec<u32> = asked.into_iter().filter(|page| *page > 15).collect();
    assert_eq!(rest, (16..=40).collect::<Vec<_>>());
}

/// As a proxy does that holds everybody to one connection and responds to the others at once.
#[tokio::test]
async fn a_proxy_that_lets_one_of_six_through_costs_no_page() {
    for refusal in [response(503, &[], "busy"), Vec::new()] {
        let script = whole(80).script();
        let server = RawServer::start(move |request, so_far| {
            if request.connection > 0 {
                return Reply::Close(refusal.clone());
            }
            match script(request, so_far) {
                Reply::Send(bytes) => Reply::Late(Duration::from_millis(5), bytes),
                other => other,
            }
        })
        .await;
        let listing = list(&server, 6).await.unwrap();
        assert_eq!((listing.rows.len(), &listing.completeness), (80, &Completeness::Complete), "{listing:?}");
    }
}
