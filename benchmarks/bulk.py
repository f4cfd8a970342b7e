"""Bulk runs through the command line: rate, and the memory of its process from start to end."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.servers import ROOT, resident_bytes

_SAMPLE_SECONDS = 0.5


class BulkError(Exception):
    """A bulk run failed."""


@dataclass(frozen=True, slots=True)
class BulkRun:
    """One run of `scamscreen screen`.

    Attributes:
        rows: records written; one per row of the input, or the run is an error.
        seconds: of the whole command, loading included.
        quarters_mib: highest memory in each quarter of its time.
    """

    rows: int
    seconds: float
    cpu_seconds: float
    quarters_mib: tuple[float, float, float, float]

    @property
    def rows_per_second(self) -> float:
        """Rows over the time of the whole command."""
        return self.rows / self.seconds

    @property
    def peak_mib(self) -> float:
        """Highest memory of the run."""
        return max(self.quarters_mib)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {**asdict(self), "rows_per_second": self.rows_per_second, "peak_mib": self.peak_mib}


class MemorySampler:
    """Notes the memory of a process and of those below it, twice a second."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.samples_mib: list[float] = []
        self.cpu_seconds = 0.0

    def __enter__(self) -> "MemorySampler":
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.is_set():
            with suppress(psutil.Error):
                family = [self._process, *self._process.children(recursive=True)]
                self.samples_mib.append(sum(map(resident_bytes, family)) / 2**20)
                self.cpu_seconds = sum(one.cpu_times().user + one.cpu_times().system for one in family)
            self._stop.wait(_SAMPLE_SECONDS)


def quarters(samples: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the highest sample of each quarter; of fewer than four, the highest each time."""
    if len(samples) < 4:
        return (max(samples, default=0.0),) * 4
    cuts = [len(samples) * part // 4 for part in range(5)]
    first, second, third, last = (max(samples[cuts[part] : cuts[part + 1]]) for part in range(4))
    return first, second, third, last


def screen_file(
    rows: Path, output: Path, *, options: Sequence[str] = (), environment: Mapping[str, str]
) -> BulkRun:
    """Run `scamscreen screen ROWS --output OUTPUT` and return what it took.

    Args:
        rows: JSONL.
        output: JSONL; overwritten.
        options: further arguments of the command.
        environment: the whole environment of the process.

    Raises:
        BulkError: the command failed, or did not write one record per row.
    """
    command = [sys.executable, "-m", "serving.cli", "screen", str(rows), "--output", str(output), *options]
    log = output.with_suffix(".log")
    started = time.perf_counter()
    with log.open("wb") as written:
        process = psutil.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=written, stderr=subprocess.STDOUT
        )
        with MemorySampler(process) as sampler:
            code = process.wait()
    seconds = time.perf_counter() - started
    if code != 0:
        raise BulkError(f"scamscreen screen ended with {code}: see {log}")
    expected, found = count_lines(rows), count_lines(output)
    if expected != found:
        raise BulkError(f"{expected:,} rows went in, {found:,} records came out")
    return BulkRun(found, seconds, sampler.cpu_seconds, quarters(sampler.samples_mib))


def count_lines(path: Path) -> int:
    """Return how many lines a file has."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def records(path: Path) -> list[dict[str, Any]]:
    """Return what decides of every record: stage, flags and context labels."""
    kept = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            kept.append({key: record.get(key) for key in ("id", "stage", "flags", "context_labels")})
    return kept
