"""Calibration of an artefact that learnt added data: what these say nothing about keeps its meaning.

Temperature and bias of such a label are those at which its probabilities are what the earlier artefact gave
on the same `tune` texts; its thresholds stay. So neither drifts with the sources that happen to be at hand. A
label that the added data speak of is fitted to what is known of it.
"""

from collections.abc import Mapping, Sequence, Set
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.artifact import Artifact, load_artifact
from models.calibration import AT_RISK, label_proba
from models.errors import TrainingDataError
from models.screening import OperatingPoint
from models.taxonomy import LABELS
from training.added import rows_of
from training.calibrate import (
    ANY_FLAG_SHARE,
    LEAST_POSITIVES,
    even_weights,
    fit_role_temperature,
    fit_temperature,
    fit_thresholds,
    half_and_half,
    stored_calibration,
    strata_of,
)
from training.example import Source
from training.export import write_manifest
from training.predict import predict
from training.sources import authored
from training.table import BoolArray, FloatArray, Table
from training.texts import role_index


def calibrate_added(
    artifact_folder: Path,
    earlier: Artifact,
    rows: Table,
    *,
    free: Set[str],
    added: Sequence[Source],
    cache: Path,
) -> None:
    """Fit temperatures and thresholds on `tune` texts, by an earlier artefact, and write them down.

    Args:
        artifact_folder: of the artefact that learnt the added data.
        earlier: that it started from.
        rows: `tune` texts.
        free: labels that added data speak of, or that are new.
        added: sets.
        cache: folder of scores.

    Raises:
        TrainingDataError: no text is known to be harmless, so there is nothing to set a threshold by.
    """
    if not rows.benign.any():
        raise TrainingDataError(
            "of no text to tune by it is known that no label holds: read the written texts as well "
            "(texts_per_epoch.authored)"
        )
    artifact = load_artifact(artifact_folder)
    texts = list(rows.text)
    scores = predict(artifact, texts, cache, name="tune")
    before = predict(earlier, texts, cache, name="tune before").proba(earlier)[0]
    new = rows_of(rows, added)
    may_change = np.array([code in free for code in LABELS])
    truth, known = truth_by(rows, new, before, may_change)
    weights = half_and_half((rows.source == authored.SOURCE.name) | new)
    temperature, bias = fit_temperature(scores.label_logits, truth, known, weights)
    few = (truth * known).sum(0) < LEAST_POSITIVES
    temperature[few], bias[few] = earlier.calibration.temperature[few], earlier.calibration.bias[few]
    roles = np.array([role_index(role) for role in rows.role])
    calibration = stored_calibration(temperature, bias, fit_role_temperature(scores.role_logits, roles))
    write_manifest(artifact_folder, {**artifact.manifest, "calibration": calibration})
    artifact = load_artifact(artifact_folder)
    proba = label_proba(scores.label_logits, artifact.calibration)
    thresholds = thresholds_by(earlier, proba, before, rows, may_change)
    write_manifest(artifact_folder, {**artifact.manifest, "thresholds": thresholds})


def truth_by(
    rows: Table, new: BoolArray, before: FloatArray, may_change: npt.NDArray[np.bool_]
) -> tuple[FloatArray, BoolArray]:
    """Return what probabilities are fitted to, and where that means anything, both (n, n_labels).

    Of a label that may change, and of what added texts know, that is what people said; of all else it is what
    the earlier artefact said.

    Args:
        rows: (n,) texts.
        new: (n,) which of them are added.
        before: (n, n_labels) probabilities of the earlier artefact.
        may_change: (n_labels,).
    """
    told = (rows.mask > 0) & (may_change | new[:, None])
    truth = np.where(told, rows.labels, before).astype(np.float32)
    return truth, told | ~may_change


def thresholds_by(
    earlier: Artifact, proba: FloatArray, before: FloatArray, rows: Table, may_change: npt.NDArray[np.bool_]
) -> Mapping[OperatingPoint, Mapping[str, float]]:
    """Return the earlier thresholds, and for labels that may change those of `fit_thresholds`.

    Where the earlier artefact flags more of the benign texts at hand than an operating point allows, since
    they are the harder ones, that share is what the point allows here. At `screening`, person_at_risk falls
    to what finds enough pleas, if that is lower, and never rises.

    Args:
        earlier: artefact.
        proba: (n, n_labels) probabilities of the new artefact.
        before: (n, n_labels) of the earlier one.
        rows: (n,) `tune` texts.
        may_change: (n_labels,).
    """
    strata = strata_of(rows)
    weights = even_weights([name for name, benign in zip(strata, rows.benign, strict=True) if benign])
    kept = earlier.calibration.thresholds
    shares: dict[OperatingPoint, float] = {}
    for point, allowed in ANY_FLAG_SHARE.items():
        limits = np.array([kept[point][code] for code in LABELS])
        flags = (np.round(before[rows.benign].astype(np.float64), 2) >= limits - 1e-9).any(1)
        shares[point] = max(allowed, float(weights[flags].sum()))
    at_risk = rows.held[:, LABELS.index(AT_RISK)]
    fitted = fit_thresholds(proba, rows.benign, strata, at_risk, shares)
    free = {code for code, may in zip(LABELS, may_change, strict=True) if may}
    found = {
        point: {code: fitted[point][code] if code in free else kept[point][code] for code in LABELS}
        for point in kept
    }
    if at_risk.any():
        found["screening"][AT_RISK] = min(kept["screening"][AT_RISK], fitted["screening"][AT_RISK])
    return found
