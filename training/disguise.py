"""Ways people disguise a text from filters: one function a family, of a given share of what it can touch.

`attack` measures how many flags each family takes away; `augment` shows some of them to the network. A
function takes a text, its language, the share of eligible characters in [0, 1] and a generator, and returns
the text; a text with nothing eligible comes back as it is. Whoever reads the result still reads the message.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from models.text.zawgyi import STACKED

Disguise = Callable[[str, str, float, np.random.Generator], str]

_LOOKALIKES: Final = {
    **dict(zip("aceiopsxyjhABCEHIKMOPTXY", "асеіорѕхујһАВСЕНІКМОРТХҮ", strict=True)),
    **dict(zip("一人大小口日月金高工力入手水火心女子", "⼀⼈⼤⼩⼝⽇⽉⾦⾼⼯⼒⼊⼿⽔⽕⼼⼥⼦", strict=True)),
    "ข": "ฃ",
    "ค": "ฅ",
}
_LEET: Final = dict(zip("aeiostbgAEIOSTBG", "4310578943105789", strict=True))
_SMALL: Final = dict(zip("abcdefghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", strict=True))
_BOLD: Final = {chr(65 + i): chr(0x1D400 + i) for i in range(26)}
_INVISIBLE: Final = "\u200b\u200c\u2060\ufeff\u00ad"
_SPACERS: Final = " .-_*"
_EMOJI: Final = "💰🔥⭐✨💎👉🎁❤"
_TONES: Final = "\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u0eca\u0ecb"
_DIGITS_AS: Final[Mapping[str, Sequence[str]]] = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "th": ["ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"],
    "lo": ["ສູນ", "ໜຶ່ງ", "ສອງ", "ສາມ", "ສີ່", "ຫ້າ", "ຫົກ", "ເຈັດ", "ແປດ", "ເກົ້າ"],
    "km": ["សូន្យ", "មួយ", "ពីរ", "បី", "បួន", "ប្រាំ", "ប្រាំមួយ", "ប្រាំពីរ", "ប្រាំបី", "ប្រាំបួន"],
    "my": ["သုည", "တစ်", "နှစ်", "သုံး", "လေး", "ငါး", "ခြောက်", "ခုနစ်", "ရှစ်", "ကိုး"],
    "zh": "零壹贰叁肆伍陆柒捌玖",
    "vi": ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"],
    "id": ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
    "ms": ["kosong", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "lapan", "sembilan"],
    "tl": ["sero", "isa", "dalawa", "tatlo", "apat", "lima", "anim", "pito", "walo", "siyam"],
    "ko": "공일이삼사오육칠팔구",
    "hi": ["शून्य", "एक", "दो", "तीन", "चार", "पाँच", "छह", "सात", "आठ", "नौ"],
    "ja": "零一二三四五六七八九",
}
_HOMOPHONES: Final = dict(
    zip(
        "微信加钱赚款账户号码银行贷博彩赌投资返利充值单刷工作高薪招聘客服手机电话转提现金佣扫验证",
        "薇芯茄浅撰宽帐护耗马饮航代波踩堵头姿反力冲直丹涮公做搞新昭品克扶守鸡店画专题限今拥嫂研正",
        strict=True,
    )
)


def homoglyphs(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Replace letters by look-alikes: Cyrillic for Latin, obsolete Thai letters, Kangxi radicals."""
    return _replaced(text, _LOOKALIKES, share, rng)


def zero_width(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Put invisible characters between letters."""
    return _inserted(text, _INVISIBLE, share, rng)


def leet(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Write digits for Latin letters."""
    return _replaced(text, _LEET, share, rng)


def spacing(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Take words apart with spaces and punctuation."""
    return _inserted(text, _SPACERS, share, rng)


def emoji(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Put emoji between letters."""
    return _inserted(text, _EMOJI, share, rng)


def small_capitals(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Write Latin small letters as phonetic small capitals, capitals as mathematical bold."""
    return _replaced(text, {**_SMALL, **_BOLD}, share, rng)


def tone_marks(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Drop Thai and Lao tone marks, and take SARA AM apart, as bad keyboards and old converters do."""
    return _replaced(text, {**dict.fromkeys(_TONES, ""), "ำ": "ํา", "ຳ": "ໍາ"}, share, rng)


def diacritics(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Write Latin letters without their diacritics, as Vietnamese often is."""
    marked = {char: _plain(char) for char in set(text) if char.isalpha() and _plain(char) != char}
    return _replaced(text, marked, share, rng)


def digit_words(text: str, language: str, share: float, rng: np.random.Generator) -> str:
    """Spell out digits in the words of the language."""
    words = _DIGITS_AS.get(language, _DIGITS_AS["en"])
    apart = "" if language in {"zh", "ko", "ja", "th", "lo", "km", "my"} else " "
    return _replaced(text, {str(digit): f"{word}{apart}" for digit, word in enumerate(words)}, share, rng)


def homophones(text: str, _language: str, share: float, rng: np.random.Generator) -> str:
    """Write Chinese characters that sound the same (微信 as 薇芯)."""
    return _replaced(text, _HOMOPHONES, share, rng)


_SYLLABLE: Final = re.compile(
    "(?P<kinzi>\u1004\u103a\u1039)?(?P<base>[\u1000-\u1021\u1025\u1027\u1029\u103f])"
    "(?P<under>(?:\u1039[\u1000-\u1021])?)(?P<medials>[\u103b-\u103e]*)(?P<e>\u1031?)"
)
_KILLER: Final = "\ue000"
_ZAWGYI_MEDIAL: Final = {"\u103b": "\u103a", "\u103d": "\u103c", "\u103e": "\u103d"}
_ZAWGYI_STACKED: Final = {letter: glyph for glyph, letter in reversed(STACKED.items())}


def zawgyi(text: str, language: str, share: float, _rng: np.random.Generator) -> str:
    """Write Burmese in the Zawgyi font encoding: the whole text, whatever the share above 0."""
    if language != "my" or not share:
        return text
    killers_apart = re.sub("\u103a(?!\u1039)", _KILLER, text)  # their Zawgyi code is Unicode's stacking sign
    return _SYLLABLE.sub(_zawgyi_syllable, killers_apart).replace(_KILLER, "\u1039")


def _zawgyi_syllable(match: re.Match[str]) -> str:
    """Return a syllable in drawing order: vowel E, medial RA, consonant, what hangs under it."""
    medials = match["medials"]
    under = match["under"]
    if under and under[1] not in _ZAWGYI_STACKED:
        return match[0]
    return "".join(
        (
            match["e"],
            "\u103b" if "\u103c" in medials else "",
            match["base"],
            _ZAWGYI_STACKED[under[1]] if under else "",
            "\u1064" if match["kinzi"] else "",
            "".join(_ZAWGYI_MEDIAL.get(medial, "") for medial in medials),
        )
    )


FAMILIES: Final[Mapping[str, Disguise]] = {
    function.__name__: function
    for function in (
        homoglyphs,
        zero_width,
        leet,
        spacing,
        emoji,
        small_capitals,
        tone_marks,
        zawgyi,
        diacritics,
        digit_words,
        homophones,
    )
}


def _plain(char: str) -> str:
    bare = {"đ": "d", "Đ": "D", "ø": "o", "ł": "l"}.get(char, char)
    parts = unicodedata.normalize("NFD", bare)
    latin = "a" <= parts[0].lower() <= "z"
    return "".join(part for part in parts if not unicodedata.combining(part)) if latin else char


def _replaced(text: str, table: Mapping[str, str], share: float, rng: np.random.Generator) -> str:
    """Replace a share of the characters that the table names, at least one if the share is above 0."""
    chosen = _chosen((index for index, char in enumerate(text) if char in table), share, rng)
    return "".join(table[char] if index in chosen else char for index, char in enumerate(text))


def _inserted(text: str, choices: str, share: float, rng: np.random.Generator) -> str:
    """Insert one of the choices after a share of the letters that another letter follows."""
    between = (
        index
        for index in range(len(text) - 1)
        if text[index].isalpha() and unicodedata.category(text[index + 1])[0] == "L"
    )
    chosen = _chosen(between, share, rng)
    return "".join(
        char + choices[int(rng.integers(len(choices)))] if index in chosen else char
        for index, char in enumerate(text)
    )


def _chosen(eligible: Iterable[int], share: float, rng: np.random.Generator) -> set[int]:
    indices = list(eligible)
    if not indices or not share:
        return set()
    return set(rng.choice(indices, max(1, round(share * len(indices))), replace=False).tolist())
