"""One report: its words and what they show, what people did with it, and a copy without names and numbers."""

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from models.redaction import Redactor
from models.taxonomy import ENTITY_TERMS, INDICATOR_TERMS, LABEL_TERMS, LABELS
from serving.clock import now_ms
from serving.console.guidance import own_guidance
from serving.console.item import Item, read_item
from serving.console.names import code_names, item_names, kind_names, priority_names, status_names
from serving.console.passages import HARD, kind_of
from serving.console.past import past_lines
from serving.console.redacted import to_be_taken_out
from serving.console.visit import PageRoute, Visit
from serving.reports import case_custody, case_work
from serving.reports.derived_texts import MOST_TO_SEARCH
from serving.schemas.custody import CustodyRecord
from serving.store.casework.states import next_by_hand

NOT_REDACTED: Final = "not_redacted"
_NOT_MADE: Final = 409


def item_router() -> APIRouter:
    """Return the routes that show a report."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/items/{report_id}", show_item, methods=["GET"])
    router.add_api_route("/items/{report_id}/pane", show_pane, methods=["GET"])
    router.add_api_route("/items/{report_id}/redacted", show_redacted, methods=["GET"])
    return router


async def show_item(request: Request, report_id: str) -> Response:
    """Show a report with its past."""
    return await item_page(Visit(request), report_id)


async def show_pane(request: Request, report_id: str) -> Response:
    """Show a report beside the queue."""
    visit = Visit(request)
    item = await read_item(visit, report_id, with_beside=False)
    return visit.page("_item.html", **await _context(visit, item), is_page=False)


async def show_redacted(request: Request, report_id: str) -> Response:
    """Show the text of a report without what identifies people, to be copied or printed."""
    visit = Visit(request)
    item = await read_item(visit, report_id, with_beside=False)
    if item.record is None or item.text is None or item.shown is None:
        return await item_page(visit, report_id, refused=NOT_REDACTED)
    entities = to_be_taken_out(item.record, item.text, item.shown.marks)
    if len(item.text) * len(entities) > MOST_TO_SEARCH:
        return await item_page(visit, report_id, refused=NOT_REDACTED)
    redacted = await asyncio.to_thread(Redactor().redact, item.text, entities)
    return visit.page("redacted.html", told=item.told, text=redacted.text, printed_ms=now_ms())


async def item_page(visit: Visit, report_id: str, refused: str = "") -> Response:
    """Return the page of a report; `refused` is a code of why it was not changed."""
    actor, with_pii = visit.caller.actor, visit.caller.has_pii
    item = await read_item(visit, report_id, with_beside=True)
    steps = await case_work.steps(visit.desk, actor, report_id, with_pii=with_pii)
    custody = None
    if item.is_ours:
        custody = CustodyRecord.of(await case_custody.custody(visit.desk, actor, report_id))
    return visit.page(
        "item.html",
        status_code=_NOT_MADE if refused else 200,
        **await _context(visit, item),
        is_page=True,
        refused=refused,
        history=past_lines(steps["entries"], visit.language),
        referrals=(await case_work.referrals(visit.desk, actor, report_id, with_pii=with_pii))["referrals"],
        screenings=(await case_work.screenings(visit.desk, actor, report_id, with_pii=with_pii))[
            "screenings"
        ],
        custody=custody,
        groups=[
            (kind_of(terms[0].code), [term.code for term in terms])
            for terms in (LABEL_TERMS, INDICATOR_TERMS, ENTITY_TERMS)
        ],
        group_names=kind_names(visit.language),
        item_names=item_names(visit.language),
        hard_codes=" ".join(HARD),
        printed_ms=now_ms(),
    )


async def _context(visit: Visit, item: Item) -> dict[str, Any]:
    is_guided = item.told["withheld_at"] is not None or (item.shown is not None and bool(item.shown.guided))
    return {
        "own_guidance": await own_guidance(visit) if is_guided else {},
        "item": item,
        "told": item.told,
        "shown": item.shown,
        "status_names": status_names(visit.language),
        "priority_names": priority_names(visit.language),
        "code_names": code_names(visit.language),
        "next_states": next_by_hand(item.told["status"]),
        "labels": LABELS,
    }
