"""Who did what to a report, in order: codes as they were and are, and the words written about it, sealed.

Each row has its link in the audit, with digests of both, so that a row changed or taken out is found.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, or_, select

from serving.store import audit
from serving.store.errors import SealError
from serving.store.finding import find_report
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, AUDIT, HISTORY, REPORT
from serving.store.telling import events

_PURPOSE: Final = "history"
_EVENTS: Final = {
    "escalated": events.ESCALATED,
    "referred": events.REFERRED,
    "given_up": events.GIVEN_UP,
}
_ROWS_AT_ONCE: Final = 256
_ACTION: Final = "report."
IS_STEP: Final = or_(
    AUDIT.c.action.in_(("report.stored", "report.purged")),
    AUDIT.c.detail.contains('"changes": "', autoescape=True),
)
"""The condition that a link of the audit tells of a step of a history."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was done to a report, to be written down.

    Attributes:
        action: as `changed`.
        version: of the report from then on.
        changes: field -> what it was and what it is: codes, numbers and names of actors.
        words: what people wrote, by what it is, as `note`; kept sealed.
    """

    action: str
    version: int
    changes: Mapping[str, "Difference"]
    words: Mapping[str, str] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a field was and what it is."""

    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done to a report, as it was written down.

    Attributes:
        changes: field -> before, after.
        words: by what they are; None once they were purged.
    """

    version: int | None
    at_ms: int
    actor: str
    actor_kind: str
    action: str
    changes: Mapping[str, Mapping[str, object]]
    words: Mapping[str, str] | None = field(repr=False)


def write(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report: Row[Any],
    step: Step,
    *,
    now_ms: int,
) -> None:
    """Write down what was done to a report, in its history and in the audit of its organisation, and tell it.

    `report` is its row as it was before.
    """
    changes = _json({name: [one.before, one.after] for name, one in step.changes.items()})
    words = _json(step.words)
    sealed = keyring.seal(words, place_of_history(report.public_id, step.version)) if step.words else None
    connection.execute(
        insert(HISTORY).values(
            organisation_id=report.organisation_id,
            actor_id=actor.id,
            report_serial=report.serial,
            at_ms=now_ms,
            action=step.action,
            version=step.version,
            changes=changes.decode("ascii"),
            sealed=sealed,
        )
    )
    audit.append(
        connection,
        keyring,
        report.organisation_id,
        audit.Link(
            actor.id,
            now_ms,
            _ACTION + step.action,
            report.public_id,
            {
                "version": step.version,
                "fields": sorted(step.changes),
                "changes": _digest(keyring, changes),
                "words": _digest(keyring, words),
            },
        ),
    )
    kind = _EVENTS.get(step.action, events.CHANGED)
    priority = connection.execute(select(REPORT.c.priority).where(REPORT.c.serial == report.serial)).scalar()
    happened = events.Happened(kind, report.public_id, actor.id, now_ms, priority)
    events.record(connection, report.organisation_id, [happened])


def read(connection: Connection, keyring: Keyring, actor: Actor, report_id: str) -> list[Entry]:
    """Return all that was done to a report, oldest first.

    Raises:
        NotFoundError: there is no such report, or it is not of the actor's organisation.
    """
    report = find_report(connection, report_id, organisation_id=actor.organisation_id)
    rows = connection.execute(
        select(HISTORY, ACTOR.c.name, ACTOR.c.kind)
        .join(ACTOR, ACTOR.c.id == HISTORY.c.actor_id)
        .where(HISTORY.c.report_serial == report.serial)
        .order_by(HISTORY.c.serial)
    )
    return [
        Entry(
            version=row.version,
            at_ms=row.at_ms,
            actor=row.name,
            actor_kind=row.kind,
            action=row.action,
            changes={
                name: {"before": before, "after": after}
                for name, (before, after) in json.loads(row.changes or "{}").items()
            },
            words=json.loads(keyring.open(row.sealed, place_of_history(report_id, row.version)))
            if row.sealed
            else None,
        )
        for row in rows
    ]


def altered(connection: Connection, keyring: Keyring) -> Iterator[str]:
    """Yield, in words, each step of a history that is not as its link in the audit says, or is gone.

    Words of a report that was purged are not missed: a purge has a link of its own.
    """
    links = connection.execute(
        select(AUDIT, REPORT.c.serial, REPORT.c.purged_ms)
        .join(REPORT, REPORT.c.public_id == AUDIT.c.subject)
        .where(IS_STEP)
        .order_by(AUDIT.c.organisation_id, AUDIT.c.number)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    for link in links:
        rows = connection.execute(
            select(HISTORY).where(
                HISTORY.c.report_serial == link.serial,
                HISTORY.c.action == link.action.removeprefix(_ACTION),
                HISTORY.c.organisation_id == link.organisation_id,
                HISTORY.c.actor_id == link.actor_id,
                HISTORY.c.at_ms == link.at_ms,
            )
        ).all()
        said = audit.told_by(link)
        is_purged = link.purged_ms is not None
        if not any(_is_as_said(keyring, link.subject, row, said, is_purged=is_purged) for row in rows):
            step = f"version {said['version']}" if "version" in said else link.action.removeprefix(_ACTION)
            yield f"history of report {link.subject}: {step} was changed or taken out"


def _is_as_said(
    keyring: Keyring,
    report_id: str,
    row: Row[Any],
    said: Mapping[str, Any],
    *,
    is_purged: bool,
) -> bool:
    """Whether a step is as its link says; of words that cannot be opened `verify` tells apart from this."""
    if "changes" not in said:
        return row.changes is None and row.sealed is None
    if row.version != said["version"] or row.changes is None:
        return False
    if not hmac.compare_digest(_digest(keyring, row.changes.encode()), said["changes"]):
        return False
    if row.sealed is None and is_purged:
        return True
    try:
        words = (
            keyring.open(row.sealed, place_of_history(report_id, row.version)) if row.sealed else _json({})
        )
    except SealError:
        return True
    return hmac.compare_digest(_digest(keyring, words), said["words"])


def place_of_history(report_id: str, version: int) -> str:
    """Return the place the words of a step of a report's history are sealed for."""
    return f"history {report_id} {version}"


def _digest(keyring: Keyring, content: bytes) -> str:
    return keyring.digest(_PURPOSE, content).hex()


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=True, sort_keys=True).encode()
