//! The one integration binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failing test may panic"
)]
#![allow(missing_docs, reason = "tests say what they hold in their names")]

/// As in the program: some tests search the memory of a process for what it returned.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

mod api;
mod demo;
mod dependencies;
mod evidence;
mod export;
#[cfg(target_os = "linux")]
mod faults;
mod flows;
mod fuzz;
mod keyring;
mod layering;
#[cfg(target_os = "linux")]
mod ledger;
mod recovery;
#[cfg(target_os = "linux")]
mod notify;
#[cfg(target_os = "linux")]
mod secrets;
mod settings;
mod support;
mod views;
mod words;
