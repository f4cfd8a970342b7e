"""Reads all of the store, in a stream, and names whatever is not as it was stored.

The chain of the audit says what was stored: an item's hash, size and kind stand in a link that nobody without
the keys can forge. The sealed bytes say the same themselves: one changed bit, and they do not open.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from serving.store import audit
from serving.store.casework import history
from serving.store.custody import holds, rights, tallies
from serving.store.custody.sealed_columns import ITEMS, SEALED, SealedColumn
from serving.store.errors import SealError
from serving.store.items import ORIGINAL, place_of_item
from serving.store.sealing import Keyring
from serving.store.tables import AUDIT, ITEM, REPORT, SCREENING

_ROWS_AT_ONCE: Final = 500
_VALUES_AT_ONCE: Final = 4  # an image has up to 10 MB
_OF_REPORT: Final = tuple(
    REPORT.c[name]
    for name in ("serial", "public_id", "organisation_id", "actor_id", "case_ref", "stored_ms", "purged_ms")
)
_STORED, _PURGED, _SCREENED = "report.stored", "report.purged", "report.screened"
_DERIVED: Final = "item.derived"
_OCR: Final = "ocr"
_NOT_TO_OPEN: Final = "its bytes are not those that were stored, or its key is not in the key file"
Told = dict[str, Any]


def faults(connection: Connection, keyring: Keyring) -> Iterator[str]:
    """Yield, a line each, everything in the store that was changed, moved or taken out; quotes nobody."""
    yield from audit.broken_links(connection, keyring)
    yield from _lost_reports(connection)
    yield from history.altered(connection, keyring)
    yield from holds.altered(connection)
    yield from rights.altered(connection)
    yield from tallies.miscounted(connection)
    reports = select(*_OF_REPORT).order_by(REPORT.c.serial).execution_options(yield_per=_ROWS_AT_ONCE)
    for report in connection.execute(reports):
        yield from _report_faults(connection, keyring, report)
    for sealed in SEALED:
        if sealed is not ITEMS:
            yield from _unopened(connection, keyring, sealed)


def _lost_reports(connection: Connection) -> Iterator[str]:
    links = (
        select(AUDIT.c.subject, AUDIT.c.detail)
        .outerjoin(REPORT, REPORT.c.public_id == AUDIT.c.subject)
        .where(AUDIT.c.action == _STORED, REPORT.c.serial.is_(None))
    )
    for link in connection.execute(links.execution_options(yield_per=_ROWS_AT_ONCE)):
        case_ref = audit.told_by(link).get("case_ref")
        yield f"report {link.subject} ({case_ref}): was stored, and is not there"


def _report_faults(connection: Connection, keyring: Keyring, report: Row[Any]) -> Iterator[str]:
    links = connection.execute(
        select(AUDIT)
        .where(AUDIT.c.subject == report.public_id, AUDIT.c.organisation_id == report.organisation_id)
        .order_by(AUDIT.c.number)
    ).all()
    named = f"report {report.case_ref}"
    details = [(link.action, audit.told_by(link)) for link in links]
    stored = next((link for link in links if link.action == _STORED), None)
    if stored is None:
        yield f"{named}: no link of the audit tells that it was stored"
    elif (case_ref := audit.told_by(stored).get("case_ref")) != report.case_ref:
        yield f"{named}: it was stored as {case_ref}"
    elif (stored.actor_id, stored.at_ms) != (report.actor_id, report.stored_ms):
        yield f"{named}: it was stored by somebody else, or at another time"
    if report.purged_ms != next((link.at_ms for link in links if link.action == _PURGED), None):
        yield f"{named}: the audit does not agree with it on whether it was purged"
    if _screenings(connection, report) != sorted(
        (str(one.get("model")), str(one.get("priority")), link.at_ms)
        for link, (action, one) in zip(links, details, strict=True)
        if action == _SCREENED
    ):
        yield f"{named}: its screenings are not those that the audit tells of"
    yield from _item_faults(connection, keyring, report, [one for link in links for one in _told_items(link)])


def _screenings(connection: Connection, report: Row[Any]) -> list[tuple[str, str, int]]:
    found = connection.execute(select(SCREENING).where(SCREENING.c.report_serial == report.serial))
    return sorted((row.model_sha256, str(row.priority), row.screened_ms) for row in found)


def _told_items(link: Row[Any]) -> list[Told]:
    """Return what a link of the audit tells of items."""
    detail = audit.told_by(link)
    told: list[Told] = []
    if link.action == _STORED:
        told = [{"kind": ORIGINAL, "tool": "", **detail}]
    elif link.action == _DERIVED:
        told = [detail]
    elif link.action == _SCREENED:
        told = detail.get("items", [])
    when = {"actor_id": link.actor_id, "stored_ms": link.at_ms}
    return [{**one, **when} for one in told if "sha256" in one]


def _item_faults(
    connection: Connection, keyring: Keyring, report: Row[Any], told: list[Told]
) -> Iterator[str]:
    of_report = select(ITEM).where(ITEM.c.report_serial == report.serial).order_by(ITEM.c.serial)
    serials: set[int] = set()
    for item in connection.execute(of_report.execution_options(yield_per=1)):
        named = f"item {item.serial} ({item.kind} of {report.case_ref})"
        sha256 = item.sha256.hex()
        link = next((one for one in told if one["sha256"] == sha256 and _agree(one, item)), None)
        if link is None:
            yield f"{named}: no link of the audit tells of an item like this"
        else:
            told.remove(link)
        if item.kind == ORIGINAL and item.parent_serial is not None:
            yield f"{named}: an original has no parent"
        if item.kind != ORIGINAL and item.parent_serial not in serials:
            yield f"{named}: the item it was derived from is not there"
        if (fault := _content_fault(keyring, report, item)) is not None:
            yield f"{named}: {fault}"
        if item.kind in (ORIGINAL, _OCR):
            serials.add(item.serial)
    for one in told:
        yield f"report {report.case_ref}: its {one['kind']} {one['sha256']} is not there as it was stored"


def _agree(told: Told, item: Row[Any]) -> bool:
    names = ("kind", "media_type", "encoding", "bytes", "tool", "actor_id", "stored_ms")
    return all(told[name] == getattr(item, name) for name in names if name in told)


def _content_fault(keyring: Keyring, report: Row[Any], item: Row[Any]) -> str | None:
    if item.sealed is None:
        return None if report.purged_ms is not None else "its bytes are gone, and it was not purged"
    if report.purged_ms is not None:
        return "its bytes are there, and it was purged"
    try:
        content = keyring.open(item.sealed, place_of_item(report.public_id, item.sha256))
    except SealError:
        return _NOT_TO_OPEN
    if len(content) != item.bytes or hashlib.sha256(content).digest() != item.sha256:
        return "its bytes have another size or SHA-256 than it says"
    return None


def _unopened(connection: Connection, keyring: Keyring, sealed: SealedColumn) -> Iterator[str]:
    for row in connection.execute(sealed.rows().execution_options(yield_per=_VALUES_AT_ONCE)):
        case_ref = getattr(row, "of_case_ref", None) or getattr(row, "case_ref", None)
        named = f"{sealed.table.name} {row.key_value}{f' of {case_ref}' if case_ref else ''}"
        is_purged = (getattr(row, "of_purged_ms", None) or getattr(row, "purged_ms", None)) is not None
        if row.sealed_value is None:
            if sealed.is_always_there and not is_purged:
                yield f"{named}: its {sealed.column.name} is gone, and it was not purged"
            continue
        try:
            keyring.open(row.sealed_value, sealed.place(row))
        except SealError:
            yield f"{named}: {_NOT_TO_OPEN}"
