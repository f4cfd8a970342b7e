"""`scamscreen-train data`: from the example table to a checked dataset with a card; refusals are one line."""

import json
import shutil
from pathlib import Path

import pytest
from datasets import load_dataset

from tests.test_training.labelled_files import row, write
from tests.test_training.sets import words
from tests.test_training.test_examples_are_unseen import resembling
from training.cli import main
from training.commands import data
from training.corpus import build_corpus
from training.labelled.card import DRAFT
from training.labelled.dataset import as_source, read_dataset
from training.labelled.reading import FORMATS
from training.sources import authored

EXAMPLES = Path(__file__).parents[2] / "examples"
TABLE, MAPPING = EXAMPLES / "labels.csv", EXAMPLES / "labels_mapping.toml"


@pytest.fixture
def few_texts(monkeypatch):
    """Look for copies in one text instead of all that training reads."""
    from training.labelled.dataset import LabelledDataset

    known = as_source(LabelledDataset("known", (row("1", "Rekap kas RT bulan ini: iuran masuk"),), {}))
    monkeypatch.setattr(data, "_corpus", lambda _options: build_corpus([known], Path()))


def run(*arguments: object) -> int:
    return main([str(argument) for argument in ("data", *arguments)])


def imported(tmp_path: Path) -> Path:
    folder = tmp_path / "gambling"
    assert run("import", TABLE, "--format", "csv", "--mapping", MAPPING, "--output", folder) == 0
    return folder


def test_every_format_that_the_command_knows_can_be_read():
    assert tuple(FORMATS) == data.FORMATS


def test_the_example_table_becomes_a_dataset_with_shares(tmp_path):
    dataset = read_dataset(imported(tmp_path))
    shares = {one.key: one.labels for one in dataset.rows}

    assert dataset.name == "example_gambling"
    assert len(dataset.rows) == 40
    assert shares["H-009"]["online_gambling"] == pytest.approx(1 / 3)
    assert shares["H-001"] == {"loan_scam": 0.0, "online_gambling": 1.0}
    assert {one.annotator for one in dataset.rows[1].annotations} == {"anna", "budi", "chai"}
    assert dataset.about["made_from"]["file"] == "labels.csv"
    assert DRAFT in (tmp_path / "gambling" / "README.md").read_text(encoding="utf-8")


def test_a_dry_run_tells_what_there_is_and_writes_nothing(tmp_path, capsys):
    arguments = ("import", TABLE, "--format", "csv", "--mapping", MAPPING, "--output", tmp_path / "x")
    assert run(*arguments, "--dry-run") == 0

    told = capsys.readouterr().out
    assert "labels.csv: 40 texts that 3 people labelled, 0 that nobody did, 0 problems" in told
    assert "| online_gambling | 20 | 20 |" in told
    assert not (tmp_path / "x").exists()


def test_a_dry_run_tells_every_problem_an_import_the_first(tmp_path, capsys):
    table = tmp_path / "labels.csv"
    table.write_text(TABLE.read_text(encoding="utf-8").replace(",judi,", ",judy,"), encoding="utf-8")
    arguments = ("import", table, "--format", "csv", "--mapping", MAPPING, "--output", tmp_path / "x")

    assert run(*arguments, "--dry-run") == 1
    told = capsys.readouterr()
    assert told.out.count("label 'judy' is unknown: did you mean 'judi'?") > 10
    assert run(*arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("scamscreen-train: labels.csv, row 2: label 'judy' is unknown")
    assert error.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_a_label_of_the_mapping_that_no_row_has_is_an_error(tmp_path, capsys):
    mapping = tmp_path / "mapping.toml"
    content = MAPPING.read_text(encoding="utf-8")
    mapping.write_text(content + '"peras" = "extortion"\n', encoding="utf-8")

    assert run("import", TABLE, "--format", "csv", "--mapping", mapping, "--output", tmp_path / "x") == 1
    assert "no row has a label that means extortion" in capsys.readouterr().err


def test_a_folder_that_is_there_is_not_overwritten(tmp_path, capsys):
    folder = imported(tmp_path)
    before = (folder / "texts.jsonl").read_bytes()

    assert run("import", TABLE, "--format", "csv", "--mapping", MAPPING, "--output", folder) == 1
    assert "there already" in capsys.readouterr().err
    assert (folder / "texts.jsonl").read_bytes() == before


@pytest.mark.usefixtures("few_texts")
def test_the_example_is_checked(tmp_path, capsys):
    folder = imported(tmp_path)
    assert run("check", folder, "--json", tmp_path / "check.json") == 0

    told = capsys.readouterr().out
    assert "# example_gambling: 40 texts" in told
    assert "| PHONE |" in told
    assert "Krippendorff's alpha" in told
    found = json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))
    assert found["copies"]["near"] == 1
    assert found["problems"] == []


@pytest.mark.usefixtures("few_texts")
def test_texts_are_shown_only_if_somebody_asks(tmp_path, capsys):
    texts = [words(i) + " jackpot casino spin" * (i % 2) for i in range(60)]
    rows = [row(f"{i}", text, {"online_gambling": float(i % 2)}) for i, text in enumerate(texts)]
    rows[4] = row("4", "jackpot casino spin tonight", {"online_gambling": 0.0})
    folder = write(tmp_path / "toy", rows)

    assert run("check", folder) == 0
    assert "jackpot" not in capsys.readouterr().out
    assert run("check", folder, "--show-texts") == 0
    assert "jackpot casino spin tonight" in capsys.readouterr().out


@pytest.mark.usefixtures("few_texts")
def test_a_check_of_a_damaged_row_ends_with_an_error(tmp_path, capsys):
    folder = imported(tmp_path)
    lines = (folder / "texts.jsonl").read_text(encoding="utf-8").replace('"loan_scam"', '"lone_scam"', 1)
    (folder / "texts.jsonl").write_text(lines, encoding="utf-8")

    assert run("check", folder) == 1
    told = capsys.readouterr()
    assert "did you mean 'loan_scam'" in told.err
    assert "# example_gambling: 39 texts" in told.out


def test_hugging_face_datasets_loads_the_folder_by_its_card(tmp_path):
    folder = imported(tmp_path)
    loaded = load_dataset(str(folder), split="train", cache_dir=str(tmp_path / "cache"))

    assert len(loaded) == 40
    assert loaded[8]["labels"]["online_gambling"] == pytest.approx(1 / 3)


@pytest.mark.usefixtures("few_texts")
def test_a_card_is_drafted_until_somebody_writes_it(tmp_path, capsys):
    folder = imported(tmp_path)
    assert run("card", folder) == 0
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "license: cc0-1.0" in card
    assert "online_gambling 0." in card

    (folder / "README.md").write_text(card.replace(DRAFT, ""), encoding="utf-8")
    assert run("card", folder) == 1
    assert "was written by somebody" in capsys.readouterr().err


def test_no_example_resembles_a_written_text():
    texts = [line.split(",", 3)[3] for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]

    assert resembling(texts, [example.text for example in authored.read(Path())]) == []


def test_an_unreadable_folder_is_told(tmp_path, capsys):
    folder = imported(tmp_path)
    shutil.rmtree(folder)

    assert run("check", folder) == 1
    assert "no labelled dataset" in capsys.readouterr().err
