//! Work for the outside.

use std::path::PathBuf;
use std::sync::Arc;

use super::Ticket;
use crate::api::{Access, ApiError, BackupQuery, Baseline, ResumePoint, ScheduleQuery};
use crate::domain::{ApiUrl, Backup, BackupId, Restore, Schedule, ScheduleId, ServiceId, Zone};
use crate::draft::{NewSchedule, RestoreRequest, SchedulePatch};
use crate::export::{EvidenceJob, ExportJob, Snapshot};
use crate::grid::{CopyFormat, IndexJob};
use crate::insight::{CalendarBuilder, CoverageJob, TimelineJob};
use crate::journal::{ChangeId, ChangeMark};
use crate::notify::DesktopNotification;
use crate::rows::Rows;
use crate::secrets::ApiKey;
use crate::settings::Settings;

/// Whether a key is tried at the service before it is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyCheck {
    /// It is.
    First,
    /// It is used as it is.
    #[default]
    Skipped,
}

/// Where the key of a session comes from.
#[derive(Clone, Debug)]
pub enum KeyFrom {
    /// Typed or pasted just now.
    Typed(Arc<ApiKey>),
    /// The OS keyring, under this account.
    Keyring(String),
    /// `SKYSQL_API_KEY` of this process.
    Environment,
    /// The embedded demo service.
    Demo,
}

/// A question for the native "save as" dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePath {
    /// What the type of the file is called.
    pub file_type: &'static str,
    /// The ending of such files.
    pub ending: &'static str,
    /// The proposed file name.
    pub file_name: String,
    /// The folder to begin in.
    pub folder: Option<PathBuf>,
}

/// The session and its connections.
#[derive(Clone, Debug)]
pub enum SessionEffect {
    /// Get the key, make the client, check the key if asked. What is open stays so until [`SessionEffect::UseSession`].
    OpenSession {
        /// Of this sign-in.
        ticket: Ticket,
        /// The API address; ignored for the demo.
        url: ApiUrl,
        /// Where the key comes from.
        key: KeyFrom,
        /// Call the service before saying yes.
        check: KeyCheck,
        /// Whether the session may change anything.
        access: Access,
    },
    /// Make the session that was opened with this ticket the one in use; the one before it, with its requests, ends.
    UseSession(Ticket),
    /// Give up opening a session; the one in use stays.
    CancelSignIn(Ticket),
    /// Allow or forbid changes to the open session from now on.
    SetAccess(Access),
    /// Drop key and client, stop all requests, also of a session that is being opened.
    CloseSession,
    /// New connections for the open session: the old ones may be dead.
    Reconnect,
    /// Ask the service although it asked for a pause: the user wants it.
    ClearRateLimit,
}

/// The OS keyring.
#[derive(Clone, Debug)]
pub enum KeyringEffect {
    /// Find out whether there is a keyring; nothing in it is read.
    ProbeKeyring(Ticket),
    /// Make the keyring that is missing; the system asks the user for its password.
    CreateKeyring(Ticket),
    /// Write the session's key to the keyring.
    SaveKey {
        /// Of this try.
        ticket: Ticket,
        /// Keyring account.
        account: String,
        /// What the password manager shall call it.
        label: String,
    },
    /// Delete the keys of an account from the keyring: all, or all but one.
    DeleteKey {
        /// Of this try.
        ticket: Ticket,
        /// Keyring account.
        account: String,
        /// The entry to keep ([`crate::settings::StoredKey::id`]).
        keep: Option<String>,
    },
}

/// Where a listing broke off, and its rows so far.
pub type ResumeFrom<R> = (Box<ResumePoint>, Rows<R>);

/// Reading from the service.
#[derive(Clone, Debug)]
pub enum ListEffect {
    /// `GET /backups`, every page.
    ListBackups {
        /// Of this listing.
        ticket: Ticket,
        /// Server-side filters.
        query: BackupQuery,
        /// Goes on with this listing, which broke off; its query is the same.
        resume: Option<ResumeFrom<Backup>>,
    },
    /// `GET /backups`, as few pages as show what changed.
    RefreshBackups {
        /// Of this refresh.
        ticket: Ticket,
        /// That of the listing.
        query: BackupQuery,
        /// What the listing left.
        baseline: Arc<Baseline>,
        /// Its rows.
        rows: Rows<Backup>,
    },
    /// `GET /backups/schedules`, every page.
    ListSchedules {
        /// Of this listing.
        ticket: Ticket,
        /// Server-side filters.
        query: ScheduleQuery,
        /// For the per-service way.
        services: Vec<ServiceId>,
        /// Goes on with this listing, which broke off; its query is the same.
        resume: Option<ResumeFrom<Schedule>>,
    },
    /// `GET /restores`, every page.
    ListRestores {
        /// Of this listing.
        ticket: Ticket,
        /// For the per-service way.
        services: Vec<ServiceId>,
        /// Goes on with this listing, which broke off.
        resume: Option<ResumeFrom<Restore>>,
    },
    /// `GET /provisioning/v1/services`.
    ListServices {
        /// Of this listing.
        ticket: Ticket,
    },
    /// `GET /backups/schedules/{id}`.
    ReadSchedule {
        /// Of this call.
        ticket: Ticket,
        /// Which.
        id: ScheduleId,
    },
    /// `POST /restores/lookup`, which changes nothing.
    FindRestoreTargets {
        /// Of this call.
        ticket: Ticket,
        /// The backup.
        backup: BackupId,
        /// The service it is of.
        source: ServiceId,
    },
    /// `GET /restores/pointintime/lookup`.
    FindRestorableRanges(Ticket),
}

/// Changing schedules, starting restores, and the journal of that.
#[derive(Clone, Debug)]
pub enum ChangeEffect {
    /// `POST /backups/schedules`, after a look at what is there and a note in the journal. Where the journal knows the change, it
    /// was sent before: then a look whether it is there by now comes first.
    CreateSchedule {
        /// Of this change.
        ticket: Ticket,
        /// Its place in the journal.
        mark: ChangeMark,
        /// What to create.
        new: Arc<NewSchedule>,
    },
    /// `PATCH /backups/schedules/{id}`, after a note in the journal.
    UpdateSchedule {
        /// Of this change.
        ticket: Ticket,
        /// Its place in the journal.
        mark: ChangeMark,
        /// The schedule before.
        schedule: Box<Schedule>,
        /// Only what changes.
        patch: SchedulePatch,
    },
    /// `DELETE /backups/schedules/{id}`, after a note in the journal.
    DeleteSchedule {
        /// Of this change.
        ticket: Ticket,
        /// Its place in the journal.
        mark: ChangeMark,
        /// The schedule before.
        schedule: Box<Schedule>,
    },
    /// `POST /restores`, in the same way as a schedule is created.
    CreateRestore {
        /// Of this change.
        ticket: Ticket,
        /// Its place in the journal.
        mark: ChangeMark,
        /// What to restore.
        request: Arc<RestoreRequest>,
    },
    /// `DELETE /restores/{id}`, after a note in the journal.
    DeleteRestore {
        /// Of this change.
        ticket: Ticket,
        /// Its place in the journal.
        mark: ChangeMark,
        /// The restore before.
        restore: Box<Restore>,
    },
    /// Read whether a change of unknown outcome happened.
    CheckChange {
        /// Of this change.
        ticket: Ticket,
        /// Its place in the journal, which knows what was sent.
        change: ChangeId,
        /// What happened to the response.
        error: ApiError,
    },
    /// Look into the journal for changes to this account whose outcome is open.
    FindOpenChanges {
        /// Keyring account of the profile.
        account: String,
    },
    /// Take a change out of the journal: the user looks no further.
    DismissChange(ChangeId),
}

/// The local record of the open session.
#[derive(Clone, Debug)]
pub enum LedgerEffect {
    /// Open the ledger of the session with this ticket, and read what it knows.
    Open {
        /// The session.
        session: Ticket,
        /// Whose ledger; none for one that ends with the program.
        account: Option<String>,
    },
    /// Read every backup that it holds.
    ReadBackups(Ticket),
    /// Put every backup that it holds into this calendar.
    ReadCalendar(Ticket, Box<CalendarBuilder>),
    /// Read the recurring schedules that are listed no more.
    ReadGoneSchedules(Ticket),
    /// Count what it holds.
    Count(Ticket),
    /// Write a copy to this file.
    Export(Ticket, PathBuf),
    /// What the key lists belongs in it, whatever it knows.
    Accept,
    /// Delete all that it holds.
    Forget(Ticket),
    /// Delete the file of this account, whose profile is removed and whose session is closed.
    Delete(String),
}

/// Work on the rows of a table.
#[derive(Clone, Debug)]
pub enum TableEffect {
    /// Sort and filter backups off the UI thread.
    IndexBackups(Ticket, Box<IndexJob<Backup>>),
    /// Sort and filter schedules off the UI thread.
    IndexSchedules(Ticket, Box<IndexJob<Schedule>>),
    /// Sort and filter restores off the UI thread.
    IndexRestores(Ticket, Box<IndexJob<Restore>>),
    /// Work the overview out off the UI thread.
    AssessCoverage(Ticket, Box<CoverageJob>),
    /// Lay out the timeline.
    LayOutTimeline(Ticket, Box<TimelineJob>),
    /// Turn the selected rows into clipboard text, with times in this zone.
    Render(Ticket, Box<Snapshot>, CopyFormat, Zone),
}

/// Writing and reading files.
#[derive(Clone, Debug)]
pub enum FileEffect {
    /// Write the rows of a table into a file.
    Export(Ticket, Box<ExportJob>),
    /// Write an evidence pack, with what is recorded of the open session.
    ExportEvidence(Ticket, Box<EvidenceJob>),
    /// Write the settings file.
    SaveSettings(Box<Settings>),
    /// Read a small text file a user picked (a bucket's key file).
    ReadKeyFile(Ticket, PathBuf),
}

/// What only the window can do.
#[derive(Clone, Debug)]
pub enum WindowEffect {
    /// Ask where to save an export.
    PickSavePath(Ticket, SavePath),
    /// Ask where to save a copy of the history.
    PickLedgerPath(Ticket, SavePath),
    /// Ask for a bucket's key file.
    PickKeyFile(Ticket),
    /// Put a text on the clipboard.
    CopyText(String),
    /// Show a file in the file manager.
    ShowInFolder(PathBuf),
    /// Open a path with its program.
    OpenPath(PathBuf),
    /// Open a web address.
    OpenWeb(String),
    /// Bring the window to the front.
    Raise,
    /// Close the window.
    CloseWindow,
}

/// Work for the outside. The backend does all but those that `app` does itself (dialogs, clipboard, browser, window).
#[derive(Clone, Debug)]
pub enum Effect {
    /// The session and its connections.
    Session(SessionEffect),
    /// The OS keyring.
    Keyring(KeyringEffect),
    /// Reading from the service.
    List(ListEffect),
    /// Changing schedules, starting restores, and the journal of that.
    Change(ChangeEffect),
    /// The local record of the open session.
    Ledger(LedgerEffect),
    /// Work on the rows of a table.
    Table(TableEffect),
    /// Writing and reading files.
    File(FileEffect),
    /// What only the window can do.
    Window(WindowEffect),
    /// Show a notification of the desktop; its id is the number of the ticket.
    Notify(Ticket, DesktopNotification),
    /// Read which version of this program is the newest.
    FindUpdate,
    /// Stop the work of a ticket.
    Cancel(Ticket),
}
