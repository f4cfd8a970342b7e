"""Whether two models' probabilities mean what they say, whom they promise what, and whom they treat alike."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from models.artifact import Artifact
from models.calibration import AT_RISK
from models.taxonomy import LABELS
from training import fairness
from training.metrics import BoolArray, FloatArray, calibration_error
from training.prove.cells import ENOUGH
from training.prove.paired import paired_share
from training.prove.sides import Sides, absent, held
from training.table import Table


def calibration(rows: Table, proba: tuple[FloatArray, FloatArray]) -> dict[str, Any]:
    """Return the calibration error and the Brier score of both, by label and the mean over labels.

    Args:
        rows: test texts.
        proba: (n, n_labels) probabilities of the old and the new model.
    """
    right = held(rows)
    known = right | absent(rows)
    labels: dict[str, Any] = {}
    for index, code in enumerate(LABELS):
        rows_known, positives = known[:, index], int(right[:, index].sum())
        if positives < ENOUGH:
            continue
        truth = right[rows_known, index]
        scores = [one[rows_known, index] for one in proba]
        labels[code] = {
            "positives": positives,
            "calibration_error": _both([calibration_error(truth, one) for one in scores]),
            "brier": _both([float(np.mean((one.astype(np.float64) - truth) ** 2)) for one in scores]),
        }
    return {
        "labels": labels,
        "mean": {
            name: {
                which: _mean([entry[name][which] for entry in labels.values()]) for which in ("old", "new")
            }
            for name in ("calibration_error", "brier")
        },
    }


def certificates(sides: Sides) -> dict[str, Any]:
    """Return, per language that one of them is certified for, what each promises at most; None: nothing."""
    old, new = (one.manifest["certificates"] for one in (sides.old, sides.new))
    return {
        language: {
            which: of_model[language]["bound"] if language in of_model else None
            for which, of_model in (("old", old), ("new", new))
        }
        for language in sorted({*old, *new})
    }


def people_at_risk(rows: Table, flags: tuple[BoolArray, BoolArray]) -> dict[str, Any] | None:
    """Return how many pleas both find at `screening`; None if there is no plea among the texts.

    Args:
        rows: test texts.
        flags: (n, n_labels) labels that each flags at `screening`.
    """
    column = LABELS.index(AT_RISK)
    pleas = held(rows)[:, column]
    if not pleas.any():
        return None
    old, new = (one[pleas, column] for one in flags)
    return paired_share(old, new, rows.near[pleas], worse="lower").to_dict()


def fair(sides: Sides, rows: Table) -> dict[str, Any]:
    """Return, per attribute that is swapped, how far both move; see `training.fairness`."""

    def of_model(one: Artifact) -> dict[str, Any]:
        return fairness.measure(rows, one, sides.cache)

    old, new = of_model(sides.old), of_model(sides.new)
    return {
        attribute: {
            "mean_gap": {"old": old[attribute]["mean_gap"], "new": new[attribute]["mean_gap"]},
            "priority_changed": {
                "old": len(old[attribute]["priority_changed"]),
                "new": len(new[attribute]["priority_changed"]),
            },
        }
        for attribute in fairness.ATTRIBUTES
    }


def _both(figures: Sequence[float]) -> dict[str, float | None]:
    """Return the figure of each model; None where there is none."""
    old, new = (round(value, 5) if math.isfinite(value) else None for value in figures)
    return {"old": old, "new": new}


def _mean(figures: Sequence[float | None]) -> float | None:
    there = [value for value in figures if value is not None]
    return round(float(np.mean(there)), 5) if there else None
