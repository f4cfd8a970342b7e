"""One report: its words and what they show, what people did with it, and what is to be done."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from models.screening import Screening
from models.taxonomy import ENTITY_TYPES, INDICATORS, LABELS
from serving.console.decisions import decide
from serving.console.names import priority_names, status_names
from serving.console.shown import Shown, shown
from serving.console.visit import PageRoute, Visit
from serving.reports import case_work
from serving.schemas.changes import ReferralIn, ReportChange
from serving.store.casework.states import next_by_hand

_OK, _SEE_OTHER, _CONFLICT = 200, 303, 409
_MOST_CHIPS: Final = 9
_LEAST_CHIP: Final = 0.02


@dataclass(frozen=True, slots=True)
class Chip:
    """A label that a key takes away or adds.

    Attributes:
        proba: None if the model said nothing of it.
        is_on: it holds, as far as is known.
    """

    code: str
    proba: float | None
    is_on: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A report, ready to be shown.

    Attributes:
        told: what the service tells of it.
        shown: what its newest screening says; None if there is none, or its words may not be shown.
        text: in whole, or None.
        chips: the labels that are likely, those that hold first.
    """

    told: dict[str, Any] = field(repr=False)
    shown: Shown | None = field(repr=False)
    text: str | None = field(repr=False)
    chips: tuple[Chip, ...]


def item_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/items/{report_id}", show_item, methods=["GET"])
    router.add_api_route("/items/{report_id}/pane", show_pane, methods=["GET"])
    router.add_api_route("/items/{report_id}/change", change_item, methods=["POST"])
    router.add_api_route("/items/{report_id}/refer", refer_item, methods=["POST"])
    return router


async def show_item(request: Request, report_id: str) -> Response:
    """Show a report with its past."""
    return await _whole_page(Visit(request), report_id)


async def show_pane(request: Request, report_id: str) -> Response:
    """Show a report beside the queue."""
    visit = Visit(request)
    return visit.page("_item.html", **_context(visit, await _item(visit, report_id)))


async def change_item(request: Request, report_id: str) -> Response:
    """Change a report by one of the forms of its page, then show it."""
    visit = Visit(request)
    form = await visit.form()
    asked: dict[str, Any] = {
        name: value
        for name in ("status", "priority", "reason", "note", "safe_to_contact")
        if (value := str(form.get(name) or "").strip())
    }
    if "assignee" in form:
        asked["assignee"] = str(form["assignee"]).strip()
    if form.get("with_labels"):
        asked["labels"] = [str(code) for code in form.getlist("labels")]
    if spans := form.get("spans"):
        asked["spans"] = json.loads(str(spans))
    try:
        change = ReportChange.of_body(json.dumps(asked).encode())
        version = int(str(form.get("version", "")))
    except (ValidationError, ValueError):
        return await _whole_page(visit, report_id, refused="not_as_described")
    [decided] = await decide(visit.desk, visit.caller.actor, [(report_id, version)], change)
    if decided.refused:
        return await _whole_page(visit, report_id, refused=decided.refused)
    return RedirectResponse(f"/items/{report_id}", _SEE_OTHER)


async def refer_item(request: Request, report_id: str) -> Response:
    """Write a referral down, then show the report."""
    visit = Visit(request)
    form = await visit.form()
    asked = {
        "to_agency": str(form.get("to_agency") or ""),
        "police": form.get("police") == "yes",
        "redaction": str(form.get("redaction") or ""),
        "without_consent": str(form.get("without_consent") or "") or None,
        "reason": str(form.get("reason") or "") or None,
    }
    try:
        referral = ReferralIn.of_body(json.dumps(asked).encode())
        seen = {int(str(form.get("version", "")))}
    except (ValidationError, ValueError):
        return await _whole_page(visit, report_id, refused="not_as_described")
    await case_work.make_referral(
        visit.desk, visit.caller.actor, report_id, referral, seen, with_pii=visit.caller.has_pii
    )
    return RedirectResponse(f"/items/{report_id}", _SEE_OTHER)


async def _whole_page(visit: Visit, report_id: str, *, refused: str = "") -> Response:
    """Show a report with its past, and why it was not changed, if somebody tried to."""
    actor, with_pii = visit.caller.actor, visit.caller.has_pii
    item = await _item(visit, report_id)
    return visit.page(
        "item.html",
        status_code=_CONFLICT if refused else _OK,
        refused=refused,
        history=(await case_work.steps(visit.desk, actor, report_id, with_pii=with_pii))["entries"],
        referrals=(await case_work.referrals(visit.desk, actor, report_id, with_pii=with_pii))["referrals"],
        custody=await visit.desk.custody(actor, report_id),
        **_context(visit, item),
    )


async def _item(visit: Visit, report_id: str) -> Item:
    told = await visit.desk.report(visit.caller.actor, report_id, with_pii=visit.caller.has_pii)
    record, text = told["screening"], told["text"]
    if text is None and told["ocr"]:
        text = told["ocr"]["text"]
    has_words = record is not None and "error" not in record and text is not None
    screening = Screening.from_dict(record) if has_words else None
    return Item(
        told=told,
        shown=shown(screening, text, visit.language) if screening else None,
        text=text,
        chips=_chips(told),
    )


def _chips(told: dict[str, Any]) -> tuple[Chip, ...]:
    record = told["screening"] or {}
    probas: dict[str, float] = record.get("labels", {})
    known = told["labelling"] or record
    on = (
        [*known.get("labels", ()), *known.get("context_labels", ())]
        if told["labelling"]
        else [*record.get("flags", ()), *record.get("context_labels", ())]
    )
    likely = sorted(probas, key=lambda code: -probas[code])
    others = [code for code in likely if code not in on and probas[code] >= _LEAST_CHIP]
    codes = [*on, *others][: max(_MOST_CHIPS, len(on))]
    return tuple(Chip(code, probas.get(code), code in on) for code in codes)


def _context(visit: Visit, item: Item) -> dict[str, Any]:
    return {
        "item": item,
        "told": item.told,
        "shown": item.shown,
        "status_names": status_names(visit.language),
        "priority_names": priority_names(visit.language),
        "next_states": next_by_hand(item.told["status"]),
        "labels": LABELS,
        "span_codes": (*LABELS, *INDICATORS, *ENTITY_TYPES),
    }
