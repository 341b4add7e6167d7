//! The icons: glyphs of the embedded Phosphor font, named by what they mean here.

/// Load again.
pub const REFRESH: &str = "\u{E094}";
/// Search.
pub const SEARCH: &str = "\u{E30C}";
/// Close, clear, dismiss.
pub const CLOSE: &str = "\u{E4F6}";
/// Done, chosen.
pub const CHECK: &str = "\u{E182}";
/// Good.
pub const CHECK_CIRCLE: &str = "\u{E184}";
/// Bad.
pub const X_CIRCLE: &str = "\u{E4F8}";
/// Take care.
pub const WARNING: &str = "\u{E4E0}";
/// An error in a field.
pub const WARNING_CIRCLE: &str = "\u{E4E2}";
/// Worth knowing.
pub const INFO: &str = "\u{E2CE}";
/// In progress.
pub const RUNNING: &str = "\u{EB44}";
/// Waiting for its time.
pub const CLOCK: &str = "\u{E19A}";
/// Nothing yet.
pub const CIRCLE_DASHED: &str = "\u{E602}";
/// Opens below.
pub const CARET_DOWN: &str = "\u{E136}";
/// Opens to the right.
pub const CARET_RIGHT: &str = "\u{E13A}";
/// Ascending.
pub const ARROW_UP: &str = "\u{E08E}";
/// Descending.
pub const ARROW_DOWN: &str = "\u{E03E}";
/// Move left.
pub const ARROW_LEFT: &str = "\u{E058}";
/// Move right.
pub const ARROW_RIGHT: &str = "\u{E06C}";
/// Add.
pub const PLUS: &str = "\u{E3D4}";
/// Delete.
pub const TRASH: &str = "\u{E4A6}";
/// Change.
pub const EDIT: &str = "\u{E3B4}";
/// Copy.
pub const COPY: &str = "\u{E1CA}";
/// Write to a file.
pub const EXPORT: &str = "\u{EAF0}";
/// Show the folder.
pub const FOLDER: &str = "\u{E256}";
/// A file.
pub const FILE: &str = "\u{E23A}";
/// Settings.
pub const GEAR: &str = "\u{E272}";
/// A service.
pub const DATABASE: &str = "\u{E1DE}";
/// Backups.
pub const BACKUP: &str = "\u{E00C}";
/// Schedules.
pub const SCHEDULE: &str = "\u{E712}";
/// Activity.
pub const ACTIVITY: &str = "\u{E000}";
/// Restore.
pub const RESTORE: &str = "\u{E1A0}";
/// An API key.
pub const KEY: &str = "\u{E2D6}";
/// Kept safe, read only.
pub const LOCK: &str = "\u{E308}";
/// Hide.
pub const EYE_SLASH: &str = "\u{E224}";
/// Resume.
pub const PLAY: &str = "\u{E3D0}";
/// Suspend.
pub const PAUSE: &str = "\u{E39E}";
/// Filter.
pub const FILTER: &str = "\u{E268}";
/// Columns.
pub const COLUMNS: &str = "\u{E546}";
/// Rows, density.
pub const ROWS: &str = "\u{E5A2}";
/// Detail pane.
pub const SIDEBAR: &str = "\u{EC24}";
/// Light theme.
pub const SUN: &str = "\u{E472}";
/// Time zone, address.
pub const GLOBE: &str = "\u{E28C}";
/// Profile.
pub const USER: &str = "\u{E4C4}";
/// SkySQL.
pub const CLOUD: &str = "\u{E1AA}";
/// Offline.
pub const CLOUD_SLASH: &str = "\u{E1B6}";
/// Connected.
pub const CLOUD_CHECK: &str = "\u{E1B0}";
/// Copy as a command.
pub const TERMINAL: &str = "\u{EAE8}";
/// JSON.
pub const CODE: &str = "\u{E1BC}";
/// Command palette.
pub const COMMAND: &str = "\u{E1C4}";
/// Keyboard shortcuts.
pub const KEYBOARD: &str = "\u{E2D8}";
/// Nothing here.
pub const TRAY: &str = "\u{E4AA}";
/// A list.
pub const LIST: &str = "\u{E2F4}";
/// Once, now.
pub const LIGHTNING: &str = "\u{E2DE}";
/// Waiting.
pub const HOURGLASS: &str = "\u{E2B8}";
/// Sign out.
pub const SIGN_OUT: &str = "\u{E42A}";
/// Keep.
pub const PUSH_PIN: &str = "\u{E3E2}";
/// Demo data.
pub const FLASK: &str = "\u{E79E}";
/// Exclude.
pub const PROHIBIT: &str = "\u{E3DE}";

/// Every icon with its name, for the gallery and the check that the font has them all.
pub const ALL: &[(&str, &str)] = &[
    ("REFRESH", REFRESH),
    ("SEARCH", SEARCH),
    ("CLOSE", CLOSE),
    ("CHECK", CHECK),
    ("CHECK_CIRCLE", CHECK_CIRCLE),
    ("X_CIRCLE", X_CIRCLE),
    ("WARNING", WARNING),
    ("WARNING_CIRCLE", WARNING_CIRCLE),
    ("INFO", INFO),
    ("RUNNING", RUNNING),
    ("CLOCK", CLOCK),
    ("CIRCLE_DASHED", CIRCLE_DASHED),
    ("CARET_DOWN", CARET_DOWN),
    ("CARET_RIGHT", CARET_RIGHT),
    ("ARROW_UP", ARROW_UP),
    ("ARROW_DOWN", ARROW_DOWN),
    ("ARROW_LEFT", ARROW_LEFT),
    ("ARROW_RIGHT", ARROW_RIGHT),
    ("PLUS", PLUS),
    ("TRASH", TRASH),
    ("EDIT", EDIT),
    ("COPY", COPY),
    ("EXPORT", EXPORT),
    ("FOLDER", FOLDER),
    ("FILE", FILE),
    ("GEAR", GEAR),
    ("DATABASE", DATABASE),
    ("BACKUP", BACKUP),
    ("SCHEDULE", SCHEDULE),
    ("ACTIVITY", ACTIVITY),
    ("RESTORE", RESTORE),
    ("KEY", KEY),
    ("LOCK", LOCK),
    ("EYE_SLASH", EYE_SLASH),
    ("PLAY", PLAY),
    ("PAUSE", PAUSE),
    ("FILTER", FILTER),
    ("COLUMNS", COLUMNS),
    ("ROWS", ROWS),
    ("SIDEBAR", SIDEBAR),
    ("SUN", SUN),
    ("GLOBE", GLOBE),
    ("USER", USER),
    ("CLOUD", CLOUD),
    ("CLOUD_SLASH", CLOUD_SLASH),
    ("CLOUD_CHECK", CLOUD_CHECK),
    ("TERMINAL", TERMINAL),
    ("CODE", CODE),
    ("COMMAND", COMMAND),
    ("KEYBOARD", KEYBOARD),
    ("TRAY", TRAY),
    ("LIST", LIST),
    ("LIGHTNING", LIGHTNING),
    ("HOURGLASS", HOURGLASS),
    ("SIGN_OUT", SIGN_OUT),
    ("PUSH_PIN", PUSH_PIN),
    ("FLASK", FLASK),
    ("PROHIBIT", PROHIBIT),
];
