"""The HTTP API from Python: `Client`, and `AsyncClient` for asyncio; of the service they need nothing.

    from serving.client import Client, Report

    with Client("https://scamscreen.example") as client:      # the key: SCAMSCREEN_KEY
        accepted = client.send_report(Report(text=message, channel="hotline"))
        print(accepted["case_ref"])

Calls are made again, with pauses, while the service does not answer or says 429, 502, 503 or 504. Each may
safely come twice: it only reads, it carries an Idempotency-Key, or it names the version that it changes.
Neither errors nor logs hold a text, a key or what a report tells.
"""

from serving.client.async_client import AsyncClient
from serving.client.client import Client
from serving.client.errors import (
    ChangedMeanwhileError,
    ClientError,
    ConflictError,
    InvalidRequestError,
    NotAllowedError,
    NotAnsweredError,
    NotFoundError,
    RefusedError,
    StreamLostError,
    TooManyRequestsError,
    UnavailableError,
    UnexpectedAnswerError,
)
from serving.client.events import Event
from serving.client.patience import Retries
from serving.client.sent import (
    Change,
    Consent,
    Document,
    EntityAsked,
    ExternalReference,
    Report,
    Search,
    Span,
)

__all__ = [
    "AsyncClient",
    "Change",
    "ChangedMeanwhileError",
    "Client",
    "ClientError",
    "ConflictError",
    "Consent",
    "Document",
    "EntityAsked",
    "Event",
    "ExternalReference",
    "InvalidRequestError",
    "NotAllowedError",
    "NotAnsweredError",
    "NotFoundError",
    "RefusedError",
    "Report",
    "Retries",
    "Search",
    "Span",
    "StreamLostError",
    "TooManyRequestsError",
    "UnavailableError",
    "UnexpectedAnswerError",
]
