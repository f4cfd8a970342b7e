"""Chunks of a file that come one by one, in whatever order, until all are there."""

from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from serving.store import audit
from serving.store.errors import RefusedChangeError, TooManyError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import UPLOAD, UPLOAD_CHUNK
from serving.store.uploads.upload import (
    CHUNK_BYTES,
    READY,
    SENDING,
    UNFINISHED,
    Kind,
    Upload,
    find_upload,
    place_of_chunk,
    place_of_name,
)

MOST_UNFINISHED = 20


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that somebody is about to send.

    Attributes:
        size: in bytes.
        sha256: of all of it; by this it is known again.
    """

    kind: Kind
    size: int
    sha256: bytes
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload that can be gone on with.

    Attributes:
        state: `sending` of one that lacks chunks; any other of a file that came before.
        have: numbers of the chunks that are there.
    """

    id: str
    state: str
    have: tuple[int, ...]


def begin_upload(
    connection: Connection, keyring: Keyring, actor: Actor, file: NewFile, *, is_new: bool, now_ms: int
) -> Begun:
    """Return the upload of a file: that which there is of the same bytes, or a new one.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who sends it.
        file: what is sent.
        is_new: one whose rows were stored before is to be stored again.
        now_ms: the time.

    Raises:
        TooManyError: the organisation has `MOST_UNFINISHED` that nobody has had screened.
    """
    audit.take_chain(connection, actor.organisation_id)
    of_organisation = select(UPLOAD).where(UPLOAD.c.organisation_id == actor.organisation_id)
    same = of_organisation.where(
        UPLOAD.c.sha256 == file.sha256, UPLOAD.c.bytes == file.size, UPLOAD.c.kind == file.kind
    )
    if is_new:
        same = same.where(UPLOAD.c.state.in_(UNFINISHED))
    if found := connection.execute(same.order_by(UPLOAD.c.serial.desc()).limit(1)).one_or_none():
        have = select(UPLOAD_CHUNK.c.number).where(UPLOAD_CHUNK.c.upload_serial == found.serial)
        return Begun(
            found.public_id, found.state, tuple(connection.execute(have.order_by("number")).scalars())
        )
    unfinished = of_organisation.where(UPLOAD.c.state.in_(UNFINISHED)).subquery()
    if connection.execute(select(func.count()).select_from(unfinished)).scalar_one() >= MOST_UNFINISHED:
        raise TooManyError(f"at most {MOST_UNFINISHED} unfinished uploads: screen or stop one first")
    upload_id = uuid4().hex
    connection.execute(
        insert(UPLOAD).values(
            public_id=upload_id,
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            created_ms=now_ms,
            kind=file.kind,
            bytes=file.size,
            sha256=file.sha256,
            state=SENDING,
            code="",
            rows_read=0,
            rows_refused=0,
            rows_screened=0,
            has_chunks=True,
            name_sealed=keyring.seal(file.name.encode(), place_of_name(upload_id)),
        )
    )
    detail = {"kind": file.kind, "bytes": file.size, "sha256": file.sha256.hex()}
    link = audit.Link(actor.id, now_ms, "upload.begun", upload_id, detail)
    audit.append(connection, keyring, actor.organisation_id, link)
    return Begun(upload_id, SENDING, ())


def keep_chunk(
    connection: Connection, keyring: Keyring, actor: Actor, upload_id: str, *, number: int, content: bytes
) -> None:
    """Keep a part of a file; one that is there already stays as it is.

    Raises:
        NotFoundError: the actor's organisation has no such upload.
        RefusedChangeError: it is no part of it.
    """
    upload = find_upload(connection, keyring, actor.organisation_id, upload_id)
    first = number * CHUNK_BYTES
    if upload.state != SENDING:
        raise RefusedChangeError("not_sending", "this upload takes no chunks any more")
    if not content or len(content) != min(CHUNK_BYTES, upload.size - first):
        raise RefusedChangeError("wrong_chunk", "this chunk is not as long as it must be")
    there = select(UPLOAD_CHUNK.c.serial).where(
        UPLOAD_CHUNK.c.upload_serial == upload.serial, UPLOAD_CHUNK.c.number == number
    )
    if connection.execute(there).first() is None:
        connection.execute(
            insert(UPLOAD_CHUNK).values(
                organisation_id=actor.organisation_id,
                actor_id=actor.id,
                upload_serial=upload.serial,
                number=number,
                sealed=keyring.seal(content, place_of_chunk(upload_id, number)),
            )
        )


def count_chunks(connection: Connection, upload: Upload) -> int:
    """Return how many parts of a file are there."""
    of_upload = UPLOAD_CHUNK.c.upload_serial == upload.serial
    return int(
        connection.execute(select(func.count()).select_from(UPLOAD_CHUNK).where(of_upload)).scalar_one()
    )


def make_ready(
    connection: Connection, keyring: Keyring, actor: Actor, upload: Upload, *, now_ms: int
) -> None:
    """Note that all of a file is there and is what its sender said."""
    audit.take_chain(connection, upload.organisation_id)
    this = update(UPLOAD).where(UPLOAD.c.serial == upload.serial, UPLOAD.c.state == SENDING)
    if connection.execute(this.values(state=READY)).rowcount:
        link = audit.Link(actor.id, now_ms, "upload.received", upload.id)
        audit.append(connection, keyring, actor.organisation_id, link)
