"""Stored reports -> what may be told of them."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from serving.store.errors import NotFoundError
from serving.store.intake import ORIGINAL, place_of_details, place_of_item
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ITEM, REPORT, SCREENING
from serving.store.work import place_of_screening

_PUBLIC_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it is stored.

    Attributes:
        row: columns of the table `report`.
        content: bytes as received; None after a purge.
        details: JSON.
        record: JSON of the newest screening, or None.
    """

    row: Any
    media_type: str
    encoding: str
    sha256: bytes
    size: int
    content: bytes | None = field(repr=False)
    details: bytes | None = field(repr=False)
    record: bytes | None = field(repr=False)


def read_report(connection: Connection, keyring: Keyring, actor: Actor, report_id: str) -> StoredReport:
    """Return a report of the actor's organisation.

    Raises:
        NotFoundError: there is none of this id, or it belongs to another organisation.
    """
    row = find_report(connection, report_id, organisation_id=actor.organisation_id)
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
    )


def find_report(connection: Connection, name: str, *, organisation_id: int | None) -> Row[Any]:
    """Return the row of a report.

    Args:
        connection: in a transaction.
        name: its public id or its case number.
        organisation_id: whose it must be; None: whoever's.

    Raises:
        NotFoundError: there is none of this name, or it belongs to another organisation.
    """
    column = REPORT.c.public_id if _PUBLIC_ID.fullmatch(name) else REPORT.c.case_ref
    named = select(REPORT).where(column == name)
    if organisation_id is not None:
        named = named.where(REPORT.c.organisation_id == organisation_id)
    row = connection.execute(named).one_or_none()
    if row is None:
        raise NotFoundError("there is no such report")
    return row


def _opened(keyring: Keyring, sealed: bytes | None, place: str) -> bytes | None:
    return None if sealed is None else keyring.open(sealed, place)
