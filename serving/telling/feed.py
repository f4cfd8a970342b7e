"""What happens to reports -> streams of server-sent events, of which many may be open and idle.

One look at the store, twice a second, serves all streams. Nothing is kept for a client that reads slowly but
its place: what the shared memory no longer holds it gets from the store.
"""

import asyncio
import signal
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from models.errors import ScamScreenError
from serving.log import describe, logger
from serving.store.access.callers import Caller
from serving.store.access.credentials import shut_out
from serving.store.engine import Database
from serving.store.errors import StoreError, StoreUnavailableError
from serving.store.group_writer import read_in_time
from serving.store.telling.events import Event, events_after, newest_serial, told

LOOK_AGAIN_SECONDS: Final = 0.5
HEARTBEAT_SECONDS: Final = 15.0
STREAM_SECONDS: Final = 240.0
"""After it a stream ends and its client comes again: less than a request may take (`api.request_log`)."""
KEPT_EVENTS: Final = 500
MOST_STREAMS: Final = 1_000
MOST_OF_ONE: Final = 100
"""Of a caller: a program that opens them and leaves them open takes none from the others."""
_RETRY_MS: Final = 1_000


class TooManyStreamsError(ScamScreenError):
    """As many streams are open as there may be."""


@dataclass(slots=True)
class _Recent:
    """The newest events of an organisation.

    Attributes:
        since: `events` holds all that follow this serial.
        latest: the newest serial there was at the last look.
        news: set and replaced when something happens.
        streams: of each caller who follows, how many.
    """

    since: int
    latest: int
    events: deque[Event] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    streams: Counter[Caller] = field(default_factory=Counter)

    def add(self, events: list[Event]) -> None:
        self.events.extend(events)
        self.latest = events[-1].serial
        while len(self.events) > KEPT_EVENTS:
            self.since = self.events.popleft().serial
        self.tell()

    def tell(self) -> None:
        self.news.set()
        self.news = asyncio.Event()


class Feed:
    """The streams of one process; used within one event loop."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        """Prepare to follow a store; `clock` gives milliseconds since 1970."""
        self._database, self._clock = database, clock
        self._recent: dict[int, _Recent] = {}
        self._shut_out: frozenset[Caller] = frozenset()
        self._ends = False
        self._looking: asyncio.Task[None] | None = None
        self._open = 0

    async def stream(self, caller: Caller, after: int | None) -> AsyncIterator[bytes]:
        """Return the events of the caller's organisation, as they happen, each once.

        The stream ends after `STREAM_SECONDS`, when the caller may not come in any more, or the service ends.

        Args:
            caller: who follows.
            after: serial of the last event the client has; None: it wants what happens from now on.

        Raises:
            TooManyStreamsError: `MOST_STREAMS` are open, or `MOST_OF_ONE` of the caller's.
            StoreUnavailableError: the database does not answer.
        """
        organisation_id = caller.actor.organisation_id
        recent = self._recent.get(organisation_id)
        if self._open >= MOST_STREAMS or (recent and recent.streams[caller] >= MOST_OF_ONE):
            raise TooManyStreamsError
        newest = await read_in_time(
            self._database, lambda connection: newest_serial(connection, organisation_id)
        )
        return self._followed(caller, newest if after is None else min(after, newest), newest)

    async def _followed(self, caller: Caller, cursor: int, newest: int) -> AsyncIterator[bytes]:
        recent = self._join(caller, newest)
        clock = asyncio.get_running_loop().time
        ends_at = clock() + STREAM_SECONDS
        try:
            yield f"retry: {_RETRY_MS}\nid: {cursor}\n\n".encode()
            while clock() < ends_at and not self._ends and caller not in self._shut_out:
                news = recent.news
                events = await self._following(recent, caller.actor.organisation_id, cursor)
                if events:
                    cursor = events[-1].serial
                    yield b"".join(_sent(event) for event in events)
                    continue
                try:
                    async with asyncio.timeout(min(HEARTBEAT_SECONDS, ends_at - clock())):
                        await news.wait()
                except TimeoutError:
                    yield b":\n\n"
        except StoreUnavailableError:
            return  # its client comes again, and goes on from where it was
        finally:
            self._leave(caller, recent)

    async def _following(self, recent: _Recent, organisation_id: int, cursor: int) -> list[Event]:
        if cursor >= recent.since:
            return [event for event in recent.events if event.serial > cursor]
        return await read_in_time(
            self._database,
            lambda connection: events_after(connection, organisation_id, cursor, limit=KEPT_EVENTS),
        )

    def _join(self, caller: Caller, newest: int) -> _Recent:
        self._open += 1
        fresh = _Recent(since=newest, latest=newest)
        recent = self._recent.setdefault(caller.actor.organisation_id, fresh)
        recent.streams[caller] += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        return recent

    def _leave(self, caller: Caller, recent: _Recent) -> None:
        self._open -= 1
        recent.streams[caller] -= 1
        if not recent.streams[caller]:
            del recent.streams[caller]
        if not recent.streams:
            del self._recent[caller.actor.organisation_id]

    async def _look(self) -> None:
        """Look for events until no stream is open."""
        try:
            while self._recent:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                self._ends = self._ends or _server_ends()
                try:
                    await self._take_news()
                except StoreError as error:
                    logger.warning("streams of events wait: %s", describe(error))
        finally:
            self._looking = None

    async def _take_news(self) -> None:
        latest = {organisation_id: recent.latest for organisation_id, recent in self._recent.items()}
        callers = {caller for recent in self._recent.values() for caller in recent.streams}

        def look(connection: Connection) -> tuple[dict[int, list[Event]], frozenset[Caller]]:
            found = {
                organisation_id: events_after(connection, organisation_id, serial, limit=KEPT_EVENTS)
                for organisation_id, serial in latest.items()
            }
            return found, shut_out(connection, callers, now_ms=self._clock())

        found, self._shut_out = await asyncio.to_thread(self._database.read, look)
        for organisation_id, recent in self._recent.items():
            if found.get(organisation_id):
                recent.add(found[organisation_id])
            elif self._ends or self._shut_out & recent.streams.keys():
                recent.tell()


def _sent(event: Event) -> bytes:
    data = told(event.kind, event.report_id, event.case_ref, event.priority, event.at_ms)
    return f"id: {event.serial}\nevent: {event.kind}\ndata: {data}\n\n".encode()


def _server_ends() -> bool:
    """Return whether uvicorn was told to end: it waits for open streams and does not tell them."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))
