"""Cell values of foreign files -> values that JSON, CSV and XLSX can all carry."""

import math
import re
from datetime import date, datetime, time
from typing import TypeAlias

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"

MAX_DEPTH = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


def json_value(value: object, *, depth: int = 0) -> JsonValue:
    """Return the value as JSON can carry it.

    Dates become ISO 8601, NaN and infinities null, half surrogate pairs U+FFFD, and what JSON has no form for
    its `str`.

    Raises:
        ValueError: lists or objects are nested deeper than `MAX_DEPTH`.
    """
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime() | date() | time():
            return value.isoformat()
        case list() | tuple():
            return [json_value(item, depth=depth + 1) for item in value]
        case dict():
            return {
                whole_characters(str(key)): json_value(item, depth=depth + 1) for key, item in value.items()
            }
        case _:
            return whole_characters(str(value))


def whole_characters(text: str) -> str:
    """Return the text with half surrogate pairs replaced by U+FFFD, so that it can be written as UTF-8."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
