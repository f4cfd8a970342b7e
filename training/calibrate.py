"""What the `tune` split decides: temperature and bias per label, thresholds of the operating points."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.calibration import AT_RISK
from models.screening import OperatingPoint
from models.taxonomy import LABELS
from training.table import FloatArray, Table

FloatArray64 = npt.NDArray[np.float64]

ANY_FLAG_SHARE: dict[OperatingPoint, float] = {"screening": 0.05, "balanced": 0.01, "strict": 0.002}
AT_RISK_RECALL = 0.98
IN_DANGER = (AT_RISK, "trafficking_recruitment")
SHARE_IN_DANGER = 3  # to miss one of these costs most: they may raise three times the false alarms of another
LEAST_POSITIVES = 8
"""`tune` texts that a label must hold for, or nothing about it is fitted."""
FLOORS: dict[OperatingPoint, float] = {"screening": 0.15, "balanced": 0.30, "strict": 0.50}
_LOWEST, _HIGHEST = 0.05, 0.99


def fit_temperature(
    logits: FloatArray,
    truth: FloatArray,
    known: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64] | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return temperature and bias per label that minimise the log loss of known labels.

    Args:
        logits: (n, n_labels) float32.
        truth: (n, n_labels) in [0, 1].
        known: (n, n_labels) where `truth` means anything.
        weights: (n,) how much each text counts; None for all alike.

    Returns:
        Both (n_labels,) float32; a label with fewer than 8 known positives keeps 1 and 0.

    Source: Platt 1999; Guo et al. 2017.
    """
    temperature = np.ones(len(LABELS), dtype=np.float32)
    bias = np.zeros(len(LABELS), dtype=np.float32)
    of_text = np.ones(len(logits)) if weights is None else weights
    for label in range(len(LABELS)):
        rows = known[:, label]
        z, y = logits[rows, label].astype(np.float64), truth[rows, label].astype(np.float64)
        share = of_text[rows] / of_text[rows].sum()
        if y.sum() < LEAST_POSITIVES:
            continue

        def loss(
            parameters: FloatArray64, z: FloatArray64 = z, y: FloatArray64 = y, share: FloatArray64 = share
        ) -> float:
            scaled = z * np.exp(parameters[0]) + parameters[1]
            # A weak prior towards (1, 0) keeps a label with few positives from running away.
            return float(share @ (np.logaddexp(0, scaled) - y * scaled)) + 1e-3 * float(
                parameters @ parameters
            )

        best = minimize(loss, np.zeros(2), method="Nelder-Mead")
        temperature[label], bias[label] = math.exp(-best.x[0]), best.x[1]
    return temperature, bias


def stored_calibration(temperature: FloatArray, bias: FloatArray, role_temperature: float) -> dict[str, Any]:
    """Return what a manifest says of a calibration."""
    return {
        "temperature": _by_label(temperature),
        "bias": _by_label(bias),
        "role_temperature": round(role_temperature, 4),
    }


def _by_label(values: FloatArray) -> dict[str, float]:
    return {code: round(float(value), 4) for code, value in zip(LABELS, values, strict=True)}


def strata_of(table: Table) -> list[str]:
    """Return (n,) source and language of each text: what shares of false alarms are averaged over."""
    return [f"{source}/{language}" for source, language in zip(table.source, table.language, strict=True)]


def half_and_half(written: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return (n,) weights by which written texts and public sets count the same in all.

    Public sets hold one kind of scam each and hardly any positives of most labels; what people report is half
    scams of every kind, as the written texts are.
    """
    shares = {True: 0.5 / max(1, int(written.sum())), False: 0.5 / max(1, int((~written).sum()))}
    return np.where(written, shares[True], shares[False])


def fit_role_temperature(logits: FloatArray, roles: npt.NDArray[np.int64]) -> float:
    """Return the temperature that minimises the log loss of roles; rows with role -100 are left out."""
    rows = roles >= 0
    z, y = logits[rows], roles[rows]

    def loss(log_temperature: npt.NDArray[np.float64]) -> float:
        scaled = z / np.exp(log_temperature[0])
        return float(
            np.mean(
                np.log(np.exp(scaled - scaled.max(1, keepdims=True)).sum(1))
                + scaled.max(1)
                - scaled[np.arange(len(y)), y]
            )
        )

    return float(np.exp(minimize(loss, np.zeros(1), method="Nelder-Mead").x[0]))


def fit_thresholds(
    proba: FloatArray,
    benign: npt.NDArray[np.bool_],
    strata: Sequence[str],
    at_risk: npt.NDArray[np.bool_],
    shares: Mapping[OperatingPoint, float] = ANY_FLAG_SHARE,
) -> Mapping[OperatingPoint, Mapping[str, float]]:
    """Return thresholds, two decimals, per operating point and label.

    Every label gets the same share of false alarms (those that name people in danger three shares), as large
    as the point allows all labels together; a label that raises none stops at the point's floor.

    Args:
        proba: (n, n_labels) calibrated probabilities of the `tune` texts.
        benign: (n,) texts with no label.
        strata: (n,) what shares are averaged over (source and language), so that no large set drowns a small
            language.
        at_risk: (n,) texts whose person_at_risk is a known positive.
        shares: operating point -> share of the benign texts that may get any flag.
    """
    quiet = proba[benign]
    weights = even_weights([stratum for stratum, keep in zip(strata, benign, strict=True) if keep])
    thresholds: dict[OperatingPoint, dict[str, float]] = {}
    for point, share in shares.items():
        values = _equal_shares(quiet, weights, share, FLOORS[point])
        thresholds[point] = dict(zip(LABELS, values.tolist(), strict=True))
    plea_scores = np.sort(proba[at_risk, LABELS.index(AT_RISK)])
    if len(plea_scores):
        missed = math.floor((1 - AT_RISK_RECALL) * len(plea_scores))
        own = max(math.floor(float(plea_scores[missed]) * 100) / 100, _LOWEST)
        thresholds["screening"][AT_RISK] = min(own, thresholds["balanced"][AT_RISK])
    return thresholds


def _equal_shares(
    quiet: FloatArray, weights: npt.NDArray[np.float64], share: float, floor: float
) -> npt.NDArray[np.float64]:
    """Return (n_labels,) thresholds at which at most `share` of the benign texts, by weight, get any flag."""
    order = np.argsort(quiet, axis=0)
    reached = np.cumsum(weights[order], axis=0)
    rounded = np.round(quiet.astype(np.float64), 2)  # float32 0.51 is below 0.51; records compare in float64
    shares = np.array([SHARE_IN_DANGER if code in IN_DANGER else 1 for code in LABELS])
    low, high = 0.0, share
    best = np.full(quiet.shape[1], _HIGHEST)
    for _ in range(30):
        each = (low + high) / 2
        at = np.argmax(reached >= 1 - each * shares - 1e-12, axis=0)
        quantiles = np.take_along_axis(quiet, np.take_along_axis(order, at[None], axis=0), axis=0)[0]
        above = np.round(quantiles.astype(np.float64), 2) + 0.01  # a text at the quantile is not flagged
        values = np.clip(above, floor, _HIGHEST).round(2)
        flagged = (rounded >= values - 1e-9).any(axis=1)
        if float(weights[flagged].sum()) <= share:
            best, low = values, each
        else:
            high = each
    return best


def even_weights(strata: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return (n,) weights that sum to 1, the same sum for every stratum."""
    names, inverse, counts = np.unique(np.asarray(strata), return_inverse=True, return_counts=True)
    return 1.0 / (len(names) * counts[inverse])
