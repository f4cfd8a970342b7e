"""How often a key may ask, in words: "600/minute; 50000/day"."""

from functools import cache
from typing import Final

from limits import RateLimitItem, parse_many

from models.errors import InputError

DEFAULT_KEY_LIMITS: Final = "30000/minute"
"""Stops a program gone wild; no quota of a day, for a hotline must not run out of it."""


@cache
def parsed_limits(limits: str) -> tuple[RateLimitItem, ...]:
    """Return limits; all of them hold.

    Raises:
        InputError: they mean nothing.
    """
    try:
        return tuple(parse_many(limits))
    except ValueError:
        raise InputError(f"expected limits such as 600/minute; 50000/day, found {limits!r}") from None
