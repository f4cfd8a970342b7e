"""What became of the rows of a file, in order: the reports with their newest screenings, and the errors."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, func, select

from serving.store.intake import place_of_details
from serving.store.items import ORIGINAL, place_of_item
from serving.store.received import text_of
from serving.store.screening.findings import place_of_screening
from serving.store.sealing import Keyring
from serving.store.tables import ITEM, LABELLING, REPORT, SCREENING, UPLOAD_ROW

MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that could not be read, and why."""

    number: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row of a file.

    Attributes:
        report_id: "" of one that could not be read.
        work: whether its report is screened.
        status: the state of the work on it.
        said: labels that a person gave it last; None if nobody did.
        is_purged: its words were removed.
        text: None after a purge.
        details: JSON; None after a purge.
        record: JSON of the newest screening, or None.
    """

    number: int
    code: str
    message: str
    report_id: str = ""
    case_ref: str = ""
    work: str = ""
    status: str = ""
    said: tuple[str, ...] | None = None
    is_purged: bool = False
    text: str | None = field(default=None, repr=False)
    details: bytes | None = field(default=None, repr=False)
    record: bytes | None = field(default=None, repr=False)


def read_errors(connection: Connection, serial: int, *, after: int, limit: int) -> list[RowError]:
    """Return the next rows of an upload that could not be read."""
    asked = select(UPLOAD_ROW.c.number, UPLOAD_ROW.c.code, UPLOAD_ROW.c.message).where(
        UPLOAD_ROW.c.upload_serial == serial,
        UPLOAD_ROW.c.report_serial.is_(None),
        UPLOAD_ROW.c.number > after,
    )
    rows = connection.execute(asked.order_by(UPLOAD_ROW.c.number).limit(limit))
    return [RowError(*row) for row in rows]


def read_results(
    connection: Connection, keyring: Keyring, serial: int, *, after: int, limit: int
) -> list[ResultRow]:
    """Return the next rows of an upload, none after the last.

    Args:
        connection: to read with.
        keyring: of the store.
        serial: of the upload.
        after: number of the row before them.
        limit: how many.
    """
    asked = (
        select(UPLOAD_ROW.c.number, UPLOAD_ROW.c.code, UPLOAD_ROW.c.message, REPORT)
        .outerjoin(REPORT, REPORT.c.serial == UPLOAD_ROW.c.report_serial)
        .where(UPLOAD_ROW.c.upload_serial == serial, UPLOAD_ROW.c.number > after)
        .order_by(UPLOAD_ROW.c.number)
        .limit(limit)
    )
    rows = connection.execute(asked).all()
    serials = [row.serial for row in rows if row.serial is not None]
    originals, records = _originals(connection, serials), _newest(connection, SCREENING, serials)
    said = _newest(connection, LABELLING, serials)
    return [
        replace(
            _result(keyring, row, originals[row.serial], records.get(row.serial)),
            status=row.status,
            said=tuple(said[row.serial].labels.split()) if row.serial in said else None,
        )
        if row.serial is not None
        else ResultRow(row.number, row.code, row.message)
        for row in rows
    ]


def _originals(connection: Connection, serials: Sequence[int]) -> dict[int, Row[Any]]:
    asked = select(ITEM).where(ITEM.c.report_serial.in_(serials), ITEM.c.kind == ORIGINAL)
    return {row.report_serial: row for row in connection.execute(asked)}


def _newest(connection: Connection, table: Table, serials: Sequence[int]) -> dict[int, Row[Any]]:
    """Return the newest row of each report in a table."""
    newest = select(func.max(table.c.serial)).where(table.c.report_serial.in_(serials))
    asked = select(table).where(table.c.serial.in_(newest.group_by(table.c.report_serial)))
    return {row.report_serial: row for row in connection.execute(asked)}


def _result(keyring: Keyring, row: Row[Any], original: Row[Any], screening: Row[Any] | None) -> ResultRow:
    report_id: str = row.public_id
    if row.withheld_ms is not None:
        return ResultRow(row.number, row.code, row.message, report_id, row.case_ref, row.work)
    content = _opened(keyring, original.sealed, place_of_item(report_id, original.sha256))
    return ResultRow(
        number=row.number,
        code=row.code,
        message=row.message,
        report_id=report_id,
        case_ref=row.case_ref,
        work=row.work,
        is_purged=row.purged_ms is not None,
        text=None if content is None else text_of(content, original.encoding),
        details=_opened(keyring, row.details_sealed, place_of_details(report_id)),
        record=_opened(keyring, screening.sealed, place_of_screening(report_id, screening.model_sha256))
        if screening
        else None,
    )


def _opened(keyring: Keyring, sealed: bytes | None, place: str) -> bytes | None:
    return None if sealed is None else keyring.open(sealed, place)
