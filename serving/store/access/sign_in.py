"""Name, password and code -> a person, or nobody; and what happens to those who guess.

Each attempt is counted before it is checked, so that many at once are no way around the lock-out. A code is a
TOTP (RFC 6238), and none is taken twice.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Protocol, TypeVar

from argon2.exceptions import VerificationError
from sqlalchemy import Connection, or_, select, true, update

from serving.store import audit
from serving.store.access.callers import Caller, scopes_in
from serving.store.access.people import HASHER, KIND, NO_STEP, peppered, place_of_code, step_of_code
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, CREDENTIAL, SIGN_IN

Result = TypeVar("Result")
MOST_WRONG: Final = 5
LOCKED_MS: Final = 15 * 60_000


class Write(Protocol):
    """Runs a function in a transaction and returns what it returns, as `Database.write` does."""

    def __call__(self, work: Callable[[Connection], Result], /) -> Result:
        """Return what `work` returns, once all it wrote is committed."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An attempt that is counted as wrong until it is shown to be right."""

    credential_id: int
    name: str
    caller: Caller
    locks: bool
    digest: bytes = field(repr=False)
    totp_sealed: bytes | None = field(repr=False)


def sign_in(
    write: Write, keyring: Keyring, name: str, password: str, code: str = "", *, now_ms: int
) -> Caller | None:
    """Return who signs in, or None: name, password or code is wrong, or too many were.

    Takes some 50 ms whatever is wrong, none of them within a transaction.

    Args:
        write: of the store.
        keyring: of the store.
        name: as typed.
        password: as typed.
        code: of their telephone; "" if none was typed.
        now_ms: the time.
    """
    attempt = write(lambda connection: _begin(connection, name, now_ms))
    is_right = _is_password(keyring, attempt, password)
    if attempt is None:
        return None
    step = _step_of(keyring, attempt, code, now_ms)
    if is_right and step is not None:
        return write(lambda connection: _let_in(connection, keyring, attempt, step, now_ms))
    write(lambda connection: _audit_wrong(connection, keyring, attempt, now_ms))
    return None


def is_password_of(write: Write, keyring: Keyring, name: str, password: str, *, now_ms: int) -> bool:
    """Whether somebody who is signed in knows their password; who guesses is counted and locked out as above.

    Takes some 50 ms, none of them within a transaction.
    """
    attempt = write(lambda connection: _begin(connection, name, now_ms))
    is_right = _is_password(keyring, attempt, password)
    if attempt is not None:
        write(lambda connection: _note(connection, keyring, attempt, now_ms, is_right=is_right))
    return is_right


def _begin(connection: Connection, name: str, now_ms: int) -> _Attempt | None:
    """Count an attempt; return None if nobody has this name, or who has it is disabled or locked out."""
    row = connection.execute(
        select(CREDENTIAL, SIGN_IN.c.totp_sealed)
        .join(ACTOR, ACTOR.c.id == CREDENTIAL.c.actor_id)
        .join(SIGN_IN, SIGN_IN.c.credential_id == CREDENTIAL.c.id)
        .where(CREDENTIAL.c.handle == name, CREDENTIAL.c.kind == KIND, ACTOR.c.disabled_ms.is_(None))
    ).one_or_none()
    if row is None:
        return None
    this = SIGN_IN.c.credential_id == row.id
    is_free = or_(SIGN_IN.c.locked_until_ms.is_(None), SIGN_IN.c.locked_until_ms <= now_ms)
    counted = update(SIGN_IN).where(this, is_free).values(wrong=SIGN_IN.c.wrong + 1)
    wrong = connection.execute(counted.returning(SIGN_IN.c.wrong)).scalar()
    if wrong is None:
        return None
    if wrong >= MOST_WRONG:
        connection.execute(update(SIGN_IN).where(this).values(locked_until_ms=now_ms + LOCKED_MS))
    return _Attempt(
        credential_id=row.id,
        name=row.handle,
        caller=Caller(Actor(row.actor_id, row.organisation_id), scopes_in(row.scopes)),
        locks=wrong >= MOST_WRONG,
        digest=row.digest,
        totp_sealed=row.totp_sealed,
    )


def _is_password(keyring: Keyring, attempt: _Attempt | None, password: str) -> bool:
    """Whether a password is right; as slow where there is nothing to compare it with."""
    known = attempt.digest.decode() if attempt else _nobody()
    try:
        HASHER.verify(known, peppered(keyring, password))
    except VerificationError:
        return False
    return attempt is not None


@cache
def _nobody() -> str:
    return HASHER.hash(os.urandom(32))


def _step_of(keyring: Keyring, attempt: _Attempt, code: str, now_ms: int) -> int | None:
    """Return the time step of a code, `NO_STEP` if none is asked for, or None if it is wrong."""
    if attempt.totp_sealed is None:
        return NO_STEP
    secret = keyring.open(attempt.totp_sealed, place_of_code(attempt.name)).decode()
    return step_of_code(secret, code, now_ms)


def _let_in(
    connection: Connection, keyring: Keyring, attempt: _Attempt, step: int, now_ms: int
) -> Caller | None:
    """Forget what was wrong before and let somebody in, unless their code was used before."""
    is_new = true() if attempt.totp_sealed is None else SIGN_IN.c.totp_step < step
    let_in = connection.execute(
        update(SIGN_IN)
        .where(SIGN_IN.c.credential_id == attempt.credential_id, is_new)
        .values(wrong=0, locked_until_ms=None, totp_step=step)
    )
    if let_in.rowcount != 1:
        _audit_wrong(connection, keyring, attempt, now_ms)
        return None
    _audit(connection, keyring, attempt.caller.actor, now_ms, "person.signed_in")
    return attempt.caller


def _note(
    connection: Connection, keyring: Keyring, attempt: _Attempt, now_ms: int, *, is_right: bool
) -> None:
    if is_right:
        this = SIGN_IN.c.credential_id == attempt.credential_id
        connection.execute(update(SIGN_IN).where(this).values(wrong=0, locked_until_ms=None))
    else:
        _audit_wrong(connection, keyring, attempt, now_ms)


def _audit_wrong(connection: Connection, keyring: Keyring, attempt: _Attempt, now_ms: int) -> None:
    action = "person.locked_out" if attempt.locks else "person.refused"
    _audit(connection, keyring, attempt.caller.actor, now_ms, action)


def _audit(connection: Connection, keyring: Keyring, actor: Actor, at_ms: int, action: str) -> None:
    audit.append(
        connection,
        keyring,
        organisation_id=actor.organisation_id,
        actor_id=actor.id,
        at_ms=at_ms,
        action=action,
        subject=str(actor.id),
    )
