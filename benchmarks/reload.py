"""What it costs to put another model to work under load: `python -m benchmarks.reload`.

The service answers requests that arrive at 70 % of what it can do, first undisturbed, then while another
model is chosen ten times. Both have the shipped weights and differ in their version, so in their sha256.
"""

import argparse
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.client import Answer, Run, arrivals, closed_loop, open_loop
from benchmarks.contenders import NO_CACHE, scamscreen
from benchmarks.machine import describe
from benchmarks.outcome import ACCEPTED, REFUSED, percentile
from benchmarks.servers import Running, ServerError, started
from benchmarks.stored import write_result
from benchmarks.texts import MixText, build_texts, written_pools
from models.artifact import DEFAULT_ARTIFACT, load_artifact
from models.errors import ScamScreenError
from models.shelf import Shelf, shelf_in
from training.export import write_manifest

PER_REQUEST = 8
"""Documents: enough for an answer of two models to show."""
IN_THE_AIR = 8
SHARE_OF_CAPACITY = 0.7
SEED = 71
_WARM_UP_SECONDS = 3.0
_LOOK_SECONDS = 0.5


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--switches", type=int, default=10, help="(default: 10)")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between them (default: 15)")
    parser.add_argument("--texts", type=int, default=4000, help="different texts (default: 4,000)")
    parser.add_argument("--output", type=Path, default=Path("runs/reload.json"))
    options = parser.parse_args()
    try:
        measure(options)
    except (ScamScreenError, ServerError) as error:
        parser.exit(1, f"reload: {error}\n")


def measure(options: argparse.Namespace) -> None:
    """Do what `main` was asked for.

    Raises:
        ScamScreenError: a model cannot be used.
        ServerError: the service did not start.
    """
    texts = list(build_texts(options.texts, written_pools()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shelf = shelf_in(folder / "home")
        names = two_models(shelf, folder)
        shelf.use(names[0])
        with started(scamscreen(NO_CACHE), folder, threads=2) as running:
            result = reload(running, shelf, names, texts, switches=options.switches, every=options.every)
    write_result(options.output, {"machine": describe(), **result})
    Console().print(_table(result))
    if (seen := result["switched"]["switches_seen"]) < options.switches:
        Console(stderr=True).print(
            f"{seen} of {options.switches} switches were seen in the answers: this machine loads no model in "
            f"{options.every:g} seconds beside this load, and the table says little; try a longer --every"
        )


def two_models(shelf: Shelf, folder: Path) -> tuple[str, str]:
    """Keep the shipped model twice, under two versions, and return their names."""
    names = []
    for version in ("reload-a", "reload-b"):
        copy = shutil.copytree(DEFAULT_ARTIFACT, folder / version)
        write_manifest(copy, {**load_artifact(copy).manifest, "version": version})
        names.append(shelf.add(copy))
        shutil.rmtree(copy)
    return names[0], names[1]


def reload(
    running: Running,
    shelf: Shelf,
    names: tuple[str, str],
    texts: Sequence[MixText],
    *,
    switches: int,
    every: float,
) -> dict[str, Any]:
    """Return the figures of a load without switches and of the same load with them."""
    requests = running.requests(texts, PER_REQUEST)
    closed_loop(running.port, requests, concurrency=IN_THE_AIR, seconds=_WARM_UP_SECONDS)
    most = closed_loop(running.port, requests, concurrency=IN_THE_AIR, seconds=every)
    rate = SHARE_OF_CAPACITY * sum(answer.status == ACCEPTED for answer in most.answers) / most.seconds
    undisturbed = open_loop(running.port, requests, arrivals(rate, switches * every, seed=SEED))
    memory = [running.resident_mib()]
    with switching(shelf, names, switches, every), watching(running, memory):
        switched = open_loop(running.port, requests, arrivals(rate, (switches + 1) * every, seed=SEED + 1))
    return {
        "requests_per_second": rate,
        "documents_per_request": PER_REQUEST,
        "switches_asked": switches,
        "undisturbed": _figures(undisturbed),
        "switched": _figures(switched),
        "resident_mib": {"before": memory[0], "highest": max(memory), "after": running.resident_mib()},
    }


@contextmanager
def switching(shelf: Shelf, names: tuple[str, str], switches: int, every: float) -> Iterator[None]:
    """Choose the other model again and again while the block runs."""
    ended = threading.Event()

    def run() -> None:
        other = cycle(reversed(names))
        for _ in range(switches):
            if ended.wait(every):
                return
            shelf.use(next(other))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join()


@contextmanager
def watching(running: Running, memory: list[float]) -> Iterator[None]:
    """Note the memory of the service while the block runs."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(_LOOK_SECONDS):
            memory.append(running.resident_mib())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join()


def _figures(run: Run) -> dict[str, Any]:
    accepted = [answer for answer in run.answers if answer.status == ACCEPTED]
    latencies = [(answer.done - answer.due) * 1000 for answer in accepted]
    models = [_models(answer) for answer in sorted(accepted, key=lambda one: one.due)]
    alone = [next(iter(one)) for one in models if len(one) == 1]
    return {
        "requests": len(run.answers),
        "failed": sum(answer.status not in (ACCEPTED, REFUSED) for answer in run.answers),
        "refused": sum(answer.status == REFUSED for answer in run.answers),
        "mixed": sum(len(one) > 1 for one in models),
        "incomplete": sum(not one for one in models),
        "models": len(set(alone)),
        "switches_seen": sum(one != other for one, other in pairwise(alone)),
        "p50_ms": percentile(latencies, 0.5),
        "p99_ms": percentile(latencies, 0.99),
        "longest_ms": max(latencies, default=None),
    }


def _models(answer: Answer) -> set[str]:
    """Return the models of an answer's records; none if a document has no record."""
    records = json.loads(answer.body)["results"]
    if len(records) != len(answer.request.texts) or any("error" in record for record in records):
        return set()
    return {record["model"]["sha256"] for record in records}


def _table(result: dict[str, Any]) -> Table:
    table = Table(
        "load", "requests", "failed", "refused", "mixed", "switches seen", "p50 ms", "p99 ms", "longest ms"
    )
    for name in ("undisturbed", "switched"):
        figures = result[name]
        table.add_row(
            name,
            *(f"{figures[key]:,}" for key in ("requests", "failed", "refused", "mixed", "switches_seen")),
            *(f"{figures[key] or 0:,.0f}" for key in ("p50_ms", "p99_ms", "longest_ms")),
        )
    return table


if __name__ == "__main__":
    main()
