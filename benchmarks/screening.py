"""The screener as every comparison uses it: without the cache, for texts come round again."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.outcome import Expected
from models.screener import Screener, load_screener
from models.screening import Document, Screening, ScreeningError

CHUNK = 1024
"""Documents per call, as the command line's."""


def load_uncached(*, threads: int) -> Screener:
    """Return the shipped screener without a cache."""
    options: dict[str, Any] = {"threads": threads}
    if "cache_bytes" in inspect.signature(load_screener).parameters:
        options["cache_bytes"] = 0
    return load_screener(**options)


def screen(
    screener: Screener, documents: Sequence[Document], per_call: int = CHUNK
) -> Iterator[Screening | ScreeningError]:
    """Yield the records of the documents, so many a call."""
    for start in range(0, len(documents), per_call):
        yield from screener.screen(documents[start : start + per_call])


def expected_records(screener: Screener, documents: Sequence[Document]) -> list[Expected]:
    """Return what the service must say of every document."""
    expected = []
    for record in screen(screener, documents):
        if isinstance(record, ScreeningError):
            raise ValueError(f"a text of the mix cannot be screened: {record.code}")
        thresholds = {code: record.thresholds[code] for code in (*record.flags, *record.context_labels)}
        expected.append(Expected(dict(record.labels), thresholds))
    return expected
