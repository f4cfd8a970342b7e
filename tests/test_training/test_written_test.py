"""The independent written test: whole, unchanged, and never read by anything that trains."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from models.errors import TrainingDataError
from models.language import FIRST_CLASS
from models.taxonomy import LABELS
from training.example import Example
from training.second_reading import read_second_readings
from training.sources import EVAL_ONLY, OPEN, written_test

FEW = {"drug_trade": 20, "commercial_sex_ad": 20}
SECOND_READING = written_test.WRITTEN_TEST_FOLDER.parent / "written_test_second_reading.csv"
SHA256 = "7605f4b8b28ddd4cd763f8bb4712357be9d5a8600ee3915d7dc71c145abe6ecd"


@pytest.fixture(scope="module")
def texts() -> list[Example]:
    return list(written_test.read(Path()))


def test_it_is_the_test_that_was_committed() -> None:
    """A correction is listed in data_cards/written_test.md, and this number changes with it."""
    digest = hashlib.sha256()
    for path in sorted(written_test.WRITTEN_TEST_FOLDER.glob("*.toml")):
        digest.update(path.name.encode() + path.read_bytes())

    assert digest.hexdigest() == SHA256


def test_nothing_that_trains_tunes_or_certifies_reads_it() -> None:
    """`train` reads the sources of OPEN alone; a source of EVAL_ONLY is all `test`."""
    assert written_test.SOURCE in EVAL_ONLY
    assert written_test.SOURCE not in OPEN
    assert written_test.SOURCE.parts == (0.0, 0.0, 0.0, 1.0)


def test_no_text_of_it_resembles_one_that_trains_or_certifies(
    texts: list[Example], near_duplicates: dict[str, list[int]]
) -> None:
    elsewhere = {*near_duplicates["authored"], *near_duplicates["everyday"]}

    alike = zip(texts, near_duplicates["written_test"], strict=True)
    assert [example.key for example, group in alike if group in elsewhere] == []


@pytest.mark.parametrize("language", FIRST_CLASS)
def test_a_language_has_sixty_plain_texts_and_about_half_are_positive(
    texts: list[Example], language: str
) -> None:
    of_language = [example for example in texts if example.language == language]
    plain = [example for example in of_language if example.scheme == "plain"]

    assert len(plain) >= 60
    assert len(of_language) - len(plain) >= 40
    assert 0.4 <= sum(bool(example.labels) for example in of_language) / len(of_language) <= 0.6


@pytest.mark.parametrize("label", LABELS)
def test_a_label_has_positives_enough_for_a_figure(texts: list[Example], label: str) -> None:
    wanted = {"person_at_risk": 120, **FEW}.get(label, 40)

    assert sum(label in example.labels for example in texts) >= wanted


def test_a_second_reader_who_saw_no_label_agrees_with_the_first(texts: list[Example]) -> None:
    """Labels two readers cannot agree on would measure the readers; the figures are in the data card."""
    second = read_second_readings(SECOND_READING)
    labels = {key: reading.labels for key, reading in second.items()}
    positive = [example for example in texts if example.labels]
    benign = [example for example in texts if not example.labels]

    assert sum(bool(example.labels & labels[example.key]) for example in positive) / len(positive) > 0.99
    assert sum(bool(labels[example.key]) for example in benign) / len(benign) < 0.01
    assert sum(example.role == second[example.key].role for example in texts) / len(texts) > 0.93
    assert sum(example.labels == labels[example.key] for example in texts) / len(texts) > 0.87


def test_no_two_texts_share_a_key(texts: list[Example]) -> None:
    assert [key for key, n in Counter(example.key for example in texts).items() if n > 1] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("values = []", "1 entities, 0 values"),
        ('kind = "easy"', "kind 'easy' is none of"),
        ('labels = ["spam"]', "'spam' is not a label"),
    ],
)
def test_a_wrong_entry_is_named_without_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, message: str
) -> None:
    fields = {
        "id": '"t-en-1"',
        "labels": "[]",
        "role": '"ordinary"',
        "form": '"sms"',
        "kind": '"plain"',
        "pair": '""',
        "text": "'call [[PHONE|081-555-0143]]'",
        "values": "[{}]",
    }
    field, value = change.split(" = ")
    fields[field] = value
    lines = [f"{key} = {value}" for key, value in fields.items()]
    (tmp_path / "en.toml").write_text("[[example]]\n" + "\n".join(lines), "utf-8")
    monkeypatch.setattr(written_test, "WRITTEN_TEST_FOLDER", tmp_path)

    with pytest.raises(TrainingDataError, match=message) as refused:
        list(written_test.read(tmp_path))
    assert "en.toml, t-en-1" in str(refused.value)
    assert "555" not in str(refused.value)
