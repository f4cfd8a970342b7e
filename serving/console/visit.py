"""One request of a browser: who it is, what language they read, what they sent, and how they are answered."""

from collections.abc import Callable, Coroutine
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser

from models.errors import ScamScreenError
from serving.access.cookies import SESSION, cookie, cookie_name, is_https
from serving.api.answers import problem_of
from serving.clock import now_ms
from serving.console.languages import Language, language_of
from serving.console.rendering import rendered
from serving.reports.desk import Desk
from serving.store import audit
from serving.store.access.callers import Caller
from serving.store.access.sessions import LASTS_MS, Session

LANGUAGE_COOKIE: Final = "scamscreen_language"
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "x-csrf-token"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_MOST_FORM_BYTES: Final = 16_000_000  # more than the gate lets in
_YEAR_SECONDS: Final = 31_536_000
_SAFE: Final = frozenset({"GET", "HEAD"})


class Visit:
    """A request of a browser that the gate has let in."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.session: Session | None = request.scope["state"].get("session")
        chosen = self.session.locale if self.session else self.cookie(LANGUAGE_COOKIE)
        self.language: Language = language_of(chosen, request.headers.get("accept-language", ""))

    @property
    def desk(self) -> Desk:
        """The desk of stored reports."""
        desk: Desk = self.request.app.state.desk
        return desk

    @property
    def own_session(self) -> Session:
        """The session of who is signed in; only on pages that are not open to everybody."""
        assert self.session is not None  # noqa: S101 (the gate lets nobody else in)
        return self.session

    @property
    def caller(self) -> Caller:
        """Who is signed in; only on pages that are not open to everybody."""
        return self.own_session.caller

    async def write_down(self, action: str, subject: str = "", /, **detail: object) -> None:
        """Add to the audit of their organisation what somebody does here; see `audit.Link`."""
        actor = self.caller.actor
        link = audit.Link(actor.id, now_ms(), action, subject, detail)
        await self.desk.write(
            lambda connection, keyring: audit.append(connection, keyring, actor.organisation_id, link)
        )

    async def form(self) -> FormData:
        """Return what a form sent."""
        return await self.request.form(max_part_size=_MOST_FORM_BYTES)  # Thai takes nine bytes a letter

    def page(
        self,
        template: str,
        *,
        status_code: int = 200,
        **context: Any,  # noqa: ANN401 (what templates show)
    ) -> HTMLResponse:
        """Return a template filled in for who is there."""
        path = self.request.url.path
        return HTMLResponse(
            rendered(template, self.language, session=self.session, path=path, **context), status_code
        )

    def redirect(self, path: str) -> RedirectResponse:
        """Have the browser ask for another of our pages."""
        return RedirectResponse(path, status_code=303)

    def keep_cookie(self, response: Response, token: str) -> None:
        """Have the browser keep a session."""
        self.keep(response, SESSION, token, LASTS_MS // 1000)

    def drop_cookie(self, response: Response) -> None:
        """Have the browser forget its session."""
        self.keep(response, SESSION, "", 0)

    def keep_language(self, response: Response, choice: str) -> None:
        """Have the browser remember a language, for who is not signed in yet."""
        self.keep(response, LANGUAGE_COOKIE, choice, _YEAR_SECONDS)

    def keep(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Have the browser keep something for so long, out of reach of scripts and of other sites."""
        by_tls = self._is_https()
        response.set_cookie(
            cookie_name(name, is_https=by_tls),
            value,
            max_age=seconds,
            httponly=True,
            samesite="strict",
            secure=by_tls,
        )

    def cookie(self, name: str) -> str:
        """Return what the browser keeps under a name, or ""."""
        return cookie(self.request.scope, name, is_https=self._is_https())

    def look_up_again(self) -> None:
        """Have the session looked up anew at the next request: it was just changed."""
        self.desk.session_keeper.forget(self.cookie(SESSION))

    def _is_https(self) -> bool:
        settings = getattr(self.request.app.state, "settings", None)  # there is none while the service starts
        return is_https(self.request.scope, settings.console_url if settings else "")


def keep_forms_in_memory() -> None:
    """Let no file of a form be written to the disk, where nobody would seal it."""
    MultiPartParser.spool_max_size = _MOST_FORM_BYTES


class PageRoute(APIRoute):
    """A route of the console: what other pages send is refused, and what goes wrong is told as a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await _answer(request, handler)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return answer


async def _answer(request: Request, handler: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
    visit = Visit(request)
    if getattr(request.app.state, "desk", None) is None:
        return _failure(visit, 503)
    if _is_from_another_site(request):
        return _failure(visit, 403)
    try:
        if request.method not in _SAFE and not await _is_from_our_page(visit):
            return _failure(visit, 403)
        return await handler(request)
    except HTTPException as error:  # a form of too many fields, or none
        return _failure(visit, error.status_code)
    except ScamScreenError as error:
        refused = problem_of(error)
        if refused is None:
            raise
        return _failure(visit, refused.status)


def _is_from_another_site(request: Request) -> bool:
    """Whether a browser says that a page of another origin sent a request, but for a link that is followed.

    Cookies know neither ports nor, within a domain, names; `Sec-Fetch-Site` does (W3C Fetch Metadata).
    """
    headers = request.headers
    if headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return False
    is_followed = request.method in _SAFE and headers.get("sec-fetch-mode") == "navigate"
    return not is_followed or headers.get("sec-fetch-dest") != "document"


async def _is_from_our_page(visit: Visit) -> bool:
    """Whether a page of this console sent a request, and not another in the name of who is signed in."""
    headers = visit.request.headers
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).hostname != urlsplit(f"//{headers.get('host', '')}").hostname:
        return False
    if visit.session is None:
        return True  # nobody's name to act in
    sent = headers.get(CSRF_HEADER) or (await visit.form()).get(CSRF_FIELD)
    return isinstance(sent, str) and compare_digest(sent.encode(), visit.session.csrf.encode())


def _failure(visit: Visit, status: int) -> HTMLResponse:
    """Return the page that tells what went wrong, with nothing of what was sent."""
    return visit.page("failure.html", status_code=status, status=status, phrase=HTTPStatus(status).phrase)
