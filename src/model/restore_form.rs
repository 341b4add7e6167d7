//! The restore dialog: its raw texts, how far it is, and what was looked up for it.

use super::key_file::KeyFile;
use crate::domain::{Backup, RestoreId, ServiceId};
use crate::draft::{DraftField, RestoreDraft, RestoreInput, RestoreRequest, RestoreSource};
use crate::insight::ChainVerdict;

/// How far the restore dialog is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RestoreStep {
    /// The file in a bucket is named.
    Source,
    /// The target is chosen.
    Target,
    /// What speaks for and against it is shown.
    Checks,
    /// What it does is shown, and the target is typed.
    Confirm,
    /// It was sent, and is followed.
    Progress,
}

/// The restore dialog. Its raw texts survive every error and the closing of the dialog; its secrets do not survive the closing.
#[derive(Clone, Debug)]
pub struct RestoreForm {
    /// The raw texts.
    pub draft: RestoreDraft,
    /// How far it is.
    pub step: RestoreStep,
    /// What is typed to find a target.
    pub target_search: String,
    /// Errors are shown for every field from the first try on; before that only for filled ones.
    pub tried: bool,
    /// The field that gets the keyboard as soon as it is drawn.
    pub focus: Option<DraftField>,
    /// The key file of the bucket.
    pub key_file: KeyFile,
    /// The request is shown.
    pub preview: bool,
    /// What is typed to confirm.
    pub confirm_name: String,
    /// The question of a production profile is answered with yes.
    pub is_production_confirmed: bool,
    /// The restore that came of it.
    pub sent: Option<RestoreId>,
    /// What was last looked up.
    pub(super) known: Option<RestoreRows>,
}

/// What the rows say about source and target, kept as long as rows, source and target stay.
#[derive(Clone, Debug)]
pub(super) struct RestoreRows {
    pub(super) revisions: (u64, u64),
    pub(super) source: Option<RestoreInput>,
    pub(super) target: Option<ServiceId>,
    pub(super) backup: Option<Backup>,
    /// The chain of an incremental: how it is, and the sentence that says so.
    pub(super) chain: Option<(ChainVerdict, String)>,
    /// The newest good backup of the target; none where there is none.
    pub(super) newest: Option<Backup>,
    /// All backups of the target are listed.
    pub(super) is_whole: bool,
}

impl RestoreForm {
    /// A form with nothing chosen but its source.
    #[must_use]
    pub fn of(source: Option<RestoreSource>) -> Self {
        let draft = RestoreDraft::of(source);
        let step = match draft.source {
            RestoreInput::File(_) => RestoreStep::Source,
            RestoreInput::Backup(_) | RestoreInput::Moment { .. } => RestoreStep::Target,
        };
        Self {
            draft,
            step,
            target_search: String::new(),
            tried: false,
            focus: (step == RestoreStep::Source).then_some(DraftField::Bucket),
            key_file: KeyFile::default(),
            preview: false,
            confirm_name: String::new(),
            is_production_confirmed: false,
            sent: None,
            known: None,
        }
    }

    /// The steps of this form, in order.
    #[must_use]
    pub fn steps(&self) -> &'static [RestoreStep] {
        const ALL: [RestoreStep; 4] =
            [RestoreStep::Source, RestoreStep::Target, RestoreStep::Checks, RestoreStep::Confirm];
        match self.draft.source {
            RestoreInput::File(_) => &ALL,
            RestoreInput::Backup(_) | RestoreInput::Moment { .. } => ALL.get(1..).unwrap_or_default(),
        }
    }

    /// Goes to another step. What was typed to confirm one target never counts for another.
    pub fn go_to(&mut self, step: RestoreStep) {
        self.step = step;
        self.tried = false;
        if step != RestoreStep::Confirm {
            self.confirm_name.clear();
            self.is_production_confirmed = false;
        }
    }

    /// The backup to be restored, where a list has it.
    #[must_use]
    pub fn backup(&self) -> Option<&Backup> {
        self.known.as_ref()?.backup.as_ref()
    }

    /// The service that the data comes from; none for a file.
    #[must_use]
    pub fn source_service(&self) -> Option<&ServiceId> {
        match &self.draft.source {
            RestoreInput::Backup(_) => self.backup()?.service_id.as_ref(),
            RestoreInput::Moment { service, .. } => Some(service),
            RestoreInput::File(_) => None,
        }
    }

    /// The request, once all is entered.
    #[must_use]
    pub fn request(&self) -> Option<RestoreRequest> {
        self.draft.parse().ok()
    }
}
