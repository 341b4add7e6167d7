#!/usr/bin/env bash
# systemd-cron, which Debian offers in place of cron, runs crontab lines on other days than cron does, and some in other months.
#
# Expected: a line of a crontab runs when the cron it replaces runs it. Its own manual page crontab(5) has the rule of Debian's cron: where
# both day fields are given, "the command will be run when either field matches", and 7 is Sunday, also at the end of a range.
# Seen: its generator writes a timer in which both day fields have to match; a range of weekdays that ends with 7 is called garbled in the
# log and then left out, so that the line runs every day; 0-7 is Sundays alone; the list of month names has no October, so that "oct" is
# refused, "nov" runs in October and "dec" in November. Runs in 2027:
#
#   line                cron   systemd-cron
#   0 2 13 * 5          64     1
#   0 2 */2 * 1         27     27
#   0 2 * * 1-5         261    261
#   0 2 * * 5-7         157    365
#   0 2 * * 0-7         365    52
#   0 2 1 oct *         1      no timer
#   0 2 1 nov *         1      1, in October
#   0 2 1 dec *         1      1, in November
#
# Versions: systemd-cron 1.15.19-5 and systemd 252 (Debian 12); cronsim 2.8 (PyPI), which reads lines as Debian's cron does.
# Decision in SkyBackup: weekdays and months are sent as numbers from 0 and 1 on, 5-7 as 5-6,0 and 0-7 as 0-6,0, which systemd-cron reads as
# cron does; of both day fields it says in words that either counts, and docs/cron.md names who reads them otherwise.
# Needs: Debian 12 with systemd, dpkg and apt; python3 with venv. The package is unpacked, not installed.
set -u
for program in systemd-analyze dpkg apt-get; do
    command -v "$program" >/dev/null || { echo "not tried: $program is missing"; exit 2; }
done
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

apt-get download systemd-cron=1.15.19-5 >/dev/null 2>&1 && dpkg -x systemd-cron_*.deb unpacked ||
    { echo "could not get systemd-cron 1.15.19-5"; exit 2; }
python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q cronsim==2.8 >/dev/null 2>&1 || { echo "could not install cronsim"; exit 2; }

cat >crontab <<'CRONTAB'
0 2 13 * 5 true
0 2 */2 * 1 true
0 2 * * 1-5 true
0 2 * * 5-7 true
0 2 * * 0-7 true
0 2 1 oct * true
0 2 1 nov * true
0 2 1 dec * true
CRONTAB

cat >read.py <<'PYTHON'
# Has the program itself, loaded as a module, read the crontab and write the timers. Its words for the log go to a file.
import datetime, importlib.machinery, importlib.util, os, re, subprocess, cronsim

loader = importlib.machinery.SourceFileLoader("generator", "unpacked/lib/systemd/system-generators/systemd-crontab-generator")
generator = importlib.util.module_from_spec(importlib.util.spec_from_loader("generator", loader))
loader.exec_module(generator)
os.makedirs("timers/wants")
generator.TARGET_DIR, generator.TIMERS_DIR = "timers", "timers/wants"
log = open("log", "w")
generator.log = lambda level, message: print(message, file=log)

def take(runs):
    days = []
    for run in runs:
        if run.year > 2027:
            return days
        days.append(str(run.date()))
    return days

def days_of_timer(calendar):
    command = ["systemd-analyze", "calendar", "--base-time=2026-12-31 23:59:00 UTC", "--iterations=400", calendar]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "TZ": "UTC", "LC_ALL": "C"}).stdout
    return sorted({day for day in re.findall(r"(?:Next elapse|Iter\. #\d+|Iteration #\d+): \w+ (\S+) ", said) if day.startswith("2027")})

def words(days, same):
    return f"{len(days)} runs" + ("" if same else f", the first on {days[0]}")

for number, job in enumerate(generator.parse_crontab("crontab", withuser=False)):
    line, name = job["l"], f"job{number}"
    cron = take(cronsim.CronSim(line.rsplit(" ", 1)[0], datetime.datetime(2026, 12, 31, 23, 59)))
    generator.generate_timer_unit(job, unit_name=name)
    if not os.path.exists(f"timers/{name}.timer"):
        print(f"{line[:-5]} | cron {words(cron, False)} | systemd-cron: no timer")
        continue
    calendar = re.search("OnCalendar= *(.*)", open(f"timers/{name}.timer").read())[1]
    timer = days_of_timer(calendar)
    print(f"{line[:-5]} | cron {words(cron, cron == timer)} | systemd-cron {words(timer, cron == timer)}")
PYTHON
timeout 120 venv/bin/python -W ignore read.py >seen || { echo "the generator could not be run"; exit 2; }
sed 's/.*garbled time/garbled time/' log >>seen
cat >expected <<'EXPECTED'
0 2 13 * 5 | cron 64 runs, the first on 2027-01-01 | systemd-cron 1 runs, the first on 2027-08-13
0 2 */2 * 1 | cron 27 runs | systemd-cron 27 runs
0 2 * * 1-5 | cron 261 runs | systemd-cron 261 runs
0 2 * * 5-7 | cron 157 runs, the first on 2027-01-01 | systemd-cron 365 runs, the first on 2027-01-01
0 2 * * 0-7 | cron 365 runs, the first on 2027-01-01 | systemd-cron 52 runs, the first on 2027-01-03
0 2 1 oct * | cron 1 runs, the first on 2027-10-01 | systemd-cron: no timer
0 2 1 nov * | cron 1 runs, the first on 2027-11-01 | systemd-cron 1 runs, the first on 2027-10-01
0 2 1 dec * | cron 1 runs, the first on 2027-12-01 | systemd-cron 1 runs, the first on 2027-11-01
garbled time in crontab [0 2 * * 5-7 true]: 5-7
garbled time in crontab [0 2 1 oct * true]: oct
EXPECTED
systemd-analyze --version | head -1
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
