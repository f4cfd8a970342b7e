"""Writes XLSX row by row; every text is a plain string cell, so that nothing in it runs.

Nothing but the workbook itself is written, once: so it can go to a connection, and no text lies in a
temporary file, as it would with openpyxl. The parts are those that ECMA-376, part 1, asks for at least.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import IO, BinaryIO, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from serving.files.flat import Cell, flat_header, flat_row
from serving.files.screen import ScreenedRow

MAX_SHEET_ROWS = 1_048_576
MAX_CELL_CHARS = 32_767  # UTF-16 units, as Excel counts
CUT_MARK = " [cut: longer than an Excel cell]"
_LARGEST_INTEGER = 10**15  # Excel keeps 15 digits
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS: Final = "application/vnd.openxmlformats-package.relationships+xml"
_SHEET_BEGIN: Final = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'  # the header stays in sight
    "</sheetView></sheetViews><sheetData>"
)
_SHEET_END: Final = "</sheetData></worksheet>"
_FIRST_PARTS: Final = (
    (
        "[Content_Types].xml",  # first, by which programs tell a workbook from other zip files
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{_RELATIONS}"/>'
        f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
    ),
)
_MOST_SHEET_BYTES: Final = 2_000_000_000  # beyond which zip files have a form that Excel takes for damage
_COMPRESSION: Final = 4  # a third of the time of 6, for a tenth more bytes


class XlsxWriter:
    """Writes the input's columns, then the record's; after a full sheet comes another with its header."""

    def __init__(self, file: Path | BinaryIO, columns: Sequence[str]) -> None:
        """Begin a workbook.

        Args:
            file: where it is written; need not be seekable.
            columns: names of the input's own columns.
        """
        self._columns = tuple(columns)
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION)
        for name, content in _FIRST_PARTS:
            self._zip.writestr(name, content)
        self._sheets = 0
        self._begin_sheet()

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Append the rows."""
        for screened in rows:
            if self._rows_in_sheet == MAX_SHEET_ROWS or self._bytes_in_sheet > _MOST_SHEET_BYTES:
                self._end_sheet()
                self._begin_sheet()
            self._append(flat_row(screened, self._columns))

    def close(self) -> None:
        """Write what is left."""
        self._end_sheet()
        for name, content in _last_parts(self._sheets):
            self._zip.writestr(name, content)
        self._zip.close()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._sheet: IO[bytes] = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w")
        self._sheet.write(_SHEET_BEGIN.encode())
        self._rows_in_sheet = self._bytes_in_sheet = 0
        self._append(flat_header(self._columns))

    def _end_sheet(self) -> None:
        self._sheet.write(_SHEET_END.encode())
        self._sheet.close()

    def _append(self, cells: Sequence[Cell]) -> None:
        self._rows_in_sheet += 1
        row = self._rows_in_sheet
        xml = [_cell(f"{get_column_letter(column)}{row}", cell) for column, cell in enumerate(cells, start=1)]
        self._bytes_in_sheet += self._sheet.write(f'<row r="{row}">{"".join(xml)}</row>'.encode())


def excel_text(text: str) -> str:
    """Return the text without characters XLSX forbids, cut with a mark if it is longer than a cell."""
    allowed: str = ILLEGAL_CHARACTERS_RE.sub("", text).replace("\ufffe", "").replace("\uffff", "")
    units = allowed.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_CHARS:
        return allowed
    kept = units[: 2 * (MAX_CELL_CHARS - len(CUT_MARK))]
    return kept.decode("utf-16-le", errors="ignore") + CUT_MARK


def _cell(place: str, value: Cell) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case float():
            return f'<c r="{place}"><v>{value!r}</v></c>'
        case int() if abs(value) < _LARGEST_INTEGER:
            return f'<c r="{place}"><v>{value}</v></c>'
        case _:
            text = escape(excel_text(str(value)))
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _last_parts(sheets: int) -> tuple[tuple[str, str], ...]:
    """Return what says of a workbook which sheets it has."""
    numbers = range(1, sheets + 1)
    named = "".join(
        f'<sheet name="{_title(number)}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATED}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    return (
        (
            "xl/workbook.xml",
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">'
            f"<bookViews><workbookView/></bookViews><sheets>{named}</sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        ),
    )


def _title(number: int) -> str:
    return "screening" if number == 1 else f"screening {number}"
