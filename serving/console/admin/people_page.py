"""The people of an organisation: who may do what, and a form for one more."""

import secrets
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from serving.clock import now_ms
from serving.console.admin.forms import fault_of, organisation_of, reach, scopes_of, text_of
from serving.console.admin.person_page import person_page
from serving.console.admin.refusals import refusals
from serving.console.languages import chosen_language
from serving.console.passwords import MOST_CHARS, hashed_password
from serving.console.visit import PageRoute, Visit
from serving.store.access import people
from serving.store.access.callers import SCOPES
from serving.store.access.password_links import make_password_link
from serving.store.errors import TakenError
from serving.store.organisations import listed_organisations
from serving.store.sealing import Keyring

_UNGUESSED_BYTES: Final = 32


def people_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/admin/people", show_people, methods=["GET"])
    router.add_api_route("/admin/people", add_person, methods=["POST"])
    return router


async def show_people(request: Request) -> Response:
    """Show who may sign in."""
    return await _page(Visit(request))


async def add_person(request: Request) -> Response:
    """Add a person; without a password for them, show the link by which they choose their own."""
    visit = Visit(request)
    form = await visit.form()
    name, scopes = text_of(form, "name"), scopes_of(form)
    password = str(form.get("password") or "")[:MOST_CHARS]
    locale = chosen_language(str(form.get("locale") or "")) or visit.language
    if refused := _fault(name, scopes, password):
        return await _page(visit, refused, form)
    kept = await hashed_password(visit.desk, name, password or secrets.token_urlsafe(_UNGUESSED_BYTES))
    by = visit.caller.actor

    def added(connection: Connection, keyring: Keyring) -> tuple[int, str]:
        person = people.add_person(
            connection,
            keyring,
            organisation_of(connection, visit, form),
            name=name,
            password=kept,
            scopes=scopes,
            locale=locale.choice,
            by=by,
            now_ms=now_ms(),
        )
        if password:
            return person.id, ""
        return person.id, make_password_link(connection, keyring, person, by=by, now_ms=now_ms())

    try:
        person_id, token = await visit.desk.write(added)
    except TakenError:
        return await _page(visit, "taken", form)
    if token:
        return await person_page(visit, person_id, token=token)
    return visit.redirect(f"/admin/people/{person_id}")


def _fault(name: str, scopes: list[str], password: str) -> str:
    """Return a code of what is wrong with a new person, or ""."""
    if fault := fault_of(name, scopes):
        return fault
    return "password" if password and len(password) < people.LEAST_CHARS else ""


async def _page(visit: Visit, refused: str = "", form: FormData | None = None) -> Response:
    organisation_id = reach(visit)

    def asked(connection: Connection, _: Keyring) -> dict[str, Any]:
        return {
            "people": people.listed_people(connection, organisation_id),
            "organisations": listed_organisations(connection) if organisation_id is None else [],
        }

    return visit.page(
        "admin_people.html",
        status_code=422 if refused else 200,
        **await visit.desk.read(asked),
        scopes=SCOPES,
        refused=refusals(visit.language)[refused],
        name=text_of(form, "name") if form else "",
        ticked=scopes_of(form) if form else ["screen", "review", "pii"],
    )
