"""What the `tune` split decides: honest probabilities, thresholds that keep their promise."""

import numpy as np
import pytest

from models.calibration import AT_RISK, over, validate_thresholds
from models.screening import OPERATING_POINTS
from models.taxonomy import LABELS, ROLES
from training.calibrate import FLOORS, fit_role_temperature, fit_temperature, fit_thresholds, half_and_half

N = len(LABELS)
RISK = LABELS.index(AT_RISK)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def test_an_overconfident_label_is_cooled_to_its_true_rate() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 6, (4000, N)).astype(np.float32)
    truth = (rng.random((4000, N)) < sigmoid(logits / 3 - 1)).astype(np.float32)
    temperature, bias = fit_temperature(logits, truth, np.ones((4000, N), dtype=bool))

    assert temperature == pytest.approx(np.full(N, 3.0), rel=0.15)
    assert bias == pytest.approx(np.full(N, -1.0), abs=0.25)


def test_a_label_with_too_few_positives_keeps_its_raw_probability() -> None:
    logits = np.full((100, N), 2.0, dtype=np.float32)
    truth = np.zeros((100, N), dtype=np.float32)
    truth[:7] = 1
    temperature, bias = fit_temperature(logits, truth, np.ones((100, N), dtype=bool))

    assert temperature.tolist() == [1.0] * N
    assert bias.tolist() == [0.0] * N


def test_texts_that_say_nothing_about_a_label_do_not_move_it() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, (400, N)).astype(np.float32)
    truth = (rng.random((400, N)) < sigmoid(logits)).astype(np.float32)
    known = np.arange(400)[:, None] < np.full(N, 200)[None, :]
    garbage = np.where(known, truth, 1 - truth)

    np.testing.assert_array_equal(
        fit_temperature(logits, truth, known), fit_temperature(logits, garbage, known)
    )


def test_probabilities_are_true_of_the_texts_that_count() -> None:
    """Of the public texts 5 % hold, of the written ones 50 %, at the same logits: together 27.5 %."""
    rng = np.random.default_rng(3)
    written = np.arange(9000) >= 8000
    logits = rng.normal(0, 0.1, (9000, N)).astype(np.float32)
    truth = (rng.random((9000, N)) < np.where(written, 0.5, 0.05)[:, None]).astype(np.float32)
    temperature, bias = fit_temperature(logits, truth, np.ones((9000, N), dtype=bool), half_and_half(written))

    assert sigmoid(bias).mean() == pytest.approx(0.275, abs=0.02)
    assert temperature.min() > 0


def test_a_few_separable_positives_do_not_make_a_label_certain() -> None:
    logits = np.concatenate([np.full((90, N), -3.0), np.full((10, N), 3.0)]).astype(np.float32)
    truth = (logits > 0).astype(np.float32)
    temperature, bias = fit_temperature(logits, truth, np.ones_like(truth, dtype=bool))

    assert np.all(temperature > 0.05)
    assert np.all(np.abs(bias) < 10)


def test_the_role_temperature_is_found_and_unknown_roles_are_left_out() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 4, (3000, len(ROLES))).astype(np.float32)
    shares = np.exp(logits / 2)
    shares /= shares.sum(1, keepdims=True)
    roles = np.array([rng.choice(len(ROLES), p=share) for share in shares])
    unknown = np.concatenate([roles, np.full(3000, -100)])

    assert fit_role_temperature(logits, roles) == pytest.approx(2.0, rel=0.1)
    assert fit_role_temperature(np.concatenate([logits, -logits]), unknown) == pytest.approx(2.0, rel=0.1)


def tune(n: int = 5000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[str], np.ndarray]:
    rng = np.random.default_rng(seed)
    proba = sigmoid(rng.normal(-4, 1.5, (n, N))).astype(np.float32)
    benign = np.arange(n) < n * 0.8
    at_risk = np.arange(n) >= n * 0.95
    proba[at_risk, RISK] = rng.uniform(0.1, 1.0, int(at_risk.sum())).astype(np.float32)
    return proba, benign, ["toy/en"] * n, at_risk


@pytest.mark.parametrize(("point", "share"), [("screening", 0.05), ("balanced", 0.01), ("strict", 0.002)])
def test_at_most_its_share_of_benign_texts_is_flagged_at_a_point(point: str, share: float) -> None:
    proba, benign, strata, at_risk = tune(20_000)
    thresholds = fit_thresholds(proba, benign, strata, at_risk & False)
    limits = thresholds[point]  # type: ignore[index]
    flagged = [any(over(row[i], limits[code]) for i, code in enumerate(LABELS)) for row in proba[benign]]

    assert share * 0.2 < np.mean(flagged) <= share


def test_thresholds_are_two_decimals_complete_and_rise_with_strictness() -> None:
    thresholds = fit_thresholds(*tune())

    assert set(validate_thresholds(thresholds)) == set(OPERATING_POINTS)
    for code in LABELS:
        of_code = [thresholds[point][code] for point in OPERATING_POINTS]
        assert of_code == sorted(of_code)
        assert of_code == [round(value, 2) for value in of_code]


def test_person_at_risk_keeps_98_percent_recall_at_its_screening_threshold() -> None:
    proba, benign, strata, at_risk = tune()
    threshold = fit_thresholds(proba, benign, strata, at_risk)["screening"][AT_RISK]
    found = np.mean([over(value, threshold) for value in proba[at_risk, RISK]])

    assert found >= 0.98
    assert np.mean([over(value, threshold + 0.05) for value in proba[at_risk, RISK]]) < 0.98


def test_person_at_risk_is_never_harder_to_flag_at_screening_than_at_balanced() -> None:
    proba, benign, strata, at_risk = tune()
    proba[at_risk, RISK] = 1.0
    thresholds = fit_thresholds(proba, benign, strata, at_risk)

    assert thresholds["screening"][AT_RISK] <= thresholds["balanced"][AT_RISK]


def test_labels_that_never_raise_a_false_alarm_stop_at_the_floor_of_the_point() -> None:
    proba = np.full((500, N), 0.01, dtype=np.float32)
    thresholds = fit_thresholds(proba, np.ones(500, dtype=bool), ["toy/en"] * 500, np.zeros(500, dtype=bool))

    for point in OPERATING_POINTS:
        assert set(thresholds[point].values()) == {FLOORS[point]}


def test_one_noisy_label_does_not_raise_the_threshold_of_a_quiet_one() -> None:
    proba, benign, strata, at_risk = tune()
    proba[:, LABELS.index("phishing")] = 0.01
    thresholds = fit_thresholds(proba, benign, strata, at_risk)["balanced"]

    assert thresholds["phishing"] == FLOORS["balanced"]
    assert thresholds["task_scam"] > 0.6


def test_a_label_that_names_people_in_danger_may_raise_more_false_alarms_than_another() -> None:
    thresholds = fit_thresholds(*tune(20_000))["balanced"]

    assert thresholds["trafficking_recruitment"] < thresholds["task_scam"]
    assert thresholds[AT_RISK] < thresholds["loss_report"]


def test_a_small_noisy_language_counts_as_much_as_a_large_quiet_one() -> None:
    proba, benign, _, at_risk = tune()
    quiet = np.minimum(proba, 0.3)
    noisy = np.arange(len(proba)) < 100
    quiet[noisy] = proba[noisy]
    pooled = fit_thresholds(quiet, benign, ["toy/all"] * len(proba), at_risk)
    by_language = fit_thresholds(quiet, benign, ["toy/lo" if few else "toy/en" for few in noisy], at_risk)

    assert sum(by_language["balanced"].values()) > sum(pooled["balanced"].values())


def test_scores_that_round_to_a_threshold_count_as_false_alarms() -> None:
    proba = np.full((1000, N), 0.01, dtype=np.float32)
    proba[:, 0] = np.where(np.arange(1000) < 15, 0.5083, 0.01)
    benign, no_plea = np.ones(1000, dtype=bool), np.zeros(1000, dtype=bool)
    threshold = fit_thresholds(proba, benign, ["toy/en"] * 1000, no_plea)["balanced"][LABELS[0]]

    # 1.5 % of the texts score 0.5083, which a record compares as 0.51: more than the 1 % allowed.
    assert not over(0.5083, threshold)
    assert threshold == 0.52


def test_even_when_every_label_peaks_in_benign_texts_thresholds_stay_reachable() -> None:
    proba, benign, _, at_risk = tune(400)
    strata = [f"toy/{index % 40}" if index < 380 else "rare" for index in range(400)]

    assert max(fit_thresholds(proba, benign, strata, at_risk)["strict"].values()) < 0.99
