"""How long the overview and the change of shifts take in a store of a million reports: prints milliseconds.

`python -m benchmarks.overview --rows 1000000 [--store URL]`: the store of `benchmarks.search`, without its
tokens, with contacts, decisions, and records of the size that a screening has. A store that is filled already
is measured as it is.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from benchmarks.search import AT_ONCE, NOW_MS, fill
from models.screening import Entity
from serving.clock import DAY_MS
from serving.console.shift_page import read_board
from serving.store.home import KEY_FILE, Store, default_url, open_store
from serving.store.organisations import Actor, local_actors
from serving.store.overview.arrivals import count_arrivals, of_period
from serving.store.overview.decisions import count_decided
from serving.store.overview.losses import sum_losses
from serving.store.overview.overview import overview_of
from serving.store.overview.periods import Period
from serving.store.overview.rankings import rank_contacts, rank_places
from serving.store.screening.findings import place_of_screening
from serving.store.search.contacts import Standing
from serving.store.tables import CONTACT, HISTORY, ITEM, REPORT, SCREENING

REPEATS: Final = 5
DAYS: Final = (1, 7, 30, 90)
_RECORDS: Final = 40_000
"""So many of the newest reports have a record; older ones are never read."""
_MODEL: Final = "a" * 64
_PADDING_CHARS: Final = 6_000


def main() -> None:
    """Fill a store and print how long the pages' questions take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--store", default="")
    parser.add_argument("--home", type=Path, help="a folder in which the store stays")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        store = open_store(options.store or default_url(home), home / KEY_FILE)
        actor, _ = store.database.write(lambda connection: local_actors(connection, now_ms=NOW_MS))
        if not store.database.read(lambda c: c.execute(select(func.max(REPORT.c.serial))).scalar()):
            began = time.perf_counter()
            fill(store, actor, options.rows, 1)
            _fill_more(store, actor, options.rows)
            _print(f"{options.rows:,} reports: filled in {time.perf_counter() - began:.0f} s")
        _measure(store, actor)
        store.database.close()


def _fill_more(store: Store, actor: Actor, n_rows: int) -> None:
    """Write what the overview reads beside the reports: contacts, decisions, and the newest records."""
    rng = random.Random(1)  # noqa: S311 (invented rows)
    tokens = [os.urandom(16) for _ in range(50_000)]
    for first in range(1, n_rows + 1, AT_ONCE):
        serials = range(first, min(first + AT_ONCE, n_rows + 1))
        contacts = [_contact(actor, serial, rng.choice(tokens)) for serial in serials if serial % 3 == 0]
        steps = [_step(actor, serial, n_rows) for serial in serials]
        store.database.write(
            lambda connection, rows=(contacts, steps): [  # type: ignore[misc]
                connection.execute(insert(table), some)
                for table, some in zip((CONTACT, HISTORY), rows, strict=True)
            ]
        )
    for first in range(max(1, n_rows - _RECORDS), n_rows + 1, AT_ONCE):
        serials = range(first, min(first + AT_ONCE, n_rows + 1))
        items, screenings = zip(*_records(store, actor, serials, rng), strict=True)
        store.database.write(
            lambda connection, rows=(items, screenings): [  # type: ignore[misc]
                connection.execute(insert(table), list(some))
                for table, some in zip((ITEM, SCREENING), rows, strict=True)
            ]
        )


def _contact(actor: Actor, serial: int, token: bytes) -> dict[str, Any]:
    return {
        "organisation_id": actor.organisation_id,
        "token": token,
        "standing": int(Standing.FLAGGED),
        "report_serial": serial,
    }


def _step(actor: Actor, serial: int, n_rows: int) -> dict[str, Any]:
    return {
        "organisation_id": actor.organisation_id,
        "actor_id": actor.id,
        "report_serial": serial,
        "at_ms": NOW_MS - (n_rows - serial) * 30_000,
        "action": "changed",
        "version": 2,
        "changes": json.dumps({"status": ["in_review", "labels_agreed"]}),
    }


def _records(
    store: Store, actor: Actor, serials: range, rng: random.Random
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield an item and a screening for each report."""
    for serial in serials:
        record = {
            "entities": [
                _entity("MONEY", None, {"amount_min": rng.randrange(9_999), "currency": "THB"}),
                _entity("LOCATION", f"P{rng.randrange(300)}", {"country": "TH"}),
            ],
            "padding": "x" * _PADDING_CHARS,
        }
        place = place_of_screening(f"{serial:032x}", _MODEL)
        of_report = {"organisation_id": actor.organisation_id, "report_serial": serial}
        yield (
            {
                **of_report,
                "serial": serial,
                "actor_id": actor.id,
                "kind": "original",
                "media_type": "text/plain",
                "encoding": "utf-8",
                "bytes": 300,
                "sha256": b"0" * 32,
                "tool": "",
                "stored_ms": NOW_MS,
            },
            {
                **of_report,
                "item_serial": serial,
                "model_sha256": _MODEL,
                "screened_ms": NOW_MS,
                "priority": 1,
                "sealed": store.keyring.seal(json.dumps(record).encode(), place),
            },
        )


def _entity(kind: str, value: str | None, attributes: dict[str, Any]) -> dict[str, Any]:
    return asdict(Entity(kind, 0, 1, "x", value, attributes, "unknown", 1.0, "rule", "pattern"))


def _measure(store: Store, actor: Actor) -> None:
    """Print median and worst milliseconds of each question, for each period."""
    keyring = store.keyring
    _print(f"{'question':28}{'days':>6}{'median ms':>11}{'worst ms':>10}{'processor ms':>14}")
    for days in DAYS:
        period = Period(NOW_MS - days * DAY_MS, NOW_MS + 1)
        asked: dict[str, Callable[[Connection], object]] = {
            "arrivals": lambda c: count_arrivals(c, of_period(c, actor, period)),  # noqa: B023 (asked at once)
            "decisions": lambda c: count_decided(c, actor, period),  # noqa: B023
            "losses": lambda c: sum_losses(c, keyring, of_period(c, actor, period)),  # noqa: B023
            "contacts": lambda c: rank_contacts(c, keyring, actor, of_period(c, actor, period)),  # noqa: B023
            "places": lambda c: rank_places(c, keyring, of_period(c, actor, period)),  # noqa: B023
            "all of the overview": lambda c: overview_of(c, keyring, actor, period, with_words=True),  # noqa: B023
        }
        for name, question in asked.items():
            _time(store, name, str(days), question)
    _time(store, "the change of shifts", "", lambda c: read_board(c, actor, 24, NOW_MS))


def _time(store: Store, name: str, days: str, question: Callable[[Connection], object]) -> None:
    times, worked = [], []
    for _ in range(REPEATS):
        began, worked_before = time.perf_counter(), time.process_time()
        store.database.read(question)
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - worked_before) * 1000)
    took = f"{statistics.median(times):11.1f}{max(times):10.1f}{statistics.median(worked):14.1f}"
    _print(f"{name:28}{days:>6}{took}")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
