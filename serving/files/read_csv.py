"""Reads .csv and .tsv: a header line, then records whose quoted fields may hold line ends."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from models.errors import InputError
from serving.files.columns import choose_text_column, unique_names
from serving.files.lines import MAX_LINE_CHARS, TextFile, without_trailing
from serving.files.row import Row, RowMaker, Source


def read_csv(file: TextFile, maker: RowMaker, *, delimiter: str, text_column: str | None) -> Source:
    """Return the records under the header as rows; a record of another length is an error in its place.

    Raises:
        InputError: no header, or no text column.
    """
    header = next(_records(file, delimiter), None)
    if not header:
        raise InputError(f"{file.name} has no header line: expected the names of its columns first")
    columns = unique_names(header)
    row_maker = replace(maker, text_column=columns[choose_text_column(header, text_column, name=file.name)])

    def rows() -> Iterator[Row]:
        for number, fields in enumerate(_body(file, delimiter), start=1):
            if fields is None:
                message = "the row cannot be split into fields: a quote is left open, or a field is too long"
                yield row_maker.broken(number, message)
            elif len(fields) != len(columns):
                message = (
                    f"expected {len(columns)} fields, found {len(fields)}: correct its quotes and delimiters"
                )
                yield row_maker.broken(number, message, dict(zip(columns, fields, strict=False)))
            else:
                yield row_maker.row(number, dict(zip(columns, fields, strict=True)))

    return Source(file.name, columns, sum(1 for _ in _body(file, delimiter)), rows, file.note)


def _body(file: TextFile, delimiter: str) -> Iterator[list[str] | None]:
    records = _records(file, delimiter)
    next(records, None)
    return without_trailing(records, lambda fields: fields is not None and not any(map(str.strip, fields)))


def _records(file: TextFile, delimiter: str) -> Iterator[list[str] | None]:
    """Yield the fields of each record, None for one that cannot be split.

    A quote left open would swallow the rest of the file. So such a record is only its first line, and the
    lines after it are read again as records of their own.
    """
    csv.field_size_limit(MAX_LINE_CHARS)
    lines = _RereadableLines(file.lines(newline=""))
    while True:
        lines.begin_record()
        try:
            fields: list[str] | None = next(csv.reader(lines, delimiter=delimiter))
        except StopIteration:
            return
        except csv.Error:
            fields = None
        if fields is None or lines.ended_inside_record:
            lines.reread_after_first()
            fields = None
        yield fields


class _RereadableLines:
    """Lines that remember what the current record took, so that it can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._given_back: deque[str] = deque()
        self._taken: list[str] = []
        self.ended_inside_record = False

    def __iter__(self) -> "_RereadableLines":
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else next(self._lines, None)
        if line is None:
            self.ended_inside_record = bool(self._taken)
            raise StopIteration
        self._taken.append(line)
        return line

    def begin_record(self) -> None:
        self._taken = []
        self.ended_inside_record = False

    def reread_after_first(self) -> None:
        self._given_back.extendleft(reversed(self._taken[1:]))
