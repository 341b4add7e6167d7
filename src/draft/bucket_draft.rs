//! A bucket of the customer's own as raw texts: its path, and the credentials to it.

use super::field::{DraftField, FieldError, FieldFix};
use crate::domain::is_control_or_bidi;
use crate::secrets::{BucketKind, ExternalStorage, S3Field, SecretBuffer, StorageCredentials, StorageError};

/// How the credentials of a bucket are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CredentialsInput {
    /// The three fields of AWS credentials.
    Fields,
    /// The text of a key file.
    #[default]
    KeyFile,
    /// Not at all.
    None,
}

/// A bucket as it is typed, for a schedule that writes to it or a restore that reads from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BucketDraft {
    /// `gs://…` or `s3://…`.
    pub path: String,
    /// The way the credentials are given.
    pub credentials: CredentialsInput,
    /// `aws_access_key_id`.
    pub access_key_id: SecretBuffer,
    /// `aws_secret_access_key`.
    pub secret_access_key: SecretBuffer,
    /// `region`.
    pub region: String,
    /// The text of a key file.
    pub key_file: SecretBuffer,
}

impl BucketDraft {
    /// The bucket with its credentials; what is wrong in them is added to `errors`.
    pub(super) fn parse(&self, errors: &mut Vec<FieldError>) -> ExternalStorage {
        let kind = match check_bucket(&self.path) {
            Ok(kind) => Some(kind),
            Err(error) => {
                errors.push(error);
                None
            }
        };
        let credentials = match self.credentials {
            CredentialsInput::None => None,
            CredentialsInput::Fields => self.parse_fields(kind, errors),
            CredentialsInput::KeyFile => self.parse_key_file(kind, errors),
        };
        ExternalStorage { bucket: self.path.trim().to_owned(), credentials }
    }

    fn parse_fields(&self, bucket: Option<BucketKind>, errors: &mut Vec<FieldError>) -> Option<StorageCredentials> {
        if bucket == Some(BucketKind::Gcs) {
            let message = "These are Amazon S3 credentials, but the bucket is on Google Cloud (gs://). Choose the key file of a service account";
            errors.push(FieldError::new(DraftField::S3(S3Field::AccessKeyId), message));
            return None;
        }
        let values = [self.access_key_id.as_str(), self.secret_access_key.as_str(), self.region.as_str()];
        for (field, value) in S3Field::ALL.into_iter().zip(values) {
            if let Err(error) = field.check(value) {
                errors.push(FieldError::new(DraftField::S3(field), error.to_string()));
            }
        }
        let [access_key_id, secret_access_key, region] = values;
        StorageCredentials::from_s3(access_key_id, secret_access_key, region).ok()
    }

    fn parse_key_file(&self, bucket: Option<BucketKind>, errors: &mut Vec<FieldError>) -> Option<StorageCredentials> {
        match StorageCredentials::from_key_file(self.key_file.as_str()) {
            Ok((secret, kind, _)) if bucket.is_none_or(|bucket| bucket == kind) => Some(secret),
            Ok((_, kind, _)) => {
                let message = format!(
                    "This key is for {}, but the bucket path does not start with {}",
                    kind.name(),
                    kind.scheme()
                );
                errors.push(FieldError::new(DraftField::KeyFile, message));
                None
            }
            Err(error @ StorageError::Field { .. }) => {
                errors.push(FieldError::new(DraftField::KeyFile, format!("In the file: {error}")));
                None
            }
            Err(error) => {
                errors.push(FieldError::new(DraftField::KeyFile, error.to_string()));
                None
            }
        }
    }

    /// True where something was entered in this field; the fields of other things are never filled here.
    #[must_use]
    pub fn is_filled(&self, field: DraftField) -> bool {
        match field {
            DraftField::Bucket => !self.path.is_empty(),
            DraftField::S3(S3Field::AccessKeyId) => !self.access_key_id.is_empty(),
            DraftField::S3(S3Field::SecretAccessKey) => !self.secret_access_key.is_empty(),
            DraftField::S3(S3Field::Region) => !self.region.is_empty(),
            DraftField::KeyFile => !self.key_file.is_empty(),
            _ => false,
        }
    }

    /// Wipes all credentials, as after a success.
    pub fn clear_secrets(&mut self) {
        self.access_key_id.clear();
        self.secret_access_key.clear();
        self.key_file.clear();
    }
}

/// Checks `gs://bucket/prefix` or `s3://bucket/prefix`; a slash at the end stays as it was typed.
fn check_bucket(typed: &str) -> Result<BucketKind, FieldError> {
    let error = |message: &str| FieldError::new(DraftField::Bucket, message);
    let address = typed.trim();
    if address.is_empty() {
        return Err(error("Enter the bucket path, such as s3://bucket/folder or gs://bucket/folder"));
    }
    let Some(kind) = BucketKind::of(address) else {
        let lower = address.split_once("://").map(|(scheme, rest)| format!("{}://{rest}", scheme.to_ascii_lowercase()));
        let fix = lower.filter(|lower| BucketKind::of(lower).is_some());
        return Err(FieldError {
            fixes: fix
                .map(|text| FieldFix { label: format!("Use {text}"), text, meaning: String::new() })
                .into_iter()
                .collect(),
            ..error("The path must start with gs:// (Google Cloud Storage) or s3:// (Amazon S3)")
        });
    };
    let rest = address.get(kind.scheme().len()..).unwrap_or_default();
    let name = rest.split('/').next().unwrap_or_default();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
    if name.len() < 3 || !name.chars().all(fits) {
        return Err(error("A bucket name has at least three characters: lowercase letters, digits, hyphens and dots"));
    }
    if rest.chars().any(|c| c.is_whitespace() || c == '\\' || is_control_or_bidi(c)) {
        return Err(error("The path contains a space or another character that is not allowed"));
    }
    Ok(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretBuffer {
        let mut buffer = SecretBuffer::default();
        buffer.as_mut_string().push_str(text);
        buffer
    }

    fn bucket(path: &str) -> BucketDraft {
        BucketDraft {
            path: path.to_owned(),
            credentials: CredentialsInput::Fields,
            access_key_id: secret("AKIATESTTESTTEST"),
            secret_access_key: secret("s3cr3t"),
            region: "eu-west-1".to_owned(),
            ..BucketDraft::default()
        }
    }

    fn parsed(draft: &BucketDraft) -> Result<ExternalStorage, Vec<FieldError>> {
        let mut errors = Vec::new();
        let storage = draft.parse(&mut errors);
        if errors.is_empty() { Ok(storage) } else { Err(errors) }
    }

    #[test]
    fn a_filled_bucket_has_its_path_as_typed_and_its_credentials() {
        let storage = parsed(&bucket(" s3://my-bucket/x/ ")).unwrap();
        assert_eq!(storage.bucket, "s3://my-bucket/x/");
        assert!(storage.credentials.is_some());
        let open = BucketDraft { credentials: CredentialsInput::None, ..bucket("gs://my-bucket") };
        assert_eq!(parsed(&open).unwrap().credentials, None);
    }

    #[test]
    fn each_mistake_is_named_at_its_field() {
        use DraftField::{Bucket, KeyFile, S3};
        let key_file = |text: &str, path: &str| BucketDraft {
            credentials: CredentialsInput::KeyFile,
            key_file: secret(text),
            ..bucket(path)
        };
        let json = r#"{"type":"service_account","private_key":"x","client_email":"y"}"#;
        let ini = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=c";
        let cases = [
            (bucket(""), vec![Bucket]),
            (bucket("my-bucket"), vec![Bucket]),
            (bucket("https://s3.amazonaws.com/x"), vec![Bucket]),
            (bucket("s3://"), vec![Bucket]),
            (bucket("s3://My_Bucket"), vec![Bucket]),
            (bucket("s3://my-bucket/a b"), vec![Bucket]),
            (bucket("gs://my-bucket"), vec![S3(S3Field::AccessKeyId)]),
            (
                BucketDraft {
                    access_key_id: secret(""),
                    secret_access_key: secret("a b"),
                    region: "X".to_owned(),
                    ..bucket("s3://my-bucket")
                },
                S3Field::ALL.map(S3).to_vec(),
            ),
            (key_file(json, "gs://my-bucket"), vec![]),
            (key_file(ini, "s3://my-bucket"), vec![]),
            (key_file(json, "s3://my-bucket"), vec![KeyFile]),
            (key_file(ini, "gs://my-bucket"), vec![KeyFile]),
            (key_file("", "gs://my-bucket"), vec![KeyFile]),
            (key_file("[default]\nregion=c", "s3://my-bucket"), vec![KeyFile]),
            (key_file(&format!("{{{ini}}}"), "s3://my-bucket"), vec![]),
        ];
        for (draft, want) in cases {
            let found: Vec<DraftField> = parsed(&draft).err().into_iter().flatten().map(|error| error.field).collect();
            assert_eq!(found, want, "{draft:?}");
        }
        let upper = parsed(&bucket("GS://my-bucket")).unwrap_err();
        assert_eq!(upper[0].fixes[0].text, "gs://my-bucket");
    }

    #[test]
    fn secrets_are_not_printed_and_do_not_stay() {
        let mut draft = bucket("s3://my-bucket");
        assert!(!format!("{draft:?}").contains("s3cr3t"));
        assert!(draft.is_filled(DraftField::S3(S3Field::SecretAccessKey)) && !draft.is_filled(DraftField::KeyFile));
        draft.clear_secrets();
        assert!(draft.access_key_id.is_empty() && draft.secret_access_key.is_empty() && draft.key_file.is_empty());
        assert!(!draft.region.is_empty(), "a region is no secret");
    }
}
