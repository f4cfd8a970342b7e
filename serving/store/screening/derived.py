"""What is derived from an item: the text read in an image; it names its parent and the tool that made it."""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from serving.store import audit
from serving.store.intake import place_of_item
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ITEM


@dataclass(frozen=True, slots=True)
class Derived:
    """Bytes derived from an item.

    Attributes:
        kind: `ocr`.
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


def store_derived(
    connection: Connection, keyring: Keyring, actor: Actor, parent: Parent, derived: Derived, *, now_ms: int
) -> tuple[int, audit.Link]:
    """Store what was derived from an item; return its serial, and what is to be appended to the audit."""
    sha256 = hashlib.sha256(derived.content).digest()
    serial: int = connection.execute(
        insert(ITEM)
        .values(
            organisation_id=parent.organisation_id,
            actor_id=actor.id,
            report_serial=parent.report_serial,
            parent_serial=parent.item_serial,
            kind=derived.kind,
            media_type=derived.media_type,
            encoding=derived.encoding,
            bytes=len(derived.content),
            sha256=sha256,
            tool=derived.tool,
            stored_ms=now_ms,
            sealed=keyring.seal(derived.content, place_of_item(parent.report_id, sha256)),
        )
        .returning(ITEM.c.serial)
    ).scalar_one()
    detail = {
        "kind": derived.kind,
        "sha256": sha256.hex(),
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
