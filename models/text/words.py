"""Rules about words: look-alike letters, words taken apart, and Chinese words under another name."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from models.text import confusables as table
from models.text.edits import Edit, Stage, remove, substitute

# ---------------------------------------------------------------- look-alikes inside Latin words

_HOMOGLYPHS = "".join(table.HOMOGLYPHS)
_FOREIGN = re.compile(f"[{_HOMOGLYPHS}]")
_LETTERS = "\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u13a0-\u13fd\u1401-\u166c\u166d\uab70-\uabbf"
_MIXED_WORD = re.compile(f"[{table.LATIN}{_LETTERS}{_HOMOGLYPHS}]{{2,}}")
_LATIN_LETTER = re.compile(f"[{table.LATIN}]")
_SYMBOL_LETTERS: Final = frozenset("αβγεικνορτυχ")
"""Greek letters that formulas hang on Latin ones (TNFα, αB); one of them at the edge of a word stays."""


def _latin_word(match: re.Match[str]) -> str:
    word = match.group()
    foreign = [char for char in word if not _LATIN_LETTER.match(char)]
    if not foreign or len(foreign) == len(word) or any(char not in table.HOMOGLYPHS for char in foreign):
        return word
    if foreign[0] in _SYMBOL_LETTERS and len(foreign) == 1 and foreign[0] in (word[0], word[-1]):
        return word
    return "".join(table.HOMOGLYPHS.get(char, char) for char in word)


# ---------------------------------------------------------------- decoration inside a cluster

_CUT = f"{table.DECORATION}*_~|"
_CUT_CLUSTER = re.compile(
    f"(?<=[{table.THAI}{table.LAO}{table.KHMER}{table.MYANMAR}\u0900-\u097f])[{_CUT}]+(?={table.WITHIN_A_WORD})"
)
_CUT_AFTER_VOWEL = re.compile(
    f"([{table.PREFIX_VOWEL}])[{_CUT}.\\- ]+(?=[{table.THAI_CONSONANT}{table.LAO_CONSONANT}])"
)

# ---------------------------------------------------------------- words spelled out

_GAP = f" ?[.\\-_*|~\u00b7\u2022\u2024\u2027\u30fb] ?| |[{table.DECORATION}]+"
_ASCII_GAPS = frozenset(".-_*|~\u00b7\u2022\u2024\u2027\u30fb ")


_GAP_CLASS = f"[{table.DECORATION} .\\-_*|~\u00b7\u2022\u2024\u2027\u30fb]"


def _alone(unit: str) -> re.Pattern[str]:
    """One unit between two gaps: what every word spelled out has, and what is quickly looked for."""
    return re.compile(f"{_GAP_CLASS}(?=(?:{unit}){_GAP_CLASS})")


def _spelled(unit: str, letters: str) -> re.Pattern[str]:
    """Three units or more with a gap between all of them; the same gap, or any decoration."""
    one = f"(?:{unit})(?![{letters}])"
    more_of_the_same = f"(?P<gap>{_GAP}){one}(?:(?:(?P=gap)|[{table.DECORATION}]+){one})+"
    return re.compile(f"(?<![{letters}0-9]){one}{more_of_the_same}")


_THAI_LAO_UNIT = (
    f"[{table.PREFIX_VOWEL}]?[{table.THAI_CONSONANT}{table.LAO_CONSONANT}][{table.THAI_LAO_MARK}]*[{table.FOLLOWING_VOWEL}]?"
    f"|[{table.PREFIX_VOWEL}{table.FOLLOWING_VOWEL}]"
)
_SPELLED_LATIN = _spelled(f"[{table.LATIN}]", table.LATIN)
_ALONE_THAI_LAO = _alone(_THAI_LAO_UNIT)
_SPELLED_THAI_LAO = _spelled(_THAI_LAO_UNIT, table.THAI + table.LAO)
_ALONE_HAN = _alone(f"[{table.HAN}]")
_SPELLED_HAN = _spelled(f"[{table.HAN}]", table.HAN + table.KANA)
_GAP_CHARACTERS = re.compile(f"{_GAP_CLASS}+")

_NO_WORD = re.compile(
    f"[{table.THAI_CONSONANT}{table.LAO_CONSONANT}]\u0e4c?|[{table.PREFIX_VOWEL}{table.FOLLOWING_VOWEL}]"
)
_CALENDAR: Final = frozenset("日月火水木金土一二三四五六七八九十")


def _is_latin_word(letters: str, gap: str) -> bool:
    """Whether spaced-out letters are a word, rather than initials, an abbreviation or a list."""
    word = letters.lower()
    if word in table.HIDDEN_WORDS:
        return True
    if len(set(word)) < 4 or set(word) <= set("abcde") or not set(word) & set("aeiouy"):
        return False
    if all(ord(after) - ord(before) == 1 for before, after in pairwise(word)):
        return False
    if "." in gap:
        return letters.islower()
    return len(word) >= (5 if gap == " " else 4) and not set(word) <= set("aeiou")


def _is_thai_or_lao_word(units: list[str], gap: str) -> bool:
    """Whether spaced-out clusters are a word: at least half of them could not be one alone."""
    no_words = sum(bool(_NO_WORD.fullmatch(unit)) for unit in units)
    bare = all(
        len(unit) == 1 and not re.match(f"[{table.PREFIX_VOWEL}{table.FOLLOWING_VOWEL}]", unit)
        for unit in units
    )
    return not bare and 2 * no_words >= len(units) and len(units) >= (4 if "." in gap else 3)


def _is_han_word(units: list[str], gap: str) -> bool:
    return not set(units) <= _CALENDAR and gap.strip() not in (
        "-",
        "|",
        "\u00b7",
        "\u2022",
        "\u2027",
        "\u30fb",
    )


def _runs_on(text: str, start: int, end: int, gap: str) -> bool:
    """Whether the letters are only part of a longer dotted or hyphenated expression, as in a domain name."""
    mark = gap.strip()
    if mark not in _ASCII_GAPS or not mark:
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before.endswith(mark) and before[:1].isalnum()) or (
        after.startswith(mark) and after[1:].isalnum()
    )


def _gap(match: re.Match[str]) -> str:
    return match["gap"]


def spelled_out_latin(text: str) -> list[Edit]:
    """L I N E, l.i.n.e, t-e-l-e-g-r-a-m, L★I★N★E as words."""
    edits: list[Edit] = []
    for match in _SPELLED_LATIN.finditer(text):
        letters = _GAP_CHARACTERS.sub("", match.group())
        if _is_latin_word(letters, _gap(match)) and not _runs_on(text, *match.span(), _gap(match)):
            edits += remove(text, *match.span(), _GAP_CHARACTERS)
    return edits


def spelled_out_thai_lao(text: str) -> list[Edit]:
    """ล ง ทุ น and ไ★ล★น์ as words; ก ข ค, พ.ศ. and words of one cluster stay."""
    edits: list[Edit] = []
    if not _ALONE_THAI_LAO.search(text):
        return edits
    for match in _SPELLED_THAI_LAO.finditer(text):
        if _is_thai_or_lao_word(_GAP_CHARACTERS.split(match.group()), _gap(match)):
            edits += remove(text, *match.span(), _GAP_CHARACTERS)
    return edits


def spelled_out_han(text: str) -> list[Edit]:
    """加 微 信 and 刷★单★返★利 as words."""
    edits: list[Edit] = []
    if not _ALONE_HAN.search(text):
        return edits
    for match in _SPELLED_HAN.finditer(text):
        if _is_han_word(_GAP_CHARACTERS.split(match.group()), _gap(match)):
            edits += remove(text, *match.span(), _GAP_CHARACTERS)
    return edits


_HAN_CUT = f"[{table.DECORATION}.\\-_*|~\u00b7\u2022/+ ]{{1,3}}"
_CUT_HAN_WORD = re.compile("|".join(_HAN_CUT.join(word) for word in table.HIDDEN_HAN_WORDS))
_NOT_HAN = re.compile(f"[^{table.HAN}]+")


def cut_han_words(text: str) -> list[Edit]:
    """微❤信 and 兼.职: known words with something stuck into them."""
    return [edit for match in _CUT_HAN_WORD.finditer(text) for edit in remove(text, *match.span(), _NOT_HAN)]


# ---------------------------------------------------------------- WeChat under other names

_HEART = "[❤♥💗💕💓💖💚🧡💛💙💜]\ufe0f?"
_ADD = "(?<=加|\\+|＋|扫|聊)"
_WECHAT = re.compile(
    "(?<![小白蔷薔紫采])薇信(?![了任得不里教佛用息赖服心])"
    "|(?<![安国國校党黨队隊警])徽信(?![用息任仰念])"
    "|[溦嶶]信"
    f"|{_ADD}[威维維]信|威信(?=\\s?[:：号])"
    f"|(?<![A-Za-z])[vV]\\s?信|(?<![A-Za-z])[微薇威vV]{_HEART}(?!信)"
    f"|{_ADD}(?:[vV][xX]?|[wW][xX])(?![A-Za-z])|(?<![A-Za-z0-9@_./])[vVwW][xX](?=\\s?[:：号])"
)


HOMOGLYPHS: Final = Stage(needs=_FOREIGN, rules=(substitute(_MIXED_WORD, _latin_word),))

DECORATED: Final = Stage(needs=re.compile(f"[{_CUT}]"), rules=(substitute(_CUT_CLUSTER, lambda _: ""),))

LATIN: Final = Stage(needs=_alone(f"[{table.LATIN}]"), rules=(spelled_out_latin,))

THAI_LAO: Final = Stage(
    needs=re.compile("[\u0e01-\u0edf]"),
    rules=(spelled_out_thai_lao, substitute(_CUT_AFTER_VOWEL, lambda match: match[1])),
)

HAN: Final = Stage(
    needs=re.compile(f"[{table.HAN}]"),
    rules=(
        spelled_out_han,
        cut_han_words,
        substitute(_WECHAT, lambda _: "微信", needs=re.compile("[信❤♥💗💕💓💖💚🧡💛💙💜vVwW]")),
    ),
)
