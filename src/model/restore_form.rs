//! Opening, filling and closing the restore dialog, and what is looked up for it.

use jiff::Timestamp;

use super::{Data, Dialog, KeyFile, Model, Remote, Severity, StepContext, View};
use crate::api::Completeness;
use crate::domain::{ApiTime, Backup, BackupType, RestoreId, Service, ServiceId, StatusKind};
use crate::draft::{
    DraftField, LookupResult, NewestBackup, ReferenceFull, RestoreDraft, RestoreFacts, RestoreInput, RestoreRequest,
    RestoreSource, SourceFacts,
};
use crate::msg::{Effect, ListEffect, RestoreCommand};

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
    known: Option<KnownRows>,
}

/// What the rows say about source and target, kept as long as rows, source and target stay.
#[derive(Clone, Debug)]
struct KnownRows {
    revisions: (u64, u64),
    source: Option<RestoreInput>,
    target: Option<ServiceId>,
    backup: Option<Backup>,
    reference_full: ReferenceFull,
    /// The newest good backup of the target; none where there is none.
    newest: Option<Backup>,
    /// All backups of the target are listed.
    is_whole: bool,
}

impl Model {
    pub(super) fn handle_restore(&mut self, command: RestoreCommand, cx: &mut StepContext) {
        match command {
            RestoreCommand::Start(source) => self.open_restore(source, cx),
            RestoreCommand::Reopen => {
                if self.view.restore.is_some() {
                    self.view.open(Dialog::Restore);
                }
            }
            RestoreCommand::Check => {
                if let Some(open) = self.data.session.open_mut().filter(|open| open.can_read())
                    && !open.lists.services.is_loading()
                {
                    open.lists.read_services(cx);
                }
            }
            RestoreCommand::BackUpTarget(service) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.back_up_target(service, cx);
                }
            }
            RestoreCommand::StopWaiting => {
                if let Some(open) = self.data.session.open_mut() {
                    open.target_backup = None;
                }
            }
            RestoreCommand::Create(_) => {}
        }
    }

    /// Opens the dialog; an unfinished draft of the same source comes back as it was left.
    fn open_restore(&mut self, source: Option<RestoreSource>, cx: &mut StepContext) {
        let Some(open) = self.data.session.open_mut() else { return };
        if let Some(reason) = open.change_blocked_reason() {
            cx.notify(Severity::Info, reason);
            return;
        }
        open.changes.error = None;
        let kept = self.view.restore.take().filter(|form| form.sent.is_none() && form.draft.is_for(source.as_ref()));
        let form = kept.unwrap_or_else(|| RestoreForm::of(source));
        open.lists.look_up_targets(&form.draft.source, cx);
        if !open.lists.services.is_loading() {
            open.lists.read_services(cx);
        }
        self.view.restore = Some(form);
        self.view.open(Dialog::Restore);
    }
}

impl super::Lists {
    /// Asks where a backup can be restored; of any other source the service cannot be asked.
    fn look_up_targets(&mut self, source: &RestoreInput, cx: &mut StepContext) {
        if let Some(ticket) = self.restore_targets.cancel(cx.service_now) {
            cx.push(Effect::Cancel(ticket));
        }
        self.restore_targets = Remote::default();
        let RestoreInput::Backup(id) = source else { return };
        let row = self.backups.find(id.as_str()).or_else(|| self.shown_backups().find(id.as_str()));
        let Some(service) = row.and_then(|row| row.service_id) else { return };
        let ticket = cx.ticket();
        self.restore_targets.begin(ticket);
        cx.push(Effect::List(ListEffect::FindRestoreTargets { ticket, backup: id.clone(), source: service }));
    }
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

    /// Looks up what the rows say about source and target: once for both and a set of rows, not in every frame.
    pub fn look_up(&mut self, data: &Data) {
        let revisions = (data.backups().revision(), data.shown_backups().revision());
        let target = self.draft.target_id();
        let source = match &self.draft.source {
            RestoreInput::File(_) => None,
            source @ (RestoreInput::Backup(_) | RestoreInput::Moment { .. }) => Some(source.clone()),
        };
        let is_known =
            |known: &KnownRows| known.revisions == revisions && known.source == source && known.target == target;
        if self.known.as_ref().is_some_and(is_known) {
            return;
        }
        let find = |id: &str| data.backups().find(id).or_else(|| data.shown_backups().find(id));
        let backup = match &self.draft.source {
            RestoreInput::Backup(id) => find(id.as_str()),
            RestoreInput::Moment { .. } | RestoreInput::File(_) => None,
        };
        let reference_full = backup.as_ref().map_or(ReferenceFull::Unknown, |it| reference_full(it, data));
        let newest = target.as_ref().and_then(|target| newest_good(target, data));
        let is_whole = target.as_ref().is_some_and(|target| is_whole_for(target, data));
        self.known = Some(KnownRows { revisions, source, target, backup, reference_full, newest, is_whole });
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

    /// What is known about this restore; none without a target.
    #[must_use]
    pub fn facts<'a>(&'a self, data: &'a Data) -> Option<RestoreFacts<'a>> {
        let known = self.known.as_ref()?;
        let target_id = known.target.as_ref()?;
        let service = |id: &ServiceId| data.lists().known_services().iter().find(|service| service.id == *id);
        let source_id = self.source_service();
        Some(RestoreFacts {
            source: match &self.draft.source {
                RestoreInput::Backup(_) => SourceFacts::Backup(known.backup.as_ref()),
                RestoreInput::Moment { at, .. } => SourceFacts::Moment(*at),
                RestoreInput::File(file) => SourceFacts::File { method: file.method, object: file.object.trim() },
            },
            source_id,
            source_service: source_id.and_then(service),
            reference_full: known.reference_full,
            target_id,
            target: service(target_id),
            lookup: data.lists().lookup_of(target_id),
            target_backup: match (&known.newest, known.is_whole) {
                (Some(backup), _) => NewestBackup::Known(backup),
                (None, true) => NewestBackup::None,
                (None, false) => NewestBackup::Unknown,
            },
            now: data.now,
            zone: data.zone(),
        })
    }

    /// The request, once all is entered.
    #[must_use]
    pub fn request(&self) -> Option<RestoreRequest> {
        self.draft.parse().ok()
    }
}

impl super::Lists {
    /// What the lookup says about one target.
    fn lookup_of(&self, target: &ServiceId) -> LookupResult {
        match self.restore_targets.value() {
            Some(Some(found)) if found.iter().any(|it| it.service_id == *target) => LookupResult::Listed,
            Some(Some(_)) => LookupResult::NotListed,
            Some(None) | None => LookupResult::Unknown,
        }
    }

    /// The services to pick a target from: those that the lookup names, else those on this provider, else all. True: the lookup named
    /// them.
    #[must_use]
    pub fn restore_candidates(&self, provider: Option<&str>) -> (Vec<&Service>, bool) {
        let all = self.known_services().iter();
        if let Some(Some(found)) = self.restore_targets.value()
            && !found.is_empty()
        {
            let is_found = |service: &&Service| found.iter().any(|it| it.service_id == service.id);
            return (all.filter(is_found).collect(), true);
        }
        let fits = |service: &&Service| match (provider, &service.provider) {
            (Some(provider), Some(other)) => other.eq_ignore_ascii_case(provider),
            _ => true,
        };
        (all.filter(fits).collect(), false)
    }
}

/// How the full backup is that an incremental builds on.
fn reference_full(backup: &Backup, data: &Data) -> ReferenceFull {
    if backup.backup_type != Some(BackupType::Incremental) {
        return ReferenceFull::Unknown;
    }
    let Some(id) = &backup.reference_full_backup else { return ReferenceFull::Unknown };
    match data.backups().find(id) {
        Some(full) => ReferenceFull::Listed(full.status_kind()),
        None if backup.service_id.as_ref().is_some_and(|service| is_whole_for(service, data)) => {
            ReferenceFull::NotListed
        }
        None => ReferenceFull::Unknown,
    }
}

/// The newest whole copy of a service that is listed as good.
fn newest_good(service: &ServiceId, data: &Data) -> Option<Backup> {
    let rows = data.backups().rows();
    let is_copy =
        |word: &str| matches!(BackupType::from_word(word), BackupType::Full | BackupType::Dump | BackupType::Snapshot);
    let good = rows.all_facts().zip(0_u32..).filter(|(facts, _)| {
        facts.service_id == service.as_str()
            && StatusKind::of(facts.status) == StatusKind::Good
            && is_copy(facts.backup_type)
    });
    let mut newest: Vec<(Option<Timestamp>, u32)> = good.map(|(facts, at)| (facts.at, at)).collect();
    newest.sort_unstable();
    newest.into_iter().rev().filter_map(|(_, at)| rows.get(at)).find(|backup| !backup.is_good_but_empty())
}

/// All backups of this service are listed.
pub(super) fn is_whole_for(service: &ServiceId, data: &Data) -> bool {
    let query = &data.lists().query;
    data.backups().remote.at.is_some()
        && data.backups().completeness == Completeness::Complete
        && query.status.is_none()
        && query.service_id.as_ref().is_none_or(|asked| asked == service)
}

/// Why a backup cannot be restored; `None` where it can be tried. The one rule for every place that offers it.
#[must_use]
pub fn restore_blocked_reason(backup: &Backup, now: Timestamp) -> Option<&'static str> {
    if backup.id.is_empty() {
        return Some("The list gives no id for this backup");
    }
    if !backup.is_listed() {
        return Some("SkySQL no longer lists this backup");
    }
    match backup.status_kind() {
        StatusKind::Good => {}
        StatusKind::Running | StatusKind::Queued => return Some("This backup is not finished yet"),
        StatusKind::Bad => return Some("This backup did not succeed"),
        StatusKind::Other => return Some("Whether this backup succeeded is not known"),
    }
    if backup.backup_type == Some(BackupType::BinaryLog) {
        return Some("Binary logs are not restored alone; they lead a full backup or dump to a moment");
    }
    let ended = backup.end_time.as_ref().and_then(ApiTime::at);
    let is_kept = backup.is_external_storage == Some(true)
        || ended.is_none_or(|at| now.duration_since(at) <= crate::domain::RETENTION);
    (!is_kept).then_some("This backup has expired: SkySQL keeps backups for 7 days")
}

impl View {
    /// The draft stays, its secrets go, and it is not confirmed any more. One that was sent is over.
    pub(super) fn wipe_restore_secrets(&mut self) {
        let Some(form) = &mut self.restore else { return };
        form.draft.clear_secrets();
        form.key_file = KeyFile::default();
        form.confirm_name.clear();
        form.is_production_confirmed = false;
        self.restore.take_if(|form| form.sent.is_some());
    }

    /// The dialog was sent, and a restore came of it: it is followed there. Its secrets are gone.
    pub(super) fn follow_restore(&mut self, id: RestoreId) {
        if let Some(form) = &mut self.restore {
            form.draft.clear_secrets();
            form.key_file = KeyFile::default();
            form.sent = Some(id);
            form.go_to(RestoreStep::Progress);
        }
    }
}
