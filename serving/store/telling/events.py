"""What happens to reports -> rows that streams read and webhooks are told of, in the same transaction.

Within an organisation serials grow in the order of commits: whoever records holds the organisation's row
until its transaction ends. So a reader that goes on from the last serial it saw misses nothing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select

from serving.moment import iso
from serving.store import audit, report_codes
from serving.store.tables import DELIVERY, EVENT, REPORT, WEBHOOK

Kind = Literal[
    "report.stored",
    "report.screened",
    "report.given_up",
    "report.urgent",
    "report.escalated",
    "report.changed",
    "report.referred",
    "report.purged",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STORED: Final = "report.stored"
SCREENED: Final = "report.screened"
URGENT: Final = "report.urgent"
ESCALATED: Final = "report.escalated"
CHANGED: Final = "report.changed"
REFERRED: Final = "report.referred"
GIVEN_UP: Final = "report.given_up"
PURGED: Final = "report.purged"
WAITING: Final = "waiting"
_GO_FIRST: Final = (URGENT, ESCALATED, GIVEN_UP)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a report.

    Attributes:
        kind: one of `KINDS`.
        report_id: of the report.
        actor_id: who did it.
        at_ms: when.
        priority: rank of the report's; None while it is not screened.
    """

    kind: str
    report_id: str
    actor_id: int
    at_ms: int
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A recorded event."""

    serial: int
    kind: str
    report_id: str
    case_ref: str
    priority: int | None
    at_ms: int


def record(connection: Connection, organisation_id: int, happened: Sequence[Happened]) -> None:
    """Record what happened to reports of an organisation, and what its webhooks are to be told.

    Args:
        connection: in the transaction that does what is told of.
        organisation_id: of the reports.
        happened: in order.
    """
    if not happened:
        return
    audit.take_chain(connection, organisation_id)
    connection.execute(
        insert(EVENT),
        [
            {
                "organisation_id": organisation_id,
                "actor_id": one.actor_id,
                "kind": one.kind,
                "report_id": one.report_id,
                "priority": one.priority,
                "at_ms": one.at_ms,
            }
            for one in happened
        ],
    )
    _queue(connection, organisation_id, happened)


def record_stored(
    connection: Connection, organisation_id: int, stored: Iterable[tuple[Happened, bool]]
) -> None:
    """Record that reports were stored.

    Args:
        connection: in the transaction that stores them.
        organisation_id: of the reports.
        stored: of each, and whether its sender says that somebody is in danger, which is told at once.
    """
    happened = [
        replace(one, kind=kind)
        for one, in_danger in stored
        for kind in ((one.kind, URGENT) if in_danger else (one.kind,))
    ]
    record(connection, organisation_id, happened)


def record_screened(connection: Connection, organisation_id: int, screened: Sequence[Happened]) -> None:
    """Record that reports were screened, and which are urgent though their sender had not said so."""
    urgent = [one.report_id for one in screened if one.priority == report_codes.URGENT]
    new: set[str] = set()
    if urgent:
        unsaid = select(REPORT.c.public_id).where(
            REPORT.c.public_id.in_(urgent), REPORT.c.in_danger.is_(False)
        )
        new.update(connection.execute(unsaid).scalars())
    happened = [
        replace(one, kind=kind)
        for one in screened
        for kind in ((one.kind, URGENT) if one.report_id in new else (one.kind,))
    ]
    record(connection, organisation_id, happened)


def newest_serial(connection: Connection, organisation_id: int) -> int:
    """Return the serial of the newest event of an organisation; 0 if it has none."""
    newest = select(func.max(EVENT.c.serial)).where(EVENT.c.organisation_id == organisation_id)
    return connection.execute(newest).scalar() or 0


def events_after(connection: Connection, organisation_id: int, serial: int, *, limit: int) -> list[Event]:
    """Return the events of an organisation that follow one, oldest first."""
    following = (
        select(EVENT, REPORT.c.case_ref)
        .join(REPORT, REPORT.c.public_id == EVENT.c.report_id)
        .where(EVENT.c.organisation_id == organisation_id, EVENT.c.serial > serial)
        .order_by(EVENT.c.serial)
        .limit(limit)
    )
    return [
        Event(row.serial, row.kind, row.report_id, row.case_ref, row.priority, row.at_ms)
        for row in connection.execute(following)
    ]


def told(kind: str, report_id: str, case_ref: str, priority: int | None, at_ms: int) -> str:
    """Return what is told of an event, as JSON: which report and how urgent it is, never what it says."""
    return json.dumps(
        {
            "id": report_id or None,
            "case_ref": case_ref or None,
            "kind": kind,
            "priority": report_codes.priority_of(priority),
            "at": iso(at_ms),
        }
    )


def delivery_values(
    kind: str, report_id: str, body: str, *, organisation_id: int, actor_id: int, webhook_id: int, now_ms: int
) -> dict[str, object]:
    """Return the columns of a delivery that is to be made at once."""
    return {
        "public_id": uuid4().hex,
        "organisation_id": organisation_id,
        "actor_id": actor_id,
        "webhook_id": webhook_id,
        "kind": kind,
        "report_id": report_id,
        "body": body,
        "rank": 0 if kind in _GO_FIRST else 1,
        "state": WAITING,
        "attempts": 0,
        "begun_ms": now_ms,
        "next_ms": now_ms,
    }


def _queue(connection: Connection, organisation_id: int, happened: Sequence[Happened]) -> None:
    """Queue a delivery of each event to each webhook that is to be told of its kind."""
    webhooks = connection.execute(
        select(WEBHOOK.c.id, WEBHOOK.c.kinds).where(
            WEBHOOK.c.organisation_id == organisation_id, WEBHOOK.c.disabled_ms.is_(None)
        )
    ).all()
    wanted = [
        (webhook.id, one) for webhook in webhooks for one in happened if one.kind in webhook.kinds.split()
    ]
    if not wanted:
        return
    report_ids = {one.report_id for _, one in wanted}
    found = select(REPORT.c.public_id, REPORT.c.case_ref).where(REPORT.c.public_id.in_(report_ids))
    case_refs = {row.public_id: row.case_ref for row in connection.execute(found)}
    connection.execute(
        insert(DELIVERY),
        [
            delivery_values(
                one.kind,
                one.report_id,
                told(one.kind, one.report_id, case_refs[one.report_id], one.priority, one.at_ms),
                organisation_id=organisation_id,
                actor_id=one.actor_id,
                webhook_id=webhook_id,
                now_ms=one.at_ms,
            )
            for webhook_id, one in wanted
        ],
    )
