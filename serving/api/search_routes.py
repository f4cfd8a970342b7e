"""The routes that find stored reports; what is looked for stands in the body, for a URL is written down."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError

from serving.api.answers import NOT_JSON, answered, caller_of, model_answer
from serving.api.invalid_request import invalid
from serving.reports import case_search
from serving.reports.desk import Desk
from serving.schemas.problems import ProblemResponse
from serving.schemas.search import (
    CampaignSearch,
    FoundCampaigns,
    FoundReports,
    ReportSearch,
    campaigns_told,
    reports_told,
)
from serving.store.organisations import Actor

Asked = TypeVar("Asked", ReportSearch, CampaignSearch)


def search_router() -> APIRouter:
    """Return the routes; they ask the desk in the state of their app."""
    router = APIRouter()

    @router.post("/v1/reports/search", include_in_schema=False)
    async def search_reports(request: Request) -> Response:
        """See `describe_search_reports`."""
        return await _answered(request, ReportSearch, _found_reports)

    @router.post("/v1/campaigns/search", include_in_schema=False)
    async def search_campaigns(request: Request) -> Response:
        """See `describe_search_campaigns`."""
        return await _answered(request, CampaignSearch, _found_campaigns)

    return router


def describe_search_reports(request: ReportSearch) -> FoundReports:
    """Words and values are looked for by keyed tokens alone; a summary holds no word of anybody."""
    raise NotImplementedError  # described here; FastAPI's own errors would quote the body


def describe_search_campaigns(request: CampaignSearch) -> FoundCampaigns:
    """Reports that share a text, nearly, or a contact of flagged adverts, messages or scripts."""
    raise NotImplementedError  # as above


async def _found_reports(desk: Desk, actor: Actor, asked: ReportSearch) -> FoundReports:
    page = await case_search.search_reports(
        desk,
        actor,
        asked.filters(),
        sort=asked.sort,
        limit=asked.limit,
        cursor=asked.cursor,
        organisation=asked.organisation,
    )
    return reports_told(page)


async def _found_campaigns(desk: Desk, actor: Actor, asked: CampaignSearch) -> FoundCampaigns:
    page = await case_search.search_campaigns(
        desk, actor, least_reports=asked.least_reports, limit=asked.limit, cursor=asked.cursor
    )
    return campaigns_told(page)


async def _answered(
    request: Request, form: type[Asked], search: Callable[[Desk, Actor, Asked], Awaitable[BaseModel]]
) -> Response:
    """Return what a search finds, or the problem with it, which quotes nothing of it."""
    try:
        asked = form.of_body(await request.body())
    except ValidationError as error:
        return ProblemResponse(invalid(error, form))
    except ValueError:
        return ProblemResponse(NOT_JSON)

    async def found(desk: Desk) -> Response:
        return model_answer(await search(desk, caller_of(request).actor, asked))

    return await answered(request, found)
