"""The service as a hotline uses it: reports are sent to it, and its store tells what became of them."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.postgresql import private_postgresql
from benchmarks.servers import Server
from benchmarks.texts import MixText
from serving.store.home import KEY_FILE, Store, default_url, open_store
from serving.store.tables import REPORT, SCREENING

DATABASES = ("sqlite", "postgresql")
STORED = 202


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is, and the key file beside it."""

    database: str
    url: str
    key_file: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """What tells a service of it."""
        return {"SCAMSCREEN_STORE": self.url, "SCAMSCREEN_STORE_KEY_FILE": str(self.key_file)}

    def open(self) -> Store:
        """Open it, beside a service if there is one."""
        return open_store(self.url, self.key_file)


@contextmanager
def new_place(database: str, folder: Path) -> Iterator[Place]:
    """Yield the place of a new store, with its PostgreSQL running if that is what is asked for."""
    home = folder / f"home-{database}"
    if database == "sqlite":
        yield Place(database, default_url(home), home / KEY_FILE)
        return
    with private_postgresql(durable=True) as postgresql:
        yield Place(database, postgresql.new_database(), home / KEY_FILE)


def report_server(place: Place) -> Server:
    """Return the service as `make serve` starts it, on a store."""
    return Server(
        name=f"reports on {place.database}",
        command=(sys.executable, "-m", "serving.cli", "serve", "--open", "--port", "{port}"),
        path="/v1/reports",
        ready_path="/readyz",
        body=reports_of,
        texts_answered=lambda _: 0,
        environment=place.environment,
    )


def reports_of(texts: Sequence[MixText]) -> Mapping[str, Any]:
    """Return the JSON that asks to store texts."""
    return {"reports": [{"text": one.text, "channel": "hotline"} for one in texts]}


def screened(store: Store) -> int:
    """Return how many reports were screened so far."""
    return store.database.read(
        lambda connection: connection.execute(select(func.count()).select_from(SCREENING)).scalar_one()
    )


def waiting(store: Store) -> int:
    """Return how many reports wait to be screened."""
    count = select(func.count()).select_from(REPORT).where(REPORT.c.work == "waiting")
    return store.database.read(lambda connection: connection.execute(count).scalar_one())


def write_result(path: Path, result: Mapping[str, Any]) -> None:
    """Write figures as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
