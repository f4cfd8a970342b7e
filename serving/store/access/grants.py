"""Organisations that let another one read their reports, and never change them.

The words in them only if that was said as well. Whose reports are read is told in the audit of both.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from models.errors import InputError
from serving.store import audit
from serving.store.errors import NotFoundError, NotGrantedError
from serving.store.finding import NO_REPORT, find_report
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ORGANISATION, READ_GRANT

_NOT_GRANTED: Final = "there is no such organisation, or it does not let yours read its reports"


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose reports somebody may read.

    Attributes:
        actor: who reads, as one of the organisation whose reports these are; only ever to read as.
        with_words: the words in them too, if their credential allows it.
        is_guest: they belong to another organisation.
    """

    actor: Actor
    with_words: bool = True
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class ListedGrant:
    """A grant that holds, by the names of the organisations."""

    owner: str
    reader: str
    with_words: bool
    granted_ms: int


def grant_reading(
    connection: Connection,
    keyring: Keyring,
    owner_id: int,
    reader_id: int,
    *,
    with_words: bool,
    by: Actor,
    now_ms: int,
) -> None:
    """Let an organisation read the reports of another; what was granted before ends with it.

    Raises:
        InputError: they are the same.
    """
    if owner_id == reader_id:
        raise InputError("an organisation reads its own reports anyhow")
    audit.take_chains(connection, (owner_id, reader_id))
    _end(connection, owner_id, reader_id, by=by, now_ms=now_ms)
    connection.execute(
        insert(READ_GRANT).values(
            organisation_id=owner_id,
            actor_id=by.id,
            reader_id=reader_id,
            with_words=with_words,
            granted_ms=now_ms,
        )
    )
    detail = {"owner": owner_id, "reader": reader_id, "words": with_words}
    link = audit.Link(by.id, now_ms, "reading.granted", detail=detail)
    _tell_both(connection, keyring, owner_id, reader_id, link)


def end_reading(
    connection: Connection, keyring: Keyring, owner_id: int, reader_id: int, *, by: Actor, now_ms: int
) -> None:
    """Let an organisation read the reports of another no longer.

    Raises:
        NotFoundError: it may not anyhow.
    """
    audit.take_chains(connection, (owner_id, reader_id))
    if not _end(connection, owner_id, reader_id, by=by, now_ms=now_ms):
        raise NotFoundError("there is no such grant: see `scamscreen organisations grants`")
    detail = {"owner": owner_id, "reader": reader_id}
    link = audit.Link(by.id, now_ms, "reading.ended", detail=detail)
    _tell_both(connection, keyring, owner_id, reader_id, link)


def listed_grants(connection: Connection) -> list[ListedGrant]:
    """Return the grants that hold, oldest first."""
    owner, reader = ORGANISATION.alias(), ORGANISATION.alias()
    rows = (
        select(READ_GRANT, owner.c.name.label("owner"), reader.c.name.label("reader"))
        .join(owner, owner.c.id == READ_GRANT.c.organisation_id)
        .join(reader, reader.c.id == READ_GRANT.c.reader_id)
        .where(READ_GRANT.c.ended_ms.is_(None))
        .order_by(READ_GRANT.c.serial)
    )
    return [
        ListedGrant(row.owner, row.reader, row.with_words, row.granted_ms) for row in connection.execute(rows)
    ]


def reading_of_report(connection: Connection, actor: Actor, name: str) -> tuple[Reading, str]:
    """Return as whom somebody may read a report of this id or case number, and its public id.

    Raises:
        NotFoundError: there is none, or they may not know of it.
    """
    report = find_report(connection, name, organisation_id=None)
    if report.organisation_id == actor.organisation_id:
        return Reading(actor), report.public_id
    grant = _grant(connection, report.organisation_id, actor.organisation_id)
    if grant is None:
        raise NotFoundError(NO_REPORT)
    return _as_guest(actor, grant), report.public_id


def reading_of_organisation(connection: Connection, actor: Actor, name: str | None) -> Reading:
    """Return as whom somebody may read the reports of an organisation; None: their own.

    Raises:
        NotGrantedError: there is none of this name, or it does not let them.
    """
    if name is None:
        return Reading(actor)
    owner_id = connection.execute(select(ORGANISATION.c.id).where(ORGANISATION.c.name == name)).scalar()
    if owner_id == actor.organisation_id:
        return Reading(actor)
    grant = None if owner_id is None else _grant(connection, owner_id, actor.organisation_id)
    if grant is None:
        raise NotGrantedError(_NOT_GRANTED)
    return _as_guest(actor, grant)


def _as_guest(actor: Actor, grant: Row[Any]) -> Reading:
    return Reading(Actor(actor.id, grant.organisation_id), grant.with_words, is_guest=True)


def _grant(connection: Connection, owner_id: int, reader_id: int) -> Row[Any] | None:
    return connection.execute(select(READ_GRANT).where(*_holds(owner_id, reader_id))).one_or_none()


def _holds(owner_id: int, reader_id: int) -> tuple[Any, ...]:
    return (
        READ_GRANT.c.organisation_id == owner_id,
        READ_GRANT.c.reader_id == reader_id,
        READ_GRANT.c.ended_ms.is_(None),
    )


def _end(connection: Connection, owner_id: int, reader_id: int, *, by: Actor, now_ms: int) -> bool:
    ended = update(READ_GRANT).where(*_holds(owner_id, reader_id)).values(ended_ms=now_ms, ended_by=by.id)
    return connection.execute(ended).rowcount > 0


def _tell_both(
    connection: Connection, keyring: Keyring, owner_id: int, reader_id: int, link: audit.Link
) -> None:
    """Add a link to the chains of both."""
    for organisation_id in sorted((owner_id, reader_id)):
        audit.append(connection, keyring, organisation_id, link)
