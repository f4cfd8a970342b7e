"""The numbers of dates and times in a text: each with the kinds of things that it may say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Token(NamedTuple):
    """A word or number that dates are made of: what it may be, by kind."""

    start: int
    end: int
    meanings: Mapping[str, Any]


_NUMBERS = re.compile(
    r"""
    (?=[\d'’〇零一二三四五六七八九十廿–—~～hw-]) (?:  # how they begin: fails sooner than the rest
    (?P<skip> https?://\S{1,300} | www\.\S{1,300} | [-–—~～]{3,} )
    | (?<![\d/$€£฿₫¥₱₩₹៛₭]) (?<!\d[,:]) (?:
        (?<![.-]) (?:
            (?P<stamp> \d{4}-\d\d-\d\d[Tt]\d\d:\d\d (?: :\d\d(?:[.,]\d{1,9})? )? )
            (?:[Zz]|[+-]\d\d:?\d\d)? (?!\d)
          | (?P<iso> \d{4}(?P<s1>[-/.])\d{1,2}(?P=s1)\d{1,2} ) (?! \d | [-/.:]\d )
          | (?P<dmy> \d{1,2}\ ?(?P<s2>[-/.])\ ?\d{1,2}\ ?(?P=s2)\ ?(?:\d{4}|\d{2}) ) (?! \d | [-/.:,]\d )
          | (?P<pair> \d{1,2}\ ?[-–—~～]\ ?\d{1,2} ) (?! \d | [-/.:,]\d | \ ?% )
          | (?P<my> (?:0?[1-9]|1[0-2])/(?:19|20|25)\d\d ) (?! \d | [-/.,]\d )
          | (?P<dm> \d{1,2}/\d{1,2} ) (?! \d | [/.,:]\d | -\d{3} | \ ?% )
        )
      | (?<!\d[.-]) (?P<number> \d{1,4} ) (?! \d | [.,:/]\d | -\d{3} | -\d+- | \ ?[%$€฿₫៛₭] )
    )
    | (?<![\d./]) (?<!\d[,:]) (?: (?P<clock> \d{1,2}:\d{2}(?::\d{2})? ) (?! \d | [:.,]\d )
                      | (?P<dotted> \d{1,2}\.\d{2} ) (?! \d | [.,:/%]\d | % ) )
    | (?P<short> ['’]\d{2} ) (?! \d )
    | (?P<cjk> [〇零一二三四五六七八九十廿]{1,4} )
    | (?P<range> [-–—~～] )
    )
    """,
    re.VERBOSE,
)
DATE_OF_NUMBERS = re.compile(r"\d(?: ?[-/.] ?\d\d? ?[-/.] ?\d\d|/\d|:\d)")  # iso, dmy, my, dm, clock
_CJK_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0}
_OTHER: Mapping[str, Any] = {"other": None}
DASH: Mapping[str, Any] = {"range": None, "hyphen": None}


def _cjk_number(written: str) -> int | None:
    if all(character in _CJK_DIGITS for character in written):
        return (
            int("".join(str(_CJK_DIGITS[character]) for character in written))
            if len(written) in (1, 4)
            else None
        )
    tens, _, units = written.replace("廿", "二十").partition("十")
    if len(tens) > 1 or len(units) > 1 or "十" in units:
        return None
    return 10 * _CJK_DIGITS.get(tens, 1) + _CJK_DIGITS.get(units, 0)


def number_meanings(number: int, digits: int) -> dict[str, Any]:
    """What a plain number may be part of: a day, an hour, a minute, a year."""
    meanings: dict[str, Any] = {"other": None}
    if digits <= 2 and 1 <= number <= 31:
        meanings["number"] = number
    if digits <= 2 and number == 0:
        meanings["hour_zero"] = number
    if digits == 2 and number <= 59:
        meanings["minute_number"] = number
    if digits == 2 and 60 <= number <= 75:
        meanings["short_year"] = number
    if digits == 4 and (1900 <= number <= 2150 or 2400 <= number <= 2643):
        meanings["year"] = number
    if (digits == 3 and 70 <= number <= 150) or (digits == 4 and 1300 <= number <= 1420):
        meanings["era_year"] = number
    return meanings


def _cjk_meanings(written: str) -> Mapping[str, Any]:
    number = _cjk_number(written)
    if not number:
        return _OTHER
    return number_meanings(number, 1 if number < 10 else 2 if number < 100 else 4)


def number_tokens(text: str) -> Iterator[Token]:
    """Yield the numbers of a text, in order; those of one stamp (2026-06-12T14:30) apart."""
    for match in _NUMBERS.finditer(text):
        kind, start, end = match.lastgroup or "", match.start(), match.end()
        match kind:
            case "skip":
                yield Token(start, end, _OTHER)
            case "range":
                yield Token(start, end, DASH)
            case "number":
                yield Token(start, end, number_meanings(int(match[0]), end - start))
            case "short":
                yield Token(start, end, {"short_year": int(match[0][1:])})
            case "cjk":
                yield Token(start, end, _cjk_meanings(match[0]))
            case "pair":
                yield from _pair_tokens(match[0], start)
            case "stamp":
                yield from _stamp_tokens(match[0], start)
            case _:
                yield Token(start, end, {kind: _figures(match[0])})


def _figures(written: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", written)))


def _pair_tokens(written: str, start: int) -> Iterator[Token]:
    """Yield the tokens of `5-8`: two numbers and the sign between them."""
    first, last = re.findall(r"\d+", written)
    middle, end = start + len(first), start + len(written)
    yield Token(start, middle, number_meanings(int(first), len(first)))
    yield Token(middle, end - len(last), DASH)
    yield Token(end - len(last), end, number_meanings(int(last), len(last)))


def _stamp_tokens(written: str, start: int) -> Iterator[Token]:
    """Yield the date and the time of `2026-06-12T14:30:00+07:00`."""
    year, month, day, *clock = _figures(written)[:5]
    time = start + len("2026-06-12T")
    yield Token(start, time, {"iso": (year, month, day)})
    yield Token(time, start + len(written), {"clock": tuple(clock)})
