"""A stored report, ready to be shown: its words and what they show, and what is known beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from models.calibration import AT_RISK
from models.long_text import readable
from models.screening import Entity, Screening
from serving.console.passages import Mark, said_marks
from serving.console.shown import Known, Shown, shown
from serving.console.visit import Visit
from serving.reports.ocr import pages_told
from serving.reports.pdf_pages import MOST_PAGES, PDF
from serving.reports.told import told
from serving.schemas.reports import IMAGE_TYPES
from serving.store.casework.number_checks import ReadNumber, checked_numbers
from serving.store.reading import StoredReport, read_report
from serving.store.screening.word_boxes import Box, place_of, read_boxes
from serving.store.sealing import Keyring
from serving.store.search.contacts import MOST_COUNTED, seen_elsewhere, sought_by
from serving.store.search.relations import Relations, relations_of

_MOST_CHIPS: Final = 9
_LEAST_CHIP: Final = 0.02
_URGENT: Final = 0


@dataclass(frozen=True, slots=True)
class Chip:
    """A label that a key takes away or adds.

    Attributes:
        proba: None if the model said nothing of it.
        is_on: it holds, as far as is known.
    """

    code: str
    proba: float | None
    is_on: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a report beside its words.

    Attributes:
        known: of each entity of its newest record, in order.
    """

    relations: Relations
    known: Sequence[Known]


@dataclass(frozen=True, slots=True)
class Item:
    """A report, ready to be shown.

    Attributes:
        told: what the service tells of it.
        shown: what its newest screening says; None if there is none, or its words may not be shown.
        record: the same, as it is; to redact by.
        text: in whole, without what no text may hold, or None.
        chips: the labels that are likely, those that hold first.
        beside: None if it was not asked for.
        is_ours: it belongs to the organisation of who looks.
    """

    told: dict[str, Any] = field(repr=False)
    shown: Shown | None = field(repr=False)
    record: Screening | None = field(repr=False)
    text: str | None = field(repr=False)
    chips: tuple[Chip, ...]
    beside: Beside | None
    is_ours: bool

    @property
    def is_image(self) -> bool:
        """Whether it was sent as an image."""
        return self.told["media_type"] in IMAGE_TYPES

    @property
    def pdf_pages(self) -> Sequence[int]:
        """The numbers of the pages that can be shown of a PDF, one of each other image.

        All that are ever drawn, where nobody knows how many there are.
        """
        if self.told["media_type"] != PDF:
            return (1,)
        known = pages_told(self.record.warnings) if self.record is not None else 0
        return range(1, min(known or MOST_PAGES, MOST_PAGES) + 1)

    @property
    def can_be_marked(self) -> bool:
        """Whether a person can say what its words show: spans are of the text as it was received."""
        return self.shown is not None and self.told["text"] is not None and self.is_ours


async def read_item(visit: Visit, report_id: str, *, with_beside: bool) -> Item:
    """Return a report as it is shown to who asks.

    Raises:
        NotFoundError: there is none, or they may not know of it.
        StoreUnavailableError: the database does not answer.
    """
    desk, caller = visit.desk, visit.caller
    stored, with_words = await desk.read_as(caller.actor, report_id, read_report, with_pii=caller.has_pii)
    about = told(stored, with_pii=with_words)
    record = _record(about)
    is_ours = stored.row.organisation_id == caller.actor.organisation_id
    beside = None
    if with_beside or stored.ocr:  # in which numbers are to be checked
        beside = await desk.read(partial(_beside, stored=stored, record=record, is_ours=is_ours))
    text = about["text"] if about["text"] is not None or not about["ocr"] else about["ocr"]["text"]
    text = None if text is None else readable(text)
    return Item(
        told=about,
        shown=_shown(visit, about, record, text, beside),
        record=record,
        text=text,
        chips=_chips(about),
        beside=beside,
        is_ours=is_ours,
    )


def _record(about: dict[str, Any]) -> Screening | None:
    record = about["screening"]
    return Screening.from_dict(record) if record is not None and "error" not in record else None


def _shown(
    visit: Visit, about: dict[str, Any], record: Screening | None, text: str | None, beside: Beside | None
) -> Shown | None:
    if record is None or text is None:
        return None
    return shown(
        record, text, visit.language, said=_said(about), known=beside.known if beside is not None else ()
    )


def _said(about: dict[str, Any]) -> tuple[Mark, ...] | None:
    """Return the marks that a person made; None if nobody did."""
    spans = about["labelling"] and about["labelling"]["spans"]
    return None if spans is None else said_marks((one["code"], one["start"], one["end"]) for one in spans)


def _beside(
    connection: Connection,
    keyring: Keyring,
    *,
    stored: StoredReport,
    record: Screening | None,
    is_ours: bool,
) -> Beside:
    report = stored.row
    known: list[Known] = []
    if record is not None:
        at_risk = report.in_danger or report.queue_rank == _URGENT
        if stored.labelling:
            at_risk |= AT_RISK in stored.labelling.labels
        counts = [0] * len(record.entities)
        if is_ours:
            counts = seen_elsewhere(connection, keyring, report, record, in_danger=at_risk)
        checked = checked_numbers(connection, report)
        boxes = read_boxes(connection, keyring, report)
        known = [
            _known(one, count, checked, boxes if stored.ocr else None)
            for one, count in zip(record.entities, counts, strict=True)
        ]
    return Beside(relations_of(connection, report), known)


def _known(one: Entity, elsewhere: int, checked: dict[ReadNumber, str], boxes: Sequence[Box] | None) -> Known:
    seen = f"{MOST_COUNTED:,}+" if elsewhere >= MOST_COUNTED else str(elsewhere or "")
    sought = sought_by(one) if seen else ""
    if boxes is None or not any(map(str.isdecimal, one.text)):
        return Known(seen, sought)
    by = checked.get(ReadNumber(one.type, one.start, one.end), "")
    place = place_of(boxes, one.start, one.end)
    return Known(seen, sought, must_be_checked=True, checked_by=by, place=place)


def _chips(about: dict[str, Any]) -> tuple[Chip, ...]:
    record = about["screening"] or {}
    probas: dict[str, float] = record.get("labels", {})
    known = about["labelling"] or record
    on = (
        [*known.get("labels", ()), *known.get("context_labels", ())]
        if about["labelling"]
        else [*record.get("flags", ()), *record.get("context_labels", ())]
    )
    likely = sorted(probas, key=lambda code: -probas[code])
    others = [code for code in likely if code not in on and probas[code] >= _LEAST_CHIP]
    codes = [*on, *others][: max(_MOST_CHIPS, len(on))]
    return tuple(Chip(code, probas.get(code), code in on) for code in codes)
