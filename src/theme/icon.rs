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
/// Unknown.
pub const QUESTION: &str = "\u{E3E8}";
/// Nothing yet.
pub const CIRCLE_DASHED: &str = "\u{E602}";
/// Opens below.
pub const CARET_DOWN: &str = "\u{E136}";
/// Closes upwards.
pub const CARET_UP: &str = "\u{E13C}";
/// Opens to the right.
pub const CARET_RIGHT: &str = "\u{E13A}";
/// Back.
pub const CARET_LEFT: &str = "\u{E138}";
/// Choose one.
pub const CARET_UP_DOWN: &str = "\u{E140}";
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
/// Partly chosen.
pub const MINUS: &str = "\u{E32A}";
/// Delete.
pub const TRASH: &str = "\u{E4A6}";
/// Change.
pub const EDIT: &str = "\u{E3B4}";
/// Copy.
pub const COPY: &str = "\u{E1CA}";
/// Make another like this.
pub const DUPLICATE: &str = "\u{E1CC}";
/// Write to a file.
pub const EXPORT: &str = "\u{EAF0}";
/// Fetch.
pub const DOWNLOAD: &str = "\u{E20C}";
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
/// A day or period.
pub const CALENDAR: &str = "\u{E10A}";
/// Activity.
pub const ACTIVITY: &str = "\u{E000}";
/// Overview.
pub const OVERVIEW: &str = "\u{E464}";
/// Restore.
pub const RESTORE: &str = "\u{E1A0}";
/// An API key.
pub const KEY: &str = "\u{E2D6}";
/// Kept safe, read only.
pub const LOCK: &str = "\u{E308}";
/// Unlocked.
pub const LOCK_OPEN: &str = "\u{E30A}";
/// Show.
pub const EYE: &str = "\u{E220}";
/// Hide.
pub const EYE_SLASH: &str = "\u{E224}";
/// Resume.
pub const PLAY: &str = "\u{E3D0}";
/// Suspend.
pub const PAUSE: &str = "\u{E39E}";
/// Cancel work.
pub const STOP: &str = "\u{E46C}";
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
/// Dark theme.
pub const MOON: &str = "\u{E330}";
/// Follow the system.
pub const MONITOR: &str = "\u{E32E}";
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
/// Connection.
pub const PLUG: &str = "\u{EB5A}";
/// Copy as a command.
pub const TERMINAL: &str = "\u{EAE8}";
/// JSON.
pub const CODE: &str = "\u{E1BC}";
/// Address.
pub const LINK: &str = "\u{E2E6}";
/// Opens elsewhere.
pub const EXTERNAL: &str = "\u{E5DE}";
/// Command palette.
pub const COMMAND: &str = "\u{E1C4}";
/// Keyboard shortcuts.
pub const KEYBOARD: &str = "\u{E2D8}";
/// Help.
pub const HELP: &str = "\u{E3E8}";
/// Report a fault.
pub const BUG: &str = "\u{E5F4}";
/// More.
pub const DOTS: &str = "\u{E1FE}";
/// More.
pub const DOTS_VERTICAL: &str = "\u{E208}";
/// Nothing here.
pub const TRAY: &str = "\u{E4AA}";
/// A list.
pub const LIST: &str = "\u{E2F4}";
/// Storage.
pub const PACKAGE: &str = "\u{E390}";
/// Protected.
pub const SHIELD: &str = "\u{E40C}";
/// At risk.
pub const SHIELD_WARNING: &str = "\u{E412}";
/// Once, now.
pub const LIGHTNING: &str = "\u{E2DE}";
/// Recurring.
pub const REPEAT: &str = "\u{E3F6}";
/// Waiting.
pub const HOURGLASS: &str = "\u{E2B8}";
/// Took.
pub const TIMER: &str = "\u{E492}";
/// Options.
pub const SLIDERS: &str = "\u{E434}";
/// Sign out.
pub const SIGN_OUT: &str = "\u{E42A}";
/// New.
pub const SPARKLE: &str = "\u{E6A2}";
/// Trend.
pub const CHART: &str = "\u{E156}";
/// Label.
pub const TAG: &str = "\u{E478}";
/// Keep.
pub const PUSH_PIN: &str = "\u{E3E2}";
/// Notices.
pub const BELL: &str = "\u{E0CE}";
/// Demo data.
pub const FLASK: &str = "\u{E79E}";
/// Exclude.
pub const PROHIBIT: &str = "\u{E3DE}";
/// Sort.
pub const SORT: &str = "\u{E444}";
/// No network.
pub const WIFI_SLASH: &str = "\u{E4F2}";
/// Full backup.
pub const STACK: &str = "\u{E466}";
/// Incremental backup.
pub const STACK_PLUS: &str = "\u{EDF6}";
/// Binary log.
pub const SCROLL: &str = "\u{EB7A}";
/// Snapshot.
pub const CAMERA: &str = "\u{E10E}";

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
    ("QUESTION", QUESTION),
    ("CIRCLE_DASHED", CIRCLE_DASHED),
    ("CARET_DOWN", CARET_DOWN),
    ("CARET_UP", CARET_UP),
    ("CARET_RIGHT", CARET_RIGHT),
    ("CARET_LEFT", CARET_LEFT),
    ("CARET_UP_DOWN", CARET_UP_DOWN),
    ("ARROW_UP", ARROW_UP),
    ("ARROW_DOWN", ARROW_DOWN),
    ("ARROW_LEFT", ARROW_LEFT),
    ("ARROW_RIGHT", ARROW_RIGHT),
    ("PLUS", PLUS),
    ("MINUS", MINUS),
    ("TRASH", TRASH),
    ("EDIT", EDIT),
    ("COPY", COPY),
    ("DUPLICATE", DUPLICATE),
    ("EXPORT", EXPORT),
    ("DOWNLOAD", DOWNLOAD),
    ("FOLDER", FOLDER),
    ("FILE", FILE),
    ("GEAR", GEAR),
    ("DATABASE", DATABASE),
    ("BACKUP", BACKUP),
    ("SCHEDULE", SCHEDULE),
    ("CALENDAR", CALENDAR),
    ("ACTIVITY", ACTIVITY),
    ("OVERVIEW", OVERVIEW),
    ("RESTORE", RESTORE),
    ("KEY", KEY),
    ("LOCK", LOCK),
    ("LOCK_OPEN", LOCK_OPEN),
    ("EYE", EYE),
    ("EYE_SLASH", EYE_SLASH),
    ("PLAY", PLAY),
    ("PAUSE", PAUSE),
    ("STOP", STOP),
    ("FILTER", FILTER),
    ("COLUMNS", COLUMNS),
    ("ROWS", ROWS),
    ("SIDEBAR", SIDEBAR),
    ("SUN", SUN),
    ("MOON", MOON),
    ("MONITOR", MONITOR),
    ("GLOBE", GLOBE),
    ("USER", USER),
    ("CLOUD", CLOUD),
    ("CLOUD_SLASH", CLOUD_SLASH),
    ("CLOUD_CHECK", CLOUD_CHECK),
    ("PLUG", PLUG),
    ("TERMINAL", TERMINAL),
    ("CODE", CODE),
    ("LINK", LINK),
    ("EXTERNAL", EXTERNAL),
    ("COMMAND", COMMAND),
    ("KEYBOARD", KEYBOARD),
    ("HELP", HELP),
    ("BUG", BUG),
    ("DOTS", DOTS),
    ("DOTS_VERTICAL", DOTS_VERTICAL),
    ("TRAY", TRAY),
    ("LIST", LIST),
    ("PACKAGE", PACKAGE),
    ("SHIELD", SHIELD),
    ("SHIELD_WARNING", SHIELD_WARNING),
    ("LIGHTNING", LIGHTNING),
    ("REPEAT", REPEAT),
    ("HOURGLASS", HOURGLASS),
    ("TIMER", TIMER),
    ("SLIDERS", SLIDERS),
    ("SIGN_OUT", SIGN_OUT),
    ("SPARKLE", SPARKLE),
    ("CHART", CHART),
    ("TAG", TAG),
    ("PUSH_PIN", PUSH_PIN),
    ("BELL", BELL),
    ("FLASK", FLASK),
    ("PROHIBIT", PROHIBIT),
    ("SORT", SORT),
    ("WIFI_SLASH", WIFI_SLASH),
    ("STACK", STACK),
    ("STACK_PLUS", STACK_PLUS),
    ("SCROLL", SCROLL),
    ("CAMERA", CAMERA),
];
