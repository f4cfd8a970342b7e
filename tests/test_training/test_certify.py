"""A certificate promises at most what its texts support."""

import numpy as np
import pytest

from models.taxonomy import LABELS
from training.certify import allowed, certified_thresholds, upper_bound

POOLED = dict.fromkeys(LABELS, 0.5)


def flagged(proba: np.ndarray, thresholds: dict[str, float]) -> int:
    own = np.array([thresholds[code] for code in LABELS])
    return int((np.round(proba.astype(np.float64), 2) >= own - 1e-9).any(axis=1).sum())


def test_the_bound_of_no_flag_in_299_texts_is_one_percent() -> None:
    assert upper_bound(0, 299) <= 0.01 < upper_bound(0, 298)


@pytest.mark.parametrize(("n", "k"), [(298, None), (299, 0), (472, 0), (473, 1), (10_000, 83)])
def test_how_many_may_be_flagged_follows_from_n_alone(n: int, k: int | None) -> None:
    assert allowed(n) == k


@pytest.mark.parametrize("n", [299, 700, 1500])
@pytest.mark.parametrize("loudness", [0.5, 2.0, 6.0])
def test_no_more_than_allowed_are_flagged(n: int, loudness: float) -> None:
    rng = np.random.default_rng(n)
    proba = (1 / (1 + np.exp(-rng.normal(-4, loudness, (n, len(LABELS)))))).astype(np.float32)
    k = allowed(n)
    assert k is not None

    assert flagged(proba, certified_thresholds(proba, POOLED, k)) <= k


def test_quiet_texts_lower_thresholds_and_loud_ones_raise_them() -> None:
    quiet = np.full((299, len(LABELS)), 0.1, dtype=np.float32)
    loud = np.full((299, len(LABELS)), 0.8, dtype=np.float32)

    assert max(certified_thresholds(quiet, POOLED, 0).values()) < 0.5
    assert min(certified_thresholds(loud, POOLED, 0).values()) > 0.8


def test_labels_move_together() -> None:
    pooled = {**POOLED, "phishing": 0.9}
    proba = np.full((299, len(LABELS)), 0.7, dtype=np.float32)
    moved = certified_thresholds(proba, pooled, 0)

    assert moved["phishing"] > moved["loan_scam"] > 0.7
