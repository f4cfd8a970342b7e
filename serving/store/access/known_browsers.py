"""Browsers in which a person has signed in before: who guesses elsewhere does not lock them out of these.

Without this whoever knows a name could keep its owner away from the queue by five wrong passwords every
quarter of an hour. A browser keeps a token for each of its people: 96 random bits and an HMAC-SHA-256 of
them, of the name and of the hash of the password, so that a new password ends it. It lets nobody in: name,
password and code are asked for as ever, and a browser that is wrong too often is a stranger for a while.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Connection, select

from serving.store.access.people import KIND
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import CREDENTIAL

PURPOSE: Final = "known browsers"
MOST_WRONG: Final = 5
_WRONG: Final = RateLimitItemPerMinute(MOST_WRONG, 15, namespace="known browser")
_RANDOM_BYTES: Final = 12


class KnownBrowsers:
    """Makes these tokens, knows them again, and counts how often who shows one was wrong."""

    def __init__(self, keyring: Keyring) -> None:
        self._secret = keyring.derived(PURPOSE)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def new_token(self, connection: Connection, person: Actor) -> str:
        """Return what the browser of a person keeps, who has just signed in with their password."""
        row = connection.execute(
            select(CREDENTIAL.c.handle, CREDENTIAL.c.digest).where(
                CREDENTIAL.c.actor_id == person.id, CREDENTIAL.c.kind == KIND
            )
        ).one()
        random = secrets.token_urlsafe(_RANDOM_BYTES)
        return f"{random}.{self._code(random, row.handle, row.digest)}"

    def known(self, connection: Connection, tokens: Iterable[str], name: str) -> str:
        """Return the token by which a browser is known for who has a name; "" of a stranger."""
        digest = connection.execute(
            select(CREDENTIAL.c.digest).where(CREDENTIAL.c.handle == name, CREDENTIAL.c.kind == KIND)
        ).scalar()
        of_nobody = b""  # looked at as long
        return next((one for one in tokens if self._is_good(one, name, digest or of_nobody)), "")

    def note_wrong(self, token: str) -> None:
        """Count a wrong password or code that was sent from a known browser."""
        self._limiter.hit(_WRONG, token)

    def _is_good(self, token: str, name: str, digest: bytes) -> bool:
        random, _, code = token.partition(".")
        expected = self._code(random, name, digest)
        return hmac.compare_digest(code.encode(), expected.encode()) and self._limiter.test(_WRONG, token)

    def _code(self, random: str, name: str, digest: bytes) -> str:
        content = f"{random}\0{name}\0".encode("utf-8", "replace") + digest
        return hmac.new(self._secret, content, hashlib.sha256).hexdigest()
