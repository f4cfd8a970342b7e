"""Hosts of web and mail addresses: what somebody registered of them, by the public suffix list.

Sources: RFC 1034 and RFC 5890 (labels, xn--), RFC 2606 and RFC 6761 (example, test, invalid),
publicsuffix.org "Algorithm". The suffix list comes with the library `publicsuffixlist`: nothing is looked up
on a network.
"""

from typing import Final

import idna
from publicsuffixlist import PublicSuffixList

_SUFFIXES: Final = PublicSuffixList(accept_unknown=False)
_RESERVED: Final = ("example", "test", "invalid")


def ascii_host(host: str) -> str:
    """Return a host in the form that the domain name system knows; as it is where that has none."""
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def registrable(host: str) -> str | None:
    """Return the part of a host that somebody registered; None if it is no domain."""
    name = ascii_host(host)
    labels = name.split(".")
    if len(labels) > 1 and labels[-1] in _RESERVED:
        return ".".join(labels[-2:])
    domain: str | None = _SUFFIXES.privatesuffix(name)
    return domain or (name if len(labels) == 2 and _SUFFIXES.publicsuffix(labels[-1]) else None)


def is_ip(host: str) -> bool:
    """Return whether a host is an IPv4 address."""
    parts = host.split(".")
    return len(parts) == 4 and all(part.isdecimal() and int(part) < 256 for part in parts)
