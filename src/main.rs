//! The `skybackup` program: everything is in the library.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    skybackup::start::run()
}
