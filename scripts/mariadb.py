"""A real MariaDB in folders of its own: servers, a writer that knows when each row was committed, backups as SkySQL would list them,
and restores of exactly what a chain names.

Servers listen on unix sockets only, unless one is replicated from: then on 127.0.0.1.
Needs: mariadbd, mariadb-install-db, mariadb, mariadb-backup, mariadb-dump, mariadb-binlog.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

# mariadb-binlog reads a stop time in the zone of its process.
ENVIRONMENT = dict(os.environ, TZ="UTC", LC_ALL="C", PATH=os.environ.get("PATH", "") + ":/usr/sbin")
AS_ROOT = ["--user=root"] if os.geteuid() == 0 else []
START_SECS = 60
POSITION = re.compile(r"MASTER_LOG_FILE='([^']+)', MASTER_LOG_POS=(\d+)")
SERVICE = "dbpgf00000001"


class Failure(Exception):
    """MariaDB did something else than what the case is about."""


class NotStarted(Failure):
    """A server ended before anybody could sign in."""


class Result:
    """What a program said, and its exit code."""

    def __init__(self, done):
        self.code, self.text = done.returncode, done.stdout or ""

    def is_completed(self):
        return self.code == 0 and "completed OK!" in self.text


def run(*command, stdin=None):
    """Runs a program to its end; its error output counts as output."""
    done = subprocess.run([str(part) for part in command], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENVIRONMENT,
                          text=True, errors="replace", check=False)
    return Result(done)


def must(result, what):
    if result.code != 0:
        raise Failure(f"{what} ended with {result.code}: {result.text[-800:]}")
    return result


def rfc3339(second):
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Session:
    """One connection, and what it prints for each statement."""

    MARK = "--done--"

    def __init__(self, server):
        self.process = subprocess.Popen(server.client("-N", "-B", "-n"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT)

    def send(self, statements):
        """Without waiting for the result."""
        self.process.stdin.write(f"{statements};\nSELECT '{self.MARK}';\n")
        self.process.stdin.flush()

    def result(self):
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n") == self.MARK:
                return lines
            lines.append(line.rstrip("\n"))
        raise Failure(f"a session ended: {lines}")

    def run(self, statements):
        self.send(statements)
        return self.result()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Server:
    """A mariadbd over a data folder."""

    def __init__(self, data, *options, server_id=1, port=None):
        self.data, self.options, self.server_id, self.port = Path(data), options, server_id, port
        self.socket, self.log, self.process = f"{data}.sock", Path(f"{data}.log"), None

    def start(self):
        network = [f"--port={self.port}", "--bind-address=127.0.0.1"] if self.port else ["--skip-networking"]
        command = ["mariadbd", "--no-defaults", *AS_ROOT, f"--datadir={self.data}", f"--socket={self.socket}", f"--pid-file={self.data}.pid",
                   "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M", "--innodb-flush-log-at-trx-commit=2",
                   "--log-bin=mariadb-bin", f"--server-id={self.server_id}", *network, *self.options]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT)
        until = time.monotonic() + START_SECS
        while run(*self.client("-e", "SELECT 1")).code != 0:
            if self.process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise NotStarted(last_words(self.log.read_text(errors="replace")))
            time.sleep(0.05)
        return self

    def client(self, *arguments):
        # seq_1_to_1000 is a table of whatever database is used.
        return ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "--database=mysql", *arguments]

    def sql(self, statements, stdin=None):
        """The lines of the result."""
        arguments = ["-N", "-B"] if stdin else ["-N", "-B", "-e", statements]
        return must(run(*self.client(*arguments), stdin=stdin), f"SQL ({statements[:60]})").text.splitlines()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def frozen(self, copy):
        """Does something while the server stands still."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            copy()
        finally:
            self.process.send_signal(signal.SIGCONT)


class Writer(threading.Thread):
    """Commits row after row, and keeps when each began and when it was committed."""

    def __init__(self, server, table="app.t", pause=0.008):
        super().__init__(daemon=True)
        self.session, self.table, self.pause = Session(server), table, pause
        self.rows, self.is_over, self.error = [], threading.Event(), None

    def run(self):
        key = 0
        while not self.is_over.wait(self.pause):
            key += 1
            begun = time.time()
            try:
                self.session.run(f"INSERT INTO {self.table} VALUES ({key})")
            except (Failure, OSError) as error:
                self.error = error
                return
            self.rows.append((key, begun, time.time()))

    def stop(self):
        self.is_over.set()
        self.join()
        self.session.close()
        if self.error:
            raise Failure(f"the writer: {self.error}")

    def committed_by(self, moment):
        return {key for key, _, ended in self.rows if ended < moment}

    def begun_from(self, moment):
        return {key for key, begun, _ in self.rows if begun >= moment}


class Backup:
    """One backup: its row as SkySQL would list it, and its files."""

    def __init__(self, row, path, released=None):
        self.row, self.path = row, Path(path)
        # When commits could go on again: before this, all of them are in it.
        self.released = released
        self.id, self.kind = row["id"], row["type"]
        self.start, self.end = (datetime.fromisoformat(row[name]).timestamp() for name in ("start_time", "end_time"))

    def checkpoint(self):
        """Where the next incremental begins."""
        lines = info_file(self.path, "checkpoints").read_text().splitlines()
        return next(int(line.removeprefix("to_lsn = ")) for line in lines if line.startswith("to_lsn = "))


class World:
    """A source server with its backups, and the servers that these are restored to."""

    def __init__(self, folder, template, *options, schema="CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY) ENGINE=InnoDB"):
        self.folder, self.template = Path(folder), template
        self.backups, self.servers, self.made = [], [], 0
        self.source = self.server("source", *options)
        if schema:
            self.source.sql(schema)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        self.made += 1
        return self.folder / f"{self.made}-{name}"

    def server(self, name, *options, data=None, **settings):
        """A new server, over a data folder or an empty one."""
        if data is None:
            data = self.path(name)
            shutil.copytree(self.template, data)
        server = Server(data, *options, **settings)
        self.servers.append(server)
        return server.start()

    def free_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def find(self, backup_id):
        return next(backup for backup in self.backups if backup.id == backup_id)

    # Backups

    def keep(self, kind, path, start, end, log=(), released=None, **fields):
        row = {"id": f"{kind}-{len(self.backups) + 1}", "service_id": SERVICE, "type": kind, "status": "Succeeded", "server_pod": "pod-0",
               "start_time": rfc3339(start), "end_time": rfc3339(end), "storage_bytes": 1 + size(path)}
        row.update(zip(("binlog_file", "binlog_position", "binlog_gtid_position"), log), **fields)
        self.backups.append(Backup(row, path, released))
        return self.backups[-1]

    def physical(self, onto=None, server=None, held_up=0.0):
        """A full backup, or an incremental of another one. Times and position are those that mariadb-backup writes; `held_up` is for
        how long it stands still after it has let commits go on."""
        path, server = self.path("incremental" if onto else "full"), server or self.source
        options = [f"--incremental-basedir={onto.path}"] if onto else []
        command = ["mariadb-backup", "--no-defaults", "--backup", f"--socket={server.socket}", "--user=root", f"--target-dir={path}", *options]
        said, released = [], None
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENVIRONMENT, text=True, errors="replace") as process:
            for line in process.stdout:
                said.append(line)
                if "Starting BACKUP STAGE END" in line:
                    released = time.time()
                if held_up and "All tables unlocked" in line:
                    process.send_signal(signal.SIGSTOP)
                    time.sleep(held_up)
                    process.send_signal(signal.SIGCONT)
        if process.returncode != 0 or "completed OK!" not in said[-1]:
            raise Failure(f"mariadb-backup: {''.join(said)[-600:]}")
        info = dict(line.split(" = ", 1) for line in info_file(path, "info").read_text().splitlines() if " = " in line)
        start, end = (datetime.fromisoformat(info[name] + "+00:00").timestamp() for name in ("start_time", "end_time"))
        log = info_file(path, "binlog_info").read_text().rstrip("\n").split("\t")
        full = {"reference_full_backup": onto.row.get("reference_full_backup", onto.id)} if onto else {}
        return self.keep("incremental" if onto else "full", path, start, end, log, released, **full)

    def dump(self, *options, databases=("app",), slowly=0.0):
        """A dump; `slowly` is for how long its reader stands still after the first part of it."""
        path, start = self.path("dump.sql"), time.time()
        what = ["--databases", *databases] if databases else ["--all-databases"]
        command = ["mariadb-dump", "--no-defaults", f"--socket={self.source.socket}", "--user=root", *options, *what]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as process, open(path, "wb") as file:
            file.write(process.stdout.read(4096))
            time.sleep(slowly)
            shutil.copyfileobj(process.stdout, file)
            if process.wait() != 0:
                raise Failure(f"mariadb-dump: {process.stderr.read()[-600:]}")
        log = POSITION.search(path.read_text(errors="replace"))
        return self.keep("dump", path, start, time.time(), log.groups() if log else ())

    def snapshot(self):
        """The files at one moment, as a disk would freeze them."""
        path, start = self.path("snapshot"), time.time()
        self.source.frozen(lambda: shutil.copytree(self.source.data, path))
        for log in path.glob("mariadb-bin.*"):
            log.unlink()
        moment = rfc3339(start).replace("T", " ").removesuffix("Z")
        return self.keep("snapshot", path, start, time.time(), point_in_time=moment)

    def logs(self):
        """Closes the log that is written, and keeps it. Its GTID is that of the end of it."""
        name, position = self.source.sql("SHOW MASTER STATUS")[0].split("\t")[:2]
        self.source.sql("FLUSH BINARY LOGS")
        start, path = time.time(), self.path("logs")
        gtid = self.source.sql("SELECT @@gtid_binlog_pos")[0]
        path.mkdir()
        shutil.copy(self.source.data / name, path / name)
        return self.keep("binarylog", path, start, time.time(), (name, position, gtid))

    # Restores

    def prepare(self, full, incrementals, fresh=True):
        """The folder of a full backup with incrementals applied, and what was said for each. An incremental is used up by it."""
        target, said = self.path("restored"), []
        shutil.copytree(full.path, target)
        said.append(run("mariadb-backup", "--no-defaults", "--prepare", f"--target-dir={target}"))
        for incremental in incrementals:
            files = incremental.path
            if fresh:
                files = self.path("applied")
                shutil.copytree(incremental.path, files)
            said.append(run("mariadb-backup", "--no-defaults", "--prepare", f"--target-dir={target}", f"--incremental-dir={files}"))
        return target, said

    def restore(self, chain, until=None, server_options=()):
        """A server with what the backups of this chain hold, and its logs applied up to, not including, a moment."""
        base, *rest = chain
        logs = [backup for backup in rest if backup.kind == "binarylog"]
        incrementals = [backup for backup in rest if backup.kind == "incremental"]
        if base.kind == "dump":
            server = self.server("restored", *server_options, server_id=2)
            with open(base.path, "rb") as file:
                server.sql("", stdin=file)
        else:
            data, said = (base.path, []) if base.kind == "snapshot" else self.prepare(base, incrementals)
            failed = next((result for result in said if not result.is_completed()), None)
            if failed:
                raise Failure(f"prepare: {last_words(failed.text)}")
            server = self.server("restored", *server_options, data=data, server_id=2)
        if logs:
            self.replay(server, (incrementals or [base])[-1], logs, until)
        return server

    def replay(self, server, start, logs, until):
        files = [backup.path / backup.row["binlog_file"] for backup in logs]
        stop = [f"--stop-datetime={datetime.fromtimestamp(until, timezone.utc):%Y-%m-%d %H:%M:%S}"] if until else []
        events, said = self.path("events.sql"), self.path("events.err")
        with open(events, "wb") as out, open(said, "wb") as err:
            done = subprocess.run(["mariadb-binlog", "--no-defaults", f"--start-position={start.row['binlog_position']}", *stop, *files],
                                  stdout=out, stderr=err, env=ENVIRONMENT, check=False)
        if done.returncode != 0:
            raise Failure(f"mariadb-binlog: {said.read_text()[-400:]}")
        with open(events, "rb") as file:
            server.sql("the logs", stdin=file)


def version():
    """`(10, 11, 19)`."""
    return tuple(int(part) for part in re.search(r"Ver (\d+)\.(\d+)\.(\d+)", run("mariadbd", "--version").text).groups())


def keys(server, table="app.t"):
    return {int(line) for line in server.sql(f"SELECT id FROM {table}")}


def info_file(folder, name):
    """`xtrabackup_info` until MariaDB 10, `mariadb_backup_info` since."""
    return next(folder / f"{tool}_{name}" for tool in ("xtrabackup", "mariadb_backup") if (folder / f"{tool}_{name}").exists())


def last_words(text):
    lines = [line for line in text.splitlines() if re.search(r"\[?ERROR\]?|error:|FATAL", line)]
    return (lines or text.splitlines() or [""])[-1].strip()


def size(path):
    path = Path(path)
    return path.stat().st_size if path.is_file() else sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def install(folder):
    """A data folder without anything in it, to be copied."""
    must(run("mariadb-install-db", "--no-defaults", *AS_ROOT, f"--datadir={folder}", "--auth-root-authentication-method=normal",
             "--skip-test-db"), "mariadb-install-db")
    return folder
