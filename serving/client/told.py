"""What the service tells, as JSON has it: the schemas of `/openapi.json`, which gain fields and lose none."""

from collections.abc import Mapping
from typing import Any, TypedDict

from serving.client.sent import Priority, SafeToContact, Work


class IndicatorRecord(TypedDict):
    """A sign of forced labour or of a scam, and the words that show it."""

    code: str
    start: int
    end: int
    text: str
    proba: float


class EvidenceRecord(TypedDict):
    """Why a flag was raised."""

    flag: str
    start: int
    end: int
    kind: str


class EntityRecord(TypedDict):
    """A person, number, account, place ... named in the text."""

    type: str
    start: int
    end: int
    text: str
    value: str | None
    attributes: Mapping[str, Any]
    party: str
    proba: float
    source: str
    reason: str


class ModelRecord(TypedDict):
    """Which model made the record."""

    name: str
    version: str
    sha256: str


class ScreeningRecord(TypedDict):
    """What one text shows signs of. A computer screening: a trained officer must check the original."""

    schema: int
    id: str
    language: str
    language_proba: float
    operating_point: str
    role: str
    role_proba: Mapping[str, float]
    labels: Mapping[str, float]
    flags: list[str]
    context_labels: list[str]
    uncertified: list[str]
    thresholds: Mapping[str, float]
    priority: Priority
    priority_reason: str
    indicators: list[IndicatorRecord]
    evidence: list[EvidenceRecord]
    entities: list[EntityRecord]
    warnings: list[str]
    stage: str
    model: ModelRecord


class ErrorDetail(TypedDict):
    """Why a document could not be screened."""

    code: str
    message: str


class ErrorRecord(TypedDict):
    """Stands in the place of a document that could not be screened: it has `error`, others have not."""

    schema: int
    id: str
    error: ErrorDetail


class RedactionRecord(TypedDict):
    """One thing taken out: where its replacement stands in the redacted text."""

    type: str
    start: int
    end: int
    replacement: str


class RedactedRecord(TypedDict):
    """A text without what was to be taken out of it. A machine misses some: read it before sending it on."""

    schema: int
    id: str
    text: str
    redactions: list[RedactionRecord]


class RedactResponse(TypedDict):
    """One redacted text per document, in order, and the types asked for that the model does not find."""

    results: list[RedactedRecord | ErrorRecord]
    unread_types: list[str]


class AcceptedReport(TypedDict):
    """A report that is stored: it will be screened, whatever happens to the service."""

    id: str
    case_ref: str


class LabelSpan(TypedDict):
    """Where a text shows what a code says."""

    code: str
    start: int
    end: int


class LabellingRecord(TypedDict):
    """What a person says that a text shows; no finding about anybody."""

    labels: list[str]
    context_labels: list[str]
    spans: list[LabelSpan] | None
    by: str
    at: str


class OcrRecord(TypedDict):
    """What was read in an image; digits may be misread."""

    sha256: str
    tool: str
    text: str | None


class ReportRecord(TypedDict):
    """A stored report; `version` is what a change names. Texts and details need a key with the scope pii."""

    id: str
    case_ref: str
    version: int
    status: str
    assignee: str | None
    work: Work
    priority: Priority | None
    stored_at: str
    received_at: str
    purged_at: str | None
    withheld_at: str | None
    acknowledged_at: str | None
    escalated_at: str | None
    channel: str
    platform: str
    safe_to_contact: SafeToContact
    in_danger: bool
    media_type: str
    sha256: str
    bytes: int
    text: str | None
    ocr: OcrRecord | None
    details: Mapping[str, Any] | None
    screening: ScreeningRecord | ErrorRecord | None
    labelling: LabellingRecord | None


class DifferenceRecord(TypedDict):
    """What a field was and what it became."""

    before: Any
    after: Any


class HistoryEntry(TypedDict):
    """What somebody did to a report."""

    version: int | None
    at: str
    by: str
    by_kind: str
    action: str
    changes: Mapping[str, DifferenceRecord]
    words: Mapping[str, str] | None


class ReportSummary(TypedDict):
    """What is told of a report in a list: no word of anybody."""

    id: str
    case_ref: str
    status: str
    work: Work
    priority: Priority | None
    stored_at: str
    received_at: str
    language: str | None
    role: str | None
    flags: list[str]
    channel: str
    platform: str
    safe_to_contact: SafeToContact
    in_danger: bool
    assignee: str | None
    campaign_id: str | None
    duplicate_of: str | None


class FoundReports(TypedDict):
    """A page of reports; `count` is of all pages: a number, or "10,000+"."""

    reports: list[ReportSummary]
    next: str | None
    count: str


class CampaignSummary(TypedDict):
    """One line for reports that belong together; an urgent report has a line of its own."""

    id: str
    reports: int
    first_seen_at: str
    last_seen_at: str
    priority: Priority | None


class FoundCampaigns(TypedDict):
    """A page of campaigns."""

    campaigns: list[CampaignSummary]
    next: str | None
