use super::*;
use crate::domain::{ApiTime, Backup, Status, Zone};
use crate::grid::{Kind, facet_counts};
use crate::rows::odd_backup;
use jiff::Timestamp;
use proptest::prelude::*;

fn search_index(rows: &[(&str, &str)]) -> SearchIndex<Backup> {
    let rows: Vec<Backup> = rows
        .iter()
        .map(|(name, status)| Backup {
            service_name: Some((*name).into()),
            status: Some(Status::new(*status)),
            start_time: ApiTime::read("2026-09-14T02:11:42Z"),
            storage_bytes: Some(9 << 30),
            ..Backup::default()
        })
        .collect();
    let visible = ["service_name", "status", "start_time", "storage_bytes"].map(ColumnKey::from);
    build(&rows, &visible)
}

fn build(rows: &[Backup], searched: &[ColumnKey]) -> SearchIndex<Backup> {
    SearchIndex::new(&Rows::new(rows.to_vec()), searched, &Zone::utc(), Timestamp::UNIX_EPOCH, &Arc::default())
}

#[test]
fn every_word_must_occur_in_any_case_and_none_across_cells() {
    let search_index =
        search_index(&[("Orders-DB", "Succeeded"), ("billing", "Failed"), ("Größe ΣΑΣ", "Failed"), ("a\nb", "Failed")]);
    let cases: [(&str, &[u32]); 15] = [
        ("", &[0, 1, 2, 3]),
        ("  \t", &[0, 1, 2, 3]),
        ("orders", &[0]),
        ("ORDERS succ", &[0]),
        ("orders failed", &[]),
        ("failed", &[1, 2, 3]),
        ("GRÖSSE", &[]),
        ("GRÖßE", &[2]),
        ("σας", &[]),
        ("σασ", &[2]),
        ("2026-09-14 gib", &[0, 1, 2, 3]),
        ("dbsucc", &[]),
        ("gro\u{308}ße", &[2]),
        ("or\u{200b}ders\u{feff}", &[0]),
        ("\u{200b}", &[0, 1, 2, 3]),
    ];
    for (words, want) in cases {
        assert_eq!(search_index.find(words), want, "{words}");
    }
}

#[test]
fn no_word_is_found_across_two_words_of_a_column() {
    let method = |word: &str| Backup { method: Some(word.into()), ..Backup::default() };
    let search_index = build(&["ab", "CD", "abc", "bcd"].map(method), &["method".into()]);
    for (words, want) in [("bc", &[2, 3][..]), ("cd", &[1, 3]), ("abcd", &[]), ("da", &[]), ("ab bc", &[2])] {
        assert_eq!(search_index.find(words), want, "{words}");
    }
}

#[test]
fn no_rows_and_no_columns_find_nothing_and_everything() {
    assert_eq!(build(&[], &[]).find("x"), Vec::<u32>::new());
    assert_eq!(build(&[], &[]).find(""), Vec::<u32>::new());
    let bare = build(&[Backup::default(), Backup::default()], &[]);
    assert_eq!(bare.find("x"), Vec::<u32>::new());
    assert_eq!(bare.find(""), [0, 1]);
}

proptest! {
    #[test]
    fn finding_agrees_with_looking_at_each_row(
        names in proptest::collection::vec("[abAB \n]{0,6}", 0..40),
        words in "[abAB ]{0,4}",
    ) {
        let rows: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "Failed")).collect();
        let wanted: Vec<u32> = (0..).zip(&names).filter(|(_, name)| {
            let row = format!("{name}\nfailed\n2026-09-14 02:11:42\n9.0 gib").to_lowercase();
            words.split_whitespace().all(|word| row.contains(&word.to_lowercase()))
        }).map(|(row, _)| row).collect();
        prop_assert_eq!(search_index(&rows).find(&words), wanted);
    }

    /// Over every column, in any zone, with and without names for services.
    #[test]
    fn any_search_finds_what_the_texts_of_the_cells_hold(
        rows in proptest::collection::vec(odd_backup(), 0..30),
        picked in proptest::sample::subsequence(Backup::columns().iter().collect::<Vec<_>>(), 0..20),
        place in any::<[proptest::sample::Index; 3]>(),
        zone in proptest::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns"]),
        typed in "[0-9a-fA-F:.-]{1,3}|[a-z]{1,2}|yes|GiB|db1 [0-9]",
    ) {
        let zone = Zone::new(jiff::tz::TimeZone::get(zone).unwrap());
        let names = Arc::new(ServiceNames::new(std::iter::empty(), &[&facet_counts(&Rows::new(rows.clone()))]));
        let context = CellContext { zone: &zone, now: Timestamp::UNIX_EPOCH, names: &names };
        let keys: Vec<ColumnKey> = picked.iter().map(|column| column.key.clone()).collect();
        let search_index = SearchIndex::new(&Rows::new(rows.clone()), &keys, &zone, context.now, &names);
        let texts = |row: &Backup| -> Vec<String> {
            let shown = picked.iter().map(|column| folded(&column.text(row, &context)));
            let types = picked.iter().filter(|column| column.kind == Kind::BackupType);
            let plain = types.map(|column| folded(&(column.value)(row, context.now).into_text(&zone)));
            shown.chain(plain).collect()
        };
        // What was typed, and a piece of some cell, so that something is found.
        let cells: Vec<String> = rows.iter().flat_map(texts).filter(|text| !text.is_empty()).collect();
        let piece = (!cells.is_empty()).then(|| {
            let cell: Vec<char> = place[0].get(&cells).chars().collect();
            let (from, to) = (place[1].index(cell.len()), place[2].index(cell.len()));
            cell[from.min(to)..=from.max(to)].iter().collect::<String>()
        });
        for words in [Some(typed), piece].into_iter().flatten() {
            let words_of: Vec<String> = search_words(&words);
            let wanted: Vec<u32> = (0..).zip(&rows).filter(|(_, row)| {
                let texts = texts(row);
                words_of.iter().all(|word| texts.iter().any(|text| text.contains(word.as_str())))
            }).map(|(row, _)| row).collect();
            prop_assert_eq!(search_index.find(&words), wanted, "{}", words);
        }
    }
}
