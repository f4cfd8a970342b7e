"""Fit the gate of an artefact and its head for pleas on written labels, and write both with their figures."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.linear_model import SGDClassifier

from models.artifact import copy_artifact, load_artifact, without_gate
from models.calibration import AT_RISK
from models.errors import TrainingDataError
from models.gate import GATE_FILE, Gate, hashed_grams
from models.plea_gate import PLEAS, PleaGate
from models.taxonomy import LABELS, ROLES
from models.text import normalize
from training.certify_gate import (
    HEADS,
    certificate,
    has_label,
    head_labels,
    mean_shares,
    read_texts,
    thresholds,
)
from training.export import write_manifest
from training.lanes import Lanes, lanes_by_language, lanes_json, with_threshold
from training.quantize import quantize_rows
from training.table import BoolArray, FloatArray, Table

logger = logging.getLogger(__name__)

GRAMS: Final = (1, 2, 3, 4)
BUCKETS: Final = 2**17
SEEDS: Final = (1, 2, 3, 4)
"""Orders in which the texts are read; the weights are the mean over them, for one text decides thresholds."""
_EPOCHS: Final = 10
_ALPHA: Final = 1e-5
_POSITIVE_SHARE: Final = 0.5
"""What all positives weigh, of what all other texts do."""
HELD_OUT: Final = ("certify", "test")
_BATCH: Final = 4_000


def fit_gate_of(artifact: Path, own: Table, output: Path, *, version: str | None = None) -> Mapping[str, Any]:
    """Write an artefact with a gate; return its certificate.

    Args:
        artifact: a calibrated artefact folder; a gate it has is left out.
        own: the texts a run reads, all splits.
        output: where the artefact with the gate goes.
        version: of the artefact with the gate; default: as before.

    Raises:
        ArtifactError: the artefact is absent or not whole.
        TrainingDataError: there is nothing to fit it on.
    """
    if not can_fit(own):
        raise TrainingDataError(
            "a gate needs `train` texts with and without labels, of people harmed and of people who ask"
        )
    copy_artifact(artifact, output)
    manifest = without_gate(load_artifact(output).manifest)
    write_manifest(output, {**manifest, "version": version or manifest["version"]})
    return add_gate(output, own)


def can_fit(own: Table) -> bool:
    """Whether the `train` texts of a run have what each head tells, and what it tells it from."""
    rows = own.where(own.split == "train")
    return bool(rows.benign.any()) and all(head.any() for head in head_labels(rows))


def add_gate(folder: Path, own: Table) -> Mapping[str, Any]:
    """Fit a gate, set its thresholds, certify it, and write it into an artefact; return its certificate."""
    features = gram_features(own.where(own.split == "train"))
    gate = fit_gate(features)
    tune_rows, held_rows = (own.where(np.isin(own.split, splits)) for splits in (("tune",), HELD_OUT))
    tune, held = read_texts(gate, tune_rows), read_texts(gate, held_rows)
    of_language = thresholds(tune, held)
    labels, roles = mean_shares(tune, of_language)
    found = certificate(held, of_language)
    gate = replace(gate, thresholds=of_language, labels=labels, roles=roles)
    pleas = with_threshold(fit_plea_gate(features), tune_rows)
    write_gate(folder, gate, found, pleas, lanes_by_language(pleas, held_rows))
    return found


def write_gate(
    folder: Path,
    gate: Gate,
    found: Mapping[str, Any],
    pleas: PleaGate | None = None,
    lanes: Mapping[str, Lanes] | None = None,
) -> None:
    """Write a gate and its certificate into an artefact, and its head for pleas with what that finds."""
    tensors = {"weights": gate.weights, "scale": gate.scale, "bias": gate.bias}
    stored: dict[str, Any] = {
        "heads": list(HEADS),
        "grams": list(gate.grams),
        "thresholds": {
            language: dict(zip(HEADS, _decimals(limits), strict=True))
            for language, limits in gate.thresholds.items()
        },
        "labels": dict(zip(LABELS, _decimals(gate.labels), strict=True)),
        "roles": dict(zip(ROLES, _decimals(gate.roles), strict=True)),
        "certificate": found,
    }
    if pleas:
        parts = {"weights": pleas.weights, "scale": pleas.scale, "bias": pleas.bias}
        tensors |= {f"{PLEAS}.{name}": part for name, part in parts.items()}
        stored[PLEAS] = {"threshold": pleas.threshold, "held_out": lanes_json(lanes or {})}
    save_file(tensors, folder / GATE_FILE)
    write_manifest(folder, {**load_artifact(folder).manifest, "gate": stored})


@dataclass(frozen=True, slots=True)
class GramFeatures:
    """The n-grams of texts to fit heads on.

    Attributes:
        rows: (n,) texts whose labels tell positive from benign.
        matrix: (n, BUCKETS) float32, of rare n-grams more.
        rarity: (BUCKETS,) how much more: inverse document frequency, which ends up in the weights.
    """

    rows: Table
    matrix: csr_matrix
    rarity: npt.NDArray[np.float64]


def gram_features(train: Table) -> GramFeatures:
    """Return the features of the distinct `train` texts."""
    distinct = train.distinct()
    rows = distinct.where(distinct.positive | distinct.benign)
    features = gram_matrix([normalize(text).text for text in rows.text])
    rarity = 1 + np.log((1 + len(rows)) / (1 + np.bincount(features.indices, minlength=BUCKETS)))
    return GramFeatures(rows, (features @ diags(rarity.astype(np.float32))).tocsr(), rarity)


def fit_gate(features: GramFeatures) -> Gate:
    """Return a gate without thresholds."""
    weights, scale, bias = _fit_heads(features, head_labels(features.rows))
    return Gate(
        grams=GRAMS,
        weights=weights,
        scale=scale,
        bias=bias,
        thresholds={},
        labels=np.zeros(len(LABELS), dtype=np.float32),
        roles=np.zeros(len(ROLES), dtype=np.float32),
    )


def fit_plea_gate(features: GramFeatures) -> PleaGate:
    """Return a plea gate without a threshold."""
    weights, scale, bias = _fit_heads(features, [has_label(features.rows, [AT_RISK])])
    return PleaGate(GRAMS, weights, scale, bias, threshold=np.inf)


def gram_matrix(texts: list[str]) -> csr_matrix:
    """Return (n_texts, BUCKETS) float32 of what `Gate.scores` multiplies its weights with.

    Args:
        texts: normalised.
    """
    parts = []
    for start in range(0, len(texts), _BATCH):
        buckets, starts = hashed_grams(texts[start : start + _BATCH], GRAMS, BUCKETS)
        counts = np.diff(starts)
        shares = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
        part = csr_matrix((shares, buckets.astype(np.int32), starts), shape=(len(counts), BUCKETS))
        part.sum_duplicates()
        parts.append(part)
    return vstack(parts).tocsr()


def _fit_heads(
    features: GramFeatures, heads: Sequence[BoolArray]
) -> tuple[npt.NDArray[np.int8], FloatArray, FloatArray]:
    """Return weights (BUCKETS, n_heads), scale and bias (n_heads,) of heads, each told (n,) bool.

    They are logistic regressions, fitted by averaged stochastic gradient descent (Xu 2011).
    """
    fitted = [_fit_head(features.matrix, head) for head in heads]
    coefficients = np.array([coefficients * features.rarity for coefficients, _ in fitted], dtype=np.float32)
    weights, scale = quantize_rows(coefficients)
    bias = np.array([bias for _, bias in fitted], dtype=np.float32)
    return np.ascontiguousarray(weights.T), scale, bias


def _fit_head(features: csr_matrix, head: BoolArray) -> tuple[npt.NDArray[np.float64], float]:
    """Return the coefficients (n_features,) and the bias of one head."""
    weights = np.where(head, _POSITIVE_SHARE * (~head).sum() / head.sum(), 1.0)
    models = [
        SGDClassifier(
            loss="log_loss", alpha=_ALPHA, max_iter=_EPOCHS, tol=None, average=True, random_state=seed
        )
        for seed in SEEDS
    ]
    for model in models:
        model.fit(features, head, sample_weight=weights)
    coefficients = np.mean([model.coef_[0] for model in models], axis=0)
    return coefficients, float(np.mean([model.intercept_[0] for model in models]))


def _decimals(values: npt.NDArray[np.float32]) -> list[float]:
    return [round(float(value), 5) for value in values]
