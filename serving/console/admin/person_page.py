"""One person: what they may do, how they sign in, and where they are signed in now."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from models.errors import InputError
from serving.clock import now_ms
from serving.console.admin.forms import is_sure, reach
from serving.console.admin.person_changes import CHANGES, WANT_TO_BE_SURE, Asked
from serving.console.admin.refusals import refusals
from serving.console.languages import chosen_language
from serving.console.passwords import MOST_CHARS, hashed_password
from serving.console.telephone_code import telephone_code
from serving.console.visit import PageRoute, Visit
from serving.store.access.administration import person_of
from serving.store.access.callers import SCOPES
from serving.store.access.people import Hashed
from serving.store.access.sessions import listed_sessions
from serving.store.errors import RefusedChangeError
from serving.store.sealing import Keyring

_OF_INPUT: Final = {"scopes": "scopes", "password": "password"}


def person_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/admin/people/{person_id}", show_person, methods=["GET"])
    router.add_api_route("/admin/people/{person_id}", change_person, methods=["POST"])
    return router


async def show_person(request: Request, person_id: int) -> Response:
    """Show a person."""
    return await person_page(Visit(request), person_id)


async def change_person(request: Request, person_id: int) -> Response:
    """Do to a person what one of the forms of their page asks for."""
    visit = Visit(request)
    form = await visit.form()
    do = str(form.get("do") or "")
    change = CHANGES.get(do)
    if change is None or (do in WANT_TO_BE_SURE and not is_sure(form)):
        return await person_page(visit, person_id, refused="sure" if change else "not_as_described")
    typed = str(form.get("password") or "")[:MOST_CHARS]
    try:
        password = await _hashed(visit, person_id, typed) if do == "password" else None
        shown_once = await visit.desk.write(
            lambda connection, keyring: change(
                Asked(
                    connection,
                    keyring,
                    person_of(connection, reach(visit), person_id),
                    visit.caller.actor,
                    now_ms(),
                    form,
                    password,
                )
            )
        )
    except InputError:
        return await person_page(visit, person_id, refused=_OF_INPUT.get(do, "not_as_described"))
    except RefusedChangeError as error:
        return await person_page(visit, person_id, refused=error.code)
    if shown_once:
        of_link = do == "link"
        return await person_page(
            visit, person_id, token=shown_once if of_link else "", uri="" if of_link else shown_once
        )
    return visit.redirect(f"/admin/people/{person_id}")


async def _hashed(visit: Visit, person_id: int, typed: str) -> Hashed:
    """Return the password that a form holds for a person, ready to be kept.

    Raises:
        InputError: it is too short.
        NotFoundError: there is no such person for who sends it.
    """
    person = await visit.desk.read(lambda connection, _: person_of(connection, reach(visit), person_id))
    return await hashed_password(visit.desk, person.name, typed)


async def person_page(
    visit: Visit, person_id: int, *, refused: str = "", token: str = "", uri: str = ""
) -> Response:
    """Return the page of a person.

    Args:
        visit: of who looks after them.
        person_id: of a person they look after.
        refused: a code of why nothing was changed.
        token: of a link to choose a password, shown this once.
        uri: of the secret of their telephone, shown this once.

    Raises:
        NotFoundError: there is no such person for them.
    """

    def asked(connection: Connection, _: Keyring) -> dict[str, Any]:
        person = person_of(connection, reach(visit), person_id)
        return {"person": person, "sessions": listed_sessions(connection, person.actor, now_ms=now_ms())}

    found = await visit.desk.read(asked)
    chosen = chosen_language(found["person"].locale)
    address = visit.request.app.state.settings.console_url
    return visit.page(
        "admin_person.html",
        status_code=422 if refused else 200,
        **found,
        scopes=SCOPES,
        is_self=person_id == visit.caller.actor.id,
        their_language=chosen.tag if chosen else "",
        refused=refusals(visit.language)[refused],
        link=f"{address}/new-password#{token}" if token else "",
        code=telephone_code(uri) if uri else None,
    )
