//! What the lists say about a restore before it is sent.

use std::collections::HashSet;

use jiff::Timestamp;

use super::moments::{is_complete, range_of};
use super::restore_form::{RestoreForm, RestoreRows};
use super::{Data, Lists};
use crate::domain::{ApiTime, Backup, BackupType, RETENTION, Service, ServiceId, StatusKind};
use crate::draft::{ChainFacts, LookupResult, NewestTargetBackup, RestoreFacts, RestoreInput, SourceFacts};
use crate::insight::{Chain, ChainVerdict, PointInTimeRange, ServiceBackups};

impl RestoreForm {
    /// Looks up what the rows say about source and target: once for both and a set of rows, not in every frame.
    pub fn look_up(&mut self, data: &Data) {
        let revisions = (data.backups().revision(), data.shown_backups().revision());
        let target = self.draft.target_id();
        let source = match &self.draft.source {
            RestoreInput::File(_) => None,
            source @ (RestoreInput::Backup(_) | RestoreInput::Moment { .. }) => Some(source.clone()),
        };
        let is_known =
            |known: &RestoreRows| known.revisions == revisions && known.source == source && known.target == target;
        if self.known.as_ref().is_some_and(is_known) {
            return;
        }
        let find = |id: &str| data.backups().find(id).or_else(|| data.shown_backups().find(id));
        let backup = match &self.draft.source {
            RestoreInput::Backup(id) => find(id.as_str()),
            RestoreInput::Moment { .. } | RestoreInput::File(_) => None,
        };
        let chain = backup.as_ref().and_then(|it| chain_of(it, data));
        let newest = target.as_ref().and_then(|target| newest_good(target, data));
        let is_whole = target.as_ref().is_some_and(|target| is_complete(data.lists(), target));
        self.known = Some(RestoreRows { revisions, source, target, backup, chain, newest, is_whole });
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
            chain: known.chain.as_ref().map(|(verdict, text)| match verdict {
                ChainVerdict::Whole => ChainFacts::Whole(text),
                ChainVerdict::Broken => ChainFacts::Broken(text),
                ChainVerdict::NotKnown => ChainFacts::NotKnown(text),
            }),
            target_id,
            target: service(target_id),
            lookup: data.lists().lookup_of(target_id),
            moment_lookup: match &self.draft.source {
                RestoreInput::Moment { service, at } => data.lists().moment_lookup(service, *at),
                RestoreInput::Backup(_) | RestoreInput::File(_) => LookupResult::Unknown,
            },
            target_backup: match (&known.newest, known.is_whole) {
                (Some(backup), _) => NewestTargetBackup::Known(backup),
                (None, true) => NewestTargetBackup::None,
                (None, false) => NewestTargetBackup::Unknown,
            },
            now: data.now,
            zone: data.zone(),
        })
    }
}

impl Lists {
    /// What the lookup says about one target.
    fn lookup_of(&self, target: &ServiceId) -> LookupResult {
        match self.restore_targets.value() {
            Some(Some(found)) if found.iter().any(|it| it.id == *target) => LookupResult::Listed,
            Some(Some(_)) => LookupResult::NotListed,
            Some(None) | None => LookupResult::Unknown,
        }
    }

    /// What the lookup of points in time says about one moment of a service.
    fn moment_lookup(&self, service: &ServiceId, at: Timestamp) -> LookupResult {
        match range_of(self, service) {
            PointInTimeRange::Range { from, until } if from <= at && at <= until => LookupResult::Listed,
            PointInTimeRange::Range { .. } | PointInTimeRange::None => LookupResult::NotListed,
            PointInTimeRange::Unknown => LookupResult::Unknown,
        }
    }

    /// The listed services, then those that only the lookup of targets names.
    #[must_use]
    pub fn target_services(&self) -> Vec<&Service> {
        let listed = self.known_services();
        let ids: HashSet<&ServiceId> = listed.iter().map(|it| &it.id).collect();
        let named = self.restore_targets.value().into_iter().flatten().flatten();
        listed.iter().chain(named.filter(|it| !ids.contains(&it.id))).collect()
    }

    /// The services to pick a target from: those that the lookup names, else those on this provider, else all. True: the lookup named
    /// them.
    #[must_use]
    pub fn restore_candidates(&self, provider: Option<&str>) -> (Vec<&Service>, bool) {
        let all = self.known_services().iter();
        if let Some(Some(found)) = self.restore_targets.value()
            && !found.is_empty()
        {
            let found: HashSet<&ServiceId> = found.iter().map(|it| &it.id).collect();
            return (self.target_services().into_iter().filter(|it| found.contains(&it.id)).collect(), true);
        }
        let fits = |service: &&Service| match (provider, &service.provider) {
            (Some(provider), Some(other)) => other.eq_ignore_ascii_case(provider),
            _ => true,
        };
        (all.filter(fits).collect(), false)
    }
}

/// The chain of an incremental, concluded as in the details of its row.
fn chain_of(backup: &Backup, data: &Data) -> Option<(ChainVerdict, String)> {
    if backup.backup_type != Some(BackupType::Incremental) {
        return None;
    }
    let of_service = |service: &ServiceId| {
        let chain = Chain::of(&ServiceBackups::new(&data.known_lists(service), service), &backup.id)?;
        Some((chain.verdict, chain.sentence(data.zone())))
    };
    let unknown = || (ChainVerdict::NotKnown, "Not known whether all that it builds on is still there".to_owned());
    Some(backup.service_id.as_ref().and_then(of_service).unwrap_or_else(unknown))
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
    let is_kept =
        backup.is_external_storage == Some(true) || ended.is_none_or(|at| now.duration_since(at) <= RETENTION);
    (!is_kept).then_some("This backup has expired: SkySQL keeps backups for 7 days")
}
