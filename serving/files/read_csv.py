"""Reads .csv and .tsv: a header line, then records whose quoted fields may hold line ends."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from models.errors import InputError
from serving.files.columns import choose_text_column, unique_names
from serving.files.lines import MAX_LINE_CHARS, TextFile, without_trailing
from serving.files.row import Row, RowMaker, Source

DELIMITERS = {".csv": ",", ".tsv": "\t"}
_PROSE = re.compile(r", |\d,\d{3}(?!\d)")  # a comma of a sentence or of 35,000, not a delimiter


def read_csv(file: TextFile, maker: RowMaker, *, delimiter: str, text_column: str | None) -> Source:
    """Return the records under the header as rows; a record of another length is an error in its place.

    Raises:
        InputError: no header, or no text column.
    """
    header = next(_records(file, delimiter), None)
    if not header:
        raise InputError(f"{file.name} has no header line: expected the names of its columns first")
    columns = unique_names(header)
    text_index = choose_text_column(header, text_column, name=file.name)
    row_maker = replace(maker, text_column=columns[text_index])

    def body() -> Iterator[list[str] | None]:
        records = _records(file, delimiter, text_index)
        next(records, None)
        return without_trailing(
            records, lambda fields: fields is not None and not any(map(str.strip, fields))
        )

    def rows() -> Iterator[Row]:
        for number, fields in enumerate(body(), start=1):
            if fields is None:
                message = f"the row has a line of more than {MAX_LINE_CHARS:,} characters: split it"
                yield row_maker.broken(number, message)
            elif len(fields) != len(columns):
                message = (
                    f"expected {len(columns)} fields, found {len(fields)}: correct its quotes and delimiters"
                )
                yield row_maker.broken(number, message, dict(zip(columns, fields, strict=False)))
            else:
                yield row_maker.row(number, dict(zip(columns, fields, strict=True)))

    return Source(file.name, columns, sum(1 for _ in body()), rows, file.note)


def first_records(file: TextFile, delimiter: str, count: int) -> list[list[str] | None]:
    """Return the fields of the header and of the first records, as `read_csv` finds them."""
    return list(islice(_records(file, delimiter), count + 1))


def _records(file: TextFile, delimiter: str, text_index: int = 0) -> Iterator[list[str] | None]:
    """Yield the fields of each record, the header first; None for one with a line too long to hold.

    A quote that was never meant as one would swallow the lines after it. So of a record that is malformed, or
    that has several lines and not the header's number of fields or lines that look like records, only the
    first line is taken, and the others are read again.
    """
    csv.field_size_limit(MAX_LINE_CHARS)
    lines = _RereadableLines(file.lines(newline=""))
    n_columns = None
    while True:
        lines.begin_record()
        try:
            fields: list[str] | None = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error:
            fields = None
        if (
            fields is None
            or any(map(_is_cut, lines.taken))
            or (
                len(lines.taken) > 1
                and n_columns is not None
                and (len(fields) != n_columns or _has_swallowed(fields, lines.taken, delimiter, text_index))
            )
        ):
            lines.reread_after_first()
            fields = _fields_of_line(lines.taken[0], delimiter, n_columns)
        yield fields
        if n_columns is None:
            n_columns = len(fields or ())


def _is_cut(line: str) -> bool:
    return len(line) > MAX_LINE_CHARS and line[-1] not in "\r\n"


def _fields_of_line(line: str, delimiter: str, n_columns: int | None) -> list[str] | None:
    """Return the fields of a line whose quotes are not in order: quotes kept as they are, if that fits.

    If not, a delimiter after an open quote is taken as text.
    """
    if _is_cut(line):
        return None
    line = line.rstrip("\r\n")
    plain = line.split(delimiter)
    if len(plain) == n_columns:
        return plain
    quoted = next(csv.reader([line], delimiter=delimiter))
    return quoted if n_columns in (None, len(quoted)) else plain


def _has_swallowed(record: Sequence[str], lines: Sequence[str], delimiter: str, text_index: int) -> bool:
    """Whether the first, the last and most lines of a record look like records of their own.

    They then have its number of fields, and what stands beside the text (an id, a date) is made alike. Where
    nothing stands there, the quotes are believed.
    """
    beside = [
        index
        for index, field in enumerate(record)
        if index != text_index and "\n" not in field and "\r" not in field
    ]
    expected = [_shape(record[index]) for index in beside]
    if not any(expected):
        return False

    def looks_like_record(line: str) -> bool:
        fields = line.rstrip("\r\n").split(delimiter)
        return (
            len(fields) == len(record)
            and [_shape(fields[index]) for index in beside] == expected
            and not _PROSE.search(line)
        )

    alike = [looks_like_record(line) for line in lines]
    return alike[0] and alike[-1] and 2 * sum(alike) > len(alike)


def _shape(field: str) -> str:
    """Return the field with every number as 0 and every word as a: what an id or a date looks like."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", field))


class _RereadableLines:
    """Lines that remember what the current record took, so that it can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._given_back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> "_RereadableLines":
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else next(self._lines)
        self.taken.append(line)
        return line

    def begin_record(self) -> None:
        self.taken = []

    def reread_after_first(self) -> None:
        self._given_back.extendleft(reversed(self.taken[1:]))
