"""Many small writes -> few commits: what arrives while one is on its way to the disk shares the next."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from serving.store.engine import Database, unavailable
from serving.store.errors import StoreError, StoreUnavailableError

Result = TypeVar("Result")
MOST_AT_ONCE: Final = 256


@dataclass(slots=True)
class _Write(Generic[Result]):
    work: Callable[[Connection], Result]
    done: "Future[Result]" = field(default_factory=Future)
    result: Any = None
    error: BaseException | None = None


class GroupWriter:
    """Runs writes one after the other in one thread, and tells of each once it is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: SimpleQueue[_Write[Any] | None] = SimpleQueue()
        self._closed = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], Result]) -> "Future[Result]":
        """Return the promise of what a function returns, kept once all it wrote is committed.

        A function that raises writes nothing, and the others of its group go on without it.

        Raises:
            StoreUnavailableError: the writer was closed.
        """
        write = _Write(work)
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
        while not ends:
            group, ends = self._next_group()
            asked = [write for write in group if write.done.set_running_or_notify_cancel()]
            if asked:
                self._commit(asked)

    def _next_group(self) -> tuple[list[_Write[Any]], bool]:
        """Return the writes that wait, at least one, and whether the last of all is among them."""
        group: list[_Write[Any]] = []
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

    def _commit(self, group: list[_Write[Any]]) -> None:
        try:
            with self._database.writer.begin() as connection:
                for write in group:
                    _run_one(write, connection)
        except (DBAPIError, PoolTimeoutError) as error:
            for write in group:
                write.done.set_exception(unavailable(error))
        except BaseException as error:  # whatever it is: nobody may wait for ever
            for write in group:
                write.done.set_exception(error)
        else:
            for write in group:
                if write.error is None:
                    write.done.set_result(write.result)
                else:
                    write.done.set_exception(write.error)


def _run_one(write: _Write[Any], connection: Connection) -> None:
    """Run one write within a group; if it fails, only its own changes are undone."""
    savepoint = connection.begin_nested()
    try:
        write.result = write.work(connection)
    except (IntegrityError, DataError, ProgrammingError) as error:
        savepoint.rollback()
        write.error = StoreError(f"the store refuses this ({type(error).__name__})")
    except DBAPIError:
        raise  # the connection may be lost: all of the group fails, and can be sent again
    except Exception as error:
        savepoint.rollback()
        write.error = error
    else:
        savepoint.commit()
