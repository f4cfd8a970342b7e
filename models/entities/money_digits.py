"""What digits say, and what stands right before and after them.

Thousands with dots (vi, id, lo) or commas: Unicode CLDR (symbols).
"""

import re

_DOT_THOUSANDS = {"vi", "id", "lo", "km"}
_THOUSANDS = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*(?:[.,]\d\d?)?|\d{1,2}(?:,\d\d)+,\d{3}")
_NO_NUMBER_AFTER = re.compile(
    r" ?(?:%|٪|％|percent\b|per cent\b|persen\b|peratus\b|phần trăm|phan tram|"
    r"เปอร์|ເປີເຊັນ|ភាគរយ|ရာခိုင်နှုန်း|퍼센트|프로|प्रतिशत|パーセント|"
    r"[°º×✕])"
)
_MAX_DIGITS = 13


def before_signs(text: str, start: int, floor: int, signs: str) -> int:
    """Where the text before `start` ends without at most three of `signs`."""
    end = start
    while end > floor and start - end < 3 and text[end - 1] in signs:
        end -= 1
    return end


def is_han(text: str) -> bool:
    """Whether a word begins with a Chinese character."""
    return "\u4e00" <= text[0] <= "\u9fff"


def is_burmese(text: str) -> bool:
    """Whether a word begins with a Burmese character."""
    return "\u1000" <= text[0] <= "\u109f"


def digits_value(number: str, language: str, *, scaled: bool) -> float | None:
    """The value of digits with separators; None where comma or dot may mean either."""
    number = number.replace(" ", "")
    groups = number.replace(",", ".").split(".")
    separators = [character for character in number if character in ".,"]
    if not separators:
        return float(number)
    if len(groups[-1]) <= 2:
        sure = len(set(separators[:-1])) <= 1 and separators[-1] not in separators[:-1]
        return float("".join(groups[:-1]) + "." + groups[-1]) if sure else None
    if len(separators) == 1 and scaled and (separators[0] == ",") == (language in _DOT_THOUSANDS):
        return float(".".join(groups))
    if len(set(separators)) > 1 or len(groups[-1]) != 3:
        return None
    return float("".join(groups))


def is_code(digits: str) -> bool:
    """Whether digits are too long for a sum or begin with a zero, as codes and phone numbers do."""
    if digits[0] == "0" and digits[1:2].isdigit():
        return True
    return len(digits) > _MAX_DIGITS and sum(map(str.isdigit, digits)) > _MAX_DIGITS


def is_grouped(digits: str, language: str) -> bool:
    """Whether digits have separators between thousands; one dot is a decimal point in most languages."""
    if digits.isdecimal() or not _THOUSANDS.fullmatch(digits):
        return False
    return language in _DOT_THOUSANDS or digits.count(".") != 1 or "," in digits


def is_share(text: str, end: int) -> bool:
    """Whether a per cent sign or one of degrees or times follows a figure."""
    return _NO_NUMBER_AFTER.match(text, end) is not None
