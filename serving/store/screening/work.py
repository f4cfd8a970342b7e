"""What is to be screened next, and what came of it: each report once in effect, whoever dies meanwhile.

A worker leases reports and stores what it found only while it still holds them. One that dies loses its
leases (`liveness`), and what it held is tried again, each report alone (`attempts`). If two ever screen the
same report, the second finds it done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Integer, Row, bindparam, insert, select, update

from serving.store import audit
from serving.store.errors import SealError
from serving.store.intake import FIRST_LANES, ORIGINAL, TEXT_LANES, place_of_item
from serving.store.organisations import Actor
from serving.store.screening.derivatives import text_rows, told_of_text
from serving.store.screening.derived import Derived, Parent, store_derived
from serving.store.screening.traces import NONE, Traces, keep_all
from serving.store.sealing import Keyring
from serving.store.tables import ITEM, REPORT, SCREENING, TRIED, UNTRIED
from serving.store.telling import events

BYTES_AT_ONCE: Final = 100_000  # a second or two of screening
WAITING, SCREENED, FAILED = "waiting", "screened", "failed"
MOST_ATTEMPTS: Final = 5
URGENT: Final = 0
REVIEW: Final = 2  # rank of the priority of what could not be screened


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
    attempts: int
    in_danger: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What the screening of a job says.

    Attributes:
        record: the whole record, as JSON.
        priority: its rank; 0 is urgent.
        flags: codes, of flags and context labels.
        texts: what was derived from the text that was screened.
        traces: what it can be found by, and its like recognised.
        work: `SCREENED`, or `FAILED` where a person must look.
        derived: what of the job's item was screened in its place, as the text of an image.
    """

    record: bytes = field(repr=False)
    model_sha256: str
    priority: int
    language: str
    role: str
    flags: Sequence[str]
    texts: Sequence[Derived] = ()
    traces: Traces = NONE
    work: str = SCREENED
    derived: Derived | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a worker found in a job that it had leased."""

    worker: str
    job: Job
    finding: Finding


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
        attempts=row.attempts,
        in_danger=row.in_danger,
    )


def finish_all(
    connection: Connection, keyring: Keyring, actor: Actor, found: Sequence[Found], *, now_ms: int
) -> list[bool]:
    """Store what was found in jobs; return of each whether it still was its worker's to tell."""
    audit.take_chains(connection, (one.job.organisation_id for one in found))
    serials = [one.job.serial for one in found]
    leased = select(REPORT.c.serial, REPORT.c.leased_by, REPORT.c.set_priority).where(
        REPORT.c.serial.in_(serials), REPORT.c.work == WAITING
    )
    rows = connection.execute(leased.order_by(REPORT.c.serial).with_for_update(key_share=True))
    waiting = {row.serial: row for row in rows}
    is_held = [one.job.serial in waiting and waiting[one.job.serial].leased_by == one.worker for one in found]
    held = [one for one, is_one_held in zip(found, is_held, strict=True) if is_one_held]
    if not held:
        return is_held
    ranks = {one.job.serial: _rank(one, waiting[one.job.serial].set_priority) for one in held}
    connection.execute(_FINISHED, [_finished(one, ranks[one.job.serial]) for one in held])
    links: dict[int, list[audit.Link]] = {}
    screened: dict[int, list[events.Happened]] = {}
    traces: dict[int, dict[int, Traces]] = {}
    screenings: list[dict[str, object]] = []
    texts: list[dict[str, Any]] = []
    for one in held:
        job = one.job
        item_serial, derived = _item(connection, keyring, actor, one, now_ms)
        screenings.append(_screening(keyring, one, item_serial, now_ms))
        parent = Parent(item_serial, job.serial, job.report_id, job.organisation_id)
        of_one = text_rows(keyring, actor, parent, one.finding.texts, now_ms=now_ms)
        texts += of_one
        links.setdefault(job.organisation_id, []).extend((*derived, _link(actor, one, of_one, now_ms)))
        kind = events.GIVEN_UP if one.finding.work == FAILED else events.SCREENED
        happened = events.Happened(kind, job.report_id, actor.id, now_ms, ranks[job.serial])
        screened.setdefault(job.organisation_id, []).append(happened)
        traces.setdefault(job.organisation_id, {})[job.serial] = one.finding.traces
    connection.execute(insert(SCREENING), screenings)
    if texts:
        connection.execute(insert(ITEM), texts)
    for organisation_id, of_organisation in sorted(links.items()):
        audit.append_all(connection, keyring, organisation_id, of_organisation)
        keep_all(connection, keyring, actor, organisation_id, traces[organisation_id], now_ms=now_ms)
        events.record_screened(connection, organisation_id, screened[organisation_id])
    return is_held


_FINISHED: Final = (
    update(REPORT)
    .where(REPORT.c.serial == bindparam("of_serial"))
    .values(
        work=bindparam("found_work"),
        leased_by=None,
        priority=bindparam("found_priority", type_=Integer),
        language=bindparam("found_language"),
        role=bindparam("found_role"),
        flags=bindparam("found_flags"),
        version=REPORT.c.version + 1,
    )
)


def _finished(found: Found, rank: int) -> dict[str, object]:
    finding = found.finding
    return {
        "of_serial": found.job.serial,
        "found_work": finding.work,
        "found_priority": rank,
        "found_language": finding.language,
        "found_role": finding.role,
        "found_flags": f" {' '.join(finding.flags)} " if finding.flags else "",
    }


def _rank(found: Found, set_by_hand: int | None) -> int:
    """Return the rank of a report's priority: never below what its sender or a person set.

    What cannot be read is urgent if somebody may be in danger.
    """
    is_unread_plea = found.finding.work == FAILED and found.job.lane in FIRST_LANES
    rank = URGENT if is_unread_plea else found.finding.priority
    return rank if set_by_hand is None else min(rank, set_by_hand)


def _item(
    connection: Connection, keyring: Keyring, actor: Actor, found: Found, now_ms: int
) -> tuple[int, list[audit.Link]]:
    """Return the serial of the item that was screened, and links of what was derived for that."""
    job = found.job
    if found.finding.derived is None:
        return job.item_serial, []
    parent = Parent(job.item_serial, job.serial, job.report_id, job.organisation_id)
    serial, link = store_derived(connection, keyring, actor, parent, found.finding.derived, now_ms=now_ms)
    return serial, [link]


def _link(actor: Actor, found: Found, texts: Sequence[dict[str, Any]], now_ms: int) -> audit.Link:
    finding = found.finding
    detail = {
        "model": finding.model_sha256,
        "priority": finding.priority,
        "work": finding.work,
        "items": [told_of_text(row) for row in texts],
    }
    return audit.Link(actor.id, now_ms, "report.screened", found.job.report_id, detail)


def _screening(keyring: Keyring, found: Found, item_serial: int, now_ms: int) -> dict[str, object]:
    job, finding = found.job, found.finding
    return {
        "organisation_id": job.organisation_id,
        "report_serial": job.serial,
        "item_serial": item_serial,
        "model_sha256": finding.model_sha256,
        "screened_ms": now_ms,
        "priority": finding.priority,
        "sealed": keyring.seal(finding.record, place_of_screening(job.report_id, finding.model_sha256)),
    }


def place_of_screening(report_id: str, model_sha256: str) -> str:
    """Return the place a record is sealed for."""
    return f"screening {report_id} {model_sha256}"


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
