"""URL and number masking, so that neither decides: in training for some texts, in evaluation for all."""

import re

import numpy as np

from models.text.edits import Edit

URL = re.compile(
    r"(?:h(?:tt|xx)ps?://|www\.)[^\s\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3000-\u9FFF\uFF00-\uFFEF]+"
    r"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/[\x21-\x7e]*)?",
    re.IGNORECASE | re.ASCII,
)
_DIGIT = re.compile(r"\d")


def mask_urls(text: str) -> str:
    """Return the text with every URL and bare domain replaced by one word."""
    return URL.sub("URL", text)


def url_edits(text: str) -> list[Edit]:
    """Return the edits that replace every URL and bare domain by one word."""
    return [(match.start(), match.end(), "URL") for match in URL.finditer(text)]


def mask_digits(text: str) -> str:
    """Return the text with every digit of any script replaced by 0."""
    return _DIGIT.sub("0", text)


def mask_all(text: str) -> str:
    """Return the text with URLs and digits masked."""
    return mask_digits(mask_urls(text))


def random_digits(text: str, rng: np.random.Generator) -> str:
    """Return the text with every digit replaced by a random one: no number can be learnt by heart."""
    return _DIGIT.sub(lambda _: str(rng.integers(10)), text)
