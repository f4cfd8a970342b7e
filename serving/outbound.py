"""Requests to hosts that callers named: over TLS, to public addresses, within a time, and to nowhere else.

A name is resolved once for each request, all its addresses are checked, and the connection goes to one that
was checked: a name that points elsewhere a moment later gains nothing. Redirects are answers like others.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from ssl import SSLContext
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx

from models.errors import InputError, ScamScreenError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
SECONDS: Final = 10
"""For one request in all: name, connection, sending and the answer's head."""
MAX_URL_CHARS: Final = 2_000
_PORTS: Final = {"https": 443, "http": 80}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NEVER: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "169.254.0.0/16",  # link-local: what a cloud tells a machine about itself
        "fe80::/10",
        "fd00:ec2::/32",  # the same of one cloud
        "100.100.100.200/32",  # and of another
        "64:ff9b:1::/48",  # translated to addresses only the network knows
        "2001::/32",
        "2002::/16",
    )
)


class RefusedAddressError(InputError):
    """A URL leads where nothing may be sent."""


class NoAnswerError(ScamScreenError):
    """A host was not reached or did not answer in time."""


class Outbound:
    """Posts to URLs that callers named; used within one event loop."""

    def __init__(
        self, *, allow_private: bool, resolve: Resolve | None = None, tls: SSLContext | None = None
    ) -> None:
        """Allow private addresses, and http to this machine, if the operator does.

        Args:
            allow_private: of link-local addresses and those of cloud metadata none is ever allowed.
            resolve: host and port -> addresses; default: the system's.
            tls: whom to trust; default: the certificate authorities that httpx brings.
        """
        self._allow_private = allow_private
        self._resolve = resolve or _resolved
        self._tls = tls

    def check(self, url: str) -> None:
        """Check all of a URL that can be told without asking anybody for its name.

        Raises:
            RefusedAddressError: nothing may be sent there; the message quotes nothing of it.
        """
        parts = self._parts(url)
        try:
            address = ipaddress.ip_address(parts.hostname or "")
        except ValueError:
            return
        self._check_address(address, parts.scheme)

    async def check_resolved(self, url: str) -> None:
        """Check a URL and every address its name has now.

        Raises:
            RefusedAddressError: nothing may be sent there, or its name has no address.
        """
        self.check(url)
        try:
            async with asyncio.timeout(SECONDS):
                await self._addresses(self._parts(url))
        except (NoAnswerError, TimeoutError):
            raise RefusedAddressError("the host of the URL has no address") from None

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Post bytes; return the status of the answer, of which no more than the head is read.

        Raises:
            RefusedAddressError: nothing may be sent there.
            NoAnswerError: no answer within `SECONDS`.
        """
        parts = self._parts(url)
        try:
            async with asyncio.timeout(SECONDS):
                return await self._post(parts, await self._addresses(parts), content, headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
            raise NoAnswerError("no answer") from None  # its message may quote the URL

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            verify=self._tls or httpx.create_ssl_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=SECONDS,
            # a connection is for one name alone: two names may share an address, but not a certificate
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def _post(
        self, parts: SplitResult, addresses: list[Address], content: bytes, headers: Mapping[str, str]
    ) -> int:
        """Post to the first address that takes the connection."""
        *others, last = addresses
        for address in others:
            with suppress(httpx.ConnectError):
                return await self._post_to(address, parts, content, headers)
        return await self._post_to(last, parts, content, headers)

    async def _post_to(
        self, address: Address, parts: SplitResult, content: bytes, headers: Mapping[str, str]
    ) -> int:
        host = f"[{address}]" if address.version == 6 else str(address)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        async with self._client.stream(
            "POST",
            f"{parts.scheme}://{host}:{_port(parts)}{path}",
            content=content,
            headers={**headers, "Host": parts.netloc, "Connection": "close"},
            extensions={"sni_hostname": parts.hostname},
        ) as response:
            return response.status_code

    def _parts(self, url: str) -> SplitResult:
        """Return the parts of a URL of the right form.

        Raises:
            RefusedAddressError: it is of none.
        """
        try:
            parts = urlsplit(url)
            port = _port(parts)
        except ValueError:
            raise RefusedAddressError("expected a URL: https://host/path") from None
        is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL_CHARS
        if not (is_plain and parts.hostname and port > 0) or "@" in parts.netloc or parts.fragment:
            raise RefusedAddressError("expected a URL in ASCII without a user: https://host/path")
        if parts.scheme != "https" and not (parts.scheme == "http" and self._allow_private):
            raise RefusedAddressError("expected a URL that begins with https://")
        return parts

    async def _addresses(self, parts: SplitResult) -> list[Address]:
        """Return the addresses of a host, at least one, all of them allowed.

        Raises:
            RefusedAddressError: one is not.
            NoAnswerError: it has none.
        """
        try:
            found = await self._resolve(parts.hostname or "", _port(parts))
            addresses = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
        except (OSError, ValueError):
            raise NoAnswerError("the host has no address") from None
        if not addresses:
            raise NoAnswerError("the host has no address")
        for address in addresses:
            self._check_address(address, parts.scheme)
        return addresses

    def _check_address(self, address: Address, scheme: str) -> None:
        inner = _inner(address)
        if scheme == "http" and not inner.is_loopback:
            raise RefusedAddressError("expected https: only this machine is told anything without")
        is_never = any(inner in network for network in _NEVER if network.version == inner.version)
        is_none = inner.is_multicast or inner.is_unspecified or (inner.is_reserved and not inner.is_loopback)
        if is_never or is_none:
            raise RefusedAddressError("the host has an address to which nothing may be sent")
        if not (inner.is_global or self._allow_private):
            raise RefusedAddressError(
                "the host has a private address: the operator can allow them with SCAMSCREEN_WEBHOOK_PRIVATE"
            )


def _inner(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _port(parts: SplitResult) -> int:
    return _PORTS.get(parts.scheme, 0) if parts.port is None else parts.port


_RESOLVERS: Final = ThreadPoolExecutor(32, thread_name_prefix="resolver")
"""Threads that ask for names, and do nothing else: a name server that does not answer holds one up."""


async def _resolved(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(
        _RESOLVERS, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return [str(address[0]) for *_, address in found]
