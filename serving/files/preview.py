"""The first rows of a file, before anybody has said which column is the text."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import BinaryIO, Final

from models.errors import InputError
from serving.files.columns import unique_names
from serving.files.lines import TextFile, text_file
from serving.files.read_csv import DELIMITERS, first_records
from serving.files.read_jsonl import first_objects
from serving.files.read_txt import TEXT_COLUMN
from serving.files.row import UNREADABLE
from serving.files.values import json_value, whole_characters

_ROWS: Final = 8
_OBJECTS: Final = 100
_CELL_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file begins.

    Attributes:
        columns: names of all columns that were seen.
        rows: cells as text, cut; in the order of the columns.
        encoding: of a text file; "" of a workbook.
        is_guessed: neither the file nor the user said what its encoding is.
    """

    columns: tuple[str, ...] = field(repr=False)
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    encoding: str = ""
    is_guessed: bool = False


def preview(name: str, suffix: str, open_bytes: Callable[[], BinaryIO], encoding: str | None) -> Preview:
    """Return how a file begins.

    Args:
        name: what messages call it.
        suffix: `.txt`, `.csv`, `.tsv`, `.jsonl` or `.xlsx`.
        open_bytes: opens it from its start.
        encoding: of a text file; None: the file tells.

    Raises:
        InputError: it is not what its suffix says, of unclear encoding, or has no header.
    """
    if suffix == ".xlsx":
        from serving.files.read_xlsx import first_rows  # openpyxl: what no start need wait for

        sheets = first_rows(name, open_bytes, _ROWS)
        if not sheets:
            raise InputError(f"{name} has no header row: expected the names of its columns in the first row")
        columns = tuple(dict.fromkeys(column for names, _ in sheets for column in names))
        return Preview(columns, _cells(columns, sheets[0][1]))
    file = text_file(name, open_bytes, encoding)
    columns, rows = _text_rows(file, suffix)
    return Preview(columns, _cells(columns, rows), file.encoding.name, file.encoding.guessed)


def _text_rows(file: TextFile, suffix: str) -> tuple[tuple[str, ...], Iterable[Sequence[object]]]:
    if suffix in DELIMITERS:
        header, *records = first_records(file, DELIMITERS[suffix], _ROWS) or [None]
        if not header:
            raise InputError(f"{file.name} has no header line: expected the names of its columns first")
        return unique_names(header), (record or () for record in records)
    if suffix == ".jsonl":
        objects = [one or {} for one in first_objects(file, _OBJECTS)]
        names = dict.fromkeys(name for one in objects for name in one)
        rows = [[one.get(name) for name in names] for one in objects[:_ROWS]]
        if not names:
            raise InputError(f"{file.name} has no JSON objects, one a line")
        return tuple(map(whole_characters, names)), rows
    lines = file.lines()
    return (TEXT_COLUMN,), [(line.rstrip("\r\n"),) for line, _ in zip(lines, range(_ROWS), strict=False)]


def _cells(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    """Return rows as texts, each as long as there are columns."""
    return tuple(
        tuple(_cell(value) for _, value in zip_longest(columns, row[: len(columns)])) for row in rows
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value[: _CELL_CHARS + 1] if isinstance(value, str) else str(json_value(value))
    shown = whole_characters(text.replace(UNREADABLE, "\N{REPLACEMENT CHARACTER}"))
    return f"{shown[:_CELL_CHARS]}…" if len(shown) > _CELL_CHARS else shown
