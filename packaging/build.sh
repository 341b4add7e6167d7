# Builds the program of the packages: optimised, from the locked versions, and without a path of this computer in it.
# Sourced by scripts/package.

WINDOWS=x86_64-pc-windows-gnu

# Folders of this computer, and what stands for them in the program: one `FROM=TO` a line. Of two that fit, the later counts.
path_prefixes() {
    local folder
    printf '%s=\n' "$PWD/"
    printf '%s=/target\n' "$(absolute "$(target_dir)")"
    printf '%s=/rust\n' "$(rustc --print sysroot)"
    [ -z "${RUST_SRC:-}" ] || printf '%s=/rust\n' "$RUST_SRC"
    for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do printf '%s=/crates\n' "$folder"; done
}

# cargo build --profile dist, with ARGUMENTS.
cargo_dist() {
    local prefix rust=() c=()
    # The folder of the crates must be there to be named.
    cargo fetch --locked --quiet
    while read -r prefix; do
        rust+=("--remap-path-prefix=$prefix")
        c+=("-ffile-prefix-map=$prefix")
    done < <(path_prefixes)
    # Flags in this variable may hold blanks; those of C may not, and neither may the folders.
    CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && printf '%s' "${rust[*]}") CFLAGS="${c[*]}" \
        cargo build --profile dist --locked --bin skybackup "$@"
}

# Fails when BINARY holds a path of this computer.
check_paths() {
    local binary=$1 from found
    while IFS='=' read -r from _; do
        found=$(strings -a "$binary" | grep -F -m 3 -- "$from") && fail "$binary names a folder of this computer: $found"
    done < <(path_prefixes && printf '%s/=\n' "$HOME")
    printf 'no path of this computer in %s, %s\n' "$binary" "$(megabytes "$binary")"
}

build_linux() {
    [ -z "${linux_binary:-}" ] || return 0
    say "Building for Linux"
    install_packages "${BUILD_PACKAGES[@]}" binutils
    cargo_dist
    linux_binary="$(target_dir)/dist/skybackup"
    check_paths "$linux_binary"
}

build_windows() {
    [ -z "${windows_binary:-}" ] || return 0
    say "Building for Windows"
    install_packages "${BUILD_PACKAGES[@]}" binutils gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32
    local std=() library
    export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
    if ! has_windows_library; then
        RUST_SRC=$(rust_src)
        # Both are switches of the compiler that stable ones have, but keep shut.
        export RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT="$RUST_SRC/library"
        std=(-Zbuild-std=std,panic_abort)
    fi
    cargo_dist --target "$WINDOWS" "${std[@]}"
    unset RUSTC_BOOTSTRAP __CARGO_TESTS_ONLY_SRC_ROOT
    windows_binary="$(target_dir)/$WINDOWS/dist/skybackup.exe"
    check_paths "$windows_binary"
    # What Windows does not have would have to lie beside the program.
    library=$(x86_64-w64-mingw32-objdump -p "$windows_binary" | sed -n 's/.*DLL Name: //p' | grep -iE '^lib(gcc|stdc|winpthread)' || true)
    [ -z "$library" ] || fail "$windows_binary asks for $library"
}

# Whether the compiler has the standard library for Windows, or rustup can bring it.
has_windows_library() {
    [ -d "$(rustc --print sysroot)/lib/rustlib/$WINDOWS/lib" ] && return 0
    command -v rustup >/dev/null && timeout 300 rustup target add "$WINDOWS" >"$out/rustup.log" 2>&1
}

# Prints the folder with the source of the standard library. It must be of exactly this compiler. rustup has it; where that cannot
# download, the backports of the next Debian do.
rust_src() {
    local release folder view=() version
    release=$(rustc --version | cut -d ' ' -f 2)
    folder="$out/rust-src"
    if [ ! -d "$folder/usr/src/rustc-$release" ]; then
        rm -rf "$folder"
        mkdir -p "$folder/lists/partial" "$folder/cache"
        printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie-backports main\n' "$(debian_mirror)" >"$folder/sources.list"
        # A view of its own, so that nothing of that Debian is ever installed here.
        view=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache")
        apt-get update -qq "${view[@]}" >&2
        version=$(apt-cache madison rust-src "${view[@]}" | cut -d '|' -f 2 | tr -d ' ' | grep -m 1 "^$release+") ||
            fail "Debian has no rust-src $release: run 'rustup target add $WINDOWS' where rustup can download"
        (cd "$folder" && apt-get download -qq "rust-src=$version" "${view[@]}" >&2)
        dpkg -x "$folder"/rust-src_*.deb "$folder"
    fi
    printf '%s' "$folder/usr/src/rustc-$release"
}

# Where this computer gets its own packages, if it is Debian.
debian_mirror() {
    apt-get indextargets --format '$(REPO_URI)' | grep -m 1 -E '/debian/?$' || printf 'http://deb.debian.org/debian'
}
