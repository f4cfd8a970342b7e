"""Label by label and language by language: what each of two models finds, and what it raises for nothing."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.taxonomy import LABELS
from training.metrics import BoolArray, FloatArray, holm
from training.prove.paired import Paired, Worse, paired_precision, paired_share
from training.prove.sides import absent, held
from training.table import Table

ANY, EVERY = "any", "all"
ENOUGH = 50
"""Texts a cell needs for its figure to be judged."""
LEAST = 5
"""Texts a cell needs to be told at all."""
RIGHT, RECALL, PRECISION = "any_right_label", "recall", "average_precision"
BENIGN, ALARMS = "alarms_on_benign", "false_alarms"
MEASURES = (RIGHT, RECALL, PRECISION, BENIGN, ALARMS)
"""Each is judged as a family. At `balanced` but for the average precision: positives with a right label;
texts with a label that is found; benign texts with any flag; texts without a label that get it."""


NOTHING = Paired(0, math.nan, math.nan, math.nan, math.nan, 1.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of two models.

    Attributes:
        measure: one of `MEASURES`.
        label: a code, or `any`.
        language: a tag, or `all`.
        paired: the figure.
        p_adjusted: its p-value among all that are judged of the measure; None: too few texts to be judged.
    """

    measure: str
    label: str
    language: str
    paired: Paired = NOTHING
    p_adjusted: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "measure": self.measure,
            "label": self.label,
            "language": self.language,
            **self.paired.to_dict(),
            "p_adjusted": None if self.p_adjusted is None else round(self.p_adjusted, 6),
        }


def measure_cells(
    rows: Table, proba: tuple[FloatArray, FloatArray], flags: tuple[BoolArray, BoolArray]
) -> list[Cell]:
    """Return every cell with texts enough to be told.

    Args:
        rows: test texts.
        proba: (n, n_labels) probabilities of the old and the new model.
        flags: (n, n_labels) labels that each flags at `balanced`.
    """
    right, wrong = held(rows), absent(rows)
    found = [np.asarray((of_model & right).any(1)) for of_model in flags]
    raised = [np.asarray(of_model.any(1)) for of_model in flags]
    cells: list[Cell] = []
    for language in (EVERY, *sorted(set(rows.language.tolist()))):
        within = np.asarray((rows.language == language) | (language == EVERY))
        cells += _share(Cell(RIGHT, ANY, language), within & right.any(1), found, rows)
        cells += _share(Cell(BENIGN, ANY, language), within & rows.benign, raised, rows)
        for index, code in enumerate(LABELS):
            flagged = [of_model[:, index] for of_model in flags]
            scores = [of_model[:, index] for of_model in proba]
            holds, lacks = right[:, index], wrong[:, index]
            cells += _share(Cell(RECALL, code, language), within & holds, flagged, rows)
            cells += _share(Cell(ALARMS, code, language), within & lacks, flagged, rows)
            known = rows.where(within & (holds | lacks))
            of_known = [one[within & (holds | lacks)] for one in (holds, *scores)]
            cells += _precision(Cell(PRECISION, code, language), of_known, known)
    return [*_adjusted(cells)]


def _share(cell: Cell, members: BoolArray, hits: Sequence[BoolArray], rows: Table) -> Iterator[Cell]:
    """Yield the cell with the share of its texts that each model hits."""
    if members.sum() >= LEAST:
        old, new = (one[members] for one in hits)
        worse: Worse = "lower" if cell.measure in (RIGHT, RECALL) else "higher"
        yield replace(cell, paired=paired_share(old, new, rows.near[members], worse=worse))


def _precision(cell: Cell, truth_and_scores: Sequence[Any], rows: Table) -> Iterator[Cell]:
    """Yield the cell with average precisions, where there are texts enough to judge them."""
    truth, old, new = truth_and_scores
    if ENOUGH <= truth.sum() < len(truth):
        yield replace(cell, paired=paired_precision(truth, old, new, rows.near))


def _adjusted(cells: list[Cell]) -> Iterator[Cell]:
    """Yield the cells, those that can be judged with their p-values adjusted measure by measure (Holm)."""
    for measure in MEASURES:
        of_measure = [cell for cell in cells if cell.measure == measure]
        judged = [cell for cell in of_measure if cell.paired.n >= ENOUGH]
        adjusted = dict(zip(map(id, judged), holm([cell.paired.p_worse for cell in judged]), strict=True))
        for cell in of_measure:
            yield replace(cell, p_adjusted=adjusted.get(id(cell)))
