# The packages for Windows: .msi and setup.exe. Sourced by scripts/package.

# ---- .msi: for all users of a computer, by an administrator ----

package_msi() {
    install_packages wixl msitools
    build_windows
    windows_files
    local msi="$out/SkyBackup-$version-x64.msi"
    make_msi "$version" "$msi"
    check_msi "$msi"
    try_msi "$msi"
    made "$msi"
}

# wixl takes source files from where it runs.
make_msi() { (cd "$out/windows" && wixl --arch x64 -D "Version=$1" --output "$2" skybackup.wxs); }

# What wixl ignores in silence: a 64-bit package, with 64-bit components.
check_msi() {
    local attributes
    msiinfo suminfo "$1" | grep -q 'x64' || fail "$1 is not made for 64 bits"
    # 256 in the attributes of a component: 64-bit.
    while read -r attributes; do
        [ $((attributes & 256)) -ne 0 ] || fail "$1 has a component for 32 bits"
    done < <(msiinfo export "$1" Component | tr -d '\r' | tail -n +4 | cut -f 4)
}

# Updates an older version, refuses to go back to it, and removes what is there.
try_msi() {
    need_wine || return 0
    local folder="$WINEPREFIX/drive_c/Program Files/SkyBackup"
    make_msi 0.0.1 "$WINEPREFIX/drive_c/older.msi"
    cp "$1" "$WINEPREFIX/drive_c/skybackup.msi"
    before=$(wine_state)
    in_wine msiexec /i 'C:\older.msi' /qn
    in_wine msiexec /i 'C:\skybackup.msi' /qn
    [ "$(wine_state | grep -c DisplayVersion)" -eq 1 ] || fail "the older version is still listed beside the newer"
    ! in_wine msiexec /i 'C:\older.msi' /qn || fail "the older version replaced the newer"
    starts_in_wine 'C:\Program Files\SkyBackup\skybackup.exe'
    in_wine msiexec /x 'C:\skybackup.msi' /qn
    [ ! -e "$folder" ] || fail "the removal leaves $folder"
    leftovers_in_wine "the .msi"
    tried="updated from an older version, window opened, removed, under Wine"
}

# ---- setup.exe: for one user, without an administrator ----

package_setup() {
    install_packages nsis
    build_windows
    windows_files
    local setup="$out/SkyBackup-$version-x64-setup.exe"
    (cd "$out/windows" && makensis -V2 -INPUTCHARSET UTF8 "-DVERSION=$version" "-DOUTPUT=$setup" \
        "-DSIZE_KB=$(du -sk --apparent-size files | cut -f 1)" setup.nsi)
    file "$setup" | grep -q 'x86-64' || fail "$setup is not a program for 64 bits"
    try_setup "$setup"
    made "$setup" 10
}

try_setup() {
    need_wine || return 0
    local folder program
    cp "$1" "$WINEPREFIX/drive_c/setup.exe"
    before=$(wine_state)
    in_wine 'C:\setup.exe' /S
    folder=$(in_wine cmd /c 'echo %LOCALAPPDATA%\Programs\SkyBackup' | tr -d '\r')
    while_open=refuses_while_open starts_in_wine "$folder\\skybackup.exe"
    # Over itself, as an update is.
    in_wine 'C:\setup.exe' /S
    in_wine "$folder\\uninstall.exe" /S "_?=$folder"
    program=$(in_wine winepath -u "$folder" | tr -d '\r')
    # Told to stay in its folder so that it can be waited for, it cannot remove itself.
    rm -f "$program/uninstall.exe" && rmdir "$program" || fail "the removal leaves $(ls "$program")"
    leftovers_in_wine "setup.exe"
    tried="installed, window opened, installed over itself, removed, all silent under Wine"
}

# Nothing is overwritten while the program runs, and the exit code tells.
refuses_while_open() {
    local status=0
    in_wine 'C:\setup.exe' /S || status=$?
    [ "$status" -eq 2 ] || fail "setup ends with $status while the program is open"
}

# ---- both ----

# What is installed, beside the descriptions of the packages.
windows_files() {
    local files="$out/windows/files" word
    rm -rf "$out/windows"
    install -Dm755 "$windows_binary" "$files/skybackup.exe"
    sed 's/$/\r/' "$(licences "$WINDOWS")" >"$files/licences.txt"
    for word in activeCodePage PerMonitorV2 longPathAware; do
        grep -q -a "$word" "$files/skybackup.exe" || fail "the manifest of $files/skybackup.exe lacks $word"
    done
    strings -a -el "$files/skybackup.exe" | grep -A 1 -x ProductVersion | grep -q -x -F "$version" || fail "$files/skybackup.exe has another version"
    cp assets/icon.ico "$out/windows/skybackup.ico"
    cp packaging/windows/skybackup.wxs packaging/windows/setup.nsi "$out/windows"
}

# A fresh Windows of Wine, which puts nothing into the menus of this computer. Version 8 lacks a function of the Windows that Rust asks for; a library of that name gives it.
need_wine() {
    install_packages wine wine64
    command -v wineserver >/dev/null || PATH="$PATH:/usr/lib/wine"
    export WINEPREFIX="$out/wine" WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe=;bcryptprimitives=n"
    if ! command -v wine64 >/dev/null && [ ! -x /usr/lib/wine/wine64 ]; then
        tried="not tried: Wine is missing"
        return 1
    fi
    say "Making a Windows of Wine"
    rm -rf "$WINEPREFIX"
    in_wine wineboot --init
    x86_64-w64-mingw32-gcc -shared -O1 -s -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" packaging/windows/wine.c -ladvapi32
    wineserver -w
}

in_wine() { DISPLAY="${DISPLAY:-}" /usr/lib/wine/wine64 "$@" 2>/dev/null; }

starts_in_wine() {
    local said
    said=$(in_wine "$1" --version | tr -d '\r')
    [ "$said" = "skybackup $version" ] || fail "$1 --version says '$said'"
    # With OpenGL, because the Direct3D 12 of Wine ends the program on this display. The first program on a display makes its
    # desktop; one left over from before would have none.
    wineserver -w
    opens_window "$out/$package.png" in_wine "$1" --demo --renderer glow --data-dir 'C:\skybackup-data'
    rm -rf "$WINEPREFIX/drive_c/skybackup-data"
}

# Every file, every line of the registry that names SkyBackup, and the versions of programs to remove.
wine_state() {
    wineserver -w
    (cd "$WINEPREFIX" && find drive_c -not -path '*/Temp/*' | sort && grep -ihE 'skybackup' ./*.reg || true)
    in_wine reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s | grep DisplayVersion || true
}

leftovers_in_wine() {
    say "What the removal of $1 leaves behind"
    difference "$before" "$(wine_state)"
}
