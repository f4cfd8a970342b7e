"""The labelled dataset folder: what is written is read again, by others too, and what is broken is named."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from datasets import load_dataset

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from tests.test_training.labelled_files import annotations, row, write
from training.corpus import build_corpus, load_corpus
from training.example import LABELLED_PARTS, MarkedSpan
from training.labelled.dataset import LabelledDataset, as_source, read_dataset
from training.run_texts import training_texts
from training.table import as_table

MESSAGE = "Send 500 to 081-555-0143 and double it \U0001f4b0 by tonight"


@pytest.fixture
def rows():
    return [
        row(
            "a",
            MESSAGE,
            {"investment_scam": 2 / 3, "loan_scam": 0.0},
            language="en",
            role="approach",
            spans=(MarkedSpan("entity", "PHONE", 12, 24), MarkedSpan("label", "investment_scam", 29, 38)),
            group="week 3",
            annotations=annotations({"investment_scam"}, {"investment_scam"}, set()),
        ),
        row("b", "พรุ่งนี้ประชุมเก้าโมงที่ห้องสมุด", dict.fromkeys(LABELS, 0.0)),
    ]


def test_what_is_written_is_read_again(tmp_path, rows):
    dataset = read_dataset(write(tmp_path / "toy", rows))

    assert dataset.rows == tuple(rows)
    assert (dataset.name, dataset.about["rows"], dataset.about["licence"]) == ("toy", 2, "CC0-1.0")
    assert (tmp_path / "toy" / "README.md").read_text() == "a card\n"


def test_hugging_face_datasets_reads_it_too(tmp_path, rows):
    folder = write(tmp_path / "toy", rows)
    loaded = load_dataset(
        "json", data_files=str(folder / "texts.jsonl"), split="train", cache_dir=str(tmp_path / "cache")
    )

    assert loaded["key"][:] == ["a", "b"]
    assert loaded[0]["labels"]["investment_scam"] == pytest.approx(2 / 3)
    assert loaded[0]["annotations"][1]["labels"] == ["investment_scam"]


def test_a_dataset_never_overwrites_a_folder(tmp_path, rows):
    (tmp_path / "toy").mkdir()

    with pytest.raises(TrainingDataError, match="there already"):
        write(tmp_path / "toy", rows)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"labels": {"investmet_scam": 1}}, "did you mean 'investment_scam'"),
        ({"labels": {"loan_scam": 1.5}}, "share from 0 to 1 of loan_scam"),
        ({"role": "aproach"}, "did you mean 'approach'"),
        ({"language": "Thai language"}, "expected a tag"),
        ({"spans": [{"kind": "entity", "code": "PHONE", "start": 3, "end": 999}]}, "start < end <= 51"),
        ({"spans": [{"kind": "entity", "code": "urgency", "start": 3, "end": 9}]}, "no entity 'urgency'"),
        ({"text": "x" * 10_000_000}, "10,000,000 characters, at most 20,000"),
        ({"text": " "}, "the text is empty"),
        ({"key": ""}, "key: expected a text, not an empty one"),
        ({"annotations": [{"annotator": "anna"}]}, "annotator, labels and role"),
    ],
)
def test_a_row_that_breaks_a_rule_is_named_without_its_text(tmp_path, rows, change, told):
    folder = write(tmp_path / "toy", rows)
    first, second = (folder / "texts.jsonl").read_text(encoding="utf-8").splitlines()
    changed = json.dumps({**json.loads(first), **change})
    (folder / "texts.jsonl").write_text(f"{second}\n{changed}\n", encoding="utf-8")

    with pytest.raises(TrainingDataError) as error:
        read_dataset(folder)
    message = str(error.value)
    assert told in message
    assert message.startswith("toy/texts.jsonl, line 2: ")
    assert "\n" not in message
    assert "555" not in message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"made_from": "a file"}, "expected made_from with file, sha256, format"),
        ({"mapping": {"codes": ["judi"]}}, "expected an object as mapping, and as codes in it"),
        ({"name": "two words"}, "up to 64 letters, digits"),
    ],
)
def test_what_is_said_of_a_dataset_must_be_whole(tmp_path, rows, change, told):
    folder = write(tmp_path / "toy", rows)
    about = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    (folder / "dataset.json").write_text(json.dumps({**about, **change}), encoding="utf-8")

    with pytest.raises(TrainingDataError, match=told):
        read_dataset(folder)


def test_two_texts_with_one_key_are_told(tmp_path, rows):
    folder = write(tmp_path / "toy", [rows[0], rows[0]])

    with pytest.raises(TrainingDataError, match="line 2: its key is that of line 1"):
        read_dataset(folder)


def test_a_cut_off_file_is_named_with_its_line(tmp_path, rows):
    folder = write(tmp_path / "toy", rows)
    content = (folder / "texts.jsonl").read_bytes()
    (folder / "texts.jsonl").write_bytes(content[:-40])

    with pytest.raises(TrainingDataError, match=r"toy/texts.jsonl"):
        read_dataset(folder)


def test_a_label_of_the_mapping_that_nobody_gave_is_an_error(tmp_path, rows):
    codes = {"judi": ["online_gambling"], "investasi": ["investment_scam"]}
    folder = write(tmp_path / "toy", rows, mapping={"codes": codes})

    with pytest.raises(TrainingDataError, match="no text holds online_gambling"):
        read_dataset(folder)


def test_a_folder_that_is_none_says_how_to_make_one(tmp_path):
    with pytest.raises(TrainingDataError, match="scamscreen-train data import"):
        read_dataset(tmp_path)


def test_the_name_of_a_set_of_ours_is_taken(tmp_path, rows):
    with pytest.raises(TrainingDataError, match="authored is the name of a set"):
        write(tmp_path / "authored", rows)


def test_training_learns_the_share_of_people_and_only_of_what_they_were_asked(rows):
    source = as_source(LabelledDataset("toy", tuple(rows), {}))
    corpus = as_table(build_corpus([source], Path()))
    [column], [never_asked] = ([LABELS.index(code)] for code in ("investment_scam", "extortion"))

    assert source.parts == LABELLED_PARTS
    assert corpus.labels[0, column] == pytest.approx(2 / 3)
    assert corpus.mask[0, [column, never_asked]].tolist() == [1, 0]
    assert corpus.language.tolist() == ["en", "th"]
    assert [span.code for span in corpus.spans[0]] == ["PHONE"]
    assert corpus.positive.tolist() == [True, False]
    assert corpus.benign.tolist() == [False, True]
    texts = training_texts(replace(corpus, split=np.full(2, "train", dtype=object)))
    assert texts.labels[0, column].item() == pytest.approx(2 / 3)
    assert texts.benign.tolist() == [False, True]


def test_what_one_of_three_people_says_makes_a_text_neither_positive_nor_benign():
    doubted = row("a", "Is this a scam?", {**dict.fromkeys(LABELS, 0.0), "loan_scam": 1 / 3})
    corpus = as_table(build_corpus([as_source(LabelledDataset("toy", (doubted,), {}))], Path()))

    assert not corpus.positive[0]
    assert not corpus.benign[0]
    assert not corpus.held.any()


def test_texts_of_a_group_go_to_one_split():
    texts = [row(f"{i}", f"text {'abcdefghij'[i % 10] * (i + 3)}", group="one") for i in range(40)]
    corpus = build_corpus([as_source(LabelledDataset("toy", tuple(texts), {}))], Path())

    assert len(set(corpus["split"][:])) == 1


def test_a_kept_corpus_is_read_anew_when_a_label_changes(tmp_path, rows):
    changed = [row("a", MESSAGE, {"investment_scam": 0.0}), rows[1]]
    for texts in (rows, changed):
        source = as_source(LabelledDataset("toy", tuple(texts), {}))
        corpus = as_table(load_corpus([source], Path(), tmp_path))

    assert corpus.labels.max() == 0
