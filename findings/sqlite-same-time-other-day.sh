#!/usr/bin/env bash
# SQLite gives one instant two days: as text it is cut to the second, as a number it is rounded up.
#
# Expected: date() and datetime() give an instant the same day and second, whether it is written as text or as seconds since 1970, and all
# versions of the last years agree.
# Seen: 2026-08-21T23:59:59.9996Z is 2026-08-21 as text, and as a number of seconds 2026-08-22 00:00:00; divided as integers it is the 21st.
# In SQLite 3.40.1 it is also the 22nd by way of julianday(), and unixepoch() of the text is a second later than datetime() of it; in
# 3.54.1 these two agree with the text. 2026-08-21T24:00:00Z is the 21st in 3.40.1 and the 22nd in 3.54.1.
# A text of a time, divided like a number, is 1970: SQLite takes its first digits.
# Versions: SQLite 3.40.1 (sqlite3 3.40.1-2+deb12u2, Debian 12), 3.54.1 (apsw 3.54.1.0, PyPI).
# Decision in SkyBackup: the ledger keeps integers (microseconds), and the query in docs/ledger.md divides them as integers and takes times that
# are text as they are; CSV for scripts has text, which SQLite cuts.
# Needs: the Debian package sqlite3, python3 with venv.
set -u
command -v sqlite3 >/dev/null || { echo "not tried: sqlite3 is missing"; exit 2; }
case "$(sqlite3 --version)" in 3.40.1\ *) ;; *) echo "not tried: sqlite3 is not 3.40.1"; exit 2 ;; esac
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q apsw==3.54.1.0 >/dev/null 2>&1 || { echo "could not install apsw"; exit 2; }

cat >queries <<'SQL'
SELECT 'text', datetime('2026-08-21T23:59:59.9996Z');
SELECT 'number, / 1e6', datetime(1787356799999600 / 1e6, 'unixepoch');
SELECT 'number, / 1000000', datetime(1787356799999600 / 1000000, 'unixepoch');
SELECT 'text by julianday()', datetime(julianday('2026-08-21T23:59:59.9996Z'));
SELECT 'text by unixepoch()', datetime(unixepoch('2026-08-21T23:59:59.9996Z'), 'unixepoch');
SELECT '24:00', date('2026-08-21T24:00:00Z');
SELECT 'text / 1e6', datetime('2026-08-21T02:00:07' / 1e6, 'unixepoch');
SQL
cat >read.py <<'PYTHON'
import apsw

database = apsw.Connection(":memory:")
for query in open("queries"):
    print(apsw.sqlite_lib_version(), *next(database.execute(query)), sep=" | ")
PYTHON
{ sqlite3 -separator ' | ' :memory: <queries | sed 's/^/3.40.1 | /' && venv/bin/python read.py; } >seen || { echo "a query failed"; exit 2; }
cat >expected <<'EXPECTED'
3.40.1 | text | 2026-08-21 23:59:59
3.40.1 | number, / 1e6 | 2026-08-22 00:00:00
3.40.1 | number, / 1000000 | 2026-08-21 23:59:59
3.40.1 | text by julianday() | 2026-08-22 00:00:00
3.40.1 | text by unixepoch() | 2026-08-22 00:00:00
3.40.1 | 24:00 | 2026-08-21
3.40.1 | text / 1e6 | 1970-01-01 00:00:00
3.54.1 | text | 2026-08-21 23:59:59
3.54.1 | number, / 1e6 | 2026-08-22 00:00:00
3.54.1 | number, / 1000000 | 2026-08-21 23:59:59
3.54.1 | text by julianday() | 2026-08-21 23:59:59
3.54.1 | text by unixepoch() | 2026-08-21 23:59:59
3.54.1 | 24:00 | 2026-08-22
3.54.1 | text / 1e6 | 1970-01-01 00:00:00
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
