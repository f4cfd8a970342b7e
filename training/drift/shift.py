"""Two samples of texts, rows of counts -> how far apart they are, and how far chance would put them."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.metrics import BoolArray

FloatArray64 = npt.NDArray[np.float64]

DRAWS: Final = 999
_AT_ONCE: Final = 100  # draws, so that a large vocabulary stays in memory
LEVEL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Shift:
    """How far two samples are apart.

    Attributes:
        divergence: Jensen-Shannon divergence in bits, in [0, 1]: 0 alike, 1 nothing in common.
        noise: what 95 in 100 random divisions of the same texts stay under.
        p: share of random divisions at least as far apart, in (0, 1].
        parts: (k,) what each column adds to the divergence, in bits.
    """

    divergence: float
    noise: float
    p: float
    parts: FloatArray64


def divisions(before: int, after: int, *, seed: int) -> BoolArray:
    """Return (DRAWS, before + after) random divisions of texts into two periods of the same sizes."""
    of_first = np.zeros(before + after, dtype=bool)
    of_first[:before] = True
    return np.random.default_rng(seed).permuted(np.tile(of_first, (DRAWS, 1)), axis=1)


def measure(counts: Any, before: int, drawn: BoolArray) -> Shift:  # noqa: ANN401 (scipy has no types)
    """Return how far the first `before` rows are from the others.

    Texts are exchanged whole, so what belongs together within a text is not taken for evidence.

    Args:
        counts: (n, k) sparse matrix of counts, 0 or more, a row a text.
        before: how many rows are of the first period.
        drawn: (draws, n) `divisions` of those rows.

    Source: Lin 1991, "Divergence Measures Based on the Shannon Entropy"; permutation test, the observed
    division counted among the drawn ones (Phipson & Smyth 2010, "Permutation P-values Should Never Be Zero").
    """
    total = np.asarray(counts.sum(0), dtype=np.float64).ravel()
    first = np.asarray(counts[:before].sum(0), dtype=np.float64).ravel()
    parts = _parts(first[None], (total - first)[None])[0]
    by_chance = []
    for start in range(0, len(drawn), _AT_ONCE):
        sums = np.asarray(drawn[start : start + _AT_ONCE].astype(np.float64) @ counts)
        by_chance += _parts(sums, total - sums).sum(1).tolist()
    found = float(parts.sum())
    as_far = sum(one >= found - 1e-12 for one in by_chance)
    return Shift(found, float(np.quantile(by_chance, 0.95)), (1 + as_far) / (1 + len(by_chance)), parts)


def _parts(first: FloatArray64, second: FloatArray64) -> FloatArray64:
    """Return (draws, k) what each column adds to the divergence of two rows of counts, in bits."""
    p = first / np.maximum(first.sum(1, keepdims=True), 1)
    q = second / np.maximum(second.sum(1, keepdims=True), 1)
    return np.asarray(_entropy_parts((p + q) / 2) - (_entropy_parts(p) + _entropy_parts(q)) / 2)


def _entropy_parts(p: FloatArray64) -> FloatArray64:
    return np.asarray(-p * np.log2(p, out=np.zeros_like(p), where=p > 0))
