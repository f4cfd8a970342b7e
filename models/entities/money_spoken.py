"""Figures with words in them: which words of a run belong together, and what they come to.

Order of spoken numbers: Wikipedia, as in `money_words`.
"""

import itertools
import re
from collections.abc import Sequence
from typing import TypeAlias

from models.entities.money_digits import digits_value, is_burmese, is_han, is_share
from models.entities.money_words import COUNTS, HALVES, PERIODS, Reader
from models.entities.words import is_latin, skip_spaces

_COLLOQUIAL = re.compile(r"[\u0e00-\u0eff\u4e00-\u9fff]")
"""Scripts whose speakers leave out the last multiplier: สองหมื่นสี่, 两万五."""


def tokens_of(match: re.Match[str], reader: Reader) -> list[re.Match[str]]:
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
    if len(found) == 2 and (is_burmese(before.group()) or before.group().startswith("th")):
        return scale >= 1e4
    if not last.group().isdigit() or len(last.group()) > 3:
        return False
    return before.end() == last.start() or (
        reader.language == "vi"
        and before.group() in {"triệu", "trieu", "tr"}
        and not COUNTS.starting(text, after)
        and not is_share(text, last.end())
    )


Tokens: TypeAlias = Sequence[tuple[str, bool]]
"""Words of a figure, each with whether it is digits."""


def value_of(tokens: Tokens, reader: Reader) -> tuple[float | None, float]:
    """(value, last multiplier) of tokens; the value is None if it cannot be read for certain."""
    return _burmese_product(tokens, reader) or _evaluate(tokens, reader)


def _evaluate(tokens: Tokens, reader: Reader) -> tuple[float | None, float]:
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
        value = digits_value(token, reader.language, scaled=scaled) if digits else reader.numerals[token]
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


def _names_two(tokens: Tokens, reader: Reader) -> bool:
    """Whether two figures under ten stand side by side: 两三千 is two to three thousand, no one figure."""
    units = [1 <= reader.numerals.get(token, 0) < 10 for token, _ in tokens]
    return any(a and b for a, b in itertools.pairwise(units))


def _with_omitted_man(tokens: Tokens) -> Tokens:
    """Korean thousands after a hundred million count ten thousands: 2억 3천 is 230,000,000."""
    words = [token for token, _ in tokens]
    if "억" in words and "만" not in words and words[-1] in {"천", "백"}:
        return [*tokens, ("만", False)]
    return tokens


def _multiplies(tokens: Tokens, reader: Reader) -> bool:
    """Whether the multiplier comes first, as in Burmese round sums (သိန်း ၂၀) and Lao ລ້ານໜຶ່ງ."""
    if len(tokens) != 2 or tokens[0][0] not in reader.scales:
        return False
    scale = tokens[0][0]
    one = tokens[1][0] in {"หนึ่ง", "ໜຶ່ງ", "ຫນຶ່ງ", "ນຶ່ງ"}
    return is_burmese(scale) or scale.startswith("th") or one


def _burmese_product(tokens: Tokens, reader: Reader) -> tuple[float | None, float] | None:
    """Burmese "scale, then tens": သိန်းငါးဆယ် is 50 times 100,000; None if the tokens are not such."""
    first = tokens[0][0]
    scale = reader.scales.get(first, 0)
    if len(tokens) < 3 or not is_burmese(first) or scale < 1e4:
        return None
    if any(reader.scales.get(token, 0) >= 1e3 or digits for token, digits in tokens[1:]):
        return None
    rest, _ = _evaluate(tokens[1:], reader)
    return (None if rest is None else rest * scale), scale
