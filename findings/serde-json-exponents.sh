#!/usr/bin/env bash
# serde_json with the feature `arbitrary_precision` keeps every digit of a number, and not its text.
#
# Expected: a number that is read into a `Value` and written again is the text that came, as the feature keeps it as a string.
# Seen with serde_json 1.0.154: digits, `1.0`, `-0` and `0.10` stay as they are, but exponents are rewritten: `1e3` becomes `1e+3`
# and `1E-7` becomes `1e-7`. Two documents that differ in nothing but this compare as equal, and a signature or a search over the
# text does not match any more. `RawValue` (feature `raw_value`) keeps the text.
#
# In SkyBackup: rows are shown, copied and exported with numbers as the service wrote them, so unknown fields and labels are kept as
# `RawValue` text and indented by `src/grid/json.rs`; the feature is not used.
# Needs: cargo. Contacts the registry of crates only.
set -euo pipefail

command -v cargo >/dev/null || { echo "cargo is missing" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "exponents"
version = "0.0.0"
edition = "2021"

[dependencies]
serde_json = { version = "=1.0.154", features = ["arbitrary_precision", "raw_value"] }
TOML
cat >"$folder/src/main.rs" <<'RUST'
use serde_json::{value::RawValue, Value};

fn main() {
    let mut is_as_described = true;
    for (text, through_value) in [
        ("12345678901234567890123", "12345678901234567890123"),
        ("1.0", "1.0"),
        ("-0", "-0"),
        ("0.10", "0.10"),
        ("1e3", "1e+3"),
        ("1E-7", "1e-7"),
        ("1e+22", "1e+22"),
    ] {
        let value = serde_json::from_str::<Value>(text).unwrap().to_string();
        let raw = serde_json::from_str::<&RawValue>(text).unwrap().get().to_owned();
        println!("{text:>24}  Value: {value:<24} RawValue: {raw}");
        is_as_described &= value == through_value && raw == text;
    }
    std::process::exit(i32::from(!is_as_described));
}
RUST
export CARGO_TARGET_DIR="$folder/target"
cargo build --quiet --manifest-path "$folder/Cargo.toml" >&2 || exit 2
"$folder/target/debug/exponents"
