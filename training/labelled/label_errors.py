"""Texts whose label is probably wrong: a plain model that has not seen them is sure of the other one.

Source: Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from models.taxonomy import LABELS
from models.text import normalize
from training.example import HELD
from training.labelled.row import LabelledRow
from training.metrics import BoolArray

LEAST_OF_A_CLASS: Final = 20
_FOLDS: Final = 5

FloatArray64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A text whose label is probably wrong.

    Attributes:
        key: of the text.
        code: the label.
        holds: what people say of it.
        proba: that it holds, by the model.
    """

    key: str
    code: str
    holds: bool
    proba: float


def suspects(rows: Sequence[LabelledRow], groups: Sequence[int]) -> list[Suspect]:
    """Return texts whose label is probably wrong, the surest first.

    Of labels with at least 20 texts that hold it and 20 that do not; no text is judged by a model that has
    read a near duplicate of it.

    Args:
        rows: of a dataset.
        groups: (n_rows,) the near-duplicate group of each.
    """
    if not rows:
        return []
    features = _features([row.text for row in rows])
    found = []
    for code in LABELS:
        known = np.array([code in row.labels for row in rows])
        holds = np.array([row.labels.get(code, 0) >= HELD for row in rows])[known]
        if min(holds.sum(), (~holds).sum()) < LEAST_OF_A_CLASS:
            continue
        proba = _unseen_proba(features[known], holds, np.asarray(groups)[known])
        if proba is None:
            continue
        keys = [row.key for row, is_known in zip(rows, known, strict=True) if is_known]
        found += [
            Suspect(keys[at], code, bool(holds[at]), round(float(proba[at]), 4))
            for at in np.flatnonzero(doubtful(holds, proba))
        ]
    return sorted(found, key=lambda one: one.proba if one.holds else 1 - one.proba)


def doubtful(holds: BoolArray, proba: FloatArray64) -> BoolArray:
    """Return (n,) whose given class is probably wrong.

    A text counts to the class of which it is at least as probable as that class's own texts are on average,
    to the likelier if that is true of both.

    Args:
        holds: (n,) as given.
        proba: (n,) that it holds, by a model that did not see the text.
    """
    seems_so = proba >= proba[holds].mean()
    seems_not = 1 - proba >= (1 - proba[~holds]).mean()
    counts_so = seems_so & (~seems_not | (proba > 0.5))
    counts_not = seems_not & (~seems_so | (proba < 0.5))
    return np.asarray((counts_so & ~holds) | (counts_not & holds))


def _features(texts: Sequence[str]) -> csr_matrix:
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), sublinear_tf=True, max_features=100_000, dtype=np.float32
    )
    return vectorizer.fit_transform([normalize(text).text for text in texts])


def _unseen_proba(
    features: csr_matrix, holds: BoolArray, groups: npt.NDArray[np.int64]
) -> FloatArray64 | None:
    """Return (n,) probabilities by models that did not see the text; None if too few groups hold a class."""
    if min(len(set(groups[holds].tolist())), len(set(groups[~holds].tolist()))) < _FOLDS:
        return None
    proba = np.zeros(len(holds))
    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=0)
    for train, rest in folds.split(features, holds, groups):
        if holds[train].all() or not holds[train].any():
            return None
        model = LogisticRegression(C=10.0, solver="liblinear").fit(features[train], holds[train])
        proba[rest] = model.predict_proba(features[rest])[:, 1]
    return proba
