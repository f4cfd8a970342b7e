"""Whether what is screened now is like what was screened just before: counts of two windows, no text."""

import math
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

WINDOW: Final = 1000
_NONE: Final = "none"


class DriftWindow:
    """Counts languages and flags of the last documents; compares every full window with the one before it.

    What it holds is bounded by the number of languages and labels it is told. Safe to share between threads.
    """

    def __init__(self, size: int = WINDOW) -> None:
        """Begin to count.

        Args:
            size: documents a window.
        """
        self._size = size
        self._lock = threading.Lock()
        self._now: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._before: tuple[Counter[str], Counter[str]] | None = None

    def add(self, language: str, flags: Sequence[str]) -> tuple[float, float] | None:
        """Count a document; return how far languages and flags have moved, if it fills a window.

        Args:
            language: a name out of few: whoever calls bounds it.
            flags: label codes; none counts as one of its own.

        Returns:
            The divergences of languages and of flags from the window before, see `divergence`; None where no
            window is full or none was before it.
        """
        with self._lock:
            languages, labels = self._now
            languages[language] += 1
            labels.update(flags or (_NONE,))
            if languages.total() < self._size:
                return None
            before, self._before, self._now = self._before, self._now, (Counter(), Counter())
            if before is None:
                return None
            return divergence(before[0], languages), divergence(before[1], labels)


def divergence(first: Mapping[str, int], second: Mapping[str, int]) -> float:
    """Return the Jensen-Shannon divergence of two tables of counts in bits: 0 alike, 1 nothing in common.

    Two windows of 1,000 documents of the same kind are apart by chance: with twelve languages they stay under
    0.008 in 95 of 100 cases, with 23 flags under 0.013 (chi-square over 4 n ln 2).

    Source: Lin 1991, "Divergence Measures Based on the Shannon Entropy".
    """
    totals = sum(first.values()), sum(second.values())
    apart = 0.0
    for name in {*first, *second}:
        p, q = first.get(name, 0) / totals[0], second.get(name, 0) / totals[1]
        middle = (p + q) / 2
        apart += sum(share / 2 * math.log2(share / middle) for share in (p, q) if share)
    return min(max(apart, 0.0), 1.0)
