"""Why a flag was raised: indicators and entities whose words speak for it, else its most telling passage."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import numpy as np

from models.calibration import Decision
from models.encoded import Encoded
from models.screening import Entity, Evidence, Indicator
from models.taxonomy import LABELS
from models.text import NormalizedText
from models.text.clusters import whole_clusters
from models.tokens import Tokens

MOST_PER_FLAG: Final = 3
_Sign = tuple[int, int, Literal["indicator", "entity", "influence"]]
_TELLING_URLS: Final = frozenset({"punycode", "homoglyph", "ip_address", "userinfo", "apk", "shortener"})
_SENTENCE: Final = re.compile(r"(?:[^.!?。！？។៕။\n]|[.?](?=[A-Za-z0-9/]))+[.!?。！？။៕។\n]*")
_LONG_SENTENCE_CHARS: Final = 160
_PIECE_CHARS: Final = 80


def find_evidence(
    decision: Decision,
    text: NormalizedText,
    encoded: Encoded,
    tokens: Tokens,
    *,
    indicators: Sequence[Indicator],
    entities: Sequence[Entity],
) -> tuple[Evidence, ...]:
    """Return at least one piece of evidence for every flag and context label, in original characters.

    An indicator or a telling entity is evidence for a flag if its tokens speak for it (label_influence above
    0); the strongest few are kept. A flag without one gets its most influential passage.
    """
    signs: list[_Sign] = [(one.start, one.end, "indicator") for one in indicators]
    signs += [(one.start, one.end, "entity") for one in entities if is_telling(one)]
    starts, ends = text.starts[tokens.spans[:, 0]], text.ends[np.maximum(tokens.spans[:, 1] - 1, 0)]
    found: list[Evidence] = []
    for code in (*decision.flags, *decision.context_labels):
        label = LABELS.index(code)
        scored: dict[_Sign, float] = {}
        for start, end, kind in signs:
            inside = (starts < end) & (ends > start)
            if inside.any():
                speaks = float(tokens.influence[inside, label].sum() / np.sqrt(inside.sum()))
                scored[start, end, kind] = speaks
        best = sorted((sign for sign in scored if scored[sign] > 0), key=lambda sign: -scored[sign])
        found += [Evidence(code, start, end, kind) for start, end, kind in best[:MOST_PER_FLAG]]
        if not best:
            start, end = text.original_span(*most_influential_passage(text.text, encoded, label))
            found.append(Evidence(code, start, end, "influence"))
    return tuple(found)


def is_telling(entity: Entity) -> bool:
    """Whether an entity may be a reason by itself: an address that pretends or hides."""
    return entity.type == "URL" and not _TELLING_URLS.isdisjoint(entity.attributes.get("flags", ()))


def most_influential_passage(text: str, encoded: Encoded, label: int) -> tuple[int, int]:
    """Return `[start, end)` of the sentence that speaks most for a label, by the root of its tokens."""
    strongest = int(np.argmax([output.label_logits[label] for output in encoded.outputs]))
    spans = encoded.windows[strongest].spans
    influence = encoded.outputs[strongest].influence[:, label]
    best, best_score = (0, len(text)), -np.inf
    for start, end in passages(text):
        # A token starts at the blank before its word: the first one of a sentence only overlaps it.
        inside = (spans[:, 0] < end) & (spans[:, 1] > start) & (spans[:, 1] > spans[:, 0])
        if inside.any():
            score = float(influence[inside].sum() / np.sqrt(inside.sum()))
            if score > best_score:
                best, best_score = (start, end), score
    return best


def passages(text: str) -> Iterator[tuple[int, int]]:
    """Yield `[start, end)` of sentences without outer blanks; long unpunctuated ones are cut at spaces."""
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        while end - start > _LONG_SENTENCE_CHARS:
            cut = text.rfind(" ", start + _PIECE_CHARS // 2, start + _PIECE_CHARS)
            cut = cut if cut > 0 else whole_clusters(text, start, start + _PIECE_CHARS)[1]
            yield from _trimmed(text, start, cut)
            start = cut
        yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
