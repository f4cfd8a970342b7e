"""Labels given text by text to a slice of a set whose own labels are only those of its files.

`hand_labels/<source>.csv` names a row by its key and the sha256 of its text, never by its words; whoever has
the set can join the two. The slice is of the `test` split: it measures, nothing trains on it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.artifact import Artifact
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.flags import flagged
from training.metrics import Share, average_precision, scam_score
from training.predict import predict
from training.sources.tables import read_csv
from training.table import Table

FOLDER: Final = Path(__file__).with_name("hand_labels")
_DIGITS: Final = 16  # of the sha256


@dataclass(frozen=True, slots=True)
class HandLabel:
    """What a reader found in one text: all labels that hold, none if benign."""

    sha256: str
    labels: frozenset[str]


def read_hand_labels(source: str, folder: Path = FOLDER) -> Mapping[str, HandLabel]:
    """Return key -> labels of the slice of a source.

    Raises:
        TrainingDataError: the file or a column is missing; a label is unknown.
    """
    path = folder / f"{source}.csv"
    found = {}
    for number, row in enumerate(read_csv(path, ("key", "sha256", "labels")), start=2):
        labels = frozenset(row["labels"].split())
        if unknown := sorted(labels - set(LABELS)):
            raise TrainingDataError(f"{path.name}, line {number}: no label {', '.join(unknown)}")
        found[row["key"]] = HandLabel(row["sha256"], labels)
    return found


def measure(
    source: str, rows: Table, artifact: Artifact, cache: Path, *, folder: Path = FOLDER
) -> dict[str, Any]:
    """Return how the artefact and the set's own labels do against the hand labels of a slice.

    Args:
        source: whose slice.
        rows: `test` texts of the source; those outside the slice, or changed since, are left out.
        artifact: under evaluation.
        cache: of scores.
        folder: of the hand labels.
    """
    given = read_hand_labels(source, folder)
    inside = np.array(
        [
            key in given and hashlib.sha256(text.encode()).hexdigest()[:_DIGITS] == given[key].sha256
            for key, text in zip(rows.key, rows.text, strict=True)
        ],
        dtype=bool,
    )
    part = rows.where(inside)
    if not len(part):
        return {"n": 0}
    truth = np.array([bool(given[key].labels) for key in part.key])
    proba = predict(artifact, list(part.text), cache, name=source).proba(artifact)[0]
    flags = flagged(proba, part.language.tolist(), artifact.calibration, "balanced").any(1)
    scores = scam_score(proba)
    return {
        "n": len(part),
        "positives": int(truth.sum()),
        "own_labels_agree": Share.of(part.positive == truth, np.ones(len(part))).to_dict(),
        "average_precision": round(average_precision(truth, scores), 4),
        "average_precision_own_labels": round(average_precision(part.positive, scores), 4),
        "recall": Share.of(flags, truth).to_dict(),
        "false_alarms": Share.of(flags, ~truth).to_dict(),
    }
