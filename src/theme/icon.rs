//! The icons: glyphs of the embedded Phosphor font, named by what they mean here.

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $glyph:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $glyph;)*

        /// Every icon with its name, for the gallery and the check that the font has them all.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

icons! {
    /// Load again.
    REFRESH = "\u{E094}";
    /// Search.
    SEARCH = "\u{E30C}";
    /// Close, clear, dismiss.
    CLOSE = "\u{E4F6}";
    /// Done, chosen.
    CHECK = "\u{E182}";
    /// Good.
    CHECK_CIRCLE = "\u{E184}";
    /// Bad.
    X_CIRCLE = "\u{E4F8}";
    /// Take care.
    WARNING = "\u{E4E0}";
    /// An error in a field.
    WARNING_CIRCLE = "\u{E4E2}";
    /// Worth knowing.
    INFO = "\u{E2CE}";
    /// In progress.
    RUNNING = "\u{EB44}";
    /// Waiting for its time.
    CLOCK = "\u{E19A}";
    /// Nothing yet.
    CIRCLE_DASHED = "\u{E602}";
    /// Opens below.
    CARET_DOWN = "\u{E136}";
    /// Opens to the right.
    CARET_RIGHT = "\u{E13A}";
    /// Ascending.
    ARROW_UP = "\u{E08E}";
    /// Descending.
    ARROW_DOWN = "\u{E03E}";
    /// Move left.
    ARROW_LEFT = "\u{E058}";
    /// Move right.
    ARROW_RIGHT = "\u{E06C}";
    /// Add.
    PLUS = "\u{E3D4}";
    /// Delete.
    TRASH = "\u{E4A6}";
    /// Change.
    EDIT = "\u{E3B4}";
    /// Copy.
    COPY = "\u{E1CA}";
    /// Write to a file.
    EXPORT = "\u{EAF0}";
    /// Show the folder.
    FOLDER = "\u{E256}";
    /// A file.
    FILE = "\u{E23A}";
    /// Settings.
    GEAR = "\u{E272}";
    /// A service.
    DATABASE = "\u{E1DE}";
    /// Overview: covered or not.
    OVERVIEW = "\u{E40C}";
    /// Timeline: bars on an axis.
    TIMELINE = "\u{E152}";
    /// Backups.
    BACKUP = "\u{E00C}";
    /// Schedules.
    SCHEDULE = "\u{E712}";
    /// Activity.
    ACTIVITY = "\u{E000}";
    /// Restore.
    RESTORE = "\u{E1A0}";
    /// An API key.
    KEY = "\u{E2D6}";
    /// Kept safe, read only.
    LOCK = "\u{E308}";
    /// Hide.
    EYE_SLASH = "\u{E224}";
    /// Resume.
    PLAY = "\u{E3D0}";
    /// Suspend.
    PAUSE = "\u{E39E}";
    /// Filter.
    FILTER = "\u{E268}";
    /// Columns.
    COLUMNS = "\u{E546}";
    /// Rows, density.
    ROWS = "\u{E5A2}";
    /// Detail pane.
    SIDEBAR = "\u{EC24}";
    /// Light theme.
    SUN = "\u{E472}";
    /// Time zone, address.
    GLOBE = "\u{E28C}";
    /// Profile.
    USER = "\u{E4C4}";
    /// SkySQL.
    CLOUD = "\u{E1AA}";
    /// Offline.
    CLOUD_SLASH = "\u{E1B6}";
    /// Connected.
    CLOUD_CHECK = "\u{E1B0}";
    /// Copy as a command.
    TERMINAL = "\u{EAE8}";
    /// JSON.
    CODE = "\u{E1BC}";
    /// Command palette.
    COMMAND = "\u{E1C4}";
    /// Keyboard shortcuts.
    KEYBOARD = "\u{E2D8}";
    /// Nothing here.
    TRAY = "\u{E4AA}";
    /// A list.
    LIST = "\u{E2F4}";
    /// Once, now.
    LIGHTNING = "\u{E2DE}";
    /// Waiting.
    HOURGLASS = "\u{E2B8}";
    /// Sign out.
    SIGN_OUT = "\u{E42A}";
    /// Keep.
    PUSH_PIN = "\u{E3E2}";
    /// Demo data.
    FLASK = "\u{E79E}";
    /// Exclude.
    PROHIBIT = "\u{E3DE}";
}
