"""`train` from an artefact with added data, whole: corpus, fit, export, calibration, on tiny everything."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import training.run_texts
from models.artifact import load_artifact
from models.errors import RecipeError, TrainingDataError
from models.taxonomy import LABELS
from tests.test_training.labelled_files import row, write
from tests.tiny import random_texts, tiny_recipe
from training.cli import main
from training.example import LABELLED_PARTS, Example, Source
from training.export import write_manifest
from training.predict import predict
from training.recipe import Recipe
from training.run import Extra, train
from training.run_log import ENVIRONMENT, LOG
from training.stopping import SCORES

LOAN = LABELS.index("loan_scam")
SIGN = "高薪工作"  # what an added scam says, and no other text


def texts_with(sign: str, count: int, seed: int) -> list[str]:
    return [f"{sign} {text} {sign}" for text in random_texts(count, seed=seed, longest=12)]


def plain(count: int, seed: int) -> list[str]:
    return [text.replace(SIGN, "") + "." for text in random_texts(count, seed=seed, longest=12)]


def source(
    name: str, texts: list[str], scams: int = 0, *, known: frozenset[str] = frozenset(LABELS)
) -> Source:
    def read(_root: Path) -> Iterator[Example]:
        for at, text in enumerate(texts):
            yield Example(
                text=text,
                labels=frozenset({"loan_scam"} if at < scams else ()),
                known=known if at < scams else frozenset(LABELS),
                role="approach" if at < scams else "ordinary",
                language="en",
                source=name,
                key=str(at),
            )

    return Source(name=name, folder="", read=read, parts=LABELLED_PARTS, measure="labels")


@pytest.fixture(scope="module")
def base(tiny_artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an artefact that flags hardly anything."""
    folder = Path(shutil.copytree(tiny_artifact, tmp_path_factory.mktemp("base") / "artifact"))
    weights = load_file(folder / "weights.safetensors")
    save_file({**weights, "labels.bias": weights["labels.bias"] - 4}, folder / "weights.safetensors")
    write_manifest(folder, load_artifact(tiny_artifact).manifest)
    return folder


@pytest.fixture(scope="module")
def toy() -> Source:
    return source("toy", plain(240, seed=1))


@pytest.fixture(scope="module")
def added() -> Source:
    known = frozenset({"loan_scam"})
    return source("added", texts_with(SIGN, 120, seed=2) + plain(120, seed=3), scams=120, known=known)


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    base = tiny_recipe(epochs=6, kept_weight=1.0, tune_texts=40, patience=3, checkpoint_steps=5)
    return replace(base, tokens=replace(base.tokens, epochs=0), texts_per_epoch={"toy": 80, "absent": 40})


@pytest.fixture(scope="module")
def trained(
    toy: Source,
    added: Source,
    recipe: Recipe,
    base: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return the folder of a run that added a set to the tiny artefact."""
    run = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training.run_texts, "present_sources", lambda *_: (toy,))
        train(recipe, str(base), None, run, run / "cache", extra=Extra(added=(added,)))
    return run


def test_an_added_label_is_learnt(trained: Path, base: Path) -> None:
    unseen = [*texts_with(SIGN, 40, seed=77), *plain(40, seed=78)]
    found = {}
    for name, folder in (("before", base), ("after", trained / "artifact")):
        artifact = load_artifact(folder)
        proba = predict(artifact, unseen, trained / "cache", name=name).proba(artifact)[0][:, LOAN]
        flagged = np.round(proba, 2) >= artifact.calibration.thresholds["balanced"]["loan_scam"]
        found[name] = (flagged[:40].mean(), flagged[40:].mean())

    assert found["before"][0] < 0.5
    assert found["after"][0] > 0.9
    assert found["after"][1] < 0.1


def test_labels_that_the_added_set_does_not_speak_of_keep_their_thresholds_and_nearly_their_probabilities(
    trained: Path, base: Path
) -> None:
    before, after = load_artifact(base), load_artifact(trained / "artifact")
    others = [at for at in range(len(LABELS)) if at != LOAN]
    unseen = plain(60, seed=79)
    said, says = (
        predict(artifact, unseen, trained / "cache", name="unseen").proba(artifact)[0][:, others]
        for artifact in (before, after)
    )

    for point, table in before.calibration.thresholds.items():
        now = after.calibration.thresholds[point]
        assert {code: now[code] for code in LABELS if code != "loan_scam"} == {
            code: table[code] for code in LABELS if code != "loan_scam"
        }
    assert np.abs(says - said).mean() < 0.05


def test_the_manifest_says_what_was_added_and_what_it_started_from(trained: Path, base: Path) -> None:
    manifest = load_artifact(trained / "artifact").manifest

    assert manifest["added"]["added"]["labels"] == {"loan_scam": 120}
    assert sum(manifest["added"]["added"]["texts"].values()) == 240
    assert manifest["started_from"]["sha256"] == load_artifact(base).info.sha256


def test_an_artefact_keeps_its_vocabulary(trained: Path, base: Path) -> None:
    name = "tokenizer.json"
    assert (trained / "artifact" / name).read_bytes() == (base / name).read_bytes()


def test_a_run_leaves_its_figures_in_plain_files(trained: Path) -> None:
    lines = [json.loads(line) for line in (trained / LOG).read_text().splitlines()]
    steps = [line for line in lines if "loss" in line]
    scores = [line for line in lines if "tune_loss" in line]

    assert [line["step"] for line in steps] == list(range(1, len(steps) + 1))
    assert {"labels", "indicators", "entities", "kept", "rate", "seconds", "epoch"} <= set(steps[0])
    assert [line["tune_loss"] for line in scores] == [
        score["loss"] for score in json.loads((trained / SCORES).read_text()).values()
    ]
    assert json.loads((trained / ENVIRONMENT).read_text())["processes"] == 1


def test_a_run_that_is_finished_gives_the_same_artefact_again(
    trained: Path,
    toy: Source,
    added: Source,
    recipe: Recipe,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = load_artifact(trained / "artifact").info.sha256
    monkeypatch.setattr(training.run_texts, "present_sources", lambda *_: (toy,))
    train(recipe, str(base), None, trained, trained / "cache", extra=Extra(added=(added,)))

    assert load_artifact(trained / "artifact").info.sha256 == before


def test_a_label_that_is_nowhere_to_be_trained_on_stops_the_run_before_it_begins(
    toy: Source, recipe: Recipe, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training.run_texts, "present_sources", lambda *_: (toy,))
    none = replace(source("none", plain(30, seed=5), scams=9), parts=(0.0, 0.4, 0.3, 0.3))

    with pytest.raises(TrainingDataError, match="none: of its 30 texts none is left to train on"):
        train(recipe, str(base), None, tmp_path, tmp_path / "cache", extra=Extra(added=(none,)))
    assert not (tmp_path / "checkpoint").exists()


def test_train_without_a_base_and_without_data_to_add_asks_for_a_base(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["train", "short", "--run", str(tmp_path)]) == 1
    assert "--base is missing" in capsys.readouterr().err


def test_a_dataset_that_is_broken_ends_the_command_with_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = write(tmp_path / "mine", [row("1", "easy money"), row("2", "see you at nine")])
    with (folder / "texts.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"key": "3", "text": "easy mon')

    assert main(["train", "add", "--add", str(folder), "--run", str(tmp_path / "run")]) == 1
    told = capsys.readouterr().err
    assert told.startswith("scamscreen-train: mine/texts.jsonl, line 3: expected one JSON object, broken")
    assert told.count("\n") == 1
    assert "easy" not in told
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("said", ["online_gambling", "id:", "id:gambling", ":loan_scam", "id:loan_scam,"])
def test_what_cannot_be_left_out_is_refused(
    said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["train", "short", "--base", "x", "--data", str(tmp_path), "--run", str(tmp_path / "run")]

    assert main([*words, "--leave-out", said]) == 1
    assert "expected LANGUAGE:LABEL,LABEL" in capsys.readouterr().err


def test_a_loss_that_is_no_number_ends_the_run_with_what_to_do(
    toy: Source,
    added: Source,
    recipe: Recipe,
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training.run_texts, "present_sources", lambda *_: (toy,))
    wild = replace(recipe, fit=replace(recipe.fit, encoder_rate=1e30, head_rate=1e30, gradient_clip=1e30))

    with pytest.raises(RecipeError, match="choose a lower encoder_rate"):
        train(wild, str(base), None, tmp_path, tmp_path / "cache", extra=Extra(added=(added,)))
