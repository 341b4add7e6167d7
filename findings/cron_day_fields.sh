#!/usr/bin/env bash
# Cron libraries disagree about which spellings of a day field leave it open.
#
# Expected: `0-6` for the weekday, `1-31` or `*/1` for the day of the month are other words for `*`, so that the field
# beside them decides alone; at the least, all programs treat them alike.
# Seen: the runs of 2027 differ for each of them, by a factor of up to seven:
#
#   expression       croniter  cronsim  cron-parser  croner  cron (npm)
#   0 0 */2 * 0-6    186       186      365          365     186
#   0 0 */1 * 1      365       52       365          365     52
#   0 0 1-31 * 1     365       365      365          365     52
#   0 0 1,* * 1      52        365      refused      365     52
#   0 0 */2 * 1      211       27       211          211     211
#
# Versions: croniter 7.0.0, cronsim 2.8 (PyPI); cron-parser 5.10.6, croner 11.0.1, cron 4.4.0 (npm).
# Decision in SkyBackup: such an expression has two readings (src/domain/cron.rs, READERS), and both are shown.
# Needs: python3 with venv, node and npm.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q croniter==7.0.0 cronsim==2.8 >/dev/null 2>&1 ||
    { echo "could not install croniter and cronsim"; exit 2; }
echo '{"private":true}' >package.json
npm install --silent --no-fund --no-audit cron-parser@5.10.6 croner@11.0.1 cron@4.4.0 >/dev/null 2>&1 ||
    { echo "could not install cron-parser, croner and cron"; exit 2; }

cat >texts <<'TEXTS'
0 0 */2 * 0-6
0 0 */1 * 1
0 0 1-31 * 1
0 0 1,* * 1
0 0 */2 * 1
TEXTS

cat >runs.py <<'PYTHON'
import datetime, croniter, cronsim

START = datetime.datetime(2026, 12, 31, 23, 59, 59)

def count(times):
    try:
        return sum(1 for _ in iter(lambda: next(times).year, 2028))
    except Exception:
        return "refused"

for text in open("texts").read().splitlines():
    counts = [count(croniter.croniter(text, START, ret_type=datetime.datetime)), count(cronsim.CronSim(text, START))]
    print(text, *counts, sep="\t")
PYTHON

cat >runs.mjs <<'NODE'
import { readFileSync } from "node:fs";
import { CronExpressionParser } from "cron-parser";
import { Cron } from "croner";
import { CronTime } from "cron";

const start = new Date("2026-12-31T23:59:59Z");
const count = (make) => {
    try {
        const next = make();
        let runs = 0;
        while (next().getUTCFullYear() < 2028) runs += 1;
        return runs;
    } catch {
        return "refused";
    }
};
for (const text of readFileSync("texts", "utf8").trim().split("\n")) {
    const parser = count(() => {
        const runs = CronExpressionParser.parse(text, { currentDate: start, tz: "UTC" });
        return () => runs.next().toDate();
    });
    const croner = count(() => {
        const cron = new Cron(text, { timezone: "UTC" });
        let at = start;
        return () => (at = cron.nextRun(at));
    });
    const cron = count(() => {
        const time = new CronTime(text, "UTC");
        let at = start;
        return () => (at = time.getNextDateFrom(at, "UTC").toJSDate());
    });
    console.log([parser, croner, cron].join("\t"));
}
NODE

venv/bin/python runs.py >left && node runs.mjs >right || { echo "a library could not be run"; exit 2; }
paste left right >seen
cat >expected <<'EXPECTED'
0 0 */2 * 0-6	186	186	365	365	186
0 0 */1 * 1	365	52	365	365	52
0 0 1-31 * 1	365	365	365	365	52
0 0 1,* * 1	52	365	refused	365	52
0 0 */2 * 1	211	27	211	211	211
EXPECTED
printf 'expression\tcroniter\tcronsim\tcron-parser\tcroner\tcron\n'
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
