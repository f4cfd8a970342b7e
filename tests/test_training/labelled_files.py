"""Small labelled rows and the files that tools export, for tests."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.example import MarkedSpan
from training.labelled.dataset import LabelledDataset, write_dataset
from training.labelled.mapping import LabelMapping
from training.labelled.reading import Reading
from training.labelled.row import Annotation, LabelledRow

ABOUT: Mapping[str, Any] = {
    "licence": "CC0-1.0",
    "consent": "Written for a test.",
    "made_from": {"file": "toy.csv", "sha256": "0" * 64, "format": "csv"},
    "mapping": {},
    "created_at": "2026-11-23T12:00:00+00:00",
}

LURE = "\U0001f4b0 Slot gacor, call 081-555-0143"
CHAT = "See you at the library at nine"
PHONE = MarkedSpan("entity", "PHONE", 19, 31)
ASKED = frozenset({"online_gambling", "loan_scam"})
MAPPING = LabelMapping(
    columns={"text": "message", "key": "case"},
    asked=ASKED,
    codes={"judi": ("online_gambling",), "normal": "none"},
)


def row(key: str, text: str = "", labels: Mapping[str, float] | None = None, **other: Any) -> LabelledRow:
    return LabelledRow(key=key, text=text or f"a text called {key}", labels=labels or {}, **other)


def annotations(*said: set[str]) -> tuple[Annotation, ...]:
    """Return what people called 0, 1, ... said."""
    return tuple(Annotation(f"{number}", tuple(sorted(labels))) for number, labels in enumerate(said))


def write(folder: Path, rows: Sequence[LabelledRow], **about: Any) -> Path:
    write_dataset(folder, LabelledDataset(folder.name, tuple(rows), {**ABOUT, **about}), "a card\n")
    return folder


def write_json(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(path: Path, rows: Sequence[object]) -> Path:
    lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def write_csv(path: Path, *rows: tuple[str, ...], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def by_key(reading: Reading) -> dict[str, LabelledRow]:
    """Return the rows of a reading without problems."""
    assert reading.problems == ()
    return {row.key: row for row in reading.rows}


def holds(row: LabelledRow) -> dict[str, float]:
    """Return the labels of a row that anybody gave it."""
    return {code: share for code, share in row.labels.items() if share}
