//! The API key: cleaned where it was pasted badly, refused where cleaning would be guessing, never shown.

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};

use crate::domain::{ApiUrl, and_list, is_invisible};

/// The environment variable that gives a key for one run.
///
/// It is read once. On Unix the program starts itself anew without it; elsewhere whoever starts another program takes it out of
/// that program's environment: `command.env_remove(KEY_VARIABLE)`.
pub const KEY_VARIABLE: &str = "SKYSQL_API_KEY";

/// The shortest and longest key accepted, in characters.
const MIN_CHARS: usize = 16;
const MAX_CHARS: usize = 1024;

/// The secret of the `X-API-Key` header. It cannot be cloned, printed or written to a file by accident; share it in an `Arc`.
/// The one inside is only for [`super::KnownSecrets`], which keeps no secret alive.
pub struct ApiKey(Arc<SecretString>);

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(redacted)")
    }
}

/// What may be shown of a key: enough to tell two keys apart, and no part of the key. Displays as
/// `48 characters, tag 3F9A2C`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyTag {
    /// Characters of the key.
    length: usize,
    /// The beginning of a hash of address and key: the same key at another service has another tag.
    hash: [u8; 3],
}

impl fmt::Display for KeyTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third] = self.hash;
        write!(f, "{} characters, tag {first:02X}{second:02X}{third:02X}", self.length)
    }
}

/// A key read from a pasted text.
#[derive(Debug)]
pub struct CleanedKey {
    /// The key itself.
    pub key: ApiKey,
    /// What was taken away around it, as a sentence without the text: `Removed 1 line break`.
    pub note: Option<String>,
}

/// Why a pasted text is no key. The texts name kind and place, never the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    /// Nothing but blanks.
    #[error("Paste the API key")]
    Empty,
    /// Below 16 characters.
    #[error("This is too short for an API key: {length} characters, at least 16 are needed")]
    TooShort {
        /// Characters found.
        length: usize,
    },
    /// Above 1,024 characters.
    #[error("This is too long for an API key: {length} characters, at most 1,024 are possible")]
    TooLong {
        /// Characters found.
        length: usize,
    },
    /// A character inside that no key has.
    #[error("Found {kind} at position {position} of the key; copy the key again")]
    Inside {
        /// What it is, with its article.
        kind: &'static str,
        /// Its place in the cleaned text, counted from 1.
        position: usize,
    },
    /// A command without the header of the key.
    #[error("This command holds no X-API-Key header; paste the key itself")]
    CommandWithoutKey,
    /// `$SKYSQL_API_KEY` or the like instead of a key.
    #[error("This is the name of a variable, not its value; paste the key itself")]
    Variable,
}

impl ApiKey {
    /// Reads a pasted text: blanks and invisible marks at its ends, quotes around it, `X-API-Key:` and `Bearer` before it and a
    /// whole curl command around it are cut off, and the note says so.
    pub fn clean(pasted: &str) -> Result<CleanedKey, KeyTextError> {
        let mut cuts = Cuts::default();
        let mut text = cuts.trim(pasted);
        if text.is_empty() {
            return Err(KeyTextError::Empty);
        }
        if let Some(command) = command_of(text) {
            text = header_value(command).ok_or(KeyTextError::CommandWithoutKey)?;
            cuts.blanks = Blanks::default();
            cuts.parts.push("the curl command around it");
        }
        loop {
            text = cuts.trim(text);
            if let Some((rest, what)) = strip_prefix(text) {
                text = rest;
                cuts.add(what);
            } else if let Some(inner) = strip_quotes(text) {
                text = inner;
                cuts.add("the quotes");
            } else {
                break;
            }
        }
        check(text)?;
        Ok(CleanedKey { key: Self(Arc::new(SecretString::from(text.to_owned()))), note: cuts.note() })
    }

    /// The key, for the one header it is made for.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The secret itself, to know for how long it lives.
    pub(super) fn shared(&self) -> &Arc<SecretString> {
        &self.0
    }

    /// What may be shown of it, for a service at this address.
    #[must_use]
    pub fn tag(&self, url: &ApiUrl) -> KeyTag {
        // The hasher holds the end of the key for a moment. It stays in one place, which is wiped when it is freed; moved
        // about, it would leave copies on the stack.
        let mut hasher = Box::new(Sha256::new());
        hasher.update(url.origin());
        hasher.update([0]);
        hasher.update(self.expose());
        let hash = hasher.finalize_reset();
        let [first, second, third, ..] = <[u8; 32]>::from(hash);
        KeyTag { length: self.expose().len(), hash: [first, second, third] }
    }
}

fn check(text: &str) -> Result<(), KeyTextError> {
    if text.is_empty() {
        return Err(KeyTextError::Empty);
    }
    if text.starts_with('$') && text.len() < 64 {
        return Err(KeyTextError::Variable);
    }
    for (index, c) in text.chars().enumerate() {
        if !c.is_ascii_graphic() {
            return Err(KeyTextError::Inside { kind: kind_of(c), position: index + 1 });
        }
    }
    match text.len() {
        length @ 0..MIN_CHARS => Err(KeyTextError::TooShort { length }),
        MIN_CHARS..=MAX_CHARS => Ok(()),
        length => Err(KeyTextError::TooLong { length }),
    }
}

fn kind_of(c: char) -> &'static str {
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => "a line break",
        '\t' => "a tab",
        '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' => "a typographic quotation mark",
        c if c.is_whitespace() => "a space",
        c if is_invisible(c) => "an invisible character",
        c if c.is_control() => "a control character",
        _ => "a character outside ASCII",
    }
}

/// What was taken away, for the note.
#[derive(Default)]
struct Cuts {
    blanks: Blanks,
    parts: Vec<&'static str>,
}

#[derive(Default)]
struct Blanks {
    line_breaks: usize,
    spaces: usize,
    invisible: usize,
}

impl Cuts {
    /// Cuts blanks and invisible marks off both ends and counts them; a CR LF counts as one line break.
    fn trim<'t>(&mut self, text: &'t str) -> &'t str {
        let is_blank = |c: char| c.is_whitespace() || is_invisible(c);
        let without_start = text.trim_start_matches(is_blank);
        let (start, rest) = text.split_at(text.len() - without_start.len());
        let inner = rest.trim_end_matches(is_blank);
        let (inner, end) = rest.split_at(inner.len());
        for blanks in [start, end] {
            let pairs = blanks.matches("\r\n").count();
            let breaks = blanks.chars().filter(|c| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')).count();
            let flags = blanks.chars().filter(|c| is_invisible(*c) && !matches!(c, '\u{2028}' | '\u{2029}')).count();
            self.blanks.line_breaks += breaks - pairs;
            self.blanks.invisible += flags;
            self.blanks.spaces += blanks.chars().count() - breaks - flags;
        }
        inner
    }

    fn add(&mut self, what: &'static str) {
        if !self.parts.contains(&what) {
            self.parts.push(what);
        }
    }

    fn note(self) -> Option<String> {
        let counted = [
            (self.blanks.line_breaks, "line break"),
            (self.blanks.spaces, "space"),
            (self.blanks.invisible, "invisible character"),
        ];
        let counted = counted.into_iter().filter(|(count, _)| *count > 0);
        let counted = counted.map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }));
        let parts: Vec<String> = counted.chain(self.parts.into_iter().map(str::to_owned)).collect();
        if parts.is_empty() { None } else { Some(format!("Removed {}", and_list(&parts))) }
    }
}

/// The text after `curl`, where the paste is such a command.
fn command_of(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['$', '#', '>', ' ']);
    let rest = text.strip_prefix("curl").or_else(|| text.strip_prefix("curl.exe"))?;
    rest.starts_with(char::is_whitespace).then_some(rest)
}

/// The value of the key's header in a command: up to the quote that closes the header, or to the next blank where there is none.
fn header_value(command: &str) -> Option<&str> {
    let lower = command.to_ascii_lowercase();
    let (name, start) =
        ["x-api-key:", "authorization:"].into_iter().find_map(|name| Some((name, lower.find(name)?)))?;
    let before = command.get(..start)?.chars().next_back();
    let value = command.get(start + name.len()..)?.trim_start();
    let end = match before {
        Some(quote @ ('"' | '\'')) => value.find(quote),
        _ => value.find(|c: char| c.is_whitespace() || c == '"' || c == '\''),
    };
    value.get(..end.unwrap_or(value.len()))
}

fn strip_prefix(text: &str) -> Option<(&str, &'static str)> {
    const PREFIXES: [(&str, &str); 9] = [
        ("x-api-key:", "“X-API-Key:”"),
        ("x-api-key=", "“X-API-Key=”"),
        ("authorization:", "“Authorization:”"),
        ("bearer ", "“Bearer”"),
        ("--header ", "“--header”"),
        ("-h ", "“-H”"),
        ("export ", "“export”"),
        ("skysql_api_key=", "“SKYSQL_API_KEY=”"),
        ("api_key=", "“API_KEY=”"),
    ];
    PREFIXES.iter().find_map(|(prefix, what)| {
        let head = text.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| (text.get(prefix.len()..).unwrap_or_default(), *what))
    })
}

fn strip_quotes(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 6] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('„', '“')];
    PAIRS.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "skysql.1test.Zm9vYmFy-QUX_quux=.Q2Fz";

    #[test]
    fn a_key_is_cut_out_of_what_was_pasted_and_the_note_says_what_went() {
        let cases = [
            (KEY.to_owned(), None),
            (format!("{KEY}\n"), Some("Removed 1 line break")),
            (format!("{KEY}\r\n\r\n"), Some("Removed 2 line breaks")),
            (format!("  {KEY} \u{a0}"), Some("Removed 4 spaces")),
            (format!("\u{feff}{KEY}\u{200b}"), Some("Removed 2 invisible characters")),
            (format!("\u{feff} {KEY}\n"), Some("Removed 1 line break, 1 space and 1 invisible character")),
            (format!("X-API-Key:{KEY}"), Some("Removed “X-API-Key:”")),
            (format!("x-api-key: {KEY}"), Some("Removed 1 space and “X-API-Key:”")),
            (format!("Bearer {KEY}"), Some("Removed “Bearer”")),
            (format!("\"{KEY}\""), Some("Removed the quotes")),
            (format!("“{KEY}”"), Some("Removed the quotes")),
            (format!("-H 'X-API-Key:{KEY}'"), Some("Removed “-H”, the quotes and “X-API-Key:”")),
            (format!("export SKYSQL_API_KEY='{KEY}'"), Some("Removed “export”, “SKYSQL_API_KEY=” and the quotes")),
            (
                format!("curl -sS 'https://api.skysql.com/x' \\\n -H 'X-API-Key: {KEY}' --data '{{}}'\n"),
                Some("Removed the curl command around it"),
            ),
            (format!("$ curl -H \"x-api-key:{KEY}\" https://h"), Some("Removed the curl command around it")),
            (format!("curl -H X-API-Key:{KEY} https://h"), Some("Removed the curl command around it")),
            (format!("curl -H ' X-API-Key: {KEY}' https://h"), Some("Removed the curl command around it")),
            (format!("curl -H \" X-API-Key: {KEY}\" https://h"), Some("Removed the curl command around it")),
            (
                format!("curl -H 'Authorization: Bearer {KEY}' https://h"),
                Some("Removed the curl command around it and “Bearer”"),
            ),
        ];
        for (pasted, note) in cases {
            let cleaned = ApiKey::clean(&pasted).unwrap_or_else(|error| panic!("{pasted:?}: {error}"));
            assert_eq!(cleaned.key.expose(), KEY, "{pasted:?}");
            assert_eq!(cleaned.note.as_deref(), note, "{pasted:?}");
            assert_eq!(cleaned.key.expose().len(), KEY.len());
            assert!(!format!("{cleaned:?}").contains("skysql."));
        }
    }

    #[test]
    fn what_is_no_key_is_refused_by_kind_and_place() {
        let inside = |kind, position| KeyTextError::Inside { kind, position };
        let cases = [
            (String::new(), KeyTextError::Empty),
            (" \u{feff}\r\n".to_owned(), KeyTextError::Empty),
            ("\"\"".to_owned(), KeyTextError::Empty),
            ("X-API-Key:".to_owned(), KeyTextError::Empty),
            ("a".repeat(15), KeyTextError::TooShort { length: 15 }),
            ("a".repeat(1025), KeyTextError::TooLong { length: 1025 }),
            (format!(" {}", "abcde fghijklmnopq"), inside("a space", 6)),
            ("abcde\u{a0}fghijklmnopq".to_owned(), inside("a space", 6)),
            ("abcdefghij\nklmnopqrst".to_owned(), inside("a line break", 11)),
            ("abcdefghij\tklmnopqrst".to_owned(), inside("a tab", 11)),
            ("ab\u{200b}cdefghijklmnopq".to_owned(), inside("an invisible character", 3)),
            ("“abcdefghijklmnopqr".to_owned(), inside("a typographic quotation mark", 1)),
            ("abcdefghijklmnopqü".to_owned(), inside("a character outside ASCII", 18)),
            ("abcdefgh\0ijklmnopq".to_owned(), inside("a control character", 9)),
            ("curl https://api.skysql.com".to_owned(), KeyTextError::CommandWithoutKey),
            ("curl -H \"X-API-Key: $SKYSQL_API_KEY\" https://h".to_owned(), KeyTextError::Variable),
            ("${SOME_LONG_VARIABLE}".to_owned(), KeyTextError::Variable),
            (format!("${}", "V".repeat(62)), KeyTextError::Variable),
        ];
        for (pasted, want) in cases {
            assert_eq!(ApiKey::clean(&pasted).map(|cleaned| cleaned.key.expose().len()), Err(want), "{pasted:?}");
        }
        for key in ["k".repeat(16), "k".repeat(1024), format!("${}", "k".repeat(63))] {
            assert!(ApiKey::clean(&key).is_ok(), "{key}");
        }
    }

    #[test]
    fn a_tag_tells_keys_and_services_apart_and_holds_no_part_of_a_key() {
        let tag = |key: &str, url: &str| ApiKey::clean(key).unwrap().key.tag(&ApiUrl::parse(url).unwrap()).to_string();
        let (here, there) = ("https://api.skysql.com", "https://api.skysql.com:8443");
        let one = tag(KEY, here);
        assert_eq!(one, tag(KEY, "https://api.skysql.com/path"), "the same key at the same service");
        assert_ne!(one, tag(KEY, there));
        let parts =
            |tag: &str| tag.split_once(" characters, tag ").map(|(length, hash)| (length.to_owned(), hash.to_owned()));
        let (length, hash) = parts(&one).unwrap();
        assert_ne!(hash, parts(&tag(&format!("{KEY}x"), here)).unwrap().1);
        assert_eq!(length, KEY.len().to_string());
        assert!(hash.len() == 6 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
    }

    #[test]
    fn a_key_does_not_print_itself() {
        let key = ApiKey::clean(KEY).unwrap().key;
        assert_eq!(format!("{key:?}"), "ApiKey(redacted)");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_response_quotes_the_key(
            before in "[ \t\r\n\"']{0,3}|(X-API-Key: |Bearer |curl -H 'X-API-Key: )",
            key in "[A-Z0-9]{10,24}",
            foreign in "\\PC{0,2}|[\\x00-\\x20\u{200b}ä“]{0,2}",
            rest in "[A-Z0-9]{0,24}",
            after in "[ \t\r\n\"']{0,3}|' https://h",
        ) {
            let pasted = format!("{before}{key}{foreign}{rest}{after}");
            let answer = match ApiKey::clean(&pasted) {
                Ok(cleaned) => {
                    let length = cleaned.key.expose().len();
                    prop_assert!((16..=1024).contains(&length) && cleaned.key.expose().bytes().all(|b| b.is_ascii_graphic()));
                    prop_assert!(pasted.contains(cleaned.key.expose()));
                    format!("{cleaned:?} {:?}", cleaned.note)
                }
                Err(error) => format!("{error} {error:?}"),
            };
            for secret in [&key, &rest] {
                for window in secret.as_bytes().windows(8) {
                    prop_assert!(!answer.contains(std::str::from_utf8(window).unwrap()), "{answer}");
                }
            }
        }

        #[test]
        fn any_text_at_all_is_answered(text in "\\PC{0,40}|(curl |\"|Bearer )\\PC{0,20}") {
            let _ = ApiKey::clean(&text);
        }
    }
}
