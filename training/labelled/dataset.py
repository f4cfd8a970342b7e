"""The labelled dataset folder: texts with what people said of them, in a form that everything else reads.

`texts.jsonl` holds a row a line (`training/labelled/row.py`), `dataset.json` what the set is and where it
comes from, `README.md` its card. `datasets.load_dataset("json", data_files="NAME/texts.jsonl")` reads it too.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import HELD, LABELLED_PARTS, Example, Source
from training.files import write_json
from training.labelled.row import LabelledRow, language_of, object_of, row_of
from training.sources import SOURCES
from training.sources.tables import read_lines, read_text

TEXTS_FILE: Final = "texts.jsonl"
ABOUT_FILE: Final = "dataset.json"
CARD_FILE: Final = "README.md"
ABOUT_FIELDS: Final = ("name", "licence", "consent", "made_from", "mapping", "rows", "created_at")
MADE_FROM_FIELDS: Final = ("file", "sha256", "format")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class LabelledDataset:
    """Texts that people labelled.

    Attributes:
        name: of the set; also that of its `Source`.
        rows: its texts, keys unique.
        about: what `dataset.json` says: licence, consent, made_from, mapping, rows, created_at.
    """

    name: str
    rows: tuple[LabelledRow, ...]
    about: Mapping[str, Any]


def read_dataset(folder: Path) -> LabelledDataset:
    """Return the labelled dataset in a folder.

    Raises:
        TrainingDataError: a file is absent or broken, a row breaks a rule, or no row holds a label that the
            set is said to have; the message names file and line, never a text.
    """
    about = read_about(folder)
    rows, problems = read_rows(folder)
    if problems:
        raise TrainingDataError(first_of(problems))
    if not rows:
        raise TrainingDataError(f"{folder.name}/{TEXTS_FILE}: expected a text, found none")
    if empty := empty_classes(rows, about):
        raise TrainingDataError(
            f"{folder.name}/{ABOUT_FILE}: no text holds {', '.join(empty)}, which the mapping names: take it "
            "out of the mapping, or add texts that show it"
        )
    return LabelledDataset(about["name"], tuple(rows), about)


def read_about(folder: Path) -> dict[str, Any]:
    """Return what `dataset.json` says of a labelled dataset.

    Raises:
        TrainingDataError: the folder is none, or the file is broken.
    """
    if not (folder / ABOUT_FILE).is_file():
        raise TrainingDataError(
            f"{folder} is no labelled dataset, it has no {ABOUT_FILE}: make one with "
            "`scamscreen-train data import`"
        )
    where = f"{folder.name}/{ABOUT_FILE}"
    try:
        about = json.loads(read_text(folder / ABOUT_FILE))
    except json.JSONDecodeError as error:
        raise TrainingDataError(f"{where}: expected JSON, broken at line {error.lineno}") from None
    if not isinstance(about, dict) or any(name not in about for name in ABOUT_FIELDS):
        raise TrainingDataError(f"{where}: expected an object with the fields {', '.join(ABOUT_FIELDS)}")
    made_from = about["made_from"]
    if not isinstance(made_from, dict) or any(name not in made_from for name in MADE_FROM_FIELDS):
        raise TrainingDataError(f"{where}: expected made_from with {', '.join(MADE_FROM_FIELDS)}")
    if not isinstance(about["mapping"], dict) or not isinstance(about["mapping"].get("codes", {}), dict):
        raise TrainingDataError(f"{where}: expected an object as mapping, and as codes in it")
    checked_name(about["name"])
    return about


def read_rows(folder: Path) -> tuple[list[LabelledRow], list[str]]:
    """Return the rows of a labelled dataset that keep the rules, and of the others what is wrong with each.

    Raises:
        TrainingDataError: the file is absent or not UTF-8.
    """
    rows: list[LabelledRow] = []
    problems: list[str] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(read_lines(folder / TEXTS_FILE, "utf-8"), start=1):
        where = f"{folder.name}/{TEXTS_FILE}, line {number}"
        try:
            row = row_of(json.loads(line))
        except json.JSONDecodeError as error:
            problems.append(f"{where}: expected one JSON object, broken at character {error.pos}")
            continue
        except TrainingDataError as error:
            problems.append(f"{where}: {error}")
            continue
        if row.key in lines:
            problems.append(f"{where}: its key is that of line {lines[row.key]}: give each text its own")
            continue
        lines[row.key] = number
        rows.append(row)
    return rows, problems


def write_dataset(folder: Path, dataset: LabelledDataset, card: str) -> None:
    """Write a labelled dataset to a new folder, whole or not at all.

    Args:
        folder: must not be there yet.
        dataset: its rows and what is said of them.
        card: what README.md is to say.

    Raises:
        TrainingDataError: the folder is there already, or the name cannot be one.
    """
    check_new(folder)
    checked_name(dataset.name)
    new = folder.with_name(f"{folder.name}.new")
    new.mkdir(parents=True, exist_ok=True)
    (new / TEXTS_FILE).write_text("".join(_lines(dataset.rows)), encoding="utf-8")
    about = {**dataset.about, "name": dataset.name, "rows": len(dataset.rows)}
    write_json(new / ABOUT_FILE, {name: about[name] for name in ABOUT_FIELDS})
    (new / CARD_FILE).write_text(card, encoding="utf-8")
    new.rename(folder)


def check_new(folder: Path) -> None:
    """Check that a dataset can be written to a folder.

    Raises:
        TrainingDataError: it is there already.
    """
    if folder.exists():
        raise TrainingDataError(f"{folder} is there already: name a new folder")


def as_source(dataset: LabelledDataset) -> Source:
    """Return a labelled dataset as a source of training; where nobody said a language, it is detected."""

    def read(_data_root: Path) -> Iterator[Example]:
        for row in dataset.rows:
            yield _example(row, dataset.name)

    held = {code for row in dataset.rows for code, share in row.labels.items() if share >= HELD}
    return Source(
        name=checked_name(dataset.name),
        folder="",
        read=read,
        parts=LABELLED_PARTS,
        measure="labels",
        mapped=frozenset(held),
        register="messages",
        sha256=_digest(dataset.rows),
    )


def checked_name(name: object) -> str:
    """Return a name that a dataset can have.

    Raises:
        TrainingDataError: it cannot be a name, or a set of ours has it.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise TrainingDataError(
            "the name of a dataset has up to 64 letters, digits and . _ - and begins with a letter or digit"
        )
    if any(source.name == name for source in SOURCES):
        raise TrainingDataError(f"{name} is the name of a set that training knows: choose another")
    return name


def empty_classes(rows: Sequence[LabelledRow], about: Mapping[str, Any]) -> list[str]:
    """Return the labels that the mapping of a dataset names and that nobody gave any of its texts."""
    meanings = about["mapping"].get("codes", {}).values()
    named = {code for meaning in meanings if isinstance(meaning, list) for code in meaning}
    held = {code for row in rows for code, share in row.labels.items() if share > 0}
    return [code for code in LABELS if code in named - held]


def first_of(problems: Sequence[str]) -> str:
    """Return the first of several problems, and how many more there are, in one line."""
    more = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
    return f"{problems[0]}{more}"


def _example(row: LabelledRow, source: str) -> Example:
    return Example(
        text=row.text,
        labels=frozenset(code for code, share in row.labels.items() if share >= HELD),
        known=frozenset(row.labels),
        role=row.role,
        language=language_of(row.text, row.language),
        source=source,
        key=row.key,
        aligned=f"{source}:{row.group}" if row.group else "",
        spans=tuple(span for span in row.spans if span.kind != "label"),
        shares=row.labels,
    )


def _lines(rows: Sequence[LabelledRow]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(object_of(row), ensure_ascii=False) + "\n"


def _digest(rows: Sequence[LabelledRow]) -> str:
    digest = hashlib.sha256()
    for line in _lines(rows):
        digest.update(line.encode())
    return digest.hexdigest()
