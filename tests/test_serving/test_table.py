"""The table shows why a text was flagged, and nothing in a text commands the terminal."""

import io

import pytest
from rich.console import Console

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH, Document
from serving.commands.table import EXCERPT_CHARS, TableWriter, excerpt, signs, top_probability
from serving.files.row import RowMaker
from serving.files.screen import screen_chunk
from serving.terminal import visible
from tests.fakes import FakeScreener


def screened(*texts: str):
    maker = RowMaker("text")
    rows = [maker.row(number, {"text": text}) for number, text in enumerate(texts, start=1)]
    return screen_chunk(rows, FakeScreener(), "balanced")


def printed(*texts: str, width: int = 160) -> str:
    output = io.StringIO()
    writer = TableWriter(Console(file=output, width=width, force_terminal=True, color_system=None))
    writer.write(screened(*texts))
    writer.close()
    return output.getvalue()


def record_of(text: str):
    return FakeScreener().screen([Document("1", text)])[0]


def test_a_row_says_priority_signs_probability_language_and_text():
    output = printed("Come and work at the compound", "hello")
    for expected in [
        "high",
        "trafficking",
        "recruitment",
        "0.95",
        "Come and work at the",
        "low",
        "nothing flagged",
    ]:
        assert expected in output


def test_the_disclaimer_is_under_the_table_in_english_and_thai():
    output = " ".join(printed("hello", width=300).split())
    assert DISCLAIMER_EN in output
    assert DISCLAIMER_TH in output


def test_the_words_that_raised_a_flag_are_bold_and_underlined():
    text = "Come and work at the compound now"
    [span] = excerpt(text, record_of(text)).spans
    assert text[span.start : span.end] == "compound"
    assert span.style == "bold underline"


def test_a_long_text_is_shown_around_its_evidence():
    text = "x" * 5_000 + " compound " + "y" * 5_000
    shown = excerpt(text, record_of(text))
    [span] = shown.spans
    assert shown.plain[span.start : span.end] == "compound"
    assert shown.plain.startswith("…")
    assert shown.plain.endswith("…")
    assert len(shown.plain) <= EXCERPT_CHARS + 2


def test_what_a_person_at_risk_may_have_been_made_to_do_is_called_context():
    assert (
        signs(record_of("help me, I am in the compound"))
        == "person at risk\ncontext: trafficking recruitment"
    )


def test_the_top_label_is_named_unless_it_is_the_only_flag():
    assert top_probability(record_of("the compound")) == "0.95"
    assert top_probability(record_of("hello")) == "0.01 fraudulent job offer"


def test_a_row_that_was_not_screened_says_so_and_shows_no_text():
    output = printed("secret\0text")
    assert "not screened" in output
    assert "invalid_text" in output
    assert "secret" not in output


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x1b", "␛"),
        ("\n", "␊"),
        ("\r", "␍"),
        ("\x07", "␇"),
        ("\x7f", "␡"),
        ("\x9b", "\ufffd"),  # CSI in one byte
        ("\u202e", "\ufffd"),  # right-to-left override
        ("\u2066", "\ufffd"),
        ("\u200f", "\ufffd"),
        ("\u2028", "\ufffd"),
        ("\U000e0041", "\ufffd"),  # tag letter
        ("\ud800", "\ufffd"),
        ("\t", " "),
        ("\u00a0", " "),
        ("\u200b", "\u200b"),  # Khmer word break
        ("ำ", "ำ"),
        ("😀", "😀"),
    ],
)
def test_a_character_that_could_command_a_terminal_is_shown_as_another_single_one(character, shown):
    assert visible(f"a{character}b") == f"a{shown}b"


def test_escapes_and_markup_in_a_text_reach_the_terminal_as_letters():
    output = printed("\x1b[31mred\x1b[0m [bold]compound[/bold] \u202egnp.exe")
    assert "␛[31mred" in output
    assert "[bold]compound[/bold]" in output
    assert "\u202e" not in output
    assert "\x1b[31m" not in output
