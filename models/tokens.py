"""What the token heads say of a text: entities by BIO tags, indicators by marked stretches."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from models.encoded import Encoded, FloatArray, IntArray
from models.entities.words import LATIN
from models.taxonomy import ENTITY_TYPES, INDICATORS
from models.text.clusters import whole_clusters

INSIDE: Final = 0.5
"""A token is part of an entity where "outside" is less likely than this."""
SPANS_PER_INDICATOR: Final = 2
_BRIDGED_TOKENS: Final = 2
"""Unmarked tokens between two stretches of one indicator that do not part them."""
_EDGE: Final = " \t\n\r.,;:!?\"'()[]{}<>«»“”‘’、。，！？：；（）「」『』【】《》…·•*_-–—/|~។၊။।ฯ"
_LATIN_WORD: Final = re.compile(f"[0-9{LATIN}]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text in reading order, those of overlapping windows once.

    Attributes:
        spans: (n_tokens, 2) int64, `[start, end)` in the encoded text.
        influence: (n_tokens, n_labels) float32.
        entity_logits: (n_tokens, n_entity_tags) float32.
        indicator_logits: (n_tokens, n_indicators) float32.
    """

    spans: IntArray
    influence: FloatArray
    entity_logits: FloatArray
    indicator_logits: FloatArray


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A stretch of the encoded text that a token head names.

    Attributes:
        code: an entity type or an indicator.
        start, end: `[start, end)`.
        score: an entity's probability in (0, 1], an indicator's highest logit.
    """

    code: str
    start: int
    end: int
    score: float


def tokens_of(encoded: Encoded) -> Tokens:
    """Return the tokens of a text; one that two windows read, from that in which more stands around it."""
    pieces = [slice(1, len(window.ids) - 1) for window in encoded.windows]
    if len(pieces) > 1:
        shared = _shared_tokens(encoded)
        for index, both in enumerate(shared):
            before, after = pieces[index : index + 2]
            pieces[index] = slice(before.start, before.stop - (both - both // 2))
            pieces[index + 1] = slice(after.start + both // 2, after.stop)
    windows = tuple(zip(encoded.windows, encoded.outputs, pieces, strict=True))
    return Tokens(
        spans=np.concatenate([window.spans[piece] for window, _, piece in windows]),
        influence=np.concatenate([output.influence[piece] for _, output, piece in windows]),
        entity_logits=np.concatenate([output.entity_logits[piece] for _, output, piece in windows]),
        indicator_logits=np.concatenate([output.indicator_logits[piece] for _, output, piece in windows]),
    )


def _shared_tokens(encoded: Encoded) -> list[int]:
    """Return how many tokens each window shares with the next."""
    shared = []
    for window, following in pairwise(encoded.windows):
        first = following.spans[1, 0]
        shared.append(int((window.spans[1:-1, 0] >= first).sum()))
    return shared


def entity_spans(text: str, tokens: Tokens) -> list[TokenSpan]:
    """Return the entities the tags spell, in order, without overlaps; their score is the mean over tokens.

    A type's probability is that of its two tags together; a new entity begins where the type changes, or
    where its "begins" tag is the likelier one and the token is not glued to the one before, as no two names
    are.
    """
    logits = tokens.entity_logits
    if not logits.size:
        return []
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    proba = exponentials / exponentials.sum(1, keepdims=True)
    by_type = proba[:, 1::2] + proba[:, 2::2]
    kinds = by_type.argmax(1)
    inside = proba[:, 0] < INSIDE
    begins = (proba[:, 1::2] > proba[:, 2::2]) & ~_glued(text, tokens)[:, None]
    found: list[TokenSpan] = []
    run: list[int] = []
    for row in [*np.flatnonzero(inside).tolist(), -1]:
        goes_on = run and row == run[-1] + 1 and kinds[row] == kinds[run[0]] and not begins[row, kinds[row]]
        if run and not goes_on:
            kind = int(kinds[run[0]])
            found += _span(text, tokens, ENTITY_TYPES[kind], run, float(by_type[run, kind].mean()))
            run = []
        run.append(row)
    return _apart(found)


def _glued(text: str, tokens: Tokens) -> npt.NDArray[np.bool_]:
    """Return (n_tokens,) whether a token goes on where the one before ends, without a blank or a mark."""
    starts, ends = tokens.spans[:, 0], tokens.spans[:, 1]
    follows = np.concatenate([[False], starts[1:] == ends[:-1]])
    of_a_word = [
        unicodedata.category(text[start : start + 1] or " ")[0] in "LMN" for start in starts.tolist()
    ]
    return np.asarray(follows & of_a_word)


def indicator_spans(text: str, tokens: Tokens, thresholds: FloatArray) -> list[TokenSpan]:
    """Return the stretches whose tokens are over their indicator's threshold, the strongest few of each.

    Args:
        text: as encoded.
        tokens: of the text.
        thresholds: (n_indicators,) float32 logits.
    """
    over = tokens.indicator_logits >= thresholds
    found = []
    for code in np.flatnonzero(over.any(0)).tolist():
        spans: list[TokenSpan] = []
        for run in _runs(np.flatnonzero(over[:, code])):
            score = float(tokens.indicator_logits[run, code].max())
            spans += _span(text, tokens, INDICATORS[code], list(range(run[0], run[-1] + 1)), score)
        found += sorted(spans, key=lambda span: -span.score)[:SPANS_PER_INDICATOR]
    return sorted(found, key=lambda span: (span.start, span.end))


def _runs(rows: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Return rows parted where more than `_BRIDGED_TOKENS` lie between two."""
    return np.split(rows, np.flatnonzero(np.diff(rows) > _BRIDGED_TOKENS + 1) + 1)


def _span(text: str, tokens: Tokens, code: str, run: Sequence[int], score: float) -> Iterator[TokenSpan]:
    """Yield the words of some tokens as a span, without outer blanks and marks, unless none is left."""
    start, end = int(tokens.spans[run[0], 0]), int(tokens.spans[run[-1], 1])
    start, end = whole_words(text, start, end)
    words = text[start:end]
    kept = words.strip(_EDGE)
    if kept:
        start += len(words) - len(words.lstrip(_EDGE))
        yield TokenSpan(code, start, start + len(kept), score)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return `[start, end)` grown to whole words of Latin letters or digits, and to whole letter clusters."""
    while 0 < start < end and _LATIN_WORD.match(text, start) and _LATIN_WORD.match(text, start - 1):
        start -= 1
    while start < end < len(text) and _LATIN_WORD.match(text, end) and _LATIN_WORD.match(text, end - 1):
        end += 1
    return whole_clusters(text, start, end)


def _apart(spans: Sequence[TokenSpan]) -> list[TokenSpan]:
    """Return spans without those that begin inside the one before."""
    kept: list[TokenSpan] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
