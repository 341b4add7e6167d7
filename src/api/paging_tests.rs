use proptest::prelude::*;

use super::*;
use crate::domain::{Backup, BackupId};

fn row(id: &str) -> Backup {
    Backup { id: BackupId::new(id), ..Backup::default() }
}

fn rows(ids: std::ops::Range<u32>) -> Vec<Backup> {
    ids.map(|id| row(&id.to_string())).collect()
}

fn page(rows: Vec<Backup>, count: Option<u64>, pages_count: Option<u64>) -> DecodedPage<Backup> {
    DecodedPage { rows, unreadable: 0, count, pages_count }
}

fn take(walk: &mut Paginator<Backup>, page: DecodedPage<Backup>) -> PageStep {
    let body = format!("{page:?}");
    let mark = PageFingerprint::of(&page, body.as_bytes());
    walk.take(page, mark, body.len())
}

fn steps(pages: Vec<DecodedPage<Backup>>) -> (Vec<PageStep>, Paginator<Backup>) {
    let mut walk = Paginator::new(10, Limits::of(&ClientLimits::default()));
    let steps = pages.into_iter().map(|page| take(&mut walk, page)).collect();
    (steps, walk)
}

const END: PageStep = PageStep::End(Completeness::Complete);

#[test]
fn pages_are_told_apart_by_their_ids_and_without_ids_by_their_content() {
    let mark = |rows: Vec<Backup>, body: &[u8]| PageFingerprint::of(&page(rows, None, None), body);
    let (first, same, other) = (mark(rows(0..3), b"a"), mark(rows(0..3), b"b"), mark(rows(0..4), b"a"));
    assert!(first.has_same_rows(&same) && first.is_same_page(&same));
    assert!(!first.has_same_rows(&other) && !first.is_same_page(&other));
    let (nameless, again, changed) = (mark(vec![row("")], b"a"), mark(vec![row("")], b"a"), mark(vec![row("")], b"b"));
    assert!(nameless.is_same_page(&again) && !nameless.is_same_page(&changed));
    assert!(nameless.has_same_rows(&changed), "nothing is known of rows without ids");
}

#[test]
fn a_walk_counts_its_pages() {
    let (_, walk) = steps((0..3).map(|at| page(rows(10 * at..10 * at + 10), None, None)).collect());
    assert_eq!((walk.cursor.pages_read, walk.next_page()), (3, 4));
}

#[test]
fn a_walk_ends_at_an_empty_or_short_page_and_hints_only_help() {
    let cases = [
        ("an empty page", vec![page(vec![], Some(0), Some(0))], vec![END]),
        ("an empty page in spite of hints", vec![page(vec![], Some(500), Some(50))], vec![END]),
        ("a short page", vec![page(rows(0..9), None, None)], vec![END]),
        ("a short page with wrong hints", vec![page(rows(0..9), Some(3), Some(0))], vec![END]),
        ("a full page without hints", vec![page(rows(0..10), None, None)], vec![PageStep::Next]),
        ("a full page that is all", vec![page(rows(0..10), Some(10), Some(1))], vec![END]),
        ("a full page where the count is missing", vec![page(rows(0..10), None, Some(1))], vec![PageStep::Next]),
        ("a full page with more rows counted", vec![page(rows(0..10), Some(11), Some(1))], vec![PageStep::Next]),
        ("a full page with more pages promised", vec![page(rows(0..10), Some(10), Some(2))], vec![PageStep::Next]),
        (
            "a service that caps the page size",
            vec![page(rows(0..5), Some(8), Some(2)), page(rows(5..8), Some(8), Some(2))],
            vec![PageStep::Next, END],
        ),
        (
            "counts that are of the page",
            vec![page(rows(0..10), Some(10), Some(2)), page(rows(10..13), Some(3), Some(2))],
            vec![PageStep::Next, END],
        ),
    ];
    for (name, pages, want) in cases {
        assert_eq!(steps(pages).0, want, "{name}");
    }
}

#[test]
fn a_page_that_repeats_ends_the_walk_and_says_so() {
    let again = || page(rows(0..10), Some(30), Some(3));
    let (got, walk) = steps(vec![again(), again()]);
    assert!(matches!(&got[1], PageStep::End(Completeness::Partial(why)) if why.contains("same page")), "{got:?}");
    assert_eq!((walk.gathered.rows.len(), walk.gathered.duplicates), (10, 0));

    let nameless = || page(vec![row(""); 10], None, None);
    let (got, walk) = steps(vec![nameless(), nameless()]);
    assert!(matches!(&got[1], PageStep::End(Completeness::Partial(_))), "{got:?}");
    assert_eq!(walk.gathered.rows.len(), 10);

    // A service that answers a page beyond the end with the last one, when all is there already.
    let (got, _) = steps(vec![page(rows(0..10), Some(10), Some(2)), page(rows(0..10), Some(10), Some(2))]);
    assert_eq!(got[1], END);
}

#[test]
fn the_newest_of_two_rows_with_one_id_counts_and_rows_without_id_all_stay() {
    let newer = Backup { service_name: Some("new".into()), ..row("9") };
    let second = vec![newer.clone(), row(""), row("")];
    let (_, walk) = steps(vec![page(rows(0..10), None, None), page(second, None, None)]);
    assert_eq!((walk.gathered.rows.len(), walk.gathered.duplicates), (12, 1));
    assert_eq!(walk.gathered.rows.rows().get(9), Some(newer));
}

#[test]
fn progress_shows_the_page_hint_only_while_it_can_be_true() {
    let hint = |pages_count| steps(vec![page(rows(0..10), None, Some(pages_count))]).1.progress();
    assert_eq!(hint(3), Progress { pages_read: 1, pages_count: Some(3), rows: 10 });
    assert_eq!((hint(0).pages_count, hint(1_000_000).pages_count), (None, None));
}

#[test]
fn a_count_of_all_rows_is_compared_and_a_count_of_the_page_is_not() {
    let (_, walk) = steps(vec![page(rows(0..10), Some(12), None), page(rows(10..11), Some(12), None)]);
    assert!(walk.count_differs() && walk.rows_are_missing());
    assert_eq!(walk.count_sentence(), "SkySQL reports 12 rows but sent 11");
    let (_, walk) = steps(vec![page(rows(0..10), Some(10), None), page(rows(10..13), Some(3), None)]);
    assert!(!walk.count_differs());
    let (_, walk) = steps(vec![page(rows(0..10), Some(13), None), page(rows(10..13), Some(13), None)]);
    assert!(!walk.count_differs());
}

#[test]
fn rows_that_cannot_be_read_fill_a_page_too() {
    let full = DecodedPage { unreadable: 4, ..page(rows(0..6), None, None) };
    let (got, walk) = steps(vec![full]);
    assert_eq!((got, walk.gathered.unreadable), (vec![PageStep::Next], 4));
}

#[test]
fn an_endless_list_is_cut() {
    let mut walk = Paginator::new(1, Limits::of(&ClientLimits::default()));
    let mut pages = 0_u32;
    let end = loop {
        pages += 1;
        match take(&mut walk, page(vec![row(&pages.to_string())], None, None)) {
            PageStep::Next => {}
            PageStep::End(end) => break end,
        }
    };
    assert_eq!((pages, ClientLimits::default().most_rows), (10_000, 1_000_000));
    assert!(
        matches!(&end, Completeness::Partial(why) if why.starts_with("The list was cut at 10,000 pages")),
        "{end:?}"
    );
}

#[test]
fn a_list_that_ends_at_a_limit_was_not_cut() {
    let pacing = ClientLimits { most_rows: 20, ..ClientLimits::default() };
    let last = |counted: u64| {
        let mut walk = Paginator::new(10, Limits::of(&pacing));
        let pages = [rows(0..10), rows(10..20)];
        pages.map(|rows| take(&mut walk, page(rows, Some(counted), Some(counted.div_ceil(10)))))[1].clone()
    };
    assert_eq!(last(20), END);
    assert!(
        matches!(last(21), PageStep::End(Completeness::Partial(why)) if why.starts_with("The list was cut at 20 rows"))
    );
}

#[test]
fn a_walk_goes_on_where_another_broke_off() {
    let pages = || vec![page(rows(0..10), Some(25), Some(3)), page(rows(8..18), Some(25), Some(3))];
    let (_, broken) = steps(pages());
    let rest = broken.rest();
    let mut resumed =
        Paginator::resumed(rest.clone(), &broken.gathered.rows.rows(), Limits::of(&ClientLimits::default()));
    assert_eq!((resumed.next_page(), resumed.cursor.page_size, resumed.rest()), (3, 10, rest));
    let last = || page(rows(18..25), Some(25), Some(3));
    let (_, mut whole) = steps(pages());
    assert_eq!((take(&mut resumed, last()), take(&mut whole, last())), (END, END));
    assert_eq!((resumed.gathered.rows.rows(), resumed.gathered.duplicates), (whole.gathered.rows.rows(), 2));
}

proptest! {
    /// Whatever a service says about counts, a walk over a list that stands still finds each row once.
    #[test]
    fn a_list_that_stands_still_is_read_whole(
        total in 0_u32..80,
        size in 1_u32..12,
        counts in prop::collection::vec(prop::option::of(0_u64..200), 90),
        hints in prop::collection::vec(prop::option::of(0_u64..200), 90),
    ) {
        let mut walk = Paginator::new(size, Limits::of(&ClientLimits::default()));
        for turn in 0..90_usize {
            let start = u32::try_from(turn).unwrap() * size;
            let on_page = rows(start.min(total)..(start + size).min(total));
            if take(&mut walk, page(on_page, counts[turn], hints[turn])) != PageStep::Next {
                break;
            }
            prop_assert!(turn < 89);
        }
        // Only where both hints agree on a wrong number can a walk end early, and that takes the exact number of rows so far.
        let read = walk.gathered.rows.len();
        let agreed = walk.has_all() && walk.cursor.pages_count.is_some();
        prop_assert!(read == total as usize || agreed, "{} of {}", read, total);
    }
}

#[test]
fn bytes_are_a_limit_that_walks_share_and_a_list_that_ends_at_a_limit_is_whole() {
    let limits = Limits::of(&ClientLimits { most_bytes: 1000, most_rows: 30, ..ClientLimits::default() });
    let full = |at: u32| page(rows(10 * at..10 * at + 10), Some(30), Some(3));
    let mark = |page: &DecodedPage<Backup>| PageFingerprint::of(page, b"");
    let step = |walk: &mut Paginator<Backup>, at, bytes| {
        let page = full(at);
        let mark = mark(&page);
        walk.take(page, mark, bytes)
    };
    let mut first = Paginator::new(10, limits.clone());
    let mut second = Paginator::new(10, limits);
    assert_eq!(step(&mut first, 0, 999), PageStep::Next);
    let cut = step(&mut second, 0, 1);
    assert!(matches!(&cut, PageStep::End(Completeness::Partial(why)) if why.contains("cut at 1000 B")), "{cut:?}");

    let mut whole = Paginator::new(
        10,
        Limits::of(&ClientLimits { most_rows: 30, most_pages: 3, most_bytes: 3, ..ClientLimits::default() }),
    );
    assert_eq!(
        [step(&mut whole, 0, 1), step(&mut whole, 1, 1), step(&mut whole, 2, 1)],
        [PageStep::Next, PageStep::Next, END]
    );
}
