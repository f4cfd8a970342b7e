"""A trial on held-out schemes: what is drawn of them, what nothing may see, and its commands."""

import csv
import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import retraining_stages
from benchmarks.held_out_schemes import SCHEMES, HeldOutScheme, write_spreadsheet
from benchmarks.retraining import run_trial
from benchmarks.retraining_stages import Trial, link_data
from models.errors import TrainingDataError
from tests.test_training.sets import words
from training.cli import command_line
from training.example import LABELLED_PARTS, Example, Source
from training.left_out import parse_left_out
from training.recipe import load_recipe

GAMBLING, MONEY = SCHEMES


def scheme(n: int = 300) -> HeldOutScheme:
    """Return comments, each second one a bet; of each there are two near copies."""

    def read(_root: Path) -> Iterator[Example]:
        for row in range(n):
            for copy in "", "!":
                yield Example(
                    text=f"{words(row)} {copy}",
                    labels=frozenset({"online_gambling"} if row % 2 else ()),
                    known=frozenset(),
                    role=None,
                    language="id",
                    source="toy",
                    key=f"{row}{copy}",
                )

    toy = Source(name="toy", folder="open/toy", read=read, parts=LABELLED_PARTS, measure="two_class")
    return replace(GAMBLING, source=toy)


def test_no_text_of_the_test_is_a_near_copy_of_one_in_the_spreadsheet(tmp_path: Path) -> None:
    counts = write_spreadsheet(scheme(), tmp_path, tmp_path)
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    test = [json.loads(line) for line in (tmp_path / "test.jsonl").read_text().splitlines()]
    numbers = [row["key"].rstrip("!") for row in rows], [one["key"].rstrip("!") for one in test]

    assert len(rows) == counts["rows_positive"] + counts["rows_harmless"]
    assert all((row["label"] == "scam") is (int(row["key"]) % 2 == 1) for row in rows)
    assert len(set(numbers[0])) == len(rows)
    assert len(set(numbers[1])) == len(test) > 50
    assert not set(numbers[0]) & set(numbers[1])


def test_both_schemes_are_left_out_of_every_training_and_of_the_data_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("id_judol_comments_gbennnn", "burmese_moneyscam_nuwai", "uci_sms_spam"):
        (tmp_path / "root" / "open" / name).mkdir(parents=True)
    (tmp_path / "root" / "eval_only" / "nus_sms").mkdir(parents=True)
    trial = Trial(tmp_path / "root", "encoder", tmp_path / "out")
    commands = recorded(monkeypatch)
    trial.train_base()
    trial.train(GAMBLING)
    recipe = load_recipe(tmp_path / "out" / "base.toml")

    assert sorted(path.name for path in (tmp_path / "out" / "data").glob("*/*")) == [
        "nus_sms",
        "uci_sms_spam",
    ]
    assert recipe.texts_per_epoch["id_judol_comments_gbennnn"] == 0
    assert recipe.texts_per_epoch["burmese_moneyscam_nuwai"] == 0
    for command in commands:
        left_out = command[command.index("--leave-out") + 1 :]
        assert left_out[0] == "id:online_gambling"
        assert left_out[1].startswith("my:") and "loan_scam" in left_out[1]


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Keep the commands that a trial would run, and run none."""
    commands: list[list[str]] = []

    def keep(module: Sequence[str], _environment: object = None) -> dict[str, float]:
        commands.append(list(module))
        return {"seconds": 1.0}

    monkeypatch.setattr(retraining_stages, "timed", keep)
    return commands


def test_train_understands_what_a_trial_asks_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = recorded(monkeypatch)
    trial = Trial(tmp_path, "encoder", tmp_path / "out")
    trial.train(MONEY)
    module, *arguments = commands[0]
    options = command_line().parse_args(arguments)

    assert module == "training.cli"
    assert options.add == [trial.folder(MONEY) / "dataset"]
    assert options.base == str(trial.base)
    assert {parse_left_out(said).language for said in options.leave_out} == {"id", "my"}


def test_data_import_check_compare_and_promote_understand_what_a_trial_asks_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = recorded(monkeypatch)
    trial = Trial(tmp_path, "encoder", tmp_path / "out")
    (trial.folder(GAMBLING) / "compare").mkdir(parents=True)
    (trial.folder(GAMBLING) / "compare" / "compare.json").write_text('{"verdict": {}}')
    trial.bring(GAMBLING)
    trial.compare(GAMBLING)
    trial.promote(GAMBLING, ["a rule"])
    bring, check, compare, promote = (command_line().parse_args(command[1:]) for command in commands)

    assert bring.file == trial.folder(GAMBLING) / "labels.csv"
    assert bring.output == check.folder == compare.add[0] == trial.folder(GAMBLING) / "dataset"
    assert compare.old == str(trial.base)
    assert compare.output / "compare.json" == promote.comparison
    assert compare.new == promote.new
    assert promote.because


def test_a_set_that_is_absent_is_told_before_anything_is_trained(tmp_path: Path) -> None:
    (tmp_path / GAMBLING.source.folder).mkdir(parents=True)

    with pytest.raises(TrainingDataError, match=r"has no open/burmese_moneyscam_nuwai: data_cards/burmese"):
        run_trial(Trial(tmp_path, "encoder", tmp_path / "out"), Namespace())
    assert not (tmp_path / "out").exists()


def test_a_linked_data_root_is_made_once(tmp_path: Path) -> None:
    (tmp_path / "root" / "open" / "uci_sms_spam").mkdir(parents=True)
    (tmp_path / "root" / "eval_only").mkdir()
    for _ in range(2):
        link_data(tmp_path / "root", tmp_path / "linked")

    assert (tmp_path / "linked" / "open" / "uci_sms_spam").is_dir()
