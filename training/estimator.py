"""A scikit-learn classifier on a frozen artefact: texts in, a head of your own labels out, in seconds.

For notebooks, grids and pipelines. What is fitted is a logistic head on pooled features, not an artefact:
`scamscreen-train train` makes those.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d

from models.artifact import DEFAULT_ARTIFACT, load_artifact
from models.text import normalize
from training.budget.head import STRENGTH, Space
from training.metrics import FloatArray
from training.pooled import encoder_of, pooled

if TYPE_CHECKING:
    from sklearn.utils import Tags


class ScamScreenClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """A logistic head on what an artefact's encoder says of texts.

    `y` is a class a text, or an (n, n_labels) indicator matrix of labels that may hold together.

    Attributes:
        classes_: the classes; of an indicator matrix its columns.
        head_: the fitted logistic regression, one a column of an indicator matrix.
        space_: where the vectors it was fitted on lie.
    """

    def __init__(
        self,
        artifact: str | Path | None = None,
        *,
        C: float = STRENGTH,  # noqa: N803 (as scikit-learn calls it)
        class_weight: dict[Any, float] | str | None = None,
        cache: str | Path | None = None,
    ) -> None:
        """Keep the parameters.

        Args:
            artifact: folder of the artefact; None is the shipped one.
            C: inverse of the penalty on the weights.
            class_weight: as `LogisticRegression` takes it.
            cache: folder in which what the encoder said is kept by text; None keeps nothing.
        """
        self.artifact = artifact
        self.C = C
        self.class_weight = class_weight
        self.cache = cache

    def fit(self, X: Sequence[str], y: npt.ArrayLike) -> "ScamScreenClassifier":  # noqa: N803
        """Fit the head.

        Args:
            X: (n,) texts.
            y: (n,) classes, or (n, n_labels) of 0 and 1.

        Raises:
            ValueError: `X` holds no texts, `y` is of another length, or of one class alone.
        """
        texts = _texts(X)
        targets = np.asarray(y)
        several = targets.ndim == 2 and type_of_target(targets).startswith("multilabel")
        targets = targets if several else column_or_1d(targets, warn=True)
        check_classification_targets(targets)
        if len(targets) != len(texts):
            raise ValueError(f"found {len(texts)} texts and {len(targets)} targets")
        vectors = self._vectors(texts)
        self.space_ = Space.of(vectors)
        regression = LogisticRegression(C=self.C, class_weight=self.class_weight, max_iter=1000)
        self.head_ = OneVsRestClassifier(regression) if several else regression
        self.head_.fit(self.space_.place(vectors), targets)
        self.classes_ = self.head_.classes_
        return self

    def predict_proba(self, X: Sequence[str]) -> npt.NDArray[np.float64]:  # noqa: N803
        """Return (n, n_classes) probabilities; of an indicator matrix rows need not sum to 1."""
        placed = self._placed(X)
        return np.asarray(self.head_.predict_proba(placed))

    def decision_function(self, X: Sequence[str]) -> npt.NDArray[np.float64]:  # noqa: N803
        """Return logits: (n,) of two classes, else (n, n_classes)."""
        placed = self._placed(X)
        return np.asarray(self.head_.decision_function(placed))

    def predict(self, X: Sequence[str]) -> npt.NDArray[Any]:  # noqa: N803
        """Return the most probable class of each text, or the labels of probability 0.5 or more."""
        placed = self._placed(X)
        return np.asarray(self.head_.predict(placed))

    def __sklearn_tags__(self) -> "Tags":
        """Return what scikit-learn asks: texts, a list of them, no table."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        tags.classifier_tags.multi_label = True
        return tags

    def _placed(self, X: Sequence[str]) -> FloatArray:  # noqa: N803
        check_is_fitted(self)
        return self.space_.place(self._vectors(_texts(X)))

    def _vectors(self, texts: Sequence[str]) -> FloatArray:
        artifact = load_artifact(Path(self.artifact) if self.artifact is not None else DEFAULT_ARTIFACT)
        if self.cache is not None:
            return pooled(artifact, texts, Path(self.cache), name="texts").vectors
        return encoder_of(artifact).encode([normalize(text).text for text in texts]).vectors


def _texts(X: Sequence[str]) -> list[str]:  # noqa: N803
    """Return a list of texts.

    Raises:
        ValueError: it is one text, a table, or holds what is no text.
    """
    if isinstance(X, str) or np.ndim(np.asarray(X, dtype=object)) != 1:
        raise ValueError("expected a list of texts, found one text or a table")
    texts = list(X)
    if not texts:
        raise ValueError("found no texts: at least one is needed")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("expected texts, found something else among them")
    return texts
