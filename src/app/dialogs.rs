//! Native file dialogs, one at a time. Made on the main thread, awaited elsewhere.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::dumps::Openness;
use crate::msg::{Event, PickedPath, SavePath, Ticket};

/// On Linux a missing dialog answers exactly as a cancelled one, only much faster than a person can.
const FASTER_THAN_A_PERSON: Duration = Duration::from_millis(250);

/// Opens dialogs, never two at once.
#[derive(Default)]
pub(super) struct Dialogs {
    open: Arc<AtomicBool>,
}

impl Dialogs {
    /// Asks where to save.
    pub(super) fn save(&self, ticket: Ticket, wanted: SavePath) -> impl Future<Output = Event> + Send + 'static {
        let SavePath { file_name, folder } = wanted;
        let mut dialog =
            rfd::AsyncFileDialog::new().set_title("Export as CSV").set_file_name(file_name).add_filter("CSV", &["csv"]);
        if let Some(folder) = folder {
            dialog = dialog.set_directory(folder);
        }
        let picked = self.ask(move || dialog.save_file());
        async move { Event::SavePathPicked(ticket, with_ending(picked.await)) }
    }

    /// Asks for a bucket's key file.
    pub(super) fn key_file(&self, ticket: Ticket) -> impl Future<Output = Event> + Send + 'static {
        let dialog = rfd::AsyncFileDialog::new()
            .set_title("Key file of the bucket")
            .add_filter("Key files", &["json", "ini", "txt"])
            .add_filter("All files", &["*"]);
        let picked = self.ask(move || dialog.pick_file());
        async move { Event::KeyFilePicked(ticket, picked.await) }
    }

    fn ask<F>(&self, show: impl FnOnce() -> F) -> impl Future<Output = PickedPath> + Send + 'static
    where
        F: Future<Output = Option<rfd::FileHandle>> + Send + 'static,
    {
        let free = !self.open.swap(true, Ordering::SeqCst);
        let dialog = free.then(|| (Openness::begin(), show()));
        let open = Arc::clone(&self.open);
        let asked = Instant::now();
        async move {
            let Some((openness, dialog)) = dialog else { return PickedPath::Cancelled };
            let answer = dialog.await;
            drop(openness);
            open.store(false, Ordering::SeqCst);
            match answer {
                Some(file) => PickedPath::Path(PathBuf::from(file.path())),
                None if cfg!(target_os = "linux") && asked.elapsed() < FASTER_THAN_A_PERSON => PickedPath::NoDialog,
                None => PickedPath::Cancelled,
            }
        }
    }
}

/// The dialog gives the name as typed; a name without an ending gets `.csv`.
fn with_ending(picked: PickedPath) -> PickedPath {
    match picked {
        PickedPath::Path(path) if path.extension().is_none() => PickedPath::Path(path.with_extension("csv")),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_an_ending_gets_one() {
        let path = |text: &str| PickedPath::Path(PathBuf::from(text));
        assert_eq!(with_ending(path("/tmp/list")), path("/tmp/list.csv"));
        assert_eq!(with_ending(path("/tmp/list.txt")), path("/tmp/list.txt"));
        assert_eq!(with_ending(PickedPath::Cancelled), PickedPath::Cancelled);
    }
}
