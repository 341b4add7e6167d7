//! What this program is, for "About" and reports.

use std::path::PathBuf;

use crate::domain::ApiUrl;

/// Where a newer version is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateSource {
    /// The file that holds the newest version.
    pub file: ApiUrl,
    /// The page to download it from.
    pub page: String,
}

/// What was built, and what it runs with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildInfo {
    /// `0.1.0`.
    pub version: &'static str,
    /// The commit it was built from, where the build told it.
    pub commit: Option<&'static str>,
    /// `x86_64-unknown-linux-gnu`.
    pub target: &'static str,
    /// What draws the window: `OpenGL`, or `wgpu` with the interface and the adapter it uses.
    pub renderer: String,
    /// The file with all components and their licences, where a package put one beside the program.
    pub licences: Option<PathBuf>,
    /// Where it looks for a newer version; `None` where the build fixed no address, and then it never does.
    pub updates: Option<UpdateSource>,
}

impl BuildInfo {
    /// `0.1.0 (1a2b3c4)`.
    #[must_use]
    pub fn version_and_commit(&self) -> String {
        match self.commit {
            Some(commit) => format!("{} ({commit})", self.version),
            None => self.version.to_owned(),
        }
    }
}
