"""Inline markup of indicators and entities -> plain text with spans, so that offsets cannot be wrong.

`{{urgency,secrecy|words}}` marks indicators, `[[PHONE|081-555-0143]]` an entity; they may nest.
"""

import re

from models.errors import TrainingDataError
from models.taxonomy import ENTITY_TYPES, INDICATORS
from training.example import MarkedSpan

_TOKEN = re.compile(r"\{\{(?P<indicators>[a-z_,]+)\||\[\[(?P<entity>[A-Z_]+)\||(?P<close>\}\}|\]\])")


def parse_markup(marked: str) -> tuple[str, tuple[MarkedSpan, ...]]:
    """Return the plain text and its spans, ordered by start.

    Raises:
        TrainingDataError: a mark is unknown, unbalanced or left open.
    """
    plain: list[str] = []
    length = 0
    position = 0
    opened: list[tuple[str, tuple[str, ...], int]] = []
    spans: list[MarkedSpan] = []
    for token in _TOKEN.finditer(marked):
        plain.append(marked[position : token.start()])
        length += token.start() - position
        position = token.end()
        if token["close"]:
            if not opened or opened[-1][0] != token["close"]:
                raise TrainingDataError(f"mark {token['close']} at character {token.start()} closes nothing")
            close, codes, start = opened.pop()
            for code in codes:
                spans.append(MarkedSpan("indicator" if close == "}}" else "entity", code, start, length))
        elif token["entity"]:
            _require_known((token["entity"],), ENTITY_TYPES, "entity type")
            opened.append(("]]", (token["entity"],), length))
        else:
            codes = tuple(token["indicators"].split(","))
            _require_known(codes, INDICATORS, "indicator")
            opened.append(("}}", codes, length))
    if opened:
        raise TrainingDataError(f"mark of {', '.join(opened[-1][1])} is never closed")
    plain.append(marked[position:])
    text = "".join(plain)
    if "{{" in text or "[[" in text:
        raise TrainingDataError("a mark is broken: write {{indicator|words}} or [[TYPE|words]]")
    return text, tuple(sorted(spans, key=lambda span: (span.start, -span.end)))


def _require_known(codes: tuple[str, ...], allowed: tuple[str, ...], what: str) -> None:
    for code in codes:
        if code not in allowed:
            raise TrainingDataError(f"{code!r} is not an {what} of the taxonomy")
