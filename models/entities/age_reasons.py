"""Whether a figure is an age, and why: words beside it, whom it follows, how it stands in the sentence."""

import re

from models.entities.age_words import (
    BEFORE,
    CERTAIN_UNITS,
    CONNECTIVES,
    DATA,
    DECADES_OF_AGE,
    DURATIONS_AFTER,
    DURATIONS_BEFORE,
    LIMIT_WORDS,
    MAYBE_AFTER,
    OTHER_UNITS,
    PERSONS,
    POSSESSIVES,
    THINGS,
    UP,
    YEAR_UNITS,
)
from models.entities.words import any_of, is_latin, skip_spaces

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
_NAMED = re.compile(rf"{any_of(DATA['titles'])}[^\s\d,.:;!?()/|-]{{1,14}} $")
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
        word = BEFORE.ending(text, end)
        if word:
            before = _back(text, end - len(word))
            if THINGS.ending(text, before):
                return "", ""
            return word, limit or LIMIT_WORDS.ending(text, before)
        word = CONNECTIVES.ending(text, end)
        if not word:
            return "", limit
        limit = limit or (word if word in LIMIT_WORDS.words else "")
        end = _back(text, end - len(word))
    return "", limit


def _person(text: str, start: int) -> str:
    """The person named right before the figure ("ลูกชาย 24", "Nữ 34", "my son, 20"), "" if none is."""
    end = _back(text, start, " ,:：(-", 2)
    word = PERSONS.ending(text, end)
    if word or end == start:
        return word
    possessive = POSSESSIVES.ending(text, end) or CONNECTIVES.ending(text, end)
    return PERSONS.ending(text, _back(text, end - len(possessive), " ", 1)) if possessive else ""


def _named(text: str, start: int) -> str:
    """The name with its title, or the word of kind, right before the figure, "" if there is none."""
    named = _NAMED.search(text[max(0, start - 40) : start])
    return named.group().strip() if named else ""


def _is_duration(text: str, start: int, after: int, person: str) -> bool:
    if DURATIONS_BEFORE.ending(text, _back(text, start, " :：", 2)):
        return True
    word = DURATIONS_AFTER.starting(text, skip_spaces(text, after))
    return bool(word) and not (person and word in MAYBE_AFTER)


def unit_after(text: str, end: int) -> tuple[str, bool]:
    """(unit of years right after the figure, whether only ages have it)."""
    begin = end + 1 if text.startswith((" ", "-"), end) else end
    certain = CERTAIN_UNITS.starting(text, begin)
    if certain == "세" and begin > end:
        certain = ""
    year = YEAR_UNITS.starting(text, begin)
    return (certain, True) if certain and len(certain) >= len(year) else (year, False)


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
    if _NOT_AFTER.match(text, end) or OTHER_UNITS.starting(text, skip_spaces(text, end)):
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
    if person and (closed or _AFTER_LETTER.match(text, end) or UP.starting(text, end)):
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


def why_age(  # noqa: PLR0911, PLR0917
    text: str, original: str, start: int, end: int, low: int, high: int | None
) -> tuple[str, float, int, str] | None:
    """(reason, probability, end with the unit, limit word) of a figure that is an age, None if it is not."""
    unit, certain = unit_after(text, end)
    after = text.find(unit, end) + len(unit) if unit else end
    word, limit = _age_word(text, start)
    if word and not (
        _NOT_AFTER.match(text, end) or (not unit and OTHER_UNITS.starting(text, skip_spaces(text, end)))
    ):
        return (
            (f'context word "{word}"', 0.9, after, limit)
            if word != "今年" or unit or _AFTER_BARE.match(text, end)
            else None
        )
    if (
        unit
        and certain
        and not (unit[:2] in {"सा", "वर", "sa"} and DURATIONS_AFTER.starting(text, skip_spaces(text, after)))
    ):
        return f'context word "{unit}"', 0.95, after, limit
    person = (_person(text, start) or _named(text, start)) if unit else ""
    if unit and not person and 10 <= low <= 70:
        person = PERSONS.starting(text, skip_spaces(text, after))
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
        and not OTHER_UNITS.starting(text, skip_spaces(text, end + 1))
        and not text[end + 1 : end + 2].isalnum()
    ):
        return "pattern", 0.8, end, limit
    decade = DECADES_OF_AGE.ending(text, end, floor=start)
    if len(decade) > 1 or (decade and text[start].isdigit()):
        return "pattern", 0.8, end, ""
    if unit or not (
        text[end - 1].isdigit() or (low >= 10 and _FIRST_PERSON.search(text[max(0, start - 40) : start]))
    ):
        return None
    bare = _why_bare(text, original, start, end, low, high)
    return (*bare, end, limit) if bare else None
