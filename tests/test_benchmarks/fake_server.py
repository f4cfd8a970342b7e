"""A server that answers like the service, or refuses, after so many milliseconds: no model, no framework."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def fake_server(*, delay_seconds: float = 0.0, accepts: int = 10**9) -> Iterator[int]:
    """Serve on a free port in a thread; after `accepts` requests every further one is refused.

    Yields:
        The port.
    """
    loop = asyncio.new_event_loop()
    left = [accepts]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                )
                documents = json.loads(await reader.readexactly(length))["documents"]
                await asyncio.sleep(delay_seconds)
                left[0] -= 1
                if left[0] < 0:
                    writer.write(b"HTTP/1.1 429 Busy\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}")
                else:
                    body = json.dumps({"results": [record(one["id"]) for one in documents]}).encode()
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:

        async def end() -> None:
            server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def record(name: str) -> dict[str, object]:
    """Return a record in which phishing is found."""
    return {
        "id": name,
        "labels": {"phishing": 0.9, "extortion": 0.1},
        "flags": ["phishing"],
        "context_labels": [],
        "thresholds": {"phishing": 0.6},
    }
