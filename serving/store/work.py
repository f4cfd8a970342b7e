"""What is to be screened next, and what came of it: each report once in effect, whoever dies meanwhile.

A worker leases reports for a while and stores what it found only while it still holds them. One that dies
loses its leases after that while. If two ever screen the same report, the second finds it done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from serving.store import audit
from serving.store.derived import Derived, Parent, store_derived
from serving.store.intake import ORIGINAL, TEXT_LANES, place_of_item
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ITEM, REPORT, SCREENING

LEASE_MS: Final = 30_000
MOST_ATTEMPTS: Final = 5
WAITING, SCREENED, FAILED = "waiting", "screened", "failed"
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


@dataclass(frozen=True, slots=True)
class Finding:
    """What the screening of a job says.

    Attributes:
        record: the whole record, as JSON.
        priority: its rank; 0 is urgent.
        flags: codes, of flags and context labels.
        work: `SCREENED`, or `FAILED` where a person must look.
        derived: what of the job's item was screened in its place, as the text of an image.
    """

    record: bytes = field(repr=False)
    model_sha256: str
    priority: int
    language: str
    role: str
    flags: Sequence[str]
    work: str = SCREENED
    derived: Derived | None = None


def lease(
    connection: Connection,
    keyring: Keyring,
    worker: str,
    *,
    limit: int,
    newest_first: bool,
    now_ms: int,
    lanes: tuple[int, int] = TEXT_LANES,
    lease_ms: int = LEASE_MS,
) -> list[Job]:
    """Take what is to be screened next, for a while.

    Of the first lane the oldest, and nothing else while it holds any; of the second the oldest, or the newest
    if every other call asks for them, so that nothing new waits behind a whole backlog.
    """
    first, second = lanes
    serials = _next(connection, first, limit, newest_first=False, now_ms=now_ms) or _next(
        connection, second, limit, newest_first=newest_first, now_ms=now_ms
    )
    if not serials:
        return []
    connection.execute(
        update(REPORT)
        .where(REPORT.c.serial.in_(serials))
        .values(leased_by=worker, leased_until_ms=now_ms + lease_ms, attempts=REPORT.c.attempts + 1)
    )
    found = connection.execute(
        select(REPORT, ITEM.c.serial.label("item_serial"), ITEM.c.media_type, ITEM.c.encoding)
        .add_columns(ITEM.c.sha256, ITEM.c.sealed)
        .join(ITEM, (ITEM.c.report_serial == REPORT.c.serial) & (ITEM.c.kind == ORIGINAL))
        .where(REPORT.c.serial.in_(serials))
    )
    jobs = {
        row.serial: Job(
            serial=row.serial,
            report_id=row.public_id,
            organisation_id=row.organisation_id,
            item_serial=row.item_serial,
            media_type=row.media_type,
            encoding=row.encoding,
            content=keyring.open(row.sealed, place_of_item(row.public_id, row.sha256)),
            language=row.language or "",
            received_ms=row.received_ms,
            lane=row.lane,
            attempts=row.attempts,
        )
        for row in found
    }
    return [jobs[serial] for serial in serials]


def finish(
    connection: Connection,
    keyring: Keyring,
    worker: str,
    actor: Actor,
    *,
    job: Job,
    finding: Finding,
    now_ms: int,
) -> bool:
    """Store what was found in a job; return whether it still was this worker's to tell."""
    held = connection.execute(
        update(REPORT)
        .where(REPORT.c.serial == job.serial, REPORT.c.work == WAITING, REPORT.c.leased_by == worker)
        .values(
            work=finding.work,
            leased_by=None,
            leased_until_ms=None,
            priority=finding.priority,
            language=finding.language,
            role=finding.role,
            flags=f" {' '.join(finding.flags)} " if finding.flags else "",
            version=REPORT.c.version + 1,
        )
    )
    if held.rowcount != 1:
        return False
    item_serial = job.item_serial
    if finding.derived:
        parent = Parent(job.item_serial, job.serial, job.report_id, job.organisation_id)
        item_serial = store_derived(connection, keyring, actor, parent, finding.derived, now_ms=now_ms)
    connection.execute(
        insert(SCREENING).values(
            organisation_id=job.organisation_id,
            report_serial=job.serial,
            item_serial=item_serial,
            model_sha256=finding.model_sha256,
            screened_ms=now_ms,
            priority=finding.priority,
            sealed=keyring.seal(finding.record, place_of_screening(job.report_id, finding.model_sha256)),
        )
    )
    audit.append(
        connection,
        keyring,
        organisation_id=job.organisation_id,
        actor_id=actor.id,
        at_ms=now_ms,
        action="report.screened",
        subject=job.report_id,
        detail={"model": finding.model_sha256, "priority": finding.priority, "work": finding.work},
    )
    return True


def give_back(connection: Connection, worker: str, jobs: Sequence[Job], *, failed: bool) -> None:
    """End the leases of jobs that were not screened; what failed `MOST_ATTEMPTS` times is for a person."""
    for job in jobs:
        is_given_up = failed and job.attempts >= MOST_ATTEMPTS
        connection.execute(
            update(REPORT)
            .where(REPORT.c.serial == job.serial, REPORT.c.work == WAITING, REPORT.c.leased_by == worker)
            .values(
                leased_by=None,
                leased_until_ms=None,
                attempts=REPORT.c.attempts - (0 if failed else 1),
                **({"work": FAILED, "priority": REVIEW} if is_given_up else {}),
            )
        )


def release_all(connection: Connection) -> None:
    """End all leases: of a store that this process alone works on, whoever held them is dead."""
    connection.execute(
        update(REPORT)
        .where(REPORT.c.work == WAITING, REPORT.c.leased_by.is_not(None))
        .values(leased_by=None, leased_until_ms=None)
    )


def place_of_screening(report_id: str, model_sha256: str) -> str:
    """Return the place a record is sealed for."""
    return f"screening {report_id} {model_sha256}"


def _next(connection: Connection, lane: int, limit: int, *, newest_first: bool, now_ms: int) -> list[int]:
    free = or_(REPORT.c.leased_until_ms.is_(None), REPORT.c.leased_until_ms < now_ms)
    order: ColumnElement[int] = REPORT.c.serial.desc() if newest_first else REPORT.c.serial.asc()
    rows = (
        select(REPORT.c.serial)
        .where(REPORT.c.work == WAITING, REPORT.c.lane == lane, free)
        .order_by(order)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(connection.execute(rows).scalars())
