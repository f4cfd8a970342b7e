"""The error bodies of BentoML and FastAPI -> problems, which repeat nothing of the request."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.redaction import REDACTION_STYLES
from models.screening import OPERATING_POINTS
from models.taxonomy import ENTITY_TYPES
from serving.schemas.documents import MAX_DOCUMENTS, RedactRequest, ScreenRequest
from serving.schemas.problems import MEDIA_TYPE, Problem, ProblemResponse, problem

_JSON_EXAMPLE = '{"documents": [{"text": "..."}]}'


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
            return _envelope_problem(json.loads(body)["detail"])
        except (ValueError, LookupError, TypeError):
            return problem(400, "bad_request", f"the request is not readable: expected {_JSON_EXAMPLE}")
    if status >= 500:
        return problem(
            status, "internal_error", "the request was not answered: send it again, or see the service's log"
        )
    if status == 422:  # of FastAPI, which looks at headers alone: bodies are read by us
        return problem(422, "invalid_request", "a header is not as described: see /openapi.json")
    return problem(status, HTTPStatus(status).name.lower(), "the request was refused")


def _envelope_problem(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Return what is wrong with the envelope of a request.

    Args:
        errors: pydantic's errors of a request; their `loc` may hold names that the caller chose.
    """
    kind = str(errors[0].get("type"))
    field = next(iter(errors[0].get("loc", ())), None)
    if kind == "json_invalid":
        return problem(400, "not_json", f"the body is not readable JSON in UTF-8: expected {_JSON_EXAMPLE}")
    match field, kind:
        case _, "extra_forbidden":
            fields = dict.fromkeys((*ScreenRequest.model_fields, *RedactRequest.model_fields))
            detail = f"unknown field: a request has some of {', '.join(fields)}, see /openapi.json"
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
            detail = f"the body is not a JSON object: expected {_JSON_EXAMPLE}"
    return problem(422, "invalid_request", detail)
