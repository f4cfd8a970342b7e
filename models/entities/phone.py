"""PHONE: telephone numbers, however written, in E.164 where the country is certain."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

from models.entities.entity import Context, Entity, disjoint
from models.entities.handle_links import PATH
from models.entities.numerals import DigitRun, digit_runs, lookalike_runs, spoken_runs
from models.entities.numerals_disguised import disguised_runs
from models.entities.phone_context import (
    AFTER_CHARS,
    ANNOUNCING,
    BEFORE_CHARS,
    MAX_LISTED,
    MONEY_BEFORE,
    MONEY_OF,
    NEAR_CHARS,
    PHRASE_CHARS,
    PLACE_OF,
    TABLE,
    UNIT,
    WEAK,
    Cue,
    Name,
    cue_after,
    cue_before,
    listed_before,
    named_countries,
    plus_word,
    stated_after,
    stated_before,
)
from models.entities.phone_plans import (
    ALONE,
    REGIONS,
    REGIONS_OF,
    Reading,
    announced_in,
    dialled_in,
    international,
    is_abroad,
    is_near,
    national,
    plan_of,
)
from models.entities.words import LATIN, lower

# ---------------------------------------------------------------- candidates

_ADDRESS = re.compile(
    rf"(?:https?://|hxxps?://|www\.){PATH}+"
    r"|(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
    r"|@[A-Za-z0-9_.-]+"
    rf"|(?<![A-Za-z0-9-])[A-Za-z0-9-]{{1,63}}+\.[a-z]{{2,10}}/{PATH}*"
)
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
_MIN_DIGITS: Final = 7
_MAX_DIGITS: Final = 15
_MAX_GROUPS: Final = 6
_LONGEST_BURMESE: Final = 12
_SHORTEST_FOREIGN: Final = 9
_MAX_SPELLED_GROUPS: Final = 16
_SURE: Final = 0.9


@dataclass(frozen=True, slots=True)
class _Candidate:
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


_TRADITIONAL = re.compile("[電話號錢聯絡機個們這來為與請]")
"""Characters of words near numbers that only Taiwan, Hong Kong and Macau write."""


class _Finder:
    """Reads the numbers of one text; keeps what is costly to know about it."""

    def __init__(self, text: str, context: Context) -> None:
        self._text = text
        self._home = REGIONS_OF.get(context.language, ())
        if context.language == "zh" and _TRADITIONAL.search(text):
            self._home += ("TW",)
        self._before: dict[int, Cue | None] = {}

    @cached_property
    def _lowered(self) -> str:
        return lower(self._text)

    @cached_property
    def _names(self) -> list[Name]:
        return named_countries(self._lowered)

    @cached_property
    def _countries(self) -> list[Name]:
        """The names that are not only of money."""
        return [name for name in self._names if self._lowered[name.start : name.end] not in MONEY_OF]

    @cached_property
    def _regions(self) -> tuple[str, ...]:
        """Plans to try, the likeliest first: of the language, then of the places and money named."""
        words = ((self._lowered[name.start : name.end], name.region) for name in self._names)
        away = (region for word, region in words if word in PLACE_OF or word in MONEY_OF)
        return tuple(dict.fromkeys((*self._home, *away)))

    def in_run(self, run: DigitRun, *, spoken: bool = False, disguised: bool = False) -> Iterator[Entity]:
        """The numbers in one run, from left to right, the longest first."""
        after = 0
        for first in self._may_start(run):
            glued = first and run.groups[first].start == run.groups[first - 1].end and not spoken
            found = self._at(run, first, disguised=disguised) if first >= after and not glued else None
            if found is not None and (found[0].value is not None or not disguised):
                yield found[0]
                after = found[1]

    def _may_start(self, run: DigitRun) -> Iterator[int]:
        """The groups as which numbers of a plan start, and the first, whose number may be of none."""
        digits = "".join([group.digits for group in run.groups])
        dialled = {match.start() for match in self._dialled.finditer(digits)}
        has_plus = "+" in self._text[max(0, run.start - 2) : run.end]
        at = 0
        for index, group in enumerate(run.groups):
            by_words = group.start - run.start < BEFORE_CHARS or run.end - group.start < BEFORE_CHARS
            if (
                index == 0
                or at in dialled
                or (has_plus and _has_plus(self._text, group.start))
                or (by_words and self._announced.match(digits, at))
            ):
                yield index
            at += len(group.digits)

    @cached_property
    def _dialled(self) -> re.Pattern[str]:
        """Where numbers start that are dialled with a prefix: by the plans of the language and the names."""
        return dialled_in(tuple(dict.fromkeys((*self._regions, *(name.region for name in self._names)))))

    @cached_property
    def _announced(self) -> re.Pattern[str]:
        """Numbers that need a word before them, in those plans and all of the region."""
        named = (name.region for name in self._names)
        return announced_in(tuple(dict.fromkeys((*self._regions, *named, *REGIONS))))

    def _at(self, run: DigitRun, first: int, *, disguised: bool) -> tuple[Entity, int] | None:
        """The longest number that starts with group `first`, and the group after it."""
        possible = None
        for last in _ends(self._text, run, first, disguised=disguised):
            candidate = self._candidate(run, first, last, disguised=disguised)
            if candidate is None:
                continue
            entity = self._judge(candidate)
            if entity is None or self._is_other_form(candidate) or self._is_cut(run, first, last):
                continue
            if entity.value is not None:
                return entity, last
            if possible is None and candidate.whole:
                possible = entity, last
        return possible

    def _is_cut(self, run: DigitRun, first: int, last: int) -> bool:
        """Whether the groups left over are the end of this number, where the plan has several lengths."""
        if self._home != ("MM",) or run.groups[first].digits[0] != "0" or last == len(run.groups):
            return False
        rest = run.groups[first : first + _LONGEST_BURMESE + 1]
        return sum(len(group.digits) for group in rest) <= _LONGEST_BURMESE

    def _candidate(self, run: DigitRun, first: int, last: int, *, disguised: bool) -> _Candidate | None:
        groups = run.groups[first:last]
        start, end = groups[0].start, groups[-1].end
        digits = "".join(group.digits for group in groups)
        text = self._text
        plus = _has_plus(text, start)
        if start and text[start - 1] == "(" and ")" in text[start:end]:
            start -= 1
        if plus:
            start = text.rindex("+", 0, start)
        elif digits.startswith("00"):
            plus, digits = True, digits[2:]
        elif (word := plus_word(self._lowered, start)) < start and is_abroad(digits):
            plus, start = True, word
        if not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS:
            return None
        whole = first == 0 and last == len(run.groups)
        lengths = tuple(len(group.digits) for group in groups)
        return _Candidate(start, end, digits, lengths, whole, plus, disguised)

    def _is_other_form(self, candidate: _Candidate) -> bool:
        """Whether the form alone says date, time, amount, account, or part of a code."""
        text, start, end = self._text, candidate.start, candidate.end
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

    def _judge(self, candidate: _Candidate) -> Entity | None:
        """The entity of a candidate, None if it is likelier something else."""
        cue = self._cue(candidate)
        if candidate.plus:
            return self._with_country(candidate, cue)
        reading = self._reading(candidate, cue)
        if cue is not None and cue.kind == "other":
            usual = reading is not None and reading.trunk and reading.mobile and _is_grouped(candidate)
            return _entity(candidate, None, 0.5, "pattern") if usual else None
        if reading is not None:
            return self._valid(candidate, reading, cue)
        if cue is not None and cue.kind == "phone":
            return self._possible_in_context(candidate, cue) or self._possible_by_form(candidate, None)
        return self._possible_by_form(candidate, cue)

    def _cue(self, candidate: _Candidate) -> Cue | None:
        """The nearest cue before a candidate or the list it is in, else one right after it."""
        if candidate.start not in self._before:
            self._before[candidate.start] = self._words_before(candidate.start)
        return self._before[candidate.start] or cue_after(self._text, candidate.end)

    def _words_before(self, start: int) -> Cue | None:
        cue = cue_before(self._text, start)
        head = start if cue else self._head_of_list(start)
        listed = cue_before(self._text, head) if head < start else None
        return listed if listed and listed.kind == "phone" else cue

    def _head_of_list(self, start: int) -> int:
        """Where the first of the numbers begins that are listed up to `start`, four at the most."""
        for _ in range(MAX_LISTED):
            earlier = listed_before(self._text, start)
            if earlier == start:
                break
            start = earlier
        return start

    def _stated(self, candidate: _Candidate) -> str | None:
        """The region the words beside a candidate say it is of."""
        names = self._countries
        start = self._head_of_list(candidate.start) if names else candidate.start
        for name in reversed(names[: bisect_right(names, start, key=lambda name: name.end)]):
            if name.end < start - PHRASE_CHARS:
                break
            if stated_before(self._lowered, name, start):
                return name.region
        for name in names[bisect_left(names, candidate.end, key=lambda name: name.start) :]:
            if name.start > candidate.end + PHRASE_CHARS:
                break
            if stated_after(self._lowered, name, candidate.end):
                return name.region
        return None

    def _with_country(self, candidate: _Candidate, cue: Cue | None) -> Entity | None:
        """A number after a plus or 00."""
        in_contact = cue is not None and cue.kind == "phone"
        sign = self._text[candidate.start] in "+("
        grouped = len(candidate.lengths) > 1
        found = international(candidate.digits)
        if found is None:
            return self._to_nowhere(candidate, cue) if sign or in_contact else None
        value, valid = found
        if valid and (sign or in_contact or (cue is None and (grouped or is_near(candidate.digits)))):
            return _entity(candidate, value, 0.97, "pattern")
        if sign and len(candidate.digits) >= 9 and grouped:
            return _entity(candidate, value, 0.85, "pattern")
        return _entity(candidate, value if sign else None, 0.7, _why(cue)) if in_contact else None

    def _to_nowhere(self, candidate: _Candidate, cue: Cue | None) -> Entity | None:
        """+697 21 234 567: a code no country has, as the numbers of callers that hide have."""
        if len(candidate.digits) < _SHORTEST_FOREIGN or not candidate.whole:
            return None
        return _entity(candidate, None, 0.7, _why(cue))

    def _reading(self, candidate: _Candidate, cue: Cue | None) -> Reading | None:
        """The candidate in the plan of the country stated beside it, else in the first plan that has it."""
        stated = self._stated(candidate)
        if stated is None:
            return self._first_reading(candidate, self._regions, cue)
        reading = self._first_reading(candidate, (stated,), cue or Cue("phone", "", 0))
        if reading is not None:
            return reading
        elsewhere = self._first_reading(candidate, self._regions, cue)
        return elsewhere and elsewhere._replace(value=None)

    def _first_reading(
        self, candidate: _Candidate, regions: tuple[str, ...], cue: Cue | None
    ) -> Reading | None:
        """The candidate in the first plan that has it; without a trunk prefix only where that is usual."""
        in_contact = cue is not None and cue.kind == "phone"
        for region in regions:
            reading = national(candidate.digits, region)
            if reading is not None and (reading.trunk or _stands_alone(candidate, region, in_contact)):
                return reading
        return _with_code(candidate, regions) if in_contact else None

    def _valid(self, candidate: _Candidate, reading: Reading, cue: Cue | None) -> Entity | None:
        """A number of a plan, surer with a cue; after an account cue it may be either."""
        if cue is not None and cue.kind == "phone":
            return _entity(candidate, reading.value, 0.95, _why(cue))
        grouped = len(candidate.lengths) > 1
        if not (grouped and reading.trunk) and UNIT.match(self._text, candidate.end):
            return None
        if cue is not None:
            usual = reading.trunk and (reading.mobile or cue.gap > NEAR_CHARS) and candidate.lengths[0] > 1
            return _entity(candidate, reading.value, 0.5, "pattern", either=True) if usual else None
        either = not grouped and len(candidate.digits) == 10 and self._home == ("TH",)
        return _entity(candidate, reading.value, 0.85 if grouped else 0.75, "pattern", either=either)

    def _possible_in_context(self, candidate: _Candidate, cue: Cue) -> Entity | None:
        """A number no plan has, right after a cue."""
        if UNIT.match(self._text, candidate.end) or not candidate.whole:
            return None
        dialled = candidate.digits[0] == "0" or (cue.gap <= NEAR_CHARS and cue.word not in WEAK)
        if not dialled or len(candidate.digits) > 13 or set(candidate.digits) == {"0"}:
            return None
        return _entity(candidate, None, 0.75 if _is_of_the_region(candidate) else 0.65, _why(cue))

    def _possible_by_form(self, candidate: _Candidate, cue: Cue | None) -> Entity | None:
        """0938 555 0129: grouped as a number is, though no plan has it or the country is not clear."""
        if (cue is not None and cue.gap < 8) or not candidate.whole or UNIT.match(self._text, candidate.end):
            return None
        if _is_grouped(candidate) or _SERVICE_FORM.fullmatch(self._text, candidate.start, candidate.end):
            proba = 0.5 if cue is not None else 0.7 if _is_of_the_region(candidate) else 0.6
            return _entity(candidate, None, proba, "pattern", either=cue is not None)
        return None


def _is_of_the_region(candidate: _Candidate) -> bool:
    """Whether the plan of any country near has the number with its trunk prefix."""
    readings = (national(candidate.digits, region) for region in REGIONS)
    return any(reading is not None and reading.trunk for reading in readings)


def _with_code(candidate: _Candidate, regions: tuple[str, ...]) -> Reading | None:
    """66 81 555 0143: a country code without its plus."""
    for region in (*regions, *REGIONS):
        code = plan_of(region).code
        number = candidate.digits[len(code) :]
        if candidate.digits.startswith(code) and plan_of(region).mobile.fullmatch(number):
            return Reading(f"+{code}{number}", trunk=False, mobile=True)
    return None


def _has_plus(text: str, start: int) -> bool:
    """Whether a plus stands before the digits at `start`, or before the bracket they are in."""
    return text[max(0, start - 2) : start] == "+(" or text[start - 1 : start] == "+"


def _ends(text: str, run: DigitRun, first: int, *, disguised: bool) -> Iterator[int]:
    """Where a number that starts with group `first` may end: at a mark of a list, then the longest first."""
    groups = run.groups
    widest = min(len(groups), first + _MAX_SPELLED_GROUPS)
    totals = list(accumulate(len(group.digits) for group in groups[first:widest]))
    ends = [
        first + count
        for count, total in reversed(list(enumerate(totals, 1)))
        if _MIN_DIGITS <= total <= _MAX_DIGITS + 2
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


_SERVICE_FORM: Final = re.compile(
    r"1[- ]800[- ]\d{3}[- ]\d{4}|1[3589]00[- ]\d{3}[- ]\d{3,4}|1[568]\d\d-\d{4}"
    r"|\([2-9]\d\d\) ?[2-9]\d\d[- .]\d{4}"
)
"""Toll-free and shared-cost numbers of the region: 1800 555 017, 1-800-555-0133, Korean 1555-0113; and
(202) 555-0143 of North America."""


def _is_grouped(candidate: _Candidate) -> bool:
    """Trunk prefix and groups of 2 to 5 digits, as in 0938 555 0129 and 09 555 0157 08."""
    return (
        candidate.digits[0] == "0"
        and candidate.digits[1] != "0"
        and 8 <= len(candidate.digits) <= 12
        and 2 <= len(candidate.lengths) <= 5
        and all(2 <= length <= 6 for length in candidate.lengths)
        and (len(candidate.lengths) > 2 or candidate.lengths[0] > 1)
    )


def _stands_alone(candidate: _Candidate, region: str, in_contact: bool) -> bool:
    """Whether the digits are usual in `region` without a trunk prefix, or a cue says that a number comes."""
    usual = re.fullmatch(ALONE.get(region, "(?!)"), candidate.digits) is not None
    if in_contact:
        return usual or plan_of(region).mobile.fullmatch(candidate.digits) is not None
    if not usual or not candidate.whole:
        return False
    grouped = len(candidate.lengths) > 1
    return grouped or (region in ("CN", "IN") and len(candidate.digits) >= 10)


def _why(cue: Cue | None) -> str:
    return f'context word "{cue.word}"' if cue is not None else "pattern"


def _entity(
    candidate: _Candidate, value: str | None, proba: float, reason: str, *, either: bool = False
) -> Entity:
    attributes: dict[str, Any] = {"alternatives": ["BANK_ACCOUNT"]} if either else {}
    return Entity("PHONE", candidate.start, candidate.end, value, attributes, proba, reason=reason)


# ---------------------------------------------------------------- short numbers

_HOTLINES: Final = frozenset(TABLE["hotlines"]["numbers"])
_SHORT = re.compile(
    rf"\d(?<![\d#@=_/\\$€£¥฿₱₹₩₫{LATIN}].)(?<!\d[-.,:/ ].)"
    r"(?:\d{2,5}|\d{2,3}-\d{3})"
    rf"(?!\d|[-.,:/]\d|/\w| \d{{3}}|[{LATIN}%°_@=-])"
)
"""Begins with the digit, not with what stands before it: so the engine jumps from digit to digit."""
_SHORT_GAP: Final = 3
_HOTLINE_GAP: Final = 24


def _short_numbers(text: str) -> Iterator[Entity]:
    """Hotlines and other short numbers, only where the words say that they are dialled."""
    if not ANNOUNCING.are_in(lower(text)):
        return
    for match in _SHORT.finditer(text):
        if UNIT.match(text, match.end()):
            continue
        cue = cue_before(text, match.start()) or cue_after(text, match.end())
        if cue is None or cue.kind != "phone":
            continue
        candidate = _Candidate(match.start(), match.end(), match.group(), (len(match.group()),), True, False)
        weak = cue.word in WEAK
        if match.group() in _HOTLINES and cue.gap <= (_SHORT_GAP if weak else _HOTLINE_GAP):
            yield _entity(candidate, None, 0.85, _why(cue))
        elif cue.gap <= _SHORT_GAP and not weak and _is_dialled(match.group(), cue.word):
            yield _entity(candidate, None, 0.65, _why(cue))


_SHORT_CODES: Final = frozenset({"stop to", "sms to", "report to", "i-report sa"})
_EXTENSIONS: Final = frozenset({"ext", "ext.", "extension", "内線", "内线", "分机", "分機", "내선", "លេខក្នុង"})


def _is_dialled(digits: str, cue: str) -> bool:
    """Whether `digits` are a service number by form, or a short code or an extension by the cue."""
    if cue in _EXTENSIONS or (cue in _SHORT_CODES and len(digits) >= 4 and not digits.endswith("00")):
        return True
    return re.fullmatch(
        r"(?!1[90]\d\d$)[19]\d{3,4}|\d{3,4}-\d{3}", digits
    ) is not None and not digits.endswith("00")


# ---------------------------------------------------------------- all


def find(text: str, context: Context) -> list[Entity]:
    """PHONE entities of a normalised text, in order; `value` is E.164, None if it is not certain."""
    finder = _Finder(text, context)
    found = [
        *_written(text, finder),
        *_spoken(text, finder),
        *_misspelt(text, finder),
        *_disguised(text, finder, context.language),
        *_short_numbers(text),
    ]
    return disjoint(_outside_addresses(text, found)) if found else []


def _written(text: str, finder: _Finder) -> Iterator[Entity]:
    for run in digit_runs(text, _MIN_DIGITS):
        yield from finder.in_run(run)


def _spoken(text: str, finder: _Finder) -> Iterator[Entity]:
    """Numbers in words: those of a plan, and long ones that a word announces."""
    for run in spoken_runs(text, _MIN_DIGITS):
        is_long = sum(run.lengths) >= _SHORTEST_FOREIGN
        for entity in finder.in_run(run, spoken=True):
            if entity.value is not None or (is_long and entity.reason != "pattern"):
                yield entity


def _misspelt(text: str, finder: _Finder) -> Iterator[Entity]:
    """Numbers with letters for digits, only those of a plan that a word announces: O8I-S55-OI43."""
    for run in lookalike_runs(text):
        around = text[max(0, run.start - BEFORE_CHARS - 2) : run.end + AFTER_CHARS]
        if not ANNOUNCING.are_in(around.lower()):
            continue
        for entity in finder.in_run(run):
            if entity.reason.startswith("context") and entity.value:
                yield entity


_MANY_SIGNS: Final = 4
"""So many odd marks and words are no accident: the number needs no word that announces it."""


def _disguised(text: str, finder: _Finder, language: str) -> Iterator[Entity]:
    """Numbers of a plan with marks, words or letters between or for their digits: 08🌼1🌼555🌼O1四3."""
    for hidden in disguised_runs(text, language, _MIN_DIGITS):
        for entity in finder.in_run(hidden.run, spoken=True, disguised=True):
            announced = entity.reason.startswith("context") or entity.proba > _SURE
            if entity.value is not None and (announced or hidden.signs >= _MANY_SIGNS):
                yield entity


def _outside_addresses(text: str, entities: list[Entity]) -> list[Entity]:
    """The `entities` that are no part of an address, the surest first, then the longest."""
    in_address = bytearray(len(text))
    if "@" in text or "/" in text or "www." in text:
        for match in _ADDRESS.finditer(text):
            in_address[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    outside = [entity for entity in entities if not any(in_address[entity.start : entity.end])]
    return sorted(outside, key=lambda entity: (entity.proba, entity.end - entity.start), reverse=True)
