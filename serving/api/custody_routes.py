"""The routes that prove how a report was kept, and that remove what people wrote in it."""

from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from serving.api.answers import NOT_JSON, answered, caller_of, model_answer
from serving.reports import case_custody
from serving.reports.desk import Desk
from serving.schemas.custody import CustodyRecord, PurgeRequest
from serving.schemas.problems import ProblemResponse, problem
from serving.store.custody.proof import Custody

_NO_REASON: Final = problem(
    422, "invalid_request", 'expected {"reason": "..."}: why it is purged, in up to 2,000 characters'
)


def custody_router() -> APIRouter:
    """Return the routes; they work at the desk in the state of their app."""
    router = APIRouter()

    @router.get(
        "/v1/reports/{report_id}/custody",
        response_model=CustodyRecord,
        summary="How a report was kept",
    )
    async def read_custody(request: Request, report_id: str) -> Response:
        """Hashes, sizes, tools, parents, holds and links of the audit; nothing that people wrote."""

        async def told(desk: Desk) -> Response:
            return _answer(await case_custody.custody(desk, caller_of(request).actor, report_id))

        return await answered(request, told)

    @router.post("/v1/reports/{report_id}/purge", include_in_schema=False)
    async def purge_report(request: Request, report_id: str) -> Response:
        """See `describe_purge_report`."""
        try:
            sent = PurgeRequest.of_body(await request.body())
        except ValidationError:
            return ProblemResponse(_NO_REASON)
        except ValueError:
            return ProblemResponse(NOT_JSON)

        async def purged(desk: Desk) -> Response:
            return _answer(await case_custody.purge(desk, caller_of(request).actor, report_id, sent.reason))

        return await answered(request, purged)

    return router


def describe_purge_report(report_id: str, request: PurgeRequest) -> CustodyRecord:
    """Removes what people wrote in a report and all that quotes it, for ever; tells what is left."""
    raise NotImplementedError  # described here; FastAPI's own errors would quote the body


def _answer(custody: Custody) -> Response:
    return model_answer(CustodyRecord.of(custody))
