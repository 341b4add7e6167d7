#!/usr/bin/env bash
# A package with an `opt-level` of its own in a profile is no longer stripped of its names, although the profile says so.
#
# Expected: `[profile.release.package] app.opt-level = 3` changes how `app` is optimised and leaves `strip = "symbols"` of the
# profile as it is, because an override may not even name `strip`.
# Seen with cargo 1.95.0: the program of the package is built with `strip = "debuginfo"`, so its symbol table is in it. Nothing
# warns. An override of all dependencies (`package."*"`) leaves the program alone, as it is none of them.
#
# In SkyBackup: the level of our own code is that of the profile, and the dependencies have theirs as overrides. The other way
# round the program was 7.6 MB larger.
# Needs: rustup, which installs the toolchain where it is missing, and nm of binutils. Contacts the server of rustup only.
set -euo pipefail

command -v rustup >/dev/null && command -v nm >/dev/null || { echo "rustup or nm is missing" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
printf 'fn main() {}\n' >"$folder/src/main.rs"
export CARGO_TARGET_DIR="$folder/target"

# How many names are in the program, with these lines at the end of its manifest.
names() {
    printf '[package]\nname = "app"\nversion = "0.0.0"\nedition = "2021"\n\n[profile.release]\nstrip = "symbols"\n%s\n' "$1" >"$folder/Cargo.toml"
    rustup run 1.95.0 cargo build --quiet --release --manifest-path "$folder/Cargo.toml" >&2 || exit 2
    nm "$folder/target/release/app" 2>/dev/null | wc -l
}

rustup toolchain list | grep -q '^1\.95\.0' || rustup toolchain install 1.95.0 --profile minimal >&2 || exit 2
plain=$(names '')
all=$(names $'[profile.release.package."*"]\nopt-level = "s"')
own=$(names $'[profile.release.package]\napp.opt-level = 3')
printf 'names in the program: %s by the profile alone, %s with an override of all dependencies, %s with one of its own\n' "$plain" "$all" "$own"
[ "$plain" -eq 0 ] && [ "$all" -eq 0 ] && [ "$own" -gt 0 ]
