"""Styled letters, foreign digits and wide signs as plain ones."""

from __future__ import annotations

import re
from typing import Final

from models.text import confusables as table
from models.text.edits import Edit, Stage, char_class, substitute, translate

_SHAN_DIGITS = re.compile("[\u1090-\u1099]+")
_ENCLOSED = "".join(table.ENCLOSED_DIGITS)
_ENCLOSED_RUN = re.compile(f"[0-9{_ENCLOSED}]+")
_ANY_ENCLOSED = re.compile(char_class(table.ENCLOSED_DIGITS))
_RAISED_DIGIT_RUN = re.compile(f"[{''.join(table.RAISED_DIGITS)}]{{5,}}")


def shan_digits(text: str) -> list[Edit]:
    """Shan digits as ASCII; a lone one among letters is left, for in Zawgyi it is a letter."""
    edits: list[Edit] = []
    for match in _SHAN_DIGITS.finditer(text):
        start, end = match.span()
        neighbours = text[start - 1 : start] + text[end : end + 1]
        if end - start > 1 or not any("\u1000" <= char <= "\u109f" for char in neighbours):
            edits.append((start, end, "".join(str(ord(char) - 0x1090) for char in match.group())))
    return edits


def _enclosed_digits(match: re.Match[str]) -> str:
    """Circled digits as ASCII, but a bullet before or after a plain number (①1000) stays apart from it."""
    run = match.group()
    if len(run) > 1 and len(_ANY_ENCLOSED.findall(run)) == 1:
        return run
    return "".join(table.ENCLOSED_DIGITS.get(char, char) for char in run)


_SQUARED_EMOJI = "\u24c2\U0001f170\U0001f171\U0001f17e\U0001f17f"
_SQUARED_PLAIN = {char: letter for char, letter in table.SQUARED.items() if char not in _SQUARED_EMOJI}
_SQUARED_RUN = re.compile(
    f"(?<=[A-Za-z])(?:[{_SQUARED_EMOJI}]\ufe0f?)+|(?<![{_SQUARED_EMOJI}\ufe0f])(?:[{_SQUARED_EMOJI}]\ufe0f?)+(?=[A-Za-z])"
)
_REGIONAL_RUN = re.compile("[\U0001f1e6-\U0001f1ff]+")
_PHONETIC_WORD = re.compile(f"[{table.LATIN}\u0250-\u02e4\u1d00-\u1dbf\ua730-\ua7ff\u0493]+")
_SMALL_CAPITAL = re.compile(f"[{''.join(table.SMALL_CAPITALS)}]")
_LIKE_A_SMALL_CAPITAL = frozenset("cosuvwxz")
_RAISED_LETTER_RUN = re.compile(f"[{''.join(table.RAISED_LETTERS)}]{{2,}}")
_SYMBOLS = "".join(table.FULL_WIDTH_SYMBOLS)
_INNER_SYMBOLS = "".join(symbol for symbol in _SYMBOLS if symbol not in "：。")
_FULL_WIDTH = re.compile(
    f"(?<=[A-Za-z0-9])[{_INNER_SYMBOLS}]+(?=[A-Za-z0-9])"
    "|(?<=[0-9])：(?=[0-9])|(?<=[a-z])：[／/]{2}|＠(?=[A-Za-z0-9])|＋(?=[0-9])"
    "|(?<=[a-z0-9])。(?=(?:com|net|org|info|cc|me|top|xyz|vip|cn|io|app|live|club|ly)(?![A-Za-z0-9]))"
)


def _squared_letters(match: re.Match[str]) -> str:
    run = match.group().replace("\ufe0f", "")
    return "".join("M" if char == "\u24c2" else table.SQUARED[char] for char in run)


def _regional_letters(match: re.Match[str]) -> str:
    """Regional indicators as letters, unless they are a row of flags (and not a word we know)."""
    run = match.group()
    letters = "".join(table.REGIONAL[char] for char in run)
    flags = [letters[start : start + 2] for start in range(0, len(letters), 2)]
    if letters.lower() not in table.HIDDEN_WORDS and all(flag in table.FLAGS for flag in flags):
        return run
    return letters


def _small_capitals(match: re.Match[str]) -> str:
    """A word in small capitals in plain letters; phonetic transcriptions stay."""
    word = match.group()
    small = sum(char in table.SMALL_CAPITALS for char in word)
    alike = sum(char in _LIKE_A_SMALL_CAPITAL for char in word)
    if small < 2 or 2 * (small + alike) < len(word) or any(char in table.IPA_ONLY for char in word):
        return word
    return "".join(table.SMALL_CAPITALS.get(char, char) for char in word)


_ORDINARY = (
    "\t\n -~\u00a1-\u00ac\u00ae-\u00b1\u00b4-\u00b8\u00ba-\u01ea\u01ec-\u024f\u0900-\u0965\u1e00-\u1eff"
    "\u0e01-\u0e4f\u0e5a\u0e5b\u0e80-\u0ecf\u0edc-\u0edf\u1000-\u103f\u104a-\u108f\u1780-\u17db"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\U0001f300-\U0001f5ff\U0001f600-\U0001f64f\U0001f680-\U0001f9ff"
)
"""Characters that no rule of PLAIN looks at: letters, punctuation and pictures of our languages."""
PLAIN: Final = Stage(
    needs=re.compile(f"[^{_ORDINARY}]"),
    rules=(
        translate(table.DIGITS),
        shan_digits,
        substitute(_ENCLOSED_RUN, _enclosed_digits, needs=_ANY_ENCLOSED),
        substitute(
            _RAISED_DIGIT_RUN, lambda match: "".join(table.RAISED_DIGITS[char] for char in match.group())
        ),
        translate(table.STYLED | _SQUARED_PLAIN),
        substitute(_SQUARED_RUN, _squared_letters, needs=re.compile(f"[{_SQUARED_EMOJI}]")),
        substitute(_REGIONAL_RUN, _regional_letters),
        substitute(
            _RAISED_LETTER_RUN, lambda match: "".join(table.RAISED_LETTERS[char] for char in match.group())
        ),
        substitute(_PHONETIC_WORD, _small_capitals, needs=_SMALL_CAPITAL),
    ),
)
"""Styled letters and foreign digits as plain ones."""
WIDTH: Final = Stage(
    needs=re.compile("[\u3002\uff00-\uff5e]"),
    rules=(
        substitute(
            _FULL_WIDTH, lambda m: "".join(table.FULL_WIDTH_SYMBOLS.get(char, char) for char in m.group())
        ),
    ),
)
