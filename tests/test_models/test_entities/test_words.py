"""The words of every script are found, in order, and no more than a message can hold."""

import pytest

from models.entities.words import ScriptWords, lower

_WORDS = ScriptWords(["Lao", "Laos", "ลาว", "ລາວ", "ឡាវ", "လာအို", "라오스", "लाओ", "ラオス", "老挝", "KK园区"])


@pytest.mark.parametrize(
    "word", ["Laos", "ลาว", "ລາວ", "ឡាវ", "လာအို", "라오스", "लाओ", "ラオス", "老挝", "kk园区"]
)
def test_a_word_is_found_in_its_script(word: str) -> None:
    text = lower(f"x{word} y")
    assert (1, 1 + len(word)) in _WORDS.longest_first(text)


def test_places_are_in_order_of_start_the_longest_first() -> None:
    assert _WORDS.longest_first("老挝 laos ลาว ລາວ") == [(0, 2), (3, 7), (3, 6), (8, 11), (12, 15)]


def test_nothing_is_found_in_a_text_without_the_words() -> None:
    assert _WORDS.longest_first("nothing ไม่มี 没有") == []


def test_the_lower_case_has_the_length_of_the_text() -> None:
    assert lower("İSTANBUL Ä") == "istanbul ä"


def test_a_list_of_thousands_of_words_is_read_so_far_only() -> None:
    assert len(_WORDS.longest_first("ลาว " * 5_000)) == 4_000
