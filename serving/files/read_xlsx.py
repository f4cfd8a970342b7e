"""Reads .xlsx: the first sheet, a header row, then one text a row.

Rows are streamed; the table of shared strings that Excel writes is held in memory by openpyxl.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from models.errors import InputError
from serving.files.columns import choose_text_column, unique_names
from serving.files.lines import without_trailing
from serving.files.row import Row, RowMaker, Source

_NOT_A_WORKBOOK = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
)


def read_xlsx(path: Path, maker: RowMaker, *, text_column: str | None) -> Source:
    """Return the rows under the header of the first sheet.

    Raises:
        InputError: not a workbook, no header or no text column.
    """
    with _first_sheet(path) as cells:
        header = [("" if cell is None else str(cell)) for cell in next(cells, ())]
        first = next(cells, None)
    while header and not header[-1]:
        header.pop()
    if not header:
        raise InputError(f"{path} has no header row: expected the names of its columns in the first row")
    columns = unique_names(header)
    row_maker = replace(maker, text_column=columns[choose_text_column(header, text_column, name=str(path))])

    def rows() -> Iterator[Row]:
        with _first_sheet(path) as cells:
            next(cells, None)
            for number, values in enumerate(cells, start=1):
                padded = values + (None,) * (len(columns) - len(values))
                named = dict(zip(columns, padded, strict=False))
                if any(value is not None for value in padded[len(columns) :]):
                    message = f"expected {len(columns)} cells, found more: name every column in the first row"
                    yield row_maker.broken(number, message, named)
                else:
                    yield row_maker.row(number, named)

    return Source(str(path), columns, None if first is not None else 0, rows)


@contextmanager
def _first_sheet(path: Path) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Open the first sheet as a stream of rows of cell values, blank rows at the end left out."""
    with path.open("rb") as file:
        try:
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
            sheet = workbook.worksheets[0]
        except (*_NOT_A_WORKBOOK, IndexError) as error:
            raise InputError(f"{path} is not an Excel workbook: save it as .xlsx or .csv") from error
        sheet.reset_dimensions()  # many programs write wrong ones
        try:
            yield without_trailing(
                _cells(path, sheet), lambda values: all(value in (None, "") for value in values)
            )
        finally:
            workbook.close()


def _cells(path: Path, sheet: ReadOnlyWorksheet) -> Iterator[tuple[Any, ...]]:
    rows = sheet.iter_rows(values_only=True)
    while True:
        try:
            values = next(rows, None)
        except _NOT_A_WORKBOOK as error:
            raise InputError(f"{path} is damaged and cannot be read to its end: save it again") from error
        if values is None:
            return
        yield values
