"""The routes beside those of the model: one FastAPI app, mounted at "/" by the service."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from models.taxonomy import taxonomy_document
from serving import metrics
from serving.access.gate import ROUTES
from serving.api.change_routes import DESCRIBED, REFUSALS, change_router
from serving.api.channel_routes import channel_router
from serving.api.custody_routes import custody_router, describe_purge_report
from serving.api.report_routes import describe_store_reports, report_router
from serving.api.search_routes import describe_search_campaigns, describe_search_reports, search_router
from serving.api.webhook_routes import webhook_router
from serving.schemas.problems import MEDIA_TYPE
from serving.schemas.screen import Problem, RedactRequest, RedactResponse, ScreenRequest, ScreenResponse

API_VERSION = "1.0.0"


def create_app() -> FastAPI:
    """Return the app; its pages of documentation are off, since they load scripts from another host.

    The desk of stored reports is to be put into its state as `desk`.
    """
    app = FastAPI(title="ScamScreen", version=API_VERSION, openapi_url=None, docs_url=None, redoc_url=None)
    app.add_api_route("/v1/taxonomy", taxonomy, summary="Codes, definitions and crosswalks")
    app.add_api_route("/metrics", prometheus, include_in_schema=False)
    app.include_router(report_router())
    app.include_router(custody_router())
    app.include_router(change_router())
    app.include_router(search_router())
    app.include_router(webhook_router())
    app.include_router(channel_router())
    contract = json.dumps(openapi(app))
    app.add_api_route(
        "/openapi.json", lambda: Response(contract, media_type="application/json"), include_in_schema=False
    )
    return app


def taxonomy(request: Request) -> Response:
    """Labels, roles, indicators and entity types: name, definition, source, crosswalk."""
    body, etag = _taxonomy()
    headers = {"ETag": etag, "Cache-Control": "public, max-age=3600"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@cache
def _taxonomy() -> tuple[bytes, str]:
    body = json.dumps(taxonomy_document(), ensure_ascii=False).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()}"'


def prometheus() -> Response:
    """Metrics of all worker processes."""
    return Response(metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE_LATEST})


def openapi(app: FastAPI) -> dict[str, Any]:
    """Return the published contract, OpenAPI 3.1: the routes of `app` and those BentoML answers."""
    screen = _route("/v1/screen", _screen, "Screen up to 256 documents")
    reports = _route(
        "/v1/reports", describe_store_reports, "Store up to 256 reports, all or none", status_code=202
    )
    purge = _route("/v1/reports/{report_id}/purge", describe_purge_report, "Remove the words of a report")
    changes = [
        _route(path, described, summary, method=method, status_code=status_code, refusals=REFUSALS)
        for method, path, described, summary, status_code in DESCRIBED
    ]
    search = _route("/v1/reports/search", describe_search_reports, "Stored reports, page by page")
    campaigns = _route("/v1/campaigns/search", describe_search_campaigns, "One line a campaign")
    redact = _route("/v1/redact", _redact, "Take what identifies people out of up to 256 documents")
    contract = get_openapi(
        title=app.title,
        version=app.version,
        description=f"{DISCLAIMER_EN}\n\n{DISCLAIMER_TH}",
        routes=[screen, redact, reports, purge, *changes, search, campaigns, *app.routes],
    )
    _say_what_is_needed(contract)
    return contract


def _say_what_is_needed(contract: dict[str, Any]) -> None:
    """Add to the contract that its operations want a key, and which scope it needs."""
    scheme = {"type": "http", "scheme": "bearer", "description": "ssk_..., made by `scamscreen keys create`"}
    contract["components"]["securitySchemes"] = {"key": scheme}
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            needed = ROUTES[path].needs[method.upper()]
            key = {"key": [needed] if needed else []}
            operation["security"] = [] if ROUTES[path].always_open else [key]


def _route(
    path: str,
    described: Callable[..., Any],
    summary: str,
    *,
    method: str = "POST",
    status_code: int = 200,
    refusals: Mapping[int | str, str] = MappingProxyType({}),
) -> APIRoute:
    return APIRoute(
        path,
        described,
        methods=[method],
        summary=summary,
        status_code=status_code,
        responses={
            status: {
                "description": description,
                "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
            }
            for status, description in {**_REFUSALS, **refusals}.items()
        },
    )


_REFUSALS: dict[int | str, str] = {
    400: "The body is not JSON",
    401: "No valid key",
    403: "The key lacks the scope; or not a program on this machine (open mode)",
    409: "The Idempotency-Key came before with another body; or a legal hold keeps the report",
    413: "The body is too large",
    415: "The body is not declared as JSON",
    422: "The envelope is wrong, or has over 256 documents",
    429: "Too many documents wait already, the key asks too often, or too many keys were wrong: nothing was "
    "done, send it again after Retry-After seconds",
    503: "The service ends, or its store does not answer",
    504: "Not answered in time",
}


def _screen(request: ScreenRequest) -> ScreenResponse:
    """One record per document, in order; a document that cannot be screened gets an error in its place."""
    raise NotImplementedError  # described here, answered by serving.service


def _redact(request: RedactRequest) -> RedactResponse:
    """One redacted text per document, in order; a document that cannot be read gets an error in its place."""
    raise NotImplementedError  # described here, answered by serving.service
