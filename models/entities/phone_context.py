"""What the words around a number say: that it is dialled, or something else; the country it is of."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from models.entities.numerals_lexicon import PLUS_WORDS
from models.entities.words import LATIN, Words, any_of, is_latin, lower

TABLE: Final = tomllib.loads(Path(__file__).with_name("phone.toml").read_text(encoding="utf-8"))
_NATIONS: Final = tomllib.loads(Path(__file__).with_name("nationality.toml").read_text(encoding="utf-8"))

WEAK: Final = frozenset(TABLE["cues"]["weak"])
"""Cues that stand before other numbers too: only a known hotline counts after them."""
_Kind = Literal["phone", "account", "other"]
_CODES: Final = [
    first + group["between"] + then
    for group in TABLE["codes"]
    for first in group["first"]
    for then in group["then"]
]
_KINDS: Final[dict[str, _Kind]] = dict.fromkeys(_CODES, "other") | {
    word: kind for kind in ("other", "account", "phone") for word in TABLE["cues"][kind]
}


def _bounded(words: Iterable[str]) -> str:
    """A pattern of `words`; those in Latin letters are not part of a longer word."""
    latin = [word for word in words if re.match(f"[{LATIN}]", word)]
    glued = [word for word in words if not re.match(f"[{LATIN}]", word)]
    ended = f"(?<![{LATIN}])(?:{any_of(latin)})(?![{LATIN}])"
    return f"(?:{ended}|{any_of(glued)})" if glued else ended


_CUE = re.compile(_bounded(list(_KINDS)))
_AFTER = re.compile(rf"[\s)\]]{{0,2}}(?P<cue>{_bounded(TABLE['cues']['after'])})", re.IGNORECASE)
ANNOUNCING: Final = Words([*TABLE["cues"]["phone"], *TABLE["cues"]["after"]])
UNIT = re.compile(rf"[ ]?(?:{_bounded(TABLE['cues']['unit'])})", re.IGNORECASE)
MONEY_BEFORE = re.compile(
    r"(?:[$€£¥฿₱₹₩₫₭៛]|(?<![A-Za-z])(?:RM|Rp\.?|Rs\.?|THB|USD|PHP|MYR|VND))[ ]?$", re.IGNORECASE
)
BEFORE_CHARS: Final = 36
NEAR_CHARS: Final = 14
_REACH_CHARS: Final[dict[_Kind, int]] = {"phone": BEFORE_CHARS, "account": 24, "other": 7}
"""How far before a number a cue may stand."""
AFTER_CHARS: Final = 20


class Cue(NamedTuple):
    """What the words around a number say it is, and how many characters lie between."""

    kind: _Kind
    word: str
    gap: int


def cue_before(text: str, start: int) -> Cue | None:
    """The nearest cue before `start`, if that is near enough for its kind."""
    window = text[max(0, start - BEFORE_CHARS) : start].lower()
    last = max(_CUE.finditer(window), key=lambda match: match.end(), default=None)
    if last is None:
        return None
    kind, gap = _KINDS[last.group()], len(window) - last.end()
    return Cue(kind, last.group(), gap) if gap <= _REACH_CHARS[kind] else None


def cue_after(text: str, end: int) -> Cue | None:
    """A cue right after `end`."""
    match = _AFTER.match(text, end, end + AFTER_CHARS)
    return Cue("phone", match["cue"], match.start("cue") - end) if match else None


_PLUS = re.compile(f"{_bounded(PLUS_WORDS)}[ )(:]{{0,3}}$")
_PLUS_CHARS: Final = 24


def plus_word(lowered: str, start: int) -> int:
    """Where the word for a plus begins that stands before `start`, else `start`."""
    if not lowered[max(0, start - 4) : start].rstrip(" ():+"):
        return start
    found = _PLUS.search(lowered, max(0, start - _PLUS_CHARS), start)
    return found.start() if found else start


_LIST_CHARS: Final = 36
MAX_LISTED: Final = 4
_LISTED = re.compile(rf"\d[\d ().-]{{5,18}}\d ?(?:{_bounded(TABLE['list']['between'])}) ?$", re.IGNORECASE)


def listed_before(text: str, start: int) -> int:
    """Where the number begins that stands before `start` in a list (081 555 0143 or ...), else `start`."""
    if text[max(0, start - 2) : start].rstrip()[-1:].isdigit():
        return start
    from_here = max(0, start - _LIST_CHARS)
    listed = _LISTED.search(text[from_here:start])
    return from_here + listed.start() if listed else start


# ---------------------------------------------------------------- countries

PLACE_OF: Final = {word: region for region, words in TABLE["places"].items() for word in words}
_FLAG_OF: Final = {
    "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in nation["country"]): nation["country"]
    for nation in _NATIONS["nationality"]
}
_NATION_OF: Final = {
    lower(word): nation["country"]
    for nation in _NATIONS["nationality"]
    for words in (*nation["stems"].values(), nation.get("demonyms", []))
    for word in words
}
MONEY_OF: Final = {word: region for region, words in TABLE["money"].items() for word in words}
_REGION_OF: Final[dict[str, str]] = _NATION_OF | _FLAG_OF | PLACE_OF | MONEY_OF
_NAMES: Final = Words(_REGION_OF)


class Name(NamedTuple):
    """A word of a text that names a country: its place and the region."""

    start: int
    end: int
    region: str


def named_countries(lowered: str) -> list[Name]:
    """The countries a text in lower case names, in order of mention: places, peoples, money, flags."""
    names: list[Name] = []
    for start, end in sorted(_NAMES.places(lowered), key=lambda place: (place[0], -place[1])):
        if (not names or start >= names[-1].end) and not _is_part_of_word(lowered, start, end):
            names.append(Name(start, end, _REGION_OF[lowered[start:end]]))
    return names


def _is_part_of_word(text: str, start: int, end: int) -> bool:
    """Whether `[start, end)` begins with a Latin letter and stands against another one."""
    return is_latin(text[start]) and (
        (start > 0 and is_latin(text[start - 1])) or is_latin(text[end : end + 1])
    )


_OWN: Final[dict[str, list[str]]] = TABLE["own"]
_NOUN_THEN_COUNTRY = rf"(?:{_bounded(_OWN['noun_first'])})[ ]?(?:(?:{_bounded(_OWN['of'])})[ ]?){{0,2}}"
_COUNTRY_THEN_NOUN = (
    rf"(?:'s)?[ ]?(?:(?:{_bounded(_OWN['whose'])})[ ]?){{0,2}}(?:{_bounded(_OWN['noun_last'])})"
)
_NOUN_BEFORE = re.compile(f"{_NOUN_THEN_COUNTRY}$")
_NOUN_AFTER = re.compile(_COUNTRY_THEN_NOUN)
_TO_NUMBER = re.compile(r"[^\d\n!?。！？။]{0,16}")
_LABEL_STARTS = re.compile(r"(?:^|[\n\d/|•·(\[【（,;、，；])[ ]?$")
_LABEL_ENDS = re.compile(r"[ ]?[)\]】）]?[ ]?[:：=–-][ ]?|[ ]?[)\]】）][ ]?")
_LINE_STARTS = re.compile(r"(?:^|[\n/|•·])[ ]?$")
_FLAG_ENDS = re.compile(r"[ :：=.\ufe0f-]{0,3}[☎📞📱📲✆]?[ :：]{0,2}")
_FROM_NUMBER = re.compile(rf"[ ,(（\[]{{0,3}}(?:(?:{_bounded(_OWN['is'])})[ ]?){{0,2}}")
_IN_BRACKETS = re.compile(rf"[ ]?[(（\[][ ]?(?:{_NOUN_THEN_COUNTRY})?")
_BRACKET_ENDS = re.compile(r"[ ]?[)）\]]")
_NUMBER_FOLLOWS = re.compile(r"[^\d\n]{0,4}[\d+]")
PHRASE_CHARS: Final = 32


def stated_before(lowered: str, name: Name, start: int) -> bool:
    """Whether the words say that the number at `start` is one of the country named before it.

    So do a noun and the country (เบอร์เขมร, Cambodian number), a label (Cambodia: 096...) and a flag.
    """
    between = lowered[name.end : start]
    noun_after = _NOUN_AFTER.match(between)
    if noun_after and _TO_NUMBER.fullmatch(between, noun_after.end()):
        return True
    before = lowered[max(0, name.start - PHRASE_CHARS) : name.start]
    if _NOUN_BEFORE.search(before) and _TO_NUMBER.fullmatch(between):
        return True
    if lowered[name.start : name.end] in _FLAG_OF:
        return _FLAG_ENDS.fullmatch(between) is not None
    if _LABEL_ENDS.fullmatch(between):
        return _LABEL_STARTS.search(before) is not None
    return between in ("", " ") and _LINE_STARTS.search(before) is not None


def stated_after(lowered: str, name: Name, end: int) -> bool:
    """Whether the words say that the number ending at `end` is one of the country named after it.

    That is 096... (Cambodia), 096... เบอร์เขมร, 096... is my Cambodian number, 096... and a flag.
    """
    between = lowered[end : name.start]
    noun_after = _NOUN_AFTER.match(lowered, name.end, name.end + PHRASE_CHARS)
    phrase_end = noun_after.end() if noun_after else name.end
    if _IN_BRACKETS.fullmatch(between) and _BRACKET_ENDS.match(lowered, phrase_end):
        return True
    if _NUMBER_FOLLOWS.match(lowered, phrase_end):
        return False
    if noun_after and _FROM_NUMBER.fullmatch(between):
        return True
    if lowered[name.start : name.end] in _FLAG_OF:
        return between in ("", " ")
    noun_before = _NOUN_BEFORE.search(between)
    return noun_before is not None and _FROM_NUMBER.fullmatch(between, 0, noun_before.start()) is not None
