"""Accounts after a platform's name: LINE: abc, ไลน์ abc_1, 微信abc_1, QQ 12345, and such that are spelled out.

What may stand between: `handle.toml`; how a handle is spelled out: `handle_spelled.py`.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.entities.entity import Entity
from models.entities.handle_links import handle_entity
from models.entities.handle_names import ASCII_NAMES, Name
from models.entities.handle_spelled import Spelled, at_sign, spelled
from models.entities.words import LATIN, any_of, is_latin

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("handle.toml").read_text("utf-8"))
STOP: Final = frozenset(_DATA["stop"]["words"]) | ASCII_NAMES
"""Words that are no handles."""


def _words(words: Iterable[str]) -> str:
    """Words of Latin letters as whole words, the others anywhere."""
    words = list(words)
    latin = any_of(word for word in words if is_latin(word[0]))
    other = any_of(word for word in words if not is_latin(word[0]))
    return f"(?<![{LATIN}0-9_.])(?:{latin})(?![{LATIN}0-9_.-])|{other}"


_SEPARATORS: Final = " \\t\\n:;：；=＝>→➡⇒👉📲💬🆔➤▶៖~～\"'“”‘’「『【(（\\[/,，、|•·*\ufe0f\u200b\\-–—"
_ID_WORDS: Final = _words([*_DATA["connectors"]["ids"], *_DATA["connectors"]["called"]])
GAP: Final = re.compile(
    f"(?:[{_SEPARATORS}]{{1,3}}|[.]{{2,4}}|…|{_ID_WORDS}|{_words(_DATA['connectors']['fillers'])}){{0,7}}",
    re.IGNORECASE,
)
_ID_WORD: Final = re.compile(_ID_WORDS, re.IGNORECASE)
_CALLED: Final = re.compile(_words(_DATA["connectors"]["called"]), re.IGNORECASE)
_COLON: Final = re.compile("[:;：；=＝→➡⇒👉📲🆔➤▶៖]")
_ID: Final = re.compile("(?P<at>@ ?)?(?P<id>[A-Za-z0-9_][A-Za-z0-9_.-]{1,49})(?![A-Za-z0-9_])", re.IGNORECASE)
DOMAIN: Final = re.compile(
    r"(?i)\.(?:com|net|org|info|xyz|example|test|invalid|co\.th|in\.th|com\.[a-z]{2}|co\.[a-z]{2}|apk|pdf|jpg|png|exe)$"
)
QUANTITY: Final = re.compile(
    r"(?i)[\d.,-]+(?:h|hr|hrs|hours?|k|m|am|pm|pcs|kg|rb|ribu|jt|juta|tr|usd|usdt|u|thb|baht|x|g|gb|mb|st|nd|rd|th|d|days?"
    r"|mins?|s|cm|mm|km|ml|l|cc|w|v|in|ft|rm|php|mmk|ks|kyats?|yrs?|bath|won|yen)?(?:[-/].*)?$"
)

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
        return bool(_COLON.search(self.gap))

    @property
    def told(self) -> bool:
        """Whether a colon or a word for id stands before it."""
        return self.colon or bool(_ID_WORD.search(self.gap))


_MOST_NAMES: Final = 200  # a text with more of them is a list: nothing is spelled out in it


def announced(text: str, lowered: str, names: list[Name]) -> Iterator[Entity]:
    """The account of each platform's name: right after it, or else a little later in the sentence."""
    for at, name in enumerate(names):
        is_list = at >= _MOST_NAMES
        gap = GAP.match(text, name.end)
        start = gap.end() if gap else name.end
        limit = names[at + 1].start if at + 1 < len(names) else len(text)
        entity = (
            (None if is_list else _spelled_out(text, lowered, name, start))
            or _written(text, name, start)
            or (None if is_list else _later(text, lowered, name, limit))
        )
        if entity:
            yield entity


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
    announced = _ID_WORD.search(candidate.gap) or re.search("id|ไอดี|ໄອດີ|号", candidate.word, re.IGNORECASE)
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
    called = _CALLED.search(candidate.gap)
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
    if found is None or not (found.disguised or said):
        return None
    if DOMAIN.search(found.value) and after_at is None:
        return None
    gap = text[name.end : begins]
    told = after_at is not None or bool(_COLON.search(gap) or _ID_WORD.search(gap))
    return _spelled_entity(text, name, found, told=told)


def _spelled_entity(text: str, name: Name, found: Spelled, *, told: bool) -> Entity | None:
    """The entity of a handle that is spelled out, if it can be an account of the platform."""
    if not _may_be_spelled(text, name, found, told=told):
        return None
    reason = f'context word "{text[name.start : name.end]}"'
    proba = 0.92 if told and not name.weak else 0.8
    return handle_entity(
        (found.start, found.end), found.value, name.platform.code, proba=proba, reason=reason
    )


def _may_be_spelled(text: str, name: Name, found: Spelled, *, told: bool) -> bool:
    """Whether what is spelled out is an account of the platform rather than words or figures."""
    value, platform = found.value, name.platform
    if (
        not platform.min <= len(value) <= platform.max
        or value in STOP
        or text[found.end : found.end + 1] == "@"
    ):
        return False
    if value.isdigit():
        return platform.digits and 5 <= len(value) <= 12
    if _PIECE.fullmatch(value) is None or QUANTITY.fullmatch(value):
        return False
    if found.marked and not STOP.isdisjoint(_WORDS.findall(text[found.start : found.end].lower())):
        return False
    figures = sum(map(str.isdigit, value))
    is_phone = figures > _MOST_DIGITS and 2 * figures > len(value) + _MIN_LETTERS  # with a word
    number = figures > 0
    if is_phone or (name.weak and not (number or "_" in value)):
        return False
    return told or number or "_" in value or found.signs > 1 or found.apart > _MIN_LETTERS


_PIECE: Final = re.compile("(?=[^a-z]*[a-z]{2}|[a-z0-9._-]*_)[a-z0-9_.-]+|[a-z][0-9]{3,}")
_MIN_LETTERS: Final = 4
_WORDS: Final = re.compile("[a-z]{3,}")
_MOST_DIGITS: Final = 7

# ---------------------------------------------------------------- a little later


_WITHIN: Final = 45
_MOST_WORDS: Final = 12
_WORD: Final = re.compile(f"(?<![{LATIN}0-9_.@/+-])[a-z0-9_]")
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s)|[\n。！？।။។]")
_SHAPED: Final = re.compile("(?=[a-z0-9._-]*(?:[a-z][a-z._-]*[0-9]{2}|[0-9]+[a-z]{2}|[a-z]_))[a-z0-9_.-]{5,}")


def _later(text: str, lowered: str, name: Name, limit: int) -> Entity | None:
    """The account further on in the sentence: nothing but an account may be written like this."""
    limit = min(limit, name.end + _WITHIN)
    ends = _SENTENCE_END.search(text, name.end, limit)
    limit = ends.start() if ends else limit
    at = name.end
    for _ in range(_MOST_WORDS):
        word = _WORD.search(lowered, at, limit)
        if word is None:
            return None
        found = spelled(lowered, word.start())
        if found and not DOMAIN.search(found.value) and _is_unmistakable(lowered, name, found):
            return _spelled_entity(text, name, found, told=False)
        at = found.start + 1 if found else word.end()
    return None


def _is_unmistakable(lowered: str, name: Name, found: Spelled) -> bool:
    """Whether it has signs in words, or follows an @ or a word for id and is no word."""
    number = any(map(str.isdigit, found.value))
    if found.signs and (number or "_" in found.value or found.signs > 1):
        return True
    if name.weak:
        return False
    floor = max(name.end, found.start - 14)
    announcing = at_sign(lowered, floor, found.start) is not None or _ID_JUST_BEFORE.search(
        lowered, floor, found.start
    )
    return bool(announcing and ((found.disguised and number) or _SHAPED.fullmatch(found.value)))


_ID_JUST_BEFORE: Final = re.compile(
    f"(?:{_ID_WORDS})(?:[{_SEPARATORS}]{{1,3}}|{_words(_DATA['connectors']['fillers'])}){{0,3}}\\Z",
    re.IGNORECASE,
)
