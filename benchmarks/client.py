"""A light HTTP load client: raw asyncio connections, one process, bodies made before the clock starts.

Closed loop: so many users, each with one request in the air at any time; one who is refused waits as long as
`Retry-After` says. Open loop: requests leave at times fixed before,
whatever became of those before them; latency counts from the time a request was due, not from when it left,
so that a stalled server cannot hide what it would have cost (no coordinated omission).
"""

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import httptools
import numpy as np

TIMEOUT_SECONDS = 120.0
FAILED = 0
"""Status of a request that got no answer: connection refused or broken, or nothing for `TIMEOUT_SECONDS`."""
_UNASKED_SECONDS = 0.1
"""How long a user in a closed loop waits after a failure."""
_LOST = (OSError, TimeoutError, httptools.HttpParserError)


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: a whole HTTP message, and which texts are in it (indices of the measured texts)."""

    message: bytes
    texts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request; times in seconds on one clock.

    Attributes:
        due: when it should have left (open loop), or left (closed loop).
        done: when its last byte came.
        status: HTTP status or `FAILED`.
        retry_after: seconds of its `Retry-After`; None without one.
        body: of an answer with status 200, else empty.
    """

    request: Request
    due: float
    done: float
    status: int
    retry_after: float | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Run:
    """All answers of one load.

    Attributes:
        seconds: from the first request to the last answer.
        client_cpu_seconds: what this process spent on it.
    """

    answers: tuple[Answer, ...]
    seconds: float
    client_cpu_seconds: float


def http_message(port: int, path: str, body: bytes) -> bytes:
    """Return a whole POST request with a JSON body."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def arrivals(rate: float, seconds: float, *, seed: int) -> list[float]:
    """Return when requests are due, in seconds from the start: a Poisson process of `rate` a second."""
    rng = np.random.default_rng(seed)
    gaps = rng.exponential(1 / rate, size=max(1, round(rate * seconds)))
    return [float(due) for due in np.cumsum(gaps)]


def closed_loop(port: int, requests: Sequence[Request], *, concurrency: int, seconds: float) -> Run:
    """Keep `concurrency` requests in the air for `seconds`, then wait for those that are."""
    return _run(_closed(port, requests, concurrency, seconds))


def open_loop(port: int, requests: Sequence[Request], due: Sequence[float]) -> Run:
    """Send the requests, over and over, at the times of `arrivals`."""
    return _run(_open(port, requests, due))


def open_beside_closed(
    port: int, single: Sequence[Request], due: Sequence[float], crowd: Sequence[Request], *, concurrency: int
) -> Run:
    """Send single requests at the times of `arrivals` beside a closed loop of others; return the single."""
    return _run(_open_beside_closed(port, single, due, crowd, concurrency))


class _Connection(asyncio.Protocol):
    """One kept-alive connection that carries one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[tuple[int, float | None, bytes]] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._retry_after: float | None = None
        self.usable = False

    async def ask(self, message: bytes) -> tuple[int, float | None, bytes]:
        """Return status, seconds of a `Retry-After`, and the body."""
        assert self._transport is not None  # noqa: S101 (connection_made came before)
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        try:
            return await asyncio.wait_for(self._waiter, TIMEOUT_SECONDS)
        except TimeoutError:
            self.close()
            raise

    def close(self) -> None:
        """End the connection."""
        self.usable = False
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport
        self.usable = True

    def data_received(self, data: bytes) -> None:
        """Pass bytes to the parser."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._end(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail what still waits."""
        self._end(exc or ConnectionResetError())

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note the one header that matters."""
        if name.lower() == b"retry-after" and value.isdigit():
            self._retry_after = float(value)

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """Hand over the answer and be ready for the next."""
        status, keeps = self._parser.get_status_code(), self._parser.should_keep_alive()
        answer = (status, self._retry_after, b"".join(self._parts) if status == 200 else b"")
        self._parser = httptools.HttpResponseParser(self)
        self._parts, self._retry_after = [], None
        if not keeps:
            self.close()
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(answer)

    def _end(self, error: Exception) -> None:
        self.usable = False
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(error)


class _Sender:
    """Sends requests over as many connections as are needed at once, and notes what became of each."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[_Connection] = []
        self.answers: list[Answer] = []

    async def send(self, request: Request, due: float) -> Answer:
        """Send one request, keep its answer and return it."""
        status: int = FAILED
        retry_after: float | None = None
        body = b""
        connection: _Connection | None = None
        try:
            connection = await self._connection()
            status, retry_after, body = await connection.ask(request.message)
        except _LOST:
            pass
        if connection and connection.usable:
            self._free.append(connection)
        self.answers.append(Answer(request, due, time.perf_counter(), status, retry_after, body))
        return self.answers[-1]

    async def _connection(self) -> _Connection:
        while self._free:
            connection = self._free.pop()
            if connection.usable:
                return connection
        _, connection = await asyncio.get_running_loop().create_connection(
            _Connection, "127.0.0.1", self._port
        )
        return connection

    def close(self) -> None:
        """End all connections."""
        for connection in self._free:
            connection.close()


async def _closed(port: int, requests: Sequence[Request], concurrency: int, seconds: float) -> list[Answer]:
    sender = _Sender(port)
    numbers = count()
    end = time.perf_counter() + seconds

    async def user() -> None:
        while (now := time.perf_counter()) < end:
            answer = await sender.send(requests[next(numbers) % len(requests)], now)
            if not 200 <= answer.status < 300:  # a server that is gone or full is not asked a million times
                await asyncio.sleep(min(answer.retry_after or _UNASKED_SECONDS, max(end - now, 0)))

    await asyncio.gather(*(user() for _ in range(concurrency)))
    sender.close()
    return sender.answers


async def _open(port: int, requests: Sequence[Request], due: Sequence[float]) -> list[Answer]:
    sender = _Sender(port)
    start = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number, after in enumerate(due):
            wait = start + after - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            tasks.create_task(sender.send(requests[number % len(requests)], start + after))
    sender.close()
    return sender.answers


async def _open_beside_closed(
    port: int, single: Sequence[Request], due: Sequence[float], crowd: Sequence[Request], concurrency: int
) -> list[Answer]:
    answers, _ = await asyncio.gather(_open(port, single, due), _closed(port, crowd, concurrency, due[-1]))
    return answers


def _run(load: "asyncio._CoroutineLike[list[Answer]]") -> Run:
    gc.collect()
    gc.freeze()  # the bodies of all requests are not walked through in mid-load
    cpu = time.process_time()
    answers = asyncio.run(load)  # type: ignore[arg-type]
    spent = time.process_time() - cpu
    gc.unfreeze()
    first = min(answer.due for answer in answers)
    return Run(tuple(answers), max(answer.done for answer in answers) - first, spent)
