"""Where a person who was given a link chooses their own password."""

from fastapi import APIRouter, Request, Response

from serving.clock import now_ms
from serving.console.admin.refusals import refusals
from serving.console.passwords import MOST_CHARS, hashed_password
from serving.console.visit import PageRoute, Visit
from serving.store.access.password_links import owner_of_link, use_password_link
from serving.store.access.people import LEAST_CHARS


def new_password_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/new-password", show_new_password, methods=["GET"])
    router.add_api_route("/new-password", choose_password, methods=["POST"])
    return router


async def show_new_password(request: Request) -> Response:
    """Ask for a password; what lets somebody choose one stands behind the # of the link, for the script."""
    return _page(Visit(request))


async def choose_password(request: Request) -> Response:
    """Give who has the link their password; they sign in with it."""
    visit = Visit(request)
    form = await visit.form()
    token, typed, again = (
        str(form.get(field) or "")[:MOST_CHARS] for field in ("token", "password", "again")
    )
    owner = await visit.desk.read(
        lambda connection, keyring: owner_of_link(connection, keyring, token, now_ms=now_ms())
    )
    if owner is None:
        return _page(visit, "old_link", status_code=401)
    if typed != again:
        return _page(visit, "differ", token=token, status_code=422)
    if len(typed) < LEAST_CHARS:
        return _page(visit, "password", token=token, status_code=422)
    password = await hashed_password(visit.desk, owner, typed)
    name = await visit.desk.write(
        lambda connection, keyring: use_password_link(connection, keyring, token, password, now_ms=now_ms())
    )
    if name is None:
        return _page(visit, "old_link", status_code=401)
    return _page(visit, name=name)


def _page(
    visit: Visit, refused: str = "", *, token: str = "", name: str = "", status_code: int = 200
) -> Response:
    return visit.page(
        "new_password.html",
        status_code=status_code,
        refused=refusals(visit.language)[refused],
        token=token,
        name=name,
        least_chars=LEAST_CHARS,
    )
