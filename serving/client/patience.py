"""How long to wait before a call is made again, and when to give up."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from serving.client.errors import ClientError


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how long a call is tried.

    Attributes:
        attempts: at most, the first included.
        first_seconds: pause after the first; each is twice as long as the one before it, give or take half.
        most_seconds: no pause is longer, but for one that the service asks for (`Retry-After`).
        patience_seconds: all pauses of a call together.
    """

    attempts: int = 6
    first_seconds: float = 0.5
    most_seconds: float = 20.0
    patience_seconds: float = 90.0


DEFAULT_RETRIES: Final = Retries()
_MOST_DOUBLINGS: Final = 60


class Patience:
    """Counts the attempts of one call."""

    def __init__(self, retries: Retries, chance: Callable[[float, float], float] = random.uniform) -> None:
        """Begin; `chance` returns a number between two."""
        self._retries, self._chance = retries, chance
        self.renew()

    def renew(self) -> None:
        """Begin anew, for something was achieved."""
        self._attempts, self._waited_seconds = 1, 0.0

    def wait_after(self, error: ClientError, asked_seconds: float | None = None) -> float:
        """Return how many seconds to wait before the next attempt.

        Args:
            error: what went wrong.
            asked_seconds: what the service asks for; then the pause is never shorter.

        Raises:
            ClientError: the same, if this was the last attempt.
        """
        doubled = self._retries.first_seconds * 2.0 ** min(self._attempts - 1, _MOST_DOUBLINGS)
        wait = min(doubled, self._retries.most_seconds) * self._chance(0.5, 1.5)
        if asked_seconds is not None:
            wait += asked_seconds
        self._waited_seconds += wait
        if self._attempts >= self._retries.attempts or self._waited_seconds > self._retries.patience_seconds:
            raise error
        self._attempts += 1
        return wait


def asked_seconds(retry_after: str | None) -> float | None:
    """Return the seconds that a header Retry-After asks for: a number, or a date from some proxies."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after[:9])
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
