# Shared by the scripts beside it: system packages and the Rust tools. Meant to be sourced by bash.

BUILD_PACKAGES=(gcc libc6-dev)
RUN_PACKAGES=(libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1 libegl1 libgl1-mesa-dri ca-certificates)
WINDOW_PACKAGES=(xvfb xdotool scrot dbus at-spi2-core python3 python3-gi gir1.2-atspi-2.0)
KEYRING_PACKAGES=(gnome-keyring)
SCAN_PACKAGES=(xclip)
# A test runs the command that "Copy as curl" copies.
TEST_PACKAGES=(curl)

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Installs those of the named Debian packages that are missing, with one apt-get call, or none.
install_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        printf 'note: this is not Debian or Ubuntu; please have the equivalents of: %s\n' "$*" >&2
        return 0
    fi
    local package missing=()
    for package in "$@"; do
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            missing+=("$package")
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "these packages are missing and neither root nor sudo is here: ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# Rust comes from rustup; cargo may be there without being on PATH yet.
need_cargo() {
    if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
        PATH="$HOME/.cargo/bin:$PATH"
    fi
    command -v cargo >/dev/null || fail "Rust is missing: install it from https://rustup.rs and run this again"
}

# Makes sure that `cargo NAME` works; tries rustup once.
need_component() {
    local name=$1 component=$2
    cargo "$name" --version >/dev/null 2>&1 && return 0
    if command -v rustup >/dev/null; then
        rustup component add "$component" || true
    fi
    cargo "$name" --version >/dev/null 2>&1 || fail "cargo $name is missing: run 'rustup component add $component'"
}

# Makes sure that `cargo NAME` works; where it is missing, it is built into the target directory.
need_tool() {
    local name=$1 version=$2 tools
    tools="$(realpath -m "$(target_dir)/tools")"
    PATH="$PATH:$tools/bin"
    command -v "cargo-$name" >/dev/null && return 0
    say "Building cargo-$name"
    cargo install --locked --root "$tools" --version "^$version" "cargo-$name" || fail "cargo-$name could not be built"
}

target_dir() { printf '%s' "${CARGO_TARGET_DIR:-target}"; }
