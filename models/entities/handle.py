"""SOCIAL_HANDLE: accounts and invitations on chat and social platforms, by link, by platform's name, by @.

Lists of names and links: `handle.toml`. Sources of the forms (facts only):
Telegram "Deep links" (core.telegram.org/api/links), "account.checkUsername" (core.telegram.org);
LINE "Use LINE features with the LINE URL scheme", "Gain friends of your LINE Official Account"
(developers.line.biz); WhatsApp "How to use click to chat" (faq.whatsapp.com); WeChat ID rules
(help.wechat.com); Wikipedia "Tencent QQ" (numbers); Viber "Deep links" (developers.viber.com); help pages of
Instagram, X, TikTok, Discord and Signal on usernames (length, characters); Discord "Invites 101"
(support.discord.com); KakaoTalk open chat links (cs.kakao.com).
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.entities.entity import Context, Entity, disjoint
from models.entities.handle_links import handle_entity, is_within_address, links
from models.entities.words import LATIN, Words, any_of, is_latin, lower

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

# ---------------------------------------------------------------- data


@dataclass(frozen=True, slots=True)
class _Platform:
    """Length of an id in characters, and whether it may be digits alone."""

    code: str
    min: int
    max: int
    digits: bool


class _Name(NamedTuple):
    """A platform's name in the text; `weak` if it may also be an everyday word."""

    start: int
    end: int
    platform: _Platform
    weak: bool


_PLATFORMS: Final = tuple(
    (_Platform(row["code"], row["min"], row["max"], row.get("digits", False)), row)
    for row in _DATA["platform"]
)
_NAMES: Final[Mapping[str, tuple[_Platform, bool]]] = {
    name.lower(): (platform, weak)
    for platform, row in _PLATFORMS
    for weak, names in ((True, row.get("weak", ())), (False, row["names"]))
    for name in names
}
_STOP: Final = frozenset(_DATA["stop"]["words"]) | {name for name in _NAMES if name.isascii()}
# ---------------------------------------------------------------- patterns


_LATIN_LETTERS: Final = frozenset(filter(is_latin, map(chr, range(0x1F00))))
_DIGITS: Final = frozenset("0123456789")
_ONLINE: Final = ("ออน", "ออฟ", "ອອນ", "អន", "អ៊ន", "អូន", "အွန်", "온", "오프", "オン", "オフ", "ऑन", "ऑफ")
"""What makes online and offline of a name that sounds like line."""

_NAME_WORDS: Final = Words(_NAMES)
_BEFORE_NO_NAME: Final = _LATIN_LETTERS | _DIGITS | frozenset("_@.?&=")
_AFTER_NO_NAME: Final = _LATIN_LETTERS | frozenset("_")
_BEFORE_NO_WORD: Final = _LATIN_LETTERS | _DIGITS | frozenset("_.")
_AFTER_NO_WORD: Final = _BEFORE_NO_WORD | frozenset("-")
_CONTACT_WORDS: Final = Words(_DATA["contact"]["words"])
_ADD_WORDS: Final = Words(_DATA["contact"]["add"])


def _words(words: Iterable[str]) -> str:
    """Words of Latin letters as whole words, the others anywhere."""
    words = list(words)
    latin = any_of(word for word in words if is_latin(word[0]))
    other = any_of(word for word in words if not is_latin(word[0]))
    return f"(?<![{LATIN}0-9_.])(?:{latin})(?![{LATIN}0-9_.-])|{other}"


_SEPARATORS: Final = " \\t\\n:;：；=＝>→➡⇒👉📲💬🆔➤▶~～\"'“”‘’「『【(（\\[/,，、|•·*\ufe0f\u200b\\-–—"
_ID_WORDS: Final = _words([*_DATA["connectors"]["ids"], *_DATA["connectors"]["called"]])
_GAP: Final = re.compile(
    f"(?:[{_SEPARATORS}]{{1,3}}|{_ID_WORDS}|{_words(_DATA['connectors']['fillers'])}){{0,7}}", re.IGNORECASE
)
_ID_WORD: Final = re.compile(_ID_WORDS, re.IGNORECASE)
_CALLED: Final = re.compile(_words(_DATA["connectors"]["called"]), re.IGNORECASE)
_COLON: Final = re.compile("[:;：；=＝→➡⇒👉📲🆔➤▶]")
_UNDERSCORE: Final = f" ?(?:{any_of(_DATA['spoken']['underscores'])}) ?"
_ID: Final = re.compile(
    f"(?P<at>@ ?)?(?P<id>[A-Za-z0-9_][A-Za-z0-9_.-]{{1,49}}(?:{_UNDERSCORE}[A-Za-z0-9_.-]{{1,30}}){{0,3}})"
    "(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_AT: Final = re.compile(
    f"@(?<![{LATIN}0-9_.@+-]@)(?P<space> ?)(?P<id>[A-Za-z0-9_][A-Za-z0-9_.-]{{1,49}})(?![A-Za-z0-9_@])"
)
_ADDED_ID: Final = re.compile(
    "[ :：,，]{0,3}(?P<id>[A-Za-z][A-Za-z0-9_.-]{3,49})(?![A-Za-z0-9_@])", re.IGNORECASE
)
_AFTER: Final = re.compile("(?: on | di | sa | trên | ใน| ที่| \\(|\\(|（)", re.IGNORECASE)
_DOMAIN: Final = re.compile(
    r"(?i)\.(?:com|net|org|info|xyz|example|test|invalid|co\.th|in\.th|com\.[a-z]{2}|co\.[a-z]{2}|apk|pdf|jpg|png|exe)$"
)
_QUANTITY: Final = re.compile(
    r"(?i)[\d.,-]+(?:h|hr|hrs|hours?|k|m|am|pm|pcs|kg|rb|ribu|jt|juta|tr|usd|usdt|u|thb|baht|x|g|gb|mb|st|nd|rd|th|d|days?"
    r"|mins?|s|cm|mm|km|ml|l|cc|w|v|in|ft|rm|php|mmk|ks|kyats?|yrs?|bath|won|yen)?(?:[-/].*)?$"
)
_LETTERS: Final = re.compile("[A-Za-z]{2}|[A-Za-z]_")
_PRICE: Final = re.compile("(?i)(?:rp|rm|usd|thb|php|hkd|sgd|vnd)[0-9.,]+k?$")
_MAIL_HOST: Final = re.compile(r"(?i)\.(?:com|net|org|co\.[a-z]{2}|com\.[a-z]{2})$")
_END: Final = re.compile("[.!?\\n。！？।။។]")
_NOT_MARK: Final = r"[^\s!-/:-@\[-`{-~，。、！？：；…“”‘’]"
_CAPITAL: Final = "[A-Z\u00c0-\u00deĐẢ-Ỹ]"
_DISPLAY_LATIN: Final = (
    f"{_CAPITAL}{_NOT_MARK}{{0,29}}(?: (?:{_CAPITAL}{_NOT_MARK}{{0,29}}|[0-9]{{1,4}})(?!{_NOT_MARK})){{0,5}}"
)
_DISPLAY_OTHER: Final = f"[ก-ฮເ-ໄກ-ຮក-ឳက-ဪ가-힣一-鿿ぁ-ヶअ-हเ-ไ]{_NOT_MARK}{{2,39}}"
_DISPLAY: Final = re.compile(f"(?:{_DISPLAY_LATIN})|(?:{_DISPLAY_OTHER})")
_DISPLAY_GAP: Final = re.compile(' ?[:：] ?|[ :：]{0,2}["“「]')
_DISPLAY_PLATFORMS: Final = frozenset({"facebook", "messenger", "zalo"})

# ---------------------------------------------------------------- recogniser


def find(text: str, context: Context) -> list[Entity]:
    """The accounts and invitations of a text, in order of start, never overlapping.

    Args:
        text: a normalised text.
        context: not needed; the names of all languages are looked for in every text.

    Returns:
        `value` is the handle in lower case without its @ (None for a name as displayed) or the path of an
        invitation; attributes: `platform` (a code of handle.toml, or None), `kind` (handle or invite_link).
    """
    lowered = lower(text)
    names = _names(text, lowered)
    found = [*links(text, lowered), *_announced(text, names), *_at_signs(text, lowered, names)]
    return disjoint([*found, *_displayed(text, lowered, names), *_added(text, lowered)])


# ---------------------------------------------------------------- after a platform's name


def _names(text: str, lowered: str) -> list[_Name]:
    """The platforms' names in the text in order, of those at one place the longest."""
    places = [place for place in _NAME_WORDS.places(lowered) if _is_whole_name(lowered, *place)]
    names: list[_Name] = []
    last = 0
    for start, end in sorted(places, key=_first_and_longest):
        if start < last or is_within_address(text, start):
            continue
        last = end
        if not text.endswith(_ONLINE, 0, start):
            names.append(_Name(start, end, *_NAMES[lowered[start:end]]))
    return names


def _first_and_longest(place: tuple[int, int]) -> tuple[int, int]:
    return place[0], -place[1]


def _is_whole_name(lowered: str, start: int, end: int) -> bool:
    """Whether a name is no part of a longer word (Latin, Hangul, Katakana) or of an address."""
    previous = lowered[start - 1 : start]
    if lowered[end - 1] in _LATIN_LETTERS and lowered[end : end + 1] in _AFTER_NO_NAME:
        return False
    if lowered[start] not in _LATIN_LETTERS:
        return not any(is_of(previous) and is_of(lowered[start]) for is_of in (_is_hangul, _is_katakana))
    return previous not in _BEFORE_NO_NAME and not (
        previous == "-" and "a" <= lowered[start - 2 : start - 1] <= "z"
    )


def _is_hangul(letter: str) -> bool:
    return "가" <= letter <= "힣"


def _is_katakana(letter: str) -> bool:
    return "ァ" <= letter <= "ヶ" or letter == "ー"


class _Candidate(NamedTuple):
    """What follows a platform's name: the name, what stands between, an id perhaps, and the text after it."""

    word: str
    name: _Name
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


def _announced(text: str, names: list[_Name]) -> Iterator[Entity]:
    """Ids after a platform's name: LINE: abc, ไลน์ abc_1, 微信abc_1, QQ 12345."""
    for name in names:
        gap = _GAP.match(text, name.end)
        match = _ID.match(text, gap.end() if gap else name.end)
        if match is None:
            continue
        written = match["id"].rstrip(".-")
        handle = re.sub(_UNDERSCORE, "_", written, flags=re.IGNORECASE)
        value = handle.lower()
        if value in _STOP:
            continue
        end = match.start("id") + len(written)
        word, between = text[name.start : name.end], text[name.end : match.start()]
        candidate = _Candidate(word, name, between, handle, bool(match["at"]), text[end : end + 8])
        if proba := _proba(candidate):
            reason = f'context word "{word}"'
            span = (match.start(), end)
            yield handle_entity(span, value, name.platform.code, proba=proba, reason=reason)


def _proba(candidate: _Candidate) -> float | None:
    """How sure it is that what follows a platform's name is an id of it; None if it is not one."""
    if _is_something_else(candidate):
        return None
    handle = candidate.handle
    if not re.search("[A-Za-z]", handle):
        return _proba_of_digits(candidate)
    if candidate.at:
        return 0.95
    if _QUANTITY.fullmatch(handle) or (not candidate.gap and is_latin(candidate.word[-1])):
        return None
    if re.search("[0-9_]", handle) or re.fullmatch(r"[A-Za-z-]+(?:\.[a-z][a-z-]*)+", handle):
        return _proba_of_id(candidate)
    return _proba_of_letters(candidate)


def _is_something_else(candidate: _Candidate) -> bool:
    """Whether it is no id of this platform: too short, an e-mail, a link, a domain, the next line."""
    handle, platform = candidate.handle, candidate.name.platform
    return (
        not platform.min <= len(handle) <= platform.max
        or candidate.after.startswith(("@", "://"))
        or (bool(_DOMAIN.search(handle)) and not (candidate.at and candidate.gap))
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


def _displayed(text: str, lowered: str, names: list[_Name]) -> Iterator[Entity]:
    """Names as displayed (FB: Salon Nok): no handle, hence no value."""
    for name in names:
        word = text[name.start : name.end]
        if name.platform.code not in _DISPLAY_PLATFORMS or name.weak or word.lower().endswith("page"):
            continue
        gap = _DISPLAY_GAP.match(text, name.end)
        start = gap.end() if gap else name.end + 1
        match = _DISPLAY.match(text, start)
        if match is None or match.group().split()[0].lower() in _STOP:
            continue
        if gap or (text[name.end] == " " and " " in match.group() and _is_invited(lowered, name.start)):
            reason = f'context word "{word}"'
            yield handle_entity(match.span(), None, name.platform.code, proba=0.7, reason=reason)


def _is_invited(lowered: str, at: int) -> bool:
    """Whether a word that invites to contact stands just before."""
    return bool(_whole_words(_CONTACT_WORDS, lowered, max(0, at - 12), at))


def _whole_words(words: Words, lowered: str, start: int, end: int) -> list[tuple[int, int]]:
    """The places of words in `[start, end)`, first and longest first; Latin ones as whole words."""
    places = [(start + one, start + other) for one, other in words.places(lowered[start:end])]
    return sorted((place for place in places if _is_whole_word(lowered, *place, end)), key=_first_and_longest)


def _is_whole_word(lowered: str, start: int, end: int, limit: int) -> bool:
    """Whether a word in Latin letters is no part of a longer one or of an id; `limit` ends the text."""
    if lowered[start] not in _LATIN_LETTERS:
        return True
    following = lowered[end : min(end + 1, limit)]
    return lowered[start - 1 : start] not in _BEFORE_NO_WORD and following not in _AFTER_NO_WORD


# ---------------------------------------------------------------- with an @, or after a verb


def _at_signs(text: str, lowered: str, names: list[_Name]) -> Iterator[Entity]:
    """@abc anywhere; its platform is the name shortly before, if there is one."""
    ends = [name.end for name in names]
    for match in _AT.finditer(text):
        handle = match["id"].rstrip(".-")
        value = handle.lower()
        if not _may_follow_at(handle, value, bool(match["space"])):
            continue
        at = bisect_right(ends, match.start())
        name = _name_after(text, names[at : at + 1], match.start("id") + len(handle)) or (
            names[at - 1] if at else None
        )
        span = (match.start(), match.start("id") + len(handle))
        if name and (name.start > match.start() or _belongs(text, name, match.start())):
            reason = f'context word "{text[name.start : name.end]}"'
            yield handle_entity(span, value, name.platform.code, proba=0.93, reason=reason)
        elif words := _whole_words(_CONTACT_WORDS, lowered, max(0, match.start() - 25), match.start()):
            reason = f'context word "{text[slice(*words[0])]}"'
            yield handle_entity(span, value, None, proba=0.85, reason=reason)
        else:
            yield handle_entity(span, value, None, proba=0.6, reason="pattern")


def _name_after(text: str, names: list[_Name], end: int) -> _Name | None:
    """The platform named just after a handle (@abc on Telegram, @abc (IG)), if it is."""
    after = _AFTER.match(text, end)
    return names[0] if after and names and names[0].start == after.end() and not names[0].weak else None


def _may_follow_at(handle: str, lowered: str, spaced: bool) -> bool:
    """Whether it may be an account: letters, no price, no domain, no everyday word."""
    if len(handle) < 3 or not _LETTERS.search(handle) or lowered in _STOP:
        return False
    if _QUANTITY.fullmatch(handle) or _PRICE.match(handle) or _MAIL_HOST.search(handle):
        return False
    return not spaced or bool(re.search("[0-9_]|[a-z][.][a-z]", handle))


def _belongs(text: str, name: _Name, at: int) -> bool:
    """Whether a platform's name is near enough before an @ to say whose handle it is."""
    gap = _GAP.match(text, name.end)
    if gap and gap.end() >= at:
        return True
    word = text[name.start : name.end]
    everyday = name.weak or (word.isascii() and word.islower() and word in ("line", "signal", "tele"))
    return not everyday and at - name.end <= 30 and not _END.search(text, name.end, at)


def _added(text: str, lowered: str) -> Iterator[Entity]:
    """Ids after a verb of adding (แอด, 加, dm) that cannot be words: with an underscore, dot or digit."""
    last = 0
    for start, end in _whole_words(_ADD_WORDS, lowered, 0, len(text)):
        match = _ADDED_ID.match(text, end) if start >= last else None
        if match is None:
            continue
        last = match.end()
        handle = match["id"].rstrip(".-")
        span = (match.start("id"), match.start("id") + len(handle))
        if _may_be_added(handle) and text[span[1] : span[1] + 1] != "@":
            yield handle_entity(
                span, handle.lower(), None, proba=0.7, reason=f'context word "{text[start:end]}"'
            )


def _may_be_added(handle: str) -> bool:
    """Whether what follows a verb of adding cannot be a word, a code or a domain."""
    if len(handle) < 5 or handle.isupper() or handle.lower() in _STOP or _DOMAIN.search(handle):
        return False
    return bool(
        re.search("[A-Za-z]{2}", handle)
        and ("_" in handle or re.search("[a-z][0-9]|^[a-z0-9]+(?:[.][a-z0-9]+)+$", handle))
    )
