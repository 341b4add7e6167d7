#!/usr/bin/env bash
# A key that is deleted with Python's keyring is found again: an older one that another program had kept under the same names.
#
# Expected: after set_password and delete_password for a service and a username, get_password has nothing; and who stores a key under names
# that are taken replaces it, as "replace" of the Secret Service asks for.
# Seen: gnome-keyring replaces an item only where all attributes are the same. Python's keyring adds one ("application"), so beside an item
# with service and username alone there are two. It reads the newer one and deletes that alone, and then reads the older key. Nothing is said.
# Deleting a second time deletes the other program's item.
# Versions: keyring 25.7.0, SecretStorage 3.5.0 (PyPI), gnome-keyring 42.1 (Debian 12).
# Decision in SkyBackup: it searches for all items of its names before it reads or deletes; of several it asks which one to keep, and signing out
# deletes all of them (src/settings/keyring.rs).
# Needs: python3 with venv, and the Debian packages gnome-keyring and dbus.
set -u
for program in gnome-keyring-daemon dbus-daemon dbus-send; do
    command -v "$program" >/dev/null || { echo "not tried: $program is missing"; exit 2; }
done
folder=$(mktemp -d) || exit 2
started=()
end() {
    for id in "${started[@]}"; do kill "$id" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$folder"
}
trap end EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q keyring==25.7.0 SecretStorage==3.5.0 >/dev/null 2>&1 ||
    { echo "could not install keyring and SecretStorage"; exit 2; }

# A bus that starts nothing by itself, and a keyring of its own on it.
export HOME="$folder" XDG_CONFIG_HOME="$folder/config" XDG_DATA_HOME="$folder/data" XDG_CACHE_HOME="$folder/cache" XDG_RUNTIME_DIR="$folder/run"
mkdir -m 700 "$XDG_RUNTIME_DIR" "$XDG_DATA_HOME"
cat >bus.conf <<CONF
<busconfig><type>session</type><listen>unix:path=$XDG_RUNTIME_DIR/bus</listen><policy context="default"><allow send_destination="*"/>
<allow receive_sender="*"/><allow own="*"/></policy></busconfig>
CONF
export DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
dbus-daemon --nofork --config-file bus.conf 2>/dev/null &
started+=($!)
wait_for() {
    for _ in $(seq 1 120); do
        "$@" && return 0
        sleep 0.25
    done
    echo "not tried: waited in vain for $*"
    exit 2
}
has_keyring() {
    dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets/aliases/default org.freedesktop.DBus.Properties.Get \
        string:org.freedesktop.Secret.Collection string:Locked 2>/dev/null | grep -q "boolean false"
}
wait_for test -S "$XDG_RUNTIME_DIR/bus"
printf 'password' >password
gnome-keyring-daemon --foreground --unlock --components=secrets <password >/dev/null 2>&1 &
started+=($!)
wait_for has_keyring

cat >keys.py <<'PYTHON'
import time, secretstorage
from keyring.backends.SecretService import Keyring
from keyring.errors import PasswordDeleteError

names = {"service": "example", "username": "production"}
keyring, collection = Keyring(), secretstorage.get_default_collection(secretstorage.dbus_init())

def tell(what):
    print(f"{what}: {len(list(collection.search_items(names)))} items, read: {keyring.get_password(*names.values())}")
    # The keyring notes whole seconds, and they tell which item is newer.
    time.sleep(1.1)

collection.create_item("of another program", names, b"older key", replace=True)
tell("stored by another program")
collection.create_item("of another program", names, b"old key", replace=True)
tell("stored again by it")
keyring.set_password(*names.values(), "new key")
tell("stored by keyring")
for _ in range(3):
    try:
        keyring.delete_password(*names.values())
        tell("deleted by keyring")
    except PasswordDeleteError as error:
        print(f"deleted by keyring: {error}")
PYTHON
timeout 60 venv/bin/python -W ignore keys.py >seen || { echo "the keyring could not be used"; exit 2; }
cat >expected <<'EXPECTED'
stored by another program: 1 items, read: older key
stored again by it: 1 items, read: old key
stored by keyring: 2 items, read: new key
deleted by keyring: 1 items, read: old key
deleted by keyring: 0 items, read: None
deleted by keyring: No such password!
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
