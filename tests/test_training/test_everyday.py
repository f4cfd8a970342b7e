"""Everyday messages: harmless, their own, and enough for a certificate in languages without public ones."""

from collections import Counter
from pathlib import Path

import pytest

from models.errors import TrainingDataError
from training.example import Example
from training.sources import everyday
from training.written import read_tables

LANGUAGES = ("vi", "my", "km", "lo", "ms", "tl", "ko", "hi")
HARD = frozenset({"offer", "approach", "enquiry", "warning"})


@pytest.fixture(scope="module")
def messages() -> list[Example]:
    return list(everyday.read(Path()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_a_hundred_of_many_forms(messages: list[Example], language: str) -> None:
    forms = Counter(example.scheme for example in messages if example.language == language)

    assert forms.total() >= 100
    assert len(forms) >= 8
    assert max(forms.values()) <= 0.45 * forms.total()


def test_a_quarter_are_of_the_kinds_most_like_a_scam(messages: list[Example]) -> None:
    """Offers to the public, messages of firms, questions whether something is genuine, warnings."""
    assert sum(example.role in HARD for example in messages) >= len(messages) / 4


def test_no_two_are_alike_and_none_resembles_a_text_that_trains(
    near_duplicates: dict[str, list[int]],
) -> None:
    own = near_duplicates["everyday"]

    assert len(set(own)) == len(own)
    assert set(own).isdisjoint(near_duplicates["authored"])


def test_a_message_with_a_label_is_refused_by_its_id(tmp_path: Path) -> None:
    file = tmp_path / "km.toml"
    file.write_text(
        '[[example]]\nid = "km-e900"\nlabels = ["phishing"]\nrole = "ordinary"\nform = "sms"\n'
        'pair = ""\ntext = "SECRET-WORDS"\n',
        encoding="utf-8",
    )

    with pytest.raises(TrainingDataError, match=r"km\.toml, km-e900: .*no label") as caught:
        list(read_tables(file, everyday._example))
    assert "SECRET-WORDS" not in str(caught.value)
