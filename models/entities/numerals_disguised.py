"""Numbers that people hide: marks, lines and words between the digits, letters and words for them.

What is read here need not be a number at all (a date after a time, an amount after a count): its runs count
only where a word announces a number and a plan, or a bank, has such a one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Final, NamedTuple

from models.entities.numerals import LOOKALIKES, SIGNS, WORDS, DigitRun, Group, ascii_digits
from models.entities.words import LATIN, ScriptWords, any_of, is_latin, lower

_TABLE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_LETTER_OF: Final = {char: digit for char, digit in LOOKALIKES.items() if char not in "|!TA"} | {
    char: digit for digit, chars in _TABLE["letters"].items() for char in chars
}
_SAME_WORDS: Final = {"ms": ("id", "ms"), "id": ("ms", "id"), "lo": ("th", "lo")}
"""Languages with number words in common, the language itself last: its own meaning of a word counts."""

PLUS_WORDS: Final[list[str]] = _TABLE["plus"]["words"]


@dataclass(frozen=True, slots=True)
class DisguisedRun:
    """Digits with what hides them.

    Attributes:
        run: the groups; a word, a sign or letters are one group.
        signs: how many things hide it: words, letters, odd marks and lines between.
    """

    run: DigitRun
    signs: int


class _Token(NamedTuple):
    """A piece of a number: `value` is its digits, or how often what follows is written."""

    kind: str
    start: int
    end: int
    value: str


_MARKS: Final = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u17b4-\u17d3\u102b-\u103e\u0900-\u0903"
)
"""Vowels and tones written as marks: the word before goes on."""

# ---------------------------------------------------------------- words of a language


def _digit_words(language: str) -> dict[str, tuple[str, str]]:
    """{word: (kind, digit)} of one language: English and all glued words, then its own."""
    known = set(_TABLE["latin"]) | set(WORDS["latin"])
    own = [*_SAME_WORDS.get(language, (language,))] if language in known else [*WORDS["latin"]]
    tables = [
        *WORDS["glued"].values(),
        WORDS["latin"]["en"],
        _TABLE["latin"]["en"],
        *(table[name] for name in own for table in (_TABLE["latin"], WORDS["latin"]) if name in table),
        _TABLE["glued"].get(language, {}),
    ]
    return {word: ("unit", digit) for table in tables for digit, words in table.items() for word in words}


def _other_words() -> dict[str, tuple[str, str]]:
    """{word: (kind, value)} of the words that are no digits themselves."""
    repeat, compound = _TABLE["repeat"], _TABLE["compound"]
    return {
        **dict.fromkeys(_TABLE["between"]["fillers"], ("filler", "")),
        **dict.fromkeys(repeat["link"], ("link", "")),
        **{word: ("counter", "") for word in repeat["counter"] if word not in repeat["link"]},
        **{word: ("plural", str(digit)) for digit, word in enumerate(repeat["plural"])},
        **{word: ("times", times) for times, words in _TABLE["times"].items() for word in words},
        **dict.fromkeys(compound["hundred"], ("hundred", "")),
        **dict.fromkeys(compound["ten"], ("ten", "")),
        **{word: ("tens", tens) for tens, words in compound["tens"].items() for word in words},
    }


class _Lexicon:
    """The words of one language, and the patterns of what may be a piece of a number."""

    def __init__(self, language: str) -> None:
        self.words = _other_words() | {sign: ("unit", digit) for sign, digit in SIGNS.items()}
        self.words |= _digit_words(language)
        latin = [word for word in self.words if is_latin(word[0])]
        glued = [word for word in self.words if not is_latin(word[0])]
        letters = re.escape("".join(sorted({char.lower() for char in _LETTER_OF})))
        self.latin = re.compile(any_of(latin))
        self.token = re.compile(
            rf"(?P<letters>(?<![{LATIN}\d@#_])(?=\d*[{letters}])[\d{letters}]{{1,16}}+(?![{LATIN}\d@]))"
            rf"|(?P<digits>\d+)|(?P<latin>(?<![{LATIN}])(?>{self.latin.pattern})++(?![{LATIN}]))"
            rf"|(?P<glued>{any_of(glued)})"
        )
        self.glued = ScriptWords(word for word in glued if self.words[word][0] in ("unit", "times"))


_lexicon = cache(_Lexicon)

# ---------------------------------------------------------------- what may stand between

_GAP = re.compile(rf"(?!.*[ ][+])(?:[^\w{_MARKS}$฿₫₱₹¥￥₩៛€£₭%@]|_){{0,10}}", re.DOTALL)
_USUAL = re.compile(r"[ \t]{0,2}[-‐‑‒–—−.]{0,2}[ \t]?|[-. ]?[()][-. ]|[ ][()][-. ]?")
_LISTED = re.compile(r"[\s,，/|、;；&+:]*[\n,，/|、;；&+:][\s,，/|、;；&+:]*")
_WHOLE: Final = 8
"""So many digits are a number by themselves: after them a comma or a new line begins another."""

# ---------------------------------------------------------------- is there any

_LETTERS: Final = re.escape("".join(_LETTER_OF))
_MARKED = re.compile(r"\d(?:(?:[^\w]|_){0,6}\d){6,}+")
_ODD = re.compile(
    r"\d(?:\(\d|_|[^\w\s.,:;%()\-'\"/]|[ ]?//|[ ]?/[ ]|/\d/|[^\w\n]{0,3}\n|[^\w]{1,3}[^\w\s.,:;%()\-'\"/])"
)
_LETTERED = re.compile(rf"[\d{_LETTERS}](?<![{LATIN}\d].)(?:[^\w]{{0,3}}[\d{_LETTERS}]){{6,}}+")
_MIXED = re.compile(rf"\d[^\w]{{0,3}}[{_LETTERS}]|[{_LETTERS}][^\w]{{0,3}}\d")
_MIN_TRUE: Final = 2
_MAX_PLAIN: Final = 12
"""How many digits and marks may stand between two number words."""
_BEFORE_CHARS: Final = 60
"""How far before what is conspicuous a number may begin."""


def _conspicuous(text: str, lowered: str, lexicon: _Lexicon) -> int:
    """Where in a text the first odd marks, letters or words of a number are; its length if none are."""
    places = [len(text)]
    places += [match.start() for match in _MARKED.finditer(text) if _ODD.search(text, *match.span())][:1]
    places += [
        match.start()
        for match in _LETTERED.finditer(text)
        if _MIXED.search(text, *match.span()) and sum(map(str.isdecimal, match.group())) >= _MIN_TRUE
    ][:1]
    return min(places) if not _has_words(lowered, lexicon) else 0


_LATIN_WORD = re.compile(f"[{LATIN}]+")
_NUMBERS_BETWEEN = re.compile(rf"(?:[^\w{_MARKS}]|[\d_]){{0,{_MAX_PLAIN}}}")
_IN_A_ROW: Final = 3
_PARTED = re.compile(r"\d{2}[ ,，、]{0,2}([^\d\n ,，、][^\d\n]{0,14})(?<![ ,，、])[ ,，、]{0,2}(?=\d{2})")
_MANY_DIGITS: Final = 5


def _has_words(lowered: str, lexicon: _Lexicon) -> bool:
    """Whether number words stand in a row, or a word between digits parts them."""
    if any(lexicon.words.get(match[1], ("",))[0] == "filler" for match in _PARTED.finditer(lowered)):
        return True
    in_a_row = _longest_row(lowered, lexicon)
    if in_a_row == _IN_A_ROW - 1:
        return sum(map(str.isdecimal, lowered)) >= _MANY_DIGITS
    return in_a_row >= _IN_A_ROW


def _longest_row(lowered: str, lexicon: _Lexicon) -> int:
    """How many number words follow each other, in Latin letters or other scripts; three at most."""
    longest = count = 0
    for word in _LATIN_WORD.findall(lowered):
        count = count + 1 if word in lexicon.words else 0
        if count > longest:
            longest = count
            if longest == _IN_A_ROW:
                return longest
    return longest if lowered.isascii() else max(longest, _longest_glued_row(lowered, lexicon))


def _longest_glued_row(lowered: str, lexicon: _Lexicon) -> int:
    """How many number words of other scripts follow each other, digits aside; three at most."""
    longest, end, count = 0, -1, 0
    for start, stop in lexicon.glued.longest_first(lowered):
        if stop <= end:
            continue
        beside = 0 <= end <= start <= end + _MAX_PLAIN and _NUMBERS_BETWEEN.fullmatch(lowered, end, start)
        count = count + 1 if beside else 1
        longest, end = max(longest, count), stop
        if longest == _IN_A_ROW:
            break
    return longest


# ---------------------------------------------------------------- runs


_MOST_TOKENS: Final = 4_000
"""A text with more pieces of numbers is a list: what follows these is not read."""
_MAX_TOKENS: Final = 120
"""A longer stretch of digits and words is no number, nor a list of a few."""


def disguised_runs(text: str, language: str, min_digits: int) -> list[DisguisedRun]:
    """Return the runs of at least `min_digits` digits of which something hides a part.

    Args:
        text: normalised.
        language: BCP-47 primary tag; the number words are of it and English, of all where it is unknown.
        min_digits: fewer are left out.
    """
    return [found for found in _all_runs(text, language) if sum(found.run.lengths) >= min_digits]


@lru_cache(maxsize=2)  # accounts and telephone numbers ask for the same text one after the other
def _all_runs(text: str, language: str) -> tuple[DisguisedRun, ...]:
    """Return the runs of any length."""
    lexicon, lowered = _lexicon(language), lower(text)
    start = _conspicuous(text, lowered, lexicon)
    if start == len(text):
        return ()
    tokens = islice(_tokens(text, lowered, lexicon, max(0, start - _BEFORE_CHARS)), _MOST_TOKENS)
    return tuple(
        run
        for stretch in _neighbours(lowered, tokens)
        if len(stretch) <= _MAX_TOKENS
        for part in _folded(stretch)
        for run in _runs_of(text, part)
    )


def _tokens(text: str, lowered: str, lexicon: _Lexicon, start: int) -> Iterator[_Token]:
    """The pieces of numbers in a text from `start` on."""
    for match in lexicon.token.finditer(lowered, start):
        start, end = match.span()
        if match["digits"]:
            yield _Token("digits", start, end, ascii_digits(match.group()))
        elif match["letters"]:
            yield from _letters(text, start, end, lexicon)
        elif match["glued"]:
            kind, value = lexicon.words[match.group()]
            yield _Token(kind, start, end, value)
        else:
            for word in lexicon.latin.finditer(lowered, start, end):
                kind, value = lexicon.words[word.group()]
                yield _Token(kind, *word.span(), value)


def _letters(text: str, start: int, end: int, lexicon: _Lexicon) -> Iterator[_Token]:
    """Letters typed for digits, with the digits between; a whole number word is that word."""
    written = text[start:end]
    known = lexicon.words.get(written.lower())
    if known is not None:
        yield _Token(known[0], start, end, known[1])
        return
    digits = [char if char.isdecimal() else _LETTER_OF.get(char, "") for char in written]
    if all(digits):
        kind = "letters" if any(map(str.isdecimal, written)) else "word"
        yield _Token(kind, start, end, "".join(digits))


def _neighbours(lowered: str, tokens: Iterator[_Token]) -> Iterator[list[_Token]]:
    """Stretches of tokens with nothing but marks and spaces between."""
    stretch: list[_Token] = []
    for token in tokens:
        if stretch and not _GAP.fullmatch(lowered, stretch[-1].end, min(token.start, stretch[-1].end + 99)):
            yield stretch
            stretch = []
        stretch.append(token)
    if stretch:
        yield stretch


def _runs_of(text: str, groups: Sequence[_Token]) -> Iterator[DisguisedRun]:
    """The runs of some groups: cut where a list goes on, without letters of words at the ends."""
    for part in _cut(text, groups):
        bare = _without_words(text, part)
        signs = _signs(text, bare)
        if signs and any(token.value for token in bare):
            yield DisguisedRun(
                DigitRun(tuple(Group(t.start, t.end, t.value) for t in bare if t.value)), signs
            )


def _cut(text: str, groups: Sequence[_Token]) -> Iterator[Sequence[_Token]]:
    """The parts of a list: after a whole number a comma, a stroke or a new line begins another."""
    first, plain = 0, 0
    for at, token in enumerate(groups):
        between = text[groups[at - 1].end : token.start] if at > first else ""
        if between and plain >= _WHOLE and token.kind != "filler" and _LISTED.fullmatch(between):
            yield groups[first:at]
            first, plain = at, 0
        elif between and not _USUAL.fullmatch(between):
            plain = 0
        plain = plain + len(token.value) if token.kind == "digits" else 0
    yield groups[first:]


def _without_words(text: str, groups: Sequence[_Token]) -> Sequence[_Token]:
    """Groups without what is likelier a word of the sentence at their ends: fillers, `is`, `so`."""
    first, last = 0, len(groups)
    while first < last and (groups[first].kind == "filler" or _is_word(text, groups, first, 1)):
        first += 1
    while first < last and (groups[last - 1].kind == "filler" or _is_word(text, groups, last - 1, -1)):
        last -= 1
    return groups[first:last]


def _is_word(text: str, groups: Sequence[_Token], at: int, step: int) -> bool:
    """Whether letters at an end, or a word beside a whole number, stand apart as words of the sentence do."""
    kind, beside = groups[at].kind, at + step
    if not 0 <= beside < len(groups):
        return kind == "word"
    left, right = sorted((groups[at], groups[beside]), key=lambda token: token.start)
    between = text[left.end : right.start]
    if kind == "unit":
        return groups[beside].kind == "digits" and len(groups[beside].value) >= _WHOLE and between.isspace()
    return kind == "word" and not between.strip() and len(groups[beside].value) > 1


_TELLING = re.compile(r"[^\x00-\x7f‐‑‒–—−，、·・]|\n")
"""Marks that nobody writes within a number by accident."""
_MANY_SINGLE: Final = 6


def _signs(text: str, groups: Sequence[_Token]) -> int:
    """How many things hide a run; telling marks count twice, as does every digit being by itself."""
    gaps = [text[left.end : right.start] for left, right in pairwise(groups)]
    odd = sum(2 if _TELLING.search(gap) else 1 for gap in gaps if not _USUAL.fullmatch(gap))
    words = sum(token.kind != "digits" for token in groups)
    single = sum(len(token.value) == 1 for token in groups) >= _MANY_SINGLE
    return odd + words + 2 * (single and odd + words > 0)


# ---------------------------------------------------------------- words that make digits together


def _folded(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """Stretches in which repeats and hundreds are digits; a word that means nothing there ends one."""
    groups: list[_Token] = []
    at = 0
    while at < len(tokens):
        found = _repeated(tokens, at) or _compound(tokens, at) or _plain(tokens[at])
        if found is None:
            if groups:
                yield groups
            groups, at = [], at + 1
            continue
        group, used = found
        groups.append(group)
        at += used
    if groups:
        yield groups


def _plain(token: _Token) -> tuple[_Token, int] | None:
    known = token.kind in ("digits", "unit", "letters", "word", "filler")
    return (token, 1) if known else None


def _merged(tokens: Sequence[_Token], value: str) -> tuple[_Token, int]:
    return _Token("unit", tokens[0].start, tokens[-1].end, value), len(tokens)


_COUNTS: Final = frozenset("2345")


def _repeated(tokens: Sequence[_Token], at: int) -> tuple[_Token, int] | None:
    """`double five`, `三个五`, `three fives`, `ห้าสามตัว` at a place, and how many tokens it takes."""
    here = tokens[at : at + 3]
    kinds = [token.kind for token in here]
    values = [token.value for token in here]
    one = [len(value) == 1 for value in values]
    match kinds, one:
        case ["times", *_], [_, True, *_]:
            count, digit, used = values[0], values[1], 2
        case [_, "plural", *_], [True, *_]:
            count, digit, used = values[0], values[1], 2
        case [_, "link", _], [True, _, True]:
            count, digit, used = values[0], values[2], 3
        case [_, _, "counter"], [True, True, _]:
            count, digit, used = values[1], values[0], 3
        case [_, _, "link"], [True, True, _] if not _unit(tokens, at + 3):
            count, digit, used = values[1], values[0], 3
        case _:
            return None
    return _merged(here[:used], digit * int(count)) if count in _COUNTS else None


def _compound(tokens: Sequence[_Token], at: int) -> tuple[_Token, int] | None:
    """`ห้าร้อยห้าสิบห้า`, `fifty-five` at a place, and how many tokens it takes."""
    kinds = [token.kind for token in tokens[at : at + 5]]
    if kinds[:2] == ["unit", "hundred"]:
        rest = _below_hundred(tokens, at + 2) or ("0" + _unit(tokens, at + 2), bool(_unit(tokens, at + 2)))
        digits, used = rest
        return _merged(tokens[at : at + 2 + used], tokens[at].value + digits.ljust(2, "0"))
    below = _below_hundred(tokens, at)
    return _merged(tokens[at : at + below[1]], below[0]) if below else None


def _below_hundred(tokens: Sequence[_Token], at: int) -> tuple[str, int] | None:
    """The two digits of a number in tens at a place, and how many tokens it takes."""
    kinds = [token.kind for token in tokens[at : at + 2]]
    if kinds[:1] == ["tens"]:
        tens, used = tokens[at].value, 1
    elif kinds[:1] == ["ten"]:
        tens, used = "1", 1
    elif kinds == ["unit", "ten"]:
        tens, used = tokens[at].value, 2
    else:
        return None
    unit = _unit(tokens, at + used)
    return tens + (unit or "0"), used + bool(unit)


def _unit(tokens: Sequence[_Token], at: int) -> str:
    """The digit of a number word at a place, "" if there is none."""
    return tokens[at].value if at < len(tokens) and tokens[at].kind == "unit" else ""
