//! Texts as people compare them: in any case, however their letters are composed, without characters that have no width.
//!
//! The search looks for folded words in folded texts; the order of all words, in tables, menus and lists, is that of [`natural_key`].

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::is_invisible;

/// Before the digits of a number in a natural key: where the ASCII digits are among the other characters.
const NUMBER: u8 = b'0';

/// Appends a text in the form it is searched in: lower case, letters composed (NFC), invisible characters left out.
pub(crate) fn push_folded(out: &mut String, text: &str) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        if let Some(added) = out.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else {
        out.extend(visible_lower(text).nfc());
    }
}

/// The text in the form it is searched in.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_folded(&mut out, text);
    out
}

/// Decomposed before it is lower-cased, so that both spellings of a letter take the same way.
fn visible_lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_invisible(*c)).nfd().flat_map(char::to_lowercase)
}

/// A key whose order by bytes is the order for people: no case, `é` between `e` and `f`, and numbers by their value (`db-9` before `db-10`).
/// Texts that differ only in case, spelling of letters or leading zeros have the same key.
#[must_use]
pub fn natural_key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() + 8);
    push_natural(&mut key, text);
    key
}

/// Appends the [`natural_key`] of a text.
pub(super) fn push_natural(key: &mut Vec<u8>, text: &str) {
    if text.is_ascii() {
        push_ascii_natural(key, text.as_bytes());
    } else {
        let decomposed: String = visible_lower(text).nfd().collect();
        push_ascii_natural(key, decomposed.as_bytes());
    }
}

/// Bytes beyond ASCII stay as they are: UTF-8 has the order of its characters.
fn push_ascii_natural(key: &mut Vec<u8>, text: &[u8]) {
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        if first.is_ascii_digit() {
            let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, after) = rest.split_at(count);
            push_number(key, digits);
            rest = after;
        } else {
            key.push(first.to_ascii_lowercase());
            rest = after;
        }
    }
}

/// Appends a whole number of any length, given as ASCII digits, so that the order of the bytes is that of the numbers: the count of
/// its digits, then the digits, leading zeros left out.
pub(super) fn push_number(key: &mut Vec<u8>, digits: &[u8]) {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let digits = digits.get(zeros..).unwrap_or_default();
    key.push(NUMBER);
    match u8::try_from(digits.len()) {
        Ok(count) if count < u8::MAX => key.push(count),
        _ => {
            key.push(u8::MAX);
            key.extend((digits.len() as u64).to_be_bytes());
        }
    }
    key.extend_from_slice(digits);
}

/// The beginning of the [`natural_key`] of a number in 32 hex digits, with a sign that is no hex digit behind it: where two of these
/// differ, the keys are in the same order.
///
/// It is made of four bits a sign: a letter is itself; digits are 0, their count and each of them, leading zeros left out; the sign
/// behind comes between the two, as `:` does.
pub(super) fn natural_hex(number: u128) -> u64 {
    const END: u64 = 5;
    /// The largest count that fits. What follows it tells nothing.
    const MANY: u32 = 15;
    let (mut key, mut free) = (0_u64, u64::BITS);
    let mut push = |sign: u64| {
        free = free.saturating_sub(4);
        key |= sign << free;
        free > 0
    };
    let digit_at = |at: u32| number >> (u128::BITS - 4 - 4 * at) & 15;
    let mut at = 0;
    while at < 32 {
        let digit = digit_at(at);
        if digit >= 10 {
            at += 1;
            if !push(u64::try_from(digit).unwrap_or_default()) {
                return key;
            }
            continue;
        }
        let end = (at..32).find(|&at| digit_at(at) >= 10).unwrap_or(32);
        let first = (at..end).find(|&at| digit_at(at) > 0).unwrap_or(end);
        let count = (end - first).min(MANY);
        let is_full = !push(0) || !push(count.into());
        if is_full || count == MANY || !(first..end).all(|at| push(u64::try_from(digit_at(at)).unwrap_or_default())) {
            return key;
        }
        at = end;
    }
    push(END);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    /// Texts with long numbers, letters of both cases, and letters in both spellings.
    const TEXTS: &str = "[a-cA-C0-9éÉäÅ\u{301}\u{30a}. -]{0,8}|[ab]-[0-9]{1,300}|\\PC{0,6}";

    /// Up to 32 hex digits, with long numbers and with numbers that are equal for long.
    const SOME_HEX: &str =
        "[0-9a-f]{1,32}|[0-1]{0,30}[a9]{1,2}|a?0{0,19}[0-9]{0,8}[ab]0{0,3}|[0a]{32}|1{12,16}[0-9a]{0,16}";

    fn compare(a: &str, b: &str) -> Ordering {
        natural_key(a).cmp(&natural_key(b))
    }

    #[test]
    fn names_with_numbers_stand_as_people_count() {
        let ordered = [
            "",
            "-",
            "db-1",
            "db-9",
            "db-10",
            "db-10-a",
            "db-99",
            "db-100",
            "db-a",
            "Emil",
            "Emilie",
            "émile",
            "f",
            "mariadb-bin.999999",
            "mariadb-bin.1000000",
            "zürich",
            "Zz",
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        for (a, b) in [("db-9", "DB-09"), ("caf\u{e9}", "cafe\u{301}"), ("orders", "or\u{200b}ders\u{feff}")] {
            assert_eq!(compare(a, b), Ordering::Equal, "{a} {b}");
        }
    }

    #[test]
    fn both_spellings_of_a_letter_are_searched_alike() {
        for (a, b) in [("CAFÉ", "cafe\u{301}"), ("ＡＢ", "ａｂ"), ("Ångström", "a\u{30a}ngstro\u{308}m")] {
            assert_eq!(folded(a), folded(b));
        }
        assert_eq!(folded("or\u{200b}ders\u{ad}-\u{feff}Prod"), "orders-prod");
    }

    proptest! {
        #[test]
        fn the_spelling_of_letters_plays_no_part(text in "\\PC{0,12}") {
            let (composed, decomposed): (String, String) = (text.nfc().collect(), text.nfd().collect());
            prop_assert_eq!(folded(&composed), folded(&decomposed));
            prop_assert_eq!(natural_key(&composed), natural_key(&decomposed));
        }

        #[test]
        fn whole_numbers_stand_by_their_value(a in any::<u128>(), b in any::<u128>(), zeros in 0_usize..4) {
            let (one, other) = (format!("db-{}{a}", "0".repeat(zeros)), format!("db-{b}"));
            prop_assert_eq!(compare(&one, &other), a.cmp(&b));
        }

        #[test]
        fn hex_digits_are_in_the_order_of_their_keys(a in SOME_HEX, b in SOME_HEX) {
            let number = |text: &str| u128::from_str_radix(text, 16).unwrap();
            let [one, other] = [&a, &b].map(|text| natural_key(&format!("{:032x}:x", number(text))));
            let order = natural_hex(number(&a)).cmp(&natural_hex(number(&b)));
            prop_assert!(order.is_eq() || order == one.cmp(&other), "{:032x} {:032x}", number(&a), number(&b));
        }

        #[test]
        fn longer_numbers_stand_after_shorter_ones(a in "[1-9][0-9]{0,400}", b in "[1-9][0-9]{0,400}") {
            prop_assert_eq!(compare(&a, &b), a.len().cmp(&b.len()).then_with(|| a.cmp(&b)));
        }

        #[test]
        fn the_order_is_total(a in TEXTS, b in TEXTS, c in TEXTS) {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
                prop_assert!(compare(&a, &c).is_le());
            }
            // Only what people would call the same text is equal.
            if compare(&a, &b).is_eq() {
                let bare = |text: &str| folded(text).replace('0', "");
                prop_assert_eq!(bare(&a), bare(&b));
            }
        }
    }
}
