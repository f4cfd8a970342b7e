"""Whether anything in a text may hide a number, and where: most texts are passed over by it."""

from __future__ import annotations

import re
from typing import Final

from models.entities.numerals_lexicon import LETTER_OF, MARKS, STROKES, NumberWords
from models.entities.words import LATIN

_LETTERS: Final = re.escape("".join(LETTER_OF))
_MARKED = re.compile(rf"\d(?:(?:[^\w]|[_{STROKES}]){{0,6}}\d){{6,}}+")
_ODD = re.compile(
    rf"\d(?:\(\d|[_{STROKES}]|[^\w\s.,:;%()\-'\"/]|[ ]?//|[ ]?/[ ]|/\d/|/\d{{3,}}/"
    r"|[^\w\n]{0,3}\n|[^\w]{1,3}[^\w\s.,:;%()\-'\"/])"
)
LETTER_BETWEEN = re.compile(r"\d([^\W\d_])(?:\d{1,5}\1){1,14}\d")
"""The same letter again and again between digits: 08x1x555x0143."""
_WORDED = re.compile(rf"\d[ ]?[(\[{{<][^\d()\[\]{{}}<>\n]{{1,16}}[)\]}}>][ ]?\d|{LETTER_BETWEEN.pattern}")
"""A word in brackets between two digits, or such a letter."""
_LETTERED = re.compile(rf"[\d{_LETTERS}](?<![{LATIN}\d].)(?:[^\w]{{0,3}}[\d{_LETTERS}]){{6,}}+")
_MIXED = re.compile(rf"\d[^\w]{{0,3}}[{_LETTERS}]|[{_LETTERS}][^\w]{{0,3}}\d")
_MIN_TRUE: Final = 2
_MAX_PLAIN: Final = 12
"""How many digits and marks may stand between two number words."""


def first_conspicuous(text: str, lowered: str, lexicon: NumberWords) -> int:
    """Where in a text the first odd marks, letters or words of a number are; its length if none are."""
    places = [len(text)]
    places += [match.start() for match in _MARKED.finditer(text) if _ODD.search(text, *match.span())][:1]
    places += [
        match.start()
        for match in _LETTERED.finditer(text)
        if _MIXED.search(text, *match.span()) and sum(map(str.isdecimal, match.group())) >= _MIN_TRUE
    ][:1]
    places += [found.start() for found in (_WORDED.search(text),) if found]
    return min(places) if not _has_words(lowered, lexicon) else 0


_LATIN_WORD = re.compile(f"[{LATIN}]+")
_LETTER_BY_DIGIT = re.compile(rf"\d(?:(?=[{LATIN}])|(?<=[{LATIN}]\d))")
_WORD_BY_DIGIT = re.compile(rf"(?<![{LATIN}])([{LATIN}]{{2,12}})\d|\d([{LATIN}]{{2,12}})")
_NUMBERS_BETWEEN = re.compile(rf"(?:[^\w{MARKS}]|[\d_]){{0,{_MAX_PLAIN}}}")
_BETWEEN_DIGITS = re.compile(rf"\d[ .-]([{LATIN}]{{2,12}})[ .-](?=\d)")
_DIGIT_BEFORE = re.compile(r"\d[ .-]?$")
_DIGIT_AFTER = re.compile(r"[ .-]?\d")
_IN_A_ROW: Final = 3
_PARTED = re.compile(
    r"\d{2}(?!\d)[ ,，、;；:.]{0,2}"
    r"((?:\d[^\d\n]|[^\d\n ,，、])[^\d\n]{0,14}(?:[2-8][ ]?[^\d\n]{1,8})?)"
    r"(?<![ ,，、:])[ ,，、:]{0,2}(?=\d)"
)
_MANY_DIGITS: Final = 5
_SHORTEST_GLUED: Final = 6


def _has_words(lowered: str, lexicon: NumberWords) -> bool:
    """Whether number words stand in a row, or a word between digits parts them."""
    if any(lexicon.parts(match[1]) for match in _PARTED.finditer(lowered)):
        return True
    in_a_row = _longest_row(lowered, lexicon)
    if in_a_row == _IN_A_ROW - 1:
        return sum(map(str.isdecimal, lowered)) >= _MANY_DIGITS
    return in_a_row >= _IN_A_ROW


def _longest_row(lowered: str, lexicon: NumberWords) -> int:
    """How many number words follow each other; three at most, one that stands against a digit is two."""
    longest = count = 0
    known, beginnings = lexicon.words, lexicon.beginnings
    for word in _LATIN_WORD.findall(lowered):
        if word in known:
            count += 1
        elif len(word) >= _SHORTEST_GLUED and word[:3] in beginnings and lexicon.whole_row.fullmatch(word):
            count += 2
        else:
            count = 0
        if count > longest:
            longest = count
            if longest >= _IN_A_ROW:
                return longest
    if longest == 1:
        longest += _is_by_a_digit(lowered, lexicon)
    return longest if lowered.isascii() else max(longest, _longest_glued_row(lowered, lexicon))


def _is_by_a_digit(lowered: str, lexicon: NumberWords) -> bool:
    """Whether a number word in Latin letters stands against a digit, or alone between two."""
    words = _BETWEEN_DIGITS.findall(lowered)
    if _LETTER_BY_DIGIT.search(lowered):
        words += [word for pair in _WORD_BY_DIGIT.findall(lowered) for word in pair]
    return any(word in lexicon.words for word in words)


def _is_inside(lowered: str, start: int, end: int) -> bool:
    """Whether a number word stands between digits, or a Chinese one against a digit."""
    before = _DIGIT_BEFORE.search(lowered, max(0, start - 2), start)
    after = _DIGIT_AFTER.match(lowered, end)
    if before and after:
        return True
    return (
        "一" <= lowered[start] <= "鿿" and (lowered[start - 1 : start] + lowered[end : end + 1]).isdecimal()
    )


def _longest_glued_row(lowered: str, lexicon: NumberWords) -> int:
    """How many number words of other scripts follow each other, one between digits is two."""
    longest, end, count = 0, -1, 0
    for start, stop in lexicon.glued.longest_first(lowered):
        if stop <= end:
            continue
        beside = 0 <= end <= start <= end + _MAX_PLAIN and _NUMBERS_BETWEEN.fullmatch(lowered, end, start)
        count = count + 1 if beside else 1
        inside = _is_inside(lowered, start, stop)
        longest, end = max(longest, count + inside), stop
        if longest >= _IN_A_ROW:
            break
    return longest
