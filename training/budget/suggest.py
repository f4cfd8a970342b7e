"""A pool and what is labelled already -> the texts to label next."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from models.artifact import Artifact
from models.calibration import label_proba
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.budget.choose import SOUGHT, Reason, Standing, choose
from training.budget.head import Space, fit_head
from training.budget.pool import PoolText
from training.duplicates import near_groups
from training.example import HELD
from training.labelled.row import LabelledRow
from training.metrics import FloatArray, scam_score
from training.pooled import Pooled, pooled

logger = logging.getLogger(__name__)

_SUSPICION: Final = 0.5
"""What a text that looks like some scam is worth beside one that looks like the label itself."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to label next.

    Attributes:
        of: the text, with its key in the pool.
        code: the label that it was chosen for; every label of it should be told, not only this.
        reason: `likely`, `doubtful` or `drawn`.
        proba: how probable it is that the label holds, in [0, 1], as far as can be told by now.
    """

    of: PoolText
    code: str
    reason: Reason
    proba: float


def suggest(
    pool: Sequence[PoolText],
    labelled: Sequence[LabelledRow],
    codes: Sequence[str],
    artifact: Artifact,
    cache: Path,
    *,
    n: int,
    seed: int = 0,
) -> list[Suggestion]:
    """Return up to `n` texts to label next, in order; none is nearly the same as a labelled one.

    Args:
        pool: unlabelled texts.
        labelled: what is labelled already; may be empty.
        codes: labels to ask for; none: those that hold for a labelled text, or all.
        artifact: whose encoder reads them, and whose labels are a first guess.
        cache: folder of what can be computed again.
        n: how many.
        seed: of the clusters.

    Raises:
        TrainingDataError: a label is unknown, or every text of the pool is labelled already.
    """
    asked = _asked(codes, labelled)
    groups = near_groups(
        [*(one.text for one in labelled), *(one.text for one in pool)],
        [*(one.group for one in labelled), *(one.group for one in pool)],
    )
    seen = set(groups[: len(labelled)])
    rows = [row for row, group in enumerate(groups[len(labelled) :]) if group not in seen]
    if not rows:
        raise TrainingDataError(
            "every text of the pool is labelled already, or nearly the same as one that is"
        )
    logger.info("%d texts, %d of them new", len(pool), len(rows))
    new = [pool[row] for row in rows]
    said = pooled(artifact, [one.text for one in new], cache, name="pool")
    known = pooled(artifact, [one.text for one in labelled], cache, name="labelled")
    space = Space.of(said.vectors)
    placed = space.place(said.vectors)
    told = space.place(known.vectors) if labelled else np.zeros((0, placed.shape[1]), dtype=np.float32)
    guess = first_guess(said, artifact)
    standings = [standing_of(code, placed, told, labelled, guess[:, LABELS.index(code)]) for code in asked]
    proba = {standing.code: standing.proba for standing in standings}
    chosen = choose(
        n,
        placed,
        standings,
        [one.language for one in new],
        [groups[len(labelled) + row] for row in rows],
        seed=seed,
    )
    return [Suggestion(new[one.row], one.code, one.reason, float(proba[one.code][one.row])) for one in chosen]


def first_guess(said: Pooled, artifact: Artifact) -> FloatArray:
    """Return (n, n_labels) what an artefact makes of labels before any example of them is known.

    A label that it never learnt says nothing of itself, but what it was made for, scams, may look like one:
    half of the probability of any label counts.
    """
    proba = label_proba(said.label_logits, artifact.calibration)
    return np.asarray(np.maximum(proba, _SUSPICION * scam_score(proba)[:, None]))


def standing_of(
    code: str, placed: FloatArray, told: FloatArray, labelled: Sequence[LabelledRow], guess: FloatArray
) -> Standing:
    """Return how well a label is known: by a head on its examples, or by what the artefact guesses.

    Args:
        code: the label.
        placed: (n, width) vectors of the pool.
        told: (n_labelled, width) vectors of the labelled texts.
        labelled: of which some may say nothing of this label.
        guess: (n,) what stands for the head while one class has no example.
    """
    rows = [row for row, one in enumerate(labelled) if code in one.labels]
    truth = np.array([labelled[row].labels[code] >= HELD for row in rows], dtype=bool)
    head = fit_head(told[rows], truth, calibrated=True)
    if head is not None:
        return Standing(code, head.proba(placed), int(truth.sum()))
    if truth.any():  # positives alone: what lies near one of them
        return Standing(code, _nearness(placed, told[rows]), int(truth.sum()))
    believed = 0 if rows else min(int((guess >= HELD).sum()), SOUGHT)
    return Standing(code, guess, believed)


def _nearness(placed: FloatArray, positives: FloatArray) -> FloatArray:
    """Return (n,) in [0, 1]: the cosine to the nearest positive, as if it were a probability."""
    own = placed / np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), 1e-9)
    theirs = positives / np.maximum(np.linalg.norm(positives, axis=1, keepdims=True), 1e-9)
    return np.asarray((1 + (own @ theirs.T).max(1)) / 2, dtype=np.float32)


def _asked(codes: Sequence[str], labelled: Sequence[LabelledRow]) -> list[str]:
    """Return the labels to ask for, in taxonomy order.

    Raises:
        TrainingDataError: there is no such label.
    """
    if unknown := sorted(set(codes) - set(LABELS)):
        raise TrainingDataError(f"no label {', '.join(unknown)}: the taxonomy has {', '.join(LABELS)}")
    held = {code for one in labelled for code, share in one.labels.items() if share >= HELD}
    wanted = set(codes) or held or set(LABELS)
    return [code for code in LABELS if code in wanted]
