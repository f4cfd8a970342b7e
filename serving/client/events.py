"""The stream of events: bytes -> events, and where to go on after it broke off; no input or output."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

import httpx

from serving.client.errors import (
    ClientError,
    NotAnsweredError,
    RefusedError,
    StreamLostError,
    UnexpectedAnswerError,
)
from serving.client.exchange import may_help_again, reason_of, refusal
from serving.client.patience import Patience, Retries
from serving.client.sent import Priority

logger = logging.getLogger("scamscreen.client")
PATH: Final = "/v1/events"
SILENCE_SECONDS: Final = 45.0
"""The service says something every 15 seconds: after so many the line is dead."""
MOST_EVENT_BYTES: Final = 100_000
_NAME: Final = "follow events"
_SERIAL: Final = re.compile(rb"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a report; never a word of it.

    Attributes:
        serial: grows; to go on after this event later, follow `after` it.
        kind: `report.stored`, `report.screened`, `report.urgent`, `report.escalated`, `report.changed`,
            `report.referred`, and others later.
        priority: None while it is not screened.
        at: ISO 8601.
    """

    serial: int
    report_id: str
    case_ref: str
    kind: str
    priority: Priority | None
    at: str


class Following:
    """One stream, over as many connections as it takes."""

    def __init__(self, after: int | None, retries: Retries) -> None:
        """Follow what happens after an event, or from now on."""
        self._last, self._patience = after, Patience(retries)
        self._rest = b""

    def headers(self) -> Mapping[str, str]:
        """Return the headers of the next connection."""
        self._rest = b""  # an event that broke off comes again, whole
        at = {} if self._last is None else {"Last-Event-ID": str(self._last)}
        return {"Accept": "text/event-stream", **at}

    def check(self, answer: httpx.Response) -> None:
        """Check the head of an answer that is a stream.

        Raises:
            UnexpectedAnswerError: it is not.
        """
        if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            raise UnexpectedAnswerError(f"{_NAME}: answered {answer.status_code}, but with no stream")

    def heard(self, part: bytes) -> Iterator[Event]:
        """Return the events that are complete with these bytes.

        Raises:
            UnexpectedAnswerError: they are none of this service.
        """
        self._patience.renew()
        *blocks, rest = (self._rest + part).replace(b"\r\n", b"\n").split(b"\n\n")
        if len(rest) > MOST_EVENT_BYTES:
            raise UnexpectedAnswerError(f"{_NAME}: an event without an end")
        self._rest = rest
        for block in blocks:
            yield from self._events_of(block)

    def wait_after(self, ended: httpx.Response | httpx.RequestError | None) -> float:
        """Return how many seconds to wait before the next connection.

        Args:
            ended: an answer that is no stream, whole; what broke it off; None: it came to its end.

        Raises:
            RefusedError: it is no use to come again.
            StreamLostError: it did not come back for too long; says where to go on.
        """
        error: ClientError
        if isinstance(ended, httpx.Response):
            error = refusal(_NAME, ended)
            if not may_help_again(error):
                raise error
        else:
            error = NotAnsweredError(f"{_NAME}: {'ended' if ended is None else reason_of(ended)}")
        asked = error.retry_after_seconds if isinstance(error, RefusedError) else None
        wait = self._patience.wait_after(StreamLostError(str(error), last_event_id=self._last), asked)
        logger.info("%s; again in %.1f s", error, wait)
        return wait

    def _events_of(self, block: bytes) -> Iterator[Event]:
        """Return the event of a block, if it has one, and remember its id."""
        parts = (line.partition(b":") for line in block.split(b"\n"))
        fields = {name: value.removeprefix(b" ") for name, _, value in parts}
        serial = fields.get(b"id", b"")
        if not _SERIAL.fullmatch(serial):
            return  # a comment, which shows that the line is alive
        self._last = int(serial)
        if b"data" in fields:
            yield _event(self._last, fields[b"data"])


def _event(serial: int, data: bytes) -> Event:
    try:
        told = json.loads(data)
        return Event(
            serial=serial,
            report_id=str(told["id"]),
            case_ref=str(told["case_ref"]),
            kind=str(told["kind"]),
            priority=cast("Priority | None", told["priority"]),
            at=str(told["at"]),
        )
    except (ValueError, LookupError, TypeError):
        raise UnexpectedAnswerError(f"{_NAME}: event {serial} is not readable") from None
