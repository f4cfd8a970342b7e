"""A logistic head on pooled vectors: what one label needs where the encoder stays as it is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from training.metrics import BoolArray, FloatArray

STRENGTH: Final = 10.0
"""Inverse of the penalty on the weights; the vectors of a `Space` are of length 1 on average."""
_FOLDS: Final = 5
_LEAST_SPREAD: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Space:
    """Where vectors of one pool lie around zero, each dimension as wide as the next.

    Attributes:
        mean, scale: (width,) float32, of the pool, labelled or not.
    """

    mean: FloatArray
    scale: FloatArray

    @classmethod
    def of(cls, vectors: FloatArray) -> "Space":
        """Return the space of a pool's pooled vectors, (n, width)."""
        spread = np.maximum(vectors.std(0), _LEAST_SPREAD) * np.sqrt(vectors.shape[1])
        return cls(vectors.mean(0).astype(np.float32), spread.astype(np.float32))

    def place(self, vectors: FloatArray) -> FloatArray:
        """Return (n, width) vectors in this space: of the pool itself, of mean 0 and mean square length 1."""
        return np.asarray((vectors - self.mean) / self.scale, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Head:
    """Weights (width,) and bias of one label, and the Platt scaling of what they say."""

    weights: FloatArray
    bias: float
    slope: float = 1.0
    shift: float = 0.0

    def logits(self, placed: FloatArray) -> FloatArray:
        """Return (n,) logits of vectors placed in the space it was fitted in."""
        raw = placed @ self.weights + self.bias
        return np.asarray(self.slope * raw + self.shift, dtype=np.float32)

    def proba(self, placed: FloatArray) -> FloatArray:
        """Return (n,) probabilities that the label holds."""
        return np.asarray(1 / (1 + np.exp(-self.logits(placed).astype(np.float64))), dtype=np.float32)


def fit_head(placed: FloatArray, truth: BoolArray, *, calibrated: bool = False) -> Head | None:
    """Return the head of one label, or None while one of the two classes has no example.

    Args:
        placed: (n, width) vectors of labelled texts, placed by the `Space` of the pool.
        truth: (n,) whether the label holds.
        calibrated: whether its probabilities are scaled by what it says of texts it was not fitted on; that
            takes five examples of either class, with fewer they stay as they are.

    Source: Platt 1999, "Probabilistic Outputs for Support Vector Machines"; scaled on out-of-fold logits.
    """
    if truth.all() or not truth.any():
        return None
    fitted = _regression(STRENGTH).fit(placed, truth)
    head = Head(np.asarray(fitted.coef_[0], dtype=np.float32), float(fitted.intercept_[0]))
    if not calibrated or min(truth.sum(), (~truth).sum()) < _FOLDS:
        return head
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    unseen = cross_val_predict(_regression(STRENGTH), placed, truth, cv=folds, method="decision_function")
    platt = _regression(1.0).fit(unseen[:, None], truth)
    slope = max(float(platt.coef_[0, 0]), _LEAST_SPREAD)  # an order turned round would be worse than none
    return Head(head.weights, head.bias, slope, float(platt.intercept_[0]))


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=1000)
