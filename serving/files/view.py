"""What a person is shown of a text: its marked stretches, numbers of papers masked."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from models.screening import Entity, Evidence, Indicator, Screening

_RUN: Final = re.compile(r"[\dA-Za-z]+")  # a number with its letters, or a word: in one pass, however long
_LEAST_REPEATED: Final = 6  # a shorter group is in other numbers too
MASK: Final = "•"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text that carries the same marks from end to end.

    Attributes:
        start, end: `[start, end)` in the text.
        entity: type of the entity it is part of, or "".
        indicators: codes it shows.
        flags: flags it is the most influential passage of.
    """

    start: int
    end: int
    entity: str
    indicators: tuple[str, ...]
    flags: tuple[str, ...]


def shown_text(text: str, record: Screening) -> str:
    """Return the text, character for character, with the numbers of identity papers masked.

    Also those of accounts that may be identity numbers, and a number's repetitions.
    """
    papers = [
        entity
        for entity in record.entities
        if "ID_DOCUMENT" in (entity.type, *entity.attributes.get("alternatives", ()))
    ]
    if not papers:
        return text
    signs = list(text)
    for entity in papers:
        signs[entity.start : entity.end] = masked(entity.text)
    runs = {run for entity in papers for run in _RUN.findall(entity.text)}
    repeated = {run for run in runs if len(run) >= _LEAST_REPEATED and _is_number(run)}
    lengths = {len(number) for number in repeated}
    return _RUN.sub(lambda run: _without(run[0], repeated, lengths), "".join(signs))


def _without(words: str, numbers: Collection[str], lengths: Collection[int]) -> str:
    """Return letters and digits, sign for sign, without the numbers of these lengths that stand in them."""
    if not _is_number(words):
        return words
    signs = list(words)
    for length in lengths:
        for start in range(len(words) - length + 1):
            if words[start : start + length] in numbers:
                signs[start : start + length] = MASK * length
    return "".join(signs)


def masked(words: str) -> str:
    """Return words, sign for sign, with their numbers masked."""
    return _RUN.sub(lambda run: MASK * len(run[0]) if _is_number(run[0]) else run[0], words)


def _is_number(run: str) -> bool:
    return any(map(str.isdecimal, run))


def stretches(text: str, record: Screening) -> Iterator[Stretch]:
    """Yield the whole text in stretches, in order; marks may overlap, stretches never do."""
    influence = [one for one in record.evidence if one.kind == "influence"]
    marks: list[Entity | Indicator | Evidence] = [*record.entities, *record.indicators, *influence]
    borders = sorted({0, len(text), *(one.start for one in marks), *(one.end for one in marks)})
    for start, end in pairwise(borders):
        entity = next((one.type for one in record.entities if one.start <= start < one.end), "")
        indicators = dict.fromkeys(one.code for one in record.indicators if one.start <= start < one.end)
        flags = dict.fromkeys(one.flag for one in influence if one.start <= start < one.end)
        yield Stretch(start, end, entity, tuple(indicators), tuple(flags))
