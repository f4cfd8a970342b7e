"""Finds where in a site somebody is: building, floor, room, gate, bed, as rescuers need it.

Words are those in everyday use in addresses and on doors; a noun and its number make a part, parts
beside each other make one entity. Weak parts (a house number, a lane, a zone) count only beside another part.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from models.entities.entity import Context, Entity
from models.entities.site_patterns import PATTERNS_OF, SPELT, SitePattern
from models.entities.words import LATIN, Words, any_of, lower

_MOST = 1500
"""How many cues and bare numbers are looked at: a text with more of them is a table or junk."""
_AROUND = 24
"""How many characters before and after its cue a pattern may reach."""


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    kind: str
    label: str | None
    weak: bool


# Numbers in words, of floors above all.
_IN_WORDS = {
    word: str(number)
    for words in (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
        "unang ikalawang ikatlong ikaapat ikalimang ikaanim",
        "satu dua tiga empat lima",
        "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十",
        "ပထမ ဒုတိယ တတိယ စတုတ္ထ ပဉ္စမ ဆဋ္ဌမ",
        "पहली दूसरी तीसरी चौथी पाँचवीं छठी सातवीं आठवीं नौवीं दसवीं",
    )
    for number, word in enumerate(words.split(), start=1)
} | {"पांचवीं": "5"}
_CODE = re.compile(
    r"(?<![A-Za-z])(?:[A-Z]-?)?\d{1,4}+[A-Z]?(?![A-Za-z])|\d{1,4}|(?<![A-Za-z])[A-Z](?![A-Za-z])"
)
_WORD = re.compile(rf"[一二三四五六七八九十]+|{any_of(_IN_WORDS)}", re.IGNORECASE)
_SPELT_START = re.compile(any_of(SPELT))
_ROOM = re.compile(r"[A-Z]?\d{3,4}")
_UNDERGROUND = re.compile("지하|负|負|地下")
_COUNTS = (
    r"ชั้น|ห้อง|ຊັ້ນ|ຫ້ອງ|ជាន់|បន្ទប់|lantai|tingkat|kamar|bilik|tầng|lầu|phòng|floors?|rooms?"
    r"|store?ys?|units?|palapag"
)
# What makes a number one of how many there are: คอนโด 30 ชั้น 450 ห้อง, tòa nhà 9 tầng.
_COUNTED = re.compile(
    rf"(?: (?:{_COUNTS}) ?\d{{1,4}}){{0,4}}+ ?(?:{_COUNTS})(?! ?[.:#(]?[0-9A-Z])"
    rf"(?![{LATIN}\u0e00-\u0eff\u1780-\u17ff])(?! (?:no|number|nomor|nombor|số|dasar|atas|bawah|trệt|hầm)\b)"
)
_BOOK = re.compile("စာအုပ်|ဝတ္ထု|ဖတ်|သင်ခန်း")
"""Beside it a room is a chapter: အခန်း is both."""


_CUES = Words(PATTERNS_OF)
# Numbers and letters without a noun. The first character is consumed before what stands before it is looked
# at: `re` can then skip to such characters, where a look-behind in front makes it try every position.
_BARE = (
    re.compile(r"[A-Z](?<![A-Za-z0-9@/.\-].)\d{1,3}(?![A-Za-z0-9]|[-/.]\d)"),
    re.compile(r"\d(?<![A-Za-z0-9@/.,:\-+$฿₫].)\d{2,3}(?![A-Za-z0-9]|[-/.,:]\d|%)"),
    re.compile(r"[B-HJ-Z](?<![A-Za-z0-9@/.\-'’].)(?![A-Za-z0-9'’&-]|\.[A-Za-z])"),
)
_BARE_BEFORE = 80
"""How far before the first named part a bare one may stand, others between them."""
_SEPARATOR = re.compile(r"[ ,，、၊/\-]{0,3}(?:(?:of|at|in|ng|daw|ti|no|ที่|ของ|ទី|的|之|の) )?")
_MAX_PARTS = 8


def _parts(text: str) -> list[_Part]:
    """List the parts in order of start; where two overlap the strong and then the longer one stays."""
    found = list(_named(text))
    if len(found) < 2 and all(part.weak for part in found):
        return []
    found += _bare(text, min(part.start for part in found))
    found.sort(key=lambda part: (part.weak, part.kind == "bare", part.start - part.end, part.start))
    taken = bytearray(len(text))
    kept = []
    for part in found:
        if not any(taken[part.start : part.end]):
            taken[part.start : part.end] = b"\1" * (part.end - part.start)
            kept.append(part)
    return sorted(kept, key=lambda part: part.start)


def _named(text: str) -> Iterator[_Part]:
    """Yield the parts with a noun, some of them more than once."""
    lowered = lower(text)
    for start, end in islice(_CUES.places(lowered), _MOST):
        for pattern in PATTERNS_OF[lowered[start:end]]:
            yield from _at_cue(pattern, text, start, end)


def _at_cue(pattern: SitePattern, text: str, start: int, end: int) -> Iterator[_Part]:
    """Yield the part of a pattern that holds its cue at `[start, end)`."""
    if pattern.begins:
        match = pattern.regex.match(text, start)
        if match and not _is_other(text, match):
            yield _Part(*match.span(), pattern.kind, _spelt(match["label"]), pattern.weak)
        return
    for match in pattern.regex.finditer(text, max(0, start - _AROUND), end + _AROUND):
        if match.start() > start:
            return
        if match.end() >= end:
            yield _Part(*match.span(), pattern.kind, _label(match.group()), pattern.weak)


def _is_other(text: str, match: re.Match[str]) -> bool:
    """Whether the number says how many floors or rooms there are, or the room is a chapter of a book."""
    if _COUNTED.match(text, match.end()):
        return True
    return match.group().startswith("အခန်း") and bool(
        _BOOK.search(text, max(0, match.start() - _AROUND), match.end() + _AROUND)
    )


def _spelt(label: str) -> str:
    """Return a label with its first letter in Latin: เอ7 is A7."""
    letter = _SPELT_START.match(label)
    return SPELT[letter.group()] + label[letter.end() :] if letter else label


def _label(words: str) -> str | None:
    """Return the number or letter in the words of a part, None if it has a colour or nothing instead."""
    below = "B" if _UNDERGROUND.search(words) else ""
    if code := _CODE.search(words):
        return below + code.group()
    word = _WORD.search(words)
    number = _IN_WORDS.get(word.group().lower()) if word else None
    return below + number if number else None


def _bare(text: str, first: int) -> Iterator[_Part]:
    """Yield the numbers and letters without a noun, from a little before the `first` named part on."""
    for regex in _BARE:
        for match in islice(regex.finditer(text, max(0, first - _BARE_BEFORE)), _MOST):
            room = _ROOM.fullmatch(match.group())
            yield _Part(*match.span(), "bare", match.group() if room else None, weak=True)


def _groups(text: str, parts: list[_Part]) -> Iterator[list[_Part]]:
    """Yield the runs of parts that stand beside each other."""
    group: list[_Part] = []
    for part in parts:
        if group and (len(group) == _MAX_PARTS or not _SEPARATOR.fullmatch(text, group[-1].end, part.start)):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def find(text: str, context: Context) -> list[Entity]:
    """Find buildings, floors, rooms and gates.

    Args:
        text: normalised text.
        context: not used: addresses mix languages.

    Returns:
        In order of start, without overlaps. `value` is None; attributes `building`, `floor`, `room`, `gate`,
        `lane` hold the number or letter of each part that has one, B before a floor that is underground.
    """
    found = []
    for group in _groups(text, _parts(text)):
        strong = [part for part in group if not part.weak]
        named = [part for part in group if part.kind != "bare"]
        if not strong and len(named) < 2:
            continue
        attributes: dict[str, str] = {}
        for part in sorted(group, key=lambda part: (part.kind == "bare", part.weak)):
            if part.label:
                attributes.setdefault("room" if part.kind == "bare" else part.kind, part.label)
        proba = 0.9 if len(named) > 1 else 0.75
        found.append(Entity("SITE_DETAIL", group[0].start, group[-1].end, None, attributes, proba))
    return found
