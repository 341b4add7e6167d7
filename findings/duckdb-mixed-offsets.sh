#!/usr/bin/env bash
# One time with an offset turns a whole column of local times into moments of the reader's own zone in DuckDB.
#
# Expected: in a column of local times without offset, of which those of the repeated hour carry one, DuckDB sees that the two forms do not
# go together and leaves the column text, as pandas and Polars do.
# Seen: without an offset the column is TIMESTAMP; one offset in it makes it TIMESTAMP WITH TIME ZONE, without a word. The bare times are then
# taken in the zone of the computer that reads (its setting TimeZone), whatever the header says. Times of Berlin read on a computer in UTC are
# an hour or two late, out of order, and 01:30 and the second 02:30, two hours apart, become the same moment. In Berlin itself all is right.
# Versions: DuckDB 2.0.1, pandas 3.1.1, Polars 2.1.0 (PyPI).
# Decision in SkyBackup: files for scripts have RFC 3339 times in UTC, each complete in itself; only files for Excel have local times, with
# their zone in the header (docs/exports.md names the setting that DuckDB needs).
# Needs: python3 with venv.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q duckdb==2.0.1 pandas==3.1.1 polars==2.1.0 >/dev/null 2>&1 ||
    { echo "could not install duckdb, pandas and polars"; exit 2; }

printf 'Started (Europe/Berlin)\n2026-10-25 01:30:00\n2026-10-25 03:30:00\n' >bare.csv
printf 'Started (Europe/Berlin)\n2026-10-25 01:30:00\n2026-10-25 02:30:00+02:00\n2026-10-25 02:30:00+01:00\n2026-10-25 03:30:00\n' >mixed.csv

cat >read.py <<'PYTHON'
import duckdb, pandas, polars

def moments():
    rows = duckdb.sql('SELECT strftime("Started (Europe/Berlin)" AT TIME ZONE \'UTC\', \'%H:%M\') FROM read_csv(\'mixed.csv\')').fetchall()
    return " ".join(row[0] for row in rows)

for name in ["bare.csv", "mixed.csv"]:
    print(f"{name}: {duckdb.sql(f'FROM read_csv({name!r})').types[0]}")
for zone in ["UTC", "Europe/Berlin"]:
    duckdb.sql(f"SET TimeZone = '{zone}'")
    print(f"read in {zone}: {moments()} UTC")
print("pandas:", pandas.read_csv("mixed.csv", parse_dates=[0]).dtypes.iloc[0])
print("Polars:", polars.read_csv("mixed.csv", try_parse_dates=True).dtypes[0])
PYTHON
timeout 120 venv/bin/python -W ignore read.py >seen || { echo "the files could not be read"; exit 2; }
cat >expected <<'EXPECTED'
bare.csv: TIMESTAMP
mixed.csv: TIMESTAMP WITH TIME ZONE
read in UTC: 01:30 00:30 01:30 03:30 UTC
read in Europe/Berlin: 23:30 00:30 01:30 02:30 UTC
pandas: str
Polars: String
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
