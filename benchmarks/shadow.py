"""What a candidate beside the live model costs the live path: `python -m benchmarks.shadow`.

Pairs of runs of the service, one with `SCAMSCREEN_SHADOW` and one without, who is first changing from pair to
pair. Stored reports come in meanwhile, for the candidate reads nothing else. Of each run: how many documents
a second it screens when it is asked for all it can, and how soon it answers at half of that.
"""

import argparse
import json
import shutil
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from benchmarks.client import Run, arrivals, closed_loop, open_loop
from benchmarks.contenders import NO_CACHE, scamscreen
from benchmarks.machine import describe
from benchmarks.outcome import ACCEPTED, percentile
from benchmarks.servers import ServerError, started
from benchmarks.stored import reports_of, write_result
from benchmarks.texts import MixText, build_texts, written_pools
from models.artifact import DEFAULT_ARTIFACT, load_artifact
from models.errors import ScamScreenError
from training.export import write_manifest

PER_REQUEST = 8
IN_THE_AIR = 8
SHARE_OF_CAPACITY = 0.5
REPORTS_PER_SECOND = 10.0
SEED = 72
_WARM_UP_SECONDS = 3.0
_DRAWS = 2000


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="(default: 5)")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each load (default: 30)")
    parser.add_argument("--candidate", type=Path, default=DEFAULT_ARTIFACT, help="(default: the shipped one)")
    parser.add_argument("--texts", type=int, default=4000, help="different texts (default: 4,000)")
    parser.add_argument("--output", type=Path, default=Path("runs/shadow.json"))
    options = parser.parse_args()
    try:
        measure(options)
    except (ScamScreenError, ServerError) as error:
        parser.exit(1, f"shadow: {error}\n")


def measure(options: argparse.Namespace) -> None:
    """Do what `main` was asked for.

    Raises:
        ScamScreenError: the candidate cannot be used.
        ServerError: the service did not start.
    """
    load_artifact(options.candidate)  # or say at once that it cannot be
    texts = list(build_texts(options.texts, written_pools()))
    pairs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        candidate = another(options.candidate, Path(name))
        rate: float | None = None
        for number in range(options.pairs):
            pair: dict[str, Any] = {}
            for with_shadow in (False, True) if number % 2 == 0 else (True, False):
                folder = Path(name) / f"{number}-{with_shadow}"
                figures = measured(folder, candidate if with_shadow else None, texts, options.seconds, rate)
                rate = rate or figures["open_rate"]
                pair["with" if with_shadow else "without"] = figures
            pairs.append(pair)
    result = {"machine": describe(), "pairs": pairs, "ratios": ratios(pairs)}
    write_result(options.output, result)
    Console().print(_table(result))
    if not all(pair["with"]["compared"] for pair in pairs):
        Console(stderr=True).print(
            "in a run the candidate found no quiet moment and read nothing, and the table says little: the "
            "machine is too busy, or --seconds too short"
        )


def another(candidate: Path, folder: Path) -> Path:
    """Return a copy of an artefact that is another model: the live one would not be compared with itself."""
    copy = Path(shutil.copytree(candidate, folder / "candidate"))
    manifest = load_artifact(copy).manifest
    write_manifest(copy, {**manifest, "version": f"{manifest['version']}-candidate"})
    return copy


def measured(
    folder: Path, candidate: Path | None, texts: Sequence[MixText], seconds: float, rate: float | None
) -> dict[str, Any]:
    """Return the figures of one run of the service.

    Args:
        folder: takes what it writes.
        candidate: what reads beside the live model, or None.
        texts: of requests and reports.
        seconds: of each load.
        rate: requests a second of the open loop; None: half of what this run can do.
    """
    environment = {**NO_CACHE, **({"SCAMSCREEN_SHADOW": str(candidate)} if candidate else {})}
    with started(scamscreen(environment), folder, threads=2) as running:
        requests = running.requests(texts, PER_REQUEST)
        closed_loop(running.port, requests, concurrency=IN_THE_AIR, seconds=_WARM_UP_SECONDS)
        with reporting(running.port, texts):
            most = closed_loop(running.port, requests, concurrency=IN_THE_AIR, seconds=seconds)
            capacity = _answered(most) / most.seconds
            open_rate = rate or SHARE_OF_CAPACITY * capacity
            some = open_loop(running.port, requests, arrivals(open_rate, seconds, seed=SEED))
        latencies = [(one.done - one.due) * 1000 for one in some.answers if one.status == ACCEPTED]
        return {
            "documents_per_second": capacity * PER_REQUEST,
            "open_rate": open_rate,
            "p50_ms": percentile(latencies, 0.5),
            "p99_ms": percentile(latencies, 0.99),
            "not_answered": len(some.answers) - _answered(some),
            "compared": _counted(running.port, "compared"),
            "dropped": _counted(running.port, "dropped"),
            "resident_mib": running.resident_mib(),
        }


@contextmanager
def reporting(port: int, texts: Sequence[MixText]) -> Iterator[None]:
    """Send reports at a steady rate while the block runs."""
    ended = threading.Event()

    def run() -> None:
        start, number = time.monotonic(), 0
        while not ended.wait(max(0.0, start + number / REPORTS_PER_SECOND - time.monotonic())):
            body = json.dumps(reports_of([texts[number % len(texts)]])).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/v1/reports", body, {"Content-Type": "application/json"}
            )
            with (
                suppress(OSError),  # refused or too late: the next one may not be
                urllib.request.urlopen(request, timeout=30) as answer,  # noqa: S310 (our own http address)
            ):
                answer.read()
            number += 1

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join()


def ratios(pairs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the median of with / without over the pairs, and its 95 % interval by bootstrap."""
    result = {}
    for name in ("documents_per_second", "p50_ms", "p99_ms"):
        each = np.array([pair["with"][name] / pair["without"][name] for pair in pairs])
        drawn = np.random.default_rng(0).choice(each, size=(_DRAWS, len(each)))
        low, high = np.quantile(np.median(drawn, axis=1), [0.025, 0.975])
        result[name] = {"ratio": float(np.median(each)), "ratio95": [float(low), float(high)]}
    return result


def _answered(run: Run) -> int:
    return sum(answer.status == ACCEPTED for answer in run.answers)


def _counted(port: int, outcome: str) -> float:
    """Return how many texts the candidate was offered, by what became of them."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        content = answer.read().decode()
    return sum(
        sample.value
        for family in text_string_to_metric_families(content)
        for sample in family.samples
        if sample.name == "scamscreen_shadow_texts_total" and sample.labels.get("outcome") == outcome
    )


def _table(result: dict[str, Any]) -> Table:
    table = Table("", "without", "with", "with / without", "95 %")
    for name, ratio in result["ratios"].items():
        of_each = [median(pair[which][name] for pair in result["pairs"]) for which in ("without", "with")]
        low, high = ratio["ratio95"]
        table.add_row(
            name.replace("_", " "),
            *(f"{value:,.1f}" for value in of_each),
            f"{ratio['ratio']:.3f}",
            f"{low:.3f} to {high:.3f}",
        )
    for name in ("compared", "dropped", "resident_mib"):
        of_each = [median(pair[which][name] for pair in result["pairs"]) for which in ("without", "with")]
        table.add_row(name.replace("_", " "), *(f"{value:,.0f}" for value in of_each), "", "")
    return table


if __name__ == "__main__":
    main()
