"""A text and what is marked in it -> pieces to show, and passages that are folded: they are hard to read."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Final, Literal

from models.screening import Screening
from models.taxonomy import ENTITY_TYPES, INDICATORS
from serving.console.languages import Language

HARD: Final = ("physical_and_sexual_violence", "self_harm")
"""Indicators whose passages nobody reads unasked; `static/spans.js` folds in the same way."""
MOST_MARKS: Final = 1_000
"""That a page shows: whoever sends a list of ten thousand numbers must not hold all others up by it."""
Kind = Literal["entity", "sign", "label", "passage"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is marked in a text: [start, end) in code points.

    Attributes:
        kind: `passage` of what weighed most with the model, else the kind of the code.
    """

    code: str
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text that carries the same marks from end to end."""

    start: int
    words: str = field(repr=False)
    classes: str
    title: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Pieces that are shown, or folded, together.

    Attributes:
        hard: the code because of which they are folded, or "".
    """

    hard: str
    pieces: tuple[Piece, ...] = field(repr=False)


def found_marks(record: Screening) -> tuple[Mark, ...]:
    """Return what the model and the rules marked, each once: entities and indicators."""
    entities = (Mark(one.type, one.start, one.end, "entity") for one in record.entities)
    indicators = (Mark(one.code, one.start, one.end, "sign") for one in record.indicators)
    return tuple(dict.fromkeys((*entities, *indicators)))


def weighty_marks(record: Screening) -> tuple[Mark, ...]:
    """Return the passages that weighed most for the flags."""
    return tuple(
        Mark(one.flag, one.start, one.end, "passage") for one in record.evidence if one.kind == "influence"
    )


def said_marks(spans: Iterable[tuple[str, int, int]]) -> tuple[Mark, ...]:
    """Return what a person marked, from codes, starts and ends."""
    return tuple(Mark(code, start, end, kind_of(code)) for code, start, end in spans)


def most(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return at most `MOST_MARKS` of the marks of a text; if there are more, those of hard codes first."""
    if len(marks) <= MOST_MARKS:
        return tuple(marks)
    hard = [one for one in marks if one.code in HARD][:MOST_MARKS]
    others = [one for one in marks if one.code not in HARD][: MOST_MARKS - len(hard)]
    return (*hard, *others)


def kind_of(code: str) -> Kind:
    """Return what kind of mark a code of the taxonomy makes."""
    if code in ENTITY_TYPES:
        return "entity"
    return "sign" if code in INDICATORS else "label"


def passages(words: str, marks: Sequence[Mark], language: Language) -> tuple[Passage, ...]:
    """Return the whole text in passages, in order.

    Args:
        words: as they are shown, of the same length as the text the marks are of.
        marks: of it; those that lie outside are left out.
        language: of the titles.
    """
    inside = [one for one in marks if 0 <= one.start < one.end <= len(words)]
    folded = list(folds(words, inside))
    borders = sorted(
        {0, len(words), *(place for one in (*inside, *folded) for place in (one.start, one.end))}
    )
    cut = [
        (fold[0].code if fold else "", _piece(start, words[start:end], here, language))
        for (start, end), here, fold in zip(
            pairwise(borders), _over(inside, borders), _over(folded, borders), strict=True
        )
    ]
    return tuple(
        Passage(hard, tuple(piece for _, piece in of_one))
        for hard, of_one in groupby(cut, key=lambda one: one[0])
    )


def folds(words: str, marks: Collection[Mark]) -> Iterator[Mark]:
    """Yield the stretches that are folded: of hard codes, joined where no letter stands between two."""
    hard = sorted((one for one in marks if one.code in HARD), key=lambda one: (one.start, one.end))
    joined: Mark | None = None
    for one in hard:
        if joined and not any(map(str.isalnum, words[joined.end : one.start])):
            joined = Mark(joined.code, joined.start, max(joined.end, one.end), joined.kind)
            continue
        if joined:
            yield joined
        joined = one
    if joined:
        yield joined


def _over(marks: Sequence[Mark], borders: Sequence[int]) -> Iterator[list[Mark]]:
    """Yield the marks over each stretch between two borders, in their order; all end at a border."""
    begin: dict[int, list[int]] = {}
    end: dict[int, list[int]] = {}
    for number, one in enumerate(marks):
        begin.setdefault(one.start, []).append(number)
        end.setdefault(one.end, []).append(number)
    here: set[int] = set()
    for border in borders[:-1]:
        here.difference_update(end.get(border, ()))
        here.update(begin.get(border, ()))
        yield [marks[number] for number in sorted(here)]


def _piece(start: int, words: str, here: Sequence[Mark], language: Language) -> Piece:
    titles = dict.fromkeys(language.term(one.code) for one in here)
    return Piece(start, words, " ".join(dict.fromkeys(one.kind for one in here)), " · ".join(titles))
