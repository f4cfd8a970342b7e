"""What is let in and what is turned away -> the audit, counted, so that nobody can flood it."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final

from serving.clock import now_ms
from serving.log import logger
from serving.store import audit
from serving.store.errors import StoreError
from serving.store.group_writer import GroupWriter
from serving.store.organisations import Actor
from serving.store.sealing import Keyring

QUIET_SECONDS: Final = 60.0
MOST_PLACES: Final = 8
"""Addresses of clients that one link names: enough to see where a stolen key is used."""


@dataclass(frozen=True, slots=True)
class Access:
    """What happens again and again, and is one link of the audit a minute.

    Attributes:
        actor: whose credential it was, or who answers for those that are nobody's.
        action: as `key.used`.
        subject: public id of the credential or of what was read; "" for credentials that are nobody's.
    """

    actor: Actor
    action: str
    subject: str


@dataclass(slots=True)
class _Line:
    quiet_until: float
    counts: Counter[str] = field(default_factory=Counter)
    places: dict[str, None] = field(default_factory=dict)


class AccessRecord:
    """Writes an access at once, and what follows it within a minute as one count after that minute."""

    def __init__(
        self, writer: GroupWriter, keyring: Keyring, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._writer, self._keyring, self._clock = writer, keyring, clock
        self._lock = threading.Lock()
        self._lines: dict[Access, _Line] = {}
        self._next_look = clock()

    def __len__(self) -> int:
        """Return how many accesses are remembered."""
        return len(self._lines)

    def note(self, access: Access, reason: str, place: str = "") -> None:
        """Count an access.

        Args:
            access: what happened, and to whom.
            reason: a code, such as `good` or `expired`.
            place: address of the client, or its network; "" where it is told elsewhere.
        """
        now = self._clock()
        with self._lock:
            line = self._lines.setdefault(access, _Line(quiet_until=now))
            line.counts[reason] += 1
            if place and len(line.places) < MOST_PLACES:
                line.places[place] = None
            if now >= line.quiet_until:
                self._write(access, line, now)
            if now >= self._next_look:
                self._look_through(now)

    def close(self) -> None:
        """Write what is counted and not written yet."""
        with self._lock:
            self._look_through(float("inf"))

    def _look_through(self, now: float) -> None:
        """Write what was quiet for long enough, and forget what did not happen again."""
        self._next_look = now + QUIET_SECONDS
        for access, line in list(self._lines.items()):
            if now >= line.quiet_until:
                if line.counts:
                    self._write(access, line, now)
                else:
                    del self._lines[access]

    def _write(self, access: Access, line: _Line, now: float) -> None:
        detail: dict[str, object] = {**line.counts, **({"from": [*line.places]} if line.places else {})}
        line.counts.clear()
        line.places.clear()
        line.quiet_until = now + QUIET_SECONDS
        try:
            written = self._writer.submit(
                lambda connection: audit.append(
                    connection,
                    self._keyring,
                    access.actor.organisation_id,
                    audit.Link(access.actor.id, now_ms(), access.action, access.subject, detail),
                )
            )
        except StoreError as error:
            _warn(error)
        else:
            written.add_done_callback(_tell_if_lost)


def _tell_if_lost(written: "Future[None]") -> None:
    if error := written.exception():
        _warn(error)


def _warn(error: BaseException) -> None:
    logger.warning("an access is missing in the audit: %s", type(error).__name__)
