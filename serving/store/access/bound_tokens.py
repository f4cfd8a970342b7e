"""Tokens that name whose they are, so that a row of the database that is made another's lets nobody in.

A token is the numbers of its owner and 256 random bits. Whoever keeps it has all of it; the store has an
HMAC-SHA-256 of it with a secret of the key file. So who can write into the database, but has no key file,
can neither make one nor turn their own into somebody else's.
"""

import secrets
from typing import Final

_RANDOM_BYTES: Final = 32


def new_token(*owner: int) -> str:
    """Return a new token of who has these numbers."""
    return "".join((*_numbers(owner), secrets.token_urlsafe(_RANDOM_BYTES)))


def is_token_of(token: str, *owner: int) -> bool:
    """Whether a token that was found by its digest was made for who has these numbers."""
    return token.startswith("".join(_numbers(owner)))


def _numbers(owner: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"{number}-" for number in owner)
