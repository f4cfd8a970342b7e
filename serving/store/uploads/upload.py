"""An upload as it is told: what it is, how far it is, and where its sealed parts stand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, select

from serving.store.errors import NotFoundError
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, UPLOAD

Kind = Literal["csv", "tsv", "xlsx", "jsonl", "txt"]
State = Literal["sending", "ready", "storing", "screening", "done", "stopped", "failed"]
"""Its chunks come; all are there; its rows are being stored; all are, and are being screened; all are
screened; somebody ended it; it cannot be read to its end."""
SENDING, READY, STORING, SCREENING = "sending", "ready", "storing", "screening"
DONE, STOPPED, FAILED = "done", "stopped", "failed"
UNFINISHED: Final = (SENDING, READY, STORING)
CHUNK_BYTES: Final = 4_000_000
MOST_BYTES: Final = 256_000_000
MOST_LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload.

    Attributes:
        actor_id: who uploaded it.
        actor: their name.
        code: why it stopped or failed; "" else.
        size: in bytes.
        rows_total: None before they are counted.
        rows_read: how many were gone through; all before it are reports or errors.
        name: of the file.
        choice: how it is read, as `begin_screening` was told; None before.
    """

    serial: int
    id: str
    organisation_id: int
    actor_id: int
    actor: str
    created_ms: int
    kind: Kind
    size: int
    sha256: bytes
    state: State
    code: str
    begun_ms: int | None
    ended_ms: int | None
    rows_total: int | None
    rows_read: int
    rows_refused: int
    rows_screened: int
    name: str = field(repr=False)
    choice: Mapping[str, Any] | None = field(repr=False)

    @property
    def chunks(self) -> int:
        """Of how many parts it is."""
        return -(-self.size // CHUNK_BYTES)

    @property
    def rows_stored(self) -> int:
        """How many of its rows are reports."""
        return self.rows_read - self.rows_refused


def find_upload(connection: Connection, keyring: Keyring, organisation_id: int, upload_id: str) -> Upload:
    """Return an upload of an organisation.

    Raises:
        NotFoundError: it has none of this id.
    """
    asked = _UPLOADS.where(UPLOAD.c.public_id == upload_id, UPLOAD.c.organisation_id == organisation_id)
    row = connection.execute(asked).one_or_none()
    if row is None:
        raise NotFoundError("there is no such upload")
    return upload_of(keyring, row)


def listed_uploads(connection: Connection, keyring: Keyring, organisation_id: int) -> list[Upload]:
    """Return the newest uploads of an organisation, the newest first."""
    asked = _UPLOADS.where(UPLOAD.c.organisation_id == organisation_id).order_by(UPLOAD.c.serial.desc())
    return [upload_of(keyring, row) for row in connection.execute(asked.limit(MOST_LISTED))]


def upload_numbered(connection: Connection, keyring: Keyring, serial: int) -> Upload:
    """Return an upload that is there."""
    return upload_of(keyring, connection.execute(_UPLOADS.where(UPLOAD.c.serial == serial)).one())


def upload_of(keyring: Keyring, row: Row[Any]) -> Upload:
    """Return what a row tells."""
    sealed = row.choice_sealed
    return Upload(
        serial=row.serial,
        id=row.public_id,
        organisation_id=row.organisation_id,
        actor_id=row.actor_id,
        actor=row.actor,
        created_ms=row.created_ms,
        kind=row.kind,
        size=row.bytes,
        sha256=row.sha256,
        state=row.state,
        code=row.code,
        begun_ms=row.begun_ms,
        ended_ms=row.ended_ms,
        rows_total=row.rows_total,
        rows_read=row.rows_read,
        rows_refused=row.rows_refused,
        rows_screened=row.rows_screened,
        name=keyring.open(row.name_sealed, place_of_name(row.public_id)).decode(),
        choice=None if sealed is None else json.loads(keyring.open(sealed, place_of_choice(row.public_id))),
    )


def place_of_name(upload_id: str) -> str:
    """Return the place the name of a file is sealed for."""
    return f"upload name {upload_id}"


def place_of_choice(upload_id: str) -> str:
    """Return the place the way a file is read is sealed for."""
    return f"upload choice {upload_id}"


def place_of_chunk(upload_id: str, number: int) -> str:
    """Return the place a part of a file is sealed for."""
    return f"upload chunk {upload_id} {number}"


_UPLOADS: Final = select(UPLOAD, ACTOR.c.name.label("actor")).join(ACTOR, ACTOR.c.id == UPLOAD.c.actor_id)
