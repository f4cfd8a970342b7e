"""Thousands of hostile requests to the real service: `python -m tests.fuzz`.

Whatever is sent, nothing may answer 5xx, grow, or show a word to anybody who may not see it. Prints a table
and writes JSON; ends with 1 if anything is not as it should be. `--fake` takes a fake model.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from serving.store.custody.verify import faults
from tests.chaos import FAKE, REAL, wait_until_screened
from tests.fuzz.hostile import Targets, hostile
from tests.fuzz.outcome import (
    Outcome,
    Tally,
    marks_in,
    marks_in_files,
    marks_opened,
    not_as_sent,
)
from tests.fuzz.service import Running, running_service
from tests.fuzz.wire import Connection

MOST_GROWTH_PERCENT: Final = 5.0
_SHOWN: Final = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="after the warm-up (default: 10,000)")
    parser.add_argument(
        "--warm-up", type=int, default=3_000, help="before memory is measured (default: 3,000)"
    )
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--fake", action="store_true", help="with a fake model")
    parser.add_argument("--output", type=Path, default=Path("runs/fuzz.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = fuzz(
            Path(folder),
            options.requests,
            warm_up=options.warm_up,
            seed=options.seed,
            service=FAKE if options.fake else REAL,
        )
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(asdict(outcome), indent=1) + "\n")
    Console().print(_table(outcome))
    return 1 if outcome.faults or outcome.growth_percent > MOST_GROWTH_PERCENT else 0


def fuzz(folder: Path, requests: int, *, warm_up: int, seed: int, service: str) -> Outcome:
    """Send hostile requests to a service on a new store, and return what came of them."""
    started = time.monotonic()
    with running_service(service, folder) as running:
        targets = running.targets()
        tally = Tally()
        contract = running.get("/openapi.json", "report").json()
        _send(running, tally, targets, contract, range(warm_up), seed)
        wait_until_screened(running.store)
        before = running.memory_mib()
        _send(running, tally, targets, contract, range(warm_up, warm_up + requests), seed)
        wait_until_screened(running.store)
        after = running.memory_mib()
        metrics = running.get("/metrics", "admin").content
        assert b"scamscreen_requests_total" in metrics, "the metrics were not found"
        in_database = marks_in_files(running.home)
        store_faults = running.store.database.read(lambda c: [*faults(c, running.store.keyring)])
        opened = marks_opened(running.store)
        amiss = not_as_sent(running.store, tally.accepted)
        _end(running)
        in_database |= marks_in_files(running.home)
        logs = b"".join(path.read_bytes() for path in folder.rglob("*") if path.name in ("stdout", "stderr"))
        assert b"POST reports 202" in logs, "the log was not found"
        rest = marks_in_files(folder)
    return Outcome(
        requests=warm_up + requests,
        seconds=round(time.monotonic() - started, 1),
        kinds=dict(tally.kinds),
        statuses=dict(sorted(tally.statuses.items())),
        memory_mib=(round(before, 1), round(after, 1)),
        growth_percent=round((after / before - 1) * 100, 2),
        reports_accepted=len(tally.accepted),
        marks_in_the_decrypted_view=opened,
        server_errors=tally.server_errors,
        late=tally.late,
        undocumented=dict(tally.undocumented),
        no_problem=dict(tally.no_problem),
        told_to_callers=dict(tally.told),
        marks_in_logs=marks_in(logs) + sum(rest.values()),
        marks_in_metrics=marks_in(metrics),
        marks_in_the_database=in_database,
        not_as_sent=amiss,
        faults_in_the_store=store_faults,
    )


def _send(
    running: Running, tally: Tally, targets: Targets, contract: dict, numbers: Sequence[int], seed: int
) -> None:
    connection = Connection(running.server.port)
    for number in numbers:
        request = hostile(number, seed, targets)
        answer = connection.send(request, running.keys.get(request.caller, ""))
        tally.add(request, answer, contract)
        assert running.process.poll() is None, f"the service ended at request {number}"
    connection.close()


def _end(running: Running) -> None:
    running.process.terminate()
    running.process.wait(60)


def _table(outcome: Outcome) -> Table:
    table = Table("", f"{outcome.requests:,} hostile requests")
    for name, value in asdict(outcome).items():
        lines = [f"{key}: {one}" for key, one in value.items()] if isinstance(value, dict) else value
        shown = "\n".join(lines[:_SHOWN]) or "none" if isinstance(lines, list) else str(lines)
        table.add_row(name.replace("_", " "), shown)
    return table


if __name__ == "__main__":
    sys.exit(main())
