"""AGE: ages of people and age limits, in digits and number words, with what says that a figure is one.

Sources: words for age and years from Wiktionary ("years old", "อายุ", "岁", "살", "tuổi", "umur", "anyos") and
Unicode CLDR (units, duration-year-person); figures over 110 are no ages (Wikipedia "Oldest people").
"""

import itertools
import re

from models.entities.age_reasons import unit_after, why_age
from models.entities.age_words import (
    BEFORE,
    CERTAIN_UNITS,
    DECADES,
    DOWN,
    EITHER,
    MAXIMUM,
    MINIMUM,
    NUMBERS,
    TENS,
    UP,
    YEAR_UNITS,
)
from models.entities.entity import Context, Entity
from models.entities.words import Words, any_of, is_latin, lower, skip_spaces

_LONGEST_NUMBER = 24
_SINGLE_DIGITS = re.compile(r"\d(?: \d(?!\d)){3,}+")
_OLDEST = 110
_OF_AGE = 21
"""An "age limit" so low is the youngest age."""
_MOST_FIGURES = 300
"""A text with more short figures, or more number words, is a table, no message: its rest is left alone."""
_SAID_OF_WORDS = Words([*BEFORE.words, *CERTAIN_UNITS.words, *YEAR_UNITS.words, "+"])
"""Without one of these no number word is an age."""


def _number_word_pattern() -> str:
    """One number in words: up to three Latin ones, more of those of other scripts."""
    words = {*NUMBERS, *TENS}
    latin = any_of(word for word in words if is_latin(word[0]))
    native = any_of(word for word in words if not is_latin(word[0]))
    return rf"(?<![^\W\d_]){latin}(?:[ -]{latin}){{0,2}}(?![^\W\d_])|{native}{{1,{_LONGEST_NUMBER}}}"


_FIGURE = re.compile(r"\d(?<![\da-z$฿₱₹¥€£₩₫៛#@_&].)(?<![\da-z][-–:/.,].)\d{0,2}(?!\d|[:/.,]\d)")
"""A short figure that is no part of a code, an address, a price, a time or another number.

What must not precede is looked at after the first digit, so that `re` passes over other text fast.
"""
_SPOKEN = re.compile(_number_word_pattern())
_NUMBER = re.compile(rf"\d+|{_SPOKEN.pattern}")
_NUMBER_WORDS = Words([*NUMBERS, *TENS])
_NUMBER_WORD = re.compile(any_of([*NUMBERS, *TENS]))
_RANGE = re.compile(
    r" ?(?:[-–—~〜～]|to|or|and|จนถึง|ถึง|หรือ|ຫາ|ຮອດ|ຫຼື|រហូតដល់|ដល់|ទៅ|ឬ|မှ|ကနေ|đến|den|tới|hoặc|hingga|"
    r"sampai|atau|s/d|dan|hanggang|o|se|से|या|至|到|或|から|에서|부터) ?(?=\S)"
)


def _value(number: str) -> int | None:
    """The figure of digits or number words; None if the words give none (七八 is seven or eight)."""
    if len(number) > _LONGEST_NUMBER:
        return None
    if number.isdigit():
        return int(number) if len(number) <= 3 and not number.startswith("0") else None
    total = unit = 0
    for match in _NUMBER_WORD.finditer(number):
        word = match.group()
        if word in TENS:
            total += (unit or 1) * 10
            unit = 0
        elif 0 < unit < 10 and 0 < NUMBERS[word] < 10:
            return None
        else:
            unit += NUMBERS[word]
    return total + unit


def _limits(text: str, low: int, high: int | None, limit: str, after: int) -> tuple[int | None, int | None]:
    """(youngest, oldest), None where the text sets no such bound."""
    if high is not None:
        return low, high
    begin = after + 1 if text.startswith(" ", after) else after
    if UP.starting(text, begin):
        return low, None
    if limit in MAXIMUM or (limit in EITHER and low > _OF_AGE) or DOWN.starting(text, begin):
        return None, low
    return low, None if limit in MINIMUM | EITHER else low


def _normal_form(minimum: int | None, maximum: int | None) -> str:
    if maximum is None:
        return f"{minimum}+"
    if minimum is None:
        return f"-{maximum}"
    return f"{minimum}" if minimum == maximum else f"{minimum}-{maximum}"


def _upper(text: str, end: int, low: int) -> tuple[int, int] | None:
    """(upper age, its end) of a range that goes on at `end`."""
    unit, _ = unit_after(text, end)
    for begin in (end, text.find(unit, end) + len(unit)) if unit else (end,):
        separator = _RANGE.match(text, begin)
        match = _NUMBER.match(text, separator.end()) if separator else None
        high = _value(match.group()) if match else None
        if match and high is not None and low < high <= _OLDEST:
            return high, match.end()
    return None


def _decade(text: str, end: int, low: int) -> tuple[int, int] | None:
    """(upper age, its end) of a figure that stands for ten years: 20多岁, 20대, 20 กว่า, 20s."""
    begin = skip_spaces(text, end)
    suffix = DECADES.starting(text, begin)
    if not suffix or low % 10 or low > 90 or (begin > end and is_latin(suffix[0])):
        return None
    return low + 9, begin + len(suffix)


def _numbers(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of figures of at most three digits and of number words, in order of start."""
    figures = itertools.islice(_FIGURE.finditer(text), _MOST_FIGURES)
    numbers = [figure.span() for figure in figures]
    if _SAID_OF_WORDS.are_in(text):
        for start, _ in itertools.islice(_NUMBER_WORDS.places(text), _MOST_FIGURES):
            if spoken := _SPOKEN.match(text, start):
                numbers.append(spoken.span())
        numbers.sort()
    return numbers


def find(text: str, context: Context) -> list[Entity]:
    """All ages and age limits in a normalised text, in order of start.

    Attributes `minimum` and `maximum` are years, None where there is no such bound; `value` is "24", "20-35",
    "18+" or "-30" (no older than 30).
    """
    folded = lower(text)
    found: list[Entity] = []
    position = 0
    for start, end in _numbers(folded):
        if start < position:
            continue
        position = end
        if folded.startswith(" ", end) and (singles := _SINGLE_DIGITS.match(folded, start)):
            position = singles.end()
            continue
        low = _value(folded[start:end])
        if low is None or not 0 < low <= _OLDEST:
            continue
        high, upper_end = _upper(folded, end, low) or _decade(folded, end, low) or (None, end)
        why = why_age(folded, text, start, upper_end, low, high)
        if why is None:
            continue
        reason, proba, finish, limit = why
        minimum, maximum = _limits(folded, low, high, limit, finish)
        if folded[finish : finish + 1] == "+":
            finish += 1
        found.append(
            Entity(
                type="AGE",
                start=start,
                end=finish,
                value=_normal_form(minimum, maximum),
                attributes={"minimum": minimum, "maximum": maximum},
                proba=proba,
                reason=reason,
            )
        )
        position = finish
    return found
