"""Organisations, and the people and programs that act for them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select

from serving.store.audit import FIRST_DIGEST
from serving.store.tables import ACTOR, ORGANISATION

LOCAL: Final = "local"
LOCAL_PREFIX: Final = "SS"
SERVICE: Final = "service"
"""The actor that screens."""


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


def _found_or_added(
    connection: Connection, organisation_id: int, name: str, *, kind: str, now_ms: int
) -> Actor:
    of_name = select(ACTOR.c.id).where(ACTOR.c.organisation_id == organisation_id, ACTOR.c.name == name)
    found = connection.execute(of_name).scalar()
    if found is not None:
        return Actor(found, organisation_id)
    return add_actor(connection, organisation_id, name, kind=kind, role=name, now_ms=now_ms)
