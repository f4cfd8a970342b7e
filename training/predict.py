"""Scores of an artefact, kept by its weights and by text, so that nothing is ever read twice."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from models.artifact import Artifact, load_artifact
from models.calibration import label_proba, role_proba
from models.encoder import Encoder
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
    weights = hashlib.sha256(json.dumps(artifact.manifest["files"], sort_keys=True).encode()).hexdigest()
    with closing(sqlite3.connect(cache / f"scores-{weights[:20]}.sqlite3")) as store:
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


@lru_cache(maxsize=4)
def _encoder(folder: Path, _weights: str) -> Encoder:
    """Return the encoder of an artefact, compiled once in this process.

    An `Encoder` is never freed, about 400 MB each: the callback of its queue refers to it.
    """
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
