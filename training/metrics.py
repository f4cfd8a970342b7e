"""Scores and their uncertainty: average precision, recall at a false-alarm rate, intervals, p-values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta
from sklearn.metrics import average_precision_score

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]

BOOTSTRAP_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its exact 95 % interval (Clopper & Pearson 1934)."""

    count: int
    n: int

    @classmethod
    def of(cls, hits: npt.ArrayLike, members: npt.ArrayLike) -> "Share":
        """Return the share of `members` (n,) bool that are `hits` (n,) bool."""
        member = np.asarray(members, dtype=bool)
        return cls(int(np.asarray(hits, dtype=bool)[member].sum()), int(member.sum()))

    @property
    def value(self) -> float:
        """The share, or NaN of nothing."""
        return self.count / self.n if self.n else float("nan")

    def interval(self) -> tuple[float, float]:
        """Return the two-sided 95 % interval."""
        if not self.n:
            return 0.0, 1.0
        low = beta.ppf(0.025, self.count, self.n - self.count + 1) if self.count else 0.0
        high = beta.ppf(0.975, self.count + 1, self.n - self.count) if self.count < self.n else 1.0
        return float(low), float(high)

    def to_dict(self) -> dict[str, float | int | list[float] | None]:
        """Return share (None of nothing: NaN is no JSON), n and interval for the report."""
        return {
            "share": round(self.value, 5) if self.n else None,
            "n": self.n,
            "interval95": [round(edge, 5) for edge in self.interval()],
        }


def scam_score(proba: FloatArray, columns: Sequence[int] | None = None) -> FloatArray:
    """Return 1 - product(1 - p) over the labels a source maps to, or all; (n, n_labels) -> (n,)."""
    of_source = proba if columns is None else proba[:, list(columns)]
    return np.asarray(1.0 - np.prod(1.0 - of_source.astype(np.float64), axis=1), dtype=np.float32)


def average_precision(truth: BoolArray, scores: FloatArray) -> float:
    """Return the area under the precision-recall curve; NaN when one class is absent."""
    if truth.all() or not truth.any():
        return float("nan")
    return float(average_precision_score(truth, scores))


def macro_average_precision(truth: BoolArray, proba: FloatArray, least: int) -> float | None:
    """Return the mean average precision of the columns with at least `least` positives, None without one.

    Args:
        truth: (n, n_labels).
        proba: (n, n_labels).
        least: positives a column needs to count.
    """
    columns = np.flatnonzero(truth.sum(0) >= least)
    if not len(columns):
        return None
    return float(np.mean([average_precision(truth[:, column], proba[:, column]) for column in columns]))


def recall(truth: BoolArray, flags: FloatArray) -> float:
    """Return the share of positives that are flagged (1, not 0); NaN of no positive."""
    return float(flags[truth].mean()) if truth.any() else float("nan")


def recall_at_false_alarms(truth: BoolArray, scores: FloatArray, share: float = 0.01) -> float:
    """Return the recall of the lowest threshold that flags at most `share` of the negatives.

    Ties are never split: a threshold flags every text of equal score or none.
    """
    if truth.all() or not truth.any():
        return float("nan")
    negatives = np.sort(scores[~truth])[::-1]
    allowed = int(np.floor(share * len(negatives)))
    return float((scores[truth] > negatives[allowed]).mean())


def paired_bootstrap(
    metric: Callable[[BoolArray, FloatArray], float],
    truth: BoolArray,
    ours: FloatArray,
    theirs: FloatArray,
    groups: Sequence[int],
    *,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the 95 % interval of metric(ours) - metric(theirs), drawing groups of near duplicates.

    Groups are drawn with replacement, as many as there are.

    Source: Koehn 2004, "Statistical Significance Tests for Machine Translation Evaluation".
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(np.asarray(groups), kind="stable")
    _, starts = np.unique(np.asarray(groups)[order], return_index=True)
    members = np.split(order, starts[1:])
    differences = []
    for _ in range(BOOTSTRAP_DRAWS):
        drawn = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        difference = metric(truth[drawn], ours[drawn]) - metric(truth[drawn], theirs[drawn])
        if np.isfinite(difference):
            differences.append(difference)
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)


def brier_skill(truth: BoolArray, proba: FloatArray) -> float:
    """Return 1 - Brier score / Brier score of always saying the prevalence: 1 perfect, 0 no better than it.

    Source: Murphy 1973, "A New Vector Partition of the Probability Score".
    """
    expected = float(truth.mean())
    reference = expected * (1 - expected)
    if not reference:
        return float("nan")
    return 1 - float(np.mean((proba.astype(np.float64) - truth) ** 2)) / reference


def calibration_error(truth: BoolArray, proba: FloatArray, least: float = 0.05) -> float:
    """Return the adaptive calibration error over texts of probability `least` or more, 10 bins of equal mass.

    Source: Nixon et al. 2019, "Measuring Calibration in Deep Learning" (ACE).
    """
    rows = proba >= least
    if not rows.any():
        return float("nan")
    bins = reliability(truth[rows], proba[rows])
    return float(np.average([abs(p - t) for p, t, _ in bins], weights=[n for *_, n in bins]))


def reliability(truth: BoolArray, proba: FloatArray, bins: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean probability, share positive, n) of bins of equal mass."""
    order = np.argsort(proba, kind="stable")
    return [
        (float(proba[part].mean()), float(truth[part].mean()), len(part))
        for part in np.array_split(order, bins)
        if len(part)
    ]


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values that hold for all of them together.

    Source: Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure".
    """
    order = np.argsort(p_values, kind="stable")
    adjusted = np.zeros(len(p_values))
    largest = 0.0
    for rank, index in enumerate(order.tolist()):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return [float(value) for value in adjusted]
