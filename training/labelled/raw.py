"""What a file says of a text, before its words for labels are read: all formats end here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RawSpan:
    """Marked words: `[start, end)`; `words` are those the file says stand there, or None."""

    name: str
    start: object
    end: object
    words: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RawAnnotation:
    """What one person said; `annotator` is "" where the file does not tell."""

    annotator: str
    labels: tuple[str, ...]
    role: str = ""
    spans: tuple[RawSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class RawRow:
    """A text as a file has it.

    Attributes:
        where: file and row, for messages.
        number: of the row in its file.
        key: "" where the file has none.
        text: as it was found, a text or not.
    """

    where: str
    number: str
    key: str
    text: object = field(repr=False)
    language: str = ""
    group: str = ""
    annotations: tuple[RawAnnotation, ...] = ()


def value_at(stored: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - JSON
    """Return what stands in a JSON object under a name, or under a path with dots; None if nothing does."""
    if path in stored:
        return stored[path]
    found: Any = stored
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def word(value: object) -> str:
    """Return a value of a cell as a word, blanks around it gone: 3.0 of a spreadsheet is 3."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def words(value: object, separator: str) -> tuple[str, ...]:
    """Return the words of a cell: of a list its items, of a text its parts; blank ones are left out."""
    if isinstance(value, list | tuple):
        parts = [word(item) for item in value]
    else:
        parts = [part.strip() for part in (word(value).split(separator) if separator else [word(value)])]
    return tuple(part for part in parts if part)


def spans_in(value: object) -> tuple[RawSpan, ...]:
    """Return the spans of a list: of [start, end, name], or of objects with these under their usual names."""
    found = []
    for one in value if isinstance(value, list | tuple) else ():
        if isinstance(one, Mapping):
            name = one.get("label", one.get("code", one.get("type")))
            start, end = one.get("start", one.get("start_offset")), one.get("end", one.get("end_offset"))
            found.append(RawSpan(word(name), start, end))
        elif isinstance(one, list | tuple) and len(one) == 3:
            found.append(RawSpan(word(one[2]), one[0], one[1]))
        else:
            found.append(RawSpan("", None, None))
    return tuple(found)
