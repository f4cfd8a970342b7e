"""Scores of entities: spans, normal forms, what is never to be found."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import TrainingDataError
from models.screening import Entity
from tests.fakes import FakeScreener
from tests.test_training.tables import table
from training.entity_report import (
    Scored,
    evidence_share,
    false_contacts,
    screened,
    span_scores,
    weakest_languages,
)
from training.markup import parse_markup
from training.normal_forms import has_value, obfuscation_scores, value_scores


def example(key: str, marked: str, language: str = "en") -> tuple[str, str, str]:
    return key, marked, language


def scored(*examples: tuple[str, str, str]) -> Scored:
    parsed = [parse_markup(marked) for _, marked, _ in examples]
    spans = np.empty(len(parsed), dtype=object)
    spans[:] = [marks for _, marks in parsed]
    texts = table([text for text, _ in parsed], languages=[language for *_, language in examples])
    keys = np.array([key for key, *_ in examples], dtype=object)
    return screened(FakeScreener(), replace(texts, spans=spans, key=keys))


def test_a_span_is_exact_overlapping_or_missed() -> None:
    found = scored(
        example("1", "[[PERSON|Somchai]] [[PHONE|081-555-0143]]"),
        example("2", "[[PERSON|Mr Somchai]] and [[PERSON|Nok]]", "th"),
    )
    scores = span_scores(found, "entity", ["PERSON", "PHONE"])

    assert scores["by_code"]["PHONE"]["exact"]["f1"] == 1
    assert scores["by_code"]["PERSON"]["exact"]["recall"] == pytest.approx(1 / 3, abs=1e-3)
    assert scores["by_code"]["PERSON"]["overlap"] == {
        "precision": 1.0,
        "recall": pytest.approx(2 / 3, abs=1e-3),
        "f1": pytest.approx(0.8),
    }
    assert scores["by_language"]["en"]["overlap"]["f1"] == 1
    assert weakest_languages(scores, 0.75) == ["th"]


def test_types_a_set_does_not_speak_about_count_on_neither_side() -> None:
    scores = span_scores(scored(example("1", "Somchai [[PHONE|081-555-0143]]")), "entity", ["PHONE"])

    assert (scores["all"]["marked"], scores["all"]["found"]) == (1, 1)


def entity(code: str, value: str | None, **attributes: object) -> Entity:
    return Entity(code, 0, 3, "...", value, attributes, "unknown", 0.9, "rule", "pattern")


@pytest.mark.parametrize(
    ("found", "expected", "right"),
    [
        (entity("PHONE", "+66815550143"), {"value": "+66815550143"}, True),
        (entity("PHONE", None), {"value": "+66815550143"}, False),
        (
            entity("SOCIAL_HANDLE", "Jobs555", platform="line"),
            {"value": "@jobs555", "platform": "line"},
            True,
        ),
        (
            entity("SOCIAL_HANDLE", "jobs555", platform="zalo"),
            {"value": "jobs555", "platform": "line"},
            False,
        ),
        (entity("MONEY", "5 THB", amount_min=5, amount_max=5.0), {"amount_min": 5.0, "amount_max": 5}, True),
        (entity("MONEY", "5 THB", amount_min=5, amount_max=6), {"amount_min": 5, "amount_max": 5}, False),
        (entity("MONEY", "5 THB", period=None), {"period": "once"}, True),
        (entity("MONEY", "5 THB", period="day"), {"period": "month"}, False),
        (entity("URL", "http://a.example"), {"value": "a.example/"}, True),
        (entity("URL", "http://a.example/b"), {"value": "a.example"}, False),
        (entity("DATE", None, iso="2026-11-03T14:30"), {"iso": "14:30"}, True),
        (entity("DATE", None, iso="T09:00/T18:00"), {"iso": "18:00"}, True),
        (entity("DATE", None, iso="T02:30"), {"iso": "14:30"}, False),
        (entity("DATE", None, iso=None), {"iso": "14:30"}, False),
        (entity("SOCIAL_HANDLE", "+ab555", platform="telegram"), {"value": "https://t.me/+ab555"}, True),
        (entity("VEHICLE", "2XY5551"), {"value": "2xy-5551"}, True),
        (entity("GEO", "16.555,98.521"), {"value": "16.5550, 98.5210"}, True),
        (entity("BANK_ACCOUNT", "1", bank="ABA Bank"), {"bank": "ABA"}, True),
        (entity("BANK_ACCOUNT", "1", bank="ABA Bank"), {"bank": "ACLEDA"}, False),
        (
            entity("CRYPTO_WALLET", None, checksum="failed", chain="tron"),
            {"value": "T1", "chain": "tron"},
            True,
        ),
        (entity("CRYPTO_WALLET", None, checksum="none", chain="solana"), {"value": "a1"}, False),
    ],
)
def test_a_normal_form_is_right_if_all_of_it_is(found: Entity, expected: dict, right: bool) -> None:
    assert has_value(found, expected) is right


def test_values_are_counted_of_found_entities_only() -> None:
    found = scored(example("a", "[[PERSON|Nok]] [[PHONE|081-555-0143]] [[ID_DOCUMENT|1-5555-01234-56-7]]"))
    values = {"a": [{"value": "nok"}, {"value": "+66815550143"}, {"value": "9"}]}

    assert value_scores(found, values)["by_type"].keys() == {"PHONE", "ID_DOCUMENT"}
    assert value_scores(found, values)["all"]["share"] == 0.5


def test_a_contact_in_a_text_without_one_is_counted_by_language() -> None:
    texts = scored(example("1", "hello"), example("2", "081-555-0143"), example("3", "Somchai", "th"))

    assert {code: one["share"] for code, one in false_contacts(texts).items()} == {"en": 0.5, "th": 0}


def test_a_flag_without_evidence_shows() -> None:
    [record] = scored(example("1", "work at the compound")).records

    assert evidence_share([record])["share"] == 1
    assert evidence_share([record, replace(record, evidence=())])["share"] == 0.5


def test_a_disguised_contact_counts_with_its_right_normal_form_only(tmp_path) -> None:
    path = tmp_path / "contacts.toml"
    entry = '[[contact]]\nlanguage = "th"\ntype = "PHONE"\ntext = "{}"\nvalue = "{}"\n'
    path.write_text(
        entry.format("081-555-0143", "+66815550143")
        + entry.format("081-555-0143", "+66815550144")
        + entry.format("nothing", "+66815550145")
    )
    scores = obfuscation_scores(FakeScreener(), path)

    assert scores["all"]["share"] == pytest.approx(1 / 3, abs=1e-3)
    assert [one["value"] for one in scores["missed"]] == ["+66815550144", "+66815550145"]


def test_a_text_that_cannot_be_screened_stops_the_report_instead_of_moving_the_others() -> None:
    with pytest.raises(TrainingDataError, match="text 2"):
        scored(example("1", "Somchai"), example("2", " "))


def test_a_type_of_which_nothing_was_found_scores_zero() -> None:
    scores = span_scores(scored(example("1", "[[VEHICLE|1กก 555]]")), "entity", ["VEHICLE"])

    assert scores["by_code"]["VEHICLE"]["overlap"]["f1"] == 0
