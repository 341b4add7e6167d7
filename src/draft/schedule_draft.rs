//! The form of a schedule as raw texts: any keystroke is a valid draft, parsing tells what is missing.

use super::field::{DraftField, FieldError, FieldFix};
use super::new_schedule::NewSchedule;
use super::when::When;
use crate::cron::{LocalClock, PlanZone};
use crate::domain::{BackupType, Recurrence, Schedule, ServiceId, is_control_or_bidi};
use crate::secrets::{BucketKind, ExternalStorage, S3Field, SecretBuffer, StorageCredentials, StorageError};

/// Where the backup is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StorageChoice {
    /// In the storage of SkySQL.
    #[default]
    SkySql,
    /// In the customer's own bucket.
    OwnBucket,
}

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

/// The form. All fields are what was typed; [`ScheduleDraft::parse`] judges them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScheduleDraft {
    /// The picked or typed service: an id, or a host name.
    pub service: String,
    /// The chosen type.
    pub backup_type: BackupType,
    /// Once, or again and again.
    pub when: When,
    /// SkySQL or an own bucket.
    pub storage: StorageChoice,
    /// `gs://…` or `s3://…`.
    pub bucket: String,
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

impl ScheduleDraft {
    /// The draft of a schedule to be edited, with times on the given clock; `None` for one that runs once, which cannot be changed.
    #[must_use]
    pub fn of(schedule: &Schedule, zone: PlanZone) -> Option<Self> {
        let text = match &schedule.recurrence {
            Some(Recurrence::Once) => return None,
            Some(Recurrence::Cron(text)) => text.as_str(),
            None => "",
        };
        Some(Self {
            service: schedule.service_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            backup_type: schedule.backup_type.clone().unwrap_or(BackupType::Full),
            when: When::of(text, zone),
            ..Self::default()
        })
    }

    /// Everything checked, ready to be sent; or all that is wrong, in the order of the form.
    pub fn parse(&self, clock: LocalClock<'_>) -> Result<NewSchedule, Vec<FieldError>> {
        let mut errors = Vec::new();
        let service_id = ServiceId::from_typed(&self.service);
        if service_id.is_none() {
            let message = if self.service.trim().is_empty() {
                "Choose a service"
            } else {
                "This is not a service ID: enter at least five letters and digits, or the host name of the service"
            };
            errors.push(FieldError::new(DraftField::Service, message));
        }
        if let BackupType::Other(_) = self.backup_type {
            errors.push(FieldError::new(DraftField::BackupType, "Choose one of the five types"));
        }
        let recurrence = match self.when.cron(clock) {
            None => Some(Recurrence::Once),
            Some(Ok(cron)) => Some(Recurrence::Cron(cron.as_str().into())),
            Some(Err(error)) => {
                errors.push(error);
                None
            }
        };
        let storage = match self.storage {
            StorageChoice::SkySql => None,
            StorageChoice::OwnBucket => Some(self.parse_storage(&mut errors)),
        };
        match (service_id, recurrence) {
            (Some(service_id), Some(recurrence)) if errors.is_empty() => {
                Ok(NewSchedule { service_id, backup_type: self.backup_type.clone(), recurrence, storage })
            }
            _ => Err(errors),
        }
    }

    fn parse_storage(&self, errors: &mut Vec<FieldError>) -> ExternalStorage {
        let kind = match check_bucket(&self.bucket) {
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
        ExternalStorage { bucket: self.bucket.trim().to_owned(), credentials }
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
    use crate::cron::CronField;
    use crate::domain::Zone;

    fn clock() -> LocalClock<'static> {
        static UTC: std::sync::LazyLock<Zone> = std::sync::LazyLock::new(Zone::utc);
        LocalClock { zone: &UTC, now: "2026-11-23T12:00:00Z".parse().unwrap() }
    }

    fn draft() -> ScheduleDraft {
        ScheduleDraft { service: "dbpgf41870263.sysp0000.db2.skysql.com".to_owned(), ..ScheduleDraft::default() }
    }

    fn secret(text: &str) -> SecretBuffer {
        let mut buffer = SecretBuffer::default();
        buffer.as_mut_string().push_str(text);
        buffer
    }

    fn own_bucket(bucket: &str) -> ScheduleDraft {
        ScheduleDraft {
            storage: StorageChoice::OwnBucket,
            bucket: bucket.to_owned(),
            credentials: CredentialsInput::Fields,
            access_key_id: secret("AKIATESTTESTTEST"),
            secret_access_key: secret("s3cr3t"),
            region: "eu-west-1".to_owned(),
            ..draft()
        }
    }

    fn errors(draft: &ScheduleDraft) -> Vec<DraftField> {
        draft.parse(clock()).map_or_else(|errors| errors.into_iter().map(|error| error.field).collect(), |_| Vec::new())
    }

    #[test]
    fn a_filled_form_is_a_schedule() {
        let new = draft().parse(clock()).unwrap();
        assert_eq!(new.service_id.as_str(), "dbpgf41870263");
        assert_eq!(new.recurrence, Recurrence::Cron("0 2 * * *".into()));
        assert_eq!(new.storage, None);

        let once = ScheduleDraft { when: When::once(), ..draft() };
        assert_eq!(once.parse(clock()).unwrap().recurrence, Recurrence::Once);

        let storage = own_bucket(" s3://my-bucket/x/ ").parse(clock()).unwrap().storage.unwrap();
        assert_eq!(storage.bucket, "s3://my-bucket/x/");
        assert!(storage.credentials.is_some());
        let open = ScheduleDraft { credentials: CredentialsInput::None, ..own_bucket("gs://my-bucket") };
        assert_eq!(open.parse(clock()).unwrap().storage.unwrap().credentials, None);
    }

    #[test]
    fn each_mistake_is_named_at_its_field() {
        use DraftField::{BackupType as Type, Bucket, Cron as At, KeyFile, S3, Service};
        let with_cron_in = |mut draft: ScheduleDraft, text: &str| {
            draft.when.set_expression(text);
            draft
        };
        let with_cron = |text: &str| with_cron_in(draft(), text);
        let key_file = |text: &str, bucket: &str| ScheduleDraft {
            credentials: CredentialsInput::KeyFile,
            key_file: secret(text),
            ..own_bucket(bucket)
        };
        let json = r#"{"type":"service_account","private_key":"x","client_email":"y"}"#;
        let ini = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=c";
        let cases = [
            (draft(), vec![]),
            (ScheduleDraft::default(), vec![Service]),
            (ScheduleDraft { service: "db".to_owned(), ..draft() }, vec![Service]),
            (ScheduleDraft { backup_type: BackupType::Other("clone".into()), ..draft() }, vec![Type]),
            (with_cron("0 25 * * *"), vec![At(Some(CronField::Hour))]),
            (with_cron("cron"), vec![At(None)]),
            (with_cron("0 0 31 2 *"), vec![At(Some(CronField::DayOfMonth))]),
            (own_bucket(""), vec![Bucket]),
            (own_bucket("my-bucket"), vec![Bucket]),
            (own_bucket("https://s3.amazonaws.com/x"), vec![Bucket]),
            (own_bucket("s3://"), vec![Bucket]),
            (own_bucket("s3://My_Bucket"), vec![Bucket]),
            (own_bucket("s3://my-bucket/a b"), vec![Bucket]),
            (own_bucket("gs://my-bucket"), vec![S3(S3Field::AccessKeyId)]),
            (
                ScheduleDraft {
                    access_key_id: secret(""),
                    secret_access_key: secret("a b"),
                    region: "X".to_owned(),
                    ..own_bucket("s3://my-bucket")
                },
                S3Field::ALL.map(S3).to_vec(),
            ),
            (key_file(json, "gs://my-bucket"), vec![]),
            (key_file(ini, "s3://my-bucket"), vec![]),
            (key_file(json, "s3://my-bucket"), vec![KeyFile]),
            (key_file(ini, "gs://my-bucket"), vec![KeyFile]),
            (key_file("", "gs://my-bucket"), vec![KeyFile]),
            (key_file("[default]\nregion=c", "s3://my-bucket"), vec![KeyFile]),
            (
                ScheduleDraft { service: String::new(), ..with_cron_in(own_bucket("x"), "x") },
                vec![Service, At(None), Bucket],
            ),
        ];
        for (draft, want) in cases {
            assert_eq!(errors(&draft), want, "{draft:?}");
        }
        assert_eq!(errors(&key_file(&format!("{{{ini}}}"), "s3://my-bucket")), []);
        let upper = own_bucket("GS://my-bucket").parse(clock()).unwrap_err();
        assert_eq!(upper[0].fixes[0].text, "gs://my-bucket");
    }

    #[test]
    fn a_schedule_is_edited_as_a_draft_unless_it_runs_once() {
        let schedule = |text: &str| Schedule {
            service_id: Some(ServiceId::new("dbpgf41870263")),
            backup_type: Some(BackupType::Dump),
            recurrence: Some(Recurrence::read(text)),
            ..Schedule::default()
        };
        let of = |text: &str| ScheduleDraft::of(&schedule(text), PlanZone::Utc);
        let draft = of("0 4 * * 0").unwrap();
        assert_eq!((draft.when.original(), draft.backup_type), (Some("0 4 * * 0"), BackupType::Dump));
        assert_eq!(of("once"), None);
        // Nothing is known of when it runs, and nothing is made up.
        for (text, original) in [("cron", "cron"), ("", "")] {
            let draft = of(text).unwrap();
            assert_eq!((draft.when.original(), draft.when.is_kept()), (Some(original), true), "{text}");
        }
        assert!(ScheduleDraft::of(&Schedule::default(), PlanZone::Utc).is_some_and(|draft| draft.when.is_kept()));
    }

    #[test]
    fn secrets_are_not_printed_and_do_not_stay() {
        let mut draft = own_bucket("s3://my-bucket");
        assert!(!format!("{draft:?}").contains("s3cr3t"));
        draft.clear_secrets();
        assert!(draft.access_key_id.is_empty() && draft.secret_access_key.is_empty() && draft.key_file.is_empty());
    }
}
