"""The JSON of reports to store."""

import base64
from contextlib import suppress
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    StrictBool,
    WithJsonSchema,
    model_validator,
)
from pydantic.config import JsonDict

from models.language_tag import TAG_PATTERN, primary_tag
from serving.schemas.bodies import Sent
from serving.schemas.documents import MAX_DOCUMENTS
from serving.schemas.expected import ExpectedError
from serving.schemas.fields import Answer, Moment, Short, Words
from serving.schemas.origins import CHANNELS, PLATFORMS, code_of, words_beside
from serving.store.intake import Incoming
from serving.store.received import bytes_of, known_encoding, text_of
from serving.store.report_codes import IMAGE_LANES, TEXT_LANES, SafeToContact

MAX_REPORT_CHARS: Final = 1_000_000
MAX_IMAGE_BYTES: Final = 10_000_000
MAX_REFERENCES: Final = 20
IMAGE_TYPES: Final = ("image/png", "image/jpeg", "image/webp", "application/pdf")
TEXT: Final = "text/plain"


def _decoded(value: object) -> bytes:
    """Return the bytes of base64; nothing in it is passed over, for they are kept as received.

    Raises:
        ExpectedError: it is none.
    """
    if isinstance(value, str):
        with suppress(ValueError):
            return base64.b64decode(value, validate=True)
    raise ExpectedError("base64 alone, without line breaks or a prefix")


def _known_encoding(name: str) -> str:
    """Return Python's name of an encoding.

    Raises:
        ExpectedError: it is none.
    """
    if known := known_encoding(name):
        return known
    raise ExpectedError("the name of an encoding of texts, as cp874")


AnyText = Annotated[InstanceOf[str], WithJsonSchema({"type": "string", "maxLength": MAX_REPORT_CHARS})]
"""Pydantic refuses half a surrogate pair; a report with one is stored all the same."""
Base64 = Annotated[
    bytes,
    BeforeValidator(_decoded),
    Field(max_length=MAX_IMAGE_BYTES),
    WithJsonSchema(
        {
            "type": "string",
            "contentEncoding": "base64",
            "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        }
    ),
]


class Consent(Sent):
    """What the person a report is of or from agrees to, who asked, and when."""

    refer: Answer = "not_asked"
    police: Answer = "not_asked"
    contact: Answer = "not_asked"
    research: Answer = "not_asked"
    by: Short | None = None
    at: Moment | None = None


class ExternalReference(Sent):
    """The number under which another agency knows a report."""

    agency: Short
    number: Short


def _only(name: str) -> JsonDict:
    """Return what says in the contract that of a text and its bytes one is sent, and the other not."""
    [other] = {"text", "content"} - {name}
    return {
        "required": [name],
        "properties": {name: {"type": "string"}, other: {"type": "null"}},
    }


class ReportIn(Sent):
    """A report to store: a text, the bytes of one, an image or a PDF, and what is told of it."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_only("text"), _only("content")]})

    text: AnyText | None = Field(None, description="as received; nothing in it makes a report be refused")
    content: Base64 | None = Field(
        None, description="in place of text: bytes of a text, an image or a PDF, base64"
    )
    media_type: Literal["text/plain", "image/png", "image/jpeg", "image/webp", "application/pdf"] = Field(
        "text/plain", description="of a PDF the first 20 pages are read, as images"
    )
    encoding: Annotated[Short, AfterValidator(_known_encoding)] = Field(
        "utf-8", description="of a text sent as content: a name that Python knows, such as cp874"
    )
    language: str | None = Field(None, pattern=f"^{TAG_PATTERN}$", description="language tag, if known")
    received_at: Moment | None = Field(None, description="ISO 8601 with offset; default: now")
    channel: Short = Field(
        "",
        description=f"how it reached you: {', '.join(CHANNELS)}; all else is kept with the details",
    )
    platform: Short = Field(
        "",
        description=f"where its author posted or sent it: {', '.join(PLATFORMS)}; all else as of the channel",
    )
    source_url: Words | None = None
    captured_at: Moment | None = None
    captured_by: Short | None = None
    reporter_relation: Literal["self", "family", "friend", "third_party", "officer"] | None = None
    external_refs: list[ExternalReference] = Field([], max_length=MAX_REFERENCES)
    safe_to_contact: SafeToContact = Field("unknown", description="unknown means no")
    safe_channel: Words | None = None
    safe_time: Words | None = None
    code_word: Words | None = None
    consent: Consent = Consent()
    in_danger: StrictBool = Field(
        False,
        description="its sender believes that somebody may be in danger: it is urgent, whatever is found",
    )

    @model_validator(mode="after")
    def _has_one_content(self) -> Self:
        if (self.text is None) == (self.content is None):
            raise ExpectedError("either text, or content: one of the two")
        if self.text is not None and self.media_type != TEXT:
            raise ExpectedError("an image as content, in base64, and no text with it")
        if len(self.words()) > MAX_REPORT_CHARS:
            raise ExpectedError(
                f"a text of at most {MAX_REPORT_CHARS:,} characters: send it in several reports"
            )
        return self

    def words(self) -> str:
        """Return its text; "" of an image, which is not read yet."""
        if self.text is not None:
            return self.text
        return text_of(self.content or b"", self.encoding) if self.media_type == TEXT else ""

    def incoming(self, *, seems_urgent: bool) -> Incoming:
        """Return the report as the store takes it."""
        content, encoding = self._content()
        first, second = TEXT_LANES if self.media_type == TEXT else IMAGE_LANES
        details = self.model_dump(
            mode="json",
            include={
                "source_url",
                "captured_at",
                "captured_by",
                "reporter_relation",
                "external_refs",
                "safe_channel",
                "safe_time",
                "code_word",
                "consent",
            },
        )
        channel, platform = code_of(self.channel, CHANNELS), code_of(self.platform, PLATFORMS)
        others = {
            "channel": words_beside(self.channel, channel),
            "platform": words_beside(self.platform, platform),
        }
        return Incoming(
            content=content,
            media_type=self.media_type,
            encoding=encoding,
            received_ms=None if self.received_at is None else int(self.received_at.timestamp() * 1000),
            language=primary_tag(self.language) if self.language else "",
            lane=first if self.in_danger or seems_urgent else second,
            channel=channel,
            platform=platform,
            safe_to_contact=self.safe_to_contact,
            in_danger=self.in_danger,
            details={**details, **{name: words for name, words in others.items() if words}},
        )

    def _content(self) -> tuple[bytes, str]:
        if self.text is not None:
            return bytes_of(self.text)
        return self.content or b"", self.encoding if self.media_type == TEXT else ""


class ReportsRequest(Sent):
    """Reports to store, all or none."""

    reports: list[ReportIn] = Field(min_length=1, max_length=MAX_DOCUMENTS)
