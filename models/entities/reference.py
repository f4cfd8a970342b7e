"""Case, parcel, booking, slip, licence, contract and queue numbers: by the word before them or by form.

Sources: UPU standard S10-12 (13-character item identifiers: two letters, eight digits, a check digit, two
letters of a country); Wikipedia "S10 (UPU standard)" (weights 8 6 4 2 3 5 9 7); ISO 3166-1. The words are in
reference.toml.
"""

import re
import tomllib
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

from models.entities.entity import Context, Entity, disjoint
from models.entities.words import LATIN, Words, is_latin, lower

_MOST = 2_000
"""How many candidates of a kind are looked at: a text with more of them is a list for machines."""
_MOST_PLACES = 2 * _MOST
"""How many places where letters spell a word of the lists, be it inside another word."""
# Every code has digits, and a word that announces one stands before them.
_UP_TO_LAST_DIGIT = re.compile(r".*\d", re.DOTALL)

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
# Here and in _FORM the first letter is consumed before what stands before it is looked at: `re` can then skip
# to the capitals, where a look-behind in front makes it try every position.
_S10 = re.compile(
    r"([A-Z](?<![A-Za-z0-9].)[A-Z])[ -]?(\d{4} ?\d{4})([ -]?)(\d)[ -]?([A-Z]{2})(?![A-Za-z0-9])"
)
_UNMISTAKABLE = re.compile(
    r"(?<![A-Za-z0-9_./@:-])(?:"
    r"(?:DMW|POEA)-[0-9]{3,5}-[A-Z]{2}(?:-[0-9A-Z]{1,6}){0,3}"  # Philippine recruitment licence
    r"|LP/[A-Z]/\d{1,5}/[IVX]{1,5}(?:/\d{4}(?:/[A-Z.]{2,20}){0,3})?"  # Indonesian police report
    r"|\d{1,5}/LĐTBXH-GP"  # Vietnamese licence to send workers abroad
    r")(?![A-Za-z0-9])"
)
_UNMISTAKABLE_MARKS = ("DMW-", "POEA-", "LP/", "/LĐTBXH-GP")
# A code: a run of letters, digits and joints, after a prefix of Thai, Lao or Burmese letters or none.
_CODE = re.compile(
    r"(?:[A-Z]{1,5}\.? ?|[ก-ฮ]{1,3}\.? ?|[ກ-ຮ]{1,3}[- ]?|[က-အ]{1,3}-)?"
    r"(?:[A-Z0-9]{1,24}[A-Za-z0-9]{0,8}|[a-z]{1,3}\d{3,12})"
    r"(?:[-/.][A-Za-zĐ0-9ກ-ຮက-အ]{1,12}| \d{1,12}(?![.,/-]\d)| s\.\d{4}| [A-Z]{2}(?![A-Za-z])){0,6}"
)
_FORM = re.compile(
    r"[A-Z](?<![A-Za-z0-9_./@:#?=&-].)"
    r"(?:[A-Z]{0,4}-(?:[A-Z0-9]{1,6}-){0,3}\d{4,12}(?:-\d{1,6})?|[A-Z]{1,4}\d{6,14}(?:[A-Z]{2})?)"
    r"(?![A-Za-z0-9_@]|[-/]\w|\.\w)"
)
_AFTER_WORD = re.compile(
    r"(?:[ .:#=\-ฯ：＃（(]|no\.?|nos\.?|number|num|id|is|is:|ay|na|adalah|ialah|la|là|là:|số|so|anda|คือ"
    r"|เลขที่|ที่|ແມ່ນ|ແມ່ນ|គឺ|ကတော့|မှာ|是|为|為|は|は:|は：|है|नंबर|नं|:)"
    r"{0,4}[\"“'#]?\s?",
    re.IGNORECASE,
)
_MONEY_OR_UNIT = re.compile(
    r" ?(?:บาท|baht|฿|%|usd|\$|k\b|kg|km|คน|วัน|ชิ้น|ครั้ง|ปี|元|块|名|人|个|點|点|月|年|日|天"
    r"|đ\b|vnd|vnđ|triệu|tr\b|ngày|giờ|người|ringgit|rupiah|rb|ribu|jt|juta"
    r"|pesos?|php|₱|원|명|일|월|년|개|시|건|円|ကျပ်|ယောက်|ရက်|សន្លឹក|ដុល្លារ|រៀល|ນາທີ|ກີບ|ຄົນ|रुपये|days?|hours?|people|pcs|months?|years?|am\b|pm\b|th\b|st\b|nd\b|rd\b)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:RM|RP|USD|THB|PHP|IDR|MYR|SGD|VND|KHR|LAK|MMK|CNY|INR|RS|KRW|JPY|EUR|QQ) ?\d", re.IGNORECASE
)
_PHONE = re.compile(r"(?:\+|00)\d{8,15}|0\d{8,10}")
_DATE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|(?:19|20|25)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))?"
)
_CUT_OFF = re.compile(rf"[@_]|[.,]\d|[{LATIN}]")
_OF_YEAR = re.compile(r"/(?:20|25)\d\d$")
_LONG_DIGITS = 8
# A word that says that a number comes: what follows it is one even in the form of a phone number.
_NAMES_NUMBER = re.compile(
    r"\b(?:number|numero|no|nos|nomor|nombor|id|kode?|code|ref|reference|utr|rrn|mtcn|awb|pnr|trx|txn)\b"
    r"|เลข|รหัส|อ้างอิง|ເລກ|ລະຫັດ|លេខ|កូដ|နံပါတ်|အမှတ်|\bmã|\bma\b|\bsố\b|号|號|码|碼|编号|번호|番号|नंबर|नं|संख्या|आईडी"
)
# Those who take complaints write their phone number after such a word.
_HOTLINE = re.compile(
    r"complaint|report|aduan|laporan|pengaduan|शिकायत|แจ้ง|ແຈ້ງ|បណ្តឹង|တိုင်|khiếu nại|报案|受付|접수"
)
# A code before the words that say so: 550318 is your OTP.
_CODE_FIRST = re.compile(
    r"\d(?<![\d.,/-].)(?:\d{3,7}|\d\d[ -]\d{3})(?=\s?(?:is (?:your|the)|ialah|adalah|merupakan|ay ang|คือ|ແມ່ນ"
    r"|គឺ|là|သည်|是您的|是你的|为您的|आपका|입니다|は)[^\d\n]{0,24}?(?:\botp\b|\bcode\b|\bkode?\b|\bmã\b|รหัส|ລະຫັດ|កូដ|ကုဒ်|码|碼|ओटीपी"
    r"|인증번호|コード))",
    re.IGNORECASE,
)
_NOT_BEFORE = frozenset("@/_+$")


def find(text: str, context: Context) -> list[Entity]:
    """Return the reference numbers of a text, by start; `value` is the code in upper case, without spaces."""
    del context
    numbered = _UP_TO_LAST_DIGIT.match(text)
    if numbered is None:
        return []
    found = [
        *_s10(text),
        *_unmistakable(text),
        *_announced(text, numbered.end()),
        *_formed(text),
        *_before_word(text),
    ]
    return disjoint(sorted(found, key=lambda entity: (-entity.proba, entity.start, -entity.end)))


def _s10(text: str) -> Iterator[Entity]:
    for match in islice(_S10.finditer(text), _MOST):
        digits = match[2].replace(" ", "")
        valid = _s10_check_digit(digits) == int(match[4])
        value = f"{match[1]}{digits}{match[4]}{match[5]}"
        attributes = {"kind": "parcel", "checksum": "valid" if valid else "failed"}
        reason = "checksum" if valid else "pattern"
        yield Entity(
            "REFERENCE",
            match.start(),
            match.end(),
            value,
            attributes,
            0.97 if valid else 0.75,
            "rule",
            reason,
        )


def _s10_check_digit(serial: str) -> int:
    """The ninth digit of a UPU S10 identifier; `serial` has eight digits."""
    remainder = 11 - sum(int(d) * weight for d, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(remainder, remainder)


def _unmistakable(text: str) -> Iterator[Entity]:
    if not any(mark in text for mark in _UNMISTAKABLE_MARKS):
        return
    for match in islice(_UNMISTAKABLE.finditer(text), _MOST):
        yield Entity("REFERENCE", match.start(), match.end(), match[0], {}, 0.95, "rule", "pattern")


def _formed(text: str) -> Iterator[Entity]:
    """Yield codes that no word announces but that have the form of one: TRK-55501287, FT25550912."""
    for match in islice(_FORM.finditer(text), _MOST):
        if not _MONEY.match(match[0]):
            yield Entity("REFERENCE", match.start(), match.end(), match[0], {}, 0.65, "rule", "pattern")


def _before_word(text: str) -> Iterator[Entity]:
    """Yield the codes that the words after them announce: 550318 is your OTP."""
    for match in islice(_CODE_FIRST.finditer(text), _MOST):
        value = re.sub(r"[ -]", "", match[0])
        yield Entity("REFERENCE", match.start(), match.end(), value, {}, 0.85, "rule", "pattern")


def _announced(text: str, numbered: int) -> Iterator[Entity]:
    """Yield the codes right after a word that announces them; no digit stands from `numbered` on."""
    lowered = lower(text[:numbered])
    for begin, end in islice(_announcing(lowered), _MOST):
        gap = _AFTER_WORD.match(text, end)
        start = gap.end() if gap else end
        if start == end and text[end - 1].isascii():
            continue
        code = _CODE.match(text, start)
        if code is None:
            continue
        word = lowered[begin:end]
        written = _trimmed(code[0])
        if word not in _IGNORED and written and _is_code(written, text, start, word):
            yield _entity(written, start, word)


def _announcing(lowered: str) -> Iterator[tuple[int, int]]:
    """Yield `[start, end)` of the words that announce a code; the first, then longest where they overlap."""
    last_end = 0
    longest = _longest_words(lowered)
    for start in sorted(longest):
        if start >= last_end:
            last_end = longest[start]
            yield start, last_end


def _longest_words(lowered: str) -> dict[int, int]:
    """Map the start of every word of the lists to the end of the longest that starts there."""
    return {
        start: end
        for start, end in islice(_WORDS.places(lowered.replace(".", " ")), _MOST_PLACES)
        if _is_word(lowered, start, end)
    }


def _is_word(lowered: str, start: int, end: int) -> bool:
    """Whether a Latin word stands by itself, one of another script is written as the lists have it."""
    if "a" <= lowered[start] <= "z":
        return not is_latin(lowered[start - 1 : start]) and not is_latin(lowered[end : end + 1])
    return lowered[start:end] in _NOT_LATIN


def _trimmed(written: str) -> str:
    """The code without words caught at its ends: "RX-1 for" stops at the code."""
    pieces = re.split(r"( )", written)
    while len(pieces) > 1 and not any(c.isdigit() for c in pieces[-1]):
        pieces = pieces[:-2]
    kept = "".join(pieces)
    return kept if any(c.isdigit() for c in kept) else ""


def _is_code(written: str, text: str, start: int, word: str) -> bool:
    """Whether a run of letters and digits may be a reference; a plain short number needs a sure word."""
    if (
        _CUT_OFF.match(text, start + len(written))
        or text[start - 1 : start] in _NOT_BEFORE
        or _MONEY.match(written)
        or _is_other_sort(written, text, start + len(written))
    ):
        return False
    if _DATE.fullmatch(written) and not (word in _SURE and _OF_YEAR.search(written)):
        return False
    if word in _SURE:
        return sum(c.isdigit() for c in written) >= 2 and not _is_phone(written, word)
    return _looks_like_code(written) or (word in _THINGS and _is_long(written))


def _is_phone(written: str, word: str) -> bool:
    """Whether a number in the form of a phone number is one although it stands after a sure word."""
    if not _PHONE.fullmatch(re.sub(r"[ -]", "", written)):
        return False
    return not written.isdigit() or not _NAMES_NUMBER.search(word) or _HOTLINE.search(word) is not None


def _looks_like_code(written: str) -> bool:
    """Whether it has letters and digits, or a stroke."""
    digits = sum(c.isdigit() for c in written)
    if " " in written or digits < 3:
        return False
    return "/" in written or (any(c.isalpha() for c in written) and digits >= 4)


def _is_long(written: str) -> bool:
    """Whether it is a long number in one piece that is no phone number."""
    return written.isdigit() and len(written) >= _LONG_DIGITS and not _PHONE.fullmatch(written)


def _is_other_sort(written: str, text: str, end: int) -> bool:
    """Whether it is an amount, a word with a number in it, or letters and a count."""
    if _MONEY_OR_UNIT.match(text, end) and not any(c.isalpha() for c in written):
        return True
    long_word = re.search(r"[A-Za-z]{6,}", written) and sum(c.isdigit() for c in written) < 3
    return bool(long_word or re.fullmatch(r"[A-Za-z]{1,5}\.? \d{1,3}", written))


def _entity(written: str, start: int, word: str) -> Entity:
    attributes: dict[str, Any] = {}
    proba = 0.85 if word in _SURE else 0.7
    value = re.sub(r"\s+", "", written).upper()
    return Entity(
        "REFERENCE", start, start + len(written), value, attributes, proba, "rule", f'context word "{word}"'
    )


def _spellings(word: str) -> Iterator[str]:
    """Yield a word as it stands in a text with blanks for dots: "no resi" also for "no. resi"."""
    parts = word.replace(".", " ").split(" ")
    for joints in product((" ", "  "), repeat=len(parts) - 1):
        yield parts[0] + "".join(joint + part for joint, part in zip(joints, parts[1:], strict=True))


_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_SURE = frozenset(_LISTS["sure"])
_THINGS, _IGNORED = frozenset(_LISTS["things"]), frozenset(_LISTS["ignored"])
_ALL = _SURE.union(_THINGS, _IGNORED, _LISTS["bare"])
_NOT_LATIN = frozenset(word for word in _ALL if not "a" <= word[0] <= "z")
_WORDS = Words(spelling for word in _ALL for spelling in _spellings(word))
