"""A new key for what is sealed: added, then everything sealed with it, and only then the old ones dropped.

It can be ended at any moment and begun again. A service that works meanwhile follows its key file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, LargeBinary, func, update

from serving.store import audit
from serving.store.custody.sealed_columns import SEALED, SealedColumn
from serving.store.engine import Database
from serving.store.errors import SealError
from serving.store.organisations import Actor
from serving.store.sealing import ID_BYTES, ID_START, Keyring, read_keyring, with_new_seal, write_keyring

BATCH: Final = 16
GRACE_SECONDS: Final = 60
"""As long as a write may take that was begun with the old key."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """How changing the key went.

    Attributes:
        resealed: how many values were sealed anew.
        unopened: what no key opens, by place; while there is any, the old keys stay.
    """

    resealed: int
    unopened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    last: int | None
    resealed: int
    unopened: tuple[str, ...]


def rotate(
    database: Database, key_file: Path, *, wait: Callable[[float], None], grace_seconds: float = GRACE_SECONDS
) -> Rotation:
    """Seal everything with a new key and drop the old ones from the key file.

    A key file with several keys is that of a rotation that was not ended, and it is gone on with.

    Raises:
        InputError: the key file cannot be used.
        StoreUnavailableError: the database does not answer; run it again.
    """
    keyring = read_keyring(key_file)
    if len(keyring.seals) == 1:
        keyring = with_new_seal(keyring)
        write_keyring(key_file, keyring)
    first = _reseal_all(database, keyring)
    wait(grace_seconds)
    database.close()  # whatever lies there now is opened: a copy may have been restored meanwhile
    last = _reseal_all(database, keyring)
    if not last.unopened:
        database.empty_log()
        newest = keyring.sealing_id
        write_keyring(key_file, Keyring({newest: keyring.seals[newest]}, keyring.index))
    return Rotation(first.resealed + last.resealed, last.unopened)


def write_down(
    connection: Connection, keyring: Keyring, actor: Actor, done: Rotation, *, now_ms: int
) -> None:
    """Add to the audit of the actor's organisation that the key was changed."""
    link = audit.Link(
        actor.id,
        now_ms,
        "store_key.rotated",
        detail={"resealed": done.resealed, "unopened": len(done.unopened)},
    )
    audit.append(connection, keyring, actor.organisation_id, link)


def _reseal_all(database: Database, keyring: Keyring) -> Rotation:
    resealed = 0
    unopened: list[str] = []
    for sealed in SEALED:
        after: int | None = 0
        while after is not None:
            batch = database.write(
                lambda connection, sealed=sealed, after=after: _reseal(connection, keyring, sealed, after)  # type: ignore[misc]
            )
            resealed += batch.resealed
            unopened += batch.unopened
            after = batch.last
    return Rotation(resealed, tuple(unopened))


def _reseal(connection: Connection, keyring: Keyring, sealed: SealedColumn, after: int) -> _Batch:
    """Seal some values anew, of rows that follow one; what cannot be opened stays as it is."""
    rows = connection.execute(
        sealed.rows()
        .where(sealed.key > after, _key_id(sealed.column) != keyring.sealing_id)
        .limit(BATCH)
        .with_for_update(of=sealed.table)
    ).all()
    unopened = []
    for row in rows:
        place = sealed.place(row)
        try:
            plain = keyring.open(row.sealed_value, place)
        except SealError:
            unopened.append(f"{sealed.table.name} {row.key_value}")
            continue
        connection.execute(
            update(sealed.table)
            .where(sealed.key == row.key_value)
            .values({sealed.column: keyring.seal(plain, place)})
        )
    last = rows[-1].key_value if len(rows) == BATCH else None
    return _Batch(last, len(rows) - len(unopened), tuple(unopened))


def _key_id(column: Column[bytes]) -> ColumnElement[bytes]:
    return func.substr(column, ID_START + 1, ID_BYTES, type_=LargeBinary)
