"""Words and signs of money: currencies, number words, multipliers, periods, and what stands around a sum.

The words are in `money.toml`. Sources: currency codes and signs: ISO 4217 and Unicode CLDR (numbers); number
words and multipliers: Wikipedia "Thai numerals", "Khmer numerals", "Burmese numerals", "Chinese numerals",
"Korean numerals", "Vietnamese numerals", "Indian numbering system".
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.entities.words import LATIN, Lexicon, Words, any_of, is_latin

_DATA: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("money.toml").read_text(encoding="utf-8")
)


def _inverted(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """{word: key} of a table {key: words}."""
    return {word: key for key, words in table.items() for word in words}


# ---------------------------------------------------------------- currencies

HOME: Final[Mapping[str, str]] = _DATA["home"]
"""Currency of amounts that name none, by language."""
_CURRENCIES: Final = _inverted(_DATA["currencies"])
_AMBIGUOUS: Final[Mapping[str, Mapping[str, str]]] = _DATA["ambiguous"]
_LOCAL: Final[Mapping[str, str]] = _DATA["only_in"]
_NO_CURRENCIES: Final = frozenset(_DATA["no_currency"]["words"])
CURRENCIES: Final = Lexicon([*_CURRENCIES, *_AMBIGUOUS])
_CURRENCIES_AFTER: Final = Lexicon([*CURRENCIES.words, *_NO_CURRENCIES])


def _may_stand_before(word: str) -> bool:
    """Whether a currency word may stand before its amount: signs, short Latin ones, Burmese ones."""
    if word in _DATA["before"]["never"]:
        return False
    is_sign = not any(character.isalpha() for character in word) or word.endswith("$")
    is_burmese = "\u1000" <= word[0] <= "\u109f"
    is_short = word.isascii() and word.isalpha() and 2 <= len(word) <= 4
    return is_sign or is_burmese or is_short or word in _DATA["before"]["words"]


CURRENCIES_BEFORE: Final = Lexicon(word for word in CURRENCIES.words if _may_stand_before(word))
ONLY_BEFORE: Final = frozenset(_DATA["before"]["first"])
"""Currency words that hardly stand after an amount."""
ONLY_GLUED: Final = frozenset(_DATA["before"]["glued"])
"""Currency words that are also others: before an amount they count only where no space parts them."""


def currency_after(text: str, start: int, language: str) -> str:
    """The currency word that begins at `start`, "" if none does that is one in `language`."""
    word = _CURRENCIES_AFTER.starting(text, start)
    if not word or word in _NO_CURRENCIES:
        return ""
    languages = _LOCAL.get(word)
    local = languages is None or language in languages.split() or (language == "und" and len(word) > 1)
    return word if local else ""


def currency_code(word: str, language: str) -> str | None:
    """The code of a currency word, ISO 4217; None if the word is one of several countries."""
    if word in _CURRENCIES:
        return _CURRENCIES[word]
    by_language = _AMBIGUOUS[word]
    return by_language.get(language, by_language.get("other", "")) or None


# ---------------------------------------------------------------- numbers

NUMBER: Final = (
    r"(?<!\d )[1-9]\d{0,2}(?: \d{3})* 000(?!\d)"
    r"|\d{1,3}(?:[.,]\d{2,3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
)
"""Digits; a space parts thousands only where round ones end them: 10 000, not the "2 500" of "two at 500"."""
_NOT_PER_CENT: Final = "(?!ရာခိုင်|ร้อยละ|ຮ້ອຍລະ)"
"""Per cent (ရာခိုင်နှုန်း, ร้อยละ) begins as a hundred does."""
LONGEST_RUN: Final = 60
"""No sum takes more characters."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The compiled vocabulary of one language.

    Attributes:
        words: the number words and multipliers an amount may begin with.
        run: an amount without currency: digits (group 1, if it begins with them), number words and scales.
        token: its parts: group `number` or group `word`.
        scales, numerals: values of the words.
        cues: words right before an amount that say it is money, and those that only end as such a word does.
    """

    language: str
    words: Words
    run: re.Pattern[str]
    token: re.Pattern[str]
    scales: Mapping[str, float]
    numerals: Mapping[str, float]
    cues: Lexicon


def _reader(language: str) -> Reader:
    scales, numerals = _vocabulary(language)
    vocabulary = {**scales, **numerals}
    word = f"(?:{_word_pattern(vocabulary, language)})"
    number = f"(?:{NUMBER})"
    words = f"{word}(?: ?{word}){{0,{LONGEST_RUN}}}"
    more = f"(?: ?{number}(?: ?{words})?){{0,3}}"
    return Reader(
        language,
        Words(word for word in vocabulary if not is_letter(word)),
        re.compile(f"({number})(?: {{0,2}}{words}{more})?|{words}{more}"),
        re.compile(f"(?P<number>{number})|(?P<word>{word})"),
        scales,
        numerals,
        _cues(language),
    )


def _vocabulary(language: str) -> tuple[dict[str, float], dict[str, float]]:
    """Scales and numerals that may be read in a text of `language`: its own, English, native scripts."""
    scales: dict[str, float] = dict(_DATA["scales"]["everywhere"])
    numerals: dict[str, float] = {}
    for code, words in _DATA["numerals"].items():
        mine = code in {language, "en"} or (language == "ms" and code == "id")
        numerals |= {word: value for word, value in words.items() if mine or not is_latin(word[0])}
    for code in ("en", language):
        scales |= _DATA["scales"].get(code, {})
    return scales, numerals


def is_letter(word: str) -> bool:
    """Whether a word is one Latin letter (k, w, u, b)."""
    return len(word) == 1 and word.isascii() and word.isalpha()


def _word_pattern(words: Iterable[str], language: str) -> str:
    """A number word or multiplier, a single letter only right after digits (5k, in Vietnamese also 5 k)."""
    latin = any_of(word for word in words if is_latin(word[0]) and not is_letter(word))
    native = any_of(word for word in words if not is_latin(word[0]))
    letters = "".join(word for word in words if is_letter(word))
    glued = rf"(?<=\d)[{letters}](?=u?(?![{LATIN}]))"
    spaced = rf"|(?<=\d )k(?![{LATIN}])" if language == "vi" else ""
    return rf"(?<![{LATIN}]){latin}(?![{LATIN}])|{glued}{spaced}|{_NOT_PER_CENT}{native}"


def _cues(language: str) -> Lexicon:
    """Cues of a language and those of all others that are not in Latin letters."""
    foreign = [word for words in _DATA["cues"].values() for word in words if not word.isascii()]
    return Lexicon([*_DATA["cues"].get(language, ()), *foreign, *NO_CUES])


HALVES: Final = frozenset(_DATA["halves"]["words"])
"""Words for half of the multiplier before them."""

# ---------------------------------------------------------------- around an amount

NAMES: Final[Mapping[str, list[str]]] = _DATA["names"]
"""Currencies that begin names of people too: `certain` ones and `possible` ones."""

NO_CUES: Final = frozenset(_DATA["no_cues"]["words"])
"""Words that end as a cue does and are none."""
CUES_AFTER: Final = Lexicon(_DATA["cues_after"]["words"])
FAR_CUES: Final[tuple[str, ...]] = tuple(_DATA["far_cues"]["words"])
"""Cues that may also stand some words before an amount."""

NO_COUNTS: Final = frozenset(_DATA["counts"]["exceptions"])
"""Words that begin as one of `COUNTS` does and count nothing."""
COUNTS: Final = Lexicon([*_DATA["counts"]["words"], *_DATA["counts"]["latin"], *NO_COUNTS])
"""What follows a number of something else."""
LIST_SIGNS: Final = frozenset(_DATA["lists"]["words"])
SURE_COUNTS: Final = frozenset(_DATA["counts"]["sure"])
TIMES: Final = frozenset(_DATA["times"]["words"])

LABELS: Final = Lexicon(_DATA["labels"]["words"])
"""What stands before the number of a room, a page, a form."""
NOT_MEASURED: Final = frozenset(_DATA["measured"]["exceptions"])
MEASURED: Final = Lexicon([*_DATA["measured"]["words"], *NOT_MEASURED])
"""What stands before a count or a measure, however large."""
SIZES: Final = Lexicon(_DATA["sizes"]["words"])
LARGEST_SIZE: Final[int] = _DATA["sizes"]["largest"]
ADDRESSES: Final = Words(_DATA["addresses"]["words"])
POSTCODE_DIGITS: Final[Mapping[str, int]] = _DATA["postcodes"]

PERIOD_OF: Final = _inverted(_DATA["periods"])
PERIODS: Final = Lexicon(PERIOD_OF)
PERIOD_OF_BEFORE: Final = _inverted(_DATA["periods_before"])
PERIODS_BEFORE: Final = Lexicon(PERIOD_OF_BEFORE)
UNITS_BEFORE: Final = frozenset(_DATA["units_before"]["words"])
PERIOD_OF_ALONE: Final = _inverted(_DATA["periods_alone"])
PERIODS_ALONE: Final = Lexicon(PERIOD_OF_ALONE)
PERIOD_OF_SLASH: Final = _inverted(_DATA["periods_slash"])
SLASH: Final = re.compile(rf" ?/ ?({any_of(PERIOD_OF_SLASH)})(?![{LATIN}\d\u0e00-\u0eff])")
"""Abbreviation of a period after a slash: /ด. /mth"""
CONNECTIVES: Final = Lexicon(_DATA["connectives"]["words"])
FILLERS: Final = Lexicon(_DATA["fillers"]["words"])
PAID: Final = Lexicon([*PERIOD_OF, *_DATA["paid"]["words"]])
"""What a sum pays for, after a slash."""

READERS: Final = {
    language: _reader(language)
    for language in (
        "th", "lo", "my", "km", "vi", "zh", "id", "ms", "tl", "ko", "hi", "ja", "en", "und"
    )
}  # fmt: skip
