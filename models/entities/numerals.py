"""Numbers however they are written: runs of digits, number words and stand-ins, with a map back to the text.

`digit_runs` finds groups of digits, `spoken_runs` also number words in the languages of the region and
numerals of other kinds, `lookalike_runs` letters typed for digits (only for use where a number is expected).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from models.entities.words import LATIN, Words, any_of, lower

MAX_GROUP: Final = 20
"""A longer unbroken group of digits is no phone, account or card: it ends a run and is left out."""


class Group(NamedTuple):
    """Digits that stand together: `text[start:end]` means `digits`."""

    start: int
    end: int
    digits: str


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Neighbouring groups of digits.

    Attributes:
        groups: in order of the text, at least one.
    """

    groups: tuple[Group, ...]

    @property
    def start(self) -> int:
        """Where the run starts in the text."""
        return self.groups[0].start

    @property
    def end(self) -> int:
        """Where the run ends in the text (exclusive)."""
        return self.groups[-1].end

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many digits each group has."""
        return tuple(len(group.digits) for group in self.groups)


_TABLE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _words(table: dict[str, list[str]]) -> dict[str, str]:
    """{word: digit} of a table with one list of words, in the order 0 to 9 of `digit`, a digit."""
    return {word: digit for digit, words in table.items() for word in words}


_GLUED: Final = {word: digit for table in _TABLE["glued"].values() for word, digit in _words(table).items()}
_LATIN_WORDS: Final = {
    word: digit for table in _TABLE["latin"].values() for word, digit in _words(table).items()
}
_REPEATS: Final[dict[str, int]] = _TABLE["repeat"]
WORDS: Final[dict[str, dict[str, dict[str, list[str]]]]] = {kind: _TABLE[kind] for kind in ("glued", "latin")}
"""{"glued" or "latin": {language: {digit: words}}}."""
SIGNS: Final = {
    char: str(digit)
    for signs in (
        "⁰¹²³⁴⁵⁶⁷⁸⁹",
        "₀₁₂₃₄₅₆₇₈₉",
        "⓪①②③④⑤⑥⑦⑧⑨",
        "⓿❶❷❸❹❺❻❼❽❾",
        "\0㈠㈡㈢㈣㈤㈥㈦㈧㈨",
        "\0㊀㊁㊂㊃㊄㊅㊆㊇㊈",
    )
    for digit, char in enumerate(signs)
    if char != "\0"
}
_UNITS: Final = _GLUED | SIGNS

_DIGITS = re.compile(r"\d+")
_BRACKET = r"[ \t]?[()\[\]{}][ \t]?[()\[\]{}]?"
_MARK = r"[ \t]{0,2}[-‐‑‒–—―−.·•・*_~\u200b\ufe0f\u20e3][-.]?[ \t]?"
_STRETCH_CHARS: Final = r"\d \t()\[\]{}\-‐‑‒–—―−.·•・*_~\u200b\ufe0f\u20e3"
_GROUP: Final = rf"(?<!\d)\d{{1,{MAX_GROUP}}}+(?!\d)"
_RUN = re.compile(rf"{_GROUP}(?:(?:{_BRACKET}[-.]?|{_MARK}|[ \t]{{1,2}}){_GROUP})*+")
_ANY_SPOKEN_GAP = (
    rf"(?:{_BRACKET}[-.]?|{_MARK}|[ \t]{{1,3}}|[ \t]?[,，、/|+:][ \t]?"
    rf"|[ \t]?[\u2600-\u27bf\U0001f300-\U0001faff]{{1,2}}[ \t]?)?"
)
_SPOKEN_GAP = re.compile(_ANY_SPOKEN_GAP)

# These are for texts in lower case: without re.IGNORECASE the engine jumps to where a word may begin.
_UNITS_BY_SCRIPT: Final = [any_of(SIGNS)] + [
    any_of(word for language in languages for words in _TABLE["glued"][language].values() for word in words)
    for languages in (("zh", "ko"), ("th", "lo"), ("km", "my"), ("ja", "hi"))
]
"""The fewer first letters a pattern has, the faster it fails; single characters, the fastest, come first."""
_UNIT = "|".join(_UNITS_BY_SCRIPT)
_LATIN_STEM = any_of(_LATIN_WORDS)
_REPEAT = f"(?:(?P<repeat>{any_of(_REPEATS)})[ -])?"
_LATIN_WORD = f"(?<![{LATIN}]){_REPEAT}(?P<latin>{_LATIN_STEM})(?=[^{LATIN}]|$|{_LATIN_STEM})"
_TOKEN = re.compile(rf"(?P<digits>\d+)|(?P<unit>{_UNIT})|{_LATIN_WORD}")
_UNNAMED_TOKEN = re.sub(r"\?P<\w+>", "?:", _TOKEN.pattern)
_SPOKEN_STRETCH = re.compile(f"(?>{_UNNAMED_TOKEN})(?:{_ANY_SPOKEN_GAP}(?>{_UNNAMED_TOKEN}))*+")
_SECOND = (
    rf"(?:{_ANY_SPOKEN_GAP}\d++)*{_ANY_SPOKEN_GAP}"
    rf"(?:{_UNIT}|(?<![{LATIN}])(?:(?:{any_of(_REPEATS)})[ -])?(?:{_LATIN_STEM}))"
)
_TWO_FROM_UNIT = tuple(re.compile(f"(?:{units}){_SECOND}") for units in _UNITS_BY_SCRIPT)
_TWO_FROM_LATIN = re.compile(f"(?<![{LATIN}])(?:{_LATIN_STEM})(?![{LATIN}]){_SECOND}")
_ANY_LATIN: Final = Words(_LATIN_WORDS)


# ---------------------------------------------------------------- digits


def ascii_digits(digits: str) -> str:
    """Decimal digits of any script as ASCII ones."""
    return digits if digits.isascii() else "".join(str(int(char)) for char in digits)


def digit_runs(text: str, min_digits: int = 1) -> Iterator[DigitRun]:
    """Groups of digits with at most a space, dash, dot, bracket or invisible mark between them.

    Runs of fewer than `min_digits` digits are left out, and long tables of small figures.
    """
    for stretch in _stretches(min_digits).finditer(text):
        for run in _RUN.finditer(text, *stretch.span()):
            if _is_table(text, *run.span()):
                continue
            groups = tuple(map(_digit_group, _DIGITS.finditer(text, *run.span())))
            if sum(len(group.digits) for group in groups) >= min_digits:
                yield DigitRun(groups)


_MOST_SMALL: Final = 400
_SMALL: Final = 3
"""Digits of a figure that is small."""


def _is_table(text: str, start: int, end: int) -> bool:
    """Whether a run is so many small figures that none of them is part of a number."""
    if end - start <= _MOST_SMALL:
        return False
    figures = _DIGITS.findall(text, start, end)
    return len(figures) > _MOST_SMALL and sum(map(len, figures)) < _SMALL * len(figures)


@cache
def _stretches(min_digits: int) -> re.Pattern[str]:
    """A pattern of figures and what may stand between them, long enough for `min_digits`."""
    return re.compile(rf"\d[{_STRETCH_CHARS}]{{{max(min_digits - 1, 0)},}}+")


def _digit_group(match: re.Match[str]) -> Group:
    return Group(match.start(), match.end(), ascii_digits(match.group()))


def _joined(text: str, groups: Iterable[Group]) -> Iterator[DigitRun]:
    """Runs of spoken `groups` that only a gap parts."""
    run: list[Group] = []
    for group in groups:
        if run and not _is_gap(text, run[-1].end, group.start):
            yield DigitRun(tuple(run))
            run = []
        if len(group.digits) <= MAX_GROUP:
            run.append(group)
        elif run:
            yield DigitRun(tuple(run))
            run = []
    if run:
        yield DigitRun(tuple(run))


def _is_gap(text: str, start: int, end: int) -> bool:
    return end - start <= 5 and _SPOKEN_GAP.fullmatch(text, start, end) is not None


# ---------------------------------------------------------------- number words

_MIN_SPOKEN: Final = 2
_MOST_SPOKEN: Final = 120
"""A longer stretch of number words is no number, nor a list of a few."""


def spoken_runs(text: str, min_digits: int = 1) -> Iterator[DigitRun]:
    """Runs that hold at least two digits in words or signs: 081 ห้าห้าห้า 0143, zero eight one, 〇八一.

    They may start or end with a word of the sentence (a phone number followed by 이 "this"): the reader
    of a run decides which part is meant. Runs of fewer than `min_digits` digits are left out.
    """
    lowered = lower(text)
    if not _has_two_words(lowered):
        return
    for stretch in _SPOKEN_STRETCH.finditer(lowered):
        if stretch.end() - stretch.start() < max(_MIN_SPOKEN, min_digits):
            continue
        groups = map(_group, _TOKEN.finditer(lowered, *stretch.span()))
        for run in _joined(lowered, groups):
            if len(run.groups) > _MOST_SPOKEN:
                continue
            words = sum(not text[group.start].isdecimal() for group in run.groups)
            if words >= _MIN_SPOKEN and sum(run.lengths) >= min_digits:
                yield run


def _has_two_words(lowered: str) -> bool:
    """Whether two number words follow each other with no more than digits between: few texts have any."""
    if not lowered.isascii():
        for two_words in _TWO_FROM_UNIT:
            if two_words.search(lowered):
                return True
    return _ANY_LATIN.are_in(lowered) and _TWO_FROM_LATIN.search(lowered) is not None


def _group(match: re.Match[str]) -> Group:
    """The group of one token; `double five` is 55."""
    if digits := match["digits"]:
        return Group(match.start(), match.end(), ascii_digits(digits))
    if unit := match["unit"]:
        return Group(match.start(), match.end(), _UNITS[unit])
    times = _REPEATS[match["repeat"]] if match["repeat"] else 1
    return Group(match.start(), match.end(), _LATIN_WORDS[match["latin"]] * times)


# ---------------------------------------------------------------- letters for digits

LOOKALIKES: Final = dict(zip("OoQDIil|!ZzSsGbBgqTAЗбО", "00001111122556689974360", strict=True))
"""Letters and signs typed for the digit they look like; Cyrillic ones stay where a word is all Cyrillic."""

_LETTERS = "".join(re.escape(char) for char in LOOKALIKES)
_LOOKALIKE = re.compile(
    rf"[0-9{_LETTERS}](?<![{LATIN}0-9@_/].)(?:[-. ]?[0-9{_LETTERS}]){{6,16}}(?![{LATIN}0-9@_])"
)
_PART = re.compile(f"[0-9{_LETTERS}]+")
_MIN_TRUE: Final = 4
_TRUE_DIGITS = re.compile(rf"[0-9](?:[-. {_LETTERS}]*+[0-9]){{{_MIN_TRUE - 1}}}")
_MIXED = re.compile(f"[0-9][-. ]?[{_LETTERS}]|[{_LETTERS}][-. ]?[0-9]")
"""`_TRUE_DIGITS` and `_MIXED` are what a text must have for `_LOOKALIKE` to be looked for."""


def lookalike_runs(text: str) -> Iterator[DigitRun]:
    """Runs such as O8I-S55-OI43, of 7 to 17 characters with at least four true digits and one letter.

    `normalize` has undone those that are mostly digits; these need a context that says that a number comes.
    """
    if _TRUE_DIGITS.search(text) is None or _MIXED.search(text) is None:
        return
    for match in _LOOKALIKE.finditer(text):
        if _MIXED.search(match.group()) and sum(map(str.isdecimal, match.group())) >= _MIN_TRUE:
            parts = _PART.finditer(text, *match.span())
            yield DigitRun(tuple(_lookalike_group(part) for part in parts))


def _lookalike_group(part: re.Match[str]) -> Group:
    return Group(part.start(), part.end(), "".join(LOOKALIKES.get(char, char) for char in part.group()))
