"""A URL -> connections to its database, SQLite or PostgreSQL, whose commits survive a power cut."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.errors import InputError
from serving.store.errors import StoreDamagedError, StoreUnavailableError

Result = TypeVar("Result")
MOST_TRIES: Final = 3
_BUSY_SECONDS: Final = 30
_PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",  # a commit is on the disk before it is called done
    "secure_delete = ON",  # what is purged is overwritten
    "wal_autocheckpoint = 4000",  # pages of 4 kB
    "journal_size_limit = 67108864",
    "cache_size = -500",  # kB a connection; the operating system caches the file for all of them
)
_MOST_LOG_BYTES: Final = 67_108_864
_READERS: Final = 8
_ANSWER_MS: Final = 10_000
_CONNECTING: Final = {
    "application_name": "scamscreen",
    "connect_timeout": 5,
    "tcp_user_timeout": _ANSWER_MS,  # a host that vanished is noticed, not waited for
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
WHY: Final = {
    sqlite3.SQLITE_BUSY: "another program holds it",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
    sqlite3.SQLITE_FULL: "its disk is full",
    sqlite3.SQLITE_IOERR: "its disk fails or is full",
    sqlite3.SQLITE_READONLY: "its file may not be written",
}
"""What SQLite's errors mean, by their code without the bits beyond `PRIMARY_CODE`."""
PRIMARY_CODE: Final = 0xFF
_IN_EACH_OTHERS_WAY: Final = ("40001", "40P01")  # PostgreSQL: serialization_failure, deadlock_detected
_CHECKPOINT_MS: Final = 200  # that a writer waits for readers of the log
DAMAGED: Final = "the store's file is damaged: end the service, and bring a copy back with scamscreen restore"


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

        It may run more than once, and is to change nothing but the database.

        Raises:
            StoreUnavailableError: the database does not answer; nothing was written.
        """
        try:
            return self.in_transaction(work, tries=MOST_TRIES)
        except (DBAPIError, PoolTimeoutError) as error:
            raise unavailable(error) from None

    def in_transaction(self, work: Callable[[Connection], Result], *, tries: int) -> Result:
        """Return what a function returns once all it wrote is committed; what it raises undoes it.

        It is run again, up to so many `tries`, if all was undone only since another process was in its way.
        """
        try:
            with self.writer.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if tries == 1 or not may_go_well_again(error):
                raise
        return self.in_transaction(work, tries=tries - 1)

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
            cursor.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [(is_busy, _, _)] = cursor.fetchall()
            cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        except sqlite3.OperationalError:
            connection.invalidate()
            return False
        finally:
            connection.close()
        return not is_busy

    @contextmanager
    def for_upgrade(self) -> Iterator["Database"]:
        """Yield the same database with a writer that may change tables, however long that takes."""
        if self.is_sqlite:  # which could not replace a table that others point at
            writer = _sqlite_engine(self.writer.url, "BEGIN IMMEDIATE", foreign_keys=False)
        else:
            writer = _postgresql_engine(self.writer.url, pool_size=1)
        try:
            yield replace(self, writer=writer)
        finally:
            writer.dispose()

    def keep_log_short(self) -> None:
        """Begin SQLite's write-ahead log anew if it grew long, as it does while readers never pause."""
        if not self.is_sqlite:
            return
        log = Path(f"{self.writer.url.database}-wal")
        if log.exists() and log.stat().st_size > _MOST_LOG_BYTES:
            with self.writer.connect() as connection:
                cursor = connection.connection.cursor()  # not in a transaction
                cursor.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_MS}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")

    def check(self) -> None:
        """Read all of a SQLite file; a damaged one is found before anything is added to it.

        Raises:
            StoreDamagedError: it is damaged.
            StoreUnavailableError: it cannot be read.
        """
        if self.is_sqlite:
            found = self.read(lambda connection: connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
            if found != "ok":
                raise StoreDamagedError(DAMAGED)

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
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite":
        _check_folder(parsed)
        _make_private(Path(parsed.database or ""))
        readers = _sqlite_engine(parsed, "BEGIN", pool_size=_READERS)
        return Database(readers, _sqlite_engine(parsed, "BEGIN IMMEDIATE"))
    parsed = parsed.set(drivername="postgresql+psycopg")
    readers = _postgresql_engine(parsed, pool_size=_READERS, is_one_moment=True)
    timeout = f"-c statement_timeout={_ANSWER_MS}"
    return Database(readers, _postgresql_engine(parsed, pool_size=1, max_overflow=0, options=timeout))


def unavailable(error: Exception) -> StoreUnavailableError:
    """Return what is said of an error of the database: its kind only, for its message may quote a row."""
    code = _sqlite_code(error)
    if code in _DAMAGED:
        return StoreDamagedError(DAMAGED)
    why = WHY.get(code, type(error).__name__) if code is not None else type(error).__name__
    return StoreUnavailableError(f"the store does not answer ({why}): try again")


def may_go_well_again(error: Exception) -> bool:
    """Whether all of a transaction was undone only because another process was in its way."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _IN_EACH_OTHERS_WAY


def _sqlite_code(error: Exception) -> int | None:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return None if code is None else code & PRIMARY_CODE


def _sqlite_engine(url: URL, begin: str, *, pool_size: int = 1, foreign_keys: bool = True) -> Engine:
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=0 if pool_size == 1 else 10, hide_parameters=True
    )
    _prepare_sqlite(engine, begin, foreign_keys=foreign_keys)
    return engine


def _postgresql_engine(
    url: URL, *, pool_size: int, max_overflow: int = 10, options: str = "", is_one_moment: bool = False
) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={**_CONNECTING, "options": options},
        **({"isolation_level": "REPEATABLE READ"} if is_one_moment else {}),
    )


def parsed_url(url: str) -> URL:
    """Return the parts of the URL of a store.

    Raises:
        InputError: it is the URL of nothing we can use.
    """
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


def _make_private(file: Path) -> None:
    """Make an empty database for its owner alone, whatever its folder; SQLite's other files go by it."""
    with suppress(OSError):  # it is there already, or SQLite says why it cannot be
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(engine: Engine, begin: str, *, foreign_keys: bool) -> None:
    """Let us say ourselves when a transaction begins, which the driver would only do before a write."""

    @event.listens_for(engine, "connect")
    def on_connect(connection, _) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 (DBAPI's own)
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
