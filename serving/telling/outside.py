"""The thread for what talks to other hosts: an event loop of its own, so that no request waits for them."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

Work = Callable[[], Coroutine[Any, Any, None]]


class Outside:
    """Runs work until it is closed."""

    def __init__(self, work: Sequence[Work]) -> None:
        """Start the thread; each work ends when it is cancelled."""
        self._loop = asyncio.new_event_loop()
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = threading.Thread(target=self._run, args=(work,), name="outside", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Cancel all work and end."""
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()

    def _run(self, work: Sequence[Work]) -> None:
        asyncio.set_event_loop(self._loop)
        self._tasks = [self._loop.create_task(one()) for one in work]
        self._loop.run_forever()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._loop.stop()
