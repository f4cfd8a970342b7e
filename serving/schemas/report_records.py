"""The JSON of what is told of stored reports."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from models.screening import Priority
from serving.schemas.bodies import Told
from serving.schemas.fields import Label, Offset, enum
from serving.schemas.records import ErrorRecord, ScreeningRecord
from serving.store.casework.states import STATES
from serving.store.report_codes import SafeToContact, Work

StateCode = Annotated[str, enum(STATES)]


class AcceptedReport(Told):
    """A report that is stored: it will be screened, whatever happens to this service."""

    id: str
    case_ref: str = Field(description="PREFIX-YEAR-serial, to say on the telephone")


class AcceptedReports(Told):
    """The reports of a request, in order."""

    reports: list[AcceptedReport]


class LabelSpan(Told):
    """Where a text shows what a code says."""

    code: str = Field(description="of a label, an indicator or an entity type")
    start: Offset
    end: Offset


class LabellingRecord(Told):
    """What a person says that a text shows; no finding about anybody."""

    labels: list[Label]
    context_labels: list[Label] = Field(
        description="offences that the text shows while somebody in it may be at risk: not held against them"
    )
    spans: list[LabelSpan] | None = Field(description="null: nothing was said of them")
    by: str
    at: str


class OcrRecord(Told):
    """What was read in an image; digits may be misread."""

    sha256: str = Field(description="of the text in UTF-8; derived from the bytes as received")
    tool: str
    text: str | None = Field(description="null after a purge or without the scope pii")


class ReportRecord(Told):
    """A stored report."""

    id: str
    case_ref: str
    version: int = Field(description="what the ETag is, and a change names in If-Match")
    status: StateCode
    assignee: str | None = Field(description="name of who works on it")
    work: Work
    priority: Priority | None = Field(description="null until it is screened")
    stored_at: str
    received_at: str
    purged_at: str | None = Field(description="when its text and details were removed; null: they are there")
    withheld_at: str | None = Field(
        description="since when nobody is shown its text or image, suspected of showing the abuse of a child"
    )
    acknowledged_at: str | None = Field(description="null while nobody has looked at it")
    escalated_at: str | None = Field(description="when it was urgent, and nobody had for too long")
    channel: str
    platform: str
    safe_to_contact: SafeToContact
    in_danger: bool
    media_type: str
    sha256: str = Field(description="of the bytes as received")
    bytes: int
    text: str | None = Field(description="null for an image, after a purge, or without the scope pii")
    ocr: OcrRecord | None = Field(description="null of a text, and of an image in which none was read")
    details: Mapping[str, Any] | None = Field(description="null after a purge or without the scope pii")
    screening: ScreeningRecord | ErrorRecord | None = Field(
        description="the newest record; without the scope pii its texts and values are empty"
    )
    labelling: LabellingRecord | None = Field(description="what a person says that the text shows")
