"""The keys of programs: made, shown once, replaced and revoked."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from models.errors import InputError
from serving.access.key_limits import parsed_limits
from serving.clock import DAY_MS, HOUR_MS, now_ms
from serving.console.admin.forms import (
    fault_of,
    is_sure,
    number_of,
    organisation_of,
    reach,
    scopes_of,
    text_of,
)
from serving.console.admin.refusals import refusals
from serving.console.visit import PageRoute, Visit
from serving.store.access import credentials
from serving.store.access.callers import SCOPES
from serving.store.access.credentials import API_KEY, NewKey
from serving.store.errors import TakenError
from serving.store.organisations import add_actor, listed_organisations
from serving.store.sealing import Keyring

_DAYS: Final = (30, 90, 365, 730)
_OVERLAP_HOURS: Final = (1, 24, 168, 336)


def keys_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/admin/keys", show_keys, methods=["GET"])
    router.add_api_route("/admin/keys", change_keys, methods=["POST"])
    return router


async def show_keys(request: Request) -> Response:
    """Show which programs may ask the service what."""
    return await _page(Visit(request))


async def change_keys(request: Request) -> Response:
    """Make, replace or revoke a key."""
    visit = Visit(request)
    form = await visit.form()
    match str(form.get("do") or ""):
        case "create":
            return await _created(visit, form)
        case "rotate":
            return await _rotated(visit, form)
        case "revoke":
            return await _revoked(visit, form)
    return await _page(visit, "not_as_described")


async def _created(visit: Visit, form: FormData) -> Response:
    name, scopes, limits = text_of(form, "name"), scopes_of(form), text_of(form, "limits")
    days, now = number_of(form, "days"), now_ms()
    if refused := _fault(name, scopes, limits):
        return await _page(visit, refused, form)

    def created(connection: Connection, keyring: Keyring) -> NewKey:
        organisation_id = organisation_of(connection, visit, form)
        owner = credentials.key_owner(connection, organisation_id, name) or add_actor(
            connection, organisation_id, name, kind="machine", role=API_KEY, now_ms=now
        )
        return credentials.create_key(
            connection,
            keyring,
            owner,
            scopes,
            by=visit.caller.actor,
            now_ms=now,
            expires_ms=now + days * DAY_MS if days in _DAYS else None,
            limits=limits,
        )

    try:
        new = await visit.desk.write(created)
    except TakenError:
        return await _page(visit, "key_taken", form)
    return await _page(visit, new=new)


async def _rotated(visit: Visit, form: FormData) -> Response:
    hours = number_of(form, "overlap")
    if hours is None or hours not in _OVERLAP_HOURS:
        return await _page(visit, "not_as_described")
    new = await visit.desk.write(
        lambda connection, keyring: credentials.rotate_key(
            connection,
            keyring,
            text_of(form, "id"),
            by=visit.caller.actor,
            now_ms=now_ms(),
            overlap_ms=hours * HOUR_MS,
            organisation_id=reach(visit),
        )
    )
    return await _page(visit, new=new)


async def _revoked(visit: Visit, form: FormData) -> Response:
    if not is_sure(form):
        return await _page(visit, "sure")
    await visit.desk.write(
        lambda connection, keyring: credentials.revoke_key(
            connection,
            keyring,
            text_of(form, "id"),
            by=visit.caller.actor,
            now_ms=now_ms(),
            organisation_id=reach(visit),
        )
    )
    return visit.redirect("/admin/keys")


def _fault(name: str, scopes: list[str], limits: str) -> str:
    """Return a code of what is wrong with a new key, or ""."""
    if fault := fault_of(name, scopes):
        return fault
    try:
        if limits:
            parsed_limits(limits)
    except InputError:
        return "limits"
    return ""


async def _page(
    visit: Visit, refused: str = "", form: FormData | None = None, new: NewKey | None = None
) -> Response:
    organisation_id = reach(visit)

    def asked(connection: Connection, _: Keyring) -> dict[str, Any]:
        return {
            "keys": credentials.listed_keys(connection, now_ms=now_ms(), organisation_id=organisation_id),
            "organisations": listed_organisations(connection) if organisation_id is None else [],
        }

    return visit.page(
        "admin_keys.html",
        status_code=422 if refused else 200,
        **await visit.desk.read(asked),
        scopes=SCOPES,
        days=_DAYS,
        overlap_hours=_OVERLAP_HOURS,
        default_limits=visit.request.app.state.settings.key_limits,
        refused=refusals(visit.language)[refused],
        name=text_of(form, "name") if form else "",
        limits=text_of(form, "limits") if form else "",
        ticked=scopes_of(form) if form else ["screen"],
        new=new,
    )
