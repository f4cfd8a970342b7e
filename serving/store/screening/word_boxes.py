"""Where in an image the words stand that were read in it: kept, so that digits can be compared with it."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row

from serving.store.screening.derived import Derived, newest_derived
from serving.store.sealing import Keyring

WORD_BOXES: Final = "word_boxes"
_MARGIN: Final = 0.006


class Box(NamedTuple):
    """A word: [start, end) of the text in code points; its edges as shares of the upright image's size.

    `page` counts from 1; an image that is no PDF is one.
    """

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float
    page: int = 1


class Place(NamedTuple):
    """Where something stands in an image, with a margin: its page, and its edges as those of a `Box`."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def derived_boxes(boxes: Sequence[Sequence[float]], tool: str) -> tuple[Derived, ...]:
    """Return what is stored of the places of words: one item, or none if nobody knows them."""
    content = json.dumps(boxes).encode()
    return (Derived(WORD_BOXES, "application/json", "utf-8", content, tool),) if boxes else ()


def read_boxes(connection: Connection, keyring: Keyring, report: Row[Any]) -> list[Box]:
    """Return the places of the words last read in the image of a report; none of a text, or after a purge."""
    found = newest_derived(connection, keyring, report.serial, report.public_id, WORD_BOXES)
    return [Box(*one) for one in json.loads(found[0].content)] if found and found[0].content else []


def place_of(boxes: Sequence[Box], start: int, end: int) -> Place | None:
    """Return where that stands which the text has at [start, end), or None; of two pages, on the first."""
    found = [one for one in boxes if one.start < end and start < one.end]
    if not found:
        return None
    page = found[0].page
    here = [one for one in found if one.page == page]
    return Place(
        page,
        round(max(0.0, min(one.left for one in here) - _MARGIN), 4),
        round(max(0.0, min(one.top for one in here) - _MARGIN), 4),
        round(min(1.0, max(one.right for one in here) + _MARGIN), 4),
        round(min(1.0, max(one.bottom for one in here) + _MARGIN), 4),
    )
