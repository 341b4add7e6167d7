#!/usr/bin/env bash
# DuckDB and pandas turn JSON strings into dates and numbers, and another value of the same kind in the file decides otherwise.
#
# Expected: JSON tells strings from numbers, so what is in quotes stays a string: the GTID "0-1-1", the id "00123".
# Seen: DuckDB makes a column DATE if each string in it can be read as one, by whatever order of day, month and year fits all: the GTIDs
# "0-1-1" and "0-1-12" are 2000-01-01 and 2000-01-12, "10-11-2024" is 2024-11-10. With "0-1-685" in the same column all stay text, so that
# one query works in one week and not in the next. Naming the format in use elsewhere, %Y-%m-%d, makes them dates of the year 0;
# one that no value has, %d.%m.%Y, keeps them text, and times still become TIMESTAMP WITH TIME ZONE.
# pandas makes a column of strings of digits numbers (ids lose their zeros, "1e5" is 100000.0), and one becomes times by the
# name of its field: start_time does and first_seen, with the same text, does not; with dtype=False all stay text. Polars changes nothing.
# Versions: DuckDB 2.0.1, pandas 3.1.1, Polars 2.1.0 (PyPI).
# Decision in SkyBackup: JSON keeps ids and GTIDs as the strings they came as; docs/exports.md names the options that keep them in each reader.
# Needs: python3 with venv.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q duckdb==2.0.1 pandas==3.1.1 polars==2.1.0 >/dev/null 2>&1 ||
    { echo "could not install duckdb, pandas and polars"; exit 2; }

cat >read.py <<'PYTHON'
import json, duckdb, pandas, polars

duckdb.sql("SET TimeZone = 'UTC'")

def read(name, values, options=""):
    json.dump([{name: value} for value in values], open("rows.json", "w"))
    rows = duckdb.sql(f"SELECT {name}::VARCHAR FROM read_json('rows.json'{options})").fetchall()
    kind = duckdb.sql(f"FROM read_json('rows.json'{options})").types[0]
    return f"DuckDB {kind} {' '.join(row[0] for row in rows)}"

def read_others(name, values):
    read(name, values)
    frame = pandas.read_json("rows.json")
    kept = pandas.read_json("rows.json", dtype=False)[name]
    columns = [("pandas", frame[name], frame[name].dtype), ("with dtype=False", kept, kept.dtype), ("Polars", (table := polars.read_json("rows.json"))[name], table.dtypes[0])]
    return " | ".join(f"{who} {kind} {' '.join(str(value).replace(' ', 'T') for value in column)}" for who, column, kind in columns)

for values in [("0-1-1", "0-1-12"), ("0-1-1", "0-1-685"), ("10-11-2024", "10-12-2024"), ("0-1-1", "10-11-2024")]:
    print("GTIDs", *values, "|", read("gtid", values))
for wanted in ["%Y-%m-%d", "%d.%m.%Y"]:
    print("GTIDs with", wanted, "|", read("gtid", ("0-1-1", "0-1-12"), f", dateformat='{wanted}'"))
    print("times with", wanted, "|", read("start_time", ["2026-08-21T02:00:07Z", "2026-08-21T02:00:07.5Z"], f", dateformat='{wanted}'"))
for name, values in [("gtid", ["0-1-1"]), ("id", ["00123"]), ("service", ["1e5"]), ("start_time", ["2026-08-21T02:00:07Z"]), ("first_seen", ["2026-08-21T02:00:07Z"])]:
    print(name, *values, "|", read_others(name, values))
PYTHON
timeout 120 venv/bin/python -W ignore read.py >seen || { echo "the files could not be read"; exit 2; }
cat >expected <<'EXPECTED'
GTIDs 0-1-1 0-1-12 | DuckDB DATE 2000-01-01 2000-01-12
GTIDs 0-1-1 0-1-685 | DuckDB VARCHAR 0-1-1 0-1-685
GTIDs 10-11-2024 10-12-2024 | DuckDB DATE 2024-11-10 2024-12-10
GTIDs 0-1-1 10-11-2024 | DuckDB VARCHAR 0-1-1 10-11-2024
GTIDs with %Y-%m-%d | DuckDB DATE 0001-01-01 (BC) 0001-01-12 (BC)
times with %Y-%m-%d | DuckDB TIMESTAMP WITH TIME ZONE 2026-08-21 02:00:07+00 2026-08-21 02:00:07.5+00
GTIDs with %d.%m.%Y | DuckDB VARCHAR 0-1-1 0-1-12
times with %d.%m.%Y | DuckDB TIMESTAMP WITH TIME ZONE 2026-08-21 02:00:07+00 2026-08-21 02:00:07.5+00
gtid 0-1-1 | pandas str 0-1-1 | with dtype=False str 0-1-1 | Polars String 0-1-1
id 00123 | pandas int64 123 | with dtype=False str 00123 | Polars String 00123
service 1e5 | pandas float64 100000.0 | with dtype=False str 1e5 | Polars String 1e5
start_time 2026-08-21T02:00:07Z | pandas datetime64[us, UTC] 2026-08-21T02:00:07+00:00 | with dtype=False str 2026-08-21T02:00:07Z | Polars String 2026-08-21T02:00:07Z
first_seen 2026-08-21T02:00:07Z | pandas str 2026-08-21T02:00:07Z | with dtype=False str 2026-08-21T02:00:07Z | Polars String 2026-08-21T02:00:07Z
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
