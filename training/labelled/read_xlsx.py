"""XLSX: one sheet, its first row names the columns."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from models.errors import TrainingDataError
from training.labelled.mapping import LabelMapping
from training.labelled.raw import RawRow, word
from training.labelled.table_rows import check_columns, rows_of_table

_BROKEN: Final = (
    *(BadZipFile, InvalidFileException, ParseError, zlib.error, struct.error, OSError, EOFError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, RuntimeError),  # openpyxl checks little
)


def read_xlsx(path: Path, mapping: LabelMapping) -> Iterator[RawRow]:
    """Yield what the rows of a sheet say: the one that the mapping names, else the first.

    Raises:
        TrainingDataError: the file is no workbook, has no such sheet, or a column is missing.
    """
    rows = _rows(path, mapping.sheet)
    header = next(rows, (1, ()))[1]
    names = [word(cell) for cell in header]
    check_columns(path.name, [name for name in names if name], mapping)
    cells = (
        (number, {name: value for name, value in zip(names, row, strict=False) if name})
        for number, row in rows
        if any(value is not None for value in row)
    )
    yield from rows_of_table(path.name, cells, mapping)


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows of a sheet with the numbers that the spreadsheet shows."""
    number = 0
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
        if sheet and sheet not in workbook.sheetnames:
            raise TrainingDataError(f"{path.name}: no sheet {sheet!r} among its {len(workbook.sheetnames)}")
        worksheet = workbook[sheet] if sheet else workbook.worksheets[0]
        for number, row in enumerate(worksheet.iter_rows(values_only=True), start=1):
            yield number, row
        workbook.close()
    except _BROKEN:
        raise TrainingDataError(
            f"{path.name}: no workbook, or broken after row {number}: save it anew as .xlsx"
        ) from None  # the error may quote a cell
