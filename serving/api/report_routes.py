"""The routes of stored reports, for the app of `serving.api.app`."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import ValidationError

from serving.api.answers import NOT_JSON, Work, answered, caller_of, json_answer, report_answer
from serving.api.invalid_request import invalid
from serving.reports import case_work
from serving.reports.desk import Desk
from serving.schemas.problems import ProblemResponse, problem
from serving.schemas.report_records import AcceptedReports, ReportRecord
from serving.schemas.reports import ReportsRequest
from serving.store.intake import SendingKey

MAX_KEY_CHARS = 200


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

        async def read(desk: Desk) -> Response:
            caller = caller_of(request)
            return report_answer(
                await case_work.report(desk, caller.actor, report_id, with_pii=caller.has_pii)
            )

        return await answered(request, read)

    return router


def describe_store_reports(
    request: ReportsRequest,
    idempotency_key: Annotated[
        str,
        Header(max_length=MAX_KEY_CHARS, description="the same key with the same body stores nothing twice"),
    ] = "",
) -> AcceptedReports:
    """Answers 202 once the reports are on the disk; they are screened afterwards, the urgent first."""
    raise NotImplementedError  # described here; pydantic alone would refuse half a surrogate pair


def _accept(sent: ReportsRequest, request: Request, sending_key: SendingKey | None) -> Work:
    async def accepted(desk: Desk) -> Response:
        stored = await desk.accept(caller_of(request).actor, sent.reports, sending_key)
        answer = {"reports": [{"id": one.id, "case_ref": one.case_ref} for one in stored]}
        where = {"Location": f"/v1/reports/{stored[0].id}"} if len(stored) == 1 else None
        return json_answer(answer, status_code=202, headers=where)

    return accepted
