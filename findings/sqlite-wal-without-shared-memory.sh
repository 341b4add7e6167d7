#!/usr/bin/env bash
# SQLite says that it has a write-ahead log where it can have none, and the connection is of no use afterwards.
#
# Expected: where files cannot be mapped into shared memory, `PRAGMA journal_mode=WAL` fails, or answers with the journal that stays
# in force, as its documents say of file systems that cannot have a log.
# Seen with SQLite 3.40 (Debian 12) on a folder that FUSE serves with direct input and output, as some network file systems do: it
# answers `wal`. Every statement after it fails with "disk I/O error" (SQLITE_IOERR_SHMMAP), also those that would go back to
# another journal, and so does every later connection, because the file says now that it has a log. A new connection that is alone
# with the file (`locking_mode=EXCLUSIVE`, before anything else) needs no shared memory and can end the log.
#
# In SkyBackup: the first read after the PRAGMA decides; where it fails, the file is opened anew with a rollback journal
# (`src/ledger/file.rs`), which `tests/ledger.rs` does on such a folder.
# Needs: python3 of Debian with its own sqlite3 module; fuse3 and the right to mount.
set -euo pipefail
cd "$(dirname "$0")"

python=/usr/bin/python3
[ -x "$python" ] || { echo "$python is missing" >&2; exit 2; }
command -v fusermount3 >/dev/null || { echo "fusermount3 is missing (Debian: fuse3)" >&2; exit 2; }
work=$(mktemp -d)
mkdir "$work/files" "$work/mounted"
"$python" ../tests/support/direct_folder.py "$work/files" "$work/mounted" &
served=$!
trap 'fusermount3 -u -z "$work/mounted" 2>/dev/null || true; wait "$served" || true; rm -rf "$work"' EXIT
until mountpoint -q "$work/mounted"; do
    kill -0 "$served" 2>/dev/null || { echo "nothing can be mounted here" >&2; exit 2; }
done

"$python" - "$work/mounted/a.db" <<'PYTHON'
import sqlite3, sys

def failure(db, statement):
    try:
        return f"worked: {db.execute(statement).fetchall()}"
    except sqlite3.Error as error:
        return str(error)

print("SQLite", sqlite3.sqlite_version)
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("CREATE TABLE t (a)")
said = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
print("PRAGMA journal_mode=WAL answers:", said)
after = [failure(db, "INSERT INTO t VALUES (1)"), failure(db, "PRAGMA journal_mode=DELETE")]
print("an insert, and going back:      ", ", ".join(after))
sys.exit(0 if (said, after) == ("wal", ["disk I/O error"] * 2) else 1)
PYTHON

"$python" - "$work/mounted/a.db" <<'PYTHON'
import sqlite3, sys
plain = sqlite3.connect(sys.argv[1], isolation_level=None)
try:
    later = plain.execute("SELECT * FROM t").fetchall()
except sqlite3.Error as error:
    later = str(error)
plain.close()
alone = sqlite3.connect(sys.argv[1], isolation_level=None)
alone.execute("PRAGMA locking_mode=EXCLUSIVE")
ended = alone.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
alone.execute("PRAGMA locking_mode=NORMAL")
alone.execute("INSERT INTO t VALUES (1)")
rows = sqlite3.connect(sys.argv[1]).execute("SELECT * FROM t").fetchall()
print("a later connection:             ", later)
print("one that is alone with the file:", ended, rows)
sys.exit(0 if (later, ended, rows) == ("disk I/O error", "delete", [(1,)]) else 1)
PYTHON
