"""Names of chat and social platforms in a text: as they are written, taken apart, in look-alike letters.

Lists of names: `handle.toml`. A name in disguise is found by its fold: letters look alike (1 for l, 3 for e,
И for n), marks and spaces are gone, Hangul is taken apart, tones of Thai and Lao count for nothing. So
L-I-N-E, T3le gr@m, ไล น์, 카.톡 and 텔ㄹㅔ그램 all fold to the fold of a name.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.entities.handle_links import is_within_address
from models.entities.words import ScriptWords, Words, is_latin

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("handle.toml").read_text("utf-8"))

# ---------------------------------------------------------------- data


@dataclass(frozen=True, slots=True)
class Platform:
    """Length of an id in characters, and whether it may be digits alone."""

    code: str
    min: int
    max: int
    digits: bool


class Name(NamedTuple):
    """A platform's name in the text; `weak` if it may also be an everyday word."""

    start: int
    end: int
    platform: Platform
    weak: bool


def _listed(row: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """The names of one platform and whether each is weak; a blend is one of each group of spellings."""
    yield from ((name, False) for thing in row.get("things", ()) for name in _shown(thing))
    yield from ((name, True) for name in row.get("weak", ()))
    for blend in row.get("blends", ()):
        yield from (("".join(parts), True) for parts in product(*map(str.split, blend)))
    yield from ((name, False) for name in row["names"])


def _shown(thing: str) -> Iterator[str]:
    """A name for what the sign of an app shows: app bird, bird app, แอปนก."""
    glued = not is_latin(thing[0])
    for app in _DATA["apps"]["words"]:
        if is_latin(app[0]) != glued:
            yield from ((app + thing, thing + app) if glued else (f"{app} {thing}", f"{thing} {app}"))


_NAMES: Final[Mapping[str, tuple[Platform, bool]]] = {
    name.lower(): (Platform(row["code"], row["min"], row["max"], row.get("digits", False)), weak)
    for row in _DATA["platform"]
    for name, weak in _listed(row)
}
ASCII_NAMES: Final = frozenset(name for name in _NAMES if name.isascii())
_NAME_WORDS: Final = ScriptWords(_NAMES)
_ONLINE: Final = ("ออน", "ออฟ", "ອອນ", "អន", "អ៊ន", "អូន", "အွန်", "온", "오프", "オン", "オフ", "ऑन", "ऑफ")
"""What makes online and offline of a name that sounds like line."""

_LATIN_LETTERS: Final = frozenset(filter(is_latin, map(chr, range(0x1F00))))
_DIGITS: Final = frozenset("0123456789")
_BEFORE_NO_NAME: Final = _LATIN_LETTERS | _DIGITS | frozenset("_@.?&=")
_AFTER_NO_NAME: Final = _LATIN_LETTERS | frozenset("_")


def names_in(text: str, lowered: str) -> list[Name]:
    """The platforms' names in the text in order, of those at one place the longest."""
    plain = (Name(*place, *_NAMES[lowered[slice(*place)]]) for place in _plain_places(lowered))
    names: list[Name] = []
    last = 0
    for name in sorted([*plain, *_odd_names(lowered)], key=_first_and_longest):
        if name.start < last or is_within_address(text, name.start):
            continue
        last = name.end
        if text.endswith(_ONLINE, 0, name.start):
            continue
        if names and _is_one_name(text, names[-1], name):
            names[-1] = _joined(names[-1], name)
        else:
            names.append(name)
    return names


def _joined(name: Name, other: Name) -> Name:
    """Two names of a platform as one."""
    return Name(name.start, other.end, name.platform, name.weak and other.weak)


def _is_one_name(text: str, name: Name, other: Name) -> bool:
    """Whether a platform is named twice in a row: paper plane ✈️, buku merah (小红书)."""
    between = text[name.end : other.start]
    return (
        name.platform.code == other.platform.code
        and other.end - name.start <= _MOST_CHARS
        and not (is_latin(text[other.start]) and any(map(str.isalpha, text[name.start : name.end])))
        and len(between) <= _MOST_MARKS
        and not any(char in "\n:：@" or char.isalnum() for char in between)
    )


def _first_and_longest(name: Name) -> tuple[int, int]:
    return name.start, -name.end


# ---------------------------------------------------------------- as they are written


def _plain_places(lowered: str) -> Iterator[tuple[int, int]]:
    return (place for place in _NAME_WORDS.longest_first(lowered) if _is_whole_name(lowered, *place))


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


# ---------------------------------------------------------------- in disguise


class _Fold(dict[int, str | None]):
    """What each character of a name looks like, by code point; None where it counts for nothing."""

    def __missing__(self, code: int) -> str | None:
        """Fold a character when it is first seen."""
        folded = self[code] = _folded(chr(code))
        return folded


def _folded(char: str) -> str | None:
    """A letter without its accent, a syllable of Hangul as its letters; None for a mark or a space."""
    if char.isascii():
        return char if char.isalnum() or char == "\n" else None
    parts = unicodedata.normalize("NFD", char)
    if _is_hangul(char):
        return "".join(map(_jamo, parts))
    if is_latin(char):
        return char if parts[0] == char else _FOLD[ord(parts[0])]
    if "ァ" <= char <= "ヺ" or "\uff66" <= char <= "\uff9f":
        return None if char in "\uff9e\uff9f" else unicodedata.normalize("NFKD", char)[0]
    return None if unicodedata.category(char)[0] in "PSZC" else char


def _jamo(part: str) -> str:
    """A letter of Hangul as it is typed alone: an initial and a final are the same."""
    return unicodedata.lookup(f"HANGUL LETTER {unicodedata.name(part).split()[-1]}")


_FOLD: Final = _Fold(
    {ord(char): letter for letter, chars in _DATA["lookalikes"].items() for char in (*chars, letter)}
)
_FOLD.update(dict.fromkeys(map(ord, _DATA["silent"]["marks"])))
_FOLD.update({ord(one): _FOLD[ord("i")] for one in "il1|!"})
_BARS: Final = dict.fromkeys(map(ord, "|!"), " ")
_BAR: Final = re.compile("[|!].{1,2}[|!]", re.DOTALL)
"""Between letters these part them (L|I|N|E), inside a word they are one (L|NE)."""


def _least(name: str, *, weak: bool) -> int:
    """How long the fold of a name must be: the shorter, the more words of others hold it."""
    return (5 if weak else 4) if name.isascii() else (3 if weak else 2)


_FOLDED: Final = {
    fold: named
    for name, named in reversed(list(_NAMES.items()))
    if len(fold := name.translate(_FOLD)) >= _least(name, weak=named[1])
    and not name.endswith("id")
    and not any(unicodedata.category(char) == "So" for char in name)
}
_FOLDED_ASCII: Final = Words(fold for fold in _FOLDED if fold.isascii())
_FOLDED_OTHER: Final = Words(fold for fold in _FOLDED if not fold.isascii())
_MOST_PLACES: Final = 4_000  # a text with more of them is a list: what follows these is not read
_MOST_MARKS: Final = 3
_MOST_CHARS: Final = 40
_INITIALS: Final = re.compile(
    "(?<![a-z0-9@_./-])(?:[a-z][./|*·•~-](?:[a-z][./|*·•~-])?[a-z](?![a-z0-9_@])|[a-z] [a-z](?= ?[:：]))"
)
"""A name of two or three letters taken apart: i.g, f/b, i.m.o."""


def _odd_names(lowered: str) -> Iterator[Name]:
    """The names in disguise."""
    for match in _INITIALS.finditer(lowered):
        if named := _NAMES.get(re.sub("[^a-z]", "", match.group())):
            yield Name(match.start(), match.end(), named[0], named[1])
    yield from _folded_names(lowered)
    yield from _bare_names(lowered)
    if _BAR.search(lowered):
        yield from _folded_names(lowered.translate(_BARS))


def _folded_names(lowered: str) -> Iterator[Name]:
    """The names whose fold is in the fold of the text, unless they stand there as they are written."""
    folded = lowered.translate(_FOLD)
    searched = (_FOLDED_ASCII,) if folded.isascii() else (_FOLDED_ASCII, _FOLDED_OTHER)
    places = [place for words in searched for place in islice(words.places(folded), _MOST_PLACES)]
    kept = [at for at, char in enumerate(lowered) for _ in _FOLD[ord(char)] or ""] if places else []
    for first, after in places:
        start, end = kept[first], kept[after - 1] + 1
        splits_a_letter = kept[first - 1 : first] == [start] or kept[after : after + 1] == [end - 1]
        if splits_a_letter or lowered[start:end] in _NAMES or not _is_whole_name(lowered, start, end):
            continue
        if _is_odd(lowered[start:end]):
            while lowered[end : end + 1] in _SILENT:
                end += 1
            yield Name(start, end, *_FOLDED[folded[first:after]])


_SOFT: Final = b"aeiouyh"


def _without_vowels(text: str) -> str:
    """The ASCII characters of a text but for vowels and h (bytes: many times faster than `str.translate`)."""
    return text.encode("ascii", "ignore").translate(None, _SOFT).decode("ascii")


def _bones(name: str) -> str:
    """The consonants of a name in Latin letters, doubled ones once."""
    return re.sub(r"(.)\1+", r"\1", _without_vowels(name))


_BARE: Final = {_bones(name): _NAMES[name] for name in _DATA["bones"]["names"] if name in _NAMES} | {
    _bones(name): _NAMES[name.replace("rn", "m")] for name in _DATA["bones"]["names"] if "rn" in name
}
_BARE_WORDS: Final = Words(
    f"{bones[:at]}{bones[at] * times}{bones[at + 1 :]}"
    for bones in _BARE
    for at in range(len(bones))
    for times in (1, 2)
)
_LONG_WORD: Final = re.compile("(?<![a-z0-9_@./-])[a-z]{5,14}(?![a-z0-9_@])")


def _bare_names(lowered: str) -> Iterator[Name]:
    """The names with the right consonants."""
    if not _BARE_WORDS.are_in(_without_vowels(lowered)):
        return
    for match in _LONG_WORD.finditer(lowered):
        named = None if match.group() in _NAMES else _BARE.get(_bones(match.group()))
        if named:
            yield Name(*match.span(), *named)


def _is_odd(written: str) -> bool:
    """Whether marks part the letters no more than in a name taken apart."""
    return (
        "\n" not in written
        and written[-1] != "@"
        and _TOO_FAR.search(written) is None
        and _NUMBERED.search(written) is None
    )


_NUMBERED: Final = re.compile("^[0-9]+ [a-z]{2}|[a-z]{2} [0-9]+$")
"""A number beside a word: no letter in disguise (tele 9)."""
_SILENT: Final = frozenset(_DATA["silent"]["marks"])
_VOWELS: Final = "\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_TOO_FAR: Final = re.compile(rf"[^\w{''.join(_SILENT)}{_VOWELS}]{{{_MOST_MARKS + 1},}}|[.!?,;:，。！？] ")
