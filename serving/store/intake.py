"""What was sent -> reports that are stored: original, envelope, history and audit in one transaction."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from serving.store import audit
from serving.store.case_refs import next_case_refs, year_of
from serving.store.casework.withheld_copies import withhold_known
from serving.store.errors import ReusedKeyError
from serving.store.items import ORIGINAL, item_row
from serving.store.organisations import Actor
from serving.store.report_codes import SECOND_LANE, URGENT, WAITING, SafeToContact
from serving.store.sealing import Keyring
from serving.store.tables import HISTORY, ITEM, REPORT, SENT_BEFORE
from serving.store.telling import events

_SENT: Final = "idempotency"


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
        in_danger: its sender says that somebody is: it is urgent whatever the screening finds.
        details: all else that is told of it, as JSON; kept encrypted.
    """

    content: bytes = field(repr=False)
    media_type: str = "text/plain"
    encoding: str = "utf-8"
    received_ms: int | None = None
    language: str = ""
    lane: int = SECOND_LANE
    channel: str = ""
    platform: str = ""
    safe_to_contact: SafeToContact = "unknown"
    in_danger: bool = False
    details: Mapping[str, object] = field(repr=False, default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class Sending:
    """Reports that were sent together: all or none are stored."""

    actor: Actor
    incoming: Sequence[Incoming]
    now_ms: int
    key: SendingKey | None = None


def accept(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    incoming: Sequence[Incoming],
    *,
    now_ms: int,
    sending_key: SendingKey | None = None,
) -> list[Accepted]:
    """Store reports that were sent together; see `accept_all`."""
    [accepted] = accept_all(connection, keyring, [Sending(actor, incoming, now_ms, sending_key)])
    return accepted


def accept_all(connection: Connection, keyring: Keyring, sendings: Sequence[Sending]) -> list[list[Accepted]]:
    """Store reports, all or none; return what each sender is told, in order.

    What arrives together is stored in as few statements as if one had sent it all. The same key with the
    same body returns what it returned before, and stores nothing.

    Raises:
        ReusedKeyError: a key came before with another body.
    """
    digests = [_digests(keyring, one.actor, one.key) if one.key else None for one in sendings]
    accepted: list[list[Accepted] | None] = [
        _answered_before(connection, one.actor, *of_one) if of_one else None
        for one, of_one in zip(sendings, digests, strict=True)
    ]
    taken: set[bytes] = set()
    late: list[int] = []  # a key twice among them: the second finds what the first stored
    new: dict[int, list[int]] = {}
    for place, (one, of_one) in enumerate(zip(sendings, digests, strict=True)):
        if accepted[place] is not None:
            continue
        if of_one and of_one[0] in taken:
            late.append(place)
            continue
        taken.update(of_one[:1] if of_one else ())
        new.setdefault(one.actor.organisation_id, []).append(place)
    audit.take_chains(connection, new)
    for organisation_id, places in sorted(new.items()):
        of_organisation = [sendings[place] for place in places]
        stored = _store_all(connection, keyring, organisation_id, of_organisation)
        for place, reports in zip(places, stored, strict=True):
            accepted[place] = reports
    _remember(connection, sendings, digests, accepted, [place for places in new.values() for place in places])
    for place in late:
        [accepted[place]] = accept_all(connection, keyring, [sendings[place]])
    return [reports for reports in accepted if reports is not None]


def place_of_details(report_id: str) -> str:
    """Return the place the details of a report are sealed for."""
    return f"details {report_id}"


def _store_all(
    connection: Connection, keyring: Keyring, organisation_id: int, sendings: Sequence[Sending]
) -> list[list[Accepted]]:
    """Store what was sent to one organisation; return what each sender is told."""
    ids = [[uuid4().hex for _ in sending.incoming] for sending in sendings]
    case_refs = next_case_refs(
        connection, organisation_id, [(sending.now_ms, len(sending.incoming)) for sending in sendings]
    )
    accepted = [
        [Accepted(report_id, next(case_refs[year_of(sending.now_ms)])) for report_id in of_sending]
        for sending, of_sending in zip(sendings, ids, strict=True)
    ]
    flat = [
        (sending, report, one)
        for sending, reports in zip(sendings, accepted, strict=True)
        for report, one in zip(reports, sending.incoming, strict=True)
    ]
    inserted = connection.execute(
        insert(REPORT).returning(REPORT.c.public_id, REPORT.c.serial),
        [_report_row(keyring, sending, report, one) for sending, report, one in flat],
    )
    serials = dict(tuple(row) for row in inserted)
    items = [
        item_row(
            keyring,
            sending.actor,
            organisation_id=organisation_id,
            report_serial=serials[report.id],
            report_id=report.id,
            kind=ORIGINAL,
            media_type=one.media_type,
            encoding=one.encoding,
            content=one.content,
            stored_ms=sending.now_ms,
        )
        for sending, report, one in flat
    ]
    connection.execute(insert(ITEM), items)
    connection.execute(
        insert(HISTORY),
        [
            {
                "organisation_id": organisation_id,
                "actor_id": sending.actor.id,
                "report_serial": serials[report.id],
                "at_ms": sending.now_ms,
                "action": "stored",
                "version": 1,
                "sealed": None,
            }
            for sending, report, _ in flat
        ],
    )
    links = [
        audit.Link(
            sending.actor.id,
            sending.now_ms,
            "report.stored",
            report.id,
            {
                "case_ref": report.case_ref,
                "sha256": item["sha256"].hex(),
                "bytes": len(one.content),
                "media_type": one.media_type,
                "encoding": one.encoding,
                "lane": one.lane,
            },
        )
        for (sending, report, one), item in zip(flat, items, strict=True)
    ]
    audit.append(connection, keyring, organisation_id, *links)
    happened = [
        (events.Happened(events.STORED, report.id, sending.actor.id, sending.now_ms), one.in_danger)
        for sending, report, one in flat
    ]
    events.record_stored(connection, organisation_id, happened)
    withhold_known(connection, keyring, organisation_id, items)
    return accepted


def _report_row(keyring: Keyring, sending: Sending, report: Accepted, one: Incoming) -> dict[str, object]:
    details = json.dumps(one.details, ensure_ascii=True).encode()
    return {
        "public_id": report.id,
        "organisation_id": sending.actor.organisation_id,
        "actor_id": sending.actor.id,
        "case_ref": report.case_ref,
        "stored_ms": sending.now_ms,
        "received_ms": sending.now_ms if one.received_ms is None else one.received_ms,
        "version": 1,
        "work": WAITING,
        "lane": one.lane,
        "attempts": 0,
        "language": one.language or None,
        "flags": "",
        "status": "new",
        "set_priority": URGENT if one.in_danger else None,
        "channel": one.channel,
        "platform": one.platform,
        "safe_to_contact": one.safe_to_contact,
        "in_danger": one.in_danger,
        "details_sealed": keyring.seal(details, place_of_details(report.id)),
    }


def _remember(
    connection: Connection,
    sendings: Sequence[Sending],
    digests: Sequence[tuple[bytes, bytes] | None],
    accepted: Sequence[list[Accepted] | None],
    places: Sequence[int],
) -> None:
    """Keep what was answered to those that came with a key."""
    rows = [
        {
            "organisation_id": sendings[place].actor.organisation_id,
            "key_digest": of_one[0],
            "body_digest": of_one[1],
            "answer": json.dumps([[report.id, report.case_ref] for report in accepted[place] or ()]),
            "at_ms": sendings[place].now_ms,
        }
        for place in places
        if (of_one := digests[place])
    ]
    if rows:
        connection.execute(insert(SENT_BEFORE), rows)


def _digests(keyring: Keyring, actor: Actor, sending_key: SendingKey) -> tuple[bytes, bytes]:
    """Return what tells the key of this actor from all others, and its body from all others."""
    key = f"{actor.id}\0{sending_key.key}".encode()
    return keyring.digest(_SENT, b"key" + key), keyring.digest(_SENT, b"body" + sending_key.body)


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
