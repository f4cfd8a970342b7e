"""Certificates: at most 1 % of a language's benign texts get a flag, at 95 % confidence, or no certificate.

P(any label flagged | benign) at `balanced`, per language. One number moves all thresholds of a language
together in log-odds; it is set on `certify` texts that decide nothing else. How many of n texts may be
flagged follows from n alone, so looking at the scores cannot bend it (Clopper & Pearson 1934; order
statistics as in Vovk 2012, "Conditional validity of inductive conformal predictors"). Confidence is per
language, not for all at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from models.taxonomy import LABELS

FloatArray = npt.NDArray[np.float32]

LARGEST_SHARE: Final = 0.01
CONFIDENCE: Final = 0.95
LEAST_TEXTS: Final = 299  # the smallest n whose bound with no flag at all is 1 %
LEAST_MESSAGES: Final = 100
_LOWEST, _NEVER = 0.02, 1.01  # no probability reaches the latter


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is promised of one language.

    Attributes:
        n: benign texts it rests on, one a near-duplicate group.
        k: how many of them may be flagged, decided by n.
        bound: one-sided 95 % upper bound of the share flagged, with k of n.
        thresholds: label code -> threshold at `balanced`.
        sources: source -> texts.
    """

    n: int
    k: int
    bound: float
    thresholds: Mapping[str, float]
    sources: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the certificate as it travels in the manifest."""
        return {
            "n": self.n,
            "k": self.k,
            "bound": round(self.bound, 5),
            "confidence": CONFIDENCE,
            "sources": dict(sorted(self.sources.items())),
            "thresholds": dict(self.thresholds),
        }


def upper_bound(k: int, n: int) -> float:
    """Return the one-sided 95 % Clopper-Pearson upper bound of a share of which k in n were seen."""
    return 1.0 if k >= n else float(beta.ppf(CONFIDENCE, k + 1, n - k))


def allowed(n: int) -> int | None:
    """Return the largest k whose bound is at most 1 %, or None where n is too small for any."""
    if n < LEAST_TEXTS:
        return None
    k = 0
    while upper_bound(k + 1, n) <= LARGEST_SHARE:
        k += 1
    return k


def certified_thresholds(proba: FloatArray, pooled: Mapping[str, float], k: int) -> dict[str, float]:
    """Return a language's thresholds: the pooled ones moved together until at most k texts lie above.

    Args:
        proba: (n, n_labels) calibrated probabilities of benign `certify` texts of the language.
        pooled: label code -> threshold for all languages.
        k: how many texts may be flagged.
    """
    start = _log_odds(np.array([pooled[code] for code in LABELS]))
    margins = np.sort((_log_odds(proba.astype(np.float64)) - start).max(axis=1))[::-1]
    values = 1 / (1 + np.exp(-(start + margins[k])))
    # Records compare probabilities rounded to two decimals; the text at the order statistic is not flagged.
    above = np.round(values, 2) + 0.01
    return dict(zip(LABELS, np.clip(above, _LOWEST, _NEVER).round(2).tolist(), strict=True))


def _log_odds(proba: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    clipped = np.clip(proba, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)))
