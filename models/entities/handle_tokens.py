"""The signs, letters and figures of a handle that is spelled out, each with the words for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.entities.words import LATIN, any_of, is_latin

_FOLDER: Final = Path(__file__).parent
DATA: Final[dict[str, Any]] = tomllib.loads((_FOLDER / "handle_spelled.toml").read_text(encoding="utf-8"))
_NUMERALS: Final[dict[str, Any]] = tomllib.loads((_FOLDER / "numerals.toml").read_text(encoding="utf-8"))
_MOST_TOKENS: Final = 60
_MOST_CHARS: Final = 120


def _by_language(tables: Iterable[dict[str, list[str]]]) -> dict[str, str]:
    return {word: digit for table in tables for digit, words in table.items() for word in words}


SIGNS: Final = {
    word: sign
    for sign, by_language in DATA["signs"].items()
    for words in by_language.values()
    for word in words
}
UNITS: Final = _by_language([*_NUMERALS["glued"].values(), DATA["digits"]])
LATIN_UNITS: Final = _by_language(_NUMERALS["latin"].values())
_TIMES: Final = {word: int(times) for times, words in DATA["repeat"].items() for word in words}


def _apart(words: Iterable[str]) -> str:
    """A pattern of words, those of Latin letters not glued to Latin letters."""
    words = list(words)
    latin = any_of(word for word in words if is_latin(word[0]) and is_latin(word[-1]))
    other = any_of(word for word in words if not (is_latin(word[0]) and is_latin(word[-1])))
    return f"(?:(?<![{LATIN}])(?:{latin})(?![{LATIN}])|{other})"


_LATIN_THEN: Final = any_of(word for word in DATA["then"]["words"] if is_latin(word[0]))
_OTHER_THEN: Final = any_of(word for word in DATA["then"]["words"] if not is_latin(word[0]))
_SIGN: Final = _apart(SIGNS)
_OTHER_SIGN: Final = any_of(["underscore", *(word for word in SIGNS if not is_latin(word[0]))])
_LATIN_UNIT: Final = f"(?<![{LATIN}])(?:{any_of(LATIN_UNITS)})(?![{LATIN}])"
_UNIT: Final = any_of(UNITS)
_PAD: Final = r"[ \-*|~]{0,3}"
_THEN: Final = f"(?:[ ,，、]{{1,2}}{_LATIN_THEN}(?=[ ,])|[ ,，、]{{0,2}}{_OTHER_THEN})"
_LEAD: Final = f"(?:{_THEN})?[ ,，、\\-*|~]{{0,3}}(?:{_apart(DATA['then']['articles'])} ?)?"
_TRAIL: Final = f"(?:{_THEN})?[ ,，、\\-*|~]{{0,3}}"
_OPEN: Final = r"[(\[{<（【「『《〈［]"
_CLOSE: Final = r"[)\]}>）】」』》〉］]"
_MARK: Final = (
    "(?:[*|/~+^=•·'`★☆♥❤✨✦✧♡♦#$%&\\\\\u2190-\u21ff\u2500-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]\ufe0f?)"
)
_TOKEN: Final = re.compile(
    rf"(?P<sign>{_PAD}[\[({{<] ?(?P<sign_in>[_.-]|{any_of(SIGNS)}) ?[\])}}>]{_PAD}"
    rf"|(?P<fence>[._-])(?:{_OPEN}(?P<sign_fenced>{_SIGN})|(?P<sign_other>{_OTHER_SIGN})){_CLOSE}?(?P=fence)"
    rf"|{_LEAD}(?P<sign_word>{_SIGN}){_TRAIL}|(?P<pad>[ *|/~])(?P<sign_apart>[_.])(?P=pad)(?=[a-z0-9]))"
    rf"|(?P<many>[(\[]?(?P<times>{_apart(_TIMES)})[ -]?(?P<what>[0-9](?![0-9])|{_UNIT}|{_LATIN_UNIT})[)\]]?)"
    rf"|(?P<units>{_OPEN}(?:{_UNIT}|[0-9])++{_CLOSE}|(?:{_UNIT}))"
    rf"|(?P<latin>{_LATIN_UNIT})"
    rf"|(?P<then>{_THEN} ?)"
    rf"|(?P<piece>[a-z0-9]++(?![{LATIN}]))"
    r"|(?P<own>[_.-]+)"
    r"|(?P<space> {1,2})"
    rf"|(?P<mark>{_MARK}{{1,2}}|{_CLOSE}{_OPEN})"
)
_SIGN_GROUPS: Final = ("sign_in", "sign_fenced", "sign_other", "sign_word", "sign_apart")
_AT_WORD: Final = _apart(DATA["at"]["words"])
_AT: Final = re.compile(rf"(?:[(\[{{<] ?(?:@|{_AT_WORD}) ?[)\]}}>]|@|{_AT_WORD}) ?")
ANY_UNIT: Final = re.compile(f"{_UNIT}|[0-9]")


def at_sign(lowered: str, start: int, end: int) -> int | None:
    """Return where an @ ends, said or written, that begins in `[start, end]` and reaches `end`."""
    for match in _AT.finditer(lowered, start, end + 16):
        if match.start() > end:
            return None
        if match.end() >= end:
            return match.end()
    return None


class SpelledToken(NamedTuple):
    """A part: an atom (its characters), a sign (one character), a mark or a space (what is written)."""

    kind: str
    value: str
    start: int
    end: int


def spelled_tokens(lowered: str, start: int) -> Iterator[SpelledToken]:
    """The parts that follow each other from `start`, until something else comes."""
    at, limit = start, min(len(lowered), start + _MOST_CHARS)
    before = ""
    for _ in range(_MOST_TOKENS):
        match = _TOKEN.match(lowered, at, limit)
        if match is None:
            return
        token = _token(match, match.lastgroup or "")
        yield token
        if before == "space" and token.kind == "piece" and len(token.value) > 1 and token.value.isalpha():
            return  # a word: whatever follows, the handle ends before or with it
        before, at = token.kind, match.end()


def _token(match: re.Match[str], kind: str) -> SpelledToken:
    """The token of a match."""
    if match["sign"]:
        word = next(filter(None, map(match.__getitem__, _SIGN_GROUPS)), "")
        return SpelledToken("sign", str(SIGNS.get(word, word)), *match.span())
    if match["many"]:
        what = match["what"]
        digit = UNITS.get(what) or LATIN_UNITS.get(what) or what
        return SpelledToken("units", digit * _TIMES[match["times"]], *match.span())
    if match["units"]:
        digits = "".join(UNITS.get(unit, unit) for unit in ANY_UNIT.findall(match["units"]))
        return SpelledToken("units", digits, *match.span())
    if match["latin"]:
        return SpelledToken("latin", match["latin"], *match.span())
    return SpelledToken(kind, match.group(), *match.span())
