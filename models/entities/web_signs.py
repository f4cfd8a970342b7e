"""The signs of an address however they are written: ` . `, `[.]`, `dot`, `(titik)`, `จุด`, `点` for a dot.

`tokens` cuts a stretch of text into names, signs, gaps and the rest; `web_spelled` puts an address together
from them. Words: `web_signs.toml`; all texts are expected in lower case.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.entities.words import LATIN, any_of, is_latin

SIGNS: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
SAID: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("web.toml").read_text("utf-8"))["said"]
"""Endings and hosts in letters of another script: คอม, 지메일."""

LETTER: Final = f"{LATIN}\u0370-\u03ff\u0400-\u04ff\u0501\u051b\u051d"
_OPEN: Final = r"[\[({<（【「『《〈［｛〔\"'“‘*_~|-]"
CLOSE: Final = r"[\])}>）】」』》〉］｝〕\"'”’*_~|-]"
BREAK: Final = r"(?:[ \t\u200b]{0,3}\n)?[ \t\u200b]{0,3}"
"""What may stand between a sign and a name: nothing, spaces, one line end."""

_CHARACTERS: Final = {
    "dot": "[.。．·•・●∙‧⋅⚫⚪🔴🔵▪◾]",
    "at": "[@＠﹫]",
    "slash": r"[/／⁄∕╱]",
    "dash": "[-‐‑–]",
    "underscore": "[_＿]",
    "colon": "[:：]",
}
_PLAIN: Final = dict(zip(("dot", "at", "slash", "dash", "underscore", "colon"), ".@/-_:", strict=True))
_EVERYDAY_AT: Final = frozenset(SIGNS["everyday"]["at"])


def words_of(sign: str) -> list[str]:
    """The words for a sign, in all languages."""
    return [word for words in SIGNS[sign].values() for word in words]


def _whole(words: Iterable[str]) -> str:
    """A pattern of words: with no letter or figure beside those in Latin letters."""
    words = list(words)
    latin = any_of(word for word in words if is_latin(word[0]))
    other = any_of(word for word in words if not is_latin(word[0]))
    glued = "(?=(?:com|net|org)(?![a-z]))"
    return f"(?<![{LETTER}0-9])(?:{latin})(?:(?![{LETTER}0-9])|{glued})|{other}"


def _sign(sign: str) -> str:
    """A pattern of a sign in words or as a character."""
    return f"(?P<{sign}>{_whole(words_of(sign))}|{_CHARACTERS[sign]})"


_AT_LETTER: Final = r"(?P<a>(?<=[\[({<（【〈［])[ ]?(?:a|ⓐ)(?=[ ]?[\])}>）】〉］]))"
_ANY_SIGN: Final = "|".join([*map(_sign, ("colon", "underscore", "slash", "dash", "dot", "at")), _AT_LETTER])
_NATIVE: Final = any_of([*SAID["endings"], *SAID["hosts"]])
_NAME: Final = f"(?:{_NATIVE})(?![พພ퓨ピ])|[{LETTER}0-9]{{1,63}}+"
_TOKEN: Final = re.compile(
    f"(?P<sign>{BREAK}(?P<open>{_OPEN}[ ]?)?(?:{_ANY_SIGN})(?(open)[ ]?{CLOSE}){BREAK})"
    f"|(?P<name>{_NAME})|(?P<gap>[ \\t]{{1,2}}|[ \\t]?\\n)|(?P<rest>.)",
    re.DOTALL,
)
_LONGEST_SIGN: Final = 48
_KINDS: Final = ("dot", "at", "slash", "dash", "underscore", "colon", "a")


ANY_DOT: Final = f"{any_of(words_of('dot'))}|{_CHARACTERS['dot']}"
"""A dot, wherever it stands: cheap to look for, `tokens` says whether it is one."""
ANY_AT: Final = f"{any_of(words_of('at'))}|{_CHARACTERS['at']}"


def _spaced(words: Iterable[str]) -> list[str]:
    """Words with what must stand before and after those in Latin letters."""
    return [f" {word} " if is_latin(word[0]) else word for word in words if word not in _EVERYDAY_AT]


ODD_SIGN: Final = re.compile(
    "|".join(
        [
            any_of(_spaced([*words_of("at"), *words_of("slash")])),
            r"[\[({<（【〈［](?:[@/]|[ ]?at?[ ]?[\])}>）】〉］]|[ ]?[a-z]{2,12} ?[a-z]{0,12}[\])}>）】〉］])",
            r"[ \n][@/]|[@/][ \n\])}>）】]|[＠／⁄∕╱]",
            r"[tx*_] ?p(?: ?s)? ?[:\[] |[tx*_] ?p ?s?:? ?/ ?/(?: |[a-z0-9-]*\n)|h [tx] [tx] p",
            r"(?<![a-z0-9])[a-z0-9] [a-z0-9] [a-z0-9@.](?![a-z0-9])|[a-z][0-9_.-]{1,8} at ",
            r"(?<![a-z0-9])(?:[a-z0-9][._-]){4}",
        ]
    )
)
"""Something that an address with plain dots may have that is not plain."""


class Token(NamedTuple):
    """A piece of a text.

    Attributes:
        kind: "name", "gap", "rest" or a sign: "dot", "at", "slash", "dash", "underscore", "colon".
        start, end: `[start, end)` in the text.
        plain: as an address has it, "" for a gap and the rest.
        how: of a sign, how it is written: "plain", "spaced" (also over lines), "bracketed", "word" or
            "everyday" (a word that mostly means something else).
    """

    kind: str
    start: int
    end: int
    plain: str
    how: str = "plain"


def tokens(lowered: str, start: int, end: int) -> Iterator[Token]:
    """Yield what `lowered[start:end]` consists of, in order and without a hole."""
    at = start
    while at < end:
        match = _TOKEN.match(lowered, at, end)
        if match is None:
            return
        yield _token(match)
        at = match.end()


def sign_at(lowered: str, start: int) -> Token | None:
    """Return the sign that starts at `start`, with the space around it; None if there is none."""
    match = _TOKEN.match(lowered, start, start + _LONGEST_SIGN)
    return _token(match) if match and match["sign"] is not None else None


def _token(match: re.Match[str]) -> Token:
    if match["sign"] is None:
        kind = "name" if match["name"] else "gap" if match["gap"] else "rest"
        text = match.group()
        plain = SAID["endings"].get(text) or SAID["hosts"].get(text) or text if kind == "name" else ""
        return Token(kind, *match.span(), plain)
    kind = next(name for name in _KINDS if match[name] is not None)
    how = _how(match, match[kind])
    kind = "at" if kind == "a" else kind
    return Token(kind, *match.span(), _PLAIN[kind], how)


def _how(match: re.Match[str], written: str) -> str:
    if match["open"]:
        return "bracketed"
    if written in _EVERYDAY_AT:
        return "everyday"
    if len(written) > 1 or written.isalpha():
        return "word"
    return "plain" if match.group() == written else "spaced"
