"""The loads every server is put under, and what is measured of one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.client import Run, arrivals, closed_loop, open_beside_closed, open_loop
from benchmarks.outcome import Check, Expected, Outcome, check_counts, check_records, outcome_of
from benchmarks.servers import Running
from benchmarks.texts import MixText

CLOSED = {1: 32, 8: 8, 32: 4, 256: 2}
"""Documents per request -> requests in the air."""
COMPARED = (32, 1)
"""Documents per request of the loads that competitors get."""
OPEN_SIZES = (1, 32)
SHARES_OF_CAPACITY = (0.7, 2.0)
MOST = 256
"""Documents of the longest requests."""
SHARE_BESIDE_LONG = 0.1
"""Of the capacity in single documents: what arrives of them beside the longest requests."""
SEED = 70
_WARM_UP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Served:
    """All figures of one server.

    Attributes:
        ready_seconds: from its start to its first 200.
        closed: documents per request -> outcome.
        open: (documents per request, share of capacity) -> outcome.
        beside_long: of single documents beside clients of the longest requests, or None.
        resident_mib: highest of the samples after each load.
        absent: why there is none of this, or "".
    """

    name: str
    ready_seconds: float
    closed: Mapping[int, Outcome]
    open: Mapping[tuple[int, float], Outcome]
    resident_mib: float
    beside_long: Outcome | None = None
    absent: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "name": self.name,
            "absent": self.absent,
            "ready_seconds": self.ready_seconds,
            "resident_mib": self.resident_mib,
            "closed": {str(size): outcome.to_dict() for size, outcome in self.closed.items()},
            "open": {
                f"{size} at {share:.0%}": outcome.to_dict() for (size, share), outcome in self.open.items()
            },
            "beside_long": self.beside_long.to_dict() if self.beside_long else None,
        }


def not_there(name: str, absent: str) -> Served:
    """Return the row of a server that cannot be measured here."""
    return Served(name, 0.0, {}, {}, 0.0, absent=absent)


class Loads:
    """Puts one running server under loads, and checks every answer afterwards."""

    def __init__(
        self, running: Running, texts: Sequence[MixText], expected: Sequence[Expected] | None, seconds: float
    ) -> None:
        """Prepare.

        Args:
            running: the server.
            texts: their ids are their indices.
            expected: what records must say, for servers that answer records; None counts answers only.
            seconds: how long each load lasts.
        """
        self._running, self._texts, self._expected, self._seconds = running, texts, expected, seconds

    def closed(self, size: int) -> Outcome:
        """Return the outcome of a closed loop with so many documents per request, after a short warm-up."""
        requests = self._running.requests(self._texts, size)
        concurrency = CLOSED[size]
        closed_loop(self._running.port, requests, concurrency=concurrency, seconds=_WARM_UP_SECONDS)
        return self._measured(
            lambda: closed_loop(self._running.port, requests, concurrency=concurrency, seconds=self._seconds)
        )

    def open(self, size: int, documents_per_second: float) -> Outcome:
        """Return the outcome of requests that arrive at a fixed rate, whatever becomes of them."""
        requests = self._running.requests(self._texts, size)
        due = arrivals(documents_per_second / size, self._seconds, seed=SEED)
        return self._measured(lambda: open_loop(self._running.port, requests, due))

    def beside_long_requests(self, documents_per_second: float) -> Outcome:
        """Return the outcome of single documents that arrive beside clients of the longest requests."""
        single, long = self._running.requests(self._texts, 1), self._running.requests(self._texts, MOST)
        due = arrivals(documents_per_second, self._seconds, seed=SEED)
        return self._measured(
            lambda: open_beside_closed(self._running.port, single, due, long, concurrency=CLOSED[MOST])
        )

    def _measured(self, load: Callable[[], Run]) -> Outcome:
        before = self._running.cpu_seconds()
        run = load()
        spent = self._running.cpu_seconds() - before
        return outcome_of(run, spent, self._check(run))

    def _check(self, run: Run) -> Check:
        if self._expected is None:
            return check_counts(run, self._running.server.texts_answered)
        return check_records(run, self._expected)


def serve_loads(
    running: Running,
    texts: Sequence[MixText],
    expected: Sequence[Expected] | None,
    *,
    seconds: float,
    sizes: Sequence[int],
    open_sizes: Sequence[int] = (),
) -> Served:
    """Return the figures of a running server.

    Open loops come after the closed ones, at shares of what those of the same size reached.
    """
    loads = Loads(running, texts, expected, seconds)
    closed: dict[int, Outcome] = {}
    opened: dict[tuple[int, float], Outcome] = {}
    resident = [running.resident_mib()]
    for size in sizes:
        closed[size] = loads.closed(size)
        resident.append(running.resident_mib())
    for size in open_sizes:
        for share in SHARES_OF_CAPACITY:
            opened[size, share] = loads.open(size, share * closed[size].documents_per_second)
            resident.append(running.resident_mib())
    beside_long = None
    if open_sizes and 1 in closed:
        beside_long = loads.beside_long_requests(SHARE_BESIDE_LONG * closed[1].documents_per_second)
    return Served(running.server.name, running.ready_seconds, closed, opened, max(resident), beside_long)
