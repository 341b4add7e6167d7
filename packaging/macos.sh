# The package for macOS. Sourced by scripts/package.

# Makes the .dmg of a program built on macOS: of $binary, or of one built here. Elsewhere no program for macOS can be linked, so
# without $binary the layout is checked with a placeholder, and nothing is left in the folder of the packages.
package_dmg() {
    local program=$binary stage="$out/dmg" kind=aarch64
    if [ "$(uname -s)" = Darwin ] && [ -z "$program" ]; then
        cargo_dist
        program="$(target_dir)/dist/skybackup"
        check_paths "$program"
    fi
    rm -rf "$stage"
    if [ -z "$program" ]; then
        program="$out/placeholder"
        # How a program for 64-bit ARM begins, and nothing more.
        printf '\xcf\xfa\xed\xfe\x0c\x00\x00\x01\x00\x00\x00\x00\x02\x00\x00\x00' >"$program"
        kind=placeholder
    fi
    file "$program" | grep -q Mach-O || fail "$program is not a program for macOS"
    ! file "$program" | grep -q x86_64 || kind=x86_64
    app_folder "$program" "$stage/SkyBackup.app"
    # The window of the .dmg: pull one onto the other.
    ln -s /Applications "$stage/Applications"
    check_app "$stage/SkyBackup.app"
    if [ "$kind" = placeholder ]; then
        disk_image "$stage" "$out/placeholder.dmg"
        printf 'layout of the .app and the .dmg checked with a placeholder; give a program for macOS with --binary\n'
        rm "$out/placeholder.dmg"
        return 0
    fi
    local dmg="$out/SkyBackup-$version-$kind.dmg"
    disk_image "$stage" "$dmg"
    tried="layout checked; never started by this script"
    made "$dmg"
}

app_folder() {
    local program=$1 contents=$2/Contents
    install -d "$contents/MacOS" "$contents/Resources"
    install -m755 "$program" "$contents/MacOS/skybackup"
    sed "s/@VERSION@/$version/" packaging/macos/Info.plist >"$contents/Info.plist"
    printf 'APPL????' >"$contents/PkgInfo"
    install -m644 "$out/icons/skybackup.icns" "$contents/Resources/skybackup.icns"
    install -m644 "$(licences aarch64-apple-darwin)" "$contents/Resources/licences.txt"
    # An own signature, so that Apple silicon starts it; it is nobody's that Apple knows.
    ! command -v codesign >/dev/null || codesign --force --sign - "$2"
}

# Whether each file that Info.plist names is there, and each value is what macOS asks for.
check_app() {
    python3 - "$1" "$version" <<'PYTHON'
import pathlib, plistlib, sys

contents, version = pathlib.Path(sys.argv[1]) / "Contents", sys.argv[2]
info = plistlib.loads((contents / "Info.plist").read_bytes())
program = contents / "MacOS" / info["CFBundleExecutable"]
icon = contents / "Resources" / info["CFBundleIconFile"]
assert program.stat().st_mode & 0o111, "the program cannot be executed"
assert icon.read_bytes().startswith(b"icns"), "the icon is none"
assert info["CFBundleShortVersionString"] == info["CFBundleVersion"] == version, "another version"
assert info["CFBundlePackageType"] == "APPL" and info["CFBundleIdentifier"] == "com.skybackup.SkyBackup"
PYTHON
}

# hdiutil compresses; the image made elsewhere is a plain one that macOS opens as well.
disk_image() {
    rm -f "$2"
    if command -v hdiutil >/dev/null; then
        hdiutil create -quiet -volname SkyBackup -srcfolder "$1" -format ULFO "$2"
    else
        install_packages xorriso
        xorrisofs -quiet -hfsplus -D -l -r -dir-mode 0755 -V SkyBackup -o "$2" "$1"
        xorriso -indev "$2" -find / -type f 2>/dev/null | grep -q "'/SkyBackup.app/Contents/Info.plist'" || fail "$2 does not hold the application"
    fi
}
