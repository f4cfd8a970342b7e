"""The gate: a linear model of hashed character n-grams that tells the clearly benign without the encoder.

It has one head for each thing that must not be missed; a text passes where every head is under the threshold
of its language. `gate.safetensors` holds the weights in int8 and a scale per head, the manifest the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file

from models.encoded import FloatArray, IntArray
from models.errors import ArtifactCorruptError
from models.taxonomy import LABELS, ROLES

GATE_FILE: Final = "gate.safetensors"
NO_GATE: Final = "the model has no gate: screen without the cascade, or use a model trained with one"
STRETCH_CHARS: Final = 160
_STEP_CHARS: Final = 80
_MULTIPLIER, _MIXER = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
_ZERO, _NINE = ord("0"), ord("9")


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate as an artefact holds it.

    Attributes:
        grams: lengths of the n-grams, in characters.
        weights: (n_buckets, n_heads) int8; n_buckets is a power of two.
        scale, bias: (n_heads,) float32.
        thresholds: language -> (n_heads,) float32 log-odds; a text passes where each head is below its own.
        labels, roles: (n_labels,) and (n_roles,) float32, what a text that passes has in the mean.
    """

    grams: tuple[int, ...]
    weights: npt.NDArray[np.int8]
    scale: FloatArray
    bias: FloatArray
    thresholds: Mapping[str, FloatArray]
    labels: FloatArray
    roles: FloatArray

    @property
    def highest(self) -> FloatArray:
        """(n_heads,) the thresholds of the language that has the highest, head by head."""
        return np.asarray(np.max([*self.thresholds.values()], axis=0, initial=-np.inf), dtype=np.float32)

    def passes(self, scores: FloatArray, language: str) -> bool:
        """Whether a text of a language is clearly benign by its (n_heads,) scores."""
        return language in self.thresholds and bool((scores < self.thresholds[language]).all())

    def scores(self, texts: Sequence[str]) -> FloatArray:
        """Return (n_texts, n_heads) float32 log-odds of normalised texts; one's own whatever the batch.

        A text has the highest scores of any of its `stretches`: what alarms is not made good by what is
        harmless before and after it.
        """
        return stretch_scores(texts, self.grams, self.weights, self.scale, self.bias)


def stretch_scores(
    texts: Sequence[str],
    grams: Sequence[int],
    weights: npt.NDArray[np.int8],
    scale: FloatArray,
    bias: FloatArray,
) -> FloatArray:
    """Return (n_texts, n_heads) float32: the highest log-odds of any of the stretches of each text.

    Args:
        texts: normalised.
        grams: lengths of the n-grams, in characters.
        weights: (n_buckets, n_heads) int8; n_buckets is a power of two.
        scale: (n_heads,) float32.
        bias: (n_heads,) float32.
    """
    pieces = [stretches(text) for text in texts]
    of_pieces = _scores([piece for of_text in pieces for piece in of_text], grams, weights, scale, bias)
    if not pieces:
        return of_pieces
    firsts = np.cumsum([0, *(len(of_text) for of_text in pieces[:-1])])
    return np.asarray(np.maximum.reduceat(of_pieces, firsts, axis=0), dtype=np.float32)


def _scores(
    texts: Sequence[str],
    grams: Sequence[int],
    weights: npt.NDArray[np.int8],
    scale: FloatArray,
    bias: FloatArray,
) -> FloatArray:
    """Return (n_texts, n_heads) float32 log-odds of texts as wholes."""
    buckets, starts = hashed_grams(texts, grams, len(weights))
    sums = np.zeros((len(texts), weights.shape[1]), dtype=np.int64)
    lengths = np.diff(starts)
    if len(buckets):
        some = lengths > 0  # reduceat would give an empty text the first n-gram of the next
        sums[some] = np.add.reduceat(weights[buckets].astype(np.int64), starts[:-1][some], axis=0)
    weighted = sums / np.sqrt(np.maximum(lengths, 1))[:, None]
    return np.asarray(weighted * scale + bias, dtype=np.float32)


def stretches(text: str) -> list[str]:
    """Return a text in overlapping pieces of `STRETCH_CHARS`, all of it; a shorter one as it is."""
    starts = range(0, max(len(text) - STRETCH_CHARS, 0) + _STEP_CHARS, _STEP_CHARS)
    return [text[start : start + STRETCH_CHARS] for start in starts]


def hashed_grams(texts: Sequence[str], grams: Sequence[int], buckets: int) -> tuple[IntArray, IntArray]:
    """Return the buckets of all character n-grams, text by text, and where each text's begin.

    Letters count as small ones, any digit as 0, any run of blanks as one, and a text has one at both ends.

    Args:
        texts: normalised.
        grams: lengths of the n-grams.
        buckets: a power of two, at most 2**32.

    Returns:
        (n_grams,) int64 in [0, buckets), repeated as often as they stand in a text, and (n_texts + 1,) int64.
    """
    spread = [f" {' '.join(text.lower().split())} " for text in texts]
    lengths = np.array([len(text) for text in spread], dtype=np.int64)
    codes = np.frombuffer("".join(spread).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = np.where((codes >= _ZERO) & (codes <= _NINE), np.uint32(_ZERO), codes)
    row = np.repeat(np.arange(len(texts)), lengths)
    shift = np.uint32(32 - (buckets - 1).bit_length())
    found, rows = [np.zeros(0, dtype=np.int64)], [row[:0]]
    for size in grams:
        n = max(len(codes) - size + 1, 0)
        hashed = np.full(n, size, dtype=np.uint32)
        for offset in range(size):
            hashed = hashed * _MULTIPLIER + codes[offset : offset + n]
        hashed = (hashed ^ (hashed >> np.uint32(15))) * _MIXER
        hashed = (hashed ^ (hashed >> np.uint32(13))) * _MULTIPLIER
        whole = row[:n] == row[size - 1 :]  # of one text, not of the end of one and the start of the next
        found.append((hashed >> shift)[whole].astype(np.int64))
        rows.append(row[:n][whole])
    of_text = np.concatenate(rows)
    order = np.argsort(of_text, kind="stable")
    return np.concatenate(found)[order], np.searchsorted(of_text[order], np.arange(len(texts) + 1))


def read_gate(folder: Path, stored: Mapping[str, Any]) -> Gate:
    """Return the gate of an artefact folder; `stored` is what its manifest says of it.

    Raises:
        ArtifactCorruptError: gate.safetensors is not readable or not of this manifest.
    """
    try:
        tensors = load_file(folder / GATE_FILE)
    except (SafetensorError, OSError) as error:
        raise ArtifactCorruptError(f"{GATE_FILE} is not a readable safetensors file") from error
    heads = stored["heads"]
    if tensors["weights"].shape[1] != len(heads):
        raise ArtifactCorruptError(f"{GATE_FILE} is not the gate of its manifest: fetch the artefact again")
    return Gate(
        grams=tuple(stored["grams"]),
        weights=tensors["weights"],
        scale=tensors["scale"],
        bias=tensors["bias"],
        thresholds={
            language: np.array([of_language[head] for head in heads], dtype=np.float32)
            for language, of_language in stored["thresholds"].items()
        },
        labels=np.array([stored["labels"][code] for code in LABELS], dtype=np.float32),
        roles=np.array([stored["roles"][code] for code in ROLES], dtype=np.float32),
    )
