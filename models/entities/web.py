"""URL and EMAIL: bare, defanged, shortened, in other alphabets, spelled out.

Sources: RFC 3986 (URL), RFC 1034 and RFC 5890 (labels, xn--), RFC 5321 and RFC 5322 (mail address); defanged
forms as in reports of CISA and MISP ("hxxp", "[.]"). Hosts: `web_hosts` and `web_lookalikes`; addresses whose
signs or letters stand apart or are said: `web_spelled`.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from models.entities.entity import Context, Entity, disjoint
from models.entities.handle_links import PATH
from models.entities.web_hosts import ascii_host, is_ip, registrable
from models.entities.web_lookalikes import lookalike
from models.entities.web_path import trimmed
from models.entities.web_signs import LETTER
from models.entities.web_spelled import spelled
from models.entities.words import Words, any_of, lower

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_PLAIN: Final = frozenset(_DATA["plain_endings"])
_FILES: Final = frozenset(_DATA["file_endings"])
_NOT_DOMAINS: Final = frozenset(_DATA["not_domains"])
_SHORTENERS: Final = frozenset(_DATA["shorteners"])

# ---------------------------------------------------------------- patterns


_LABEL: Final = f"[{LETTER}0-9][{LETTER}0-9_-]{{0,62}}+"
_ENDING: Final = "(?:xn--[a-z0-9-]{2,59}|[a-z]{2,24})"
_SPACED_ENDING: Final = f"(?-i:{any_of([*_DATA['dotted_endings'], *_DATA['spaced_endings']])})"
_BRACKETED: Final = r"(?: ?[\[({<] ?(?:\.|dot|点|點|ดอท|จุด) ?[\])}>] ?)"
_AFTER_WWW: Final = "(?: ?[.,] ?| )"
_COMMA_ENDING: Final = f"(?-i:{any_of(_DATA['comma_endings'])})(?:[.,][a-z]{{2}})?"
_TAIL: Final = f"(?::[0-9]{{2,5}}(?![0-9]))?(?: ?/ ?(?=[A-Za-z0-9]{{2,}}[_/-])|(?=[/?#])){PATH}{{0,2000}}+"
_BEFORE: Final = f"(?<![{LETTER}0-9_.@-])"
_AFTER: Final = f"(?![{LETTER}0-9_@-])(?P<tail>{_TAIL}|:[0-9]{{2,5}}(?![0-9]))?"
_DOMAIN: Final = re.compile(
    f"{_BEFORE}(?P<host>{_LABEL}(?:\\.{_LABEL}){{0,8}}\\.{_ENDING}){_AFTER}", re.IGNORECASE
)
_SLIPPED_DOMAIN: Final = re.compile(
    f"{_BEFORE}(?P<host>{_LABEL},{_COMMA_ENDING}|www{_AFTER_WWW}(?=[A-Za-z0-9-]{{4}}){_LABEL}"
    f"(?:{_AFTER_WWW}(?:com?|[aginor][cnor]))?{_AFTER_WWW}{_SPACED_ENDING}){_AFTER}",
    re.IGNORECASE,
)
"""A domain with a comma for its dot, or with spaces after www."""

_SCHEME: Final = re.compile(
    r"(?<![A-Za-z0-9])(?P<scheme>h?(?:tt|xx|\*\*|__|t\*)p(?P<secure>s?)|ftp|fxp)"
    r" ?(?:\[:\]|:|：)? ?(?:/ ?/|//|\[/\]\[/\]) ?(?=[^\s/]{1,128}? ?[.\[({<])",
    re.IGNORECASE,
)
_AFTER_SCHEME: Final = re.compile(
    f"(?P<user>[A-Za-z0-9._%+:-]{{1,64}}@)?(?P<host>(?:[0-9]{{1,3}}(?:\\.|{_BRACKETED})){{3}}[0-9]{{1,3}}(?![0-9])"
    f"|(?:[^\\s!-,./:-@\\[-`{{-~，。、！？：；]{{1,63}}?(?:\\.|{_BRACKETED})){{1,8}}"
    f"(?:[A-Za-z0-9-]{{2,63}}|[ก-๎一-鿿가-힣ァ-ヶー]{{2,12}}))"
    f"(?P<tail>{_TAIL}|:[0-9]{{2,5}}(?![0-9]))?",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"(?<![A-Za-z0-9_.])(?P<host>(?:[0-9]{1,3}\.){3}[0-9]{1,3}|(?:[0-9]{1,3}\[\.\]){3}[0-9]{1,3})(?![0-9.])"
    f"(?P<tail>:[0-9]{{2,5}}(?:[/?]{PATH}{{0,2000}}+)?|/{PATH}{{1,2000}}+)",
)
_EMAIL: Final = re.compile(
    "(?<![A-Za-z0-9_.%+@-])(?P<local>[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}+)(?P<at>@|#(?=gmail|yahoo|hotmail))"
    f"(?P<host>{_LABEL}(?:\\.{_LABEL}){{0,6}}\\.{_ENDING}"
    f"|(?:{'|'.join(_DATA['mail_hosts'])})[, ](?:com|net|co\\.[a-z]{{2}}))"
    f"(?![A-Za-z0-9_@-])",
    re.IGNORECASE,
)
_SIGN_OF_HOST: Final = re.compile(f"{_BRACKETED}|[., ]+", re.IGNORECASE)
_CONTEXT: Final = re.compile("|".join(map(re.escape, _DATA["context"])), re.IGNORECASE)
_APP: Final = re.compile(rf"(?i)\.(?:{'|'.join(_DATA['apps'])})(?:$|[?#])")

# ---------------------------------------------------------------- what an address cannot do without

_DOT_IN_NAME: Final = re.compile(r"\.[A-Za-z]{2}")
_SLIPS: Final = Words([*(f",{ending}" for ending in _DATA["comma_endings"]), "www ", "www,", "www. "])
_AT_SIGNS: Final = Words(["@", "#gmail", "#yahoo", "#hotmail"])
_SLASHES: Final = ("//", "/ /", "[/][/]")
_DOTTED_FIGURES: Final = re.compile(r"\.[0-9]{1,3}\.[0-9]")


# ---------------------------------------------------------------- recogniser


def find(text: str, context: Context) -> list[Entity]:
    """The web and mail addresses of a text, in order of start, never overlapping.

    Links to accounts and groups (t.me/) are among them: where `handle` finds an account, `settle` prefers it.

    Args:
        text: a normalised text.
        context: not needed.

    Returns:
        URL with `value` the address with scheme, lower-case ASCII host and no lone slash; attributes `domain`
        (registrable, None for an IP address), `flags` of shortener, punycode, homoglyph, ip_address,
        defanged, userinfo, apk. EMAIL with `value` in lower case, and the same attributes. Look-alikes that
        normalisation folded are not seen here: `web_lookalikes.as_written` is for them.
    """
    lowered = lower(text)
    plain = [*_with_scheme(text), *_emails(text, lowered), *_addresses(text), *_bare(text, lowered)]
    return disjoint([*_spelled(text, lowered), *plain])


# ---------------------------------------------------------------- spelled out


def _spelled(text: str, lowered: str) -> Iterator[Entity]:
    """Addresses that are not written plainly."""
    for found in spelled(text, lowered):
        span, host = (found.start, found.end), ascii_host(found.host)
        flags = _host_flags(found.host, True)
        if _APP.search(found.tail):
            flags.append("apk")
        attributes = {"domain": None if is_ip(host) else registrable(host), "flags": flags}
        if found.local:
            yield Entity("EMAIL", *span, f"{found.local}@{host}", attributes, 0.97)
        else:
            value = f"{found.scheme}://{host}{found.tail.removesuffix('/')}"
            yield Entity("URL", *span, value, attributes, 0.97 if found.sure else 0.9)


# ---------------------------------------------------------------- e-mail


def _emails(text: str, lowered: str) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text) if _AT_SIGNS.are_in(lowered) else ():
        local, host = match["local"].lower(), _plain_host(match["host"])
        domain = registrable(host)
        if domain is None or local.startswith("http"):
            continue
        defanged = match["at"] != "@" or host != match["host"].lower()
        attributes = {"domain": domain, "flags": _host_flags(host, defanged)}
        yield Entity("EMAIL", *match.span(), f"{local}@{ascii_host(host)}", attributes, 0.97)


# ---------------------------------------------------------------- URL


def _with_scheme(text: str) -> Iterator[Entity]:
    if not any(slashes in text for slashes in _SLASHES):
        return
    end = 0
    for scheme in _SCHEME.finditer(text):
        match = _AFTER_SCHEME.match(text, scheme.end()) if scheme.start() >= end else None
        if match is None:
            continue
        end = match.end()
        host = _plain_host(match["host"])
        if not is_ip(host) and registrable(host) is None:
            continue
        word = scheme["scheme"].lower()
        name = "ftp" if word.startswith("f") else "https" if scheme["secure"] else "http"
        defanged = name != word or "[" in scheme.group()
        yield _url(match, name, scheme.start(), defanged)


def _addresses(text: str) -> Iterator[Entity]:
    """IP addresses with a port or a path; bare ones are as often version numbers."""
    if not _DOTTED_FIGURES.search(text) and "[.]" not in text:
        return
    for match in _ADDRESS.finditer(text):
        if is_ip(_plain_host(match["host"])):
            yield _url(match, "http", match.start(), False)


def _bare(text: str, lowered: str) -> Iterator[Entity]:
    """Domains without a scheme."""
    for match in _domains(text, lowered):
        host = _plain_host(match["host"])
        if _is_address(text, match, host) and registrable(host) is not None:
            yield _url(match, "http", match.start(), False)


def _domains(text: str, lowered: str) -> Iterator[re.Match[str]]:
    """What has the form of a domain."""
    if _SLIPS.are_in(lowered):
        yield from _SLIPPED_DOMAIN.finditer(text)
    if _DOT_IN_NAME.search(text):
        yield from _DOMAIN.finditer(text)


def _is_address(text: str, match: re.Match[str], host: str) -> bool:
    """Whether a name with a dot is an address rather than a file, an abbreviation or two sentences."""
    labels = host.split(".")
    if host in _NOT_DOMAINS or _is_capitalised(match["host"]):
        return False
    if match["tail"] or labels[0] == "www" or host in _SHORTENERS:
        return True
    before = text[max(0, match.start() - 20) : match.start()]
    if "," in match["host"]:
        told = re.search("[a-z]-?[0-9]|[0-9]-?[a-z]|[a-z]-[a-z]", labels[0]) or _CONTEXT.search(before)
        return bool(told) and not before.endswith(",")
    return _is_plain_domain(labels) or (_may_be_domain(labels) and bool(_CONTEXT.search(before)))


def _is_plain_domain(labels: list[str]) -> bool:
    """Whether the parts are surely a domain, with nothing else to say so."""
    if labels[-1] in _PLAIN and _may_be_domain(labels):
        return True
    if not _may_be_domain(labels) or any(label.isdigit() for label in labels):
        return False
    return bool(re.search("[0-9-]", labels[-2])) or (len(labels) > 2 and len(labels[-2]) > 3)


def _may_be_domain(labels: list[str]) -> bool:
    """Whether the parts are no file name, initial or number of a list."""
    if len(labels) == 2 and (labels[-1] in _FILES or len(labels[0]) < 2):
        return False
    return not labels[-2].isdigit() or len(labels[-2]) >= 3


def _is_capitalised(host: str) -> bool:
    """Whether the last part starts with a capital as a sentence does (done.In)."""
    return not host.isupper() and bool(re.search(r"^[^\W\d].*\.[A-Z](?:[A-Z]|[a-z]+)$", host))


def _url(match: re.Match[str], scheme: str, start: int, defanged: bool) -> Entity:
    host = _plain_host(match["host"])
    tail = trimmed(match["tail"] or "")
    end = match.end("host") + len(tail)
    defanged = defanged or host != match["host"].lower() or " " in tail
    flags = _host_flags(host, defanged)
    if match.groupdict().get("user"):
        flags.append("userinfo")
    if _APP.search(tail):
        flags.append("apk")
    domain = None if is_ip(host) else registrable(host)
    value = f"{scheme}://{ascii_host(host)}{re.sub(' ', '', tail).removesuffix('/')}"
    certain = bool(tail) or start != match.start() or host.startswith("www.")
    return Entity("URL", start, end, value, {"domain": domain, "flags": flags}, 0.97 if certain else 0.9)


# ---------------------------------------------------------------- hosts


def _plain_host(written: str) -> str:
    """The host in lower case, its dots as dots."""
    return _SIGN_OF_HOST.sub(".", written.lower()).strip(".")


def _host_flags(host: str, defanged: bool) -> list[str]:
    flags = []
    if host in _SHORTENERS:
        flags.append("shortener")
    if "xn--" in host:
        flags.append("punycode")
    if lookalike(host):
        flags.append("homoglyph")
    if is_ip(host):
        flags.append("ip_address")
    return [*flags, "defanged"] if defanged else flags
