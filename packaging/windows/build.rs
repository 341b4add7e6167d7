//! The build script: tells the program for which target it is built, and gives the one for Windows its icon, its version and its
//! manifest.

use std::{env, io};

const ICON: &str = "assets/icon.ico";
const MANIFEST: &str = "packaging/windows/skybackup.exe.manifest";

fn main() -> io::Result<()> {
    println!("cargo::rustc-env=SKYBACKUP_TARGET={}", env::var("TARGET").unwrap_or_default());
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
