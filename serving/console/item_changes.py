"""What the forms of an item change: labels and marks, notes, referrals, checked numbers, what is withheld."""

import json
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from models.taxonomy import ENTITY_TYPES
from serving.clock import now_ms
from serving.console.decisions import decide
from serving.console.item_page import item_page
from serving.console.visit import PageRoute, Visit
from serving.reports import case_work
from serving.schemas.changes import ReferralChange, ReferralIn, ReportChange
from serving.store.casework.number_checks import ReadNumber, check_number
from serving.store.casework.withholding import show_again, withhold
from serving.store.errors import RefusedChangeError

NOT_AS_DESCRIBED: Final = "not_as_described"
_MOST_REASON_CHARS: Final = 2_000


def item_changes_router() -> APIRouter:
    """Return the routes that change a report; each shows it then."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    of_item = "/items/{report_id}"
    router.add_api_route(f"{of_item}/change", change_item, methods=["POST"])
    router.add_api_route(f"{of_item}/refer", refer_item, methods=["POST"])
    router.add_api_route(f"{of_item}/referrals/{{referral_id}}", tell_referral, methods=["POST"])
    router.add_api_route(f"{of_item}/check", check_item_number, methods=["POST"])
    router.add_api_route(f"{of_item}/withhold", withhold_item, methods=["POST"])
    router.add_api_route(f"{of_item}/show-again", show_item_again, methods=["POST"])
    return router


async def change_item(request: Request, report_id: str) -> Response:
    """Change a report by one of the forms of its page."""
    visit = Visit(request)
    form = await visit.form()
    asked: dict[str, Any] = {
        name: value
        for name in ("status", "priority", "reason", "note", "safe_to_contact")
        if (value := _field(form, name))
    }
    if "assignee" in form:
        asked["assignee"] = _field(form, "assignee")
    if form.get("with_labels"):
        asked["labels"] = [str(code) for code in form.getlist("labels")]
    try:
        if spans := _field(form, "spans"):
            asked["spans"] = json.loads(spans)
        change = ReportChange.of_body(json.dumps(asked).encode())
        version = int(_field(form, "version"))
    except (ValidationError, ValueError, RecursionError):
        return await item_page(visit, report_id, refused=NOT_AS_DESCRIBED)
    [decided] = await decide(visit.desk, visit.caller.actor, [(report_id, version)], change)
    if decided.refused:
        return await item_page(visit, report_id, refused=decided.refused)
    return visit.redirect(f"/items/{report_id}")


async def refer_item(request: Request, report_id: str) -> Response:
    """Write a referral down."""
    visit = Visit(request)
    form = await visit.form()
    asked = {
        "to_agency": _field(form, "to_agency"),
        "police": form.get("police") == "yes",
        "redaction": _field(form, "redaction"),
        "without_consent": _field(form, "without_consent") or None,
        "reason": _field(form, "reason") or None,
    }
    try:
        referral = ReferralIn.of_body(json.dumps(asked).encode())
        seen = {int(_field(form, "version"))}
    except (ValidationError, ValueError):
        return await item_page(visit, report_id, refused=NOT_AS_DESCRIBED)
    try:
        await case_work.make_referral(
            visit.desk, visit.caller.actor, report_id, referral, seen, with_pii=visit.caller.has_pii
        )
    except RefusedChangeError as error:
        return await item_page(visit, report_id, refused=error.code)
    return visit.redirect(f"/items/{report_id}")


async def tell_referral(request: Request, report_id: str, referral_id: str) -> Response:
    """Write down what an agency says of a referral."""
    visit = Visit(request)
    form = await visit.form()
    answer = _field(form, "answer")
    asked = {
        "acknowledged": True if answer == "acknowledged" else None,
        "returned": True if answer == "returned" else None,
        "reason": (_field(form, "reason") or None) if answer == "returned" else None,
        "partner_ref": _field(form, "partner_ref") or None,
        "outcome": _field(form, "outcome") or None,
    }
    try:
        change = ReferralChange.of_body(json.dumps(asked).encode())
        seen = {int(_field(form, "version"))}
    except (ValidationError, ValueError):
        return await item_page(visit, report_id, refused=NOT_AS_DESCRIBED)
    try:
        await case_work.change_referral(
            visit.desk,
            visit.caller.actor,
            report_id,
            referral_id,
            asked=change,
            seen=seen,
            with_pii=visit.caller.has_pii,
        )
    except RefusedChangeError as error:
        return await item_page(visit, report_id, refused=error.code)
    return visit.redirect(f"/items/{report_id}")


async def check_item_number(request: Request, report_id: str) -> Response:
    """Write down that a number stands in the image as it was read."""
    visit = Visit(request)
    form = await visit.form()
    try:
        number = ReadNumber(
            _entity_type(_field(form, "type")), int(_field(form, "start")), int(_field(form, "end"))
        )
        seen = int(_field(form, "version"))
    except ValueError:
        return await item_page(visit, report_id, refused=NOT_AS_DESCRIBED)
    actor = visit.caller.actor
    try:
        await visit.desk.write(
            lambda connection, keyring: check_number(
                connection, keyring, actor, report_id, number, seen=seen, now_ms=now_ms()
            )
        )
    except RefusedChangeError as error:
        return await item_page(visit, report_id, refused=error.code)
    return visit.redirect(f"/items/{report_id}")


async def withhold_item(request: Request, report_id: str) -> Response:
    """Show nobody the words and the image of a report any more: they may show the abuse of a child."""
    visit = Visit(request)
    actor = visit.caller.actor
    await visit.desk.write(
        lambda connection, keyring: withhold(connection, keyring, actor, report_id, now_ms=now_ms())
    )
    return visit.redirect(f"/items/{report_id}")


async def show_item_again(request: Request, report_id: str) -> Response:
    """Withhold a report no longer, for a written reason."""
    visit = Visit(request)
    reason = _field(await visit.form(), "reason")[:_MOST_REASON_CHARS]
    actor = visit.caller.actor
    await visit.desk.write(
        lambda connection, keyring: show_again(connection, keyring, actor, report_id, reason, now_ms=now_ms())
    )
    return visit.redirect(f"/items/{report_id}")


def _field(form: FormData, name: str) -> str:
    return str(form.get(name) or "").strip()


def _entity_type(code: str) -> str:
    """Return the code of a type of entity.

    Raises:
        ValueError: it is none.
    """
    if code not in ENTITY_TYPES:
        raise ValueError("no type of entity")
    return code
