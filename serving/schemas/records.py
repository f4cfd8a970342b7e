"""The JSON of what was found in documents (schema 1), and of texts without what identifies people."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import to_json

from models.redaction import Redacted
from models.screening import OperatingPoint, Priority, Screening, ScreeningError, Stage
from serving.schemas.fields import EntityType, IndicatorCode, Label, Offset, Proba, Role


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", serialize_by_alias=True, hide_input_in_errors=True)


class _Numbered(_Record):
    schema_number: Literal[1] = Field(alias="schema")
    id: str


class IndicatorRecord(_Record):
    """A sign of forced labour or of a scam, and the words that show it."""

    code: IndicatorCode
    start: Offset
    end: Offset
    text: str
    proba: Proba


class EvidenceRecord(_Record):
    """Why a flag was raised."""

    flag: Label
    start: Offset
    end: Offset
    kind: Literal["indicator", "entity", "influence"]


class EntityRecord(_Record):
    """A person, number, account, place ... named in the text."""

    type: EntityType
    start: Offset
    end: Offset
    text: str
    value: str | None
    attributes: dict[str, JsonValue]
    party: Literal["contact_in_flagged_text", "unknown"]
    proba: Proba
    source: Literal["rule", "model", "gazetteer"]
    reason: str


class ModelRecord(_Record):
    """Which model made the record."""

    name: str
    version: str
    sha256: str


class ScreeningRecord(_Numbered):
    """What one text shows signs of. A computer screening: a trained officer must check the original."""

    language: str
    language_proba: Proba
    operating_point: OperatingPoint
    role: Role
    role_proba: dict[Role, Proba]
    labels: dict[Label, Proba]
    flags: list[Label]
    context_labels: list[Label]
    uncertified: list[Label]
    thresholds: dict[Label, float]
    priority: Priority
    priority_reason: str
    indicators: list[IndicatorRecord]
    evidence: list[EvidenceRecord]
    entities: list[EntityRecord]
    warnings: list[str]
    stage: Stage
    model: ModelRecord


class ErrorDetail(_Record):
    """Why a document could not be screened."""

    code: str
    message: str


class ErrorRecord(_Numbered):
    """Stands in the place of a document that could not be screened."""

    error: ErrorDetail


class ScreenResponse(_Record):
    """One record per document, in the order of the request."""

    results: list[ScreeningRecord | ErrorRecord]


def screen_json(records: Iterable[Screening | ScreeningError]) -> bytes:
    """Return the JSON of the `ScreenResponse` that carries these records, in UTF-8.

    Written from the records themselves: to build and validate the models first takes longer than to write.
    """
    return to_json({"results": [record.to_dict() for record in records]})


class RedactionRecord(_Record):
    """One thing taken out: where its replacement stands in the redacted text."""

    type: EntityType
    start: int
    end: int
    replacement: str


class RedactedRecord(_Numbered):
    """A text without what was to be taken out of it. A machine misses some: read it before sending it on."""

    text: str
    redactions: list[RedactionRecord]


class RedactResponse(_Record):
    """One redacted text per document, in the order of the request."""

    results: list[RedactedRecord | ErrorRecord]
    unread_types: list[EntityType] = Field(
        description="types asked for that the model does not find: they stay in the texts"
    )

    @classmethod
    def of(
        cls, redacted: Iterable[tuple[str, Redacted] | ScreeningError], unread_types: Iterable[str]
    ) -> Self:
        """Return the response that carries these texts, each with its id, or why there is none."""
        return cls(
            unread_types=sorted(unread_types),
            results=[
                ErrorRecord.model_validate(one.to_dict())
                if isinstance(one, ScreeningError)
                else RedactedRecord(
                    schema=1,
                    id=one[0],
                    text=one[1].text,
                    redactions=[RedactionRecord.model_validate(asdict(found)) for found in one[1].redactions],
                )
                for one in redacted
            ],
        )
