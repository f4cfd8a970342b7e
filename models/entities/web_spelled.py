"""Addresses whose signs or letters stand apart or are said: `lan . le [@] xnk . test`, `kk จุด test ทับ vip`.

A dot before a known ending is looked for first, however it is written (`web_signs`); the host and the name
of the mailbox are read from there to the left, the path to the right. Addresses with nothing odd about them
are left to `web`. Every address is looked for in a window of limited length, and only so many in a text.
"""

import re
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.entities.web_hosts import is_ip, registrable
from models.entities.web_path import path_after
from models.entities.web_signs import (
    ANY_AT,
    ANY_DOT,
    BREAK,
    CLOSE,
    LETTER,
    ODD_SIGN,
    SAID,
    SIGNS,
    Token,
    sign_at,
    tokens,
)

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("web.toml").read_text("utf-8"))
_NOT_DOMAINS: Final = frozenset(_DATA["not_domains"])
_MAIL_HOSTS: Final = frozenset([*_DATA["mail_hosts"], *SAID["hosts"].values()])
_NOT_GLUED: Final = frozenset(SIGNS["everyday"]["not_glued"])
_LEADS: Final = frozenset([*SIGNS["everyday"]["leads"], *_DATA["context"]])
_NOT_LOCAL: Final = frozenset(SIGNS["everyday"]["not_local"])
_SURE_AFTER: Final = {
    "spaced": frozenset([*_DATA["dotted_endings"], *_DATA["spaced_endings"]]),
    "word": frozenset([*_DATA["worded_endings"], *SAID["endings"].values()]) - {"top", "me", "app"},
    "plain": frozenset(_DATA["dotted_endings"]),
}
"""Endings that make an address of a name and a dot written so, with nothing else to say so."""
_SAID_ENDINGS: Final = frozenset(SAID["endings"])
_LISTED: Final = frozenset(
    ending for key in ("plain", "dotted", "spaced", "worded") for ending in _DATA[f"{key}_endings"]
)
_WEAK: Final = frozenset(["co", "my", "id", "in", "la", "us", "me"])
"""Endings that are everyday words: something else must say that an address ends there."""
_ENDINGS: Final = _LISTED | _SAID_ENDINGS | _WEAK
_SECOND: Final = frozenset(_DATA["second_endings"])

# ---------------------------------------------------------------- patterns


def _apart(ending: str) -> str:
    """A pattern of an ending with or without spaces between its letters."""
    return " ?".join(map(re.escape, ending)) if ending.isascii() else re.escape(ending)


_KNOWN_ENDING: Final = "|".join(map(_apart, sorted(_ENDINGS, key=lambda ending: (-len(ending), ending))))
_ANCHOR: Final = re.compile(
    f"(?:{ANY_DOT})(?:[ ]?{CLOSE}{BREAK}(?P<any>[a-z]{{2,24}})"
    f"|(?:[ ]?{CLOSE})?{BREAK}(?P<ending>{_KNOWN_ENDING}))"
    f"(?![{LETTER}0-9พພ퓨ピ]| [a-z](?![{LETTER}0-9]))"
)
_COUNTRY: Final = re.compile(f"(?P<country>[a-z] ?[a-z])(?![{LETTER}0-9])")
_SCHEME: Final = re.compile(
    r"(?<![a-z0-9])(?P<scheme>(?:h ?)?[tx*_] ?[tx*_] ?p(?P<secure> ?s)?|f ?[tx] ?p)"
    rf"(?:{BREAK}(?P<slashes>\S.{{0,40}})?)?\Z",
    re.DOTALL,
)
_SLASHES: Final = re.compile(r"[\s\[\](){}:：/\\]*")
_STAND_IN: Final = re.compile(
    f"(?<![a-z0-9#*&$^%!])([#*&$^%!])(?![a-z0-9#*&$^%!])[^\\n]{{0,14}}?(?P<at>{ANY_AT})(?![a-z0-9])"
)
_STANDING_IN: Final = re.compile("[a-z0-9] ?[#*&$^%!] ?[a-z0-9]")
_MAILBOX: Final = re.compile("|".join(map(re.escape, SIGNS["everyday"]["mailbox"])))
_STREWN: Final = re.compile(r"(?<![a-z0-9])[a-z0-9](?:([._-])[a-z0-9](?:\1[a-z0-9]){2,})(?![a-z0-9])")
_WINDOW: Final = 140
_AROUND: Final = 100
_MOST: Final = 250


class Spelled(NamedTuple):
    """An address of a text: mail if `local` is not empty, else of the web.

    Attributes:
        start, end: `[start, end)` in the text.
        local: the name of the mailbox.
        scheme: "http", "https" or "ftp".
        host: in lower case.
        tail: what follows the host, as an address has it.
        sure: something besides host and ending says that it is one.
    """

    start: int
    end: int
    local: str
    scheme: str
    host: str
    tail: str
    sure: bool


class _Part(NamedTuple):
    """Some neighbouring tokens read as one: the index of the first, and what they mean."""

    first: int
    plain: str


# ---------------------------------------------------------------- what is looked for


def spelled(text: str, lowered: str) -> Iterator[Spelled]:
    """Yield the addresses that are not written plainly, in order, at most `_MOST` of them.

    Args:
        text: a normalised text.
        lowered: the same in lower case.
    """
    if _ANCHOR.search(lowered) is None:
        return
    plain = _without_stand_ins(lowered)
    stands_in, lowered = plain != lowered, plain
    end = 0
    for anchor in islice(_ANCHOR.finditer(lowered), _MOST):
        if anchor.start() < end or not (stands_in or _may_be_odd(lowered, anchor, end)):
            continue
        found = _Reader(text, lowered, anchor, end).address()
        if found is not None:
            end = found.end
            yield found


def _may_be_odd(lowered: str, anchor: re.Match[str], floor: int) -> bool:
    """Whether an address with this dot may have something odd about it."""
    if anchor.group() != f".{anchor['ending']}":
        return True
    start = anchor.start()
    if lowered[start - 1 : start] in (" ", "\n"):
        return True
    around = max(floor, start - _AROUND), anchor.end() + _AROUND
    return ODD_SIGN.search(lowered, *around) is not None


def _without_stand_ins(lowered: str) -> str:
    """The text with its characters for the at sign as at signs, where it says so (a#b.test, 把#换成@)."""
    if _STANDING_IN.search(lowered) is None:
        return lowered
    for told in islice(_STAND_IN.finditer(lowered), 3):
        lowered = lowered.replace(told[1], "@")
    return lowered


class _Reader:
    """Reads the address around one dot that stands before an ending."""

    def __init__(self, text: str, lowered: str, anchor: re.Match[str], floor: int) -> None:
        self._text, self._lowered = text, lowered
        self._ending_start, self._end = anchor.span("any" if anchor["any"] else "ending")
        self._ending = anchor["any"] or anchor["ending"].replace(" ", "")
        self._ending = SAID["endings"].get(self._ending, self._ending)
        start = max(floor, anchor.start() - _WINDOW)
        self._tokens = list(tokens(lowered, start, self._ending_start))

    def address(self) -> Spelled | None:
        """Return the address, None if there is none or nothing is odd about it."""
        dot = self._tokens[-1] if self._tokens else None
        if dot is None or dot.kind != "dot" or len(self._tokens) < 2 or self._is_bullet(dot):
            return None
        host = self._host(len(self._tokens) - 2)
        if host is None:
            return None
        self._read_country()
        name = f"{_together(host.plain)}.{self._ending}"
        if self._goes_on_as_host() or (registrable(name) is None and not is_ip(name)):
            return None
        mail = self._mail(host, name, dot)
        return mail or self._web(host, name, dot)

    def _is_bullet(self, dot: Token) -> bool:
        """Whether a dot between spaces is one of a list (Web · Shop)."""
        return dot.how == "spaced" and self._lowered[dot.start : dot.end].strip() not in (".", "．")

    # ------------------------------------------------------------ the host

    def _host(self, last: int, *, mailbox: bool = False) -> _Part | None:
        """The labels that end with the token `last`, or the parts of the name of a mailbox."""
        part = self._label(last)
        labels = 1
        while part is not None and part.first >= 2 and labels < 8 and self._joins(part.first - 1, mailbox):
            before = self._label(part.first - 2)
            if before is None:
                break
            part = _Part(before.first, f"{before.plain}.{part.plain}")
            labels += 1
        return part

    def _joins(self, index: int, mailbox: bool) -> bool:
        """Whether the sign at `index` is a dot within an address rather than the end of a sentence."""
        dot = self._tokens[index]
        if dot.kind != "dot" or self._tokens[index - 1].kind != "name":
            return False
        if dot.how != "spaced":
            return True
        label = self._label(index - 1)
        if label is None or label.plain == "www" or any(map(str.isdigit, label.plain)):
            return label is not None
        space_before = self._lowered[dot.start].isspace()
        return space_before and (mailbox or not self._follows_a_word(label.first))

    def _label(self, last: int) -> _Part | None:
        """The name that ends with the token `last`, with the dashes in it."""
        part = self._name(last)
        while part is not None and part.first >= 2 and self._is_dash(part.first - 1):
            before = self._name(part.first - 2)
            if before is None:
                break
            part = _Part(before.first, before.plain + self._tokens[part.first - 1].plain + part.plain)
        return part

    def _is_dash(self, index: int) -> bool:
        dash = self._tokens[index]
        if dash.kind not in ("dash", "underscore") or self._tokens[index - 1].kind != "name":
            return False
        if dash.how != "spaced":
            return True
        both = self._lowered[dash.start].isspace() and self._lowered[dash.end - 1].isspace()
        lower_case = self._text[self._tokens[index - 1].start : dash.start].islower()
        return both and lower_case and not self._follows_a_word(index - 1)

    def _follows_a_word(self, first: int) -> bool:
        """Whether a word or the end of a sentence stands before the token at `first`."""
        if first < 1:
            return self._tokens[0].start > 0
        before = self._tokens[first - 1]
        if before.kind != "gap":
            return before.kind == "dot"
        word = self._tokens[first - 2] if first >= 2 else before
        return word.kind == "name" and word.plain not in _LEADS

    def _name(self, last: int) -> _Part | None:
        """The letters that end with the token `last`, also where spaces part them."""
        if self._tokens[last].kind != "name":
            return None
        first = last
        while self._is_parted(first) and self._is_one(first) and self._is_one(first - 2):
            first -= 2
        if first < last or self._tokens[last].plain.isdigit():
            first = self._with_word_before(first, last)
        run = self._run(last)
        if run < first and self._is_between_signs(run):
            first = run
        return _Part(first, "".join(token.plain for token in self._tokens[first : last + 1]))

    def _is_parted(self, index: int) -> bool:
        """Whether only a space stands between a name and the one before it."""
        return index >= 2 and self._tokens[index - 1].kind == "gap" and self._tokens[index - 2].kind == "name"

    def _is_one(self, index: int) -> bool:
        return len(self._tokens[index].plain) == 1

    def _with_word_before(self, first: int, last: int) -> int:
        """The word that figures belong to (visa 5 5 5 @, gift 555 . test)."""
        figures = "".join(token.plain for token in self._tokens[first : last + 1])
        if not figures.isdigit() or not 2 <= len(figures) <= 6 or not self._is_parted(first):
            return first
        after = self._tokens[last + 1]
        word = self._tokens[first - 2].plain
        if after.how == "plain" and first == last:
            return first
        long = 1 if after.kind == "at" else 2
        fits = word.isascii() and len(word) > long and word not in _NOT_GLUED and word not in _NOT_LOCAL
        return first - 2 if fits and not word.isdigit() else first

    def _run(self, last: int) -> int:
        """The first of the names that only spaces part from the one at `last`."""
        first = last
        while self._is_parted(first):
            first -= 2
        return first

    def _is_between_signs(self, first: int) -> bool:
        """Whether names from `first` on follow a sign after which an address goes on (// na ga . test)."""
        if first < 2:
            return False
        before, name = self._tokens[first - 1], self._tokens[first - 2]
        if before.kind == "slash":
            return name.kind == "slash"
        if before.kind == "dot" and name.kind == "name":
            return self._tokens[self._run(first - 2) : first - 1][-1].plain in ("www", "w")
        return before.kind == "at" and before.how != "everyday" and name.kind == "name"

    def _read_country(self) -> None:
        """Takes in what follows such an ending as co: dot co dot th."""
        if self._ending not in _SECOND:
            return
        dot = sign_at(self._lowered, self._end)
        country = _COUNTRY.match(self._lowered, dot.end) if dot and dot.kind == "dot" else None
        if country is None or (dot and dot.how == "spaced" and not self._lowered[dot.start].isspace()):
            return
        ending = f"{self._ending}.{country['country'].replace(' ', '')}"
        if registrable(f"a.{ending}") == f"a.{ending}":
            self._ending, self._end = ending, country.end()

    def _goes_on_as_host(self) -> bool:
        """Whether a further dot after the ending says that it is none (naga . site . test)."""
        dot = sign_at(self._lowered, self._end)
        if dot is None or dot.kind != "dot":
            return False
        if dot.how in ("word", "bracketed"):
            return re.match(f"[{LETTER}0-9]", self._lowered[dot.end : dot.end + 1]) is not None
        written = self._lowered[dot.start : dot.end]
        return _ANCHOR.match(self._lowered, dot.end - len(written.lstrip())) is not None

    # ------------------------------------------------------------ mail

    def _mail(self, host: _Part, name: str, dot: Token) -> Spelled | None:
        """The address with the name of the mailbox before `host`."""
        index = host.first - 1
        if index < 1 or self._tokens[index].kind != "at":
            return None
        local = self._host(index - 1, mailbox=True)
        if local is None or len(local.plain) > 64 or not local.plain.isascii():
            return None
        known = host.plain in _MAIL_HOSTS and local.plain not in _NOT_LOCAL
        if self._tokens[index].how == "everyday" and not known and not self._is_mailbox(local, dot):
            return None
        start = self._tokens[local.first].start
        return self._unless_plain(Spelled(start, self._end, _together(local.plain), "", name, "", True))

    def _is_mailbox(self, local: _Part, dot: Token) -> bool:
        """Whether a name before an everyday word for @ is one of a mailbox."""
        if local.plain in _NOT_LOCAL or local.plain.isdigit():
            return False
        start = self._tokens[local.first].start
        announced = _MAILBOX.search(self._lowered, max(0, start - 40), start) is not None
        telling = not local.plain.isalpha()
        if dot.how == "plain":
            return announced and telling
        return announced or telling or not self._follows_latin(local.first)

    def _follows_latin(self, first: int) -> bool:
        """Whether the text before the token at `first` is in Latin letters, as far as it has any."""
        before = self._lowered[self._tokens[0].start : self._tokens[first].start]
        return next((char.isascii() for char in reversed(before) if char.isalpha()), True)

    # ------------------------------------------------------------ the web

    def _web(self, host: _Part, name: str, dot: Token) -> Spelled | None:
        start, scheme = self._scheme(host.first)
        odd = not self._lowered[start : self._end].endswith(name) or bool(
            re.search(r"\s", self._lowered[start : self._end])
        )
        tail, end = path_after(self._text, self._lowered, self._end, odd=odd)
        sure = bool(scheme or name.startswith("www.") or (tail and not self._may_end_sentence(dot)))
        figures = name.split(".")[-2].isdigit() and len(name.split(".")[-2]) < 3
        if name in _NOT_DOMAINS or (figures and not scheme) or not (sure or self._is_domain(host, name, dot)):
            return None
        return self._unless_plain(Spelled(start, end, "", scheme or "http", name, tail, sure))

    def _scheme(self, first: int) -> tuple[int, str]:
        """Where the address starts, and its scheme, "" if it has none."""
        start = self._tokens[first].start
        floor = self._tokens[0].start
        before = _SCHEME.search(self._lowered, max(floor, start - 60), start)
        if before is None:
            return start, ""
        between = self._lowered[before.end("secure") if before["secure"] else before.end("scheme") : start]
        if not _SLASHES.fullmatch(between) and not self._are_said_slashes(before.end("scheme"), start):
            return start, ""
        if before["scheme"].startswith("f"):
            return before.start(), "ftp"
        return before.start(), "https" if before["secure"] else "http"

    def _are_said_slashes(self, start: int, end: int) -> bool:
        kinds = [token.kind for token in tokens(self._lowered, start, end)]
        allowed = {"slash", "colon", "gap", "name"}
        return "slash" in kinds and allowed.issuperset(kinds) and kinds.count("name") < 2

    def _is_domain(self, host: _Part, name: str, dot: Token) -> bool:
        """Whether a name with nothing before or after it is a domain."""
        labels = name.split(".")
        told = not host.plain.isalpha() or labels[-1] != self._ending
        if len(labels[0]) < 2 or host.plain in _NOT_GLUED:
            return False
        if dot.how == "bracketed":
            return True
        over_lines = "\n" in self._lowered[dot.start : dot.end]
        if not told and (over_lines or len(host.plain) < 3):
            return False
        if self._ending in _WEAK and dot.how != "word":
            return False
        return self._is_sure_ending(dot) if self._may_end_sentence(dot) else told or self._is_sure_ending(dot)

    def _is_sure_ending(self, dot: Token) -> bool:
        """Whether an ending after a dot written so makes an address with nothing else to say so."""
        if not self._may_end_sentence(dot):
            return self._ending in _SURE_AFTER[dot.how]
        starts_one = self._text[self._ending_start].isupper() and not self._text[dot.start - 1].isupper()
        return self._ending in _SURE_AFTER["plain"] and not starts_one

    def _may_end_sentence(self, dot: Token) -> bool:
        """Whether a space follows a dot and none stands before it."""
        return dot.how == "spaced" and not self._lowered[dot.start].isspace()

    def _unless_plain(self, found: Spelled) -> Spelled | None:
        """The address, unless it is written as any other."""
        written = self._text[found.start : found.end].lower()
        plain = f"{found.local}@{found.host}" if found.local else f"{found.host}{found.tail.lower()}"
        is_plain = re.fullmatch(f"(?:[a-z]{{3,5}}:// ?)?(?:[^\\s/@]+@)?{re.escape(plain)}", written)
        return None if is_plain else found


def _together(name: str) -> str:
    """A name without the signs between its single letters (n-a-g-a-5-5-5)."""
    return _STREWN.sub(lambda match: match.group().replace(match[1], ""), name)
