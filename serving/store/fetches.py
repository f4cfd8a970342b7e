"""Pictures that were sent but are yet to be fetched -> reports: with the picture, or a note in its place.

Each is one row, stored before its sender is answered, and becomes one report, whoever dies meanwhile.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from serving.store import intake
from serving.store.intake import Incoming, SendingKey
from serving.store.organisations import Actor
from serving.store.screening.attempts import give_to_a_person
from serving.store.sealing import Keyring
from serving.store.tables import FETCH, REPORT

LEASE_MS: Final = 120_000
WAITING, FETCHED, GIVEN_UP = "waiting", "fetched", "given_up"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to fetch.

    Attributes:
        key: the channel's own id of what was sent.
        content_id: what the channel calls it; "" if it cannot be fetched.
        kind: image, video, audio, file.
        sender: token of who sent it.
    """

    key: str = field(repr=False)
    content_id: str = field(repr=False)
    kind: str
    sender: str
    received_ms: int | None


@dataclass(frozen=True, slots=True)
class Leased:
    """A picture that this worker is to fetch."""

    serial: int
    wanted: Wanted
    attempts: int
    created_ms: int


def add(
    connection: Connection, keyring: Keyring, actor: Actor, channel: str, wanted: Wanted, *, now_ms: int
) -> None:
    """Note that a picture is to be fetched; of what was noted before nothing changes."""
    digest = _digest(keyring, wanted.key)
    plain = json.dumps(
        {
            "key": wanted.key,
            "content_id": wanted.content_id,
            "kind": wanted.kind,
            "sender": wanted.sender,
            "received_ms": wanted.received_ms,
        }
    )
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(
        dialect.insert(FETCH)
        .values(
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            channel=channel,
            key_digest=digest,
            state=WAITING,
            attempts=0,
            created_ms=now_ms,
            next_ms=now_ms,
            sealed=keyring.seal(plain.encode(), place_of_fetch(channel, digest)),
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "channel", "key_digest"])
    )


def is_any_due(connection: Connection, actor: Actor, channel: str, *, now_ms: int) -> bool:
    """Return whether a picture is to be fetched now."""
    return connection.execute(_due(actor, channel, now_ms).limit(1)).first() is not None


def lease(
    connection: Connection,
    keyring: Keyring,
    worker: str,
    actor: Actor,
    channel: str,
    *,
    limit: int,
    now_ms: int,
) -> list[Leased]:
    """Take the pictures to fetch next, for `LEASE_MS`."""
    rows = connection.execute(
        _due(actor, channel, now_ms).order_by(FETCH.c.next_ms).limit(limit).with_for_update(skip_locked=True)
    ).all()
    connection.execute(
        update(FETCH)
        .where(FETCH.c.serial.in_([row.serial for row in rows]))
        .values(leased_by=worker, leased_until_ms=now_ms + LEASE_MS, attempts=FETCH.c.attempts + 1)
    )
    return [
        Leased(
            serial=row.serial,
            wanted=Wanted(**json.loads(keyring.open(row.sealed, place_of_fetch(channel, row.key_digest)))),
            attempts=row.attempts + 1,
            created_ms=row.created_ms,
        )
        for row in rows
    ]


def postpone(connection: Connection, worker: str, leased: Leased, *, next_ms: int) -> None:
    """Note that a picture could not be fetched yet."""
    connection.execute(
        update(FETCH)
        .where(_is_held(worker, leased))
        .values(next_ms=next_ms, leased_by=None, leased_until_ms=None)
    )


def give_back(connection: Connection, worker: str) -> None:
    """End the leases of a worker."""
    connection.execute(
        update(FETCH)
        .where(FETCH.c.state == WAITING, FETCH.c.leased_by == worker)
        .values(leased_by=None, leased_until_ms=None)
    )


def finish(
    connection: Connection,
    keyring: Keyring,
    worker: str,
    actor: Actor,
    *,
    leased: Leased,
    report: Incoming,
    is_fetched: bool,
    now_ms: int,
) -> bool:
    """Store the report of a picture; return whether it still was this worker's to store.

    Args:
        connection: in a transaction.
        keyring: of the store.
        worker: who holds the lease.
        actor: that of the channel.
        leased: the picture.
        report: with the picture, or with a note in its place, which goes straight to a person.
        is_fetched: which of the two.
        now_ms: now.
    """
    held = connection.execute(
        update(FETCH)
        .where(_is_held(worker, leased))
        .values(state=FETCHED if is_fetched else GIVEN_UP, sealed=None, leased_by=None, leased_until_ms=None)
    )
    if held.rowcount != 1:
        return False
    [accepted] = intake.accept(
        connection,
        keyring,
        actor,
        [report],
        now_ms=now_ms,
        sending_key=SendingKey(leased.wanted.key, b""),
    )
    connection.execute(update(FETCH).where(FETCH.c.serial == leased.serial).values(report_id=accepted.id))
    if not is_fetched:
        stored = connection.execute(select(REPORT).where(REPORT.c.public_id == accepted.id)).one()
        give_to_a_person(connection, keyring, actor, stored, now_ms=now_ms)
    return True


def _due(actor: Actor, channel: str, now_ms: int) -> Select[Any]:
    free = or_(FETCH.c.leased_until_ms.is_(None), FETCH.c.leased_until_ms < now_ms)
    return select(FETCH).where(
        FETCH.c.state == WAITING,
        FETCH.c.next_ms <= now_ms,
        FETCH.c.organisation_id == actor.organisation_id,
        FETCH.c.channel == channel,
        free,
    )


def _is_held(worker: str, leased: Leased) -> ColumnElement[bool]:
    return (FETCH.c.serial == leased.serial) & (FETCH.c.state == WAITING) & (FETCH.c.leased_by == worker)


def _digest(keyring: Keyring, key: str) -> bytes:
    return keyring.digest("fetch", key.encode("utf-8", "surrogatepass"))


def place_of_fetch(channel: str, digest: bytes) -> str:
    """Return the place what is to be fetched is sealed for."""
    return f"fetch {channel} {digest.hex()}"
