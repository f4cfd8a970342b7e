"""Notes from one shift to the next: who leaves writes and signs one, who arrives reads and signs it.

To sign is an act of the session one is in: nobody signs for another, and nobody signs both ends of a note.
Both signatures stand in the audit with the digest of the words that were signed.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, select, update

from serving.clock import DAY_MS
from serving.store import audit
from serving.store.errors import NotFoundError, RefusedChangeError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, HANDOVER

MOST_LISTED: Final = 30
_PURPOSE: Final = "handover"
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed, and when."""

    actor_id: int
    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Handover:
    """A note, without its words.

    Attributes:
        left: by who wrote it.
        arrived: by who read it; None: nobody yet.
    """

    id: str
    left: Signed
    arrived: Signed | None


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its words; None: they were removed, being too old."""

    handover: Handover
    words: str | None = field(repr=False)


def write_note(connection: Connection, keyring: Keyring, actor: Actor, words: str, *, now_ms: int) -> str:
    """Keep what somebody who leaves has to say, signed by them; return its id."""
    audit.take_chain(connection, actor.organisation_id)
    note_id = secrets.token_hex(_ID_BYTES)
    connection.execute(
        insert(HANDOVER).values(
            public_id=note_id,
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            written_ms=now_ms,
            sealed=keyring.seal(words.encode("utf-8", "replace"), place_of_handover(note_id)),
        )
    )
    signed = {"words": _digest(keyring, words)}
    link = audit.Link(actor.id, now_ms, "handover.written", note_id, signed)
    audit.append(connection, keyring, actor.organisation_id, link)
    return note_id


def sign_note(connection: Connection, keyring: Keyring, actor: Actor, note_id: str, *, now_ms: int) -> None:
    """Sign that one has read a note.

    Raises:
        NotFoundError: the actor's organisation has no such note.
        RefusedChangeError: the actor wrote it, somebody has signed it, or nothing is left of it to be read.
    """
    audit.take_chain(connection, actor.organisation_id)
    row = _row(connection, actor, note_id)
    if row.actor_id == actor.id:
        raise RefusedChangeError("own_note", "the note is to be signed by somebody else")
    if row.taken_ms is not None:
        raise RefusedChangeError("signed", "somebody has signed the note already")
    words = _words(keyring, row)
    if words is None:
        raise RefusedChangeError("too_old", "the words of the note were removed")
    taken = update(HANDOVER).where(HANDOVER.c.serial == row.serial, HANDOVER.c.taken_ms.is_(None))
    connection.execute(taken.values(taken_by=actor.id, taken_ms=now_ms))
    signed = {"words": _digest(keyring, words)}
    link = audit.Link(actor.id, now_ms, "handover.taken", note_id, signed)
    audit.append(connection, keyring, actor.organisation_id, link)


def read_note(connection: Connection, keyring: Keyring, actor: Actor, note_id: str) -> Note:
    """Return a note.

    Raises:
        NotFoundError: the actor's organisation has no such note.
    """
    row = _row(connection, actor, note_id)
    return Note(_handover(row), _words(keyring, row))


def last_notes(connection: Connection, actor: Actor) -> list[Handover]:
    """Return the notes of the last `MOST_LISTED` shifts of the actor's organisation, the newest first."""
    rows = _signed(actor).order_by(HANDOVER.c.serial.desc()).limit(MOST_LISTED)
    return [_handover(row) for row in connection.execute(rows)]


def empty_old(connection: Connection, keyring: Keyring, actor: Actor, *, days: int, now_ms: int) -> int:
    """Remove the words of notes that were written more than so many days ago; return of how many."""
    too_old = (HANDOVER.c.sealed.is_not(None), HANDOVER.c.written_ms < now_ms - days * DAY_MS)
    asked = select(HANDOVER.c.public_id, HANDOVER.c.organisation_id).where(*too_old)
    rows = connection.execute(asked.order_by(HANDOVER.c.serial)).all()
    audit.take_chains(connection, (row.organisation_id for row in rows))
    for row in rows:
        emptied = update(HANDOVER).where(HANDOVER.c.public_id == row.public_id)
        connection.execute(emptied.values(sealed=None))
        audit.append(
            connection,
            keyring,
            row.organisation_id,
            audit.Link(actor.id, now_ms, "handover.emptied", row.public_id, {"days": days}),
        )
    return len(rows)


def place_of_handover(note_id: str) -> str:
    """Return the place the words of a note are sealed for."""
    return f"handover {note_id}"


def _signed(actor: Actor) -> Select[Any]:
    """Return the question for the notes of an organisation with the names of who signed them."""
    arrived = ACTOR.alias("arrived")
    return (
        select(HANDOVER, ACTOR.c.name, arrived.c.name.label("arrived_name"))
        .join(ACTOR, ACTOR.c.id == HANDOVER.c.actor_id)
        .outerjoin(arrived, arrived.c.id == HANDOVER.c.taken_by)
        .where(HANDOVER.c.organisation_id == actor.organisation_id)
    )


def _row(connection: Connection, actor: Actor, note_id: str) -> Row[Any]:
    row = connection.execute(_signed(actor).where(HANDOVER.c.public_id == note_id)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such note")
    return row


def _handover(row: Row[Any]) -> Handover:
    arrived = None if row.taken_ms is None else Signed(row.taken_by, row.arrived_name, row.taken_ms)
    return Handover(row.public_id, Signed(row.actor_id, row.name, row.written_ms), arrived)


def _words(keyring: Keyring, row: Row[Any]) -> str | None:
    if row.sealed is None:
        return None
    return keyring.open(row.sealed, place_of_handover(row.public_id)).decode()


def _digest(keyring: Keyring, words: str) -> str:
    """Return what the audit says of words that were signed."""
    return keyring.digest(_PURPOSE, words.encode("utf-8", "replace")).hex()
