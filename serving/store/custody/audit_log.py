"""The chain of an organisation as its administrators read it: newest first, page by page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, or_, select

from serving.store.errors import NotFoundError
from serving.store.finding import find_report
from serving.store.tables import ACTOR, AUDIT, ORGANISATION, PURGE, REPORT

MOST_LOOKED_AT: Final = 100_000
"""Links that one page looks through for those that are asked for."""
_ABOUT_PEOPLE: Final = ("person", "actor", "session", "link")


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What is asked for; None and "" ask for all.

    Attributes:
        action: as `report.stored`.
        actor_id: who did it, or whom it was done to.
        report: public id or case number.
    """

    action: str = ""
    actor_id: int | None = None
    report: str = ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A link.

    Attributes:
        by: the name of who did it.
        about: case number of the report, name of the person, or what else it was done to.
        detail: codes, counts and digests.
    """

    number: int
    at_ms: int
    by: str
    action: str
    about: str
    detail: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """Links, newest first.

    Attributes:
        before: number from which on the next page looks back; None: there is none.
    """

    entries: Sequence[LogEntry]
    before: int | None


@dataclass(frozen=True, slots=True)
class ListedPurge:
    """That the words of a report were removed."""

    case_ref: str
    at_ms: int
    cause: str
    by: str


def read_log(
    connection: Connection,
    organisation_id: int,
    filters: LogFilters,
    *,
    limit: int,
    before: int | None = None,
) -> LogPage:
    """Return links of the chain of an organisation.

    Args:
        connection: to read from.
        organisation_id: whose chain.
        filters: which of it.
        limit: at most so many.
        before: only those before this number; None: from the last on.
    """
    if filters.report:
        return _log_of_report(connection, organisation_id, filters, limit=limit, before=before)
    last = before - 1 if before is not None else chain_length(connection, organisation_id)
    first = max(1, last - MOST_LOOKED_AT + 1)
    asked = select(AUDIT).where(
        AUDIT.c.organisation_id == organisation_id, AUDIT.c.number.between(first, last), *_chosen(filters)
    )
    rows = connection.execute(asked.order_by(AUDIT.c.number.desc()).limit(limit)).all()
    next_before = rows[-1].number if len(rows) == limit else first
    return LogPage(_entries(connection, rows), next_before if next_before > 1 else None)


def chain_length(connection: Connection, organisation_id: int) -> int:
    """Return the number of the last link of an organisation."""
    asked = select(ORGANISATION.c.audit_serial).where(ORGANISATION.c.id == organisation_id)
    return int(connection.execute(asked).scalar_one())


def listed_actors(connection: Connection, organisation_id: int) -> list[tuple[int, str]]:
    """Return id and name of the people and programs that act for an organisation."""
    asked = select(ACTOR.c.id, ACTOR.c.name).where(ACTOR.c.organisation_id == organisation_id)
    return [(row.id, row.name) for row in connection.execute(asked.order_by(ACTOR.c.name))]


def listed_purges(connection: Connection, organisation_id: int, *, limit: int) -> list[ListedPurge]:
    """Return which reports of an organisation were purged last; not the reasons, which are in words."""
    rows = connection.execute(
        select(PURGE.c.at_ms, PURGE.c.cause, REPORT.c.case_ref, ACTOR.c.name)
        .join(REPORT, REPORT.c.serial == PURGE.c.report_serial)
        .join(ACTOR, ACTOR.c.id == PURGE.c.actor_id)
        .where(PURGE.c.organisation_id == organisation_id)
        .order_by(PURGE.c.serial.desc())
        .limit(limit)
    )
    return [ListedPurge(row.case_ref, row.at_ms, row.cause, row.name) for row in rows]


def _chosen(filters: LogFilters) -> list[Any]:
    chosen: list[Any] = []
    if filters.action:
        chosen.append(AUDIT.c.action == filters.action)
    if filters.actor_id is not None:
        chosen.append(or_(AUDIT.c.actor_id == filters.actor_id, AUDIT.c.subject == str(filters.actor_id)))
    return chosen


def _log_of_report(
    connection: Connection, organisation_id: int, filters: LogFilters, *, limit: int, before: int | None
) -> LogPage:
    """Return the links of a report: few, and found by their subject whatever the length of the chain."""
    try:
        report = find_report(connection, filters.report, organisation_id=organisation_id)
    except NotFoundError:
        return LogPage((), None)
    of_report = select(AUDIT).where(AUDIT.c.subject == report.public_id, *_chosen(filters))
    links = [one for one in connection.execute(of_report) if one.organisation_id == organisation_id]
    links.sort(key=lambda link: -link.number)
    rows = [link for link in links if before is None or link.number < before]
    is_more = len(rows) > limit
    return LogPage(_entries(connection, rows[:limit]), rows[limit - 1].number if is_more else None)


def _entries(connection: Connection, rows: Sequence[Row[Any]]) -> list[LogEntry]:
    people = {row.actor_id for row in rows}
    people |= {int(row.subject) for row in rows if _is_about_person(row)}
    names = _names(connection, people)
    cases = _cases(connection, {row.subject for row in rows})
    return [
        LogEntry(
            row.number,
            row.at_ms,
            names.get(row.actor_id, ""),
            row.action,
            names.get(int(row.subject), "") if _is_about_person(row) else cases.get(row.subject, row.subject),
            json.loads(row.detail),
            row.digest.hex(),
        )
        for row in rows
    ]


def _is_about_person(row: Row[Any]) -> bool:
    return row.action.partition(".")[0] in _ABOUT_PEOPLE and row.subject.isdecimal()


def _names(connection: Connection, ids: set[int]) -> dict[int, str]:
    rows = connection.execute(select(ACTOR.c.id, ACTOR.c.name).where(ACTOR.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _cases(connection: Connection, subjects: set[str]) -> dict[str, str]:
    asked = select(REPORT.c.public_id, REPORT.c.case_ref).where(REPORT.c.public_id.in_(subjects))
    return {row.public_id: row.case_ref for row in connection.execute(asked)}
