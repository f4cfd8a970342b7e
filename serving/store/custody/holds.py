"""Legal holds: while one lasts, nothing of its report is purged, whoever asks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, insert, or_, select, update

from serving.store import audit
from serving.store.errors import NotFoundError, StoreError
from serving.store.finding import find_report
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import AUDIT, HOLD, REPORT

PLACED: Final = "hold.placed"
_RELEASED: Final = "hold.released"
_NO_HOLD: Final = "there is no such hold, or it has ended"


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold.

    Attributes:
        number: to release it by.
        why: None once its report was purged.
    """

    number: int
    case_ref: str
    actor_id: int
    placed_ms: int
    until_ms: int | None
    released_ms: int | None
    why: str | None = field(repr=False)


def place_hold(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    name: str,
    *,
    why: str,
    until_ms: int | None,
    now_ms: int,
    organisation_id: int | None,
) -> int:
    """Place a hold on a report; return its number.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who places it.
        name: public id or case number of the report.
        why: in words, kept sealed.
        until_ms: when it ends by itself; None: when it is released.
        now_ms: the time.
        organisation_id: whose the report must be; None: whoever's.

    Raises:
        NotFoundError: there is no such report.
        StoreError: it was purged.
    """
    found = find_report(connection, name, organisation_id=organisation_id)
    audit.take_chain(connection, found.organisation_id)  # which a purge waits for, or came before
    report = connection.execute(select(REPORT).where(REPORT.c.serial == found.serial)).one()
    if report.purged_ms is not None:
        raise StoreError("this report was purged: nothing is left to be held")
    number: int = connection.execute(
        insert(HOLD)
        .values(
            organisation_id=report.organisation_id,
            actor_id=actor.id,
            report_serial=report.serial,
            placed_ms=now_ms,
            until_ms=until_ms,
            sealed=keyring.seal(why.encode(), place_of_hold(report.public_id, now_ms)),
        )
        .returning(HOLD.c.serial)
    ).scalar_one()
    link = audit.Link(actor.id, now_ms, PLACED, report.public_id, {"hold": number, "until_ms": until_ms})
    audit.append(connection, keyring, report.organisation_id, link)
    return number


def release_hold(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    number: int,
    *,
    now_ms: int,
    organisation_id: int | None,
) -> None:
    """End a hold.

    Raises:
        NotFoundError: there is none of this number that still lasts.
    """
    of_report = select(HOLD.c.organisation_id, REPORT.c.public_id).join_from(HOLD, REPORT)
    hold = connection.execute(of_report.where(HOLD.c.serial == number, _lasts(now_ms))).one_or_none()
    if hold is None or organisation_id not in (None, hold.organisation_id):
        raise NotFoundError(_NO_HOLD)
    audit.take_chain(connection, hold.organisation_id)
    this = (HOLD.c.serial == number, _lasts(now_ms))
    ended = connection.execute(update(HOLD).where(*this).values(released_ms=now_ms, released_by=actor.id))
    if ended.rowcount != 1:  # somebody else was faster
        raise NotFoundError(_NO_HOLD)
    link = audit.Link(actor.id, now_ms, _RELEASED, hold.public_id, {"hold": number})
    audit.append(connection, keyring, hold.organisation_id, link)


def read_holds(
    connection: Connection,
    keyring: Keyring,
    *,
    now_ms: int,
    report_serial: int | None = None,
    organisation_id: int | None = None,
) -> Sequence[Hold]:
    """Return the holds of a report, ended or not; without one, of an organisation or all those that last."""
    asked = select(HOLD, REPORT.c.public_id, REPORT.c.case_ref).join_from(HOLD, REPORT)
    if organisation_id is not None:
        asked = asked.where(HOLD.c.organisation_id == organisation_id)
    chosen = _lasts(now_ms) if report_serial is None else HOLD.c.report_serial == report_serial
    return [
        Hold(
            number=row.serial,
            case_ref=row.case_ref,
            actor_id=row.actor_id,
            placed_ms=row.placed_ms,
            until_ms=row.until_ms,
            released_ms=row.released_ms,
            why=keyring.open(row.sealed, place_of_hold(row.public_id, row.placed_ms)).decode()
            if row.sealed
            else None,
        )
        for row in connection.execute(asked.where(chosen).order_by(HOLD.c.serial))
    ]


def altered(connection: Connection) -> Iterator[str]:
    """Yield, in words, each hold that is not as its links in the audit say: it may end before it was to."""
    holds = select(HOLD, REPORT.c.public_id, REPORT.c.case_ref).join_from(HOLD, REPORT)
    for hold in connection.execute(holds.order_by(HOLD.c.serial)).all():
        links = connection.execute(
            select(AUDIT)
            .where(AUDIT.c.subject == hold.public_id, AUDIT.c.action.in_((PLACED, _RELEASED)))
            .order_by(AUDIT.c.number)
        )
        told = [
            (link.action, link.organisation_id, link.actor_id, link.at_ms, said.get("until_ms"))
            for link in links
            if (said := audit.told_by(link)).get("hold") == hold.serial
        ]
        expected = [(PLACED, hold.organisation_id, hold.actor_id, hold.placed_ms, hold.until_ms)]
        if hold.released_ms is not None:
            expected.append((_RELEASED, hold.organisation_id, hold.released_by, hold.released_ms, None))
        if told != expected:
            yield f"hold {hold.serial} of {hold.case_ref}: it is not as it was placed or released"


def is_held(now_ms: int) -> ColumnElement[bool]:
    """Return the condition that a row of `report` is under a hold."""
    return exists().where(HOLD.c.report_serial == REPORT.c.serial, _lasts(now_ms))


def place_of_hold(report_id: str, placed_ms: int) -> str:
    """Return the place the reason of a hold is sealed for."""
    return f"hold {report_id} {placed_ms}"


def _lasts(now_ms: int) -> ColumnElement[bool]:
    return HOLD.c.released_ms.is_(None) & or_(HOLD.c.until_ms.is_(None), HOLD.c.until_ms > now_ms)
