"""Neighbouring groups of digits that may be a telephone number, and what their form says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from models.entities.entity import Entity
from models.entities.numerals import DigitRun
from models.entities.phone_context import MONEY_BEFORE, Cue
from models.entities.phone_plans import ALONE, REGIONS, Reading, national, plan_of
from models.entities.words import LATIN

_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20|25)\d\d([-./ ]{1,2})(?:0?[1-9]|1[0-2])\1(?:[0-2]?\d|3[01])"
    r"|(?:[0-2]?\d|3[01])([-./])(?:[0-2]?\d|3[01])\2(?:(?:19|20|25)\d\d|\d\d))(?!\d)"
)
_TIMES = re.compile(r"(?<!\d)[0-2]?\d[.:][0-5]\d ?[-–—~] ?[0-2]?\d[.:][0-5]\d(?!\d)")
_YEARS = re.compile(r"(?:19|20|25)\d\d ?[-–—] ?(?:19|20|25)\d\d")
_DATED = re.compile(
    r"(?<!\d)[0-3]?\d[-./ ]{1,3}[01]?\d[-./ ]{1,3}(?:19|20|25)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20|25)\d\d[-./][01]?\d[-./][0-3]?\d(?!\d)|(?<!\d)[0-2]?\d:[0-5]\d(?!\d)"
)
"""A day or a time, in which the marks of a disguise are usual."""
_DECIMAL = re.compile(r"\d{1,3}\.\d+|[1-9]\d{0,2}(?:\.\d{3})+")
MIN_DIGITS: Final = 7
MAX_DIGITS: Final = 15
_MAX_GROUPS: Final = 6
_MAX_SPELLED_GROUPS: Final = 16


@dataclass(frozen=True, slots=True)
class Candidate:
    """Some neighbouring groups of a run, `text[start:end]`.

    Attributes:
        whole: nothing else belongs to the run.
        plus: written with an international prefix; `digits` are then those after it.
        lengths: digits in each group.
        disguised: with odd marks, letters or words between or for the digits.
    """

    start: int
    end: int
    digits: str
    lengths: tuple[int, ...]
    whole: bool
    plus: bool
    disguised: bool = False


def is_of_the_region(candidate: Candidate) -> bool:
    """Whether the plan of any country near has the number with its trunk prefix."""
    readings = (national(candidate.digits, region) for region in REGIONS)
    return any(reading is not None and reading.trunk for reading in readings)


def with_code(candidate: Candidate, regions: tuple[str, ...]) -> Reading | None:
    """66 81 555 0143: a country code without its plus."""
    for region in (*regions, *REGIONS):
        code = plan_of(region).code
        number = candidate.digits[len(code) :]
        if candidate.digits.startswith(code) and plan_of(region).mobile.fullmatch(number):
            return Reading(f"+{code}{number}", trunk=False, mobile=True)
    return None


def has_plus_before(text: str, start: int) -> bool:
    """Whether a plus stands before the digits at `start`, or before the bracket they are in."""
    return text[max(0, start - 2) : start] == "+(" or text[start - 1 : start] == "+"


def ends_of(text: str, run: DigitRun, first: int, *, disguised: bool) -> Iterator[int]:
    """Where a number that starts with group `first` may end: at a mark of a list, then the longest first."""
    groups = run.groups
    widest = min(len(groups), first + _MAX_SPELLED_GROUPS)
    totals = list(accumulate(len(group.digits) for group in groups[first:widest]))
    ends = [
        first + count
        for count, total in reversed(list(enumerate(totals, 1)))
        if MIN_DIGITS <= total <= MAX_DIGITS + 2
        and (disguised or count <= _MAX_GROUPS or total <= 1.6 * count)
    ]
    listed = (
        end
        for end in ends
        if not disguised and end < len(groups) and _is_listed(text, groups[end - 1].end, groups[end].start)
    )
    yield from dict.fromkeys((*listed, *ends))


def _is_listed(text: str, end: int, start: int) -> bool:
    """Whether a mark between numbers of a list stands in `[end, start)`; only numbers in words have any."""
    return any(mark in ",，、/|" for mark in text[end:start].strip())


_CODE_BEFORE: Final = re.compile(rf"[#@=_/\\]$|\d[-.,:/+]$|[{LATIN}0-9]-$|[A-Z]$|(?<!\d{{7}})\d[a-z]{{1,4}}$")
_CODE_AFTER: Final = re.compile(
    rf"[%°_@=]|[.:]\d|[-~–]\d(?!\d?(?!\d))|[,/][1-9]|-[{LATIN}]|[{LATIN}](?![a-z])"
    rf"|[{LATIN}]{{1,20}}\d(?!\d{{7}})|[a-f]{{4,}}(?![{LATIN}])"
)
"""What goes on after a number of a code; 0815550143call, 0815550143/0895550120 and 0815550143-9 are none."""
_CODE_CHARS: Final = 12


def _is_glued(text: str, start: int, end: int) -> bool:
    """Whether the number goes on in letters, digits or signs of a code, a decimal, a path."""
    before = text[max(0, start - _CODE_CHARS) : start]
    listed = text[start] in "0+"
    if _CODE_BEFORE.search(before) and not (listed and before.endswith((",", "/"))):
        return True
    return _CODE_AFTER.match(text, end) is not None


def is_other_form(text: str, candidate: Candidate) -> bool:
    """Whether the form alone says date, time, amount, account, or part of a code."""
    start, end = candidate.start, candidate.end
    written = text[start:end]
    if candidate.disguised:
        return (
            _DATED.search(written) is not None
            or MONEY_BEFORE.search(text[max(0, start - 5) : start]) is not None
        )
    if _is_glued(text, start, end):
        return True
    if candidate.plus:
        return False
    if candidate.lengths == (3, 1, 5, 1) or (candidate.lengths[0] == 1 and len(candidate.lengths) == 2):
        return True
    return bool(
        _DATE.search(written)
        or _TIMES.search(written)
        or _YEARS.search(written)
        or _DECIMAL.fullmatch(written)
        or MONEY_BEFORE.search(text[max(0, start - 5) : start])
    )


SERVICE_FORM: Final = re.compile(
    r"1[- ]800[- ]\d{3}[- ]\d{4}|1[3589]00[- ]\d{3}[- ]\d{3,4}|1[568]\d\d-\d{4}"
    r"|\([2-9]\d\d\) ?[2-9]\d\d[- .]\d{4}"
)
"""Toll-free and shared-cost numbers of the region: 1800 555 017, 1-800-555-0133, Korean 1555-0113; and
(202) 555-0143 of North America."""


def is_grouped(candidate: Candidate) -> bool:
    """Trunk prefix and groups of 2 to 5 digits, as in 0938 555 0129 and 09 555 0157 08."""
    return (
        candidate.digits[0] == "0"
        and candidate.digits[1] != "0"
        and 8 <= len(candidate.digits) <= 12
        and 2 <= len(candidate.lengths) <= 5
        and all(2 <= length <= 6 for length in candidate.lengths)
        and (len(candidate.lengths) > 2 or candidate.lengths[0] > 1)
    )


def stands_alone(candidate: Candidate, region: str, in_contact: bool) -> bool:
    """Whether the digits are usual in `region` without a trunk prefix, or a cue says that a number comes."""
    usual = re.fullmatch(ALONE.get(region, "(?!)"), candidate.digits) is not None
    if in_contact:
        return usual or plan_of(region).mobile.fullmatch(candidate.digits) is not None
    if not usual or not candidate.whole:
        return False
    grouped = len(candidate.lengths) > 1
    return grouped or (region in ("CN", "IN") and len(candidate.digits) >= 10)


def why_phone(cue: Cue | None) -> str:
    """The reason of a number, by the word near it or by its form."""
    return f'context word "{cue.word}"' if cue is not None else "pattern"


def phone_entity(
    candidate: Candidate, value: str | None, proba: float, reason: str, *, either: bool = False
) -> Entity:
    """The entity of a candidate; `either` it or an account, if that cannot be told."""
    attributes: dict[str, Any] = {"alternatives": ["BANK_ACCOUNT"]} if either else {}
    return Entity("PHONE", candidate.start, candidate.end, value, attributes, proba, reason=reason)
