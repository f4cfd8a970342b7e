"""Where the service is, and how a client shows who it is."""

import os
import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from serving.client.events import SILENCE_SECONDS

DEFAULT_URL: Final = "http://127.0.0.1:3000"
_NO_URL: Final = "url: expected the address of the service, as https://scamscreen.example"
_CONNECT_SECONDS: Final = 10.0
_VISIBLE: Final = re.compile("[!-~]+")
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service is, and what is sent with each call."""

    url: str
    headers: dict[str, str] = field(repr=False)

    def options(self, timeout_seconds: float) -> dict[str, Any]:
        """Return what both clients of httpx are made with."""
        timeout = httpx.Timeout(timeout_seconds, connect=min(_CONNECT_SECONDS, timeout_seconds))
        return {"base_url": self.url, "headers": self.headers, "timeout": timeout, "follow_redirects": False}


def place_of(url: str | None, key: str | None, *, allow_http: bool) -> Place:
    """Return where the service is.

    Args:
        url: as https://scamscreen.example; None: `SCAMSCREEN_URL`, or else this machine.
        key: as ssk_...; None: `SCAMSCREEN_KEY`, or none, for a service in open mode on this machine.
        allow_http: to other machines as well: only inside a network that nobody else can read.

    Raises:
        ValueError: they are none; the message does not quote them.
    """
    url = url or os.environ.get("SCAMSCREEN_URL") or DEFAULT_URL
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        raise ValueError(_NO_URL) from None
    if parts.scheme not in ("http", "https") or not parts.host or parts.query or parts.userinfo:
        raise ValueError(_NO_URL)
    if parts.scheme == "http" and parts.host not in _THIS_MACHINE and not allow_http:
        raise ValueError("url: expected https: by http others could read the reports (allow_http=True)")
    key = (key or os.environ.get("SCAMSCREEN_KEY") or "").strip()
    if key and not _VISIBLE.fullmatch(key):
        raise ValueError("key: expected one line, as ssk_...")
    return Place(url, {"Authorization": f"Bearer {key}"} if key else {})


def stream_timeout() -> httpx.Timeout:
    """Return how long a silent stream is believed to be alive."""
    return httpx.Timeout(_CONNECT_SECONDS, read=SILENCE_SECONDS)
