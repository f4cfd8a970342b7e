"""The period that an amount is paid for, in the words after it or before it."""

import re

from models.entities.money_digits import before_signs
from models.entities.money_words import (
    CONNECTIVES,
    FILLERS,
    PERIOD_OF,
    PERIOD_OF_ALONE,
    PERIOD_OF_BEFORE,
    PERIOD_OF_SLASH,
    PERIODS,
    PERIODS_ALONE,
    PERIODS_BEFORE,
    SLASH,
    UNITS_BEFORE,
)
from models.entities.words import skip_spaces

_DURATION = re.compile(r"(?:\d\d|[02-9])[ ]?\Z|[-–][ ]?\d[ ]?\Z")
"""Ends in a figure other than 1: with a unit of time after it that is how long, not how often."""


def period_of(text: str, start: int, end: int, floor: int) -> str | None:
    """The period an amount is paid for, from the words after it or else before it.

    Those after it that stand apart and right before another figure are that one's (一天500 一个月1万5).
    """
    begin = skip_spaces(text, end)
    before = _period_before(text, start, floor)
    after, finish = _period_after(text, begin)
    next_figure = skip_spaces(text, finish)
    of_next = begin > end and text[next_figure : next_figure + 1].isdigit()
    return before if before and of_next else after or before


def _period_after(text: str, begin: int) -> tuple[str | None, int]:
    """(period, end of its word) that begins at `begin`: sebulan, /เดือน, per month, /ด."""
    alone = PERIODS_ALONE.starting(text, begin)
    if alone:
        return PERIOD_OF_ALONE[alone], begin + len(alone)
    connective = CONNECTIVES.starting(text, begin)
    start = skip_spaces(text, begin + len(connective))
    word = PERIODS.starting(text, start) if connective else ""
    if word:
        return PERIOD_OF[word], start + len(word)
    slash = SLASH.match(text, begin)
    return (PERIOD_OF_SLASH[slash[1]], slash.end()) if slash else (None, begin)


def _period_before(text: str, start: int, floor: int) -> str | None:
    """The period that ends right before an amount: วันละ 500, เงินเดือนเริ่มต้น 20000."""
    for _ in range(3):
        start = before_signs(text, start, floor, " :=~≈：")
        word = PERIODS_BEFORE.ending(text, start, floor=floor)
        if word:
            lasts = word in UNITS_BEFORE and _DURATION.search(text, floor, start - len(word))
            return None if lasts else PERIOD_OF_BEFORE[word]
        start -= len(FILLERS.ending(text, start, floor=floor))
    return None
