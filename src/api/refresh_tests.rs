use proptest::prelude::*;

use super::super::paging::{Limits, PageFingerprint, PageStep, Paginator};
use super::super::retry::ClientLimits;
use super::*;
use crate::domain::{Backup, BackupId, Status};

/// A service: its rows in its order, and how its pages are.
#[derive(Clone, Debug)]
struct SimulatedService {
    rows: Vec<Backup>,
    per_page: usize,
    /// New rows come first, as with `order=desc`.
    is_newest_first: bool,
    created: usize,
}

/// What happens to the rows of a service.
#[derive(Clone, Debug)]
enum Change {
    /// New backups begin.
    Begin(usize),
    /// The backup that has run longest ends.
    Finish,
    /// The oldest rows are gone.
    Expire(usize),
    /// A row is gone, anywhere.
    Delete(usize),
    /// A row appears anywhere.
    Insert(usize),
    /// The status of a row changes, finished or not.
    Restate(usize, &'static str),
    /// Two rows change places.
    Swap(usize, usize),
}

fn row(id: usize, status: &str) -> Backup {
    Backup { id: BackupId::new(format!("b{id}")), status: Some(Status::new(status)), ..Backup::default() }
}

impl SimulatedService {
    /// With this number of finished rows.
    fn new(rows: usize, per_page: usize, is_newest_first: bool) -> Self {
        let mut service = Self { rows: Vec::new(), per_page, is_newest_first, created: 0 };
        for _ in 0..rows {
            service.begin("Succeeded");
        }
        service
    }

    fn begin(&mut self, status: &str) {
        let row = row(self.created, status);
        self.created += 1;
        let at = if self.is_newest_first { 0 } else { self.rows.len() };
        self.rows.insert(at, row);
    }

    fn restate(&mut self, at: usize, status: &str) {
        self.rows[at].status = Some(Status::new(status));
    }

    fn apply(&mut self, change: &Change) {
        let length = self.rows.len();
        match *change {
            Change::Begin(rows) => {
                for _ in 0..rows {
                    self.begin("Running");
                }
            }
            Change::Finish => {
                let mut running = (0..length).filter(|at| !self.rows[*at].is_finished());
                let oldest = if self.is_newest_first { running.next_back() } else { running.next() };
                if let Some(at) = oldest {
                    self.restate(at, "Failed");
                }
            }
            Change::Expire(rows) => {
                let left = length.saturating_sub(rows);
                if self.is_newest_first {
                    self.rows.truncate(left);
                } else {
                    self.rows.drain(..length - left);
                }
            }
            Change::Insert(at) => {
                let row = row(self.created, "Succeeded");
                self.created += 1;
                self.rows.insert(at % (length + 1), row);
            }
            _ if length == 0 => {}
            Change::Delete(at) => {
                self.rows.remove(at % length);
            }
            Change::Restate(at, status) => self.restate(at % length, status),
            Change::Swap(one, other) => self.rows.swap(one % length, other % length),
        }
    }

    fn apply_all<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>) {
        for change in changes {
            self.apply(change);
        }
    }

    fn page(&self, number: usize) -> DecodedPage<Backup> {
        let rows: Vec<Backup> = self.rows.iter().skip(number * self.per_page).take(self.per_page).cloned().collect();
        let count = |count: usize| Some(count.try_into().unwrap());
        DecodedPage {
            rows,
            unreadable: 0,
            count: count(self.rows.len()),
            pages_count: count(self.rows.len().div_ceil(self.per_page)),
        }
    }

    /// Its list, read whole.
    fn list(&self) -> List {
        let mut pages = Paginator::new(self.per_page.try_into().unwrap(), Limits::of(&ClientLimits::default()));
        for number in 0.. {
            let page = self.page(number);
            let mark = PageFingerprint::of(&page, b"");
            if let PageStep::End(_) = pages.take(page, mark, 0) {
                break;
            }
        }
        List { baseline: baseline_of(&pages), rows: pages.gathered.rows.finish().iter().collect() }
    }
}

fn baseline_of(pages: &Paginator<Backup>) -> Option<Baseline> {
    Baseline::of(pages.gathered.rows.rows().iter(), pages.cursor.page_size, pages.rows_per_page()?)
}

/// A list as it is known.
#[derive(Clone, Debug)]
struct List {
    rows: Vec<Backup>,
    baseline: Option<Baseline>,
}

impl List {
    /// Refreshed by some pages, which this returns too; `None` where they cannot tell, or there is nothing to begin with. The service
    /// may change after each page.
    fn refreshed(&self, mut fetch: impl FnMut(usize) -> DecodedPage<Backup>) -> Option<(Self, Vec<usize>)> {
        let mut refresh = LightRefresh::new(self.baseline.as_ref()?);
        let mut fetched = Vec::new();
        while let Step::Fetch(number) = refresh.next() {
            fetched.push(number);
            if !refresh.take(number, fetch(number)) {
                return None;
            }
        }
        if refresh.next() == Step::Unsure || (refresh.has_moved() && !refresh.begins_with(&fetch(0))) {
            return None;
        }
        let LightListing { segments, baseline } = refresh.finish();
        let rows = segments.into_iter().flat_map(|segment| match segment {
            Segment::Kept(rows) => self.rows[rows].to_vec(),
            Segment::Fetched(rows) => rows,
        });
        Some((Self { rows: rows.collect(), baseline: Some(baseline) }, fetched))
    }
}

/// What is done to a page of this number on its way.
type Distortion<'a> = &'a dyn Fn(usize, &mut DecodedPage<Backup>);

/// What happens to backups as a rule.
fn usual() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (1..4_usize).prop_map(Change::Begin),
        1 => (4..20_usize).prop_map(Change::Begin),
        6 => Just(Change::Finish),
        4 => (1..4_usize).prop_map(Change::Expire),
        2 => any::<usize>().prop_map(Change::Delete),
    ]
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => usual(),
        1 => any::<usize>().prop_map(Change::Insert),
        2 => (any::<usize>(), prop::sample::select(vec!["Running", "Scheduled", "Failed", "Expired"]))
            .prop_map(|(at, status)| Change::Restate(at, status)),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(one, other)| Change::Swap(one, other)),
    ]
}

/// What happens before each of several refreshes.
fn histories(change: impl Strategy<Value = Change>) -> impl Strategy<Value = Vec<Vec<Change>>> {
    prop::collection::vec(prop::collection::vec(change, 0..6), 1..8)
}

fn services() -> impl Strategy<Value = SimulatedService> {
    (20..120_usize, 2..6_usize, any::<bool>())
        .prop_map(|(rows, per_page, is_newest_first)| SimulatedService::new(rows, per_page, is_newest_first))
}

/// A list as it is after a refresh, light or not.
fn refresh(service: &SimulatedService, list: &List) -> (List, Option<Vec<usize>>) {
    match list.refreshed(|number| service.page(number)) {
        Some((list, fetched)) => (list, Some(fetched)),
        None => (service.list(), None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_happens_as_a_rule_is_seen_wholly(mut service in services(), history in histories(usual())) {
        let mut list = service.list();
        for changes in history {
            service.apply_all(&changes);
            let (refreshed, fetched) = refresh(&service, &list);
            prop_assert_eq!(&refreshed.rows, &service.rows);
            if let Some(fetched) = fetched {
                let pages = service.rows.len().div_ceil(service.per_page);
                prop_assert!(fetched.len() <= most_pages(pages).max(1), "{} of {} pages", fetched.len(), pages);
                let unique: HashSet<&usize> = fetched.iter().collect();
                prop_assert_eq!(unique.len(), fetched.len());
            }
            list = refreshed;
        }
    }

    #[test]
    fn whatever_happens_only_rows_of_pages_that_were_not_fetched_can_be_older(
        mut service in services(),
        history in histories(any_change()),
    ) {
        let mut list = service.list();
        for changes in history {
            service.apply_all(&changes);
            let (refreshed, fetched) = refresh(&service, &list);
            prop_assert_eq!(refreshed.rows.len(), service.rows.len());
            let is_fetched = |at: usize| fetched.as_ref().is_none_or(|pages| pages.contains(&(at / service.per_page)));
            for (at, (row, now)) in refreshed.rows.iter().zip(&service.rows).enumerate() {
                prop_assert!(row == now || !is_fetched(at), "row {at} of {fetched:?}: {row:?}, {now:?}");
                prop_assert!(row.is_finished() || is_fetched(at), "a backup that runs is fetched");
            }
            list = refreshed;
        }
    }

    #[test]
    fn a_list_that_changes_between_two_pages_has_no_row_twice(
        mut service in services(),
        before in prop::collection::vec(usual(), 0..4),
        meanwhile in prop::collection::vec(usual(), 0..4),
    ) {
        let list = service.list();
        service.apply_all(&before);
        let mut meanwhile = meanwhile.iter();
        let refreshed = list.refreshed(|number| {
            let page = service.page(number);
            service.apply_all(meanwhile.next());
            page
        });
        if let Some((refreshed, _)) = refreshed {
            let unique: HashSet<&str> = refreshed.rows.iter().map(|row| row.id.as_str()).collect();
            prop_assert_eq!(unique.len(), refreshed.rows.len());
        }
    }
}

/// 10,000 rows on 100 pages, the newest first, after these changes: which pages a light refresh fetches, and whether it sees them all.
fn long(changes: &[Change]) -> Option<(Vec<usize>, bool)> {
    let mut service = SimulatedService::new(10_000, 100, true);
    let list = service.list();
    service.apply_all(changes);
    let (refreshed, fetched) = list.refreshed(|number| service.page(number))?;
    Some((fetched, refreshed.rows == service.rows))
}

#[test]
fn an_unchanged_list_takes_two_pages_and_those_with_backups_that_run() {
    assert_eq!(long(&[]), Some((vec![0, 99], true)));
    let mut service = SimulatedService::new(10_000, 100, true);
    for at in [3, 4_050, 4_051, 7_000] {
        service.restate(at, "Running");
    }
    let list = service.list();
    service.restate(7_000, "Succeeded");
    let (list, fetched) = list.refreshed(|number| service.page(number)).unwrap();
    assert_eq!((fetched, &list.rows), (vec![0, 99, 40, 70], &service.rows));
    let (_, fetched) = list.refreshed(|number| service.page(number)).unwrap();
    assert_eq!(fetched, [0, 99, 40], "what is finished is not fetched again");
}

#[test]
fn pages_are_fetched_until_what_is_known_fits_again() {
    use Change::{Begin, Delete, Expire, Insert, Restate, Swap};
    assert_eq!(long(&[Begin(3)]), Some((vec![0, 100], true)));
    assert_eq!(long(&[Begin(250)]), Some((vec![0, 102, 1, 2], true)), "new rows go on");
    assert_eq!(long(&[Begin(3), Expire(3)]), Some((vec![0, 99], true)), "as many as before");
    assert_eq!(long(&[Expire(9_950)]), Some((vec![0], true)), "one page is left");
    let halved = vec![0, 99, 49, 74, 61, 55, 52];
    assert_eq!(long(&[Delete(5_210)]), Some((halved.clone(), true)), "on page 52");
    assert_eq!(long(&[Begin(1), Delete(5_210)]), Some((halved, true)), "although there are as many as before");
    assert_eq!(long(&[Restate(50, "Failed")]), Some((vec![0, 99], true)));
    assert_eq!(long(&[Swap(0, 50)]), None, "another order");
    // The two moves that no page beside them shows.
    assert_eq!(long(&[Restate(5_000, "Failed")]), Some((vec![0, 99], false)));
    assert_eq!(long(&[Delete(5_000), Insert(5_000)]), Some((vec![0, 99], false)));
}

#[test]
fn what_is_not_sure_is_left_to_a_listing() {
    let service = SimulatedService::new(100, 10, true);
    let list = service.list();
    let refreshed = |change: Distortion<'_>| {
        list.refreshed(|number| {
            let mut page = service.page(number);
            change(number, &mut page);
            page
        })
    };
    assert!(refreshed(&|_, _| {}).is_some());
    let cases: [(&str, Distortion<'_>); 8] = [
        ("no count", &|_, page| page.count = None),
        ("no number of pages", &|_, page| page.pages_count = None),
        ("numbers that contradict", &|_, page| page.pages_count = Some(9)),
        ("another count on another page", &|number, page| page.count = Some(if number == 0 { 100 } else { 101 })),
        ("a row that cannot be read", &|_, page| page.unreadable = 1),
        ("a row without an id", &|_, page| page.rows[0].id = BackupId::default()),
        ("a shorter page", &|_, page| page.rows.truncate(5)),
        ("an empty list", &|_, page| {
            *page = DecodedPage { count: Some(0), pages_count: Some(0), ..Default::default() }
        }),
    ];
    for (name, change) in cases {
        assert!(refreshed(change).is_none(), "{name}");
    }
}

#[test]
fn a_row_that_slips_to_a_page_already_fetched_is_noticed() {
    let mut service = SimulatedService::new(100, 10, false);
    let list = service.list();
    // One goes from the first page as it is there, and one comes at the end: all other pages begin one row later.
    let mut is_moved = false;
    let refreshed = list.refreshed(|number| {
        let page = service.page(number);
        if !std::mem::replace(&mut is_moved, true) {
            service.apply(&Change::Delete(5));
            service.apply(&Change::Begin(1));
        }
        page
    });
    assert!(refreshed.is_none());
}

#[test]
fn a_baseline_needs_full_pages_exact_counts_and_more_pages_than_a_refresh_would_fetch() {
    let has_baseline = |rows: usize, running: &[usize]| {
        let mut service = SimulatedService::new(rows, 10, true);
        for at in running {
            service.restate(*at, "Running");
        }
        service.list().baseline.is_some()
    };
    assert!(has_baseline(40, &[]) && has_baseline(31, &[5, 30]));
    assert!(!has_baseline(30, &[]), "three pages");
    assert!(!has_baseline(40, &[15]), "three pages of four");
    assert!(has_baseline(60, &[15]) && !has_baseline(60, &[15, 25]));

    let listed = |change: Distortion<'_>| {
        let service = SimulatedService::new(100, 10, true);
        let mut pages = Paginator::new(10, Limits::of(&ClientLimits::default()));
        for number in 0..10 {
            let mut page = service.page(number);
            change(number, &mut page);
            let mark = PageFingerprint::of(&page, b"");
            pages.take(page, mark, 0);
        }
        baseline_of(&pages).is_some()
    };
    assert!(listed(&|_, _| {}));
    let cases: [(&str, Distortion<'_>); 6] = [
        ("no count", &|_, page| page.count = None),
        ("a count of the page", &|_, page| page.count = Some(10)),
        ("a number of pages that contradicts", &|_, page| page.pages_count = Some(11)),
        ("a row that cannot be read", &|number, page| {
            if number == 4 {
                page.rows.pop();
                page.unreadable = 1;
            }
        }),
        ("a row on two pages", &|number, page| {
            if number == 4 {
                page.rows[0] = row(99, "Succeeded");
            }
        }),
        ("pages of other lengths", &|number, page| match number {
            4 => page.rows.truncate(9),
            5 => page.rows.push(row(1_000, "Succeeded")),
            _ => {}
        }),
    ];
    for (name, change) in cases {
        assert!(!listed(change), "{name}");
    }
}
