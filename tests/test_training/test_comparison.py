"""Two artefacts on the same texts: an artefact does not beat itself; held-out sources are scored apart."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from models.artifact import load_artifact
from models.taxonomy import LABELS
from tests.test_training.tables import table
from training.comparison import against, judged, never_seen
from training.example import TEST_ONLY_PARTS, Example, Source
from training.export import write_manifest

TEXTS = [f"easy work {index}" for index in range(12)]
ROWS = table(TEXTS, [{"task_scam"}] * 6 + [set[str]()] * 6)


def nothing(_data_root: Path) -> Iterator[Example]:
    yield from ()


MIXED = Source("mixed_set", "", nothing, TEST_ONLY_PARTS, "two_class", frozenset({"task_scam"}))
SCAMS = Source("only_scams", "", nothing, TEST_ONLY_PARTS, "recall")


def test_an_artifact_is_no_better_than_itself(tiny_artifact: Path, tmp_path: Path) -> None:
    same = load_artifact(tiny_artifact)
    report = against(same, same, {MIXED: ROWS, SCAMS: ROWS.where(ROWS.positive)}, ROWS, tmp_path)

    entries = [*report["average_precision"].values(), *report["recall"].values()]
    assert set(report["average_precision"]) == {"mixed_set", "written test, any label"}
    assert set(report["recall"]) == {"only_scams"}
    for entry in entries:
        assert entry["this"] == entry["previous"]
        assert entry["rise95"] == [0.0, 0.0]


def test_texts_nobody_can_judge_are_left_out() -> None:
    rows = table(["a", "b", "c"], [{"task_scam"}, {"phishing"}, set()])
    kept, truth = judged(rows, [1])

    assert rows.labels[0, 1] == 1
    assert kept.text.tolist() == ["a", "c"]
    assert truth.tolist() == [True, False]


def test_a_better_artifact_rises_and_a_louder_one_raises_more_alarms(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    quiet = shutil.copytree(tiny_artifact, tmp_path / "quiet")
    manifest = dict(load_artifact(quiet).manifest)
    manifest["thresholds"] = {point: dict.fromkeys(LABELS, 1.01) for point in manifest["thresholds"]}
    manifest["certificates"] = {}
    write_manifest(quiet, manifest)
    loud = shutil.copytree(quiet, tmp_path / "loud")
    write_manifest(
        loud,
        {**manifest, "thresholds": {point: dict.fromkeys(LABELS, 0.0) for point in manifest["thresholds"]}},
    )
    sets = {MIXED: ROWS, SCAMS: ROWS.where(ROWS.positive)}
    report = against(load_artifact(loud), load_artifact(quiet), sets, ROWS, tmp_path)

    assert report["recall"]["only_scams"]["rise95"] == [1.0, 1.0]
    assert report["false_alarms"]["mixed_set"]["rise95"] == [1.0, 1.0]
    assert report["average_precision"]["mixed_set"]["rise95"] == [0.0, 0.0]


def test_only_sources_the_recipe_leaves_out_are_scored(tiny_artifact: Path, tmp_path: Path) -> None:
    same = load_artifact(tiny_artifact)
    sets = {MIXED: ROWS, replace(MIXED, name="toy"): ROWS, SCAMS: ROWS}
    report = never_seen(same, same, sets, tmp_path)

    assert same.manifest["recipe"]["texts_per_epoch"]["toy"]
    assert set(report) == {"mixed_set"}
    assert report["mixed_set"]["positives"] == 6
    assert report["mixed_set"]["seen"] == report["mixed_set"]["never_seen"]
