"""The rows of a file become reports, each once in effect, whoever dies meanwhile.

How many rows were gone through is written down in the transaction that stores them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, or_, select, update

from serving.clock import DAY_MS
from serving.store import audit, intake
from serving.store.errors import RefusedChangeError
from serving.store.intake import Incoming, Sending
from serving.store.many_rows import insert_rows
from serving.store.organisations import Actor
from serving.store.report_codes import WAITING
from serving.store.sealing import Keyring
from serving.store.tables import REPORT, UPLOAD, UPLOAD_CHUNK, UPLOAD_ROW
from serving.store.uploads.upload import (
    DONE,
    FAILED,
    READY,
    SCREENING,
    SENDING,
    STOPPED,
    STORING,
    UNFINISHED,
    Upload,
    find_upload,
    place_of_choice,
    upload_numbered,
)

HELD_MS: Final = 3 * 60_000
"""After so long without a row another process goes on: longer than it takes to count the rows of a file."""
KEPT_MS: Final = 3 * DAY_MS
"""How long a file waits for somebody to have it screened."""
ABANDONED: Final = "abandoned"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a file: a report, or why there is none.

    Attributes:
        number: from 1.
        message: what is wrong, in words of ours.
    """

    number: int
    incoming: Incoming | None
    code: str = ""
    message: str = ""


def begin_screening(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    upload_id: str,
    choice: Mapping[str, Any],
    *,
    now_ms: int,
) -> None:
    """Have the rows of a file stored and screened.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who asks for it.
        upload_id: of one that is ready.
        choice: how it is read; JSON, kept sealed.
        now_ms: the time.

    Raises:
        NotFoundError: the actor's organisation has no such upload.
        RefusedChangeError: it is not ready, or somebody has begun already.
    """
    audit.take_chain(connection, actor.organisation_id)
    upload = find_upload(connection, keyring, actor.organisation_id, upload_id)
    if upload.state != READY:
        raise RefusedChangeError("not_ready", "this upload is not ready to be screened, or was begun before")
    sealed = _sealed_choice(keyring, upload_id, choice)
    of_upload = update(UPLOAD).where(UPLOAD.c.serial == upload.serial)
    connection.execute(of_upload.values(state=STORING, begun_ms=now_ms, choice_sealed=sealed))
    link = audit.Link(actor.id, now_ms, "upload.screening_begun", upload_id)
    audit.append(connection, keyring, actor.organisation_id, link)


def end_upload(
    connection: Connection, keyring: Keyring, actor: Actor, upload: Upload, *, code: str, now_ms: int
) -> None:
    """Store no more rows of a file; what is stored stays. One that has ended stays as it is.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who ends it.
        upload: which.
        code: `""` if somebody stopped it, `abandoned`, or why it cannot be read.
        now_ms: the time.
    """
    audit.take_chain(connection, upload.organisation_id)
    state = STOPPED if code in ("", ABANDONED) else FAILED
    ended = connection.execute(
        update(UPLOAD)
        .where(UPLOAD.c.serial == upload.serial, UPLOAD.c.state.in_(UNFINISHED))
        .values(state=state, code=code, ended_ms=now_ms, held_by=None)
    )
    if ended.rowcount:
        link = audit.Link(actor.id, now_ms, f"upload.{state}", upload.id, {"code": code} if code else {})
        audit.append(connection, keyring, upload.organisation_id, link)


def is_any_to_store(connection: Connection) -> bool:
    """Whether rows of any upload are to be stored, by whomever."""
    return (
        connection.execute(select(UPLOAD.c.serial).where(UPLOAD.c.state == STORING).limit(1)).first()
        is not None
    )


def take_next(connection: Connection, keyring: Keyring, holder: str, *, now_ms: int) -> Upload | None:
    """Hold the oldest upload whose rows are to be stored and that nobody else holds; None: there is none."""
    free = or_(UPLOAD.c.held_by.is_(None), UPLOAD.c.held_by == holder, UPLOAD.c.held_ms < now_ms - HELD_MS)
    oldest = select(UPLOAD.c.serial).where(UPLOAD.c.state == STORING, free).order_by(UPLOAD.c.begun_ms)
    serial = connection.execute(oldest.limit(1).with_for_update(skip_locked=True)).scalar()
    if serial is None:
        return None
    this = update(UPLOAD).where(UPLOAD.c.serial == serial)
    connection.execute(this.values(held_by=holder, held_ms=now_ms))
    return upload_numbered(connection, keyring, serial)


def let_go(connection: Connection, holder: str | None) -> None:
    """Let others go on with what somebody holds; None: whoever."""
    of_holder = UPLOAD.c.held_by.is_not(None) if holder is None else UPLOAD.c.held_by == holder
    connection.execute(update(UPLOAD).where(of_holder).values(held_by=None))


def note_total(
    connection: Connection, keyring: Keyring, upload: Upload, choice: Mapping[str, Any], total: int | None
) -> None:
    """Write down how many rows a file has, if that is known, and how it is read, with all its columns."""
    sealed = _sealed_choice(keyring, upload.id, choice)
    of_upload = update(UPLOAD).where(UPLOAD.c.serial == upload.serial)
    connection.execute(of_upload.values(rows_total=total, choice_sealed=sealed))


def keep_rows(
    connection: Connection,
    keyring: Keyring,
    upload: Upload,
    holder: str,
    rows: Sequence[ReadRow],
    *,
    now_ms: int,
) -> bool:
    """Store the next rows of a file.

    Args:
        connection: in a transaction.
        keyring: of the store.
        upload: whose uploader sends them.
        holder: who has read them.
        rows: at least one, in order, without a gap.
        now_ms: the time.

    Returns:
        Whether they were stored: not if the upload has ended, or others have stored these rows.
    """
    audit.take_chain(connection, upload.organisation_id)
    refused = sum(row.incoming is None for row in rows)
    gone_on = connection.execute(
        update(UPLOAD)
        .where(
            UPLOAD.c.serial == upload.serial,
            UPLOAD.c.state == STORING,
            UPLOAD.c.held_by == holder,
            UPLOAD.c.rows_read == rows[0].number - 1,
        )
        .values(rows_read=rows[-1].number, rows_refused=UPLOAD.c.rows_refused + refused, held_ms=now_ms)
    )
    if not gone_on.rowcount:
        return False
    actor = Actor(upload.actor_id, upload.organisation_id)
    serials = iter(_store(connection, keyring, actor, rows, now_ms))
    insert_rows(
        connection,
        UPLOAD_ROW,
        [
            {
                "organisation_id": upload.organisation_id,
                "actor_id": upload.actor_id,
                "upload_serial": upload.serial,
                "number": row.number,
                "report_serial": None if row.incoming is None else next(serials),
                "code": row.code,
                "message": row.message,
            }
            for row in rows
        ],
    )
    return True


def end_storing(connection: Connection, keyring: Keyring, upload: Upload, *, now_ms: int) -> None:
    """Note that all rows of a file were gone through."""
    audit.take_chain(connection, upload.organisation_id)
    this = UPLOAD.c.serial == upload.serial
    stored = connection.execute(
        update(UPLOAD)
        .where(this, UPLOAD.c.state == STORING)
        .values(state=SCREENING, rows_total=UPLOAD.c.rows_read, held_by=None)
    )
    if stored.rowcount:
        counts = connection.execute(select(UPLOAD.c.rows_read, UPLOAD.c.rows_refused).where(this)).one()
        link = audit.Link(upload.actor_id, now_ms, "upload.stored", upload.id, dict(counts._mapping))
        audit.append(connection, keyring, upload.organisation_id, link)


def under_way(connection: Connection) -> list[int]:
    """Return the serials of uploads whose reports are not all screened."""
    asked = select(UPLOAD.c.serial).where(UPLOAD.c.state.in_((STORING, SCREENING)))
    return list(connection.execute(asked.order_by(UPLOAD.c.serial)).scalars())


def count_screened(connection: Connection, serial: int) -> int:
    """Return how many reports of an upload are screened, or could not be."""
    asked = (
        select(func.count())
        .select_from(UPLOAD_ROW)
        .join(REPORT, REPORT.c.serial == UPLOAD_ROW.c.report_serial)
        .where(UPLOAD_ROW.c.upload_serial == serial, REPORT.c.work != WAITING)
    )
    return int(connection.execute(asked).scalar_one())


def note_screened(connection: Connection, serial: int, count: int, *, now_ms: int) -> None:
    """Write down how many reports of an upload are screened; with the last of them it is done."""
    this = update(UPLOAD).where(UPLOAD.c.serial == serial)
    connection.execute(this.values(rows_screened=count))
    all_are = UPLOAD.c.rows_read - UPLOAD.c.rows_refused <= count
    connection.execute(this.where(UPLOAD.c.state == SCREENING, all_are).values(state=DONE, ended_ms=now_ms))


def next_removed(connection: Connection) -> int | None:
    """Return an upload whose chunks nobody needs any more, or None."""
    asked = select(UPLOAD.c.serial).where(
        UPLOAD.c.has_chunks, UPLOAD.c.state.in_((SCREENING, DONE, STOPPED, FAILED))
    )
    return connection.execute(asked.limit(1)).scalar()


def remove_chunk(connection: Connection, serial: int) -> None:
    """Remove one of the chunks of an upload, or note that none is left."""
    of_upload = select(UPLOAD_CHUNK.c.serial).where(UPLOAD_CHUNK.c.upload_serial == serial)
    chunk = connection.execute(of_upload.limit(1)).scalar()
    if chunk is None:
        connection.execute(update(UPLOAD).where(UPLOAD.c.serial == serial).values(has_chunks=False))
    else:
        connection.execute(delete(UPLOAD_CHUNK).where(UPLOAD_CHUNK.c.serial == chunk))


def abandoned(connection: Connection, *, now_ms: int) -> list[int]:
    """Return the uploads that nobody has had screened for too long."""
    asked = select(UPLOAD.c.serial).where(
        UPLOAD.c.state.in_((SENDING, READY)), UPLOAD.c.created_ms < now_ms - KEPT_MS
    )
    return list(connection.execute(asked).scalars())


def _store(
    connection: Connection, keyring: Keyring, actor: Actor, rows: Sequence[ReadRow], now_ms: int
) -> list[int]:
    """Store the reports among rows; return their serials, in order."""
    incoming = [row.incoming for row in rows if row.incoming is not None]
    if not incoming:
        return []
    [accepted] = intake.accept_all(connection, keyring, [Sending(actor, incoming, now_ms)])
    ids = [one.id for one in accepted]
    found = connection.execute(select(REPORT.c.public_id, REPORT.c.serial).where(REPORT.c.public_id.in_(ids)))
    serials = {row.public_id: row.serial for row in found}
    return [serials[one] for one in ids]


def _sealed_choice(keyring: Keyring, upload_id: str, choice: Mapping[str, Any]) -> bytes:
    return keyring.seal(json.dumps(choice).encode(), place_of_choice(upload_id))
