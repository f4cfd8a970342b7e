"""The texts written for this project: readable, enough in every language, no two alike by accident."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import Example
from training.sources.authored import AUTHORED_FOLDER, MIXED, read, read_file

WANTED = {
    **dict.fromkeys(("en", "th", "zh", "vi", "my", "km", "lo", "id"), 320),
    **dict.fromkeys(("ms", "tl", "ko", "hi"), 160),
    "ja": 60,
}
POSITIVES = {"person_at_risk": 220, "trafficking_recruitment": 220, "drug_trade": 60, "commercial_sex_ad": 40}
LANGUAGES_OF_A_LABEL = {"drug_trade": 0, "commercial_sex_ad": 6}
PER_LANGUAGE = {"commercial_sex_ad": 4}
FIELDS = {
    "id": '"en-999"',
    "labels": "[]",
    "role": '"ordinary"',
    "form": '"sms"',
    "scheme": '""',
    "pair": '""',
}
SENTINEL = "sentinel words of a private message"


@pytest.fixture(scope="module")
def written() -> list[Example]:
    return list(read(Path()))


def test_every_language_has_its_file(written: list[Example]) -> None:
    assert {path.stem for path in AUTHORED_FOLDER.glob("*.toml")} == {*WANTED, MIXED}
    assert {example.language for example in written} == set(WANTED)


@pytest.mark.parametrize(("language", "wanted"), WANTED.items())
def test_a_language_has_enough_texts_and_about_half_are_benign(
    written: list[Example], language: str, wanted: int
) -> None:
    texts = [example for example in written if example.language == language]
    benign = sum(not example.labels for example in texts) / len(texts)

    assert len(texts) >= wanted
    assert 0.4 <= benign <= 0.6


def test_there_are_enough_mixed_texts() -> None:
    assert len(list(read_file(AUTHORED_FOLDER / f"{MIXED}.toml"))) >= 240


@pytest.mark.parametrize("label", LABELS)
def test_a_label_has_positives_enough_in_languages_enough(written: list[Example], label: str) -> None:
    by_language = Counter(example.language for example in written if label in example.labels)
    enough = [tag for tag, n in by_language.items() if n >= PER_LANGUAGE.get(label, 8)]

    assert sum(by_language.values()) >= POSITIVES.get(label, 110)
    assert len(enough) >= LANGUAGES_OF_A_LABEL.get(label, 8)


def test_no_two_texts_share_an_id(written: list[Example]) -> None:
    counts = Counter(example.key for example in written)

    assert [key for key, count in counts.items() if count > 1] == []


def test_every_minimal_pair_has_two_members_that_differ_in_labels(written: list[Example]) -> None:
    pairs: dict[str, list[Example]] = defaultdict(list)
    for example in written:
        if example.pair:
            pairs[example.pair].append(example)

    assert pairs
    assert [pair for pair, members in pairs.items() if len(members) < 2] == []
    assert [pair for pair, members in pairs.items() if len({member.labels for member in members}) < 2] == []
    assert all(len({member.aligned for member in members}) == 1 for members in pairs.values())


def test_no_two_texts_are_near_duplicates_unless_they_are_a_pair(
    written: list[Example], near_duplicates: dict[str, list[int]]
) -> None:
    alike = [
        (written[group].key, example.key)
        for example, group in zip(written, near_duplicates["authored"], strict=True)
        if example is not written[group] and (not example.pair or example.pair != written[group].pair)
    ]

    assert alike == []


def test_every_span_lies_inside_its_text_and_holds_words(written: list[Example]) -> None:
    wrong = [
        example.key
        for example in written
        for span in example.spans
        if not (0 <= span.start < span.end <= len(example.text))
        or not example.text[span.start : span.end].strip()
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role": '"customer"'}, "'customer' is none of"),
        ({"form": '"letter"'}, "'letter' is none of"),
        ({"labels": '["spam"]'}, "'spam' is not a label"),
        ({"text": f"'{SENTINEL} {{{{urgency|now'"}, "never closed"),
        ({"note": '"x"'}, "fields must be"),
    ],
)
def test_a_wrong_field_names_file_and_id_but_not_the_text(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    path = written_file(tmp_path / "en.toml", {**FIELDS, "text": f"'{SENTINEL}'", **change})

    with pytest.raises(TrainingDataError, match=message) as refused:
        list(read_file(path))
    assert "en.toml, en-999" in str(refused.value)
    assert SENTINEL not in str(refused.value)


def test_a_mixed_text_names_its_main_language(tmp_path: Path) -> None:
    fields = {**FIELDS, "text": "'tomar uu'"}
    named = written_file(tmp_path / "mixed.toml", {**fields, "language": '"my"'})

    assert [example.language for example in read_file(named)] == ["my"]
    with pytest.raises(TrainingDataError, match="names its main language"):
        list(read_file(written_file(tmp_path / "mixed.toml", fields)))


def written_file(path: Path, fields: dict[str, str]) -> Path:
    """Write a file of one example and return its path."""
    path.write_text("[[example]]\n" + "".join(f"{key} = {value}\n" for key, value in fields.items()), "utf-8")
    return path
