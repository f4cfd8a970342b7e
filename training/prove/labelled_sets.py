"""Sets with labels of their own, added ones among them, each apart: what two models find in them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from training.comparison import columns_of
from training.example import Source
from training.metrics import scam_score
from training.prove.paired import paired_precision, paired_share
from training.prove.sides import Sides, absent, held
from training.table import Table


def measure(sides: Sides, sets: Mapping[Source, Table]) -> dict[str, Any]:
    """Return, per set that is measured by its labels, figures over those it can speak of.

    At `balanced`: recall of a right label; texts known to have none of these labels that get one. And the
    average precision of any of them.
    """
    found = {
        source.name: _of_set(sides, source, rows)
        for source, rows in sets.items()
        if source.measure == "labels"
    }
    return {name: figures for name, figures in found.items() if figures}


def _of_set(sides: Sides, source: Source, rows: Table) -> dict[str, Any]:
    columns = columns_of(source)
    proba = sides.proba(rows.text.tolist(), name=source.name)
    flags = [one[:, columns] for one in sides.flags(proba, rows.language.tolist())]
    right = held(rows)[:, columns]
    positives = np.asarray(right.any(1))
    quiet = np.asarray(absent(rows)[:, columns].all(1))
    figures: dict[str, Any] = {}
    if positives.any():
        old, new = (np.asarray((one & right).any(1))[positives] for one in flags)
        figures["recall"] = paired_share(old, new, rows.near[positives], worse="lower").to_dict()
    if quiet.any():
        old, new = (np.asarray(one.any(1))[quiet] for one in flags)
        figures["false_alarms"] = paired_share(old, new, rows.near[quiet], worse="higher").to_dict()
    if positives.any() and quiet.any():
        judged = positives | quiet
        before, after = (scam_score(one[judged], columns) for one in proba)
        precision = paired_precision(positives[judged], before, after, rows.near[judged])
        figures["average_precision"] = precision.to_dict()
    return figures
