//! Native file dialogs, one at a time, in front of the window. Made on the main thread, awaited elsewhere.

use std::path::PathBuf;
use std::sync::{Arc, Weak};

use super::dumps::DumpableGuard;
use crate::msg::{Event, ExportEvent, FormEvent, LedgerEvent, PickedPath, SavePath, Ticket};

/// Which file dialogs there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileDialogs {
    /// Those of the desktop, if it has any.
    #[default]
    Native,
    /// None, as on a desktop without: a test must not open the dialogs of whoever runs it.
    Missing,
}

/// Opens dialogs, never two at once.
#[derive(Default)]
pub(super) struct Dialogs {
    kind: FileDialogs,
    /// The one dialog that may be open, also when nobody waits for its answer any more.
    open: Weak<DumpableGuard>,
}

impl Dialogs {
    pub(super) fn new(kind: FileDialogs) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Asks where to save an export.
    pub(super) fn save(
        &mut self,
        ticket: Ticket,
        wanted: SavePath,
        window: &eframe::Frame,
    ) -> impl Future<Output = Event> + Send + 'static {
        let title = format!("Export as {}", wanted.file_type);
        let dialog = save_dialog(wanted, window).set_title(title);
        let picked = self.ask(move || dialog.save_file());
        async move { Event::Export(ExportEvent::SavePathPicked(ticket, picked.await)) }
    }

    /// Asks where to save a copy of the history.
    pub(super) fn save_ledger(
        &mut self,
        ticket: Ticket,
        wanted: SavePath,
        window: &eframe::Frame,
    ) -> impl Future<Output = Event> + Send + 'static {
        let dialog = save_dialog(wanted, window).set_title("Export the history");
        let picked = self.ask(move || dialog.save_file());
        async move { Event::Ledger(LedgerEvent::PathPicked(ticket, picked.await)) }
    }

    /// Asks for a bucket's key file.
    pub(super) fn key_file(
        &mut self,
        ticket: Ticket,
        window: &eframe::Frame,
    ) -> impl Future<Output = Event> + Send + 'static {
        let dialog = rfd::AsyncFileDialog::new()
            .set_parent(window)
            .set_title("Key file of the bucket")
            .add_filter("Key files", &["json", "ini", "txt"])
            .add_filter("All files", &["*"]);
        let picked = self.ask(move || dialog.pick_file());
        async move { Event::Form(FormEvent::KeyFilePicked(ticket, picked.await)) }
    }

    /// `show` makes the dialog here; on Linux it opens when it is first awaited.
    fn ask<F>(&mut self, show: impl FnOnce() -> F) -> impl Future<Output = PickedPath> + Send + 'static
    where
        F: Future<Output = Option<rfd::FileHandle>> + Send + 'static,
    {
        let is_missing = self.kind == FileDialogs::Missing;
        let is_free = !is_missing && self.open.strong_count() == 0;
        let dialog = is_free.then(|| {
            let guard = Arc::new(DumpableGuard::begin());
            self.open = Arc::downgrade(&guard);
            (guard, show())
        });
        async move {
            let Some((_guard, dialog)) = dialog else {
                return if is_missing { PickedPath::NoDialog } else { PickedPath::Cancelled };
            };
            #[cfg(target_os = "linux")]
            if !super::portal::can_show_file_dialogs().await {
                return PickedPath::NoDialog;
            }
            match dialog.await {
                Some(file) => PickedPath::Path(PathBuf::from(file.path())),
                None => PickedPath::Cancelled,
            }
        }
    }
}

fn save_dialog(wanted: SavePath, window: &eframe::Frame) -> rfd::AsyncFileDialog {
    let dialog = rfd::AsyncFileDialog::new()
        .set_parent(window)
        .set_file_name(wanted.file_name)
        .add_filter(wanted.file_type, &[wanted.ending]);
    match wanted.folder {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    }
}
