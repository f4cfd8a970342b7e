"""The routes beside those of the model: one FastAPI app, mounted at "/" by the service."""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.routing import APIRoute

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from models.taxonomy import taxonomy_document
from serving import metrics
from serving.api.change_routes import DESCRIBED, change_router
from serving.api.channel_routes import channel_router
from serving.api.contract import completed
from serving.api.custody_routes import custody_router, describe_purge_report
from serving.api.report_routes import describe_store_reports, report_router
from serving.api.search_routes import describe_search_campaigns, describe_search_reports, search_router
from serving.api.webhook_routes import webhook_router
from serving.schemas.documents import RedactRequest, ScreenRequest
from serving.schemas.records import RedactResponse, ScreenResponse
from serving.schemas.taxonomy import TaxonomyRecord

API_VERSION = "1.0.0"


def create_app() -> FastAPI:
    """Return the app; its pages of documentation are off, since they load scripts from another host.

    The desk of stored reports is to be put into its state as `desk`.
    """
    app = FastAPI(title="ScamScreen", version=API_VERSION, openapi_url=None, docs_url=None, redoc_url=None)
    app.add_api_route(
        "/v1/taxonomy",
        taxonomy,
        response_model=TaxonomyRecord,
        responses={304: {"description": "If-None-Match names it as it is"}},
        summary="Codes, definitions and crosswalks",
    )
    app.add_api_route(
        "/metrics",
        prometheus,
        response_class=PlainTextResponse,
        summary="Counts for Prometheus",
    )
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
    described = [
        _route("/v1/screen", _screen, "Screen up to 256 documents"),
        _route("/v1/redact", _redact, "Take what identifies people out of up to 256 documents"),
        _route("/v1/reports", describe_store_reports, "Store up to 256 reports or none", status_code=202),
        _route("/v1/reports/{report_id}/purge", describe_purge_report, "Remove the words of a report"),
        *(
            _route(path, change, summary, method=method, status_code=status_code)
            for method, path, change, summary, status_code in DESCRIBED
        ),
        _route("/v1/reports/search", describe_search_reports, "Stored reports, page by page"),
        _route("/v1/campaigns/search", describe_search_campaigns, "One line a campaign"),
        *(
            _route(path, _probe, summary, method=method, response_class=PlainTextResponse)
            for path, summary in (("/livez", "Whether it runs"), ("/readyz", "Whether it can screen"))
            for method in ("GET", "HEAD")
        ),
        _route("/openapi.json", _contract, "This contract", method="GET"),
    ]
    return completed(
        get_openapi(
            title=app.title,
            version=app.version,
            description=f"{DISCLAIMER_EN}\n\n{DISCLAIMER_TH}",
            license_info={"name": "Apache License 2.0", "identifier": "Apache-2.0"},
            routes=[*described, *app.routes],
        )
    )


def _route(
    path: str,
    described: Callable[..., Any],
    summary: str,
    *,
    method: str = "POST",
    status_code: int = 200,
    response_class: type[Response] = JSONResponse,
) -> APIRoute:
    return APIRoute(
        path,
        described,
        methods=[method],
        summary=summary,
        status_code=status_code,
        response_class=response_class,
    )


def _screen(request: ScreenRequest) -> ScreenResponse:
    """One record per document, in order; a document that cannot be screened gets an error in its place."""
    raise NotImplementedError  # described here, answered by serving.service


def _redact(request: RedactRequest) -> RedactResponse:
    """One redacted text per document, in order; a document that cannot be read gets an error in its place."""
    raise NotImplementedError  # described here, answered by serving.service


def _probe() -> str:
    """Answers anybody, without a key."""
    raise NotImplementedError  # answered by BentoML


def _contract() -> dict[str, Any]:
    """OpenAPI 3.1."""
    raise NotImplementedError  # made of all that is described
