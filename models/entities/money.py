"""MONEY: amounts with currency words, signs or multipliers, in digits and words, and bare ones in context.

Sources: those of `money_words` and `money_amounts`. Month of 26 days of 8 hours: ILO Hours of Work (Industry)
Convention, 1919 (C001), article 2.
"""

import itertools
import re
import string
from typing import NamedTuple

from models.entities.entity import Context, Entity
from models.entities.money_amounts import (
    MORE,
    RANGE,
    Amount,
    amount_at,
    is_han,
    is_share,
    join,
    partner,
    skip_spaces,
)
from models.entities.money_words import (
    ADDRESSES,
    CONNECTIVES,
    COUNTS,
    CUES_AFTER,
    CURRENCIES,
    CURRENCIES_BEFORE,
    FAR_CUES,
    FILLERS,
    HOME,
    LABELS,
    LARGEST_SIZE,
    LIST_SIGNS,
    MEASURED,
    NAMES,
    NO_COUNTS,
    NO_CUES,
    NOT_MEASURED,
    PAID,
    PERIOD_OF,
    PERIOD_OF_ALONE,
    PERIOD_OF_BEFORE,
    PERIOD_OF_SLASH,
    PERIODS,
    PERIODS_ALONE,
    PERIODS_BEFORE,
    POSTCODE_DIGITS,
    READERS,
    SIZES,
    SLASH,
    SURE_COUNTS,
    TIMES,
    UNITS_BEFORE,
    Reader,
)
from models.entities.words import LATIN, Words, any_of, is_latin, lower

_PER_MONTH = {"hour": 26 * 8, "day": 26, "week": 52 / 12, "month": 1, "year": 1 / 12}
_IMPLIED_THOUSANDS = {"ko": 10_000, "id": 1000, "vi": 1000, "lo": 1000}
"""Smaller bare figures leave thousands unsaid (월 45), by language."""
_WIDEST_RANGE = 20
"""How many times the lower end of a bare range its upper end can be; others are codes (255-123456)."""
_BARE_LANGUAGES = {"th", "lo", "my", "zh", "hi", "tl"}

_MOST_STARTS = 1_000
"""A text with more runs of digits, or more number words, is a table, no message: its rest is left alone."""
_MOST_FIGURES = 300
"""As `_MOST_STARTS`, of the figures that need a close look."""
_MOST_SUMS = 200
"""As `_MOST_STARTS`, of sums found."""
_DIGITS = re.compile(r"\d(?<![\d_#@&^].)(?<!\d[-–:/.,].)(?<![a-z][-–:/,].)\d*+(?!:\d|([-/.])\d\d?\1\d)")
"""Digits that begin no time and no date and are no later part of these, of a number, a code or an address.

What must not precede is looked at after the first digit, so that `re` passes over other text fast.
"""
_SINGLE_DIGITS = re.compile(r"\d(?: \d(?![\d.,])){3,}+")
_GLUED = frozenset(string.ascii_letters + string.digits + "_#@&^")
"""Characters that make one code of what stands before and after them."""
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
_NAME = re.compile(
    rf"\d (?i:{any_of(NAMES['certain'])})(?= [A-Z][a-z])"
    rf"|\d(?:(?<=\d{{8}})|(?<=\d{{4}} \d{{4}})) (?:(?i:{any_of(NAMES['certain'])})(?= [{LATIN}]{{2}})"
    rf"|(?i:{any_of(NAMES['possible'])})(?= [A-Z]))"
)
"""The last digit of a number and a word that begins a name: 09777123456 U Aung Min, 19034567890 DO HOA."""


def find(text: str, context: Context) -> list[Entity]:
    """All sums of money in a normalised text, in order of start.

    `amount_min` and `amount_max` are equal but for ranges; `currency` is ISO 4217 (or USDT, BTC, ETH, TRX),
    None if unknown; an amount that names none takes that of the language's country. `monthly` is the upper
    figure per month of 26 days of 8 hours, None without a period, if paid by the task or if thousands are
    left unsaid.
    """
    reader = READERS.get(context.language, READERS["und"])
    folded = lower(_NAME.sub(_hidden, text))
    return [_entity(folded, found, reader.language) for found in _search(folded, reader)]


def _hidden(name: re.Match[str]) -> str:
    """A digit and as many strokes as the beginning of a name after it has characters."""
    return name.group()[0] + "_" * (len(name.group()) - 1)


class _Found(NamedTuple):
    """One amount (`low` is `high`) or a range taken for money."""

    low: Amount
    high: Amount
    reason: str
    proba: float


# ---------------------------------------------------------------- search


def _search(text: str, reader: Reader) -> list[_Found]:
    found: list[_Found] = []
    floor = position = figures = labelled = 0
    for start in _starts(text, reader):
        match = reader.run.match(text, start) if start >= position else None
        if match is None:
            continue
        position = match.end()
        if _is_bare_unit(text, match, floor, reader):
            continue
        if text.startswith(" ", position) and (singles := _SINGLE_DIGITS.match(text, start)):
            position = singles.end()
            continue
        figures += 1
        if figures > _MOST_FIGURES or len(found) >= _MOST_SUMS:
            break
        low = amount_at(text, match, floor, reader)
        if low is None:
            continue
        position = low.end
        if low.start == start and text[start].isdigit() and _is_closed(text, start):
            continue
        high = partner(text, low, reader) or low
        in_list = bool(found) and _is_next_of_list(text, floor, low.start)
        after_label = bool(labelled) and _is_next_of_list(text, labelled, low.start)
        bare = not (low.named or high.named or in_list)
        if bare and (after_label or _is_labelled(text, low, high, floor, reader)):
            labelled = position = high.end
            continue
        why = _why(text, low, high, floor, reader, in_list)
        if why is None:
            continue
        found.append(_Found(low, high, *why))
        floor = position = high.end
    return found


def _starts(text: str, reader: Reader) -> list[int]:
    """Where an amount may begin: at digits or at a number word, in order."""
    starts = {digits.start() for digits in itertools.islice(_DIGITS.finditer(text), _MOST_STARTS)}
    starts.update(start for start, _ in itertools.islice(reader.words.places(text), _MOST_STARTS))
    return sorted(starts)


def _is_bare_unit(text: str, match: re.Match[str], floor: int, reader: Reader) -> bool:
    """Whether a run is one digit or one number word that neither a currency nor a range makes a sum.

    Most digits and number words of ordinary text are such: this passes over them at little cost.
    """
    word = match.group()
    if word in reader.scales or not (word in reader.numerals or (len(word) == 1 and word.isdigit())):
        return False
    start, end = match.span()
    return not (
        CURRENCIES.starting(text, skip_spaces(text, end))
        or CURRENCIES_BEFORE.ending(
            text, start - 1 if text[start - 1 : start] in {" ", "."} else start, floor=floor
        )
        or CURRENCIES_BEFORE.ending(text, start, floor=floor)
        or RANGE.match(text, end)
        or MORE.match(text, end)
    )


def _is_closed(text: str, start: int) -> bool:
    """Whether the characters before `start` make the digits part of a longer code, number, time or date."""
    if not start:
        return False
    previous = text[start - 1]
    if previous in _GLUED:
        return True
    if previous in "-–:/.," and start > 1:
        earlier = text[start - 2]
        return (earlier.isascii() and earlier.isalnum()) or (previous in ":/." and earlier in ":/.")
    return False


def _is_next_of_list(text: str, end: int, start: int) -> bool:
    """Whether only a sign or word of lists stands between figures that end at `end` and begin at `start`."""
    return start - end <= 6 and text[end:start].strip() in LIST_SIGNS


# ---------------------------------------------------------------- what else it may be


def _is_labelled(text: str, low: Amount, high: Amount, floor: int, reader: Reader) -> bool:
    """Whether the word before a figure makes it a count, a measure, a room, a page: no price."""
    end = _before_signs(text, low.start, floor, " .:：")
    measured = MEASURED.ending(text, end, floor=floor)
    if measured:
        return measured not in NOT_MEASURED
    if high.figure.scale > 1 or high.figure.grouped:
        return False
    if (high.figure.value or 0) <= LARGEST_SIZE and SIZES.ending(text, end, floor=floor):
        return not _cue_before(text, low.start, floor, reader)
    label = LABELS.ending(text, end, floor=floor)
    return bool(label) and not (_cue(text, low, high, floor, reader) or _paid_for(text, high.end))


def _before_signs(text: str, start: int, floor: int, signs: str) -> int:
    """Where the text before `start` ends without at most three of `signs`."""
    end = start
    while end > floor and start - end < 3 and text[end - 1] in signs:
        end -= 1
    return end


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


# ---------------------------------------------------------------- why it is money


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
    end = _before_signs(text, start, floor, " :=~≈+(\"'“：→>")
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


def _why(  # noqa: PLR0917
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
        return _why_words(text, amount, cue, reader)
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


def _why_words(text: str, amount: Amount, cue: str, reader: Reader) -> tuple[str, float] | None:  # noqa: PLR0911
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


# ---------------------------------------------------------------- what is reported


def _entity(text: str, found: _Found, language: str) -> Entity:
    low, high = found.low, found.high
    currency = high.currency or low.currency
    unsaid = not (low.sign or high.sign) and _leaves_thousands_unsaid(high, language)
    if not (low.sign or high.sign or unsaid):
        currency = HOME.get(language)
    lower, upper = join(low, high)
    period = _period(text, low.start, high.end, max(0, low.start - 40))
    monthly = None if upper is None or period is None or unsaid else upper * _PER_MONTH.get(period, 0) or None
    lower, upper = _plain(lower), _plain(upper)
    return Entity(
        type="MONEY",
        start=low.start,
        end=high.end,
        value=_normal_form(lower, upper, currency),
        attributes={
            "amount_min": lower,
            "amount_max": upper,
            "currency": currency,
            "period": period,
            "monthly": _plain(monthly),
        },
        proba=found.proba,
        reason=found.reason,
    )


def _leaves_thousands_unsaid(amount: Amount, language: str) -> bool:
    small = (amount.figure.value or 0) < _IMPLIED_THOUSANDS.get(language, 0)
    return small and amount.figure.scale == 1


def _plain(value: float | None) -> float | int | None:
    """A figure as it is reported: with at most two decimals, none if it is whole."""
    if value is None:
        return None
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _normal_form(lower: float | None, upper: float | None, currency: str | None) -> str | None:
    if lower is None or upper is None or currency is None:
        return None
    figures = f"{lower}" if lower == upper else f"{lower}-{upper}"
    return f"{figures} {currency}"


_DURATION = re.compile(r"(?:\d\d|[02-9])[ ]?\Z|[-–][ ]?\d[ ]?\Z")
"""Ends in a figure other than 1: with a unit of time after it that is how long, not how often."""


def _period(text: str, start: int, end: int, floor: int) -> str | None:
    """The period an amount is paid for, from the words after it or else before it.

    Those after it that stand apart and right before another figure are that one's (一天500 一个月1万5).
    """
    begin = skip_spaces(text, end)
    before = _period_before(text, start, floor)
    after, finish = _period_after(text, begin)
    next_figure = skip_spaces(text, finish)
    of_next = begin > end and text[next_figure : next_figure + 1].isdigit()
    return before if before and of_next else after or before


def _period_after(text: str, begin: int) -> tuple[str | None, int]:
    """(period, end of its word) that begins at `begin`: sebulan, /เดือน, per month, /ด."""
    alone = PERIODS_ALONE.starting(text, begin)
    if alone:
        return PERIOD_OF_ALONE[alone], begin + len(alone)
    connective = CONNECTIVES.starting(text, begin)
    start = skip_spaces(text, begin + len(connective))
    word = PERIODS.starting(text, start) if connective else ""
    if word:
        return PERIOD_OF[word], start + len(word)
    slash = SLASH.match(text, begin)
    return (PERIOD_OF_SLASH[slash[1]], slash.end()) if slash else (None, begin)


def _period_before(text: str, start: int, floor: int) -> str | None:
    """The period that ends right before an amount: วันละ 500, เงินเดือนเริ่มต้น 20000."""
    for _ in range(3):
        start = _before_signs(text, start, floor, " :=~≈：")
        word = PERIODS_BEFORE.ending(text, start, floor=floor)
        if word:
            lasts = word in UNITS_BEFORE and _DURATION.search(text, floor, start - len(word))
            return None if lasts else PERIOD_OF_BEFORE[word]
        start -= len(FILLERS.ending(text, start, floor=floor))
    return None
