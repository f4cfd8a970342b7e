"""A record as the cells of one row, and cells that no spreadsheet runs."""

import json
from collections.abc import Iterable, Mapping

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH, Screening, ScreeningError
from models.taxonomy import LABELS
from serving.files.row import Row
from serving.files.screen import ScreenedRow
from serving.files.values import JsonValue

Cell = str | int | float | bool | None

RECORD_COLUMNS = (
    "id",
    "priority",
    "priority_reason",
    "flags",
    "context_labels",
    "uncertified",
    "role",
    "role_proba",
    "language",
    "language_proba",
    *(f"p_{code}" for code in LABELS),
    "evidence",
    "warnings",
    "stage",
    "error_code",
    "error_message",
    "operating_point",
    "model",
    "disclaimer",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def flat_header(columns: Iterable[str]) -> list[str]:
    """Return the input's columns, then the record's, prefixed where they would repeat a name."""
    header = list(columns)
    taken = set(header)
    for column in RECORD_COLUMNS:
        name = column
        while name in taken:
            name = f"scamscreen_{name}"
        header.append(name)
        taken.add(name)
    return header


def flat_row(screened: ScreenedRow, columns: Iterable[str]) -> list[Cell]:
    """Return the cells under `flat_header(columns)`."""
    record = flat_record(screened)
    own = screened.row.columns
    return [
        *(_cell(own.get(column)) for column in columns),
        *(record.get(column) for column in RECORD_COLUMNS),
    ]


def flat_record(screened: ScreenedRow) -> Mapping[str, Cell]:
    """Return the record's cells by column; those that do not apply are absent."""
    record = screened.record
    disclaimer = f"{DISCLAIMER_EN} {DISCLAIMER_TH}"
    if isinstance(record, ScreeningError):
        return {
            "id": record.id,
            "priority": record.priority,
            "error_code": record.code,
            "error_message": record.message,
            "disclaimer": disclaimer,
        }
    return {
        "id": record.id,
        "priority": record.priority,
        "priority_reason": record.priority_reason,
        "flags": ";".join(record.flags),
        "context_labels": ";".join(record.context_labels),
        "uncertified": ";".join(record.uncertified),
        "role": record.role,
        "role_proba": round(record.role_proba[record.role], 4),
        "language": record.language,
        "language_proba": round(record.language_proba, 4),
        **{f"p_{code}": round(proba, 4) for code, proba in record.labels.items()},
        "evidence": _evidence_words(record, screened.row),
        "warnings": ";".join(record.warnings),
        "stage": record.stage,
        "operating_point": record.operating_point,
        "model": f"{record.model.name} {record.model.version} {record.model.sha256[:12]}",
        "disclaimer": disclaimer,
    }


def without_formula(text: str) -> str:
    """Return the text with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _evidence_words(record: Screening, row: Row) -> str:
    return "; ".join(f"{one.flag}: {row.text[one.start : one.end]}" for one in record.evidence)


def _cell(value: JsonValue) -> Cell:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
