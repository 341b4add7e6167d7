#!/usr/bin/env bash
# Two starts of one AppImage without FUSE share a folder that anybody can foresee, and the first to end removes it under the other.
#
# Expected: `APPIMAGE_EXTRACT_AND_RUN=1`, the documented way to start an AppImage where FUSE is missing, unpacks into a new folder
# of its own, as `mktemp -d` makes it, and removes that one.
# Seen: the folder is always /tmp/appimage_extracted_<hash>; the hash is the same for every start and for every copy of the file.
# (1) What is there already is kept if only its size matches: a program that another user put there is run in place of the one in
#     the AppImage, with exit code 0.
# (2) A second start uses the folder of the first. When the first ends it removes the folder, and the second finds its files gone.
# TMPDIR is followed, so with a private folder only the second point is left.
# Versions: the runtime in the crate appimage 0.4.0 (the only one that a registry has); squashfs-tools 4.5.1 (Debian 12).
# Decision in SkyBackup: docs/packaging.md names TMPDIR together with the variable, and the program needs none of its files once it
# runs: fonts, icons and time zones are inside.
# Needs: cargo, and the Debian package squashfs-tools. As root the planted program belongs to nobody, otherwise to yourself.
set -u
command -v mksquashfs >/dev/null && command -v cargo >/dev/null || { echo "not tried: mksquashfs or cargo is missing"; exit 2; }
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

printf '[package]\nname = "runtime"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[dependencies]\nappimage = "=0.4.0"\n' >Cargo.toml
touch lib.rs
cargo vendor --quiet >/dev/null 2>&1 || { echo "could not get the crate appimage"; exit 2; }

mkdir app tmp
cat >app/AppRun <<'SCRIPT'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
[ "$1" = wait ] || { echo "the program of the AppImage"; exit; }
touch "$2.started"
read -r _ <"$2"
cat "$here/file" 2>/dev/null || echo "the file is gone"
SCRIPT
chmod +x app/AppRun
echo "the file is there" >app/file
mksquashfs app image -root-owned -noappend -quiet -no-progress -comp xz >/dev/null || exit 2
cat vendor/appimage/assets/runtime-x86_64 image >app.AppImage
chmod +x app.AppImage
# A /tmp of this script's own.
export APPIMAGE_EXTRACT_AND_RUN=1 TMPDIR=$folder/tmp

start() {
    mkfifo "$1"
    timeout 60 ./app.AppImage wait "$1" >"$1.said" 2>/dev/null &
    for _ in $(seq 100); do [ -e "$1.started" ] && return; sleep 0.1; done
    echo "the AppImage did not start"
    exit 2
}

start first
unpacked=$(echo tmp/appimage_extracted_*)
start second
echo >first
wait %1
echo >second
wait

mkdir "$unpacked"
printf '#!/bin/sh\necho "a planted program"\n' >"$unpacked/AppRun"
truncate -s "$(stat -c %s app/AppRun)" "$unpacked/AppRun"
chmod 755 "$unpacked" "$unpacked/AppRun"
[ "$(id -u)" -ne 0 ] || chown -R nobody: "$unpacked"
timeout 60 ./app.AppImage >planted 2>/dev/null

seen="first: $(cat first.said); second: $(cat second.said); with a folder that was there: $(tail -n 1 planted)"
echo "$seen"
if [ "$seen" = "first: the file is there; second: the file is gone; with a folder that was there: a planted program" ]; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
