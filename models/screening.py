"""The record everything speaks: one `Screening` for one `Document`, or one `ScreeningError`.

Spans are `[start, end)` in Unicode code points of the text as received.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

SCHEMA = 1

DISCLAIMER_EN = (
    "Computer screening only. Not a finding of fact, not identification of a victim or an offender. "
    "A trained officer must check the original."
)
DISCLAIMER_TH = (
    "ผลคัดกรองเบื้องต้นโดยคอมพิวเตอร์ ไม่ใช่การวินิจฉัยข้อเท็จจริง "
    "ไม่ใช่การระบุว่าผู้ใดเป็นผู้เสียหายหรือผู้กระทำผิด เจ้าหน้าที่ต้องตรวจสอบจากต้นฉบับ"
)

OperatingPoint = Literal["screening", "balanced", "strict"]
OPERATING_POINTS: tuple[OperatingPoint, ...] = ("screening", "balanced", "strict")
Priority = Literal["urgent", "high", "review", "low"]
PRIORITIES: tuple[Priority, ...] = ("urgent", "high", "review", "low")
Stage = Literal["model", "cascade", "cache"]


@dataclass(frozen=True, slots=True)
class Document:
    """A text to screen.

    Attributes:
        id: the caller's name for it; comes back in the record.
        text: as received.
        language: BCP-47 primary tag if the caller knows it, else None (it is then detected).
        received_at: when the text was received, with an offset; relative dates resolve from it.
        owner: whose it is: no answer tells that somebody else had the same text screened before.
    """

    id: str
    text: str
    language: str | None = None
    received_at: datetime | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A sign of forced labour or of a scam, and the words that show it."""

    code: str
    start: int
    end: int
    text: str
    proba: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a flag was raised: the words of an indicator, an entity, or the most influential passage."""

    flag: str
    start: int
    end: int
    kind: Literal["indicator", "entity", "influence"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, number, account, place ... named in the text.

    Attributes:
        value: normal form (E.164, ISO 4217 amount, ISO 8601 date ...), or None where there is none.
        party: `contact_in_flagged_text` or `unknown`; only a human sets more.
        reason: why the recogniser believes it: pattern, checksum, context word, model.
    """

    type: str
    start: int
    end: int
    text: str
    value: str | None
    attributes: Mapping[str, Any]
    party: Literal["contact_in_flagged_text", "unknown"]
    proba: float
    source: Literal["rule", "model", "gazetteer"]
    reason: str


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model made a record."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Screening:
    """What one text shows signs of, how sure the model is, and which words show it.

    Attributes:
        labels: all labels in taxonomy order -> calibrated probability.
        flags: labels over their threshold, in taxonomy order.
        context_labels: offence labels of a text that speaks for a person at risk; never in `flags`
            (non-punishment principle). Scores count a label found in either list.
        uncertified: codes of both lists that have no certificate for this language.
        thresholds: threshold of every code in the three lists above.
    """

    id: str
    language: str
    language_proba: float
    operating_point: OperatingPoint
    role: str
    role_proba: Mapping[str, float]
    labels: Mapping[str, float]
    flags: tuple[str, ...]
    context_labels: tuple[str, ...]
    uncertified: tuple[str, ...]
    thresholds: Mapping[str, float]
    priority: Priority
    priority_reason: str
    model: ModelInfo
    indicators: tuple[Indicator, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    entities: tuple[Entity, ...] = ()
    warnings: tuple[str, ...] = ()
    stage: Stage = "model"
    schema: int = field(default=SCHEMA)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as the JSON object of schema 1; probabilities have 4 decimals."""
        return {
            "schema": self.schema,
            "id": self.id,
            "language": self.language,
            "language_proba": round(self.language_proba, 4),
            "operating_point": self.operating_point,
            "role": self.role,
            "role_proba": {code: round(proba, 4) for code, proba in self.role_proba.items()},
            "labels": {code: round(proba, 4) for code, proba in self.labels.items()},
            "flags": list(self.flags),
            "context_labels": list(self.context_labels),
            "uncertified": list(self.uncertified),
            "thresholds": dict(self.thresholds),
            "priority": self.priority,
            "priority_reason": self.priority_reason,
            "indicators": [
                {"code": i.code, "start": i.start, "end": i.end, "text": i.text, "proba": round(i.proba, 4)}
                for i in self.indicators
            ],
            "evidence": [
                {"flag": e.flag, "start": e.start, "end": e.end, "kind": e.kind} for e in self.evidence
            ],
            "entities": [
                {
                    "type": e.type,
                    "start": e.start,
                    "end": e.end,
                    "text": e.text,
                    "value": e.value,
                    "attributes": dict(e.attributes),
                    "party": e.party,
                    "proba": round(e.proba, 4),
                    "source": e.source,
                    "reason": e.reason,
                }
                for e in self.entities
            ],
            "warnings": list(self.warnings),
            "stage": self.stage,
            "model": {"name": self.model.name, "version": self.model.version, "sha256": self.model.sha256},
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> "Screening":
        """Return what `to_dict` made a record of; of another schema's fields those that there are here."""
        plain = {one.name: record[one.name] for one in fields(cls) if one.name in record}
        lists = ("flags", "context_labels", "uncertified", "warnings")
        return cls(
            **{
                **plain,
                **{name: tuple(record[name]) for name in lists},
                "indicators": tuple(Indicator(**one) for one in record["indicators"]),
                "evidence": tuple(Evidence(**one) for one in record["evidence"]),
                "entities": tuple(Entity(**one) for one in record["entities"]),
                "model": ModelInfo(**record["model"]),
            }
        )


@dataclass(frozen=True, slots=True)
class ScreeningError:
    """What stands in the place of a `Screening` when a document cannot be screened.

    Attributes:
        code: `empty_text`, `text_too_long`, `invalid_text`, `invalid_document` or `unreadable_row`.
        message: what was expected and found; repeats no text.
    """

    id: str
    code: str
    message: str
    schema: int = field(default=SCHEMA)

    @property
    def priority(self) -> Priority:
        """An error is always looked at by a person."""
        return "review"

    def to_dict(self) -> dict[str, Any]:
        """Return the error as the JSON object of schema 1."""
        return {"schema": self.schema, "id": self.id, "error": {"code": self.code, "message": self.message}}
