"""Amounts: the figure that digits and number words say, with the currency before or after it.

Thousands with dots (vi, id, lo) or commas: Unicode CLDR (symbols). Order of spoken numbers: Wikipedia, as in
`money_words`.
"""

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from models.entities.money_words import (
    COUNTS,
    CURRENCIES_BEFORE,
    HALVES,
    LONGEST_RUN,
    ONLY_BEFORE,
    ONLY_GLUED,
    PERIODS,
    Reader,
    currency_after,
    currency_code,
    is_letter,
)
from models.entities.words import is_latin

_DOT_THOUSANDS = {"vi", "id", "lo", "km"}
_THOUSANDS = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*(?:[.,]\d\d?)?|\d{1,2}(?:,\d\d)+,\d{3}")
_COLLOQUIAL = re.compile(r"[\u0e00-\u0eff\u4e00-\u9fff]")
"""Scripts whose speakers leave out the last multiplier: สองหมื่นสี่, 两万五."""
MORE = re.compile(r" ?(?:กว่า|ກວ່າ|ជាង|ကျော်|多|余|餘|幾|几|여|plus|\+)")
_NO_NUMBER_AFTER = re.compile(
    r" ?(?:%|٪|％|percent\b|per cent\b|persen\b|peratus\b|phần trăm|phan tram|"
    r"เปอร์|ເປີເຊັນ|ភាគរយ|ရာခိုင်နှုန်း|퍼센트|프로|प्रतिशत|パーセント|"
    r"[°º×✕])"
)
RANGE = re.compile(
    r"\+? ?(?:[-–—~〜～]|to|ถึง|ຫາ|ຫາເຖິງ|ដល់|မှ|đến|den|tới|hingga|sampai|s/d|"
    r"hanggang|se|से|至|到|から|에서) ?(?=\S)"
)
_NEXT_FIGURE = re.compile(r"[ .]\d")
_NEXT_SUM = re.compile(r" \d{1,3}(?:[.,]?\d{3}|\d\d)")
_NATIVE_LETTER = re.compile(r"[\u0e00-\u0e4f\u1780-\u17d3]")
_CODE_GOES_ON = re.compile(r"[-–/:]\d")
"""What makes a figure part of a date, a time or a code."""
_MAX_DIGITS = 13
_LONG_DIGITS = 8
"""So many in a row are rather an account or a phone where the word after them may belong to the next sum."""


def skip_spaces(text: str, start: int) -> int:
    """Where the text goes on after at most two spaces."""
    if not text.startswith(" ", start):
        return start
    return start + (2 if text.startswith("  ", start) else 1)


def is_han(text: str) -> bool:
    """Whether a word begins with a Chinese character."""
    return "\u4e00" <= text[0] <= "\u9fff"


def _is_burmese(text: str) -> bool:
    return "\u1000" <= text[0] <= "\u109f"


class Figure(NamedTuple):
    """What a run of digits and number words says.

    Attributes:
        end: where it ends in the text.
        value: None if it cannot be read for certain.
        scale: the last multiplier it names (1 if none): a range shares it.
        multiplier: the word for it, "" if none.
        grouped: whether it is written with separators between thousands.
        words: whether it has no digit at all.
        large: whether it begins with a multiplier ("million"), so that a word may be missing before it.
    """

    end: int
    value: float | None
    scale: float = 1.0
    multiplier: str = ""
    grouped: bool = False
    words: bool = False
    large: bool = False


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


# ---------------------------------------------------------------- figures


def _digits_value(number: str, language: str, *, scaled: bool) -> float | None:
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


def _is_code(digits: str) -> bool:
    """Whether digits are too long for a sum or begin with a zero, as codes and phone numbers do."""
    if digits[0] == "0" and digits[1:2].isdigit():
        return True
    return len(digits) > _MAX_DIGITS and sum(map(str.isdigit, digits)) > _MAX_DIGITS


def _is_grouped(digits: str, language: str) -> bool:
    """Whether digits have separators between thousands; one dot is a decimal point in most languages."""
    if digits.isdecimal() or not _THOUSANDS.fullmatch(digits):
        return False
    return language in _DOT_THOUSANDS or digits.count(".") != 1 or "," in digits


def _plain_figure(match: re.Match[str], reader: Reader) -> Figure | None:
    """The figure of a run that is digits alone; None if they are no sum."""
    digits = match.group()
    if _is_code(digits):
        return None
    value = _digits_value(digits, reader.language, scaled=False)
    return Figure(match.end(), value, grouped=_is_grouped(digits, reader.language))


def _scaled_figure(match: re.Match[str], reader: Reader) -> Figure | None:
    """The figure of digits with one multiplier (5k, 2.2 แสน), as most sums are written; None for another run.

    What `_evaluate` would say, at a tenth of the cost.
    """
    digits = match[1]
    multiplier = match.string[match.end(1) : match.end()].strip()
    if not digits or multiplier not in reader.scales or _is_code(digits):
        return None
    scale = reader.scales[multiplier]
    value = _digits_value(digits, reader.language, scaled=True)
    if value is None or not 0 < value < scale or value == 0.25:
        return None
    return Figure(match.end(), value * scale, scale, multiplier, _is_grouped(digits, reader.language))


def _spoken_figure(match: re.Match[str], reader: Reader) -> Figure | None:
    """The figure of a run with words in it; None if it is no sum."""
    word = match.group()
    if word in reader.scales:
        scale = reader.scales[word]
        return Figure(match.end(), scale, scale, word, words=True, large=True)
    if word in reader.numerals:
        return Figure(match.end(), reader.numerals[word], words=True)
    found = _tokens(match, reader)
    tokens = [(token.group(), token["number"] is not None) for token in found]
    first, digits = tokens[0]
    if digits and _is_code(first):
        return None
    value, scale = _burmese_product(tokens, reader) or _evaluate(tokens, reader)
    return Figure(
        found[-1].end(),
        value,
        scale,
        "" if scale == 1 else next(token for token, _ in reversed(tokens) if token in reader.scales),
        digits and _is_grouped(first, reader.language),
        not any(d for _, d in tokens),
        first in reader.scales and not (first == "十" and len(tokens) > 1),
    )


# ---------------------------------------------------------------- spoken figures


def _tokens(match: re.Match[str], reader: Reader) -> list[re.Match[str]]:
    """Tokens of a run, without those at its end that belong to what follows."""
    text = match.string
    found = _first_amount(list(reader.token.finditer(text, match.start(), match.end())), text, reader)
    while len(found) > 1 and not _belongs(text, found, reader):
        found.pop()
    return found


def _first_amount(found: list[re.Match[str]], text: str, reader: Reader) -> list[re.Match[str]]:
    """The tokens up to where another amount begins: after a space, a multiplier no smaller than the last."""
    last = 0.0
    for position, token in enumerate(found):
        word = token.group()
        scale = reader.scales.get(word)
        spaced = position > 0 and text[token.start() - 1] == " "
        if scale:
            after_digits = found[position - 1]["number"] and last >= 1e4 and position == 2
            if spaced and (last == scale or after_digits):
                return found[:position]
            last = scale
            continue
        previous = found[position - 1]
        mixed = (token["number"] is None) != (previous["number"] is None)
        if position and mixed and previous.group() not in reader.scales:
            return found[:position]
        if last and previous.group() in HALVES:
            return found[:position]
        if not (last and spaced) or word in HALVES:
            continue
        if is_han(word) or (token["word"] and found[0]["number"] and is_latin(word[0])):
            return found[:position]
        if token["number"] or not is_latin(word[0]):
            rest = (one.group() for one in found[position:])
            if next((reader.scales[one] for one in rest if one in reader.scales), 0.0) >= last:
                return found[:position]
    return found


def _belongs(text: str, found: list[re.Match[str]], reader: Reader) -> bool:
    """Whether the last token of a run goes with those before it (3tr8, not "3 triệu 2 con", "တစ်လ")."""
    before, last = found[-2:]
    scale = reader.scales.get(before.group(), 0)
    after = skip_spaces(text, last.end())
    if not last["number"]:
        one = reader.numerals.get(last.group()) == 1
        return not (one and scale >= 100 and (PERIODS.starting(text, after) or COUNTS.starting(text, after)))
    if len(found) == 2 and (_is_burmese(before.group()) or before.group().startswith("th")):
        return scale >= 1e4
    if not last.group().isdigit() or len(last.group()) > 3:
        return False
    return before.end() == last.start() or (
        reader.language == "vi"
        and before.group() in {"triệu", "trieu", "tr"}
        and not COUNTS.starting(text, after)
        and not is_share(text, last.end())
    )


def is_share(text: str, end: int) -> bool:
    """Whether a per cent sign or one of degrees or times follows a figure."""
    return _NO_NUMBER_AFTER.match(text, end) is not None


_Tokens: TypeAlias = Sequence[tuple[str, bool]]
"""Words of a figure, each with whether it is digits."""


def _evaluate(tokens: _Tokens, reader: Reader) -> tuple[float | None, float]:
    """(value, last multiplier) of tokens: sums and products as they are spoken."""
    stack: list[float] = []
    last = 1.0
    zero = False
    if _names_two(tokens, reader):
        return None, max(reader.scales.get(token, 1.0) for token, _ in tokens)
    tokens = _with_omitted_man(tokens)
    for position, (token, digits) in enumerate(tokens):
        if not digits and token in reader.scales:
            scale = reader.scales[token]
            below = 0.0
            while stack and stack[-1] < scale:
                below += stack.pop()
            if below == 0.25:
                below = 1.25
            stack.append((below or 1.0) * scale)
            last = scale
            continue
        scaled = len(tokens) > 1
        value = _digits_value(token, reader.language, scaled=scaled) if digits else reader.numerals[token]
        if value is None:
            return None, last
        zero = zero or value == 0
        is_last = position == len(tokens) - 1 and last > 1 and not zero
        if is_last and _multiplies(tokens, reader):
            return last * (value + 1 if value == 0.5 else value), last
        if last > 1 and token in HALVES:
            value = last / 2
        elif is_last:
            value = _tail_value(
                token, value, last, bool(_COLLOQUIAL.match(tokens[0][0] if digits else token))
            )
            if value is None:
                return None, last
        stack.append(value)
    return sum(stack), last


def _tail_value(token: str, value: float, scale: float, native: bool) -> float | None:
    """What a last figure after a multiplier adds: 3tr8, 三万五, สองหมื่นห้า."""
    if token.isdigit():
        return value * scale / 10 ** len(token) if scale >= 1000 and len(token) <= 3 else None
    if native and value < 10 and scale >= (100 if is_han(token) else 1000):
        return value * scale / 10
    return value


def _names_two(tokens: _Tokens, reader: Reader) -> bool:
    """Whether two figures under ten stand side by side: 两三千 is two to three thousand, no one figure."""
    units = [1 <= reader.numerals.get(token, 0) < 10 for token, _ in tokens]
    return any(a and b for a, b in itertools.pairwise(units))


def _with_omitted_man(tokens: _Tokens) -> _Tokens:
    """Korean thousands after a hundred million count ten thousands: 2억 3천 is 230,000,000."""
    words = [token for token, _ in tokens]
    if "억" in words and "만" not in words and words[-1] in {"천", "백"}:
        return [*tokens, ("만", False)]
    return tokens


def _multiplies(tokens: _Tokens, reader: Reader) -> bool:
    """Whether the multiplier comes first, as in Burmese round sums (သိန်း ၂၀) and Lao ລ້ານໜຶ່ງ."""
    if len(tokens) != 2 or tokens[0][0] not in reader.scales:
        return False
    scale = tokens[0][0]
    one = tokens[1][0] in {"หนึ่ง", "ໜຶ່ງ", "ຫນຶ່ງ", "ນຶ່ງ"}
    return _is_burmese(scale) or scale.startswith("th") or one


def _burmese_product(tokens: _Tokens, reader: Reader) -> tuple[float | None, float] | None:
    """Burmese "scale, then tens": သိန်းငါးဆယ် is 50 times 100,000; None if the tokens are not such."""
    first = tokens[0][0]
    scale = reader.scales.get(first, 0)
    if len(tokens) < 3 or not _is_burmese(first) or scale < 1e4:
        return None
    if any(reader.scales.get(token, 0) >= 1e3 or digits for token, digits in tokens[1:]):
        return None
    rest, _ = _evaluate(tokens[1:], reader)
    return (None if rest is None else rest * scale), scale


# ---------------------------------------------------------------- currencies around them


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
    if match.end(1) == end:
        figure = _plain_figure(match, reader)
    else:
        figure = _scaled_figure(match, reader) or _spoken_figure(match, reader)
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


# ---------------------------------------------------------------- ranges


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
