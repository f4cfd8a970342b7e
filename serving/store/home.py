"""Where a store lives: its database and its key file, made when it is first opened."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from models.errors import InputError
from serving.store.engine import Database, connect
from serving.store.followed_keys import followed_keyring
from serving.store.sealing import Keyring, new_keyring, write_keyring
from serving.store.tables import METADATA

KEY_FILE: Final = "store.key"
DATABASE_FILE: Final = "store.db"


@dataclass(frozen=True, slots=True)
class Store:
    """An open store."""

    database: Database
    keyring: Keyring


def default_url(home: Path) -> str:
    """Return the URL of the embedded store in a folder."""
    return f"sqlite:///{home / DATABASE_FILE}"


def open_store(url: str, key_file: Path) -> Store:
    """Open a store, or begin one: its folder and key file are for their owner alone.

    Raises:
        InputError: the key file is absent though the store is not new, or one of the two cannot be used.
        StoreUnavailableError: the database does not answer.
    """
    if make_url(url).get_backend_name() == "sqlite":
        _make_folder(Path(make_url(url).database or "").parent)
    _make_folder(key_file.parent)
    database = connect(url)
    is_new = database.write(_prepare)
    if is_new and not key_file.exists():
        write_keyring(key_file, new_keyring())
    if not key_file.exists():
        raise InputError(
            f"{key_file} is gone, and without it nothing in the store can be read: bring it back"
        )
    return Store(database, followed_keyring(key_file))


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
        if os.name == "posix":
            folder.chmod(0o700)


def _prepare(connection) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Make the tables if there are none; return whether there were none."""
    is_new = not connection.dialect.has_table(connection, "report")
    if is_new:
        METADATA.create_all(connection)
    return is_new
