"""Reads .jsonl: one object a line with `text`, and if known `id`, `language`, `received_at`."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from models.errors import InputError
from serving.files.columns import listed
from serving.files.lines import MAX_LINE_CHARS, TextFile, without_trailing
from serving.files.row import Row, RowMaker, Source
from serving.files.values import json_value, whole_characters

_LANGUAGE_TAG = re.compile(r"([A-Za-z]{2,3})(-[A-Za-z0-9]{1,8})*")


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


def parse_object(line: str) -> dict[str, object] | None:
    """Return the object a line holds, or None: not JSON, not an object, NaN, too deep or too long."""
    if len(line) > MAX_LINE_CHARS:
        return None
    try:
        fields = json.loads(line, parse_constant=_refuse_constant)
        json_value(fields)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _row(maker: RowMaker, number: int, fields: Mapping[str, object]) -> Row:
    language, received_at = fields.get("language"), fields.get("received_at")
    if language is not None and primary_tag(language) is None:
        return maker.broken(number, "language: expected a BCP-47 tag such as th or zh-Hant", fields)
    if received_at is not None and aware_time(received_at) is None:
        return maker.broken(
            number, "received_at: expected ISO 8601 with an offset, 2026-05-14T09:00:00+07:00", fields
        )
    return maker.row(number, fields, language=primary_tag(language), received_at=aware_time(received_at))


def primary_tag(language: object) -> str | None:
    """Return the primary subtag of a BCP-47 tag in lower case, or None if it is none."""
    found = _LANGUAGE_TAG.fullmatch(language) if isinstance(language, str) else None
    return found[1].lower() if found else None


def aware_time(moment: object) -> datetime | None:
    """Return the time of an ISO 8601 string with an offset, or None if it is none."""
    if not isinstance(moment, str):
        return None
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return parsed if parsed.tzinfo is not None else None


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _lines(file: TextFile) -> Iterator[str]:
    return without_trailing(file.lines(), lambda line: not line.strip())
