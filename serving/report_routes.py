"""The routes of stored reports, for the app of `serving.http`."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ValidationError

from serving.desk import Desk
from serving.problems import ENDING, ProblemResponse, problem
from serving.report_schemas import AcceptedReports, ReportRecord, ReportsRequest
from serving.schemas import Problem
from serving.store.callers import Caller
from serving.store.errors import (
    ChangedMeanwhileError,
    NotFoundError,
    RefusedChangeError,
    ReusedKeyError,
    StoreError,
    StoreUnavailableError,
)
from serving.store.intake import SendingKey

MAX_KEY_CHARS = 200
NOT_JSON = problem(400, "not_json", "the body is not readable JSON")
CHANGED_MEANWHILE = problem(
    412, "changed_meanwhile", "the report was changed meanwhile, and nothing by this request: read it again"
)
_RETRY_SECONDS = "5"


def report_router() -> APIRouter:
    """Return the routes; they work at the desk in the state of their app."""
    router = APIRouter()

    @router.post("/v1/reports", include_in_schema=False)
    async def store_reports(request: Request) -> Response:
        """See `describe_store_reports`."""
        body = await request.body()
        key = request.headers.get("idempotency-key", "")
        if len(key) > MAX_KEY_CHARS:
            return ProblemResponse(
                problem(422, "invalid_key", f"Idempotency-Key: at most {MAX_KEY_CHARS} characters")
            )
        try:
            sent = ReportsRequest.of_body(body)
        except ValidationError as error:
            return ProblemResponse(invalid(error, ReportsRequest))
        except ValueError:
            return ProblemResponse(NOT_JSON)
        return await answered(request, _accept(sent, request, SendingKey(key, body) if key else None))

    @router.get("/v1/reports/{report_id}", response_model=ReportRecord, summary="A stored report")
    async def read_report(request: Request, report_id: str) -> Response:
        """What is told of it; its words and numbers only to callers with the scope pii."""

        async def read(open_desk: Desk) -> Response:
            caller = caller_of(request)
            told = await open_desk.report(caller.actor, report_id, with_pii=caller.has_pii)
            return report_answer(told)

        return await answered(request, read)

    return router


def describe_store_reports(
    request: ReportsRequest,
    idempotency_key: Annotated[
        str | None,
        Header(max_length=MAX_KEY_CHARS, description="the same key with the same body stores nothing twice"),
    ] = None,
) -> AcceptedReports:
    """Answers 202 once the reports are on the disk; they are screened afterwards, the urgent first."""
    raise NotImplementedError  # described here; pydantic alone would refuse half a surrogate pair


def caller_of(request: Request) -> Caller:
    """Return who asks: `AccessMiddleware` has let them in."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


Work = Callable[[Desk], Awaitable[Response]]


def _accept(sent: ReportsRequest, request: Request, sending_key: SendingKey | None) -> Work:
    async def accepted(open_desk: Desk) -> Response:
        stored = await open_desk.accept(caller_of(request).actor, sent.reports, sending_key)
        answer = {"reports": [{"id": one.id, "case_ref": one.case_ref} for one in stored]}
        return json_answer(answer, status_code=202)

    return accepted


async def answered(request: Request, work: Work) -> Response:
    """Return the answer of a function of the desk, or the problem it met."""
    desk = getattr(request.app.state, "desk", None)
    if desk is None:
        return ProblemResponse(ENDING)
    try:
        return await work(desk)
    except StoreError as error:
        refused = _problem_of(error)
        if refused is None:
            raise
        headers = {"Retry-After": _RETRY_SECONDS} if refused.status == 503 else None
        return ProblemResponse(refused, headers=headers)


def _problem_of(error: StoreError) -> Problem | None:
    """Return what a caller is told of an error, or None of one that is the service's own fault."""
    match error:
        case NotFoundError():
            return problem(404, "not_found", "there is no such report")
        case ChangedMeanwhileError():
            return CHANGED_MEANWHILE
        case RefusedChangeError():
            return problem(409, error.code, str(error))
        case ReusedKeyError():
            return problem(409, "key_reused", str(error))
        case StoreUnavailableError():
            again = "the store does not answer: send the request again"
            return problem(503, "store_unavailable", f"{again}, with the same Idempotency-Key if it had one")
        case _:
            return None


def report_answer(told: Mapping[str, Any], status_code: int = 200) -> Response:
    """Return a report, with the ETag that a change of it has to name."""
    return json_answer(told, status_code, headers={"ETag": f'"{told["version"]}"'})


def json_answer(
    content: object, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return JSON in ASCII: a text may hold half a surrogate pair, which UTF-8 cannot."""
    return Response(json.dumps(content), status_code, headers, media_type="application/json")


def invalid(error: ValidationError, model: type[BaseModel]) -> Problem:
    """Return what is wrong with a request; quotes nothing that was sent."""
    one = error.errors(include_input=False, include_context=False, include_url=False)[0]
    schema = model.model_json_schema()
    parts = (schema, *schema.get("$defs", {}).values())
    known = {name for part in parts for name in part.get("properties", ())}
    where = ".".join(str(part) for part in one["loc"] if isinstance(part, int) or part in known)
    return problem(
        422, "invalid_request", f"{where or 'body'}: {_EXPECTED.get(one['type'], 'not as described')}"
    )


_EXPECTED = {
    "extra_forbidden": "holds an unknown field: see /openapi.json",
    "literal_error": "expected one of the codes in /openapi.json",
    "missing": "a field is missing: see /openapi.json",
    "string_too_long": "too long",
    "too_long": "too many or too long",
    "too_short": "too few",
}
