"""The service for half an hour at 70 % of what it can do: does its memory grow, is every answer right?"""

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import contenders
from benchmarks.bulk import MemorySampler
from benchmarks.client import arrivals, open_loop
from benchmarks.loads import Loads
from benchmarks.outcome import ACCEPTED, Expected, check_records, percentile
from benchmarks.servers import started
from benchmarks.texts import MixText

LOAD = 0.7
ROUND_SECONDS = 60.0


def soak(
    folder: Path, texts: Sequence[MixText], expected: Sequence[Expected], *, minutes: float, threads: int
) -> dict[str, Any]:
    """Return what became of single documents at a fixed rate, and the memory meanwhile.

    Each round's answers are checked before the next begins, so that the client's memory stays flat.
    """
    answered = amiss = refused = failed = 0
    latencies: list[float] = []
    with started(contenders.scamscreen(), folder / "servers", threads=threads) as running:
        capacity = (
            Loads(running, texts, expected, min(ROUND_SECONDS, minutes * 6)).closed(1).documents_per_second
        )
        requests = running.requests(texts, 1)
        end = time.monotonic() + minutes * 60
        number = 0
        with MemorySampler(running.process) as sampler:
            while (left := end - time.monotonic()) > 0:
                due = arrivals(LOAD * capacity, min(ROUND_SECONDS, left), seed=number)
                run = open_loop(running.port, requests, due)
                check = check_records(run, expected)
                answered += check.answered
                amiss += check.misplaced + check.wrong
                refused += sum(answer.status == 429 for answer in run.answers)
                failed += sum(answer.status not in (ACCEPTED, 429) for answer in run.answers)
                latencies += [
                    (answer.done - answer.due) * 1000 for answer in run.answers if answer.status == ACCEPTED
                ]
                number += 1
    return {
        "minutes": minutes,
        "capacity": capacity,
        "answered": answered,
        "amiss": amiss,
        "refused": refused,
        "failed": failed,
        "p99_ms": percentile(latencies, 0.99),
        "growth": growth(sampler.samples_mib),
        "memory_mib": sampler.samples_mib[:: max(1, len(sampler.samples_mib) // 200)],
    }


def growth(samples: Sequence[float]) -> float:
    """Return by what share memory grew from the second tenth to the last; the first fills buffers."""
    tenth = max(1, len(samples) // 10)
    return median(samples[-tenth:]) / median(samples[tenth : 2 * tenth] or samples[:tenth]) - 1
