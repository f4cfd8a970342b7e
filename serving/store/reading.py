"""Stored reports -> what may be told of them."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from serving.store.derived import Derived, newest_derived
from serving.store.errors import NotFoundError
from serving.store.intake import ORIGINAL, place_of_details, place_of_item
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ITEM, REPORT, SCREENING
from serving.store.work import place_of_screening


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it is stored.

    Attributes:
        row: columns of the table `report`.
        content: bytes as received; None after a purge.
        details: JSON.
        record: JSON of the newest screening, or None.
        ocr: what was read in an image, and its SHA-256, or None.
    """

    row: Any
    media_type: str
    encoding: str
    sha256: bytes
    size: int
    content: bytes | None = field(repr=False)
    details: bytes | None = field(repr=False)
    record: bytes | None = field(repr=False)
    ocr: tuple[Derived, bytes] | None = None


def read_report(connection: Connection, keyring: Keyring, actor: Actor, report_id: str) -> StoredReport:
    """Return a report of the actor's organisation.

    Raises:
        NotFoundError: there is none of this id, or it belongs to another organisation.
    """
    row = connection.execute(
        select(REPORT).where(
            REPORT.c.public_id == report_id, REPORT.c.organisation_id == actor.organisation_id
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("there is no such report")
    original = connection.execute(
        select(ITEM).where(ITEM.c.report_serial == row.serial, ITEM.c.kind == ORIGINAL)
    ).one()
    newest = connection.execute(
        select(SCREENING)
        .where(SCREENING.c.report_serial == row.serial)
        .order_by(SCREENING.c.serial.desc())
        .limit(1)
    ).one_or_none()
    return StoredReport(
        row=row,
        media_type=original.media_type,
        encoding=original.encoding,
        sha256=original.sha256,
        size=original.bytes,
        content=_opened(keyring, original.sealed, place_of_item(report_id, original.sha256)),
        details=_opened(keyring, row.details_sealed, place_of_details(report_id)),
        record=_opened(keyring, newest.sealed, place_of_screening(report_id, newest.model_sha256))
        if newest
        else None,
        ocr=newest_derived(connection, keyring, row.serial, report_id, "ocr"),
    )


def _opened(keyring: Keyring, sealed: bytes | None, place: str) -> bytes | None:
    return None if sealed is None else keyring.open(sealed, place)
