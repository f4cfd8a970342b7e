"""Labelled texts -> a scheme whose labels can be spent: groups, what the encoder says, a first guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from models.artifact import Artifact
from models.calibration import label_proba
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.budget.curve import Scheme
from training.budget.suggest import first_guess
from training.duplicates import near_groups
from training.example import HELD
from training.labelled.dataset import LabelledDataset
from training.labelled.row import language_of
from training.metrics import scam_score
from training.pooled import pooled

LEAST_POSITIVES: Final = 50
"""So many of either class, or a curve says nothing: the test holds a third of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text of which it is known whether the label holds."""

    key: str
    text: str
    holds: bool
    language: str
    group: str = ""


def scheme_of(
    name: str, told: Sequence[Told], codes: Sequence[str], artifact: Artifact, cache: Path
) -> Scheme:
    """Return a scheme of different texts; of equal ones the first counts.

    Args:
        name: of the scheme.
        told: its texts.
        codes: the labels that it may be; the artefact's guess is about them.
        artifact: whose encoder reads them.
        cache: folder of what can be computed again.

    Raises:
        TrainingDataError: a class has too few texts.
    """
    texts = [*{one.text: one for one in reversed(told)}.values()][::-1]
    truth = np.array([one.holds for one in texts], dtype=bool)
    if min(truth.sum(), (~truth).sum()) < LEAST_POSITIVES:
        raise TrainingDataError(
            f"{name}: expected {LEAST_POSITIVES} different texts with the label and as many without, "
            f"found {int(truth.sum())} and {int((~truth).sum())}"
        )
    said = pooled(artifact, [one.text for one in texts], cache, name=name)
    columns = [LABELS.index(code) for code in codes]
    if len(columns) == 1:
        guess = first_guess(said, artifact)[:, columns[0]]
    else:
        guess = scam_score(label_proba(said.label_logits, artifact.calibration), columns)
    return Scheme(
        name=name,
        keys=[one.key for one in texts],
        truth=truth,
        languages=[one.language for one in texts],
        groups=np.array(
            near_groups([one.text for one in texts], [one.group for one in texts]), dtype=np.int64
        ),
        vectors=said.vectors,
        guess=guess,
    )


def scheme_of_dataset(dataset: LabelledDataset, code: str, artifact: Artifact, cache: Path) -> Scheme:
    """Return one label of a labelled dataset as a scheme; rows that do not tell of it are left out.

    Raises:
        TrainingDataError: there is no such label, or a class has too few texts.
    """
    if code not in LABELS:
        raise TrainingDataError(f"no label {code}: the taxonomy has {', '.join(LABELS)}")
    told = [
        Told(
            row.key,
            row.text,
            row.labels[code] >= HELD,
            language_of(row.text, row.language),
            row.group,
        )
        for row in dataset.rows
        if code in row.labels
    ]
    return scheme_of(f"{dataset.name}-{code}", told, [code], artifact, cache)
