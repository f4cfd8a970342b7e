"""The gate: which requests reach the service at all, and whose. A path that is not in `routes` is refused."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.access.cookies import is_https
from serving.access.gatekeeper import Gatekeeper, RefusedError
from serving.access.messages import replay
from serving.access.pages import Page, page_of
from serving.access.routes import Route, route_of
from serving.access.session_keeper import SessionKeeper
from serving.access.this_machine import is_from_this_machine
from serving.access.visitors import MISSING_SCOPE, SIGN_IN, NotSignedInError, still_there, visitor
from serving.schemas.problems import Problem, ProblemResponse, problem
from serving.settings import Settings
from serving.store.access.callers import Caller
from serving.store.errors import StoreUnavailableError
from serving.store.organisations import LOCAL

MAX_HEAD_BYTES: Final = 64_000
STRANGER_SECONDS: Final = 20
"""For a body of somebody without a key: a thousand that never end would fill the memory."""


asking: ContextVar[int] = ContextVar("asking", default=0)
"""The organisation that asks, for what BentoML calls with the body of a request alone."""


class AccessMiddleware:
    """Default-deny over every path, BentoML's own pages included; reads the body within its limit.

    Programs show keys and are answered by routes; people have sessions and are shown pages. The app behind it
    finds who asks in `scope["state"]["caller"]`, and a person's session, or None, in `["session"]`.
    """

    def __init__(
        self,
        app: ASGIApp,
        read_settings: Callable[[], Settings],
        find_gatekeeper: Callable[[], Gatekeeper],
        find_session_keeper: Callable[[], SessionKeeper],
    ) -> None:
        """Guard an app.

        Args:
            app: what is behind the gate.
            read_settings: called here: at start, not at import.
            find_gatekeeper: called for each request, since the store is opened after the app is built.
            find_session_keeper: the same.
        """
        self._app = app
        self._settings = read_settings()
        self._find_gatekeeper = find_gatekeeper
        self._find_session_keeper = find_session_keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an allowed request on with its whole body; answer any other with a problem."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            admitted = await self._admitted(scope)
            body = await _body(admitted, receive)
            await self._check_again(admitted)
        except NotSignedInError:
            await RedirectResponse(SIGN_IN, status_code=303)(scope, receive, send)
        except RefusedError as refused:
            headers = _refusal_headers(scope, refused)
            await ProblemResponse(refused.problem, headers=headers)(scope, receive, send)
        except StoreUnavailableError:
            await ProblemResponse(_NOT_CHECKED)(scope, receive, send)
        else:
            await self._pass_on(admitted, body, receive, send)

    async def _admitted(self, scope: Scope) -> Scope:
        """Return the scope of a request that is let in, with its caller.

        Raises:
            RefusedError: it is not let in.
            StoreUnavailableError: its key cannot be checked.
        """
        if head_bytes(scope) > MAX_HEAD_BYTES:
            raise RefusedError(_HEAD_TOO_LARGE)
        if page := page_of(scope["path"]):
            return await self._admitted_to_page(scope, page)
        route = route_of(scope["path"])
        caller = None if route and route.always_open else await self._caller(scope)
        if refused := refusal(scope, route, caller) or self._refusal_of_others(route, caller):
            if caller and refused.code == MISSING_SCOPE:
                self._find_gatekeeper().note_refusal(caller, MISSING_SCOPE)
            raise RefusedError(refused)
        return {**scope, "state": {**scope.get("state", {}), "caller": caller}}

    async def _admitted_to_page(self, scope: Scope, page: Page) -> Scope:
        """Return the scope of a request for a page, with the session of who sits before it.

        Raises:
            NotSignedInError: they are to sign in first.
            RefusedError: they may not see it.
            StoreUnavailableError: their session cannot be looked up.
        """
        is_open_mode = self._settings.open
        if is_open_mode and not is_from_this_machine(scope):
            raise RefusedError(_NOT_LOCAL)
        session = await visitor(
            scope,
            page,
            self._find_session_keeper(),
            is_open_mode=is_open_mode,
            is_https=is_https(scope, self._settings.console_url),
        )
        caller = session.caller if session else None
        if caller:
            self._find_gatekeeper().count_person(caller)
        return {**scope, "state": {**scope.get("state", {}), "caller": caller, "session": session}}

    def _refusal_of_others(self, route: Route | None, caller: Caller | None) -> Problem | None:
        """Return the refusal of what tells of all organisations, to those that do not run the service."""
        if not (caller and route and route.of_operator):
            return None
        local = self._find_gatekeeper().local
        return None if caller.actor.organisation_id == local.actor.organisation_id else _NOT_THE_OPERATOR

    async def _caller(self, scope: Scope) -> Caller:
        """Return whose key a program shows."""
        gatekeeper = self._find_gatekeeper()
        if not self._settings.open:
            client = scope.get("client") or ("", 0)
            return await gatekeeper.caller(Headers(scope=scope).getlist("authorization"), client[0])
        if not is_from_this_machine(scope):
            raise RefusedError(_NOT_LOCAL)
        return gatekeeper.local

    async def _check_again(self, scope: Scope) -> None:
        """Refuse a key or a session that ended while a body came, for which minutes may pass.

        Raises:
            RefusedError: the key did.
            NotSignedInError: the session did.
            StoreUnavailableError: it cannot be checked.
        """
        if session := scope["state"].get("session"):
            tls = is_https(scope, self._settings.console_url)
            await still_there(session, scope, self._find_session_keeper(), is_https=tls)
            return
        caller: Caller | None = scope["state"]["caller"]
        shown = Headers(scope=scope).getlist("authorization")
        if caller and caller.credential and shown:
            await self._find_gatekeeper().check_again(shown)

    async def _pass_on(self, scope: Scope, body: bytes | None, receive: Receive, send: Send) -> None:
        if body is None:  # nobody reads the answer, but BentoML's TimeoutMiddleware waits until there is one
            incomplete = problem(400, "body_incomplete", "the connection closed before the end of the body")
            await ProblemResponse(incomplete)(scope, receive, send)
        else:
            caller: Caller | None = scope["state"]["caller"]
            asking.set(caller.actor.organisation_id if caller else 0)
            message = {"type": "http.request", "body": body, "more_body": False}
            await self._app(scope, replay(message, receive), send)


_NOT_LOCAL: Final = problem(
    403,
    "not_local",
    "in open mode only programs on this machine are answered, without a proxy: "
    "call http://localhost or http://127.0.0.1 directly",
)
_NOT_THE_OPERATOR: Final = problem(
    403, MISSING_SCOPE, f"this needs a key of the organisation {LOCAL}, which runs the service"
)
_HEAD_TOO_LARGE: Final = problem(
    431, "head_too_large", f"the path and the headers have over {MAX_HEAD_BYTES:,} bytes"
)
_NOTHING_HERE: Final = problem(
    404,
    "not_found",
    "there is nothing here: see /openapi.json; a report is named by its id, not its case number",
)
_NOT_CHECKED: Final = problem(
    503, "store_unavailable", "the key cannot be checked now: send the request again in 5 seconds"
)


def refusal(scope: Scope, route: Route | None, caller: Caller | None) -> Problem | None:
    """Return why a request is refused before its body is read, or None; a caller of None is anybody."""
    if route is None:
        return _NOTHING_HERE
    if scope["method"] not in route.needs:
        return problem(405, "wrong_method", f"expected {' or '.join(route.needs)}")
    needed = route.needs[scope["method"]]
    if caller and needed and needed not in caller.scopes:
        return problem(403, MISSING_SCOPE, f"this needs a key with the scope {needed}")
    if scope["method"] in ("POST", "PATCH") and route.has_body:
        return _refusal_of_type(Headers(scope=scope))
    return None


def _refusal_of_type(headers: Headers) -> Problem | None:
    if not _is_json(headers):
        return problem(415, "not_json", "expected a JSON body with the header Content-Type: application/json")
    if headers.get("content-encoding", "identity").lower() != "identity":
        return problem(415, "encoded", "expected a body as it is, without a Content-Encoding")
    return None


def head_bytes(scope: Scope) -> int:
    """Return how long the path, the query and the headers of a request are."""
    headers = sum(len(name) + len(value) for name, value in scope["headers"])
    return headers + len(scope["path"]) + len(scope.get("query_string", b""))


def _refusal_headers(scope: Scope, refused: RefusedError) -> dict[str, str]:
    if refused.retry_after_seconds is not None:
        return {"Retry-After": str(refused.retry_after_seconds)}
    if refused.problem.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if refused.problem.status in (400, 413):
        return {"Connection": "close"}
    if refused.problem.status == 405:
        found = route_of(scope["path"]) or page_of(scope["path"])
        return {"Allow": ", ".join(found.needs if found else ())}
    return {}


def _is_json(headers: Headers) -> bool:
    types = headers.getlist("content-type")
    return len(types) == 1 and types[0].split(";")[0].strip().lower() == "application/json"


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the whole body, or None if the client left before its end; a stranger has seconds to send it.

    Raises:
        RefusedError: it is over the limit of its route, or a stranger takes too long.
    """
    found = route_of(scope["path"]) or page_of(scope["path"])
    most_bytes = found.max_body_bytes if found else 0
    if most_bytes == 0 or scope["state"]["caller"]:
        return await _read_body(scope, receive, most_bytes)
    try:
        async with asyncio.timeout(STRANGER_SECONDS):
            return await _read_body(scope, receive, most_bytes)
    except TimeoutError:
        late = f"the body did not come within {STRANGER_SECONDS} seconds"
        raise RefusedError(problem(400, "body_incomplete", late)) from None


async def _read_body(scope: Scope, receive: Receive, most_bytes: int) -> bytes | None:
    """Return the whole body, or None if the client left before its end.

    Raises:
        RefusedError: announced or found to have more bytes than it may.
    """
    announced = Headers(scope=scope).get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > most_bytes:
        raise _too_large(most_bytes)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > most_bytes:
            raise _too_large(most_bytes)
        if not message.get("more_body", False):
            return bytes(body)


def _too_large(most_bytes: int) -> RefusedError:
    limit = f"the body has over {most_bytes:,} bytes: send less at a time"
    return RefusedError(problem(413, "body_too_large", limit))
