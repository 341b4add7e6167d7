# The packages for Linux: .deb, AppImage and Flatpak. Sourced by scripts/package.

APP_ID=com.skybackup.SkyBackup
# What a Wayland session needs besides RUN_PACKAGES; an X11 session starts without.
WAYLAND_PACKAGES=(libwayland-client0 libwayland-egl1 libxkbcommon0)
# The only runtime for AppImages that a registry has, and its checksum.
APPIMAGE_CRATE=appimage-0.4.0
APPIMAGE_RUNTIME_SHA256=328e0d745c5c6817048c27bc3e8314871703f8f47ffa81a37cb06cd95a94b323
# Of the user who tries the packages in the empty Debian.
USER_ID=1000

# Lays out below PREFIX what every Linux package holds; EXEC is how a menu starts the program.
linux_files() {
    local prefix=$1 exec=$2 size
    install -Dm755 "$linux_binary" "$prefix/bin/skybackup"
    install -Dm644 "assets/linux/$APP_ID.metainfo.xml" -t "$prefix/share/metainfo"
    install -Dm644 "assets/linux/$APP_ID.desktop" -t "$prefix/share/applications"
    sed -i "s#^Exec=.*#Exec=$exec#" "$prefix/share/applications/$APP_ID.desktop"
    install -Dm644 assets/icon.svg "$prefix/share/icons/hicolor/scalable/apps/$APP_ID.svg"
    for size in 16 22 24 32 48 64 128 256 512; do
        install -Dm644 "$out/icons/$size.png" "$prefix/share/icons/hicolor/${size}x$size/apps/$APP_ID.png"
    done
    install -d "$prefix/share/doc/skybackup"
    gzip -9nc "$(licences x86_64-unknown-linux-gnu)" >"$prefix/share/doc/skybackup/licences.txt.gz"
}

check_linux_files() {
    install_packages desktop-file-utils appstream
    local prefix=$1
    desktop-file-validate "$prefix/share/applications/$APP_ID.desktop"
    appstreamcli validate --no-net "$prefix/share/metainfo/$APP_ID.metainfo.xml"
    grep -q "<release version=\"$version\"" "$prefix/share/metainfo/$APP_ID.metainfo.xml" ||
        fail "assets/linux/$APP_ID.metainfo.xml does not name the release $version"
}

# ---- .deb ----

package_deb() {
    install_packages dpkg-dev lintian binutils xz-utils
    build_linux
    local root="$out/deb" deb="$out/skybackup_${version}_amd64.deb" needed
    rm -rf "$root"
    linux_files "$root/usr" /usr/bin/skybackup
    check_linux_files "$root/usr"
    { cat packaging/linux/copyright && sed -e '1,2d' -e 's/^$/./' -e 's/^/ /' LICENSE-MIT; } >"$root/usr/share/doc/skybackup/copyright"
    printf 'skybackup (%s) stable; urgency=medium\n\n  * See docs/CHANGELOG.md of the source.\n\n -- %s  %s\n' \
        "$version" "$MAINTAINER" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" |
        gzip -9n >"$root/usr/share/doc/skybackup/changelog.gz"
    # What the program is linked with is found; what it loads at run time is not.
    needed="$(linked_packages), $(printf '%s, ' "${RUN_PACKAGES[@]}" "${WAYLAND_PACKAGES[@]}")"
    install -d "$root/DEBIAN"
    sed -e "s/@VERSION@/$version/" -e "s/@MAINTAINER@/$MAINTAINER/" -e "s/@SIZE@/$(du -sk "$root/usr" | cut -f1)/" \
        -e "s/@DEPENDS@/${needed%, }/" packaging/linux/control >"$root/DEBIAN/control"
    (cd "$root" && find usr -type f -exec md5sum {} +) >"$root/DEBIAN/md5sums"
    build_deb "$root" "$deb"
    lintian --fail-on error,warning --suppress-tags no-manual-page "$deb"
    try_deb "$deb"
    made "$deb" 10
}

# Compressed as dpkg-deb cannot: xz is told of the jumps of this processor, and looks back over the whole program.
build_deb() {
    local folder part
    folder=$(mktemp -d)
    dpkg-deb --root-owner-group -Znone --build "$1" "$folder/loose.deb"
    ar x --output "$folder" "$folder/loose.deb"
    for part in control data; do xz --x86 --lzma2=preset=9e,dict=64MiB -T1 "$folder/$part.tar"; done
    # In this order.
    rm -f "$2"
    (cd "$folder" && ar rcDS "$2" debian-binary control.tar.xz data.tar.xz)
    rm -rf "$folder"
}

# The libraries that the program is linked with, with the versions it asks for: `libc6 (>= 2.35), libgcc-s1 (>= 4.2)`.
linked_packages() {
    local folder
    folder=$(mktemp -d)
    mkdir "$folder/debian"
    printf 'Source: skybackup\n\nPackage: skybackup\nArchitecture: amd64\n' >"$folder/debian/control"
    cp "$linux_binary" "$folder/skybackup"
    (cd "$folder" && dpkg-shlibdeps -O skybackup) | sed 's/^shlibs:Depends=//'
    rm -rf "$folder"
}

# Installs it in an empty Debian, opens the window as an ordinary user, and removes it.
try_deb() {
    local before after
    if ! can_chroot; then
        tried="not tried: that needs root"
        return 0
    fi
    need_debian
    cp "$1" "$debian/tmp/skybackup.deb"
    before=$(debian_state)
    in_debian 0 apt-get install -y -qq --no-install-recommends /tmp/skybackup.deb >"$out/deb-install.log" 2>&1 || fail "see $out/deb-install.log"
    opens_window "$out/deb.png" in_debian "$USER_ID" /usr/bin/skybackup --demo
    in_debian 0 apt-get purge -y -qq --auto-remove skybackup >>"$out/deb-install.log" 2>&1
    after=$(debian_state)
    say "What the removal of the .deb leaves behind"
    difference "$before" "$after"
    [ ! -e "$debian/usr/bin/skybackup" ] || fail "the program is still there after the removal"
    tried="installed in an empty Debian 12, window opened, removed"
}

# ---- an empty Debian 12 to try packages in ----

can_chroot() { [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; }

# Makes $debian: Debian 12 with nothing but what apt needs, a fresh copy each time.
need_debian() {
    local model="$out/debian-12"
    debian="$out/debian"
    install_packages debootstrap
    if [ ! -e "$model.whole" ]; then
        say "Making an empty Debian 12"
        rm -rf "$model"
        debootstrap --variant=minbase bookworm "$model" "$(debian_mirror)" >"$out/debootstrap.log"
        echo "user:x:$USER_ID:$USER_ID::/home/user:/bin/sh" >>"$model/etc/passwd"
        install -d -o "$USER_ID" -g "$USER_ID" -m 700 "$model/home/user"
        touch "$model.whole"
    fi
    # Nothing is mounted in it any more: what was ended with the command that needed it.
    rm -rf "$debian"
    cp -a "$model" "$debian"
    in_debian 0 apt-get update -qq
}

# Runs COMMAND in the empty Debian as this user id. /proc is there for its life only.
in_debian() {
    local user=$1 home=/root
    shift
    [ "$user" -eq 0 ] || home=/home/user
    unshare --mount sh -c 'root=$1 && shift && mount -t proc proc "$root/proc" && exec chroot "$@"' sh "$debian" \
        "--userspec=$user:$user" "$debian" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "HOME=$home" \
        "DISPLAY=${DISPLAY:-}" ${APPIMAGE_EXTRACT_AND_RUN:+APPIMAGE_EXTRACT_AND_RUN=1} DEBIAN_FRONTEND=noninteractive "$@"
}

# Every package, and every file that belongs to none, but for those of apt, of logs, of the kernel, and the hundreds of links that
# ca-certificates makes.
debian_state() {
    in_debian 0 dpkg-query -W -f 'package ${Package}\n'
    cat "$debian"/var/lib/dpkg/info/*.list >"$out/packaged"
    (cd "$debian" && find . \( -path ./proc -o -path ./tmp -o -path ./var/lib -o -path ./var/cache -o -path ./var/log -o -path ./etc/ssl/certs \) -prune -o -printf '/%P\n') |
        grep -vxFf "$out/packaged" | sort
}

# ---- AppImage ----

package_appimage() {
    install_packages squashfs-tools
    build_linux
    local root="$out/AppDir" appimage="$out/SkyBackup-$version-x86_64.AppImage"
    rm -rf "$root"
    linux_files "$root/usr" skybackup
    check_linux_files "$root/usr"
    install -m755 packaging/linux/AppRun "$root/AppRun"
    ln -s "usr/share/applications/$APP_ID.desktop" "$root/$APP_ID.desktop"
    cp "$out/icons/256.png" "$root/$APP_ID.png"
    ln -s "$APP_ID.png" "$root/.DirIcon"
    rm -f "$out/squashfs"
    # The runtime reads zlib and xz, and no other compression.
    mksquashfs "$root" "$out/squashfs" -root-owned -noappend -no-progress -quiet -comp xz -b 1M -Xbcj x86
    cat "$(appimage_runtime)" "$out/squashfs" >"$appimage"
    chmod +x "$appimage"
    try_appimage "$appimage"
    made "$appimage"
}

# The file that starts an AppImage, from the crate that holds it.
appimage_runtime() {
    local folder runtime
    folder=$(mktemp -d)
    printf '[package]\nname = "runtime"\n[lib]\npath = "lib.rs"\n[dependencies]\nappimage = "=%s"\n' "${APPIMAGE_CRATE#*-}" >"$folder/Cargo.toml"
    touch "$folder/lib.rs"
    cargo fetch --quiet --manifest-path "$folder/Cargo.toml" >&2
    rm -rf "$folder"
    runtime=("${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/"$APPIMAGE_CRATE"/assets/runtime-x86_64)
    printf '%s  %s\n' "$APPIMAGE_RUNTIME_SHA256" "${runtime[0]}" | sha256sum --check --quiet >&2
    printf '%s' "${runtime[0]}"
}

# Starts it without FUSE, as in a container: its version here, its window in the empty Debian.
try_appimage() {
    local appimage=$1 leftovers
    [ "$(APPIMAGE_EXTRACT_AND_RUN=1 "$appimage" --version)" = "skybackup $version" ] || fail "$appimage does not start"
    tried="started without FUSE"
    can_chroot || return 0
    need_debian
    install -m755 "$appimage" "$debian/tmp/SkyBackup.AppImage"
    in_debian 0 apt-get install -y -qq --no-install-recommends "${RUN_PACKAGES[@]}" >"$out/appimage-install.log" 2>&1 || fail "see $out/appimage-install.log"
    printf 'without FUSE and without the variable: %s\n' "$(in_debian "$USER_ID" /tmp/SkyBackup.AppImage --version 2>&1 | head -n 3 || true)"
    APPIMAGE_EXTRACT_AND_RUN=1 opens_window "$out/appimage.png" in_debian "$USER_ID" /tmp/SkyBackup.AppImage --demo
    leftovers=$(find "$debian/tmp" -name 'appimage_*' -printf '%P ')
    printf 'left in /tmp after the end: %s\n' "${leftovers:-nothing}"
    tried="window opened in Debian 12 without FUSE"
}

# ---- Flatpak ----

package_flatpak() {
    install_packages flatpak flatpak-builder dbus
    build_linux
    local folder="$out/flatpak" bundle="$out/SkyBackup-$version-x86_64.flatpak"
    if ! can_chroot; then
        printf 'no package: that needs root\n'
        return 0
    fi
    rm -rf "$folder"
    linux_files "$folder/files" skybackup
    check_linux_files "$folder/files"
    # appstream-compose is of the real runtime; Flathub makes its list itself.
    { cat "packaging/flatpak/$APP_ID.yml" && printf 'appstream-compose: false\n'; } >"$folder/$APP_ID.yml"
    export FLATPAK_USER_DIR="$folder/installed"
    install_runtime "$folder/runtime"
    flatpak-builder --user --disable-rofiles-fuse --state-dir="$folder/state" --repo="$folder/repo" "$folder/build" "$folder/$APP_ID.yml" >"$folder/build.log" 2>&1 ||
        fail "see $folder/build.log"
    flatpak build-bundle "$folder/repo" "$bundle" "$APP_ID" stable
    try_flatpak "$bundle"
    made "$bundle"
}

# Debian 12 in the place of the runtime of Flathub, which brings the same libraries and more. Nothing of it gets into the package.
install_runtime() {
    local folder=$1 name version
    version=$(sed -n "s/^runtime-version: '\(.*\)'/\1/p" "packaging/flatpak/$APP_ID.yml")
    need_debian
    in_debian 0 apt-get install -y -qq --no-install-recommends "${RUN_PACKAGES[@]}" "${WAYLAND_PACKAGES[@]}" >"$out/flatpak-install.log" 2>&1 || fail "see $out/flatpak-install.log"
    mkdir -p "$folder/files" "$folder/var"
    mv "$debian/usr" "$debian/etc" "$folder"
    mv "$folder/etc" "$folder/usr"
    for name in Platform Sdk; do
        printf '[Runtime]\nname=org.freedesktop.%s\nruntime=org.freedesktop.Platform/x86_64/%s\nsdk=org.freedesktop.Sdk/x86_64/%s\n' "$name" "$version" "$version" >"$folder/metadata"
        flatpak build-export --disable-fsync --runtime "$folder/repo" "$folder" "$version" >"$folder/export.log"
    done
    flatpak --user remote-add --no-gpg-verify here "$folder/repo"
    flatpak --user install -y --noninteractive here "org.freedesktop.Platform//$version" "org.freedesktop.Sdk//$version"
}

try_flatpak() {
    flatpak --user install -y --noninteractive --bundle "$1"
    # A session of its own, whose services end with it.
    install -d -m 700 "$out/flatpak/run" "$out/flatpak/home"
    opens_window "$out/flatpak.png" env XDG_RUNTIME_DIR="$out/flatpak/run" HOME="$out/flatpak/home" dbus-run-session -- flatpak run --user "$APP_ID" --demo
    flatpak --user uninstall -y --noninteractive "$APP_ID"
    printf 'left of it after the removal: %s\n' "$(find "$FLATPAK_USER_DIR" -iname '*skybackup*' -not -path '*/repo/*' -printf '%P ')"
    tried="window opened in its sandbox, on Debian 12 as the runtime; removed"
}
