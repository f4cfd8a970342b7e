"""Which words of a text are marked, and which are folded, counted in code points in every script."""

from dataclasses import replace

import pytest

from models.screening import Document, Indicator
from models.taxonomy import INDICATORS
from serving.console.languages import language_of
from serving.console.passages import HARD, MOST_MARKS, Mark, folds, kind_of, passages, said_marks
from serving.console.redacted import to_be_taken_out
from serving.console.shown import shown
from tests.fakes import FakeScreener

ENGLISH = language_of("en")
EMOJI = "\U0001f469\U0001f3fd\u200d\U0001f4bb"
THAI = "น้ำใจ"


def joined(words: str, marks=()) -> str:
    return "".join(piece.words for one in passages(words, marks, ENGLISH) for piece in one.pieces)


def marked(words: str, marks) -> list[tuple[str, str]]:
    return [
        (piece.words, piece.classes)
        for one in passages(words, marks, ENGLISH)
        for piece in one.pieces
        if piece.classes
    ]


def screened(text: str):
    [record] = FakeScreener().screen([Document("one", text)])
    return record


@pytest.mark.parametrize("words", ["", "a", f"{EMOJI} {THAI}\r\n\ttwo  blanks ", "é" * 3])
def test_nothing_of_a_text_is_lost_or_added(words):
    marks = [Mark("PHONE", start, start + 1, "entity") for start in range(0, len(words), 2)]

    assert joined(words, marks) == words


def test_emoji_and_letters_with_marks_count_as_their_code_points():
    words = f"{EMOJI} {THAI} 081-555-0143"
    start = words.index("081")

    assert marked(words, said_marks([("PHONE", start, len(words)), ("PERSON", 5, 5 + len(THAI))])) == [
        (THAI, "entity"),
        ("081-555-0143", "entity"),
    ]


def test_marks_that_overlap_are_cut_into_pieces_that_do_not():
    words = "they beat him, call 081"
    marks = said_marks(
        [("physical_and_sexual_violence", 0, 13), ("PERSON", 10, 13), ("fraudulent_job_offer", 0, 23)]
    )

    assert marked(words, marks) == [
        ("they beat ", "sign label"),
        ("him", "sign entity label"),
        (", call 081", "label"),
    ]


@pytest.mark.parametrize("code", HARD)
def test_what_is_hard_to_read_is_folded_and_the_rest_is_not(code):
    shown_passages = passages("before hurt after", said_marks([(code, 7, 11)]), ENGLISH)

    assert [(one.hard, joined_words(one)) for one in shown_passages] == [
        ("", "before "),
        (code, "hurt"),
        ("", " after"),
    ]


def joined_words(passage) -> str:
    return "".join(piece.words for piece in passage.pieces)


def test_parts_of_one_hard_passage_are_one_fold():
    words = "hurt, badly. then hurt"
    code = HARD[0]

    assert [
        (one.start, one.end)
        for one in folds(words, said_marks([(code, 0, 4), (code, 6, 11), (code, 18, 22)]))
    ] == [
        (0, 11),
        (18, 22),
    ]


def test_a_fold_keeps_the_places_of_what_is_marked_in_it():
    words = "call 081-555-0143 or be hurt"
    marks = said_marks([(HARD[0], 0, 28), ("PHONE", 5, 17)])

    [fold] = passages(words, marks, ENGLISH)

    assert [(piece.start, piece.words) for piece in fold.pieces] == [
        (0, "call "),
        (5, "081-555-0143"),
        (17, " or be hurt"),
    ]


def test_marks_beyond_the_text_are_left_out():
    assert marked("short", said_marks([("PHONE", 2, 50), ("PHONE", 3, 3), ("PERSON", 0, 5)])) == [
        ("short", "entity")
    ]


def test_hard_codes_are_codes():
    assert set(HARD) <= set(INDICATORS)
    assert [kind_of(code) for code in ("PHONE", HARD[0], "phishing")] == ["entity", "sign", "label"]


def test_what_a_person_marked_stands_in_the_place_of_what_was_found():
    text = "Somchai of the compound"

    found = shown(screened(text), text, ENGLISH)
    said = shown(screened(text), text, ENGLISH, said=said_marks([("LOCATION", 15, 23)]))

    assert [one.code for one in found.marks] == ["PERSON"]
    assert [one.code for one in said.marks] == ["LOCATION"]
    assert found.weighty == said.weighty


def test_the_number_of_a_paper_that_a_person_marked_is_masked_sign_for_sign():
    text = "passport AB123 of Somchai"

    page = shown(screened(text), text, ENGLISH, said=said_marks([("ID_DOCUMENT", 9, 14)]))

    words = "".join(map(joined_words, page.passages))
    assert words == "passport ••••• of Somchai"
    assert len(words) == len(text)


def test_a_copy_is_without_what_was_found_and_without_what_was_marked():
    text = "Somchai and Malee, 081-555-0143"
    record = screened(text)

    taken = to_be_taken_out(record, text, said_marks([("PERSON", 12, 17), ("isolation", 0, 3)]))

    assert sorted(one.text for one in taken) == ["081-555-0143", "Malee", "Somchai"]


def test_a_list_of_thousands_of_numbers_is_shown_with_the_first_thousand_and_what_is_hard_to_read_first():
    text = f"{'081-555-0143 ' * 2_000}they beat him"
    record = screened("081-555-0143")
    [number] = record.entities
    numbers = [replace(number, start=start, end=start + 12) for start in range(0, 2_000 * 13, 13)]
    beaten = Indicator(HARD[0], len(text) - 13, len(text), "they beat him", 0.9)
    found = replace(record, entities=tuple(numbers), indicators=(beaten,))

    page = shown(found, text, ENGLISH)

    assert page.is_cut
    assert len(page.entities) == MOST_MARKS
    assert len(page.marks) == MOST_MARKS
    assert [one.hard for one in page.passages] == ["", HARD[0]]
    assert "".join(map(joined_words, page.passages)) == text


def test_few_marks_are_all_shown():
    page = shown(screened("Somchai, 081-555-0143"), "Somchai, 081-555-0143", ENGLISH)

    assert not page.is_cut
    assert len(page.entities) == 2
