"""API keys: made, shown once, checked, replaced and revoked. The store keeps only what tells a right one.

A key is `ssk_<public id>_<secret>`. Its secret has 256 random bits, so that a fast digest is enough: an
HMAC-SHA-256 with a secret of the key file, without which the database alone can neither check nor make one.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, insert, or_, select, update

from serving.store import audit
from serving.store.access.callers import Caller, Scope, column_of, scopes_in
from serving.store.errors import NotFoundError, TakenError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, CREDENTIAL, ORGANISATION

API_KEY: Final = "api_key"
PURPOSE: Final = "credentials"
"""What the secret of the digests is derived for, see `Keyring.derived`."""
_FORM: Final = re.compile(r"ssk_([0-9a-f]{16})_[0-9a-f]{64}")
_PUBLIC_BYTES, _SECRET_BYTES = 8, 32
_NO_DIGEST: Final = bytes(32)
Found = Row[*tuple[Any, ...]]
Verdict = Literal["good", "unknown", "wrong", "revoked", "expired", "disabled"]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; nobody can read its token again."""

    id: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key as somebody shows it: whose it says it is, and what tells whether it is right."""

    id: str
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the store says of a key.

    Attributes:
        owner: whose key has this id, right or wrong; None if there is none.
        scopes: what it may do; nothing unless it is good.
        limits: its own limits; "" for those of the service.
    """

    verdict: Verdict
    owner: Actor | None = None
    scopes: frozenset[Scope] = frozenset()
    limits: str = ""


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key, for those who look after them."""

    id: str
    name: str
    organisation: str
    scopes: str
    limits: str
    created_ms: int
    expires_ms: int | None
    state: str


def create_key(
    connection: Connection,
    keyring: Keyring,
    owner: Actor,
    scopes: Collection[str],
    *,
    by: Actor,
    now_ms: int,
    expires_ms: int | None = None,
    limits: str = "",
) -> NewKey:
    """Make a key for somebody.

    Raises:
        InputError: a scope is none.
    """
    public_id = secrets.token_hex(_PUBLIC_BYTES)
    token = f"ssk_{public_id}_{secrets.token_hex(_SECRET_BYTES)}"
    named = column_of(scopes)
    connection.execute(
        insert(CREDENTIAL).values(
            organisation_id=owner.organisation_id,
            actor_id=owner.id,
            kind=API_KEY,
            handle=public_id,
            digest=_digest(keyring.derived(PURPOSE), token),
            scopes=named,
            limits=limits,
            created_ms=now_ms,
            expires_ms=expires_ms,
        )
    )
    detail = {"scopes": named, "expires_ms": expires_ms, "actor": owner.id}
    link = audit.Link(by.id, now_ms, "key.created", public_id, detail)
    audit.append(connection, keyring, owner.organisation_id, link)
    return NewKey(public_id, token)


def revoke_key(
    connection: Connection,
    keyring: Keyring,
    key_id: str,
    *,
    by: Actor,
    now_ms: int,
    organisation_id: int | None = None,
) -> None:
    """End a key, now and for ever; see `rotate_key`."""
    row = _living(connection, key_id, organisation_id)
    connection.execute(update(CREDENTIAL).where(CREDENTIAL.c.id == row.id).values(revoked_ms=now_ms))
    link = audit.Link(by.id, now_ms, "key.revoked", key_id)
    audit.append(connection, keyring, row.organisation_id, link)


def rotate_key(
    connection: Connection,
    keyring: Keyring,
    key_id: str,
    *,
    by: Actor,
    now_ms: int,
    overlap_ms: int = 0,
    organisation_id: int | None = None,
) -> NewKey:
    """Replace a key by a new one that may do the same, for as long from now on.

    Args:
        connection: in a transaction.
        keyring: of the store.
        key_id: of the old key.
        by: who does it.
        now_ms: the time.
        overlap_ms: how long the old one still works, so that no message is refused while it is replaced.
        organisation_id: whose it must be; None: whoever's.

    Raises:
        NotFoundError: there is no such key, or it is revoked already.
    """
    row = _living(connection, key_id, organisation_id)
    new = create_key(
        connection,
        keyring,
        _owner(row),
        row.scopes.split(),
        by=by,
        now_ms=now_ms,
        expires_ms=None if row.expires_ms is None else now_ms + row.expires_ms - row.created_ms,
        limits=row.limits,
    )
    if overlap_ms:
        ends_ms = min(now_ms + overlap_ms, row.expires_ms or now_ms + overlap_ms)
        connection.execute(update(CREDENTIAL).where(CREDENTIAL.c.id == row.id).values(expires_ms=ends_ms))
        link = audit.Link(by.id, now_ms, "key.ends", key_id, {"expires_ms": ends_ms})
        audit.append(connection, keyring, row.organisation_id, link)
    else:
        revoke_key(connection, keyring, key_id, by=by, now_ms=now_ms)
    return new


def shown_key(pepper: bytes, token: str) -> ShownKey | None:
    """Return a key that somebody shows, or None if it has not the form of one."""
    form = _FORM.fullmatch(token)
    return ShownKey(form[1], _digest(pepper, token)) if form else None


def check_key(connection: Connection, shown: ShownKey, *, now_ms: int) -> Checked:
    """Return what the store says of a key; as slowly for an unknown id as for a wrong secret."""
    row = connection.execute(
        select(CREDENTIAL, ACTOR.c.disabled_ms)
        .join(ACTOR, ACTOR.c.id == CREDENTIAL.c.actor_id)
        .where(CREDENTIAL.c.handle == shown.id, CREDENTIAL.c.kind == API_KEY)
    ).one_or_none()
    is_right = hmac.compare_digest(shown.digest, row.digest if row else _NO_DIGEST)
    if row is None:
        return Checked("unknown")
    owner = _owner(row)
    if not is_right:
        return Checked("wrong", owner)
    if state := _state(row, now_ms):
        return Checked(state, owner)
    return Checked("good", owner, scopes_in(row.scopes), row.limits)


def shut_out(connection: Connection, callers: Collection[Caller], *, now_ms: int) -> frozenset[Caller]:
    """Return who of those that were let in may not come in any more: disabled, or their key ended."""
    names = {one.credential for one in callers if one.credential}
    ended = or_(CREDENTIAL.c.revoked_ms.is_not(None), CREDENTIAL.c.expires_ms <= now_ms)
    is_ended = connection.execute(
        select(CREDENTIAL.c.handle).where(CREDENTIAL.c.handle.in_(names), ended)
    ).scalars()
    is_disabled = connection.execute(
        select(ACTOR.c.id).where(
            ACTOR.c.id.in_({one.actor.id for one in callers}), ACTOR.c.disabled_ms.is_not(None)
        )
    ).scalars()
    keys, actors = frozenset(is_ended), frozenset(is_disabled)
    return frozenset(one for one in callers if one.credential in keys or one.actor.id in actors)


def listed_keys(
    connection: Connection, *, now_ms: int, organisation_id: int | None = None
) -> list[ListedKey]:
    """Return the keys of an organisation, or of all, oldest first."""
    rows = (
        select(CREDENTIAL, ACTOR.c.name, ACTOR.c.disabled_ms, ORGANISATION.c.name.label("organisation"))
        .join(ACTOR, ACTOR.c.id == CREDENTIAL.c.actor_id)
        .join(ORGANISATION, ORGANISATION.c.id == CREDENTIAL.c.organisation_id)
        .where(CREDENTIAL.c.kind == API_KEY)
        .order_by(CREDENTIAL.c.id)
    )
    if organisation_id is not None:
        rows = rows.where(CREDENTIAL.c.organisation_id == organisation_id)
    return [
        ListedKey(
            row.handle,
            row.name,
            row.organisation,
            row.scopes,
            row.limits,
            row.created_ms,
            row.expires_ms,
            _state(row, now_ms) or "good",
        )
        for row in connection.execute(rows)
    ]


def key_owner(connection: Connection, organisation_id: int, name: str) -> Actor | None:
    """Return the program of this name that had keys before, or None if the name is free.

    Raises:
        TakenError: the name is a person's or the service's own, or its key still works.
    """
    actor = connection.execute(
        select(ACTOR).where(ACTOR.c.organisation_id == organisation_id, ACTOR.c.name == name)
    ).one_or_none()
    if actor is None:
        return None
    if actor.role != API_KEY:
        raise TakenError(f"{name} is somebody else already: choose another name")
    living = select(CREDENTIAL.c.handle).where(
        CREDENTIAL.c.actor_id == actor.id, CREDENTIAL.c.revoked_ms.is_(None)
    )
    if handle := connection.execute(living).scalar():
        raise TakenError(f"{name} has the key {handle}: rotate it, or choose another name")
    return Actor(actor.id, organisation_id)


def _state(row: Found, now_ms: int) -> Literal["revoked", "expired", "disabled"] | None:
    """Return why a key does not work, or None."""
    if row.revoked_ms is not None:
        return "revoked"
    if row.expires_ms is not None and row.expires_ms <= now_ms:
        return "expired"
    return None if row.disabled_ms is None else "disabled"


def _living(connection: Connection, key_id: str, organisation_id: int | None) -> Found:
    row = connection.execute(
        select(CREDENTIAL)
        .where(CREDENTIAL.c.handle == key_id, CREDENTIAL.c.kind == API_KEY)
        .where(CREDENTIAL.c.revoked_ms.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None or organisation_id not in (None, row.organisation_id):
        raise NotFoundError("there is no such key, or it is revoked: see `scamscreen keys list`")
    return row


def _owner(row: Found) -> Actor:
    return Actor(row.actor_id, row.organisation_id)


def _digest(pepper: bytes, token: str) -> bytes:
    return hmac.new(pepper, token.encode(), hashlib.sha256).digest()
