"""What a user would run instead: a linear model on character n-grams, and a keyword list."""

import tomllib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from models.text import normalize
from training.example import HELD

FloatArray = npt.NDArray[np.float32]

KEYWORDS_FILE = Path(__file__).with_name("keywords.toml")
_NEVER = 0.0


class CharacterBaseline:
    """TF-IDF of character 1-4-grams and logistic regression: one model per label, one for "any label"."""

    def __init__(self) -> None:
        self._vectorizer = TfidfVectorizer(
            analyzer="char",
            ngram_range=(1, 4),
            sublinear_tf=True,
            max_features=200_000,
            min_df=2,
            dtype=np.float32,
        )
        self._labels: list[LogisticRegression | None] = []
        self._any: LogisticRegression | None = None

    def fit(
        self, texts: list[str], labels: FloatArray, mask: FloatArray, any_of: FloatArray, weights: FloatArray
    ) -> None:
        """Train on the texts the network was trained on, as often as it read them.

        Args:
            texts: (n,) as received; normalised here as for the network.
            labels: (n, n_labels) in [0, 1].
            mask: (n, n_labels) 1 where `labels` is known.
            any_of: (n, n_labels) 1 where at least one holds.
            weights: (n,) how often the network read each text.
        """
        features = self._vectorizer.fit_transform([normalize(text).text for text in texts])
        harmful = (labels.max(1) >= HELD) | (any_of.max(1) > 0)
        told = harmful | (mask.min(1) > 0)
        self._any = _logistic().fit(features[told], harmful[told], sample_weight=weights[told])
        for label in range(labels.shape[1]):
            rows = mask[:, label] > 0
            truth = labels[rows, label] >= HELD
            self._labels.append(
                _logistic().fit(features[rows], truth, sample_weight=weights[rows]) if truth.any() else None
            )

    def predict(self, texts: list[str], *, normalised: bool = True) -> tuple[FloatArray, FloatArray]:
        """Return (n,) probability of any label and (n, n_labels) of each label."""
        harmful = self._any
        if harmful is None:
            raise ValueError("fit first")
        features = self._vectorizer.transform(
            [normalize(text).text for text in texts] if normalised else texts
        )
        any_label = harmful.predict_proba(features)[:, 1].astype(np.float32)
        columns = [
            np.full(len(texts), _NEVER, dtype=np.float32)
            if model is None
            else model.predict_proba(features)[:, 1]
            for model in self._labels
        ]
        return any_label, np.stack(columns, axis=1).astype(np.float32)


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=10.0, solver="liblinear", class_weight="balanced")


def keyword_score(texts: list[str]) -> FloatArray:
    """Return (n,) how many keywords of any language each text holds."""
    lists = tomllib.loads(KEYWORDS_FILE.read_text(encoding="utf-8"))
    keywords = [keyword.lower() for of_language in lists.values() for keyword in of_language]
    plain = [normalize(text).text.lower() for text in texts]
    return np.array([sum(keyword in text for keyword in keywords) for text in plain], dtype=np.float32)
