"""A slice labelled by hand joins its set by key and sha256, and shows how far the set's labels are right."""

import hashlib
from pathlib import Path

import pytest

from models.artifact import load_artifact
from models.errors import TrainingDataError
from tests.test_training.tables import table
from training.hand_labels import FOLDER, measure, read_hand_labels


def sliced(folder: Path, *lines: str) -> None:
    (folder / "toy.csv").write_text("\n".join(["key,sha256,labels", *lines, ""]), encoding="utf-8")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_the_figures_are_of_the_texts_in_the_slice_as_they_were(tiny_artifact: Path, tmp_path: Path) -> None:
    rows = table(
        ["a lure", "a chat", "a plea", "changed since", "outside"],
        [{"phishing"}, {"phishing"}, set(), set(), set()],
    )
    sliced(
        tmp_path,
        f"{rows.key[0]},{sha('a lure')},phishing loan_scam",
        f"{rows.key[1]},{sha('a chat')},",
        f"{rows.key[2]},{sha('a plea')},",
        f"{rows.key[3]},{sha('as it was')},phishing",
    )
    figures = measure("toy", rows, load_artifact(tiny_artifact), tmp_path, folder=tmp_path)

    assert (figures["n"], figures["positives"]) == (3, 1)
    assert figures["own_labels_agree"]["share"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["recall"]["n"] == 1
    assert figures["false_alarms"]["n"] == 2


def test_an_unknown_label_is_named_with_its_line(tmp_path: Path) -> None:
    sliced(tmp_path, "1,00,phishing", "2,00,fishing")

    with pytest.raises(TrainingDataError, match=r"toy.csv, line 3: no label fishing"):
        read_hand_labels("toy", tmp_path)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_a_slice_holds_three_hundred_rows_and_no_word_of_them(path: Path) -> None:
    labels = read_hand_labels(path.stem)

    assert len(labels) == 300
    assert path.read_text(encoding="utf-8").isascii()
