"""The gate: the same n-grams and scores for a text alone, in a batch, today and tomorrow."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ArtifactCorruptError
from models.gate import GATE_FILE, STRETCH_CHARS, hashed_grams, read_gate, stretches
from tests.tiny import ALARM_WORDS, random_texts, tiny_gate

GRAMS, BUCKETS = (2, 3), 2**10
SHIPPED = [12, 596, 810, 885, 245, 113, 105, 746, 496, 933, 303, 242, 565, 944, 153, 170, 594]
TEXTS = ["", "a", "Meet me at noon.", "สวัสดีตอนเช้า", "明天下午三点在图书馆见面", "\U0001f600 ok", "12 34"]


def grams_of(*texts: str) -> list[list[int]]:
    buckets, starts = hashed_grams(texts, GRAMS, BUCKETS)
    return [buckets[start:end].tolist() for start, end in pairwise(starts)]


def test_a_text_has_the_same_n_grams_alone_and_in_a_batch() -> None:
    assert grams_of(*TEXTS) == [grams_of(text)[0] for text in TEXTS]


def test_a_text_has_an_n_gram_at_every_place_between_its_outer_blanks() -> None:
    [found] = grams_of("noon")

    assert len(found) == len(" noon ") - 1 + len(" noon ") - 2


def test_the_hash_is_the_one_that_shipped_weights_were_fitted_for() -> None:
    assert grams_of("ที่ noon") == [SHIPPED]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Call NOW", "call now"), ("pay 500 baht", "pay 987 baht"), ("two\n\n words ", "two words")],
)
def test_case_digits_and_blanks_do_not_matter(one: str, other: str) -> None:
    assert grams_of(one) == grams_of(other)


def test_another_order_of_letters_is_another_text() -> None:
    assert grams_of("noon") != grams_of("onno")


def test_scores_are_the_same_alone_and_in_a_batch() -> None:
    gate, texts = tiny_gate(), [*TEXTS, *random_texts(40)]
    alone = np.concatenate([gate.scores([text]) for text in texts])

    assert np.array_equal(gate.scores(texts), alone)
    assert gate.scores([]).shape == (0, 3)


def test_a_text_of_unknown_letters_scores_by_the_bias_alone() -> None:
    gate = tiny_gate()

    assert gate.scores(["", "ꦱꦸꦒꦼꦁ"]) == pytest.approx(np.stack([gate.bias] * 2))


def test_a_text_passes_only_where_every_head_is_below_the_threshold_of_its_language() -> None:
    gate = tiny_gate()

    below = np.full(3, -1, dtype=np.float32)
    assert gate.passes(below, "en")
    assert not gate.passes(below, "vi")
    for head in range(3):
        assert not gate.passes(np.where(np.arange(3) == head, 0, below), "en")


def test_a_file_that_is_no_gate_is_refused(tmp_path) -> None:
    (tmp_path / GATE_FILE).write_bytes(b"not a gate")

    with pytest.raises(ArtifactCorruptError, match="not a readable"):
        read_gate(tmp_path, {"heads": []})


@given(st.text(max_size=1200))
def test_stretches_overlap_and_leave_nothing_out(text: str) -> None:
    pieces = stretches(text)

    assert pieces[0] == text[:STRETCH_CHARS]
    assert all(len(piece) <= STRETCH_CHARS for piece in pieces)
    assert text.endswith(pieces[-1])
    assert {*text} == set().union(*map(set, pieces))


def test_harmless_words_around_a_sign_do_not_make_it_harmless() -> None:
    gate = tiny_gate()
    sign = f"they keep her as a {ALARM_WORDS[1]} there"
    padding = "we met at the market and bought rice and fish for the family dinner. " * 6
    [alone, buried] = gate.scores([sign, f"{padding}{sign} {padding}"])

    assert (alone > 0).tolist() == (buried > 0).tolist() == [False, True, False]
