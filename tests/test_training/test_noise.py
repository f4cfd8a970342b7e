"""Damage to a text: it does what it says, where it says, and leaves the rest alone."""

from difflib import SequenceMatcher

import numpy as np
import pytest

from training import noise
from training.disguise import zawgyi


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sell 50 boots to Bill, then come home with the lamps. "),
        ("th", "บ้านของผมอยู่ใกล้ตลาด พรุ่งนี้จะไปด้วยกันนะ "),
        ("zh", "今日下午人多，请大家己时入场，土地未到 "),
    ],
)
def test_a_camera_misreads_some_characters_and_a_reader_still_reads(language: str, text: str) -> None:
    camera = rng()
    alike = [SequenceMatcher(None, text, noise.ocr(text, language, camera)).ratio() for _ in range(40)]

    assert 0.9 < sum(alike) / 40 < 0.999


def test_a_recogniser_of_speech_writes_no_digit_capital_or_punctuation() -> None:
    said = noise.speech("Send 20 USD NOW! 👉 ok?", "en", rng())

    assert said == "send two zero usd now ok"


@pytest.mark.parametrize("mark", "၊။។।॥、。！「」")
def test_a_recogniser_of_speech_writes_no_mark_of_any_script(mark: str) -> None:
    assert noise.speech(f"ကခ{mark}ဂ", "my", rng()) == "ကခ ဂ"


@pytest.mark.parametrize(("language", "text"), [("th", "โอนเงินด่วน"), ("my", "ငွေလွှဲပါ"), ("km", "ផ្ញើលុយ")])
def test_a_recogniser_of_speech_keeps_vowel_signs(language: str, text: str) -> None:
    assert noise.speech(f"{text}!", language, rng()) == text


def test_romanisation_leaves_latin_languages_alone() -> None:
    assert noise.romanised("工作", "zh", rng()).isascii()
    assert noise.romanised("làm việc", "vi", rng()) == "làm việc"


def test_only_vietnamese_loses_its_diacritics_and_only_burmese_turns_zawgyi() -> None:
    assert noise.without_diacritics("việc nhẹ lương cao", "vi", rng()) == "viec nhe luong cao"
    assert noise.without_diacritics("café", "en", rng()) == "café"
    assert noise.in_zawgyi("အလုပ်", "my", rng()) == zawgyi("အလုပ်", "my", 1.0, rng()) != "အလုပ်"
    assert noise.in_zawgyi("งาน", "th", rng()) == "งาน"
