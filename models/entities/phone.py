"""PHONE: telephone numbers, however written, in E.164 where the country is certain."""

import re
from collections.abc import Iterator
from typing import Final

from models.entities.entity import Context, Entity, disjoint
from models.entities.handle_links import PATH
from models.entities.numerals import digit_runs, lookalike_runs, spoken_runs
from models.entities.numerals_disguised import disguised_runs
from models.entities.phone_candidate import MIN_DIGITS
from models.entities.phone_context import AFTER_CHARS, ANNOUNCING, BEFORE_CHARS
from models.entities.phone_finder import SHORTEST_FOREIGN, Finder
from models.entities.phone_short import short_numbers

_ADDRESS = re.compile(
    rf"(?:https?://|hxxps?://|www\.){PATH}+"
    r"|(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
    r"|@[A-Za-z0-9_.-]+"
    rf"|(?<![A-Za-z0-9-])[A-Za-z0-9-]{{1,63}}+\.[a-z]{{2,10}}/{PATH}*"
)
_SURE: Final = 0.9


def find(text: str, context: Context) -> list[Entity]:
    """PHONE entities of a normalised text, in order; `value` is E.164, None if it is not certain."""
    finder = Finder(text, context)
    found = [
        *_written(text, finder),
        *_spoken(text, finder),
        *_misspelt(text, finder),
        *_disguised(text, finder, context.language),
        *short_numbers(text),
    ]
    return disjoint(_outside_addresses(text, found)) if found else []


def _written(text: str, finder: Finder) -> Iterator[Entity]:
    for run in digit_runs(text, MIN_DIGITS):
        yield from finder.in_run(run)


def _spoken(text: str, finder: Finder) -> Iterator[Entity]:
    """Numbers in words: those of a plan, and long ones that a word announces."""
    for run in spoken_runs(text, MIN_DIGITS):
        is_long = sum(run.lengths) >= SHORTEST_FOREIGN
        for entity in finder.in_run(run, spoken=True):
            if entity.value is not None or (is_long and entity.reason != "pattern"):
                yield entity


def _misspelt(text: str, finder: Finder) -> Iterator[Entity]:
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


def _disguised(text: str, finder: Finder, language: str) -> Iterator[Entity]:
    """Numbers of a plan with marks, words or letters between or for their digits: 08🌼1🌼555🌼O1四3."""
    for hidden in disguised_runs(text, language, MIN_DIGITS):
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
