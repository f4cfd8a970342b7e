"""Scores of an artefact on a corpus, cached by the artefact's sha256 so that a run is never paid twice."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from models.artifact import Artifact
from models.calibration import label_proba, role_proba
from models.encoder import Encoder
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

    Args:
        artifact: whose weights; the cache key holds their sha256, not the calibration's.
        texts: as received.
        cache: folder of cached scores.
        change: applied to each text first (masking, an attack), or None.
        name: of the change and the texts, for the file name and the progress bar.
        normalised: whether disguise is undone first, as the shipped path does.
    """
    changed = [change(text) for text in texts] if change else list(texts)
    weights = artifact.manifest["files"]
    digest = hashlib.sha256(
        json.dumps([weights, changed, normalised], sort_keys=True).encode("utf-8", "surrogatepass")
    ).hexdigest()[:20]
    path = cache / f"scores-{name}-{digest}.npz"
    if path.is_file():
        with np.load(path) as stored:
            return Predictions(stored["labels"], stored["roles"])
    ready = [normalize(text).text for text in changed] if normalised else changed
    logits = _encode(Encoder(artifact), list(dict.fromkeys(ready)), name)
    result = Predictions(
        np.array([logits[text][0] for text in ready], dtype=np.float32),
        np.array([logits[text][1] for text in ready], dtype=np.float32),
    )
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(path, labels=result.label_logits, roles=result.role_logits)
    return result


def _encode(encoder: Encoder, texts: list[str], name: str) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return text -> label and role logits; every distinct text is read once."""
    logits = {}
    with tqdm(total=len(texts), unit="text", desc=name) as bar:
        for start in range(0, len(texts), _CHUNK):
            part = texts[start : start + _CHUNK]
            for text, encoded in zip(part, encoder.encode(part), strict=True):
                logits[text] = (encoded.label_logits, encoded.role_logits)
            bar.update(len(part))
    return logits
