"""One line and one count for each request, whatever becomes of it; nothing of what it says."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Collection, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.screening import Screening, ScreeningError
from serving.access.pages import page_of
from serving.access.routes import route_name
from serving.log import logger
from serving.metrics import bounded_language, count_request
from serving.schemas.problems import ProblemResponse, problem

REQUEST_SECONDS = 300
NOT_ANSWERED = 0
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class RequestSummary:
    """What the log says about the documents of one request: counts, no content."""

    documents: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)

    def add(self, records: Iterable[Screening | ScreeningError], languages: Collection[str]) -> None:
        """Count records; a language outside `languages` counts as `other`."""
        for record in records:
            self.documents += 1
            if isinstance(record, ScreeningError):
                self.errors[record.code] += 1
            else:
                self.languages[bounded_language(record.language, languages)] += 1
                self.flags.update(record.flags)

    def __str__(self) -> str:
        if not self.documents:
            return ""
        return (
            f" documents={self.documents} errors={_counts(self.errors)} "
            f"languages={_counts(self.languages)} flags={_counts(self.flags)}"
        )


def _counts(counter: Counter[str]) -> str:
    return ",".join(f"{key}:{count}" for key, count in sorted(counter.items())) or "-"


request_summary: ContextVar[RequestSummary] = ContextVar("request_summary")


class RequestLogMiddleware:
    """Writes and counts one line per request, whatever becomes of it; always answers a client that waits."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under a random id and a time limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        summary = RequestSummary()
        request_summary.set(summary)
        status = NOT_ANSWERED
        started = perf_counter()

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _mark(message, request_id)
            await send(message)

        failure = problem(500, "internal_error", "the request was not answered: send it again")
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                await self._app(scope, receive, send_marked)
        except TimeoutError:
            failure = problem(
                504, "timeout", f"not answered within {REQUEST_SECONDS} seconds: send fewer documents"
            )
        except Exception:
            logger.exception("request %s failed", request_id)
        if status == NOT_ANSWERED:
            await ProblemResponse(failure)(scope, receive, send_marked)
        seconds = perf_counter() - started
        route = route_name(scope["path"])
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        count_request(route, status, seconds)
        page = page_of(scope["path"])
        if page and page.by_itself and status < 400:
            return  # every open page asks every few seconds: they are counted, and that is all
        logger.info(
            "request %s %s %s %d %.1f ms%s", request_id, method, route, status, seconds * 1000, summary
        )


def _mark(start: Message, request_id: str) -> None:
    headers = MutableHeaders(raw=start["headers"])
    headers["X-Request-Id"] = request_id
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Cache-Control", "no-store")
