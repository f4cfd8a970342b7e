"""What proves that a report is the one that was received: hashes, parents, tools, holds and audit links."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from serving.store.custody.holds import Hold, read_holds
from serving.store.sealing import Keyring
from serving.store.tables import AUDIT, ITEM, PURGE


@dataclass(frozen=True, slots=True)
class ItemProof:
    """An item without its bytes.

    Attributes:
        number: by which others name it as their parent.
        is_kept: whether its bytes are there still.
    """

    number: int
    parent: int | None
    kind: str
    media_type: str
    encoding: str
    size: int
    sha256: str
    tool: str
    stored_ms: int
    is_kept: bool


@dataclass(frozen=True, slots=True)
class LinkProof:
    """A link of the audit.

    Attributes:
        detail: codes, counts and digests.
        digest: of this link and all before it.
    """

    number: int
    actor_id: int
    at_ms: int
    action: str
    detail: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class PurgeProof:
    """Who purged a report, when, and whether for its age or on request."""

    actor_id: int
    at_ms: int
    cause: str


@dataclass(frozen=True, slots=True)
class Custody:
    """All that is known of how a report was kept."""

    report: Row[Any]
    items: Sequence[ItemProof]
    holds: Sequence[Hold]
    purges: Sequence[PurgeProof]
    links: Sequence[LinkProof]


def read_custody(connection: Connection, keyring: Keyring, report: Row[Any], *, now_ms: int) -> Custody:
    """Return what is known of how a report was kept, from its row."""
    columns = [column for column in ITEM.c if column is not ITEM.c.sealed]
    items = select(*columns, ITEM.c.sealed.is_not(None).label("is_kept"))
    purges = select(PURGE).where(PURGE.c.report_serial == report.serial).order_by(PURGE.c.serial)
    links = (
        select(AUDIT)
        .where(AUDIT.c.subject == report.public_id, AUDIT.c.organisation_id == report.organisation_id)
        .order_by(AUDIT.c.number)
    )
    of_report = items.where(ITEM.c.report_serial == report.serial).order_by(ITEM.c.serial)
    return Custody(
        report=report,
        items=[
            ItemProof(
                number=row.serial,
                parent=row.parent_serial,
                kind=row.kind,
                media_type=row.media_type,
                encoding=row.encoding,
                size=row.bytes,
                sha256=row.sha256.hex(),
                tool=row.tool,
                stored_ms=row.stored_ms,
                is_kept=bool(row.is_kept),
            )
            for row in connection.execute(of_report)
        ],
        holds=read_holds(connection, keyring, now_ms=now_ms, report_serial=report.serial),
        purges=[PurgeProof(row.actor_id, row.at_ms, row.cause) for row in connection.execute(purges)],
        links=[
            LinkProof(
                row.number, row.actor_id, row.at_ms, row.action, json.loads(row.detail), row.digest.hex()
            )
            for row in connection.execute(links)
        ],
    )
