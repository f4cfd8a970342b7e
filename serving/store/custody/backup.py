"""A copy of a SQLite store while it is used, and back. The key file is never part of it.

Whoever has the copy alone can read no word of it; without the key file, neither can its owner.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from models.errors import InputError
from serving.store.disk import flush_folder
from serving.store.engine import PRIMARY_CODE, WHY, connect, parsed_url
from serving.store.errors import StoreDamagedError
from serving.store.home import check_keys
from serving.store.sealing import Keyring
from serving.store.sole_service import SoleService

_BESIDE: Final = ("", "-wal", "-shm")
USE_PG_DUMP: Final = "the store is a PostgreSQL: use its own pg_dump, and pg_restore"


def backup(url: str, copy: Path) -> None:
    """Write the store as it is at one moment to a file, whatever is stored meanwhile.

    Raises:
        InputError: the store is no SQLite file, or the copy cannot be made.
        StoreDamagedError: the store is damaged, and so would be the copy.
    """
    file = _file(url)
    if not file.is_file():
        raise InputError(f"{file}: expected a store, found none")
    if copy.exists():
        raise InputError(f"{copy} is there already: name another file")
    if not copy.resolve().parent.is_dir():
        raise InputError(f"{copy.resolve().parent} is no folder: make it, or name another file")
    _copy(file, copy)


def restore(url: str, copy: Path, keyring: Keyring) -> Path | None:
    """Put a copy in the place of the store; return where what was there before is now, if anything was.

    Raises:
        InputError: the store is no SQLite file, a service works on it, or the copy is of no store or of one
            with other keys.
        StoreDamagedError: the copy is damaged.
    """
    file = _file(url)
    if not copy.is_file():
        raise InputError(f"{copy}: expected a backup, found none")
    restored = file.with_name(f"{file.name}.restored")
    for suffix in _BESIDE:
        restored.with_name(restored.name + suffix).unlink(missing_ok=True)
    _copy(copy, restored)
    try:
        _check(restored, keyring)
        with _without_service(url):
            before = _put_aside(file)
            restored.replace(file)
            flush_folder(file.parent)
    finally:
        for suffix in _BESIDE:
            restored.with_name(restored.name + suffix).unlink(missing_ok=True)
    return before


def _file(url: str) -> Path:
    parsed = parsed_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise InputError(USE_PG_DUMP)
    return Path(parsed.database or "")


def _copy(source: Path, target: Path) -> None:
    """Copy a database, and look whether it came out whole."""
    partial = target.with_name(f"{target.name}.partial")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(partial)) as written:
            with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read:
                read.backup(written)  # in one go: others write on, into the log
            written.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            is_whole = written.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        if not is_whole:
            raise StoreDamagedError(f"{source} is damaged: no good copy of it can be made")
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
        flush_folder(target.parent)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise StoreDamagedError(f"{source} is damaged: no good copy of it can be made") from None
        code = getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE
        why = WHY.get(code, type(error).__name__)
        raise InputError(f"{target}: the copy could not be written: {why}") from None
    finally:
        partial.unlink(missing_ok=True)


def _check(copy: Path, keyring: Keyring) -> None:
    database = connect(f"sqlite:///{copy}")
    try:
        if not database.read(lambda connection: connection.dialect.has_table(connection, "report")):
            raise InputError(f"{copy.name}: expected a backup of a store, found another database")
        database.read(lambda connection: check_keys(connection, keyring))
    finally:
        database.close()


@contextmanager
def _without_service(url: str) -> Iterator[None]:
    database = connect(url)
    alone = SoleService(database)
    database.close()
    try:
        yield
    finally:
        alone.close()


def _put_aside(file: Path) -> Path | None:
    """Rename a database with its log, under which it can still be opened."""
    if not file.exists():
        return None
    aside = file.with_name(f"{file.name}.before-{time.strftime('%Y%m%d-%H%M%S')}")
    for suffix in reversed(_BESIDE):
        beside = file.with_name(file.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    return aside
