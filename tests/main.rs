//! The one integration binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failing test may panic"
)]
#![allow(missing_docs, reason = "tests say what they hold in their names")]

mod api;
mod dependencies;
mod export;
mod faults;
mod flows;
mod fuzz;
mod keyring;
mod layering;
mod support;
mod views;
