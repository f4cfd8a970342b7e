"""What a recogniser returns, and what it may know besides the text."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of a text.

    Attributes:
        type: code of `taxonomy.ENTITY_TYPES`.
        start, end: `[start, end)` in characters of the text the recogniser was given.
        value: normal form, or None where there is none or it is not certain.
        attributes: as the record of the type has them (docs: design of the record).
        proba: how sure, in (0, 1]: 0.95 and more where a checksum or an unmistakable form says so, about 0.85
            where a form and a context word do, 0.6 where the form alone is possible but not certain.
        source: where it comes from.
        reason: why, for people: `pattern`, `checksum`, `context word "โอน"`, `gazetteer`, `model`.
    """

    type: str
    start: int
    end: int
    value: str | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    proba: float = 0.85
    source: Literal["rule", "model", "gazetteer"] = "rule"
    reason: str = "pattern"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known besides the words.

    Attributes:
        language: BCP-47 primary tag of the main language, `und` if unknown.
        received_at: when the text arrived, for relative dates; None if unknown.
    """

    language: str = "und"
    received_at: datetime | None = None


def disjoint(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities that overlap no earlier one of those kept, in order of start."""
    kept: list[Entity] = []
    starts: list[int] = []
    for entity in entities:
        at = bisect_right(starts, entity.start)
        free_before = not at or kept[at - 1].end <= entity.start
        if free_before and (at == len(kept) or entity.end <= kept[at].start):
            kept.insert(at, entity)
            starts.insert(at, entity.start)
    return kept
