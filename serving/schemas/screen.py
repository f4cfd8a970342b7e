"""The JSON of the API: what a request may hold, and the record it gets back (schema 1)."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    JsonValue,
    PrivateAttr,
    ValidationError,
    WithJsonSchema,
    field_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import to_json

from models.errors import DocumentError
from models.language import TAG_PATTERN, primary_tag
from models.redaction import DEFAULT_TYPES, Redacted, RedactionStyle
from models.screening import Document, OperatingPoint, Priority, Screening, ScreeningError, Stage
from models.taxonomy import ENTITY_TYPES, INDICATORS, LABELS, ROLES
from models.validation import MAX_TEXT_CHARS, validate_text
from serving.schemas.expected import ExpectedError

MAX_DOCUMENTS = 256
MAX_ID_CHARS = 200
_LANGUAGE_TAG = f"^{TAG_PATTERN}$"
_A_TIME = "a time with its offset, as 2026-11-23T09:30:00+07:00"
TIME_EXPECTED = f"expected {_A_TIME}"


def enum(codes: Iterable[str]) -> WithJsonSchema:
    """Return what tells readers of the contract that a string is one of some codes."""
    return WithJsonSchema({"type": "string", "enum": list(codes)})


def among(codes: Collection[str]) -> AfterValidator:
    """Return what refuses a string that is none of some codes."""

    def known(code: str) -> str:
        if code not in codes:
            raise ExpectedError("one of the codes in /openapi.json")
        return code

    return AfterValidator(known)


Label = Annotated[str, enum(LABELS)]
Role = Annotated[str, enum(ROLES)]
IndicatorCode = Annotated[str, enum(INDICATORS)]
EntityType = Annotated[str, enum(ENTITY_TYPES)]
# Bounds are described, not enforced: a rounding error must not cost an answer.
Proba = Annotated[float, WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})]
Offset = Annotated[int, Field(description="Unicode code points of the text as received")]


def iso_8601(value: object) -> datetime:
    """Return the time a string says, where pydantic would take numbers too.

    Raises:
        ExpectedError: it says none, or one of a year that may be none in another zone.
    """
    try:
        said = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:  # whose message quotes it
        said = None
    if said is None or not MINYEAR < said.year < MAXYEAR:
        raise ExpectedError(_A_TIME)
    return said


def _name(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class DocumentIn(BaseModel):
    """A text to screen."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    text: Annotated[str, BeforeValidator(validate_text)] = Field(min_length=1, max_length=MAX_TEXT_CHARS)
    id: Annotated[
        str | None, BeforeValidator(_name), WithJsonSchema({"type": ["string", "integer", "null"]})
    ] = Field(
        None, max_length=MAX_ID_CHARS, description="comes back in the record, as a string; default: its index"
    )
    language: str | None = Field(
        None,
        pattern=_LANGUAGE_TAG,
        description="language tag, if known: th, zh-Hant; any other is left out (warning: ignored_language)",
    )
    received_at: Annotated[AwareDatetime, BeforeValidator(iso_8601)] | None = Field(
        None,
        description="ISO 8601 with offset; relative dates in the text resolve from it; "
        "any other is left out (warning: ignored_received_at)",
    )
    _ignored: tuple[str, ...] = PrivateAttr(())


@dataclass(frozen=True, slots=True)
class RefusedDocument:
    """A document that cannot be read; the rest of its request can.

    Attributes:
        id: as sent; None if none was sent.
        has_unusable_id: one was sent that cannot be sent back.
    """

    id: str | None
    code: str
    message: str
    has_unusable_id: bool = False


_DISPENSABLE = ("language", "received_at")
_EXPECTED = {
    "id": f"id: expected a string of at most {MAX_ID_CHARS} characters or a whole number",
    "text": "expected a text field, found none",
}


def _read_document(value: object) -> DocumentIn | RefusedDocument:
    """Return the document, or why it cannot be read; the reason repeats nothing of it."""
    if isinstance(value, DocumentIn | RefusedDocument):  # BentoML applies the annotations of list items twice
        return value
    try:
        return DocumentIn.model_validate(value)
    except DocumentError as error:
        return _refused(value, error.code, str(error))
    except ValidationError as error:
        errors = error.errors(include_input=False, include_context=False)
    fields = [next(iter(one["loc"]), None) for one in errors]
    if isinstance(value, dict) and set(fields) <= set(_DISPENSABLE):
        document = DocumentIn.model_validate({name: value[name] for name in value if name not in fields})
        document._ignored = tuple(f"ignored_{name}" for name in _DISPENSABLE if name in fields)
        return document
    field = next(field for field in fields if field not in _DISPENSABLE)
    if field is None:
        message = f"expected an object with a text field, found {type(value).__name__}"
    else:
        message = _EXPECTED.get(
            str(field), f"unknown field: a document has {', '.join(DocumentIn.model_fields)}"
        )
    return _refused(value, "invalid_document", message)


def _refused(value: object, code: str, message: str) -> RefusedDocument:
    """Return the refusal of a document under its id, where it has one that can be sent back."""
    sent = value.get("id") if isinstance(value, dict) else None
    if sent is None:
        return RefusedDocument(None, code, message)
    try:
        name = DocumentIn.model_validate({"text": "-", "id": sent}).id
    except ValidationError:
        return RefusedDocument(None, code, message, has_unusable_id=True)
    return RefusedDocument(name, code, message)


class _Documents(BaseModel):
    """Documents to read; each gets an answer in its place."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    documents: list[
        Annotated[DocumentIn | SkipJsonSchema[InstanceOf[RefusedDocument]], BeforeValidator(_read_document)]
    ] = Field(min_length=1, max_length=MAX_DOCUMENTS)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:  # noqa: ANN401
        """Return the request in a body.

        Python's parser, because pydantic's refuses the whole body for half a surrogate pair in one text.
        What Python cannot read goes to pydantic's parser, which says so in its own way.
        """
        try:
            content = json.loads(json_data)
        except (ValueError, RecursionError):
            return super().model_validate_json(json_data, **options)
        return cls.model_validate(content, **options)

    def in_order(self) -> list[Document | ScreeningError]:
        """Return what was sent, each a document or the reason why it is none; ids default to the index."""
        taken = {document.id for document in self.documents if document.id is not None}
        return [_numbered(index, document, taken) for index, document in enumerate(self.documents)]

    def with_warnings(
        self, records: Sequence[Screening | ScreeningError]
    ) -> list[Screening | ScreeningError]:
        """Return the records, one per document in order, with a warning of what was left out of it."""
        return [
            replace(record, warnings=(*record.warnings, *document._ignored))
            if isinstance(record, Screening) and isinstance(document, DocumentIn) and document._ignored
            else record
            for record, document in zip(records, self.documents, strict=True)
        ]


class ScreenRequest(_Documents):
    """Documents to screen; each gets a record in its place."""

    operating_point: OperatingPoint = "balanced"


class RedactRequest(_Documents):
    """Documents to take out of what identifies people; each gets its redacted text in its place."""

    types: list[EntityType] = Field(
        list(DEFAULT_TYPES), min_length=1, max_length=len(ENTITY_TYPES), description="what to take out"
    )
    style: RedactionStyle = Field(
        "placeholder",
        description="[PHONE_1], the same number for the same value in a text; mask: ••••; token: "
        "[PHONE:9f86d081884c7d65], the same in every text (needs a key on the service)",
    )

    @field_validator("types")
    @classmethod
    def _are_known(cls, types: list[str]) -> list[str]:
        if not set(types) <= set(ENTITY_TYPES):
            raise ValueError("an unknown entity type")
        return types


def _numbered(
    index: int, document: DocumentIn | RefusedDocument, taken: Collection[str]
) -> Document | ScreeningError:
    name = document.id
    if name is None:
        name = _free_id(index, document, taken)
    if isinstance(document, RefusedDocument):
        return ScreeningError(id=name, code=document.code, message=document.message)
    language = primary_tag(document.language) if document.language else None
    return Document(id=name, text=document.text, language=language, received_at=document.received_at)


def _free_id(index: int, document: DocumentIn | RefusedDocument, taken: Collection[str]) -> str:
    """Return the index as an id that no other document has; `#` marks one that replaces what was sent."""
    replaces = isinstance(document, RefusedDocument) and document.has_unusable_id
    name = f"#{index}" if replaces else str(index)
    while name in taken:
        name = f"#{name}"
    return name


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


class Problem(BaseModel):
    """What is wrong with a request (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
