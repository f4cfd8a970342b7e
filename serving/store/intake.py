"""What was sent -> reports that are stored: original, envelope, history and audit in one transaction."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import uuid4

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from serving.store import audit
from serving.store.errors import ReusedKeyError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import CASE_SERIAL, HISTORY, ITEM, ORGANISATION, REPORT, SENT_BEFORE

FIRST_LANE, SECOND_LANE = 1, 2
TEXT_LANES: Final = (FIRST_LANE, SECOND_LANE)
IMAGE_LANES: Final = (3, 4)
"""The same two for images, which take seconds to read: no text waits behind them."""
ORIGINAL: Final = "original"
SafeToContact = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report as it was sent.

    Attributes:
        content: bytes as received.
        media_type: `text/plain` or that of an image.
        encoding: of a text.
        received_ms: when the sender received it; None: now.
        language: BCP-47 primary tag, if its sender says; "" otherwise.
        lane: the first of `TEXT_LANES` or `IMAGE_LANES` if somebody may be in danger, else the second.
        details: all else that is told of it, as JSON; kept encrypted.
    """

    content: bytes = field(repr=False)
    media_type: str
    encoding: str
    received_ms: int | None
    language: str
    lane: int
    channel: str
    platform: str
    safe_to_contact: SafeToContact
    in_danger: bool
    details: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A report that is stored."""

    id: str
    case_ref: str


@dataclass(frozen=True, slots=True)
class SendingKey:
    """An `Idempotency-Key`, and the body it came with."""

    key: str = field(repr=False)
    body: bytes = field(repr=False)


def accept(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    incoming: Sequence[Incoming],
    *,
    now_ms: int,
    sending_key: SendingKey | None = None,
) -> list[Accepted]:
    """Store reports, all or none; return what their sender is told, in order.

    The same key with the same body returns what it returned before, and stores nothing.

    Raises:
        ReusedKeyError: the key came before with another body.
    """
    digests = _digests(keyring, actor, sending_key) if sending_key else None
    if digests and (before := _answered_before(connection, actor, *digests)):
        return before
    case_refs = _next_case_refs(connection, actor.organisation_id, len(incoming), now_ms)
    accepted = [Accepted(uuid4().hex, case_ref) for case_ref in case_refs]
    for report, one in zip(accepted, incoming, strict=True):
        _store(connection, keyring, actor, report, one, now_ms=now_ms)
    if digests:
        key_digest, body_digest = digests
        connection.execute(
            insert(SENT_BEFORE).values(
                organisation_id=actor.organisation_id,
                key_digest=key_digest,
                body_digest=body_digest,
                answer=json.dumps([[report.id, report.case_ref] for report in accepted]),
                at_ms=now_ms,
            )
        )
    return accepted


def place_of_item(report_id: str, sha256: bytes) -> str:
    """Return the place an item's bytes are sealed for."""
    return f"item {report_id} {sha256.hex()}"


def place_of_details(report_id: str) -> str:
    """Return the place the details of a report are sealed for."""
    return f"details {report_id}"


def _store(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report: Accepted,
    incoming: Incoming,
    *,
    now_ms: int,
) -> None:
    sha256 = hashlib.sha256(incoming.content).digest()
    details = json.dumps(incoming.details, ensure_ascii=True).encode()
    serial = connection.execute(
        insert(REPORT)
        .values(
            public_id=report.id,
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            case_ref=report.case_ref,
            stored_ms=now_ms,
            received_ms=now_ms if incoming.received_ms is None else incoming.received_ms,
            version=1,
            work="waiting",
            lane=incoming.lane,
            attempts=0,
            language=incoming.language or None,
            flags="",
            status="new",
            channel=incoming.channel,
            platform=incoming.platform,
            safe_to_contact=incoming.safe_to_contact,
            in_danger=incoming.in_danger,
            details_sealed=keyring.seal(details, place_of_details(report.id)),
        )
        .returning(REPORT.c.serial)
    ).scalar_one()
    connection.execute(
        insert(ITEM).values(
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            report_serial=serial,
            kind=ORIGINAL,
            media_type=incoming.media_type,
            encoding=incoming.encoding,
            bytes=len(incoming.content),
            sha256=sha256,
            tool="",
            stored_ms=now_ms,
            sealed=keyring.seal(incoming.content, place_of_item(report.id, sha256)),
        )
    )
    connection.execute(
        insert(HISTORY).values(
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            report_serial=serial,
            at_ms=now_ms,
            action="stored",
            sealed=None,
        )
    )
    audit.append(
        connection,
        keyring,
        organisation_id=actor.organisation_id,
        actor_id=actor.id,
        at_ms=now_ms,
        action="report.stored",
        subject=report.id,
        detail={"sha256": sha256.hex(), "bytes": len(incoming.content), "lane": incoming.lane},
    )


def _digests(keyring: Keyring, actor: Actor, sending_key: SendingKey) -> tuple[bytes, bytes]:
    """Return what tells the key of this actor from all others, and its body from all others."""
    secret = keyring.derived("idempotency")
    key = f"{actor.id}\0{sending_key.key}".encode()
    return _hmac(secret, b"key" + key), _hmac(secret, b"body" + sending_key.body)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _answered_before(
    connection: Connection, actor: Actor, key_digest: bytes, body_digest: bytes
) -> list[Accepted] | None:
    before = connection.execute(
        select(SENT_BEFORE.c.body_digest, SENT_BEFORE.c.answer).where(
            SENT_BEFORE.c.organisation_id == actor.organisation_id, SENT_BEFORE.c.key_digest == key_digest
        )
    ).one_or_none()
    if before is None:
        return None
    if not hmac.compare_digest(before.body_digest, body_digest):
        raise ReusedKeyError("this Idempotency-Key came before with another body: use a new one")
    return [Accepted(*answer) for answer in json.loads(before.answer)]


def _next_case_refs(connection: Connection, organisation_id: int, count: int, now_ms: int) -> list[str]:
    """Take the next case numbers of an organisation; others wait for the end of the transaction."""
    year = datetime.fromtimestamp(now_ms / 1000, UTC).year
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    first = dialect.insert(CASE_SERIAL).values(organisation_id=organisation_id, year=year, last=count)
    taken = first.on_conflict_do_update(
        index_elements=["organisation_id", "year"], set_={"last": CASE_SERIAL.c.last + count}
    ).returning(CASE_SERIAL.c.last)
    last = connection.execute(taken).scalar_one()
    prefix = connection.execute(
        select(ORGANISATION.c.case_prefix).where(ORGANISATION.c.id == organisation_id)
    ).scalar_one()
    return [f"{prefix}-{year}-{number:06}" for number in range(last - count + 1, last + 1)]
