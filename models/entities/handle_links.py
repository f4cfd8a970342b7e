"""Links to accounts and groups (t.me/, line.me/, wa.me/, ...), also defanged ones and those of apps.

Lists: `handle.toml`; the sources of the forms are in `handle.py`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.entities.entity import Entity
from models.entities.words import Words

DOT: Final = r"(?:\.| ?[\[({] ?(?:\.|dot|punto|点) ?[\])}] ?| \. )"
"""A dot of an address: plain, in brackets (defanged), or between spaces."""

PATH: Final = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]"
"""A character of what follows a host (RFC 3986, section 2)."""


@dataclass(frozen=True, slots=True)
class _Link:
    """How links of some hosts tell an invitation from a handle."""

    platform: str
    invites: tuple[re.Pattern[str], ...]
    handles: tuple[re.Pattern[str], ...]


_LINKS: Final[Mapping[str, _Link]] = {
    host: _Link(
        row["platform"],
        tuple(re.compile(pattern, re.ASCII) for pattern in row["invites"]),
        tuple(re.compile(pattern, re.ASCII) for pattern in row["handles"]),
    )
    for row in tomllib.loads(Path(__file__).with_name("handle.toml").read_text("utf-8"))["link"]
    for host in row["hosts"]
}


_SUBDOMAIN: Final = f"(?:(?:www|m|web|mobile|[a-z]{{2}}-[a-z]{{2}}){DOT})?"
_HOSTS: Final = "|".join(
    re.escape(host).replace(r"\.", DOT) for host in sorted(_LINKS, key=lambda host: (-len(host), host))
)
_HOST_WORDS: Final = Words(_LINKS)
_ODD_DOTS: Final = Words(
    [
        " . ",
        *(
            f"{opening}{dot}"
            for opening in ("[", "(", "{", "[ ", "( ", "{ ")
            for dot in (".", "dot", "punto", "点")
        ),
    ]
)
"""How a dot of an address starts that is not just a dot."""

_ODD_HOST: Final = re.compile(
    f"(?<![A-Za-z0-9_@-])(?=[{''.join(sorted({host[0] for host in _LINKS}))}])(?:{_HOSTS}) ?/", re.IGNORECASE
)
_BEFORE_HOST: Final = re.compile(
    rf"(?<![A-Za-z0-9_.@-])(?:[a-z]{{2,10}} ?(?:\[:\]|:) ?/ ?/ ?)?{_SUBDOMAIN}\Z", re.IGNORECASE
)
_BEFORE_HOST_CHARS: Final = 40
_LINK: Final = re.compile(
    f"(?<![A-Za-z0-9_@-])(?P<host>{_HOSTS})(?P<slash> ?/ ?)(?P<path>{PATH}{{1,2000}}+)", re.IGNORECASE
)
_IN_ADDRESS: Final = frozenset("/=?&#%")
_BEFORE_LINK_CHARS: Final = 300
_OUTER_ADDRESS: Final = re.compile(rf"[A-Za-z0-9-]{DOT}[A-Za-z]{{2,24}}(?::[0-9]{{2,5}})?[/?#]{PATH}*\Z")
_APP_LINK: Final = re.compile(
    "(?<![A-Za-z0-9])(?P<app>tg|line|viber|whatsapp)://"
    "(?:resolve\\?domain=(?P<name>\\w{3,32})|join\\?invite=(?P<invite>[\\w-]{8,64})|(?:R/)?ti/p/[~@](?P<line>[\\w.-]{3,20})"
    "|(?:chat|add|send)/?\\?(?:number|phone)=(?:%2B|\\+)?(?P<number>[0-9]{7,15}))",
    re.IGNORECASE | re.ASCII,
)
_APPS: Final = {"tg": "telegram", "line": "line", "viber": "viber", "whatsapp": "whatsapp"}
_APP_WORDS: Final = Words(f"{app}://" for app in _APPS)


def handle_entity(
    span: tuple[int, int],
    value: str | None,
    platform: str | None,
    *,
    proba: float,
    reason: str,
    kind: str = "handle",
) -> Entity:
    """The entity of `text[slice(*span)]`; `value` is None of a name as displayed."""
    attributes = {"platform": platform, "kind": kind}
    return Entity("SOCIAL_HANDLE", *span, value, attributes, proba, "rule", reason)


def links(text: str, lowered: str) -> Iterator[Entity]:
    """Links to accounts and groups (t.me/, line.me/, wa.me/, ...)."""
    if "/" not in text:
        return
    end = 0
    for at in _host_places(text, lowered):
        match = _LINK.match(text, at) if at >= end else None
        before = match and _BEFORE_HOST.search(text, max(end, at - _BEFORE_HOST_CHARS), at)
        if match and before and not is_within_address(text, before.start()):
            end = match.end()
            if entity := _link(match, before.start()):
                yield entity
    for match in _APP_LINK.finditer(text) if _APP_WORDS.are_in(lowered) else ():
        if not is_within_address(text, match.start()):
            yield _app_link(match)


def is_within_address(text: str, start: int) -> bool:
    """Whether a link stands in the path or query of another address (evil.example/?to=t.me/x)."""
    if text[start - 1 : start] not in _IN_ADDRESS:
        return False
    before = text[max(0, start - _BEFORE_LINK_CHARS) : start].rpartition(" ")[2]
    return bool(_OUTER_ADDRESS.search(before))


def _host_places(text: str, lowered: str) -> list[int]:
    """Where the hosts of links may start, the first first."""
    if _ODD_DOTS.are_in(lowered):
        return [match.start() for match in _ODD_HOST.finditer(text)]
    return sorted({start for start, _ in _HOST_WORDS.places(lowered)})


def _link(match: re.Match[str], start: int) -> Entity | None:
    """The account or group of a link that starts at `start`, if its path names one."""
    rules = _LINKS[_plain_host(match["host"])]
    path = match["path"].rstrip(".,;:!?'()[]*/")
    spaced = " " in match["slash"]
    for pattern in () if spaced else rules.invites:
        if found := pattern.match(path):
            span = (start, match.start("path") + found.end())
            return handle_entity(
                span, found.group(), rules.platform, proba=0.97, reason="link", kind="invite_link"
            )
    for pattern in rules.handles:
        found = pattern.match(path)
        if found and not (spaced and not re.search("[0-9_]", found["id"])):
            span = (start, match.start("path") + len(path))
            value = found["id"].strip(".-").lower()
            return handle_entity(span, value, rules.platform, proba=0.97, reason="link")
    return None


def _plain_host(host: str) -> str:
    """The host with its dots as dots."""
    return re.sub(DOT, ".", host, flags=re.IGNORECASE).lower()


def _app_link(match: re.Match[str]) -> Entity:
    platform = _APPS[match["app"].lower()]
    if match["invite"]:
        value = f"+{match['invite']}"
        return handle_entity(match.span(), value, platform, proba=0.97, reason="link", kind="invite_link")
    value = (match["name"] or match["line"] or match["number"]).lower()
    return handle_entity(match.span(), value, platform, proba=0.97, reason="link")
