"""A second reader's labels of the written training texts, given without sight of the first's.

`authored/second_reading.csv` names a text by its key. Writers leave out labels that also hold and lean on
`other_scam`; where the two readers differ, training goes by both (soft labels: Peterson et al. 2019, "Human
uncertainty makes classification more robust").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from models.errors import TrainingDataError
from models.taxonomy import LABELS, ROLES
from training.sources.authored import AUTHORED_FOLDER
from training.sources.tables import read_csv

FILE: Final = AUTHORED_FOLDER / "second_reading.csv"


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What the second reader found in one text: all labels that hold, none if benign, and its role."""

    labels: frozenset[str]
    role: str


def read_second_readings(path: Path = FILE) -> Mapping[str, SecondReading]:
    """Return key -> second reading.

    Raises:
        TrainingDataError: the file or a column is missing; a label or role is unknown.
    """
    found = {}
    for number, row in enumerate(read_csv(path, ("id", "labels", "role")), start=2):
        labels = frozenset(row["labels"].split())
        if unknown := sorted((labels - set(LABELS)) | ({row["role"]} - set(ROLES))):
            raise TrainingDataError(f"{path.name}, line {number}: no code {', '.join(unknown)}")
        found[row["id"]] = SecondReading(labels, row["role"])
    return found


def both_readings(
    labels: npt.NDArray[np.float32],
    roles: Sequence[str],
    second: Sequence[SecondReading | None],
    share: float,
) -> tuple[npt.NDArray[np.float32], list[str]]:
    """Return labels and roles by both readers.

    Args:
        labels: (n, n_labels) 0 or 1, the first reader's.
        roles: (n,) the first reader's.
        second: (n,) the second reader's; None where nobody has read a text again.
        share: of a label that the second reader decides, in [0, 1]; 0 leaves everything to the first.

    Returns:
        labels: (n, n_labels) float32 in [0, 1].
        roles: (n,) "" where the two differ.
    """
    if not share:
        return labels, list(roles)
    soft, agreed = labels.copy(), list(roles)
    for row, reading in enumerate(second):
        if reading is None:
            continue
        theirs = np.array([code in reading.labels for code in LABELS], dtype=np.float32)
        soft[row] = (1 - share) * labels[row] + share * theirs
        agreed[row] = roles[row] if roles[row] == reading.role else ""
    return soft, agreed
