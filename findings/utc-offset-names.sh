#!/usr/bin/env bash
# `UTC+02:00` as the name of a time zone is two hours east to some programs and two hours west to others, and none of them says so.
#
# Expected: whoever gives a program `UTC+02:00`, as in the header of a column of times, gets two hours east of UTC, or is refused.
# Seen: noon in `UTC+02:00` is 10:00 in UTC for pandas and DuckDB, and 14:00 for R and GNU date, which take the name for a rule of POSIX, with
# the sign the other way round. Polars refuses it. `Etc/GMT-2`, the name that looks wrong, is 10:00 for all five.
# Versions: R 4.2.2, coreutils 9.1 (Debian 12); pandas 3.1.1, DuckDB 2.0.1, Polars 2.1.0 (PyPI).
# Decision in SkyBackup: files for scripts are in UTC; a header of the file for Excel names an IANA zone wherever the zone has a name, and
# docs/exports.md says what to write in place of an offset.
# Needs: python3 with venv, and the Debian packages r-base-core and tzdata.
set -u
command -v Rscript >/dev/null || { echo "not tried: Rscript is missing"; exit 2; }
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q duckdb==2.0.1 pandas==3.1.1 polars==2.1.0 >/dev/null 2>&1 ||
    { echo "could not install duckdb, pandas and polars"; exit 2; }

cat >read.py <<'PYTHON'
import sys, duckdb, pandas, polars

zone = sys.argv[1]
noon = "2026-08-01 12:00:00"

def polars_read():
    local = polars.Series([noon]).str.to_datetime().dt.replace_time_zone(zone)
    return local.dt.convert_time_zone("UTC")[0]

def duckdb_read():
    duckdb.sql("SET TimeZone = 'UTC'")
    return duckdb.sql(f"SELECT timezone('UTC', timezone('{zone}', TIMESTAMP '{noon}'))").fetchall()[0][0]

reads = {
    "pandas": lambda: pandas.Timestamp(noon).tz_localize(zone).tz_convert("UTC"),
    "DuckDB": duckdb_read,
    "Polars": polars_read,
}
for name, read in reads.items():
    try:
        print(f"{zone} {name}: {read():%H:%M}")
    except Exception:
        print(f"{zone} {name}: refused")
PYTHON

for zone in UTC+02:00 Etc/GMT-2; do
    timeout 60 venv/bin/python -W ignore read.py "$zone" || exit 2
    timeout 60 Rscript -e "cat('$zone R: ', format(as.POSIXct('2026-08-01 12:00:00', tz='$zone'), tz='UTC', format='%H:%M'), '\n', sep='')" ||
        exit 2
    printf '%s GNU date: %s\n' "$zone" "$(TZ=UTC date -d "TZ=\"$zone\" 2026-08-01 12:00:00" +%H:%M)"
done >seen
cat >expected <<'EXPECTED'
UTC+02:00 pandas: 10:00
UTC+02:00 DuckDB: 10:00
UTC+02:00 Polars: refused
UTC+02:00 R: 14:00
UTC+02:00 GNU date: 14:00
Etc/GMT-2 pandas: 10:00
Etc/GMT-2 DuckDB: 10:00
Etc/GMT-2 Polars: 10:00
Etc/GMT-2 R: 10:00
Etc/GMT-2 GNU date: 10:00
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
