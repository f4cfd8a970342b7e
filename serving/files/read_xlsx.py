"""Reads .xlsx: of every sheet with a text column the header row, then one text a row.

Rows are streamed; the table of shared strings that Excel writes is held in memory by openpyxl.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from models.errors import InputError
from serving.files.columns import choose_text_column, is_plain_name, unique_names
from serving.files.lines import without_trailing
from serving.files.row import Row, RowMaker, Source

MAX_SHEETS = 256
MAX_ROWS = 1_048_576  # of Excel
MAX_COLUMNS = 2_000
_NOT_A_WORKBOOK = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    IndexError,
    OverflowError,
    RuntimeError,  # encrypted, or packed in a way that is unknown
    OSError,  # a zip file of something else
    zlib.error,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that is read.

    Attributes:
        index: its place in the workbook.
        title: its name there.
        columns: names of all its columns.
        text_column: which of them is the text.
        has_rows: whether there is anything under its header.
    """

    index: int
    title: str
    columns: tuple[str, ...]
    text_column: str
    has_rows: bool


def read_xlsx(
    name: str, open_bytes: Callable[[], BinaryIO], maker: RowMaker, *, text_column: str | None
) -> Source:
    """Return the rows under the headers of all sheets with a text column; the note names the others.

    Raises:
        InputError: not a workbook, or no sheet has a header and a text column.
    """
    sheets: list[_Sheet] = []
    left_out: list[str] = []
    with _worksheets(name, open_bytes) as worksheets:
        for index, worksheet in enumerate(worksheets):
            cells = _cells(name, worksheet)
            header, first = _header(next(cells, ())), next(cells, None)
            called = name if len(worksheets) == 1 else _shown_name(index, worksheet.title)
            if not header:
                left_out.append(
                    f"{called} has no header row: expected the names of its columns in the first row"
                )
                continue
            try:
                text_index = choose_text_column(header, text_column, name=called)
            except InputError as error:
                left_out.append(str(error))
                continue
            columns = unique_names(header)
            sheets.append(_Sheet(index, worksheet.title, columns, columns[text_index], first is not None))
    if not sheets:
        raise InputError("; ".join(left_out) if len(left_out) == 1 else f"{name}: {'; '.join(left_out)}")

    def rows() -> Iterator[Row]:
        with _worksheets(name, open_bytes) as worksheets:
            for sheet in sheets:
                prefix = f"{maker.id_prefix}{sheet.title}:" if len(sheets) > 1 else maker.id_prefix
                row_maker = replace(maker, text_column=sheet.text_column, id_prefix=prefix)
                cells = _cells(name, worksheets[sheet.index])
                next(cells, None)
                for number, values in enumerate(cells, start=1):
                    yield _row(row_maker, number, sheet.columns, values)

    return Source(
        name,
        tuple(dict.fromkeys(chain.from_iterable(sheet.columns for sheet in sheets))),
        None if any(sheet.has_rows for sheet in sheets) else 0,
        rows,
        f"{name}: not all sheets are screened: {'; '.join(left_out)}" if left_out else None,
    )


def first_rows(
    name: str, open_bytes: Callable[[], BinaryIO], count: int
) -> list[tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """Return the columns and the first rows of each sheet that has a header.

    Raises:
        InputError: it is not a workbook.
    """
    found = []
    with _worksheets(name, open_bytes) as worksheets:
        for worksheet in worksheets:
            cells = _cells(name, worksheet)
            if header := _header(next(cells, ())):
                found.append((unique_names(header), list(islice(cells, count))))
    return found


def _row(maker: RowMaker, number: int, columns: Sequence[str], values: tuple[Any, ...]) -> Row:
    """Return the row; cells beyond the header have no name and are left aside with a warning."""
    padded = values + (None,) * (len(columns) - len(values))
    unnamed = any(value not in (None, "") for value in padded[len(columns) :])
    named = dict(zip(columns, padded, strict=False))
    return maker.row(number, named, warnings=("ignored_unnamed_cells",) if unnamed else ())


def _header(values: Sequence[Any]) -> list[str]:
    header = [("" if value is None else str(value)) for value in values]
    while header and not header[-1]:
        header.pop()
    return header


def _shown_name(index: int, title: str) -> str:
    return f"sheet {index + 1} ({title})" if is_plain_name(title) else f"sheet {index + 1}"


@contextmanager
def _worksheets(name: str, open_bytes: Callable[[], BinaryIO]) -> Iterator[list[ReadOnlyWorksheet]]:
    """Open a workbook to stream the rows of its sheets."""
    with open_bytes() as file:
        try:
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _NOT_A_WORKBOOK as error:
            raise InputError(f"{name} is not an Excel workbook: save it as .xlsx or .csv") from error
        try:
            if not workbook.worksheets:
                raise InputError(f"{name} has no sheet with cells: save it as .xlsx or .csv")
            if len(workbook.worksheets) > MAX_SHEETS:
                raise InputError(f"{name} has over {MAX_SHEETS} sheets: split it")
            yield workbook.worksheets
        finally:
            workbook.close()


def _cells(name: str, sheet: ReadOnlyWorksheet) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of cell values from the first, blank rows at the end left out."""
    return without_trailing(
        _all_cells(name, sheet), lambda values: all(value in (None, "") for value in values)
    )


def _all_cells(name: str, sheet: ReadOnlyWorksheet) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # many programs write wrong ones
    rows = sheet.iter_rows(values_only=True)
    for number in count(1):
        try:
            values = next(rows, None)
        except _NOT_A_WORKBOOK as error:
            raise InputError(f"{name} is damaged and cannot be read to its end: save it again") from error
        if values is None:
            return
        if number > MAX_ROWS:  # openpyxl counts up to whatever a row says that it is
            raise InputError(
                f"{name} is damaged: it has rows beyond the {MAX_ROWS:,} of a sheet: save it again"
            )
        if len(values) > MAX_COLUMNS:  # openpyxl makes as many as the last cell says that there are
            raise InputError(f"{name} has over {MAX_COLUMNS:,} columns: leave out those that nobody needs")
        yield tuple(values)  # openpyxl gives a list for a row that is absent
