"""The JSON of webhooks and their deliveries."""

from typing import Annotated, Literal

from pydantic import Field

from models.screening import Priority
from serving.outbound import MAX_URL_CHARS
from serving.schemas.bodies import Sent, Told
from serving.store.telling.events import KINDS, Kind

_URL = r"""^https?://[A-Za-z0-9\[][!-"$-?A-~]*$"""


class WebhookIn(Sent):
    """A URL to tell of events."""

    url: Annotated[
        str,
        Field(
            max_length=MAX_URL_CHARS,
            description="https://host/path in ASCII, of a public address",
            json_schema_extra={"pattern": _URL},
        ),
    ]
    kinds: list[Kind] = Field([*KINDS], min_length=1, max_length=len(KINDS))


class WebhookAdded(Told):
    """A webhook just added."""

    id: str
    secret: str = Field(description="verifies webhook-signature (Standard Webhooks 1.0); shown this once")


class WebhookRecord(Told):
    """A webhook."""

    id: str
    host: str = Field(description="of its URL; the rest is not shown again")
    kinds: list[Kind]
    created_at: str
    disabled_at: str | None = Field(description="when its receiver answered 410")


class WebhookList(Told):
    """The webhooks of an organisation, oldest first."""

    webhooks: list[WebhookRecord]


class EventRecord(Told):
    """What webhooks and streams are told of an event; never a word of a report."""

    id: str | None = Field(description="of the report; null of a test")
    case_ref: str | None
    kind: str
    priority: Priority | None = Field(description="null until it is screened")
    at: str


class DeliveryRecord(Told):
    """One event that a webhook was or is to be told of."""

    id: str = Field(description="the header webhook-id, the same for each attempt")
    kind: str
    report_id: str | None = Field(description="null of a test")
    state: Literal["waiting", "delivered", "dead"]
    attempts: int
    last_status: int | None = Field(description="of the last answer; null: there was none")
    begun_at: str
    next_at: str | None = Field(description="of the next attempt; null when there will be none")
    ended_at: str | None


class DeliveryList(Told):
    """The newest deliveries of a webhook, newest first."""

    deliveries: list[DeliveryRecord]


class DeliveryQueued(Told):
    """A delivery that is made at once."""

    id: str
