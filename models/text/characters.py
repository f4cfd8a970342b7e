"""Rules about characters and clusters: what is invisible, decomposed, doubled or out of order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from models.text import confusables as table
from models.text.edits import Edit, Stage, substitute

# ---------------------------------------------------------------- controls and spaces

_CONTROL = re.compile(f"\r\n?|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]|[{table.NEWLINES}]|[{table.SPACES}]")


def _plain_control(match: re.Match[str]) -> str:
    """Nothing, a space or a newline; C1 controls are punctuation of Windows-1252 gone astray."""
    char = match.group()
    if char[0] == "\r" or char in table.NEWLINES:
        return "\n"
    if char in table.SPACES:
        return " "
    return char.encode("latin-1").decode("cp1252", "ignore") if char >= "\x80" else ""


# ---------------------------------------------------------------- invisible characters

_ZWSP, _ZWNJ, _ZWJ = "\u200b", "\u200c", "\u200d"
_TAGGED_FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f"
_INVISIBLES = re.compile(f"{_TAGGED_FLAG}|[{table.INVISIBLE}]+")

_EMOJI = re.compile(f"[{table.EMOJI}]")
_INDIC = re.compile("[\u0900-\u0dff]")
_VIRAMA = re.compile("[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]")
_ARABIC = re.compile("[\u0620-\u065f\u066e-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_UNSPACED_DIGIT = "\u0e50-\u0e59\u0ed0-\u0ed9\u1040-\u1049\u1090-\u1099\u17e0-\u17e9"
_UNSPACED = re.compile(f"(?![{_UNSPACED_DIGIT}])[\u0e01-\u0e5b\u0e80-\u0edf{table.MYANMAR}\u1780-\u17f9]")
"""A character of a script that writes no spaces between words; its digits do not count."""
_BARE = re.compile(f"[{table.THAI_CONSONANT}{table.LAO_CONSONANT}\u1780-\u17a2]")
_OPEN = re.compile(f"[{table.PREFIX_VOWEL}\u17d2\u1039]")
"""What must be followed by a letter of its own word."""
_WITHIN_A_WORD = re.compile(table.WITHIN_A_WORD)


def _breaks_a_word(text: str, start: int, end: int) -> bool:
    """Whether a zero-width space at `[start, end)` can be a word break of Thai, Lao, Khmer or Burmese."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if not (_UNSPACED.match(before) or _UNSPACED.match(after)):
        return False
    if _OPEN.match(before) or _WITHIN_A_WORD.match(text, end):
        return False
    spelled_out = (
        _BARE.match(before)
        and _BARE.match(after)
        and not _UNSPACED.match(text[start - 2 : start - 1])
        and not _UNSPACED.match(text[end + 1 : end + 2])
    )
    return not spelled_out


def _joins_letters(joiner: str, before: str, after: str) -> bool:
    """Whether the orthography of the neighbours asks for this ZWJ or ZWNJ."""
    if _INDIC.match(before) and _INDIC.match(after):
        return bool(_VIRAMA.match(before) or _VIRAMA.match(after))
    if joiner == _ZWNJ:
        return before in ("\u17c9", "\u17ca") or bool(_ARABIC.match(before) and _ARABIC.match(after))
    return bool(_ARABIC.match(before) or _ARABIC.match(after))


def _visible_part(text: str, start: int, end: int) -> str:
    """What a run of invisible characters is legitimately there for; mostly nothing."""
    run, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    if before and _EMOJI.match(before):
        selector = next((char for char in run if char in "\ufe0e\ufe0f"), "")
        return selector + (_ZWJ if _ZWJ in run and after and _EMOJI.match(after) else "")
    if _ZWSP in run and _breaks_a_word(text, start, end):
        return _ZWSP
    joiner = next((char for char in run if char in (_ZWNJ, _ZWJ)), "")
    if joiner and _joins_letters(joiner, before, after):
        return joiner
    if "\u1820" <= before <= "\u18aa":  # Mongolian letters choose their forms by selector
        return "".join(char for char in run[:1] if "\u180b" <= char <= "\u180f")
    if "\u1000" <= before <= "\u109f" and run[0] == "\ufe00":  # dotted letters of Khamti and Aiton
        return run[0]
    return ""


def remove_invisible(text: str) -> list[Edit]:
    """Removes what cannot be seen, but for word breaks, conjunct joiners and emoji sequences."""
    edits: list[Edit] = []
    for match in _INVISIBLES.finditer(text):
        start, end = match.span()
        if match.group()[0] == "\U0001f3f4":
            continue
        kept = _visible_part(text, start, end)
        if kept != match.group():
            edits.append((start, end, kept))
    return edits


# ---------------------------------------------------------------- combining marks

_MARK_CLASS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARKS = re.compile(f"[{_MARK_CLASS}]+")
_MARKED = re.compile(f"(?s:.?)[{_MARK_CLASS}]+")
_OVERLAY = re.compile("[\u0305\u0332-\u0338\u033f\u0346-\u034e\u0350-\u0362\u0488\u0489\u20d0-\u20ff]")
_MARKABLE = re.compile(f"[{table.LATIN}\u0250-\u02ff\u0370-\u052f\u1d00-\u1dbf\u1f00-\u1fff]")
_MAX_MARKS = 3


@lru_cache(maxsize=1024)
def _sober_marks(marked: str) -> str:
    """A base with the marks an orthography could have put there, composed; keycaps and Zalgo go."""
    base, marks = marked[:1], marked[1:]
    if not _MARKABLE.match(base):
        return _MARKS.sub("", marked)
    if len(marks) > _MAX_MARKS or _OVERLAY.search(marks):
        return base
    composed = unicodedata.normalize("NFC", marked)
    return composed if len(composed) <= 2 else composed[0]


_COMPOSING = re.compile(
    "[\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1161-\u1175\u11a8-\u11c2"
    "\u1b35\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930]"
)
"""Characters of combining class zero that compose with the one before."""

_MAX_SEGMENT: Final = 32


def _segments(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that canonical composition never looks beyond."""
    start = 0
    for position, char in enumerate(text):
        if position > start and not unicodedata.combining(char) and not _COMPOSING.match(char):
            yield start, position
            start = position
    yield start, len(text)


def compose(text: str) -> list[Edit]:
    """Unicode normalisation form C; no more than 32 marks in a row, so that it stays linear."""
    if unicodedata.is_normalized("NFC", text):
        return []
    edits: list[Edit] = []
    for start, end in _segments(text):
        segment = text[start:end]
        composed = unicodedata.normalize("NFC", segment[:_MAX_SEGMENT])
        if composed != segment:
            edits.append((start, end, composed))
    return edits


# ---------------------------------------------------------------- Thai and Lao

_THAI_LAO_ORDER: Final = {
    **dict.fromkeys("\u0e3a\u0eba", 0),  # phinthu, pali virama
    "\u0ebc": 1,  # Lao subjoined semivowel
    **dict.fromkeys("\u0e38\u0e39\u0eb8\u0eb9", 2),  # vowels below
    **dict.fromkeys(
        "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0eb1\u0eb4\u0eb5\u0eb6\u0eb7\u0ebb", 3
    ),  # vowels above
    **dict.fromkeys("\u0e4d\u0ecd", 4),  # nikhahit
    **dict.fromkeys("\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u0eca\u0ecb", 5),  # tone marks
    **dict.fromkeys("\u0e4c\u0ecc", 6),  # letter killer
    **dict.fromkeys("\u0e4e\u0ece", 7),  # yamakkan
}
"""Where a mark stands among the marks of one consonant; each place is taken once."""

_THAI_LAO_MARKS = re.compile(f"[{table.THAI_LAO_MARK}]{{2,}}")
_TONE, _LAO_TONE = "[\u0e48-\u0e4b]", "[\u0ec8-\u0ecb]"
_THAI_AM = re.compile(f"({_TONE}?)\u0e4d({_TONE}?)\u0e32|\u0e33({_TONE})")
_LAO_AM = re.compile(f"({_LAO_TONE}?)\u0ecd({_LAO_TONE}?)\u0eb2|\u0eb3({_LAO_TONE})")
_DOUBLE_E = re.compile("\u0e40\u0e40|\u0ec0\u0ec0")


@lru_cache(maxsize=1024)
def _ordered_marks(marks: str) -> str:
    places: dict[int, str] = {}
    for mark in marks:
        places.setdefault(_THAI_LAO_ORDER[mark], mark)
    return "".join(places[place] for place in sorted(places))


def _am(vowel: str, match: re.Match[str]) -> str:
    return (match[1] or match[2] or match[3] or "") + vowel


# ---------------------------------------------------------------- Khmer and Burmese

_KHMER_SPLIT_VOWEL = re.compile("\u17c1([\u17b8\u17b6])")
_DOUBLED_KHMER_MARK = re.compile("([\u17b6-\u17d1\u17d3])\\1+")
_DOUBLED_BURMESE_MARK = re.compile("([\u102b-\u1038\u103a\u1056-\u1059\u1082-\u108d])\\1+")
_BURMESE_MEDIALS = re.compile("[\u103b-\u103e]{2,}")
_BURMESE_VOWELS = re.compile("\u1036([\u102f\u1030])|\u102f\u102d")
_ZERO_AS_LETTER = re.compile(
    "\u1040(?=[\u102b-\u1032\u1036-\u103e])"
    "|(?<![\u1040-\u10490-9.,])\u1040(?=[\u1000-\u1021]\u1037?\u103a)"
    "|(?<=[\u1000-\u1021\u102b-\u103e])\u1040(?![\u1040-\u10490-9.,])"
)
"""Burmese zero typed for the letter WA: under a vowel sign, or alone in a word."""
_SEVEN_AS_LETTER = re.compile("\u1047(?=[\u102b-\u1032\u1036-\u103e])")
_FOUR_AS_SYMBOL = re.compile("\u1044(?=\u1004\u103a\u1038)")

# ---------------------------------------------------------------- repetition

_MAX_REPEATS: Final = 20
_REPEATED = re.compile(f"([^\\W\\d_])\\1{{{_MAX_REPEATS},}}")
_repetitions = substitute(_REPEATED, lambda match: match[1] * _MAX_REPEATS)


def limit_repetition(text: str) -> list[Edit]:
    """No letter more than 20 times in a row; a longer run shows at one of every 20th pair of neighbours."""
    suspect = any(text[at] == text[at + 1] for at in range(0, len(text) - 1, _MAX_REPEATS))
    return _repetitions(text) if suspect else []


# ---------------------------------------------------------------- the stages, in order


CLEANING: Final = Stage(
    needs=re.compile(
        f"[\x00-\x08\x0b-\x1f\x7f-\xa0{table.SPACES}{table.NEWLINES}{table.INVISIBLE}{_MARK_CLASS}]"
    ),
    rules=(
        substitute(_CONTROL, _plain_control),
        remove_invisible,
        substitute(_MARKED, lambda match: _sober_marks(match.group()), needs=re.compile(f"[{_MARK_CLASS}]")),
    ),
)
"""Removes what should not be there."""

THAI_LAO: Final = Stage(
    needs=re.compile("[\u0e31\u0e33-\u0e3a\u0e40\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec0\u0ec8-\u0ece]"),
    rules=(
        substitute(_THAI_LAO_MARKS, lambda match: _ordered_marks(match.group())),
        substitute(_THAI_AM, lambda match: _am("\u0e33", match), needs=re.compile(f"\u0e4d|\u0e33{_TONE}")),
        substitute(
            _LAO_AM, lambda match: _am("\u0eb3", match), needs=re.compile(f"\u0ecd|\u0eb3{_LAO_TONE}")
        ),
        substitute(_DOUBLE_E, lambda match: "\u0e41" if match.group()[0] == "\u0e40" else "\u0ec1"),
    ),
)

KHMER: Final = Stage(
    needs=re.compile("[\u17b6-\u17d3]"),
    rules=(
        substitute(_DOUBLED_KHMER_MARK, lambda match: match[1]),
        substitute(_KHMER_SPLIT_VOWEL, lambda match: "\u17be" if match[1] == "\u17b8" else "\u17c4"),
    ),
)

BURMESE: Final = Stage(
    needs=re.compile("[\u1000-\u104f]"),
    rules=(
        substitute(_DOUBLED_BURMESE_MARK, lambda match: match[1]),
        substitute(_BURMESE_MEDIALS, lambda match: "".join(sorted(set(match.group())))),
        substitute(_BURMESE_VOWELS, lambda match: match[1] + "\u1036" if match[1] else "\u102d\u102f"),
        substitute(_ZERO_AS_LETTER, lambda _: "\u101d", needs=re.compile("\u1040")),
        substitute(_SEVEN_AS_LETTER, lambda _: "\u101b"),
        substitute(_FOUR_AS_SYMBOL, lambda _: "\u104e"),
    ),
)

COMPOSED: Final = Stage(needs=re.compile("[^\x00-\x7f]"), rules=(compose,))


REPETITION: Final = Stage(needs=re.compile("[^\\W\\d_]"), rules=(limit_repetition,))
