//! What is known about a restore before it is sent.

use jiff::Timestamp;

use super::super::restore_request::BucketMethod;
use crate::domain::{Backup, BackupType, Service, ServiceId, Zone};

/// What is known of the source.
#[derive(Clone, Copy, Debug)]
pub enum SourceFacts<'a> {
    /// A backup of the list; none where the list has it no more.
    Backup(Option<&'a Backup>),
    /// A service as it was at a moment.
    Moment(Timestamp),
    /// A file in a bucket of the user's own.
    File {
        /// The tool that it was made with.
        method: BucketMethod,
        /// Its name.
        object: &'a str,
    },
}

/// What a lookup of the service says about one target, or about one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupResult {
    /// It is possible.
    Listed,
    /// Others are, this one is not among them.
    NotListed,
    /// There is no lookup for this source, or no answer came.
    Unknown,
}

/// The newest good backup of the target.
#[derive(Clone, Copy, Debug)]
pub enum NewestTargetBackup<'a> {
    /// This one.
    Known(&'a Backup),
    /// There is none.
    None,
    /// Not all backups of the target are listed here.
    Unknown,
}

/// Whether all is there that an incremental builds on, each with the sentence that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFacts<'a> {
    /// All of it is listed as succeeded.
    Whole(&'a str),
    /// Something is missing.
    Broken(&'a str),
    /// The lists do not tell.
    NotKnown(&'a str),
}

/// All that the checks and the consequences are made from.
#[derive(Clone, Copy, Debug)]
pub struct RestoreFacts<'a> {
    /// What is restored.
    pub source: SourceFacts<'a>,
    /// The id of the service that the data comes from; none for a file.
    pub source_id: Option<&'a ServiceId>,
    /// That service, as it is now.
    pub source_service: Option<&'a Service>,
    /// The chain of an incremental; none for what needs no other backup.
    pub chain: Option<ChainFacts<'a>>,
    /// The id of the service that is restored into.
    pub target_id: &'a ServiceId,
    /// That service; none where it is not in the list.
    pub target: Option<&'a Service>,
    /// What the service itself says about this target.
    pub lookup: LookupResult,
    /// What the service itself says about the moment that is restored to.
    pub moment_lookup: LookupResult,
    /// The newest good backup of the target.
    pub target_backup: NewestTargetBackup<'a>,
    /// The moment of the look.
    pub now: Timestamp,
    /// The clock that times are shown in.
    pub zone: &'a Zone,
}

impl RestoreFacts<'_> {
    /// It replays SQL statements instead of copying files.
    pub(super) fn is_logical(&self) -> bool {
        match self.source {
            SourceFacts::Backup(backup) => backup.is_some_and(|it| it.backup_type == Some(BackupType::Dump)),
            SourceFacts::Moment(_) => false,
            SourceFacts::File { method, .. } => method == BucketMethod::Mysqldump,
        }
    }

    /// The target is where the data comes from.
    pub(super) fn is_into_source(&self) -> bool {
        self.source_id == Some(self.target_id)
    }
}

/// The topology says so.
pub(super) fn is_galera(service: &Service) -> bool {
    service.topology.as_deref().is_some_and(|topology| topology.to_ascii_lowercase().contains("galera"))
}

/// The topology says so.
pub(super) fn is_serverless(service: &Service) -> bool {
    service.topology.as_deref().is_some_and(|topology| topology.to_ascii_lowercase().contains("serverless"))
}
