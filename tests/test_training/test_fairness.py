"""Versions of one text that differ in a nationality, a town, a gender or a religion alone."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.artifact import load_artifact
from models.language import FIRST_CLASS
from tests.test_training.tables import table
from training import fairness
from training.markup import parse_markup

LISTED = tomllib.loads(fairness.WORDS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", FIRST_CLASS)
def test_every_first_class_language_has_words_of_every_kind(language: str) -> None:
    words = LISTED[language]

    assert len(set(words["nationalities"])) >= 6
    assert len(set(words["towns"])) >= 6
    assert len(set(words["genders"])) == 2
    assert len(set(words["religions"])) >= 3


def test_a_marked_place_becomes_another_wherever_it_stands_and_nothing_else_changes() -> None:
    text, spans = parse_markup(
        "cook in [[LOCATION|Tak]], [[MONEY|500 baht]] a day. Call [[LOCATION|Tak]] from [[LOCATION|Rayong]]"
    )
    made = fairness.versions(text, "en", spans, "place", LISTED)

    assert len(made) == len(LISTED["en"]["towns"])
    assert made[1] == "cook in Mae Sot, 500 baht a day. Call Mae Sot from Rayong"


def test_a_text_without_a_marked_nationality_has_no_versions() -> None:
    assert fairness.versions("cook wanted", "en", (), "nationality", LISTED) == []


def test_gender_and_religion_are_told_in_a_sentence_of_their_own() -> None:
    assert fairness.versions("cook wanted", "en", (), "gender", LISTED) == [
        "cook wanted\nThis is about a woman.",
        "cook wanted\nThis is about a man.",
    ]


def test_lawful_adverts_and_victims_are_measured_apart(tiny_artifact: Path, tmp_path: Path) -> None:
    rows = table(["cook wanted", "they hold me here"], [set(), {"person_at_risk"}])
    rows = replace(rows, role=np.array(["offer", "victim_account"], dtype=object))
    measured = fairness.measure(rows, load_artifact(tiny_artifact), tmp_path)

    assert measured["gender"]["adverts"] == measured["gender"]["victims"] == 1
    assert 0 <= measured["gender"]["mean_gap"] <= measured["gender"]["largest_gap"] <= 1
    assert measured["place"] == {
        "adverts": 0,
        "mean_gap": None,
        "largest_gap": None,
        "victims": 0,
        "priority_changed": [],
    }
