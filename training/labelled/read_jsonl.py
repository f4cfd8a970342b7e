"""JSON Lines, an object a line, and JSON arrays of objects: what programs write."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from training.labelled.mapping import LabelMapping
from training.labelled.raw import RawRow
from training.labelled.table_rows import rows_of_table
from training.sources.tables import read_lines, read_text


def read_jsonl(path: Path, mapping: LabelMapping) -> Iterator[RawRow]:
    """Yield what the objects of a file say.

    Raises:
        TrainingDataError: the file is not UTF-8, or a line is no JSON object.
    """
    return rows_of_table(path.name, json_objects(path), mapping)


def json_objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield number and content of each object: of a .jsonl file by its line, of a JSON array by its place.

    Raises:
        TrainingDataError: the file is not UTF-8, or something in it is no JSON object.
    """
    numbered = _of_lines(path) if path.suffix == ".jsonl" else _of_array(path)
    for number, stored in numbered:
        if not isinstance(stored, dict):
            found = type(stored).__name__
            raise TrainingDataError(f"{path.name}, row {number}: expected a JSON object, found {found}")
        yield number, stored


def _of_lines(path: Path) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            yield number, _parsed(line, f"{path.name}, row {number}: expected one JSON object a line")


def _of_array(path: Path) -> Iterator[tuple[int, object]]:
    stored = _parsed(read_text(path), f"{path.name}: expected a JSON array of objects")
    if not isinstance(stored, list):
        raise TrainingDataError(f"{path.name}: expected a JSON array of objects, or the suffix .jsonl")
    yield from enumerate(stored, start=1)


def _parsed(content: str, what: str) -> object:
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        place = (
            f"line {error.lineno}, character {error.colno}" if "\n" in content else f"character {error.pos}"
        )
        raise TrainingDataError(f"{what}, broken at {place}") from None
    except RecursionError:
        raise TrainingDataError(f"{what}, found brackets in brackets without end") from None
