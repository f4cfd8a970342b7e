"""kill -9 at random instants under load, again and again; then look whether anything answered 202 was lost.

`python -m tests.chaos` kills the service 50 times on SQLite and on PostgreSQL, which is gone for 30 seconds
in between, prints a table and writes JSON. The service is the real one with a fake model; `--real` takes the
real model.
"""

import argparse
import json
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from benchmarks.postgresql import Postgresql, private_postgresql
from serving.store import audit
from serving.store.home import Store, default_url, open_store
from serving.store.items import place_of_item
from serving.store.received import bytes_of
from serving.store.tables import AUDIT, ITEM, REPORT, SCREENING
from tests.test_serving.conftest import Server, end_serving, free_port, start_serving, wait_until_ready

FAKE, REAL = "tests.test_serving.fake_service:ScamScreen", "serving.service:ScamScreen"
SENDERS = 4
SCREENED_SECONDS = 600
LATEST_KILL_SECONDS = 2.0
SIZES = (1, 1, 3, 32)
WORDS = (
    "We pay 5,000 a day, the compound is across the river",
    "help me, they keep my passport",
    "ช่วยด้วย ถูกขังอยู่ในตึก ",
    "救我 \ud83d half a pair",
    "nothing of note\0, only a NUL",
    "an ordinary text. " * 2_000,
)


@dataclass
class Sent:
    """What the senders know: of each answer 202, what was in the request."""

    accepted: dict[str, str] = field(default_factory=dict)  # id -> text
    with_key: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    lacks_retry_after: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of it all; every number from `missing` on has to be 0."""

    database: str
    kills: int
    seconds: float
    statuses: dict[str, int]
    accepted: int
    missing: int
    changed: int
    not_screened: int
    screened_twice: int
    stored_twice: int
    broken_links: int
    lacks_retry_after: int

    @property
    def faults(self) -> dict[str, int]:
        names = list(self.__dataclass_fields__)
        return {name: getattr(self, name) for name in names[names.index("missing") :] if getattr(self, name)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--outage-seconds", type=float, default=30.0, help="without PostgreSQL (default: 30)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append", help="default: both")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--real", action="store_true", help="with the real model")
    parser.add_argument("--output", type=Path, default=Path("runs/chaos.json"))
    options = parser.parse_args()
    outcomes = []
    for database in options.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            outcomes.append(
                chaos(
                    database,
                    Path(folder),
                    kills=options.kills,
                    seed=options.seed,
                    outage_seconds=options.outage_seconds,
                    service=REAL if options.real else FAKE,
                )
            )
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps([asdict(one) for one in outcomes], indent=1) + "\n")
    Console().print(table_of(outcomes))
    return 1 if any(outcome.faults for outcome in outcomes) else 0


def chaos(
    database: str,
    folder: Path,
    *,
    kills: int,
    seed: int,
    outage_seconds: float = 0.0,
    service: str = FAKE,
    postgresql: Postgresql | None = None,
) -> Outcome:
    """Kill a service on a new store `kills` times, and return what is in the store afterwards."""
    started = time.monotonic()
    own = private_postgresql() if database == "postgresql" and not postgresql else nullcontext(postgresql)
    with own as server:
        url = server.new_database() if server else default_url(folder / "home")
        environment = {"SCAMSCREEN_OPEN": "1", "SCAMSCREEN_STORE": url}
        running = Server(free_port(), folder)
        rng = random.Random(seed)  # noqa: S311 (repeatable, not secret)
        sent = Sent()
        with sending(running, sent, rng):
            for number in range(kills):
                process = start_serving(service, running.port, folder, environment)
                try:
                    wait_until_ready(running, process)
                    if server and outage_seconds and number == kills // 2:
                        server.stop()
                        time.sleep(outage_seconds)
                        server.start()
                    time.sleep(rng.uniform(0, LATEST_KILL_SECONDS))
                finally:
                    end_serving(process)
                assert is_free(running.port), "a worker outlived its supervisor"
            process = start_serving(service, running.port, folder, environment)
            wait_until_ready(running, process)
        try:
            store = open_store(url, folder / "home" / "store.key")
            wait_until_screened(store)
            end_kindly(process)
            return checked(store, sent, database, kills, time.monotonic() - started)
        finally:
            end_serving(process)


def is_free(port: int) -> bool:
    """Return whether nothing listens on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return True
    return False


@contextmanager
def sending(running: Server, sent: Sent, rng: random.Random) -> Iterator[None]:
    """Send reports from several threads until the block ends; what has a key is sent until it is accepted."""
    ends = threading.Event()
    seeds = [random.Random(rng.random()) for _ in range(SENDERS)]  # noqa: S311 (repeatable, not secret)
    threads = [
        threading.Thread(target=send, args=(running, sent, seeds[name], ends, name))
        for name in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ends.set()
        for thread in threads:
            thread.join()


def send(running: Server, sent: Sent, rng: random.Random, ends: threading.Event, name: int) -> None:
    with httpx.Client(base_url=running.url, timeout=30, trust_env=False) as client:
        number = 0
        while not ends.is_set():
            number += 1
            key = f"{name}-{number}" if rng.random() < 0.5 else None
            texts = [f"{rng.choice(WORDS)} {name}-{number}-{place}" for place in range(rng.choice(SIZES))]
            while not send_once(client, sent, texts, key):
                if ends.wait(0.05) or not key:
                    break


def send_once(client: httpx.Client, sent: Sent, texts: list[str], key: str | None) -> bool:
    body = json.dumps({"reports": [{"text": text} for text in texts]})
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
    try:
        answer = client.post("/v1/reports", content=body, headers=headers)
    except httpx.HTTPError:
        sent.statuses["no answer"] += 1
        time.sleep(0.05)
        return False
    sent.statuses[str(answer.status_code)] += 1
    if answer.status_code != 202:
        sent.lacks_retry_after += answer.status_code == 503 and "retry-after" not in answer.headers
        time.sleep(0.1)
        return False
    ids = [report["id"] for report in answer.json()["reports"]]
    sent.accepted |= dict(zip(ids, texts, strict=True))
    if key:
        sent.with_key += texts
    return True


def wait_until_screened(store: Store) -> None:
    waiting = select(func.count()).select_from(REPORT).where(REPORT.c.work == "waiting")
    deadline = time.monotonic() + SCREENED_SECONDS
    while store.database.read(lambda connection: connection.execute(waiting).scalar_one()):
        assert time.monotonic() < deadline, "not all reports were screened in time"
        time.sleep(0.5)


def end_kindly(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def checked(store: Store, sent: Sent, database: str, kills: int, seconds: float) -> Outcome:
    """Compare what is in the store with what was accepted."""

    def count_by(column, *where) -> Counter[object]:
        counted = select(column, func.count()).where(*where).group_by(column)
        return Counter(dict(tuple(row) for row in store.database.read(lambda c: c.execute(counted).all())))

    serials, changed = compare_originals(store, sent)
    screenings = count_by(SCREENING.c.report_serial)
    told = count_by(AUDIT.c.subject, AUDIT.c.action == "report.screened")
    of_bytes = count_by(ITEM.c.sha256, ITEM.c.kind == "original")
    found = [(screenings[serial], told[report_id]) for report_id, serial in serials.items()]
    links = store.database.read(lambda connection: list(audit.broken_links(connection, store.keyring)))
    store.database.close()
    return Outcome(
        database=database,
        kills=kills,
        seconds=round(seconds, 1),
        statuses=dict(sent.statuses),
        accepted=len(sent.accepted),
        missing=len(sent.accepted) - len(serials),
        changed=changed,
        not_screened=sum(rows == 0 for rows, _ in found),
        screened_twice=sum(rows > 1 or links != rows for rows, links in found),
        stored_twice=sum(of_bytes[sha256(bytes_of(text)[0]).digest()] != 1 for text in sent.with_key),
        broken_links=len(links),
        lacks_retry_after=sent.lacks_retry_after,
    )


def compare_originals(store: Store, sent: Sent) -> tuple[dict[str, int], int]:
    """Return id -> serial of the accepted that are there, and how many of these are not what was sent."""
    originals = (
        select(REPORT.c.public_id, REPORT.c.serial, ITEM.c.sha256, ITEM.c.sealed)
        .join(ITEM, ITEM.c.report_serial == REPORT.c.serial)
        .where(ITEM.c.kind == "original")
    )
    serials: dict[str, int] = {}
    changed = 0
    for row in store.database.read(lambda connection: connection.execute(originals).all()):
        if row.public_id in sent.accepted:
            serials[row.public_id] = row.serial
            content = store.keyring.open(row.sealed, place_of_item(row.public_id, row.sha256))
            changed += content != bytes_of(sent.accepted[row.public_id])[0]
    return serials, changed


def table_of(outcomes: list[Outcome]) -> Table:
    table = Table("", *(outcome.database for outcome in outcomes))
    for name in Outcome.__dataclass_fields__:
        values = [getattr(outcome, name) for outcome in outcomes]
        table.add_row(name.replace("_", " "), *(str(value) for value in values))
    return table


if __name__ == "__main__":
    sys.exit(main())
