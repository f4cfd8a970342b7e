"""What a person is shown of a text: its marked stretches, numbers of papers masked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from models.screening import Entity, Evidence, Indicator, Screening

_NUMBER: Final = re.compile(r"[A-Za-z]*\d[\dA-Za-z]*")
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
    shown = text
    for entity in record.entities:
        if "ID_DOCUMENT" not in (entity.type, *entity.attributes.get("alternatives", ())):
            continue
        shown = shown[: entity.start] + masked(entity.text) + shown[entity.end :]
        for number in _NUMBER.findall(entity.text):
            if len(number) >= _LEAST_REPEATED:
                shown = shown.replace(number, MASK * len(number))
    return shown


def masked(words: str) -> str:
    """Return words, sign for sign, with their numbers masked."""
    return _NUMBER.sub(lambda number: MASK * len(number[0]), words)


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
