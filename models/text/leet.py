"""Digits and signs typed for letters: fr33, v3r1fy, c@sino."""

from __future__ import annotations

import re
from typing import Final

from models.text import confusables as table
from models.text.edits import Edit, Stage

_LATIN_LETTER = re.compile(f"[{table.LATIN}]")
_LEET_GATE = re.compile("[0134578@$!](?:(?=[A-Za-z])|(?<=[A-Za-z].))")
_CHUNK = re.compile("[!-~]+")
_ADDRESS = re.compile("://|[/_\\\\=]|@[^@]*\\.|^@|[A-Za-z0-9]\\.[A-Za-z]{2,}|\\.[A-Za-z0-9-]+\\.")
_TOKEN = re.compile("[A-Za-z0-9@$!]{3,}")
_MAX_TOKEN: Final = 24
_INNER_LEET = re.compile("(?<=[A-Za-z])[0134578@$!]{1,2}(?=[A-Za-z])")
_ANY_LEET = re.compile("[0134578@$!]")
_HANDLE_BEFORE = re.compile(
    "(?:id|line|ไลน์|ไอดี|telegram|tele|tg|wechat|vx|微信|zalo|viber|skype|ig|fb|kakao|user|name)\\W{0,3}$",
    re.IGNORECASE,
)
_VOWELS: Final = frozenset("aeiouy")


def names_a_handle(text: str, start: int) -> bool:
    """Whether the word before `start` announces a handle or an id, or `#` a tag."""
    return text[start - 1 : start] == "#" or bool(_HANDLE_BEFORE.search(text, max(0, start - 12), start))


def _leet_one(before: str, after: str) -> str:
    """What a 1 stands for between these letters."""
    return "l" if before in _VOWELS or after in _VOWELS else "i"


def _readings(token: str) -> list[str]:
    """The token with its leet read as letters: first the likely reading of 1, then the other one."""
    spread = [
        _leet_one(token[at - 1 : at].lower(), token[at + 1 : at + 2].lower())
        if char == "1"
        else table.LEET.get(char, char)
        for at, char in enumerate(token)
    ]
    likely = "".join(spread)
    other = "".join(
        {"i": "l", "l": "i"}[new] if old == "1" else new for old, new in zip(token, spread, strict=True)
    )
    if token.isupper():
        return [likely.upper(), other.upper()]
    return [likely, other]


_NUMBER = re.compile(
    f"(?:[0-9]|{'|'.join(sorted(table.NUMBER_WORDS, key=len, reverse=True))})++", re.IGNORECASE
)


def is_number(token: str) -> bool:
    """Whether a token is digits and words for digits, such as lima5satu0."""
    return _NUMBER.fullmatch(token) is not None


def known_reading(token: str) -> str | None:
    """A reading that is a word worth hiding, if the digits are not just counted onto another word."""
    stem = token.rstrip("0123456789!$@")
    if stem.lower() in table.HIDDEN_WORDS or (len(token) <= 3 and not token.islower()):
        return None
    return next((word for word in _readings(token) if word.lower() in table.HIDDEN_WORDS), None)


def _likely_reading(token: str) -> str | None:
    """A reading of an unknown word in which all leet is inside, several times or as a zero."""
    inner = _INNER_LEET.findall(token)
    letters = [char for char in token if char.isalpha()]
    if len("".join(inner)) + len(letters) != len(token) or "8" in "".join(inner):
        return None
    if len(token) < 4 or 5 * len(letters) < 3 * len(token) or not "".join(letters[1:]).islower():
        return None
    return _readings(token)[0] if len(inner) >= 2 or inner == ["0"] else None


def _de_leeted(token: str, is_handle: bool) -> str:
    if not _ANY_LEET.search(token) or not re.search("[A-Za-z]", token) or re.search("[0-9]{3}", token):
        return token
    if is_number(token):
        return token
    return known_reading(token) or (None if is_handle else _likely_reading(token)) or token


def leet(text: str) -> list[Edit]:
    """fr33, v3r1fy, c@sino, pr0m0 as words; addresses, handles, model and version names stay."""
    edits: list[Edit] = []
    for chunk in _CHUNK.finditer(text):
        if not _LEET_GATE.search(chunk.group()) or _ADDRESS.search(chunk.group()):
            continue
        for match in _TOKEN.finditer(text, *chunk.span()):
            token = match.group().rstrip("!@$")
            if len(token) > _MAX_TOKEN:
                continue
            start = match.start()
            end = start + len(token)
            if _LATIN_LETTER.match(text[start - 1 : start]) or _LATIN_LETTER.match(text[end : end + 1]):
                continue
            is_handle = names_a_handle(text, start)
            plain = _de_leeted(token, is_handle)
            if plain != token:
                edits.append((start, end, plain))
    return edits


LEET: Final = Stage(needs=_LEET_GATE, rules=(leet,))
