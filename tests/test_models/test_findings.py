"""Entities and indicators as the record has them."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibration import Decision, TokenCalibration
from models.findings import entities_of, indicators_of, with_party
from models.screening import Entity
from models.taxonomy import ENTITY_TAGS, INDICATORS
from models.text import normalize
from models.tokens import Tokens

ORIGINAL = "Ｃａｌｌ Ｍｒ Nok 081-555-0143 from KK Park, hurry"
CALIBRATION = TokenCalibration(
    {"PERSON": 0.8},
    np.zeros(len(INDICATORS), dtype=np.float32),
    np.ones(len(INDICATORS), dtype=np.float32),
    np.zeros(len(INDICATORS), dtype=np.float32),
)


def tokens_that_say(text: str, *, entity: tuple[str, str], indicator: tuple[str, str]) -> Tokens:
    """Return tokens, one a word, that name one entity and show one indicator: (code, word)."""
    words, spans, at = text.split(), [], 0
    for word in words:
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    tags = np.zeros((len(words), len(ENTITY_TAGS)), dtype=np.float32)
    tags[:, 0] = 4.0
    signs = np.full((len(words), len(INDICATORS)), -9.0, dtype=np.float32)
    tags[words.index(entity[1]), ENTITY_TAGS.index(f"B-{entity[0]}")] = 9.0
    signs[words.index(indicator[1]), INDICATORS.index(indicator[0])] = 1.0
    return Tokens(np.array(spans), np.zeros((len(words), 22), dtype=np.float32), tags, signs)


def found(calibration: TokenCalibration | None, entity: str = "PERSON") -> tuple[Entity, ...]:
    text = normalize(ORIGINAL)
    tokens = tokens_that_say(text.text, entity=(entity, "Nok"), indicator=("urgency", "hurry"))
    return entities_of(ORIGINAL, text, tokens, calibration, language="th", received_at=None)


def test_rules_gazetteer_and_model_each_say_where_an_entity_comes_from() -> None:
    assert [(one.type, one.text, one.value, one.source) for one in found(CALIBRATION)] == [
        ("PERSON", "Nok", None, "model"),
        ("PHONE", "081-555-0143", "+66815550143", "rule"),
        ("LOCATION", "KK Park", "KK Park", "gazetteer"),
    ]


def test_an_address_with_letters_of_another_script_is_not_the_one_it_looks_like() -> None:
    original = "www.krungth\u0430i.com"
    none = np.zeros((0, 0), dtype=np.float32)
    tokens = Tokens(np.zeros((0, 2), dtype=np.int64), none, none, none)
    [url] = entities_of(original, normalize(original), tokens, None, language="th", received_at=None)

    assert "homoglyph" in url.attributes["flags"]
    assert url.value == "http://www.xn--krungthi-76g.com"


def test_spans_are_those_of_the_text_as_received() -> None:
    for one in found(CALIBRATION):
        assert ORIGINAL[one.start : one.end] == one.text


def test_a_type_the_head_does_not_help_with_and_an_untrained_head_are_left_to_rules() -> None:
    assert [one.source for one in found(CALIBRATION, "VEHICLE")] == ["rule", "gazetteer"]
    assert [one.source for one in found(None)] == ["rule", "gazetteer"]


def test_indicators_carry_their_words_and_a_reported_compound_is_one() -> None:
    text = normalize(ORIGINAL)
    tokens = tokens_that_say(text.text, entity=("PERSON", "Nok"), indicator=("urgency", "hurry"))
    shown = indicators_of(ORIGINAL, text, tokens, CALIBRATION, found(CALIBRATION))

    assert [(one.code, one.text) for one in shown] == [("known_scam_site", "KK Park"), ("urgency", "hurry")]
    assert shown[1].proba == pytest.approx(1 / (1 + np.exp(-1)))


DECIDED = Decision(("phishing",), (), (), {}, "high", "")


@pytest.mark.parametrize(
    ("role", "decision", "marked"),
    [
        ("approach", DECIDED, {"PHONE"}),
        ("operator_script", DECIDED, {"PHONE"}),
        ("victim_account", DECIDED, set()),
        ("enquiry", DECIDED, set()),
        ("offer", replace(DECIDED, flags=()), set()),
        ("offer", replace(DECIDED, flags=("commercial_sex_ad",)), set()),
        ("offer", replace(DECIDED, flags=("loss_report",)), set()),
        ("approach", replace(DECIDED, priority="urgent"), set()),
    ],
)
def test_only_contacts_of_a_flagged_offer_approach_or_script_are_marked_and_never_beside_a_plea(
    role: str, decision: Decision, marked: set[str]
) -> None:
    parties = {one.type for one in with_party(found(CALIBRATION), role, decision) if one.party != "unknown"}

    assert parties == marked
