//! A restore to be started, checked and ready to be sent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{BackupId, ServiceId};
use crate::secrets::{EncryptionKey, StorageCredentials};

/// A restore to be started. Its secrets are never kept in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoreRequest {
    /// `service_id`: the service whose data is replaced.
    pub target: ServiceId,
    /// What replaces it.
    pub source: RestoreSource,
}

/// Where the data of a restore comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestoreSource {
    /// A backup of the list, by its id.
    Backup(BackupId),
    /// A service as it was at a moment.
    Moment {
        /// The source service.
        service: ServiceId,
        /// `point_in_time`, in whole seconds of UTC.
        at: Timestamp,
    },
    /// A file in a bucket of the user's own.
    Bucket(BucketSource),
}

/// A backup file in a bucket of the user's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BucketSource {
    /// `external_source.bucket`: `gs://BUCKET/` or `s3://BUCKET/`; the slash at its end is added on sending where it is missing.
    pub bucket: String,
    /// `external_source.method`.
    pub method: BucketMethod,
    /// `id`: the name of the object.
    pub object: String,
    /// `external_source.credentials`; none where the service may read the bucket without.
    #[serde(skip)]
    pub credentials: Option<StorageCredentials>,
    /// `external_source.encryption_key`; none for a file that is not encrypted.
    #[serde(skip)]
    pub encryption_key: Option<EncryptionKey>,
}

/// The tool that a file in a bucket was made with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BucketMethod {
    /// `mariabackup`: a physical backup.
    #[default]
    Mariabackup,
    /// `mysqldump`: a logical dump.
    Mysqldump,
}

impl BucketMethod {
    /// Both, in the order of the API's list.
    pub const ALL: [Self; 2] = [Self::Mariabackup, Self::Mysqldump];

    /// The word on the wire, which is also the name of the tool.
    #[must_use]
    pub fn as_api_str(self) -> &'static str {
        match self {
            Self::Mariabackup => "mariabackup",
            Self::Mysqldump => "mysqldump",
        }
    }
}

impl RestoreRequest {
    /// The `id` that is sent, which rows of the restores list show as their backup: a backup id, the name of an object, or the id
    /// of the source service.
    #[must_use]
    pub fn source_id(&self) -> &str {
        match &self.source {
            RestoreSource::Backup(id) => id.as_str(),
            RestoreSource::Moment { service, .. } => service.as_str(),
            RestoreSource::Bucket(source) => &source.object,
        }
    }

    /// The same without the secrets of its bucket.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        if let RestoreSource::Bucket(source) = &mut self.source {
            source.credentials = None;
            source.encryption_key = None;
        }
        self
    }

    /// True where the file comes from a bucket of the user's own.
    #[must_use]
    pub fn is_from_own_bucket(&self) -> bool {
        matches!(self.source, RestoreSource::Bucket(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_a_request_is_kept_in_a_file_or_printed() {
        let secret = "0123456789abcdef0123456789abcdef";
        let credentials = StorageCredentials::from_s3("AKIATESTTESTTEST", secret, "eu-west-1").unwrap();
        let exposed = credentials.expose_base64().to_owned();
        let request = RestoreRequest {
            target: ServiceId::new("dbpgf41870263"),
            source: RestoreSource::Bucket(BucketSource {
                bucket: "s3://bucket/".to_owned(),
                method: BucketMethod::Mysqldump,
                object: "nightly.gz".to_owned(),
                credentials: Some(credentials),
                encryption_key: EncryptionKey::new(secret),
            }),
        };
        let (kept, printed) = (serde_json::to_string(&request).unwrap(), format!("{request:?}"));
        for text in [&kept, &printed] {
            assert!(!text.contains(secret) && !text.contains(&exposed), "{text}");
        }
        let read: RestoreRequest = serde_json::from_str(&kept).unwrap();
        assert_eq!(read, request.clone().without_secrets());
        assert_ne!(read, request);
        assert_eq!(read.source_id(), "nightly.gz");
    }

    #[test]
    fn each_source_has_its_form_in_a_file() {
        let request = |source| RestoreRequest { target: ServiceId::new("db1"), source };
        let at: Timestamp = "2026-09-14T02:00:00Z".parse().unwrap();
        let moment = RestoreSource::Moment { service: ServiceId::new("db2"), at };
        let cases = [
            (RestoreSource::Backup(BackupId::new("a:b:c")), r#"{"target":"db1","source":{"backup":"a:b:c"}}"#, "a:b:c"),
            (moment, r#"{"target":"db1","source":{"moment":{"service":"db2","at":"2026-09-14T02:00:00Z"}}}"#, "db2"),
        ];
        for (source, want, id) in cases {
            let request = request(source);
            assert_eq!(serde_json::to_string(&request).unwrap(), want);
            assert_eq!(serde_json::from_str::<RestoreRequest>(want).unwrap(), request);
            assert_eq!(request.source_id(), id);
            assert!(!request.is_from_own_bucket());
        }
    }
}
