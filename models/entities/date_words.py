"""The words and numbers that dates are made of, in the languages of `date.toml`, and where they stand."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from models.entities.date_numbers import DASH, DATE_OF_NUMBERS, Token, number_meanings, number_tokens
from models.entities.words import LATIN, Words, any_of, lower

MAX_TOKENS: Final = 200
"""More words and numbers of dates with nothing between them are a table or a flood, no dates."""


def phrases(text: str) -> list[list[Token]]:
    """Return the tokens of a text that stand together and may be dates, in order."""
    lowered = lower(text)
    words = [*_latin_tokens(text, lowered), *_other_tokens(text, lowered)]
    if all(_OF_DATES.isdisjoint(word.meanings) for word in words) and not DATE_OF_NUMBERS.search(text):
        return []
    return [phrase for phrase in _together(text, [*number_tokens(text), *words]) if _may_be_date(phrase)]


# Words --------------------------------------------------------------------------------------------

_WORD_LISTS = {  # keys of date.toml whose words carry no further data -> kind
    "day_before": "day_before",
    "weekday_day": "weekday_day",
    "day_after": "day_after",
    "day_after_weak": "day_after_weak",
    "article": "article",
    "ordinal": "ordinal",
    "of": "of",
    "month_part": "month_part",
    "month_before": "month_before",
    "month_after": "month_after",
    "half": "half",
    "minute": "minute",
    "ago": "ago",
    "later": "later",
    "range": "range",
    "next": "next",
    "last": "last",
    "this": "this",
    "lunar": "lunar",
    "holidays": "holiday",
    "connectors": "connector",
    "others": "other",
}
_DATA_TABLES = {
    "parts": "part",
    "clock": "named_clock",
    "units": "unit",
    "year_before": "year_before",
    "year_after": "year_after",
    "numbers": "number_word",
    "day_numbers": "day_number",
    "hour_before": "hour_before",
    "hour_after": "hour_after",
    "hour_maybe": "hour_maybe",
}
_RELATIVE_KINDS = {
    "D": "relative_day",
    "E": "relative_day",
    "W": "relative_week",
    "M": "relative_month",
    "Y": "relative_year",
}


def _words(joined: str) -> list[str]:
    return [word for word in joined.split("|") if word]


def _language_meanings(table: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield (word, kind, data) for every word of one language."""
    weak = frozenset(_words(table.get("weak", "")))
    for kind, first in (("month", 1), ("weekday", 0)):
        for number, variants in enumerate(table.get(f"{kind}s", []), first):
            for word in _words(variants):
                yield word, f"{kind}_weak" if word in weak else kind, number
    for data, variants in table.get("relative", {}).items():
        for word in _words(variants):
            yield word, "relative_weak" if word in weak else _RELATIVE_KINDS[data[0]], data
    for key, kind in _WORD_LISTS.items():
        for word in _words(table.get(key, "")):
            yield word, kind, None
    for key, kind in _DATA_TABLES.items():
        for data, variants in table.get(key, {}).items():
            for word in _words(variants):
                yield word, kind, int(data) if kind in {"number_word", "day_number"} else data
    yield from _joined_weekdays(table)


def _joined_weekdays(table: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield the weekdays of a language that writes "next Friday" as one word."""
    for number, variants in enumerate(table.get("weekdays", [])):
        for weekday in _words(variants):
            for kind, prefix in table.get("weekday_prefixes", {}).items():
                for word in _words(prefix):
                    yield word + weekday, "weekday_joined", number
                    yield word + weekday, kind, None


def _lexicon(tables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    meanings: dict[str, dict[str, Any]] = {}
    for table in tables.values():
        for word, kind, data in _language_meanings(table):
            meanings.setdefault(word, {}).setdefault(kind, data)
    return meanings


def _listed(key: str) -> list[str]:
    """Words under `key` of all languages."""
    return [word for table in _TABLES.values() for word in _words(table.get(key, ""))]


_TABLES = tomllib.loads(Path(__file__).with_name("date.toml").read_text(encoding="utf-8"))
_LEXICON = _lexicon(_TABLES)
_CASED = {  # meanings of weak words that are sure when written with a capital: Sat, Dec, Minggu
    word: {kind.removesuffix("_weak"): data for kind, data in _LEXICON[word].items() if kind != "unit"}
    for word in _listed("cased")
}
_CAPITAL = frozenset(_listed("capital"))
_ALONE = frozenset(_listed("alone"))
_IN_LATIN = [word for word in _LEXICON if re.match(f"[0-9{LATIN}]", word)]
_LATIN_WORDS = re.compile(
    rf"(?=[{''.join(sorted({word[0] for word in _IN_LATIN}))}])"  # fails sooner than what follows
    rf"(?<![{LATIN}]){any_of(_IN_LATIN)}(?![{LATIN}])"
)
_SCRIPTS = ("ऀ-ॿ", "ก-๛", "ກ-ໟ", "က-႟", "ក-៿", "⺀-￿")  # Devanagari, Thai, Lao, Burmese, Khmer, East Asian
_ANY_SCRIPT = re.compile("[ऀ-￿]")
_OTHER_WORDS = [
    (re.compile(f"[{script}]"), Words(word for word in _LEXICON if re.search(f"[{script}]", word)))
    for script in _SCRIPTS
]
_DEVANAGARI = frozenset(map(chr, (*range(0x900, 0x964), *range(0x970, 0x980))))  # parts words by spaces
_KOREAN_SUFFIXES = frozenset("년월일시분반전후뒤") | {"부터", "에서"}


def _latin_tokens(text: str, lowered: str) -> Iterator[Token]:
    for match in _LATIN_WORDS.finditer(lowered):
        word, start = match[0], match.start()
        if word in _CAPITAL and not text[start].isupper():
            continue
        cased = word in _CASED and text[start].isupper() and (text[start + 1].islower() or len(word) > 3)
        yield Token(start, match.end(), _CASED[word] if cased else _LEXICON[word])


def _other_tokens(text: str, lowered: str) -> Iterator[Token]:
    """Yield the words in a script other than Latin, of those that overlap the first and longest."""
    if text.isascii() or not _ANY_SCRIPT.search(text):
        return
    ends: dict[int, int] = {}  # by start: the end of the longest word, which comes last
    for script, words in _OTHER_WORDS:
        if script.search(text):
            ends.update(words.places(lowered))
    done = 0
    for start, end in sorted(ends.items()):
        if start >= done and _is_word(text, start, end, word := lowered[start:end]):
            done = end
            yield Token(start, end, _LEXICON[word])


def _is_word(text: str, start: int, end: int, word: str) -> bool:
    """Whether a word found in a script without spaces, or with endings, is not a piece of another one."""
    before, after = text[start - 1 : start], text[end : end + 1]
    category = unicodedata.category(after) if after else ""
    if category == "Mn":
        return False
    if word in _ALONE:
        return not category.startswith("L") and not (before and unicodedata.category(before)[0] in "LM")
    if word[0] in _DEVANAGARI:
        return before not in _DEVANAGARI and after not in _DEVANAGARI
    if "가" <= word[0] <= "힣":
        return word in _KOREAN_SUFFIXES or not "가" <= before <= "힣"
    return category != "Mc"


# Numbers ------------------------------------------------------------------------------------------


# What may be a date -------------------------------------------------------------------------------

_GAP = re.compile("[ \t\u200b]{0,3}[,()（）၊、 ]{0,3}")


def _together(text: str, found: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens that stand together, of those that overlap the first and longest."""
    phrase: list[Token] = []
    end, broken = 0, True
    for token in sorted(found, key=lambda token: (token.start, -token.end)):
        if token.start < end:
            continue
        if token.start > end and not _GAP.fullmatch(text, end, token.start):
            broken = True
        end = token.end
        if "connector" in token.meanings and len(token.meanings) == 1 and not broken:
            continue
        if len(phrase) > 1 and phrase[-1].meanings == phrase[-2].meanings == token.meanings:
            broken = True  # a word three times in a row is no date
            continue
        if broken and phrase:
            yield phrase
            phrase = []
        broken = False
        phrase.append(token)
    if phrase:
        yield phrase


_DATES_ALONE = frozenset(
    _words(
        "iso|dmy|dm|my|clock|month|weekday|weekday_joined|relative_day|relative_week|relative_month"
        "|relative_year|holiday|day_number|named_clock"
    )
)
_PAIRS = tuple(  # any other date has one of the left and one of the right
    (frozenset(_words(one)), frozenset(_words(other)))
    for one, other in (
        (
            "number|number_word|hour_zero|year|short_year|era_year|dotted",
            "part|hour_before|hour_after|hour_maybe|month_before|month_after|month_weak|year_after"
            "|day_before|day_after|day_after_weak|ordinal|ago|later|weekday_weak",
        ),
        ("year|era_year|short_year", "year_before"),
        ("month_weak|weekday_weak|relative_weak", "month_before|month_part|part|dotted|next|last|this"),
    )
)
_OF_DATES = _DATES_ALONE.union(*(other for _, other in _PAIRS), {"relative_weak"})


def _may_be_date(phrase: list[Token]) -> bool:
    """Whether the tokens hold what any date has, as the grammar says."""
    if len(phrase) > MAX_TOKENS:
        return False
    if len(phrase) == 1:
        return not _DATES_ALONE.isdisjoint(phrase[0].meanings)
    kinds: set[str] = set()
    for token in phrase:
        kinds.update(token.meanings)
    return not kinds.isdisjoint(_DATES_ALONE) or any(
        not (kinds.isdisjoint(one) or kinds.isdisjoint(other)) for one, other in _PAIRS
    )


_NUMBER_SAMPLES = [(n, d) for d in (1, 2) for n in range(100) if n < 10**d]
_NUMBER_SAMPLES += [(114, 3), (555, 3), (1388, 4), (1555, 4), (2026, 4)]
KIND_SETS: Final[tuple[frozenset[str], ...]] = tuple(
    dict.fromkeys(
        [
            *map(frozenset, _LEXICON.values()),
            *map(frozenset, _CASED.values()),
            *(frozenset(number_meanings(*sample)) for sample in _NUMBER_SAMPLES),
            *(frozenset({kind}) for kind in _words("iso|dmy|dm|my|clock|dotted|short_year|other")),
            frozenset(DASH),
        ]
    )
)
"""The kinds that a token may be at once: all sets there are."""
