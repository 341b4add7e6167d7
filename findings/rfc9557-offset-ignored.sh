#!/usr/bin/env bash
# Luxon and date-fns read a time with offset and zone (RFC 9557) and ignore the offset, also a Z.
#
# Expected: `2026-10-25T02:30:00+02:00[Europe/Berlin]` is 00:30 in UTC and the same with +01:00 is 01:30: in the hour that comes twice the offset
# tells which is meant. `2026-10-25T00:30:00Z[Europe/Berlin]` is 00:30 in UTC. A reader that does not know the zone in brackets refuses it.
# Seen: Luxon (fromISO) takes both for the same instant, which is 01:30 for a program that runs in winter and 00:30 for one that runs in summer;
# the one with Z is 22:30 of the day before, as if the Z were not there. date-fns (parseISO) takes the clock time as one of the computer that
# reads: 02:30, on a computer in UTC. Both say nothing. @js-temporal/polyfill, temporal-polyfill, js-joda and whenever are right; Date
# and @internationalized/date (of a Z) refuse it.
# Versions: luxon 3.7.2, date-fns 4.4.0, @js-temporal/polyfill 0.5.1, temporal-polyfill 1.0.8, @js-joda/core 6.3.2 with timezone 2.25.2,
# @internationalized/date 3.12.4 (npm); whenever 0.11.0 (PyPI).
# Decision in SkyBackup: files and copied times never carry a zone in brackets, though the time library at hand writes it: for scripts
# RFC 3339 in UTC, and beside other times the zone is in the header and the offset in the time (docs/exports.md).
# Needs: python3 with venv, node and npm.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q whenever==0.11.0 tzdata==2026.6 >/dev/null 2>&1 || { echo "could not install whenever"; exit 2; }
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --no-fund --no-audit luxon@3.7.2 date-fns@4.4.0 @js-temporal/polyfill@0.5.1 temporal-polyfill@1.0.8 @js-joda/core@6.3.2 \
    @js-joda/timezone@2.25.2 @internationalized/date@3.12.4 >/dev/null 2>&1 || { echo "could not install the libraries of npm"; exit 2; }

printf '2026-10-25T%s[Europe/Berlin]\n' 02:30:00+02:00 02:30:00+01:00 00:30:00Z >texts

cat >read.mjs <<'NODE'
import { readFileSync } from "node:fs";
import { DateTime, Settings } from "luxon";
import { parseISO } from "date-fns";
import { Temporal } from "@js-temporal/polyfill";
import { Temporal as SmallTemporal } from "temporal-polyfill";
import { ZonedDateTime } from "@js-joda/core";
import "@js-joda/timezone";
import { parseZonedDateTime } from "@internationalized/date";

const luxon = (now) => (text) => {
    Settings.now = () => now;
    return DateTime.fromISO(text, { setZone: true }).toMillis();
};
const readers = {
    "luxon in January": luxon(Date.UTC(2027, 0, 1)),
    "luxon in July": luxon(Date.UTC(2027, 6, 1)),
    "date-fns": (text) => parseISO(text).getTime(),
    "@js-temporal/polyfill": (text) => Temporal.ZonedDateTime.from(text).epochMilliseconds,
    "temporal-polyfill": (text) => SmallTemporal.ZonedDateTime.from(text).epochMilliseconds,
    "js-joda": (text) => ZonedDateTime.parse(text).toInstant().toEpochMilli(),
    "@internationalized/date": (text) => parseZonedDateTime(text).toDate().getTime(),
    "Date": (text) => Date.parse(text),
};
for (const text of readFileSync("texts", "utf8").trim().split("\n")) {
    for (const [name, read] of Object.entries(readers)) {
        let result;
        try {
            result = new Date(read(text)).toISOString();
        } catch {
            result = "refused";
        }
        console.log(`${text} ${name}: ${result}`);
    }
}
NODE
cat >read.py <<'PYTHON'
import whenever

for text in open("texts").read().splitlines():
    print(f"{text} whenever: {whenever.ZonedDateTime.parse_iso(text).to_instant()}")
PYTHON
{ TZ=UTC timeout 60 node read.mjs && timeout 60 venv/bin/python -W ignore read.py; } >seen || { echo "the texts could not be read"; exit 2; }
cat >expected <<'EXPECTED'
2026-10-25T02:30:00+02:00[Europe/Berlin] luxon in January: 2026-10-25T01:30:00.000Z
2026-10-25T02:30:00+02:00[Europe/Berlin] luxon in July: 2026-10-25T00:30:00.000Z
2026-10-25T02:30:00+02:00[Europe/Berlin] date-fns: 2026-10-25T02:30:00.000Z
2026-10-25T02:30:00+02:00[Europe/Berlin] @js-temporal/polyfill: 2026-10-25T00:30:00.000Z
2026-10-25T02:30:00+02:00[Europe/Berlin] temporal-polyfill: 2026-10-25T00:30:00.000Z
2026-10-25T02:30:00+02:00[Europe/Berlin] js-joda: 2026-10-25T00:30:00.000Z
2026-10-25T02:30:00+02:00[Europe/Berlin] @internationalized/date: 2026-10-25T00:30:00.000Z
2026-10-25T02:30:00+02:00[Europe/Berlin] Date: refused
2026-10-25T02:30:00+01:00[Europe/Berlin] luxon in January: 2026-10-25T01:30:00.000Z
2026-10-25T02:30:00+01:00[Europe/Berlin] luxon in July: 2026-10-25T00:30:00.000Z
2026-10-25T02:30:00+01:00[Europe/Berlin] date-fns: 2026-10-25T02:30:00.000Z
2026-10-25T02:30:00+01:00[Europe/Berlin] @js-temporal/polyfill: 2026-10-25T01:30:00.000Z
2026-10-25T02:30:00+01:00[Europe/Berlin] temporal-polyfill: 2026-10-25T01:30:00.000Z
2026-10-25T02:30:00+01:00[Europe/Berlin] js-joda: 2026-10-25T01:30:00.000Z
2026-10-25T02:30:00+01:00[Europe/Berlin] @internationalized/date: 2026-10-25T01:30:00.000Z
2026-10-25T02:30:00+01:00[Europe/Berlin] Date: refused
2026-10-25T00:30:00Z[Europe/Berlin] luxon in January: 2026-10-24T22:30:00.000Z
2026-10-25T00:30:00Z[Europe/Berlin] luxon in July: 2026-10-24T22:30:00.000Z
2026-10-25T00:30:00Z[Europe/Berlin] date-fns: 2026-10-25T00:30:00.000Z
2026-10-25T00:30:00Z[Europe/Berlin] @js-temporal/polyfill: 2026-10-25T00:30:00.000Z
2026-10-25T00:30:00Z[Europe/Berlin] temporal-polyfill: 2026-10-25T00:30:00.000Z
2026-10-25T00:30:00Z[Europe/Berlin] js-joda: 2026-10-25T00:30:00.000Z
2026-10-25T00:30:00Z[Europe/Berlin] @internationalized/date: refused
2026-10-25T00:30:00Z[Europe/Berlin] Date: refused
2026-10-25T02:30:00+02:00[Europe/Berlin] whenever: 2026-10-25T00:30:00Z
2026-10-25T02:30:00+01:00[Europe/Berlin] whenever: 2026-10-25T01:30:00Z
2026-10-25T00:30:00Z[Europe/Berlin] whenever: 2026-10-25T00:30:00Z
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
