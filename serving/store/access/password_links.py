"""Links by which people choose their own password, so that nobody else ever knows it.

A link works once, for a day, and of a person only the newest. It lets nobody in by itself: whoever has used
it signs in as always, with the code of their telephone if they are asked for one.
"""

from typing import Final

from sqlalchemy import Connection, delete, insert, or_, select

from serving.clock import DAY_MS
from serving.store import audit
from serving.store.access.bound_tokens import is_token_of, new_token
from serving.store.access.people import KIND, Hashed, set_password
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import CREDENTIAL, PASSWORD_LINK

PURPOSE: Final = "password links"
LASTS_MS: Final = DAY_MS


def make_password_link(
    connection: Connection, keyring: Keyring, person: Actor, *, by: Actor, now_ms: int
) -> str:
    """Return what lets a person choose a password, once; what was made for them before ends."""
    token = new_token(person.organisation_id, person.id)
    audit.take_chain(connection, person.organisation_id)
    is_over = or_(PASSWORD_LINK.c.person_id == person.id, PASSWORD_LINK.c.made_ms <= now_ms - LASTS_MS)
    connection.execute(delete(PASSWORD_LINK).where(is_over))
    connection.execute(
        insert(PASSWORD_LINK).values(
            digest=_digest(keyring, token),
            organisation_id=person.organisation_id,
            actor_id=by.id,
            person_id=person.id,
            made_ms=now_ms,
        )
    )
    audit.append(
        connection,
        keyring,
        person.organisation_id,
        audit.Link(by.id, now_ms, "person.link_made", str(person.id)),
    )
    return token


def owner_of_link(connection: Connection, keyring: Keyring, token: str, *, now_ms: int) -> str | None:
    """Return the name of who may choose a password by a link; None if it can be used no longer."""
    person = _person(connection, keyring, token, now_ms)
    return None if person is None else _name_of(connection, person)


def use_password_link(
    connection: Connection, keyring: Keyring, token: str, password: Hashed, *, now_ms: int
) -> str | None:
    """Give whoever has a link their new password, now and never again; return their name, or None.

    It ends every session of theirs, as each new password does.
    """
    person = _person(connection, keyring, token, now_ms)
    if person is None:
        return None
    audit.take_chain(connection, person.organisation_id)
    used = delete(PASSWORD_LINK).where(PASSWORD_LINK.c.digest == _digest(keyring, token))
    if connection.execute(used).rowcount != 1:  # somebody else was faster
        return None
    name = _name_of(connection, person)
    set_password(connection, keyring, name, password, by=person, now_ms=now_ms)
    return name


def _name_of(connection: Connection, person: Actor) -> str:
    asked = select(CREDENTIAL.c.handle).where(CREDENTIAL.c.actor_id == person.id, CREDENTIAL.c.kind == KIND)
    return str(connection.execute(asked).scalar_one())


def _person(connection: Connection, keyring: Keyring, token: str, now_ms: int) -> Actor | None:
    row = connection.execute(
        select(PASSWORD_LINK.c.person_id, PASSWORD_LINK.c.organisation_id).where(
            PASSWORD_LINK.c.digest == _digest(keyring, token), PASSWORD_LINK.c.made_ms > now_ms - LASTS_MS
        )
    ).one_or_none()
    if row is None or not is_token_of(token, row.organisation_id, row.person_id):
        return None
    return Actor(row.person_id, row.organisation_id)


def _digest(keyring: Keyring, token: str) -> bytes:
    return keyring.digest(PURPOSE, token.encode("utf-8", "replace"))
