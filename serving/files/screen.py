"""Rows -> chunks -> records, in order, one record a row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.screener import Screener
from models.screening import Document, OperatingPoint, Screening, ScreeningError
from serving.files.row import Row

CHUNK_ROWS = 1024
CHUNK_CHARS = 4_000_000


@dataclass(frozen=True, slots=True)
class ScreenedRow:
    """A row and what was found in it."""

    row: Row
    record: Screening | ScreeningError


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows in lists of at most `CHUNK_ROWS`, fewer where texts are long: memory stays flat."""
    chunk: list[Row] = []
    chars = 0
    for row in rows:
        chunk.append(row)
        chars += len(row.text)
        if len(chunk) == CHUNK_ROWS or chars >= CHUNK_CHARS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


def screen_chunk(
    chunk: Sequence[Row], screener: Screener, operating_point: OperatingPoint
) -> list[ScreenedRow]:
    """Return every row with its record; rows that could not be read keep their error."""
    documents = [row.document for row in chunk if isinstance(row.document, Document)]
    records = iter(screener.screen(documents, operating_point))
    return [
        ScreenedRow(row, next(records) if isinstance(row.document, Document) else row.document)
        for row in chunk
    ]
