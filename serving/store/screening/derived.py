"""What is derived from an item, as the text read in an image: it names its parent and the tool behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from serving.store import audit
from serving.store.items import item_row, place_of_item
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ITEM

OCR: Final = "ocr"
"""The text read in an image."""
NORMALISED: Final = "normalised"
"""A text as the model read it."""
REDACTED: Final = "redacted"
"""A text without what identifies people."""
_TOLD: Final = ("kind", "media_type", "encoding", "bytes", "tool")


@dataclass(frozen=True, slots=True)
class Derived:
    """Bytes derived from an item.

    Attributes:
        kind: `OCR`, `NORMALISED` or `REDACTED`.
        tool: that made them, with its version.
    """

    kind: str
    media_type: str
    encoding: str
    content: bytes = field(repr=False)
    tool: str


@dataclass(frozen=True, slots=True)
class Parent:
    """An item that something is derived from, and the report it belongs to."""

    item_serial: int
    report_serial: int
    report_id: str
    organisation_id: int


def derived_text(kind: str, text: str, tool: str) -> Derived:
    """Return a text without lone surrogates as something derived."""
    return Derived(kind, "text/plain", "utf-8", text.encode(), tool)


def derived_row(
    keyring: Keyring, actor: Actor, parent: Parent, derived: Derived, *, now_ms: int
) -> dict[str, Any]:
    """Return the row of `item` that keeps what was derived from another."""
    return item_row(
        keyring,
        actor,
        organisation_id=parent.organisation_id,
        report_serial=parent.report_serial,
        report_id=parent.report_id,
        kind=derived.kind,
        media_type=derived.media_type,
        encoding=derived.encoding,
        content=derived.content,
        stored_ms=now_ms,
        tool=derived.tool,
        parent_serial=parent.item_serial,
    )


def told_of_row(row: Mapping[str, Any]) -> dict[str, object]:
    """Return what the audit is to tell of such a row."""
    return {"sha256": row["sha256"].hex()} | {name: row[name] for name in _TOLD}


def store_derived(
    connection: Connection, keyring: Keyring, actor: Actor, parent: Parent, derived: Derived, *, now_ms: int
) -> tuple[int, audit.Link]:
    """Store what was derived from an item; return its serial, and what is to be appended to the audit."""
    row = derived_row(keyring, actor, parent, derived, now_ms=now_ms)
    serial: int = connection.execute(insert(ITEM).values(**row).returning(ITEM.c.serial)).scalar_one()
    detail = {
        "kind": derived.kind,
        "sha256": row["sha256"].hex(),
        "parent_sha256": _sha256_of(connection, parent.item_serial).hex(),
        "tool": derived.tool,
    }
    return serial, audit.Link(actor.id, now_ms, "item.derived", parent.report_id, detail)


def newest_derived(
    connection: Connection, keyring: Keyring, report_serial: int, report_id: str, kind: str
) -> tuple[Derived, bytes] | None:
    """Return what was last derived of a kind from the items of a report, and its SHA-256; None: nothing.

    After a purge its content is empty.
    """
    row = connection.execute(
        select(ITEM)
        .where(ITEM.c.report_serial == report_serial, ITEM.c.kind == kind)
        .order_by(ITEM.c.serial.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    content = b"" if row.sealed is None else keyring.open(row.sealed, place_of_item(report_id, row.sha256))
    return Derived(row.kind, row.media_type, row.encoding, content, row.tool), row.sha256


def _sha256_of(connection: Connection, item_serial: int) -> bytes:
    return bytes(connection.execute(select(ITEM.c.sha256).where(ITEM.c.serial == item_serial)).scalar_one())
