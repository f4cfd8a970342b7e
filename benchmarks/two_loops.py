"""What a second busy process costs the first on this machine: shared cores and neighbours show here."""

import multiprocessing
import time
from multiprocessing.synchronize import Barrier as BarrierType
from statistics import median

_STEPS = 5_000_000
_ROUNDS = 5


def two_loops_to_one() -> float:
    """Return how much more two processes that only count get done than one: 2 if they share nothing."""
    alone = _seconds(1)
    return 2 * alone / _seconds(2)


def _seconds(processes: int) -> float:
    """Return the median seconds of a loop while so many run at once."""
    context = multiprocessing.get_context("spawn")
    begin = context.Barrier(processes)
    with context.Pool(processes, initializer=_meet_at, initargs=(begin,)) as pool:
        return median(
            seconds for of_one in pool.map(_loops, range(processes), chunksize=1) for seconds in of_one
        )


_begin: BarrierType


def _meet_at(begin: BarrierType) -> None:
    global _begin  # noqa: PLW0603 (a barrier reaches a process of a pool only when it starts)
    _begin = begin


def _loops(_: int) -> list[float]:
    _begin.wait()
    spent = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        for _ in range(_STEPS):
            pass
        spent.append(time.perf_counter() - started)
    return spent
