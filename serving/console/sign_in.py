"""Signing in and out, the lock, and the language."""

from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from serving.clock import now_ms
from serving.console.known_here import known_by, remember
from serving.console.languages import chosen_language
from serving.console.passwords import HASHING, MOST_CHARS, CrowdedError, Door
from serving.console.visit import PageRoute, Visit
from serving.store.access.callers import Caller
from serving.store.access.sessions import (
    begin_session,
    end_session,
    is_known_link,
    lock_session,
    set_locale,
    use_link,
)
from serving.store.organisations import Actor
from serving.store.sealing import Keyring

_DOOR: Final = Door()


def sign_in_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/sign-in", show_sign_in, methods=["GET"])
    router.add_api_route("/sign-in", sign_in_by_password, methods=["POST"])
    router.add_api_route("/sign-in/link", sign_in_by_link, methods=["POST"])
    router.add_api_route("/sign-out", sign_out, methods=["POST"])
    router.add_api_route("/lock", lock, methods=["POST"])
    router.add_api_route("/language", choose_language, methods=["POST"])
    return router


async def show_sign_in(request: Request) -> Response:
    """Ask for a name, a password and a code; the link of the terminal is read by the page's script."""
    return _sign_in_page(Visit(request))


async def sign_in_by_password(request: Request) -> Response:
    """Begin a session of who shows a name, a password and, if it is asked for, a code."""
    visit = Visit(request)
    form = await visit.form()
    name, password, code = (str(form.get(field, ""))[:MOST_CHARS] for field in ("name", "password", "code"))
    known = await known_by(visit, name)

    async def attempt() -> Caller | None:
        async with HASHING:
            return await visit.desk.sign_in(name, password, code.replace(" ", ""), known)

    try:
        caller = await (attempt() if known else _DOOR.tried(attempt))
    except CrowdedError:
        return _sign_in_page(visit, is_crowded=True, name=name, status_code=503)
    if caller is None:
        visit.desk.gatekeeper.note_wrong_sign_in(request.client.host if request.client else "")
        return _sign_in_page(visit, is_wrong=True, name=name, status_code=401)
    response = await _begun(visit, caller.actor)
    if not known:
        await remember(visit, response, caller.actor)
    return response


async def sign_in_by_link(request: Request) -> Response:
    """Begin a session of who has the link that the terminal showed; it works once."""
    visit = Visit(request)
    token = str((await visit.form()).get("token", ""))[:MOST_CHARS]
    is_link = await visit.desk.read(lambda connection, keyring: is_known_link(connection, keyring, token))
    actor = None
    if is_link:  # nobody without one makes the store write
        actor = await visit.desk.write(
            lambda connection, keyring: use_link(connection, keyring, token, now_ms=now_ms())
        )
    if actor is None:
        return _sign_in_page(visit, is_old_link=True, status_code=401)
    return await _begun(visit, actor)


async def sign_out(request: Request) -> Response:
    """End the session."""
    visit = Visit(request)
    session = visit.own_session
    await visit.desk.write(
        lambda connection, keyring: end_session(connection, keyring, session, now_ms=now_ms())
    )
    visit.look_up_again()
    response = visit.redirect("/sign-in")
    visit.drop_cookie(response)
    return response


async def lock(request: Request) -> Response:
    """Show nothing more until the password is typed again."""
    visit = Visit(request)
    session = visit.own_session
    await visit.desk.write(lambda connection, _: lock_session(connection, session, now_ms=now_ms()))
    visit.look_up_again()
    return visit.redirect("/sign-in")


async def choose_language(request: Request) -> Response:
    """Remember which language somebody reads, and go back to where they were."""
    visit = Visit(request)
    form = await visit.form()
    chosen, back = chosen_language(str(form.get("language", ""))), str(form.get("back", "/"))
    is_own_path = back.startswith("/") and not back.startswith(("//", "/\\"))
    response = visit.redirect(back if is_own_path else "/")
    if chosen is None:
        return response
    if visit.session and not visit.session.is_locked:
        actor = visit.session.caller.actor
        await visit.desk.write(lambda connection, _: set_locale(connection, actor, chosen.choice))
        visit.look_up_again()
    visit.keep_language(response, chosen.choice)
    return response


async def _begun(visit: Visit, actor: Actor) -> Response:
    """Begin a session, end the one there was in this browser, and go to the first page."""
    before = visit.session

    def begin(connection: Connection, keyring: Keyring) -> str:
        if before:
            end_session(connection, keyring, before, now_ms=now_ms())
        return begin_session(connection, keyring, actor, now_ms=now_ms())

    token = await visit.desk.write(begin)
    response = visit.redirect("/")
    visit.keep_cookie(response, token)
    return response


def _sign_in_page(
    visit: Visit,
    *,
    is_wrong: bool = False,
    is_old_link: bool = False,
    is_crowded: bool = False,
    name: str = "",
    status_code: int = 200,
) -> Response:
    locked = visit.session if visit.session and visit.session.is_locked else None
    return visit.page(
        "sign_in.html",
        status_code=status_code,
        is_wrong=is_wrong,
        is_old_link=is_old_link,
        is_crowded=is_crowded,
        is_locked=locked is not None,
        is_local=locked is not None and locked.is_local,
        name=name or (locked.name if locked and not locked.is_local else ""),
    )
