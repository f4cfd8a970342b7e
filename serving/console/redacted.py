"""What is taken out of a text before it is handed on: what was found, and what a person marked besides."""

from collections.abc import Sequence

from models.screening import Entity, Screening
from serving.console.passages import Mark


def to_be_taken_out(record: Screening, text: str, marks: Sequence[Mark]) -> tuple[Entity, ...]:
    """Return the entities of a text, found or marked; what a person took away stays one, for it may be one.

    Args:
        record: of the text.
        text: that the marks are of.
        marks: a person's, or those of the record.
    """
    found = {(one.type, one.start, one.end) for one in record.entities}
    marked = (
        Entity(
            type=one.code,
            start=one.start,
            end=one.end,
            text=text[one.start : one.end],
            value=None,
            attributes={},
            party="unknown",
            proba=1.0,
            source="rule",
            reason="",
        )
        for one in marks
        if one.kind == "entity" and (one.code, one.start, one.end) not in found
    )
    return (*record.entities, *marked)
