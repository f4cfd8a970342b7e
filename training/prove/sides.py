"""The two models that are compared, and what each says of texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.artifact import Artifact
from models.screening import OperatingPoint
from training.flags import flagged
from training.metrics import BoolArray, FloatArray
from training.predict import predict
from training.table import Table

Change = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two artefacts.

    Attributes:
        old: the one that is to be replaced.
        new: the one that would replace it.
        cache: folder of cached scores.
    """

    old: Artifact
    new: Artifact
    cache: Path

    def proba(
        self, texts: Sequence[str], *, name: str, change: Change | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return (n, n_labels) probabilities of each, of texts as they are or changed first."""
        old, new = (
            predict(one, texts, self.cache, change=change, name=f"{name}, {which}").proba(one)[0]
            for which, one in (("old", self.old), ("new", self.new))
        )
        return old, new

    def flags(
        self,
        proba: tuple[FloatArray, FloatArray],
        languages: Sequence[str],
        point: OperatingPoint = "balanced",
    ) -> tuple[BoolArray, BoolArray]:
        """Return (n, n_labels) labels that each flags, by its own thresholds."""
        old, new = (
            flagged(one, languages, artifact.calibration, point)
            for one, artifact in zip(proba, (self.old, self.new), strict=True)
        )
        return old, new


def held(rows: Table) -> BoolArray:
    """Return (n, n_labels) labels known to hold: at least half of those who were asked say so."""
    return np.asarray(rows.held & (rows.mask > 0))


def absent(rows: Table) -> BoolArray:
    """Return (n, n_labels) labels known not to hold: nobody says that they do."""
    return np.asarray((rows.labels == 0) & (rows.mask > 0))
