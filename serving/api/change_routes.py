"""The routes of what people do with stored reports, for the app of `serving.api.app`."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Header, Request, Response
from pydantic import ValidationError

from serving.api.answers import NOT_JSON, answered, caller_of, json_answer, report_answer
from serving.api.invalid_request import invalid
from serving.reports import case_work
from serving.reports.desk import Desk
from serving.schemas.bodies import Sent
from serving.schemas.changes import (
    HistoryRecord,
    ReferralAnswer,
    ReferralChange,
    ReferralIn,
    ReferralsRecord,
    ReportChange,
    ScreeningsRecord,
)
from serving.schemas.problems import Problem, ProblemResponse, problem
from serving.schemas.report_records import ReportRecord

Body = TypeVar("Body", bound=Sent)
_TAGS: Final = r'^(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*$'
IfMatch = Annotated[
    str, Header(alias="If-Match", pattern=_TAGS, description="the ETag of the report that was seen")
]
NO_VERSION: Final = problem(
    428, "no_version", 'If-Match: expected the ETag of the report that was seen, as "3"; * is none'
)
_IS_TAGS: Final = re.compile(_TAGS)
_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')  # a proxy that compresses makes a tag weak


def change_router() -> APIRouter:
    """Return the routes; they work at the desk in the state of their app."""
    router = APIRouter()

    @router.patch("/v1/reports/{report_id}", include_in_schema=False)
    async def change_report(request: Request, report_id: str) -> Response:
        """See `describe_change_report`."""
        sent = await _sent(request, ReportChange)
        if isinstance(sent, Problem):
            return ProblemResponse(sent)

        async def changed(desk: Desk) -> Response:
            caller = caller_of(request)
            return report_answer(
                await case_work.change(desk, caller.actor, report_id, *sent, with_pii=caller.has_pii)
            )

        return await answered(request, changed)

    @router.get(
        "/v1/reports/{report_id}/history",
        response_model=HistoryRecord,
        summary="Who changed what of a report",
    )
    async def read_history(request: Request, report_id: str) -> Response:
        """All that was done to it, oldest first; what people wrote only to callers with the scope pii."""
        return await _past(request, report_id, case_work.steps)

    @router.get(
        "/v1/reports/{report_id}/screenings",
        response_model=ScreeningsRecord,
        summary="What models said of a report",
    )
    async def read_screenings(request: Request, report_id: str) -> Response:
        """All of it, oldest first; none is ever overwritten."""
        return await _past(request, report_id, case_work.screenings)

    @router.get(
        "/v1/reports/{report_id}/referrals",
        response_model=ReferralsRecord,
        summary="Where a report was sent",
    )
    async def read_referrals(request: Request, report_id: str) -> Response:
        """All referrals, oldest first; what people wrote only to callers with the scope pii."""
        return await _past(request, report_id, case_work.referrals)

    @router.post("/v1/reports/{report_id}/referrals", include_in_schema=False)
    async def make_referral(request: Request, report_id: str) -> Response:
        """See `describe_make_referral`."""
        sent = await _sent(request, ReferralIn)
        if isinstance(sent, Problem):
            return ProblemResponse(sent)

        async def referred(desk: Desk) -> Response:
            caller = caller_of(request)
            made = await case_work.make_referral(
                desk, caller.actor, report_id, *sent, with_pii=caller.has_pii
            )
            where = f"/v1/reports/{report_id}/referrals/{made['referral']['id']}"
            return report_answer(made, status_code=201, headers={"Location": where})

        return await answered(request, referred)

    @router.patch("/v1/reports/{report_id}/referrals/{referral_id}", include_in_schema=False)
    async def change_referral(request: Request, report_id: str, referral_id: str) -> Response:
        """See `describe_change_referral`."""
        sent = await _sent(request, ReferralChange)
        if isinstance(sent, Problem):
            return ProblemResponse(sent)
        asked, seen = sent

        async def changed(desk: Desk) -> Response:
            caller = caller_of(request)
            return report_answer(
                await case_work.change_referral(
                    desk,
                    caller.actor,
                    report_id,
                    referral_id,
                    asked=asked,
                    seen=seen,
                    with_pii=caller.has_pii,
                )
            )

        return await answered(request, changed)

    return router


def seen_versions(if_match: str) -> frozenset[int]:
    """Return the versions of a report that its caller has seen, by the header If-Match."""
    return frozenset(int(number) for number in _TAG.findall(if_match))


async def _past(request: Request, report_id: str, tell: Callable[..., Awaitable[Any]]) -> Response:
    """Answer with what a function of `case_work` tells of a report."""

    async def told(desk: Desk) -> Response:
        caller = caller_of(request)
        return json_answer(await tell(desk, caller.actor, report_id, with_pii=caller.has_pii))

    return await answered(request, told)


async def _sent(request: Request, model: type[Body]) -> tuple[Body, frozenset[int]] | Problem:
    """Return what was sent and the versions that were seen, or what is wrong with the request."""
    if_match = ",".join(request.headers.getlist("if-match")).strip()
    if not _IS_TAGS.fullmatch(if_match):
        return NO_VERSION
    try:
        return model.of_body(await request.body()), seen_versions(if_match)
    except ValidationError as error:
        return invalid(error, model)
    except ValueError:
        return NOT_JSON


def describe_change_report(report_id: str, change: ReportChange, if_match: IfMatch) -> ReportRecord:
    """Changes all that is asked, or nothing; whatever was before stays in the history."""
    raise NotImplementedError  # described here; pydantic alone would refuse half a surrogate pair


def describe_make_referral(report_id: str, referral: ReferralIn, if_match: IfMatch) -> ReferralAnswer:
    """With the person's consent; without it only for a child or imminent danger, with a written reason."""
    raise NotImplementedError


def describe_change_referral(
    report_id: str, referral_id: str, change: ReferralChange, if_match: IfMatch
) -> ReferralAnswer:
    """The report becomes accepted_by_partner or returned, where that may follow what it is."""
    raise NotImplementedError


DESCRIBED: Final[tuple[tuple[str, str, Callable[..., Any], str, int], ...]] = (
    ("PATCH", "/v1/reports/{report_id}", describe_change_report, "Change a report", 200),
    (
        "POST",
        "/v1/reports/{report_id}/referrals",
        describe_make_referral,
        "Write down that a report was sent to another agency",
        201,
    ),
    (
        "PATCH",
        "/v1/reports/{report_id}/referrals/{referral_id}",
        describe_change_referral,
        "Write down what the agency says",
        200,
    ),
)
"""Method, path, signature, summary and status of the routes that the app does not describe by itself."""
