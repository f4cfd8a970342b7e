"""People who are signed in: their sessions begin, rest under a lock, and end.

A session is known by 256 random bits, which only the browser keeps; the store has an HMAC-SHA-256 of them
with a secret of the key file, as for API keys. It is locked after a while without anybody, and ends with the
day's work, with a new password, and when its person is disabled.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from serving.clock import HOUR_MS
from serving.store import audit
from serving.store.access.bound_tokens import is_token_of, new_token
from serving.store.access.callers import OF_SESSION, SCOPES, Caller, scopes_in
from serving.store.access.people import KIND
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, CREDENTIAL, ORGANISATION, SESSION, SIGN_IN_LINK

PURPOSE: Final = "sessions"
LOCKED_AFTER_MS: Final = 10 * 60_000
"""Without a request of the person: those that a page sends by itself do not count."""
LASTS_MS: Final = 12 * HOUR_MS
LINK_LASTS_MS: Final = 5 * 60_000
_SEEN_EVERY_MS: Final = 30_000
_NONE: Final = 0
"""Stands in a token for the credential of who has none: the local administrator."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at a browser.

    Attributes:
        caller: who it is and what they may do.
        name: what they sign in with.
        organisation: its name.
        is_local: they came by a link of the terminal, and have no password.
        is_locked: nothing is shown to them but where to type their password.
        is_stale: that they are here is to be written down (`note_seen`).
        csrf: what their forms carry, so that no other page can send one in their name.
    """

    id: int
    caller: Caller
    name: str
    organisation: str
    locale: str
    is_local: bool
    is_locked: bool
    is_stale: bool
    csrf: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session that goes on, for its person and those who look after them."""

    id: int
    begun_ms: int
    seen_ms: int
    is_locked: bool


def begin_session(connection: Connection, keyring: Keyring, actor: Actor, *, now_ms: int) -> str:
    """Begin a session of a person who has shown who they are; return what their browser keeps."""
    credential_id = connection.execute(
        select(CREDENTIAL.c.id).where(CREDENTIAL.c.actor_id == actor.id, CREDENTIAL.c.kind == KIND)
    ).scalar()
    token = new_token(actor.organisation_id, actor.id, credential_id or _NONE)
    connection.execute(
        insert(SESSION).values(
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            credential_id=credential_id,
            digest=_digest(keyring, token),
            begun_ms=now_ms,
            seen_ms=now_ms,
        )
    )
    link = audit.Link(actor.id, now_ms, "session.begun", str(actor.id))
    audit.append(connection, keyring, actor.organisation_id, link)
    return token


def find_session(connection: Connection, keyring: Keyring, token: str, *, now_ms: int) -> Session | None:
    """Return the session that a browser names, or None: it ended, or there never was one."""
    row = connection.execute(
        select(SESSION, ACTOR.c.name, ACTOR.c.locale, CREDENTIAL.c.scopes)
        .add_columns(ORGANISATION.c.name.label("organisation"))
        .join(ACTOR, ACTOR.c.id == SESSION.c.actor_id)
        .join(ORGANISATION, ORGANISATION.c.id == SESSION.c.organisation_id)
        .outerjoin(CREDENTIAL, CREDENTIAL.c.id == SESSION.c.credential_id)
        .where(
            SESSION.c.digest == _digest(keyring, token),
            SESSION.c.ended_ms.is_(None),
            SESSION.c.begun_ms > now_ms - LASTS_MS,
            ACTOR.c.disabled_ms.is_(None),
        )
    ).one_or_none()
    if row is None or not is_token_of(token, row.organisation_id, row.actor_id, row.credential_id or _NONE):
        return None
    return _session(row, keyring, token, now_ms)


def note_seen(connection: Connection, session: Session, *, now_ms: int) -> None:
    """Write down that a person is at their browser."""
    connection.execute(update(SESSION).where(SESSION.c.id == session.id).values(seen_ms=now_ms))


def lock_session(connection: Connection, session: Session, *, now_ms: int) -> None:
    """Show nothing more in a session until its person has typed their password."""
    connection.execute(update(SESSION).where(SESSION.c.id == session.id).values(locked_ms=now_ms))


def end_session(connection: Connection, keyring: Keyring, session: Session, *, now_ms: int) -> None:
    """End a session."""
    connection.execute(update(SESSION).where(SESSION.c.id == session.id).values(ended_ms=now_ms))
    actor = session.caller.actor
    link = audit.Link(actor.id, now_ms, "session.ended", str(actor.id))
    audit.append(connection, keyring, actor.organisation_id, link)


def listed_sessions(connection: Connection, person: Actor, *, now_ms: int) -> list[ListedSession]:
    """Return the sessions of a person that go on, the newest first."""
    rows = select(SESSION).where(
        SESSION.c.actor_id == person.id, SESSION.c.ended_ms.is_(None), SESSION.c.begun_ms > now_ms - LASTS_MS
    )
    return [
        ListedSession(row.id, row.begun_ms, row.seen_ms, _is_locked(row, now_ms))
        for row in connection.execute(rows.order_by(SESSION.c.id.desc()))
    ]


def end_session_of(
    connection: Connection, keyring: Keyring, person: Actor, session_id: int, *, by: Actor, now_ms: int
) -> None:
    """End a session of a person, as they or somebody else asks; one that has ended stays as it is."""
    audit.take_chain(connection, person.organisation_id)
    this = SESSION.c.id == session_id, SESSION.c.actor_id == person.id, SESSION.c.ended_ms.is_(None)
    if connection.execute(update(SESSION).where(*this).values(ended_ms=now_ms)).rowcount == 1:
        link = audit.Link(by.id, now_ms, "session.ended", str(person.id))
        audit.append(connection, keyring, person.organisation_id, link)


def set_locale(connection: Connection, actor: Actor, locale: str) -> None:
    """Remember which language somebody reads."""
    connection.execute(update(ACTOR).where(ACTOR.c.id == actor.id).values(locale=locale))


def make_link(connection: Connection, keyring: Keyring, actor: Actor, *, now_ms: int) -> str:
    """Return what lets somebody in once, within `LINK_LASTS_MS`; those that are too old are removed."""
    token = new_token(actor.organisation_id, actor.id)
    connection.execute(delete(SIGN_IN_LINK).where(SIGN_IN_LINK.c.made_ms <= now_ms - LINK_LASTS_MS))
    connection.execute(
        insert(SIGN_IN_LINK).values(
            digest=_digest(keyring, token),
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            made_ms=now_ms,
        )
    )
    link = audit.Link(actor.id, now_ms, "link.made", str(actor.id))
    audit.append(connection, keyring, actor.organisation_id, link)
    return token


def is_known_link(connection: Connection, keyring: Keyring, token: str) -> bool:
    """Whether there is such a link, too old or not."""
    asked = select(SIGN_IN_LINK.c.made_ms).where(SIGN_IN_LINK.c.digest == _digest(keyring, token))
    return connection.execute(asked).first() is not None


def use_link(connection: Connection, keyring: Keyring, token: str, *, now_ms: int) -> Actor | None:
    """Return who a link lets in, now and never again; None if it is used, too old or none."""
    used = connection.execute(
        delete(SIGN_IN_LINK)
        .where(SIGN_IN_LINK.c.digest == _digest(keyring, token))
        .returning(SIGN_IN_LINK.c.actor_id, SIGN_IN_LINK.c.organisation_id, SIGN_IN_LINK.c.made_ms)
    ).one_or_none()
    if used is None or used.made_ms <= now_ms - LINK_LASTS_MS:
        return None
    if not is_token_of(token, used.organisation_id, used.actor_id):
        return None
    return Actor(used.actor_id, used.organisation_id)


def _session(row: Row[Any], keyring: Keyring, token: str, now_ms: int) -> Session:
    scopes = frozenset(SCOPES) if row.credential_id is None else scopes_in(row.scopes)
    return Session(
        id=row.id,
        caller=Caller(Actor(row.actor_id, row.organisation_id), scopes, OF_SESSION),
        name=row.name,
        organisation=row.organisation,
        locale=row.locale,
        is_local=row.credential_id is None,
        is_locked=_is_locked(row, now_ms),
        is_stale=row.seen_ms <= now_ms - _SEEN_EVERY_MS,
        csrf=keyring.digest(PURPOSE, b"csrf " + token.encode()).hex(),
    )


def _is_locked(row: Row[Any], now_ms: int) -> bool:
    return row.locked_ms is not None or row.seen_ms <= now_ms - LOCKED_AFTER_MS


def _digest(keyring: Keyring, token: str) -> bytes:
    return keyring.digest(PURPOSE, token.encode("utf-8", "replace"))
