"""Where a store lives: its database and its key file, made when it is first opened."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from models.errors import InputError
from serving.store.engine import Database, connect, parsed_url
from serving.store.followed_keys import followed_keyring
from serving.store.sealing import Keyring, new_keyring, write_keyring
from serving.store.sole_service import SoleService
from serving.store.tables import ITEM

KEY_FILE: Final = "store.key"
DATABASE_FILE: Final = "store.db"


@dataclass(frozen=True, slots=True)
class Store:
    """An open store."""

    database: Database
    keyring: Keyring


def place_of(url: str) -> str:
    """Return the URL of a store as it may be shown: without a password."""
    return parsed_url(url).render_as_string(hide_password=True)


def default_url(home: Path) -> str:
    """Return the URL of the embedded store in a folder."""
    return f"sqlite:///{home / DATABASE_FILE}"


def open_store(url: str, key_file: Path) -> Store:
    """Open a store, or begin one: its folder and key file are for their owner alone.

    Raises:
        InputError: the key file is absent though the store is not new, or one of the two cannot be used.
        StoreUnavailableError: the database does not answer.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(Path(parsed.database or "").parent)
    _make_folder(key_file.parent)
    database = connect(url)
    from serving.store.migrations import upgrade  # Alembic: a moment that no other command need wait

    upgrade(database, on_new=lambda: _begin_keyring(key_file))
    if not key_file.exists():
        raise InputError(
            f"{key_file} is gone, and without it nothing in the store can be read: bring it back"
        )
    keyring = followed_keyring(key_file)
    database.read(lambda connection: check_keys(connection, keyring))
    return Store(database, keyring)


def check_keys(connection: Connection, keyring: Keyring) -> None:
    """Check that keys open what was stored last.

    Raises:
        InputError: they are those of another store.
    """
    newest = select(ITEM.c.sealed).where(ITEM.c.sealed.is_not(None)).order_by(ITEM.c.serial.desc()).limit(1)
    sealed = connection.execute(newest).scalar()
    if sealed is not None and not keyring.has_key_of(sealed):
        raise InputError("the key file is not that of this store: bring the right one back")


def check_store(url: str, key_file: Path) -> None:
    """Find out before a service starts whether it could work on a store; begins one if there is none.

    Raises:
        InputError: it cannot be used, or another service works on it.
        StoreDamagedError: its file is damaged.
        StoreUnavailableError: the database does not answer.
    """
    store = open_store(url, key_file)
    try:
        alone = SoleService(store.database)
        try:
            store.database.check()
        finally:
            alone.close()
    finally:
        store.database.close()


def keys_made(key_file: Path) -> str:
    """Return what is told to whoever has begun a store."""
    return (
        f"made {key_file}, which opens all that will be stored: copy it to a safe place apart from the "
        "database, for without it nothing can be read, not even a backup"
    )


def _begin_keyring(key_file: Path) -> None:
    if not key_file.exists():
        write_keyring(key_file, new_keyring())


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
        if os.name == "posix":
            folder.chmod(0o700)
