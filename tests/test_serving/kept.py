"""Stored reports as the tests of custody need them: screened, with all that is kept beside a report."""

from dataclasses import replace

from sqlalchemy import select, update

from models.screening import Document
from serving.reports.derived_texts import derived_texts
from serving.store.casework import history
from serving.store.custody.holds import place_hold, release_hold
from serving.store.custody.purge import purge_report
from serving.store.custody.verify import faults
from serving.store.home import Store
from serving.store.intake import Accepted
from serving.store.organisations import Actor
from serving.store.screening import findings
from serving.store.screening.findings import Finding, Found
from serving.store.tables import REPORT
from tests.fakes import FakeScreener
from tests.stored import NOW_MS, WORDS, accept, incoming, lease, read, write

RECORD = b'{"flags": [], "entities": [{"text": "zqxsentinel"}]}'
NOTE = "zqxsentinel rang back"
WHY = "zqxsentinel court order 17"


def keep(store: Store, actor: Actor, words: str = WORDS, *, priority: int = 3, in_danger=False) -> Accepted:
    """Store a report, screen it, and write a note about it."""
    [accepted] = accept(store, actor, replace(incoming(words), in_danger=in_danger))
    [job] = [job for job in lease(store) if job.report_id == accepted.id]
    [record] = FakeScreener().screen([Document("one", words)])
    finding = Finding(RECORD, "a" * 64, priority, "en", "ordinary", (), texts=derived_texts(words, record))
    write(
        store,
        lambda c: findings.finish_all(c, store.keyring, actor, [Found("one", job, finding)], now_ms=NOW_MS),
    )
    report = row_of(store, accepted)
    step = history.Step("noted", report.version, {}, {"note": NOTE})
    write(store, lambda c: history.write(c, store.keyring, actor, report, step, now_ms=NOW_MS))
    return accepted


def hold(store: Store, actor: Actor, report: Accepted, *, until_ms: int | None = None) -> int:
    return write(
        store,
        lambda c: place_hold(
            c,
            store.keyring,
            actor,
            report.case_ref,
            why=WHY,
            until_ms=until_ms,
            now_ms=NOW_MS,
            organisation_id=actor.organisation_id,
        ),
    )


def release(store: Store, actor: Actor, number: int, *, organisation_id: int | None = None) -> None:
    write(
        store,
        lambda c: release_hold(
            c, store.keyring, actor, number, now_ms=NOW_MS, organisation_id=organisation_id
        ),
    )


def purge(store: Store, actor: Actor, report: Accepted, *, now_ms: int = NOW_MS) -> str:
    return write(
        store,
        lambda c: purge_report(
            c,
            store.keyring,
            actor,
            report.id,
            reason="zqxsentinel asked for it",
            now_ms=now_ms,
            organisation_id=actor.organisation_id,
        ),
    )


def row_of(store: Store, report: Accepted):
    return read(store, lambda c: c.execute(select(REPORT).where(REPORT.c.public_id == report.id)).one())


def change(store: Store, table, where, **values) -> None:
    """Change the database behind the program's back."""
    done = write(store, lambda c: c.execute(update(table).where(where).values(**values)).rowcount)
    assert done == 1


def found_faults(store: Store) -> list[str]:
    return read(store, lambda c: list(faults(c, store.keyring)))


def flipped(content: bytes, at: int = -1) -> bytes:
    """Return bytes with one bit of one of them changed."""
    changed = bytearray(content)
    changed[at] ^= 1
    return bytes(changed)
