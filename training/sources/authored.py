"""Texts written for this project, with inline span markup.

`training/authored/<language>.toml`; in `mixed.toml`, texts of two languages or in another script than their
own, each names its main language itself.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from models.taxonomy import LABELS, ROLES
from training.example import Example, Source
from training.markup import parse_markup

AUTHORED_FOLDER = Path(__file__).parents[1] / "authored"
FORMS = ("advert", "sms", "chat", "call_transcript", "script", "report", "enquiry", "forum", "news", "notice")
PARTS = (0.76, 0.10, 0.06, 0.08)  # most for training: no other source has these labels or languages
MIXED = "mixed"
_FIELDS = {"id", "labels", "role", "form", "scheme", "pair", "text"}


def read(_data_root: Path) -> Iterator[Example]:
    """Yield every written text; a minimal pair shares its `aligned` value."""
    for path in sorted(AUTHORED_FOLDER.glob("*.toml")):
        yield from read_file(path)


def read_file(path: Path) -> Iterator[Example]:
    """Yield the examples of one file.

    Raises:
        TrainingDataError: a field, code or mark is wrong; the message names file and id, never the text.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["example"]
    for table in tables:
        try:
            language = table.pop("language", "") if path.stem == MIXED else path.stem
            yield _example(table, language)
        except TrainingDataError as error:
            raise TrainingDataError(f"{path.name}, {table.get('id', 'no id')}: {error}") from error


def _example(table: dict[str, Any], language: str) -> Example:
    if not language:
        raise TrainingDataError("a text of mixed.toml names its main language")
    if set(table) != _FIELDS:
        raise TrainingDataError(f"fields must be {sorted(_FIELDS)}, found {sorted(table)}")
    for code, allowed in ((table["role"], ROLES), (table["form"], FORMS)):
        if code not in allowed:
            raise TrainingDataError(f"{code!r} is none of {', '.join(allowed)}")
    for label in table["labels"]:
        if label not in LABELS:
            raise TrainingDataError(f"{label!r} is not a label of the taxonomy")
    text, spans = parse_markup(table["text"].strip())
    return Example(
        text=text,
        labels=frozenset(table["labels"]),
        known=frozenset(LABELS),
        role=table["role"],
        language=language,
        source=SOURCE.name,
        key=table["id"],
        aligned=f"pair:{table['pair']}" if table["pair"] else "",
        scheme=table["scheme"],
        pair=table["pair"],
        spans=spans,
    )


SOURCE = Source(name="authored", folder="", read=read, parts=PARTS, measure="labels", register="messages")
