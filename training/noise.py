"""Damage no sender means: what a camera, a recogniser of speech or an old keyboard does to a text."""

import unicodedata
from collections.abc import Mapping
from typing import Final

import numpy as np
from anyascii import anyascii

from training.disguise import diacritics, digit_words, zawgyi
from training.mask import mask_all

OCR_SHARE: Final = 0.08
"""Of the characters cameras take for others: 1 to 4 % of a text, by script."""
ROMANISED: Final = frozenset({"th", "lo", "km", "my", "zh", "ko", "hi", "ja"})
_MISREAD: Final[Mapping[str, str]] = {
    "O": "0", "0": "O", "l": "1", "1": "l", "I": "l", "S": "5", "5": "S", "B": "8", "8": "B",
    "m": "rn", "w": "vv", "e": "c", "c": "e", "h": "b", "g": "9", "t": "f", "i": "l",
    "ก": "ถ", "ถ": "ก", "ด": "ต", "ต": "ด", "บ": "ป", "ป": "บ", "ผ": "ฝ", "ฝ": "ผ", "พ": "ฟ", "ฟ": "พ",
    "ດ": "ຕ", "ຕ": "ດ", "ບ": "ປ", "ປ": "ບ", "ຜ": "ຝ", "ຝ": "ຜ", "ຍ": "ບ",
    "ច": "ឆ", "ត": "គ", "គ": "ត", "ព": "ញ", "ប": "ច", "ဂ": "ဝ", "ဝ": "ဂ", "စ": "ဈ", "ပ": "ဎ",
    "未": "末", "末": "未", "日": "曰", "己": "已", "人": "入", "入": "人", "土": "士", "干": "千",
    "व": "ब", "ब": "व", "घ": "ध", "ध": "घ", "भ": "म", "म": "भ",
}  # fmt: skip
_MARKS_LOST: Final = "\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u17c6\u17cb\u1037\u102f\u0902"


def ocr(text: str, _language: str, rng: np.random.Generator) -> str:
    """Misread one in twelve of the characters that cameras misread: look-alikes, marks, spaces."""
    out = []
    for char in text:
        hit = rng.random() < OCR_SHARE
        if hit and char in _MISREAD:
            out.append(_MISREAD[char])
        elif hit and char in _MARKS_LOST:
            continue
        elif hit and char == " ":
            out.append("" if rng.random() < 0.5 else "\n")
        else:
            out.append(char)
    return "".join(out)


def speech(text: str, language: str, rng: np.random.Generator) -> str:
    """Write as a recogniser of speech does: no capitals, punctuation or emoji, numbers in words."""
    words = digit_words(text, language, 1.0, rng).lower()
    return " ".join("".join(char if _is_spoken(char) else " " for char in words).split())


def _is_spoken(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN" or char in "\u200b\u200c\u200d"


def romanised(text: str, language: str, _rng: np.random.Generator) -> str:
    """Write other scripts in Latin letters; a language that has them already stays."""
    return anyascii(text) if language in ROMANISED else text


def without_diacritics(text: str, language: str, rng: np.random.Generator) -> str:
    """Write Vietnamese as an SMS without diacritics does."""
    return diacritics(text, language, 1.0, rng) if language == "vi" else text


def in_zawgyi(text: str, language: str, rng: np.random.Generator) -> str:
    """Write Burmese in the Zawgyi encoding."""
    return zawgyi(text, language, 1.0, rng)


def masked(text: str, _language: str, _rng: np.random.Generator) -> str:
    """Mask URLs and digits."""
    return mask_all(text)
