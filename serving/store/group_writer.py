"""Many small writes -> few commits: what arrives while one is on its way to the disk shares the next.

If one of them fails, all is undone and done again with a savepoint around each, so that one that fails undoes
only itself. If they and those of another process were in each other's way, each is done again in its own
transaction. So a write may run twice, and is to change nothing but the database.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from serving.store.engine import MOST_TRIES, Database, may_go_well_again, unavailable
from serving.store.errors import StoreError, StoreUnavailableError

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_AT_ONCE: Final = 256
MOST_WAITING: Final = 2048
PATIENCE_SECONDS: Final = 10.0
_LOOK_AT_LOG_SECONDS: Final = 10.0
_READING: Final = ThreadPoolExecutor(8, thread_name_prefix="reader")
"""Threads of their own: slow questions must hold up neither who is let in nor a report that is stored."""
_OF_ONE_WRITE: Final = (IntegrityError, DataError, ProgrammingError)


@dataclass(slots=True)
class _Write(Generic[Item, Result]):
    together: Callable[[Connection, Sequence[Item]], Sequence[Result]]
    item: Item
    goes_last: bool
    done: "Future[Result]" = field(default_factory=Future)
    result: Any = None
    error: BaseException | None = None


class GroupWriter:
    """Runs writes one after the other in one thread, and tells of each once it is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: SimpleQueue[_Write[Any, Any] | None] = SimpleQueue()
        self._closed = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], Result], *, goes_last: bool = False) -> "Future[Result]":
        """Return the promise of what a function returns, kept once all it wrote is committed.

        A function that raises writes nothing, and the others of its group go on without it. One that locks
        rows without the chain of their organisation (`audit.take_chain`), as leases do, `goes_last`: nothing
        that shares its commit waits for a chain while it holds them.

        Raises:
            StoreUnavailableError: the writer was closed, or far too much waits already.
        """
        return self.submit_item(_one_by_one, work, goes_last=goes_last)

    def submit_item(
        self,
        together: Callable[[Connection, Sequence[Item]], Sequence[Result]],
        item: Item,
        *,
        goes_last: bool = False,
    ) -> "Future[Result]":
        """Return the promise of the result for an item, of a function that writes several at once.

        Args:
            together: returns one result per item, in order; called with those that share a commit, but with
                each alone if it raised.
            item: what is to be written.
            goes_last: see `submit`.

        Raises:
            StoreUnavailableError: the writer was closed, or far too much waits already.
        """
        write = _Write(together, item, goes_last)
        if self._queue.qsize() >= MOST_WAITING:
            raise StoreUnavailableError("the store is too slow for all that is sent: try again")
        with self._closed:
            if self._is_closed:
                raise StoreUnavailableError("the service ends: send it again, to the one that follows")
            self._queue.put(write)
        return write.done

    def close(self) -> None:
        """Do what was submitted, then end."""
        with self._closed:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        ends = False
        look_at_log = monotonic() + _LOOK_AT_LOG_SECONDS
        while not ends:
            group, ends = self._next_group()
            self._commit([write for write in group if write.done.set_running_or_notify_cancel()])
            if monotonic() > look_at_log:
                self._keep_log_short()
                look_at_log = monotonic() + _LOOK_AT_LOG_SECONDS

    def _next_group(self) -> tuple[list[_Write[Any, Any]], bool]:
        """Return the writes that wait, at least one, and whether the last of all is among them."""
        group: list[_Write[Any, Any]] = []
        write = self._queue.get()
        while write is not None:
            group.append(write)
            if len(group) == MOST_AT_ONCE:
                return group, False
            try:
                write = self._queue.get_nowait()
            except Empty:
                return group, False
        return group, True

    def _commit(self, group: list[_Write[Any, Any]]) -> None:
        """Write what nobody has given up, and tell of each."""
        if not group:
            return
        try:
            self._write_all(sorted(group, key=lambda write: write.goes_last))
        except (DBAPIError, PoolTimeoutError) as error:
            if len(group) > 1 and may_go_well_again(error):
                for write in group:
                    self._commit([write])
                return
            failed = unavailable(error)
            for write in group:
                write.done.set_exception(failed)
        except BaseException as error:  # whatever it is: nobody may wait for ever
            for write in group:
                write.done.set_exception(error)
        else:
            for write in group:
                if write.error is None:
                    write.done.set_result(write.result)
                else:
                    write.done.set_exception(write.error)

    def _write_all(self, group: list[_Write[Any, Any]]) -> None:
        """Write a group; if one of it fails, again, each apart from the others."""
        try:
            self._in_turn(group, _run_together)
        except _OF_ONE_WRITE:
            self._in_turn(group, _run_apart)
        except (DBAPIError, PoolTimeoutError):
            raise
        except Exception:
            self._in_turn(group, _run_apart)

    def _in_turn(
        self, group: list[_Write[Any, Any]], run: Callable[[list[_Write[Any, Any]], Connection], None]
    ) -> None:
        """Run writes in one transaction; one that is alone again if another process was in its way."""
        tries = MOST_TRIES if len(group) == 1 else 1
        self._database.in_transaction(lambda connection: run(group, connection), tries=tries)

    def _keep_log_short(self) -> None:
        try:
            self._database.keep_log_short()
        except (DBAPIError, PoolTimeoutError):
            return  # somebody reads it: another time


def _one_by_one(connection: Connection, works: Sequence[Callable[[Connection], Result]]) -> Sequence[Result]:
    return [work(connection) for work in works]


def _run_together(group: list[_Write[Any, Any]], connection: Connection) -> None:
    by_function: dict[tuple[bool, Any], list[_Write[Any, Any]]] = {}
    for write in group:
        by_function.setdefault((write.goes_last, write.together), []).append(write)
    for (_, together), writes in by_function.items():
        results = together(connection, [write.item for write in writes])
        for write, result in zip(writes, results, strict=True):
            write.result, write.error = result, None


def _run_apart(group: list[_Write[Any, Any]], connection: Connection) -> None:
    """Run each write of a group; if it fails, only its own changes are undone."""
    for write in group:
        savepoint = connection.begin_nested()
        try:
            [write.result] = write.together(connection, [write.item])
            write.error = None
        except _OF_ONE_WRITE as error:
            savepoint.rollback()
            write.error = StoreError(f"the store refuses this ({type(error).__name__})")
        except DBAPIError:
            raise  # the connection may be lost: all of the group fails, and can be sent again
        except Exception as error:
            savepoint.rollback()
            write.error = error
        else:
            savepoint.commit()


async def written(promise: "Future[Result]") -> Result:
    """Return what a promise of a writer gives, once all of it is committed.

    Raises:
        StoreUnavailableError: the database did not answer in time; what was begun by then may still be
            written, so that only a sender with an `Idempotency-Key` is sure to send it once.
    """
    return await _in_time(asyncio.wrap_future(promise))


async def read_in_time(database: Database, question: Callable[[Connection], Result]) -> Result:
    """Return what a function reads of a database, as of one moment.

    Raises:
        StoreUnavailableError: the database does not answer in time.
    """
    asked = asyncio.get_running_loop().run_in_executor(_READING, database.read, question)
    return await _in_time(asked)


async def _in_time(answer: Awaitable[Result]) -> Result:
    try:
        return await asyncio.wait_for(answer, PATIENCE_SECONDS)
    except TimeoutError:
        raise StoreUnavailableError("the store does not answer in time: try again") from None
