"""A training text as the network reads it this time: normalised, masked, cut to a window of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models.errors import RecipeError
from models.taxonomy import ENTITY_TAGS, INDICATORS
from models.text import normalize
from models.text.edits import Draft
from training.example import MarkedSpan
from training.mask import mask_digits, random_digits, url_edits
from training.texts import UNKNOWN, Marks


@dataclass(frozen=True, slots=True)
class Reading:
    """One window of one text.

    Attributes:
        ids: (n_tokens,) int64, special tokens included.
        indicators: (n_tokens, n_indicators) uint8, which indicators the words of a token show; None of a text
            whose words nobody has marked.
        entities: (n_tokens,) int64 index into ENTITY_TAGS, -100 where unknown; None of a text without marks.
        outside: (n_entity_tags,) bool, the tags that "O" may stand for in this text: "O" and those of the
            types that nobody has marked.
    """

    ids: npt.NDArray[np.int64]
    indicators: npt.NDArray[np.uint8] | None
    entities: npt.NDArray[np.int64] | None
    outside: npt.NDArray[np.bool_]


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
    marks: Sequence[Marks],
    tokenizer: Tokenizer,
    max_tokens: int,
    rng: np.random.Generator,
    *,
    hidden: float,
) -> list[Reading]:
    """Return one window of each text, half the time its beginning, some of its tokens hidden.

    Args:
        drafts: (n,) texts as they are to be read.
        marks: (n,) what is marked in the original of each.
        tokenizer: of the network.
        max_tokens: longest window, special tokens included.
        rng: decides where a window starts and what it hides.
        hidden: share of tokens that become the mask, so that no single word decides.
    """
    encodings = tokenizer.encode_batch([draft.text for draft in drafts], add_special_tokens=False)
    bos, eos, mask = (_id(tokenizer, token) for token in ("<s>", "</s>", "<mask>"))
    room = max_tokens - 2
    readings = []
    for draft, marked, encoding in zip(drafts, marks, encodings, strict=True):
        length = len(encoding.ids)
        start = int(rng.integers(length - room + 1)) if length > room and rng.random() < 0.5 else 0
        ids = np.array([bos, *encoding.ids[start : start + room], eos], dtype=np.int64)
        ids[1:-1] = np.where(rng.random(len(ids) - 2) < hidden, mask, ids[1:-1])
        indicators = entities = None
        if marked.indicators or marked.entity_types:
            places = token_places(draft, encoding.offsets[start : start + room])
            indicators = _with_ends(token_indicators(places, marked.spans), 0) if marked.indicators else None
            entities = _with_ends(token_entities(places, marked), UNKNOWN) if marked.entity_types else None
        readings.append(Reading(ids, indicators, entities, outside_tags(marked.entity_types)))
    return readings


def _with_ends(of_tokens: npt.NDArray[Any], end: int) -> npt.NDArray[Any]:
    """Return (n_tokens + 2, ...) what is known of tokens, `end` at the special ones before and after."""
    return np.pad(of_tokens, [(1, 1)] + [(0, 0)] * (of_tokens.ndim - 1), constant_values=end)


def _id(tokenizer: Tokenizer, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise RecipeError(f"the base's tokenizer has no {token} token")
    return found


def token_places(draft: Draft, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return (n_tokens,) where each token's words start and end in the original; (0, 0) of one without.

    Start and end are the same where the words are not of the original, such as those of its company.
    """
    places = []
    for start, end in offsets:
        word = draft.text[start:end].lstrip()  # a token that begins a word holds the space before it
        places.append((int(draft.starts[end - len(word)]), int(draft.ends[end - 1])) if word else (0, 0))
    return places


def token_indicators(places: Sequence[tuple[int, int]], spans: Sequence[MarkedSpan]) -> npt.NDArray[np.uint8]:
    """Return (n_tokens, n_indicators) 1 where a token's words meet a marked indicator."""
    found = np.zeros((len(places), len(INDICATORS)), dtype=np.uint8)
    for row, (first, last) in enumerate(places):
        for span in spans:
            if span.kind == "indicator" and span.start < last and first < span.end:
                found[row, INDICATORS.index(span.code)] = 1
    return found


def token_entities(places: Sequence[tuple[int, int]], marks: Marks) -> npt.NDArray[np.int64]:
    """Return (n_tokens,) index into ENTITY_TAGS; -100 where a token's words are not of the original.

    Of entities inside one another the outermost counts. Every mark is taken at its word, also of a type of
    which other mentions are not marked.
    """
    spans = [span for span in marks.spans if span.kind == "entity"]
    spans.sort(key=lambda span: span.start - span.end)
    found = np.full(len(places), UNKNOWN, dtype=np.int64)
    before = None
    for row, (first, last) in enumerate(places):
        if first >= last:
            continue
        here = next((span for span in spans if span.start < last and first < span.end), None)
        tag = "O" if here is None else f"{'I' if here is before else 'B'}-{here.code}"
        found[row] = ENTITY_TAGS.index(tag)
        before = here
    return found


@cache
def outside_tags(entity_types: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Return (n_entity_tags,) which tags "O" may stand for where only some types are marked."""
    return np.array([tag == "O" or tag[2:] not in entity_types for tag in ENTITY_TAGS])
