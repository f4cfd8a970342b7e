"""What the independent written test says of an artefact, and how often it has been asked."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.artifact import Artifact
from models.calibration import AT_RISK, NOT_OFFENCES, decide
from models.language import FIRST_CLASS
from models.taxonomy import LABELS, ROLES
from training.flags import flagged
from training.metrics import FloatArray, Share, average_precision, brier_skill, calibration_error, scam_score
from training.table import Table

ENOUGH = 40  # positives or texts, for a figure of its own
ENOUGH_TO_CALIBRATE = 50
EXAMPLES, EXAMPLE_CHARACTERS = 3, 120
SCORINGS = Path(__file__).parents[1] / "docs" / "report" / "written_test_scorings.jsonl"

Report = dict[str, Any]


def measure(rows: Table, proba: FloatArray, roles: FloatArray, artifact: Artifact) -> Report:
    """Return every figure of the test.

    Args:
        rows: the test's texts; `scheme` is plain, code_mixed or hard.
        proba: (n, n_labels) calibrated probabilities.
        roles: (n, n_roles) probabilities.
        artifact: whose thresholds hold.
    """
    languages = rows.language.tolist()
    flags = flagged(proba, languages, artifact.calibration, "balanced")
    screening = flagged(proba, languages, artifact.calibration, "screening")
    right = (flags & (rows.labels > 0)).any(1)
    role_right = roles.argmax(1) == np.array([ROLES.index(role) for role in rows.role])
    at_risk = rows.labels[:, LABELS.index(AT_RISK)] > 0
    found = screening[:, LABELS.index(AT_RISK)]
    labels = {code: _label(rows, proba, flags, index) for index, code in enumerate(LABELS)}
    enough = [entry["average_precision"] for entry in labels.values() if entry["positives"] >= ENOUGH]
    hard = rows.benign & (rows.scheme == "hard")
    return {
        "n": len(rows),
        "positives": int(rows.positive.sum()),
        "macro_average_precision": round(float(np.mean(enough)), 4) if enough else None,
        "labels_in_macro": len(enough),
        "labels": labels,
        "any_right_label": _share(right, rows.positive),
        "any_right_label_by_language": {
            language: _share(right, rows.positive & (rows.language == language)) for language in FIRST_CLASS
        },
        "any_right_label_by_role": {
            role: _share(right, rows.positive & (rows.role == role)) for role in ROLES
        },
        "any_right_label_by_kind": {
            kind: _share(right, rows.positive & (rows.scheme == kind)) for kind in sorted(set(rows.scheme))
        },
        "false_alarms": _share(flags.any(1), rows.benign),
        "false_alarms_hard": _share(flags.any(1), hard),
        "false_alarms_by_language": {
            language: _share(flags.any(1), rows.benign & (rows.language == language))
            for language in FIRST_CLASS
        },
        "false_alarms_on_warnings": _share(flags.any(1), rows.benign & (rows.role == "warning")),
        "role_accuracy": _share(role_right, np.ones(len(rows), dtype=bool)),
        "person_at_risk_screening": _share(found, at_risk),
        "person_at_risk_missed": rows.key[at_risk & ~found].tolist(),
        "pleas_with_an_offence_in_flags": _accused(rows, proba, artifact),
        "examples": {
            "missed": _examples(rows, rows.positive & ~right, -scam_score(proba)),
            "false_alarms": _examples(rows, rows.benign & flags.any(1), scam_score(proba)),
        },
    }


def _share(hits: npt.ArrayLike, members: npt.ArrayLike) -> Report:
    return Share.of(hits, members).to_dict()


def _examples(rows: Table, members: np.ndarray, scores: FloatArray) -> list[str]:
    """Return the three clearest failures short enough to print, each of another language."""
    shown: dict[str, str] = {}
    for index in np.argsort(-scores, kind="stable").tolist():
        text = " ".join(rows.text[index].split())
        if members[index] and len(text) <= EXAMPLE_CHARACTERS and len(shown) < EXAMPLES:
            shown.setdefault(str(rows.language[index]), f"{rows.key[index]} “{text}”")
    return list(shown.values())


def _label(rows: Table, proba: FloatArray, flags: np.ndarray, index: int) -> Report:
    truth = rows.labels[:, index] > 0
    entry: Report = {
        "positives": int(truth.sum()),
        "average_precision": round(average_precision(truth, proba[:, index]), 4),
        "recall": _share(flags[:, index], truth),
    }
    if truth.sum() >= ENOUGH_TO_CALIBRATE:
        entry["brier_skill"] = round(brier_skill(truth, proba[:, index]), 4)
        entry["calibration_error"] = round(calibration_error(truth, proba[:, index]), 4)
    return entry


def _accused(rows: Table, proba: FloatArray, artifact: Artifact) -> list[str]:
    """Return the keys of pleas, in a victim's own account, that end with an offence in `flags`."""
    pleas = (rows.labels[:, LABELS.index(AT_RISK)] > 0) & (rows.role == "victim_account")
    accused = []
    for index in np.flatnonzero(pleas).tolist():
        decision = decide(
            proba[index],
            artifact.calibration,
            operating_point="balanced",
            language=rows.language[index],
            role="victim_account",
        )
        if set(decision.flags) - NOT_OFFENCES:
            accused.append(str(rows.key[index]))
    return accused


def count_scoring(artifact: Artifact, ledger: Path = SCORINGS) -> int:
    """Note that an artefact was scored on the test, once per artefact; return how many have been."""
    entries = (
        [json.loads(line) for line in ledger.read_text("utf-8").splitlines()] if ledger.is_file() else []
    )
    if artifact.info.sha256 not in {entry["sha256"] for entry in entries}:
        entry = {
            "date": datetime.now(UTC).date().isoformat(),
            "name": artifact.info.name,
            "version": artifact.info.version,
            "sha256": artifact.info.sha256,
        }
        entries.append(entry)
        ledger.parent.mkdir(parents=True, exist_ok=True)
        with ledger.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
    return len(entries)
