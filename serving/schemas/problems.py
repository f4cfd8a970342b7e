"""Every error body of the API: RFC 9457 problem+json that repeats nothing of the request."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.redaction import REDACTION_STYLES
from models.screening import OPERATING_POINTS
from models.taxonomy import ENTITY_TYPES
from serving.schemas.screen import MAX_DOCUMENTS, Problem, RedactRequest, ScreenRequest

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = "5"
_JSON_EXAMPLE = '{"documents": [{"text": "..."}]}'


def problem(status: int, code: str, detail: str) -> Problem:
    """Return a problem; `detail` says what was expected, what was found and what to do."""
    return Problem(title=HTTPStatus(status).phrase, status=status, code=code, detail=detail)


class ProblemResponse(Response):
    """A problem as a response; what is unavailable now says when to come back."""

    media_type = MEDIA_TYPE

    def __init__(self, content: Problem, headers: Mapping[str, str] | None = None) -> None:
        again = {"Retry-After": _RETRY_SECONDS} if content.status == 503 else {}
        super().__init__(
            content.model_dump_json(), status_code=content.status, headers={**again, **(headers or {})}
        )


NO_REDACTION_KEY = problem(
    422,
    "no_redaction_key",
    "style token: this service has no key for tokens: set SCAMSCREEN_REDACTION_KEY_FILE, "
    "or ask for placeholder or mask",
)
ENDING = problem(503, "ending", "the service ends: send the request again, to the one that follows it")


def busy(retry_after_seconds: int) -> ProblemResponse:
    """Return the refusal of a request that would wait too long."""
    detail = f"too many documents wait already: send the request again in {retry_after_seconds} seconds"
    return ProblemResponse(problem(429, "busy", detail), headers={"Retry-After": str(retry_after_seconds)})


def envelope_problem(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Return what is wrong with the envelope of a request.

    Args:
        errors: pydantic's errors of a request; their `loc` may hold names that the caller chose.
    """
    kind = str(errors[0].get("type"))
    field = next(iter(errors[0].get("loc", ())), None)
    if kind == "json_invalid":
        return problem(400, "not_json", f"the body is not readable JSON in UTF-8: expected {_JSON_EXAMPLE}")
    match field, kind:
        case None, _:
            detail = f"the body is not a JSON object: expected {_JSON_EXAMPLE}"
        case "operating_point", _:
            detail = f"operating_point: expected one of {', '.join(OPERATING_POINTS)}"
        case "documents", "too_long":
            detail = (
                f"documents: at most {MAX_DOCUMENTS} per request, found more: send them in several requests"
            )
        case "documents", _:
            detail = f"documents: expected a list of 1 to {MAX_DOCUMENTS} documents: {_JSON_EXAMPLE}"
        case "types", _:
            detail = f"types: expected a list of {', '.join(ENTITY_TYPES)}"
        case "style", _:
            detail = f"style: expected one of {', '.join(REDACTION_STYLES)}"
        case _:
            fields = dict.fromkeys((*ScreenRequest.model_fields, *RedactRequest.model_fields))
            detail = f"unknown field: a request has some of {', '.join(fields)}, see /openapi.json"
    return problem(422, "invalid_request", detail)


class ProblemMiddleware:
    """Turns the error bodies of BentoML and FastAPI into problems.

    BentoML 1.4 has no hook for them: it answers a request that its pydantic model refuses with
    400 `{"error", "detail": [...]}`, a failed call with 500 `{"error"}`, other failures as plain text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; hold back an error response until its problem can be sent instead."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held_status = 0
        held_body = bytearray()

        async def send_problem(message: Message) -> None:
            nonlocal held_status
            if message["type"] == "http.response.start" and _is_foreign_error(message):
                held_status = message["status"]
            elif held_status:
                held_body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    translated = _translate(held_status, bytes(held_body))
                    await ProblemResponse(translated)(scope, receive, send)
            else:
                await send(message)

        await self._app(scope, receive, send_problem)


def _is_foreign_error(start: Message) -> bool:
    headers = Headers(raw=start.get("headers", []))
    own = (MEDIA_TYPE, "text/html")  # of pages; BentoML and FastAPI answer errors with JSON or plain text
    return bool(start["status"] >= 400) and not headers.get("content-type", "").startswith(own)


def _translate(status: int, body: bytes) -> Problem:
    if status == 400:
        try:
            return envelope_problem(json.loads(body)["detail"])
        except (ValueError, LookupError, TypeError):
            return problem(400, "bad_request", f"the request is not readable: expected {_JSON_EXAMPLE}")
    if status >= 500:
        return problem(
            status, "internal_error", "the request was not answered: send it again, or see the service's log"
        )
    if status == 422:  # of FastAPI, which looks at headers alone: bodies are read by us
        return problem(422, "invalid_request", "a header is not as described: see /openapi.json")
    return problem(status, HTTPStatus(status).name.lower(), "the request was refused")
