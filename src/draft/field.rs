//! The fields of forms, what is wrong in them, and texts that put them right.

use crate::cron::{CronField, OfferedFix, PlanField};
use crate::secrets::S3Field;

/// A field of a form, to set a message beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DraftField {
    /// The service.
    Service,
    /// The type.
    BackupType,
    /// A field of the plan.
    Plan(PlanField),
    /// The expression, or one field of it.
    Cron(Option<CronField>),
    /// The address of the bucket.
    Bucket,
    /// A field of AWS credentials.
    S3(S3Field),
    /// The key file.
    KeyFile,
    /// The name of a backup file in a bucket.
    Object,
    /// The key that such a file is encrypted with.
    EncryptionKey,
    /// The service that is restored into.
    Target,
}

/// What is wrong in one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where.
    pub field: DraftField,
    /// What is wrong and what to do; never quotes a secret.
    pub message: String,
    /// What was probably meant; where that is not sure, several to pick from.
    pub fixes: Vec<FieldFix>,
}

/// A text that puts a field right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFix {
    /// The whole content of the field (for a cron field: of the whole expression).
    pub text: String,
    /// The words on its button.
    pub label: String,
    /// What it means, where there is a choice; else empty.
    pub meaning: String,
}

impl FieldFix {
    /// An expression to take: named after the program that reads the text so, where that is a guess.
    #[must_use]
    pub fn of(fix: OfferedFix) -> Self {
        let (label, meaning) = match fix.dialect {
            Some(dialect) => (format!("{dialect}: use {}", fix.expression), fix.meaning),
            None => (fix.label(), String::new()),
        };
        Self { text: fix.expression, label, meaning }
    }
}

impl FieldError {
    pub(super) fn new(field: DraftField, message: impl Into<String>) -> Self {
        Self { field, message: message.into(), fixes: Vec::new() }
    }
}
