"""Every text of the console is there in every language, and says the same to the program."""

import re

import pytest

from serving.console.catalogues import messages, read
from serving.console.languages import FOLDER, chosen_language, language_of, languages

CATALOGUES = sorted(FOLDER.glob("*.po"))
AT_MS = 1_790_000_000_000  # 21 September 2026, 21:13 in Bangkok
_SLOT = re.compile(r"%\(\w+\)s|%%")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_nothing_is_left_in_english(path):
    catalogue = read(path)

    missing = [one.id for one in messages() if one.id and not (catalogue.get(one.id) or one).string]

    assert missing == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_keeps_what_is_filled_in(path):
    wrong = [
        one.id
        for one in read(path)
        if one.id and sorted(_SLOT.findall(one.id)) != sorted(_SLOT.findall(one.string))
    ]

    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_nothing_is_translated_that_is_shown_nowhere(path):
    shown = {one.id for one in messages()}

    assert {one.id for one in read(path)} <= shown


def test_thai_never_calls_anybody_a_prey():
    assert "เหยื่อ" not in (FOLDER / "th.po").read_text("utf-8")


@pytest.mark.parametrize(
    ("chosen", "accepted", "tag"),
    [
        ("", "", "en"),
        ("", "th-TH,th;q=0.9,en;q=0.8", "th"),
        ("", "fr,de", "en"),
        ("en", "th", "en"),
        ("th", "en", "th"),
        ("xx", "th", "th"),
        ("th-u-ca-mayan", "", "en"),
    ],
)
def test_the_chosen_language_comes_before_that_of_the_browser(chosen, accepted, tag):
    assert language_of(chosen, accepted).tag == tag


def test_thai_counts_years_as_its_readers_choose():
    thai = languages()["th"]
    gregorian = chosen_language(thai.other_calendar.choice)

    assert thai.moment(AT_MS) == "21 ก.ย. 2569 21:13"
    assert gregorian.moment(AT_MS) == "21 ก.ย. 2026 21:13"
    assert languages()["en"].moment(AT_MS) == "21 Sep 2026 21:13"
