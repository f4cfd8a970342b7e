"""NATIONALITY: words for a people, where the words around say that people are meant.

A country's name alone is a place, and beside "language", "food" or "baht" it is neither: คนไทย, người Lào and
"two Kenyans" are nationalities, ภาษาไทย, tiếng Anh and "Thai massage" are not. Names: `nationality.toml`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from models.entities.entity import Context, Entity, disjoint
from models.entities.nationality_words import (
    ABBREVIATIONS,
    ADJECTIVE_BEGINS,
    ADJECTIVE_ENDS,
    ALWAYS,
    AMBIGUOUS_HI,
    BARE_VN,
    CASED,
    COUNTRY,
    DEMONYMS,
    HINDI_BEGINS,
    HINDI_DEMONYMS,
    HINDI_ENDS,
    IS_AGE_BEFORE,
    IS_LANGUAGE_BEFORE,
    IS_LISTED_AFTER,
    IS_LISTED_BEFORE,
    IS_OTHER_NAME,
    IS_PERSON_AFTER,
    IS_PERSON_BEFORE,
    IS_THAI_PLACE,
    IS_THING,
    LATIN_DEMONYMS,
    LISTS,
    PERSON_HI,
    STEMS,
    WNI,
    WORDS_AFTER,
    WORDS_BEFORE,
    WordBefore,
)
from models.entities.words import ScriptWords, lower

_Names = Mapping[int, Sequence[int]]  # starts of names, each with the ends of those there, longest first
_WINDOW_CHARS = 32
_WORD_CHARS = 24  # no word of `WORDS_BEFORE` is longer


def _rules_by_name() -> dict[str, list[str]]:
    """Return the rules that look at a name, by its form in lower case."""
    listed = (
        *STEMS.items(),
        ("adjective", LATIN_DEMONYMS),
        ("hindi", HINDI_DEMONYMS),
        ("abbreviation", ABBREVIATIONS),
    )
    rules: dict[str, list[str]] = {}
    for rule, names in listed:
        for name in names:
            rules.setdefault(name, []).append(rule)
    return rules


_RULES_OF = _rules_by_name()
_SPELLINGS = ScriptWords(_RULES_OF)


def find(text: str, context: Context) -> list[Entity]:
    """Return the nationalities that `text` gives to people; `value` is the ISO 3166-1 alpha-2 code."""
    names = _names_in(text)
    if not names:
        return []
    found = [entity for key, rule in _RULES.items() if key in names for entity in rule(text, names[key])]
    return disjoint(sorted(found, key=lambda entity: (entity.start, -entity.end)))


def _names_in(text: str) -> Mapping[str, _Names]:
    """Return the names in `text`, inside other words too, by the rule that is to look at them."""
    lowered = lower(text)
    names: dict[str, dict[int, list[int]]] = {}
    for start, end in _SPELLINGS.longest_first(lowered):
        for rule in _RULES_OF[lowered[start:end]]:
            names.setdefault(rule, {}).setdefault(start, []).append(end)
    return names


def _first_fit(pattern: re.Pattern[str], text: str, ends: Iterable[int]) -> tuple[int, re.Match[str]] | None:
    """Return the first of `ends` that `pattern` matches at, with the match."""
    return next(((end, match) for end in ends if (match := pattern.match(text, end))), None)


def _entity(start: int, end: int, code: str, proba: float, reason: str) -> Entity:
    """Return the entity of a nationality."""
    return Entity("NATIONALITY", start, end, code, {}, proba, "rule", reason)


def _by_word_before(text: str, names: _Names, script: str) -> Iterator[Entity]:
    """Yield the names after a word for people or before a number of people."""
    rule, free = WORDS_BEFORE[script], 0
    for start, ends in names.items():
        if start < free:
            continue
        word, end = _word_before(rule, text, start, ends, free)
        if end is None:
            continue
        free = end
        if word is None and IS_THAI_PLACE.search(text, max(0, start - 8), start):
            continue
        if _is_other_word(text, end, text[start:end]):
            continue
        code = COUNTRY[text[start:end].lower()]
        if word is not None and word["kept"]:
            yield _entity(word.start(), end, code, 0.9, "person word")
        else:
            yield _entity(start, end, code, 0.8, "person word")
        for listed in _listed_after(text, end, script):
            free = listed.end
            yield listed


def _word_before(
    rule: WordBefore, text: str, start: int, ends: Sequence[int], free: int
) -> tuple[re.Match[str] | None, int | None]:
    """Return the word for people that begins at `free` or later and ends at `start`, and the end of the name.

    Without a word the name must be counted; if it is not, it has no end either.
    """
    if rule.begins.match(text, start) and (fit := _first_fit(rule.ends, text, ends)):
        word = rule.word.search(text, max(free, start - _WORD_CHARS), start)
        if word is not None:
            return word, fit[0]
    counted = _first_fit(rule.counted, text, ends)
    return None, counted[0] if counted else None


def _by_word_after(text: str, names: _Names, script: str) -> Iterator[Entity]:
    """Yield the names before a word for people, with the word if it makes one word with the name (中国人)."""
    rule, free = WORDS_AFTER[script], 0
    for start, ends in names.items():
        if start < free or not rule.begins.match(text, start):
            continue
        if fit := _first_fit(rule.kept, text, ends):
            free, proba, reason = fit[1].end(), 0.9, "pattern"
        elif fit := _first_fit(rule.word, text, ends):
            free, proba, reason = fit[0], 0.8, "person word"
        else:
            continue
        name = text[start : fit[0]]
        if not _is_other_word(text, free, name):
            yield _entity(start, free, COUNTRY[name.lower()], proba, reason)


def _listed_after(text: str, end: int, script: str) -> Iterator[Entity]:
    """Yield the names that a list goes on with: แรงงานกัมพูชา ลาว เมียนมา."""
    more = LISTS.get(script)
    while more is not None and (match := more.match(text, end)):
        end = match.end()
        if _is_other_word(text, end, match["name"]):
            return
        yield _entity(match.start("name"), end, COUNTRY[match["name"].lower()], 0.7, "list of nationalities")


def _is_other_word(text: str, end: int, name: str) -> bool:
    """Whether the name goes on into another word (คนไทยใหญ่, ลาวัณย์) or is an everyday word in lower case."""
    if IS_OTHER_NAME.match(text, end):
        return True
    return name.capitalize() in CASED and name not in CASED


def _by_adjective(text: str, names: _Names) -> Iterator[Entity]:
    """Yield the demonyms in Latin letters beside words that speak of people."""
    free = 0
    for start, ends in names.items():
        if start < free or not ADJECTIVE_BEGINS.match(text, start):
            continue
        fit = _first_fit(ADJECTIVE_ENDS, text, ends)
        if fit is None:
            continue
        free, is_plural = fit[1].end(), bool(fit[1]["plural"])
        name = text[start : fit[0]].lower()
        before, after = text[max(0, start - _WINDOW_CHARS) : start], text[free : free + _WINDOW_CHARS]
        if (
            text[start:free].lower() == "laos"
            or IS_THING.match(after)
            or (IS_LANGUAGE_BEFORE.search(before) and not is_plural)
        ):
            continue
        if name in ALWAYS or _speaks_of_people(before, after, plural=is_plural):
            yield _entity(start, free, DEMONYMS[name], 0.85, "context word")


def _speaks_of_people(before: str, after: str, *, plural: bool) -> bool:
    """Whether an adjective such as Kenyan means people: plural, number, noun, age or neighbour."""
    return (
        plural
        or IS_PERSON_AFTER.match(after) is not None
        or IS_LISTED_AFTER.match(after) is not None
        or IS_PERSON_BEFORE.search(before) is not None
        or IS_AGE_BEFORE.search(before) is not None
        or IS_LISTED_BEFORE.search(before) is not None
    )


def _by_hindi_word(text: str, names: _Names) -> Iterator[Entity]:
    """Yield the demonyms in Devanagari; चीनी (also sugar) only beside a word for people."""
    for start, ends in names.items():
        fit = _first_fit(HINDI_ENDS, text, ends) if HINDI_BEGINS.match(text, start) else None
        if fit is None:
            continue
        end = fit[0]
        name = text[start:end]
        if name not in AMBIGUOUS_HI or PERSON_HI.match(text, end):
            yield _entity(start, end, DEMONYMS[name], 0.85, "pattern")


def _by_abbreviation(text: str, names: _Names) -> Iterator[Entity]:
    """Yield WNI, the Indonesian for "citizen of Indonesia", and VN before a number of people."""
    for start in names:
        for pattern, code in ((WNI, "ID"), (BARE_VN, "VN")):
            if match := pattern.match(text, start):
                yield _entity(*match.span(), code, 0.9, "pattern")


_RULES: Mapping[str, Callable[[str, _Names], Iterator[Entity]]] = {
    **{script: partial(_by_word_before, script=script) for script in WORDS_BEFORE},
    **{script: partial(_by_word_after, script=script) for script in WORDS_AFTER},
    "adjective": _by_adjective,
    "hindi": _by_hindi_word,
    "abbreviation": _by_abbreviation,
}
