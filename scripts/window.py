"""Drives a real window the way a user with a screen reader and a mouse would.

Starts a private X server on a free display and a private D-Bus session, runs the app in them with assistive
technology switched on, finds widgets by role and accessible name, and acts with real mouse and keyboard events.
Everything waits for a condition with a deadline; nothing sleeps for a fixed time.

Needs: Xvfb, xdotool, scrot, dbus-daemon, at-spi2-core, python3-gi, gir1.2-atspi-2.0.

    def main():
        with App(["./app", "--flag"]) as app:
            app.click("button", "Save")
    sys.exit(in_private_session(main))
"""

import os
import re
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import time

SESSION = "SKYBACKUP_WINDOW_SESSION"
# Stands in every folder that is emptied for the next run.
MARK = ".emptied-by-skybackup-scripts"
DEADLINE_SECS = float(os.environ.get("WINDOW_DEADLINE_SECS", "20"))
POLL_SECS = 0.05

DBUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:tmpdir={folder}</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Failure(Exception):
    """A sentence for whoever reads the log."""


# ---- the folder of the outcome -------------------------------------------------------------------------------------


def empty(folder, is_own=False):
    """Makes this folder, or empties it where it is our own or an earlier run made it; never removes anything of somebody else's."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        os.makedirs(folder)
        names = []
    except OSError as error:
        raise Failure(f"{folder} cannot be used: {error.strerror}") from None
    if os.path.islink(folder) or (names and not is_own and not is_marked(folder)):
        raise Failure(f"{folder} holds something else; name an empty folder, or one that does not exist")
    for name in names:
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)
    with open(os.path.join(folder, MARK), "w", encoding="utf-8") as out:
        out.write("This folder is emptied without a question.\n")


def is_marked(folder):
    return os.path.isfile(os.path.join(folder, MARK)) and not os.path.islink(os.path.join(folder, MARK))


# ---- the private session -------------------------------------------------------------------------------------------


def in_private_session(main, screen=(1600, 1000), keyring_password=None):
    """Runs `main` in a private X server and D-Bus session; returns its exit code.

    The calling script is started again inside, with the same arguments, so call this before doing anything else.
    With `keyring_password` a real, unlocked gnome-keyring runs in the session.
    """
    if os.environ.get(SESSION):
        if keyring_password is not None:
            unlock_keyring(keyring_password)
        return main()
    for program in ("Xvfb", "xdotool", "scrot", "dbus-daemon"):
        if not shutil.which(program):
            print(f"error: {program} is missing; scripts/test installs what is needed", file=sys.stderr)
            return 1
    folder = tempfile.mkdtemp(prefix="window-")
    server, bus = None, None
    try:
        cookie = os.path.join(folder, "cookie")
        server, display = start_x_server(screen, cookie)
        services = os.path.join(folder, "services")
        os.mkdir(services)
        # Only the accessibility bus may start by itself: a portal or keyring of this machine must not change the outcome.
        shutil.copy("/usr/share/dbus-1/services/org.a11y.Bus.service", services)
        config = os.path.join(folder, "bus.conf")
        with open(config, "w", encoding="utf-8") as out:
            out.write(DBUS_CONFIG.format(folder=folder, services=services))
        env = dict(os.environ)
        for name in ("WAYLAND_DISPLAY", "WAYLAND_SOCKET", "AT_SPI_BUS_ADDRESS", "NO_AT_BRIDGE"):
            env.pop(name, None)
        env.update({SESSION: folder, "DISPLAY": display, "XAUTHORITY": cookie, "GSETTINGS_BACKEND": "memory", "LC_ALL": "C.UTF-8"})
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
            env[name] = os.path.join(folder, name.lower())
            os.mkdir(env[name], mode=0o700)
        bus = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"], env=env,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        return subprocess.call(["/usr/bin/python3", *sys.argv], env=env)
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    finally:
        for process in (bus, server):
            if process:
                process.terminate()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def start_x_server(screen, cookie):
    """Starts Xvfb on a display number that it picks itself. Only who has the cookie of this file may connect."""
    # The family "wild": the cookie is for whatever number the display gets.
    value = secrets.token_bytes(16)
    fields = [b"", b"", b"MIT-MAGIC-COOKIE-1", value]
    with open(cookie, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        out.write(b"\xff\xff" + b"".join(len(field).to_bytes(2, "big") + field for field in fields))
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{screen[0]}x{screen[1]}x24", "-nolisten", "tcp",
               "-noreset", "-auth", cookie]
    server = subprocess.Popen(command, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writer)
    text, until = b"", time.monotonic() + DEADLINE_SECS
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], max(0.0, until - time.monotonic()))
        more = os.read(reader, 32) if ready else b""
        if not more:
            server.terminate()
            raise Failure("Xvfb did not start")
        text += more
    os.close(reader)
    return server, f":{int(text)}"


def unlock_keyring(password):
    """Starts gnome-keyring in this session with its collection unlocked."""
    subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets"], input=password, text=True, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=DEADLINE_SECS)


def wait_until(what, probe, seconds=None):
    """Asks `probe` until it answers something true, and returns that; a sentence with `what` after the deadline."""
    until = time.monotonic() + (seconds or DEADLINE_SECS)
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > until:
            raise Failure(f"waited {seconds or DEADLINE_SECS:.0f} s for {what}")
        time.sleep(POLL_SECS)


# ---- widgets -------------------------------------------------------------------------------------------------------


def atspi():
    """The accessibility library, connected to the bus of this session, without its cache (nobody runs its loop)."""
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi
    if not getattr(atspi, "ready", False):
        Atspi.init()
        atspi.ready = True
    return Atspi


def switch_accessibility_on():
    """Apps publish their widgets only while this session says that somebody wants them."""
    from gi.repository import Gio, GLib
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    value = GLib.Variant("(ssv)", ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True)))
    bus.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set", value, None,
                  Gio.DBusCallFlags.NONE, int(DEADLINE_SECS * 1000))


def plain(name):
    """A name without icon glyphs (private use characters) and outer spaces."""
    return "".join(c for c in name or "" if not 0xE000 <= ord(c) <= 0xF8FF).strip()


def names_match(name, wanted):
    return bool(wanted.search(name)) if isinstance(wanted, re.Pattern) else name == wanted


class Node:
    """One widget as the accessibility tree showed it at one moment."""

    def __init__(self, handle, depth):
        self.handle, self.depth = handle, depth
        self.name = plain(handle.get_name())
        self.role = handle.get_role_name()
        component = handle.get_component_iface()
        extents = component.get_extents(atspi().CoordType.SCREEN) if component else None
        self.box = (extents.x, extents.y, extents.width, extents.height) if extents else (0, 0, 0, 0)

    def __repr__(self):
        return f"{self.role} {self.name!r} at {self.box}"

    @property
    def is_visible(self):
        return self.box[2] > 0 and self.box[3] > 0

    @property
    def centre(self):
        x, y, width, height = self.box
        return x + width // 2, y + height // 2

    def has(self, state):
        return self.handle.get_state_set().contains(getattr(atspi().StateType, state))

    @property
    def is_enabled(self):
        return self.has("ENABLED") or self.has("SENSITIVE")

    @property
    def text(self):
        """The text of a field."""
        handle = self.handle.get_text_iface()
        return handle.get_text(0, handle.get_character_count()) if handle else ""


KINDS = {
    "button": {"push button", "button", "toggle button", "check box", "radio button", "menu item", "radio menu item", "check menu item",
               "link", "page tab", "list item", "combo box"},
    "row": {"table row"},
    "column": {"column header", "table column header"},
    "field": {"entry", "password text", "text", "spin button", "combo box"},
    "text": {"label", "static", "heading", "paragraph", "text", "status bar", "alert", "notification"},
}


class App:
    """The app under test: its process, its window, its tree."""

    def __init__(self, command, log_path="/dev/null", env=None, size=None):
        self.command, self.log_path, self.size = command, log_path, size
        self.env = dict(os.environ, **(env or {}))
        self.env.setdefault("RUST_BACKTRACE", "1")
        # No helper programs: a file dialog of this machine (zenity) must not change the outcome.
        self.env["PATH"] = "/nonexistent"
        self.process, self.window, self.root = None, None, None

    def __enter__(self):
        switch_accessibility_on()
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.window = wait_until("the window", self.find_window)
            self.xdotool("windowfocus", self.window)
            self.root = wait_until("the accessibility tree of the window", self.find_root)
            wait_until("the first widgets", lambda: any(n.depth > 2 for n in self.nodes()))
            if self.size:
                wait_until("the size of the window", self.has_size)
        except Failure:
            self.__exit__()
            raise
        return self

    def has_size(self):
        """Whether the window has its size; asks for it again, because a window that is still being made may set its own later."""
        shown = self.xdotool("getwindowgeometry", "--shell", self.window).splitlines()
        if {f"WIDTH={self.size[0]}", f"HEIGHT={self.size[1]}"} <= set(shown):
            return True
        self.xdotool("windowmove", self.window, "0", "0")
        self.xdotool("windowsize", self.window, *map(str, self.size))
        return False

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def check_alive(self):
        code = self.process.poll()
        if code is not None:
            with open(self.log_path, "rb") as log:
                tail = log.read()[-1500:].decode("utf-8", "replace").strip()
            raise Failure(f"the app ended by itself with code {code}; its last words:\n{tail}")

    def find_window(self):
        self.check_alive()
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=DEADLINE_SECS)
        return found.stdout.split()[0] if found.stdout.split() else None

    def find_root(self):
        self.check_alive()
        library = atspi()
        desktop = library.get_desktop(0)
        desktop.set_cache_mask(library.Cache.NONE)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child and child.get_process_id() == self.process.pid:
                child.set_cache_mask(library.Cache.NONE)
                return child
        return None

    # ---- finding ---------------------------------------------------------------------------------------------------

    def nodes(self):
        """All widgets there are now, in tree order. A widget that goes away meanwhile is left out, and so are the cells of tables, of
        which there are hundreds: a row is called what it shows."""
        from gi.repository import GLib
        self.check_alive()
        found, todo = [], [(self.root, 0)]
        while todo:
            handle, depth = todo.pop()
            try:
                if depth:
                    found.append(Node(handle, depth))
                # In a row the cells come last.
                is_row = depth and found[-1].role in KINDS["row"]
                children = []
                for i in range(handle.get_child_count()):
                    child = handle.get_child_at_index(i)
                    if is_row and child and child.get_role_name() == "table cell":
                        break
                    children.append(child)
            except GLib.Error:
                continue
            todo.extend((c, depth + 1) for c in reversed(children) if c)
        return found

    def find_all(self, kind, name):
        """The visible widgets of a kind ("button", "field", "text" or "any") with this name or name pattern."""
        roles = KINDS.get(kind)
        return [n for n in self.nodes() if (not roles or n.role in roles) and names_match(n.name, name) and n.is_visible]

    def find(self, kind, name):
        found = self.find_all(kind, name)
        return found[0] if found else None

    def wait_for(self, kind, name, seconds=None):
        shown = name.pattern if isinstance(name, re.Pattern) else name
        return wait_until(f'the {kind} "{shown}"', lambda: self.find(kind, name), seconds)

    def wait_gone(self, kind, name, seconds=None):
        shown = name.pattern if isinstance(name, re.Pattern) else name
        wait_until(f'the {kind} "{shown}" to go away', lambda: not self.find(kind, name), seconds)

    def dump(self):
        return "\n".join(f"{'  ' * n.depth}{n!r}{'' if n.is_enabled else ' (disabled)'}" for n in self.nodes())

    # ---- acting ----------------------------------------------------------------------------------------------------

    def xdotool(self, *arguments):
        try:
            return subprocess.run(["xdotool", *arguments], check=True, timeout=DEADLINE_SECS, capture_output=True, text=True).stdout
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            self.check_alive()
            raise Failure(f"xdotool {' '.join(arguments)} failed: {error}") from None

    def settled(self, kind, name, seconds=None):
        """The widget, once it is enabled and no longer moves."""
        last = [None]

        def probe():
            node = self.find(kind, name)
            still = node and node.is_enabled and last[0] == node.box
            last[0] = node.box if node else None
            return node if still else None
        shown = name.pattern if isinstance(name, re.Pattern) else name
        return wait_until(f'the {kind} "{shown}" to be there and enabled', probe, seconds)

    def click(self, kind, name, seconds=None):
        node = self.settled(kind, name, seconds)
        self.click_at(*node.centre)
        return node

    def click_at(self, x, y, button=1):
        self.xdotool("mousemove", str(x), str(y), "click", str(button))

    def hover(self, x, y):
        self.xdotool("mousemove", str(x), str(y))

    def double_click_at(self, x, y):
        self.xdotool("mousemove", str(x), str(y), "click", "--repeat", "2", "--delay", "60", "1")

    def scroll_at(self, x, y, notches):
        """Turns the wheel: a positive number goes down."""
        self.xdotool("mousemove", str(x), str(y), "click", "--repeat", str(abs(notches)), "--delay", "20",
                     "5" if notches > 0 else "4")

    def key(self, *keys):
        self.xdotool("key", "--delay", "20", *keys)

    def type(self, text):
        """Types plain ASCII text (xdotool loses other characters)."""
        self.xdotool("type", "--delay", "15", text)

    def fill(self, name, text):
        """Clicks the field, replaces its text, and checks that it arrived."""
        self.click("field", name)
        wait_until(f'the field "{name}" to have the keyboard',
                   lambda: any(n.has("FOCUSED") for n in self.find_all("field", name)))
        self.key("ctrl+a")
        self.type(text)
        wait_until(f'the field "{name}" to hold the typed text',
                   lambda: any(n.text.strip() == text for n in self.find_all("field", name) if n.role != "password text")
                   or any(len(n.text) >= 1 for n in self.find_all("field", name) if n.role == "password text"))

    # ---- pictures --------------------------------------------------------------------------------------------------

    def screenshot(self, path):
        """One picture of the whole screen, taken when two in a row are the same (or after three seconds)."""
        last, until = None, time.monotonic() + 3
        while True:
            subprocess.run(["scrot", "-o", path], check=True, timeout=DEADLINE_SECS)
            with open(path, "rb") as picture:
                now = picture.read()
            if now == last or time.monotonic() > until:
                return
            last = now
