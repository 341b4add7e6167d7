//! Whether this desktop can show a file dialog. On Linux a dialog that cannot open answers like one that was closed, so the question
//! is asked before.

use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use zbus::connection::Builder;

use super::desktop_theme::{PLACE, PORTAL};

/// The program that shows file dialogs where no portal does.
const PROGRAM: &str = "zenity";
/// A portal may have to be started first; one that is silent for longer shows no dialog either.
const PATIENCE: Duration = Duration::from_secs(10);

/// True where the file chooser of the desktop portal answers on the session bus, or the program used in its place is installed.
pub(super) async fn can_show_file_dialogs() -> bool {
    is_in_path(PROGRAM, env::var_os("PATH").as_deref()) || has_file_chooser().await
}

/// Asks the portal for the version of its file chooser: one without a backend for files does not have it.
async fn has_file_chooser() -> bool {
    const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
    let asked = async {
        let bus = Builder::session()?.method_timeout(PATIENCE).build().await?;
        let property = ("org.freedesktop.portal.FileChooser", "version");
        bus.call_method(Some(PORTAL), PLACE, Some(PROPERTIES), "Get", &property).await
    };
    match asked.await {
        Ok(_version) => true,
        Err(why) => {
            tracing::info!("no file dialog: {why}");
            false
        }
    }
}

fn is_in_path(program: &str, path: Option<&OsStr>) -> bool {
    path.is_some_and(|path| env::split_paths(path).any(|folder| is_program(&folder.join(program))))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_program_is_a_file_that_may_be_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = env::join_paths([Path::new("/nowhere"), folder.path()]).unwrap();
        let is_there = || is_in_path("zenity", Some(&path));
        assert!(!is_there());
        let file = folder.path().join("zenity");
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(!is_there());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(is_there());
        assert!(!is_in_path("zenity", None));
    }
}
