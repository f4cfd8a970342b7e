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
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from models.entities.entity import Context, Entity, disjoint
from models.entities.handle_announced import announced
from models.entities.handle_before import ONWARD, before
from models.entities.handle_gap import DOMAIN, GAP, QUANTITY, STOP
from models.entities.handle_hints import without_signs
from models.entities.handle_links import handle_entity, links
from models.entities.handle_names import Name, names_in
from models.entities.words import LATIN, Words, is_latin, lower

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

# ---------------------------------------------------------------- patterns


_LATIN_LETTERS: Final = frozenset(filter(is_latin, map(chr, range(0x1F00))))
_DIGITS: Final = frozenset("0123456789")
_BEFORE_NO_WORD: Final = _LATIN_LETTERS | _DIGITS | frozenset("_.")
_AFTER_NO_WORD: Final = _BEFORE_NO_WORD | frozenset("-")
_CONTACT_WORDS: Final = Words(_DATA["contact"]["words"])
_ADD_WORDS: Final = Words(_DATA["contact"]["add"])


_AT: Final = re.compile(
    f"@(?<![{LATIN}0-9_.@+-]@)(?P<space> ?)(?P<id>[A-Za-z0-9_][A-Za-z0-9_.-]{{1,49}})(?![A-Za-z0-9_@])"
)
_ADDED_ID: Final = re.compile(
    "[ :：,，]{0,3}(?P<id>[A-Za-z][A-Za-z0-9_.-]{3,49})(?![A-Za-z0-9_@])", re.IGNORECASE
)
_LETTERS: Final = re.compile("[A-Za-z]{2}|[A-Za-z]_")
_MOST_BETWEEN: Final = 24
_PRICE: Final = re.compile("(?i)(?:rp|rm|usd|thb|php|hkd|sgd|vnd)[0-9.,]+k?$")
_MAIL_HOST: Final = re.compile(r"(?i)\.(?:com|net|org|co\.[a-z]{2}|com\.[a-z]{2})$")
_BROKEN: Final = re.compile("\\n[^\\n ]{1,3}\\n")
_LINE_MARK: Final = "·"
"""What a line end counts as where words are broken over lines: a mark that parts letters."""
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
    names = names_in(text, lowered)
    named = list(announced(text, lowered, names))
    found = [*links(text, lowered), *before(text, lowered, names, named), *named, *_in_lines(text, lowered)]
    found += [*_at_signs(text, lowered, names), *_displayed(text, lowered, names), *_added(text, lowered)]
    return [_as_told(lowered, entity) for entity in disjoint(found)]


def _as_told(lowered: str, entity: Entity) -> Entity:
    """The account without the signs a reader is told to leave out."""
    if entity.value is None or entity.attributes["kind"] != "handle":
        return entity
    value = without_signs(lowered, entity.end, entity.value)
    return entity if value == entity.value else replace(entity, value=value)


def _in_lines(text: str, lowered: str) -> list[Entity]:
    """The accounts of platforms whose name is broken over lines, letter by letter."""
    if _BROKEN.search(text) is None:
        return []
    in_one = lowered.replace("\n", _LINE_MARK)
    names = [
        name
        for name in names_in(text.replace("\n", _LINE_MARK), in_one)
        if "\n" in text[name.start : name.end]
    ]
    return list(announced(in_one, in_one, names))


# ---------------------------------------------------------------- as displayed


def _displayed(text: str, lowered: str, names: list[Name]) -> Iterator[Entity]:
    """Names as displayed (FB: Salon Nok): no handle, hence no value."""
    for name in names:
        word = text[name.start : name.end]
        if name.platform.code not in _DISPLAY_PLATFORMS or name.weak or word.lower().endswith("page"):
            continue
        gap = _DISPLAY_GAP.match(text, name.end)
        start = gap.end() if gap else name.end + 1
        match = _DISPLAY.match(text, start)
        if match is None or match.group().split()[0].lower() in STOP:
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
    return sorted(
        (place for place in places if _is_whole_word(lowered, *place, end)),
        key=lambda place: (place[0], -place[1]),
    )


def _is_whole_word(lowered: str, start: int, end: int, limit: int) -> bool:
    """Whether a word in Latin letters is no part of a longer one or of an id; `limit` ends the text."""
    if lowered[start] not in _LATIN_LETTERS:
        return True
    following = lowered[end : min(end + 1, limit)]
    return lowered[start - 1 : start] not in _BEFORE_NO_WORD and following not in _AFTER_NO_WORD


# ---------------------------------------------------------------- with an @, or after a verb


def _at_signs(text: str, lowered: str, names: list[Name]) -> Iterator[Entity]:
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


def _name_after(text: str, names: list[Name], end: int) -> Name | None:
    """The platform named just after a handle (@abc on Telegram, @abc (IG)), if it is."""
    if not names or names[0].weak or names[0].start > end + _MOST_BETWEEN:
        return None
    return names[0] if ONWARD.fullmatch(text, end, names[0].start) else None


def _may_follow_at(handle: str, lowered: str, spaced: bool) -> bool:
    """Whether it may be an account: letters, no price, no domain, no everyday word."""
    if len(handle) < 3 or not _LETTERS.search(handle) or lowered in STOP:
        return False
    if QUANTITY.fullmatch(handle) or _PRICE.match(handle) or _MAIL_HOST.search(handle):
        return False
    return not spaced or bool(re.search("[0-9_]|[a-z][.][a-z]", handle))


def _belongs(text: str, name: Name, at: int) -> bool:
    """Whether a platform's name is near enough before an @ to say whose handle it is."""
    gap = GAP.match(text, name.end)
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
    if len(handle) < 5 or handle.isupper() or handle.lower() in STOP or DOMAIN.search(handle):
        return False
    return bool(
        re.search("[A-Za-z]{2}", handle)
        and ("_" in handle or re.search("[a-z][0-9]|^[a-z0-9]+(?:[.][a-z0-9]+)+$", handle))
    )
