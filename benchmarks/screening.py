"""The screener as every comparison uses it: without the cache, for texts come round again."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.outcome import Expected
from models.screener import Screener, load_screener
from models.screening import Document, Screening, ScreeningError
from serving.files.screen import CHUNKS_AT_ONCE

CHUNK = 1024
"""Documents per call, as the command line's."""


def load_uncached(*, threads: int) -> Screener:
    """Return the shipped screener without a cache."""
    return load_screener(threads=threads, cache_bytes=0)


def screen(
    screener: Screener, documents: Sequence[Document], per_call: int = CHUNK
) -> Iterator[Screening | ScreeningError]:
    """Yield the records of the documents, so many a call, as many calls at once as the command line has."""
    calls = [documents[start : start + per_call] for start in range(0, len(documents), per_call)]
    with ThreadPoolExecutor(CHUNKS_AT_ONCE) as threads:
        for records in threads.map(screener.screen, calls):
            yield from records


def expected_records(screener: Screener, documents: Sequence[Document]) -> list[Expected]:
    """Return what the service must say of every document."""
    expected = []
    for record in screen(screener, documents):
        if isinstance(record, ScreeningError):
            raise ValueError(f"a text of the mix cannot be screened: {record.code}")
        thresholds = {code: record.thresholds[code] for code in (*record.flags, *record.context_labels)}
        expected.append(Expected(dict(record.labels), thresholds))
    return expected
