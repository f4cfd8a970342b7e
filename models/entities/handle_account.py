"""Whether what is spelled out after or before a platform's name is an account of it, and its entity."""

import re
from typing import Final

from models.entities.entity import Entity
from models.entities.handle_gap import DATA, QUANTITY, STOP
from models.entities.handle_links import handle_entity
from models.entities.handle_names import ASCII_NAMES, Name
from models.entities.handle_spelled import Spelled
from models.entities.words import any_of

_PIECE: Final = re.compile("(?=[^a-z]*[a-z]{2}|[a-z0-9._-]*_)[a-z0-9_.-]+|[a-z][0-9]{3,}")
_FLIGHT: Final = re.compile("(?=.?[a-z])[a-z0-9]{2}[0-9]{2,4}\\Z")
_EVERYDAY: Final = frozenset(DATA["stop"]["words"])
_FILE: Final = re.compile(f"(?:{any_of(DATA['stop']['prefixes'])})[_.-]?[0-9]")
_FEWEST, _MOST = 5, 12
_MIN_LETTERS: Final = 4
_WORDS: Final = re.compile("[a-z]+")
_MOST_DIGITS: Final = 7


def spelled_entity(text: str, name: Name, found: Spelled, *, told: bool) -> Entity | None:
    """Return the entity of a handle that is spelled out, if it can be an account of the platform."""
    if not _may_be_spelled(text, name, found, told=told):
        return None
    reason = f'context word "{text[name.start : name.end]}"'
    proba = 0.92 if told and not name.weak else 0.8
    return handle_entity(
        (found.start, found.end), found.value, name.platform.code, proba=proba, reason=reason
    )


def _may_be_spelled(text: str, name: Name, found: Spelled, *, told: bool) -> bool:
    """Whether what is spelled out is an account of the platform rather than words or figures."""
    value = found.value
    if _is_something_else(text, name, found) or (not told and _is_doubtful(found)):
        return False
    if value.isdigit():
        return name.platform.digits and _FEWEST <= len(value) <= _MOST and (told or not name.weak)
    if found.marked and _are_names(_WORDS.findall(text[found.start : found.end].lower())):
        return False
    number = any(map(str.isdigit, value))
    if name.weak and not (number or "_" in value):
        return False
    return told or number or "_" in value or found.signs > 1 or found.apart > _MIN_LETTERS


def _is_something_else(text: str, name: Name, found: Spelled) -> bool:
    """Whether it is too short or long, a word, a quantity, an address or a telephone number."""
    value, platform = found.value, name.platform
    if not platform.min <= len(value) <= platform.max or value in STOP:
        return True
    if text[found.end : found.end + 1] == "@":
        return True
    if value.isdigit():
        return False
    figures = sum(map(str.isdigit, value))
    is_phone = figures > _MOST_DIGITS and 2 * figures > len(value) + _MIN_LETTERS
    return is_phone or _PIECE.fullmatch(value) is None or QUANTITY.fullmatch(value) is not None


def _is_doubtful(found: Spelled) -> bool:
    """Whether it may be words around a sign, a flight or a file, where nothing announces an account."""
    parts = [part for part in re.split("[_.-]", found.value) if part]
    words = (
        found.signs == 1
        and all(map(str.isalpha, parts))
        and (len(parts) < 2 or not _EVERYDAY.isdisjoint(parts))
    )
    return words or any(pattern.match(found.value) for pattern in (_FLIGHT, _FILE))


def _are_names(words: list[str]) -> bool:
    """Whether a platform's name is among words, or the first of them is no handle."""
    named = any(len(word) > 2 and word in ASCII_NAMES for word in words)
    return named or (bool(words) and words[0] in STOP)
