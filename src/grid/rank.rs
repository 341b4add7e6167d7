//! Words that are more than words: positions in binary logs, sizes written out. They sort by their own order, not as text.

use super::fold::{push_natural, push_number};
use super::{Direction, Kind};
use crate::domain::Status;

/// The decimals of a byte that sizes are compared by: `1.2 kB` is 1200 bytes, `0.0001 kB` a tenth of one.
const DECIMALS: usize = 6;

/// Appends a key for the order that a column of this kind gives to words. Those with an order of their own come before those that could
/// not be read as such, in both directions.
pub(super) fn push_words(key: &mut Vec<u8>, kind: Kind, direction: Direction, text: &str) {
    let [ranked, worded] = match direction {
        Direction::Ascending => [0, 1],
        Direction::Descending => [1, 0],
    };
    let start = key.len();
    key.push(ranked);
    if push_rank(key, kind, text) {
        return;
    }
    key.truncate(start);
    key.push(worded);
    if kind == Kind::Status {
        key.push(Status::new(text).kind() as u8);
    }
    push_natural(key, text);
}

/// Appends a key for words with an order of their own. False, with nothing appended, where the kind has none, or they cannot be read as it.
fn push_rank(key: &mut Vec<u8>, kind: Kind, text: &str) -> bool {
    match kind {
        Kind::BinlogPosition => push_whole(key, text),
        Kind::Gtid => push_gtid(key, text).is_some(),
        Kind::SizeText => size_key(text).is_some_and(|size| {
            key.extend(size.to_be_bytes());
            true
        }),
        _ => false,
    }
}

fn push_whole(key: &mut Vec<u8>, text: &str) -> bool {
    let digits = text.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        push_number(key, digits.as_bytes());
    }
    is_number
}

/// Appends a key for a GTID position such as `0-100-88213,1-7-42`: its domains in ascending order, each with its sequence number, then
/// the server ids. `None`, with nothing appended, for anything the server would not take: a domain twice, a number out of range.
fn push_gtid(key: &mut Vec<u8>, text: &str) -> Option<()> {
    if !text.contains(',') {
        push_positions(key, &[gtid(text)?]);
        return Some(());
    }
    let mut positions = text.split(',').map(gtid).collect::<Option<Vec<_>>>()?;
    positions.sort_unstable();
    if positions.windows(2).any(|pair| matches!(pair, [(a, ..), (b, ..)] if a == b)) {
        return None;
    }
    push_positions(key, &positions);
    Some(())
}

/// Domain, sequence number and server id of one GTID.
fn gtid(text: &str) -> Option<(u32, u64, u32)> {
    let mut numbers = text.trim().split('-');
    let mut next = || numbers.next().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let (domain, server, sequence) = (next()?, next()?, next()?);
    let position = (domain.parse().ok()?, sequence.parse().ok()?, server.parse().ok()?);
    numbers.next().is_none().then_some(position)
}

fn push_positions(key: &mut Vec<u8>, positions: &[(u32, u64, u32)]) {
    for (domain, sequence, _) in positions {
        // One more domain follows; the end is smaller, so that the shorter of two equal beginnings is first.
        key.push(1);
        key.extend(domain.to_be_bytes());
        key.extend(sequence.to_be_bytes());
    }
    key.push(0);
    for (.., server) in positions {
        key.extend(server.to_be_bytes());
    }
}

/// A size such as `1.2 GB`, `100Gi` or `512`, in millionths of a byte. `K`, `M`, `G` … count in thousands, with an `i` in 1024s.
fn size_key(text: &str) -> Option<u128> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_number = !whole.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let decimals = fraction.get(..DECIMALS).unwrap_or(fraction);
    let scaled: u128 = format!("{whole}{decimals:0<DECIMALS$}").parse().ok().filter(|_| is_number)?;
    scaled.checked_mul(unit_bytes(unit.trim())?)
}

fn unit_bytes(unit: &str) -> Option<u128> {
    let lower = unit.to_ascii_lowercase();
    let words = ["bytes", "byte", "b"];
    let unit = words.into_iter().find_map(|word| lower.strip_suffix(word)).unwrap_or(&lower).trim_end();
    let (prefix, base): (&str, u128) = unit.strip_suffix('i').map_or((unit, 1000), |prefix| (prefix, 1024));
    let power = match prefix {
        "" if base == 1000 => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        "e" => 6,
        _ => return None,
    };
    base.checked_pow(power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    fn rank(kind: Kind, text: &str) -> Option<Vec<u8>> {
        let mut key = Vec::new();
        let is_read = push_rank(&mut key, kind, text);
        assert_eq!(is_read, !key.is_empty(), "{text}");
        is_read.then_some(key)
    }

    fn compare(kind: Kind, a: &str, b: &str) -> Ordering {
        rank(kind, a).unwrap().cmp(&rank(kind, b).unwrap())
    }

    #[test]
    fn gtids_stand_by_domain_and_sequence() {
        let ordered = [
            "0-1-9",
            "0-9-10",
            "0-1-10,1-1-5",
            "2-1-5,0-1-10,1-1-7",
            "0-4294967295-18446744073709551614",
            "0-1-18446744073709551615",
            "1-1-1",
            "4294967295-1-1",
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare(Kind::Gtid, pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        for (a, b) in [("0-1-5,1-2-7", "1-2-7,0-1-5"), ("0-1-5, 1-2-7", "1-02-7,0-1-05")] {
            assert_eq!(compare(Kind::Gtid, a, b), Ordering::Equal, "{a} {b}");
        }
        for odd in [
            "",
            "0-1",
            "0-1-2-3",
            "0-1-2,",
            "0-1-2,0-3-4",
            "4294967296-1-1",
            "0-1-18446744073709551616",
            "x-1-2",
            "0-+1-2",
        ] {
            assert_eq!(rank(Kind::Gtid, odd), None, "{odd}");
        }
    }

    #[test]
    fn sizes_in_words_stand_by_their_bytes() {
        let ordered = [
            "0", "0.000001", "512", "1 KB", "1Ki", "1.2 kB", "999 MB", "1.2 GB", "1.2GiB", "2 G", "100Gi", "0.2 TB",
            "1TiB", "7 EiB",
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare(Kind::SizeText, pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        for (a, b) in [("1024", "1 KiB"), ("1.50 GB", "1500 mb"), ("5 bytes", "5 B"), ("1 byte", "1")] {
            assert_eq!(compare(Kind::SizeText, a, b), Ordering::Equal, "{a} {b}");
        }
        for odd in [
            "",
            "GB",
            ".5 GB",
            "1.2.3 GB",
            "1,5 GB",
            "-1 GB",
            "1 XB",
            "9999999999999999999999999999 EB",
            "1 i",
            "a few",
        ] {
            assert_eq!(rank(Kind::SizeText, odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn positions_stand_as_integers(a in any::<u128>(), b in any::<u128>()) {
            prop_assert_eq!(compare(Kind::BinlogPosition, &a.to_string(), &b.to_string()), a.cmp(&b));
        }

        #[test]
        fn whole_sizes_stand_as_integers(a in 0_u64..1 << 40, b in 0_u64..1 << 40, unit in 0_usize..4) {
            let (word, bytes) = [("", 1_u128), ("KiB", 1 << 10), ("GB", 1_000_000_000), ("T", 1_000_000_000_000)][unit];
            let (one, other) = (format!("{a} {word}"), b.to_string());
            prop_assert_eq!(compare(Kind::SizeText, &one, &other), (u128::from(a) * bytes).cmp(&u128::from(b)));
        }

        #[test]
        fn gtids_of_one_domain_stand_as_their_sequences(
            domain in any::<u32>(), servers in any::<[u32; 2]>(), a in any::<u64>(), b in any::<u64>(),
        ) {
            let gtid = |server: u32, sequence: u64| format!("{domain}-{server}-{sequence}");
            let order = compare(Kind::Gtid, &gtid(servers[0], a), &gtid(servers[1], b));
            prop_assert_eq!(order, a.cmp(&b).then(servers[0].cmp(&servers[1])));
        }

        #[test]
        fn the_order_of_domains_plays_no_part(
            mut position in proptest::collection::btree_map(0_u32..5, (0_u32..3, 0_u64..4), 1..4), turn in 0_usize..3,
        ) {
            let text = |parts: &[(u32, (u32, u64))]| {
                parts.iter().map(|(domain, (server, sequence))| format!("{domain}-{server}-{sequence}")).collect::<Vec<_>>().join(",")
            };
            let mut parts: Vec<_> = std::mem::take(&mut position).into_iter().collect();
            let first = text(&parts);
            let turn = turn % parts.len();
            parts.rotate_left(turn);
            prop_assert_eq!(compare(Kind::Gtid, &first, &text(&parts)), Ordering::Equal);
        }
    }
}
