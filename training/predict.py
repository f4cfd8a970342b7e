"""Scores of an artefact, kept by its weights and by text, so that nothing is ever read twice."""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.artifact import Artifact, load_artifact, without_gate
from models.calibration import label_proba, role_proba
from models.encoder import Encoder
from models.errors import TrainingDataError
from models.taxonomy import LABELS, ROLES
from models.text import normalize
from training.kept_rows import kept_rows
from training.metrics import FloatArray


@dataclass(frozen=True, slots=True)
class Predictions:
    """Raw logits of texts: label_logits (n, n_labels) and role_logits (n, n_roles), float32."""

    label_logits: FloatArray
    role_logits: FloatArray

    def proba(self, artifact: Artifact) -> tuple[FloatArray, FloatArray]:
        """Return calibrated label and role probabilities."""
        calibration = artifact.calibration
        return label_proba(self.label_logits, calibration), role_proba(self.role_logits, calibration)


def predict(
    artifact: Artifact,
    texts: Sequence[str],
    cache: Path,
    *,
    change: Callable[[str], str] | None = None,
    name: str,
    normalised: bool = True,
) -> Predictions:
    """Return the logits of texts as the shipped path computes them.

    They are kept in a file of the artefact's weights (not of its calibration).

    Args:
        artifact: whose weights.
        texts: as received.
        cache: folder of cached scores.
        change: applied to each text first (masking, an attack), or None.
        name: of the texts, for the progress bar.
        normalised: whether disguise is undone first, as the shipped path does.
    """
    changed = [change(text) for text in texts] if change else list(texts)
    ready = [normalize(text).text for text in changed] if normalised else changed
    weights = weights_sha256(artifact)

    def logits(some: list[str]) -> FloatArray:
        encoded = _encoder(artifact.folder, weights).encode(some)
        return np.array([np.concatenate([one.label_logits, one.role_logits]) for one in encoded])

    rows = kept_rows(_scores_file(cache, weights), ready, logits, name=name)
    rows = rows.reshape(-1, len(LABELS) + len(ROLES))
    return Predictions(rows[:, : len(LABELS)], rows[:, len(LABELS) :])


def inherit_scores(base: Artifact, artifact: Artifact, texts: Sequence[str], cache: Path) -> None:
    """Take the scores kept of an artefact over for another whose labels and roles are the same to the bit.

    Args:
        base: whose scores there are.
        artifact: with the same encoder and the same heads of labels and roles.
        texts: to see that they are the same.
        cache: folder of cached scores.

    Raises:
        TrainingDataError: the two say different things of a text.
    """
    ready = [normalize(text).text for text in texts]
    both = zip(Encoder(base).encode(ready), Encoder(artifact).encode(ready), strict=True)
    for one, other in both:
        if not (
            np.array_equal(one.label_logits, other.label_logits)
            and np.array_equal(one.role_logits, other.role_logits)
        ):
            raise TrainingDataError("labels or roles are no longer those of the artefact this began with")
    kept = _scores_file(cache, weights_sha256(base))
    if kept.is_file():
        shutil.copyfile(kept, _scores_file(cache, weights_sha256(artifact)))


def weights_sha256(artifact: Artifact) -> str:
    """Return what tells an artefact's weights and tokenizer from all others'."""
    files = without_gate(artifact.manifest)["files"]  # the gate scores nothing
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _scores_file(cache: Path, weights: str) -> Path:
    return cache / f"scores-{weights[:20]}.sqlite3"


@lru_cache(maxsize=4)
def _encoder(folder: Path, _weights: str) -> Encoder:
    """Return the encoder of an artefact, compiled once in this process."""
    return Encoder(load_artifact(folder))
