"""Accounts after a platform's name: LINE: abc, ไลน์ abc_1, 微信abc_1, QQ 12345, and such that are spelled out.

What may stand between: `handle_gap.py`; how a handle is spelled out: `handle_spelled.py`.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from models.entities.entity import Entity
from models.entities.handle_account import spelled_entity
from models.entities.handle_gap import CALLED, COLON, DOMAIN, GAP, ID_WORD, QUANTITY, STOP
from models.entities.handle_later import later
from models.entities.handle_links import handle_entity
from models.entities.handle_names import Name
from models.entities.handle_number import number
from models.entities.handle_spelled import spelled
from models.entities.handle_tokens import at_sign
from models.entities.words import LATIN, is_latin

_ID: Final = re.compile("(?P<at>@ ?)?(?P<id>[A-Za-z0-9_][A-Za-z0-9_.-]{1,49})(?![A-Za-z0-9_])", re.IGNORECASE)

# ---------------------------------------------------------------- as it is written


class _Candidate(NamedTuple):
    """What follows a platform's name: the name, what stands between, an id perhaps, and the text after it."""

    word: str
    name: Name
    gap: str
    handle: str
    at: bool
    after: str

    @property
    def colon(self) -> bool:
        return bool(COLON.search(self.gap))

    @property
    def told(self) -> bool:
        """Whether a colon or a word for id stands before it."""
        return self.colon or bool(ID_WORD.search(self.gap))


_UNSURE: Final = 0.7
_MOST_NAMES: Final = 100  # a text with more of them is a list: nothing is spelled out in it


def announced(text: str, lowered: str, names: list[Name]) -> Iterator[Entity]:
    """The account of each platform's name: right after it, or else a little later in the sentence."""
    for at, name in enumerate(names):
        is_list = at >= _MOST_NAMES
        gap = GAP.match(text, name.end)
        start = gap.end() if gap else name.end
        entity = (None if is_list else _spelled_out(text, lowered, name, start)) or _written(
            text, name, start
        )
        if not is_list and (entity is None or entity.proba <= _UNSURE):
            entity = later(text, lowered, name, _next_platform(names, at, len(text))) or entity
        if entity:
            yield entity


def _next_platform(names: list[Name], at: int, end: int) -> int:
    """Where the next name of another platform begins, `end` if there is none."""
    code = names[at].platform.code
    others = (name.start for name in islice(names, at + 1, at + 4) if name.platform.code != code)
    return next(others, end)


def _written(text: str, name: Name, start: int) -> Entity | None:
    """The account that begins at `start` as it is written."""
    match = _ID.match(text, start)
    if match is None:
        return None
    handle = match["id"].rstrip(".-")
    value = handle.lower()
    if value in STOP:
        return None
    end = match.start("id") + len(handle)
    word, between = text[name.start : name.end], text[name.end : match.start()]
    candidate = _Candidate(word, name, between, handle, bool(match["at"]), text[end : end + 8])
    if proba := _proba(candidate):
        return handle_entity(
            (match.start(), end), value, name.platform.code, proba=proba, reason=f'context word "{word}"'
        )
    return None


def _proba(candidate: _Candidate) -> float | None:
    """How sure it is that what follows a platform's name is an id of it; None if it is not one."""
    if _is_something_else(candidate):
        return None
    handle = candidate.handle
    if not re.search("[A-Za-z]", handle):
        return _proba_of_digits(candidate)
    if candidate.at:
        return 0.95
    if QUANTITY.fullmatch(handle) or (not candidate.gap and is_latin(candidate.word[-1])):
        return None
    if re.search("[0-9_]", handle) or re.fullmatch(r"[A-Za-z-]+(?:\.[a-z][a-z-]*)+", handle):
        return _proba_of_id(candidate)
    return _proba_of_letters(candidate)


_LIKE_A_NUMBER: Final = re.compile("(?i)(?=(?:[^0-9]*[0-9]){3})[0-9oil]{2,4}(?:[-.][0-9oilsb]{3,4})+")
"""Letters typed for digits: a phone number."""


def _is_something_else(candidate: _Candidate) -> bool:
    """Whether it is no id of this platform: too short, an e-mail, a link, a domain, the next line."""
    handle, platform = candidate.handle, candidate.name.platform
    return (
        not platform.min <= len(handle) <= platform.max
        or candidate.after.startswith(("@", "://"))
        or bool(_LIKE_A_NUMBER.fullmatch(handle))
        or (bool(DOMAIN.search(handle)) and not (candidate.at and candidate.gap))
        or ("\n" in candidate.gap and not (candidate.at or candidate.told))
    )


def _proba_of_digits(candidate: _Candidate) -> float | None:
    """Digits alone: QQ numbers, and others only where the word id announces them (else it is a phone)."""
    handle, name = candidate.handle, candidate.name
    if not handle.isdigit() or re.match(r"[.,]?[0-9%]|\s?[-–]\s?[0-9]| ?[0-9]{3}", candidate.after):
        return None
    if name.platform.digits and name.weak and not candidate.told:  # 蝙蝠 12345678, never 蝙蝠 2只
        return 0.75 if not candidate.word.isascii() and 7 <= len(handle) <= 11 else None
    if name.platform.digits:
        return 0.92 if len(handle) <= 12 else None
    announced = ID_WORD.search(candidate.gap) or re.search("id|ไอดี|ໄອດີ|号", candidate.word, re.IGNORECASE)
    return 0.8 if announced and len(handle) >= 5 else None


def _proba_of_id(candidate: _Candidate) -> float | None:
    """Letters with digits, underscores or dots: no word."""
    handle, word = candidate.handle, candidate.word
    if word == "x" or (len(word) == 1 and not candidate.colon and "_" not in handle):
        return None
    if candidate.told:
        return 0.92
    if re.fullmatch("[A-Z0-9]{2}[0-9]{2,4}", handle):  # a flight
        return None
    if candidate.name.weak:
        may_be_code = handle.isupper() or not re.search("[A-Za-z]{3}", handle)
        return None if may_be_code and "_" not in handle else 0.75
    return 0.88


def _proba_of_letters(candidate: _Candidate) -> float | None:
    """Letters only: an id if announced, or if it ends the phrase and the name is no everyday word."""
    handle, word, weak = candidate.handle, candidate.word, candidate.name.weak
    called = CALLED.search(candidate.gap)
    if called and (handle[0].isupper() or (is_latin(called.group()[0]) and not candidate.colon)):
        return None  # a name as displayed, or a sentence
    if re.match(f" [{LATIN}]", candidate.after):
        distinct = not (word.isascii() and word.islower()) and not weak
        return 0.6 if candidate.colon and distinct and handle.islower() else None
    if candidate.told:
        return 0.85 if candidate.colon or not weak else None
    distinct = (word.isupper() or not word.isascii()) and not weak
    return 0.7 if distinct and handle.islower() and len(handle) >= 5 else None


# ---------------------------------------------------------------- spelled out


def _spelled_out(text: str, lowered: str, name: Name, start: int) -> Entity | None:
    """The account that is spelled out at `start`, or after an @ in words."""
    after_at = at_sign(lowered, name.end, start)
    begins = start if after_at is None else after_at
    said = after_at is not None and "@" not in lowered[name.end : after_at]
    found = spelled(lowered, begins, loose=after_at is not None and lowered[after_at - 1] == " ")
    if name.platform.digits and (found is None or found.value.isdigit()):
        found = number(lowered, begins) or found
    if found is None or not (found.disguised or said):
        return None
    if DOMAIN.search(found.value) and after_at is None:
        return None
    gap = text[name.end : begins]
    told = after_at is not None or bool(COLON.search(gap) or ID_WORD.search(gap))
    return spelled_entity(text, name, found, told=told)
