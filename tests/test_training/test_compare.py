"""Two artefacts on the same texts, from the scores to the verdict."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import training.prove.compare
from models.artifact import load_artifact
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from tests.test_training.sets import example, source, words
from tests.test_training.tables import table
from tests.test_training.test_comparison import MIXED
from training import metrics, written_test_report
from training.corpus import build_corpus
from training.export import write_manifest
from training.prove import paired
from training.prove.cells import ALARMS, BENIGN, RECALL, RIGHT
from training.prove.compare import Texts, compare, compare_on, texts_of
from training.prove.compare_markdown import compare_markdown
from training.prove.sides import Sides
from training.table import as_table

SCAMS = [f"easy work in a big office, pay in dollars, number {index}" for index in range(60)]
QUIET = [f"the library opens at nine, room {index}" for index in range(60)]
ROWS = table([*SCAMS, *QUIET], [{"task_scam", "person_at_risk"}] * 60 + [set[str]()] * 60)
LABELLED = replace(MIXED, name="hotline", measure="labels")
TEXTS = Texts(
    {MIXED: ROWS, LABELLED: ROWS.where(np.arange(len(ROWS)) % 2 == 0)},
    table([*SCAMS[:8], *QUIET[:8]], [{"task_scam"}] * 8 + [set[str]()] * 8),
)


@pytest.fixture(autouse=True)
def quick_and_unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written_test_report, "count_scoring", lambda artifact: 3)
    monkeypatch.setattr(metrics, "BOOTSTRAP_DRAWS", 50)
    monkeypatch.setattr(paired, "PRECISION_DRAWS", 50)


def with_thresholds(artifact: Path, folder: Path, value: float) -> Path:
    shutil.copytree(artifact, folder)
    manifest = dict(load_artifact(folder).manifest)
    manifest["thresholds"] = {point: dict.fromkeys(LABELS, value) for point in manifest["thresholds"]}
    write_manifest(folder, {**manifest, "certificates": {}})
    return folder


def test_a_model_that_flags_everything_finds_more_and_breaks_the_rules_on_false_alarms(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    quiet, loud = (
        with_thresholds(tiny_artifact, tmp_path / name, value)
        for name, value in (("quiet", 1.01), ("loud", 0.0))
    )
    report = compare_on(Sides(load_artifact(quiet), load_artifact(loud), tmp_path / "cache"), TEXTS)
    cells = {(cell["measure"], cell["label"], cell["language"]): cell for cell in report["cells"]}
    broken = {rule["name"] for rule in report["verdict"]["rules"] if rule["broken"]}

    assert cells[RECALL, "task_scam", "en"]["n"] == 98
    assert [cells[RIGHT, "any", "all"][which] for which in ("old", "new")] == [0, 1]
    assert cells[BENIGN, "any", "en"]["p_adjusted"] < 0.001
    assert cells[ALARMS, "phishing", "en"]["n"] == 196
    assert cells[RECALL, "task_scam", "en"]["p_adjusted"] == 1
    assert broken - {"speed"} == {
        "alarms_on_benign",
        "false_alarms",
        "sets",
        "labelled_sets",
    }
    assert report["labelled_sets"]["hotline"]["recall"]["n"] == 30
    assert report["labelled_sets"]["hotline"]["recall"]["change95"] == [1, 1]
    assert report["people_at_risk"]["new"] == 1
    assert report["attacked"]["leet"]["n"] > 0
    assert report["sizes"]["old"]["bytes"] > 0
    assert json.loads(json.dumps(report)) == report
    assert "task_scam" in compare_markdown(report)


def test_the_other_way_round_recall_pleas_and_certificates_are_lost(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    mute = with_thresholds(tiny_artifact, tmp_path / "mute", 1.01)
    loud = with_thresholds(tiny_artifact, tmp_path / "loud", 0.0)
    certified = {
        **load_artifact(loud).manifest,
        "certificates": load_artifact(tiny_artifact).manifest["certificates"],
    }
    certified["certificates"]["en"]["thresholds"] = dict.fromkeys(LABELS, 0.0)
    write_manifest(loud, certified)
    report = compare_on(Sides(load_artifact(loud), load_artifact(mute), tmp_path / "cache"), TEXTS)
    broken = {rule["name"] for rule in report["verdict"]["rules"] if rule["broken"]}

    assert broken - {"speed"} == {
        "person_at_risk",
        "right_label",
        "recall",
        "masked",
        "attacked",
        "certificates",
        "labelled_sets",
    }


def test_an_added_set_is_split_as_training_splits_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = source("there", [example(words(i), "there", f"{i:03}") for i in range(60)])
    # Keys that come first in the alphabet: placed among the others, they would name the groups of all.
    added = source("added", [example(f"{words(i)} !", "added", f"000-{i:03}") for i in range(60)])
    trained = as_table(build_corpus([there], tmp_path, [added]))
    monkeypatch.setattr(training.prove.compare, "present_sources", lambda _root: (there,))

    asked = texts_of(None, [added], tmp_path / "cache").sets

    assert {source.name: set(rows.key) for source, rows in asked.items()} == {
        name: set(trained.key[(trained.source == name) & (trained.split == "test")])
        for name in ("there", "added")
    }


def test_a_model_is_not_compared_with_itself(tiny_artifact: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="the same model"):
        compare(tiny_artifact, tiny_artifact, None, (), tmp_path)
