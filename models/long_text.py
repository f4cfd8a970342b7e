"""A text of any length -> pieces that can be screened, and their records -> one record of the whole.

Pieces overlap, so that what stands across a cut is whole in one of them. The record of the whole has the
highest probability of each label, every flag of every piece, the highest priority, and spans of the whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from models.calibration import AT_RISK, NOT_OFFENCES
from models.screening import PRIORITIES, Screening, ScreeningError
from models.taxonomy import LABELS
from models.validation import MAX_TEXT_CHARS

OVERLAP_CHARS: Final = 500
READ_IN_PARTS: Final = "read_in_parts"
PART_NOT_READ: Final = "part_not_read"
_LEAST_SHARE: Final = 0.9
"""A piece is cut at the last blank of its last tenth, if it has one there."""
_UNREADABLE: Final = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
Spanned = TypeVar("Spanned", bound=Any)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and the code point at which it starts."""

    start: int
    text: str


def readable(text: str) -> str:
    """Return a text, as long as before, with U+FFFD for NUL and for halves of surrogate pairs."""
    return text.translate(_UNREADABLE)


def pieces(text: str, most_chars: int = MAX_TEXT_CHARS) -> Iterator[Piece]:
    """Yield a text in overlapping pieces that together hold all of it; at least one."""
    start = 0
    while len(text) - start > most_chars:
        stop = start + most_chars
        blank = max(text.rfind(sign, start + int(most_chars * _LEAST_SHARE), stop) for sign in " \n")
        yield Piece(start, text[start : stop if blank < 0 else blank])
        start = (stop if blank < 0 else blank) - OVERLAP_CHARS
    yield Piece(start, text[start:])


def of_whole(
    name: str, parts: Sequence[tuple[Piece, Screening | ScreeningError]]
) -> Screening | ScreeningError:
    """Return the record of a text from those of its pieces.

    Args:
        name: id of the record.
        parts: all pieces in order, at least one, each with its record.
    """
    read = [(piece.start, record) for piece, record in parts if isinstance(record, Screening)]
    if not read or len(parts) == 1:
        return replace(parts[0][1], id=name)
    screenings = [record for _, record in read]
    first = min(screenings, key=lambda record: (_rank(record), -max(record.labels.values())))
    flagged = {code for record in screenings for code in record.flags}
    context = {code for record in screenings for code in record.context_labels}
    if AT_RISK in flagged:  # who speaks for a person at risk is not accused of what other passages say
        context |= flagged - NOT_OFFENCES
    flagged -= context
    warnings = dict.fromkeys(warning for record in screenings for warning in record.warnings)
    whole = replace(
        first,
        id=name,
        labels={code: max(record.labels[code] for record in screenings) for code in first.labels},
        flags=_in_order(flagged),
        context_labels=_in_order(context),
        uncertified=_in_order({code for record in screenings for code in record.uncertified}),
        thresholds={code: value for record in screenings for code, value in record.thresholds.items()},
        indicators=_moved((start, record.indicators) for start, record in read),
        evidence=_moved((start, record.evidence) for start, record in read),
        entities=_moved((start, record.entities) for start, record in read),
        warnings=(*warnings, READ_IN_PARTS),
    )
    if len(read) == len(parts):
        return whole
    unread = replace(whole, warnings=(*whole.warnings, PART_NOT_READ))
    if whole.priority == PRIORITIES[-1]:
        return replace(unread, priority="review", priority_reason=PART_NOT_READ)
    return unread


def _rank(record: Screening) -> int:
    return PRIORITIES.index(record.priority)


def _in_order(codes: set[str]) -> tuple[str, ...]:
    return tuple(code for code in LABELS if code in codes)


def _moved(found: Iterable[tuple[int, Sequence[Spanned]]]) -> tuple[Spanned, ...]:
    """Return what was found in pieces with spans of the whole; what two pieces share is there once."""
    moved: dict[tuple[object, ...], Spanned] = {}
    for start, of_piece in found:
        for one in of_piece:
            whole = replace(one, start=one.start + start, end=one.end + start)
            what = getattr(whole, "type", None) or getattr(whole, "code", None) or whole.flag
            moved.setdefault((what, whole.start, whole.end), whole)
    return tuple(moved.values())
