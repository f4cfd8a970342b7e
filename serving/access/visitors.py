"""Who asks for a page of the console -> whether they are shown it, or where they sign in."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from serving.access.cookies import SESSION, cookie
from serving.access.gatekeeper import RefusedError
from serving.access.pages import Page
from serving.access.session_keeper import SessionKeeper
from serving.schemas.problems import problem
from serving.store.access.sessions import Session

HAND: Final = "x-hand"
"""`here`: somebody has touched keyboard or mouse since the page last asked by itself; `none`: nobody has."""
MISSING_SCOPE: Final = "missing_scope"
SIGN_IN: Final = "/sign-in"
_NO_SESSION: Final = problem(401, "no_session", f"this is for people: sign in at {SIGN_IN}")


class NotSignedInError(Exception):
    """A browser asks for a page that is shown only to who is signed in."""


async def visitor(
    scope: Scope, page: Page, keeper: SessionKeeper, *, is_open_mode: bool, is_https: bool
) -> Session | None:
    """Return the session of who may be shown a page; None of somebody unknown, whom an open page answers.

    Raises:
        NotSignedInError: they are to sign in first.
        RefusedError: they may not, or a script asks that is not signed in.
        StoreUnavailableError: their session cannot be looked up.
    """
    headers = Headers(scope=scope)
    if scope["method"] not in page.needs:
        raise RefusedError(problem(405, "wrong_method", f"expected {' or '.join(page.needs)}"))
    token = cookie(scope, SESSION, is_https=is_https)
    session = await keeper.session(token, is_by_person=_is_by_person(headers, page))
    if session and session.is_local and not is_open_mode:
        session = None  # its link was shown while the service asked for no keys
    if page.is_open:
        return session
    if session is None or session.is_locked:
        is_script = "text/html" not in headers.get("accept", "")
        raise RefusedError(_NO_SESSION) if is_script else NotSignedInError
    needed = page.needs[scope["method"]]
    if needed and needed not in session.caller.scopes:
        raise RefusedError(problem(403, MISSING_SCOPE, f"this needs the right to {needed}"))
    return session


async def still_there(session: Session, scope: Scope, keeper: SessionKeeper, *, is_https: bool) -> None:
    """Look whether a session goes on as it was, after a body came, for which minutes may pass.

    Raises:
        NotSignedInError: it does not.
        StoreUnavailableError: it cannot be looked up.
    """
    found = await keeper.session(cookie(scope, SESSION, is_https=is_https), is_by_person=False)
    if found is None or (found.id, found.caller, found.is_locked) != (
        session.id,
        session.caller,
        session.is_locked,
    ):
        raise NotSignedInError


def _is_by_person(headers: Headers, page: Page) -> bool:
    """Whether a person asks, and not their page by itself; a script says which, if it is not as usual."""
    hand = headers.get(HAND)
    return hand == "here" or (hand != "none" and not page.by_itself)
