"""The cookie that a browser shows -> who sits before it.

A session that was looked up is remembered for a second, as keys are: one that was ended elsewhere, and a
person who is disabled, stop within that second.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from serving.clock import now_ms
from serving.store.access.sessions import Session, find_session, note_seen
from serving.store.engine import Database
from serving.store.group_writer import GroupWriter
from serving.store.sealing import Keyring

REMEMBERED_SECONDS: Final = 1.0
_MOST_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Remembered:
    answer: "asyncio.Future[Session | None]"
    until: float


class SessionKeeper:
    """Knows who is signed in; to be used in one event loop."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        writer: GroupWriter,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._keyring, self._writer, self._clock = database, keyring, writer, clock
        self._remembered: dict[bytes, _Remembered] = {}

    async def session(self, token: str, *, is_by_person: bool) -> Session | None:
        """Return the session of a token, locked or not, or None.

        Args:
            token: that a browser keeps, "" of one that keeps none.
            is_by_person: a person asks, and not their page by itself; keeps the session from being locked.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        if not token:
            return None
        found = await self._found(token)
        if found and is_by_person and found.is_stale and not found.is_locked:
            self._writer.submit(lambda connection: note_seen(connection, found, now_ms=now_ms()))
        return found

    def forget(self, token: str) -> None:
        """Look a session up anew: it was just changed."""
        self._remembered.pop(_name(token), None)

    async def _found(self, token: str) -> Session | None:
        now, name = self._clock(), _name(token)
        known = self._remembered.get(name)
        if known is None or now >= known.until:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered = {one: it for one, it in self._remembered.items() if now < it.until}
            asked = asyncio.ensure_future(
                asyncio.to_thread(
                    self._database.read,
                    lambda connection: find_session(connection, self._keyring, token, now_ms=now_ms()),
                )
            )
            known = self._remembered[name] = _Remembered(asked, now + REMEMBERED_SECONDS)
        return await asyncio.shield(known.answer)  # a browser that leaves takes no answer from others


def _name(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
