"""What changed between two models, and how sure that is."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score

from training.prove.paired import Ranking, paired_precision, paired_share, sign_flip


def hits(*counts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return hits of two models: so many of both, of the old alone, of the new alone, of none."""
    both, old, new, none = counts
    return (
        np.array([True] * (both + old) + [False] * (new + none)),
        np.array([True] * both + [False] * old + [True] * new + [False] * none),
    )


def test_of_single_texts_the_test_is_mcnemars() -> None:
    old, new = hits(50, 15, 4, 31)
    paired = paired_share(old, new, np.arange(100), worse="lower")

    assert (paired.old, paired.new) == (0.65, 0.54)
    assert paired.p_worse == pytest.approx(binomtest(4, 19, 0.5, alternative="less").pvalue)
    assert paired.low < -0.11 < paired.high < 0


def test_near_copies_count_once_in_the_test() -> None:
    old, new = hits(50, 15, 4, 31)
    groups = np.arange(100)
    groups[50:65] = 50  # what was lost is one text, fifteen times
    alone = paired_share(old, new, np.arange(100), worse="lower")
    grouped = paired_share(old, new, groups, worse="lower")

    assert grouped.p_worse > 0.05 > alone.p_worse
    assert grouped.low < alone.low
    assert grouped.high > alone.high


def test_which_way_is_worse_is_the_callers() -> None:
    old, new = hits(0, 1, 14, 85)

    assert paired_share(old, new, np.arange(100), worse="higher").p_worse < 0.001
    assert paired_share(old, new, np.arange(100), worse="lower").p_worse > 0.99


def test_two_models_that_hit_the_same_differ_in_nothing() -> None:
    old, _ = hits(5, 0, 0, 5)
    paired = paired_share(old, old, np.arange(10), worse="lower")

    assert (paired.low, paired.high, paired.p_worse) == (0, 0, 1)


def test_the_exact_test_sums_the_ways_groups_could_have_gone() -> None:
    # of +3, -2, -2 eight ways; sums of -1 or less: -3-2-2, -3-2+2, -3+2-2, +3-2-2
    assert sign_flip(np.array([3, -2, -2, 0])) == pytest.approx(4 / 8)
    assert sign_flip(np.array([], dtype=int)) == 1
    assert sign_flip(np.full(20, -1)) == pytest.approx(0.5**20)


def test_an_average_precision_that_falls_surely_has_a_small_p_value() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random(300) < 0.3
    good, bad = (truth + rng.normal(0, noise, 300) for noise in (0.3, 2.0))
    fallen = paired_precision(truth, good, bad, np.arange(300))
    same = paired_precision(truth, good, good, np.arange(300))

    assert fallen.change < 0
    assert fallen.high < 0
    assert fallen.p_worse < 1e-6
    assert same.p_worse == 1


def test_the_average_precision_of_a_draw_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random(200) < 0.2
    scores = rng.integers(0, 30, 200) / 30  # many are equal
    times = rng.integers(0, 4, 200)
    expected = average_precision_score(truth, scores, sample_weight=times)

    assert Ranking(truth, scores).average_precision(times) == pytest.approx(expected)
    assert math.isnan(Ranking(truth, scores).average_precision(np.where(truth, 0, times)))


def test_json_has_rounded_figures() -> None:
    old, new = hits(2, 1, 0, 0)
    told = paired_share(old, new, np.arange(3), worse="lower").to_dict()

    assert told["n"] == 3
    assert told["new"] == round(2 / 3, 4)
    assert all(math.isfinite(edge) for edge in told["change95"])
