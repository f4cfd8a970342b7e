"""Where the time from text to record goes: `python -m benchmarks.profile [--texts N] [--functions N]`.

Every stage is a function of the path, wrapped by a clock that stops while a wrapped function inside it runs:
the stages sum to the whole. One call is screened after the other; the command line has two at once, so that
all but the network's time hides behind it as far as there are processors.
"""

import argparse
import cProfile
import io
import pstats
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from inspect import getattr_static
from types import ModuleType
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

import models.encoder
import models.evidence
import models.findings
import models.screener
from benchmarks.machine import processors
from benchmarks.screening import CHUNK, load_uncached
from benchmarks.texts import build_texts, documents_of, written_pools
from models.entities.pipeline import RECOGNISERS
from models.screener import Screener
from models.screening import Document, Screening, ScreeningError
from serving.files.row import Row
from serving.files.screen import ScreenedRow
from serving.files.write_jsonl import JsonlWriter

ENCODER = "network"
WHOLE = "everything else"
SERIALISE = "write JSON"
Owner = ModuleType | type


@dataclass(frozen=True, slots=True)
class Stage:
    """A function of the path, and what its time is called; several may share a name."""

    name: str
    owner: Owner
    attribute: str


STAGES = (
    Stage("normalise", models.screener, "normalize"),
    Stage("tokenise and cut", models.encoder.Encoder, "read"),
    Stage(ENCODER, models.encoder.Encoder, "_run"),
    Stage("pad", models.encoder, "pad"),
    Stage("copy outputs", models.encoder.Encoder, "_store"),
    Stage("detect language", models.screener, "detect"),
    Stage("calibrate and decide", models.screener, "label_proba"),
    Stage("calibrate and decide", models.screener, "role_proba"),
    Stage("calibrate and decide", models.screener, "decide"),
    Stage("read token heads", models.screener, "tokens_of"),
    Stage("read token heads", models.findings, "entity_spans"),
    Stage("indicators", models.screener, "indicators_of"),
    Stage("evidence", models.screener, "find_evidence"),
    Stage("entities: settle", models.findings, "find_entities"),
    *(Stage(f"rules: {module.__name__.rpartition('.')[2]}", module, "find") for module in RECOGNISERS),
)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Seconds by stage.

    Attributes:
        seconds: they sum to `whole`.
        whole: wall-clock time of the path.
    """

    documents: int
    seconds: dict[str, float]
    whole: float


@dataclass(slots=True)
class _Clock:
    """Adds up how long each stage runs without those inside it."""

    spent: dict[str, float] = field(default_factory=dict)
    _inside: float = 0.0

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        """Count the time inside for a stage, and not for the one around it."""
        inside, self._inside = self._inside, 0.0
        started = time.perf_counter()
        try:
            yield
        finally:
            passed = time.perf_counter() - started
            self.spent[stage] = self.spent.get(stage, 0.0) + passed - self._inside
            self._inside = inside + passed

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its time counted."""

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            with self.running(stage):
                return function(*args, **kwargs)

        return timed


def breakdown(screener: Screener, documents: Sequence[Document], *, per_call: int = CHUNK) -> Breakdown:
    """Return how long each stage takes, from documents to lines of JSON."""
    clock = _Clock()
    lines = io.StringIO()
    with ExitStack() as stack:
        for stage in STAGES:
            timed = clock.around(stage.name, getattr(stage.owner, stage.attribute))
            is_static = isinstance(getattr_static(stage.owner, stage.attribute), staticmethod)
            replacement = staticmethod(timed) if is_static else timed
            stack.enter_context(patch.object(stage.owner, stage.attribute, replacement))
        started = time.perf_counter()
        with clock.running(WHOLE):
            records = _screened(screener, documents, per_call)
            with clock.running(SERIALISE):
                JsonlWriter(lines, closes=False).write(
                    [
                        ScreenedRow(Row(document, {"text": document.text}, "text"), record)
                        for document, record in zip(documents, records, strict=True)
                    ]
                )
        whole = time.perf_counter() - started
    return Breakdown(len(documents), dict(sorted(clock.spent.items(), key=lambda one: -one[1])), whole)


def _screened(
    screener: Screener, documents: Sequence[Document], per_call: int
) -> list[Screening | ScreeningError]:
    """Return the records, one call after the other: the stages sum to the whole."""
    return [
        record
        for start in range(0, len(documents), per_call)
        for record in screener.screen(documents[start : start + per_call])
    ]


def measured_breakdown(n_texts: int, threads: int) -> Breakdown:
    """Return the breakdown of texts of the mix with a screener of its own, warmed up."""
    documents = documents_of(build_texts(n_texts, written_pools()))
    screener = load_uncached(threads=threads)
    breakdown(screener, documents[:CHUNK])
    return breakdown(screener, documents)


def breakdown_table(measured: Breakdown) -> Table:
    """Return the breakdown as a table, the longest stage first."""
    table = Table(title=f"text -> record: {measured.documents:,} documents in {measured.whole:.2f} s")
    for heading, side in (("stage", "left"), ("ms a document", "right"), ("share", "right")):
        table.add_column(heading, justify="left" if side == "left" else "right")
    for stage, spent in measured.seconds.items():
        table.add_row(stage, f"{spent / measured.documents * 1000:.3f}", f"{spent / measured.whole:.1%}")
    return table


def main() -> None:
    """Print the breakdown, then the functions that took most of the time by themselves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=2048)
    parser.add_argument(
        "--functions", type=int, default=25, help="how many functions of the profile to print"
    )
    parser.add_argument("--threads", type=int, default=processors())
    options = parser.parse_args()
    console = Console()
    console.print(breakdown_table(measured_breakdown(options.texts, options.threads)))
    documents = documents_of(build_texts(options.texts, written_pools()))
    screener = load_uncached(threads=options.threads)
    profiler = cProfile.Profile()
    profiler.enable()
    _screened(screener, documents, CHUNK)
    profiler.disable()
    printed = io.StringIO()
    pstats.Stats(profiler, stream=printed).strip_dirs().sort_stats("tottime").print_stats(options.functions)
    console.print(printed.getvalue())


if __name__ == "__main__":
    main()
