//! The build script: gives the program for Windows its icon, its version and its manifest. Nothing to do for other systems.

use std::{env, io};

const ICON: &str = "assets/icon.ico";
const MANIFEST: &str = "packaging/windows/skybackup.exe.manifest";

fn main() -> io::Result<()> {
    for file in [ICON, MANIFEST] {
        println!("cargo::rerun-if-changed={file}");
    }
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("windows") {
        return Ok(());
    }
    winresource::WindowsResource::new()
        .set_icon(ICON)
        .set_manifest_file(MANIFEST)
        // Task Manager and "Open with" show this as the name of the program.
        .set("FileDescription", "SkyBackup")
        .set("ProductName", "SkyBackup")
        .set("CompanyName", "The SkyBackup authors")
        .set("LegalCopyright", "The SkyBackup authors")
        .set("OriginalFilename", "skybackup.exe")
        .compile()
}
