"""The JSON of searches: what may be asked, and what is told of each report without a word of it."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, StrictBool, StringConstraints

from models.screening import PRIORITIES, Priority
from models.taxonomy import ENTITY_TYPES, LABELS, ROLES
from serving.moment import iso
from serving.schemas.bodies import Sent, Told
from serving.schemas.fields import WHOLE, EntityType, Label, Moment, Role, Short, among
from serving.store.report_codes import SafeToContact, Work, priority_of
from serving.store.search.campaign_search import CampaignPage
from serving.store.search.report_search import Filters, Page
from serving.store.search.tokens import EntityQuery

MOST_ON_PAGE: Final = 200
_MOST_VALUES: Final = 40


Values = Annotated[list[Short], Field(max_length=_MOST_VALUES)]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]
UploadId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
ReportId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
Cursor = Annotated[str, StringConstraints(max_length=1_000)]
Limit = Annotated[int, Field(ge=1, le=MOST_ON_PAGE), WHOLE]


class EntityAsked(Sent):
    """An entity that a report is to name."""

    type: Annotated[EntityType, among(ENTITY_TYPES)]
    value: Annotated[Short, Field(min_length=1)] = Field(description="in any spelling: 081-555-0143")


class ReportSearch(Sent):
    """Which reports are looked for: of each list any value, and all that is given must hold."""

    status: Values = Field([])
    work: list[Work] = Field([], max_length=_MOST_VALUES)
    priority: list[Priority] = Field(
        [],
        max_length=_MOST_VALUES,
        description="of what is not screened yet: urgent if somebody may be in danger, else review",
    )
    flags: list[Annotated[Label, among(LABELS)]] = Field(
        [], max_length=_MOST_VALUES, description="labels that were flagged or stand in context_labels"
    )
    language: list[Language] = Field([], max_length=_MOST_VALUES)
    role: list[Annotated[Role, among(ROLES)]] = Field([], max_length=_MOST_VALUES)
    channel: Values = Field([])
    platform: Values = Field([])
    safe_to_contact: list[SafeToContact] = Field([], max_length=_MOST_VALUES)
    campaign_id: ReportId | None = Field(None, description="id of any report of the campaign")
    upload_id: UploadId | None = Field(None, description="id of the upload of the console that it came by")
    assignee: Short | None = Field(None, description="name of a person of the organisation")
    stored_from: Moment | None = Field(None, description="ISO 8601 with offset")
    stored_before: Moment | None = None
    received_from: Moment | None = None
    received_before: Moment | None = None
    in_danger: StrictBool | None = None
    duplicates: Literal["only", "without"] | None = Field(
        None, description="only copies of other reports, or without them; urgent copies are never left out"
    )
    words: Short = Field(
        "",
        description="all of them must stand in the text; of Thai, Lao, Khmer and Burmese parts of words too",
    )
    entities: list[EntityAsked] = Field([], max_length=10, description="all of them must be named")
    organisation: Short | None = Field(
        None, description="name of one that lets yours read its reports; null: your own"
    )
    sort: Literal["queue", "newest"] = Field("queue", description="queue: by priority, then the oldest first")
    limit: Limit = 50
    cursor: Cursor | None = Field(None, description="next of the page before, with the same search")

    def filters(self) -> Filters:
        """Return the search as the store takes it."""
        return Filters(
            status=self.status,
            work=self.work,
            priority=[PRIORITIES.index(one) for one in self.priority],
            flags=self.flags,
            language=self.language,
            role=self.role,
            channel=self.channel,
            platform=self.platform,
            safe_to_contact=self.safe_to_contact,
            campaign_id=self.campaign_id,
            upload_id=self.upload_id,
            assignee=self.assignee,
            stored_from=_ms(self.stored_from),
            stored_before=_ms(self.stored_before),
            received_from=_ms(self.received_from),
            received_before=_ms(self.received_before),
            in_danger=self.in_danger,
            duplicates=self.duplicates,
            words=self.words,
            entities=[EntityQuery(one.type, one.value) for one in self.entities],
        )


class CampaignSearch(Sent):
    """Which campaigns are looked for; the one last seen comes first."""

    least_reports: Annotated[int, Field(ge=1, lt=2**31), WHOLE] = 2
    limit: Limit = 50
    cursor: Cursor | None = None


class ReportSummary(Told):
    """What is told of a report in a list: no word of anybody."""

    id: str
    case_ref: str
    status: str
    work: Work
    priority: Priority | None = Field(description="null until it is screened")
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
    campaign_id: str | None = Field(description="id of the first report of its campaign; null until screened")
    duplicate_of: str | None = Field(description="id of the report that it is a copy of, or nearly")


class FoundReports(Told):
    """A page of reports."""

    reports: list[ReportSummary]
    next: str | None = Field(description="cursor of the page after it; null on the last")
    count: str = Field(description='of all pages: a number, or "10,000+"', examples=["123", "10,000+"])


class CampaignSummary(Told):
    """One line for reports that belong together; an urgent report has a line of its own."""

    id: str = Field(description="of its first report")
    reports: int
    first_seen_at: str
    last_seen_at: str
    priority: Priority | None = Field(description="the highest of its reports")


class FoundCampaigns(Told):
    """A page of campaigns."""

    campaigns: list[CampaignSummary]
    next: str | None = Field(description="cursor of the page after it; null on the last")


def reports_told(page: Page) -> FoundReports:
    """Return a page of reports as JSON."""
    return FoundReports(
        reports=[
            ReportSummary(
                id=row.public_id,
                case_ref=row.case_ref,
                status=row.status,
                work=row.work,
                priority=priority_of(row.priority),
                stored_at=iso(row.stored_ms),
                received_at=iso(row.received_ms),
                language=row.language,
                role=row.role,
                flags=row.flags.split(),
                channel=row.channel,
                platform=row.platform,
                safe_to_contact=row.safe_to_contact,
                in_danger=row.in_danger,
                assignee=row.assignee,
                campaign_id=row.campaign_public_id,
                duplicate_of=row.original_public_id,
            )
            for row in page.reports
        ],
        next=page.next,
        count=page.count,
    )


def campaigns_told(page: CampaignPage) -> FoundCampaigns:
    """Return a page of campaigns as JSON."""
    return FoundCampaigns(
        campaigns=[
            CampaignSummary(
                id=row.public_id,
                reports=row.reports,
                first_seen_at=iso(row.first_ms),
                last_seen_at=iso(row.last_ms),
                priority=priority_of(row.priority),
            )
            for row in page.campaigns
        ],
        next=page.next,
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)
