"""Whether a request comes from a program on this machine: in open mode nobody else is answered."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

_PROXY_HEADERS: Final = frozenset({"forwarded", "via", "x-real-ip"})
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_from_this_machine(scope: Scope) -> bool:
    """Tell whether a request was sent by a program on this machine, and not by a web page or through a proxy.

    The Host header stops DNS rebinding (a page whose name resolves to 127.0.0.1), Origin stops other pages,
    and forwarding headers betray a proxy that makes the world look local.
    """
    headers = Headers(scope=scope)
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
