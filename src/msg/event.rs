//! What came back.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::Ticket;
use crate::api::{ApiError, Baseline, Completeness, Deleted, Listing, Progress, RequestRecord, ResumePoint};
use crate::domain::{
    ApiUrl, ApiUrlError, Backup, ChangedRow, RestorableRange, Restore, RestoreTarget, Schedule, Seen, SeenCounts,
    Service, Version,
};
use crate::export::{ExportError, ExportReport};
use crate::grid::IndexResult;
use crate::insight::{Calendar, CoverageResult, Timeline};
use crate::journal::OpenChange;
use crate::notify::NotifyError;
use crate::rows::{Record, Rows};
use crate::secrets::{KeyTag, SecretBuffer};
use crate::settings::{KeyringError, Profile};

/// The rows of a finished listing, shared.
#[derive(Clone, Debug)]
pub struct Listed<R: Record> {
    /// The rows.
    pub rows: Rows<R>,
    /// Rows of the response that could not be read.
    pub unreadable: u32,
    /// Whether this is all there is.
    pub completeness: Completeness,
    /// Where to go on, if reading broke off.
    pub rest: Option<Box<ResumePoint>>,
    /// For a light refresh.
    pub baseline: Option<Arc<Baseline>>,
}

impl<R: Record> Listed<R> {
    /// These rows, which are all there are.
    #[must_use]
    pub fn all(rows: Rows<R>) -> Self {
        Self { rows, unreadable: 0, completeness: Completeness::Complete, rest: None, baseline: None }
    }
}

/// A list after a light refresh.
#[derive(Clone, Debug)]
pub struct RefreshedRows<R: Record> {
    /// The rows; `None` where they are the same.
    pub rows: Option<Rows<R>>,
    /// For the next light refresh.
    pub baseline: Arc<Baseline>,
}

impl<R: Record> From<Listing<R>> for Listed<R> {
    fn from(listing: Listing<R>) -> Self {
        let Listing { rows, unreadable, completeness, rest, baseline, .. } = listing;
        Self { rows, unreadable, completeness, rest, baseline: baseline.map(Arc::new) }
    }
}

/// Rows that were read by an earlier run, or before the service was asked.
#[derive(Clone, Debug)]
pub struct KnownRows<R: Record> {
    /// The rows.
    pub rows: Rows<R>,
    /// When the last of them was read.
    pub at: Timestamp,
}

/// What the service listed last, of each list that was ever read whole.
#[derive(Clone, Debug, Default)]
pub struct KnownTables {
    /// The backups.
    pub backups: Option<KnownRows<Backup>>,
    /// The schedules.
    pub schedules: Option<KnownRows<Schedule>>,
    /// The restores.
    pub restores: Option<KnownRows<Restore>>,
}

/// What is known once a session is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The address, which for the demo is known only now.
    pub url: ApiUrl,
    /// What may be shown of the key.
    pub key: KeyTag,
}

/// Why a session could not be opened.
#[derive(Clone, Debug, PartialEq)]
pub enum OpenError {
    /// The keyring holds no key for this profile.
    NoKey,
    /// The keyring did not give it.
    Keyring(KeyringError),
    /// The key in the environment, or the saved one, has a form that no key has.
    BadKey(String),
    /// The address of the profile is not one that this app talks to.
    BadAddress(ApiUrlError),
    /// The service did not accept it, or was not reached.
    Api(ApiError),
    /// The demo service did not start.
    Demo(String),
}

/// Why the settings were not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSaved {
    /// One sentence.
    pub why: String,
    /// A newer version of the program wrote the file: trying again changes nothing.
    pub is_for_good: bool,
}

/// The outcome of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeOutcome {
    /// The service answered with the new row.
    Created(ChangedRow),
    /// The service confirmed the change, or a read showed it.
    Updated(Schedule),
    /// The row is gone.
    Deleted(Deleted),
    /// Nothing was changed.
    Rejected(ApiError),
    /// Nothing was sent: the row is no longer as the user saw it. Holds it as it is now.
    Conflict(ChangedRow),
    /// A new row may or may not exist: `found` are those of its shape that are new since it was sent.
    CreationUnknown {
        /// What happened to the response.
        error: ApiError,
        /// New ones that look like it.
        found: Vec<ChangedRow>,
        /// The list could be read at least once.
        checked: bool,
    },
    /// The response to a change or deletion was lost, and a read did not settle it.
    Unknown {
        /// What happened to the response.
        error: ApiError,
        /// The row as it is now, where a read shows it.
        now: Option<ChangedRow>,
    },
}

/// What a file dialog answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickedPath {
    /// A path.
    Path(PathBuf),
    /// Closed without one.
    Cancelled,
    /// No native dialog can open here.
    NoDialog,
}

/// Of signing in, and of the keyring.
#[derive(Clone, Debug)]
pub enum SessionEvent {
    /// A session is open, or not.
    SessionOpened {
        /// Of the sign-in.
        ticket: Ticket,
        /// Address and key tag, or why there is none.
        result: Result<Opened, OpenError>,
    },
    /// The keyring has been silent for a while; it is still waited for.
    KeyringSlow(Ticket),
    /// There is a keyring to keep a key in, or not.
    KeyringProbed(Ticket, Result<(), KeyringError>),
    /// The keyring that was missing was made, or not.
    KeyringCreated(Ticket, Result<(), KeyringError>),
    /// The key was written to the keyring, or not.
    KeySaved(Ticket, Result<(), KeyringError>),
    /// The key was deleted from the keyring, or not.
    KeyDeleted(Ticket, Result<(), KeyringError>),
}

/// Of reading lists and putting them in order.
#[derive(Clone, Debug)]
pub enum ListEvent {
    /// A page came; rows are given for the first page and then ever more rarely.
    BackupsProgress(Ticket, Progress, Option<Rows<Backup>>),
    /// The listing ended.
    BackupsListed(Ticket, Result<Listed<Backup>, ApiError>),
    /// A light refresh ended. One that failed, or had to list everything, ends as a listing.
    BackupsRefreshed(Ticket, RefreshedRows<Backup>),
    /// A page came.
    SchedulesProgress(Ticket, Progress, Option<Rows<Schedule>>),
    /// The listing ended.
    SchedulesListed(Ticket, Result<Listed<Schedule>, ApiError>),
    /// A page came.
    RestoresProgress(Ticket, Progress, Option<Rows<Restore>>),
    /// The listing ended.
    RestoresListed(Ticket, Result<Listed<Restore>, ApiError>),
    /// The listing ended.
    ServicesListed(Ticket, Result<Listed<Service>, ApiError>),
    /// A schedule was read.
    ScheduleRead(Ticket, Result<Schedule, ApiError>),
    /// Where a backup can be restored; `None` where the service does not tell.
    RestoreTargetsFound(Ticket, Result<Option<Vec<RestoreTarget>>, ApiError>),
    /// Which moments can be restored; `None` where the service does not tell.
    RestorableRangesFound(Ticket, Result<Option<Vec<RestorableRange>>, ApiError>),
    /// An order is ready.
    BackupsIndexed(Ticket, IndexResult<Backup>),
    /// An order is ready.
    SchedulesIndexed(Ticket, IndexResult<Schedule>),
    /// An order is ready.
    RestoresIndexed(Ticket, IndexResult<Restore>),
    /// The overview is ready.
    CoverageAssessed(Ticket, Box<CoverageResult>),
    /// The timeline is laid out.
    TimelineLaidOut(Ticket, Box<Timeline>),
}

/// Of changing schedules, and of the journal of that.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "one such event ends a change; it is never kept")]
pub enum ChangeEvent {
    /// The response to a creation was lost; the list is being read now.
    CreateChecking(Ticket),
    /// A change ended.
    Ended(Ticket, ChangeOutcome),
    /// Changes of earlier runs whose outcome is open, oldest first, and what could not be read, in sentences.
    OpenChanges(Vec<OpenChange>, Vec<String>),
    /// A change could not be taken out of the journal; the sentence says why.
    ChangeNotDismissed(String),
}

/// Every backup ever seen.
#[derive(Clone, Debug, Default)]
pub struct SeenBackups {
    /// The backups, each with its sighting.
    pub rows: Rows<Backup>,
    /// When the first of them was seen.
    pub since: Option<Timestamp>,
}

/// Of the local record.
#[derive(Clone, Debug)]
pub enum LedgerEvent {
    /// The ledger of this session is open, and this is what the service listed last.
    Known(Ticket, KnownTables),
    /// Nothing is recorded in this session any more; the part of a sentence says why. Comes once.
    Failed(Ticket, String),
    /// The file of this session was damaged: it is kept under this name, and a new one was begun.
    Quarantined(Ticket, String),
    /// The key lists none of the services that the ledger of this session knows: their number. Nothing is recorded until that is accepted.
    OtherServices(Ticket, usize),
    /// Every backup ever seen, or why they could not be read.
    BackupsRead(Ticket, Result<SeenBackups, String>),
    /// The calendar of every backup ever seen, or why it could not be read.
    CalendarRead(Ticket, Result<Calendar, String>),
    /// The recurring schedules that are listed no more, those gone last first, or why they could not be read.
    GoneSchedulesRead(Ticket, Result<Vec<Seen<Schedule>>, String>),
    /// How much was ever seen, or why that is not known.
    Counted(Ticket, Result<SeenCounts, String>),
    /// A path for the copy was picked.
    PathPicked(Ticket, PickedPath),
    /// The copy is written, or not.
    Exported(Ticket, Result<PathBuf, String>),
    /// The file of a removed profile was not deleted; the sentence says which and why.
    NotDeleted(String),
    /// All is deleted, or not.
    Forgotten(Ticket, Result<(), String>),
}

/// Of exports and copied rows.
#[derive(Clone, Debug)]
pub enum ExportEvent {
    /// A save path was picked.
    SavePathPicked(Ticket, PickedPath),
    /// The number of rows written so far.
    ExportProgress(Ticket, usize),
    /// The file is there, or not.
    Exported(Ticket, Result<ExportReport, ExportError>),
    /// Text for the clipboard, and how many rows it holds.
    Rendered(Ticket, String, usize),
}

/// Of the key file of the schedule form.
#[derive(Clone, Debug)]
pub enum FormEvent {
    /// A key file was picked.
    KeyFilePicked(Ticket, PickedPath),
    /// A key file was read.
    KeyFileRead(Ticket, Result<SecretBuffer, String>),
}

/// Of the settings file.
#[derive(Clone, Debug)]
pub enum SettingsEvent {
    /// The settings were written, or not. With the profiles that another window of this program protected meanwhile.
    SettingsSaved(Result<Vec<Profile>, NotSaved>),
    /// Profiles that another window of this program protected since the settings were last read or written here.
    ProfilesProtected(Vec<Profile>),
}

/// Of this computer, the service, and the program itself.
#[derive(Clone, Debug)]
pub enum SystemEvent {
    /// This computer was asleep: connections are dead, and what was read is old.
    SystemResumed,
    /// The service of the session with this ticket asked for a pause until this moment, by the clock of this computer; calls wait.
    RateLimited(Ticket, Timestamp),
    /// A request of the session with this ticket ended.
    Requested(Ticket, RequestRecord),
    /// A notification of the desktop is shown, or not.
    Notified(Ticket, Result<(), NotifyError>),
    /// A notification of the desktop was clicked.
    NotificationClicked(Ticket),
    /// The newest version of this program.
    UpdateFound(Version),
    /// A task of the program broke; its own ticket ends with it.
    TaskPanicked(Ticket),
}

/// What came back.
#[derive(Clone, Debug)]
pub enum Event {
    /// Of signing in, and of the keyring.
    Session(SessionEvent),
    /// Of reading lists and putting them in order.
    List(ListEvent),
    /// Of changing schedules, and of the journal of that.
    Change(ChangeEvent),
    /// Of the local record.
    Ledger(LedgerEvent),
    /// Of exports and copied rows.
    Export(ExportEvent),
    /// Of the key file of the schedule form.
    Form(FormEvent),
    /// Of the settings file.
    Settings(SettingsEvent),
    /// Of this computer, the service, and the program itself.
    System(SystemEvent),
}
