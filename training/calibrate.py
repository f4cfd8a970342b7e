"""What the `tune` split decides: temperature and bias per label, and the thresholds of the operating points."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.calibration import AT_RISK
from models.screening import OperatingPoint
from models.taxonomy import LABELS

FloatArray = npt.NDArray[np.float32]

ANY_FLAG_SHARE: dict[OperatingPoint, float] = {"screening": 0.05, "balanced": 0.01, "strict": 0.002}
AT_RISK_RECALL = 0.98
_MIN_POSITIVES = 8
_FLOOR, _CEILING = 0.05, 0.99


def fit_temperature(logits: FloatArray, truth: FloatArray, known: npt.NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Return temperature and bias per label that minimise the log loss of known labels.

    Args:
        logits: (n, n_labels) float32.
        truth: (n, n_labels) 0 or 1.
        known: (n, n_labels) where `truth` means anything.

    Returns:
        Both (n_labels,) float32; a label with fewer than 8 known positives keeps 1 and 0.

    Source: Platt 1999; Guo et al. 2017.
    """
    temperature = np.ones(len(LABELS), dtype=np.float32)
    bias = np.zeros(len(LABELS), dtype=np.float32)
    for label in range(len(LABELS)):
        rows = known[:, label]
        z, y = logits[rows, label].astype(np.float64), truth[rows, label].astype(np.float64)
        if y.sum() < _MIN_POSITIVES:
            continue

        def loss(parameters: npt.NDArray[np.float64], z: Any = z, y: Any = y) -> float:
            scaled = z * np.exp(parameters[0]) + parameters[1]
            # A weak prior towards (1, 0) keeps a label with few positives from running away.
            return float(np.mean(np.logaddexp(0, scaled) - y * scaled)) + 1e-3 * float(parameters @ parameters)

        best = minimize(loss, np.zeros(2), method="Nelder-Mead")
        temperature[label], bias[label] = math.exp(-best.x[0]), best.x[1]
    return temperature, bias


def fit_role_temperature(logits: FloatArray, roles: npt.NDArray[np.int64]) -> float:
    """Return the temperature that minimises the log loss of roles; rows with role -100 are left out."""
    rows = roles >= 0
    z, y = logits[rows], roles[rows]

    def loss(log_temperature: npt.NDArray[np.float64]) -> float:
        scaled = z / np.exp(log_temperature[0])
        return float(np.mean(np.log(np.exp(scaled - scaled.max(1, keepdims=True)).sum(1)) + scaled.max(1) - scaled[np.arange(len(y)), y]))

    return float(np.exp(minimize(loss, np.zeros(1), method="Nelder-Mead").x[0]))


def fit_thresholds(
    proba: FloatArray, benign: npt.NDArray[np.bool_], strata: Sequence[str], at_risk: npt.NDArray[np.bool_]
) -> Mapping[OperatingPoint, Mapping[str, float]]:
    """Return thresholds, two decimals, one number for all labels of a point but person_at_risk.

    Args:
        proba: (n, n_labels) calibrated probabilities of the `tune` texts.
        benign: (n,) texts with no label.
        strata: (n,) what the share of false alarms is averaged over (language and source), so that no large set drowns
            a small language.
        at_risk: (n,) texts whose person_at_risk is a known positive.
    """
    top = proba[benign].max(axis=1)
    weights = _even_weights([stratum for stratum, keep in zip(strata, benign, strict=True) if keep])
    thresholds: dict[OperatingPoint, Mapping[str, float]] = {}
    for point, share in ANY_FLAG_SHARE.items():
        value = _up(_weighted_quantile(top, weights, 1 - share))
        thresholds[point] = dict.fromkeys(LABELS, min(max(value, _FLOOR), _CEILING))
    plea_scores = np.sort(proba[at_risk, LABELS.index(AT_RISK)])
    if len(plea_scores):
        missed = math.floor((1 - AT_RISK_RECALL) * len(plea_scores))
        own = max(math.floor(float(plea_scores[missed]) * 100) / 100, _FLOOR)
        thresholds["screening"] = {**thresholds["screening"], AT_RISK: min(own, thresholds["balanced"][AT_RISK])}
    return thresholds


def _even_weights(strata: Sequence[str]) -> npt.NDArray[np.float64]:
    names, inverse, counts = np.unique(np.asarray(strata), return_inverse=True, return_counts=True)
    return 1.0 / (len(names) * counts[inverse])


def _weighted_quantile(values: FloatArray, weights: npt.NDArray[np.float64], quantile: float) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(reached, quantile * reached[-1])]])


def _up(value: float) -> float:
    """Round to the next two-decimal number above, so that a text at the quantile is not flagged."""
    return round(math.floor(value * 100) / 100 + 0.01, 2)
