"""Who asks for a page of the console -> whether they are shown it, or where they sign in."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from serving.access.gatekeeper import RefusedError
from serving.access.pages import Page
from serving.access.session_keeper import SessionKeeper
from serving.schemas.problems import problem
from serving.store.access.sessions import Session

MISSING_SCOPE: Final = "missing_scope"
SIGN_IN: Final = "/sign-in"
_NO_SESSION: Final = problem(401, "no_session", f"this is for people: sign in at {SIGN_IN}")


class NotSignedInError(Exception):
    """A browser asks for a page that is shown only to who is signed in."""


async def visitor(scope: Scope, page: Page, keeper: SessionKeeper, *, is_open_mode: bool) -> Session | None:
    """Return the session of who may be shown a page; None of somebody unknown, whom an open page answers.

    Raises:
        NotSignedInError: they are to sign in first.
        RefusedError: they may not, or a script asks that is not signed in.
        StoreUnavailableError: their session cannot be looked up.
    """
    headers = Headers(scope=scope)
    if scope["method"] not in page.needs:
        raise RefusedError(problem(405, "wrong_method", f"expected {' or '.join(page.needs)}"))
    cookies = "; ".join(headers.getlist("cookie"))
    session = await keeper.session(cookies, is_by_person=not page.by_itself)
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
