"""Reads .parquet, batch by batch."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from models.errors import InputError
from serving.files.columns import choose_text_column, unique_names
from serving.files.row import UNREADABLE, Row, RowMaker, Source

BATCH_ROWS = 1024


def read_parquet(path: Path, maker: RowMaker, *, text_column: str | None) -> Source:
    """Return the rows of a Parquet file.

    Raises:
        InputError: not a Parquet file, or no text column.
    """
    with _open(path) as file:
        header = file.schema_arrow.names
        total = file.metadata.num_rows
    columns = unique_names(header)
    row_maker = replace(maker, text_column=columns[choose_text_column(header, text_column, name=str(path))])

    def rows() -> Iterator[Row]:
        with _open(path) as file:
            number = 0
            for batch in _batches(path, file):
                for values in zip(*map(_values, batch.columns), strict=True):
                    number += 1
                    yield row_maker.row(number, dict(zip(columns, values, strict=True)))

    return Source(str(path), columns, total, rows)


def _open(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise InputError(f"{path} is not a Parquet file") from error


def _batches(path: Path, file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    try:
        yield from file.iter_batches(batch_size=BATCH_ROWS)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path} is damaged and cannot be read to its end") from error


def _values(column: pa.Array) -> list[Any]:
    """Return the values of a column; text that is not UTF-8 is marked, times are ISO text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return [_text(value) for value in column.cast(pa.large_binary()).to_pylist()]
    if pa.types.is_timestamp(column.type) or pa.types.is_time(column.type) or pa.types.is_date(column.type):
        return list(column.cast(pa.string()).to_pylist())
    return list(column.to_pylist())


def _text(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return UNREADABLE
