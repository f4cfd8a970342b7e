"""Rules about numbers: numerals and letters that stand for digits in what is clearly a number."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from models.text import confusables as table
from models.text.edits import Edit, Stage, substitute

# ---------------------------------------------------------------- Chinese numerals

_HAN_DIGITS = "".join(table.HAN_DIGITS)
_HAN_GATE = re.compile(f"[{_HAN_DIGITS}](?:(?=[0-9{_HAN_DIGITS}])|(?<=[0-9].))")
_HAN_RUN = re.compile(f"[0-9{_HAN_DIGITS}]{{5,}}")
_HAN_EDGES = re.compile(f"^[{_HAN_DIGITS}]{{1,2}}(?=[0-9])|(?<=[0-9])[{_HAN_DIGITS}]{{1,2}}$")
_MIN_PURE: Final = 5
_MIN_MIXED: Final = 7


def _is_counting(digits: str) -> bool:
    """Whether the digits just count up or repeat: 一二三四五, 〇〇〇〇〇."""
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return steps <= {1} or steps == {0}


_BEFORE_UNIT: Final = dict.fromkeys("十百千万亿月日", 1) | {"年": 4}
"""How many numerals before a unit belong to it: 零一零二一九六四年 ends in a year."""
_AFTER_UNIT: Final = frozenset("十百千万亿")


def _own_numerals(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a run of numerals that is not part of a spoken number or of the words around it."""
    if text[start - 1 : start] in _AFTER_UNIT:  # 三十七零一零二: seven belongs to thirty
        start += 1
    end -= _BEFORE_UNIT.get(text[end : end + 1], 0)
    run = text[start:end]
    if re.search("[0-9]", run):  # in 8000一个月 the one belongs to the month
        for edge in _HAN_EDGES.finditer(run):
            start, end = (start + edge.end(), end) if edge.start() == 0 else (start, end - len(edge.group()))
    return start, end


def han_numerals(text: str) -> list[Edit]:
    """一三八一二三四五六七八 and 138一二三45678 in digits; 一个, 三月 and 二〇二六年 stay."""
    edits: list[Edit] = []
    for match in _HAN_RUN.finditer(text):
        start, end = _own_numerals(text, *match.span())
        run = text[start:end]
        mixed = bool(re.search("[0-9]", run))
        digits = "".join(table.HAN_DIGITS.get(char, char) for char in run)
        if digits == run or len(run) < (_MIN_MIXED if mixed else _MIN_PURE):
            continue
        if mixed or not _is_counting(digits):
            edits.append((start, end, digits))
    return edits


# ---------------------------------------------------------------- Burmese letters typed for digits

_WA_AS_ZERO = re.compile(f"(?<=[0-9])\u101d+(?![{table.MYANMAR}])")
_BURMESE_RUN = re.compile("[0-9\u101d\u101b]{5,}")
_MYANMAR = re.compile(f"[{table.MYANMAR}]")


def burmese_letter_digits(text: str) -> list[Edit]:
    """WA and RA as zero and seven inside a run that is mostly digits."""
    edits: list[Edit] = []
    for match in _BURMESE_RUN.finditer(text):
        start, end = match.span()
        if _MYANMAR.match(text[end : end + 1]):
            end = start + len(match.group().rstrip("\u101d\u101b"))
        if _MYANMAR.match(text[start - 1 : start]) and not text.startswith("\u101d9", start):
            start += len(text[start:end]) - len(text[start:end].lstrip("\u101d\u101b"))
        run = text[start:end]
        letters = sum(char in table.MYANMAR_LETTER_DIGITS for char in run)
        if letters and 2 * letters < len(run) and len(run) >= 5:
            edits.append((start, end, "".join(table.MYANMAR_LETTER_DIGITS.get(char, char) for char in run)))
    return edits


# ---------------------------------------------------------------- Latin letters typed for digits

_LOOKALIKES = "".join(re.escape(char) for char in table.DIGIT_LOOKALIKES)
_NUMBER_LIKE = re.compile(
    f"(?<![{table.LATIN}0-9@_/])[0-9{_LOOKALIKES}]+(?:[-. ][0-9{_LOOKALIKES}]+)*(?![{table.LATIN}0-9@_/])"
)
_NUMBER_GATE = re.compile(f"[0-9](?:(?=[{_LOOKALIKES}])|(?<=[{_LOOKALIKES}].))")
_GROUP = re.compile("[^-. ]+")
_CODE = re.compile("[A-NP-Z]{1,3}[0-9]+[A-Z]?|O[0-57][0-9]*|[0-9]+[A-Za-z|!]{1,2}|[A-Za-z|!]+")
"""Shapes that are an identity number, an amount with its unit, or a word: B1234567, 100l, is."""
_BARRED = re.compile("[0-9]{2}[|][0-9]+[|][0-9]{2}")
"""Bars that part groups of digits, 081|555|0143, rather than stand for a one."""
_MIN_NUMBER: Final = 7


def _stretches(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Neighbouring groups of `text[start:end]` that could all be parts of one number."""
    stretches: list[tuple[int, int]] = []
    joined = False
    for group in _GROUP.finditer(text, start, end):
        if _CODE.fullmatch(group.group()):
            joined = False
        elif joined:
            stretches[-1] = (stretches[-1][0], group.end())
        else:
            stretches.append(group.span())
            joined = True
    return stretches


def lookalike_digits(text: str) -> list[Edit]:
    """o8l-234-5678 as 081-234-5678: at least 7 characters, mostly digits."""
    edits: list[Edit] = []
    for match in _NUMBER_LIKE.finditer(text):
        for start, end in _stretches(text, *match.span()):
            run = text[start:end]
            if _BARRED.search(run):
                continue
            digits = sum("0" <= char <= "9" for char in run)
            letters = sum(char in table.DIGIT_LOOKALIKES for char in run)
            if letters and digits + letters >= _MIN_NUMBER and digits > 1.5 * letters:
                edits.append((start, end, "".join(table.DIGIT_LOOKALIKES.get(char, char) for char in run)))
    return edits


HAN: Final = Stage(needs=_HAN_GATE, rules=(han_numerals,))

BURMESE: Final = Stage(
    needs=re.compile("[\u101d\u101b]"),
    rules=(substitute(_WA_AS_ZERO, lambda match: "0" * len(match.group())), burmese_letter_digits),
)

LATIN: Final = Stage(needs=_NUMBER_GATE, rules=(lookalike_digits,))
