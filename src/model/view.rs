//! What the user is looking at and typing: the only part of the model that views may change themselves.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::key_file::KeyFile;
use super::moments::{MomentsForm, RestoresFace};
use super::open_view::ViewsForm;
use super::restore_form::RestoreForm;
use super::suspended::SuspensionForm;
use super::{ChangeKind, Remote};
use crate::domain::{ApiUrl, Backup, BackupId, RestoreId, Schedule, ScheduleId, Seen, ServiceId};
use crate::draft::{DraftField, PrimaryDraft, ScheduleDraft};
use crate::export::ExportOptions;
use crate::insight::TimelineSpan;
use crate::msg::{BatchAction, ProfileChange, Screen, TableId};
use crate::secrets::SecretBuffer;
use crate::settings::{ProfileFlags, ProfileId, StoredKey};

/// A field of the sign-in form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInField {
    /// The profile's name.
    Name,
    /// The API key.
    Key,
    /// The API address.
    Url,
}

/// The sign-in form.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is the state of one small thing on screen")]
pub struct SignInForm {
    /// The profile being signed in to again; `None` for a new one.
    pub profile: Option<ProfileId>,
    /// Its name.
    pub name: String,
    /// The marks of a new profile.
    pub flags: ProfileFlags,
    /// The API address as typed.
    pub url: String,
    /// The key as typed or pasted. Wiped as soon as it was accepted.
    pub key: SecretBuffer,
    /// Keep the key in the keyring.
    pub keep: bool,
    /// Address and label are shown.
    pub more: bool,
    /// The field that the next frame puts the keyboard into.
    pub go_to: Option<SignInField>,
    /// The key was pasted, not typed.
    pub pasted: bool,
    /// The key field was left since it was last empty: from then on its text is judged.
    pub key_left: bool,
    /// The address field was left.
    pub url_left: bool,
    /// Errors are shown from the first try on.
    pub tried: bool,
    /// Changes when the key was wiped, so that the field forgets its undo history.
    pub generation: u64,
}

/// The dialog of a profile: what can be changed without its key.
#[derive(Clone, Debug, Default)]
pub struct ProfileForm {
    /// Its name.
    pub name: String,
    /// Its marks.
    pub flags: ProfileFlags,
}

/// What the schedule form is for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum FormPurpose {
    /// A new schedule.
    #[default]
    Create,
    /// A run now.
    BackUpNow,
    /// A change of this schedule.
    Edit(ScheduleId),
}

/// The schedule form. Its raw texts survive every error and the closing of the dialog.
#[derive(Clone, Debug, Default)]
pub struct ScheduleForm {
    /// What it is for.
    pub purpose: FormPurpose,
    /// The raw texts.
    pub draft: ScheduleDraft,
    /// What is typed to find a service in the picker.
    pub service_search: String,
    /// Errors are shown for every field from the first try on; before that only for filled ones.
    pub tried: bool,
    /// The field that gets the keyboard as soon as it is drawn: the first wrong one after a try.
    pub focus: Option<DraftField>,
    /// The service that the backup type was preselected for.
    pub type_suggested_for: Option<ServiceId>,
    /// The backup type was chosen, so that no other one is preselected.
    pub type_chosen: bool,
    /// The request is shown.
    pub preview: bool,
    /// The key file of its bucket.
    pub key_file: KeyFile,
    /// The schedule to change, as it was when the form was opened.
    pub(super) base: Option<Schedule>,
    /// The newest good full backup of the service, as last looked up.
    pub newest_full: Option<NewestFull>,
}

/// The answer to "has this service a good full backup", kept as long as the rows stay.
#[derive(Clone, Debug)]
pub struct NewestFull {
    /// The rows it was looked up in.
    pub revision: u64,
    /// The service.
    pub service: ServiceId,
    /// The newest good full backup, if there is one.
    pub backup: Option<Backup>,
}

/// The choices of the export dialog.
#[derive(Clone, Debug, Default)]
pub struct ExportForm {
    /// What to write, and how.
    pub options: ExportOptions,
    /// The path field, shown where no native dialog can open, or where typing was chosen.
    pub path: Option<String>,
    /// No native dialog can open on this desktop.
    pub has_no_dialog: bool,
    /// The native dialog was closed without a file.
    pub nothing_picked: bool,
}

/// One of the changes that the dialog shows, or why it is left out.
#[derive(Clone, Debug)]
pub struct PlannedChange {
    /// The schedule as the user sees it, or will see it once it is created.
    pub subject: Schedule,
    /// What is sent; else why nothing is.
    pub kind: Result<ChangeKind, String>,
    /// A creation that is suspended by a second request.
    pub then_suspend: bool,
}

/// What the plan of several changes was worked out from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlanKey {
    pub(super) expression: String,
    pub(super) stagger: String,
    pub(super) services: BTreeSet<ServiceId>,
    pub(super) chosen: BTreeSet<ScheduleId>,
    pub(super) starts_suspended: bool,
    pub(super) gone: usize,
    pub(super) schedules: u64,
}

/// The dialog of several changes before they are sent.
#[derive(Clone, Debug, Default)]
pub struct BatchForm {
    /// What is done.
    pub action: BatchAction,
    /// The schedules it is done to, as the user saw them when the dialog was opened.
    pub subjects: Vec<Schedule>,
    /// The new time.
    pub when: ScheduleForm,
    /// Minutes from one schedule to the next, as typed.
    pub stagger: String,
    /// The services that get a copy.
    pub services: BTreeSet<ServiceId>,
    /// What is typed to find a service.
    pub service_search: String,
    /// Copies are suspended at once.
    pub starts_suspended: bool,
    /// The deleted schedules that can be created again.
    pub gone: Remote<Vec<Seen<Schedule>>, String>,
    /// Those of them that shall be.
    pub chosen: BTreeSet<ScheduleId>,
    /// The changes as chosen so far.
    pub plan: Vec<PlannedChange>,
    pub(super) planned_from: Option<PlanKey>,
}

/// A range of time as it is typed.
#[derive(Clone, Debug, Default)]
pub struct RangeForm {
    /// Its begin.
    pub from: String,
    /// Its end.
    pub until: String,
}

/// What is typed and chosen for an evidence pack.
#[derive(Clone, Debug, Default)]
pub struct EvidenceForm {
    /// The period, in UTC.
    pub range: RangeForm,
    /// Only the chosen services.
    pub is_of_some: bool,
    /// The chosen ones.
    pub services: BTreeSet<ServiceId>,
}

impl EvidenceForm {
    /// The last 30 days of all services.
    pub(super) fn new(now: Timestamp) -> Self {
        let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
        let from = now.checked_sub(SignedDuration::from_hours(30 * 24)).unwrap_or(now);
        Self { range: RangeForm { from: day(from), until: day(now) }, ..Self::default() }
    }
}

/// What the overview shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct OverviewView {
    /// The calendar, not the board of services.
    pub is_calendar: bool,
    /// The first day in sight, by its number; `None` for the newest ones.
    pub first_day: Option<usize>,
}

/// What the timeline shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimelineView {
    /// How far it reaches.
    pub span: TimelineSpan,
    /// The runs as a list in words, not as bars.
    pub is_list: bool,
}

/// The dialog on top; at most one by type.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Create or edit a schedule; its texts are in [`View::form`].
    Schedule,
    /// "Delete the … of …?".
    Delete(ScheduleId),
    /// "Suspend the … of …?".
    Suspend(ScheduleId),
    /// Under which name a view is saved.
    SaveView,
    /// All saved views.
    SavedViews,
    /// Several changes: what exactly, how far they are, what they led to.
    Batch,
    /// Restore; its texts are in [`View::restore`].
    Restore,
    /// "Delete the entry of the restore into …?".
    DeleteRestore(RestoreId),
    /// "Send the restore into … again?".
    ResendRestore,
    /// Export.
    Export(TableId),
    /// Evidence pack; what is chosen is in [`View::evidence`].
    Evidence,
    /// Columns of a table.
    Columns(TableId),
    /// Choice of a time zone.
    Zone,
    /// Command palette.
    Palette,
    /// Overview of shortcuts.
    Shortcuts,
    /// Version, licence, places.
    About,
    /// Signing in over the open session; how far it is, [`super::Data::sign_in`] tells.
    SignIn,
    /// How old backups may be; of one service, or of all without a target of their own.
    Targets(Option<ServiceId>),
    /// Name and marks of a profile; as typed they are in [`View::profile`].
    Profile(ProfileId),
    /// "Allow changes in production?".
    AllowChanges(ProfileChange),
    /// Of several keys of a profile in the keyring one is to be chosen.
    SeveralKeys {
        /// The profile.
        profile: ProfileId,
        /// Its keys.
        keys: Vec<StoredKey>,
        /// The place of the chosen one.
        chosen: usize,
    },
    /// "Send the key from `SKYSQL_API_KEY` to …?".
    EnvironmentKey(ApiUrl),
    /// "Remove profile …?".
    RemoveProfile(ProfileId),
    /// "Sign out of …?", and whether the key in the keyring is to be deleted too.
    SignOut {
        /// Delete it.
        forget: bool,
    },
    /// "Forget the history of …?".
    ForgetHistory,
    /// The stored procedures for replication from the position of a backup.
    Replication(BackupId),
    /// "A change is being sent": wait or quit anyway.
    Quit,
    /// "SkySQL asked to wait": wait or refresh anyway.
    AskedToWait,
}

impl Dialog {
    /// True for one that shows where the change being made stands, so that no banner need show it too.
    #[must_use]
    pub fn shows_change(&self) -> bool {
        matches!(
            self,
            Self::Schedule | Self::Delete(_) | Self::Suspend(_) | Self::Batch | Self::Restore | Self::DeleteRestore(_)
        )
    }
}

/// What the user is looking at and typing.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is the state of one small thing on screen")]
pub struct View {
    /// The screen behind the rail.
    pub screen: Screen,
    /// The table shows the rows behind something on this screen, where one link leads back to it.
    pub back_to: Option<Screen>,
    /// What the overview shows.
    pub overview: OverviewView,
    /// What the timeline shows.
    pub timeline: TimelineView,
    /// The dialog on top.
    pub dialog: Option<Dialog>,
    /// True on the first frame of a dialog, so that it can take the focus once.
    pub dialog_opened: bool,
    /// The sign-in form.
    pub sign_in: SignInForm,
    /// The dialog of a profile.
    pub profile: ProfileForm,
    /// What is typed to confirm a deletion.
    pub confirm_name: String,
    /// The schedule form, kept while it is closed with unsaved text.
    pub form: Option<ScheduleForm>,
    /// What is typed about saved views.
    pub views: ViewsForm,
    /// What is typed about a suspension.
    pub suspension: SuspensionForm,
    /// What is chosen for several changes, until they are sent.
    pub batch: Option<BatchForm>,
    /// The restore dialog, kept while it is closed.
    pub restore: Option<RestoreForm>,
    /// The search text of the backups table.
    pub backups_search: String,
    /// The search text of the schedules table.
    pub schedules_search: String,
    /// The search text of the restores table.
    pub restores_search: String,
    /// The range of time typed in the filter of the backups table.
    pub range: RangeForm,
    /// What the requests of the activity list are searched for.
    pub activity_search: String,
    /// The next frame puts the keyboard into the search field.
    pub focus_search: bool,
    /// The next frame of this table scrolls to its focused row.
    pub scroll_to_focus: Option<TableId>,
    /// What a time zone is searched for.
    pub zone_search: String,
    /// What is typed into the palette.
    pub palette: String,
    /// The chosen line of the palette.
    pub palette_line: usize,
    /// The choices of the export dialog.
    pub export: ExportForm,
    /// The choices of the dialog of an evidence pack.
    pub evidence: EvidenceForm,
    /// The primary of the replication dialog.
    pub primary: PrimaryDraft,
    /// The restores screen, and what is looked at and typed on its moments face.
    pub moments: MomentsForm,
    /// The detail pane of the tables is open.
    pub detail: bool,
    /// The raw JSON part of the detail pane is open.
    pub detail_json: bool,
    /// The window is minimized: nothing is fetched automatically, unless it is for notifications.
    pub is_hidden: bool,
    /// The window has the keyboard, so that its user looks at it.
    pub is_focused: bool,
}

impl View {
    /// The search text of a table.
    pub fn search_mut(&mut self, table: TableId) -> &mut String {
        match table {
            TableId::Backups => &mut self.backups_search,
            TableId::Schedules => &mut self.schedules_search,
            TableId::Restores => &mut self.restores_search,
        }
    }

    /// The table of the current screen.
    #[must_use]
    pub fn table(&self) -> Option<TableId> {
        self.table_of(self.screen)
    }

    /// The table that a screen shows.
    #[must_use]
    pub fn table_of(&self, screen: Screen) -> Option<TableId> {
        match screen {
            Screen::Backups => Some(TableId::Backups),
            Screen::Schedules => Some(TableId::Schedules),
            Screen::Restores if self.moments.face == RestoresFace::Restores => Some(TableId::Restores),
            Screen::Overview | Screen::Timeline | Screen::Restores | Screen::Activity | Screen::Settings => None,
        }
    }

    /// Keeps what belongs to the window and the sign-in form; what was typed and opened for a session goes with it.
    pub(super) fn end_session(&mut self) {
        let old = std::mem::take(self);
        *self = Self {
            screen: old.screen,
            sign_in: old.sign_in,
            export: ExportForm { path: None, ..old.export },
            activity_search: old.activity_search,
            detail: old.detail,
            detail_json: old.detail_json,
            is_hidden: old.is_hidden,
            is_focused: old.is_focused,
            ..Self::default()
        };
    }

    /// The dialog on top is one of an export.
    pub(super) fn is_export_open(&self) -> bool {
        matches!(self.dialog, Some(Dialog::Export(_) | Dialog::Evidence))
    }

    /// Opens a dialog.
    pub fn open(&mut self, dialog: Dialog) {
        self.dialog = Some(dialog);
        self.dialog_opened = true;
        self.confirm_name.clear();
        self.suspension = SuspensionForm::default();
    }
}
