"""Figures: what a run of digits and number words says."""

import re
from typing import NamedTuple

from models.entities.money_digits import digits_value, is_code, is_grouped
from models.entities.money_spoken import tokens_of, value_of
from models.entities.money_words import Reader


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


def figure_of(match: re.Match[str], reader: Reader) -> Figure | None:
    """The figure of a run of `reader.run`; None if it is no sum."""
    if match.end(1) == match.end():
        return _plain_figure(match, reader)
    return _scaled_figure(match, reader) or _spoken_figure(match, reader)


def _plain_figure(match: re.Match[str], reader: Reader) -> Figure | None:
    """The figure of a run that is digits alone; None if they are no sum."""
    digits = match.group()
    if is_code(digits):
        return None
    value = digits_value(digits, reader.language, scaled=False)
    return Figure(match.end(), value, grouped=is_grouped(digits, reader.language))


def _scaled_figure(match: re.Match[str], reader: Reader) -> Figure | None:
    """The figure of digits with one multiplier (5k, 2.2 แสน), as most sums are written; None for another run.

    What `value_of` would say, at a tenth of the cost.
    """
    digits = match[1]
    multiplier = match.string[match.end(1) : match.end()].strip()
    if not digits or multiplier not in reader.scales or is_code(digits):
        return None
    scale = reader.scales[multiplier]
    value = digits_value(digits, reader.language, scaled=True)
    if value is None or not 0 < value < scale or value == 0.25:
        return None
    return Figure(match.end(), value * scale, scale, multiplier, is_grouped(digits, reader.language))


def _spoken_figure(match: re.Match[str], reader: Reader) -> Figure | None:
    """The figure of a run with words in it; None if it is no sum."""
    word = match.group()
    if word in reader.scales:
        scale = reader.scales[word]
        return Figure(match.end(), scale, scale, word, words=True, large=True)
    if word in reader.numerals:
        return Figure(match.end(), reader.numerals[word], words=True)
    found = tokens_of(match, reader)
    tokens = [(token.group(), token["number"] is not None) for token in found]
    first, digits = tokens[0]
    if digits and is_code(first):
        return None
    value, scale = value_of(tokens, reader)
    return Figure(
        found[-1].end(),
        value,
        scale,
        "" if scale == 1 else next(token for token, _ in reversed(tokens) if token in reader.scales),
        digits and is_grouped(first, reader.language),
        not any(d for _, d in tokens),
        first in reader.scales and not (first == "十" and len(tokens) > 1),
    )
