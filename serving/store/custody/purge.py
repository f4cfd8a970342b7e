"""Removes what people wrote in a report, and all that quotes it; what it was and why it went stays.

Of every item hash, size, kind and tool stay, of screenings priority and model, of the report its flags,
languages and numbers, of history who did what and when; and who purged it, when, and the reason they gave.
"""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, insert, select, update

from serving.clock import DAY_MS
from serving.store import audit
from serving.store.custody.holds import is_held
from serving.store.custody.sealed_columns import SEALED, place_of_purge
from serving.store.errors import HeldError
from serving.store.finding import find_report
from serving.store.organisations import Actor
from serving.store.report_codes import FAILED, URGENT, WAITING
from serving.store.screening.traces import forget, traces_left
from serving.store.sealing import Keyring
from serving.store.search.tokens import remove_tokens
from serving.store.tables import HISTORY, ITEM, PURGE, REPORT
from serving.store.telling import events

Cause = Literal["age", "request"]


def purge_report(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    name: str,
    *,
    reason: str,
    now_ms: int,
    organisation_id: int | None,
) -> str:
    """Purge one report, because somebody asks for it; return its public id.

    One that was purged before loses what is left: after a purge by age what its like are recognised by, and
    whatever was written about it since. If that is nothing, it stays as it is.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who purges it.
        name: public id or case number of the report.
        reason: in words, kept sealed.
        now_ms: the time.
        organisation_id: whose the report must be; None: whoever's.

    Raises:
        NotFoundError: there is no such report.
        HeldError: it is under a legal hold.
    """
    report = find_report(connection, name, organisation_id=organisation_id)
    report_id: str = report.public_id
    audit.take_chain(connection, report.organisation_id)  # holds and other purges wait, or came before
    this = select(REPORT).where(REPORT.c.serial == report.serial)
    if connection.execute(this).one().purged_ms is None or _is_any_left(connection, report.serial):
        free = connection.execute(this.where(~is_held(now_ms))).all()
        if not free:
            raise HeldError("a legal hold keeps this report: release the hold first")
        _purge(connection, keyring, actor, free, cause="request", reason=reason, now_ms=now_ms)
    return report_id


def purge_old(
    connection: Connection, keyring: Keyring, actor: Actor, *, days: int, limit: int, now_ms: int
) -> int:
    """Purge some of the reports that were stored more than so many days ago; return how many.

    Never one that is held, that is not screened yet, or that tells of danger and nobody has acknowledged.
    """
    oldest = select(REPORT.c.serial, REPORT.c.organisation_id).order_by(REPORT.c.stored_ms).limit(limit)
    rows = connection.execute(_old(oldest, days=days, now_ms=now_ms)).all()
    audit.take_chains(connection, (row.organisation_id for row in rows))
    of_rows = select(REPORT).where(REPORT.c.serial.in_([row.serial for row in rows]))
    found = connection.execute(_old(of_rows, days=days, now_ms=now_ms)).all()  # and is so still
    if found:
        _purge(
            connection,
            keyring,
            actor,
            found,
            cause="age",
            reason=f"stored for over {days} days",
            now_ms=now_ms,
        )
    return len(found)


def count_old(connection: Connection, *, days: int, now_ms: int) -> int:
    """Return how many reports `purge_old` would purge in all."""
    asked = select(func.count()).select_from(REPORT)
    return int(connection.execute(_old(asked, days=days, now_ms=now_ms)).scalar_one())


def _old(asked: Select[Any], *, days: int, now_ms: int) -> Select[Any]:
    return asked.where(
        REPORT.c.purged_ms.is_(None),
        REPORT.c.stored_ms < now_ms - days * DAY_MS,
        REPORT.c.work != WAITING,
        ~_waits_for_help(),
        ~is_held(now_ms),
    )


def _waits_for_help() -> ColumnElement[bool]:
    return and_(
        REPORT.c.acknowledged_ms.is_(None),
        REPORT.c.in_danger | (func.coalesce(REPORT.c.priority, URGENT) == URGENT),
    )


def _purge(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    reports: Sequence[Row[Any]],
    *,
    cause: Cause,
    reason: str,
    now_ms: int,
) -> None:
    serials = [report.serial for report in reports]
    for sealed in SEALED:
        if sealed.of_report is not None:
            connection.execute(
                update(sealed.table).where(sealed.of_report.in_(serials)).values({sealed.column: None})
            )
    for serial in serials:
        if cause == "request":
            forget(connection, serial)
        else:
            remove_tokens(connection, serial)
    connection.execute(
        update(REPORT)
        .where(REPORT.c.serial.in_(serials))
        .values(
            purged_ms=func.coalesce(REPORT.c.purged_ms, now_ms),
            version=REPORT.c.version + 1,
            leased_by=None,  # whoever screens it now comes too late
            work=case((REPORT.c.work == WAITING, FAILED), else_=REPORT.c.work),
        )
    )
    left = _left(connection, serials)
    for report in reports:
        _write_down(
            connection,
            keyring,
            actor,
            report,
            left=left[report.serial],
            cause=cause,
            reason=reason,
            now_ms=now_ms,
        )


def _is_any_left(connection: Connection, serial: int) -> bool:
    """Return whether words of a report, or traces of them, are still there."""
    words = [
        select(of_report).where(of_report == serial, sealed.column.is_not(None))
        for sealed in SEALED
        if (of_report := sealed.of_report) is not None
    ]
    left = [*words, *traces_left(serial)]
    return any(connection.execute(one.limit(1)).first() is not None for one in left)


def _left(connection: Connection, serials: Sequence[int]) -> dict[int, list[dict[str, object]]]:
    """Return what still tells of the items of reports."""
    left: dict[int, list[dict[str, object]]] = {serial: [] for serial in serials}
    items = select(ITEM.c.report_serial, ITEM.c.kind, ITEM.c.sha256, ITEM.c.bytes)
    for item in connection.execute(items.where(ITEM.c.report_serial.in_(serials)).order_by(ITEM.c.serial)):
        told = {"kind": item.kind, "sha256": item.sha256.hex(), "bytes": item.bytes}
        left[item.report_serial].append(told)
    return left


def _write_down(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report: Row[Any],
    *,
    left: list[dict[str, object]],
    cause: Cause,
    reason: str,
    now_ms: int,
) -> None:
    who = {
        "organisation_id": report.organisation_id,
        "actor_id": actor.id,
        "report_serial": report.serial,
        "at_ms": now_ms,
    }
    sealed = keyring.seal(reason.encode(), place_of_purge(report.public_id, now_ms))
    connection.execute(insert(PURGE).values(**who, cause=cause, sealed=sealed))
    connection.execute(
        insert(HISTORY).values(**who, action="purged", version=report.version + 1, sealed=None)
    )
    link = audit.Link(actor.id, now_ms, "report.purged", report.public_id, {"cause": cause, "items": left})
    audit.append(connection, keyring, report.organisation_id, link)
    happened = events.Happened(events.PURGED, report.public_id, actor.id, now_ms, report.priority)
    events.record(connection, report.organisation_id, [happened])
