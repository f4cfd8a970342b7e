"""What makes a fitted network an artefact: calibration, certificates, how near the shipped path is to it."""

import logging
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np

from models.artifact import load_artifact
from models.calibration import AT_RISK, label_proba
from models.openvino_network import best_precision
from models.taxonomy import LABELS
from training.calibrate import (
    fit_role_temperature,
    fit_temperature,
    fit_thresholds,
    half_and_half,
    stored_calibration,
    strata_of,
)
from training.certify import LEAST_MESSAGES, Certificate, allowed, certified_thresholds, upper_bound
from training.export import write_manifest
from training.network import Network, from_artifact
from training.parity import largest_difference
from training.predict import predict
from training.sources import OPEN, authored
from training.table import Table
from training.texts import role_index

logger = logging.getLogger(__name__)

TUNE_TEXTS_PER_SOURCE: Final = 1000
CERTIFY_TEXTS_PER_LANGUAGE: Final = 1500


def calibrate(artifact_folder: Path, tune: Table, cache: Path) -> None:
    """Fit temperatures and thresholds on `tune` texts and write them into the manifest."""
    artifact = load_artifact(artifact_folder)
    rows = tune.distinct().at_most_per_source(TUNE_TEXTS_PER_SOURCE)
    scores = predict(artifact, list(rows.text), cache, name="tune")
    weights = half_and_half(rows.source == authored.SOURCE.name)
    temperature, bias = fit_temperature(scores.label_logits, rows.labels, rows.mask > 0, weights)
    roles = np.array([role_index(role) for role in rows.role])
    role_temperature = fit_role_temperature(scores.role_logits, roles)
    manifest = dict(artifact.manifest)
    manifest["calibration"] = stored_calibration(temperature, bias, role_temperature)
    write_manifest(artifact_folder, manifest)
    proba = label_proba(scores.label_logits, load_artifact(artifact_folder).calibration)
    at_risk = rows.held[:, LABELS.index(AT_RISK)]
    manifest["thresholds"] = fit_thresholds(proba, rows.benign, strata_of(rows), at_risk)
    write_manifest(artifact_folder, manifest)


def certify(artifact_folder: Path, table: Table, cache: Path) -> None:
    """Write certificates into the manifest, for every language with benign `certify` texts enough."""
    artifact = load_artifact(artifact_folder)
    register = {source.name: source.register for source in OPEN}
    benign = table.where(table.benign).distinct()
    certificates = {}
    for language in artifact.languages:
        rows = benign.where(benign.language == language).at_most(CERTIFY_TEXTS_PER_LANGUAGE)
        reported = sum(register.get(source, "other") != "other" for source in rows.source)
        k = allowed(len(rows))
        if k is None or reported < LEAST_MESSAGES:
            logger.info(
                "%s: %d benign texts, %d of them messages: no certificate", language, len(rows), reported
            )
            continue
        proba = predict(artifact, list(rows.text), cache, name=f"certify-{language}").proba(artifact)[0]
        certificates[language] = Certificate(
            n=len(rows),
            k=k,
            bound=upper_bound(k, len(rows)),
            thresholds=certified_thresholds(proba, artifact.calibration.thresholds["balanced"], k),
            sources=Counter(rows.source.tolist()),
        ).to_dict()
    write_manifest(artifact_folder, {**artifact.manifest, "certificates": certificates})


def note_parity(artifact_folder: Path, trained: Network, texts: list[str]) -> None:
    """Write into the manifest how far the shipped path is from torch in float32.

    Two numbers: against the artefact's own weights (what the runtime and its precision cost) and against the
    network as it was before its weights were rounded to int8.
    """
    artifact = load_artifact(artifact_folder)
    runtime = largest_difference(from_artifact(artifact_folder), artifact, texts)
    rounding = largest_difference(trained, artifact, texts)
    logger.info(
        "largest probability difference on %d texts: torch %.4f, before rounding %.4f",
        len(texts),
        runtime,
        rounding,
    )
    parity = {
        "texts": len(texts),
        "precision": best_precision(),
        "torch_float32": round(runtime, 5),
        "before_rounding": round(rounding, 5),
    }
    write_manifest(artifact_folder, {**artifact.manifest, "parity": parity})
