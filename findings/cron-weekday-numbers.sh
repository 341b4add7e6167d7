#!/usr/bin/env bash
# Cron libraries number the days of the week differently, and none of them says so: `1-5` is not Monday to Friday for all.
#
# Expected: 0 and 7 are Sunday and 1 is Monday, as in crontab(5), or the library refuses the number; what is meant by `1-5` and
# `5-7` is Monday to Friday and Friday to Sunday.
# Seen, first week of 2027 that begins with a Monday:
#
#   weekday   crontab(5), cronsim   APScheduler   cron (Rust)   @breejs/later   cronjs-matcher
#   0         Sun                   Mon           refused       Sun             Sun
#   1-5       Mon-Fri               Tue-Sat       Sun-Thu       Mon-Fri         Mon-Fri
#   7         Sun                   refused       Sat           Sat             Sun
#   5-7       Fri Sat Sun           refused       Thu-Sat       Fri Sat         Fri Sat
#   MON-FRI   the same for all
#
# APScheduler, cron (Rust) and @breejs/later also ask for both day fields: to them `0 2 13 * FRI` is not every 13th and every Friday, but a Friday
# that is a 13th, so it never runs in that week.
# Versions: APScheduler 3.11.3, cronsim 2.8 (PyPI); cron 0.17.0 (crates.io); @breejs/later 4.2.0, @datasert/cronjs-matcher 1.4.0 (npm).
# Decision in SkyBackup: weekdays are sent as numbers 0 to 6, of which 0 is Sunday, and shown beside them in words with the next runs, so
# that a schedule that was copied from such a program is seen to mean other days; docs/cron.md names the programs.
# Needs: python3 with venv, node and npm, cargo and a C linker.
set -u
command -v cargo >/dev/null || { echo "not tried: cargo is missing"; exit 2; }
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
unset CARGO_TARGET_DIR

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q APScheduler==3.11.3 cronsim==2.8 >/dev/null 2>&1 ||
    { echo "could not install APScheduler and cronsim"; exit 2; }
echo '{"private":true}' >package.json
npm install --silent --no-fund --no-audit @breejs/later@4.2.0 @datasert/cronjs-matcher@1.4.0 >/dev/null 2>&1 ||
    { echo "could not install @breejs/later and @datasert/cronjs-matcher"; exit 2; }
mkdir -p src
cat >Cargo.toml <<'TOML'
[package]
name = "runs"
version = "0.1.0"
edition = "2021"
[dependencies]
cron = "=0.17.0"
chrono = { version = "0.4", default-features = false, features = ["std"] }
TOML

# Each prints, of a line `EXPRESSION`, the days of the runs in the seven days from Monday 2027-01-04 on.
{ printf '0 2 * * %s\n' 0 1-5 7 5-7 MON-FRI && echo '0 2 13 * FRI'; } >texts

cat >src/main.rs <<'RUST'
use chrono::{TimeZone, Utc};
use std::str::FromStr;

fn main() {
    let (start, end) = (Utc.with_ymd_and_hms(2027, 1, 4, 0, 0, 0).unwrap(), Utc.with_ymd_and_hms(2027, 1, 11, 0, 0, 0).unwrap());
    for text in std::fs::read_to_string("texts").unwrap().lines() {
        // This library wants seconds first.
        match cron::Schedule::from_str(&format!("0 {text}")) {
            Ok(runs) => {
                let days = runs.after(&start).take_while(|run| *run < end).map(|run| run.format("%a").to_string());
                let days = days.collect::<Vec<_>>().join(" ");
                println!("{}", if days.is_empty() { "never" } else { &days });
            }
            Err(_) => println!("refused"),
        }
    }
}
RUST
nice -n 5 cargo build -q >/dev/null 2>&1 || { echo "could not build with cron 0.17.0"; exit 2; }

cat >runs.py <<'PYTHON'
import datetime, cronsim
from apscheduler.triggers.cron import CronTrigger

START = datetime.datetime(2027, 1, 4, tzinfo=datetime.timezone.utc)
END = START + datetime.timedelta(days=7)

def simulated(text):
    return cronsim.CronSim(text, START)

def scheduled(text):
    trigger, last = CronTrigger.from_crontab(text, timezone="UTC"), None
    while True:
        last = trigger.get_next_fire_time(last, (last or START) + datetime.timedelta(seconds=1))
        yield last

def days(make, text):
    words = []
    try:
        for run in make(text):
            if run >= END:
                return " ".join(words) or "never"
            words.append(f"{run:%a}")
    except Exception:
        return "refused"

for text in open("texts").read().splitlines():
    print(text, days(simulated, text), days(scheduled, text), sep="\t")
PYTHON

cat >runs.mjs <<'NODE'
import { readFileSync } from "node:fs";
import later from "@breejs/later";
import * as cronjs from "@datasert/cronjs-matcher";

const [start, end] = [new Date("2027-01-04T00:00:00Z"), new Date("2027-01-10T23:59:59Z")];
later.date.UTC();
const days = (runs) => runs.map((run) => ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][new Date(run).getUTCDay()]).join(" ") || "never";
for (const text of readFileSync("texts", "utf8").trim().split("\n")) {
    const left = days(later.schedule(later.parse.cron(text)).next(7, start, end) || []);
    const options = { startAt: start.toISOString(), endAt: end.toISOString(), matchCount: 7, timezone: "UTC" };
    const right = days(cronjs.getFutureMatches(text, options));
    console.log([left, right].join("\t"));
}
NODE

venv/bin/python -W ignore runs.py >left && target/debug/runs >middle && node runs.mjs >right || { echo "a library could not be run"; exit 2; }
paste left middle right >seen
cat >expected <<'EXPECTED'
0 2 * * 0	Sun	Mon	refused	Sun	Sun
0 2 * * 1-5	Mon Tue Wed Thu Fri	Tue Wed Thu Fri Sat	Mon Tue Wed Thu Sun	Mon Tue Wed Thu Fri	Mon Tue Wed Thu Fri
0 2 * * 7	Sun	refused	Sat	Sat	Sun
0 2 * * 5-7	Fri Sat Sun	refused	Thu Fri Sat	Fri Sat	Fri Sat
0 2 * * MON-FRI	Mon Tue Wed Thu Fri	Mon Tue Wed Thu Fri	Mon Tue Wed Thu Fri	Mon Tue Wed Thu Fri	Mon Tue Wed Thu Fri
0 2 13 * FRI	Fri	never	never	never	Fri
EXPECTED
printf 'expression\tcronsim\tAPScheduler\tcron (Rust)\t@breejs/later\tcronjs-matcher\n'
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
