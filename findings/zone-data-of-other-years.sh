#!/usr/bin/env bash
# Libraries of the same day bring zone data of different years: the same instant in the same zone is another hour, from now on.
#
# Expected: the newest releases of libraries that bring zone data agree about times of the coming winter and summer; and about later years, for
# which the data have a rule.
# Seen: in America/Vancouver the clocks stayed in 2026 as they were in summer, and in Africa/Casablanca they were set back for good. DuckDB,
# pytz, moment-timezone and Python with the package tzdata know it; Polars and js-joda do not, so they are an hour off, all the year
# in Casablanca and each winter in Vancouver. pytz has no rule after 2037: Berlin has no summer from 2038 on.
# In 2026-12-15T12:00Z, 2027-07-14T22:30Z and 2038-07-14T22:30Z:
#
#   library            Vancouver   Casablanca   Berlin 2038
#   zoneinfo, tzdata   05:00       22:30        00:30
#   pandas             05:00       22:30        00:30
#   pytz               05:00       22:30        23:30
#   DuckDB             05:00       22:30        00:30
#   Polars             04:00       23:30        00:30
#   moment-timezone    05:00       22:30        00:30
#   js-joda            04:00       23:30        00:30
#
# Versions: tzdata 2026.6, pytz 2026.6, pandas 3.1.1, DuckDB 2.0.1, Polars 2.1.0 (PyPI); moment-timezone 0.6.6, @js-joda/core 6.3.2 with
# @js-joda/timezone 2.25.2 (npm).
# Decision in SkyBackup: a zone has the rules built in wherever it is chosen, also as that of the computer (src/domain/zone.rs), whose files
# may be of another year; files for scripts are in UTC, and schedules too.
# Needs: python3 with venv, node and npm.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 &&
    venv/bin/pip install -q tzdata==2026.6 pytz==2026.6 duckdb==2.0.1 pandas==3.1.1 polars==2.1.0 >/dev/null 2>&1 ||
    { echo "could not install tzdata, pytz, duckdb, pandas and polars"; exit 2; }
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --no-fund --no-audit moment-timezone@0.6.6 @js-joda/core@6.3.2 @js-joda/timezone@2.25.2 >/dev/null 2>&1 ||
    { echo "could not install moment-timezone and js-joda"; exit 2; }

cat >cases <<'CASES'
America/Vancouver 2026-12-15T12:00:00Z
Africa/Casablanca 2027-07-14T22:30:00Z
Europe/Berlin 2038-07-14T22:30:00Z
CASES
cat >read.py <<'PYTHON'
import datetime, zoneinfo, duckdb, pandas, polars, pytz

readers = {
    "zoneinfo": lambda at, zone: at.astimezone(zoneinfo.ZoneInfo(zone)).strftime("%H:%M"),
    "pandas": lambda at, zone: pandas.Timestamp(at).tz_convert(zone).strftime("%H:%M"),
    "pytz": lambda at, zone: at.astimezone(pytz.timezone(zone)).strftime("%H:%M"),
    "DuckDB": lambda at, zone: duckdb.execute("SELECT strftime(timezone(?, ?::TIMESTAMPTZ), '%H:%M')", [zone, at]).fetchall()[0][0],
    "Polars": lambda at, zone: polars.Series([at]).dt.convert_time_zone(zone).dt.strftime("%H:%M")[0],
}
for line in open("cases"):
    zone, text = line.split()
    for name, read in readers.items():
        print(f"{zone} {text} {name}: {read(datetime.datetime.fromisoformat(text.replace('Z', '+00:00')), zone)}")
PYTHON
cat >read.mjs <<'NODE'
import { readFileSync } from "node:fs";
import moment from "moment-timezone";
import { Instant, ZoneId } from "@js-joda/core";
import "@js-joda/timezone";

for (const line of readFileSync("cases", "utf8").trim().split("\n")) {
    const [zone, text] = line.split(" ");
    console.log(`${line} moment-timezone: ${moment(text).tz(zone).format("HH:mm")}`);
    console.log(`${line} js-joda: ${Instant.parse(text).atZone(ZoneId.of(zone)).toLocalTime()}`);
}
NODE
# Without a path Python takes the package tzdata and not the files of the system.
{ PYTHONTZPATH="" timeout 60 venv/bin/python -W ignore read.py && timeout 60 node read.mjs; } >seen || { echo "the zones could not be read"; exit 2; }
cat >expected <<'EXPECTED'
America/Vancouver 2026-12-15T12:00:00Z zoneinfo: 05:00
America/Vancouver 2026-12-15T12:00:00Z pandas: 05:00
America/Vancouver 2026-12-15T12:00:00Z pytz: 05:00
America/Vancouver 2026-12-15T12:00:00Z DuckDB: 05:00
America/Vancouver 2026-12-15T12:00:00Z Polars: 04:00
Africa/Casablanca 2027-07-14T22:30:00Z zoneinfo: 22:30
Africa/Casablanca 2027-07-14T22:30:00Z pandas: 22:30
Africa/Casablanca 2027-07-14T22:30:00Z pytz: 22:30
Africa/Casablanca 2027-07-14T22:30:00Z DuckDB: 22:30
Africa/Casablanca 2027-07-14T22:30:00Z Polars: 23:30
Europe/Berlin 2038-07-14T22:30:00Z zoneinfo: 00:30
Europe/Berlin 2038-07-14T22:30:00Z pandas: 00:30
Europe/Berlin 2038-07-14T22:30:00Z pytz: 23:30
Europe/Berlin 2038-07-14T22:30:00Z DuckDB: 00:30
Europe/Berlin 2038-07-14T22:30:00Z Polars: 00:30
America/Vancouver 2026-12-15T12:00:00Z moment-timezone: 05:00
America/Vancouver 2026-12-15T12:00:00Z js-joda: 04:00
Africa/Casablanca 2027-07-14T22:30:00Z moment-timezone: 22:30
Africa/Casablanca 2027-07-14T22:30:00Z js-joda: 23:30
Europe/Berlin 2038-07-14T22:30:00Z moment-timezone: 00:30
Europe/Berlin 2038-07-14T22:30:00Z js-joda: 00:30
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
