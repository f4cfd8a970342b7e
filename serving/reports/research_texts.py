"""A labelled text -> the same for researchers: what leads to people gives way to what leads to nobody.

A telephone number becomes another, of a range that is nobody's; what has no such range becomes a
placeholder of its type. Spans move with the words. A machine misses some: somebody reads the texts before
they are passed on.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from models.redaction import DEFAULT_TYPES, Place, Redactor
from models.screening import Entity
from models.taxonomy import CONTACTS
from serving.store.casework.labellings import LabelSpan

REPLACED_TYPES: Final = (*DEFAULT_TYPES, *sorted(CONTACTS.difference(DEFAULT_TYPES)))


@dataclass(frozen=True, slots=True)
class ResearchText:
    """A text without what leads to people, and spans of its code points."""

    text: str = field(repr=False)
    spans: tuple[LabelSpan, ...]


def research_text(
    text: str, entities: Sequence[Entity], spans: Sequence[LabelSpan], *, name: str
) -> ResearchText:
    """Return a text with stand-ins.

    Args:
        text: as received.
        entities: of its record.
        spans: of the text as received; one that touches what is replaced holds all of its stand-in.
        name: of the text, random: another text has other stand-ins, so that none is learnt by heart.
    """
    edits = [
        (place.start, place.end, stand_in(place, name))
        for place in Redactor(REPLACED_TYPES).places(text, entities)
    ]
    pieces: list[str] = []
    done = 0
    for start, end, instead in edits:
        pieces += [text[done:start], instead]
        done = end
    pieces.append(text[done:])
    moved = tuple(
        LabelSpan(span.code, _moved(span.start, edits, is_end=False), _moved(span.end, edits, is_end=True))
        for span in spans
    )
    return ResearchText("".join(pieces), moved)


def stand_in(place: Place, name: str) -> str:
    """Return what stands for words that lead to people: nobody's number or address, or a placeholder."""
    digest = hashlib.sha256(f"{name} {place.type} {place.number}".encode()).digest()
    digits = int.from_bytes(digest[:4], "big") % 10_000
    match place.type:
        case "PHONE":
            return f"081-555-{digits:04}"
        case "EMAIL":
            return f"person{digits:04}@mail.example"
        case "URL":
            return f"https://site{digits:04}.example/"
        case "SOCIAL_HANDLE":
            return f"@person555{digits:04}"
        case "BANK_ACCOUNT":
            return f"555-0-5{digits:04}-0"
    return f"[{place.type}_{place.number}]"


def _moved(at: int, edits: Sequence[tuple[int, int, str]], *, is_end: bool) -> int:
    """Return where a place of the text as received is after the edits; of one inside: its start or end."""
    shift = 0
    for start, end, instead in edits:
        if start < at < end:
            return start + shift + (len(instead) if is_end else 0)
        if end > at:
            break
        shift += len(instead) - (end - start)
    return at + shift
