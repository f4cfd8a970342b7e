"""Stored reports -> what may be told of them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from serving.store.casework import labellings
from serving.store.casework.labellings import Labelling
from serving.store.errors import NotFoundError
from serving.store.finding import find_report
from serving.store.intake import place_of_details
from serving.store.items import ORIGINAL, original_of, place_of_item
from serving.store.organisations import Actor
from serving.store.received import text_of
from serving.store.screening.derived import OCR, Derived, newest_derived
from serving.store.screening.findings import place_of_screening
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, ITEM, SCREENING


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it is stored.

    Attributes:
        row: columns of the table `report`.
        content: bytes as received; None after a purge.
        details: JSON.
        record: JSON of the newest screening, or None.
        labelling: what a person says that it shows, or None.
        assignee: name of who works on it, or None.
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
    labelling: Labelling | None
    assignee: str | None
    ocr: tuple[Derived, bytes] | None = None


def read_report(connection: Connection, keyring: Keyring, actor: Actor, report_id: str) -> StoredReport:
    """Return a report of the actor's organisation.

    Raises:
        NotFoundError: there is none of this id, or it belongs to another organisation.
    """
    row = find_report(connection, report_id, organisation_id=actor.organisation_id)
    original = original_of(connection, row.serial)
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
        labelling=labellings.newest(connection, row),
        assignee=connection.execute(select(ACTOR.c.name).where(ACTOR.c.id == row.assignee_id)).scalar(),
        ocr=newest_derived(connection, keyring, row.serial, report_id, OCR),
    )


def first_words(
    connection: Connection, keyring: Keyring, reports: Collection[Row[Any]], most_chars: int
) -> dict[int, str]:
    """Return how the texts of reports begin, also as read in images, by their serials; none withheld."""
    by_serial = {report.serial: report for report in reports if report.withheld_ms is None}
    texts = connection.execute(
        select(ITEM)
        .where(
            ITEM.c.report_serial.in_(by_serial),
            ITEM.c.kind.in_((ORIGINAL, OCR)),
            ITEM.c.encoding != "",
            ITEM.c.sealed.is_not(None),
        )
        .order_by(ITEM.c.serial)
    )
    found = {}
    for item in texts:
        place = place_of_item(by_serial[item.report_serial].public_id, item.sha256)
        text = text_of(keyring.open(item.sealed, place), item.encoding)
        found[item.report_serial] = " ".join(text[: 4 * most_chars].split())[:most_chars]
    return found


def read_image(connection: Connection, keyring: Keyring, actor: Actor, report_id: str) -> bytes:
    """Return the image that a report of the actor's organisation is, as it was received.

    Raises:
        NotFoundError: there is no such report, it is none, was purged or is withheld.
    """
    row = find_report(connection, report_id, organisation_id=actor.organisation_id)
    original = connection.execute(
        select(ITEM).where(ITEM.c.report_serial == row.serial, ITEM.c.kind == ORIGINAL)
    ).one()
    if original.encoding or original.sealed is None or row.withheld_ms is not None:
        raise NotFoundError("there is no image to be shown")
    return keyring.open(original.sealed, place_of_item(report_id, original.sha256))


@dataclass(frozen=True, slots=True)
class StoredScreening:
    """What a model said of a report.

    Attributes:
        record: JSON; None after a purge.
        is_withheld: nobody is to be shown what it quotes.
    """

    model_sha256: str
    screened_ms: int
    priority: int
    record: bytes | None = field(repr=False)
    is_withheld: bool = False


def read_screenings(
    connection: Connection, keyring: Keyring, actor: Actor, report_id: str
) -> list[StoredScreening]:
    """Return all screenings of a report, oldest first.

    Raises:
        NotFoundError: there is no such report, or it belongs to another organisation.
    """
    report = find_report(connection, report_id, organisation_id=actor.organisation_id)
    rows = connection.execute(
        select(SCREENING).where(SCREENING.c.report_serial == report.serial).order_by(SCREENING.c.serial)
    )
    return [
        StoredScreening(
            model_sha256=row.model_sha256,
            screened_ms=row.screened_ms,
            priority=row.priority,
            record=_opened(keyring, row.sealed, place_of_screening(report_id, row.model_sha256)),
            is_withheld=report.withheld_ms is not None,
        )
        for row in rows
    ]


def _opened(keyring: Keyring, sealed: bytes | None, place: str) -> bytes | None:
    return None if sealed is None else keyring.open(sealed, place)
