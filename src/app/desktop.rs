//! Other programs of the desktop: the file manager, the program of a file.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Opens a file or folder with its program, without waiting.
pub(super) fn open(path: PathBuf) {
    if let Err(error) = open::that_detached(&path) {
        tracing::warn!("no program opened a path: {error}");
    }
}

/// Shows a file in the file manager: selected where the system can, else its folder.
pub(super) fn show_in_folder(path: PathBuf) {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("explorer");
        command.arg(format!("/select,{}", path.display()));
        command
    } else if cfg!(target_os = "macos") {
        let mut command = Command::new("open");
        command.arg("-R").arg(&path);
        command
    } else {
        let mut command = Command::new("dbus-send");
        let address = url::Url::from_file_path(&path).map(String::from).unwrap_or_default();
        command.args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.FileManager1",
            "/org/freedesktop/FileManager1",
            "org.freedesktop.FileManager1.ShowItems",
            &format!("array:string:{address}"),
            "string:",
        ]);
        command
    };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let shown = std::thread::Builder::new().name("show-in-folder".to_owned()).spawn(move || {
        // Explorer answers with a code of its own even when it worked.
        let worked = command.status().is_ok_and(|status| status.success() || cfg!(windows));
        if !worked && let Some(folder) = path.parent() {
            open(folder.to_path_buf());
        }
    });
    if let Err(error) = shown {
        tracing::warn!("no thread to show a folder: {error}");
    }
}
