"""Whether an amount is money, and why: what is written with it and beside it, and what else it may be."""

import re

from models.entities.money_amounts import Amount, join
from models.entities.money_digits import before_signs, is_han, is_share
from models.entities.money_words import (
    ADDRESSES,
    COUNTS,
    CUES_AFTER,
    FAR_CUES,
    LABELS,
    LARGEST_SIZE,
    MEASURED,
    NO_COUNTS,
    NO_CUES,
    NOT_MEASURED,
    PAID,
    POSTCODE_DIGITS,
    SIZES,
    SLASH,
    SURE_COUNTS,
    TIMES,
    Reader,
)
from models.entities.words import Words, is_latin, skip_spaces

_WIDEST_RANGE = 20
"""How many times the lower end of a bare range its upper end can be; others are codes (255-123456)."""
_BARE_LANGUAGES = {"th", "lo", "my", "zh", "hi", "tl"}
_CONTINUED = re.compile(
    r"[:：]\d|[-–]\d+-\d|['′\"″]\d|[-./]\d|[ -][1-9]\d{2}|[A-Za-z]|[ ]?[(]?\d{3}-\d|,[ ]?\d{1,2}\.\d{3,}"
)
_FOR = re.compile(r" ?/ ?\d{0,3} ?")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[.,][0-5]\d")
_YEAR = re.compile(r"(?:19|20)\d\d|25[4-7]\d")
_VIDEO = re.compile(r"(?:144|240|360|480|720|1080|1440|2160)p")
"""Lines of a picture (ITU-T H.264, formats in use), no pesos."""
_CODE_BEFORE = re.compile(r"(?<![^\W\d_])[a-z]{1,3}[ -]$|[-/.:]$")
_LETTER_BEFORE = re.compile(r"[a-z] ?$")
_ROUND = re.compile(r"[1-9]\d{1,5}[05]|[1-9]\d{0,4}(?:99|88)")
_FIGURE_OR_LINE = re.compile(r"[\d\n]")
_ANY_FAR_CUE = Words(FAR_CUES)
_KOREAN_MONTHS = tuple(f"{digit}월" for digit in range(10))
"""They end as the cue 월 (a month's pay) does."""
_ONE_WORDS = ("se", "hundred")


def is_labelled(text: str, low: Amount, high: Amount, floor: int, reader: Reader) -> bool:
    """Whether the word before a figure makes it a count, a measure, a room, a page: no price."""
    end = before_signs(text, low.start, floor, " .:：")
    measured = MEASURED.ending(text, end, floor=floor)
    if measured:
        return measured not in NOT_MEASURED
    if high.figure.scale > 1 or high.figure.grouped:
        return False
    if (high.figure.value or 0) <= LARGEST_SIZE and SIZES.ending(text, end, floor=floor):
        return not _cue_before(text, low.start, floor, reader)
    label = LABELS.ending(text, end, floor=floor)
    return bool(label) and not (_cue(text, low, high, floor, reader) or _paid_for(text, high.end))


def _counts_something(text: str, amount: Amount, language: str) -> bool:  # noqa: PLR0911
    """Whether a unit of something else, a per cent sign or a time follows."""
    end = amount.end
    if is_share(text, end):
        return True
    if amount.named:
        return False
    if _CONTINUED.match(text, end) and not _paid_for(text, end):
        return True
    begin = skip_spaces(text, max(amount.rest, end))
    word = COUNTS.starting(text, begin)
    if not word or word in NO_COUNTS:
        return False
    figure = amount.figure
    if figure.scale >= 1000 and word in TIMES and language in {"vi", "id", "ms", "tl"}:
        return False
    apart = begin > end and text[begin - 1] == " " and not is_latin(word[0])
    if apart and (amount.doubtful or "\uac00" <= word[0] <= "\ud7a3"):
        return False
    return not (apart and (figure.scale > 1 or figure.grouped) and word not in SURE_COUNTS)


def _is_postcode(text: str, amount: Amount, floor: int, language: str) -> bool:
    """Whether a figure has the digits of a postcode and stands after an address."""
    if amount.end - amount.start != POSTCODE_DIGITS.get(language):
        return False
    window = text[max(floor, amount.start - 40) : amount.start]
    return ADDRESSES.are_in(_FIGURE_OR_LINE.split(window)[-1])


def _paid_for(text: str, end: int) -> str:
    """What the sum pays for, after a slash (/เดือน, /2 jam, /60 min, /ด.), "" if nothing."""
    slash = _FOR.match(text, end)
    word = PAID.starting(text, slash.end()) if slash else ""
    short = SLASH.match(text, end)
    return word or (short[1] if short else "")


def _cue(text: str, low: Amount, high: Amount, floor: int, reader: Reader) -> str:
    """The word before or after an amount that says it is money, "" if there is none."""
    return _cue_before(text, low.start, floor, reader) or CUES_AFTER.starting(
        text, skip_spaces(text, high.end)
    )


def _cue_before(text: str, start: int, floor: int, reader: Reader) -> str:
    """The money word right before an amount ("โอน", "押金"), "" if there is none."""
    end = before_signs(text, start, floor, " :=~≈+(\"'“：→>")
    cue = reader.cues.ending(text, end, floor=floor)
    if not cue or cue in NO_CUES:
        cue = _far_cue(text, start, end, floor)
    return "" if text.endswith(_KOREAN_MONTHS, max(floor, end - 2), end) else cue


def _far_cue(text: str, start: int, end: int, floor: int) -> str:
    """A word for money up to two dozen characters before an amount, no figure and no line end between."""
    window = text[max(floor, start - 24) : end]
    if not _ANY_FAR_CUE.are_in(window):
        return ""
    window = _FIGURE_OR_LINE.split(window)[-1]
    return next((word for word in FAR_CUES if word in window), "")


def why_money(  # noqa: PLR0917
    text: str, low: Amount, high: Amount, floor: int, reader: Reader, in_list: bool
) -> tuple[str, float] | None:
    """(reason, probability) that a range, or one amount if `low` is `high`, is money, None if it is not."""
    if low is not high:
        return _why_marked(text, high, low.start, reader) or _why_range(text, low, high, floor, reader)
    return _why_marked(text, low, floor, reader) or _why_bare(text, low, floor, reader, in_list)


def _why_marked(text: str, amount: Amount, floor: int, reader: Reader) -> tuple[str, float] | None:  # noqa: PLR0911
    """(reason, probability) by what is written with an amount or beside it."""
    figure = amount.figure
    if _is_no_sum(amount) or _counts_something(text, amount, reader.language):
        return None
    if (figure.value == 0 and figure.words) or (
        figure.large and is_latin(text[amount.start]) and not text.startswith(_ONE_WORDS, amount.start)
    ):
        return None
    if amount.named:
        return f'currency "{amount.reason}"', 0.95
    if _CLOCK.fullmatch(text, amount.start, amount.end):
        return None
    if figure.value is None and figure.scale < 1000:
        return None
    cue = _cue(text, amount, amount, floor, reader)
    if figure.words:
        return _why_words(text, amount, cue)
    if figure.scale > 1:
        sure = cue or not _weak_scale(amount, reader)
        return (f'multiplier "{amount.reason}"', 0.85) if sure else None
    if figure.grouped:
        return (f'context word "{cue}"', 0.85) if cue else ("thousands separator", 0.75)
    cue = cue or _paid_for(text, amount.end)
    if amount.doubtful:
        large = (figure.value or 0) >= 50 and not _VIDEO.fullmatch(text, amount.start, amount.end)
        return (f'currency "{amount.sign}"', 0.9 if cue else 0.85) if cue or large else None
    return (f'context word "{cue}"', 0.8) if cue else None


def _is_no_sum(amount: Amount) -> bool:
    """Whether an amount without currency or multiplier is too small, too large or not read for certain."""
    figure = amount.figure
    if amount.named or figure.scale > 1 or figure.grouped:
        return False
    return figure.words or figure.value is None or not 10 <= figure.value <= 99_999_999


def _weak_scale(amount: Amount, reader: Reader) -> bool:
    """Multipliers that are also other words or letters: they need a context word."""
    return (
        amount.reason in {"k", "m", "w", "hundred", "do", "man", "lan", "tu", "mil"}
        and reader.language in {"en", "ja", "und", "ko"}
    ) or (amount.reason in {"m", "man"})


def _why_words(text: str, amount: Amount, cue: str) -> tuple[str, float] | None:  # noqa: PLR0911
    """As `_why_marked` for an amount in words alone: they need a multiplier."""
    figure = amount.figure
    value = figure.value or figure.scale
    previous = text[amount.start - 1 : amount.start]
    following = text[amount.end : amount.end + 1]
    if "\uac00" <= text[amount.start] <= "\ud7a3" and (
        "\uac00" <= previous <= "\ud7a3" or (not cue and value < 10_000)
    ):
        return None
    if figure.large and text[amount.start : amount.end] in {"ရာ", "ထောင်", "ဆယ်", *"十百千万萬億亿"}:
        return None
    if figure.large and not cue and not is_latin(text[amount.start]):
        return None
    if value < (10 if cue and is_han(text[amount.start]) else 100) or figure.scale == 1:
        return None
    if cue:
        return f'context word "{cue}"', 0.8
    if value >= 1000 and not (following and is_latin(following)):
        return f'multiplier "{amount.reason}"', 0.7
    return ("multiplier", 0.6) if is_han(text[amount.start]) and not following.isalpha() else None


def _why_range(text: str, low: Amount, high: Amount, floor: int, reader: Reader) -> tuple[str, float] | None:
    """As `_why_marked` for a range whose upper end says nothing by itself: the word before it, or after."""
    if _counts_something(text, high, reader.language):
        return None
    if low.named:
        return f'currency "{low.reason}"', 0.95
    lower, upper = join(low, high)
    cue = _cue_before(text, low.start, floor, reader) or _paid_for(text, high.end)
    if not cue or not lower or not upper or upper < 100 or upper > _WIDEST_RANGE * lower:
        return None
    years = _is_year(text, low) and _is_year(text, high)
    return None if years else (f'context word "{cue}"', 0.8)


def _is_year(text: str, amount: Amount) -> bool:
    return _YEAR.fullmatch(text, amount.start, amount.end) is not None


def _why_bare(
    text: str, amount: Amount, floor: int, reader: Reader, in_list: bool
) -> tuple[str, float] | None:
    """(reason, probability) by the form of a figure with nothing beside it."""
    figure = amount.figure
    bare = not (amount.sign or figure.scale > 1 or figure.grouped or figure.words)
    if not bare or _is_no_sum(amount) or _counts_something(text, amount, reader.language):
        return None
    if _CLOCK.fullmatch(text, amount.start, amount.end):
        return None
    if in_list:
        return "list of amounts", 0.7
    return ("round figure", 0.6) if _is_round(text, amount, floor, reader.language) else None


def _is_round(text: str, amount: Amount, floor: int, language: str) -> bool:
    """Whether a bare figure of three to seven digits looks like a price: round, no year, no postcode."""
    figure = text[amount.start : amount.end]
    if language not in _BARE_LANGUAGES or not _ROUND.fullmatch(figure) or _is_year(text, amount):
        return False
    before = text[max(0, amount.start - 5) : amount.start]
    if _CODE_BEFORE.search(before) or (language not in {"tl", "hi"} and _LETTER_BEFORE.search(before)):
        return False
    if text[amount.end : amount.end + 1] == " " and text[amount.end + 1 : amount.end + 2].isdigit():
        return False
    if before[-2:].strip()[-1:].isdigit() or set(figure) == {"5"}:
        return False
    return not _is_postcode(text, amount, floor, language)
