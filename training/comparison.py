"""Artefacts side by side on the same texts: the one it replaces, and one that never saw some sources."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models.artifact import Artifact
from models.taxonomy import LABELS
from training.example import Source
from training.flags import flagged
from training.metrics import (
    BoolArray,
    FloatArray,
    Share,
    average_precision,
    paired_bootstrap,
    recall,
    scam_score,
)
from training.predict import predict
from training.table import Table

Report = dict[str, Any]
Metric = Callable[[BoolArray, FloatArray], float]


def columns_of(source: Source) -> list[int]:
    """Return the columns of the labels a source can speak of, all of them if it names none."""
    return [index for index, code in enumerate(LABELS) if code in source.mapped] or list(range(len(LABELS)))


def judged(rows: Table, columns: list[int]) -> tuple[Table, BoolArray]:
    """Return the texts known to hold one of the labels or none at all, and which hold one."""
    holds = rows.held[:, columns].any(1) | (rows.any_of[:, columns].max(1) > 0)
    kept = holds | rows.benign
    return rows.where(kept), np.asarray(holds[kept])


def against(
    artifact: Artifact, previous: Artifact, sets: Mapping[Source, Table], written: Table, cache: Path
) -> Report:
    """Return, per set, the figure of both artefacts and the 95 % interval of its rise, by paired bootstrap.

    Average precision of two-class sets and, over its texts, of the written test; recall at `balanced` of sets
    that hold only scams; share of benign texts with any flag at `balanced`. Both artefacts read texts as this
    release normalises them.
    """

    def proba(one: Artifact, rows: Table) -> FloatArray:
        return predict(one, list(rows.text), cache, name="comparison").proba(one)[0]

    def any_flag(one: Artifact, rows: Table, columns: list[int]) -> FloatArray:
        flags = flagged(proba(one, rows), rows.language.tolist(), one.calibration, "balanced")
        return np.asarray(flags[:, columns].any(1), dtype=np.float32)

    precision, found, alarms = {}, {}, {}
    for source, rows in sets.items():
        columns = columns_of(source)
        quiet = rows.where(rows.benign)
        if len(quiet):
            both = [any_flag(one, quiet, list(range(len(LABELS)))) for one in (artifact, previous)]
            alarms[source.name] = _pair(recall, np.ones(len(quiet), dtype=bool), both, quiet)
        if source.measure == "two_class":
            part, truth = judged(rows, columns)
            both = [scam_score(proba(one, part), columns) for one in (artifact, previous)]
            precision[source.name] = _pair(average_precision, truth, both, part)
        elif source.measure == "recall":
            both = [any_flag(one, rows, columns) for one in (artifact, previous)]
            found[source.name] = _pair(recall, np.ones(len(rows), dtype=bool), both, rows)
    both = [scam_score(proba(one, written)) for one in (artifact, previous)]
    precision["written test, any label"] = _pair(average_precision, written.positive, both, written)
    return {
        "previous": {"version": previous.info.version, "sha256": previous.info.sha256},
        "average_precision": precision,
        "recall": found,
        "false_alarms": alarms,
    }


def _pair(metric: Metric, truth: BoolArray, both: list[FloatArray], rows: Table) -> Report:
    ours, theirs = both
    low, high = paired_bootstrap(metric, truth, ours, theirs, list(rows.near))
    return {
        "n": len(rows),
        "this": round(metric(truth, ours), 4),
        "previous": round(metric(truth, theirs), 4),
        "rise95": [round(low, 4), round(high, 4)],
    }


def never_seen(held_out: Artifact, control: Artifact, sets: Mapping[Source, Table], cache: Path) -> Report:
    """Return how an artefact does on the training sources its recipe leaves out.

    Args:
        held_out: trained without some sources.
        control: trained in the same way on all of them, for comparison.
        sets: source -> `test` texts; those the recipe names, and `eval_only` ones, are left out.
        cache: of scores.
    """
    read = held_out.manifest["recipe"]["texts_per_epoch"]
    result: Report = {}
    for source, rows in sets.items():
        if source.measure != "two_class" or rows.eval_only.any() or read.get(source.name):
            continue
        columns = columns_of(source)
        part, truth = judged(rows, columns)
        entry: Report = {"n": len(part), "positives": int(truth.sum())}
        for name, one in (("never_seen", held_out), ("seen", control)):
            proba = predict(one, list(part.text), cache, name=source.name).proba(one)[0]
            flags = flagged(proba, part.language.tolist(), one.calibration, "balanced")
            entry[name] = {
                "average_precision": _rounded(average_precision(truth, scam_score(proba, columns))),
                "recall": Share.of(flags[:, columns].any(1), truth).to_dict(),
                "false_alarms": Share.of(flags.any(1), part.benign).to_dict(),
            }
        result[source.name] = entry
    return result


def _rounded(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None
