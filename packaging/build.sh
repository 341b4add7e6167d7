# Builds the program of the packages: optimised, from the locked versions, and without a path of this computer in it.
# Sourced by scripts/package.

WINDOWS=x86_64-pc-windows-gnu

# Folders of this computer, and what stands for them in the program: one `FROM=TO` a line. Of two that fit, the later counts.
path_prefixes() {
    local folder
    printf '%s=\n' "$PWD/"
    printf '%s=/target\n' "$(absolute "$(target_dir)")"
    printf '%s=/rust\n' "$(rustc --print sysroot)"
    for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do printf '%s=/crates\n' "$folder"; done
}

# cargo rustc --profile dist, with ARGUMENTS.
cargo_dist() {
    local prefix commit rust=() c=()
    # The folder of the crates must be there to be named.
    cargo fetch --locked --quiet
    while read -r prefix; do
        rust+=("--remap-path-prefix=$prefix")
        c+=("-ffile-prefix-map=$prefix")
    done < <(path_prefixes)
    commit=$(git rev-parse --short=12 HEAD 2>/dev/null || true)
    # Flags in this variable may hold blanks; those of C may not, and neither may the folders.
    # Without the time of the packages: C code is built again wherever that changes.
    SKYBACKUP_COMMIT=$commit CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && printf '%s' "${rust[*]}") CFLAGS="${c[*]}" env -u SOURCE_DATE_EPOCH \
        cargo rustc --profile dist --locked --bin skybackup "$@"
}

# Fails when BINARY holds a path of this computer.
check_paths() {
    local binary=$1 from found words
    words=$(mktemp)
    # Searched as a file: grep ends at the first find, `strings` in front of it would fail, and with it the find.
    strings -a "$binary" >"$words"
    while IFS='=' read -r from _; do
        found=$(grep -F -m 1 -- "$from" "$words") && fail "$binary names a folder of this computer: ${found:0:300}"
    done < <(path_prefixes && printf '%s=\n' "${CARGO_HOME:-$HOME/.cargo}" "${RUSTUP_HOME:-$HOME/.rustup}")
    rm -f "$words"
    printf 'no path of this computer in %s, %s\n' "$binary" "$(megabytes "$binary")"
}

build_linux() {
    [ -z "${linux_binary:-}" ] || return 0
    say "Building for Linux"
    install_packages "${BUILD_PACKAGES[@]}" binutils
    # Of functions with the same instructions one stays. The linker that Rust brings along for Linux can do that.
    cargo_dist -- -C link-arg=-Wl,--icf=all
    linux_binary="$(target_dir)/dist/skybackup"
    check_paths "$linux_binary"
}

# What cargo needs to build for Windows.
need_windows_target() {
    install_packages "${BUILD_PACKAGES[@]}" binutils gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32
    if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$WINDOWS/lib" ]; then
        rustup target add "$WINDOWS" || fail "the standard library for Windows is missing, and rustup does not bring it"
    fi
    export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
}

build_windows() {
    [ -z "${windows_binary:-}" ] || return 0
    say "Building for Windows"
    need_windows_target
    local library
    cargo_dist --target "$WINDOWS"
    windows_binary="$(target_dir)/$WINDOWS/dist/skybackup.exe"
    check_paths "$windows_binary"
    # What Windows does not have would have to lie beside the program.
    library=$(x86_64-w64-mingw32-objdump -p "$windows_binary" | sed -n 's/.*DLL Name: //p' | grep -iE '^lib(gcc|stdc|winpthread)' || true)
    [ -z "$library" ] || fail "$windows_binary asks for $library"
}

# Where this computer gets its own packages, if it is Debian.
debian_mirror() {
    apt-get indextargets --format '$(REPO_URI)' |
        awk '/\/debian\/?$/ && mirror == "" { mirror = $0 } END { print mirror == "" ? "http://deb.debian.org/debian" : mirror }'
}
