"""The words of the console are plain: each has a sentence, the glossary is whole, codes are told in words."""

import re
from pathlib import Path

import pytest

from models.taxonomy import INDICATORS
from serving.console import glossary
from serving.console.admin.action_names import action_names
from serving.console.languages import languages
from serving.console.names import priority_meanings, priority_names, status_meanings, status_names
from serving.console.reasons import reason_in_words

ENGLISH, THAI = languages()["en"], languages()["th"]
SERVING = Path(__file__).parents[2] / "serving"
NO_ACTION = {"csv", "html", "id", "json", "serial", "test"}
"""What follows the full stop in names of files, columns and events that no audit holds."""


def test_the_glossary_is_that_of_the_taxonomy_and_the_catalogue():
    assert glossary.PATH.read_text("utf-8") == glossary.glossary(), "run python -m serving.console.glossary"


def test_the_glossary_says_that_no_native_speaker_has_reviewed_it():
    assert "no native speaker has reviewed it yet" in glossary.glossary()


@pytest.mark.parametrize("language", languages().values(), ids=lambda one: one.tag)
def test_every_state_and_priority_has_a_sentence(language):
    assert status_meanings(language).keys() == status_names(language).keys()
    assert priority_meanings(language).keys() == priority_names(language).keys()


@pytest.mark.parametrize("code", INDICATORS)
def test_beside_a_sign_that_was_found_nothing_is_said_of_its_absence(code):
    assert "never absent" not in ENGLISH.definition(code)
    assert "ไม่ได้แปลว่าไม่มี" not in THAI.definition(code)
    assert ENGLISH.definition(code).endswith((".", ")"))


@pytest.mark.parametrize(
    ("reason", "english", "thai"),
    [
        ("pattern", "by its form", "จากรูปแบบการเขียน"),
        ("pattern, checksum failed", "by its form; its check digit is wrong", None),
        ('context word "โทร, ไลน์"', "beside “โทร, ไลน์”", "อยู่ใกล้คำว่า “โทร, ไลน์”"),
        ('context word "IBAN", checksum failed', "beside “IBAN”; its check digit is wrong", None),
        ('currency "บาท"', "beside “บาท”", None),
        ("gazetteer", "in the list of places", "อยู่ในรายชื่อสถานที่"),
        ("gazetteer: reported by UNODC, 2025", "in the list of places: UNODC, 2025", None),
        ("weekday", "a word for a time", "เป็นคำบอกเวลา"),
        ("something newer", "something newer", "something newer"),
    ],
)
def test_why_something_was_found_is_told_in_words(reason, english, thai):
    assert reason_in_words(ENGLISH, reason) == english
    if thai is not None:
        assert reason_in_words(THAI, reason) == thai


def test_every_action_of_the_audit_has_a_name():
    kinds = "|".join(sorted({action.partition(".")[0] for action in action_names(ENGLISH)}))
    code = "\n".join(path.read_text("utf-8") for path in SERVING.rglob("*.py"))
    actions = set(re.findall(rf'"((?:{kinds})\.[a-z_]+)"', code))

    assert {one for one in actions if one.partition(".")[2] not in NO_ACTION} <= action_names(ENGLISH).keys()
