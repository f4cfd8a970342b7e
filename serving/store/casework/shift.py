"""What whoever begins a shift has to know: what waits too long, came back, or has nobody who works on it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, or_, select

from serving.store.casework.states import OPEN
from serving.store.organisations import Actor
from serving.store.tables import ACTOR, HISTORY, REFERRAL, REPORT, SESSION

MOST_LISTED: Final = 100
_MOST_LOOKED_AT: Final = 5_000
_URGENT: Final = 0
_PERSON: Final = "person"


@dataclass(frozen=True, slots=True)
class Waits:
    """A report that waits.

    Attributes:
        rank: of its priority; 0 is urgent.
        flags: codes.
        since_ms: when it began to wait.
        has_escalated: nobody acknowledged it in time, and others were called.
        is_alone: somebody in it may be in danger: it is assigned and decided alone.
        assignee: name of who works on it, or "".
    """

    id: str
    case_ref: str
    version: int
    rank: int
    status: str
    flags: tuple[str, ...]
    since_ms: int
    has_escalated: bool
    is_alone: bool
    assignee: str


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who is not there, and the open reports that are assigned to them.

    Attributes:
        seen_ms: when they last were at the console; None: never.
        reports: the worst first, at most `MOST_LISTED` of all absent people together.
    """

    name: str
    is_disabled: bool
    seen_ms: int | None
    reports: tuple[Waits, ...]


def unacknowledged(connection: Connection, actor: Actor) -> list[Waits]:
    """Return the urgent reports that nobody has acknowledged, the oldest first, at most `MOST_LISTED`."""
    waiting = _asked(REPORT.c.stored_ms).where(
        REPORT.c.organisation_id == actor.organisation_id,
        REPORT.c.status == "new",
        REPORT.c.queue_rank == _URGENT,
    )
    return _waits(connection, waiting.order_by(REPORT.c.serial))


def returned(connection: Connection, actor: Actor) -> list[Waits]:
    """Return the reports that another agency gave back, the longest ago first, at most `MOST_LISTED`."""
    last = (
        select(func.max(REFERRAL.c.returned_ms))
        .where(REFERRAL.c.report_serial == REPORT.c.serial)
        .scalar_subquery()
    )
    since = func.coalesce(last, REPORT.c.stored_ms)
    waiting = _asked(since).where(
        REPORT.c.organisation_id == actor.organisation_id, REPORT.c.status == "returned"
    )
    return _waits(connection, waiting.order_by("since_ms", REPORT.c.serial))


def without_information(connection: Connection, actor: Actor) -> list[Waits]:
    """Return the reports that wait for information, the longest first, at most `MOST_LISTED`."""
    some = (
        select(REPORT.c.serial)
        .where(REPORT.c.organisation_id == actor.organisation_id, REPORT.c.status == "needs_information")
        .order_by(REPORT.c.queue_rank, REPORT.c.serial)
        .limit(_MOST_LOOKED_AT)
        .subquery()
    )
    asked = (
        select(func.max(HISTORY.c.at_ms))
        .where(
            HISTORY.c.report_serial == REPORT.c.serial, HISTORY.c.changes.contains(', "needs_information"]')
        )
        .scalar_subquery()
    )
    waiting = _asked(func.coalesce(asked, REPORT.c.stored_ms)).where(
        REPORT.c.serial.in_(select(some.c.serial))
    )
    return _waits(connection, waiting.order_by("since_ms", REPORT.c.serial))


def of_absent(connection: Connection, actor: Actor, *, away_since_ms: int) -> list[Absent]:
    """Return who is not there and has open reports: disabled, or not at the console since a time."""
    people = {row.id: row for row in connection.execute(_absent(actor, away_since_ms))}
    theirs = select(REPORT.c.serial).where(
        REPORT.c.organisation_id == actor.organisation_id,
        REPORT.c.assignee_id.in_(sorted(people)),
        REPORT.c.status.in_(OPEN),
    )
    # first without their order, so that the index of what is assigned is used
    urgent = theirs.where(REPORT.c.queue_rank == _URGENT).limit(_MOST_LOOKED_AT).subquery()
    others = theirs.limit(_MOST_LOOKED_AT).subquery()
    waiting = (
        _asked(REPORT.c.stored_ms)
        .add_columns(REPORT.c.assignee_id)
        .where(or_(*(REPORT.c.serial.in_(select(some.c.serial)) for some in (urgent, others))))
        .order_by(REPORT.c.queue_rank, REPORT.c.serial)
        .limit(MOST_LISTED)
    )
    found: dict[int, list[Waits]] = {}
    for row in connection.execute(waiting):
        found.setdefault(row.assignee_id, []).append(_wait(row))
    return [
        Absent(people[one].name, people[one].disabled_ms is not None, people[one].seen_ms, tuple(reports))
        for one, reports in found.items()
    ]


def _absent(actor: Actor, away_since_ms: int) -> Select[Any]:
    of_actor = SESSION.c.actor_id == ACTOR.c.id
    seen = select(func.max(SESSION.c.seen_ms)).where(of_actor).scalar_subquery().label("seen_ms")
    is_there = exists().where(of_actor, SESSION.c.seen_ms >= away_since_ms)
    return select(ACTOR.c.id, ACTOR.c.name, ACTOR.c.disabled_ms, seen).where(
        ACTOR.c.organisation_id == actor.organisation_id,
        ACTOR.c.kind == _PERSON,
        or_(ACTOR.c.disabled_ms.is_not(None), ~is_there),
    )


def _asked(since: ColumnElement[Any]) -> Select[Any]:
    return select(
        *(REPORT.c.public_id, REPORT.c.case_ref, REPORT.c.version, REPORT.c.queue_rank, REPORT.c.status),
        *(REPORT.c.flags, REPORT.c.acknowledged_ms, REPORT.c.escalated_ms, REPORT.c.in_danger),
        since.label("since_ms"),
        ACTOR.c.name.label("assignee"),
    ).outerjoin(ACTOR, ACTOR.c.id == REPORT.c.assignee_id)


def _waits(connection: Connection, waiting: Select[Any]) -> list[Waits]:
    return [_wait(row) for row in connection.execute(waiting.limit(MOST_LISTED))]


def _wait(row: Row[Any]) -> Waits:
    return Waits(
        id=row.public_id,
        case_ref=row.case_ref,
        version=row.version,
        rank=row.queue_rank,
        status=row.status,
        flags=tuple(row.flags.split()),
        since_ms=row.since_ms,
        has_escalated=row.escalated_ms is not None and row.acknowledged_ms is None,
        is_alone=row.queue_rank == _URGENT or row.in_danger,
        assignee=row.assignee or "",
    )
