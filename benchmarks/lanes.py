"""How soon a report is screened though 10,000 wait: `python -m benchmarks.lanes`.

The store is filled before the service starts. Then single reports come in: those whose sender says that
somebody may be in danger, and others, which are what a plea is that neither its sender nor the gate noticed.
"""

import argparse
import itertools
import json
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from benchmarks.machine import describe
from benchmarks.outcome import percentile
from benchmarks.servers import started
from benchmarks.stored import DATABASES, Place, new_place, report_server, waiting, write_result
from benchmarks.texts import MixText, build_texts, written_pools
from serving.clock import now_ms
from serving.store import intake
from serving.store.home import Store
from serving.store.intake import Incoming
from serving.store.organisations import local_actors
from serving.store.tables import REPORT, SCREENING

LEAST_WAITING = 10_000
_FILLED_AT_ONCE = 250
_A_SECOND = 700
"""More than are screened in one, so that enough wait until the end."""
_LIMITS_SECONDS = {1: 2.0, 2: 10.0}
_PATIENCE_SECONDS = 60.0


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long reports come in (default: 30)")
    parser.add_argument("--rate", type=float, default=10.0, help="reports a second (default: 10)")
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: both")
    parser.add_argument("--output", type=Path, default=Path("runs/lanes.json"))
    options = parser.parse_args()
    backlog = LEAST_WAITING + int(_A_SECOND * options.seconds)
    texts = list(build_texts(4000, written_pools()))
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for database in options.database or DATABASES:
            with new_place(database, Path(folder)) as place:
                fill(place, texts, backlog)
                results.append(lanes(place, Path(folder), texts, options.seconds, options.rate))
    write_result(options.output, {"machine": describe(), "lanes": results})
    Console().print(_table(results))


def fill(place: Place, texts: Sequence[MixText], count: int) -> None:
    """Store so many reports that nobody has screened."""
    store = place.open()
    one_after_the_other = itertools.cycle(texts)
    try:
        actor, _ = store.database.write(lambda connection: local_actors(connection, now_ms=now_ms()))
        for _ in range(0, count, _FILLED_AT_ONCE):
            reports = [_incoming(one.text) for one in itertools.islice(one_after_the_other, _FILLED_AT_ONCE)]
            store.database.write(
                lambda connection, reports=reports: intake.accept(  # type: ignore[misc]
                    connection, store.keyring, actor, reports, now_ms=now_ms()
                )
            )
    finally:
        store.database.close()


def lanes(
    place: Place, folder: Path, texts: Sequence[MixText], seconds: float, rate: float
) -> dict[str, Any]:
    """Return how long the reports of each lane took from being sent to being screened."""
    with started(report_server(place), folder, threads=2) as running:
        store = place.open()
        try:
            sent_ms: dict[str, int] = {}
            start = time.monotonic()
            for number in range(int(seconds * rate)):
                time.sleep(max(0.0, start + number / rate - time.monotonic()))
                at_ms = now_ms()
                report = {"text": texts[number % len(texts)].text, "in_danger": number % 2 == 0}
                sent_ms[_send(running.port, report)] = at_ms
            left = waiting(store)
            took = _took_seconds(store, sent_ms)
        finally:
            store.database.close()
    return {
        "database": place.database,
        "waiting_at_the_end": left,
        "lanes": {
            str(lane): {
                "reports": len(of_lane),
                "p50_seconds": percentile(of_lane, 0.5),
                "p99_seconds": percentile(of_lane, 0.99),
                "longest_seconds": max(of_lane, default=None),
                "asked_seconds": _LIMITS_SECONDS[lane],
            }
            for lane, of_lane in took.items()
        },
    }


def _incoming(text: str) -> Incoming:
    return Incoming(
        content=text.encode(),
        channel="hotline",
    )


def _send(port: int, report: Mapping[str, object]) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/reports",
        json.dumps({"reports": [report]}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        report_id: str = json.loads(answer.read())["reports"][0]["id"]
    return report_id


def _took_seconds(store: Store, sent_ms: Mapping[str, int]) -> dict[int, list[float]]:
    """Return lane -> seconds, of all that were sent; waits until they are screened."""
    of_sent = (
        select(REPORT.c.public_id, REPORT.c.lane, SCREENING.c.screened_ms)
        .join(SCREENING, SCREENING.c.report_serial == REPORT.c.serial)
        .where(REPORT.c.public_id.in_(sent_ms))
    )
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        rows = store.database.read(lambda connection: connection.execute(of_sent).all())
        if len(rows) == len(sent_ms) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    took: dict[int, list[float]] = {1: [], 2: []}
    for row in rows:
        took[row.lane].append((row.screened_ms - sent_ms[row.public_id]) / 1000)
    took[2] += [_PATIENCE_SECONDS] * (len(sent_ms) - len(rows))
    return took


def _table(results: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("store", "waiting", "lane", "reports", "p50 s", "p99 s", "longest s", "asked: p99 s")
    for result in results:
        for lane, figures in result["lanes"].items():
            times = (figures["p50_seconds"], figures["p99_seconds"], figures["longest_seconds"])
            shown = ["-" if seconds is None else f"{seconds:.2f}" for seconds in times]
            left = f"{result['waiting_at_the_end']:,}"
            asked = f"{figures['asked_seconds']:.0f}"
            table.add_row(result["database"], left, lane, str(figures["reports"]), *shown, asked)
    return table


if __name__ == "__main__":
    main()
