"""What the cookies of the console are called, and whether they go by TLS alone."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

SESSION: Final = "scamscreen_session"
_THIS_HOST_ALONE: Final = "__Host-"


def is_https(scope: Scope, console_url: str) -> bool:
    """Whether a browser comes by TLS: by the address the operator gave, or as a proxy says.

    Who lies about it harms their own cookie.
    """
    proto = Headers(scope=scope).get("x-forwarded-proto", scope.get("scheme", "http"))
    return console_url.startswith("https:") or proto.partition(",")[0].strip() == "https"


def cookie_name(name: str, *, is_https: bool) -> str:
    """Return the name under which a cookie is kept.

    By TLS browsers take it from this host alone (RFC 6265bis, 4.1.3.2), so that neither a page without TLS
    nor another name of the domain can slip its own session under somebody.
    """
    return f"{_THIS_HOST_ALONE}{name}" if is_https else name


def cookie(scope: Scope, name: str, *, is_https: bool) -> str:
    """Return what a browser keeps under a name, or ""."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load("; ".join(Headers(scope=scope).getlist("cookie")))
    except CookieError:
        return ""
    kept = jar.get(cookie_name(name, is_https=is_https))
    return kept.value if kept else ""
