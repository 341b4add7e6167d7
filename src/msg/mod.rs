//! What a user wants ([`Command`]), work for the outside ([`Effect`]), what came back ([`Event`]).
//!
//! Owns: these three enums and the plain values they carry. Any of them can be logged or asserted; secrets in them print redacted.
//! May import: `domain`, `grid`, and the plain types of `api`, `settings`, `export` and `journal`.
//! Must never: know egui, tokio or reqwest; hold a closure or a handle.

mod command;
mod effect;
mod event;

pub use command::{
    BatchAction, BatchCommand, ChangeCommand, Command, ExportCommand, FormCommand, LedgerCommand, ListCommand,
    PreferencesCommand, ProfileChange, ProfileCommand, RestoreCommand, Screen, SessionCommand, ShownEvidence, SignIn,
    TableId, ViewsCommand, WindowCommand,
};
pub use effect::{
    ChangeEffect, Effect, FileEffect, KeyCheck, KeyFrom, KeyringEffect, LedgerEffect, ListEffect, ResumeFrom, SavePath,
    SessionEffect, TableEffect, WindowEffect,
};
pub use event::{
    ChangeEvent, ChangeOutcome, Event, ExportEvent, FormEvent, KnownRows, KnownTables, LedgerEvent, ListEvent, Listed,
    NotSaved, OpenError, Opened, PickedPath, RefreshedRows, SeenBackups, SessionEvent, SettingsEvent, SystemEvent,
};

pub use crate::grid::{CopyFormat, TableCommand};

/// Names one piece of work; a response with any other ticket is late and ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What views push; the loop takes it after drawing.
pub type Commands = Vec<Command>;
