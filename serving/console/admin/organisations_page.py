"""The organisations that reports belong to, and who lets whom read theirs."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from models.errors import InputError
from serving.clock import now_ms
from serving.console.admin.forms import is_sure, reach, text_of
from serving.console.admin.refusals import refusals
from serving.console.visit import PageRoute, Visit
from serving.store.access.grants import end_reading, grant_reading, listed_grants
from serving.store.errors import NotFoundError, TakenError
from serving.store.organisations import listed_organisations, organisation_named, register_organisation
from serving.store.sealing import Keyring

_PATH: Final = "/admin/organisations"


def organisations_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route(_PATH, show_organisations, methods=["GET"])
    router.add_api_route(_PATH, change_organisations, methods=["POST"])
    return router


async def show_organisations(request: Request) -> Response:
    """Show all to the local administrator, and to others what concerns their own."""
    return await _page(Visit(request))


async def change_organisations(request: Request) -> Response:
    """Add an organisation, or let one read the reports of another, or no longer; the local administrator may.

    Raises:
        NotFoundError: somebody else asks, for whom there is no such form.
    """
    visit = Visit(request)
    if reach(visit) is not None:
        raise NotFoundError("only the local administrator changes organisations")
    form = await visit.form()
    do = str(form.get("do") or "")
    refused = {"add": "organisation", "grant": "grant", "end": "grant"}.get(do, "not_as_described")
    if do == "end" and not is_sure(form):
        return await _page(visit, "sure")
    try:
        await _changed(visit, do, form)
    except (InputError, TakenError, NotFoundError):
        return await _page(visit, refused)
    return visit.redirect(_PATH)


async def _changed(visit: Visit, do: str, form: FormData) -> None:
    """Do what a form asks for.

    Raises:
        InputError: there is no such form, or what it sent cannot be used.
        NotFoundError: there is no such organisation or grant.
        TakenError: there is an organisation of this name or prefix.
    """
    by, now = visit.caller.actor, now_ms()

    def added(connection: Connection, keyring: Keyring) -> None:
        prefix = text_of(form, "prefix")
        register_organisation(connection, keyring, text_of(form, "name"), prefix, by=by, now_ms=now)

    def granted(connection: Connection, keyring: Keyring) -> None:
        owner_id, reader_id = _both(connection, form)
        with_words = form.get("with_words") == "yes"
        grant_reading(connection, keyring, owner_id, reader_id, with_words=with_words, by=by, now_ms=now)

    def ended(connection: Connection, keyring: Keyring) -> None:
        owner_id, reader_id = _both(connection, form)
        end_reading(connection, keyring, owner_id, reader_id, by=by, now_ms=now)

    change = {"add": added, "grant": granted, "end": ended}.get(do)
    if change is None:
        raise InputError("expected one of the forms of the page")
    await visit.desk.write(change)


def _both(connection: Connection, form: FormData) -> tuple[int, int]:
    owner, reader = text_of(form, "owner"), text_of(form, "reader")
    return organisation_named(connection, owner), organisation_named(connection, reader)


async def _page(visit: Visit, refused: str = "") -> Response:
    session = visit.session
    own = session.organisation if session and reach(visit) is not None else None

    def asked(connection: Connection, _: Keyring) -> dict[str, Any]:
        every = listed_organisations(connection)
        grants = listed_grants(connection)
        return {
            "organisations": [one for one in every if own in (None, one[0])],
            "grants": [one for one in grants if own in (None, one.owner, one.reader)],
        }

    return visit.page(
        "admin_organisations.html",
        status_code=422 if refused else 200,
        **await visit.desk.read(asked),
        may_change=own is None,
        refused=refusals(visit.language)[refused],
    )
