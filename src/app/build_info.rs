//! What the build and the package tell of the program.

use std::path::{Path, PathBuf};

use crate::domain::ApiUrl;
use crate::model::{BuildInfo, UpdateSource};

/// Where packages put the file with the components, seen from the folder of the program: Windows, macOS, Linux.
const LICENCES: [&str; 3] = ["licences.txt", "../Resources/licences.txt", "../share/doc/skybackup/licences.txt.gz"];

/// This program, but for its renderer, which a window decides.
pub(super) fn build_info() -> BuildInfo {
    BuildInfo {
        version: env!("CARGO_PKG_VERSION"),
        // Set by `scripts/package`.
        commit: option_env!("SKYBACKUP_COMMIT").filter(|commit| !commit.is_empty()),
        target: env!("SKYBACKUP_TARGET"),
        renderer: String::new(),
        licences: std::env::current_exe().ok().and_then(|program| licences_of(&program)),
        updates: option_env!("SKYBACKUP_UPDATE_FILE").zip(option_env!("SKYBACKUP_UPDATE_PAGE")).and_then(update_source),
    }
}

/// The file with the newest version and the page with its downloads, if both are addresses that a build may fix.
fn update_source((file, page): (&str, &str)) -> Option<UpdateSource> {
    let page = ApiUrl::parse_with_path(page).ok()?.as_str().to_owned();
    Some(UpdateSource { file: ApiUrl::parse_with_path(file).ok()?, page })
}

/// What draws the window, in words.
#[must_use]
pub fn renderer_name(context: &eframe::CreationContext<'_>) -> String {
    match &context.wgpu_render_state {
        Some(state) => {
            let adapter = state.adapter.get_info();
            format!("wgpu, {} on {}", adapter.backend, adapter.name)
        }
        None => "OpenGL".to_owned(),
    }
}

fn licences_of(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?;
    LICENCES.iter().map(|place| folder.join(place)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_licences_are_found_where_a_package_puts_them() {
        for place in LICENCES {
            let folder = tempfile::tempdir().unwrap();
            let program = folder.path().join("bin").join("skybackup");
            let file = folder.path().join("bin").join(place);
            std::fs::create_dir_all(program.parent().unwrap()).unwrap();
            assert_eq!(licences_of(&program), None);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "all of them").unwrap();
            assert_eq!(std::fs::read_to_string(licences_of(&program).unwrap()).unwrap(), "all of them", "{place}");
        }
    }

    #[test]
    fn only_whole_and_safe_addresses_make_an_update_check() {
        let (file, page) = ("https://example.org/skybackup/version.txt", "https://example.org/skybackup");
        let source = update_source((file, page)).unwrap();
        assert_eq!((source.file.as_str(), source.page.as_str()), (file, page));
        for (file, page) in [("", ""), ("", page), (file, ""), ("http://example.org/v", page), (file, "file:///etc")] {
            assert_eq!(update_source((file, page)), None, "{file:?} {page:?}");
        }
    }

    #[test]
    fn the_program_knows_what_it_is() {
        let info = build_info();
        assert!(info.target.contains(std::env::consts::ARCH), "{}", info.target);
        assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
        assert!(info.version_and_commit().starts_with(info.version));
        assert_eq!(BuildInfo { commit: Some("1a2b3c4"), ..info }.version_and_commit(), "0.1.0 (1a2b3c4)");
    }
}
