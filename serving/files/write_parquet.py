"""Writes Parquet: the flat columns of a spreadsheet, and the whole record as JSON beside them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from serving.files.flat import RECORD_COLUMNS, Cell, flat_header, flat_row
from serving.files.screen import ScreenedRow
from serving.files.write_jsonl import json_line

WHOLE_RECORD = "scamscreen_record"
_NUMBERS = ("role_proba", "language_proba")


class ParquetWriter:
    """Writes the input's columns as strings, then the record's, then the line that JSONL would have.

    The input's columns are strings whatever they were (what is no text stands as JSON), so that all files of
    a job, and parts in which a column is empty, have one schema. Scores are doubles.
    """

    def __init__(self, file: Path | BinaryIO, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._schema = _schema(self._columns)
        self._parquet = pq.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Append the rows."""
        cells = [[*self._cells(screened), json_line(screened)] for screened in rows]
        arrays = [
            pa.array(column, field.type)
            for column, field in zip(zip(*cells, strict=True), self._schema, strict=True)
        ]
        self._parquet.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is left."""
        self._parquet.close()

    def _cells(self, screened: ScreenedRow) -> list[Cell]:
        cells = flat_row(screened, self._columns)
        n_own = len(self._columns)
        return [*(_string(cell) for cell in cells[:n_own]), *cells[n_own:]]


def _schema(columns: Sequence[str]) -> pa.Schema:
    whole_record = WHOLE_RECORD
    while whole_record in columns:
        whole_record = f"scamscreen_{whole_record}"
    types = [*(pa.string() for _ in columns), *map(_record_type, RECORD_COLUMNS), pa.string()]
    return pa.schema(zip([*flat_header(columns), whole_record], types, strict=True))


def _record_type(column: str) -> pa.DataType:
    return pa.float64() if column.startswith("p_") or column in _NUMBERS else pa.string()


def _string(cell: Cell) -> str | None:
    return cell if cell is None or isinstance(cell, str) else json.dumps(cell)
