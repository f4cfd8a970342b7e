"""The screener as every comparison uses it: without the cache, for texts come round again."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.outcome import Expected
from benchmarks.texts import build_texts, documents_of, written_pools
from models.loading import load_screener
from models.screener import Screener
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


def go_through(screener: Screener, documents: Sequence[Document], per_call: int) -> None:
    """Screen the documents and keep nothing."""
    for _ in screen(screener, documents, per_call):
        pass


def rate_of(work: Callable[[], None], documents: int, seconds: float) -> float:
    """Return documents/s of doing some work until `seconds` are over, at least once."""
    done = 0
    started = time.perf_counter()
    while done == 0 or time.perf_counter() - started < seconds:
        work()
        done += documents
    return done / (time.perf_counter() - started)


def records_per_second(n_texts: int, seconds: float, threads: int) -> float:
    """Return documents/s of whole records at 1,024 a call, in a process that does nothing else."""
    documents = documents_of(build_texts(n_texts, written_pools()))
    screener = load_uncached(threads=threads)
    go_through(screener, documents[:CHUNK], CHUNK)
    return rate_of(lambda: go_through(screener, documents, CHUNK), len(documents), seconds)


def expected_records(screener: Screener, documents: Sequence[Document]) -> list[Expected]:
    """Return what the service must say of every document."""
    expected = []
    for record in screen(screener, documents):
        if isinstance(record, ScreeningError):
            raise ValueError(f"a text of the mix cannot be screened: {record.code}")
        thresholds = {code: record.thresholds[code] for code in (*record.flags, *record.context_labels)}
        expected.append(Expected(dict(record.labels), thresholds))
    return expected
