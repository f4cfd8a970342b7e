"""Looks through the chain of an organisation's audit beside all else, if it is not too long for that."""

import asyncio
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from serving.clock import now_ms
from serving.reports.desk import Desk
from serving.store import audit
from serving.store.custody.audit_log import chain_length
from serving.store.errors import StoreUnavailableError
from serving.store.sealing import Keyring

MOST_LINKS: Final = 100_000
"""Takes a second or two; for more there is `scamscreen verify`, a process of its own."""
_WAIT_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found.

    Attributes:
        links: how many there were.
        fault: the first broken one, in words; "" if the chain is whole.
        is_done: the store answered in time.
    """

    at_ms: int
    links: int = 0
    fault: str = ""
    is_done: bool = True


class ChainChecks:
    """What was found in the chains of organisations since the service started; for one event loop."""

    def __init__(self) -> None:
        self._checks: dict[int, asyncio.Task[Checked]] = {}

    async def begin(self, desk: Desk, organisation_id: int) -> None:
        """Begin to look through a chain, unless somebody has already; wait a moment for the end."""
        running = self._checks.get(organisation_id)
        if running is None or running.done():
            running = asyncio.create_task(_checked(desk, organisation_id))
            self._checks[organisation_id] = running
        await asyncio.wait({running}, timeout=_WAIT_SECONDS)

    def is_running(self, organisation_id: int) -> bool:
        """Whether a chain is looked through now."""
        running = self._checks.get(organisation_id)
        return running is not None and not running.done()

    def found(self, organisation_id: int) -> Checked | None:
        """Return what was found last, or None."""
        running = self._checks.get(organisation_id)
        return running.result() if running is not None and running.done() else None


async def _checked(desk: Desk, organisation_id: int) -> Checked:
    def looked(connection: Connection, keyring: Keyring) -> Checked:
        fault = next(audit.broken_links(connection, keyring, organisation_id), "")
        return Checked(now_ms(), chain_length(connection, organisation_id), fault)

    try:
        return await desk.read(looked)
    except StoreUnavailableError:
        return Checked(now_ms(), is_done=False)
