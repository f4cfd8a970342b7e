"""What a reader is told to leave out of an account: bos-jaya-77 (tanpa strip), lan.le.77 (bỏ dấu chấm)."""

import re
from typing import Any, Final

from models.entities.handle_tokens import DATA, SIGNS
from models.entities.words import any_of, is_latin

_HINTS: Final[dict[str, Any]] = DATA["hints"]
_SIGNS: Final = {**SIGNS, **{word: sign for sign, words in _HINTS["signs"].items() for word in words}}


def _words(words: list[str]) -> str:
    """Words of Latin letters where one begins, the others anywhere."""
    latin = any_of(word for word in words if is_latin(word[0]))
    other = any_of(word for word in words if not is_latin(word[0]))
    return f"(?:\\b(?:{latin})|{other})"


_SIGN: Final = f"(?P<{{}}>{_words(list(_SIGNS))}|[_.-])"
_LEAVE: Final = _words(_HINTS["leave"])
_REST: Final = r"[^()（）.。!?\n]"
_HINT: Final = re.compile(
    rf"[ (（,，;\[【]{{1,3}}{_REST}{{0,14}}?(?:{_LEAVE}{_REST}{{0,12}}?{_SIGN.format('after')}"
    rf"|{_SIGN.format('before')}{_REST}{{0,12}}?{_LEAVE})"
)


def without_signs(lowered: str, end: int, value: str) -> str:
    """Return the value of an account that ends at `end` without the sign a reader is told to leave out."""
    if value.isalnum():
        return value
    hint = _HINT.match(lowered, end, end + 40)
    if hint is None:
        return value
    word = str(hint["after"] or hint["before"])
    return value.replace(_SIGNS.get(word, word), "")
