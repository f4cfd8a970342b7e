"""Thresholds of the token heads on a few marked texts."""

import numpy as np
import pytest

from models.taxonomy import ENTITY_TAGS, ENTITY_TYPES, INDICATORS
from models.text import normalize
from models.tokens import Tokens
from training.calibrate_tokens import Marked, f1, fit_entities, fit_indicators, matches


def marked(
    words: list[tuple[str, str, float, float]], complete: frozenset[str] = frozenset(ENTITY_TYPES)
) -> Marked:
    """Return a text of words: word, its tag, how sure the head is of B-PERSON there, its urgency logit.

    A word tagged "person" or "urgent" is marked so.
    """
    text = " ".join(word for word, *_ in words)
    spans, at = [], 0
    for word, *_ in words:
        spans.append((at, at + len(word)))
        at += len(word) + 1
    tags = np.zeros((len(words), len(ENTITY_TAGS)), dtype=np.float32)
    tags[:, 0] = 5.0
    tags[:, ENTITY_TAGS.index("B-PERSON")] = [5.0 + sure for _, _, sure, _ in words]
    signs = np.full((len(words), len(INDICATORS)), -9.0, dtype=np.float32)
    signs[:, INDICATORS.index("urgency")] = [logit for *_, logit in words]
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for (_, tag, *_), span in zip(words, spans, strict=True):
        if tag:
            found.setdefault(
                ("entity", "PERSON") if tag == "person" else ("indicator", "urgency"), []
            ).append(span)
    tokens = Tokens(np.array(spans), np.zeros((len(words), 22), dtype=np.float32), tags, signs)
    return Marked(normalize(text), "en", tokens, found, complete)


TEXTS = [
    marked([("ask", "", 1.0, -9), ("Nok", "person", 4.0, -9), ("quickly", "urgent", -9, 1.2)]),
    marked([("see", "", 1.0, -9), ("Lek", "person", 4.0, -9), ("later", "", -9, 0.2)]),
    marked([("go", "", -9, -9), ("on", "", -9, -3), ("hurry", "urgent", -9, 1.4)]),
] * 10


def test_an_entity_counts_from_where_it_helps_most() -> None:
    assert fit_entities(TEXTS) == {"PERSON": 0.7}


def test_texts_that_leave_mentions_unmarked_say_nothing_of_a_type() -> None:
    uneven = marked([("see", "", -9, -9), ("Mali", "", 4.0, -9)], frozenset({"PHONE"}))

    assert fit_entities([*TEXTS, *[uneven] * 90]) == {"PERSON": 0.7}


def test_a_type_the_head_only_disturbs_is_left_to_rules() -> None:
    assert fit_entities([marked([("ask", "", 4.0, -9), ("me", "", 4.0, -9)])] * 5) == {}


def test_an_indicator_counts_from_where_its_spans_are_right_and_its_probability_follows() -> None:
    fitted = fit_indicators(TEXTS)["urgency"]

    assert 0.2 < fitted["threshold"] <= 1.2
    assert fitted["scale"] > 0
    assert 1.2 * fitted["scale"] + fitted["bias"] > 0 > 0.2 * fitted["scale"] + fitted["bias"]


def test_an_indicator_with_few_marks_gets_the_threshold_of_all() -> None:
    fitted = fit_indicators(TEXTS)

    assert fitted["secrecy"]["threshold"] == fitted["urgency"]["threshold"]


@pytest.mark.parametrize(
    ("found", "gold", "expected"),
    [
        ([(0, 3)], [(2, 5)], (1, 1, 1)),
        ([(0, 3), (3, 5)], [(0, 5)], (1, 2, 1)),
        ([(0, 3)], [(3, 5)], (0, 1, 1)),
        ([], [(3, 5)], (0, 0, 1)),
    ],
)
def test_a_span_meets_at_most_one_other(
    found: list[tuple[int, int]], gold: list[tuple[int, int]], expected: tuple[int, int, int]
) -> None:
    assert matches(found, gold) == expected


def test_f1_of_nothing_is_nothing() -> None:
    assert f1((0, 0, 0)) == 0
    assert f1((2, 2, 2)) == 1
