"""Which texts of a pool to label next: likely ones first, doubtful ones later, no two alike.

While hardly a positive of a label is known, the most probable texts are asked for (relevance feedback): where
positives are rare, doubt alone finds none of them. Soon come those a head is least sure of: probable ones
alone would teach it what it believes already. A share is drawn, for there may be a kind that the head knows
nothing of; drawn and not typical of many, for what is rare is typical of nothing.

Sources: Cormack & Grossman 2014, "Evaluation of Machine-Learning Protocols for Technology-Assisted Review";
Varadarajan et al. 2023, "Transfer and Active Learning for Dissonance Detection: Addressing the Rare-Class
Challenge" (probability of the rare class); Lesci & Vlachos 2024, "AnchorAL" (exploring keeps a head from
its first boundary); Zhdanov 2019, "Diverse mini-batch Active Learning" (k-means over the best candidates).
"""

import math
import warnings
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from training.metrics import BoolArray, FloatArray

IntArray = npt.NDArray[np.int64]
Name = TypeVar("Name", bound=Hashable)

Reason = Literal["likely", "doubtful", "drawn"]
"""Why a text is asked for: the label seems to hold, the head cannot tell, or it was drawn among all."""

SOUGHT: Final = 10
"""So many positives of a label are sought before doubt decides."""
_SHARES: Final[tuple[tuple[int, Mapping[Reason, float]], ...]] = (
    (1, {"likely": 0.5, "drawn": 0.5}),
    (SOUGHT, {"likely": 0.4, "doubtful": 0.4, "drawn": 0.2}),
)
_SHARES_LATER: Final[Mapping[Reason, float]] = {"doubtful": 0.7, "likely": 0.1, "drawn": 0.2}
_CANDIDATES: Final[Mapping[Reason, int]] = {"likely": 3, "doubtful": 5, "drawn": 100}
"""So many are looked at for each that is taken: the best, of drawn ones any."""
_LEAST_WEIGHT: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Standing:
    """How well one label is known.

    Attributes:
        code: the label.
        proba: (n,) float32, of each text of the pool: how probable it is that the label holds.
        positives: how many positives are known.
    """

    code: str
    proba: FloatArray
    positives: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A text to label: its row in the pool, for which label, and why."""

    row: int
    code: str
    reason: Reason


def choose(
    n: int,
    placed: FloatArray,
    standings: Sequence[Standing],
    languages: Sequence[str],
    groups: Sequence[int],
    *,
    seed: int,
) -> list[Choice]:
    """Return up to `n` texts of a pool, at most one of each group, in the order they should be labelled.

    Labels share alike, those with fewest positives first; languages by the square root of their texts, so
    that a small one is neither forgotten nor first.

    Args:
        n: how many.
        placed: (n_pool, width) vectors, placed by the pool's `Space`.
        standings: of the labels to ask for.
        languages: (n_pool,).
        groups: (n_pool,) near duplicates, of which one is enough.
        seed: of the clusters.
    """
    wanted = min(n, len(set(groups)))
    of_language = Counter(languages)
    picks = _Picks(
        placed,
        np.asarray(languages, dtype=object),
        np.asarray(groups, dtype=np.int64),
        share_out(wanted, {language: math.sqrt(count) for language, count in of_language.items()}),
        seed,
    )
    rarest_first = sorted(standings, key=lambda standing: standing.positives)
    of_label = share_out(wanted, {standing.code: 1.0 for standing in rarest_first})
    for standing in rarest_first:
        for reason, count in share_out(of_label[standing.code], _shares(standing.positives)).items():
            picks.take(count, standing.code, reason, _scores(standing, reason, (seed, len(picks.chosen))))
    for standing in rarest_first:  # what a language had too few texts for
        picks.fill(wanted - len(picks.chosen), standing.code, _scores(standing, "doubtful", (seed,)))
    return picks.chosen


def share_out(n: int, weights: Mapping[Name, float]) -> dict[Name, int]:
    """Return whole shares of `n` in proportion to weights: largest remainders, first names first."""
    total = sum(weights.values())
    if total <= 0:
        return dict.fromkeys(weights, 0)
    exact = {name: n * weight / total for name, weight in weights.items()}
    shares = {name: math.floor(value) for name, value in exact.items()}
    most_left = sorted(exact, key=lambda name: shares[name] - exact[name])
    for name in most_left[: n - sum(shares.values())]:
        shares[name] += 1
    return shares


def spread(placed: FloatArray, weights: FloatArray, k: int, *, seed: int) -> IntArray:
    """Return `k` rows unlike each other: of each of `k` weighted clusters the best.

    Args:
        placed: (n, width) candidates.
        weights: (n,) how good each is, 0 or more.
        k: how many; all if there are no more.
        seed: of the clusters.
    """
    if len(placed) <= k:
        return np.arange(len(placed))
    if k <= 1:
        return np.arange(k)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different vectors than clusters
        members = KMeans(k, n_init=1, random_state=seed).fit_predict(
            placed, sample_weight=weights + _LEAST_WEIGHT
        )
    best_first = np.argsort(-weights, kind="stable")
    _, first = np.unique(members[best_first], return_index=True)
    rows = best_first[first]
    others = best_first[~np.isin(best_first, rows)][: k - len(rows)]  # a cluster may be empty
    return np.sort(np.concatenate([rows, others]))


def _shares(positives: int) -> Mapping[Reason, float]:
    return next((shares for below, shares in _SHARES if positives < below), _SHARES_LATER)


def _scores(standing: Standing, reason: Reason, seed: Sequence[int]) -> FloatArray:
    """Return (n,) how well each text of the pool answers a reason."""
    match reason:
        case "likely":
            return standing.proba
        case "doubtful":
            return standing.proba * (1 - standing.proba)
        case "drawn":
            return np.random.default_rng(seed).random(len(standing.proba), dtype=np.float32)


@dataclass(slots=True)
class _Picks:
    """What was chosen of a pool, and what may still be."""

    placed: FloatArray
    languages: npt.NDArray[np.object_]
    groups: IntArray
    left: dict[str, int]
    seed: int
    chosen: list[Choice] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def take(self, count: int, code: str, reason: Reason, scores: FloatArray) -> None:
        """Choose up to `count` texts of high scores, unlike each other, by what languages have left."""
        open_languages = {language: float(left) for language, left in self.left.items() if left > 0}
        for language, of_language in share_out(count, open_languages).items():
            if of_language:
                rows = self._candidates(self.languages == language, of_language, reason, scores)
                self._choose(rows, of_language, code, reason, scores)

    def fill(self, count: int, code: str, scores: FloatArray) -> None:
        """Choose up to `count` texts of high scores, whatever their language."""
        if count > 0:
            rows = self._candidates(np.ones(len(self.groups), dtype=bool), count, "doubtful", scores)
            self._choose(rows, count, code, "doubtful", scores)

    def _choose(self, rows: IntArray, count: int, code: str, reason: Reason, scores: FloatArray) -> None:
        for at in spread(self.placed[rows], scores[rows], count, seed=self.seed):
            row = int(rows[at])
            self.taken.add(int(self.groups[row]))
            self.left[str(self.languages[row])] -= 1
            self.chosen.append(Choice(row, code, reason))

    def _candidates(self, among: BoolArray, count: int, reason: Reason, scores: FloatArray) -> IntArray:
        """Return rows not taken, one of each group, best first."""
        rows = np.flatnonzero(among & ~np.isin(self.groups, list(self.taken)))
        ordered = rows[np.argsort(-scores[rows], kind="stable")]
        _, first = np.unique(self.groups[ordered], return_index=True)
        return ordered[np.sort(first)][: count * _CANDIDATES[reason]]
