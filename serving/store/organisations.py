"""Organisations, and the people and programs that act for them."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, or_, select, update

from models.errors import InputError
from serving.store import audit
from serving.store.access.ways_in import end_ways_in
from serving.store.audit import FIRST_DIGEST
from serving.store.errors import NotFoundError, TakenError
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, ORGANISATION

LOCAL: Final = "local"
LOCAL_PREFIX: Final = "SS"
SERVICE: Final = "service"
"""The actor that screens."""
OPERATOR: Final = "operator"
_NAME: Final = re.compile(r"[^\W_][\w.@ -]{0,79}")
_PREFIX: Final = re.compile(r"[A-Z]{2,8}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and for whom."""

    id: int
    organisation_id: int


def add_organisation(connection: Connection, name: str, case_prefix: str, *, now_ms: int) -> int:
    """Add an organisation; return its id."""
    added = insert(ORGANISATION).values(
        name=name, case_prefix=case_prefix, audit_serial=0, audit_digest=FIRST_DIGEST, created_ms=now_ms
    )
    return int(connection.execute(added.returning(ORGANISATION.c.id)).scalar_one())


def register_organisation(
    connection: Connection, keyring: Keyring, name: str, case_prefix: str, *, by: Actor, now_ms: int
) -> int:
    """Add an organisation that somebody asks for; return its id.

    Raises:
        InputError: its name or its prefix cannot be used.
        TakenError: one of the two is taken.
    """
    if not _PREFIX.fullmatch(case_prefix):
        raise InputError("a prefix of case numbers has 2 to 8 letters from A to Z")
    taken = or_(ORGANISATION.c.name == checked_name(name), ORGANISATION.c.case_prefix == case_prefix)
    if connection.execute(select(ORGANISATION.c.id).where(taken)).first():
        raise TakenError("there is an organisation of this name or prefix: choose others")
    organisation_id = add_organisation(connection, name, case_prefix, now_ms=now_ms)
    link = audit.Link(by.id, now_ms, "organisation.added", case_prefix)
    audit.append(connection, keyring, organisation_id, link)
    return organisation_id


def listed_organisations(connection: Connection) -> list[tuple[str, str]]:
    """Return the name and the prefix of every organisation, oldest first."""
    rows = select(ORGANISATION.c.name, ORGANISATION.c.case_prefix).order_by(ORGANISATION.c.id)
    return [(row.name, row.case_prefix) for row in connection.execute(rows)]


def organisation_named(connection: Connection, name: str) -> int:
    """Return the id of an organisation.

    Raises:
        NotFoundError: there is none of this name.
    """
    found = connection.execute(select(ORGANISATION.c.id).where(ORGANISATION.c.name == name)).scalar()
    if found is None:
        raise NotFoundError("there is no such organisation: see `scamscreen organisations list`")
    return int(found)


def checked_name(name: str) -> str:
    """Return a name that can be given to an organisation, a person or a program.

    Raises:
        InputError: it cannot: it would be misread in a table or a log.
    """
    if not _NAME.fullmatch(name):
        raise InputError("a name has up to 80 letters, digits, blanks and . @ - _, and begins with a letter")
    return name


def set_disabled(
    connection: Connection, keyring: Keyring, actor: Actor, *, disabled: bool, by: Actor, now_ms: int
) -> None:
    """Let nothing that an actor shows let it in any longer, or let it again; its sessions end for good."""
    connection.execute(
        update(ACTOR).where(ACTOR.c.id == actor.id).values(disabled_ms=now_ms if disabled else None)
    )
    if disabled:
        end_ways_in(connection, actor.id, now_ms=now_ms)
    link = audit.Link(by.id, now_ms, "actor.disabled" if disabled else "actor.enabled", str(actor.id))
    audit.append(connection, keyring, actor.organisation_id, link)


def add_actor(
    connection: Connection,
    organisation_id: int,
    name: str,
    *,
    kind: str,
    role: str,
    now_ms: int,
    locale: str = "en",
) -> Actor:
    """Add a person or a program."""
    added = insert(ACTOR).values(
        organisation_id=organisation_id, kind=kind, name=name, locale=locale, role=role, created_ms=now_ms
    )
    return Actor(int(connection.execute(added.returning(ACTOR.c.id)).scalar_one()), organisation_id)


def local_actors(connection: Connection, *, now_ms: int) -> tuple[Actor, Actor]:
    """Return who sends reports in open mode and what screens them; both are made with the first store."""
    found = connection.execute(select(ORGANISATION.c.id).where(ORGANISATION.c.name == LOCAL)).scalar()
    organisation_id = found or add_organisation(connection, LOCAL, LOCAL_PREFIX, now_ms=now_ms)
    return (
        _found_or_added(connection, organisation_id, LOCAL, kind="person", now_ms=now_ms),
        _found_or_added(connection, organisation_id, SERVICE, kind="machine", now_ms=now_ms),
    )


def channel_actor(connection: Connection, organisation: str, channel: str, *, now_ms: int) -> Actor:
    """Return the actor that stores what comes over a channel; it is made if there is none.

    Raises:
        InputError: there is no organisation of this name.
    """
    of_name = select(ORGANISATION.c.id).where(ORGANISATION.c.name == organisation)
    organisation_id = connection.execute(of_name).scalar()
    if organisation_id is None:
        raise InputError(f"{channel}: there is no organisation {organisation!r}: make it, or name another")
    return _found_or_added(connection, organisation_id, channel, kind="machine", now_ms=now_ms)


def operator(connection: Connection, login: str, *, now_ms: int) -> Actor:
    """Return who runs a command on this machine, by the name of their account on it."""
    organisation_id = local_actors(connection, now_ms=now_ms)[0].organisation_id
    return _found_or_added(connection, organisation_id, f"{OPERATOR} {login}", kind="person", now_ms=now_ms)


def _found_or_added(
    connection: Connection, organisation_id: int, name: str, *, kind: str, now_ms: int
) -> Actor:
    of_name = select(ACTOR.c.id).where(ACTOR.c.organisation_id == organisation_id, ACTOR.c.name == name)
    found = connection.execute(of_name).scalar()
    if found is not None:
        return Actor(found, organisation_id)
    return add_actor(connection, organisation_id, name, kind=kind, role=name.partition(" ")[0], now_ms=now_ms)
