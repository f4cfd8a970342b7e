"""How many labels it takes: when a run has arrived, what seeds and schemes say together, and going on."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import label_budget
from models.artifact import load_artifact
from models.errors import TrainingDataError
from tests.test_training.test_choose import rare
from tests.tiny import random_texts
from training.budget import curve as module
from training.budget.curve import Curve, batches, run_curves, split
from training.budget.curve_report import curve_markdown, summary, write_curves
from training.budget.schemes import Told, scheme_of
from training.cli import main


def curve(*recall: float, strategy: Any = "random", seed: int = 1, scheme: str = "one") -> Curve:
    labels = tuple(10 * (at + 1) for at in range(len(recall)))
    return Curve(scheme, strategy, seed, 500, 100, 20, labels, labels, recall, ())


def test_a_run_has_arrived_when_it_stays() -> None:
    assert curve(0.2, 0.7, 0.9, 0.9).needed() == pytest.approx(25)
    assert curve(0.2, 0.9, 0.7, 0.9, 0.9).needed() == pytest.approx(35)
    assert curve(0.2, 0.8).needed() == pytest.approx(20)
    assert curve(0.2, 0.5, 0.79).needed() is None


def test_batches_grow_and_end_with_the_labels_there_are() -> None:
    counts = [*batches(300)]
    assert sum(counts) == 300
    assert counts[0] == 10
    assert sorted(counts[:-1]) == counts[:-1]
    assert counts[-2] > 20


def test_no_group_is_divided_between_pool_and_test() -> None:
    scheme = replace(rare(), groups=np.arange(3000) // 3)
    pool, test = split(scheme, 1)

    assert not set(scheme.groups[pool]) & set(scheme.groups[test])
    assert len(set(zip(scheme.groups[test], scheme.truth[test], strict=True))) == test.sum()
    assert 0.25 < len(set(scheme.groups[test])) / 1000 < 0.35
    assert (split(scheme, 2)[0] != pool).any()


def test_what_suggesting_saves_is_a_mean_over_schemes_of_their_seeds() -> None:
    curves = [
        curve(0.2, 0.6, 0.7, 0.8, scheme="easy", seed=1),
        curve(0.2, 0.8, strategy="suggest", scheme="easy", seed=1),
        curve(0.2, 0.8, scheme="easy", seed=2),
        curve(0.2, 0.8, strategy="suggest", scheme="easy", seed=2),
        curve(0.1, 0.8, scheme="hard", seed=1),
        curve(0.8, strategy="suggest", scheme="hard", seed=1),
    ]
    report = summary(curves)

    assert report["schemes"]["easy"]["share_of_random"]["mean"] == pytest.approx(0.75)
    assert report["schemes"]["hard"]["share_of_random"]["mean"] == pytest.approx(0.5)
    assert report["share_of_random"]["mean"] == pytest.approx(0.625)
    low, high = report["share_of_random"]["interval95"]
    assert low < 0.625 < high
    assert report["schemes"]["easy"]["random"]["of_seeds"] == [40, 20]


def test_a_target_that_is_not_reached_is_told() -> None:
    report = summary([curve(0.1, 0.2), curve(0.5, 0.6, strategy="suggest")])
    assert report["schemes"]["one"]["random"]["not_reached"] == 1
    assert ">20 [20, 20]" in curve_markdown(report)


def test_a_run_that_is_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = rare(600, share=0.2)
    first = run_curves([scheme], tmp_path, seeds=(1,), most=40)
    (tmp_path / "rare-suggest-1-40.json").unlink()
    done: list[str] = []
    run = module.run_curve

    def counted(*arguments: Any, **named: Any) -> Curve:
        done.append(arguments[1])
        return run(*arguments, **named)

    monkeypatch.setattr(module, "run_curve", counted)
    assert run_curves([scheme], tmp_path, seeds=(1,), most=40) == first
    assert done == ["suggest"]


def test_the_report_is_json_markdown_and_a_plot(tmp_path: Path) -> None:
    write_curves([curve(0.2, 0.9, 0.9), curve(0.9, 0.9, strategy="suggest")], tmp_path)
    report = json.loads((tmp_path / "learning_curve.json").read_text())
    assert report["target_recall"] == 0.8
    assert "recall 80% at 1% false alarms" in (tmp_path / "learning_curve.md").read_text()
    assert (tmp_path / "learning_curve.png").read_bytes().startswith(b"\x89PNG")


def test_a_class_with_hardly_a_text_is_told(tiny_artifact: Path, tmp_path: Path) -> None:
    told = [Told(str(at), text, at < 3, "en") for at, text in enumerate(random_texts(200))]
    with pytest.raises(TrainingDataError, match="found 3 and"):
        scheme_of("few", told, ["phishing"], load_artifact(tiny_artifact), tmp_path)


@pytest.mark.parametrize("option", ["--seeds", "--most"])
def test_nothing_to_do_is_no_number_to_ask_for(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["learning-curve", "my/gambling", "--label", "phishing", option, "0"])
    assert "expected 1 or more, found 0" in capsys.readouterr().err


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """Two sets of invented texts where the real ones would lie."""
    comments = tmp_path / "data" / "open" / "id_judol_comments_gbennnn" / "judol_text_label.csv"
    posts = tmp_path / "data" / "open" / "burmese_moneyscam_nuwai" / "texts_dedup.csv"
    for path in (comments, posts):
        path.parent.mkdir(parents=True)
    texts = random_texts(400, longest=14)
    with comments.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("text", "label"), *((text, at % 3 == 0) for at, text in enumerate(texts))]
        )
    comments.write_text(comments.read_text("utf-8").replace("True", "1").replace("False", "0"), "utf-8")
    files = ("mostly scam data 1.xlsx", "non scam advertisements 2.xlsx", "job posts-mixed.xlsx")
    with posts.open("w", encoding="utf-8", newline="") as file:
        rows = ((files[at % 3], f"လစာကောင်း {text} ကျွန်တော်တို့ ရုံးခန်း") for at, text in enumerate(texts))
        csv.writer(file).writerows([("source_file", "text"), *rows])
    (posts.parent / "myanmar_news_data.csv").write_text("title,description\n", encoding="utf-8")
    return tmp_path / "data"


def test_the_two_schemes_are_measured_and_their_labelled_texts_kept(
    tiny_artifact: Path, data_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [
        "--artifact",
        str(tiny_artifact),
        "--data",
        str(data_root),
        "--cache",
        str(tmp_path / "cache"),
    ]
    arguments += ["--output", str(tmp_path / "out"), "--seeds", "1", "--most", "30"]
    monkeypatch.setattr("sys.argv", ["label_budget", *arguments])

    assert label_budget.main() == 0
    report = json.loads((tmp_path / "out" / "learning_curve.json").read_text())
    assert set(report["schemes"]) == {"gambling-id", "money-scams-my"}
    chosen = tmp_path / "out" / "chosen" / "money-scams-my"
    sheet = [str(chosen / "suggest" / "labels.csv"), "--mapping", str(chosen / "suggest" / "mapping.toml")]
    assert main(["data", "import", *sheet, "--format", "csv", "--output", str(tmp_path / "dataset")]) == 0
    labelled = {json.loads(line)["key"] for line in (tmp_path / "dataset" / "texts.jsonl").open("rb")}
    tested = {json.loads(line)["key"] for line in (chosen / "test.jsonl").open("rb")}
    assert len(labelled) == 30
    assert tested
    assert not labelled & tested


def test_an_artefact_that_has_seen_a_scheme_measures_nothing() -> None:
    artifact = load_artifact()
    with pytest.raises(TrainingDataError, match="was trained on burmese_moneyscam_nuwai"):
        label_budget.check_unseen(artifact)
