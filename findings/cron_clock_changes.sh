#!/usr/bin/env bash
# Cron libraries with a time zone disagree about the days on which the clocks change, and some start a job at a time it does not name.
#
# Expected: in Europe/Berlin `30 2 * * *` runs once on every day, also where 02:30 is skipped or comes twice, as Debian's cron does it;
# `0 3 * * *` and `30 * * * *` name times that the change leaves alone, so they run as on any day.
# Seen, in UTC, between midnight and four:
#
#   expression    day         croniter     cronsim  cron-parser  croner  cron (npm)
#   30 2 * * *    2027-03-28  01:00        01:00    01:30        01:00   01:00
#   30 2 * * *    2027-10-31  00:30 01:30  00:30    00:30        00:30   00:30
#   0 3 * * *     2027-10-31  02:00        02:00    02:00        02:00   01:00 02:00
#   30 * * * *    2027-03-28  as on any day, but for npm cron, which adds 01:00, when no half hour is
#
# So a daily job runs twice with croniter at 02:30, and with npm cron at 03:00, there the first time at 02:00 by the clock.
# Versions: croniter 7.0.0, cronsim 2.8 (PyPI); cron-parser 5.10.6, croner 11.0.1, cron 4.4.0 (npm).
# Decision in SkyBackup: schedules are in UTC alone, a text with `TZ=` cannot be sent, and where the runs are shown in another zone the
# change of clocks is named beside them (src/domain/cron_clocks.rs).
# Needs: python3 with venv, node and npm.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q croniter==7.0.0 cronsim==2.8 tzdata==2025.2 >/dev/null 2>&1 ||
    { echo "could not install croniter and cronsim"; exit 2; }
echo '{"private":true}' >package.json
npm install --silent --no-fund --no-audit cron-parser@5.10.6 croner@11.0.1 cron@4.4.0 >/dev/null 2>&1 ||
    { echo "could not install cron-parser, croner and cron"; exit 2; }

cat >cases <<'CASES'
30 2 * * *	2027-03-28
30 2 * * *	2027-10-31
0 3 * * *	2027-03-28
0 3 * * *	2027-10-31
30 * * * *	2027-03-28
30 * * * *	2027-10-31
CASES

cat >runs.py <<'PYTHON'
import datetime, zoneinfo, croniter, cronsim

BERLIN, UTC = zoneinfo.ZoneInfo("Europe/Berlin"), datetime.timezone.utc

def runs(times, end):
    seen = []
    while (at := next(times).astimezone(UTC)) < end:
        seen.append(f"{at:%H:%M}")
    return " ".join(seen)

for line in open("cases").read().splitlines():
    text, day = line.split("\t")
    begin = datetime.datetime.fromisoformat(day).replace(tzinfo=UTC)
    start, end = (begin - datetime.timedelta(seconds=1)).astimezone(BERLIN), begin + datetime.timedelta(hours=4)
    both = croniter.croniter(text, start, ret_type=datetime.datetime), cronsim.CronSim(text, start)
    print(line, *(runs(times, end) for times in both), sep="\t")
PYTHON

cat >runs.mjs <<'NODE'
import { readFileSync } from "node:fs";
import { CronExpressionParser } from "cron-parser";
import { Cron } from "croner";
import { CronTime } from "cron";

const zone = "Europe/Berlin";
const runs = (next, end) => {
    const seen = [];
    for (let at = next(); at < end; at = next()) seen.push(at.toISOString().slice(11, 16));
    return seen.join(" ");
};
for (const line of readFileSync("cases", "utf8").trim().split("\n")) {
    const [text, day] = line.split("\t");
    const begin = new Date(`${day}T00:00:00Z`).getTime();
    const start = new Date(begin - 1000);
    const end = new Date(begin + 4 * 3600 * 1000);
    const parser = CronExpressionParser.parse(text, { currentDate: start, tz: zone });
    const croner = new Cron(text, { timezone: zone });
    const cron = new CronTime(text, zone);
    let [a, b] = [start, start];
    console.log([
        runs(() => parser.next().toDate(), end),
        runs(() => (a = croner.nextRun(a)), end),
        runs(() => (b = cron.getNextDateFrom(b, zone).toJSDate()), end),
    ].join("\t"));
}
NODE

timeout 60 venv/bin/python runs.py >left && timeout 60 node runs.mjs >right || { echo "a library could not be run"; exit 2; }
paste left right >seen
cat >expected <<'EXPECTED'
30 2 * * *	2027-03-28	01:00	01:00	01:30	01:00	01:00
30 2 * * *	2027-10-31	00:30 01:30	00:30	00:30	00:30	00:30
0 3 * * *	2027-03-28	01:00	01:00	01:00	01:00	01:00
0 3 * * *	2027-10-31	02:00	02:00	02:00	02:00	01:00 02:00
30 * * * *	2027-03-28	00:30 01:30 02:30 03:30	00:30 01:30 02:30 03:30	00:30 01:30 02:30 03:30	00:30 01:30 02:30 03:30	00:30 01:00 01:30 02:30 03:30
30 * * * *	2027-10-31	00:30 01:30 02:30 03:30	00:30 01:30 02:30 03:30	00:30 01:30 02:30 03:30	00:30 01:30 02:30 03:30	00:30 01:30 02:30 03:30
EXPECTED
printf 'expression\tday\tcroniter\tcronsim\tcron-parser\tcroner\tcron\n'
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
