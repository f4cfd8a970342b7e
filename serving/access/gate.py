"""The gate: which requests reach the service at all, and whose. Whatever is not named here is refused."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.access.gatekeeper import Gatekeeper, RefusedError
from serving.access.messages import replay
from serving.schemas.problems import ProblemResponse, problem
from serving.schemas.screen import Problem
from serving.settings import Settings
from serving.store.access.callers import Caller
from serving.store.access.callers import Scope as Need
from serving.store.errors import StoreUnavailableError

MAX_BODY_BYTES = 16_000_000
MAX_HEAD_BYTES: Final = 64_000
MISSING_SCOPE: Final = "missing_scope"
_PROXY_HEADERS = frozenset({"forwarded", "via", "x-real-ip"})
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Route:
    """A path that exists.

    Attributes:
        name: what logs and metrics call it, for a raw path can hold anything.
        needs: methods it answers, each with the scope that a caller needs for it; None: any valid key.
        always_open: answers in every mode, to everybody; for probes that know no key, and for what is signed.
        has_body: a POST to it is JSON.
        max_body_bytes: what is longer is not read; little of those that anybody may send.
    """

    name: str
    needs: Mapping[str, Need | None]
    always_open: bool = False
    has_body: bool = True
    max_body_bytes: int = MAX_BODY_BYTES


_PROBE: Final = {"GET": None, "HEAD": None}
ROUTES: Final = {
    "/v1/screen": Route("screen", {"POST": "screen"}),
    "/v1/redact": Route("redact", {"POST": "screen"}),
    "/v1/reports": Route("reports", {"POST": "report"}),
    "/v1/reports/{report_id}": Route("report", {"GET": "review", "PATCH": "review"}),
    "/v1/reports/{report_id}/custody": Route("report_custody", {"GET": "review"}),
    "/v1/reports/{report_id}/purge": Route("report_purge", {"POST": "admin"}),
    "/v1/reports/{report_id}/history": Route("report_history", {"GET": "review"}),
    "/v1/reports/{report_id}/screenings": Route("report_screenings", {"GET": "review"}),
    "/v1/reports/{report_id}/referrals": Route("report_referrals", {"GET": "review", "POST": "review"}),
    "/v1/reports/{report_id}/referrals/{referral_id}": Route("report_referral", {"PATCH": "review"}),
    "/v1/reports/search": Route("search", {"POST": "review"}),
    "/v1/campaigns/search": Route("campaigns", {"POST": "review"}),
    "/v1/webhooks": Route("webhooks", {"GET": "admin", "POST": "admin"}),
    "/v1/webhooks/{webhook_id}": Route("webhook", {"DELETE": "admin"}),
    "/v1/webhooks/{webhook_id}/test": Route("webhook_test", {"POST": "admin"}, has_body=False),
    "/v1/webhooks/{webhook_id}/deliveries": Route("deliveries", {"GET": "admin"}),
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry": Route(
        "delivery_retry", {"POST": "admin"}, has_body=False
    ),
    "/v1/events": Route("events", {"GET": "review"}),
    "/v1/channels/line": Route(  # its signature is checked
        "line", {"POST": None}, always_open=True, max_body_bytes=1_000_000
    ),
    "/v1/taxonomy": Route("taxonomy", {"GET": None}),
    "/metrics": Route("metrics", {"GET": "admin"}),  # they count what all organisations send, flags included
    "/openapi.json": Route("openapi", {"GET": None}),
    "/livez": Route("livez", _PROBE, always_open=True, max_body_bytes=0),
    "/readyz": Route("readyz", _PROBE, always_open=True, max_body_bytes=0),
}


_PATTERNS = tuple(
    (re.compile(re.sub(r"\{\w+\}", r"[0-9a-f]{32}", path)), route)
    for path, route in ROUTES.items()
    if "{" in path
)


def route_of(path: str) -> Route | None:
    """Return the route of a path, or None; `{}` in the path of a route stands for an id."""
    if path in ROUTES:
        return ROUTES[path]
    return next((route for pattern, route in _PATTERNS if pattern.fullmatch(path)), None)


def route_name(path: str) -> str:
    """Return what logs and metrics call a path; never the path itself."""
    route = route_of(path)
    return route.name if route else "other"


class AccessMiddleware:
    """Default-deny over every path, BentoML's own pages included; reads the body within its limit.

    The app behind it finds who asks in `scope["state"]["caller"]`.
    """

    def __init__(
        self,
        app: ASGIApp,
        read_settings: Callable[[], Settings],
        find_gatekeeper: Callable[[], Gatekeeper],
    ) -> None:
        """Guard an app.

        Args:
            app: what is behind the gate.
            read_settings: called here: at start, not at import.
            find_gatekeeper: called for each request, since the store is opened after the app is built.
        """
        self._app = app
        self._settings = read_settings()
        self._find_gatekeeper = find_gatekeeper

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
        except RefusedError as refused:
            headers = _refusal_headers(scope, refused)
            await ProblemResponse(refused.problem, headers=headers)(scope, receive, send)
        except StoreUnavailableError:
            await ProblemResponse(_NOT_CHECKED)(scope, receive, send)
        else:
            await self._pass_on(admitted, receive, send)

    async def _admitted(self, scope: Scope) -> Scope:
        """Return the scope of a request that is let in, with its caller.

        Raises:
            RefusedError: it is not let in.
            StoreUnavailableError: its key cannot be checked.
        """
        if head_bytes(scope) > MAX_HEAD_BYTES:
            raise RefusedError(_HEAD_TOO_LARGE)
        route = route_of(scope["path"])
        caller = None if route and route.always_open else await self._caller(scope)
        if refused := refusal(scope, route, caller):
            if caller and refused.code == MISSING_SCOPE:
                self._find_gatekeeper().note_refusal(caller, MISSING_SCOPE)
            raise RefusedError(refused)
        return {**scope, "state": {**scope.get("state", {}), "caller": caller}}

    async def _caller(self, scope: Scope) -> Caller:
        """Return who asks. Sessions of people, which a cookie names, will be looked up here, beside keys."""
        gatekeeper = self._find_gatekeeper()
        headers = Headers(scope=scope)
        if not self._settings.open:
            client = scope.get("client") or ("", 0)
            return await gatekeeper.caller(headers.getlist("authorization"), client[0])
        if not _is_from_this_machine(scope, headers):
            raise RefusedError(_NOT_LOCAL)
        return gatekeeper.local

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = route_of(scope["path"])
        most_bytes = route.max_body_bytes if route else 0
        try:
            body = await _read_body(scope, receive, most_bytes)
        except _BodyTooLargeError:
            limit = f"the body has over {most_bytes:,} bytes: send less at a time"
            too_large = problem(413, "body_too_large", limit)
            await ProblemResponse(too_large, headers={"Connection": "close"})(scope, receive, send)
            return
        if body is None:  # nobody reads the answer, but BentoML's TimeoutMiddleware waits until there is one
            incomplete = problem(400, "body_incomplete", "the connection closed before the end of the body")
            await ProblemResponse(incomplete)(scope, receive, send)
        else:
            message = {"type": "http.request", "body": body, "more_body": False}
            await self._app(scope, replay(message, receive), send)


_NOT_LOCAL: Final = problem(
    403,
    "not_local",
    "in open mode only programs on this machine are answered, without a proxy: "
    "call http://localhost or http://127.0.0.1 directly",
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
    if refused.problem.status == 405:
        route = route_of(scope["path"])
        return {"Allow": ", ".join(route.needs if route else ())}
    return {}


def _is_from_this_machine(scope: Scope, headers: Headers) -> bool:
    """Tell whether a request was sent by a program on this machine, and not by a web page or through a proxy.

    The Host header stops DNS rebinding (a page whose name resolves to 127.0.0.1), Origin stops other pages,
    and forwarding headers betray a proxy that makes the world look local.
    """
    forwarded = any(name in _PROXY_HEADERS or name.startswith("x-forwarded-") for name in headers)
    origins = headers.getlist("origin")
    hosts = headers.getlist("host")
    return (
        not forwarded
        and _is_loopback_client(scope)
        and len(hosts) == 1
        and _is_loopback_url(f"//{hosts[0]}")
        and all(_is_loopback_url(origin) for origin in origins)
    )


def _is_loopback_client(scope: Scope) -> bool:
    client = scope.get("client")
    if client is None:
        return False
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _is_loopback_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises for a port that is none)
    except ValueError:
        return False
    return parts.hostname in _LOOPBACK_NAMES and "@" not in parts.netloc and not parts.path


def _is_json(headers: Headers) -> bool:
    types = headers.getlist("content-type")
    return len(types) == 1 and types[0].split(";")[0].strip().lower() == "application/json"


class _BodyTooLargeError(Exception):
    """The body is over its limit."""


async def _read_body(scope: Scope, receive: Receive, most_bytes: int) -> bytes | None:
    """Return the whole body, or None if the client left before its end.

    Raises:
        _BodyTooLargeError: announced or found to be over `most_bytes`.
    """
    announced = Headers(scope=scope).get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > most_bytes:
        raise _BodyTooLargeError
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > most_bytes:
            raise _BodyTooLargeError
        if not message.get("more_body", False):
            return bytes(body)
