"""How far people agree on the labels of the same texts, beyond chance: Krippendorff's alpha."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.taxonomy import LABELS, ROLES
from training.labelled.row import LabelledRow


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree on one label, or on the role.

    Attributes:
        code: of the label, or `role`.
        texts: that two people or more labelled.
        alpha: 1: they always agree, 0: as chance would; None: nobody ever said anything else than the rest.
    """

    code: str
    texts: int
    alpha: float | None


def agreements(rows: Sequence[LabelledRow]) -> list[Agreement]:
    """Return the agreement on each label, and on the role, that two people or more told of some text."""
    found = []
    several = [row for row in rows if len(row.annotations) > 1]
    for code in LABELS:
        counts = [
            (yes := sum(code in one.labels for one in row.annotations), len(row.annotations) - yes)
            for row in several
            if code in row.labels
        ]
        if counts:
            found.append(Agreement(code, len(counts), krippendorff_alpha(np.array(counts))))
    roles = [[one.role for one in row.annotations if one.role] for row in several]
    counts_of_roles = [[said.count(role) for role in ROLES] for said in roles if len(said) > 1]
    if counts_of_roles:
        alpha = krippendorff_alpha(np.array(counts_of_roles))
        found.append(Agreement("role", len(counts_of_roles), alpha))
    return found


def krippendorff_alpha(counts: npt.NDArray[np.int_]) -> float | None:
    """Return alpha, or None where it is 0 / 0: all values are the same, or nobody told the same unit twice.

    Args:
        counts: (n_units, n_values) how many people gave a unit each value; units may have had different
            numbers of people, and those with one say nothing.

    Source: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", nominal data with missing values.
    """
    told = counts[counts.sum(1) > 1].astype(np.float64)
    people = told.sum(1)
    total = people.sum()
    if not len(told):
        return None
    # Pairs of unequal values: within units, each unit weighing as many as gave it a value, and over all.
    observed = ((people**2 - (told**2).sum(1)) / (people - 1)).sum() / total
    expected = (total**2 - (told.sum(0) ** 2).sum()) / (total * (total - 1))
    return None if expected == 0 else float(1 - observed / expected)
