"""Accounts that follow a platform's name at a distance, in its sentence or at the start of the next.

Telegram mein aao bhai, id raj underscore 77     라인으로 친구해요. 아이디 bora밑줄77
"""

import re
from typing import Final

from models.entities.entity import Entity
from models.entities.handle_account import spelled_entity
from models.entities.handle_gap import BETWEEN, DOMAIN, ID_WORDS, VERBS
from models.entities.handle_names import Name
from models.entities.handle_spelled import Spelled, spelled
from models.entities.handle_tokens import at_sign
from models.entities.words import LATIN

_WITHIN: Final = 60
_MOST_WORDS: Final = 12
_WORD: Final = re.compile(f"(?<![{LATIN}0-9_.@/+-])[a-z0-9_]")
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s)|[\n。！？।။។]")
_SHAPED: Final = re.compile("(?=[a-z0-9._-]*(?:[a-z][a-z._-]*[0-9]{2}|[0-9]+[a-z]{2}|[a-z]_))[a-z0-9_.-]{5,}")
_JUST_BEFORE: Final = re.compile(rf"(?:{ID_WORDS}|{VERBS}){BETWEEN}\Z", re.IGNORECASE)
"""A word for an id or a verb that asks for one, just before the account."""
_STARTS_WITH_ID: Final = re.compile(rf"\s{{0,3}}{BETWEEN}(?:{ID_WORDS})", re.IGNORECASE)


def later(text: str, lowered: str, name: Name, limit: int) -> Entity | None:
    """The account after a platform's name and before `limit`: nothing but one may be written like this."""
    limit = min(limit, name.end + _WITHIN)
    ends = _SENTENCE_END.search(text, name.end, limit)
    end = ends.end() if ends else limit
    return _first(text, lowered, name, (name.end, ends.start() if ends else limit)) or (
        _in_next(text, lowered, name, (end, limit)) if end < limit else None
    )


def _in_next(text: str, lowered: str, name: Name, stretch: tuple[int, int]) -> Entity | None:
    """The account in the next sentence, which begins with a word for it or with the account."""
    start, limit = stretch
    ends = _SENTENCE_END.search(text, start, limit)
    limit = ends.start() if ends else limit
    if name.weak:
        return None
    if _STARTS_WITH_ID.match(text, start, limit):
        return _first(text, lowered, name, (start, limit))
    word = _WORD.search(lowered, start, min(start + 2, limit))
    found = spelled(lowered, word.start()) if word else None
    if found and found.mixed and not DOMAIN.search(found.value):
        return spelled_entity(text, name, found, told=False)
    return None


def _first(text: str, lowered: str, name: Name, stretch: tuple[int, int]) -> Entity | None:
    """The first account of a stretch of text."""
    at, limit = stretch
    for _ in range(_MOST_WORDS):
        word = _WORD.search(lowered, at, limit)
        if word is None:
            return None
        found = spelled(lowered, word.start())
        if found and not DOMAIN.search(found.value) and _is_unmistakable(lowered, name, found):
            return spelled_entity(text, name, found, told=False)
        at = found.end if found else word.end()
    return None


def _is_unmistakable(lowered: str, name: Name, found: Spelled) -> bool:
    """Whether it has signs in words, or follows an @ or a word for id and is no word."""
    number = any(map(str.isdigit, found.value))
    if found.signs and (number or "_" in found.value or found.signs > 1):
        return True
    if name.weak:
        return False
    floor = max(name.end, found.start - 20)
    announcing = at_sign(lowered, floor, found.start) is not None or _JUST_BEFORE.search(
        lowered, floor, found.start
    )
    return bool(announcing and ((found.disguised and number) or _SHAPED.fullmatch(found.value)))
