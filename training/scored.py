"""What an evaluation reads: which texts of a set, and what the artefact and the baseline say of them."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.artifact import Artifact
from models.screening import OperatingPoint
from training.baselines import CharacterBaseline
from training.batches import epoch_counts
from training.flags import flagged
from training.metrics import BoolArray, FloatArray
from training.predict import predict
from training.recipe import Recipe
from training.run_texts import training_texts
from training.table import Table

logger = logging.getLogger(__name__)

TEXTS_PER_SET = 700
CHARACTERS_PER_SET = 120_000  # sets of long texts (calls, e-mails) are scored on fewer
LEAST_TEXTS_PER_SET = 300
LEAST_POSITIVES = 100  # a draw holds at least so many positives, if the set does; else intervals say nothing


@dataclass(frozen=True, slots=True)
class Scored:
    """What every part of the evaluation needs. `plain` and `masked` map a text to its row of scores."""

    artifact: Artifact
    baseline: CharacterBaseline
    plain: dict[str, tuple[FloatArray, FloatArray]]
    masked: dict[str, tuple[FloatArray, FloatArray]]

    def proba(self, table: Table, *, masked: bool = False) -> tuple[FloatArray, FloatArray]:
        """Return (n, n_labels) and (n, n_roles) probabilities."""
        scores = [(self.masked if masked else self.plain)[text] for text in table.text]
        return np.array([labels for labels, _ in scores]), np.array([roles for _, roles in scores])

    def flagged(self, rows: Table, point: OperatingPoint) -> BoolArray:
        """Return (n, n_labels) labels over their threshold."""
        return flagged(self.proba(rows)[0], rows.language.tolist(), self.artifact.calibration, point)


def score(
    artifact: Artifact,
    tables: Sequence[Table],
    cache: Path,
    name: str,
    change: Callable[[str], str] | None = None,
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Score every distinct text once; the cache file is keyed by weights and texts."""
    texts = list(dict.fromkeys(text for table in tables for text in table.text))
    labels, roles = predict(artifact, texts, cache, change=change, name=name).proba(artifact)
    return dict(zip(texts, zip(labels, roles, strict=True), strict=True))


def fit_baseline(recipe: Recipe, table: Table) -> CharacterBaseline:
    """Train the character baseline on the texts the network read, weighted by how often."""
    texts = training_texts(table.where(~table.eval_only))
    counts = epoch_counts(texts, recipe.fit, dict(recipe.texts_per_epoch))
    rows = np.flatnonzero(counts)
    logger.info("baseline: %d texts", len(rows))
    baseline = CharacterBaseline()
    baseline.fit(
        [texts.texts[row] for row in rows.tolist()],
        texts.labels.numpy()[rows],
        texts.mask.numpy()[rows],
        texts.any_of.numpy()[rows],
        counts[rows].astype(np.float32),
    )
    return baseline


def drawn(rows: Table) -> Table:
    """One text per group, as many as the set's budget allows, in proportion but for `LEAST_POSITIVES`."""
    distinct = rows.distinct()
    if not len(distinct):
        return distinct
    mean_chars = float(np.mean([len(text) for text in distinct.text]))
    budget = max(LEAST_TEXTS_PER_SET, min(TEXTS_PER_SET, int(CHARACTERS_PER_SET / mean_chars)))
    positive = distinct.where(distinct.positive)
    in_proportion = round(budget * len(positive) / len(distinct))
    positive = positive.at_most(max(LEAST_POSITIVES, in_proportion))
    return join([positive, distinct.where(~distinct.positive).at_most(max(0, budget - len(positive)))])


def join(tables: Sequence[Table]) -> Table:
    """Return the rows of all tables, one after the other."""
    return Table(
        **{name: np.concatenate([getattr(table, name) for table in tables]) for name in Table.__slots__}
    )


def rounded(value: float) -> float:
    """Return a figure as reports have it, with 4 decimals."""
    return round(float(value), 4)
