"""A training text as the network reads it this time: normalised, masked, cut to a window of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models.errors import RecipeError
from models.taxonomy import INDICATORS
from models.text import normalize
from models.text.edits import Draft
from training.example import MarkedSpan
from training.mask import mask_digits, random_digits, url_edits


@dataclass(frozen=True, slots=True)
class Reading:
    """One window of one text.

    Attributes:
        ids: (n_tokens,) int64, special tokens included.
        indicators: (n_tokens, n_indicators) uint8, which indicators the words of a token show; None of a text
            whose words nobody has marked.
    """

    ids: npt.NDArray[np.int64]
    indicators: npt.NDArray[np.uint8] | None


def masked(draft: Draft, *, urls: float, digits: float, rng: np.random.Generator) -> Draft:
    """Return a draft normalised, and with URLs or numbers masked at times, so that neither decides.

    Args:
        draft: of the text.
        urls: share of texts whose URLs become one word.
        digits: share of texts whose digits become 0 or, half the time, others.
        rng: decides.
    """
    draw = rng.random(2)
    plain = normalize(draft.text)
    if plain.text:
        draft = Draft(plain.text, draft.starts[plain.starts], draft.ends[plain.ends - 1])
    else:
        draft = Draft.of("")
    if draw[0] < urls:
        draft = draft.apply(url_edits(draft.text))
    if draw[1] < digits:
        text = mask_digits(draft.text) if draw[1] < digits / 2 else random_digits(draft.text, rng)
        draft = Draft(text, draft.starts, draft.ends)
    return draft


def read(
    drafts: Sequence[Draft],
    marks: Sequence[Sequence[MarkedSpan] | None],
    tokenizer: Tokenizer,
    max_tokens: int,
    rng: np.random.Generator,
    *,
    hidden: float,
) -> list[Reading]:
    """Return one window of each text, half the time its beginning, some of its tokens hidden.

    Args:
        drafts: (n,) texts as they are to be read.
        marks: (n,) marked words of each in its original, None where nobody has marked any.
        tokenizer: of the network.
        max_tokens: longest window, special tokens included.
        rng: decides where a window starts and what it hides.
        hidden: share of tokens that become the mask, so that no single word decides.
    """
    encodings = tokenizer.encode_batch([draft.text for draft in drafts], add_special_tokens=False)
    bos, eos, mask = (_id(tokenizer, token) for token in ("<s>", "</s>", "<mask>"))
    room = max_tokens - 2
    readings = []
    for draft, spans, encoding in zip(drafts, marks, encodings, strict=True):
        length = len(encoding.ids)
        start = int(rng.integers(length - room + 1)) if length > room and rng.random() < 0.5 else 0
        ids = np.array([bos, *encoding.ids[start : start + room], eos], dtype=np.int64)
        ids[1:-1] = np.where(rng.random(len(ids) - 2) < hidden, mask, ids[1:-1])
        indicators = None
        if spans is not None:
            indicators = np.zeros((len(ids), len(INDICATORS)), dtype=np.uint8)
            offsets = encoding.offsets[start : start + room]
            indicators[1:-1] = token_indicators(draft, offsets, spans)
        readings.append(Reading(ids, indicators))
    return readings


def _id(tokenizer: Tokenizer, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise RecipeError(f"the base's tokenizer has no {token} token")
    return found


def token_indicators(
    draft: Draft, offsets: Sequence[tuple[int, int]], spans: Sequence[MarkedSpan]
) -> npt.NDArray[np.uint8]:
    """Return (n_tokens, n_indicators) 1 where a token's words, in the original, meet a marked indicator."""
    found = np.zeros((len(offsets), len(INDICATORS)), dtype=np.uint8)
    for row, (start, end) in enumerate(offsets):
        word = draft.text[start:end].lstrip()  # a token that begins a word holds the space before it
        if not word:
            continue
        first, last = int(draft.starts[end - len(word)]), int(draft.ends[end - 1])
        for span in spans:
            if span.kind == "indicator" and span.start < last and first < span.end:
                found[row, INDICATORS.index(span.code)] = 1
    return found
