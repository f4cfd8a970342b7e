"""Rules for a text that is disguised all over: marks, digits or styled letters strewn through its words.

One emoji inside a word, one dot between letters or one digit for a letter is ordinary writing, and the rules
for single words leave it alone. Where they are as dense as nobody writes, all of them go. Every rule counts
first and changes nothing below its density; every rule takes time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from models.text import confusables as table
from models.text.edits import Edit, Stage
from models.text.leet import is_number, known_reading, names_a_handle

_UNSPACED = (
    f"{table.HAN}{table.KANA}\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf"
    "\u1000-\u1049\u1050-\u109f\u1780-\u17d3"
)
_LETTER = f"[{table.LATIN}{_UNSPACED}\u0900-\u0963\u0966-\u0dff\uac00-\ud7a3]"
_BASES = re.compile(f"(?![{table.DEPENDENT}]){_LETTER}")
_FIRST_UNSPACED, _FIRST_HANGUL = "\u0e01", "\uac00"
"""Letters between these are of scripts that write no spaces between words."""
_CHUNK = re.compile("\\S+")
_ENDING = (
    "com|net|org|info|biz|cc|me|top|xyz|vip|cn|io|app|live|club|ly|gl|shop|site|online|asia|co|th|vn|id|my|mm|kh"
    "|la|ph|sg|in|kr|jp|hk|tw|example|test"
)
_ADDRESS = re.compile(f"://|@|www\\.|\\.[a-z]{{2,}}/|[A-Za-z0-9]\\.(?:{_ENDING})(?![A-Za-z0-9])")


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Start and content of what stands between blanks, but for addresses."""
    if not _ADDRESS.search(text):
        for match in _CHUNK.finditer(text):
            yield match.start(), match.group()
        return
    for match in _CHUNK.finditer(text):
        if not _ADDRESS.search(match.group()):
            yield match.start(), match.group()


# ---------------------------------------------------------------- emoji and marks inside words

_PICTURES = "\u2600-\u2767\u2b50\u2b55\u2605\u2606\U0001f300-\U0001faff\ufe0f"
_CUT = re.compile(f"(?<={_LETTER})(?:[{_PICTURES}]+|[.\\-_*])(?={_LETTER})")
_INITIALS = re.compile(f"[A-Za-z]|[{table.THAI_CONSONANT}{table.LAO_CONSONANT}]{{1,3}}")
"""Abbreviations are written so: e.g., a.m., ร.ต.ท."""

_SHORT_BESIDE_A_PICTURE, _SHORT_BESIDE_A_MARK = 2, 4
"""Where words are written apart, a cut inside one leaves a piece no longer than this."""
_FEW: Final = 3
_MOST: Final = 20_000
"""A text with so many is no writing, and is not worth the time."""
_PICTURES_PER_LETTER, _PICTURES_PER_UNSPACED_LETTER = 0.02, 0.025
_MARKS_PER_LETTER, _ALIKE_PER_LETTER = 0.04, 0.2
"""One letter in ten cut off gives 0.06 and more; clean text hardly 0.01, but for many hyphens of one kind."""


class _Cut(NamedTuple):
    """Something between two letters: where, what, and how long the shorter piece of the word beside it is."""

    start: int
    end: int
    mark: str
    shorter: int
    unspaced: bool


def strewn_marks(text: str) -> list[Edit]:
    """Removes emoji and the marks . - _ * from inside words, each sort if the text is full of it."""
    if sum(1 for _ in islice(_CUT.finditer(text), _FEW)) < _FEW:
        return []
    cuts = list(islice(_cuts(text), _MOST))
    if not _FEW <= len(cuts) < _MOST:
        return []
    letters = len(_BASES.findall(text))
    marks = [cut for cut in cuts if cut.mark and (cut.unspaced or cut.shorter <= _SHORT_BESIDE_A_MARK)]
    pictures = [
        cut for cut in cuts if not cut.mark and (cut.unspaced or cut.shorter <= _SHORT_BESIDE_A_PICTURE)
    ]
    unspaced = sum(cut.unspaced for cut in cuts) * 2 > len(cuts)
    dense = _PICTURES_PER_UNSPACED_LETTER if unspaced else _PICTURES_PER_LETTER
    edits: list[Edit] = []
    if len(pictures) >= max(_FEW, dense * letters):
        edits += [(cut.start, cut.end, "") for cut in cuts if not cut.mark]
    dense = _MARKS_PER_LETTER if len({cut.mark for cut in marks}) > 1 else _ALIKE_PER_LETTER
    if len(marks) >= max(_FEW, dense * letters):
        edits += [(cut.start, cut.end, "") for cut in marks]
    return sorted(edits)


def _cuts(text: str) -> Iterator[_Cut]:
    """What stands between two letters, outside addresses and handles; repeated words (orang-orang) stay."""
    for at, word in _words(text):
        found = list(islice(_CUT.finditer(word), _MOST))
        if not found or names_a_handle(text, at):
            continue
        borders = [0, *(edge for match in found for edge in match.span()), len(word)]
        pieces = [word[start:end] for start, end in zip(borders[::2], borders[1::2], strict=True)]
        for index, match in enumerate(found):
            before, after = pieces[index : index + 2]
            mark = match.group() if match.group() in ".-_*" else ""
            if mark == "." and (_INITIALS.fullmatch(before) or _INITIALS.fullmatch(after)):
                continue
            if mark == "-" and before.lower() == after.lower():
                continue
            yield _Cut(
                at + match.start(),
                at + match.end(),
                mark,
                min(len(before), len(after)),
                _FIRST_UNSPACED <= before[-1] < _FIRST_HANGUL,
            )


# ---------------------------------------------------------------- digits for letters

_TOKEN = re.compile("(?<![A-Za-z0-9])[A-Za-z0-9]{3,24}(?![A-Za-z0-9])")
_LIKE_A_WORD = re.compile("[0-9]*[A-Za-z]?[0-9]*[a-z][a-z0-9]*")
"""No capital but the first: PRO1, True4U and IP7740 are names."""
_INNER = re.compile("[A-Za-z][013457][A-Za-z]")
_LEET_DIGITS: Final = {**table.LEET, "8": "b", "9": "g"}
_LEET_FEW, _LEET_PER_TOKEN = 2, 0.08


def strewn_leet(text: str) -> list[Edit]:
    """Reads digits in Latin words as letters, if several words of the text have one inside."""
    tokens = [
        (at + match.start(), match.group())
        for at, word in _words(text)
        for match in _TOKEN.finditer(word)
        if _LIKE_A_WORD.fullmatch(match.group())
    ]
    leet = sum(bool(_INNER.search(token)) and _letters_per_digit(token) >= 3 for _, token in tokens)
    if leet < max(_LEET_FEW, _LEET_PER_TOKEN * len(tokens)):
        return []
    return [
        (start, start + len(token), plain)
        for start, token in tokens
        if (plain := _read_as_letters(token)) != token and not names_a_handle(text, start)
    ]


def _letters_per_digit(token: str) -> float:
    digits = sum(char.isdigit() for char in token)
    return (len(token) - digits) / digits if digits else len(token)


def _read_as_letters(token: str) -> str:
    if is_number(token):
        return token
    if word := known_reading(token):
        return word
    letters = sum(char.isalpha() for char in token)
    at_an_end = token[0].isdigit() or token[-1].isdigit()
    if _letters_per_digit(token) < 2 or (at_an_end and letters < 3):
        return token
    return "".join(_LEET_DIGITS.get(char, char) for char in token)


# ---------------------------------------------------------------- small capitals among plain letters

_ALSO_LETTERS = frozenset("ғǫ")
"""Small capitals that are letters of Kazakh and of Algonquian languages."""
_PHONETIC = frozenset("ɢʜɪʟɴʀʏʙ")
_SMALL_CAPITALS = {char: plain for char, plain in table.SMALL_CAPITALS.items() if char not in _ALSO_LETTERS}
_SMALL = re.compile(f"[{''.join(_SMALL_CAPITALS)}]")
_HALF_SMALL = re.compile(f"[A-Za-z{''.join(_SMALL_CAPITALS)}]+")


def strewn_small_capitals(text: str) -> list[Edit]:
    """Writes small capitals in words that also have plain letters as those, beside no sign of phonetics."""
    small = _SMALL.findall(text)
    if sum(char not in _PHONETIC for char in small) < 2 or any(char in table.IPA_ONLY for char in text):
        return []
    return [
        (match.start() + inner.start(), match.start() + inner.end(), _SMALL_CAPITALS[inner.group()])
        for match in _HALF_SMALL.finditer(text)
        if any(char.isascii() for char in match.group())
        for inner in _SMALL.finditer(match.group())
    ]


MARKS: Final = Stage(needs=re.compile(f"[{_PICTURES}.\\-_*]{_LETTER}"), rules=(strewn_marks,))
LEET: Final = Stage(needs=_INNER, rules=(strewn_leet,))
SMALL_CAPITALS: Final = Stage(needs=_SMALL, rules=(strewn_small_capitals,))
