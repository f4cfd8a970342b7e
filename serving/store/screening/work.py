"""What is to be screened next, and who does it: each report once in effect, whoever dies meanwhile.

A worker leases reports, and what it finds is stored only while it still holds them (`findings`). One that
dies loses its leases (`liveness`), and what it held is tried again, each report alone (`attempts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select, update

from serving.store.errors import SealError
from serving.store.items import ORIGINAL, place_of_item
from serving.store.report_codes import TEXT_LANES
from serving.store.sealing import Keyring
from serving.store.tables import ITEM, REPORT, TRIED, UNTRIED

BYTES_AT_ONCE: Final = 100_000  # a second or two of screening
MOST_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A report that is to be screened, and its original."""

    serial: int
    report_id: str
    organisation_id: int
    item_serial: int
    media_type: str
    encoding: str
    content: bytes = field(repr=False)
    language: str
    received_ms: int
    lane: int
    in_danger: bool


def lease(
    connection: Connection,
    keyring: Keyring,
    worker: str,
    *,
    limit: int,
    newest_first: bool,
    lanes: tuple[int, int] = TEXT_LANES,
    short_only: bool = False,
) -> list[Job]:
    """Take what is to be screened next, `limit` reports and about `BYTES_AT_ONCE` at most.

    Of the first lane the oldest, and nothing else while it holds any; of the second the oldest, or the newest
    if every other call asks for them, so that nothing new waits behind a whole backlog. With `short_only`
    longer ones in the second lane are left to others, so that somebody is soon free for the first.
    """
    first, second = lanes
    serials = _next(connection, first, limit, newest_first=False, short_only=False) or _next(
        connection, second, limit, newest_first=newest_first, short_only=short_only
    )
    if not serials:
        return []
    return _leased(connection, keyring, worker, serials)


def lease_again(
    connection: Connection, keyring: Keyring, worker: str, *, lanes: tuple[int, int] = TEXT_LANES
) -> list[Job]:
    """Take one report that was leased before and not screened, alone: of the first lane, else of the second.

    That which was tried least comes first, so that one that kills who screens it holds up no other.
    """
    for lane in lanes:
        of_lane = (TRIED, REPORT.c.lane == lane, REPORT.c.attempts < MOST_ATTEMPTS)
        least = (
            select(REPORT.c.serial)
            .where(*of_lane, REPORT.c.leased_by.is_(None))
            .order_by(REPORT.c.attempts, REPORT.c.serial)
            .limit(1)
            .with_for_update(key_share=True, skip_locked=True)
        )
        if serials := connection.execute(least).scalars().all():
            return _leased(connection, keyring, worker, serials)
    return []


def _leased(connection: Connection, keyring: Keyring, worker: str, serials: Sequence[int]) -> list[Job]:
    """Lease reports that nobody else can; what cannot be opened is freed again, after its last attempt."""
    connection.execute(
        update(REPORT)
        .where(REPORT.c.serial.in_(serials))
        .values(leased_by=worker, attempts=REPORT.c.attempts + 1)
    )
    found = connection.execute(
        select(REPORT, ITEM.c.serial.label("item_serial"), ITEM.c.media_type, ITEM.c.encoding)
        .add_columns(ITEM.c.sha256, ITEM.c.sealed)
        .join(ITEM, (ITEM.c.report_serial == REPORT.c.serial) & (ITEM.c.kind == ORIGINAL))
        .where(REPORT.c.serial.in_(serials))
    )
    jobs = {row.serial: _job(keyring, row) for row in found}
    unreadable = [serial for serial, job in jobs.items() if job is None]
    if unreadable:
        connection.execute(
            update(REPORT)
            .where(REPORT.c.serial.in_(unreadable))
            .values(leased_by=None, attempts=MOST_ATTEMPTS)
        )
    return [job for serial in serials if (job := jobs[serial])]


def _job(keyring: Keyring, row: Row[Any]) -> Job | None:
    """Return a job, or None if its original was tampered with, which must not stop others."""
    try:
        content = keyring.open(row.sealed, place_of_item(row.public_id, row.sha256)) if row.sealed else None
    except SealError:
        content = None
    if content is None:
        return None
    return Job(
        serial=row.serial,
        report_id=row.public_id,
        organisation_id=row.organisation_id,
        item_serial=row.item_serial,
        media_type=row.media_type,
        encoding=row.encoding,
        content=content,
        language=row.language or "",
        received_ms=row.received_ms,
        lane=row.lane,
        in_danger=row.in_danger,
    )


def _next(
    connection: Connection, lane: int, limit: int, *, newest_first: bool, short_only: bool
) -> list[int]:
    order: ColumnElement[int] = REPORT.c.serial.desc() if newest_first else REPORT.c.serial.asc()
    rows = (
        select(REPORT.c.serial, ITEM.c.bytes)
        .join(ITEM, (ITEM.c.report_serial == REPORT.c.serial) & (ITEM.c.kind == ORIGINAL))
        .where(UNTRIED, REPORT.c.lane == lane)
        .order_by(order)
        .limit(limit)
        .with_for_update(of=REPORT, key_share=True, skip_locked=True)
    )
    if short_only:
        rows = rows.where(ITEM.c.bytes <= BYTES_AT_ONCE)
    serials: list[int] = []
    room = BYTES_AT_ONCE
    for serial, size in connection.execute(rows):
        if serials and size > room:
            break
        serials.append(serial)
        room -= size
    return serials
