"""Writes XLSX row by row; every text is a plain string cell, so that nothing in it runs."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from serving.files.flat import Cell, flat_header, flat_row
from serving.files.screen import ScreenedRow

MAX_SHEET_ROWS = 1_048_576
MAX_CELL_CHARS = 32_767  # UTF-16 units, as Excel counts
CUT_MARK = " [cut: longer than an Excel cell]"
_LARGEST_INTEGER = 10**15  # Excel keeps 15 digits


class XlsxWriter:
    """Writes the input's columns, then the record's; after a full sheet comes another with its header."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._path = path
        self._columns = tuple(columns)
        self._workbook = Workbook(write_only=True)
        self._begin_sheet()

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Append the rows."""
        for screened in rows:
            if self._rows_in_sheet == MAX_SHEET_ROWS:
                self._begin_sheet()
            self._append(flat_row(screened, self._columns))

    def close(self) -> None:
        """Write the workbook."""
        with self._path.open("wb") as file:
            self._workbook.save(file)

    def _begin_sheet(self) -> None:
        number = len(self._workbook.worksheets) + 1
        self._sheet = self._workbook.create_sheet("screening" if number == 1 else f"screening {number}")
        self._rows_in_sheet = 0
        self._append(flat_header(self._columns))

    def _append(self, cells: Sequence[Cell]) -> None:
        self._sheet.append([self._xlsx_cell(cell) for cell in cells])
        self._rows_in_sheet += 1

    def _xlsx_cell(self, value: Cell) -> Cell | ExcelCell:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LARGEST_INTEGER:
            value = str(value)
        if not isinstance(value, str):
            return value
        cell = WriteOnlyCell(self._sheet, excel_text(value))
        cell.data_type = "s"  # else openpyxl makes a formula of what starts with "="
        return cell


def excel_text(text: str) -> str:
    """Return the text without characters XLSX forbids, cut with a mark if it is longer than a cell."""
    allowed: str = ILLEGAL_CHARACTERS_RE.sub("", text).replace("\ufffe", "").replace("\uffff", "")
    units = allowed.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_CHARS:
        return allowed
    kept = units[: 2 * (MAX_CELL_CHARS - len(CUT_MARK))]
    return kept.decode("utf-16-le", errors="ignore") + CUT_MARK
