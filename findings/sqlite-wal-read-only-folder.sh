#!/usr/bin/env bash
# A SQLite database with a write-ahead log cannot be read in a folder that may only be read, and a copy of it loses rows silently.
#
# Expected: a database that was closed cleanly can be read wherever its file can be read; a failure shows when it is opened; a copy
# of the file holds what was committed, or is seen to be damaged.
# Seen with SQLite 3.40 (Debian 12) and 3.54: in a folder without write permission opening succeeds and the first SELECT fails
# with "attempt to write a readonly database" or "unable to open database file", because the index of the log has to be made beside
# the file. `immutable=1` reads it. A file that was copied without its `-wal` opens, passes `PRAGMA integrity_check`, and lacks
# every row since the last checkpoint.
#
# In SkyBackup: whether the history can be used is judged by the first read, not by opening it; a folder that may only be read is
# no damage (`src/ledger/error.rs`); an export is made by VACUUM INTO, never by copying (`src/ledger/file.rs`).
# Needs: python3 of Debian with its own sqlite3 module, and for root setpriv (Debian: util-linux), as root may write anywhere.
set -euo pipefail

python=/usr/bin/python3
[ -x "$python" ] || { echo "$python is missing" >&2; exit 2; }
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
chmod 755 "$folder"
as_user=()
if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null || { echo "setpriv is missing" >&2; exit 2; }
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi

"$python" - "$folder" <<'PYTHON'
import os, shutil, sqlite3, sys
folder = sys.argv[1]
os.mkdir(f"{folder}/closed")
db = sqlite3.connect(f"{folder}/closed/a.db", isolation_level=None)
db.execute("PRAGMA journal_mode=WAL")
db.execute("CREATE TABLE t (a)")
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
db.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(100)])
# The log is not written back yet.
shutil.copy(f"{folder}/closed/a.db", f"{folder}/copy.db")
db.close()
os.chmod(f"{folder}/closed/a.db", 0o644)
os.chmod(f"{folder}/closed", 0o555)
PYTHON

"${as_user[@]}" "$python" - "$folder" <<'PYTHON'
import sqlite3, sys
folder = sys.argv[1]
print("SQLite", sqlite3.sqlite_version)
def rows(uri):
    try:
        db = sqlite3.connect(uri, uri=True)
    except sqlite3.Error as error:
        return f"open failed: {error}"
    try:
        return db.execute("SELECT count(*) FROM t").fetchone()[0]
    except sqlite3.Error as error:
        return f"opened, the first SELECT failed: {error}"
plain = rows(f"file:{folder}/closed/a.db")
immutable = rows(f"file:{folder}/closed/a.db?immutable=1")
print("read-only folder:           ", plain)
print("the same, with immutable=1: ", immutable)
sys.exit(0 if str(plain).startswith("opened, the first") and immutable == 100 else 1)
PYTHON

"$python" - "$folder" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(f"{sys.argv[1]}/copy.db")
integrity = db.execute("PRAGMA integrity_check").fetchone()[0]
count = db.execute("SELECT count(*) FROM t").fetchone()[0]
print(f"copy without its log:        integrity {integrity}, {count} of 100 rows")
sys.exit(0 if integrity == "ok" and count == 0 else 1)
PYTHON
