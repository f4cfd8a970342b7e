"""Writes CSV that Excel opens as it is: a byte order mark for Thai and its neighbours, and no formulas."""

import csv
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from serving.files.flat import Cell, flat_header, flat_row, without_formula
from serving.files.screen import ScreenedRow


class CsvWriter:
    """Writes the input's columns, then the record's."""

    def __init__(self, file: Path | BinaryIO, columns: Sequence[str]) -> None:
        """Begin a file.

        Args:
            file: where it is written; an open one is closed with the writer.
            columns: names of the input's own columns.
        """
        self._columns = tuple(columns)
        opened = file.open("wb") if isinstance(file, Path) else file
        self._file = TextIOWrapper(opened, encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(_harmless(flat_header(self._columns)))

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Append the rows."""
        self._csv.writerows(_harmless(flat_row(screened, self._columns)) for screened in rows)
        self._file.flush()

    def close(self) -> None:
        """Write what is left."""
        self._file.close()


def _harmless(cells: Sequence[Cell]) -> list[Cell]:
    return [without_formula(cell) if isinstance(cell, str) else cell for cell in cells]
