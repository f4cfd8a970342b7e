"""What callers send. None of it shows in a `repr`, so that none reaches a log by mistake."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal, TypeAlias

Priority: TypeAlias = Literal["urgent", "high", "review", "low"]
SafeToContact: TypeAlias = Literal["yes", "no", "unknown"]
Answer: TypeAlias = Literal["yes", "no", "not_asked"]
Work: TypeAlias = Literal["waiting", "screened", "failed"]


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A text to screen or to redact; it is not stored.

    Attributes:
        id: comes back with the answer; default: its place in the list.
        language: tag, if known: th, zh-Hant.
        received_at: with offset; relative dates in the text resolve from it.
    """

    text: str
    id: str | None = None
    language: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Consent:
    """What the person a report is of or from agrees to, who asked, and when; None: not said."""

    refer: Answer | None = None
    police: Answer | None = None
    contact: Answer | None = None
    research: Answer | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ExternalReference:
    """The number under which another agency knows a report."""

    agency: str
    number: str


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """A report to store: a text, or the bytes of a text or an image.

    Attributes:
        text: as received; nothing in it makes a report be refused.
        content: in place of text, up to 10 MB.
        media_type: of the content: text/plain, image/png, image/jpeg, image/webp, application/pdf.
        encoding: of a text sent as content.
        channel: how it reached you: hotline, line, walk_in, web_form ...
        platform: where its author posted or sent it: facebook, telegram ...
        safe_to_contact: unknown means no.
        in_danger: you believe that somebody may be in danger: it is screened first, and urgent.
    """

    text: str | None = None
    content: bytes | None = None
    media_type: Literal["text/plain", "image/png", "image/jpeg", "image/webp", "application/pdf"] | None = (
        None
    )
    encoding: str | None = None
    language: str | None = None
    received_at: datetime | None = None
    channel: str | None = None
    platform: str | None = None
    source_url: str | None = None
    captured_at: datetime | None = None
    captured_by: str | None = None
    reporter_relation: Literal["self", "family", "friend", "third_party", "officer"] | None = None
    external_refs: Sequence[ExternalReference] = ()
    safe_to_contact: SafeToContact | None = None
    safe_channel: str | None = None
    safe_time: str | None = None
    code_word: str | None = None
    consent: Consent | None = None
    in_danger: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Span:
    """Where a text shows what a code says: [start, end) in code points of the text as received."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """What is to be changed of a report, all or nothing; None leaves it as it is.

    Attributes:
        reason: why; needed to lower a priority that is urgent.
        labels: all that the text shows; empty: nothing.
        spans: all of them.
        note: kept encrypted, in the history.
        assignee: name of a person of your organisation; "": nobody.
    """

    status: (
        Literal[
            "acknowledged", "in_review", "needs_information", "labels_agreed", "labels_rejected", "closed"
        ]
        | None
    ) = None
    priority: Priority | None = None
    reason: str | None = None
    labels: Sequence[str] | None = None
    spans: Sequence[Span] | None = None
    note: str | None = None
    assignee: str | None = None
    safe_to_contact: SafeToContact | None = None
    consent: Consent | None = None


@dataclass(frozen=True, slots=True, repr=False)
class EntityAsked:
    """An entity that a report is to name, in any spelling: PHONE, 081-555-0143."""

    type: str
    value: str


@dataclass(frozen=True, slots=True, repr=False)
class Search:
    """Which reports are looked for: of each list any value, and all that is given must hold.

    Attributes:
        flags: labels that were flagged or stand in context_labels.
        campaign_id: id of any report of the campaign.
        upload_id: id of the upload of the console that it came by.
        duplicates: only copies of other reports, or without them; urgent copies are never left out.
        words: all of them must stand in the text.
        organisation: name of another one that lets yours read its reports; None: yours.
        sort: queue: by priority, then the oldest first.
        limit: reports on a page.
        cursor: `next` of the page before.
    """

    status: Sequence[str] = ()
    work: Sequence[Work] = ()
    priority: Sequence[Priority] = ()
    flags: Sequence[str] = ()
    language: Sequence[str] = ()
    role: Sequence[str] = ()
    channel: Sequence[str] = ()
    platform: Sequence[str] = ()
    safe_to_contact: Sequence[SafeToContact] = ()
    campaign_id: str | None = None
    upload_id: str | None = None
    assignee: str | None = None
    stored_from: datetime | None = None
    stored_before: datetime | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    in_danger: bool | None = None
    duplicates: Literal["only", "without"] | None = None
    words: str | None = None
    entities: Sequence[EntityAsked] = ()
    organisation: str | None = None
    sort: Literal["queue", "newest"] = "queue"
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CampaignSearch:
    """Which campaigns are looked for; the one last seen comes first."""

    least_reports: int = 2
    limit: int = 50
    cursor: str | None = None


Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


def json_of(value: object) -> Json:
    """Return what is sent as JSON: bytes in base64, times in ISO 8601, and no field that is None.

    Raises:
        ValueError: a time has no offset.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case datetime():
            if value.utcoffset() is None:
                raise ValueError("expected a time with an offset, as datetime.now(UTC)")
            return value.isoformat()
        case Mapping():
            return {str(name): json_of(one) for name, one in value.items()}
        case Sequence():
            return [json_of(one) for one in value]
        case _:
            given = {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]
            return {name: json_of(one) for name, one in given.items() if one is not None}


def body_of(content: object) -> bytes:
    """Return a body: the same for the same content, in ASCII, since a text may hold half a surrogate pair."""
    return json.dumps(json_of(content)).encode("ascii")
