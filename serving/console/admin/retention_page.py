"""How long reports are kept, what was purged lately, and the legal holds that keep some longer."""

from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from serving.clock import now_ms
from serving.console.admin.forms import is_sure, number_of, text_of
from serving.console.admin.refusals import refusals
from serving.console.periods import midnight
from serving.console.visit import PageRoute, Visit
from serving.store.custody.audit_log import listed_actors, listed_purges
from serving.store.custody.holds import place_hold, read_holds, release_hold
from serving.store.errors import NotFoundError, StoreError, StoreUnavailableError
from serving.store.sealing import Keyring

_PATH: Final = "/admin/retention"
_MOST_WORDS: Final = 2_000
_PURGES: Final = 50


def retention_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route(_PATH, show_retention, methods=["GET"])
    router.add_api_route(_PATH, change_holds, methods=["POST"])
    return router


async def show_retention(request: Request) -> Response:
    """Show what is kept how long."""
    return await _page(Visit(request))


async def change_holds(request: Request) -> Response:
    """Place a legal hold on a report, or release one."""
    visit = Visit(request)
    form = await visit.form()
    match str(form.get("do") or ""):
        case "place":
            refused = await _placed(visit, form)
        case "release":
            refused = await _released(visit, form)
        case _:
            refused = "not_as_described"
    return await _page(visit, refused, form) if refused else visit.redirect(_PATH)


async def _placed(visit: Visit, form: FormData) -> str:
    """Place a hold; return a code of why none was, or ""."""
    case, why, actor = text_of(form, "case"), text_of(form, "why", _MOST_WORDS), visit.caller.actor
    if not why:
        return "why"
    now, day = now_ms(), text_of(form, "until")
    until_ms = _end_of(day) if day else None
    if day and (until_ms is None or until_ms <= now):
        return "until"
    try:
        await visit.desk.write(
            lambda connection, keyring: place_hold(
                connection,
                keyring,
                actor,
                case,
                why=why,
                until_ms=until_ms,
                now_ms=now,
                organisation_id=actor.organisation_id,
            )
        )
    except StoreUnavailableError:
        raise
    except StoreError:
        return "no_report"
    return ""


async def _released(visit: Visit, form: FormData) -> str:
    """Release a hold; return a code of why none was, or ""."""
    if not is_sure(form):
        return "sure"
    actor, number = visit.caller.actor, number_of(form, "hold") or 0
    try:
        await visit.desk.write(
            lambda connection, keyring: release_hold(
                connection,
                keyring,
                actor,
                number,
                now_ms=now_ms(),
                organisation_id=actor.organisation_id,
            )
        )
    except NotFoundError:
        return ""  # it has ended meanwhile
    return ""


def _end_of(day: str) -> int | None:
    """Return when a day of Bangkok ends, or None if it is none."""
    try:
        begins = datetime.fromisoformat(midnight(day))
        return int((begins + timedelta(days=1)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


async def _page(visit: Visit, refused: str = "", form: FormData | None = None) -> Response:
    organisation_id = visit.caller.actor.organisation_id

    def asked(connection: Connection, keyring: Keyring) -> dict[str, Any]:
        return {
            "holds": read_holds(connection, keyring, now_ms=now_ms(), organisation_id=organisation_id),
            "purges": listed_purges(connection, organisation_id, limit=_PURGES),
            "names": dict(listed_actors(connection, organisation_id)),
        }

    settings = visit.request.app.state.settings
    return visit.page(
        "admin_retention.html",
        status_code=422 if refused else 200,
        **await visit.desk.read(asked),
        retention_days=settings.retention_days,
        event_days=settings.event_days,
        has_pii=visit.caller.has_pii,
        refused=refusals(visit.language)[refused],
        typed={name: text_of(form, name, _MOST_WORDS) if form else "" for name in ("case", "why", "until")},
    )
