//! The `skybackup` program.

fn main() {}
