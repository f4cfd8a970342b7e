"""Scores against values worked out by hand."""

import numpy as np
import pytest

from training.metrics import (
    BoolArray,
    FloatArray,
    Share,
    average_precision,
    brier_skill,
    calibration_error,
    holm,
    paired_bootstrap,
    recall_at_false_alarms,
    reliability,
    scam_score,
)


def test_the_scam_score_is_the_chance_that_any_mapped_label_holds() -> None:
    proba = np.array([[0.5, 0.5, 0.9], [0.0, 0.0, 0.9]], dtype=np.float32)

    assert scam_score(proba, [0, 1]) == pytest.approx([0.75, 0.0])


def test_the_scam_score_rises_with_every_mapped_label_and_ignores_the_others() -> None:
    low = np.array([[0.1, 0.2, 0.3]], dtype=np.float32)
    mapped = low + np.array([[0.0, 0.1, 0.0]], dtype=np.float32)
    other = low + np.array([[0.0, 0.0, 0.5]], dtype=np.float32)

    assert scam_score(mapped, [0, 1]) > scam_score(low, [0, 1])
    assert scam_score(other, [0, 1]) == scam_score(low, [0, 1])


def test_average_precision_of_a_known_ranking() -> None:
    truth = np.array([True, False, True, False])
    scores = np.array([0.9, 0.8, 0.7, 0.1], dtype=np.float32)

    assert average_precision(truth, scores) == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize("truth", [[True, True], [False, False]])
def test_one_class_has_no_average_precision_and_no_recall(truth: list[bool]) -> None:
    scores = np.array([0.1, 0.9], dtype=np.float32)

    assert np.isnan(average_precision(np.array(truth), scores))
    assert np.isnan(recall_at_false_alarms(np.array(truth), scores))


def test_recall_at_one_percent_allows_one_false_alarm_in_a_hundred() -> None:
    negatives = np.linspace(0, 0.99, 100)
    scores = np.concatenate([negatives, [0.985, 0.975, 0.5]]).astype(np.float32)
    truth = np.array([False] * 100 + [True] * 3)

    # One negative (0.99) may be flagged; the next is 0.98, so only 0.985 is over it.
    assert recall_at_false_alarms(truth, scores) == pytest.approx(1 / 3)
    assert recall_at_false_alarms(truth, scores, share=0.03) == pytest.approx(2 / 3)


def test_recall_never_splits_texts_of_one_score() -> None:
    scores = np.array([0.5] * 200 + [0.5] * 10, dtype=np.float32)
    truth = np.array([False] * 200 + [True] * 10)

    assert recall_at_false_alarms(truth, scores) == 0.0


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (5, 10, 0.1871, 0.8129), (1, 100, 0.0003, 0.0545)],
)
def test_the_interval_of_a_share_is_the_exact_one(count: int, n: int, low: float, high: float) -> None:
    assert Share(count, n).interval() == pytest.approx((low, high), abs=1e-4)


def test_a_share_of_nothing_says_that_it_knows_nothing() -> None:
    assert np.isnan(Share(0, 0).value)
    assert Share(0, 0).interval() == (0.0, 1.0)
    assert Share(0, 0).to_dict() == {"share": None, "n": 0, "interval95": [0.0, 1.0]}


def test_the_bootstrap_sees_a_better_model_and_does_not_see_an_equal_one() -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(300) % 3 == 0
    good = (truth + rng.normal(0, 0.3, 300)).astype(np.float32)
    poor = (truth + rng.normal(0, 2.0, 300)).astype(np.float32)
    groups = list(range(300))

    low, high = paired_bootstrap(accuracy, truth, good, poor, groups)
    assert 0 < low < high
    assert paired_bootstrap(accuracy, truth, good, good, groups) == (0.0, 0.0)


def accuracy(truth: BoolArray, scores: FloatArray) -> float:
    return float(((scores > 0.5) == truth).mean())


def test_near_duplicates_do_not_make_an_interval_narrower() -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(60) % 3 == 0
    good = (truth + rng.normal(0, 0.5, 60)).astype(np.float32)
    poor = (truth + rng.normal(0, 1.0, 60)).astype(np.float32)

    def width(copies: int, *, grouped: bool) -> float:
        groups = np.tile(np.arange(60), copies) if grouped else np.arange(60 * copies)
        repeated = (np.tile(column, copies) for column in (truth, good, poor))
        low, high = paired_bootstrap(accuracy, *repeated, list(groups))
        return high - low

    assert width(8, grouped=True) == pytest.approx(width(1, grouped=True), rel=0.2)
    assert width(8, grouped=False) < width(8, grouped=True) / 2


def test_reliability_counts_every_text_once_in_bins_of_rising_probability() -> None:
    proba = np.linspace(0, 1, 103).astype(np.float32)
    points = reliability(proba > 0.5, proba)

    assert sum(n for _, _, n in points) == 103
    assert [mean for mean, _, _ in points] == sorted(mean for mean, _, _ in points)
    assert points[0][1] == 0.0
    assert points[-1][1] == 1.0


def test_brier_skill_is_one_when_sure_and_right_and_zero_at_the_prevalence() -> None:
    truth = np.array([True, False, False, False])

    assert brier_skill(truth, truth.astype(np.float32)) == 1.0
    assert brier_skill(truth, np.full(4, 0.25, dtype=np.float32)) == pytest.approx(0.0)
    assert brier_skill(truth, 1 - truth.astype(np.float32)) < 0


def test_calibration_error_is_the_gap_between_what_is_said_and_what_holds() -> None:
    truth = np.array([True, False] * 50)

    assert calibration_error(truth, np.full(100, 0.5, dtype=np.float32)) == pytest.approx(0.0)
    assert calibration_error(truth, np.full(100, 0.9, dtype=np.float32)) == pytest.approx(0.4)


def test_calibration_error_leaves_out_texts_that_nobody_is_shown() -> None:
    truth = np.array([True] * 50 + [False] * 50)
    proba = np.array([1.0] * 50 + [0.04] * 50, dtype=np.float32)

    assert calibration_error(truth, proba) == pytest.approx(0.0)


def test_of_many_questions_a_few_small_p_values_are_chance() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.02] + [0.9] * 99)[0] == 1
    assert holm([]) == []
