//! The `skybackup` program: everything is in the library.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// Wipes all memory that is freed, so that no copy of a secret outlives its owner.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    skybackup::start::run()
}
