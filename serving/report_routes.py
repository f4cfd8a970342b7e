"""The routes of stored reports, for the app of `serving.http`."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import ValidationError

from serving.desk import Desk
from serving.problems import ENDING, ProblemResponse, problem
from serving.report_schemas import AcceptedReports, ReportRecord, ReportsRequest
from serving.schemas import Problem
from serving.store.callers import Caller
from serving.store.errors import NotFoundError, ReusedKeyError, StoreUnavailableError
from serving.store.intake import SendingKey

MAX_KEY_CHARS = 200
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
            return ProblemResponse(_invalid(error))
        except ValueError:
            return ProblemResponse(problem(400, "not_json", "the body is not readable JSON"))
        return await _answered(request, _accept(sent, request, SendingKey(key, body) if key else None))

    @router.get("/v1/reports/{report_id}", response_model=ReportRecord, summary="A stored report")
    async def read_report(request: Request, report_id: str) -> Response:
        """What is told of it; its words and numbers only to callers with the scope pii."""

        async def told(open_desk: Desk) -> Response:
            caller = caller_of(request)
            return _json(await open_desk.report(caller.actor, report_id, with_pii="pii" in caller.scopes))

        return await _answered(request, told)

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
        return _json(answer, status_code=202)

    return accepted


async def _answered(request: Request, work: Work) -> Response:
    """Return the answer of a function of the desk, or the problem it met."""
    desk = getattr(request.app.state, "desk", None)
    if desk is None:
        return ProblemResponse(ENDING)
    try:
        answer: Response = await work(desk)
    except NotFoundError:
        return ProblemResponse(problem(404, "not_found", "there is no such report"))
    except ReusedKeyError as error:
        return ProblemResponse(problem(409, "key_reused", str(error)))
    except StoreUnavailableError:
        again = (
            "the store does not answer: send the request again, with the same Idempotency-Key if it had one"
        )
        unavailable = problem(503, "store_unavailable", again)
        return ProblemResponse(unavailable, headers={"Retry-After": _RETRY_SECONDS})
    return answer


def _json(content: object, status_code: int = 200) -> Response:
    """Return JSON in ASCII: a text may hold half a surrogate pair, which UTF-8 cannot."""
    return Response(json.dumps(content), status_code, media_type="application/json")


def _invalid(error: ValidationError) -> Problem:
    """Return what is wrong with the envelope of reports; quotes nothing that was sent."""
    one = error.errors(include_input=False, include_context=False, include_url=False)[0]
    known = {
        *ReportsRequest.model_fields,
        *ReportsRequest.model_json_schema()["$defs"]["ReportIn"]["properties"],
    }
    where = ".".join(str(part) for part in one["loc"] if isinstance(part, int) or part in known)
    return problem(
        422, "invalid_request", f"{where or 'body'}: {_EXPECTED.get(one['type'], 'not as described')}"
    )


_EXPECTED = {
    "extra_forbidden": "holds an unknown field: see /openapi.json",
    "missing": "a field is missing: see /openapi.json",
    "string_too_long": "too long",
    "too_long": "too many",
    "too_short": "too few",
}
