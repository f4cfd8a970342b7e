"""The token heads' logits as spans: entities from BIO tags, indicators from stretches over a threshold."""

import numpy as np
import pytest

from models.encoded import Encoded, Window, WindowOutput
from models.taxonomy import ENTITY_TAGS, INDICATORS
from models.tokens import Tokens, entity_spans, indicator_spans, tokens_of, whole_words

TEXT = "ask Mr Somchai Nok in (Mae Sot), today only"
WORDS = [(0, 3), (4, 6), (7, 14), (15, 18), (19, 21), (22, 26), (27, 32), (33, 38), (39, 43)]
NEVER = -20.0


def tagged(*tags: str, sure: float = 9.0) -> Tokens:
    """Return the words of `TEXT` with these tags."""
    logits = np.zeros((len(WORDS), len(ENTITY_TAGS)), dtype=np.float32)
    logits[:, 0] = 5.0
    for row, tag in enumerate(tags):
        logits[row, ENTITY_TAGS.index(tag)] = sure
    none = np.zeros((len(WORDS), 0), dtype=np.float32)
    return Tokens(np.array(WORDS), none, logits, none)


def shown(**words: list[float]) -> Tokens:
    """Return the words of `TEXT` with these logits of some indicators."""
    logits = np.full((len(WORDS), len(INDICATORS)), NEVER, dtype=np.float32)
    for code, values in words.items():
        logits[:, INDICATORS.index(code)] = values
    none = np.zeros((len(WORDS), 0), dtype=np.float32)
    return Tokens(np.array(WORDS), none, none, logits)


def test_tags_become_entities_without_the_marks_around_them() -> None:
    tags = ["O", "B-PERSON", "I-PERSON", "B-PERSON", "O", "B-LOCATION", "I-LOCATION", "B-DATE", "O"]
    found = entity_spans(TEXT, tagged(*tags))

    assert [(span.code, TEXT[span.start : span.end]) for span in found] == [
        ("PERSON", "Mr Somchai"),
        ("PERSON", "Nok"),
        ("LOCATION", "Mae Sot"),
        ("DATE", "today"),
    ]
    assert all(0.9 < span.score <= 1 for span in found)


def test_an_entity_that_begins_with_an_inside_tag_is_one_too() -> None:
    found = entity_spans(TEXT, tagged("O", "I-PERSON", "I-PERSON", *["O"] * 6))

    assert [TEXT[span.start : span.end] for span in found] == ["Mr Somchai"]


def test_two_names_are_never_glued_together() -> None:
    text, words = "招打字员 客服", [(0, 1), (1, 2), (2, 4), (5, 7)]
    logits = np.zeros((4, len(ENTITY_TAGS)), dtype=np.float32)
    logits[0, 0] = 9.0
    logits[1:, ENTITY_TAGS.index("B-JOB_TITLE")] = 9.0
    none = np.zeros((4, 0), dtype=np.float32)
    found = entity_spans(text, Tokens(np.array(words), none, logits, none))

    assert [text[span.start : span.end] for span in found] == ["打字员", "客服"]


def test_what_is_as_likely_nothing_is_no_entity() -> None:
    assert entity_spans(TEXT, tagged(*["B-PERSON"] * 9, sure=4.0)) == []


def test_a_head_without_training_names_nothing() -> None:
    none = np.zeros((len(WORDS), 0), dtype=np.float32)

    assert entity_spans(TEXT, Tokens(np.array(WORDS), none, none, none)) == []


def test_an_indicator_is_its_words_over_the_threshold_small_gaps_bridged() -> None:
    thresholds = np.full(len(INDICATORS), 0.5, dtype=np.float32)
    tokens = shown(urgency=[NEVER] * 5 + [1.0, 0.0, 0.0, 2.0], secrecy=[0.4] * 9)
    found = indicator_spans(TEXT, tokens, thresholds)

    assert [(span.code, TEXT[span.start : span.end], span.score) for span in found] == [
        ("urgency", "Mae Sot), today only", 2.0)
    ]


def test_of_many_stretches_of_an_indicator_the_strongest_stay_in_reading_order() -> None:
    thresholds = np.zeros(len(INDICATORS), dtype=np.float32)
    far_apart = [1.0, NEVER, NEVER, NEVER, 3.0, NEVER, NEVER, NEVER, 2.0]
    found = indicator_spans(TEXT, shown(urgency=far_apart), thresholds)

    assert [TEXT[span.start : span.end] for span in found] == ["in", "only"]


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("call Somchai now", (7, 10), "Somchai"),
        ("ไปแม่สอดพรุ่งนี้", (2, 8), "แม่สอด"),
        ("ở Đà Nẵng nhé", (3, 8), "Đà Nẵng"),
    ],
)
def test_a_span_grows_to_whole_words_where_words_are_spaced(
    text: str, cut: tuple[int, int], whole: str
) -> None:
    assert text[slice(*whole_words(text, *cut))] == whole


def test_tokens_of_overlapping_windows_come_once_and_in_order() -> None:
    spans = np.array([(i, i + 1) for i in range(20)])

    def window(first: int, last: int) -> tuple[Window, WindowOutput]:
        n = last - first + 2
        own = np.concatenate([[(0, 0)], spans[first:last], [(0, 0)]])
        marks = np.full((n, 1), first, dtype=np.float32)
        none = np.zeros(1, dtype=np.float32)
        return Window(np.arange(n), own), WindowOutput(none, none, marks, marks, marks)

    windows, outputs = zip(window(0, 10), window(6, 16), window(12, 20), strict=True)
    tokens = tokens_of(Encoded(windows, outputs))

    assert tokens.spans.tolist() == spans.tolist()
    assert tokens.influence[:, 0].tolist() == [0] * 8 + [6] * 6 + [12] * 6
