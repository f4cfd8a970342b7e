"""People, their passwords, and the codes of their telephones; `sign_in` lets them in.

A password is hashed with argon2 (RFC 9106), and before that together with its name and a secret of the key
file: the database alone lets nobody guess, and the hash of one person is of no use in the row of another.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

import pyotp
from argon2 import PasswordHasher
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import Connection, Row, func, insert, select, update

from models.errors import InputError
from serving.store import audit
from serving.store.access.callers import column_of
from serving.store.access.credentials import PURPOSE
from serving.store.access.ways_in import end_ways_in
from serving.store.errors import NotFoundError, TakenError
from serving.store.organisations import Actor, add_actor, checked_name
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, CREDENTIAL, ORGANISATION, SESSION, SIGN_IN

KIND: Final = "password"
"""The kind of a person's credential."""
PERSON: Final = "person"
LEAST_CHARS: Final = 12
HASHER: Final = PasswordHasher()
_ISSUER: Final = "ScamScreen"
NO_STEP: Final = 0
_STEPS_AROUND: Final = 1  # clocks of telephones differ by seconds


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password that can be kept."""

    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person, for those who look after them.

    Attributes:
        seen_ms: when they were last at a browser; None: never.
    """

    actor: Actor
    name: str
    organisation: str
    scopes: str
    locale: str
    has_code: bool
    created_ms: int
    seen_ms: int | None
    state: str


def hashed(keyring: Keyring, name: str, password: str) -> Hashed:
    """Return a new password of a person as it is kept.

    It takes some 50 ms and 64 MB, so call it outside a transaction.

    Raises:
        InputError: it is too short.
    """
    if len(password) < LEAST_CHARS:
        raise InputError(f"a password has at least {LEAST_CHARS} characters: several words are a good one")
    return Hashed(HASHER.hash(peppered(keyring, name, password)).encode())


def add_person(
    connection: Connection,
    keyring: Keyring,
    organisation_id: int,
    *,
    name: str,
    password: Hashed,
    scopes: Collection[str],
    locale: str,
    by: Actor,
    now_ms: int,
) -> Actor:
    """Add a person; the name is what they sign in with.

    Raises:
        InputError: the name or a scope cannot be used.
        TakenError: the name is taken, by anybody in any organisation.
    """
    checked_name(name)
    named = column_of(scopes)
    is_taken = connection.execute(select(CREDENTIAL.c.id).where(CREDENTIAL.c.handle == name)).first()
    of_name = (ACTOR.c.organisation_id == organisation_id) & (ACTOR.c.name == name)
    if is_taken or connection.execute(select(ACTOR.c.id).where(of_name)).first():
        raise TakenError("this name is taken: choose another")
    actor = add_actor(
        connection, organisation_id, name, kind=PERSON, role=PERSON, now_ms=now_ms, locale=locale
    )
    credential_id = connection.execute(
        insert(CREDENTIAL)
        .values(
            organisation_id=organisation_id,
            actor_id=actor.id,
            kind=KIND,
            handle=name,
            digest=password.digest,
            scopes=named,
            limits="",
            created_ms=now_ms,
        )
        .returning(CREDENTIAL.c.id)
    ).scalar_one()
    connection.execute(
        insert(SIGN_IN).values(
            credential_id=credential_id,
            organisation_id=organisation_id,
            actor_id=actor.id,
            wrong=0,
            totp_step=NO_STEP,
        )
    )
    link = audit.Link(by.id, now_ms, "person.added", str(actor.id), {"scopes": named})
    audit.append(connection, keyring, organisation_id, link)
    return actor


def set_password(
    connection: Connection, keyring: Keyring, name: str, password: Hashed, *, by: Actor, now_ms: int
) -> None:
    """Give a person a new password, and end a lock-out, every session and every unused link of theirs.

    Raises:
        NotFoundError: there is no such person.
    """
    row = _found(connection, name)
    connection.execute(update(CREDENTIAL).where(CREDENTIAL.c.id == row.id).values(digest=password.digest))
    connection.execute(
        update(SIGN_IN).where(SIGN_IN.c.credential_id == row.id).values(wrong=0, locked_until_ms=None)
    )
    end_ways_in(connection, row.actor_id, now_ms=now_ms)
    link = audit.Link(by.id, now_ms, "person.password_set", str(row.actor_id))
    audit.append(connection, keyring, row.organisation_id, link)


def require_code(connection: Connection, keyring: Keyring, name: str, *, by: Actor, now_ms: int) -> str:
    """Ask a person for a code at each sign-in from now on; return the URI that their telephone needs.

    Raises:
        NotFoundError: there is no such person.
    """
    secret = pyotp.random_base32()
    keep_code(connection, keyring, name, secret, step=NO_STEP, by=by, now_ms=now_ms)
    return uri_of_code(name, secret)


def keep_code(
    connection: Connection, keyring: Keyring, name: str, secret: str, *, step: int, by: Actor, now_ms: int
) -> None:
    """Ask a person for the codes of a secret from now on, of which none up to a time step is taken.

    Raises:
        NotFoundError: there is no such person.
    """
    row = _found(connection, name)
    sealed = keyring.seal(secret.encode(), place_of_code(name))
    connection.execute(
        update(SIGN_IN).where(SIGN_IN.c.credential_id == row.id).values(totp_sealed=sealed, totp_step=step)
    )
    link = audit.Link(by.id, now_ms, "person.code_required", str(row.actor_id))
    audit.append(connection, keyring, row.organisation_id, link)


def drop_code(connection: Connection, keyring: Keyring, name: str, *, by: Actor, now_ms: int) -> None:
    """Ask a person for no code any longer.

    Raises:
        NotFoundError: there is no such person.
    """
    row = _found(connection, name)
    connection.execute(update(SIGN_IN).where(SIGN_IN.c.credential_id == row.id).values(totp_sealed=None))
    link = audit.Link(by.id, now_ms, "person.code_dropped", str(row.actor_id))
    audit.append(connection, keyring, row.organisation_id, link)


def person_named(connection: Connection, name: str) -> Actor:
    """Return a person.

    Raises:
        NotFoundError: there is none of this name.
    """
    return _actor(_found(connection, name))


def listed_people(
    connection: Connection, organisation_id: int | None = None, person_id: int | None = None
) -> list[ListedPerson]:
    """Return the people of an organisation, or of all, oldest first; or the one of an id among them."""
    seen = select(func.max(SESSION.c.seen_ms)).where(SESSION.c.actor_id == ACTOR.c.id).scalar_subquery()
    rows = (
        select(CREDENTIAL.c.handle, CREDENTIAL.c.scopes, SIGN_IN.c.totp_sealed, seen.label("seen_ms"))
        .add_columns(ACTOR.c.id, ACTOR.c.organisation_id, ACTOR.c.locale, ACTOR.c.created_ms)
        .add_columns(ACTOR.c.disabled_ms, ORGANISATION.c.name)
        .join(ACTOR, ACTOR.c.id == CREDENTIAL.c.actor_id)
        .join(SIGN_IN, SIGN_IN.c.credential_id == CREDENTIAL.c.id)
        .join(ORGANISATION, ORGANISATION.c.id == CREDENTIAL.c.organisation_id)
        .order_by(CREDENTIAL.c.id)
    )
    if organisation_id is not None:
        rows = rows.where(CREDENTIAL.c.organisation_id == organisation_id)
    if person_id is not None:
        rows = rows.where(ACTOR.c.id == person_id)
    return [
        ListedPerson(
            Actor(row.id, row.organisation_id),
            row.handle,
            row.name,
            row.scopes,
            row.locale,
            row.totp_sealed is not None,
            row.created_ms,
            row.seen_ms,
            "good" if row.disabled_ms is None else "disabled",
        )
        for row in connection.execute(rows)
    ]


def peppered(keyring: Keyring, name: str, password: str) -> bytes:
    """Return what argon2 hashes of the password of a person; composed or not is the same (RFC 8265)."""
    composed = unicodedata.normalize("NFC", password)
    both = f"{name}\0{composed}".encode("utf-8", "surrogatepass")  # no name holds a NUL
    return keyring.digest(PURPOSE, both)


def uri_of_code(name: str, secret: str) -> str:
    """Return what a telephone needs to make the codes of a secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def step_of_code(secret: str, code: str, now_ms: int) -> int | None:
    """Return the time step of a code, or None if it is wrong."""
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(
            code, for_time=now_ms / 1000, valid_window=_STEPS_AROUND
        )
    except OTPVerificationError:
        return None


def place_of_code(name: str) -> str:
    """Return the place the secret of a person's codes is sealed for."""
    return f"code {name}"


def _found(connection: Connection, name: str) -> Row[*tuple[Any, ...]]:
    row = connection.execute(
        select(CREDENTIAL).where(CREDENTIAL.c.handle == name, CREDENTIAL.c.kind == KIND)
    ).one_or_none()
    if row is None:
        raise NotFoundError("there is no such person: see `scamscreen people list`")
    return row


def _actor(row: Row[*tuple[Any, ...]]) -> Actor:
    return Actor(row.actor_id, row.organisation_id)
