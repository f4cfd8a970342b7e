"""A URL -> connections to its database, SQLite or PostgreSQL, whose commits survive a power cut."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.errors import InputError
from serving.store.errors import StoreUnavailableError

Result = TypeVar("Result")
_BUSY_SECONDS: Final = 30
_EMPTYING_MS: Final = 200  # as long as intake may be held up for it
_PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",  # a commit is on the disk before it is called done
    "foreign_keys = ON",
    "secure_delete = ON",  # what is purged is overwritten
)
_READERS: Final = 8


@dataclass(frozen=True, slots=True)
class Database:
    """Two pools of connections to one database.

    Attributes:
        readers: for what changes nothing.
        writer: one connection; a transaction on it holds back those of other processes on SQLite.
    """

    readers: Engine
    writer: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.writer.dialect.name == "sqlite"

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Return what a function reads, all of it as of one moment.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        try:
            with self.readers.connect() as connection:
                return work(connection)
        except (DBAPIError, PoolTimeoutError) as error:
            raise unavailable(error) from None

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Return what a function returns once all it wrote is committed; for commands, see `GroupWriter`.

        Raises:
            StoreUnavailableError: the database does not answer; nothing was written.
        """
        try:
            with self.writer.begin() as connection:
                return work(connection)
        except (DBAPIError, PoolTimeoutError) as error:
            raise unavailable(error) from None

    def empty_log(self) -> bool:
        """Write SQLite's log into its file and empty it, so that nothing that was purged is left in it.

        Returns:
            Whether it is empty; not while others read from it: try again later. PostgreSQL has its own ways.
        """
        if not self.is_sqlite:
            return True
        connection = self.readers.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {_EMPTYING_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [(is_busy, _, _)] = cursor.fetchall()
            cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        except sqlite3.OperationalError:
            connection.invalidate()
            return False
        finally:
            connection.close()
        return not is_busy

    def close(self) -> None:
        """Close all connections."""
        self.readers.dispose()
        self.writer.dispose()


def connect(url: str) -> Database:
    """Return a database; a SQLite file is made if there is none.

    Args:
        url: `sqlite:///folder/store.db` or `postgresql://user@host/name`.

    Raises:
        InputError: it is the URL of nothing we can use.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        _check_folder(parsed)
        readers = create_engine(parsed, pool_size=_READERS, hide_parameters=True)
        writer = create_engine(parsed, pool_size=1, max_overflow=0, hide_parameters=True)
        _prepare_sqlite(readers, "BEGIN")
        _prepare_sqlite(writer, "BEGIN IMMEDIATE")
        return Database(readers, writer)
    parsed = parsed.set(drivername="postgresql+psycopg")
    options = {"connect_timeout": 5, "application_name": "scamscreen"}
    readers = create_engine(
        parsed,
        pool_size=_READERS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=options,
        isolation_level="REPEATABLE READ",
    )
    writer = create_engine(
        parsed, pool_size=1, max_overflow=0, pool_pre_ping=True, hide_parameters=True, connect_args=options
    )
    return Database(readers, writer)


def unavailable(error: Exception) -> StoreUnavailableError:
    """Return what is said of an error of the database: its kind only, for its message may quote a row."""
    return StoreUnavailableError(f"the store does not answer ({type(error).__name__}): try again")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InputError("the store's URL is none: expected sqlite:///FILE or postgresql://...") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise InputError(
            "the store is neither SQLite nor PostgreSQL: expected sqlite:///FILE or postgresql://..."
        )
    return parsed


def _check_folder(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise InputError("a store in memory loses every report: expected sqlite:///FILE")
    folder = Path(url.database).parent
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: make it, or name another file for the store")


def _prepare_sqlite(engine: Engine, begin: str) -> None:
    """Let us say ourselves when a transaction begins, which the driver would only do before a write."""

    @event.listens_for(engine, "connect")
    def on_connect(connection, _) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 (DBAPI's own)
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
