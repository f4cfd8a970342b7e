"""Two artefacts -> everything that speaks for or against putting the new one in the place of the old one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.artifact import Artifact, load_artifact
from models.errors import TrainingDataError
from training import comparison, written_test_report
from training.corpus import load_corpus
from training.example import Source
from training.predict import predict
from training.prove import cells, hardship, labelled_sets, speed, trust
from training.prove.sides import Sides
from training.prove.verdict import verdict
from training.scored import drawn, join
from training.sources import present_sources, written_test
from training.table import Table, as_table

Report = dict[str, Any]
_SPEED_SEED = 7


@dataclass(frozen=True, slots=True)
class Texts:
    """What two models are compared on, none of it for training.

    Attributes:
        sets: of each set its test texts, as `scored.drawn` draws them.
        written: the independent written test, whole.
    """

    sets: Mapping[Source, Table]
    written: Table

    @property
    def every(self) -> Table:
        """All of them."""
        return join([*self.sets.values(), self.written])


def compare(
    old_folder: Path, new_folder: Path, data_root: Path | None, added: Sequence[Source], cache: Path
) -> Report:
    """Return both models side by side, and the verdict.

    Args:
        old_folder: artefact that is to be replaced.
        new_folder: artefact that would replace it.
        data_root: of the sources; None: only what is written for this project is asked.
        added: labelled datasets; their parts for testing are asked too.
        cache: of scores.

    Raises:
        ArtifactError: one of them is absent or not whole.
        TrainingDataError: both are the same model, or a source cannot be read.
    """
    old, new = load_artifact(old_folder), load_artifact(new_folder)
    if old.info.sha256 == new.info.sha256:
        raise TrainingDataError("both folders hold the same model: there is nothing to compare")
    return compare_on(Sides(old, new, cache), texts_of(data_root, added, cache))


def texts_of(data_root: Path | None, added: Sequence[Source], cache: Path) -> Texts:
    """Return the texts of every set that no training run may read; `added` is split as training splits it."""
    present = present_sources(data_root)
    table = as_table(load_corpus(present, data_root or Path(), cache, added))
    test = table.where((table.split == "test") & ~table.leaked)
    sets = {
        source: drawn(test.where(test.source == source.name))
        for source in (*present, *added)
        if source.name != written_test.SOURCE.name
    }
    return Texts(
        {source: rows for source, rows in sets.items() if len(rows)},
        table.where(table.source == written_test.SOURCE.name),
    )


def compare_on(sides: Sides, texts: Texts) -> Report:
    """Return what both say of texts, how fast they do and how large they are, and the verdict."""
    rows, written = texts.every, texts.written
    languages = rows.language.tolist()
    proba = sides.proba(rows.text.tolist(), name="test texts")
    flags = sides.flags(proba, languages)
    report: Report = {
        "old": _named(sides.old),
        "new": _named(sides.new),
        "texts": {source.name: len(part) for source, part in texts.sets.items()}
        | {written_test.SOURCE.name: len(written)},
        "cells": [cell.to_dict() for cell in cells.measure_cells(rows, proba, flags)],
        "sets": comparison.against(sides.new, sides.old, texts.sets, written, sides.cache),
        "labelled_sets": labelled_sets.measure(sides, texts.sets),
        "written_test": _written_test(sides, written),
        "masked": hardship.masked(sides, rows.where(~rows.eval_only)),
        "attacked": hardship.attacked(sides, written),
        "calibration": trust.calibration(rows, proba),
        "certificates": trust.certificates(sides),
        "people_at_risk": trust.people_at_risk(rows, sides.flags(proba, languages, "screening")),
        "fairness": trust.fair(sides, written),
        "speed": speed.speed(sides.old, sides.new, rows.at_most(speed.TEXTS, _SPEED_SEED).text.tolist()),
        "sizes": speed.sizes(sides.old, sides.new),
    }
    return report | {"verdict": verdict(report)}


def _written_test(sides: Sides, rows: Table) -> Report:
    """Return every figure of the independent written test for both, and how often it has been asked."""
    report: Report = {}
    for which, one in (("old", sides.old), ("new", sides.new)):
        proba, roles = predict(one, rows.text.tolist(), sides.cache, name=f"written test, {which}").proba(one)
        measured = written_test_report.measure(rows, proba, roles, one)
        there = {code: entry for code, entry in measured["labels"].items() if entry["positives"]}
        report[which] = {**measured, "labels": there}
        report["scorings"] = written_test_report.count_scoring(one)
    return report


def _named(one: Artifact) -> dict[str, str]:
    return {"name": one.info.name, "version": one.info.version, "sha256": one.info.sha256}
