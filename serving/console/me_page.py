"""What people change of their own: password, code of the telephone, and where they are signed in."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from models.errors import InputError
from serving.clock import now_ms
from serving.console.admin.forms import number_of
from serving.console.admin.refusals import refusals
from serving.console.known_here import remember
from serving.console.passwords import MOST_CHARS, hashed_password, is_password_of
from serving.console.telephone_code import telephone_code
from serving.console.visit import PageRoute, Visit
from serving.store.access.administration import person_of
from serving.store.access.callers import SCOPES
from serving.store.access.code_offers import Offer, confirm_code, offer_code, open_offer
from serving.store.access.people import LEAST_CHARS, drop_code, set_password
from serving.store.access.sessions import Session, begin_session, end_session_of, listed_sessions
from serving.store.errors import RefusedChangeError
from serving.store.sealing import Keyring


def me_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/me", show_me, methods=["GET"])
    router.add_api_route("/me", change_me, methods=["POST"])
    return router


async def show_me(request: Request) -> Response:
    """Show a person what is known of them."""
    return await _page(Visit(request))


async def change_me(request: Request) -> Response:
    """Do what one of the forms asks for; whoever changes how they sign in types their present password."""
    visit = Visit(request)
    session = visit.own_session
    form = await visit.form()
    do = str(form.get("do") or "")
    if do == "end_session":
        return await _ended(visit, form)
    if session.is_local or do not in ("password", "code", "confirm_code", "drop_code"):
        return await _page(visit, "not_as_described")
    if do == "confirm_code":
        return await _confirmed(visit, session, form)
    present = str(form.get("present") or "")[:MOST_CHARS]
    if not await is_password_of(visit.desk, session.name, present):
        return await _page(visit, "wrong_password")
    if do == "password":
        return await _new_password(visit, session, form)
    return await _code(visit, session, is_wanted=do == "code")


async def _code(visit: Visit, session: Session, *, is_wanted: bool) -> Response:
    """Show the secret of a telephone, which does not count yet; or ask for no code any longer."""
    if is_wanted:
        offer = await visit.desk.read(
            lambda _, keyring: offer_code(keyring, session.name, session.id, now_ms=now_ms())
        )
        return await _page(visit, offer=offer)
    await visit.desk.write(
        lambda connection, keyring: drop_code(
            connection, keyring, session.name, by=session.caller.actor, now_ms=now_ms()
        )
    )
    return visit.redirect("/me")


async def _confirmed(visit: Visit, session: Session, form: FormData) -> Response:
    """Ask for codes of the telephone from now on, once it has shown that it makes the right ones."""
    token, code = str(form.get("offer") or ""), "".join(str(form.get("code") or "").split())
    try:
        offer = await visit.desk.read(
            lambda _, keyring: open_offer(keyring, session.name, session.id, token, now_ms=now_ms())
        )
    except RefusedChangeError as error:
        return await _page(visit, error.code)
    actor = session.caller.actor
    try:
        await visit.desk.write(
            lambda connection, keyring: confirm_code(
                connection, keyring, offer, code, by=actor, now_ms=now_ms()
            )
        )
    except RefusedChangeError as error:
        return await _page(visit, error.code, offer=offer)
    return visit.redirect("/me")


async def _new_password(visit: Visit, session: Session, form: FormData) -> Response:
    """Change the password; every session ends, and a new one begins in this browser."""
    typed = str(form.get("password") or "")[:MOST_CHARS]
    if typed != str(form.get("again") or "")[:MOST_CHARS]:
        return await _page(visit, "differ")
    try:
        password = await hashed_password(visit.desk, session.name, typed)
    except InputError:
        return await _page(visit, "password")
    actor, now = session.caller.actor, now_ms()

    def changed(connection: Connection, keyring: Keyring) -> str:
        set_password(connection, keyring, session.name, password, by=actor, now_ms=now)
        return begin_session(connection, keyring, actor, now_ms=now)

    token = await visit.desk.write(changed)
    visit.look_up_again()
    response = visit.redirect("/me")
    visit.keep_cookie(response, token)
    await remember(visit, response, actor)
    return response


async def _ended(visit: Visit, form: FormData) -> Response:
    """End one of their own sessions, here or elsewhere."""
    actor, session_id = visit.caller.actor, number_of(form, "session") or 0
    await visit.desk.write(
        lambda connection, keyring: end_session_of(
            connection, keyring, actor, session_id, by=actor, now_ms=now_ms()
        )
    )
    visit.look_up_again()
    return visit.redirect("/me")


async def _page(visit: Visit, refused: str = "", *, offer: Offer | None = None) -> Response:
    session = visit.own_session
    actor = session.caller.actor

    def asked(connection: Connection, _: Keyring) -> dict[str, Any]:
        is_person = not session.is_local
        return {
            "person": person_of(connection, actor.organisation_id, actor.id) if is_person else None,
            "sessions": listed_sessions(connection, actor, now_ms=now_ms()),
        }

    return visit.page(
        "me.html",
        status_code=422 if refused else 200,
        **await visit.desk.read(asked),
        scopes=[scope for scope in SCOPES if scope in session.caller.scopes],
        least_chars=LEAST_CHARS,
        refused=refusals(visit.language)[refused],
        code=telephone_code(offer.uri) if offer else None,
        offer=offer.token if offer else "",
    )
