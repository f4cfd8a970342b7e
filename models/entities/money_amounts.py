"""Amounts: a figure with the currency before or after it, and ranges of two."""

import re
from typing import NamedTuple

from models.entities.money_figures import Figure, figure_of
from models.entities.money_words import (
    CURRENCIES_BEFORE,
    LONGEST_RUN,
    ONLY_BEFORE,
    ONLY_GLUED,
    Reader,
    currency_after,
    currency_code,
    is_letter,
)
from models.entities.words import is_latin, skip_spaces

MORE = re.compile(r" ?(?:กว่า|ກວ່າ|ជាង|ကျော်|多|余|餘|幾|几|여|plus|\+)")
RANGE = re.compile(
    r"\+? ?(?:[-–—~〜～]|to|ถึง|ຫາ|ຫາເຖິງ|ដល់|မှ|đến|den|tới|hingga|sampai|s/d|"
    r"hanggang|se|से|至|到|から|에서) ?(?=\S)"
)
_NEXT_FIGURE = re.compile(r"[ .]\d")
_NEXT_SUM = re.compile(r" \d{1,3}(?:[.,]?\d{3}|\d\d)")
_NATIVE_LETTER = re.compile(r"[\u0e00-\u0e4f\u1780-\u17d3]")
_CODE_GOES_ON = re.compile(r"[-–/:]\d")
"""What makes a figure part of a date, a time or a code."""
_LONG_DIGITS = 8
"""So many in a row are rather an account or a phone where the word after them may belong to the next sum."""


class Amount(NamedTuple):
    """A figure and the currency around it, `[start, end)` with both.

    Attributes:
        currency: ISO 4217, None if the amount names none or one of unknown country.
        sign: its word or sign, "" if none.
        rest: where the text goes on after the figure and "more than" (กว่า, 多, +).
    """

    start: int
    end: int
    figure: Figure
    currency: str | None
    sign: str
    rest: int

    @property
    def reason(self) -> str:
        """The word or sign that makes it money, "" if none."""
        return self.sign or self.figure.multiplier

    @property
    def named(self) -> bool:
        """Whether a currency is surely named: 5B may be a room, 7b a model, 18U a team."""
        return bool(self.sign) and not self.doubtful

    @property
    def doubtful(self) -> bool:
        """Whether one Latin letter after digits is all that says it is money."""
        return is_letter(self.sign) and self.figure.scale == 1 and self.end > self.figure.end


def _currency_after(text: str, start: int, language: str) -> tuple[str, int]:
    """(currency word, end) that follows a figure, ("", start) if none does."""
    begin = skip_spaces(text, start)
    word = currency_after(text, begin, language)
    end = begin + len(word)
    if not word or _is_part_of_more(word, text[end : end + 1], apart=begin > start):
        return "", start
    return word, end


def _is_part_of_more(word: str, following: str, *, apart: bool) -> bool:
    """Whether a currency word or sign after a figure goes on as another word or belongs to another figure."""
    if word in {"บ", "บ.", "រ"}:
        return bool(_NATIVE_LETTER.match(following))
    if word in {"$", ".-", ",-"}:
        return following.isdigit() and (apart or word != "$")
    glued = following.isdigit() or is_latin(following)
    return is_letter(word) and (glued or (apart and word != "u"))


def _currency_before(text: str, floor: int, start: int, language: str) -> tuple[str, int]:
    """(currency word, start) right before a figure, ("", start) if none is there; never before `floor`."""
    end = start - 1 if start - 1 > floor and text[start - 1] in " ." else start
    word = CURRENCIES_BEFORE.ending(text, end, floor=floor)
    if not word and end < start:
        end = start
        word = CURRENCIES_BEFORE.ending(text, end, floor=floor)
    begin = end - len(word)
    apart = end < start
    lone = len(word) == 1 and word.isalpha()
    if lone and (apart or (word, language) not in {("p", "tl"), ("p", "en"), ("r", "en")}):
        return "", start
    if (
        not word
        or (apart and word in ONLY_GLUED)
        or (word[0].isalnum() and text[begin - 1 : begin].isdigit())
    ):
        return "", start
    return word, begin


def _belongs_to_next(text: str, start: int, figure: Figure, word: str, finish: int, complete: bool) -> bool:  # noqa: PLR0917
    """Whether a currency word after a figure stands before the next one (5 သောင်း ဘတ် 18,500; RM5 RM7).

    So it does after an account number: 1234567890 Rp 500.000, 12345678 USD 300.
    """
    if word not in CURRENCIES_BEFORE.words or finish - len(word) == figure.end:
        return False
    if text[finish : finish + 1].isdigit():
        return True
    if not _NEXT_FIGURE.match(text, finish):
        return False
    long = figure.end - start >= _LONG_DIGITS and text[start : figure.end].isdecimal()
    prefix = word in ONLY_BEFORE and _NEXT_SUM.match(text, finish) is not None
    return complete or long or prefix or not word.isascii()


def amount_at(text: str, match: re.Match[str], floor: int, reader: Reader) -> Amount | None:
    """The amount of one run with the currency around it; None if digits around it say it is another thing."""
    start, end = match.span()
    if end - start > LONGEST_RUN:
        return None
    figure = figure_of(match, reader)
    if figure is None:
        return None
    more = MORE.match(text, figure.end)
    rest = more.end() if more else figure.end
    before, begin = _currency_before(text, floor, start, reader.language)
    after, finish = _currency_after(text, rest, reader.language)
    if after and _belongs_to_next(text, start, figure, after, finish, bool(before) or figure.scale > 1):
        after = ""
    sign = (after if before in {"$", ""} and after else before) or after
    return Amount(
        begin,
        finish if after else figure.end,
        figure,
        currency_code(sign, reader.language) if sign else None,
        sign,
        rest,
    )


def join(low: Amount, high: Amount) -> tuple[float | None, float | None]:
    """(lower, upper) figure of a range; a multiplier named once holds for both (6-7 หมื่น)."""
    lower, upper = low.figure.value, high.figure.value
    if low is high or lower is None or upper is None:
        return lower, upper
    scale = high.figure.scale
    if low.figure.scale == 1 and lower * scale <= upper and not low.figure.grouped:
        lower *= scale
    return lower, upper


def partner(text: str, low: Amount, reader: Reader) -> Amount | None:
    """The upper end of a range that begins with `low`, None if there is none."""
    separator = RANGE.match(text, low.end)
    if not separator:
        return None
    begin = separator.end()
    sign = CURRENCIES_BEFORE.starting(text, begin)
    match = reader.run.match(text, skip_spaces(text, begin + len(sign)))
    if not match or not (match.group()[0].isdigit() or low.figure.words):
        return None
    high = amount_at(text, match, begin, reader)
    if high is None or _CODE_GOES_ON.match(text, high.end):
        return None
    lower, upper = join(low, high)
    return high if lower is not None and upper is not None and lower < upper else None
