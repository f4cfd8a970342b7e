"""The recognisers inside spaCy."""

from pathlib import Path

import pytest
import spacy
from spacy import displacy

from models.entities.spacy_component import NAME, SPANS_KEY, blank

TEXT = "ติดต่อคุณนก โทร081-555-0143ด่วน ไลน์ @jobs555 เงินเดือน35,000บาท"


def test_tokens_spell_the_text_and_numbers_stand_apart_from_thai_words() -> None:
    doc = blank()(TEXT)

    assert doc.text == TEXT
    assert {"081", "555", "0143", "35", "000"} <= {token.text for token in doc}


@pytest.mark.parametrize(
    "text", ["", " ", "\n", " \u0e34 \u0301", "ទូរស័ព្ទ 012 555 014", "ဖုန်း 09 555 014 321", "a  b\tc", "😀👍🏽"]
)
def test_any_text_comes_through_whole(text: str) -> None:
    assert blank()(text).text == text


def test_entities_carry_their_normal_form_and_why() -> None:
    found = {entity.label_: entity for entity in blank()(TEXT).ents}

    assert found["PHONE"].text == "081-555-0143"
    assert found["PHONE"]._.scamscreen["value"] == "+66815550143"
    assert found["PHONE"]._.scamscreen["source"] == "rule"
    assert found["MONEY"]._.scamscreen["attributes"]["currency"] == "THB"
    assert found["SOCIAL_HANDLE"]._.scamscreen["reason"]


def test_a_pipeline_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    blank().to_disk(tmp_path)
    doc = spacy.load(tmp_path)(TEXT)

    assert [token.text for token in doc] == [token.text for token in blank()(TEXT)]
    assert [entity.text for entity in doc.ents] == [entity.text for entity in blank()(TEXT).ents]


def test_it_joins_a_pipeline_of_somebody_elses_by_name_and_leaves_its_entities() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "TEAM", "pattern": "Night Desk"}])
    nlp.add_pipe(NAME, config={"language": "en"})
    doc = nlp("Night Desk, call +66 81 555 0143")

    assert [(entity.label_, entity.text) for entity in doc.ents] == [
        ("TEAM", "Night Desk"),
        ("PHONE", "+66 81 555 0143"),
    ]
    assert len(doc.spans[SPANS_KEY]) == 1


def test_displacy_shows_them() -> None:
    page = displacy.render(blank()(TEXT), style="ent", page=True, jupyter=False)

    assert "PHONE" in page
    assert "081-555-0143" in page
