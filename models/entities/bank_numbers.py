"""Stretches of digits that could each be one account number: no dates, times, amounts or parts of codes."""

import re
from collections.abc import Iterator
from typing import Final

from models.entities.bank_context import Cues
from models.entities.words import LATIN, is_latin

_NUMBER = re.compile(
    "[0-9](?=[0-9 .\u2010-\u2015-]{4})(?<![0-9].)(?<![0-9][.,].)[0-9]*"
    "(?:(?: ?[-\u2010-\u2015] ?| [.] |[ .])(?![0-9]{1,3}(?:,[0-9]{3})+(?![0-9]))[0-9]+)*"
)
"""Begins with the digit, not with what stands before it, so that the engine jumps from digit to digit.

Goes not on with an amount: 1012345678 -2,000,000VND.
"""
_CHUNK = re.compile("[0-9]+(?:(?: ?[-\u2010-\u2015] ?|\\.)[0-9]+)*")
_DASHED = re.compile("[-\u2010-\u2015]")
_YEAR: Final = "(?:19[5-9][0-9]|20[0-4][0-9]|25[0-9]{2})"
_MONTH: Final = "(?:0[1-9]|1[0-2])"
_DAY: Final = "(?:0[1-9]|[12][0-9]|3[01])"
_HOUR: Final = "(?:[01][0-9]|2[0-3])"
_MINUTE: Final = "(?:[0-5][0-9])"
_DATE = re.compile(
    "(?:19|2[0156])[0-9]{2}[- .][0-9]{1,2}[- .][0-9]{1,2}"
    "|[0-9]{1,2}[- .][0-9]{1,2}[- .](?:[0-9]{2}|(?:19|2[0156])[0-9]{2})"
    "|(?:19|2[0156])[0-9]{2} ?[-–] ?(?:19|2[0156])[0-9]{2}"
    f"|{_YEAR}{_MONTH}{_DAY}(?:{_HOUR}{_MINUTE}{{1,2}})?|{_DAY}{_MONTH}{_YEAR}"
)
"""With separators, or eight digits and more without: no account is that likely to be a day by chance."""
_AMOUNT = re.compile("[0-9]{1,3}(?:[.][0-9]{3})+|[0-9]+[.][0-9]{1,2}")
_SIGN: Final = (
    f"(?:[$฿₫₱₹¥￥₩៛€£]|(?<![{LATIN}])(?:Rp|RM|Rs|THB|VND|USDT?|PHP|MYR|IDR|KHR|LAK|MMK|INR|KRW|CNY|RMB)\\.?)"
)
"""A currency that may stand before its amount."""
_CURRENCY_BEFORE = re.compile(f"{_SIGN} ?$", re.IGNORECASE)
_CURRENCY_OF_NEXT = re.compile(f" ?{_SIGN} ?[0-9]", re.IGNORECASE)
_UNIT_AFTER = re.compile(
    " ?(?P<unit>บาท|บ\\.|ล้าน|หมื่น|แสน|หุ้น|ກີບ|ກິບ|ບາດ|ລ້ານ|ຮຸ້ນ"
    "|៛|រៀល|ដុល្លារ|ကျပ်|ကျပ်|သိန်း|रुपये|रुपए|[$฿₫₱₹¥₩€%元块塊万萬円원만人股]|株(?!式)|주(?![가-힣])"
    "|(?:đ|vnd|vnđ|đồng|dong|triệu|trieu|tr|nghìn|k|rb|ribu|juta|jt|rm|peso|pesos|baht|thb|kip|lak|kyat|mmk|usd|usdt|u|riel"
    f"|dollars?|kg|km|gb|mb|pcs|views?|followers?|shares?|lots?|cổ phiếu|lembar)(?![{LATIN}]))",
    re.IGNORECASE,
)
_GOES_ON = re.compile("[,:/][0-9]")
"""After digits: an amount, a time or a fraction."""
_SUM: Final = "[0-9]+(?: 000)*"
_SUM_AT_END = re.compile(f"(?: [-\u2010-\u2015] ?| ){_SUM}$")
_SUM_AT_START = re.compile(f"{_SUM} ")
_IN_THREES = re.compile("[1-9][0-9]{0,2}(?: [0-9]{3})+")
"""A whole run that is one amount."""
_SUM_CHARS: Final = 24
"""The longest amount read at the end of a run."""
_SURELY_NO_SUM: Final = 9
"""So many digits and more are no amount, unless they end in zeros: those have separators."""
MIN_DIGITS: Final = 7
MAX_DIGITS: Final = 20
_MIN_WHOLE: Final = 8
"""Digits, with dashes between, that are a number by themselves."""
_MAX_RUN_CHARS: Final = 2_000
"""Digits in a row, however spaced, that can still be a list of accounts."""


def numbers(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of digits, spaces, dashes and dots that could each be one account number."""
    for run in _NUMBER.finditer(text):
        if not MIN_DIGITS - 2 <= run.end() - run.start() <= _MAX_RUN_CHARS:
            continue
        yield from _split(text, *_without_sums(text, *run.span()))


def _without_sums(text: str, start: int, end: int) -> tuple[int, int]:
    """A run without the amounts of money at its ends: 0917 555 0123 500 pesos."""
    if _IN_THREES.fullmatch(text, start, end):
        return start, end
    paid = _SUM_AT_END.search(text, max(start, end - _SUM_CHARS), end)
    if paid and _UNIT_AFTER.match(text, end) and not _CURRENCY_OF_NEXT.match(text, end):
        end = paid.start()
    paid = _SUM_AT_START.match(text, start, end)
    if paid and _CURRENCY_BEFORE.search(text, max(0, start - 5), start):
        start = paid.end()
    return start, end


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run taken apart where a number that is whole by itself stands beside others: 2500 555-2-10984-3."""
    if end - start < _MIN_WHOLE and "." not in text[start:end]:
        yield start, end
        return
    first = last = None
    for chunk in _CHUNK.finditer(text, start, end):
        written = chunk.group()
        whole = "." in written or count_digits(written) >= (_MIN_WHOLE if _DASHED.search(written) else 9)
        if whole:
            if first is not None and last is not None:
                yield first, last
            first = last = None
            yield chunk.span()
        else:
            first = chunk.start() if first is None else first
            last = chunk.end()
    if first is not None and last is not None:
        yield first, last


def count_digits(written: str) -> int:
    """How many ASCII digits `written` has, which may have no others."""
    return sum(map(str.isdecimal, written))


def stands_alone(text: str, start: int, end: int, cues: Cues) -> bool:
    """Whether digits are not part of a word, an address, a code, a date, a time or an amount."""
    written = text[start:end]
    if _DATE.fullmatch(written) or _AMOUNT.fullmatch(written) or _GOES_ON.match(text, end):
        return False
    if _CURRENCY_BEFORE.search(text, max(0, start - 5), start) or _is_measured(text, start, end, cues):
        return False
    left, right = text[start - 1 : start], text[end : end + 1]
    if left in ("#", "@", "/", "=", "_", "&", "?", "-") and text[max(0, start - 2) : start] != " -":
        return False
    if is_latin(left) and not any(cue.end == start for cue in cues.before(start)):
        return False
    if right in ("_", "@"):
        return False
    return not is_latin(right) or any(cue.start == end for cue in cues.after(end))


def _is_measured(text: str, start: int, end: int, cues: Cues) -> bool:
    """Whether the unit or currency after digits is theirs, not that of the next number, nor a bank (MB)."""
    unit = _UNIT_AFTER.match(text, end)
    if unit is None or any(cue.start == unit.start("unit") for cue in cues.after(end)):
        return False
    written = text[start:end]
    if written.startswith("0") or (count_digits(written) >= _SURELY_NO_SUM and not written.endswith("00")):
        return False
    return written.endswith("000") or not _CURRENCY_OF_NEXT.match(text, end)
