"""`make bench`: everything in at most a quarter of an hour, in one run on one machine."""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks import bulk, contenders, in_process, machine
from benchmarks.loads import CLOSED, COMPARED, OPEN_SIZES, Served, not_there, serve_loads
from benchmarks.onnx_export import export_for_all
from benchmarks.outcome import Expected
from benchmarks.plan import Plan, plan_for
from benchmarks.profile import Breakdown, measured_breakdown
from benchmarks.screening import records_per_second
from benchmarks.servers import Server, ServerError, started
from benchmarks.small_machine import SmallMachine, measured_apart
from benchmarks.texts import MixText, build_texts, write_rows, written_pools
from models.artifact import load_artifact

MINUTES = 15
"""Names the folder of the service's compiled models."""
_CALIBRATION_TEXTS, _CALIBRATION_SECONDS = 512, 3.0
Result = TypeVar("Result")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds until the service answers, and its memory then."""

    first_seconds: float
    again_seconds: float
    resident_mib: float


@dataclass(frozen=True, slots=True)
class Short:
    """Everything one run measured.

    Attributes:
        alone: in one process.
        rate_around: whole records a second in one process just before and just after the HTTP loads.
        served: the service first, then its alternative, then the others.
    """

    machine: dict[str, Any]
    threads: int
    plan: Plan
    alone: in_process.Alone
    breakdown: Breakdown
    rate_around: tuple[float, float]
    starts: Starts
    served: tuple[Served, ...]
    small_machine: SmallMachine
    bulk: bulk.BulkRun
    minutes: float

    @property
    def rate(self) -> float:
        """Whole records a second in one process, around the HTTP loads."""
        return sum(self.rate_around) / 2

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON, without what was expected of every text."""
        alone = asdict(self.alone)
        del alone["expected"]
        return {
            "machine": self.machine,
            "threads": self.threads,
            "plan": self.plan.to_dict(),
            "in_process": alone,
            "breakdown": asdict(self.breakdown),
            "rate_around": self.rate_around,
            "starts": asdict(self.starts),
            "served": [served.to_dict() for served in self.served],
            "small_machine": asdict(self.small_machine),
            "bulk": self.bulk.to_dict(),
            "minutes": self.minutes,
        }


def run_short(
    folder: Path,
    *,
    threads: int,
    say: Say,
    minutes: float = MINUTES,
    seconds: float | None = None,
    texts: int | None = None,
    rows: int | None = None,
    infinity_python: Path = contenders.INFINITY_PYTHON,
) -> Short:
    """Measure everything.

    Args:
        folder: takes exports, logs of servers and the rows of the bulk run.
        threads: budget of every side.
        say: told what is being done.
        minutes: how long it may take; less is measured on a slow machine.
        seconds: of each measurement; None takes what there is time for, as for the two below.
        texts: how many different ones.
        rows: of the bulk run.
        infinity_python: of the virtual environment in which Infinity is installed.
    """
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    say("how fast is this machine?")
    rate = apart(records_per_second, _CALIBRATION_TEXTS, _CALIBRATION_SECONDS, threads)
    plan = plan_for(rate, minutes * 60, seconds=seconds, texts=texts, rows=rows)
    say(f"about {rate:.0f} documents/s; {plan.scaled or 'nothing is scaled down'}")
    export = apart(export_for_all, folder)
    say("in one process")
    alone = apart(in_process.measure, export, plan.texts, plan.seconds, threads)
    breakdown = apart(measured_breakdown, plan.texts, threads)
    say("starting the service twice")
    starts = measure_starts(folder, threads=threads)
    before = apart(records_per_second, plan.texts, plan.seconds, threads)
    mix_texts = list(build_texts(plan.texts, written_pools()))
    under_test = UnderTest(folder, mix_texts, alone.expected, plan.seconds, threads)
    say(contenders.SCAMSCREEN)
    served = [measure_server(contenders.scamscreen(), under_test, all_loads=True)]
    after = apart(records_per_second, plan.texts, plan.seconds, threads)
    others = contenders.competitors(
        export, max_tokens=load_artifact().config.window_tokens, infinity_python=infinity_python
    )
    for server in (contenders.adaptive(), *others):
        say(f"{server.name}{': ' if server.absent else ''}{server.absent}")
        served.append(measure_server(server, under_test))
    say("one thread, instructions capped at AVX2")
    small_machine = measured_apart(min(plan.texts, _CALIBRATION_TEXTS), plan.seconds)
    say(f"bulk run of {plan.rows:,} rows")
    return Short(
        machine=apart(machine.describe),
        threads=threads,
        plan=plan,
        alone=alone,
        breakdown=breakdown,
        rate_around=(before, after),
        starts=starts,
        served=tuple(served),
        small_machine=small_machine,
        bulk=_bulk_run(folder, plan.rows, threads),
        minutes=(time.monotonic() - began) / 60,
    )


def apart(function: Callable[..., Result], *arguments: object) -> Result:
    """Return what a function returns in a new process, of which nothing stays in memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def measure_starts(folder: Path, *, threads: int) -> Starts:
    """Return how soon the service is ready, the first time and once its files are in the system's memory."""
    server = contenders.scamscreen(contenders.NO_CACHE)
    with started(server, folder / "servers", threads=threads) as first:
        first_seconds = first.ready_seconds
    with started(server, folder / "servers", threads=threads) as again:
        return Starts(first_seconds, again.ready_seconds, again.resident_mib())


@dataclass(frozen=True, slots=True)
class UnderTest:
    """What all servers are measured with.

    Attributes:
        folder: takes what they write.
        texts: their ids are their indices.
        expected: what a record must say, text by text.
        seconds: of each load.
        threads: of each server.
    """

    folder: Path
    texts: Sequence[MixText]
    expected: Sequence[Expected]
    seconds: float
    threads: int


def measure_server(server: Server, under_test: UnderTest, *, all_loads: bool = False) -> Served:
    """Return the figures of one server, or why there are none."""
    if server.absent:
        return not_there(server.name, server.absent)
    try:
        with started(server, under_test.folder / "servers", threads=under_test.threads) as running:
            return serve_loads(
                running,
                under_test.texts,
                under_test.expected if server.answers_records else None,
                seconds=under_test.seconds,
                sizes=tuple(CLOSED) if all_loads else COMPARED,
                open_sizes=OPEN_SIZES if all_loads else (),
            )
    except ServerError as error:
        return not_there(server.name, str(error))


def _bulk_run(folder: Path, rows: int, threads: int) -> bulk.BulkRun:
    path = folder / "rows.jsonl"
    write_rows(build_texts(rows, written_pools(), seed=1), path)
    environment = {**os.environ, **contenders.NO_CACHE, "SCAMSCREEN_THREADS": str(threads)}
    return bulk.screen_file(path, folder / "records.jsonl", environment=environment)
