"""What texts are compared by: their letters, marks and digits, whatever else stands between them."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from models.entities.words import LATIN
from models.text import normalize

_UNPARTED: Final = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\uaa60-\uaa7f"  # Burmese, Shan
    "\u1780-\u17ff"  # Khmer
    "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # Japanese, Chinese
)
"""Scripts that put no blanks between words."""
_RUN: Final = re.compile(f"[{_UNPARTED}]+|[^ {_UNPARTED}]+")
_IS_UNPARTED: Final = re.compile(f"[{_UNPARTED}]")
_IDEOGRAPH: Final = re.compile("[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN: Final = re.compile(f"[0-9{LATIN}\u0300-\u036f]+")
_BETWEEN_UNPARTED: Final = re.compile(f"(?<=[{_UNPARTED}]) +(?=[{_UNPARTED}])")
_GRAM: Final = 3
_IDEOGRAPHS: Final = 2  # most Chinese words have two


_UNASSIGNED: Final = frozenset({"Cn", "Co", "Cs"})


class _Signs(dict[int, str]):
    """Code point -> itself if it is of a letter, a mark or a digit; "" if it is invisible; else a blank."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        if category in _UNASSIGNED:
            return " "  # not kept: there are a million of them
        sign = chr(code) if category[0] in "LMN" else "" if category == "Cf" else " "
        return self.setdefault(code, sign)


_SIGNS: Final = _Signs()


def spaced(text: str) -> str:
    """Return a text without disguise, in lower case, with blanks for all that is neither letter nor digit."""
    return normalize(text).text.casefold().translate(_SIGNS)


def compact(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return spaced(text).replace(" ", "")


def terms_of_text(text: str) -> Iterator[str]:
    """Yield what a text can be found by, in its order, some of it more than once.

    Words as they are compared (`thuê` as `thue`); of scripts without blanks between words every three
    characters in a row, of Chinese and Japanese also every two, over the blanks that may stand in them.
    """
    for run in _RUN.findall(_BETWEEN_UNPARTED.sub("", spaced(text))):
        if not _IS_UNPARTED.match(run):
            yield _folded(run)
            continue
        yield from _grams(run, _GRAM)
        for ideographs in _IDEOGRAPH.findall(run):
            yield from _grams(ideographs, _IDEOGRAPHS)


def terms_of_words(words: str) -> tuple[list[str], bool]:
    """Return the terms that a text with these words has all of, and whether any word is too short for one."""
    terms: list[str] = []
    has_too_short = False
    for run in _RUN.findall(spaced(words)):
        if not _IS_UNPARTED.match(run):
            terms.append(_folded(run))
        elif len(run) >= _GRAM:
            terms += _grams(run, _GRAM)
        elif len(run) == _IDEOGRAPHS and _IDEOGRAPH.fullmatch(run):
            terms.append(run)
        else:
            has_too_short = True
    return list(dict.fromkeys(terms)), has_too_short


def _folded(word: str) -> str:
    """Return a word of Latin letters without their accents, which many people leave out; others as is."""
    if word.isascii() or not _LATIN.fullmatch(word):
        return word
    apart = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


def _grams(run: str, length: int) -> Iterator[str]:
    return (run[start : start + length] for start in range(len(run) - length + 1))
