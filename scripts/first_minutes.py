"""What a new user does in the first minutes, in the real window: with the mouse, then by keyboard alone. Every click and key is counted.

The seconds of hands are those of the keystroke-level model (Card, Moran and Newell, "The keystroke-level model for user
performance time with interactive systems", 1980), for somebody who types like most people do. They leave out what the program
needs, which is printed beside them, and do not depend on how busy this computer is.
"""

import csv
import datetime
import os
import re
import shutil
import subprocess
import tempfile
import time
import zoneinfo

import scripted_service
from window import DEADLINE_SECS, KINDS, App, Failure, names_match, wait_until

KEY_SECS, POINT_SECS, CLICK_SECS, HOME_SECS, THINK_SECS = 0.28, 1.10, 0.20, 0.40, 1.35
FIRST_SCREEN_SECS, SCHEDULE_SECS, FILE_CLICKS = 15, 60, 6
ZONE = "Europe/Berlin"
API_KEY = "skysql.first." + "m1n" * 12

HEADLINE = ("text", re.compile(r"^(\d+|No|One|Every|All)\b.* services? "))
ROW = ("row", re.compile(r"row [\d,]+ of ([\d,]+)$"))
# A finger does not click twice within this time, and a program may take two such clicks for one.
OTHER_CLICK_SECS = 0.35


class Hands:
    """Acts like `App`, and counts."""

    def __init__(self, app):
        self.app, self.clicks, self.keys, self.seconds, self.on_mouse = app, 0, 0, 0.0, None
        self.clicked_at = 0.0

    def click(self, kind, name):
        node = self.app.settled(kind, name)
        wait_until("the next click to be one of its own", lambda: time.monotonic() - self.clicked_at > OTHER_CLICK_SECS)
        self.app.click_at(*node.centre)
        self.clicked_at = time.monotonic()
        self.clicks += 1
        self.take(THINK_SECS + POINT_SECS + CLICK_SECS, on_mouse=True)

    def press(self, *keys):
        """Keys that belong together, like Tab several times: thought of once."""
        self.app.key(*keys)
        self.count_keys(sum(key.count("+") + 1 for key in keys))

    def type(self, text):
        self.app.type(text)
        self.count_keys(len(text))

    def paste(self, text):
        """Puts a text on the clipboard, as the web page it comes from did, and pastes it."""
        subprocess.run(["xclip", "-selection", "clipboard"], input=text, text=True, check=True, timeout=DEADLINE_SECS,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.press("ctrl+v")

    def count_keys(self, number):
        self.keys += number
        self.take(THINK_SECS + number * KEY_SECS, on_mouse=False)

    def take(self, seconds, on_mouse):
        if self.on_mouse is not None and self.on_mouse != on_mouse:
            seconds += HOME_SECS
        self.on_mouse = on_mouse
        self.seconds += seconds

    def at_keyboard(self):
        """What has the keyboard now."""
        return [node for node in self.app.nodes() if node.has("FOCUSED")]

    def has_keyboard(self, kind, name):
        return any(node.role in KINDS[kind] and names_match(node.name, name) for node in self.at_keyboard())

    def move_to(self, key, kind, name, at_most=40):
        """Presses a key until the keyboard is at a widget, looking at the screen after each time."""
        self.seconds += THINK_SECS
        for _ in range(at_most):
            if self.has_keyboard(kind, name):
                return
            before = [(node.role, node.name, node.box) for node in self.at_keyboard()]
            self.app.key(key)
            self.keys += 1
            self.take(KEY_SECS, on_mouse=False)
            wait_until("the keyboard to move on",
                       lambda: [(node.role, node.name, node.box) for node in self.at_keyboard()] != before)
        raise Failure(f'{key} pressed {at_most} times does not lead to the {kind} "{name}"')

    def needs_keyboard(self, kind, name):
        wait_until(f'the {kind} "{name}" to have the keyboard', lambda: self.has_keyboard(kind, name))


class FirstMinutes:
    """Runs the tasks in windows of their own, and keeps one line about each."""

    def __init__(self, binary, out, size):
        self.binary, self.out, self.size, self.lines = os.path.abspath(binary), out, size, []

    def run(self):
        for task in (self.sample_data, self.own_account, self.weekday_schedule, self.failed_of_a_day):
            for by_keyboard in (False, True):
                data = tempfile.mkdtemp(prefix="first-minutes-")
                try:
                    task(data, by_keyboard)
                finally:
                    shutil.rmtree(data, ignore_errors=True)
        return self.lines

    def window(self, data, *arguments):
        command = [self.binary, "--data-dir", data, *arguments]
        return App(command, os.path.join(self.out, "first-minutes.log"), env={"TZ": ZONE}, size=self.size)

    def tell(self, task, by_keyboard, hands, program_secs, goal):
        how = "keyboard" if by_keyboard else "mouse"
        line = f"  {task}, by {how}: {hands.clicks} clicks, {hands.keys} keys, {hands.seconds:.1f} s of hands"
        self.lines.append(line)
        print(f"{line}; with the program as driven here {program_secs:.1f} s", flush=True)
        if by_keyboard and hands.clicks:
            raise Failure(f"{task} took {hands.clicks} clicks by keyboard alone")
        if not goal(hands):
            raise Failure(f"{task} by {how} takes more than it may")

    # ---- the first useful screen -----------------------------------------------------------------------------------

    def sample_data(self, data, by_keyboard):
        since = time.monotonic()
        with self.window(data) as app:
            hands = Hands(app)
            if by_keyboard:
                hands.move_to("Tab", "button", "Explore sample data")
                hands.press("Return")
            else:
                hands.click("button", "Explore sample data")
            app.wait_for(*HEADLINE)
            self.tell("Sample data", by_keyboard, hands, time.monotonic() - since, lambda h: h.seconds < FIRST_SCREEN_SECS)

    def own_account(self, data, by_keyboard):
        url = scripted_service.serve()
        since, known = time.monotonic(), len(scripted_service.Service.keys)
        with self.window(data, "--api-url", url) as app:
            hands = Hands(app)
            hands.needs_keyboard("field", "Profile name")
            hands.type("work")
            if by_keyboard:
                hands.press("Tab")
            else:
                hands.click("field", "API key")
            hands.needs_keyboard("field", "API key")
            hands.paste(API_KEY)
            wait_until("the pasted key", lambda: any(node.text for node in app.find_all("field", "API key")))
            if by_keyboard:
                hands.press("Return")
            else:
                hands.click("button", "Sign in")
            app.wait_for(*HEADLINE)
            if set(scripted_service.Service.keys[known:]) != {API_KEY}:
                raise Failure("the service received another key than the one pasted")
            self.tell("Own account", by_keyboard, hands, time.monotonic() - since, lambda h: h.seconds < FIRST_SCREEN_SECS)

    # ---- a schedule ------------------------------------------------------------------------------------------------

    def weekday_schedule(self, data, by_keyboard):
        """08:30 in Berlin from Monday to Friday, for a service, from the overview on."""
        with self.window(data, "--demo") as app:
            app.wait_for(*HEADLINE)
            hands, since = Hands(app), time.monotonic()
            if by_keyboard:
                self.schedule_by_keyboard(app, hands)
            else:
                self.schedule_by_mouse(app, hands)
            app.wait_for("text", re.compile("^Schedule for billing created"))
            self.tell("Weekday schedule at local time", by_keyboard, hands, time.monotonic() - since,
                      lambda h: h.seconds < SCHEDULE_SECS)

    def schedule_by_mouse(self, app, hands):
        hands.click("button", "Schedules")
        hands.click("button", "New schedule")
        hands.click("button", re.compile("^billing "))
        hands.click("button", "Weekdays")
        hands.click("button", "Berlin")
        hands.click("field", "Time")
        hands.needs_keyboard("field", "Time")
        hands.press("ctrl+a")
        hands.type("08:30")
        self.check_schedule(app)
        hands.click("button", "Create schedule")

    def schedule_by_keyboard(self, app, hands):
        hands.press("ctrl+n")
        hands.needs_keyboard("field", "Service")
        hands.type("billing")
        hands.move_to("Tab", "button", re.compile("^(Now, once|Hourly|Daily|Weekdays)$"))
        self.choose(hands, "Weekdays")
        hands.move_to("Tab", "button", re.compile("^(Berlin|UTC)$"))
        self.choose(hands, "Berlin")
        hands.press("shift+Tab")
        hands.needs_keyboard("field", "Time")
        hands.press("ctrl+a")
        hands.type("08:30")
        self.check_schedule(app)
        hands.press("Return")

    @staticmethod
    def choose(hands, name):
        """Moves along a row of choices."""
        hands.move_to("Right", "button", name, at_most=8)
        if not any(node.has("CHECKED") for node in hands.app.find_all("button", name)):
            hands.press("space")

    @staticmethod
    def check_schedule(app):
        """The form says in words what was meant, at the hour that Berlin has now."""
        now = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE))
        hour = (now.replace(hour=8, minute=30) - now.utcoffset()).hour
        app.wait_for("text", f"At {hour:02}:30 UTC, Monday to Friday")

    # ---- a file ----------------------------------------------------------------------------------------------------

    def failed_of_a_day(self, data, by_keyboard):
        """The failed backups of the last 24 hours as a file, from the list of backups on."""
        path = os.path.join(data, "failed.csv")
        with self.window(data, "--demo") as app:
            app.click("button", "Backups")
            wait_until("rows of backups", lambda: app.find(*ROW))
            hands, since = Hands(app), time.monotonic()
            if by_keyboard:
                self.filter_by_keyboard(app, hands)
            else:
                hands.click("button", re.compile(r"^\d+ failed$"))
                hands.click("button", "Started")
                hands.click("button", "Last 24 hours")
            rows = wait_until("failed rows alone", lambda: self.all_failed(app))
            if by_keyboard:
                hands.press("ctrl+e")
                app.wait_for("button", "Export")
                hands.press("Return")
            else:
                hands.click("button", "Export…")
                hands.click("button", "Export")
            # There is no desktop here that could open a save dialog, so the path is typed; who has one keeps the name it offers.
            app.wait_for("button", "Save")
            app.fill("Save to", path)
            if by_keyboard:
                hands.press("Return")
            else:
                hands.click("button", "Save")
            wait_until("the file", lambda: os.path.exists(path))
            self.check_file(path, rows)
            self.tell("Failed backups of a day as a file", by_keyboard, hands, time.monotonic() - since,
                      lambda h: h.clicks <= FILE_CLICKS)

    @staticmethod
    def filter_by_keyboard(app, hands):
        hands.press("ctrl+f")
        hands.needs_keyboard("field", "Search backups")
        hands.type("failed")
        hands.move_to("Tab", "button", "Started")
        hands.press("Return")
        app.wait_for("button", "Last 24 hours")
        hands.move_to("Down", "button", "Last 24 hours", at_most=8)
        hands.press("Return")

    @staticmethod
    def all_failed(app):
        """How many rows there are, once all of them are failed ones and the period is chosen."""
        rows = app.find_all(*ROW)
        chosen = app.find("button", re.compile("^Started: since "))
        return len(rows) if chosen and rows and all(", Failed," in row.name for row in rows) else None

    @staticmethod
    def check_file(path, rows):
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file))
        if len(table) != rows or {row["Status"] for row in table} != {"Failed"}:
            raise Failure(f"the file has {len(table)} rows with {sorted({row['Status'] for row in table})}, not {rows} failed ones")
