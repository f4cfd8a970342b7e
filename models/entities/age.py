"""AGE: ages of people and age limits, in digits and number words, with what says that a figure is one.

Sources: words for age and years from Wiktionary ("years old", "อายุ", "岁", "살", "tuổi", "umur", "anyos") and
Unicode CLDR (units, duration-year-person); figures over 110 are no ages (Wikipedia "Oldest people").
"""

import itertools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.entities.entity import Context, Entity
from models.entities.words import Lexicon, Words, any_of, is_latin, lower

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _words(name: str) -> Lexicon:
    return Lexicon(_DATA[name])


_BEFORE = _words("before")
_CONNECTIVES = _words("connectives")
_MAXIMUM = frozenset(_DATA["maximum"])
_MINIMUM = frozenset(_DATA["minimum"])
_EITHER = frozenset(_DATA["either_limit"])
_LIMIT_WORDS = Lexicon(_MAXIMUM | _MINIMUM | _EITHER)
_UP = _words("up")
_DOWN = _words("down")
_CERTAIN_UNITS = _words("certain_units")
_YEAR_UNITS = _words("year_units")
_DECADES = Lexicon([*_DATA["decades"], *_DATA["decades_of_age"]])
_DECADES_OF_AGE = _words("decades_of_age")
_THINGS = _words("things")
_PERSONS = _words("persons")
_DURATIONS_BEFORE = _words("durations_before")
_DURATIONS_AFTER = _words("durations_after")
_MAYBE_AFTER = frozenset(_DATA["maybe_durations_after"])
_OTHER_UNITS = _words("other_units")
_POSSESSIVES = _words("possessive")
_NUMBERS: Mapping[str, int] = _DATA["numbers"]
_TENS: Mapping[str, int] = _DATA["tens"]

_LONGEST_NUMBER = 24
_SINGLE_DIGITS = re.compile(r"\d(?: \d(?!\d)){3,}+")
_OLDEST = 110
_OF_AGE = 21
"""An "age limit" so low is the youngest age."""
_MOST_FIGURES = 300
"""A text with more short figures, or more number words, is a table, no message: its rest is left alone."""
_SAID_OF_WORDS = Words([*_BEFORE.words, *_CERTAIN_UNITS.words, *_YEAR_UNITS.words, "+"])
"""Without one of these no number word is an age."""


def _number_word_pattern() -> str:
    """One number in words: up to three Latin ones, more of those of other scripts."""
    words = {*_NUMBERS, *_TENS}
    latin = any_of(word for word in words if is_latin(word[0]))
    native = any_of(word for word in words if not is_latin(word[0]))
    return rf"(?<![^\W\d_]){latin}(?:[ -]{latin}){{0,2}}(?![^\W\d_])|{native}{{1,{_LONGEST_NUMBER}}}"


_FIGURE = re.compile(r"\d(?<![\da-z$฿₱₹¥€£₩₫៛#@_&].)(?<![\da-z][-–:/.,].)\d{0,2}(?!\d|[:/.,]\d)")
"""A short figure that is no part of a code, an address, a price, a time or another number.

What must not precede is looked at after the first digit, so that `re` passes over other text fast.
"""
_SPOKEN = re.compile(_number_word_pattern())
_NUMBER = re.compile(rf"\d+|{_SPOKEN.pattern}")
_NUMBER_WORDS = Words([*_NUMBERS, *_TENS])
_NUMBER_WORD = re.compile(any_of([*_NUMBERS, *_TENS]))
_RANGE = re.compile(
    r" ?(?:[-–—~〜～]|to|or|and|จนถึง|ถึง|หรือ|ຫາ|ຮອດ|ຫຼື|រហូតដល់|ដល់|ទៅ|ឬ|မှ|ကနေ|đến|den|tới|hoặc|hingga|"
    r"sampai|atau|s/d|dan|hanggang|o|se|से|या|至|到|或|から|에서|부터) ?(?=\S)"
)
_FIRST_PERSON = re.compile(
    r"(?<![^\W\d_])(?:in (?:her|his|their|my|your)(?: early| mid| late)?|"
    r"(?:i am|i'm|i’m|im|he is|she is|he's|she's|he’s|she’s|"
    r"turned|turning|turn|they're all|looks?|maybe|im already|ako ay|ako po ay)"
    r"(?: only| just| about| around| like| already| still| maybe)?|"
    r"(?:son|daughter|brother|sister|nephew|niece|cousin|mother|father|mum|mom|dad|wife|husband|friend|boy|girl|kid|child|student|uncle|aunt|grandma|grandpa|victim)"
    r" (?:is|was)(?: only| just| about)?) $"
)
_SELF = re.compile(r"(?<![^\W\d_])(?:saya|aku|gue|gw|tôi|toi|em|mình|minh|cháu|chau|nhom|ako) $")
_AFTER_SELF = re.compile(r" ?[,;]")
_NAMED = re.compile(rf"{any_of(_DATA['titles'])}[^\s\d,.:;!?()/|-]{{1,14}} $")
"""What comes before the figure of สาวลาว 19, น้องมายด์ 18, ນາງ ວຽງສະຫວັນ 19 ປີ."""
_PARENTHESIS = re.compile(
    r"[^\W\d_\u0e2f]\)? ?[(（]$|"
    r"[\u0300-\u036f\u0e30-\u0e4e\u0eb0-\u0ecd\u1000-\u109f\u17b6-\u17d3\u0900-\u097f][\"”」]? ?[(（]$"
)
_NAME_COMMA = re.compile(r"(?<![^\W\d_])[A-Z][^\W\d_]{1,15}, $")
_APPOSITION = re.compile(
    r"[^\W\d_\u0300-\u036f]"
    r"[\u0300-\u036f\u0e30-\u0e4e\u0eb0-\u0ecd\u102b-\u103e\u17b6-\u17d3\u0900-\u094d]{0,3}[,၊，、] ?$"
)
_APPOSED = frozenset(" ,၊，、")
_AFTER_APPOSITION = re.compile(r" ?[,၊，、။।.](?!\d)")
_AFTER_NAME = re.compile(r"[,.;)\n]|$| (?:years|yrs|from|and|who|went)\b")
_AFTER_BARE = re.compile(r" ?(?:[,.;:!?)\n、，。；！“”\"।၊။…/|+]|$)")
_AFTER_LETTER = re.compile(r" ?[^\W\d_]")
_NOT_AFTER = re.compile(r" ?[%$฿₱₹¥€£₩₫៛°×]|[:/.,]\d|[-–]\d|:\d|[.,]?\d| ?(?:\+ )?[-–]? ?\d{3}")


def _value(number: str) -> int | None:
    """The figure of digits or number words; None if the words give none (七八 is seven or eight)."""
    if len(number) > _LONGEST_NUMBER:
        return None
    if number.isdigit():
        return int(number) if len(number) <= 3 and not number.startswith("0") else None
    total = unit = 0
    for match in _NUMBER_WORD.finditer(number):
        word = match.group()
        if word in _TENS:
            total += (unit or 1) * 10
            unit = 0
        elif 0 < unit < 10 and 0 < _NUMBERS[word] < 10:
            return None
        else:
            unit += _NUMBERS[word]
    return total + unit


def _skip(text: str, start: int) -> int:
    """Where the text goes on after at most two spaces."""
    if not text.startswith(" ", start):
        return start
    return start + (2 if text.startswith("  ", start) else 1)


def _back(text: str, end: int, characters: str = " :：=,-.(", most: int = 3) -> int:
    start = end
    while start > 0 and end - start < most and text[start - 1] in characters:
        start -= 1
    return start


def _age_word(text: str, start: int) -> tuple[str, str]:
    """(word for age before the figure, the limit word beside it), "" for what is not there."""
    limit = ""
    end = _back(text, start)
    for _ in range(4):
        word = _BEFORE.ending(text, end)
        if word:
            before = _back(text, end - len(word))
            if _THINGS.ending(text, before):
                return "", ""
            return word, limit or _LIMIT_WORDS.ending(text, before)
        word = _CONNECTIVES.ending(text, end)
        if not word:
            return "", limit
        limit = limit or (word if word in _LIMIT_WORDS.words else "")
        end = _back(text, end - len(word))
    return "", limit


def _person(text: str, start: int) -> str:
    """The person named right before the figure ("ลูกชาย 24", "Nữ 34", "my son, 20"), "" if none is."""
    end = _back(text, start, " ,:：(-", 2)
    word = _PERSONS.ending(text, end)
    if word or end == start:
        return word
    possessive = _POSSESSIVES.ending(text, end) or _CONNECTIVES.ending(text, end)
    return _PERSONS.ending(text, _back(text, end - len(possessive), " ", 1)) if possessive else ""


def _named(text: str, start: int) -> str:
    """The name with its title, or the word of kind, right before the figure, "" if there is none."""
    named = _NAMED.search(text[max(0, start - 40) : start])
    return named.group().strip() if named else ""


def _is_duration(text: str, start: int, after: int, person: str) -> bool:
    if _DURATIONS_BEFORE.ending(text, _back(text, start, " :：", 2)):
        return True
    word = _DURATIONS_AFTER.starting(text, _skip(text, after))
    return bool(word) and not (person and word in _MAYBE_AFTER)


def _unit(text: str, end: int) -> tuple[str, bool]:
    """(unit of years right after the figure, whether only ages have it)."""
    begin = end + 1 if text.startswith((" ", "-"), end) else end
    certain = _CERTAIN_UNITS.starting(text, begin)
    if certain == "세" and begin > end:
        certain = ""
    year = _YEAR_UNITS.starting(text, begin)
    return (certain, True) if certain and len(certain) >= len(year) else (year, False)


def _limits(text: str, low: int, high: int | None, limit: str, after: int) -> tuple[int | None, int | None]:
    """(youngest, oldest), None where the text sets no such bound."""
    if high is not None:
        return low, high
    begin = after + 1 if text.startswith(" ", after) else after
    if _UP.starting(text, begin):
        return low, None
    if limit in _MAXIMUM or (limit in _EITHER and low > _OF_AGE) or _DOWN.starting(text, begin):
        return None, low
    return low, None if limit in _MINIMUM | _EITHER else low


def _normal_form(minimum: int | None, maximum: int | None) -> str:
    if maximum is None:
        return f"{minimum}+"
    if minimum is None:
        return f"-{maximum}"
    return f"{minimum}" if minimum == maximum else f"{minimum}-{maximum}"


def _parenthesised(text: str, original: str, start: int) -> bool:
    """Whether a parenthesis follows a person: a name, a word for one, a native script's letter."""
    if not _PARENTHESIS.search(text[max(0, start - 8) : start]):
        return False
    word = re.search(r"([^\W\d_][\w.]*)\)? ?[(（]$", original[max(0, start - 24) : start])
    return not word or not is_latin(word[1][0]) or word[1][0].isupper() or bool(_person(text, start))


def _why_bare(  # noqa: PLR0911, PLR0917
    text: str, original: str, start: int, end: int, low: int, high: int | None
) -> tuple[str, float] | None:
    """(reason, probability) of a figure without words for age or years, None if it seems to be no age."""
    if _NOT_AFTER.match(text, end) or _OTHER_UNITS.starting(text, _skip(text, end)):
        return None
    closed = bool(_AFTER_BARE.match(text, end))
    before = text[max(0, start - 40) : start]
    if (
        13 <= low < 100
        and high is None
        and before[-1:] in _APPOSED
        and _APPOSITION.search(before)
        and _AFTER_APPOSITION.match(text, end)
    ):
        return "pattern", 0.65
    if before.endswith(" ") and _FIRST_PERSON.search(before):
        return "pattern", 0.8
    if (
        high is None
        and 10 <= low < 100
        and text[end : end + 1] in {")", "）"}
        and _parenthesised(text, original, start)
    ):
        return "pattern", 0.7
    if not 10 <= low < 100:
        return None
    if (
        high is None
        and before.endswith(", ")
        and _NAME_COMMA.search(original[max(0, start - 20) : start])
        and _AFTER_NAME.match(original, end)
    ):
        return "pattern", 0.7
    if high is None and low >= 13 and _SELF.search(before) and _AFTER_SELF.match(text, end):
        return "pattern", 0.65
    person = _person(text, start)
    if not person and low >= 13:
        person = _named(text, start)
    if person and (closed or _AFTER_LETTER.match(text, end) or _UP.starting(text, end)):
        return f'context word "{person}"', 0.7
    if (
        high is not None
        and 15 <= low <= 45
        and 20 <= high <= 65
        and high - low >= 4
        and (closed or text[end : end + 5] == " only")
    ):
        return "pattern", 0.6
    return None


def _why(  # noqa: PLR0911, PLR0917
    text: str, original: str, start: int, end: int, low: int, high: int | None
) -> tuple[str, float, int, str] | None:
    """(reason, probability, end with the unit, limit word) of a figure that is an age, None if it is not."""
    unit, certain = _unit(text, end)
    after = text.find(unit, end) + len(unit) if unit else end
    word, limit = _age_word(text, start)
    if word and not (
        _NOT_AFTER.match(text, end) or (not unit and _OTHER_UNITS.starting(text, _skip(text, end)))
    ):
        return (
            (f'context word "{word}"', 0.9, after, limit)
            if word != "今年" or unit or _AFTER_BARE.match(text, end)
            else None
        )
    if (
        unit
        and certain
        and not (unit[:2] in {"सा", "वर", "sa"} and _DURATIONS_AFTER.starting(text, _skip(text, after)))
    ):
        return f'context word "{unit}"', 0.95, after, limit
    person = (_person(text, start) or _named(text, start)) if unit else ""
    if unit and not person and 10 <= low <= 70:
        person = _PERSONS.starting(text, _skip(text, after))
    if unit and not _is_duration(text, start, after, person):
        if person or (high is not None and low >= 14 and high <= 70):
            return f'context word "{person or unit}"', 0.8, after, limit
        if _NAME_COMMA.search(original[max(0, start - 20) : start]) and low >= 10:
            return "pattern", 0.7, after, limit
        if (
            high is None
            and _APPOSITION.search(text[max(0, start - 8) : start])
            and _AFTER_BARE.match(text, after)
        ):
            return "pattern", 0.7, after, limit
    if (
        text[end : end + 1] == "+"
        and low in {16, 18, 20, 21}
        and not _OTHER_UNITS.starting(text, _skip(text, end + 1))
        and not text[end + 1 : end + 2].isalnum()
    ):
        return "pattern", 0.8, end, limit
    decade = _DECADES_OF_AGE.ending(text, end, floor=start)
    if len(decade) > 1 or (decade and text[start].isdigit()):
        return "pattern", 0.8, end, ""
    if unit or not (
        text[end - 1].isdigit() or (low >= 10 and _FIRST_PERSON.search(text[max(0, start - 40) : start]))
    ):
        return None
    bare = _why_bare(text, original, start, end, low, high)
    return (*bare, end, limit) if bare else None


def _upper(text: str, end: int, low: int) -> tuple[int, int] | None:
    """(upper age, its end) of a range that goes on at `end`."""
    unit, _ = _unit(text, end)
    for begin in (end, text.find(unit, end) + len(unit)) if unit else (end,):
        separator = _RANGE.match(text, begin)
        match = _NUMBER.match(text, separator.end()) if separator else None
        high = _value(match.group()) if match else None
        if match and high is not None and low < high <= _OLDEST:
            return high, match.end()
    return None


def _decade(text: str, end: int, low: int) -> tuple[int, int] | None:
    """(upper age, its end) of a figure that stands for ten years: 20多岁, 20대, 20 กว่า, 20s."""
    begin = _skip(text, end)
    suffix = _DECADES.starting(text, begin)
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
        why = _why(folded, text, start, upper_end, low, high)
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
