//! Other programs of the desktop: the file manager, the program of a file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::secrets::KEY_VARIABLE;

/// Letters, digits and these stand as they are in the address of a file.
const IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Opens a file, a folder or an address of the web with its program, without waiting. The other program does not inherit the key.
pub(super) fn open(what: OsString) {
    in_background(move || {
        let opened = open::commands(&what).iter_mut().any(worked);
        if !opened {
            tracing::warn!("no program opened a path or an address");
        }
    });
}

fn worked(command: &mut Command) -> bool {
    command.env_remove(KEY_VARIABLE).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Explorer answers with a code of its own even when it worked.
    command.status().is_ok_and(|status| status.success() || cfg!(windows))
}

fn in_background(work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name("desktop".to_owned()).spawn(work) {
        tracing::warn!("no thread for another program: {error}");
    }
}

/// Shows a file in the file manager: selected where the system can, else its folder.
pub(super) fn show_in_folder(path: PathBuf) {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("explorer");
        raw_arg(&mut command, &selection(&path));
        command
    } else if cfg!(target_os = "macos") {
        let mut command = Command::new("open");
        command.arg("-R").arg(&path);
        command
    } else {
        let mut command = Command::new("dbus-send");
        let address = file_address(&path);
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
    in_background(move || {
        if !worked(&mut command)
            && let Some(folder) = path.parent()
        {
            open(folder.as_os_str().to_owned());
        }
    });
}

/// `/select,"C:\My Exports, Q4\list one.csv"`: the file manager of Windows takes its arguments apart by rules of its own, and
/// wants quotes around the path alone. No path there holds a quote.
fn selection(path: &Path) -> String {
    format!("/select,\"{}\"", path.display())
}

/// Adds an argument as it is; only Windows hands a program its arguments as one text.
fn raw_arg(command: &mut Command, text: &str) {
    #[cfg(windows)]
    std::os::windows::process::CommandExt::raw_arg(command, text);
    #[cfg(not(windows))]
    command.arg(text);
}

/// `file:///home/me/list%2C%20old.csv`; a comma would end the address in the list of them.
fn file_address(path: &Path) -> String {
    format!("file://{}", utf8_percent_encode(&path.to_string_lossy(), IN_PATHS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_is_given_the_path_in_quotes_of_its_own() {
        let path = Path::new(r"C:\My Exports, Q4\list one.csv");
        assert_eq!(selection(path), r#"/select,"C:\My Exports, Q4\list one.csv""#);
    }

    #[test]
    fn the_address_of_a_file_has_no_comma_or_space() {
        let path = Path::new("/home/me/list, old.csv");
        assert_eq!(file_address(path), "file:///home/me/list%2C%20old.csv");
    }
}
