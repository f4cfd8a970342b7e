"""A record and its text -> what a page shows of them, ready for its template."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from models.calibration import AT_RISK
from models.screening import Entity, Screening
from models.taxonomy import LABELS
from serving.console.languages import Language
from serving.files.view import shown_text, stretches

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
class Piece:
    """A stretch of the text, and how it is marked."""

    start: int
    words: str = field(repr=False)
    classes: str
    title: str


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    """A sign in the words."""

    code: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShownEntity:
    """Something that is named."""

    type: str
    words: str = field(repr=False)
    value: str = field(repr=False)
    more: str
    reason: str
    is_contact: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of a text that was screened, or of one that could not be (`error`)."""

    priority: str
    language: str = ""
    role: str = ""
    error: str = ""
    signs: tuple[Sign, ...] = ()
    pieces: tuple[Piece, ...] = field(default=(), repr=False)
    indicators: tuple[ShownIndicator, ...] = field(default=(), repr=False)
    entities: tuple[ShownEntity, ...] = field(default=(), repr=False)
    guided: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def shown(record: Screening, text: str, language: Language) -> Shown:
    """Return what is shown of a record; numbers of identity papers are masked.

    Args:
        record: of the text.
        text: as it was screened.
        language: of who reads the page.
    """
    words = shown_text(text, record)
    signs = tuple(_signs(record))
    said = {sign.code for sign in signs}
    return Shown(
        priority=record.priority,
        language=record.language,
        role=record.role,
        signs=signs,
        pieces=tuple(_pieces(record, words, language)),
        indicators=tuple(ShownIndicator(one.code, words[one.start : one.end]) for one in record.indicators),
        entities=tuple(_entity(one, words) for one in record.entities),
        guided=tuple(code for code in GUIDED if code in said),
        warnings=record.warnings,
    )


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


def _pieces(record: Screening, words: str, language: Language) -> Iterator[Piece]:
    for one in stretches(words, record):
        codes = [code for code in (one.entity, *one.indicators, *one.flags) if code]
        classes = [
            *(["entity"] if one.entity else []),
            *(["sign"] if one.indicators else []),
            *(["passage"] if one.flags else []),
        ]
        title = " · ".join(language.term(code) for code in codes)
        yield Piece(one.start, words[one.start : one.end], " ".join(classes), title)


def _entity(one: Entity, words: str) -> ShownEntity:
    value = one.value if one.value and one.type != _PAPER else ""
    return ShownEntity(
        type=one.type,
        words=words[one.start : one.end],
        value=value,
        more=_more(one.attributes),
        reason=one.reason,
        is_contact=one.party == "contact_in_flagged_text",
    )


def _more(attributes: Mapping[str, Any]) -> str:
    """Return what else is known of an entity: its bank, platform, country, chain or domain."""
    told = (attributes.get(name) for name in ("bank", "scheme", "platform", "country", "chain", "period"))
    return ", ".join(str(one) for one in told if one)
