//! Everything a user can ask for.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::effect::KeyCheck;
use crate::api::Order;
use crate::domain::{ApiUrl, BackupId, BackupType, RestoreId, Schedule, ScheduleId, ServiceId};
use crate::draft::{NewSchedule, RestoreRequest, RestoreSource, SchedulePatch};
use crate::export::{EvidenceOptions, ExportOptions, FileFormat};
use crate::grid::{Period, RowSource, TableCommand};
use crate::insight::Evidence;
use crate::secrets::ApiKey;
use crate::settings::{
    Density, NotificationChoice, ProfileFlags, ProfileId, RendererChoice, SavedView, ThemeChoice, UpdateChoice,
    ZoneChoice,
};

/// The modules of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Screen {
    /// Whether every service is covered, and what needs attention.
    #[default]
    Overview,
    /// What is planned to run next, and what has run.
    Timeline,
    /// The table of backups.
    Backups,
    /// The table of schedules.
    Schedules,
    /// The table of restores.
    Restores,
    /// Every request of this run.
    Activity,
    /// Preferences, profiles, places.
    Settings,
}

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableId {
    /// Backups.
    Backups,
    /// Schedules.
    Schedules,
    /// Restores.
    Restores,
}

/// A key that passed the text check, with where it belongs.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The profile to sign in again; `None` makes a new one.
    pub profile: Option<ProfileId>,
    /// The name people see.
    pub name: String,
    /// The marks of a new profile; one that is saved keeps its own.
    pub flags: ProfileFlags,
    /// The API address.
    pub url: ApiUrl,
    /// The key, cleaned.
    pub key: Arc<ApiKey>,
    /// Skipped only on the user's word while offline.
    pub check: KeyCheck,
    /// Keep the key in the keyring after it worked; false is "this session only".
    pub keep: bool,
}

impl PartialEq for SignIn {
    /// Keys are never compared by content, only by being the very same.
    fn eq(&self, other: &Self) -> bool {
        let rest = |it: &Self| (it.profile.clone(), it.name.clone(), it.flags, it.url.clone(), it.check, it.keep);
        rest(self) == rest(other) && Arc::ptr_eq(&self.key, &other.key)
    }
}

/// What a profile shall be from now on. Its address is another matter: that asks for the key.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileChange {
    /// The profile.
    pub id: ProfileId,
    /// The name people see.
    pub name: String,
    /// Its marks.
    pub flags: ProfileFlags,
}

/// Signing in and out, and the key.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionCommand {
    /// Sign in with a typed key.
    SignIn(SignIn),
    /// Start the demo service and sign in to it.
    TryDemo,
    /// Sign in to a saved profile with the key from the keyring (also "Try again").
    OpenProfile(ProfileId),
    /// Show the sign-in form for a new profile, or for one whose key is not there.
    ShowSignIn(Option<ProfileId>),
    /// Stop waiting for the keyring or the key test.
    CancelSignIn,
    /// Stop waiting for the keyring; a key is typed instead and used for this session only.
    TypeSessionKey,
    /// Look once more whether there is a keyring.
    ProbeKeyring,
    /// Make the keyring that is missing.
    CreateKeyring,
    /// Sign in with the key of the environment, although its address is not known.
    UseEnvironmentKey,
    /// Leave the session; where its key is in the keyring, ask first what is to become of that.
    AskSignOut,
    /// Leave the session; the key stays in the keyring.
    SignOut,
    /// Delete the key of a profile from the keyring.
    DeleteKey(ProfileId),
    /// Of several keys of a profile in the keyring keep this one ([`crate::settings::StoredKey::id`]), delete the others.
    KeepOneKey(ProfileId, String),
    /// Remove a profile once its key is deleted.
    RemoveProfile(ProfileId),
    /// Remove a profile and leave its key in the keyring.
    RemoveProfileOnly(ProfileId),
    /// Try again to keep the session's key in the keyring.
    SaveKey,
    /// Accept that the key is kept for this session only.
    DismissKeyProblem,
}

/// Name and marks of a profile.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileCommand {
    /// Open the dialog of a profile's name and marks.
    EditProfile(ProfileId),
    /// Name and mark a profile as said; asks first where that would let production be changed.
    ChangeProfile(ProfileChange),
    /// Set how old the backups of a type may be in the profile in use, or go back to the default.
    SetTarget {
        /// The service; `None` for all without a target of their own.
        service: Option<ServiceId>,
        /// The backup type.
        backup_type: BackupType,
        /// Hours, 0 for no target; `None` for the default.
        hours: Option<u32>,
    },
}

/// What is read from the service.
#[derive(Clone, Debug, PartialEq)]
pub enum ListCommand {
    /// Read everything on the screen again.
    Refresh,
    /// Read everything again although the service asked to wait.
    RefreshAnyway,
    /// Go on with a listing that broke off, at the page that failed.
    ResumeListing(TableId),
    /// Stop reading; what came stays, marked as partial.
    CancelLoading(TableId),
    /// Ask the server for the backups of one service only, or of all.
    ServerService(Option<ServiceId>),
    /// Ask the server for backups of one status only, or of all.
    ServerStatus(Option<String>),
    /// Ask the server for the newest or the oldest first.
    ServerOrder(Option<Order>),
    /// Read one schedule again.
    ReadSchedule(ScheduleId),
    /// Show in the backups table what is listed now, or all that was ever seen.
    ShowBackups(RowSource),
    /// Show a schedule in its table.
    ShowSchedule(ScheduleId),
    /// Show one backup of a service in its table, among those that are shown there now.
    ShowBackup(ServiceId, BackupId),
    /// Show a restore in its table.
    ShowRestore(RestoreId),
    /// Show the schedules that are suspended.
    ShowSuspended,
    /// Find out whether the service whose moments are shown can be restored to this one.
    AskMoment(Timestamp),
    /// Show which moments can be restored; of a service where one is named.
    ShowMoments(Option<ServiceId>),
    /// Show the backups of a service.
    ShowBackupsOf(ServiceId),
    /// Show the backups of a service ever seen that began in a stretch of time.
    ShowBackupsSeen(ServiceId, Period),
    /// Show the rows behind something in the overview.
    ShowEvidence(ShownEvidence),
}

/// The rows behind something in the overview: those of a service, or of one backup type of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownEvidence {
    /// The service.
    pub service: ServiceId,
    /// The backup type; `None` for all.
    pub backup_type: Option<BackupType>,
    /// The rows that it is about.
    pub rows: Evidence,
}

/// The schedule form.
#[derive(Clone, Debug, PartialEq)]
pub enum FormCommand {
    /// Open the form for a new schedule; for a service where one is named.
    NewSchedule(Option<ServiceId>),
    /// Open the form for a run now.
    BackUpNow(Option<ServiceId>),
    /// Open the form to change a schedule.
    EditSchedule(ScheduleId),
    /// Open the form again as it was left.
    ReopenForm,
    /// Choose a key file for the bucket, through the native dialog.
    PickKeyFile,
}

/// A change of a schedule, and the outcome of any change.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeCommand {
    /// Send a new schedule. The parsed value cannot be invalid.
    CreateSchedule(Arc<NewSchedule>),
    /// Send what changed.
    UpdateSchedule(ScheduleId, SchedulePatch),
    /// Set `suspended` to true; in production ask first.
    AskSuspend(ScheduleId),
    /// Set `suspended` to true.
    Suspend(ScheduleId),
    /// Set `suspended` to false.
    Resume(ScheduleId),
    /// Ask whether to delete.
    AskDelete(ScheduleId),
    /// Delete, confirmed.
    Delete(ScheduleId),
    /// Read again whether a change of unknown outcome happened.
    VerifyChange,
    /// Send a change of unknown outcome once more, after one more look.
    ResendChange,
    /// Stop looking after a change of unknown outcome.
    DismissChange,
    /// Give a change up that waits for a pause of the service, and look its outcome.
    CancelChange,
}

/// What is done to several schedules at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BatchAction {
    /// Set `suspended` to true.
    #[default]
    Suspend,
    /// Set `suspended` to false.
    Resume,
    /// Run at another time.
    ChangeTime,
    /// Delete.
    Delete,
    /// Create one like it for other services.
    Copy,
    /// Create deleted ones again.
    Recreate,
}

/// Several changes, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub enum BatchCommand {
    /// Ask what exactly to do to the selected schedules.
    Ask(BatchAction),
    /// Ask which of the deleted schedules to create again.
    AskRecreate,
    /// Ask whether to create this one again, which was deleted.
    Recreate(Box<Schedule>),
    /// Send what the dialog shows.
    Send,
    /// Send no more after the change under way.
    Stop,
    /// Send those that were not sent.
    Continue,
    /// Send those that failed once more.
    RetryFailed,
    /// Show how far they are.
    Show,
    /// Show no more of them.
    Dismiss,
    /// Remind of a suspended schedule on another day, or never.
    Remind(ScheduleId, Option<Date>),
}

/// Saved views.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewsCommand {
    /// Ask under which name to save the table of the screen.
    AskSave,
    /// Save it under this name, in place of a view that has it.
    Save(String),
    /// Show the table as it was saved.
    Open(String),
    /// Show all views, to be renamed, ordered, deleted, handed on.
    Manage,
    /// Give a view another name.
    Rename {
        /// The name it has.
        from: String,
        /// The new one.
        to: String,
    },
    /// Delete a view.
    Delete(String),
    /// Put a deleted view back in its place.
    Restore(usize, Box<SavedView>),
    /// Move a view to another place.
    Move {
        /// Its place.
        from: usize,
        /// The new one.
        to: usize,
    },
    /// Put all views on the clipboard as a text.
    Copy,
    /// Add the views of such a text.
    Import(String),
}

/// Restores.
#[derive(Clone, Debug, PartialEq)]
pub enum RestoreCommand {
    /// Open the restore dialog for this source; without one, for a file in a bucket that is named there.
    Start(Option<RestoreSource>),
    /// Read again what the checks of the dialog are made from.
    Check,
    /// Back up a service once, before it is restored into.
    BackUpTarget(ServiceId),
    /// Wait no longer for that backup, which goes on.
    StopWaiting,
    /// Send a restore, confirmed.
    Create(Arc<RestoreRequest>),
    /// Ask whether to send a restore of unknown outcome once more.
    AskResend,
    /// Ask whether to delete the entry of a restore.
    AskDelete(RestoreId),
    /// Delete it, confirmed.
    Delete(RestoreId),
}

/// The export.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportCommand {
    /// Open the export dialog; with a format, it is chosen there.
    OpenExport(Option<FileFormat>),
    /// Export as chosen.
    Export {
        /// The table to export.
        table: TableId,
        /// What of it, and how.
        options: ExportOptions,
        /// Where to write; `None` asks through the native dialog.
        path: Option<PathBuf>,
    },
    /// Open the dialog of an evidence pack.
    OpenEvidence,
    /// Write an evidence pack as chosen.
    ExportEvidence {
        /// What of it.
        options: EvidenceOptions,
        /// Where to write; `None` asks through the native dialog.
        path: Option<PathBuf>,
    },
    /// Replace the files that the running export asked about.
    ReplaceFiles,
    /// Stop the running export; no file is left.
    CancelExport,
}

/// The history of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerCommand {
    /// Write a copy of it to a file.
    Export,
    /// What the key lists belongs in it, although it knows other services.
    Accept,
    /// Ask whether to forget it.
    AskForget,
    /// Forget it, confirmed.
    Forget,
}

/// How the window looks and works.
#[derive(Clone, Debug, PartialEq)]
pub enum PreferencesCommand {
    /// Follow the system, or light, or dark.
    SetTheme(ThemeChoice),
    /// UTC, this computer's zone, or the named one.
    SetZone(ZoneChoice),
    /// Show times in the zone of this name from now on.
    SetNamedZone(String),
    /// Row height.
    SetDensity(Density),
    /// Seconds between automatic refreshes; 0 is off.
    SetAutoRefresh(u32),
    /// Whether snapshots and incrementals are compared with earlier ones, too.
    SetCompareAllTypes(bool),
    /// Of what the desktop shows a notification.
    SetNotifications(NotificationChoice),
    /// Whether notifications name services.
    SetNotificationNames(bool),
    /// Whether a newer version is looked for.
    SetUpdates(UpdateChoice),
    /// The renderer of the next start.
    SetRenderer(RendererChoice),
    /// Zoom of the window, 1.0 is normal.
    SetZoom(f32),
}

/// Screens, dialogs, files and the clipboard.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowCommand {
    /// Go to a screen.
    Go(Screen),
    /// Open the command palette.
    OpenPalette,
    /// Open the overview of shortcuts.
    OpenShortcuts,
    /// Open the about dialog.
    OpenAbout,
    /// Open the column chooser of the current table.
    OpenColumns,
    /// Open the choice of a time zone.
    OpenZones,
    /// Put the keyboard into the search field.
    FocusSearch,
    /// Say why what a key asks for cannot be done now.
    SayWhyNot(&'static str),
    /// Close the dialog on top.
    CloseDialog,
    /// Close a notice.
    DismissNotification(u64),
    /// Forget the list of requests.
    ClearActivity,
    /// Show a file in the file manager.
    ShowInFolder(PathBuf),
    /// Open a file or folder with its program.
    OpenPath(PathBuf),
    /// Open a web address in the browser.
    OpenWeb(String),
    /// Open the page where a newer version can be downloaded.
    OpenDownloadPage,
    /// Say no more of a newer version until the next start.
    PostponeUpdate,
    /// Put a text on the clipboard; the second text names it for the notice.
    Copy(String, &'static str),
    /// Close the window.
    Quit,
}

/// Everything a user can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Signing in and out, and the key.
    Session(SessionCommand),
    /// Name and marks of a profile.
    Profile(ProfileCommand),
    /// What is read from the service.
    List(ListCommand),
    /// The schedule form.
    Form(FormCommand),
    /// A change of a schedule.
    Change(ChangeCommand),
    /// Several changes at once.
    Batch(BatchCommand),
    /// Restores.
    Restore(RestoreCommand),
    /// The export.
    Export(ExportCommand),
    /// The history of the profile.
    Ledger(LedgerCommand),
    /// How the window looks and works.
    Preferences(PreferencesCommand),
    /// Screens, dialogs, files and the clipboard.
    Window(WindowCommand),
    /// Saved views.
    Views(ViewsCommand),
    /// Something done to a table.
    Table(TableId, TableCommand),
}
