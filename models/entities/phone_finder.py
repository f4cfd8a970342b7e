"""Runs of digits -> the telephone numbers in them, by the plans of countries and the words around them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from models.entities.entity import Context, Entity
from models.entities.numerals import DigitRun
from models.entities.phone_candidate import (
    MAX_DIGITS,
    MIN_DIGITS,
    SERVICE_FORM,
    Candidate,
    ends_of,
    has_plus_before,
    is_grouped,
    is_of_the_region,
    is_other_form,
    phone_entity,
    stands_alone,
    why_phone,
    with_code,
)
from models.entities.phone_context import (
    BEFORE_CHARS,
    MAX_LISTED,
    MONEY_OF,
    NEAR_CHARS,
    PHRASE_CHARS,
    PLACE_OF,
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
    REGIONS,
    REGIONS_OF,
    Reading,
    announced_in,
    dialled_in,
    international,
    is_abroad,
    is_near,
    national,
)
from models.entities.words import lower

_LONGEST_BURMESE: Final = 12
SHORTEST_FOREIGN: Final = 9
_TRADITIONAL = re.compile("[電話號錢聯絡機個們這來為與請]")
"""Characters of words near numbers that only Taiwan, Hong Kong and Macau write."""


class Finder:
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
                or (has_plus and has_plus_before(self._text, group.start))
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
        for last in ends_of(self._text, run, first, disguised=disguised):
            candidate = self._candidate(run, first, last, disguised=disguised)
            if candidate is None:
                continue
            entity = self._judge(candidate)
            if entity is None or is_other_form(self._text, candidate) or self._is_cut(run, first, last):
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

    def _candidate(self, run: DigitRun, first: int, last: int, *, disguised: bool) -> Candidate | None:
        groups = run.groups[first:last]
        start, end = groups[0].start, groups[-1].end
        digits = "".join(group.digits for group in groups)
        text = self._text
        plus = has_plus_before(text, start)
        if start and text[start - 1] == "(" and ")" in text[start:end]:
            start -= 1
        if plus:
            start = text.rindex("+", 0, start)
        elif digits.startswith("00"):
            plus, digits = True, digits[2:]
        elif (word := plus_word(self._lowered, start)) < start and is_abroad(digits):
            plus, start = True, word
        if not MIN_DIGITS <= len(digits) <= MAX_DIGITS:
            return None
        whole = first == 0 and last == len(run.groups)
        lengths = tuple(len(group.digits) for group in groups)
        return Candidate(start, end, digits, lengths, whole, plus, disguised)

    def _judge(self, candidate: Candidate) -> Entity | None:
        """The entity of a candidate, None if it is likelier something else."""
        cue = self._cue(candidate)
        if candidate.plus:
            return self._with_country(candidate, cue)
        reading = self._reading(candidate, cue)
        if cue is not None and cue.kind == "other":
            usual = reading is not None and reading.trunk and reading.mobile and is_grouped(candidate)
            return phone_entity(candidate, None, 0.5, "pattern") if usual else None
        if reading is not None:
            return self._valid(candidate, reading, cue)
        if cue is not None and cue.kind == "phone":
            return self._possible_in_context(candidate, cue) or self._possible_by_form(candidate, None)
        return self._possible_by_form(candidate, cue)

    def _cue(self, candidate: Candidate) -> Cue | None:
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

    def _stated(self, candidate: Candidate) -> str | None:
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

    def _with_country(self, candidate: Candidate, cue: Cue | None) -> Entity | None:
        """A number after a plus or 00."""
        in_contact = cue is not None and cue.kind == "phone"
        sign = self._text[candidate.start] in "+("
        grouped = len(candidate.lengths) > 1
        found = international(candidate.digits)
        if found is None:
            return self._to_nowhere(candidate, cue) if sign or in_contact else None
        value, valid = found
        if valid and (sign or in_contact or (cue is None and (grouped or is_near(candidate.digits)))):
            return phone_entity(candidate, value, 0.97, "pattern")
        if sign and len(candidate.digits) >= 9 and grouped:
            return phone_entity(candidate, value, 0.85, "pattern")
        return phone_entity(candidate, value if sign else None, 0.7, why_phone(cue)) if in_contact else None

    def _to_nowhere(self, candidate: Candidate, cue: Cue | None) -> Entity | None:
        """+697 21 234 567: a code no country has, as the numbers of callers that hide have."""
        if len(candidate.digits) < SHORTEST_FOREIGN or not candidate.whole:
            return None
        return phone_entity(candidate, None, 0.7, why_phone(cue))

    def _reading(self, candidate: Candidate, cue: Cue | None) -> Reading | None:
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
        self, candidate: Candidate, regions: tuple[str, ...], cue: Cue | None
    ) -> Reading | None:
        """The candidate in the first plan that has it; without a trunk prefix only where that is usual."""
        in_contact = cue is not None and cue.kind == "phone"
        for region in regions:
            reading = national(candidate.digits, region)
            if reading is not None and (reading.trunk or stands_alone(candidate, region, in_contact)):
                return reading
        return with_code(candidate, regions) if in_contact else None

    def _valid(self, candidate: Candidate, reading: Reading, cue: Cue | None) -> Entity | None:
        """A number of a plan, surer with a cue; after an account cue it may be either."""
        if cue is not None and cue.kind == "phone":
            return phone_entity(candidate, reading.value, 0.95, why_phone(cue))
        grouped = len(candidate.lengths) > 1
        if not (grouped and reading.trunk) and UNIT.match(self._text, candidate.end):
            return None
        if cue is not None:
            usual = reading.trunk and (reading.mobile or cue.gap > NEAR_CHARS) and candidate.lengths[0] > 1
            return phone_entity(candidate, reading.value, 0.5, "pattern", either=True) if usual else None
        either = not grouped and len(candidate.digits) == 10 and self._home == ("TH",)
        return phone_entity(candidate, reading.value, 0.85 if grouped else 0.75, "pattern", either=either)

    def _possible_in_context(self, candidate: Candidate, cue: Cue) -> Entity | None:
        """A number no plan has, right after a cue."""
        if UNIT.match(self._text, candidate.end) or not candidate.whole:
            return None
        dialled = candidate.digits[0] == "0" or (cue.gap <= NEAR_CHARS and cue.word not in WEAK)
        if not dialled or len(candidate.digits) > 13 or set(candidate.digits) == {"0"}:
            return None
        return phone_entity(candidate, None, 0.75 if is_of_the_region(candidate) else 0.65, why_phone(cue))

    def _possible_by_form(self, candidate: Candidate, cue: Cue | None) -> Entity | None:
        """0938 555 0129: grouped as a number is, though no plan has it or the country is not clear."""
        if (cue is not None and cue.gap < 8) or not candidate.whole or UNIT.match(self._text, candidate.end):
            return None
        if is_grouped(candidate) or SERVICE_FORM.fullmatch(self._text, candidate.start, candidate.end):
            proba = 0.5 if cue is not None else 0.7 if is_of_the_region(candidate) else 0.6
            return phone_entity(candidate, None, proba, "pattern", either=cue is not None)
        return None
