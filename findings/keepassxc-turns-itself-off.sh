#!/usr/bin/env bash
# KeePassXC switches its Secret Service off for good when another one was there first.
#
# Expected: with "Enable KeePassXC Freedesktop.org Secret Service integration" chosen, KeePassXC takes the name org.freedesktop.secrets
# at any start at which it is free; at a start at which gnome-keyring has it, KeePassXC does without it and tries again the next time.
# Seen: at that one start it writes Enabled=false into its settings. From then on it is off, also when it is alone, and nothing says so.
# Versions: KeePassXC 2.7.4, gnome-keyring 42.1 (Debian 12).
# What depends on it: a user who kept the key in KeePassXC may suddenly find another keyring, or none. So SkyBackup names what it found
# ("No keyring service", "No keyring was found"), never deletes a profile over it, and offers to look again.
#
# Needs the Debian packages keepassxc, gnome-keyring and dbus.
set -euo pipefail
for program in keepassxc gnome-keyring-daemon dbus-daemon dbus-send; do
    command -v "$program" >/dev/null || { echo "not tried: $program is missing"; exit 2; }
done

folder="$(mktemp -d)"
started=()
end() {
    for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap end EXIT
export HOME="$folder" XDG_CONFIG_HOME="$folder/config" XDG_DATA_HOME="$folder/data" XDG_CACHE_HOME="$folder/cache"
export XDG_RUNTIME_DIR="$folder/run" QT_QPA_PLATFORM=offscreen
mkdir -m 700 "$XDG_RUNTIME_DIR"
mkdir -p "$XDG_CONFIG_HOME/keepassxc" "$XDG_DATA_HOME" "$XDG_CACHE_HOME"
settings="$XDG_CONFIG_HOME/keepassxc/keepassxc.ini"
printf '[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n\n[GUI]\nCheckForUpdates=false\n\n[FdoSecrets]\nEnabled=true\n' >"$settings"

# A bus that starts nothing by itself.
cat >"$folder/bus.conf" <<CONF
<busconfig><type>session</type><listen>unix:path=$XDG_RUNTIME_DIR/bus</listen><policy context="default"><allow send_destination="*"/>
<allow receive_sender="*"/><allow own="*"/></policy></busconfig>
CONF
export DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
dbus-daemon --nofork --config-file "$folder/bus.conf" 2>/dev/null &
started+=($!)

has_owner() {
    dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner "string:$1" 2>/dev/null |
        grep -q "boolean true"
}
wait_for() {
    for _ in $(seq 1 120); do
        "$@" && return 0
        sleep 0.25
    done
    echo "not tried: waited in vain for $*"
    exit 2
}

# Runs KeePassXC once; `serves` is `yes` where it took the name of the Secret Service.
run_keepassxc() {
    keepassxc >/dev/null 2>&1 &
    local id=$!
    started+=("$id")
    wait_for has_owner org.keepassxc.KeePassXC.MainWindow
    for _ in $(seq 1 20); do
        has_owner org.freedesktop.secrets && break
        sleep 0.25
    done
    if has_owner org.freedesktop.secrets; then serves=yes; else serves=no; fi
    kill "$id"
    wait "$id" 2>/dev/null || true
}

keepassxc --version
run_keepassxc
echo "alone, the first time: serves secrets: $serves"
grep -q '^Enabled=true' "$settings" || { echo "not tried: the setting is not kept even alone"; exit 2; }

gnome-keyring-daemon --foreground --components=secrets >/dev/null 2>&1 &
keyring=$!
started+=("$keyring")
wait_for has_owner org.freedesktop.secrets
run_keepassxc
kill "$keyring"
wait "$keyring" 2>/dev/null || true
kept="$(grep '^Enabled=' "$settings" || true)"
echo "after one start beside gnome-keyring: $kept"
run_keepassxc
echo "alone again: serves secrets: $serves"
[ "$kept" = "Enabled=false" ] && [ "$serves" = no ]
