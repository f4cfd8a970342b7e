"""The JSON of documents to screen or to redact: each gets its answer, whatever is wrong with it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    InstanceOf,
    PrivateAttr,
    ValidationError,
    WithJsonSchema,
    field_validator,
)
from pydantic.json_schema import SkipJsonSchema

from models.errors import DocumentError
from models.language_tag import TAG_PATTERN, primary_tag
from models.redaction import DEFAULT_TYPES, RedactionStyle
from models.screening import Document, OperatingPoint, Screening, ScreeningError
from models.taxonomy import ENTITY_TYPES
from models.validation import MAX_TEXT_CHARS, validate_text
from serving.schemas.fields import EntityType, Moment
from serving.schemas.known_fields import KnownFields

MAX_DOCUMENTS = 256
MAX_ID_CHARS = 200
_LANGUAGE_TAG = f"^{TAG_PATTERN}$"


def _name(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class DocumentIn(KnownFields):
    """A text to screen."""

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
    received_at: Moment | None = Field(
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
    if field is not None:
        message = _EXPECTED[str(field)]
    elif isinstance(value, dict):
        message = f"unknown field: a document has {', '.join(DocumentIn.model_fields)}"
    else:
        message = f"expected an object with a text field, found {type(value).__name__}"
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


class _Documents(KnownFields):
    """Documents to read; each gets an answer in its place."""

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
