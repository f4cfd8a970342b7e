"""How texts written for this project are stored: TOML tables with inline markup, one example each."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from models.taxonomy import LABELS, ROLES
from training.example import Example
from training.markup import parse_markup

FORMS = ("advert", "sms", "chat", "call_transcript", "script", "report", "enquiry", "forum", "news", "notice")
FIELDS = frozenset({"id", "labels", "role", "form", "pair", "text"})  # of every written text


def read_tables(path: Path, example: Callable[[dict[str, Any], str], Example]) -> Iterator[Example]:
    """Yield the example of each table of a file.

    Args:
        path: a TOML file.
        example: makes an example of a table and the file's stem, its language.

    Raises:
        TrainingDataError: a field, code or mark is wrong; the message names file and id, never the text.
    """
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["example"]:
        try:
            yield example(table, path.stem)
        except TrainingDataError as error:
            raise TrainingDataError(f"{path.name}, {table.get('id', 'no id')}: {error}") from error


def written_example(
    table: Mapping[str, Any],
    *,
    source: str,
    language: str,
    scheme: str,
    choices: Mapping[str, Sequence[str]] | None = None,
    own_fields: frozenset[str],
) -> Example:
    """Return a written text, of which every label is known.

    Args:
        table: as stored.
        source: name of its source.
        language: its main language.
        scheme: field that holds its scheme.
        choices: further fields of which only certain values are right.
        own_fields: what it has beside `FIELDS`.

    Raises:
        TrainingDataError: a field, code or mark is wrong.
    """
    if set(table) != FIELDS | own_fields:
        raise TrainingDataError(f"fields must be {sorted(FIELDS | own_fields)}, found {sorted(table)}")
    for field, allowed in {"role": ROLES, "form": FORMS, **(choices or {})}.items():
        if table[field] not in allowed:
            raise TrainingDataError(f"{field} {table[field]!r} is none of {', '.join(allowed)}")
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
        source=source,
        key=table["id"],
        aligned=f"pair:{table['pair']}" if table["pair"] else "",
        scheme=table[scheme],
        pair=table["pair"],
        spans=spans,
    )
