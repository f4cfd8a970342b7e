"""A record and its text -> what a page shows of them, ready for its template."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from models.calibration import AT_RISK
from models.screening import Entity, Screening
from models.taxonomy import LABELS
from serving.console.languages import Language
from serving.console.passages import HARD, Mark, Passage, found_marks, passages, weighty_marks
from serving.files.view import masked, shown_text
from serving.store.screening.word_boxes import Place

GUIDED: Final = (AT_RISK, "loss_report")
"""Labels for which a person needs to know what to do next."""
_LEAST_POSSIBLE: Final = 0.2
_PAPER: Final = "ID_DOCUMENT"


@dataclass(frozen=True, slots=True)
class Sign:
    """A label, and how sure the model is.

    Attributes:
        threshold: where the model speaks up; None where it did not.
    """

    code: str
    proba: float
    threshold: float | None
    kind: Literal["flag", "context", "possible"]
    is_uncertified: bool


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    """A sign in the words; `is_hard` to read: folded."""

    code: str
    words: str = field(repr=False)
    is_hard: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What else is known of an entity of a stored report.

    Attributes:
        elsewhere: in how many other flagged texts it stands, as a number or "1,000+"; "" of none.
        sought: what these are found by.
        must_be_checked: it was read in an image, and holds digits.
        checked_by: name of who compared it with the image; "" if nobody did.
        place: of its words in the image; None where nobody knows.
    """

    elsewhere: str = ""
    sought: str = field(default="", repr=False)
    must_be_checked: bool = False
    checked_by: str = ""
    place: Place | None = None


_NOTHING: Final = Known()


@dataclass(frozen=True, slots=True)
class ShownEntity:
    """Something that is named."""

    type: str
    start: int
    end: int
    words: str = field(repr=False)
    value: str = field(repr=False)
    more: str
    reason: str
    is_contact: bool
    known: Known


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of a text that was screened, or of one that could not be (`error`).

    Attributes:
        marks: entities and signs, a person's or else the model's; their words are in `passages`.
        weighty: what weighed most with the model.
    """

    priority: str
    language: str = ""
    role: str = ""
    error: str = ""
    signs: tuple[Sign, ...] = ()
    passages: tuple[Passage, ...] = field(default=(), repr=False)
    marks: tuple[Mark, ...] = ()
    weighty: tuple[Mark, ...] = ()
    indicators: tuple[ShownIndicator, ...] = field(default=(), repr=False)
    entities: tuple[ShownEntity, ...] = field(default=(), repr=False)
    guided: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def marks_json(self) -> str:
        """The marks and what weighed most, as [code, start, end], for the script that corrects them."""
        lists = {"marks": self.marks, "weighty": self.weighty}
        return json.dumps(
            {name: [[one.code, one.start, one.end] for one in marks] for name, marks in lists.items()}
        )


def shown(
    record: Screening,
    text: str,
    language: Language,
    *,
    said: Sequence[Mark] | None = None,
    known: Sequence[Known] = (),
) -> Shown:
    """Return what is shown of a record; numbers of identity papers are masked.

    Args:
        record: of the text.
        text: as it was screened.
        language: of who reads the page.
        said: what a person marked; None: nobody did, and what was found is shown.
        known: what else is known of each entity, in order; none is.
    """
    words = _masked(shown_text(text, record), said or ())
    signs = tuple(_signs(record))
    told = {sign.code for sign in signs}
    marks = found_marks(record) if said is None else tuple(said)
    weighty = weighty_marks(record)
    return Shown(
        priority=record.priority,
        language=record.language,
        role=record.role,
        signs=signs,
        passages=passages(words, (*marks, *weighty), language),
        marks=marks,
        weighty=weighty,
        indicators=tuple(
            ShownIndicator(one.code, words[one.start : one.end], one.code in HARD)
            for one in record.indicators
        ),
        entities=tuple(
            _entity(one, words, known[place] if known else _NOTHING)
            for place, one in enumerate(record.entities)
        ),
        guided=tuple(code for code in GUIDED if code in told),
        warnings=record.warnings,
    )


def _masked(words: str, marks: Sequence[Mark]) -> str:
    """Return words, sign for sign, without the numbers of papers that a person marked."""
    for one in marks:
        if one.code == _PAPER:
            words = words[: one.start] + masked(words[one.start : one.end]) + words[one.end :]
    return words


def _signs(record: Screening) -> Iterator[Sign]:
    """Yield the flags, the context, and what is possible: that for which a person must look, or is likely."""
    kinds: tuple[tuple[Literal["flag", "context"], tuple[str, ...]], ...] = (
        ("flag", record.flags),
        ("context", record.context_labels),
    )
    for kind, codes in kinds:
        for code in sorted(codes, key=lambda one: -record.labels[one]):
            threshold = record.thresholds.get(code)
            yield Sign(code, record.labels[code], threshold, kind, code in record.uncertified)
    told = {*record.flags, *record.context_labels}
    for code in LABELS:
        is_why = code == record.priority_reason
        if code not in told and (is_why or record.labels[code] >= _LEAST_POSSIBLE):
            yield Sign(
                code, record.labels[code], record.thresholds.get(code), "possible", is_uncertified=False
            )


def _entity(one: Entity, words: str, known: Known) -> ShownEntity:
    value = one.value if one.value and one.type != _PAPER else ""
    return ShownEntity(
        type=one.type,
        start=one.start,
        end=one.end,
        words=words[one.start : one.end],
        value=value,
        more=_more(one.attributes),
        reason=one.reason,
        is_contact=one.party == "contact_in_flagged_text",
        known=known,
    )


def _more(attributes: Mapping[str, Any]) -> str:
    """Return what else is known of an entity: its bank, platform, country, chain or domain."""
    told = (attributes.get(name) for name in ("bank", "scheme", "platform", "country", "chain", "period"))
    return ", ".join(str(one) for one in told if one)
