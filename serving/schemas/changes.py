"""The JSON of what people change of a report, and of what is told of its past."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, JsonValue, StrictBool, model_validator

from models.screening import PRIORITIES, Priority
from models.taxonomy import ENTITY_TYPES, INDICATORS, LABELS
from serving.moment import iso
from serving.schemas.bodies import Sent, Told
from serving.schemas.expected import ExpectedError
from serving.schemas.fields import WHOLE, Answer, Moment, Short, Words, among, enum, readable_up_to
from serving.schemas.records import ErrorRecord, ScreeningRecord
from serving.schemas.reports import MAX_REPORT_CHARS
from serving.store.casework.changes import CONSENT_TO, Change, Consent
from serving.store.casework.labellings import LabelSpan
from serving.store.casework.referrals import NewReferral, PartnerAnswer
from serving.store.report_codes import SafeToContact

MAX_NOTE_CHARS: Final = 20_000
MAX_SPANS: Final = 1_000
Note = Annotated[str, readable_up_to(MAX_NOTE_CHARS), Field(max_length=MAX_NOTE_CHARS)]
_SHOWN: Final = (*LABELS, *INDICATORS, *ENTITY_TYPES)
LabelCode = Annotated[str, among(LABELS), enum(LABELS)]
ShownCode = Annotated[str, among(_SHOWN), enum(_SHOWN)]
CodePoints = Annotated[int, Field(ge=0, le=MAX_REPORT_CHARS), WHOLE]


class SpanChange(Sent):
    """Where a text shows what a code says: [start, end) in Unicode code points of the text as received."""

    code: ShownCode
    start: CodePoints
    end: CodePoints


class ConsentChange(Sent):
    """What the person a report is of or from agrees to now; answers that are not given stay."""

    refer: Answer | None = None
    police: Answer | None = None
    contact: Answer | None = None
    research: Answer | None = None
    by: Short | None = Field(None, description="who asked")
    at: Moment | None = Field(None, description="when; default: now")

    def consent(self, now_ms: int) -> Consent:
        """Return it as the store takes it."""
        given = {name: getattr(self, name) for name in CONSENT_TO}
        return Consent(
            answers={name: answer for name, answer in given.items() if answer},
            by=self.by or "",
            at=self.at.isoformat() if self.at else iso(now_ms),
        )


class ReportChange(Sent):
    """What is to be changed of a report, all or nothing; what is null or absent stays as it is."""

    status: (
        Literal[
            "acknowledged", "in_review", "needs_information", "labels_agreed", "labels_rejected", "closed"
        ]
        | None
    ) = Field(None, description="a step of the work; none says that anybody is a victim or guilty")
    priority: Priority | None = Field(
        None, description="a screening may raise it afterwards, never lower it; only a person may lower it"
    )
    reason: Words | None = Field(
        None,
        description="why; needed to lower a priority that is urgent, and to decide that such a report shows "
        "nobody at risk",
    )
    labels: list[LabelCode] | None = Field(
        None, max_length=len(LABELS), description="all that the text shows; empty: nothing"
    )
    spans: list[SpanChange] | None = Field(None, max_length=MAX_SPANS, description="all of them")
    note: Note | None = Field(None, description="kept encrypted, in the history")
    assignee: Short | None = Field(None, description="name of a person of the organisation; empty: nobody")
    safe_to_contact: SafeToContact | None = None
    consent: ConsentChange | None = None

    def change(self, now_ms: int) -> Change:
        """Return it as the store takes it."""
        return Change(
            status=self.status,
            priority=None if self.priority is None else PRIORITIES.index(self.priority),
            reason=self.reason,
            labels=self.labels,
            spans=None
            if self.spans is None
            else tuple(LabelSpan(span.code, span.start, span.end) for span in self.spans),
            note=self.note,
            assignee=self.assignee,
            safe_to_contact=self.safe_to_contact,
            consent=None if self.consent is None else self.consent.consent(now_ms),
        )


class ReferralIn(Sent):
    """A report sent on to another agency; it is sent by you, and written down here."""

    to_agency: Short = Field(min_length=1)
    police: StrictBool = Field(description="whether the agency is police, to which a person agrees apart")
    redaction: Literal["original", "redacted", "codes"] = Field(description="what the agency is sent")
    without_consent: Literal["child", "imminent_danger"] | None = Field(
        None, description="why it is referred though the person has not agreed; nothing else allows it"
    )
    reason: Words | None = Field(None, description="in words; needed without consent")

    def referral(self) -> NewReferral:
        """Return it as the store takes it."""
        return NewReferral(
            to_agency=self.to_agency,
            is_police=self.police,
            redaction=self.redaction,
            without_consent=self.without_consent,
            reason=self.reason or "",
        )


class ReferralChange(Sent):
    """What the agency says; what is null or absent stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {
                    "required": ["returned"],
                    "properties": {"returned": {"const": True}, "acknowledged": {"type": "null"}},
                },
                {"properties": {"returned": {"type": "null"}, "reason": {"enum": [None, ""]}}},
            ]
        }
    )

    acknowledged: Literal[True] | None = Field(None, description="it will work on the report")
    returned: Literal[True] | None = Field(None, description="it will not, and the referral ends")
    reason: Words | None = Field(None, description="why it is returned")
    partner_ref: Short | None = Field(None, description="the agency's own number of the case")
    outcome: Words | None = None

    @model_validator(mode="after")
    def _is_one_answer(self) -> Self:
        if self.acknowledged and self.returned:
            raise ExpectedError("either acknowledged or returned")
        if self.reason and not self.returned:
            raise ExpectedError("a reason only with returned")
        return self

    def answer(self) -> PartnerAnswer:
        """Return it as the store takes it."""
        return PartnerAnswer(
            acknowledged=bool(self.acknowledged),
            returned=bool(self.returned),
            reason=self.reason,
            partner_ref=self.partner_ref,
            outcome=self.outcome,
        )


class DifferenceRecord(Told):
    """What a field was and what it became."""

    before: JsonValue
    after: JsonValue


class HistoryEntry(Told):
    """What somebody did to a report."""

    version: int | None = Field(description="of the report from then on")
    at: str
    by: str = Field(description="name of the person or program")
    by_kind: str
    action: str
    changes: Mapping[str, DifferenceRecord]
    words: Mapping[str, str] | None = Field(
        description="notes and reasons; empty without the scope pii, null if there are none any more"
    )


class HistoryRecord(Told):
    """All that was done to a report, oldest first."""

    entries: list[HistoryEntry]


class PastScreening(Told):
    """What a model said of a report, and when."""

    model_sha256: str
    screened_at: str
    priority: Priority
    record: ScreeningRecord | ErrorRecord | None = Field(
        description="null after a purge; without the scope pii its texts and values are empty"
    )


class ScreeningsRecord(Told):
    """All screenings of a report, oldest first; none is ever overwritten."""

    screenings: list[PastScreening]


class ReferralRecord(Told):
    """A referral; of what people wrote only the agency's name without the scope pii."""

    id: str
    to_agency: str | None = Field(description="null after a purge")
    police: bool
    redaction: Literal["original", "redacted", "codes"]
    basis: Literal["consent", "child", "imminent_danger"]
    by: str
    sent_at: str
    acknowledged_at: str | None
    returned_at: str | None
    reason: str | None
    returned_reason: str | None
    partner_ref: str | None
    outcome: str | None


class ReferralsRecord(Told):
    """The referrals of a report, oldest first."""

    referrals: list[ReferralRecord]


class ReferralAnswer(Told):
    """A referral, and the version of its report from then on."""

    version: int
    referral: ReferralRecord
