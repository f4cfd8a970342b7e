"""Reads .jsonl: one object a line with `text`, and if known `id`, `language`, `received_at`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

from models.errors import InputError
from models.language_tag import known_tag
from serving.files.columns import listed
from serving.files.lines import MAX_LINE_CHARS, TextFile, without_trailing
from serving.files.row import Row, RowMaker, Source
from serving.files.values import json_value, whole_characters


def read_jsonl(file: TextFile, maker: RowMaker, *, text_column: str | None) -> Source:
    """Return the objects of a file as rows; a line that is no JSON object is an error in its place.

    Raises:
        InputError: there are objects, and none has the text field.
    """
    row_maker = maker if text_column is None else replace(maker, text_column=text_column)
    columns: dict[str, None] = {}
    total = 0
    for line in _lines(file):
        total += 1
        fields = parse_object(line)
        if fields is not None:
            columns.update(dict.fromkeys(map(whole_characters, fields)))
    if columns and row_maker.text_column not in columns:
        raise InputError(
            f"{file.name} has no field {row_maker.text_column!r}: pass --text-column; "
            f"its fields are {listed([*columns])}"
        )

    def rows() -> Iterator[Row]:
        for number, line in enumerate(_lines(file), start=1):
            fields = parse_object(line)
            if fields is None:
                yield row_maker.broken(number, "the line is not a JSON object")
            else:
                yield _row(row_maker, number, fields)

    return Source(file.name, tuple(columns), total, rows, file.note)


def first_objects(file: TextFile, count: int) -> list[dict[str, object] | None]:
    """Return the objects of the first lines; None for a line that is none."""
    return [parse_object(line) for line in islice(file.lines(), count)]


def parse_object(line: str) -> dict[str, object] | None:
    """Return the object a line holds, NaN as null, or None: not JSON, not an object, too deep or too long."""
    if len(line) > MAX_LINE_CHARS:
        return None
    try:
        fields = json.loads(line, parse_constant=lambda _: None)
        json_value(fields)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _row(maker: RowMaker, number: int, fields: Mapping[str, object]) -> Row:
    """Return the row; a `language` or `received_at` that is not valid is left aside with a warning."""
    language, received_at = known_tag(fields.get("language")), aware_time(fields.get("received_at"))
    read = {"language": language, "received_at": received_at}
    warnings = tuple(
        f"ignored_{name}" for name, value in read.items() if value is None and fields.get(name) is not None
    )
    return maker.row(number, fields, language=language, received_at=received_at, warnings=warnings)


def aware_time(moment: object) -> datetime | None:
    """Return the time of an ISO 8601 string with an offset, or None if it is none."""
    if not isinstance(moment, str):
        return None
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return parsed if parsed.tzinfo is not None else None


def _lines(file: TextFile) -> Iterator[str]:
    return without_trailing(file.lines(), lambda line: not line.strip())
