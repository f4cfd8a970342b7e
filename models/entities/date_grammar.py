"""Which words and numbers next to each other make a date or a time of day, and which part of it each is.

A text becomes a string with one character for each token (`date_words`); the grammar of times, then that of
dates, is one regular expression over that string.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from models.entities.date_numbers import Token
from models.entities.date_words import KIND_SETS, phrases

Fields = Mapping[str, Token]
"""The tokens of a date by the name of their part in it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A date as written, `[start, end)` in the text; `till` is the other end of a range."""

    start: int
    end: int
    fields: Fields
    till: Fields | None = None


def expressions(text: str) -> list[Expression]:
    """Return the dates and times that the grammar finds; two with a word or sign of range between are one."""
    tokens, kinds = _with_clocks(*_tokens(text))
    found: list[tuple[int, int, Expression]] = []
    for match in _DATE.finditer(kinds):
        first, last = match.span()
        fields = _fields(match, _DATE_PARTS, tokens)
        found.append((first, last, Expression(tokens[first].start, tokens[last - 1].end, fields)))
    merged: list[Expression] = []
    joined = False
    for (_, last, one), (first, _, two) in pairwise(found):
        if joined:
            joined = False
        elif first == last + 1 and "range" in tokens[last].meanings and _same_sort(one.fields, two.fields):
            merged.append(Expression(one.start, two.end, one.fields, two.fields))
            joined = True
        else:
            merged.append(one)
    if found and not joined:
        merged.append(found[-1][2])
    return merged


def _same_sort(one: Fields, two: Fields) -> bool:
    return ("time" in one) <= ("time" in two)


# The characters of the kinds ----------------------------------------------------------------------

_BREAK = "\0"
_TIMES = (frozenset({"time"}), frozenset({"time_weak"}))  # what `_with_clocks` makes
_CHARACTERS = {kinds: chr(0x4E00 + position) for position, kinds in enumerate((*KIND_SETS, *_TIMES))}


def _tokens(text: str) -> tuple[list[Token], str]:
    """Return the tokens of what may be dates and their kinds, one character each; breaks are tokens too."""
    tokens: list[Token] = []
    kinds: list[str] = []
    for phrase in phrases(text):
        tokens += (Token(phrase[0].start, phrase[0].start, {}), *phrase)
        kinds.append(_BREAK)
        kinds += [_CHARACTERS[frozenset(token.meanings)] for token in phrase]
    return tokens, "".join(kinds)


def _with_clocks(tokens: list[Token], kinds: str) -> tuple[list[Token], str]:
    """Make one token of each time of day."""
    new_tokens: list[Token] = []
    new_kinds: list[str] = []
    done = 0
    for match in _CLOCK.finditer(kinds):
        first, last = match.span()
        fields = _fields(match, _CLOCK_PARTS, tokens)
        if _is_nights(fields):
            continue
        kind = "time_weak" if "weak" in fields else "time"
        new_tokens += tokens[done:first]
        new_kinds.append(kinds[done:first])
        new_tokens.append(Token(tokens[first].start, tokens[last - 1].end, {kind: fields}))
        new_kinds.append(_CHARACTERS[frozenset({kind})])
        done = last
    return [*new_tokens, *tokens[done:]], "".join([*new_kinds, kinds[done:]])


def _is_nights(fields: Fields) -> bool:
    """Whether a number and a word for night are a stay, not an hour: 2 คืน, 3 đêm, 两晚."""
    if fields.keys() != {"hour", "part"} or fields["part"].meanings["part"] != "night":
        return False
    hour = fields["hour"].meanings
    return int(hour.get("number", hour.get("number_word", 0))) < 6


def _fields(match: re.Match[str], parts: tuple[str, ...], tokens: list[Token]) -> Fields:
    return {
        parts[group - 1]: tokens[match.start(group)]
        for group, matched in enumerate(match.groups(), start=1)
        if matched is not None
    }


def _kind_class(names: str) -> str:
    wanted = frozenset(names.split("|"))
    return f"[{''.join(character for kinds, character in _CHARACTERS.items() if kinds & wanted)}]"


def _compile(grammar: str) -> re.Pattern[str]:
    """Compile a grammar: `<a|b>` is a token of kind a or b, `(:name~...)` a group."""
    pattern = re.sub(r"<([a-z_|]+)>", lambda match: _kind_class(match[1]), "".join(grammar.split(" ")))
    numbers = iter(range(1, 1000))
    return re.compile(re.sub(r"\(:([a-z]+)~", lambda match: f"(?P<{match[1]}_{next(numbers)}>", pattern))


# Times of day -------------------------------------------------------------------------------------

_HOURS = "<half>?(:hour~<number|number_word|hour_zero>)"
_MINUTES = "(?:(:minute~<minute_number>)<minute>?)?(:half~<half>)?"
_PART = "(:part~<part>)"
_NO_DATE = "(?!<month|month_weak|month_before|month_after|day_after|day_after_weak|unit>)"
_CLOCK = _compile(
    f"(?:{_PART}?<hour_before>?(:clock~<clock>)<hour_after|hour_maybe>?{_PART}?"
    f"|(?:{_PART}|<hour_before>)<hour_before>?(:clock~<dotted>)<hour_after>?{_PART}?"
    f"|(:clock~<dotted>)(?:<hour_after>{_PART}?|{_PART})"
    f"|{_PART}?(:before~<hour_before>)<hyphen>?{_HOURS}(?:(:after~<hour_after|hour_maybe>){_MINUTES}|(:half~<half>)|"
    f"{_NO_DATE}){_PART}?"
    f"|{_PART}?{_HOURS}(:after~<hour_after>){_MINUTES}{_PART}?"
    f"|{_PART}{_HOURS}(:after~<hour_maybe>){_MINUTES}"
    f"|{_HOURS}(:after~<hour_maybe>){_MINUTES}{_PART}"
    f"|{_HOURS}{_PART}|(:named~<named_clock>)|(:weak~{_HOURS}(:after~<hour_maybe>){_MINUTES}))"
)

# Dates --------------------------------------------------------------------------------------------

_DAY_AFTER = "<day_after|day_after_weak|ordinal>"
_DAY = f"<day_before|article>?(:day~<number>){_DAY_AFTER}?<of>?"
_TILL = f"<range><day_before>?<weekday_day>?(:till~<number>){_DAY_AFTER}?"
_TILL_LAST = f"(?:{_TILL}(?!<month|month_weak|month_before|month_after>))?"
_MONTH_NAME = "<month_part>?<month_before>?(:month~<month|month_weak>)"
_MONTH_NUMBER = "(?:<month_before>(:month~<number>)|(:month~<number>)<month_after>)"
_MONTH = f"(?:{_MONTH_NAME}|{_MONTH_NUMBER})"
_MONTH_SURE = (
    "(?:<month_part|month_before>{1,2}(:month~<month|month_weak>)|(:month~<month>)"
    f"|{_MONTH_NUMBER}|(:month~<month_weak>)<next|last|this>)"
)
_YEAR = (
    "(?:(:era~<year_before>)?(:year~<year>)<year_after>?|(:era~<year_before>)(:year~<short_year|era_year|number>)"
    "<year_after>?|(:year~<era_year>)<year_after>|(:year~<short_year>)(?!<hour_after|month_before|month_after>))"
)
_YEAR_FIRST = (
    "(?:(:era~<year_before>)?(:year~<year>)<year_after>?"
    "|(:era~<year_before>)?(:year~<era_year|number|short_year>)<year_after>)"
)
_YEAR_ALONE = (
    "(?:(:era~<year_before>)(:year~<year|era_year|short_year>)<year_after>?|(:year~<year>)<year_after>"
    "|(:year~<era_year>)<year_after>(?!<ago|later>))"
)
_CALENDAR_DATE = (
    f"(?:(:numeric~<iso|dmy|my>)|(:numeric~<dm>){_YEAR}?"
    f"|{_YEAR_FIRST}{_MONTH}(?:{_DAY}{_TILL_LAST})?"
    f"|{_DAY}(?:{_TILL})?<hyphen>?{_MONTH}(?:<hyphen>?{_YEAR})?"
    f"|(?:{_MONTH_NAME}|(:month~<number>)<month_after>)<hyphen>?{_DAY}(?!<part|month_after|hour_after>)"
    f"{_TILL_LAST}{_YEAR}?"
    f"|{_MONTH}<hyphen>?{_YEAR}|{_MONTH_SURE}|{_YEAR_ALONE}|(:holiday~<holiday>))"
)
_NO_COUNT = "(?!<number><unit><ago|later>)"
_DAY_OF_MONTH = (
    f"(?:<day_before>(:day~<number>)<day_after|day_after_weak>?(?!<hour_after|unit|month_after>){_TILL_LAST}"
    f"|{_NO_COUNT}(:day~<number>)<range><day_before>?<weekday_day>?(:till~<number>)<day_after>"
    f"|{_NO_COUNT}(:day~<number>)<day_after>|(:day~<number>)<day_after_weak>(?=<time|part>)"
    "|(:day~<day_number>)|<article>(:day~<number>)<ordinal>)"
)
_COUNT = (
    "(?:(:count~<number|number_word>)(:unit~<unit>)(?:(:ago~<ago>)|(:later~<later>))"
    "|(:ago~<ago>)(:count~<number|number_word>)(:unit~<unit>))"
)
_LONG = "<relative_week|relative_month|relative_year>"
_NEAR = "(:relative~<relative_day|relative_weak|relative_week>)"  # what a weekday is a day of
_RELATIVE = "(:relative~<relative_day|relative_weak|relative_week|relative_month|relative_year>)"
_OF_DATE = "(:relative~<relative_day|relative_weak|relative_year>)"  # said of a date with its month
_OF_DAY = "(:relative~<relative_day|relative_weak|relative_month>)"
_BESIDE = "(?:(:part~<part>)?(:time~<time|time_weak|dotted>)|(:part~<part>))"
_SAID = "(:modifier~<next|last|this>)"
_ANY_WEEKDAY = "(:weekday~<weekday|weekday_weak>)"
_WEEKDAY = f"(?:{_SAID}{{0,2}}{_ANY_WEEKDAY}{_SAID}{{0,2}}|(:weekday~<weekday_joined>))"
_WEEKDAY_SAID = (
    f"(?:{_SAID}{{1,2}}{_ANY_WEEKDAY}{_SAID}{{0,2}}|{_ANY_WEEKDAY}{_SAID}{{1,2}}|(:weekday~<weekday_joined>))"
)
_WEEKDAY_OF = f"(?:{_WEEKDAY_SAID}|{_ANY_WEEKDAY}{_NEAR}?)"  # last Friday, Friday of next week


def _beside(date: str, relative: str) -> str:
    """Return the grammar of a date with what may stand before and after it."""
    return (
        f"{relative}?{_BESIDE}?(?:{_WEEKDAY}<hyphen>?<weekday_day>?)?<day_before>?{date}(:lunar~<lunar>)?"
        f"{_WEEKDAY}?{relative}?{_BESIDE}?"
    )


_DATE = _compile(
    f"(?:{_beside(_CALENDAR_DATE, _OF_DATE)}"
    f"|{_beside(_DAY_OF_MONTH, _OF_DAY)}"
    f"|{_BESIDE}?{_COUNT}{_BESIDE}?"
    f"|{_BESIDE}?{_WEEKDAY}<weekday_day|day_before|article>(:day~<number>)<ordinal>?(?!<unit|month_after>){_BESIDE}?"
    f"|{_BESIDE}{_WEEKDAY_OF}{_BESIDE}?|{_WEEKDAY}{_BESIDE}|{_WEEKDAY_SAID}|(:weekday~<weekday>){_NEAR}?"
    f"|(?:{_NEAR}{_ANY_WEEKDAY}|{_RELATIVE}){_BESIDE}|{_BESIDE}<day_before>?{_RELATIVE}"
    f"|(:relative~<relative_day|relative_week>){_ANY_WEEKDAY}|(:relative~<relative_day>)"
    f"|(:count~<number|number_word>)?(:relative~{_LONG})|(:time~<time>))"
)
_CLOCK_PARTS, _DATE_PARTS = (  # names of the groups, the number that `_compile` gave them taken off
    tuple(name.rsplit("_", 1)[0] for name in grammar.groupindex) for grammar in (_CLOCK, _DATE)
)
