"""How many reports a second are on the disk, while others are screened: `python -m benchmarks.intake`.

Over HTTP, in a closed loop, one report and 32 in a request. A report counts once it was answered with 202,
which comes after its commit.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.client import closed_loop
from benchmarks.machine import describe
from benchmarks.outcome import percentile
from benchmarks.servers import started
from benchmarks.stored import DATABASES, STORED, Place, new_place, report_server, screened, write_result
from benchmarks.texts import MixText, build_texts, written_pools

IN_THE_AIR = {1: 32, 32: 4}
"""Reports in a request -> requests in the air."""
_WARM_UP_SECONDS = 3.0


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each load (default: 15)")
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: both")
    parser.add_argument("--texts", type=int, default=4000, help="different texts (default: 4,000)")
    parser.add_argument("--output", type=Path, default=Path("runs/intake.json"))
    options = parser.parse_args()
    texts = list(build_texts(options.texts, written_pools()))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for database in options.database or DATABASES:
            with new_place(database, Path(folder)) as place:
                rows += intake(place, Path(folder), texts, options.seconds)
    write_result(options.output, {"machine": describe(), "loads": rows})
    Console().print(_table(rows))


def intake(place: Place, folder: Path, texts: Sequence[MixText], seconds: float) -> list[dict[str, Any]]:
    """Return the figures of each load on a store."""
    rows = []
    with started(report_server(place), folder, threads=2) as running:
        store = place.open()
        try:
            for size, in_the_air in IN_THE_AIR.items():
                requests = running.requests(texts, size)
                closed_loop(running.port, requests, concurrency=in_the_air, seconds=_WARM_UP_SECONDS)
                before, cpu = screened(store), running.cpu_seconds()
                run = closed_loop(running.port, requests, concurrency=in_the_air, seconds=seconds)
                stored = [answer for answer in run.answers if answer.status == STORED]
                latencies = [(answer.done - answer.due) * 1000 for answer in stored]
                rows.append(
                    {
                        "database": place.database,
                        "reports_per_request": size,
                        "reports_per_second": len(stored) * size / run.seconds,
                        "p50_ms": percentile(latencies, 0.5),
                        "p99_ms": percentile(latencies, 0.99),
                        "screened_per_second": (screened(store) - before) / run.seconds,
                        "service_cpu_seconds_per_second": (running.cpu_seconds() - cpu) / run.seconds,
                        "client_cpu_seconds_per_second": run.client_cpu_seconds / run.seconds,
                        "statuses": dict(Counter(str(answer.status) for answer in run.answers)),
                    }
                )
        finally:
            store.database.close()
    return rows


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    names = ("store", "reports/request", "stored/s", "p50 ms", "p99 ms", "screened/s meanwhile", "statuses")
    table = Table(*names)
    for row in rows:
        statuses = " ".join(f"{status}: {count:,}" for status, count in row["statuses"].items())
        table.add_row(
            row["database"],
            str(row["reports_per_request"]),
            f"{row['reports_per_second']:,.0f}",
            _ms(row["p50_ms"]),
            _ms(row["p99_ms"]),
            f"{row['screened_per_second']:,.0f}",
            statuses,
        )
    return table


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


if __name__ == "__main__":
    main()
