"""The gate: which requests reach the service at all. Whatever is not named here is refused."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.messages import replay
from serving.problems import ProblemResponse, problem
from serving.schemas import Problem
from serving.settings import Settings

MAX_BODY_BYTES = 16_000_000
_PROXY_HEADERS = frozenset({"forwarded", "via", "x-real-ip"})
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Route:
    """A path that exists.

    Attributes:
        name: what logs and metrics call it, for a raw path can hold anything.
        methods: methods it answers.
        always_open: answers in every mode, to everybody; for probes that know no key.
        has_body: a POST to it is JSON.
    """

    name: str
    methods: tuple[str, ...] = ("GET",)
    always_open: bool = False
    has_body: bool = True


ROUTES = {
    "/v1/screen": Route("screen", methods=("POST",)),
    "/v1/redact": Route("redact", methods=("POST",)),
    "/v1/reports": Route("reports", methods=("POST",)),
    "/v1/reports/{report_id}": Route("report"),
    "/v1/webhooks": Route("webhooks", methods=("GET", "POST")),
    "/v1/webhooks/{webhook_id}": Route("webhook", methods=("DELETE",)),
    "/v1/webhooks/{webhook_id}/test": Route("webhook_test", methods=("POST",), has_body=False),
    "/v1/webhooks/{webhook_id}/deliveries": Route("deliveries"),
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry": Route(
        "delivery_retry", methods=("POST",), has_body=False
    ),
    "/v1/events": Route("events"),
    "/v1/channels/line": Route("line", methods=("POST",), always_open=True),  # its signature is checked
    "/v1/taxonomy": Route("taxonomy"),
    "/metrics": Route("metrics"),
    "/openapi.json": Route("openapi"),
    "/livez": Route("livez", methods=("GET", "HEAD"), always_open=True),
    "/readyz": Route("readyz", methods=("GET", "HEAD"), always_open=True),
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
    """Default-deny over every path, BentoML's own pages included; reads the body within its limit."""

    def __init__(self, app: ASGIApp, read_settings: Callable[[], Settings]) -> None:
        """Guard `app`; `read_settings` is called here: at start, not at import."""
        self._app = app
        self._settings = read_settings()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an allowed request on with its whole body; answer any other with a problem."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif refused := refusal(scope, self._settings):
            await ProblemResponse(refused, headers=_refusal_headers(scope, refused))(scope, receive, send)
        else:
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _read_body(scope, receive)
        except _BodyTooLargeError:
            limit = f"the body has over {MAX_BODY_BYTES:,} bytes: send fewer documents at a time"
            too_large = problem(413, "body_too_large", limit)
            await ProblemResponse(too_large, headers={"Connection": "close"})(scope, receive, send)
            return
        if body is None:  # nobody reads the answer, but BentoML's TimeoutMiddleware waits until there is one
            incomplete = problem(400, "body_incomplete", "the connection closed before the end of the body")
            await ProblemResponse(incomplete)(scope, receive, send)
        else:
            message = {"type": "http.request", "body": body, "more_body": False}
            await self._app(scope, replay(message, receive), send)


def refusal(scope: Scope, settings: Settings) -> Problem | None:
    """Return why a request is refused before its body is read, or None."""
    route = route_of(scope["path"])
    headers = Headers(scope=scope)
    if not (route and route.always_open):
        if not settings.open:
            return problem(401, "no_key", "this service answers only to a key, and none was found")
        if not _is_from_this_machine(scope, headers):
            return problem(
                403,
                "not_local",
                "in open mode only programs on this machine are answered, without a proxy: "
                "call http://localhost or http://127.0.0.1 directly",
            )
    if route is None:
        return problem(404, "not_found", "there is nothing here: see /openapi.json for what there is")
    if scope["method"] not in route.methods:
        return problem(405, "wrong_method", f"expected {' or '.join(route.methods)}")
    if scope["method"] == "POST" and route.has_body and not _is_json(headers):
        return problem(415, "not_json", "expected a JSON body with the header Content-Type: application/json")
    return None


def _refusal_headers(scope: Scope, refused: Problem) -> dict[str, str]:
    if refused.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if refused.status == 405:
        route = route_of(scope["path"])
        return {"Allow": ", ".join(route.methods if route else ())}
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


async def _read_body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the whole body, or None if the client left before its end.

    Raises:
        _BodyTooLargeError: announced or found to be over `MAX_BODY_BYTES`.
    """
    announced = Headers(scope=scope).get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > MAX_BODY_BYTES:
        raise _BodyTooLargeError
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise _BodyTooLargeError
        if not message.get("more_body", False):
            return bytes(body)
