"""The audit as people read it, newest first; whether its chain is whole; and a file of it."""

import csv
import json
from collections.abc import AsyncIterator, Sequence
from io import StringIO
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection
from starlette.datastructures import FormData

from serving.console.admin.action_names import action_names
from serving.console.admin.chain_checks import MOST_LINKS, ChainChecks
from serving.console.admin.forms import number_of, text_of
from serving.console.visit import PageRoute, Visit
from serving.files.flat import without_formula
from serving.moment import iso
from serving.store.custody.audit_log import (
    LogEntry,
    LogFilters,
    LogPage,
    chain_length,
    listed_actors,
    read_log,
)
from serving.store.sealing import Keyring

MOST_IN_FILE: Final = 100_000
_PATH: Final = "/admin/audit"
_PAGE_LINKS: Final = 100
_FILE_LINKS: Final = 1_000
_HEAD: Final = ("number", "at", "by", "action", "about", "detail", "hmac_sha256")
_BYTE_ORDER_MARK: Final = "\ufeff"  # so that a spreadsheet reads UTF-8


class AuditPages:
    """The pages of the audit; they remember what was found in its chains."""

    def __init__(self) -> None:
        self._checks = ChainChecks()

    async def show(self, request: Request) -> Response:
        """Show the newest links, or those before and those that a form asks for."""
        visit = Visit(request)
        form = await visit.form() if request.method == "POST" else FormData()
        organisation_id, filters = visit.caller.actor.organisation_id, _filters(form)
        before = number_of(form, "before")

        def asked(connection: Connection, _: Keyring) -> dict[str, Any]:
            return {
                "page": read_log(connection, organisation_id, filters, limit=_PAGE_LINKS, before=before),
                "actors": listed_actors(connection, organisation_id),
                "links": chain_length(connection, organisation_id),
            }

        return visit.page(
            "admin_audit.html",
            **await visit.desk.read(asked),
            filters=filters,
            actions=action_names(visit.language),
            checked=self._checks.found(organisation_id),
            is_checking=self._checks.is_running(organisation_id),
            most_links=MOST_LINKS,
            most_in_file=MOST_IN_FILE,
        )

    async def check(self, request: Request) -> Response:
        """Look through the chain, if it is not too long for that, and go back."""
        visit = Visit(request)
        organisation_id = visit.caller.actor.organisation_id
        links = await visit.desk.read(lambda connection, _: chain_length(connection, organisation_id))
        if links <= MOST_LINKS:
            await self._checks.begin(visit.desk, organisation_id)
        return visit.redirect(_PATH)

    async def download(self, request: Request) -> Response:
        """Return the newest links that a form asks for as CSV; that it was done is a link of its own."""
        visit = Visit(request)
        filters = _filters(await visit.form())
        await visit.write_down("audit.exported", action=filters.action, person=filters.actor_id)
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return StreamingResponse(
            _lines(visit, filters), headers=headers, media_type="text/csv; charset=utf-8"
        )


def audit_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages = AuditPages()
    router.add_api_route(_PATH, pages.show, methods=["GET"])
    router.add_api_route(_PATH, pages.show, methods=["POST"])
    router.add_api_route(f"{_PATH}/check", pages.check, methods=["POST"])
    router.add_api_route(f"{_PATH}/file", pages.download, methods=["POST"])
    return router


def _filters(form: FormData) -> LogFilters:
    return LogFilters(text_of(form, "action"), number_of(form, "person"), text_of(form, "report"))


async def _lines(visit: Visit, filters: LogFilters) -> AsyncIterator[str]:
    """Yield CSV, some links at a time, so that neither memory nor anybody else waits."""
    organisation_id = visit.caller.actor.organisation_id
    yield _BYTE_ORDER_MARK + _csv([_HEAD])
    before: int | None = None
    for _ in range(MOST_IN_FILE // _FILE_LINKS):
        page = await _page(visit, organisation_id, filters, before)
        yield _csv([_cells(entry) for entry in page.entries])
        before = page.before
        if before is None:
            break


async def _page(visit: Visit, organisation_id: int, filters: LogFilters, before: int | None) -> LogPage:
    return await visit.desk.read(
        lambda connection, _: read_log(connection, organisation_id, filters, limit=_FILE_LINKS, before=before)
    )


def _cells(entry: LogEntry) -> tuple[str, ...]:
    detail = json.dumps(entry.detail, sort_keys=True, ensure_ascii=False)
    named = (entry.by, entry.action, entry.about, detail)
    return (str(entry.number), iso(entry.at_ms), *map(without_formula, named), entry.digest)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
