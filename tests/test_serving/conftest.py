"""One real server, shared by the tests that need a process of its own; stores of both kinds."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import httpx
import psutil
import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

import models
import serving.service
from benchmarks.children import ending_with_us
from benchmarks.postgresql import Postgresql, private_postgresql
from serving.cli import main
from serving.store.home import DATABASE_FILE, KEY_FILE, Store, default_url, open_store
from serving.store.organisations import Actor, local_actors
from tests.fakes import FakeScreener
from tests.stored import NOW_MS

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running service, and everything it has written."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def written(self) -> bytes:
        """Return stdout, stderr and every file below BENTOML_HOME, one after the other."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())


DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords quickly in this process: tests sign in more often than people."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("people", "sign_in"):
            patch.setattr(f"serving.store.access.{module}.HASHER", quick)
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """A real one; where none can be had the tests that need it fail."""
    with private_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a store with nothing in it: to make one takes ten times as long as to copy it."""
    home = tmp_path_factory.mktemp("empty") / "home"
    open_store(default_url(home), home / KEY_FILE).database.close()
    return home


@pytest.fixture(scope="session")
def empty_database(postgresql: Postgresql, empty_home: Path) -> str:
    """The URL of a database with nothing in it but the tables, of the same keys."""
    url = postgresql.new_database()
    open_store(url, empty_home / KEY_FILE).database.close()
    return url


@pytest.fixture
def own_home(empty_home: Path, tmp_path: Path) -> Path:
    """The home of a store of the test's own, with nothing in it."""
    return shutil.copytree(empty_home, tmp_path / "home")


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, own_home: Path) -> str:
    """The URL of a store with nothing in it, of either kind; its keys are in `own_home`."""
    if request.param == "sqlite":
        return default_url(own_home)
    (own_home / DATABASE_FILE).unlink()
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.new_database(request.getfixturevalue("empty_database"))


def new_store_url(request: pytest.FixtureRequest, folder: Path) -> str:
    """Return the URL of a store that is yet to be made, of either kind."""
    if request.param == "sqlite":
        return default_url(folder / "home")
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.new_database()


@contextmanager
def service_in_process(
    home: Path, store_url: str, load: Callable[..., FakeScreener] = lambda *_, **__: FakeScreener()
) -> Iterator[TestClient]:
    """The whole service in this process, with a fake model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCAMSCREEN_HOME", str(home))
        patch.setenv("SCAMSCREEN_STORE", store_url)
        patch.setenv("SCAMSCREEN_OPEN", "1")
        patch.setattr(models, "load_screener", load)
        patch.setattr(serving.service, "configure_logging", lambda: None)
        app = serving.service.ScamScreen.to_asgi()
        with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5000)) as client:
            yield client


@pytest.fixture
def store(store_url: str, own_home: Path) -> Iterator[Store]:
    opened = open_store(store_url, own_home / KEY_FILE)
    yield opened
    opened.database.close()


@pytest.fixture
def actor(store: Store) -> Actor:
    return store.database.write(lambda connection: local_actors(connection, now_ms=NOW_MS))[0]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("bentoml")
    port = free_port()
    process = start_serving(
        "tests.test_serving.fake_service:ScamScreen", port, folder, {"SCAMSCREEN_OPEN": "1"}
    )
    try:
        running = Server(port, folder)
        wait_until_ready(running, process)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        finally:
            end_serving(process)


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without the open mode, with a fake model; webhooks may lead to this machine."""
    running = Server(free_port(), tmp_path_factory.mktemp("closed"))
    process = start_serving(
        "tests.test_serving.fake_service:ScamScreen",
        running.port,
        running.folder,
        {"SCAMSCREEN_WEBHOOK_PRIVATE": "1"},
    )
    try:
        wait_until_ready(running, process)
        yield running
    finally:
        process.terminate()
        end_serving(process)


def scamscreen(*arguments: str) -> str:
    """Run a command in this process; return what it writes to the standard output."""
    written = StringIO()
    with redirect_stdout(written), redirect_stderr(StringIO()):
        assert main(arguments) == 0
    return written.getvalue()


def command(server: Server, *arguments: str, typed: str = "") -> str:
    """Run a command beside the server, on the same store; `typed` is its input."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCAMSCREEN_HOME", str(server.folder / "home"))
        patch.setattr(sys, "stdin", StringIO(typed))
        return scamscreen(*arguments).strip()


def start_serving(
    service: str, port: int, folder: Path, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a service as `scamscreen serve` does; what it writes goes to files in the folder.

    On Linux it ends with the tests, even if those are killed.
    """
    with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
        return subprocess.Popen(
            [sys.executable, "-m", "serving.supervisor", service, "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env={
                **os.environ,
                "BENTOML_HOME": str(folder),
                "BENTOML_DO_NOT_TRACK": "True",
                "SCAMSCREEN_HOME": str(folder / "home"),
                "SCAMSCREEN_STORE": "",  # and not that of a service in this process
                **environment,
            },
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=ending_with_us(),  # noqa: PLW1509 (one system call)
        )


def end_serving(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers at once, whatever they do."""
    with suppress(psutil.NoSuchProcess):
        server = psutil.Process(process.pid)
        server.suspend()  # or it would start others
        everybody = [server, *server.children(recursive=True)]  # a worker has a session of its own
        for one in everybody:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(everybody, timeout=READY_SECONDS)
    process.wait()


def wait_until_ready(running: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(base_url=running.url, timeout=1) as client:
        while time.monotonic() < deadline:
            assert process.poll() is None, running.written().decode(errors="replace")
            with suppress(httpx.TransportError):
                if client.get("/readyz").status_code == 200:
                    return
            time.sleep(0.1)
    raise AssertionError(f"not ready within {READY_SECONDS} seconds")


def eventually(is_so: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "not so in time"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])
