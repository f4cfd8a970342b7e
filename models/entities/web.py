"""URL and EMAIL: bare, defanged, shortened, in other alphabets; domains by the public suffix list.

Sources: RFC 3986 (URL), RFC 1034 and RFC 5890 (labels, xn--), RFC 5321 and RFC 5322 (mail address), RFC 2606
and RFC 6761 (example, test, invalid), publicsuffix.org "Algorithm"; defanged forms as in reports of CISA and
MISP ("hxxp", "[.]"); Unicode Technical Standard 39 (look-alikes). The suffix list comes with the library
`publicsuffixlist`: nothing is looked up on a network.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import idna
from publicsuffixlist import PublicSuffixList

from models.entities.entity import Context, Entity, disjoint
from models.entities.handle_links import PATH
from models.entities.words import LATIN, Words, any_of, is_latin, lower
from models.text.confusables import HOMOGLYPHS

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_SUFFIXES: Final = PublicSuffixList(accept_unknown=False)
_RESERVED: Final = ("example", "test", "invalid")
_PLAIN: Final = frozenset(_DATA["plain_endings"])
_FILES: Final = frozenset(_DATA["file_endings"])
_NOT_DOMAINS: Final = frozenset(_DATA["not_domains"])
_SHORTENERS: Final = frozenset(_DATA["shorteners"])
_SAID: Final[dict[str, Any]] = _DATA["said"]
"""What is written as it is said: the dot, the at sign, endings and hosts."""

# ---------------------------------------------------------------- patterns


def _said(words: Iterable[str]) -> str:
    """A pattern of words for a sign: between spaces in Latin letters, else with or without."""
    latin = any_of(word for word in words if is_latin(word[0]))
    return f"(?: (?:{latin}) | ?(?:{any_of(word for word in words if not is_latin(word[0]))}) ?)"


_LETTER: Final = f"{LATIN}\u0370-\u03ff\u0400-\u04ff\u0501\u051b\u051d"
_LABEL: Final = f"[{_LETTER}0-9][{_LETTER}0-9_-]{{0,62}}+"
_ENDING: Final = "(?:xn--[a-z0-9-]{2,59}|[a-z]{2,24})"
_DOTTED_ENDING: Final = f"(?-i:{any_of(_DATA['dotted_endings'])})"
_SPACED_ENDING: Final = f"(?-i:{any_of([*_DATA['dotted_endings'], *_DATA['spaced_endings']])})"
_WORDED_ENDING: Final = f"(?:{any_of([*_DATA['worded_endings'], *_SAID['endings']])}(?![พພ퓨ピ]))"
_BRACKETED: Final = r"(?: ?[\[({<] ?(?:\.|dot|点|點|ดอท|จุด) ?[\])}>] ?)"
_DOTTED: Final = r"(?: \. |\. | \.)"
_WORDED: Final = _said(_SAID["dots"])
_AFTER_WWW: Final = "(?: ?[.,] ?| )"
_COMMA_ENDING: Final = f"(?-i:{any_of(_DATA['comma_endings'])})(?:[.,][a-z]{{2}})?"
_TAIL: Final = f"(?::[0-9]{{2,5}}(?![0-9]))?(?: ?/ ?(?=[A-Za-z0-9]{{2,}}[_/-])|(?=[/?#])){PATH}{{0,2000}}+"
_DOMAIN: Final = re.compile(
    f"(?<![{_LETTER}0-9_.@-])(?P<host>{_LABEL}(?:"
    f"(?:(?:\\.|{_BRACKETED}){_LABEL}){{0,8}}(?:\\.|{_BRACKETED}){_ENDING}"
    f"|(?:(?:\\.|{_DOTTED}){_LABEL}){{0,3}}(?:{_DOTTED}{_DOTTED_ENDING}| \\.{_SPACED_ENDING})"
    f"|(?:(?:\\.|{_WORDED}){_LABEL}){{0,3}}{_WORDED}{_WORDED_ENDING}"
    f"|,{_COMMA_ENDING})"
    f"|www{_AFTER_WWW}(?=[A-Za-z0-9-]{{4}}){_LABEL}(?:{_AFTER_WWW}(?:com?|[aginor][cnor]))?{_AFTER_WWW}{_SPACED_ENDING})"
    f"(?![{_LETTER}0-9_@-])(?P<tail>{_TAIL}|:[0-9]{{2,5}}(?![0-9]))?",
    re.IGNORECASE,
)
_PLAIN_DOMAIN: Final = re.compile(
    f"(?<![{_LETTER}0-9_.@-])(?P<host>{_LABEL}(?:\\.{_LABEL}){{0,8}}\\.{_ENDING})"
    f"(?![{_LETTER}0-9_@-])(?P<tail>{_TAIL}|:[0-9]{{2,5}}(?![0-9]))?",
    re.IGNORECASE,
)
"""`_DOMAIN` of a text in which every dot is just a dot."""

_SCHEME: Final = re.compile(
    r"(?<![A-Za-z0-9])(?P<scheme>h(?:tt|xx|\*\*|__|t\*)p(?P<secure>s?)|ftp|fxp)"
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
_AT: Final = (
    r"(?:@| @ | ?[\[({<] ?(?:@|at|a|แอท|アットマーク|アット|골뱅이) ?[\])}>] ?|#(?=gmail|yahoo|hotmail))"
)
_MAIL_HOST: Final = "|".join(_DATA["mail_hosts"])
_MAIL_ENDING: Final = f"(?:{_WORDED}|{_DOTTED}){_WORDED_ENDING}(?:\\.[a-z]{{2}})?"
_LOCAL: Final = "[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}+"
_EMAIL: Final = re.compile(
    f"(?<![A-Za-z0-9_.%+@-])(?P<local>{_LOCAL})(?P<at>{_AT})(?P<host>"
    f"{_LABEL}(?:(?:\\.|{_BRACKETED}){_LABEL}){{0,6}}(?:\\.|{_BRACKETED}){_ENDING}"
    f"|{_LABEL}{_MAIL_ENDING}"
    f"|(?:{_MAIL_HOST}),(?:com|net|co\\.[a-z]{{2}}))"
    f"(?![A-Za-z0-9_@-])",
    re.IGNORECASE,
)
_SAID_EMAIL: Final = re.compile(
    f"(?<![A-Za-z0-9_.%+@-])(?P<local>{_LOCAL}(?:{_WORDED}{_LOCAL}){{0,2}})(?P<at>{_said(_SAID['ats'])})"
    f"(?P<host>(?:{any_of([*_DATA['mail_hosts'], *_SAID['hosts']])})(?:{_WORDED}|{_DOTTED}){_WORDED_ENDING})"
    f"(?![A-Za-z0-9_@-])",
    re.IGNORECASE,
)
"""A mail address as it is said: boss dot kk at gmail dot com."""
_DEFANGED_DOT: Final = re.compile(f"{_BRACKETED}|{_DOTTED}|{_WORDED}|,", re.IGNORECASE)
_CONTEXT: Final = re.compile("|".join(map(re.escape, _DATA["context"])), re.IGNORECASE)
_APP: Final = re.compile(rf"(?i)\.(?:{'|'.join(_DATA['apps'])})(?:$|[?#])")
_TRAILING: Final = ".,;:!?'*&_~(["

# ---------------------------------------------------------------- what an address cannot do without

_DOT_IN_NAME: Final = re.compile(r"\.[A-Za-z]{2}")
_OPENINGS: Final = [bracket + space for bracket in "[({<" for space in ("", " ")]


def _with_spaces(words: Iterable[str]) -> Iterator[str]:
    """The words as `_said` matches them, up to what follows."""
    for word in words:
        yield from (f" {word} ",) if is_latin(word[0]) else (word, f"{word} ")


_WRITTEN_DOTS: Final = Words(
    [
        *(opening + dot for opening in _OPENINGS for dot in (".", "dot", "点", "點", "ดอท", "จุด")),
        *(f". {ending}" for ending in _DATA["dotted_endings"]),
        *(f" .{ending}" for ending in (*_DATA["dotted_endings"], *_DATA["spaced_endings"])),
        *(f",{ending}" for ending in _DATA["comma_endings"]),
        *(
            dot + ending
            for dot in _with_spaces(_SAID["dots"])
            for ending in (*_DATA["worded_endings"], *_SAID["endings"])
        ),
        *("www ", "www,", "www. "),
    ]
)
"""How the dot of a domain may be written other than as a dot between letters."""

_AT_SIGNS: Final = Words(
    [
        *("@", "#gmail", "#yahoo", "#hotmail"),
        *(
            opening + sign
            for opening in _OPENINGS
            for sign in ("at", "a]", "a)", "a}", "a>", "a ", "แอท", "アット")
        ),
    ]
)
"""How the at sign of a mail address may be written."""

_SAID_AT_SIGNS: Final = Words(
    at + host for at in _with_spaces(_SAID["ats"]) for host in (*_DATA["mail_hosts"], *_SAID["hosts"])
)

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
        normalisation folded are not seen here: `as_written` is for them.
    """
    lowered = lower(text)
    return disjoint([*_with_scheme(text), *_emails(text, lowered), *_addresses(text), *_bare(text, lowered)])


# ---------------------------------------------------------------- e-mail


def _emails(text: str, lowered: str) -> Iterator[Entity]:
    matches = [*_SAID_EMAIL.finditer(text)] if _SAID_AT_SIGNS.are_in(lowered) else []
    if _AT_SIGNS.are_in(lowered):
        matches += _EMAIL.finditer(text)
    for match in matches:
        local, host = re.sub(_WORDED, ".", match["local"].lower()), _plain_host(match["host"])
        domain = _registrable(host)
        if domain is None or local.startswith("http"):
            continue
        defanged = match["at"].strip() != "@" or host != match["host"].lower()
        attributes = {"domain": domain, "flags": _host_flags(host, defanged)}
        yield Entity("EMAIL", *match.span(), f"{local}@{_ascii(host)}", attributes, 0.97)


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
        if not _is_ip(host) and _registrable(host) is None:
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
        if _is_ip(_plain_host(match["host"])):
            yield _url(match, "http", match.start(), False)


def _bare(text: str, lowered: str) -> Iterator[Entity]:
    """Domains without a scheme."""
    for match in _domains(text, lowered):
        host = _plain_host(match["host"])
        if _is_address(text, match, host) and _registrable(host) is not None:
            yield _url(match, "http", match.start(), False)


def _domains(text: str, lowered: str) -> Iterator[re.Match[str]]:
    """What has the form of a domain."""
    if _WRITTEN_DOTS.are_in(lowered):
        yield from _DOMAIN.finditer(text)
    elif _DOT_IN_NAME.search(text):
        yield from _PLAIN_DOMAIN.finditer(text)


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
    if _DEFANGED_DOT.search(match["host"]):
        return not labels[-2].isdigit()
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
    tail = _trimmed(match["tail"] or "")
    end = match.end("host") + len(tail)
    defanged = defanged or host != match["host"].lower() or " " in tail
    flags = _host_flags(host, defanged)
    if match.groupdict().get("user"):
        flags.append("userinfo")
    if _APP.search(tail):
        flags.append("apk")
    domain = None if _is_ip(host) else _registrable(host)
    value = f"{scheme}://{_ascii(host)}{re.sub(' ', '', tail).removesuffix('/')}"
    certain = bool(tail) or start != match.start() or host.startswith("www.")
    return Entity("URL", start, end, value, {"domain": domain, "flags": flags}, 0.97 if certain else 0.9)


def _trimmed(tail: str) -> str:
    """A path without the punctuation of the sentence around it; brackets stay in pairs."""
    while tail and (
        tail[-1] in _TRAILING
        or (tail[-1] == ")" and tail.count("(") < tail.count(")"))
        or (tail[-1] == "]" and tail.count("[") < tail.count("]"))
    ):
        tail = tail[:-1]
    return tail


# ---------------------------------------------------------------- hosts


def _plain_host(written: str) -> str:
    """The host in lower case, its dots as dots, what is said as it is spelled."""
    labels = re.split("[. ]+", _DEFANGED_DOT.sub(".", written).lower().strip(". "))
    return ".".join(_SAID["endings"].get(label) or _SAID["hosts"].get(label) or label for label in labels)


def _ascii(host: str) -> str:
    """The host in the form that the domain name system knows; as it is where that has none."""
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def _registrable(host: str) -> str | None:
    """The part of a host that somebody registered, by the public suffix list; None if it is no domain."""
    ascii_host = _ascii(host)
    labels = ascii_host.split(".")
    if len(labels) > 1 and labels[-1] in _RESERVED:
        return ".".join(labels[-2:])
    domain: str | None = _SUFFIXES.privatesuffix(ascii_host)
    return domain or (ascii_host if len(labels) == 2 and _SUFFIXES.publicsuffix(labels[-1]) else None)


def _is_ip(host: str) -> bool:
    parts = host.split(".")
    return len(parts) == 4 and all(part.isdigit() and int(part) < 256 for part in parts)


def _host_flags(host: str, defanged: bool) -> list[str]:
    flags = []
    if host in _SHORTENERS:
        flags.append("shortener")
    if "xn--" in host:
        flags.append("punycode")
    if lookalike(host):
        flags.append("homoglyph")
    if _is_ip(host):
        flags.append("ip_address")
    return [*flags, "defanged"] if defanged else flags


# ---------------------------------------------------------------- look-alikes

_LIKE_LATIN: Final = frozenset(
    {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "CANADIAN", "LISU", "COPTIC", "DESERET"}
)
"""Alphabets with letters that pass for Latin ones, as the names of their characters begin."""
_MOSTLY_SMALL_CAPITALS: Final = frozenset("кмт")
"""Letters that look Latin as capitals only: a word of them and look-alikes is a word (мост)."""
_ODD_ACCENT: Final = re.compile("[ąćęịķḷṃṇọṛșṣṭụṿẉỵẓıŀẹ]")
_VIETNAMESE: Final = re.compile(
    "[ăâđêôơưàáảãèéẻẽìíỉĩòóỏõùúủũỳýỷỹ\u1ea4-\u1eb7\u1ebe-\u1ec7\u1ed0-\u1ee3\u1ee8-\u1ef1]"
)
_BEFORE_HOST: Final = re.compile(r"[^/.]*?(?:/ ?/|／ ?／|\[/\]\[/\])\s*")
_AFTER_HOST: Final = re.compile(r"[/?#:／？＃：]")


def lookalike(written_host: str) -> bool:
    """Whether a host, with the characters it was written in, is not what it seems to be.

    So is one with letters of two alphabets in a label (krungthаi.com with a Cyrillic а), with small capitals
    or phonetic letters, with accents easily missed, or with a whole label that passes for a Latin one before
    a Latin ending (аррӏе.com). Names in one script are what they seem, and so are styled letters (𝐚𝐛𝐜), which
    browsers read as plain ones.

    Source: UTS 39, sections 4 and 5.1; UTS 46, section 4; the policy of Chromium, "IDN in Google Chrome".
    """
    if written_host.isascii() and "xn--" not in written_host:
        return False
    *labels, ending = _unicode(_mapped(written_host)).split(".")
    vietnamese = ending == "vn"
    return any(_is_disguised(label, ending.isascii(), vietnamese) for label in labels) or (
        not ending.isascii() and _is_disguised(ending, False, vietnamese)
    )


def as_written(entity: Entity, written: str) -> Entity:
    """A URL or EMAIL with the host that its original characters show, if that is a disguise.

    Args:
        entity: as `find` returns it.
        written: the characters of the original text in its span.

    Returns:
        `entity` itself, or with `homoglyph` among its flags, and `value` and `domain` with the host that was
        written as the domain name system knows it (xn--krungthi-76g.com), not the one it imitates.
    """
    if written.isascii() or entity.value is None:
        return entity
    host = _plain_host(_mapped(_host_part(entity.type, written)))
    flags = entity.attributes["flags"]
    if not lookalike(host) or "homoglyph" in flags:
        return entity
    start = entity.value.rindex("@") + 1 if entity.type == "EMAIL" else entity.value.index("://") + 3
    imitated = re.split("[/?#:]", entity.value[start:])[0]
    value = f"{entity.value[:start]}{_ascii(host)}{entity.value[start + len(imitated) :]}"
    attributes = {
        **entity.attributes,
        "domain": _registrable(host) or _ascii(host),
        "flags": [*flags, "homoglyph"],
    }
    return replace(entity, value=value, attributes=attributes)


def _host_part(kind: str, written: str) -> str:
    """The host in an address with all its original characters."""
    if kind == "EMAIL":
        return re.split(f"{_AT}|{_said(_SAID['ats'])}|＠", written, flags=re.IGNORECASE)[-1]
    scheme = _BEFORE_HOST.match(written)
    return re.split("[@＠]", _AFTER_HOST.split(written[scheme.end() if scheme else 0 :])[0])[-1]


def _mapped(host: str) -> str:
    """The host as browsers read it: styled letters plain, invisible ones gone."""
    try:
        return idna.uts46_remap(host, std3_rules=False)
    except idna.IDNAError:
        return unicodedata.normalize("NFKC", host).lower()


def _unicode(host: str) -> str:
    if "xn--" not in host:
        return host
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


def _is_disguised(label: str, latin_ending: bool, vietnamese: bool) -> bool:
    """Whether a label mixes alphabets, or passes for a Latin one."""
    letters = [letter for letter in label if letter.isalpha()]
    alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
    if alphabets & _LIKE_LATIN:
        foreign = [letter for letter in letters if not letter.isascii()]
        passes = all(letter in HOMOGLYPHS and letter not in _MOSTLY_SMALL_CAPITALS for letter in foreign)
        return len(alphabets) > 1 or alphabets == {"LISU"} or (passes and latin_ending)
    if any(not is_latin(letter) for letter in letters if unicodedata.name(letter, "").startswith("LATIN")):
        return True
    return bool(_ODD_ACCENT.search(label)) and not vietnamese and not _VIETNAMESE.search(label)
