//! The restore dialog as raw texts: any keystroke is a valid draft, parsing tells what is missing.

use jiff::Timestamp;

use super::super::bucket_draft::BucketDraft;
use super::super::field::{DraftField, FieldError, FieldFix};
use super::super::restore_request::{BucketMethod, BucketSource, RestoreRequest, RestoreSource};
use crate::domain::{BackupId, ServiceId, is_control_or_bidi};
use crate::secrets::{EncryptionKey, SecretBuffer};

/// A backup file in a bucket, as it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileDraft {
    /// The bucket with its credentials.
    pub bucket: BucketDraft,
    /// The tool that the file was made with.
    pub method: BucketMethod,
    /// The name of the object.
    pub object: String,
    /// The key that the file is encrypted with; empty where it is not.
    pub encryption_key: SecretBuffer,
}

/// What is to be restored, as far as it is entered.
#[derive(Clone, Debug, PartialEq)]
pub enum RestoreInput {
    /// A backup of the list.
    Backup(BackupId),
    /// A service as it was at a moment.
    Moment {
        /// The source service.
        service: ServiceId,
        /// The moment.
        at: Timestamp,
    },
    /// A file in a bucket of the user's own.
    File(FileDraft),
}

/// The dialog. All texts are what was typed; [`RestoreDraft::parse`] judges them.
#[derive(Clone, Debug, PartialEq)]
pub struct RestoreDraft {
    /// What is to be restored.
    pub source: RestoreInput,
    /// The picked or typed service that is restored into: an id, or a host name.
    pub target: String,
}

impl FileDraft {
    /// True where something was entered in this field.
    #[must_use]
    pub fn is_filled(&self, field: DraftField) -> bool {
        match field {
            DraftField::Object => !self.object.is_empty(),
            DraftField::EncryptionKey => !self.encryption_key.is_empty(),
            field => self.bucket.is_filled(field),
        }
    }

    fn parse(&self, errors: &mut Vec<FieldError>) -> BucketSource {
        let storage = self.bucket.parse(errors);
        let object = self.object.trim();
        errors.extend(self.object_error(object));
        let key = self.encryption_key.as_str();
        if key.chars().any(char::is_control) {
            let message = "The key contains a line break or another character that cannot be typed";
            errors.push(FieldError::new(DraftField::EncryptionKey, message));
        }
        BucketSource {
            bucket: storage.bucket,
            method: self.method,
            object: object.to_owned(),
            credentials: storage.credentials,
            encryption_key: EncryptionKey::new(key),
        }
    }

    fn object_error(&self, object: &str) -> Option<FieldError> {
        let error = |message: &str| Some(FieldError::new(DraftField::Object, message));
        if object.is_empty() {
            return error("Enter the name of the backup file in the bucket");
        }
        if object.contains("://") {
            let inside = object.strip_prefix(self.bucket.path.trim().trim_end_matches('/'));
            let inside = inside.map(|name| name.trim_start_matches('/')).filter(|name| !name.is_empty());
            let fix = inside.map(|name| FieldFix {
                text: name.to_owned(),
                label: format!("Use {name}"),
                meaning: String::new(),
            });
            let message = "Enter only the name inside the bucket, without gs:// or s3://";
            return Some(FieldError {
                fixes: fix.into_iter().collect(),
                ..FieldError::new(DraftField::Object, message)
            });
        }
        if object.ends_with('/') {
            return error("This is a folder: enter the name of the backup file in it");
        }
        object.chars().any(is_control_or_bidi).then(|| error("The name contains a character that is not allowed"))?
    }
}

impl RestoreDraft {
    /// The draft for a source that was picked elsewhere; without one, for a file in a bucket. No secret is taken over.
    #[must_use]
    pub fn of(source: Option<RestoreSource>) -> Self {
        let source = match source {
            Some(RestoreSource::Backup(id)) => RestoreInput::Backup(id),
            Some(RestoreSource::Moment { service, at }) => RestoreInput::Moment { service, at },
            Some(RestoreSource::Bucket(source)) => RestoreInput::File(FileDraft {
                bucket: BucketDraft { path: source.bucket, ..BucketDraft::default() },
                method: source.method,
                object: source.object,
                ..FileDraft::default()
            }),
            None => RestoreInput::File(FileDraft::default()),
        };
        Self { source, target: String::new() }
    }

    /// True where a draft for this source would be of the same thing, so that this one need not make way for it.
    #[must_use]
    pub fn is_for(&self, source: Option<&RestoreSource>) -> bool {
        match (&self.source, source) {
            (RestoreInput::Backup(id), Some(RestoreSource::Backup(other))) => id == other,
            (RestoreInput::Moment { service, at }, Some(RestoreSource::Moment { service: other, at: moment })) => {
                (service, at) == (other, moment)
            }
            (RestoreInput::File(_), None) => true,
            (RestoreInput::File(file), Some(RestoreSource::Bucket(other))) => {
                (file.bucket.path.trim(), file.object.trim()) == (other.bucket.as_str(), other.object.as_str())
            }
            _ => false,
        }
    }

    /// The source, checked.
    ///
    /// # Errors
    /// All that is wrong, in the order of the form.
    pub fn parse_source(&self) -> Result<RestoreSource, Vec<FieldError>> {
        match &self.source {
            RestoreInput::Backup(id) => Ok(RestoreSource::Backup(id.clone())),
            RestoreInput::Moment { service, at } => Ok(RestoreSource::Moment { service: service.clone(), at: *at }),
            RestoreInput::File(file) => {
                let mut errors = Vec::new();
                let source = file.parse(&mut errors);
                if errors.is_empty() { Ok(RestoreSource::Bucket(source)) } else { Err(errors) }
            }
        }
    }

    /// The target, where it is one.
    #[must_use]
    pub fn target_id(&self) -> Option<ServiceId> {
        ServiceId::from_typed(&self.target)
    }

    /// Everything checked, ready to be sent.
    ///
    /// # Errors
    /// All that is wrong, in the order of the form.
    pub fn parse(&self) -> Result<RestoreRequest, Vec<FieldError>> {
        let target = self.target_id().ok_or_else(|| {
            let message = if self.target.trim().is_empty() {
                "Choose the service to restore into"
            } else {
                "This is not a service ID: enter at least five letters and digits, or the host name of the service"
            };
            FieldError::new(DraftField::Target, message)
        });
        match (self.parse_source(), target) {
            (Ok(source), Ok(target)) => Ok(RestoreRequest { target, source }),
            (source, target) => Err(source.err().unwrap_or_default().into_iter().chain(target.err()).collect()),
        }
    }

    /// Wipes credentials and encryption key.
    pub fn clear_secrets(&mut self) {
        if let RestoreInput::File(file) = &mut self.source {
            file.bucket.clear_secrets();
            file.encryption_key.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::bucket_draft::CredentialsInput;
    use super::*;
    use crate::secrets::S3Field;

    fn secret(text: &str) -> SecretBuffer {
        let mut buffer = SecretBuffer::default();
        buffer.as_mut_string().push_str(text);
        buffer
    }

    fn file(object: &str) -> FileDraft {
        let bucket = BucketDraft {
            path: "s3://my-bucket/db".to_owned(),
            credentials: CredentialsInput::Fields,
            access_key_id: secret("AKIATESTTESTTEST"),
            secret_access_key: secret("s3cr3t"),
            region: "eu-west-1".to_owned(),
            ..BucketDraft::default()
        };
        FileDraft { bucket, object: object.to_owned(), ..FileDraft::default() }
    }

    fn into_orders(source: RestoreInput) -> RestoreDraft {
        RestoreDraft { source, target: "dbpgf41870263.sysp0000.db2.skysql.com".to_owned() }
    }

    fn wrong(draft: &RestoreDraft) -> Vec<DraftField> {
        draft.parse().err().into_iter().flatten().map(|error| error.field).collect()
    }

    #[test]
    fn a_filled_dialog_is_a_request() {
        let request = into_orders(RestoreInput::File(file(" nightly.gz "))).parse().unwrap();
        assert_eq!(request.target.as_str(), "dbpgf41870263");
        let RestoreSource::Bucket(source) = request.source else { panic!() };
        assert_eq!((source.bucket.as_str(), source.object.as_str()), ("s3://my-bucket/db", "nightly.gz"));
        assert!(source.credentials.is_some() && source.encryption_key.is_none());
        let encrypted = FileDraft { encryption_key: secret(" k3y "), ..file("nightly.gz") };
        let RestoreSource::Bucket(source) = into_orders(RestoreInput::File(encrypted)).parse().unwrap().source else {
            panic!()
        };
        assert_eq!(source.encryption_key.unwrap().expose(), " k3y ", "spaces may belong to a key");
    }

    #[test]
    fn each_mistake_is_named_at_its_field() {
        use DraftField::{Bucket, EncryptionKey as Key, Object, Target};
        let with_key = |key: &str| FileDraft { encryption_key: secret(key), ..file("a.gz") };
        let mut nothing = file("");
        nothing.bucket.path.clear();
        let files = [
            (file("a.gz"), vec![]),
            (file("/folder/a.tar.gz"), vec![]),
            (file("  "), vec![Object]),
            (file("folder/"), vec![Object]),
            (file("s3://my-bucket/db/a.gz"), vec![Object]),
            (file("a\u{202e}zg"), vec![Object]),
            (with_key("k3y\n"), vec![Key]),
            (nothing, vec![Bucket, Object]),
        ];
        for (file, want) in files {
            assert_eq!(wrong(&into_orders(RestoreInput::File(file.clone()))), want, "{file:?}");
        }
        let backup = || RestoreInput::Backup(BackupId::new("a:b:c"));
        for (target, want) in [("", vec![Target]), ("db", vec![Target]), ("dbpgf41870263", vec![])] {
            assert_eq!(wrong(&RestoreDraft { source: backup(), target: target.to_owned() }), want, "{target}");
        }
        let errors = RestoreDraft { source: RestoreInput::File(file("")), target: String::new() };
        assert_eq!(wrong(&errors), [Object, Target]);
        assert!(file("").is_filled(DraftField::S3(S3Field::Region)) && !file("").is_filled(Object));
    }

    #[test]
    fn a_whole_address_is_cut_to_the_name_inside_the_bucket() {
        let fixes = |object: &str| {
            let errors = into_orders(RestoreInput::File(file(object))).parse().unwrap_err();
            errors[0].fixes.iter().map(|fix| fix.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(fixes("s3://my-bucket/db/x/a.gz"), ["x/a.gz"]);
        assert_eq!(fixes("s3://another/a.gz"), Vec::<String>::new());
        assert_eq!(fixes("s3://my-bucket/db/"), Vec::<String>::new());
    }

    #[test]
    fn a_draft_is_kept_for_the_same_source_only_and_never_takes_a_secret_over() {
        let at: Timestamp = "2026-09-14T02:00:00Z".parse().unwrap();
        let moment = |service: &str| RestoreSource::Moment { service: ServiceId::new(service), at };
        let in_bucket = |object: &str| {
            let request = into_orders(RestoreInput::File(file(object))).parse().unwrap();
            Some(request.source)
        };
        let backup = |id: &str| Some(RestoreSource::Backup(BackupId::new(id)));
        let sources = [backup("a"), backup("b"), Some(moment("db1")), Some(moment("db2")), in_bucket("a.gz"), None];
        for (at, source) in sources.iter().enumerate() {
            let draft = RestoreDraft::of(source.clone());
            assert!(!format!("{draft:?}").contains("s3cr3t"));
            for (other_at, other) in sources.iter().enumerate() {
                let is_file_kept = matches!(draft.source, RestoreInput::File(_)) && other.is_none();
                assert_eq!(draft.is_for(other.as_ref()), at == other_at || is_file_kept, "{draft:?} for {other:?}");
            }
        }
        let RestoreInput::File(taken) = RestoreDraft::of(in_bucket("a.gz")).source else { panic!() };
        assert!(taken.bucket.secret_access_key.is_empty() && taken.object == "a.gz");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is typed: a request comes out only whole and trimmed, and a secret is wiped on demand and printed by nobody.
        #[test]
        fn any_text_is_a_draft(object in "\\PC{0,40}", key in "[ -~\\n]{0,12}", target in "\\PC{0,30}") {
            let file = FileDraft { encryption_key: secret(&format!("{key}s3cr3tk3y")), ..file(&object) };
            let mut draft = RestoreDraft { source: RestoreInput::File(file), target: target.clone() };
            let printed = format!("{draft:?}");
            prop_assert!(!printed.contains("s3cr3tk3y"));
            match draft.parse() {
                Ok(request) => {
                    prop_assert_eq!(Some(request.target.clone()), ServiceId::from_typed(&target));
                    prop_assert_eq!(request.source_id(), object.trim());
                    prop_assert!(!request.source_id().is_empty() && !request.source_id().contains("://"));
                }
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
            draft.clear_secrets();
            let RestoreInput::File(file) = &draft.source else { unreachable!() };
            prop_assert!(file.encryption_key.is_empty() && file.bucket.secret_access_key.is_empty());
        }
    }
}
