"""Items: the bytes of a report as received, and what was derived from them; each sealed for its place."""

import hashlib
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from serving.store.organisations import Actor
from serving.store.received import text_of
from serving.store.sealing import Keyring
from serving.store.tables import ITEM

ORIGINAL: Final = "original"


def item_row(
    keyring: Keyring,
    actor: Actor,
    *,
    organisation_id: int,
    report_serial: int,
    report_id: str,
    kind: str,
    media_type: str,
    encoding: str,
    content: bytes,
    stored_ms: int,
    tool: str = "",
    parent_serial: int | None = None,
) -> dict[str, Any]:
    """Return the row that keeps bytes of a report.

    Args:
        keyring: seals them.
        actor: who received or derived them.
        organisation_id: whose report it is.
        report_serial: of the report.
        report_id: its public id.
        kind: `ORIGINAL`, or what they were made into.
        media_type: of the bytes.
        encoding: of a text, else "".
        content: the bytes.
        stored_ms: now.
        tool: that derived them, with its version; "" of an original.
        parent_serial: of the item they were derived from; None of an original.
    """
    sha256 = hashlib.sha256(content).digest()
    return {
        "organisation_id": organisation_id,
        "actor_id": actor.id,
        "report_serial": report_serial,
        "parent_serial": parent_serial,
        "kind": kind,
        "media_type": media_type,
        "encoding": encoding,
        "bytes": len(content),
        "sha256": sha256,
        "tool": tool,
        "stored_ms": stored_ms,
        "sealed": keyring.seal(content, place_of_item(report_id, sha256)),
    }


def original_of(connection: Connection, report_serial: int) -> Row[Any]:
    """Return the row of what was received; its `sealed` is None after a purge."""
    of_report = (ITEM.c.report_serial == report_serial, ITEM.c.kind == ORIGINAL)
    return connection.execute(select(ITEM).where(*of_report)).one()


def original_text(connection: Connection, keyring: Keyring, report: Row[Any]) -> str | None:
    """Return the text that was received; None of an image, and after a purge."""
    original = original_of(connection, report.serial)
    if original.sealed is None or not original.encoding:
        return None
    content = keyring.open(original.sealed, place_of_item(report.public_id, original.sha256))
    return text_of(content, original.encoding)


def place_of_item(report_id: str, sha256: bytes) -> str:
    """Return the place an item's bytes are sealed for."""
    return f"item {report_id} {sha256.hex()}"
