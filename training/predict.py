"""Scores of an artefact, kept by its weights and by text, so that nothing is ever read twice."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from models.artifact import Artifact, load_artifact, without_gate
from models.calibration import label_proba, role_proba
from models.encoder import Encoder
from models.errors import TrainingDataError
from models.taxonomy import LABELS, ROLES
from models.text import normalize

FloatArray = npt.NDArray[np.float32]
_CHUNK = 2000


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

    Scores are written every 2,000 texts to a file of the artefact's weights (not of its calibration), so that
    a run broken off goes on where it was. The file holds no text, only its sha256.

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
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in ready]
    cache.mkdir(parents=True, exist_ok=True)
    weights = _weights_of(artifact)
    with closing(sqlite3.connect(_scores_file(cache, weights))) as store:
        store.execute("CREATE TABLE IF NOT EXISTS scores (text BLOB PRIMARY KEY, logits BLOB) WITHOUT ROWID")
        logits = {
            key: np.frombuffer(stored, dtype=np.float32)
            for key in dict.fromkeys(keys)
            for (stored,) in store.execute("SELECT logits FROM scores WHERE text = ?", (key,))
        }
        missing = {key: text for key, text in zip(keys, ready, strict=True) if key not in logits}
        if missing:
            logits |= _encode(_encoder(artifact.folder, weights), missing, store, name)
    rows = np.array([logits[key] for key in keys], dtype=np.float32).reshape(-1, len(LABELS) + len(ROLES))
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
    kept = _scores_file(cache, _weights_of(base))
    if kept.is_file():
        shutil.copyfile(kept, _scores_file(cache, _weights_of(artifact)))


def _weights_of(artifact: Artifact) -> str:
    files = without_gate(artifact.manifest)["files"]  # the gate scores nothing
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _scores_file(cache: Path, weights: str) -> Path:
    return cache / f"scores-{weights[:20]}.sqlite3"


@lru_cache(maxsize=4)
def _encoder(folder: Path, _weights: str) -> Encoder:
    """Return the encoder of an artefact, compiled once in this process."""
    return Encoder(load_artifact(folder))


def _encode(
    encoder: Encoder, texts: dict[bytes, str], store: sqlite3.Connection, name: str
) -> dict[bytes, FloatArray]:
    """Return and store key -> label and role logits in one row."""
    keys = list(texts)
    logits: dict[bytes, FloatArray] = {}
    with tqdm(total=len(keys), unit="text", desc=name) as bar:
        for start in range(0, len(keys), _CHUNK):
            part = keys[start : start + _CHUNK]
            for key, encoded in zip(part, encoder.encode([texts[key] for key in part]), strict=True):
                logits[key] = np.concatenate([encoded.label_logits, encoded.role_logits]).astype(np.float32)
            store.executemany(
                "INSERT OR REPLACE INTO scores VALUES (?, ?)", [(key, logits[key].tobytes()) for key in part]
            )
            store.commit()
            bar.update(len(part))
    return logits
