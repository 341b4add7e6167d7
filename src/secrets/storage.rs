//! The customer's own bucket: its address and the credentials to write to it.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use crate::domain::is_invisible;

/// The longest credentials text read, in bytes.
const MAX_LENGTH: usize = 64 * 1024;

/// The clouds a bucket can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BucketKind {
    /// Google Cloud Storage, `gs://`.
    Gcs,
    /// Amazon S3, `s3://`.
    S3,
}

impl BucketKind {
    /// The name of the cloud.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gcs => "Google Cloud Storage",
            Self::S3 => "Amazon S3",
        }
    }

    /// The start of its addresses.
    #[must_use]
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Gcs => "gs://",
            Self::S3 => "s3://",
        }
    }

    /// The cloud of an address, `None` where it starts with neither scheme.
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        [Self::Gcs, Self::S3].into_iter().find(|kind| address.starts_with(kind.scheme()))
    }
}

/// `external_storage` of a new schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct ExternalStorage {
    /// `bucket.path`: `gs://bucket/prefix` or `s3://bucket/prefix`, as it was typed.
    pub bucket: String,
    /// `bucket.credentials`; none where the service may write to the bucket without.
    pub credentials: Option<StorageCredentials>,
}

/// A secret: the text of a key file or of AWS credentials, in base64, ready to be sent. No response ever contains it.
/// Clones share the one text.
#[derive(Clone)]
pub struct StorageCredentials(Arc<SecretString>);

impl fmt::Debug for StorageCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StorageCredentials(redacted)")
    }
}

impl PartialEq for StorageCredentials {
    fn eq(&self, other: &Self) -> bool {
        self.expose_base64() == other.expose_base64()
    }
}

/// The three fields of AWS credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum S3Field {
    /// `aws_access_key_id`.
    AccessKeyId,
    /// `aws_secret_access_key`.
    SecretAccessKey,
    /// `region`.
    Region,
}

impl S3Field {
    /// All three, in the order of the file.
    pub const ALL: [Self; 3] = [Self::AccessKeyId, Self::SecretAccessKey, Self::Region];

    /// The name on a form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessKeyId => "Access key ID",
            Self::SecretAccessKey => "Secret access key",
            Self::Region => "Region",
        }
    }

    /// The name in the file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::AccessKeyId => "aws_access_key_id",
            Self::SecretAccessKey => "aws_secret_access_key",
            Self::Region => "region",
        }
    }

    /// Checks one value as typed; blanks around it do not count.
    pub fn check(self, typed: &str) -> Result<(), StorageError> {
        let value = typed.trim();
        let problem = if value.is_empty() {
            "is missing"
        } else if value.contains("\\n") {
            "holds a backslash and an n where a line should end; paste the value alone"
        } else if !value.chars().all(|c| c.is_ascii_graphic()) {
            "holds a space or a character that does not belong there"
        } else if value.contains('=') && value.starts_with(self.key()) {
            "should be the value alone, without its name and the ="
        } else if self == Self::Region
            && !value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        {
            "should look like us-east-1"
        } else {
            return Ok(());
        };
        Err(StorageError::Field { field: self, problem })
    }
}

/// Why a text cannot serve as credentials. The texts never quote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// One of the three AWS fields.
    #[error("{} {problem}", field.name())]
    Field {
        /// Which one.
        field: S3Field,
        /// What is wrong with it, to be read after its name.
        problem: &'static str,
    },
    /// Nothing was given.
    #[error("Choose a key file, or paste its text")]
    Empty,
    /// Above 64 KiB.
    #[error("This is far too long for a key file")]
    TooLong,
    /// Starts like JSON and is not.
    #[error("The key file is damaged: it is not complete JSON")]
    DamagedJson,
    /// JSON, but of another kind.
    #[error("This is JSON, but not a service account key: its type has to be service_account")]
    NotServiceAccount,
    /// A service account key without one of its parts.
    #[error("The service account key lacks {0}")]
    MissingPart(&'static str),
    /// The known result of `echo "…\n…"`.
    #[error("The file holds a backslash and an n where lines should end; put each setting on its own line")]
    LiteralBackslashN,
    /// AWS settings without the section the service reads.
    #[error("The file has no [default] section")]
    NoDefaultSection,
    /// Neither of the known kinds.
    #[error("This is neither a service account key (JSON), nor AWS credentials (INI), nor base64 of one of them")]
    UnknownKind,
}

impl StorageCredentials {
    /// Builds the file the service expects of AWS credentials.
    pub fn from_s3(access_key_id: &str, secret_access_key: &str, region: &str) -> Result<Self, StorageError> {
        let values = [access_key_id, secret_access_key, region];
        let mut file = Zeroizing::new(String::with_capacity(4096));
        file.push_str("[default]\n");
        for (field, value) in S3Field::ALL.into_iter().zip(values) {
            field.check(value)?;
            push_setting(&mut file, field.key(), value.trim());
        }
        Ok(Self::encode(&file))
    }

    /// Reads a service account key (JSON), AWS credentials (INI), or either of them in base64, which is not encoded twice.
    /// The note says what was changed.
    pub fn from_key_file(text: &str) -> Result<(Self, BucketKind, Option<String>), StorageError> {
        let text = trimmed(text);
        if text.is_empty() {
            return Err(StorageError::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(StorageError::TooLong);
        }
        if let Some(read) = Self::from_plain(text) {
            return read;
        }
        let once = decode(text).ok_or(StorageError::UnknownKind)?;
        if let Some(read) = Self::from_plain(trimmed(&once)) {
            return read.map(|(secret, kind, note)| {
                (secret, kind, note.or_else(|| Some("It was in base64 already".to_owned())))
            });
        }
        let twice = decode(&once).ok_or(StorageError::UnknownKind)?;
        let (secret, kind, note) = Self::from_plain(trimmed(&twice)).ok_or(StorageError::UnknownKind)??;
        Ok((secret, kind, note.or_else(|| Some("It was in base64 twice and is sent in base64 once".to_owned()))))
    }

    /// The text of the request: standard base64 with padding, in one line.
    #[must_use]
    pub fn expose_base64(&self) -> &str {
        self.0.expose_secret()
    }

    fn encode(plain: &str) -> Self {
        Self(Arc::new(SecretString::from(STANDARD.encode(plain.as_bytes()))))
    }

    /// Reads JSON or INI; `None` where it looks like neither.
    #[expect(clippy::type_complexity, reason = "the same triple as the public function, inside an Option")]
    fn from_plain(text: &str) -> Option<Result<(Self, BucketKind, Option<String>), StorageError>> {
        let is_ini = |text: &str| text.starts_with('[') || text.contains(S3Field::AccessKeyId.key());
        if let Some(inner) = text.strip_prefix('{') {
            let inner = inner.strip_suffix('}').unwrap_or(inner).trim();
            if is_ini(inner) && !inner.starts_with('"') {
                let note = "Removed the braces around the file".to_owned();
                return Some(Self::from_ini(inner).map(|(secret, _)| (secret, BucketKind::S3, Some(note))));
            }
            return Some(check_json(text).map(|()| (Self::encode(text), BucketKind::Gcs, None)));
        }
        is_ini(text).then(|| Self::from_ini(text).map(|(secret, note)| (secret, BucketKind::S3, note)))
    }

    /// Takes the `[default]` section alone: other sections hold secrets of other accounts.
    fn from_ini(text: &str) -> Result<(Self, Option<String>), StorageError> {
        if text.contains("\\n") {
            return Err(StorageError::LiteralBackslashN);
        }
        let mut file = Zeroizing::new(String::with_capacity(text.len() + 64));
        let mut section = None;
        let mut has_others = false;
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = Some(name.trim());
                has_others |= section != Some("default");
            } else if section == Some("default")
                && !line.starts_with(['#', ';'])
                && let Some((key, value)) = line.split_once('=')
            {
                if file.is_empty() {
                    file.push_str("[default]\n");
                }
                push_setting(&mut file, key.trim(), value.trim());
            }
        }
        if file.is_empty() {
            return Err(StorageError::NoDefaultSection);
        }
        for field in S3Field::ALL {
            let value = file.lines().find_map(|line| line.strip_prefix(field.key())?.trim_start().strip_prefix('='));
            field.check(value.unwrap_or_default())?;
        }
        let note = has_others.then(|| "Only the [default] section is sent".to_owned());
        Ok((Self::encode(&file), note))
    }
}

fn push_setting(file: &mut String, key: &str, value: &str) {
    for part in [key, " = ", value, "\n"] {
        file.push_str(part);
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// Decodes base64 of either alphabet, with or without padding and line breaks; `None` where it is none, or holds no text.
fn decode(text: &str) -> Option<Zeroizing<String>> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let kept = text.chars().filter(|c| !c.is_whitespace());
    plain.extend(kept.map(|c| match c {
        '-' => '+',
        '_' => '/',
        other => other,
    }));
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let bytes = Zeroizing::new(GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(plain.as_bytes()).ok()?);
    std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

/// What is secret in the text of credentials: the private key of a service account, or the secret access key.
pub(super) fn secret_part(base64: &str) -> Option<Zeroizing<String>> {
    #[derive(Deserialize)]
    struct PrivateKey {
        private_key: String,
    }
    let file = decode(base64)?;
    if file.starts_with('{') {
        return serde_json::from_str(&file).ok().map(|PrivateKey { private_key }| Zeroizing::new(private_key));
    }
    let is_secret = |(name, _): &(&str, &str)| name.trim() == S3Field::SecretAccessKey.key();
    let (_, value) = file.lines().filter_map(|line| line.split_once('=')).find(is_secret)?;
    Some(Zeroizing::new(value.trim().to_owned()))
}

/// The parts of a service account key that are looked at; their values are passed over, not copied.
#[derive(Deserialize)]
struct ServiceAccountKey<'t> {
    #[serde(rename = "type", borrow)]
    kind: Option<std::borrow::Cow<'t, str>>,
    private_key: Option<IgnoredAny>,
    client_email: Option<IgnoredAny>,
}

fn check_json(text: &str) -> Result<(), StorageError> {
    let Ok(key) = serde_json::from_str::<ServiceAccountKey>(text) else {
        let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
        return Err(if is_json { StorageError::NotServiceAccount } else { StorageError::DamagedJson });
    };
    if key.kind.as_deref() != Some("service_account") {
        return Err(StorageError::NotServiceAccount);
    }
    if key.private_key.is_none() {
        return Err(StorageError::MissingPart("private_key"));
    }
    if key.client_email.is_none() {
        return Err(StorageError::MissingPart("client_email"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const INI: &str = "[default]\naws_access_key_id = AKIATESTTESTTEST\naws_secret_access_key = s3cr3t/with+signs=\nregion = eu-west-1\n";
    const JSON: &str =
        r#"{"type": "service_account", "project_id": "p", "private_key": "-----BEGIN\nabc\n", "client_email": "a@b"}"#;

    fn decoded(secret: &StorageCredentials) -> String {
        String::from_utf8(STANDARD.decode(secret.expose_base64()).unwrap()).unwrap()
    }

    #[test]
    fn three_fields_become_one_file() {
        let secret = StorageCredentials::from_s3(" AKIATESTTESTTEST", "s3cr3t/with+signs=\n", "eu-west-1").unwrap();
        assert_eq!(decoded(&secret), INI);
        assert!(!secret.expose_base64().contains(['\n', ' ', '-', '_']));
        assert_eq!(format!("{secret:?}"), "StorageCredentials(redacted)");
    }

    #[test]
    fn each_field_is_checked() {
        let good = ["AKIATESTTESTTEST", "s3cr3t/with+signs=", "eu-west-1"];
        let bad = [
            (0, "", "Access key ID is missing"),
            (1, " ", "Secret access key is missing"),
            (1, "abc\\ndef", "backslash"),
            (1, "abc def", "space"),
            (1, "abc\nregion = x", "space"),
            (0, "aws_access_key_id=AKIA", "value alone"),
            (2, "EU West", "space"),
            (2, "EU-WEST-1", "us-east-1"),
        ];
        for (place, value, part) in bad {
            let mut values = good;
            values[place] = value;
            let error = StorageCredentials::from_s3(values[0], values[1], values[2]).unwrap_err();
            assert!(error.to_string().contains(part), "{value:?}: {error}");
            assert!(matches!(error, StorageError::Field { field, .. } if field == S3Field::ALL[place]), "{value:?}");
        }
    }

    #[test]
    fn files_of_both_clouds_are_read_plain_or_in_base64() {
        let wrapped = |text: &str| {
            let one_line = STANDARD.encode(text);
            one_line.as_bytes().chunks(20).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n")
        };
        let twice = STANDARD.encode(STANDARD.encode(JSON));
        let url_safe = STANDARD.encode(INI).replace('+', "-").replace('/', "_").replace('=', "");
        let loose = "[default]\r\naws_access_key_id=AKIATESTTESTTEST\r\naws_secret_access_key= s3cr3t/with+signs=\r\nregion=eu-west-1";
        let others = format!("[work]\naws_access_key_id = OTHER\n# note\n{INI}\n[play]\nregion = x\n");
        let already = Some("It was in base64 already");
        let cases = [
            (INI.to_owned(), BucketKind::S3, INI, None),
            (loose.to_owned(), BucketKind::S3, INI, None),
            (format!("{{\n{INI}}}"), BucketKind::S3, INI, Some("Removed the braces around the file")),
            (others, BucketKind::S3, INI, Some("Only the [default] section is sent")),
            (wrapped(INI), BucketKind::S3, INI, already),
            (url_safe, BucketKind::S3, INI, already),
            (format!("\u{feff}{JSON}\n"), BucketKind::Gcs, JSON, None),
            (wrapped(JSON), BucketKind::Gcs, JSON, already),
            (twice, BucketKind::Gcs, JSON, Some("It was in base64 twice and is sent in base64 once")),
            (STANDARD.encode(format!("{{{INI}}}")), BucketKind::S3, INI, Some("Removed the braces around the file")),
        ];
        for (text, want_kind, want, want_note) in cases {
            let (secret, kind, note) =
                StorageCredentials::from_key_file(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((decoded(&secret).as_str(), kind, note.as_deref()), (want, want_kind, want_note), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_their_reason() {
        use StorageError::{
            DamagedJson, Empty, LiteralBackslashN, MissingPart, NoDefaultSection, NotServiceAccount, TooLong,
            UnknownKind,
        };
        let without =
            |field: S3Field| INI.lines().filter(|line| !line.starts_with(field.key())).collect::<Vec<_>>().join("\n");
        let cases = [
            (String::new(), Empty),
            ("\u{feff} \n".to_owned(), Empty),
            ("x".repeat(MAX_LENGTH + 1), TooLong),
            (r#"{"type": "service_account""#.to_owned(), DamagedJson),
            (r#"{"type": "authorized_user", "private_key": "x"}"#.to_owned(), NotServiceAccount),
            (r#"{"installed": {}}"#.to_owned(), NotServiceAccount),
            (r#"{"type": 5}"#.to_owned(), NotServiceAccount),
            (r#"{"type": "service_account", "client_email": "a"}"#.to_owned(), MissingPart("private_key")),
            (r#"{"type": "service_account", "private_key": "a"}"#.to_owned(), MissingPart("client_email")),
            (INI.replace('\n', "\\n"), LiteralBackslashN),
            (STANDARD.encode(INI.replace('\n', "\\n")), LiteralBackslashN),
            (INI.replace("[default]", "[work]"), NoDefaultSection),
            (INI.replace("[default]\n", ""), NoDefaultSection),
            (without(S3Field::Region), StorageError::Field { field: S3Field::Region, problem: "is missing" }),
            (without(S3Field::AccessKeyId), StorageError::Field { field: S3Field::AccessKeyId, problem: "is missing" }),
            ("hello".to_owned(), UnknownKind),
            (STANDARD.encode("hello"), UnknownKind),
            (STANDARD.encode([0xff, 0xfe, 0x00]), UnknownKind),
        ];
        for (text, want) in cases {
            assert_eq!(StorageCredentials::from_key_file(&text).map(|(_, kind, _)| kind), Err(want), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_without_quoting_it(text in "\\PC{0,60}|[A-Za-z0-9+/=\n]{0,80}|[\\[{]\\PC{0,60}") {
            if let Err(error) = StorageCredentials::from_key_file(&text) {
                let told = format!("{error} {error:?}");
                for window in text.as_bytes().windows(12).filter_map(|w| std::str::from_utf8(w).ok()) {
                    prop_assert!(!told.contains(window), "{told}");
                }
            }
        }

        #[test]
        fn base64_round_trip_is_encoded_once(secret in "[A-Za-z0-9+/=]{20,60}") {
            let plain = StorageCredentials::from_s3("AKIATESTTESTTEST", &secret, "eu-west-1").unwrap();
            let (again, kind, _) = StorageCredentials::from_key_file(plain.expose_base64()).unwrap();
            prop_assert_eq!(kind, BucketKind::S3);
            prop_assert_eq!(again.expose_base64(), plain.expose_base64());
        }
    }
}
