"""Passwords that people type into forms, hashed and compared beside the event loop."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from serving.reports.desk import Desk
from serving.store.access.callers import Caller
from serving.store.access.people import Hashed

HASHING: Final = asyncio.Semaphore(2)
"""A password takes 64 MB and 50 ms to check: no more at once, whoever asks."""
MOST_CHARS: Final = 1_000
MOST_WAITING: Final = 20
LEAST_WRONG_SECONDS: Final = 0.3


class CrowdedError(Exception):
    """Too many strangers try to sign in at this moment."""


class Door:
    """Lets strangers try to sign in one after another, so that who guesses takes the processor from nobody.

    A wrong attempt takes as long whatever is wrong with it: the time does not tell which names there are.
    """

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sleep, self._clock = sleep, clock
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    async def tried(self, attempt: Callable[[], Awaitable[Caller | None]]) -> Caller | None:
        """Return who signs in by an attempt, in its turn.

        Raises:
            CrowdedError: too many wait already.
        """
        if self._waiting >= MOST_WAITING:
            raise CrowdedError
        self._waiting += 1
        try:
            async with self._turn:
                began = self._clock()
                caller = await attempt()
                if caller is None:
                    await self._sleep(LEAST_WRONG_SECONDS - (self._clock() - began))
                return caller
        finally:
            self._waiting -= 1


async def hashed_password(desk: Desk, name: str, password: str) -> Hashed:
    """Return a new password of a person as it is kept.

    Raises:
        InputError: it is too short.
    """
    async with HASHING:
        return await desk.hashed(name, password)


async def is_password_of(desk: Desk, name: str, password: str) -> bool:
    """Whether somebody who is signed in knows their password; who guesses is locked out."""
    async with HASHING:
        return await desk.is_password_of(name, password)
