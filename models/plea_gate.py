"""The head of the gate that tells, in under a millisecond, where somebody may be in danger.

It decides what is screened first and nothing else: a plea that it misses is screened all the same, later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

from models.encoded import FloatArray
from models.gate import GATE_FILE, stretch_scores
from models.text import normalize

PLEAS: Final = "pleas"
"""Section of the manifest's `gate`, and prefix of the tensors beside those of the gate."""
READ_CHARS: Final = 2_000
"""Of either end of a text: what stands between them, in a text of over twice as many, is not read."""
_HARMED: Final = "harmed"


@dataclass(frozen=True, slots=True)
class PleaGate:
    """A linear model of a plea's character n-grams.

    Attributes:
        grams: lengths of the n-grams, in characters.
        weights: (n_buckets, 1) int8.
        scale, bias: (1,) float32.
        threshold: log-odds at and over which a text seems to be a plea.
    """

    grams: tuple[int, ...]
    weights: npt.NDArray[np.int8]
    scale: FloatArray
    bias: FloatArray
    threshold: float

    def seem_urgent(self, texts: Sequence[str]) -> list[bool]:
        """Return of each text, as received, whether somebody in it may be in danger."""
        return [bool(score >= self.threshold) for score in self.scores(texts)]

    def scores(self, texts: Sequence[str]) -> FloatArray:
        """Return (n_texts,) float32 log-odds of texts as received: of the stretch that has the highest."""
        ends = [normalize(_ends(text)).text for text in texts]
        return stretch_scores(ends, self.grams, self.weights, self.scale, self.bias)[:, 0]


def read_plea_gate(folder: Path, stored: Mapping[str, Any]) -> PleaGate:
    """Return the plea gate of an artefact folder; `stored` is what its manifest says of its gate.

    Of an artefact that was fitted without one, its head of people harmed at the lowest of its thresholds.
    """
    tensors = load_file(folder / GATE_FILE)
    grams = tuple(stored["grams"])
    if PLEAS in stored:
        weights, scale, bias = (tensors[f"{PLEAS}.{name}"] for name in ("weights", "scale", "bias"))
        return PleaGate(grams, weights, scale, bias, float(stored[PLEAS]["threshold"]))
    head = stored["heads"].index(_HARMED)
    own = slice(head, head + 1)
    lowest = min((limits[_HARMED] for limits in stored["thresholds"].values()), default=np.inf)
    return PleaGate(
        grams,
        np.ascontiguousarray(tensors["weights"][:, own]),
        tensors["scale"][own],
        tensors["bias"][own],
        float(lowest),
    )


def _ends(text: str) -> str:
    return text if len(text) <= 2 * READ_CHARS else f"{text[:READ_CHARS]} {text[-READ_CHARS:]}"
