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
    columns, rows = xlsx_table(path, mapping.sheet)
    check_columns(path.name, columns, mapping)
    yield from rows_of_table(path.name, rows, mapping)


def xlsx_table(path: Path, sheet: str) -> tuple[list[str], Iterator[tuple[int, dict[str, Any]]]]:
    """Return the named columns of a sheet, and the number and the cells of each row that is not blank.

    Args:
        path: of the workbook.
        sheet: its name; "" is the first.

    Raises:
        TrainingDataError: the file is no workbook, or has no such sheet.
    """
    rows = _rows(path, sheet)
    columns = [word(cell) for cell in next(rows, (1, ()))[1]]
    named = [column for column in columns if column]
    cells = (
        (
            number,
            dict.fromkeys(named)
            | {column: value for column, value in zip(columns, row, strict=False) if column},
        )
        for number, row in rows
        if any(value is not None for value in row)
    )
    return named, cells


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
