"""Finds words of a list in a text: all of them in one pass, or the one at a place.

Rules are asked only where their words are: most texts hold none of them.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import ahocorasick

LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
"""Letters of the Latin script with their accents, for a set of a pattern."""
_LATIN = "latin"
_MOST_PLACES = 4_000  # a text with more words of one script is a list: what follows these is not read
_LETTERS = {
    "thai": "\u0e00-\u0e7f",
    "lao": "\u0e80-\u0eff",
    "khmer": "\u1780-\u17ff",
    "myanmar": "\u1000-\u109f",
    "hangul": "가-힣",
    "devanagari": "\u0900-\u097f",
    "kana": "\u3040-\u30ff",
    "han": "\u4e00-\u9fff",
}
_SCRIPTS = {script: re.compile(f"[{letters}]") for script, letters in _LETTERS.items()}
_ANY = re.compile(f"[{''.join(_LETTERS.values())}]")
_OTHERS = {
    script: re.compile(f"[{''.join(letters for key, letters in _LETTERS.items() if key != script)}]")
    for script in _LETTERS
}


class Words:
    """A set of words to look for in a text, upper and lower case alike (Aho & Corasick 1975)."""

    def __init__(self, words: Iterable[str]) -> None:
        """Prepare to look for `words`, at least one, none of them empty."""
        self._automaton = ahocorasick.Automaton()
        for word in words:
            self._automaton.add_word(word.lower(), len(word.lower()))
        self._automaton.make_automaton()

    def are_in(self, lowered: str) -> bool:
        """Return whether any of the words is in a text that is in lower case already."""
        return next(self._automaton.iter(lowered), None) is not None

    def places(self, lowered: str) -> Iterator[tuple[int, int]]:
        """Yield `[start, end)` of every word in a text in lower case, overlapping ones too, by their end."""
        for last, length in self._automaton.iter(lowered):
            yield last + 1 - length, last + 1


class ScriptWords:
    """A set of words in any script to look for in a text, upper and lower case alike.

    Asks only for the words of the scripts the text has. One `Words` for all would be slow: it compares each
    character with every first letter of a word, and with Chinese and Korean these are hundreds.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Prepare to look for `words`, none of them empty.

        A word of two scripts (KK园区) is looked for only where the first of them in `_SCRIPTS` is, one with
        letters of none of them (Latin above all) everywhere.
        """
        by_script: dict[str, list[str]] = {}
        for word in words:
            by_script.setdefault(next(_scripts_in(word), _LATIN), []).append(word)
        self._words = {script: Words(listed) for script, listed in by_script.items()}

    def longest_first(self, lowered: str) -> list[tuple[int, int]]:
        """Return `[start, end)` of every word in a text in lower case, overlapping ones too.

        In order of start, the longest first where several start at the same character; of each script at
        most the first `_MOST_PLACES`.
        """
        places = [place for script in _searched(lowered) for place in self._places(script, lowered)]
        return sorted(places, key=lambda place: (place[0], -place[1]))

    def _places(self, script: str, lowered: str) -> Iterable[tuple[int, int]]:
        """Return the places of the words of one script."""
        words = self._words.get(script)
        return islice(words.places(lowered), _MOST_PLACES) if words else ()


def _scripts_in(text: str) -> Iterator[str]:
    """Yield the scripts of `text` in the order of `_SCRIPTS`."""
    return (script for script, letter in _SCRIPTS.items() if letter.search(text))


def _searched(text: str) -> Iterator[str]:
    """Yield the scripts whose words may be in `text`: Latin, and mostly one more."""
    yield _LATIN
    letter = _ANY.search(text)
    if letter is None:
        return
    first = next(_scripts_in(letter.group()))
    yield first
    if _OTHERS[first].search(text):
        yield from (script for script in _scripts_in(text) if script != first)


class Lexicon:
    """Words to recognise at one place of a text: the character there says which lengths are worth trying.

    A word in Latin letters is recognised only where no other Latin letter is glued to it.
    """

    __slots__ = ("_by_first", "_by_last", "words")

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._by_first = _sizes(self.words, 0)
        self._by_last = _sizes(self.words, -1)

    def starting(self, text: str, start: int) -> str:
        """Return the longest word that begins at `start`, "" if none does."""
        for size in self._by_first.get(text[start : start + 1], ()):
            word = text[start : start + size]
            glued = is_latin(word[-1]) and is_latin(text[start + size : start + size + 1])
            if word in self.words and not glued:
                return word
        return ""

    def ending(self, text: str, end: int, *, floor: int = 0) -> str:
        """Return the longest word that ends at `end` and begins at `floor` or later, "" if none does."""
        if end <= floor:
            return ""
        for size in self._by_last.get(text[end - 1], ()):
            start = end - size
            if start < floor:
                continue
            word = text[start:end]
            if word in self.words and not (start and is_latin(word[0]) and is_latin(text[start - 1])):
                return word
        return ""


def _sizes(words: Iterable[str], at: int) -> dict[str, tuple[int, ...]]:
    """{character: lengths of the words that have it as their first (`at` 0) or last (-1), longest first}."""
    sizes: dict[str, set[int]] = {}
    for word in words:
        sizes.setdefault(word[at], set()).add(len(word))
    return {character: tuple(sorted(lengths, reverse=True)) for character, lengths in sizes.items()}


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of the longest of `words`, in time that does not grow with their number (a trie)."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        by_first.setdefault(word[:1], []).append(word[1:])
    may_end = by_first.pop("", None) is not None
    branches = [re.escape(first) + any_of(rests) for first, rests in by_first.items()]
    if not branches:
        return ""
    pattern = branches[0] if len(branches) == 1 and not may_end else f"(?:{'|'.join(branches)})"
    return f"{pattern}?" if may_end else pattern


def is_latin(character: str) -> bool:
    """Return whether a character is a letter of the Latin script; "" is none."""
    return character.isalpha() and (character < "\u0250" or "\u1e00" <= character < "\u1f00")


def lower(text: str) -> str:
    """Return a text in lower case, of the same length: `İ` is the one character that becomes two."""
    return text.replace("İ", "i").lower()


def skip_spaces(text: str, start: int) -> int:
    """Return where a text goes on after at most two spaces."""
    if not text.startswith(" ", start):
        return start
    return start + (2 if text.startswith("  ", start) else 1)
