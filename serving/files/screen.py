"""Sources -> rows -> chunks -> records -> writer: in order, one record a row."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from models.screening import PRIORITIES, Document, OperatingPoint, Screening, ScreeningError
from serving.files.row import Row, Source

if TYPE_CHECKING:  # its rules take a second to import, and only the caller knows whether it will screen
    from models.screener import Screener

CHUNK_ROWS = 1024
CHUNKS_AT_ONCE = 2
CHUNK_CHARS = 4_000_000 // CHUNKS_AT_ONCE
GATED = "answered by the gate"


@dataclass(frozen=True, slots=True)
class ScreenedRow:
    """A row and what was found in it."""

    row: Row
    record: Screening | ScreeningError


class Writer(Protocol):
    """Takes screened rows, in order."""

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Append the rows."""

    def close(self) -> None:
        """Write what is left."""


def screen_sources(
    sources: Sequence[Source],
    screener: "Screener",
    writer: Writer,
    operating_point: OperatingPoint,
    *,
    cascade: bool = False,
    after_chunk: Callable[[int], None] = lambda _: None,
) -> Counter[str]:
    """Screen all rows of the sources in order.

    Args:
        sources: inputs.
        screener: what screens.
        writer: takes every row with its record.
        operating_point: which thresholds raise a flag.
        cascade: let the model's gate answer for the clearly benign.
        after_chunk: called with the number of rows just written.

    Returns:
        How many rows got each priority, or `error`; and how many `GATED` of them the gate answered for.
    """
    tally: Counter[str] = Counter()
    rows = chain.from_iterable(source.rows() for source in sources)
    for screened in screened_chunks(chunks(rows), screener, operating_point, cascade=cascade):
        writer.write(screened)
        tally.update(tally_of(screened))
        after_chunk(len(screened))
    return tally


def screened_chunks(
    chunks: Iterable[Sequence[Row]],
    screener: "Screener",
    operating_point: OperatingPoint,
    *,
    cascade: bool = False,
) -> Iterator[list[ScreenedRow]]:
    """Yield the rows of each chunk with their records, in order.

    `CHUNKS_AT_ONCE` are screened side by side: the network computes one while rules read another.
    """

    def screened(chunk: Sequence[Row]) -> list[ScreenedRow]:
        return screen_chunk(chunk, screener, operating_point, cascade=cascade)

    with ThreadPoolExecutor(CHUNKS_AT_ONCE, thread_name_prefix="screening") as threads:
        under_way: deque[Future[list[ScreenedRow]]] = deque()
        try:
            for chunk in chunks:
                under_way.append(threads.submit(screened, chunk))
                if len(under_way) > CHUNKS_AT_ONCE:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for one in under_way:
                one.cancel()


def summary(tally: Counter[str], seconds: float, *, cascade: bool = False) -> str:
    """Return the counts of a run in one line; with `cascade`, what of it the gate answered for."""
    counts = [f"{tally[priority]:,} {priority}" for priority in PRIORITIES]
    gated = f", {tally[GATED]:,} {GATED}" if cascade else ""
    rows = rows_of(tally)
    return f"{rows:,} rows: {', '.join(counts)}, {tally['error']:,} errors{gated}, {seconds:.1f} seconds"


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows in lists of at most `CHUNK_ROWS`, fewer where they are long: memory stays flat."""
    chunk: list[Row] = []
    chars = 0
    for row in rows:
        chunk.append(row)
        chars += sum(len(str(value)) for value in row.columns.values())
        if len(chunk) == CHUNK_ROWS or chars >= CHUNK_CHARS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


def screen_chunk(
    chunk: Sequence[Row], screener: "Screener", operating_point: OperatingPoint, *, cascade: bool = False
) -> list[ScreenedRow]:
    """Return every row with its record; rows that could not be read keep their error."""
    documents = [row.document for row in chunk if isinstance(row.document, Document)]
    records = iter(screener.screen(documents, operating_point, cascade=cascade))
    return [
        ScreenedRow(row, _warned(next(records), row) if isinstance(row.document, Document) else row.document)
        for row in chunk
    ]


def _warned(record: Screening | ScreeningError, row: Row) -> Screening | ScreeningError:
    if not row.warnings or isinstance(record, ScreeningError):
        return record
    return replace(record, warnings=(*record.warnings, *row.warnings))


def tally_of(screened: Sequence[ScreenedRow]) -> Counter[str]:
    """Return how many rows got each priority, or `error`; and how many `GATED` the gate answered for."""
    tally = Counter(map(_outcome, screened))
    tally[GATED] = sum(map(_is_gated, screened))
    return tally


def rows_of(tally: Counter[str]) -> int:
    """Return how many rows a tally is of."""
    return tally.total() - tally[GATED]


def _outcome(screened: ScreenedRow) -> str:
    return "error" if isinstance(screened.record, ScreeningError) else screened.record.priority


def _is_gated(screened: ScreenedRow) -> bool:
    return isinstance(screened.record, Screening) and screened.record.stage == "cascade"
