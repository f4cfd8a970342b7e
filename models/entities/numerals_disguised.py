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
from typing import Final

from models.entities.numerals import LOOKALIKES, SIGNS, WORDS, DigitRun, Group, ascii_digits
from models.entities.numerals_folded import Token, folded
from models.entities.words import LATIN, ScriptWords, any_of, is_latin, lower

_TABLE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_LETTER_OF: Final = {char: digit for char, digit in LOOKALIKES.items() if char not in "|!TA"} | {
    char: digit for digit, chars in _TABLE["letters"].items() for char in chars
}
_SAME_WORDS: Final = {"ms": ("id", "ms"), "id": ("ms", "id"), "lo": ("th", "lo")}
"""Languages with number words in common, the language itself last: its own meaning of a word counts."""

_LANGUAGES: Final = frozenset(_TABLE["latin"]) | frozenset(WORDS["latin"])

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


_MARKS: Final = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u17b4-\u17d3\u102b-\u103e\u0900-\u0903"
)
"""Vowels and tones written as marks: the word before goes on."""

# ---------------------------------------------------------------- words of a language


def _digit_words(language: str) -> dict[str, tuple[str, str]]:
    """{word: (kind, digit)} of one language: English and all glued words, then its own."""
    own = [*_SAME_WORDS.get(language, (language,))] if language in _LANGUAGES else [*WORDS["latin"]]
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
        **dict.fromkeys(compound["teen"], ("teen", "")),
        **{word: ("tens", tens) for tens, words in compound["tens"].items() for word in words},
    }


def _pairs(language: str) -> dict[str, tuple[str, str]]:
    """{word: ("pair", digits)} of the numbers to 99 that are one word, of a language and English."""
    latin = _TABLE["pairs"]["latin"]
    names = ["en", language] if language in _LANGUAGES else [*latin]
    tables = [*_TABLE["pairs"]["glued"].values(), *(latin[name] for name in names if name in latin)]
    return {word: ("pair", digits) for table in tables for digits, words in table.items() for word in words}


_COUNTING: Final = frozenset({"unit", "times", "pair", "tens", "ten"})
_GLUED: Final = _COUNTING | {"teen", "hundred"}
"""What is written as one word: zeronineone, limabelas."""


def _label() -> str:
    """A pattern of what tells which part of a number follows: the first three, ตัวท้าย, 后四位是, depannya."""
    parts = _TABLE["parts"]
    longer = [word for word in _TABLE["between"]["fillers"] if word.startswith(tuple(parts["place"]))]
    place, unit, is_ = (any_of(words) for words in (parts["place"] + longer, parts["unit"], parts["is"]))
    count = rf"(?:(?<!\d)[2-8](?!\d)|{any_of(parts['count'])})"
    return (
        rf"(?<![{LATIN}])(?:{count}[ ]?(?:{unit})[ ]?|(?:{unit})[ ]?)?(?:{place})(?![{_MARKS}])"
        rf"(?:[ ]?{count})?(?:[ ]?(?:{unit}))?(?:[ ]?(?:{is_}))?(?![{LATIN}])"
    )


_LABEL: Final = _label()
_ANY_LABEL = re.compile(_LABEL)


class _Lexicon:
    """The words of one language, and the patterns of what may be a piece of a number."""

    def __init__(self, language: str) -> None:
        self.words = _other_words() | {sign: ("unit", digit) for sign, digit in SIGNS.items()}
        self.words |= _pairs(language) | _digit_words(language)
        latin = [word for word in self.words if is_latin(word[0])]
        glued = [word for word in self.words if not is_latin(word[0])]
        letters = re.escape("".join(sorted({char.lower() for char in _LETTER_OF})))
        self.row = re.compile(any_of(word for word in latin if self.words[word][0] in _GLUED))
        self.token = re.compile(
            rf"(?P<label>{_LABEL})|(?P<letters>(?<![{LATIN}\d@#_])(?=\d*[{letters}])[\d{letters}]{{1,16}}+(?![{LATIN}\d@]))"
            rf"|(?P<digits>\d+)|(?P<latin>(?<![{LATIN}])(?:(?>{self.row.pattern})++|{any_of(latin)})(?![{LATIN}]))"
            rf"|(?P<glued>{any_of(glued)})"
        )
        self.glued = ScriptWords(word for word in glued if self.words[word][0] in _COUNTING)
        self.whole_row = re.compile(f"(?>{self.row.pattern}){{2,}}+")
        self.beginnings = frozenset(word[:3] for word in latin if len(word) > 2)

    def parts(self, words: str) -> bool:
        """Whether words between digits part a number: a filler, or what tells which part follows."""
        return self.words.get(words, ("",))[0] == "filler" or _ANY_LABEL.fullmatch(words) is not None


_lexicon = cache(_Lexicon)

# ---------------------------------------------------------------- what may stand between

_STROKES: Final = "ㅡㄧ丨丶丿"
"""Letters of one stroke that are typed for a dash, a bar or a dot."""
_MARK: Final = rf"(?:[^\w{_MARKS}$฿₫₱₹¥￥₩៛€£₭%@]|[_{_STROKES}])"
_GAP = re.compile(
    rf"(?!.*[ ][+]){_MARK}{{0,10}}(?:[(\[{{<][^\d()\[\]{{}}<>\n]{{1,16}}[)\]}}>]{_MARK}{{0,3}})?", re.DOTALL
)
_USUAL = re.compile(r"[ \t]{0,2}[-‐‑‒–—−.]{0,2}[ \t]?|[-. ]?[()][-. ]|[ ][()][-. ]?")
_LISTED = re.compile(r"[\s,，/|、;；&+:]*[\n,，/|、;；&+:][\s,，/|、;；&+:]*")
_WHOLE: Final = 8
"""So many digits are a number by themselves: after them a comma or a new line begins another."""

# ---------------------------------------------------------------- is there any

_LETTERS: Final = re.escape("".join(_LETTER_OF))
_MARKED = re.compile(rf"\d(?:(?:[^\w]|[_{_STROKES}]){{0,6}}\d){{6,}}+")
_ODD = re.compile(
    rf"\d(?:\(\d|[_{_STROKES}]|[^\w\s.,:;%()\-'\"/]|[ ]?//|[ ]?/[ ]|/\d/|/\d{{3,}}/"
    r"|[^\w\n]{0,3}\n|[^\w]{1,3}[^\w\s.,:;%()\-'\"/])"
)
_LETTER_BETWEEN = re.compile(r"\d([^\W\d_])(?:\d{1,5}\1){1,14}\d")
"""The same letter again and again between digits: 08x1x555x0143."""
_WORDED = re.compile(rf"\d[ ]?[(\[{{<][^\d()\[\]{{}}<>\n]{{1,16}}[)\]}}>][ ]?\d|{_LETTER_BETWEEN.pattern}")
"""A word in brackets between two digits, or such a letter."""
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
    places += [found.start() for found in (_WORDED.search(text),) if found]
    return min(places) if not _has_words(lowered, lexicon) else 0


_LATIN_WORD = re.compile(f"[{LATIN}]+")
_LETTER_BY_DIGIT = re.compile(rf"\d(?:(?=[{LATIN}])|(?<=[{LATIN}]\d))")
_WORD_BY_DIGIT = re.compile(rf"(?<![{LATIN}])([{LATIN}]{{2,12}})\d|\d([{LATIN}]{{2,12}})")
_NUMBERS_BETWEEN = re.compile(rf"(?:[^\w{_MARKS}]|[\d_]){{0,{_MAX_PLAIN}}}")
_BETWEEN_DIGITS = re.compile(rf"\d[ .-]([{LATIN}]{{2,12}})[ .-](?=\d)")
_DIGIT_BEFORE = re.compile(r"\d[ .-]?$")
_DIGIT_AFTER = re.compile(r"[ .-]?\d")
_IN_A_ROW: Final = 3
_PARTED = re.compile(
    r"\d{2}(?!\d)[ ,，、;；:.]{0,2}"
    r"((?:\d[^\d\n]|[^\d\n ,，、])[^\d\n]{0,14}(?:[2-8][ ]?[^\d\n]{1,8})?)"
    r"(?<![ ,，、:])[ ,，、:]{0,2}(?=\d)"
)
_MANY_DIGITS: Final = 5
_SHORTEST_GLUED: Final = 6


def _has_words(lowered: str, lexicon: _Lexicon) -> bool:
    """Whether number words stand in a row, or a word between digits parts them."""
    if any(lexicon.parts(match[1]) for match in _PARTED.finditer(lowered)):
        return True
    in_a_row = _longest_row(lowered, lexicon)
    if in_a_row == _IN_A_ROW - 1:
        return sum(map(str.isdecimal, lowered)) >= _MANY_DIGITS
    return in_a_row >= _IN_A_ROW


def _longest_row(lowered: str, lexicon: _Lexicon) -> int:
    """How many number words follow each other; three at most, one that stands against a digit is two."""
    longest = count = 0
    known, beginnings = lexicon.words, lexicon.beginnings
    for word in _LATIN_WORD.findall(lowered):
        if word in known:
            count += 1
        elif len(word) >= _SHORTEST_GLUED and word[:3] in beginnings and lexicon.whole_row.fullmatch(word):
            count += 2
        else:
            count = 0
        if count > longest:
            longest = count
            if longest >= _IN_A_ROW:
                return longest
    if longest == 1:
        longest += _is_by_a_digit(lowered, lexicon)
    return longest if lowered.isascii() else max(longest, _longest_glued_row(lowered, lexicon))


def _is_by_a_digit(lowered: str, lexicon: _Lexicon) -> bool:
    """Whether a number word in Latin letters stands against a digit, or alone between two."""
    words = _BETWEEN_DIGITS.findall(lowered)
    if _LETTER_BY_DIGIT.search(lowered):
        words += [word for pair in _WORD_BY_DIGIT.findall(lowered) for word in pair]
    return any(word in lexicon.words for word in words)


def _is_inside(lowered: str, start: int, end: int) -> bool:
    """Whether a number word stands between digits, or a Chinese one against a digit."""
    before = _DIGIT_BEFORE.search(lowered, max(0, start - 2), start)
    after = _DIGIT_AFTER.match(lowered, end)
    if before and after:
        return True
    return (
        "一" <= lowered[start] <= "鿿" and (lowered[start - 1 : start] + lowered[end : end + 1]).isdecimal()
    )


def _longest_glued_row(lowered: str, lexicon: _Lexicon) -> int:
    """How many number words of other scripts follow each other, one between digits is two."""
    longest, end, count = 0, -1, 0
    for start, stop in lexicon.glued.longest_first(lowered):
        if stop <= end:
            continue
        beside = 0 <= end <= start <= end + _MAX_PLAIN and _NUMBERS_BETWEEN.fullmatch(lowered, end, start)
        count = count + 1 if beside else 1
        inside = _is_inside(lowered, start, stop)
        longest, end = max(longest, count + inside), stop
        if longest >= _IN_A_ROW:
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
    text, lowered = _without_letters(text, lexicon), _without_letters(lowered, lexicon)
    tokens = islice(_tokens(text, lowered, lexicon, max(0, start - _BEFORE_CHARS)), _MOST_TOKENS)
    return tuple(
        run
        for stretch in _neighbours(lowered, tokens)
        if len(stretch) <= _MAX_TOKENS
        for part in folded(stretch)
        for run in _runs_of(text, part)
    )


def _without_letters(text: str, lexicon: _Lexicon) -> str:
    """The text with a mark for each of the letters that stand between digits again and again."""

    def marked(match: re.Match[str]) -> str:
        letter = match[1]
        is_digit = letter in _LETTER_OF or letter in _STROKES or lexicon.words.get(letter, ("",))[0] == "unit"
        return match.group() if is_digit else match.group().replace(letter, "~")

    return _LETTER_BETWEEN.sub(marked, text)


def _tokens(text: str, lowered: str, lexicon: _Lexicon, start: int) -> Iterator[Token]:
    """The pieces of numbers in a text from `start` on."""
    for match in lexicon.token.finditer(lowered, start):
        start, end = match.span()
        if match["digits"]:
            yield Token("digits", start, end, ascii_digits(match.group()))
        elif match["letters"]:
            yield from _letters(text, start, end, lexicon)
        elif match["label"]:
            yield Token("label", start, end, "")
        elif match["glued"]:
            kind, value = lexicon.words[match.group()]
            yield Token(kind, start, end, value)
        else:
            whole = match["latin"] in lexicon.words
            words = (match,) if whole else lexicon.row.finditer(lowered, start, end)
            for word in words:
                kind, value = lexicon.words[word.group()]
                yield Token(kind, *word.span(), value, latin=True)


def _letters(text: str, start: int, end: int, lexicon: _Lexicon) -> Iterator[Token]:
    """Letters typed for digits, with the digits between; a whole number word is that word."""
    written = text[start:end]
    known = lexicon.words.get(written.lower())
    if known is not None and written != "O":
        yield Token(known[0], start, end, known[1])
        return
    digits = [char if char.isdecimal() else _LETTER_OF.get(char, "") for char in written]
    if all(digits):
        kind = "letters" if any(map(str.isdecimal, written)) else "word"
        yield Token(kind, start, end, "".join(digits))


def _neighbours(lowered: str, tokens: Iterator[Token]) -> Iterator[list[Token]]:
    """Stretches of tokens with nothing but marks and spaces between."""
    stretch: list[Token] = []
    for token in tokens:
        if stretch and not _GAP.fullmatch(lowered, stretch[-1].end, min(token.start, stretch[-1].end + 99)):
            yield stretch
            stretch = []
        stretch.append(token)
    if stretch:
        yield stretch


def _runs_of(text: str, groups: Sequence[Token]) -> Iterator[DisguisedRun]:
    """The runs of some groups: cut where a list goes on, without letters of words at the ends."""
    for part in _cut(text, groups):
        bare = _without_words(text, part)
        signs = _signs(text, bare)
        if signs and any(token.value for token in bare):
            yield DisguisedRun(
                DigitRun(tuple(Group(t.start, t.end, t.value) for t in bare if t.value)), signs
            )


def _cut(text: str, groups: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The parts of a list: after a whole number a comma, a stroke or a new line begins another."""
    first, plain = 0, 0
    for at, token in enumerate(groups):
        between = text[groups[at - 1].end : token.start] if at > first else ""
        if between and plain >= _WHOLE and token.kind not in _NO_DIGITS and _LISTED.fullmatch(between):
            yield groups[first:at]
            first, plain = at, 0
        elif between and not _USUAL.fullmatch(between):
            plain = 0
        plain = plain + len(token.value) if token.kind == "digits" else 0
    yield groups[first:]


_NO_DIGITS: Final = frozenset({"filler", "label"})


def _without_words(text: str, groups: Sequence[Token]) -> Sequence[Token]:
    """Groups without what is likelier a word of the sentence at their ends: fillers, `is`, `so`."""
    first, last = 0, len(groups)
    while first < last and (groups[first].kind in _NO_DIGITS or _is_word(text, groups, first, 1)):
        first += 1
    while first < last and (groups[last - 1].kind in _NO_DIGITS or _is_word(text, groups, last - 1, -1)):
        last -= 1
    return groups[first:last]


def _begins_a_clause(text: str, groups: Sequence[Token], at: int) -> bool:
    """Whether a word between parts stands before a number word, and a comma before that: 8724，加一下."""
    if at < 2 or groups[at - 1].kind not in _NO_DIGITS:
        return False
    return _COMMA.search(text, groups[at - 2].end, groups[at - 1].start) is not None


_COMMA = re.compile("[,，;；\n。]")
_INITIAL_BEFORE = re.compile(rf"(?<![{LATIN}])[{LATIN}][ .·*_-]{{1,2}}$")


def _ends_initials(text: str, token: Token) -> bool:
    """Whether a letter goes on from single letters before it: K.T.B 987."""
    before = max(0, token.start - 4)
    one = token.end - token.start == 1 and is_latin(text[token.start])
    return one and _INITIAL_BEFORE.search(text, before, token.start) is not None


def _is_word(text: str, groups: Sequence[Token], at: int, step: int) -> bool:
    """Whether letters at an end, or a word beside a whole number, stand apart as words of the sentence do."""
    kind, beside = groups[at].kind, at + step
    if step < 0 and kind == "unit" and _begins_a_clause(text, groups, at):
        return True
    if kind in ("word", "unit") and step > 0 and _ends_initials(text, groups[at]):
        return True
    if not 0 <= beside < len(groups):
        return kind == "word"
    left, right = sorted((groups[at], groups[beside]), key=lambda token: token.start)
    between = text[left.end : right.start]
    if kind == "unit":
        return groups[beside].kind == "digits" and len(groups[beside].value) >= _WHOLE and between.isspace()
    told = not between.strip() and len(groups[beside].value) > 1
    return kind == "word" and (told or between.strip() in (":", "："))


_TELLING = re.compile(r"[^\x00-\x7f‐‑‒–—−，、·・]|\n")
"""Marks that nobody writes within a number by accident."""
_MANY_SINGLE: Final = 6


def _signs(text: str, groups: Sequence[Token]) -> int:
    """How many things hide a run; telling marks and labels count twice, as do digits all apart."""
    gaps = [text[left.end : right.start] for left, right in pairwise(groups)]
    odd = sum(2 if _TELLING.search(gap) else 1 for gap in gaps if not _USUAL.fullmatch(gap))
    words = sum(2 if token.kind == "label" else 1 for token in groups if token.kind != "digits")
    single = sum(len(token.value) == 1 for token in groups) >= _MANY_SINGLE
    return odd + words + 2 * (single and odd + words > 0)
