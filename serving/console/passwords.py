"""Passwords that people type into forms, hashed and compared beside the event loop."""

import asyncio
from typing import Final

from serving.reports.desk import Desk
from serving.store.access.people import Hashed

HASHING: Final = asyncio.Semaphore(2)
"""A password takes 64 MB and 50 ms to check: no more at once, whoever asks."""
MOST_CHARS: Final = 1_000


async def hashed_password(desk: Desk, password: str) -> Hashed:
    """Return a new password as it is kept.

    Raises:
        InputError: it is too short.
    """
    async with HASHING:
        return await desk.hashed(password)


async def is_password_of(desk: Desk, name: str, password: str) -> bool:
    """Whether somebody who is signed in knows their password; who guesses is locked out."""
    async with HASHING:
        return await desk.is_password_of(name, password)
