"""The forms that numbers of papers have, country by country, each with its check and its source."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum import verhoeff
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2
from stdnum.kr import rrn
from stdnum.th import pin

Checksum = Literal["valid", "none", "failed"]
Alone = Literal["never", "if valid", "always"]
"""Whether a form of number is one without a context word."""


@dataclass(frozen=True, slots=True)
class NumberForm:
    """A country's form of number. `check` answers None where the digits cannot be such a number."""

    kind: str
    country: str
    pattern: re.Pattern[str]
    check: Callable[[str], Checksum | None]
    hint: re.Pattern[str]
    alone: Alone
    signs: str  # characters that every such number has


def _checked(is_valid: bool) -> Checksum:
    return "valid" if is_valid else "failed"


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _check_thai(digits: str) -> Checksum | None:
    """Thai 13 digits, modulus 11. Source: Wikipedia, "Thai identity card"; stdnum.th.pin.

    Unlike stdnum, numbers that begin with 0 are numbers too (gotoknow.org/posts/643736).
    """
    return _checked(pin.calc_check_digit(digits) == digits[-1])


def _check_chinese(number: str) -> Checksum | None:
    """Chinese 18 characters, GB 11643-1999 (date) with ISO 7064 MOD 11-2; stdnum.iso7064."""
    if not _is_date(int(number[6:10]), int(number[10:12]), int(number[12:14])):
        return None
    return _checked(mod_11_2.is_valid(number.upper()))


def _check_korean(digits: str) -> Checksum | None:
    """Korean registration number; stdnum.kr.rrn, and with 5 to 8 as the seventh digit two more.

    Numbers given since October 2020 have six random digits and no check digit (Wikipedia, "Resident
    registration number"). A wrong sum is a failure only where the number is likely older: with 5 to 8 the
    date in it does not tell when it was given.
    """
    century = 2000 if digits[6] in "3478" else 1900
    year, month, day = century + int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if not _is_date(year, month, day):
        return None
    given_late = digits[6] in "5678"
    if (int(rrn.calc_check_digit(digits[:-1])) + 2 * given_late) % 10 == int(digits[-1]):
        return "valid"
    return "none" if given_late or (year, month) >= (2020, 10) else "failed"


def _check_aadhaar(digits: str) -> Checksum | None:
    """Indian Aadhaar, 12 digits, Verhoeff. Source: UIDAI; stdnum.in_.aadhaar."""
    try:
        verhoeff.validate(digits)
    except ValidationError:
        return "failed"
    return "valid" if digits != digits[::-1] else None


# Place codes that Jabatan Pendaftaran Negara gives (stdnum.my.nric).
_MALAYSIAN_PLACES = frozenset(
    {*range(1, 17), *range(21, 60), *range(60, 69), 71, 72, *range(74, 80), *range(82, 94), 98, 99}
)


def _check_malaysian(digits: str) -> Checksum | None:
    """Malaysian MyKad: date, place code, serial; no check digit (Wikipedia, "Malaysian identity card")."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    real = _is_date(1900 + year, month, day) or _is_date(2000 + year, month, day)
    return "none" if real and int(digits[6:8]) in _MALAYSIAN_PLACES else None


# Provinces (stdnum.id.nik), with those of Papua since 2022.
_INDONESIAN_PROVINCES = frozenset(
    {
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 97),
    }
)


def _check_indonesian(digits: str) -> Checksum | None:
    """Indonesian NIK: region, date (day + 40 for some), serial; no check digit.

    Source: Indonesian Wikipedia, "Nomor Induk Kependudukan"; stdnum.id.nik.
    """
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    day = day - 40 if day > 40 else day
    real = _is_date(1900 + year, month, day) or _is_date(2000 + year, month, day)
    return "none" if real and int(digits[:2]) in _INDONESIAN_PROVINCES else None


def _check_vietnamese(digits: str) -> Checksum | None:
    """Vietnamese CCCD: province 001-096, three digits that stay unread, six random; no check digit.

    Source: Nghị định 137/2015/NĐ-CP, article 13; Thông tư 59/2021/TT-BCA, article 4.
    """
    return "none" if 1 <= int(digits[:3]) <= 96 else None


def _no_check(number: str) -> Checksum | None:
    return "none"


def _form(
    kind: str,
    country: str,
    pattern: str,
    check: Callable[[str], Checksum | None],
    hint: str,
    *,
    alone: Alone = "never",
    signs: str = "",
) -> NumberForm:
    return NumberForm(
        kind, country, re.compile(pattern), check, re.compile(hint, re.IGNORECASE), alone, signs
    )


def _spread(first: str, more: int) -> str:
    """Return the pattern of digits one by one, in groups of any size or in one piece."""
    return rf"{first}(?:[ .-]?\d){{{more}}}"


_A, _Z = r"(?<![\d])(?<!\d[-.])", r"(?![\d])(?![-.]\d)"
_THAI_HINT = r"เลขประจำตัว|เลขบัตร|ปชช|ประชาชน|บัตร|13\s*หลัก|thai id|\bID\b|passport|身份证|身分證"
_CHINESE_HINT = r"身[份分][证證]|证件|證件|证号|\bID\b|passport|护照"
_KOREAN_HINT = r"주민|등록|신분|생년|\bRRN\b|외국인"
_INDIAN_HINT = r"aadh?aa?r|adhaar|\bUID\b|आधार"
_MALAYSIAN_HINT = r"\bIC\b|mykad|nric|pengenalan|\bK/?P\b"
_INDONESIAN_HINT = r"\bNIK\b|\bKTP\b|\bKK\b|kependudukan|kartu"
_VIETNAMESE_HINT = r"cccd|cmnd|c[aă]n c[uư][oơớ]c|định danh|dinh danh|chứng minh"
_PHILIPPINE_HINT = r"phil(?:sys|id|health)|\bPSN\b|\bPCN\b|\bUMID\b|\bCRN\b|\bSSS\b|national id"
_BURMESE_SYLLABLES = r"[\u1000-\u102a\u103f][\u1000-\u103f]{1,15}"

DIGIT_FORMS = (
    _form(
        "national_id",
        "TH",
        rf"{_A}[0-8]-\d{{4}}-\d{{5}}-\d{{2}}-\d{_Z}",
        _check_thai,
        _THAI_HINT,
        alone="always",
    ),
    _form(
        "national_id",
        "TH",
        rf"{_A}[0-8] \d{{4}} \d{{5}} \d{{2}} \d{_Z}",
        _check_thai,
        _THAI_HINT,
        alone="always",
    ),
    _form("national_id", "TH", rf"{_A}{_spread('[0-8]', 12)}{_Z}", _check_thai, _THAI_HINT),
    # In one piece any number of thirteen digits can be one; goods of Thailand
    # have those with 885 (GS1 prefixes).
    _form("national_id", "TH", rf"{_A}[1-8](?<!885)\d{{12}}{_Z}", _check_thai, _THAI_HINT, alone="if valid"),
    _form(
        "national_id",
        "CN",
        rf"{_A}[1-8]\d{{5}}[ -]?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
        rf"|3[01])[ -]?\d{{3}}[\dXx](?![\dA-Za-z])",
        _check_chinese,
        _CHINESE_HINT,
        alone="always",
    ),
    _form(
        "registration_number",
        "KR",
        rf"{_A}\d{{6}} ?- ?[1-8]\d{{6}}{_Z}",
        _check_korean,
        _KOREAN_HINT,
        alone="always",
    ),
    _form("registration_number", "KR", rf"{_A}\d{{6}}[1-8]\d{{6}}{_Z}", _check_korean, _KOREAN_HINT),
    _form(
        "national_id",
        "IN",
        rf"{_A}(?<!\d )[2-9]\d{{3}}([ -]?)\d{{4}}\1\d{{4}}{_Z}(?! \d)",
        _check_aadhaar,
        _INDIAN_HINT,
    ),
    _form(
        "national_id",
        "MY",
        rf"{_A}\d{{6}}-\d{{2}}-\d{{4}}{_Z}",
        _check_malaysian,
        _MALAYSIAN_HINT,
        alone="always",
    ),
    _form("national_id", "MY", rf"{_A}{_spread('[0-9]', 11)}{_Z}", _check_malaysian, _MALAYSIAN_HINT),
    _form(
        "national_id",
        "ID",
        rf"{_A}{_spread('[1-9]', 15)}{_Z}",
        _check_indonesian,
        _INDONESIAN_HINT,
    ),
    _form(
        "national_id",
        "VN",
        rf"{_A}{_spread('0', 11)}{_Z}",
        _check_vietnamese,
        _VIETNAMESE_HINT,
    ),
    # CMND: nine digits; the later ones of twelve are as CCCD (accgroup.vn, "Chứng minh nhân dân có bao nhiêu
    # số").
    _form(
        "national_id",
        "VN",
        rf"{_A}\d{{3}}[ .]?\d{{3}}[ .]?\d{{3}}{_Z}",
        _no_check,
        r"cmnd|chứng minh|chung minh",
    ),
    # Korean licence: area 11-28, year, six of a series, two of a check that is secret (Wikipedia, "Driving
    # licence in South Korea").
    _form(
        "driving_licence",
        "KR",
        rf"{_A}(?:1[1-9]|2[0-8])[- ]?\d\d[- ]?\d{{6}}[- ]?\d\d{_Z}",
        _no_check,
        r"면허|licen[cs]e",
    ),
    # PhilSys card number (16) and number (12), UMID, SSS, PhilHealth (philsys.gov.ph, sss.gov.ph,
    # philhealth.gov.ph).
    _form(
        "national_id",
        "PH",
        rf"{_A}(?:\d{{4}}[ -]?\d{{4}}[ -]?\d{{4}}(?:[ -]?\d{{4}})?|\d{{4}}-\d{{7}}-\d"
        rf"|\d{{2}}-\d{{7}}-\d|\d{{2}}-\d{{9}}-\d){_Z}",
        _no_check,
        _PHILIPPINE_HINT,
    ),
)
LETTERED_FORMS = (
    # Income Tax Department of India: five letters (the fourth is the holder's class), four digits, a letter.
    _form(
        "tax_id",
        "IN",
        r"[A-Z][A-Z][A-Z][ABCFGHJLPT][A-Z]\d{4}[A-Z](?<![A-Z0-9].{10})(?![A-Z0-9])",
        _no_check,
        r"\bPAN\b",
        alone="always",
    ),
    # Spaces inside a Burmese or Latin NRC are common in print; the class in brackets is in the number only.
    # Myanmar: region 1-14, township letters, class, six digits (npm "mm-nrc").
    _form(
        "national_id",
        "MM",
        rf"{_A}(?:1[0-4]|[1-9]) ?/ ?{_BURMESE_SYLLABLES} ?\( ?(?:နိုင်|ဧည့်|ပြု|သာသနာ"
        rf"|သာ|ယာယီ|သီ|စ|နို)[ )]{{1,2}} ?\d{{6}}(?!\d)",
        _no_check,
        r"မှတ်ပုံတင်",
        alone="always",
        signs="/(",
    ),
    _form(
        "national_id",
        "MM",
        rf"{_A}(?:1[0-4]|[1-9]) ?/ ?[A-Za-z]{{3,12}} ?\( ?(?:Naing|N|E|P|TH|T|R|Y|S|C|Eh"
        rf"|Pyu)[ )]{{1,2}} ?\d{{6}}(?!\d)",
        _no_check,
        r"NRC",
        alone="always",
        signs="/(",
    ),
)
