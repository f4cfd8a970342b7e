"""Letter clusters: a letter with its marks, what is stacked below it and the vowel written before it."""

import unicodedata
from typing import Final

_SPACING: Final = frozenset("\u0e33\u0eb3\u200d")  # SARA AM and AM, spacing vowels that follow; the joiner
_STACKERS: Final = frozenset("\u17d2\u1039\u094d\u200d")  # coeng, virama: the next letter stands below
_PREFIX_VOWELS: Final = frozenset("เแโใไເແໂໃໄ")


def whole_clusters(text: str, start: int, end: int) -> tuple[int, int]:
    """Return `[start, end)` grown so that it cuts no cluster."""
    while start > 0 and joined(text, start):
        start -= 1
    while end < len(text) and joined(text, end):
        end += 1
    return start, end


def joined(text: str, at: int) -> bool:
    """Whether the characters before and at a place inside the text belong to one cluster."""
    before, char = text[at - 1], text[at]
    if char in _SPACING or unicodedata.category(char).startswith("M"):
        return not before.isspace()
    return (before in _STACKERS or before in _PREFIX_VOWELS) and char.isalpha()
