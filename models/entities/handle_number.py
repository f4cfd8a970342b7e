"""Reads the number of an account (QQ) at a place of a text whose digits are in words or stand apart.

扣扣 一9伍 5570三     Q-Q: 5 5 0 8 2 8 2     企鹅号 55零-8贰八2
"""

import re
from typing import Final

from models.entities.handle_spelled import Spelled
from models.entities.handle_tokens import ANY_UNIT, UNITS

_FEWEST, _MOST = 5, 12
_GROUP: Final = f"(?:[0-9]+|(?:{ANY_UNIT.pattern}))"
_NUMBER: Final = re.compile(rf"{_GROUP}(?:[ \-*.·|~_/]{{0,2}}{_GROUP}){{1,20}}+")


def number(lowered: str, start: int) -> Spelled | None:
    """Return the number in disguise that begins at `start` of a text in lower case, None if none does.

    Groups of several figures alone (2026-01-15) are a date or a telephone number, no account in disguise.
    """
    match = _NUMBER.match(lowered, start, start + 2 * _MOST + 20)
    if match is None:
        return None
    written = ANY_UNIT.findall(match.group())
    digits = "".join(UNITS.get(unit, unit) for unit in written)
    groups = re.findall("[0-9]+", match.group())
    in_words = len(written) > sum(map(len, groups))
    if not _FEWEST <= len(digits) <= _MOST or not (in_words or len(groups) == len(digits)):
        return None
    return Spelled(start, match.end(), digits, signs=0, apart=0, marked=False, digits=True)
