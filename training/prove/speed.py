"""How fast two artefacts read, taking turns, for the machine may have other work; and how large they are."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.artifact import Artifact, model_files
from models.loading import load_screener
from models.screener import Screener
from models.screening import Document

ROUNDS = 7
TEXTS = 256


def speed(old: Artifact, new: Artifact, texts: Sequence[str], *, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return the documents a second of both, measured in pairs, and the 95 % interval of new / old.

    Args:
        old: the one.
        new: the other.
        texts: of which the first `TEXTS` are read in each turn, after a first that does not count.
        rounds: pairs.
    """
    documents = [Document(str(number), text) for number, text in enumerate(texts[:TEXTS])]
    screeners = [load_screener(one.folder) for one in (old, new)]
    for screener in screeners:
        screener.screen(documents)
    rates = np.array([_in_turn(screeners, documents, is_even=number % 2 == 0) for number in range(rounds)])
    ratios = rates[:, 1] / rates[:, 0]
    drawn = np.random.default_rng(0).choice(ratios, size=(2000, rounds))
    low, high = np.quantile(np.median(drawn, axis=1), [0.025, 0.975])
    return {
        "documents": len(documents),
        "rounds": rounds,
        "documents_per_second": {
            "old": round(float(np.median(rates[:, 0])), 1),
            "new": round(float(np.median(rates[:, 1])), 1),
        },
        "ratio": round(float(np.median(ratios)), 3),
        "ratio95": [round(float(low), 3), round(float(high), 3)],
    }


def sizes(old: Artifact, new: Artifact) -> dict[str, Any]:
    """Return bytes on the disk, pieces of the vocabulary and encoder of both."""
    return {which: _size(one) for which, one in (("old", old), ("new", new))}


def _in_turn(
    screeners: Sequence[Screener], documents: Sequence[Document], *, is_even: bool
) -> tuple[float, float]:
    """Return the documents a second of each; who is first changes from round to round."""
    rates = [0.0, 0.0]
    for which in (0, 1) if is_even else (1, 0):
        started = time.perf_counter()
        screeners[which].screen(documents)
        rates[which] = len(documents) / (time.perf_counter() - started)
    return rates[0], rates[1]


def _size(one: Artifact) -> dict[str, Any]:
    names = model_files(one.manifest)
    return {
        "bytes": sum(Path(one.folder / name).stat().st_size for name in names),
        "pieces": one.manifest.get("vocabulary", {}).get("pieces"),
    }
