"""Numbers that people hide: marks, lines and words between the digits, letters and words for them.

What is read here need not be a number at all (a date after a time, an amount after a count): its runs count
only where a word announces a number and a plan, or a bank, has such a one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

from models.entities.numerals import DigitRun, Group, ascii_digits
from models.entities.numerals_conspicuous import LETTER_BETWEEN, first_conspicuous
from models.entities.numerals_folded import Token, folded
from models.entities.numerals_lexicon import LETTER_OF, MARKS, STROKES, NumberWords, number_words_of
from models.entities.words import LATIN, is_latin, lower


@dataclass(frozen=True, slots=True)
class DisguisedRun:
    """Digits with what hides them.

    Attributes:
        run: the groups; a word, a sign or letters are one group.
        signs: how many things hide it: words, letters, odd marks and lines between.
    """

    run: DigitRun
    signs: int


_MARK: Final = rf"(?:[^\w{MARKS}$฿₫₱₹¥￥₩៛€£₭%@]|[_{STROKES}])"
_GAP = re.compile(
    rf"(?!.*[ ][+]){_MARK}{{0,10}}(?:[(\[{{<][^\d()\[\]{{}}<>\n]{{1,16}}[)\]}}>]{_MARK}{{0,3}})?", re.DOTALL
)
_USUAL = re.compile(r"[ \t]{0,2}[-‐‑‒–—−.]{0,2}[ \t]?|[-. ]?[()][-. ]|[ ][()][-. ]?")
_LISTED = re.compile(r"[\s,，/|、;；&+:]*[\n,，/|、;；&+:][\s,，/|、;；&+:]*")
_WHOLE: Final = 8
"""So many digits are a number by themselves: after them a comma or a new line begins another."""

_BEFORE_CHARS: Final = 60
"""How far before what is conspicuous a number may begin."""


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
    lexicon, lowered = number_words_of(language), lower(text)
    start = first_conspicuous(text, lowered, lexicon)
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


def _without_letters(text: str, lexicon: NumberWords) -> str:
    """The text with a mark for each of the letters that stand between digits again and again."""

    def marked(match: re.Match[str]) -> str:
        letter = match[1]
        is_digit = letter in LETTER_OF or letter in STROKES or lexicon.words.get(letter, ("",))[0] == "unit"
        return match.group() if is_digit else match.group().replace(letter, "~")

    return LETTER_BETWEEN.sub(marked, text)


def _tokens(text: str, lowered: str, lexicon: NumberWords, start: int) -> Iterator[Token]:
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


def _letters(text: str, start: int, end: int, lexicon: NumberWords) -> Iterator[Token]:
    """Letters typed for digits, with the digits between; a whole number word is that word."""
    written = text[start:end]
    known = lexicon.words.get(written.lower())
    if known is not None and written != "O":
        yield Token(known[0], start, end, known[1])
        return
    digits = [char if char.isdecimal() else LETTER_OF.get(char, "") for char in written]
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
