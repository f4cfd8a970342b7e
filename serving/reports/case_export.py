"""A stored report -> a folder to hand over: original, records, history, proofs, and the hashes of all."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from models.errors import InputError
from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from serving.moment import iso
from serving.reports.told import told_details
from serving.store import audit
from serving.store.casework.history import place_of_history
from serving.store.custody.proof import Custody, read_custody
from serving.store.finding import find_report
from serving.store.intake import place_of_details
from serving.store.items import place_of_item
from serving.store.organisations import Actor
from serving.store.screening.findings import place_of_screening
from serving.store.sealing import Keyring
from serving.store.tables import HISTORY, ITEM, SCREENING

MANIFEST: Final = "manifest.sha256"
_SUFFIXES: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
_OTHER_SUFFIX: Final = "txt"
_PRIVATE: Final = 0o600


def export_case(
    connection: Connection, keyring: Keyring, actor: Actor, name: str, *, now_ms: int
) -> Mapping[str, bytes]:
    """Return the files of a report, by name, and write down that they were handed out.

    Of one that is withheld neither its items nor its records, nor where they were found.

    Raises:
        NotFoundError: there is no report of this id or case number.
        SealError: something of it cannot be opened; `scamscreen verify` names all such.
    """
    report = find_report(connection, name, organisation_id=None)
    custody = read_custody(connection, keyring, report, now_ms=now_ms)
    files = {
        "DISCLAIMER.txt": f"{DISCLAIMER_EN}\n\n{DISCLAIMER_TH}\n".encode(),
        "envelope.json": _json(_envelope(keyring, report)),
        "history.json": _json(_history(connection, keyring, report)),
        "custody.json": _json(_proofs(custody)),
        **({} if report.withheld_ms is not None else _words(connection, keyring, report)),
    }
    lines = [f"{hashlib.sha256(content).hexdigest()}  {file}\n" for file, content in sorted(files.items())]
    manifest = "".join(lines).encode()
    link = audit.Link(
        actor.id,
        now_ms,
        "case.exported",
        report.public_id,
        {"manifest_sha256": hashlib.sha256(manifest).hexdigest(), "files": len(files)},
    )
    audit.append(connection, keyring, report.organisation_id, link)
    return {**files, MANIFEST: manifest}


def check_folder(folder: Path) -> None:
    """Check that a folder is empty or can be made.

    Raises:
        InputError: it is not.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not empty: name a new folder, so that nothing in it is mixed up")
    if not folder.resolve().parent.is_dir():
        raise InputError(f"{folder} cannot be made: expected a name in a folder that exists")


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files that only their owner can read."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.touch(_PRIVATE)
        path.write_bytes(content)


def _envelope(keyring: Keyring, report: Row[Any]) -> dict[str, Any]:
    told = {
        column: value
        for column, value in report._mapping.items()
        if column not in ("serial", "details_sealed", "leased_by")
    }
    sealed = report.details_sealed
    if sealed is None:
        return {**told, "details": None}
    content = keyring.open(sealed, place_of_details(report.public_id))
    return {**told, "details": told_details(content, is_withheld=report.withheld_ms is not None)}


def _history(connection: Connection, keyring: Keyring, report: Row[Any]) -> list[dict[str, Any]]:
    steps = select(HISTORY).where(HISTORY.c.report_serial == report.serial).order_by(HISTORY.c.serial)
    told = []
    for row in connection.execute(steps):
        step = {
            name: value for name, value in row._mapping.items() if name not in ("report_serial", "sealed")
        }
        words = None
        if row.sealed is not None:
            place = place_of_history(report.public_id, row.version)
            words = json.loads(keyring.open(row.sealed, place))
        told.append({**step, "at": iso(row.at_ms), "words": words})
    return told


def _proofs(custody: Custody) -> dict[str, Any]:
    return {
        "items": [asdict(one) for one in custody.items],
        "holds": [asdict(one) for one in custody.holds],
        "purges": [asdict(one) for one in custody.purges],
        "audit": [asdict(one) for one in custody.links],
    }


def _words(connection: Connection, keyring: Keyring, report: Row[Any]) -> dict[str, bytes]:
    return {**_items(connection, keyring, report), **_records(connection, keyring, report)}


def _items(connection: Connection, keyring: Keyring, report: Row[Any]) -> dict[str, bytes]:
    """Return the bytes of the original and of what was derived from it, as far as they were not purged."""
    rows = select(ITEM).where(ITEM.c.report_serial == report.serial, ITEM.c.sealed.is_not(None))
    return {
        f"{row.kind}-{row.serial}.{_SUFFIXES.get(row.media_type, _OTHER_SUFFIX)}": keyring.open(
            row.sealed, place_of_item(report.public_id, row.sha256)
        )
        for row in connection.execute(rows.order_by(ITEM.c.serial))
    }


def _records(connection: Connection, keyring: Keyring, report: Row[Any]) -> dict[str, bytes]:
    rows = select(SCREENING).where(SCREENING.c.report_serial == report.serial)
    return {
        f"screening-{row.serial}.json": keyring.open(
            row.sealed, place_of_screening(report.public_id, row.model_sha256)
        )
        for row in connection.execute(rows.where(SCREENING.c.sealed.is_not(None)))
    }


def _json(content: object) -> bytes:
    """Return JSON in ASCII: what people wrote may hold half a surrogate pair."""
    return json.dumps(content, ensure_ascii=True, indent=2).encode() + b"\n"
