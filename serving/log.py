"""Logging that cannot leak: one line per request, and no message that we did not write ourselves."""

import asyncio
import logging
import secrets
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from traceback import walk_tb

from pydantic import ValidationError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import ArtifactError
from models.screening import Screening, ScreeningError
from serving.access.gate import route_name
from serving.access.pages import page_of
from serving.metrics import bounded_language, count_request
from serving.schemas.problems import ProblemResponse, problem

REQUEST_SECONDS = 300
NOT_ANSWERED = 0
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ROOT = Path(__file__).parents[1]
_OWN_PACKAGES = frozenset({"models", "serving"})

logger = logging.getLogger("scamscreen")


def configure_logging() -> None:
    """Send every log of this process through `SafeFormatter` to stderr; the libraries' access logs end."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter())
    handler.addFilter(_is_no_client_mistake)
    for name in logging.root.manager.loggerDict:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.setLevel(logging.NOTSET)
        library.propagate = True
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    logger.setLevel(logging.INFO)
    logging.captureWarnings(True)


class SafeFormatter(logging.Formatter):
    """Writes our own messages as they are, of all others only where they come from.

    A library's message may quote a URL, a header or a body, and an exception's message a text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without any message that we did not write."""
        if record.name == logger.name:
            message = record.getMessage()
        else:
            message = f"{record.name} at {record.module}:{record.lineno} (message withheld)"
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {message}"
        if record.exc_info and record.exc_info[1]:
            line += f": {describe(record.exc_info[1])}"
        return line


def describe(error: BaseException) -> str:
    """Return the types of an exception and its causes, and where in our own code they passed."""
    places = [
        f"{path.relative_to(_ROOT)}:{line}"
        for frame, line in walk_tb(error.__traceback__)
        if _is_own(path := Path(frame.f_code.co_filename))
    ]
    name = type(error).__name__
    if isinstance(error, ArtifactError):  # ours, raised before any text is read
        name = f"{name} ({error})"
    text = f"{name} at {' > '.join(places) or 'no line of ours'}"
    cause = error.__cause__ or error.__context__
    return f"{text}, from {describe(cause)}" if cause else text


def _is_own(path: Path) -> bool:
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OWN_PACKAGES


def _is_no_client_mistake(record: logging.LogRecord) -> bool:
    """Drop BentoML's error log of a request that its model refused: the request's own line says 4xx."""
    return not (
        record.name.startswith("bentoml")
        and record.exc_info
        and isinstance(record.exc_info[1], ValidationError)
    )


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
