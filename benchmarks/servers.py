"""Servers under test: started in a process group of their own, measured from outside, and ended."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.client import Request, http_message
from benchmarks.texts import MixText

ROOT = Path(__file__).parents[1]
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "TOKENIZERS_NUM_THREADS",
    "SCAMSCREEN_THREADS",
)
READY_SECONDS = 180
_STOP_SECONDS = 20


class ServerError(Exception):
    """A server did not start."""


@dataclass(frozen=True, slots=True)
class Server:
    """How a server is started and spoken to.

    Attributes:
        name: what the table calls it.
        command: its program and arguments; `{port}` stands for the port.
        path: where texts are posted.
        ready_path: answers 200 once the model is loaded.
        body: texts -> the JSON that asks for them.
        texts_answered: JSON of an answer -> for how many texts it holds a whole answer.
        answers_records: whether its answers are ours: records with ids, to be compared one by one.
        absent: why it cannot be started here, or "".
        environment: variables of its own.
    """

    name: str
    command: tuple[str, ...]
    path: str
    ready_path: str
    body: Callable[[Sequence[MixText]], object]
    texts_answered: Callable[[object], int]
    answers_records: bool = False
    absent: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is ready.

    Attributes:
        ready_seconds: from the start of its program to the first 200 of its ready path.
    """

    server: Server
    port: int
    process: psutil.Process
    ready_seconds: float

    def cpu_seconds(self) -> float:
        """Return the processor time of all its processes so far."""
        total = 0.0
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def resident_mib(self) -> float:
        """Return its memory: of all its processes, pages they share counted once where the system tells."""
        total = 0.0
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                total += resident_bytes(process)
        return total / 2**20

    def _processes(self) -> list[psutil.Process]:
        try:
            return [self.process, *self.process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def requests(self, texts: Sequence[MixText], per_request: int) -> list[Request]:
        """Return requests of `per_request` texts each that go once through all texts."""
        return [
            Request(
                http_message(
                    self.port,
                    self.server.path,
                    json.dumps(
                        self.server.body(texts[start : start + per_request]), ensure_ascii=False
                    ).encode(),
                ),
                tuple(range(start, start + per_request)),
            )
            for start in range(0, len(texts) - per_request + 1, per_request)
        ]


def resident_bytes(process: psutil.Process) -> float:
    """Return the memory of one process: its share of every page on Linux, all resident pages elsewhere."""
    try:
        return float(process.memory_full_info().pss)
    except (AttributeError, psutil.AccessDenied):
        return float(process.memory_info().rss)


@contextmanager
def started(server: Server, folder: Path, *, threads: int) -> Iterator[Running]:
    """Start a server with a budget of threads, yield it when it is ready, end it with all its processes.

    Args:
        server: which.
        folder: takes what it writes, in `<name>.log`, and what it keeps.
        threads: how many threads each of its numeric libraries may use.

    Raises:
        ServerError: it ended, or was not ready within `READY_SECONDS`.
    """
    port = _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{server.name.replace(' ', '_')}.log"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SCAMSCREEN_")}
    environment = {
        **inherited,  # but never the store, the model or a channel of a service that is at work here
        **dict.fromkeys(_THREAD_VARIABLES, str(threads)),
        "BENTOML_HOME": str(folder / "bentoml"),
        "BENTOML_DO_NOT_TRACK": "True",
        "SCAMSCREEN_HOME": str(folder / "home"),
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": str(ROOT),
        **server.environment,
    }
    began = time.perf_counter()
    with log.open("wb") as written:
        process = psutil.Popen(
            [part.format(port=port) for part in server.command],
            cwd=ROOT,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}{server.ready_path}", server.name, log)
        yield Running(server, port, process, time.perf_counter() - began)
    finally:
        _end(process)


def _wait_until_ready(process: psutil.Popen, url: str, name: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerError(f"{name} ended before it was ready: see {log}")
        with (
            suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(url, timeout=5) as answer,  # noqa: S310 (our own http address)
        ):
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise ServerError(f"{name} was not ready within {READY_SECONDS} seconds: see {log}")


def _end(process: psutil.Popen) -> None:
    """Ask the server to stop; whatever of its process group is left then is killed."""
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        with suppress(psutil.TimeoutExpired):
            process.wait(timeout=_STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])
