"""The words, signs and letters that people write for digits, by language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from models.entities.numerals import LOOKALIKES, SIGNS, WORDS
from models.entities.words import LATIN, ScriptWords, any_of, is_latin

_TABLE: Final = tomllib.loads(Path(__file__).with_name("numerals_disguised.toml").read_text(encoding="utf-8"))
LETTER_OF: Final = {char: digit for char, digit in LOOKALIKES.items() if char not in "|!TA"} | {
    char: digit for digit, chars in _TABLE["letters"].items() for char in chars
}
_SAME_WORDS: Final = {"ms": ("id", "ms"), "id": ("ms", "id"), "lo": ("th", "lo")}
"""Languages with number words in common, the language itself last: its own meaning of a word counts."""
_LANGUAGES: Final = frozenset(_TABLE["latin"]) | frozenset(WORDS["latin"])
PLUS_WORDS: Final[list[str]] = _TABLE["plus"]["words"]
MARKS: Final = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u17b4-\u17d3\u102b-\u103e\u0900-\u0903"
)
"""Vowels and tones written as marks: the word before goes on."""


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
        rf"(?<![{LATIN}])(?:{count}[ ]?(?:{unit})[ ]?|(?:{unit})[ ]?)?(?:{place})(?![{MARKS}])"
        rf"(?:[ ]?{count})?(?:[ ]?(?:{unit}))?(?:[ ]?(?:{is_}))?(?![{LATIN}])"
    )


_LABEL: Final = _label()
_ANY_LABEL = re.compile(_LABEL)


class NumberWords:
    """The words of one language, and the patterns of what may be a piece of a number."""

    def __init__(self, language: str) -> None:
        self.words = _other_words() | {sign: ("unit", digit) for sign, digit in SIGNS.items()}
        self.words |= _pairs(language) | _digit_words(language)
        latin = [word for word in self.words if is_latin(word[0])]
        glued = [word for word in self.words if not is_latin(word[0])]
        letters = re.escape("".join(sorted({char.lower() for char in LETTER_OF})))
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


number_words_of = cache(NumberWords)
STROKES: Final = "ㅡㄧ丨丶丿"
"""Letters of one stroke that are typed for a dash, a bar or a dot."""
