"""normalize(): one canonical text for the model and the matchers, with a map back to the original."""

from __future__ import annotations

from dataclasses import dataclass

from models.text import characters, leet, markup, numbers, strewn, styles, words, zawgyi
from models.text.edits import Draft, Offsets, Stage

MAX_ROUNDS = 8
"""One rule's work can reveal another's; real texts settle in two rounds."""

STAGES: tuple[Stage, ...] = (
    markup.MARKUP,
    characters.CLEANING,
    zawgyi.CONVERSION,
    characters.BURMESE,
    characters.KHMER,
    characters.THAI_LAO,
    characters.COMPOSED,
    styles.PLAIN,
    styles.WIDTH,
    characters.REPETITION,
    strewn.SMALL_CAPITALS,
    numbers.HAN,
    numbers.BURMESE,
    numbers.LATIN,
    words.HOMOGLYPHS,
    words.HAN,
    strewn.MARKS,
    words.LATIN,
    words.THAI_LAO,
    words.DECORATED,
    strewn.LEET,
    leet.LEET,
)


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A normalised text and where each of its characters came from.

    Attributes:
        text: for the model and for matching.
        starts: (len(text),) int32, start in the original of each character; non-decreasing.
        ends: (len(text),) int32, end (exclusive) in the original of each character; non-decreasing.
        zawgyi: the text was converted from Zawgyi.
    """

    text: str
    starts: Offsets
    ends: Offsets
    zawgyi: bool = False

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The `[start, end)` of the original that covers `text[start:end]`.

        Raises:
            ValueError: not 0 <= start <= end <= len(text).
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"expected 0 <= start <= end <= {len(self.text)}, got {start} and {end}")
        if start < end:
            return int(self.starts[start]), int(self.ends[end - 1])
        if start < len(self.text):
            position = int(self.starts[start])
        else:
            position = int(self.ends[-1]) if len(self.text) else 0
        return position, position


def normalize(text: str) -> NormalizedText:
    """The canonical form of `text`; the table in `models.text` says what changes."""
    draft, was_zawgyi = Draft.of(text), False
    for _ in range(MAX_ROUNDS):
        before = draft.text
        for stage in STAGES:
            old = draft.text
            draft = _apply(stage, draft)
            was_zawgyi |= stage is zawgyi.CONVERSION and draft.text != old
        if draft.text == before:
            break
    return NormalizedText(draft.text, draft.starts, draft.ends, was_zawgyi)


def _apply(stage: Stage, draft: Draft) -> Draft:
    if not stage.needs.search(draft.text):
        return draft
    for rule in stage.rules:
        if edits := rule(draft.text):
            draft = draft.apply(edits)
    return draft
