"""MONEY: amounts with currency words, signs or multipliers, in digits and words, and bare ones in context.

`money_figures` reads figures, `money_amounts` the currencies around them; `money_reasons` tells whether it is
money, `money_period` what it is paid for.

Sources: those of `money_words`. Month of 26 days of 8 hours: ILO Hours of Work (Industry) Convention, 1919
(C001), article 2.
"""

import itertools
import re
import string
from typing import NamedTuple

from models.entities.entity import Context, Entity
from models.entities.money_amounts import MORE, RANGE, Amount, amount_at, join, partner
from models.entities.money_period import period_of
from models.entities.money_reasons import is_labelled, why_money
from models.entities.money_words import (
    CURRENCIES,
    CURRENCIES_BEFORE,
    HOME,
    LIST_SIGNS,
    NAMES,
    READERS,
    Reader,
)
from models.entities.words import LATIN, any_of, lower, skip_spaces

_PER_MONTH = {"hour": 26 * 8, "day": 26, "week": 52 / 12, "month": 1, "year": 1 / 12}
_IMPLIED_THOUSANDS = {"ko": 10_000, "id": 1000, "vi": 1000, "lo": 1000}
"""Smaller bare figures leave thousands unsaid (월 45), by language."""

_MOST_STARTS = 1_000
"""A text with more runs of digits, or more number words, is a table, no message: its rest is left alone."""
_MOST_FIGURES = 300
"""As `_MOST_STARTS`, of the figures that need a close look."""
_MOST_SUMS = 200
"""As `_MOST_STARTS`, of sums found."""
_DIGITS = re.compile(r"\d(?<![\d_#@&^].)(?<!\d[-–:/.,].)(?<![a-z][-–:/,].)\d*+(?!:\d|([-/.])\d\d?\1\d)")
"""Digits that begin no time and no date and are no later part of these, of a number, a code or an address.

What must not precede is looked at after the first digit, so that `re` passes over other text fast.
"""
_SINGLE_DIGITS = re.compile(r"\d(?: \d(?![\d.,])){3,}+")
_GLUED = frozenset(string.ascii_letters + string.digits + "_#@&^")
"""Characters that make one code of what stands before and after them."""
_NAME = re.compile(
    rf"\d (?i:{any_of(NAMES['certain'])})(?= [A-Z][a-z])"
    rf"|\d(?:(?<=\d{{8}})|(?<=\d{{4}} \d{{4}})) (?:(?i:{any_of(NAMES['certain'])})(?= [{LATIN}]{{2}})"
    rf"|(?i:{any_of(NAMES['possible'])})(?= [A-Z]))"
)
"""The last digit of a number and a word that begins a name: 09777123456 U Aung Min, 19034567890 DO HOA."""


def find(text: str, context: Context) -> list[Entity]:
    """All sums of money in a normalised text, in order of start.

    `amount_min` and `amount_max` are equal but for ranges; `currency` is ISO 4217 (or USDT, BTC, ETH, TRX),
    None if unknown; an amount that names none takes that of the language's country. `monthly` is the upper
    figure per month of 26 days of 8 hours, None without a period, if paid by the task or if thousands are
    left unsaid.
    """
    reader = READERS.get(context.language, READERS["und"])
    folded = lower(_NAME.sub(_hidden, text))
    return [_entity(folded, found, reader.language) for found in _search(folded, reader)]


def _hidden(name: re.Match[str]) -> str:
    """A digit and as many strokes as the beginning of a name after it has characters."""
    return name.group()[0] + "_" * (len(name.group()) - 1)


class _Found(NamedTuple):
    """One amount (`low` is `high`) or a range taken for money."""

    low: Amount
    high: Amount
    reason: str
    proba: float


def _search(text: str, reader: Reader) -> list[_Found]:
    found: list[_Found] = []
    floor = position = figures = labelled = 0
    for start in _starts(text, reader):
        match = reader.run.match(text, start) if start >= position else None
        if match is None:
            continue
        position = match.end()
        if _is_bare_unit(text, match, floor, reader):
            continue
        if text.startswith(" ", position) and (singles := _SINGLE_DIGITS.match(text, start)):
            position = singles.end()
            continue
        figures += 1
        if figures > _MOST_FIGURES or len(found) >= _MOST_SUMS:
            break
        low = amount_at(text, match, floor, reader)
        if low is None:
            continue
        position = low.end
        if low.start == start and text[start].isdigit() and _is_closed(text, start):
            continue
        high = partner(text, low, reader) or low
        in_list = bool(found) and _is_next_of_list(text, floor, low.start)
        after_label = bool(labelled) and _is_next_of_list(text, labelled, low.start)
        bare = not (low.named or high.named or in_list)
        if bare and (after_label or is_labelled(text, low, high, floor, reader)):
            labelled = position = high.end
            continue
        why = why_money(text, low, high, floor, reader, in_list)
        if why is None:
            continue
        found.append(_Found(low, high, *why))
        floor = position = high.end
    return found


def _starts(text: str, reader: Reader) -> list[int]:
    """Where an amount may begin: at digits or at a number word, in order."""
    starts = {digits.start() for digits in itertools.islice(_DIGITS.finditer(text), _MOST_STARTS)}
    starts.update(start for start, _ in itertools.islice(reader.words.places(text), _MOST_STARTS))
    return sorted(starts)


def _is_bare_unit(text: str, match: re.Match[str], floor: int, reader: Reader) -> bool:
    """Whether a run is one digit or one number word that neither a currency nor a range makes a sum.

    Most digits and number words of ordinary text are such: this passes over them at little cost.
    """
    word = match.group()
    if word in reader.scales or not (word in reader.numerals or (len(word) == 1 and word.isdigit())):
        return False
    start, end = match.span()
    return not (
        CURRENCIES.starting(text, skip_spaces(text, end))
        or CURRENCIES_BEFORE.ending(
            text, start - 1 if text[start - 1 : start] in {" ", "."} else start, floor=floor
        )
        or CURRENCIES_BEFORE.ending(text, start, floor=floor)
        or RANGE.match(text, end)
        or MORE.match(text, end)
    )


def _is_closed(text: str, start: int) -> bool:
    """Whether the characters before `start` make the digits part of a longer code, number, time or date."""
    if not start:
        return False
    previous = text[start - 1]
    if previous in _GLUED:
        return True
    if previous in "-–:/.," and start > 1:
        earlier = text[start - 2]
        return (earlier.isascii() and earlier.isalnum()) or (previous in ":/." and earlier in ":/.")
    return False


def _is_next_of_list(text: str, end: int, start: int) -> bool:
    """Whether only a sign or word of lists stands between figures that end at `end` and begin at `start`."""
    return start - end <= 6 and text[end:start].strip() in LIST_SIGNS


def _entity(text: str, found: _Found, language: str) -> Entity:
    low, high = found.low, found.high
    currency = high.currency or low.currency
    unsaid = not (low.sign or high.sign) and _leaves_thousands_unsaid(high, language)
    if not (low.sign or high.sign or unsaid):
        currency = HOME.get(language)
    lower, upper = join(low, high)
    period = period_of(text, low.start, high.end, max(0, low.start - 40))
    monthly = None if upper is None or period is None or unsaid else upper * _PER_MONTH.get(period, 0) or None
    lower, upper = _plain(lower), _plain(upper)
    return Entity(
        type="MONEY",
        start=low.start,
        end=high.end,
        value=_normal_form(lower, upper, currency),
        attributes={
            "amount_min": lower,
            "amount_max": upper,
            "currency": currency,
            "period": period,
            "monthly": _plain(monthly),
        },
        proba=found.proba,
        reason=found.reason,
    )


def _leaves_thousands_unsaid(amount: Amount, language: str) -> bool:
    small = (amount.figure.value or 0) < _IMPLIED_THOUSANDS.get(language, 0)
    return small and amount.figure.scale == 1


def _plain(value: float | None) -> float | int | None:
    """A figure as it is reported: with at most two decimals, none if it is whole."""
    if value is None:
        return None
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _normal_form(lower: float | None, upper: float | None, currency: str | None) -> str | None:
    if lower is None or upper is None or currency is None:
        return None
    figures = f"{lower}" if lower == upper else f"{lower}-{upper}"
    return f"{figures} {currency}"
